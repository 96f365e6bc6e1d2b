/**
 * Notes on cells: only those of the add-on, known by how they begin; people's are left alone, and so
 * is what a person wrote below or behind one of ours.
 */
const Notes = (() => {
  const MARK = 'sheetsync: ';

  /** Where our text ends: a blank and an invisible sign, behind which people go on writing. */
  const END = ' \u2063';

  /** More notes than this in one go help nobody. */
  const MOST = 20;

  /**
   * Put notes on cells of a column, and take ours off others. Three calls at most. Where the person
   * may not write, the notes stay as they are: they only help.
   *
   * @param {TabAt} tab
   * @param {string} key of the column
   * @param {ReadonlyMap<number, string | null>} wanted row -> what its note shall say; null: none
   */
  function change(tab, key, wanted) {
    const at = tab.columns[key];
    const rows = Array.from(wanted.keys()).sort((a, b) => a - b);
    const [first, last] = [rows[0], rows[rows.length - 1]];
    if (at === undefined || first === undefined || last === undefined) return;
    const block = tab.sheet.getRange(first, at, last - first + 1, 1);
    const before = block.getNotes().map(([note]) => note ?? '');
    let left = MOST;
    const after = before.map((note, i) => {
      const text = wanted.get(first + i);
      if (text === undefined || !mayChange(note)) return note;
      const { theirs } = parts(note);
      if (text === null) return theirs.trim();
      left -= 1;
      return left < 0 ? note : `${MARK}${text}${END}${theirs}`;
    });
    const isOther = after.some((note, i) => note !== before[i]);
    if (isOther && block.canEdit()) block.setNotes(after.map((note) => [note]));
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
    return note.startsWith(MARK) ? parts(note).ours.slice(MARK.length) : null;
  }

  /** @param {string} note */
  function mayChange(note) {
    return note === '' || note.startsWith(MARK);
  }

  /**
   * Our text in a note of ours, and what a person wrote behind it.
   *
   * @param {string} note
   */
  function parts(note) {
    const [ours = '', ...theirs] = note.split(END);
    return { ours, theirs: theirs.join(END) };
  }

  return Object.freeze({ change, read });
})();
