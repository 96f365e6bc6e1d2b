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
    return {
      node,
      show(view) {
        Dom.text(label, Titles.of('comment'));
        bound.show(view);
        Dom.note(why, view.asked);
        Dom.show(hint, Outbox.isHeld(view.lead.id));
      },
    };
  }

  /** Ask for a comment: what is written next goes after what stands there. */
  function focus() {
    if (!area) return;
    area.focus();
    area.setSelectionRange(area.value.length, area.value.length);
  }

  return Object.freeze({ build, focus });
})();
