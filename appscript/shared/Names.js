/** Names as a list spells them: match_names of sheetsync/cells/lists.py, Names of crm/lists.py. */
const Names = (() => {
  /**
   * Case, white space, ё/е and trailing punctuation make no difference; a typo does.
   *
   * @param {Cell} cell
   * @param {NameList} list
   * @returns {Reading<string>}
   */
  function matchName(cell, list) {
    const typed = Texts.textOf(cell);
    if (typed === null) return Readings.EMPTY;
    // A list that is still empty can't judge.
    if (list.lenient && Object.keys(list.byFolded).length === 0) return Readings.of(typed);
    const folded = Texts.fold(typed);
    // A name that is nothing but punctuation matches nothing.
    const name = folded && Object.hasOwn(list.byFolded, folded) ? list.byFolded[folded] : undefined;
    return name === undefined ? Readings.problem('list.unknown') : Readings.of(name);
  }

  return Object.freeze({ matchName });
})();
