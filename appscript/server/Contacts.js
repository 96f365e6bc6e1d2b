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
   * @property {number} row of the one that was looked at
   * @property {string} id of the other one
   * @property {string} name
   * @property {string} status
   * @property {number} place its row
   * @property {string} url
   */

  /**
   * Who else has what stands in some rows: of several, the first. A constant number of calls. A cell
   * may hold several phones; each of them tells.
   *
   * @param {Workbook} book
   * @param {TabAt} tab Leads
   * @param {readonly Row[]} rows
   * @param {'phone' | 'email'} key
   * @param {Model} model
   * @returns {Known[]}
   */
  function known(book, tab, rows, key, model) {
    const read = key === 'phone' ? phonesOf(String(model.settings['country'] ?? '')) : mailboxes;
    const looked = rows
      .filter(({ cells }) => Tabs.text(cells['not_duplicate']) === '')
      .map(({ row, cells }) => ({ row, values: read(cells[key] ?? null) }));
    const wanted = new Set(looked.flatMap(({ values }) => values));
    if (wanted.size === 0) return [];
    const holders = firstHolders(Tabs.column(tab, key), wanted, read, key);
    const pairs = looked.flatMap(({ row, values }) => {
      const others = values.flatMap((value) => holders.get(value) ?? []);
      const place = Math.min(...others.filter((other) => other !== row));
      return Number.isFinite(place) ? [{ row, place }] : [];
    });
    return pairs.length === 0 ? [] : named(book, tab, key, pairs);
  }

  /**
   * @param {string} country
   * @returns {(cell: Cell) => string[]}
   */
  function phonesOf(country) {
    return (cell) => {
      const { value } = Phones.readPhone(cell, country);
      return value === null ? [] : [value, ...Phones.otherPhones(cell, country)];
    };
  }

  /** @param {Cell} cell */
  function mailboxes(cell) {
    const { value } = Emails.readEmail(cell);
    return value === null ? [] : [value];
  }

  /**
   * The first two rows that hold each value: one of them is another than the one that asks.
   *
   * @param {readonly Cell[]} column
   * @param {ReadonlySet<string>} wanted
   * @param {(cell: Cell) => string[]} read
   * @param {'phone' | 'email'} key
   * @returns {Map<string, number[]>}
   */
  function firstHolders(column, wanted, read, key) {
    const may = key === 'phone' ? mayBePhone(wanted) : () => true;
    /** @type {Map<string, number[]>} */
    const found = new Map(Array.from(wanted, (value) => [value, []]));
    column.forEach((cell, i) => {
      if (cell === null || !may(cell)) return;
      for (const value of new Set(read(cell))) {
        const rows = found.get(value);
        if (rows !== undefined && rows.length < 2) rows.push(i + 2);
      }
    });
    return found;
  }

  /**
   * A quick look before a number is taken apart: ten thousand of them at each keystroke add up.
   *
   * @param {ReadonlySet<string>} wanted
   */
  function mayBePhone(wanted) {
    const ends = new Set(Array.from(wanted, (phone) => phone.slice(-TELLING)));
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
   * @param {readonly { row: number, place: number }[]} pairs
   * @returns {Known[]}
   */
  function named(book, tab, key, pairs) {
    const places = pairs.map(({ place }) => place).sort((a, b) => a - b);
    const [first = 2, last = first] = [places[0], places[places.length - 1]];
    const rows = Tabs.rows(tab, first, last, SHOWN);
    const cellsOf = new Map(rows.map((each) => [each.row, each.cells]));
    const link = links(book, tab);
    return pairs.map(({ row, place }) => ({
      key,
      row,
      id: Ids.read(cellsOf.get(place)?.['id']),
      name: Tabs.text(cellsOf.get(place)?.['name']),
      status: Tabs.text(cellsOf.get(place)?.['status']),
      place,
      url: link(place),
    }));
  }

  /**
   * What makes a link to a row. Two calls, for as many links as one likes.
   *
   * @param {Workbook} book
   * @param {TabAt} tab
   * @returns {(row: number) => string}
   */
  function links(book, tab) {
    const start = `${book.spreadsheet.getUrl()}#gid=${tab.sheet.getSheetId()}&range=A`;
    return (row) => `${start}${row}`;
  }

  return Object.freeze({ known, links });
})();
