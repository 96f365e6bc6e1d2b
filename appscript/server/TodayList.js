/** Today: the call list that the last refresh made. */
const TodayList = (() => {
  /**
   * @param {{ mine: boolean }} wanted
   * @returns {CardToday}
   */
  function read({ mine }) {
    const book = Card.fitting();
    const tab = book.need('today', ['lead']);
    const me = mine ? Who.me(Published.need(book)).name : null;
    if (mine && me === null) throw Trouble.of('who_are_you');
    const rows = Tabs.rows(tab, 2, tab.sheet.getLastRow()).map(({ cells }) => row(cells));
    return { ok: true, rows: rows.filter((each) => !mine || each.manager === me) };
  }

  /**
   * @param {Record<string, Cell>} cells
   * @returns {TodayRow}
   */
  function row(cells) {
    const text = (/** @type {string} */ key) => Texts.textOf(cells[key] ?? null);
    const score = cells['score'];
    return {
      lead: text('lead') ?? '',
      name: text('name'),
      phone: text('phone'),
      manager: text('manager'),
      action: text('action'),
      reason: text('reason'),
      score: typeof score === 'number' ? score : null,
    };
  }

  return Object.freeze({ read });
})();
