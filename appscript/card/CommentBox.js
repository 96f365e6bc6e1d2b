/** The comment: the whole cell, and the question why, when a change asks for it. */
const CommentBox = (() => {
  /** @type {HTMLTextAreaElement | null} */
  let area = null;

  /** @returns {Part} */
  function build() {
    const label = Dom.el('label', { for: 'comment' });
    const why = Dom.el('p', { class: 'why', id: Dom.id(), hidden: true });
    const hint = Dom.el('span', { class: 'aside', id: Dom.id() }, Words.say('card.comment_hint'));
    const field = Dom.el('textarea', {
      id: 'comment', rows: 2, 'aria-describedby': `${why.id} ${hint.id}`,
    });
    const bound = TextField.bind(field, 'comment', (event) => (
      event.key === 'Enter' && (event.ctrlKey || event.metaKey)
    ));
    area = field;
    // Nothing below the field may move when it is left: a click that leaves it is under way.
    const head = Dom.el('div', { class: 'head' }, Dom.el('h2', {}, label), hint);
    const node = Dom.el('section', {}, head, why, field);
    /** @type {string | null} */
    let asked = null;
    let awaits = false;
    window.addEventListener('focus', () => {
      // A click that comes here must find what it was aimed at where it was.
      if (awaits) focus({ preventScroll: true });
      awaits = false;
    });
    return {
      node,
      show(view) {
        Dom.text(label, Titles.of('comment'));
        bound.show(view);
        Dom.note(why, view.asked);
        Dom.show(hint, Outbox.isHeld(view.lead.id));
        const isNew = view.asked !== null && view.asked !== asked;
        asked = view.asked;
        awaits &&= asked !== null;
        if (!isNew || document.hasFocus()) return;
        // Asked because of an edit in the sheet: whoever types on there keeps the keyboard until they
        // come here of themselves, sees the field, and then stands in it.
        awaits = true;
        node.scrollIntoView({ block: 'nearest' });
      },
    };
  }

  /**
   * Ask for a comment: what is written next goes after what stands there.
   *
   * @param {FocusOptions} [options]
   */
  function focus(options) {
    if (!area) return;
    area.focus(options);
    area.setSelectionRange(area.value.length, area.value.length);
  }

  return Object.freeze({ build, focus });
})();
