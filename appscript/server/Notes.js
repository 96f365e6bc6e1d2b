/** Notes on cells: only those of the add-on, known by how they begin; people's are left alone. */
const Notes = (() => {
  const MARK = 'sheetsync: ';

  /** More notes than this in one go help nobody. */
  const MOST = 20;

  /**
   * Put notes on cells of a column, and take ours off others. Two calls at most.
   *
   * @param {TabAt} tab
   * @param {string} key of the column
   * @param {ReadonlyMap<number, string | null>} wanted row -> what its note shall say; null: none
   */
  function change(tab, key, wanted) {
    const at = tab.columns[key];
    if (at === undefined || wanted.size === 0) return;
    const rows = Array.from(wanted.keys());
    const [first, last] = [Math.min(...rows), Math.max(...rows)];
    const block = tab.sheet.getRange(first, at, last - first + 1, 1);
    const before = block.getNotes().map(([note]) => note ?? '');
    let left = MOST;
    const after = before.map((note, i) => {
      const text = wanted.get(first + i);
      if (text === undefined || !mayChange(note)) return note;
      if (text === null) return '';
      left -= 1;
      return left < 0 ? note : MARK + text;
    });
    if (after.some((note, i) => note !== before[i])) block.setNotes(after.map((note) => [note]));
  }

  /**
   * What our note on a cell says; null where it has none of ours. One call.
   *
   * @param {TabAt} tab
   * @param {string} key
   * @param {number} row
   */
  function read(tab, key, row) {
    const at = tab.columns[key];
    const note = at === undefined ? '' : tab.sheet.getRange(row, at).getNote();
    return note.startsWith(MARK) ? note.slice(MARK.length) : null;
  }

  /** @param {string} note */
  function mayChange(note) {
    return note === '' || note.startsWith(MARK);
  }

  return Object.freeze({ change, read });
})();
