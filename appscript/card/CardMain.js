/** Where the card starts. */
const CardMain = (() => {
  function start() {
    document.documentElement.lang = CONFIG.lang;
    window.addEventListener('error', broken);
    window.addEventListener('unhandledrejection', broken);
    window.addEventListener('online', back);
    window.addEventListener('offline', () => Told.say(Words.say('card.offline')));
    window.addEventListener('pagehide', Actions.leave);
    Pages.start();
    Store.listen(Troubles.show);
    Store.changed();
    void open();
  }

  /** The one question that opens the card. */
  async function open() {
    const answer = await Server.read('cardOpen', undefined);
    if (!answer.ok) {
      Troubles.tell('cardOpen', answer.told, () => void open());
      return;
    }
    const { lead, model, me, today, page } = answer;
    Store.set({ opened: true, lead, model, me, today });
    Freshness.start(renew);
    Follower.start();
    if (page !== 'card') Pages.go(page);
  }

  /** A sidebar that stays open: it may be another day, with other lists and other rules. */
  async function renew() {
    const answer = await Server.ask('cardOpen', undefined);
    if (answer.ok) Store.set({ model: answer.model, me: answer.me, today: answer.today });
    return answer.ok;
  }

  /** The connection is there again. */
  function back() {
    Outbox.retry();
    Follower.now();
  }

  /** A mistake of ours: said, rather than a card that does nothing. */
  function broken() {
    Troubles.tell('broken', Words.say('card.broken'), () => Store.changed());
  }

  return Object.freeze({ start });
})();
