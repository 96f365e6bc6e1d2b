/** The score, made here by the rules of the sheet, and what it is made of. */
const ScoreBox = (() => {
  /** So many reasons are seen at once. */
  const SEEN = 4;

  /** @returns {Part} */
  function build() {
    const title = Dom.el('h2', { id: Dom.id() }, Words.say('card.score'));
    const number = Dom.el('span', { class: 'points' });
    const tier = Dom.el('span', { class: 'tier' });
    const marks = Dom.el('span', { class: 'marks' });
    const handling = Dom.el('span', { class: 'handling' });
    const first = Dom.el('ul', { class: 'reasons' });
    const rest = Dom.el('ul', { class: 'reasons' });
    const unknown = Dom.el('p', { class: 'hint' });
    const summary = Dom.el('summary', {});
    const more = Dom.el('details', {}, summary, rest, unknown);
    const total = Dom.el('p', { class: 'score' }, number, tier, handling, marks);
    const node = Dom.el('section', { 'aria-labelledby': title.id }, title, total, first, more);
    return {
      node,
      show({ lead, model, today, fresh }) {
        const { score, tier: key, tierName, handling: todo, marks: found, lines, unknown: unsure } =
          Scoring.scoreOf(lead, model, today);
        Dom.show(node, score !== null);
        if (score === null) return;
        if (fresh) more.open = false;
        Dom.text(number, score.toLocaleString(CONFIG.lang));
        Dom.note(tier, tierName);
        Dom.set(tier, 'data-tier', key);
        Dom.note(handling, todo);
        const words = model.groups['mark']?.shown ?? {};
        Dom.note(marks, found.map((mark) => words[mark] ?? mark).join(', '));
        Dom.list(first, lines.slice(0, SEEN), reason);
        Dom.list(rest, lines.slice(SEEN), reason);
        const missing = [...new Set(unsure.map(({ title: header }) => header))];
        Dom.note(unknown, missing.length
          ? Words.say('card.not_known', { columns: missing.join(', ') }) : null);
        const folded = Math.max(lines.length - SEEN, 0);
        Dom.text(summary, folded
          ? Words.say('card.more_reasons', { n: folded }) : Words.say('card.what_is_missing'));
        Dom.show(more, folded > 0 || missing.length > 0);
      },
    };
  }

  /** @param {{text: string}} line "+30 Knows us already" */
  function reason({ text }) {
    const space = text.indexOf(' ');
    return Dom.el(
      'li', {},
      Dom.el('span', { class: text.startsWith('+') ? 'plus' : 'minus' }, text.slice(0, space)),
      ' ',
      Dom.el('span', { dir: 'auto' }, text.slice(space + 1)),
    );
  }

  return Object.freeze({ build });
})();
