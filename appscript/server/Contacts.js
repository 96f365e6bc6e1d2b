/** Phones and mailboxes that another lead has, too. */
const Contacts = (() => {
  /** So many digits are the same however a number is written: with +7, with 8, with neither. */
  const TELLING = 7;
  const ASCII = /^[\x20-\x7e]*$/;
  /** What is told of the other lead. */
  const SHOWN = /** @type {const} */ (['id', 'name', 'status']);

  /**
   * Another lead with the same phone or mailbox.
   *
   * @typedef {object} Known
   * @property {'phone' | 'email'} key
   * @property {number} row of the one that was typed
   * @property {string} id of the other one
   * @property {string} name
   * @property {string} status
   * @property {string} url
   */

  /**
   * Who else has what stands in some rows: of several, the first. A constant number of calls.
   *
   * @param {Workbook} book
   * @param {TabAt} tab Leads
   * @param {readonly Row[]} rows
   * @param {'phone' | 'email'} key
   * @param {Model} model
   * @returns {Known[]}
   */
  function known(book, tab, rows, key, model) {
    const country = String(model.settings['country'] ?? '');
    const read = key === 'phone' ? phoneIn(country) : Emails.readEmail;
    /** @type {Map<string, number[]>} */
    const typed = new Map();
    for (const { row, cells } of rows) {
      const value = read(cells[key] ?? null).value;
      const apart = Tabs.text(cells['not_duplicate']) !== '';
      if (value !== null && !apart) typed.set(value, [...(typed.get(value) ?? []), row]);
    }
    if (typed.size === 0) return [];
    const others = holders(Tabs.column(tab, key), typed, read, key);
    return others.length === 0 ? [] : named(book, tab, key, others);
  }

  /** @param {string} country */
  function phoneIn(country) {
    return (/** @type {Cell} */ cell) => Phones.readPhone(cell, country);
  }

  /**
   * Pairs of a row that was typed and the first other one that holds the same.
   *
   * @param {readonly Cell[]} column
   * @param {ReadonlyMap<string, readonly number[]>} typed value -> rows
   * @param {(cell: Cell) => Reading<string>} read
   * @param {'phone' | 'email'} key
   */
  function holders(column, typed, read, key) {
    const may = key === 'phone' ? mayBePhone(typed) : () => true;
    /** @type {Map<number, number>} */
    const other = new Map();
    column.forEach((cell, i) => {
      if (cell === null || !may(cell)) return;
      const here = typed.get(read(cell).value ?? '') ?? [];
      for (const row of here) if (row !== i + 2 && !other.has(row)) other.set(row, i + 2);
    });
    return Array.from(other);
  }

  /**
   * A quick look before a number is taken apart: ten thousand of them at each keystroke add up.
   *
   * @param {ReadonlyMap<string, unknown>} typed
   */
  function mayBePhone(typed) {
    const ends = new Set(Array.from(typed.keys(), (phone) => phone.slice(-TELLING)));
    return (/** @type {Cell} */ cell) => {
      const text = String(cell);
      const digits = text.replace(/[^0-9]/g, '');
      for (let i = 0; i + TELLING <= digits.length; i++) {
        if (ends.has(digits.slice(i, i + TELLING))) return true;
      }
      return !ASCII.test(text);
    };
  }

  /**
   * @param {Workbook} book
   * @param {TabAt} tab
   * @param {'phone' | 'email'} key
   * @param {readonly (readonly [number, number])[]} pairs
   * @returns {Known[]}
   */
  function named(book, tab, key, pairs) {
    const places = pairs.map(([, other]) => other);
    const rows = Tabs.rows(tab, Math.min(...places), Math.max(...places), SHOWN);
    const cellsOf = new Map(rows.map((each) => [each.row, each.cells]));
    return pairs.map(([row, other]) => ({
      key,
      row,
      id: Ids.read(cellsOf.get(other)?.['id']),
      name: Tabs.text(cellsOf.get(other)?.['name']),
      status: Tabs.text(cellsOf.get(other)?.['status']),
      url: address(book, tab, other),
    }));
  }

  /**
   * Where a row is, as a link.
   *
   * @param {Workbook} book
   * @param {TabAt} tab
   * @param {number} row
   */
  function address(book, tab, row) {
    return `${book.spreadsheet.getUrl()}#gid=${tab.sheet.getSheetId()}&range=A${row}`;
  }

  return Object.freeze({ known, address });
})();
