/** What the sheet asks for attention to, each flag a line of its own. */
const AttentionBox = (() => {
  /** Flags stand in one cell; a sentence within one may have a semicolon too, and goes on small. */
  const BETWEEN = /; (?=[\p{Lu}\p{Lt}"“«])/u;

  /** @returns {Part} */
  function build() {
    const title = Dom.el('h2', { class: 'unseen', id: Dom.id() }, Words.say('card.attention'));
    const flags = Dom.el('ul', {});
    const node = Dom.el('section', { class: 'attention', 'aria-labelledby': title.id }, title, flags);
    return {
      node,
      show({ lead }) {
        const text = Cells.text(lead.cells['attention']);
        const sentences = text ? text.split(BETWEEN) : [];
        Dom.list(flags, sentences, (sentence) => Dom.el('li', { dir: 'auto' }, sentence));
        Dom.show(node, sentences.length > 0);
      },
    };
  }

  return Object.freeze({ build });
})();
