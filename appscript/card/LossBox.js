/** A loss: why, who approved it, and what it still needs to count as one. */
const LossBox = (() => {
  /** @returns {Part} */
  function build() {
    const title = Dom.el('h2', { id: Dom.id(), class: 'unseen' }, Words.say('card.loss'));
    const proposed = Dom.el('p', { class: 'warning', id: Dom.id() });
    const reason = choice('loss_reason');
    const approval = choice('approved_by');
    const node = Dom.el(
      'section', { class: 'loss', 'aria-labelledby': title.id },
      title, proposed, reason.node, approval.node,
    );
    return {
      node,
      show(view) {
        const { lead, model } = view;
        Dom.show(node, lead.kind === 'lost');
        if (lead.kind !== 'lost') return;
        const manager = Stages.person(lead.cells['manager'] ?? null, model);
        reason.show(view, model.reasons);
        approval.show(view, Stages.approvers(manager, model));
        const lacks = Stages.lacking(lead, model);
        Dom.show(approval.node, lacks !== null);
        Dom.note(proposed, lacks && sentence(lacks));
      },
    };
  }

  /**
   * What a proposed loss lacks, in short: all of it can be seen and done right here.
   * @param {NonNullable<ReturnType<typeof Stages.lacking>>} lacks
   */
  function sentence({ steps, reason, approval }) {
    const missing = [
      reason && Words.say('card.quoted', { text: Titles.of('loss_reason') }),
      approval && Words.say('card.quoted', { text: Titles.of('approved_by') }),
      steps.length && Words.say('card.missing_steps', { n: steps.length }),
    ].filter(Boolean);
    return missing.length ? Words.say('card.proposed', { missing: missing.join(', ') }) : null;
  }

  /** @param {string} key of a column with a list */
  function choice(key) {
    const id = Dom.id();
    const label = Dom.el('label', { for: id });
    const select = Dom.el('select', { id });
    const choosing = Settled.bind(select, () => Actions.choose(key, select.value || null));
    const node = Dom.el('div', { class: 'field' }, label, select);

    /**
     * @param {CardView} view
     * @param {readonly string[]} names
     */
    function show({ lead }, names) {
      Dom.text(label, Titles.of(key));
      const typed = Cells.text(lead.cells[key]) ?? '';
      // What is typed there already stays to be seen, even if the list does not have it.
      const options = ['', ...names, ...(typed && !names.includes(typed) ? [typed] : [])];
      Dom.list(select, options, (name) => (
        Dom.el('option', { value: name }, name || Words.say('card.choose'))
      ));
      if (select.value !== typed && !choosing.isOnItsWay()) select.value = typed;
      if (select.disabled === lead.mayEdit) select.disabled = !lead.mayEdit;
    }
    return { node, show };
  }

  return Object.freeze({ build });
})();
