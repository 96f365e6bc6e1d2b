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

  function start() {
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
    if (!document.hidden) void Freshness.check();
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
    void Freshness.check();
    const { lead, other } = Store.get();
    const known = other ?? lead;
    const count = Outbox.count();
    const { id = null, row = null, stamp = null } = known ?? {};
    const answer = await Server.ask('cardFollow', { id, row, stamp });
    asking = false;
    pause = Math.min(pause * SLOWER, LATEST);
    if (!answer.ok) failed(answer.told);
    else {
      lost = 0;
      Troubles.clear('cardFollow');
      const isOld = count !== Outbox.count() || lead?.id !== Store.get().lead?.id;
      if (!isOld) followed(answer, known);
    }
    plan();
  }

  /**
   * @param {CardFollowed} answer
   * @param {Lead | null} known what was selected before
   */
  function followed(answer, known) {
    const there = answer.same ? known : answer.lead;
    const { lead, other, opened } = Store.get();
    const isOther = lead !== null && there?.id !== lead.id;
    if (isOther && (isWriting() || isMoved(lead, there))) {
      if (there === other) return;
      Store.set({ other: there });
    } else if (answer.same && !isOther) {
      if (!opened) Store.set({ opened: true });
      return;
    } else {
      if (isOther) Outbox.release(lead.id);
      Store.set({ opened: true });
      Store.open(there);
    }
    pause = SOONEST;
  }

  /**
   * Whether not the selection has moved, but the rows beneath it: they were sorted, or some deleted.
   * Whoever is busy with a lead is not to find another one in its place.
   * @param {Lead} lead
   * @param {Lead | null} there
   */
  function isMoved(lead, there) {
    return there !== null && there.row === lead.row;
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

  return Object.freeze({ start, now, turn });
})();
