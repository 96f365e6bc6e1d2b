/** Where the lead stands, as a row of chips. */
const StageBox = (() => {
  /** @returns {Part} */
  function build() {
    const title = Dom.el('h2', { id: Dom.id() });
    const since = Dom.el('span', { class: 'aside' });
    const chips = Chips.build(title.id, Actions.stand);
    const unread = Dom.el('p', { class: 'warning' });
    const skipped = Dom.el('p', { class: 'warning' });
    const head = Dom.el('div', { class: 'head' }, title, since);
    const node = Dom.el('section', {}, head, chips.node, unread, skipped);
    return {
      node,
      show({ lead, before, model }) {
        Dom.text(title, Titles.of('status'));
        const days = lead.status === before.status ? Cells.count(lead.cells['stage_days']) : null;
        Dom.note(since, days === null ? null : Words.say('card.days_here', { n: days }));
        chips.show(
          model.statuses.map(({ name, kind }) => ({ value: name, label: name, kind })),
          lead.status,
          lead.mayEdit,
        );
        const typed = lead.status === null ? Cells.text(lead.cells['status']) : null;
        Dom.note(unread, typed && Words.say('card.unknown_status', { typed }));
        const over = lead.status !== null && lead.status !== before.status
          ? Stages.skipped(before, lead.status, model) : [];
        Dom.note(skipped, over.length
          ? Words.say('card.skips', { n: over.length, stages: over.join(', ') }) : null);
      },
    };
  }

  return Object.freeze({ build });
})();
