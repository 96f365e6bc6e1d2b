/**
 * What went wrong, above the page until it is mended: said at once by screen readers, with a button
 * for each way out. What was typed stands there too, so that it can't get lost.
 */
const Troubles = (() => {
  /**
   * @typedef {object} Trouble
   * @property {string} key
   * @property {string} text
   * @property {string[]} lines
   * @property {Array<[label: string, run: string]>} ways run: a name in {@link WAYS}
   */

  /** @type {Map<string, {text: string, again: () => void}>} reads that failed, by what was asked */
  const failed = new Map();

  /** @type {Record<string, (key: string) => void>} */
  const WAYS = {
    again: (key) => {
      const trouble = failed.get(key);
      clear(key);
      trouble?.again();
    },
    send: (key) => Outbox.release(key),
    mine: (key) => Outbox.keepMine(key),
    theirs: (key) => Outbox.keepTheirs(key),
    drop: (key) => Outbox.drop(key),
  };

  /**
   * Something could not be read.
   * @param {string} key what was asked
   * @param {string} text
   * @param {() => void} again
   */
  function tell(key, text, again) {
    failed.set(key, { text, again });
    show();
  }

  /** @param {string} key */
  function clear(key) {
    if (failed.delete(key)) show();
  }

  function show() {
    const region = /** @type {HTMLElement} */ (document.getElementById('troubles'));
    const again = Words.say('card.again');
    /** @type {Trouble[]} */
    const troubles = [...failed].map(([key, { text }]) => (
      { key, text, lines: [], ways: [[again, 'again']] }
    ));
    for (const mine of Outbox.all()) if (mine.trouble) troubles.push(ofPending(mine));
    Dom.list(region, troubles, make);
  }

  /**
   * @param {Pending} mine
   * @returns {Trouble}
   */
  function ofPending(mine) {
    const { id, name, told } = mine;
    const drop = /** @type {[string, string]} */ ([Words.say('card.drop'), 'drop']);
    const kept = Words.say('card.kept', { name });
    if (mine.trouble === 'conflict') {
      /** @type {Array<[string, string]>} */
      const ways = [
        [Words.say('card.keep_mine'), 'mine'], [Words.say('card.keep_theirs'), 'theirs'],
      ];
      return { key: id, text: told, lines: differences(mine), ways };
    }
    if (mine.trouble === 'gone') return { key: id, text: told, lines: written(mine), ways: [drop] };
    return { key: id, text: `${told} ${kept}`, lines: [], ways: [
      [Words.say('card.again'), 'send'], drop,
    ] };
  }

  /**
   * Where a conflict is: what stands there now, and what was written here.
   * @param {Pending} mine
   */
  function differences(mine) {
    return Outbox.disputed(mine).map((key) => Words.say('card.difference', {
      header: Titles.of(key),
      theirs: Cells.text(mine.theirs?.cells[key]) ?? Words.say('card.empty'),
      mine: Cells.text(mine.edits.changes[key]) ?? Words.say('card.empty'),
    }));
  }

  /**
   * What was written about a lead that is gone.
   * @param {Pending} mine
   */
  function written({ edits }) {
    return Object.entries(edits.changes).map(([key, cell]) => Words.say('card.written', {
      header: Titles.of(key), text: Cells.text(cell) ?? Words.say('card.empty'),
    }));
  }

  /** @param {Trouble} trouble */
  function make({ key, text, lines, ways }) {
    const list = Dom.el('ul', {}, ...lines.map((line) => Dom.el('li', {}, line)));
    const buttons = ways.map(([label, run]) => Dom.button(label, () => {
      WAYS[run]?.(key);
      Actions.leave();
      // The button has gone with its trouble: whoever works by keyboard goes on at the page.
      if (!document.activeElement || document.activeElement === document.body) Pages.focus();
    }));
    return Dom.el(
      'section', { class: 'trouble' },
      Dom.el('p', {}, text),
      lines.length ? list : null,
      Dom.el('div', { class: 'ways' }, ...buttons),
    );
  }

  return Object.freeze({ tell, clear, show });
})();
