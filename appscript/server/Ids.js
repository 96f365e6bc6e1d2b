/** Ids of leads: handed out once, never again. */
const Ids = (() => {
  const PATTERN = /^L-\d+$/;
  const DIGITS = 5;

  /** Where ids of leads stand, also of leads that are gone. */
  const TAKEN = /** @type {const} */ ([
    ['leads', 'id'],
    ['_leads', 'key:id'],
    ['history', 'lead'],
    ['checklist', 'lead'],
  ]);

  /**
   * An id as it is typed, in its one form; "" where it is none.
   *
   * @param {Cell | undefined} cell
   */
  function read(cell) {
    const text = Tabs.text(cell).toUpperCase();
    return PATTERN.test(text) ? text : '';
  }

  /**
   * The highest number that was ever given.
   *
   * @param {Workbook} book
   */
  function highest(book) {
    let number = 0n;
    for (const [key, column] of TAKEN) {
      const tab = book.tab(key);
      for (const cell of tab === null ? [] : Tabs.column(tab, column)) {
        const id = read(cell);
        // Somebody may have typed more digits than a number of JavaScript keeps apart.
        const taken = id === '' ? 0n : BigInt(id.slice(2));
        if (taken > number) number = taken;
      }
    }
    return number;
  }

  /** @param {bigint} number */
  function format(number) {
    return `L-${String(number).padStart(DIGITS, '0')}`;
  }

  /**
   * The rows that are leads, with their ids.
   *
   * @param {readonly Row[]} rows
   */
  function named(rows) {
    return rows.flatMap((each) => {
      const id = read(each.cells['id']);
      return id === '' ? [] : [{ ...each, id }];
    });
  }

  /**
   * The same; of rows with one id, which no refresh has told apart yet, the first.
   *
   * @param {readonly Row[]} rows
   */
  function distinct(rows) {
    /** @type {Map<string, Row & { id: string }>} */
    const firsts = new Map();
    for (const each of named(rows)) if (!firsts.has(each.id)) firsts.set(each.id, each);
    return [...firsts.values()];
  }

  return Object.freeze({ read, highest, format, named, distinct });
})();
