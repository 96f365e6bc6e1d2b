/**
 * Follows the selected row. The sheet can't tell the card what is selected, so the card asks: often
 * while something happens, seldom when nothing does, never while it is out of sight.
 */
const Follower = (() => {
  const SOONEST = 1500;
  const LATEST = 10_000;
  const SLOWER = 1.25;

  /** Answers that may be lost before it is said. */
  const PATIENCE = 2;

  let pause = SOONEST;
  let timer = 0;
  let lost = 0;
  let asking = false;
  let day = '';
  let tomorrow = () => {};

  /** @param {() => void} anew what to do when another day has begun */
  function start(anew) {
    day = Days.now();
    tomorrow = anew;
    document.addEventListener('visibilitychange', wake);
    // The mouse or the focus leaves for the sheet: another row is about to be selected.
    window.addEventListener('focus', wake);
    window.addEventListener('blur', wake);
    document.documentElement.addEventListener('mouseleave', wake);
    plan();
  }

  /** Something happens: look soon. */
  function wake() {
    pause = SOONEST;
    plan();
  }

  /** Look at once. */
  function now() {
    pause = SOONEST;
    void look();
  }

  function plan() {
    clearTimeout(timer);
    if (!document.hidden && Store.get().page === 'card') timer = window.setTimeout(look, pause);
  }

  async function look() {
    clearTimeout(timer);
    if (asking) return;
    asking = true;
    if (Days.now() !== day) {
      day = Days.now();
      tomorrow();
    }
    const { lead } = Store.get();
    const count = Outbox.count();
    const { id = null, row = null, stamp = null } = lead ?? {};
    const answer = await Server.ask('cardFollow', { id, row, stamp });
    asking = false;
    pause = Math.min(pause * SLOWER, LATEST);
    if (!answer.ok) failed(answer.told);
    else {
      lost = 0;
      Troubles.clear('cardFollow');
      const isOld = count !== Outbox.count() || id !== (Store.get().lead?.id ?? null);
      if (!isOld) followed(answer);
    }
    plan();
  }

  /** @param {CardFollowed} answer */
  function followed(answer) {
    if (answer.same) {
      if (!Store.get().opened || Store.get().other) Store.set({ opened: true, other: null });
      return;
    }
    pause = SOONEST;
    const { lead } = Store.get();
    const isOther = lead !== null && answer.lead?.id !== lead.id;
    if (isOther && isWriting()) {
      Store.set({ other: answer.lead });
      return;
    }
    if (isOther) Outbox.release(lead.id);
    Store.set({ opened: true });
    Store.open(answer.lead);
  }

  /** @param {string} told */
  function failed(told) {
    pause = LATEST;
    lost += 1;
    if (lost >= PATIENCE) Troubles.tell('cardFollow', told, now);
  }

  /** Whether somebody is in the middle of something here: then the card does not turn. */
  function isWriting() {
    return document.hasFocus() && document.activeElement !== null
      && document.activeElement.matches('textarea, select, input:not([type=checkbox])');
  }

  /** Show the lead that was selected meanwhile. */
  function turn() {
    const { lead, other } = Store.get();
    if (lead) Outbox.release(lead.id);
    Store.open(other);
    Pages.focus();
  }

  return Object.freeze({ start, wake, now, turn });
})();
