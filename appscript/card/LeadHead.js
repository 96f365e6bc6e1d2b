/** Who the lead is, how to reach them, and what they asked for. */
const LeadHead = (() => {
  const ABOUT = ['company', 'source', 'channel', 'segment'];
  const SUMS = ['budget', 'amount'];
  /** Longer requests are scrolled through, so that what follows them stays within reach. */
  const LONG = 200;
  const WAYS = /** @type {const} */ (['call', 'whatsapp', 'telegram']);

  /** @returns {Part} */
  function build() {
    const id = Dom.el('p', { class: 'id' });
    const name = Dom.el('h1', { dir: 'auto' });
    const about = Dom.el('p', { class: 'about', dir: 'auto' });
    const number = Dom.el('p', { class: 'number' });
    const ways = Dom.el('div', { class: 'ways' });
    const mail = Dom.el('p', { class: 'mail' });
    const request = Dom.el('p', { class: 'request', dir: 'auto' });
    const node = Dom.el('header', { class: 'lead' }, id, name, about, number, ways, mail, request);
    return {
      node,
      show({ lead, model }) {
        const { cells } = lead;
        Dom.text(id, [lead.id, Cells.text(cells['manager'])].filter(Boolean).join(' · '));
        Dom.text(name, Cells.text(cells['name']) ?? Words.say('card.nameless'));
        const facts = ABOUT.map((key) => Cells.text(cells[key]));
        const sums = SUMS.map((key) => {
          const sum = Cells.money(cells[key], model.settings['currency']);
          return sum && `${Titles.of(key)} ${sum}`;
        });
        Dom.note(about, [...facts, ...sums].filter(Boolean).join(' · '));
        showPhone(lead, number, ways);
        const address = lead.email ?? Cells.text(cells['email']);
        Dom.list(mail, address ? [{ address, known: lead.email !== null }] : [], mailLink);
        Dom.show(mail, address !== null);
        showRequest(request, Cells.text(cells['request']));
      },
    };
  }

  /**
   * @param {Lead} lead
   * @param {HTMLElement} number
   * @param {HTMLElement} ways
   */
  function showPhone({ phone, cells }, number, ways) {
    const typed = Cells.text(cells['phone']);
    Dom.note(number, phone?.text ?? typed);
    Dom.set(number, 'class', phone || !typed ? 'number' : 'number unread');
    const links = WAYS.map((way) => ({ way, to: phone && Links.phone(way, phone.e164) }));
    Dom.list(ways, links.filter(({ to }) => to !== null), ({ way, to }) => (
      Links.anchor(to, Words.say(`card.${way}`), { class: `way ${way}` })
    ));
    Dom.show(ways, phone !== null);
  }

  /**
   * @param {HTMLElement} node
   * @param {string | null} text
   */
  function showRequest(node, text) {
    Dom.note(node, text);
    const isLong = text !== null && text.length > LONG;
    // Where keys are to scroll, they have to get there, and to be told where they are.
    Dom.set(node, 'tabindex', isLong ? 0 : null);
    Dom.set(node, 'role', isLong ? 'group' : null);
    Dom.set(node, 'aria-label', isLong ? Titles.of('request') : null);
  }

  /** @param {{address: string, known: boolean}} mail */
  function mailLink({ address, known }) {
    return Links.anchor(known ? Links.mail(address) : null, address);
  }

  return Object.freeze({ build });
})();
