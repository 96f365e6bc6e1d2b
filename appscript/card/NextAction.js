/** When to do what next: four quick days, any other day, and the step itself. */
const NextAction = (() => {
  /** @type {ReadonlyArray<[key: string, day: (today: string, model: Model) => string]>} */
  const QUICK = [
    ['today', (today) => today],
    ['tomorrow', (today) => WorkingDays.after(today, 1)],
    ['in_3', (today, model) => WorkingDays.add(today, 3, model)],
    ['in_7', (today, model) => WorkingDays.add(today, 7, model)],
  ];

  /** @returns {Part} */
  function build() {
    const title = Dom.el('h2', { id: Dom.id() });
    const late = Dom.el('span', { class: 'aside' });
    const quick = Dom.el('div', { class: 'quick', role: 'group', 'aria-labelledby': title.id });
    const date = Dom.el('input', {
      type: 'date',
      min: `${DateText.FIRST_YEAR}-01-01`,
      max: `${DateText.LAST_YEAR}-12-31`,
      'aria-labelledby': title.id,
    });
    const unread = Dom.el('p', { class: 'warning' });
    const label = Dom.el('label', { for: 'step' });
    const step = TextField.bind(
      Dom.el('input', { type: 'text', id: 'step', autocomplete: 'off' }),
      'next_step',
      (event) => event.key === 'Enter',
    );
    quick.addEventListener('click', (event) => {
      const chosen = /** @type {Element} */ (event.target).closest('button');
      if (chosen) Actions.meet(chosen.getAttribute('data-day'));
    });
    const typing = Settled.bind(date, (how) => {
      // A date that is half typed is empty and bad: that clears nothing. A year may be half typed.
      if (date.validity.valid) Actions.meet(date.value || null, how);
    });
    const node = Dom.el(
      'section', {},
      Dom.el('div', { class: 'head' }, title, late),
      quick, date, unread,
      Dom.el('div', { class: 'field' }, label, step.field),
    );
    return {
      node,
      show(view) {
        const { lead, before, model, today } = view;
        Dom.text(title, Titles.of('next_action'));
        Dom.text(label, Titles.of('next_step'));
        const day = Due.day(lead, model, today);
        showQuick(quick, day, view);
        const isOther = date.value !== (day ?? '') || date.validity.badInput;
        if (isOther && !typing.isOnItsWay()) date.value = day ?? '';
        if (date.readOnly === lead.mayEdit) date.readOnly = !lead.mayEdit;
        const typed = day === null ? Cells.text(lead.cells['next_action']) : null;
        Dom.note(unread, typed && Words.say('card.no_date', { typed }));
        step.show(view);
        // What the sheet counted holds for the day and the status that it counted for.
        const moved = day !== Due.day(before, model, today);
        const counts = !moved && (lead.kind === null || lead.kind === 'open');
        showLate(late, counts ? Cells.count(lead.cells['overdue']) : null, day, today, model);
      },
    };
  }

  /**
   * @param {HTMLElement} node
   * @param {string | null} day
   * @param {CardView} view
   */
  function showQuick(node, day, { lead, model, today }) {
    const days = QUICK.map(([key, of]) => ({ key, day: of(today, model) }));
    Dom.list(node, days, quickDay);
    for (const button of node.children) {
      Dom.set(button, 'aria-pressed', button.getAttribute('data-day') === day ? 'true' : 'false');
    }
    Dom.show(node, lead.mayEdit);
  }

  /** @param {{key: string, day: string}} choice */
  function quickDay({ key, day }) {
    const label = Words.say(`card.${key}`);
    return Dom.el(
      'button',
      { type: 'button', 'data-day': day, 'aria-label': `${label}, ${Days.long(day)}` },
      Dom.el('span', {}, label),
      Dom.el('span', { class: 'date' }, `${Days.weekday(day)} ${Number(day.slice(8))}`),
    );
  }

  /**
   * @param {HTMLElement} node
   * @param {number | null} overdue days, as the sheet has them
   * @param {string | null} day
   * @param {string} today
   * @param {Model} model
   */
  function showLate(node, overdue, day, today, model) {
    const isLate = overdue !== null && overdue > 0;
    const working = model.settings['days'] === 'working' ? 'working' : 'calendar';
    if (isLate) Dom.note(node, Words.say(`card.late_${working}`, { n: overdue }));
    else if (day === null) Dom.note(node, null);
    else Dom.note(node, `${Days.weekday(day)} ${Days.short(day, today)}`);
    Dom.set(node, 'class', isLate ? 'aside late' : 'aside');
  }

  return Object.freeze({ build });
})();
