/** Ticks, and what people type for them: sheetsync/cells/lists.py. */
const Bools = (() => {
  const YES = new Set('true yes y да д истина + x х v ✓ ✔ ☑ ☒ ✅ 1'.split(' '));
  const NO = new Set('false no n нет н ложь - ☐ ⬜ 0'.split(' '));

  /**
   * @param {Cell} cell
   * @returns {Reading<boolean>}
   */
  function readBool(cell) {
    const typed = Texts.textOf(cell);
    if (typed === null) return Readings.EMPTY;
    if (typeof cell === 'boolean') return Readings.of(cell);
    const word = Texts.stripEnd(Texts.plain(typed), '.!');
    if (YES.has(word)) return Readings.of(true);
    return NO.has(word) ? Readings.of(false) : Readings.problem('bool.unreadable');
  }

  return Object.freeze({ readBool });
})();
