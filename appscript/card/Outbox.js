/**
 * What was changed in the card and is not in the sheet yet, by lead. The card shows it at once; it
 * is sent when nobody is writing in it, one save of a lead at a time, and kept until the sheet has
 * it or the operator lets go of it.
 */
const Outbox = (() => {
  /** Somebody who stopped writing for so long has gone to do something else. [ms] */
  const IDLE = 60_000;

  /** @type {Map<string, Pending>} */
  const pending = new Map();

  let steps = 0;

  /** @returns {Edits} */
  const none = () => ({ base: {}, changes: {}, checks: {} });

  /** @param {Edits} edits */
  function isEmpty(edits) {
    return !Object.keys(edits.changes).length && !Object.keys(edits.checks).length;
  }

  /**
   * Nothing and an empty text are the same cell.
   * @param {Cell | undefined} one
   * @param {Cell | undefined} other
   */
  function same(one, other) {
    return JSON.stringify(one === '' ? null : (one ?? null))
      === JSON.stringify(other === '' ? null : (other ?? null));
  }

  /** @param {Lead} lead */
  function entry(lead) {
    let found = pending.get(lead.id);
    if (!found) {
      const name = Cells.text(lead.cells['name']) ?? lead.id;
      found = {
        id: lead.id, name, edits: none(), sent: null, unsure: {}, held: false, idle: 0,
        trouble: null, told: '', theirs: null,
      };
      pending.set(lead.id, found);
    }
    return found;
  }

  /** @param {Pending} mine */
  function tidy(mine) {
    if (!mine.sent && isEmpty(mine.edits)) forget(mine);
  }

  /** @param {Pending} mine */
  function forget(mine) {
    clearTimeout(mine.idle);
    pending.delete(mine.id);
  }

  /**
   * Put another value in a cell of the lead.
   * @param {Lead} lead as the sheet has it
   * @param {string} key
   * @param {Cell} value
   * @param {{isWriting?: boolean}} [how] isWriting: it is kept back as {@link hold} does
   */
  function change(lead, key, value, { isWriting = false } = {}) {
    const mine = entry(lead);
    if (!(key in mine.edits.changes)) {
      mine.edits.base[key] = laidOver(lead).cells[key] ?? null;
    }
    if (same(value, mine.edits.base[key])) {
      delete mine.edits.base[key];
      delete mine.edits.changes[key];
    } else mine.edits.changes[key] = value === '' ? null : value;
    if (isWriting) hold(lead.id);
    tidy(mine);
    Store.changed();
  }

  /**
   * @param {Lead} lead
   * @param {string} step
   * @param {boolean} on
   */
  function tick(lead, step, on) {
    const mine = entry(lead);
    mine.edits.checks[step] = on;
    // Ticked and unticked before it was sent: there is nothing to send.
    if (!mine.sent && on === (lead.checks[step] ?? false)) delete mine.edits.checks[step];
    tidy(mine);
    Store.changed();
  }

  /**
   * Somebody is writing about a lead: nothing of it is sent before a release, which comes by itself
   * once nobody has written for a while.
   * @param {string} id
   */
  function hold(id) {
    const mine = pending.get(id);
    if (!mine) return;
    mine.held = true;
    clearTimeout(mine.idle);
    mine.idle = window.setTimeout(() => release(id), IDLE);
  }

  /** @param {string} id */
  function isHeld(id) {
    return pending.get(id)?.held ?? false;
  }

  /**
   * What was changed of a lead's cells and is not in the sheet yet.
   * @param {string} id
   * @returns {Record<string, Cell>}
   */
  function changesOf(id) {
    const mine = pending.get(id);
    return { ...mine?.sent?.changes, ...mine?.edits.changes };
  }

  /** Everything that is not in the sheet yet. */
  function all() {
    return [...pending.values()];
  }

  /** How often anything was sent or answered: what was read before another count is old. */
  function count() {
    return steps;
  }

  /**
   * The lead with everything over it that is not in the sheet yet.
   * @param {Lead} lead
   * @returns {Lead}
   */
  function laidOver(lead) {
    const mine = pending.get(lead.id);
    if (!mine) return lead;
    const changes = changesOf(lead.id);
    const cells = { ...lead.cells, ...changes };
    const checks = { ...lead.checks, ...mine.sent?.checks, ...mine.edits.checks };
    const { model } = Store.get();
    const status = model?.statuses.find((one) => one.name === changes['status']);
    const stands = status ? { status: status.name, kind: status.kind } : {};
    return { ...lead, cells, checks, ...stands };
  }

  /**
   * Send what was written about a lead, now that nobody is writing.
   * @param {string} id
   */
  function release(id) {
    const mine = pending.get(id);
    if (!mine) return;
    mine.held = false;
    clearTimeout(mine.idle);
    if (mine.trouble === 'conflict' || mine.trouble === 'gone') return;
    void send(mine);
  }

  /** @param {Pending} mine */
  async function send(mine) {
    if (mine.sent || mine.held || isEmpty(mine.edits)) return;
    const sent = mine.edits;
    Object.assign(mine, { sent, edits: none(), trouble: null, theirs: null });
    steps += 1;
    Store.changed();
    const comment = explanation(sent);
    const answer = await Server.ask('cardSave', { id: mine.id, ...sent, comment });
    steps += 1;
    mine.sent = null;
    if (answer.ok) saved(mine, sent, answer);
    else refused(mine, sent, answer);
    tidy(mine);
    Store.changed();
  }

  /**
   * What was added to the comment together with a change of status: the reason for it.
   * @param {Edits} edits
   */
  function explanation({ base, changes }) {
    const comment = changes['comment'];
    if (!('status' in changes) || typeof comment !== 'string') return null;
    const before = typeof base['comment'] === 'string' ? base['comment'] : '';
    const added = comment.startsWith(before) ? comment.slice(before.length) : comment;
    return added.trim() || null;
  }

  /**
   * @param {Pending} mine
   * @param {Edits} sent
   * @param {CardSaved} answer
   */
  function saved(mine, sent, answer) {
    for (const key of Object.keys(mine.edits.base)) {
      // The sheet may have stored it in other words; that is no change by somebody else.
      if (key in sent.changes) mine.edits.base[key] = answer.lead.cells[key] ?? null;
    }
    mine.unsure = {};
    Store.refresh(answer.lead);
    if ('comment' in sent.changes) Store.answered(mine.id);
    Told.say(answer.told.length ? answer.told.join(' ') : Words.say('card.saved'));
    void send(mine);
  }

  /**
   * @param {Pending} mine
   * @param {Edits} sent
   * @param {Lost | CardConflict} answer
   */
  function refused(mine, sent, answer) {
    mine.edits = {
      base: { ...mine.edits.base, ...sent.base },
      changes: { ...sent.changes, ...mine.edits.changes },
      checks: { ...sent.checks, ...mine.edits.checks },
    };
    mine.told = answer.told;
    if ('lead' in answer) collided(mine, answer.lead);
    else {
      if (answer.lost) Object.assign(mine.unsure, sent.changes);
      mine.trouble = answer.gone ? 'gone' : 'failed';
    }
  }

  /**
   * The sheet has something else than was shown here: by somebody else, or by an earlier save whose
   * answer was lost on the way.
   * @param {Pending} mine
   * @param {Lead} theirs
   */
  function collided(mine, theirs) {
    mine.theirs = theirs;
    const keys = disputed(mine);
    const isOwn = keys.length > 0
      && keys.every((key) => key in mine.unsure && same(theirs.cells[key], mine.unsure[key]));
    Store.refresh(theirs);
    if (isOwn) {
      rebase(mine, theirs);
      void send(mine);
    } else mine.trouble = 'conflict';
  }

  /**
   * The cells of a conflict: they hold neither what was shown here before nor what is wanted.
   * @param {Pending} mine
   */
  function disputed({ edits, theirs }) {
    return Object.keys(edits.changes).filter((key) => (
      ![edits.base[key], edits.changes[key]].some((cell) => same(theirs?.cells[key], cell))
    ));
  }

  /**
   * @param {Pending} mine
   * @param {Lead} lead how it stands in the sheet now
   */
  function rebase(mine, { cells }) {
    for (const key of Object.keys(mine.edits.base)) mine.edits.base[key] = cells[key] ?? null;
  }

  /** Try again what did not get through; what is being written now goes when it is left. */
  function retry() {
    for (const mine of all()) if (mine.trouble === 'failed' && !mine.held) release(mine.id);
  }

  /**
   * In a conflict: what was written here goes over what is there now.
   * @param {string} id
   */
  function keepMine(id) {
    const mine = pending.get(id);
    if (!mine?.theirs) return;
    rebase(mine, mine.theirs);
    mine.trouble = null;
    release(id);
  }

  /**
   * In a conflict: what is there now stays; what nobody else has changed is saved all the same.
   * @param {string} id
   */
  function keepTheirs(id) {
    const mine = pending.get(id);
    if (!mine) return;
    for (const key of disputed(mine)) {
      delete mine.edits.base[key];
      delete mine.edits.changes[key];
    }
    mine.trouble = null;
    release(id);
    tidy(mine);
    Store.answered(id);
    Store.changed();
  }

  /**
   * Let go of what was not saved.
   * @param {string} id
   */
  function drop(id) {
    const mine = pending.get(id);
    if (mine) forget(mine);
    Store.answered(id);
    Store.changed();
  }

  return Object.freeze({
    change, tick, hold, isHeld, changesOf, all, count, laidOver, release, retry, disputed,
    keepMine, keepTheirs, drop,
  });
})();
