/** Whom to call now, in order: the operator's own list, or everybody's. */
const TodayPage = (() => {
  /** @returns {Page} */
  function build() {
    const title = Dom.el('h1', { id: Dom.id() }, Words.say('card.today_title'));
    const whose = Chips.build(title.id, (value) => read(value === 'mine'));
    const list = Dom.el('ol', { class: 'today' });
    const state = Dom.el('p', { class: 'hint', role: 'status' });
    const other = Dom.button('', () => Store.set({ me: { ...Store.get().me, name: null } }), {
      class: 'quiet',
    });
    const node = Dom.el('section', {}, title, whose.node, state, list, other);
    let mine = true;
    /** @type {string | null} whose list is there */
    let of = null;
    /** @type {TodayRow[] | null} */
    let rows = null;
    let asked = 0;

    /** @param {boolean} ofMine */
    async function read(ofMine) {
      asked += 1;
      const question = asked;
      mine = ofMine;
      of = Store.get().me.name;
      rows = null;
      draw();
      const answer = await Server.read('cardToday', { mine: mine && of !== null });
      if (question !== asked) return;
      if (answer.ok) {
        ({ rows } = answer);
        Troubles.clear('cardToday');
        draw();
      } else {
        Dom.text(state, '');
        Troubles.tell('cardToday', answer.told, () => void read(ofMine));
      }
    }

    function draw() {
      const choices = ['mine', 'all'].map((value) => ({ value, label: Words.say(`card.${value}`) }));
      whose.show(choices, mine ? 'mine' : 'all', true);
      // Whose list is one's own, as long as nobody has said who they are?
      Dom.show(whose.node, of !== null);
      Dom.list(list, rows ?? [], make);
      const isMine = mine && of !== null;
      Dom.text(state, rows === null ? Words.say('card.opening') : count(rows.length, isMine));
    }

    /** @param {CardState} now */
    function show({ me }) {
      if (asked > 0 && me.name !== of) void read(mine);
      // An address says for sure who somebody is; a name that was said can be another one's.
      const isSaid = me.name !== null && me.email === '';
      Dom.text(other, isSaid ? Words.say('card.not_me', { name: me.name ?? '' }) : '');
      Dom.show(other, isSaid);
    }
    return { node, show, enter: () => void read(mine) };
  }

  /**
   * @param {number} n
   * @param {boolean} mine
   */
  function count(n, mine) {
    if (n) return Words.say('card.today_count', { n });
    return Words.say(mine ? 'card.today_empty_mine' : 'card.today_empty');
  }

  /** @param {TodayRow} row */
  function make({ lead, name, phone, manager, action, reason, score }) {
    const open = Dom.button(name ?? lead, () => void Pages.visit(lead, true), { dir: 'auto' });
    return Dom.el(
      'li', {},
      Dom.el(
        'div', { class: 'head' }, open,
        score === null ? null : Dom.el('span', { class: 'aside' }, score.toLocaleString(CONFIG.lang)),
      ),
      action ? Dom.el('p', { dir: 'auto' }, action) : null,
      reason ? Dom.el('p', { class: 'hint', dir: 'auto' }, reason) : null,
      Dom.el(
        'p', { class: 'hint' },
        phone ? phoneLink(phone) : null,
        phone && manager ? ' · ' : null,
        manager,
      ),
    );
  }

  /** @param {string} typed */
  function phoneLink(typed) {
    const country = String(Store.get().model?.settings['country'] ?? '');
    const { value } = Phones.readPhone(typed, country);
    if (value === null) return Dom.el('span', {}, typed);
    return Links.anchor(Links.phone('call', value), Phones.phoneText(value, country));
  }

  return Object.freeze({ build });
})();
