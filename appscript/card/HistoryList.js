/** How the lead came here: the lines of History, the newest first. */
const HistoryList = (() => {
  const SEEN = 4;

  /** @returns {Part} */
  function build() {
    const title = Dom.el('h2', { id: Dom.id() }, Words.say('card.history'));
    const list = Dom.el('ol', { class: 'history' });
    const nothing = Dom.el('p', { class: 'hint' }, Words.say('card.no_history'));
    let whole = false;
    const more = Dom.button('', () => {
      whole = true;
      Store.changed();
      // The button is gone now: go on reading where it stood.
      const next = /** @type {HTMLElement | undefined} */ (list.children[SEEN]);
      next?.setAttribute('tabindex', '-1');
      next?.focus();
    }, { class: 'quiet' });
    const node = Dom.el('section', { 'aria-labelledby': title.id }, title, nothing, list, more);
    return {
      node,
      show({ lead, today, fresh }) {
        if (fresh) whole = false;
        const lines = whole ? lead.history : lead.history.slice(0, SEEN);
        Dom.list(list, lines.map((line) => ({ ...line, today })), make);
        const rest = lead.history.length - lines.length;
        Dom.text(more, Words.say('card.older', { n: rest }));
        Dom.show(more, rest > 0);
        Dom.show(nothing, lead.history.length === 0);
      },
    };
  }

  /** @param {HistoryLine & {today: string}} line */
  function make({ at, from, to, by, comment, today }) {
    const when = at === null ? null : Dom.el('time', { datetime: at }, Days.moment(at, today));
    const way = from ? Words.say('card.went', { from, to }) : to;
    return Dom.el(
      'li', {},
      Dom.el('p', { class: 'hint' }, when, when && by ? ' · ' : null, by),
      Dom.el('p', { dir: 'auto' }, way),
      comment ? Dom.el('p', { class: 'said', dir: 'auto' }, comment) : null,
    );
  }

  return Object.freeze({ build });
})();
