/**
 * The steps of the checklist, to tick, under the status before which each has to be done. Those
 * before a loss are folded away while nobody thinks of giving the lead up.
 */
const ChecklistBox = (() => {
  /** @typedef {{before: string | null, folds: boolean, steps: {id: string, step: string}[]}} Group */

  /** @returns {Part} */
  function build() {
    const title = Dom.el('h2', { id: Dom.id() }, Words.say('card.checklist'));
    const count = Dom.el('span', { class: 'aside' });
    const groups = Dom.el('div', { class: 'groups' });
    groups.addEventListener('change', (event) => {
      const box = /** @type {HTMLInputElement} */ (event.target);
      Actions.tick(box.value, box.checked);
    });
    const node = Dom.el(
      'section', { 'aria-labelledby': title.id },
      Dom.el('div', { class: 'head' }, title, count), groups,
    );
    return {
      node,
      show({ lead, model, fresh }) {
        Dom.list(groups, groupsOf(model), makeGroup);
        const due = lead.status === null ? [] : Stages.due(lead, lead.status, model);
        for (const box of groups.querySelectorAll('input')) {
          const step = model.steps.find(({ id }) => id === box.value);
          if (step) showStep(box, step, due.includes(step.id), lead);
        }
        for (const folded of groups.querySelectorAll('details')) {
          if (folded.querySelector('.due')) folded.open = true;
          else if (fresh) folded.open = false;
        }
        const done = model.steps.filter(({ id }) => lead.checks[id]).length;
        Dom.text(count, Words.say('card.done_of', { done, all: model.steps.length }));
        Dom.show(node, model.steps.length > 0);
      },
    };
  }

  /**
   * @param {Model} model
   * @returns {Group[]} in the order of their first steps
   */
  function groupsOf({ steps, statuses }) {
    const kinds = new Map(statuses.map(({ name, kind }) => [name, kind]));
    return [...new Set(steps.map(({ before }) => before))].map((before) => ({
      before,
      folds: before !== null && kinds.get(before) === 'lost',
      steps: steps.filter((step) => step.before === before).map(({ id, step }) => ({ id, step })),
    }));
  }

  /** @param {Group} group */
  function makeGroup({ before, folds, steps }) {
    const text = before === null
      ? Words.say('card.before_closing') : Words.say('card.before', { status: before });
    const list = Dom.el('ul', { class: 'steps' }, ...steps.map(makeStep));
    if (folds) return Dom.el('details', {}, Dom.el('summary', {}, text), list);
    return Dom.el('div', {}, Dom.el('h3', { dir: 'auto' }, text), list);
  }

  /** @param {{id: string, step: string}} step */
  function makeStep({ id, step }) {
    const box = Dom.el('input', { type: 'checkbox', value: id });
    const note = Dom.el('span', { class: 'hint' });
    const text = Dom.el('span', {}, Dom.el('span', { dir: 'auto' }, step), ' ', note);
    return Dom.el('li', {}, Dom.el('label', {}, box, text));
  }

  /**
   * @param {HTMLInputElement} box
   * @param {Model['steps'][number]} step
   * @param {boolean} due whether it should have been done by now
   * @param {Lead} lead
   */
  function showStep(box, { id, required }, due, lead) {
    const on = lead.checks[id] ?? false;
    if (box.checked !== on) box.checked = on;
    if (box.disabled === lead.mayEdit) box.disabled = !lead.mayEdit;
    const late = due && !on;
    const note = /** @type {HTMLElement} */ (box.parentElement?.querySelector('.hint'));
    const notes = [required && Words.say('card.required'), late && Words.say('card.due')];
    Dom.text(note, notes.filter(Boolean).join(' · '));
    Dom.set(note, 'class', late ? 'hint due' : 'hint');
  }

  return Object.freeze({ build });
})();
