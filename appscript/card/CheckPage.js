/** What is wrong with the sheet, and where. */
const CheckPage = (() => {
  /** @returns {Page} */
  function build() {
    const title = Dom.el('h1', {}, Words.say('card.check_title'));
    const state = Dom.el('p', { class: 'hint', role: 'status' });
    const list = Dom.el('ul', { class: 'findings' });
    const again = Dom.button(Words.say('card.check_again'), () => void read());
    const node = Dom.el('section', {}, title, state, list, again);
    /** @type {Finding[] | null} */
    let findings = null;

    let reading = false;

    /** One check at a time: it looks through the whole sheet. */
    async function read() {
      if (reading) return;
      reading = true;
      findings = null;
      show();
      const answer = await Server.read('cardCheck', undefined);
      reading = false;
      if (answer.ok) {
        ({ findings } = answer);
        Troubles.clear('cardCheck');
      } else Troubles.tell('cardCheck', answer.told, () => void read());
      show();
    }

    function show() {
      Dom.list(list, findings ?? [], make);
      const found = findings === null ? '' : summary(findings);
      Dom.text(state, reading ? Words.say('card.checking') : found);
      Dom.set(again, 'aria-disabled', reading ? 'true' : null);
    }
    return { node, show, enter: () => void read() };
  }

  /** @param {readonly Finding[]} findings */
  function summary(findings) {
    const n = findings.filter(({ level }) => level !== 'good').length;
    return n ? Words.say('card.check_found', { n }) : Words.say('card.check_fine');
  }

  /** @param {Finding} finding */
  function make({ level, text, go }) {
    const name = Dom.el('span', { class: 'unseen' }, `${Words.say(`card.level_${level}`)}: `);
    const show = go === null ? null
      : Dom.button(Words.say('card.show_place'), () => void Pages.visit(go, false), {
        class: 'quiet', 'aria-label': Words.say('card.show_place_of', { text }),
      });
    const body = Dom.el('p', { dir: 'auto' }, name, text);
    return Dom.el('li', { 'data-level': level }, body, show);
  }

  return Object.freeze({ build });
})();
