/** The card of the selected lead. */
const LeadPage = (() => {
  /** @returns {Page} */
  function build() {
    const opening = Dom.el('p', { class: 'nothing' }, Words.say('card.opening'));
    const nothing = Dom.el(
      'section', { class: 'nothing' },
      Dom.el('h1', {}, Words.say('card.no_lead')),
      Dom.el('p', {}, Words.say('card.select_row')),
      Dom.button(Words.say('card.see_today'), () => Pages.go('today')),
    );
    const readOnly = Dom.el('p', { class: 'notice' }, Words.say('card.read_only'));
    const other = Dom.el('p', { class: 'notice' });
    const parts = [
      LeadHead, AttentionBox, ScoreBox, StageBox, LossBox, CommentBox, NextAction, ChecklistBox,
      HistoryList,
    ].map((part) => part.build());
    const card = Dom.el('article', {}, other, readOnly, ...parts.map((part) => part.node));
    const node = Dom.el('div', {}, opening, nothing, card);
    let shown = '';

    /** @param {CardState} state */
    function show(state) {
      const { opened, lead: before, other: waiting, model, today } = state;
      Dom.show(opening, !opened);
      Dom.show(nothing, opened && before === null);
      Dom.show(card, before !== null && model !== null);
      showOther(other, waiting);
      if (before === null || model === null) return;
      const fresh = before.id !== shown;
      shown = before.id;
      Dom.show(readOnly, !before.mayEdit);
      const lead = Outbox.laidOver(before);
      const asked = state.asked ?? before.asks ?? null;
      for (const part of parts) part.show({ lead, before, model, today, asked, fresh });
    }
    return { node, show };
  }

  /**
   * @param {HTMLElement} node
   * @param {Lead | null} waiting
   */
  function showOther(node, waiting) {
    const name = waiting && (Cells.text(waiting.cells['name']) ?? waiting.id);
    Dom.list(node, name === null ? [] : [name], (who) => {
      const text = Dom.el('span', {}, Words.say('card.selected_now', { name: who }), ' ');
      text.append(Dom.button(Words.say('card.show_it'), Follower.turn, { class: 'quiet' }));
      return text;
    });
    Dom.show(node, name !== null);
  }

  return Object.freeze({ build });
})();
