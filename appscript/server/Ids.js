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
    let number = 0;
    for (const [key, column] of TAKEN) {
      const tab = book.tab(key);
      for (const cell of tab === null ? [] : Tabs.column(tab, column)) {
        const id = read(cell);
        if (id !== '') number = Math.max(number, Number(id.slice(2)));
      }
    }
    return number;
  }

  /** @param {number} number */
  function format(number) {
    return `L-${String(number).padStart(DIGITS, '0')}`;
  }

  return Object.freeze({ read, highest, format });
})();
