/** The call script: what to say, and a link to whatever the customer answers. */
const CallScript = (() => {
  /** @returns {Page} */
  function build() {
    const title = Dom.el('h1', { tabindex: '-1', dir: 'auto' });
    const back = Dom.button('', () => turn(null), { class: 'quiet back' });
    const words = Dom.el('div', { class: 'say' });
    const next = linksUnder(Words.say('card.script_next'));
    const objections = linksUnder(Words.say('card.script_objections'));
    const summary = Dom.el('summary', {}, Words.say('card.script_all'));
    const talk = Dom.el('ul', { class: 'links' });
    const all = Dom.el('details', {}, summary, talk);
    const tab = CONFIG.tabs['script']?.title ?? '';
    const empty = Dom.el('p', { class: 'nothing' }, Words.say('card.script_empty', { tab }));
    const page = Dom.el('article', {}, back, title, words, next.node, objections.node, all);
    const node = Dom.el('section', { class: 'script' }, empty, page);
    /** @type {string[]} names of the steps that were read, the last one is shown */
    let trail = [];
    /** Whom the talk is with. */
    let lead = '';

    /** @param {string | null} name null: back */
    function turn(name) {
      trail = name === null ? trail.slice(0, -1) : [...trail, name];
      Store.changed();
      window.scrollTo(0, 0);
      title.focus();
    }

    /** @param {CardState} state */
    function show({ model, lead: whom }) {
      if ((whom?.id ?? '') !== lead) trail = [];
      lead = whom?.id ?? '';
      const steps = model?.script ?? [];
      const shown = steps.find(({ name }) => name === trail.at(-1)) ?? first(steps, whom);
      Dom.show(empty, shown === undefined);
      Dom.show(page, shown !== undefined);
      if (!shown) return;
      Dom.text(title, shown.name);
      Dom.list(words, paragraphs(shown.say), (text) => Dom.el('p', { dir: 'auto' }, text));
      const ahead = shown.next.filter((name) => steps.some((step) => step.name === name));
      next.show(ahead, turn);
      const others = steps.filter(({ name }) => name !== shown.name && !ahead.includes(name));
      objections.show(namesOf(others, 'objection'), turn);
      const rest = namesOf(others, 'talk');
      Dom.list(talk, rest, (name) => linkTo(name, turn));
      Dom.show(all, rest.length > 0);
      const before = trail.length > 1 ? trail.at(-2) : first(steps, whom)?.name;
      Dom.text(back, Words.say('card.back_to', { name: before ?? '' }));
      Dom.show(back, trail.length > 0);
    }
    return { node, show };
  }

  /**
   * Where a call begins: at the step for the lead's status, else at the first one.
   * @param {readonly ScriptPage[]} steps
   * @param {Lead | null} lead
   */
  function first(steps, lead) {
    const status = lead && Outbox.laidOver(lead).status;
    return steps.find((step) => status && step.status === status) ?? steps[0];
  }

  /** @param {string | null} text */
  function paragraphs(text) {
    return (text ?? '').split(/\n+/).map((line) => line.trim()).filter(Boolean);
  }

  /**
   * @param {readonly ScriptPage[]} steps
   * @param {ScriptPage['group']} group
   */
  function namesOf(steps, group) {
    return steps.filter((step) => step.group === group).map(({ name }) => name);
  }

  /**
   * A heading with links to steps under it; not there while there are none.
   * @param {string} heading
   */
  function linksUnder(heading) {
    const title = Dom.el('h2', { id: Dom.id() }, heading);
    const list = Dom.el('ul', { class: 'links', 'aria-labelledby': title.id });
    const node = Dom.el('div', {}, title, list);

    /**
     * @param {readonly string[]} names
     * @param {(name: string) => void} turn
     */
    function show(names, turn) {
      Dom.list(list, names, (name) => linkTo(name, turn));
      Dom.show(node, names.length > 0);
    }
    return { node, show };
  }

  /**
   * @param {string} name
   * @param {(name: string) => void} turn
   */
  function linkTo(name, turn) {
    return Dom.el('li', {}, Dom.button(name, () => turn(name), { dir: 'auto' }));
  }

  return Object.freeze({ build });
})();
