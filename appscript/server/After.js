/**
 * What was edited in Leads.
 *
 * @typedef {object} Edit
 * @property {TabAt} tab
 * @property {readonly Row[]} rows
 * @property {ReadonlySet<string>} touched columns, by key
 * @property {ReadonlySet<number>} typed those of the rows in which something was typed just now;
 *   what was sorted or moved was not
 */

/** What is told and noted after an edit, once ids and History are written. */
const After = (() => {
  /**
   * A lead that was moved, and the line that says so.
   *
   * @typedef {{ lead: LeadAt, line: LogLine }} Move
   */

  /**
   * Phones and mailboxes that another lead has: a note on the cell, and a sentence for those that
   * were typed just now.
   *
   * @param {Workbook} book
   * @param {Edit} edit
   * @param {Model} model
   * @returns {string[]}
   */
  function contacts(book, { tab, rows, touched, typed }, model) {
    return /** @type {const} */ (['phone', 'email']).flatMap((key) => {
      if (!touched.has(key)) return [];
      const known = Contacts.known(book, tab, rows, key, model);
      /** @type {Map<number, string | null>} */
      const notes = new Map(rows.map(({ row }) => [row, null]));
      for (const each of known) notes.set(each.row, `${sentence(each)}\n${each.url}`);
      Notes.change(tab, key, notes);
      const news = known.filter(({ row }) => typed.has(row));
      const [first, ...more] = news;
      if (first === undefined) return [];
      if (more.length === 0) return [sentence(first)];
      return [Words.say(`edit.known_many.${key}`, { n: news.length })];
    });
  }

  /** @param {ReturnType<typeof Contacts.known>[number]} known */
  function sentence(known) {
    const { key, id, status, place } = known;
    const who = known.name || id || Words.say('edit.nameless');
    return Words.say(`edit.known.${key}`, { who, id, row: place, status: status || '–' });
  }

  /**
   * What a change of status means beyond itself: stages passed over, a loss that is only proposed.
   *
   * @param {Workbook} book
   * @param {readonly Move[]} moves
   * @param {Model} model
   * @returns {string[]}
   */
  function moves(book, moves, model) {
    return [...skips(moves, model), ...losses(book, moves, model)];
  }

  /**
   * @param {readonly Move[]} moves
   * @param {Model} model
   */
  function skips(moves, model) {
    const skipped = moves.flatMap(({ lead, line }) => {
      const before = { ...Moves.onItsWay(lead), status: lead.way.end.to };
      const stages = Stages.skipped(before, line.to, model);
      return stages.length > 0 ? [{ lead, stages }] : [];
    });
    const [first, ...more] = skipped;
    if (first === undefined) return [];
    if (more.length > 0) return [Words.say('edit.skipped_many', { n: skipped.length })];
    const stages = first.stages.map((stage) => Words.say('edit.stage', { stage }));
    return [Words.say('edit.skipped', { stages: Words.list(stages), n: stages.length })];
  }

  /**
   * @param {Workbook} book
   * @param {readonly Move[]} moves
   * @param {Model} model
   */
  function losses(book, moves, model) {
    const asking = moves.filter(({ lead }) => {
      return Stages.lacking(Moves.onItsWay(lead), model) !== null;
    });
    if (asking.length === 0) return [];
    const checks = Checklist.of(book, new Set(asking.map(({ lead }) => lead.id)), model);
    const proposed = asking.flatMap(({ lead }) => {
      const whole = Moves.onItsWay(lead, checks.get(lead.id));
      return Stages.isProposed(whole, model) ? [whole] : [];
    });
    const [first, ...more] = proposed;
    if (first === undefined) return [];
    if (more.length > 0) return [Words.say('edit.proposed_many', { n: proposed.length })];
    return [Words.say('edit.proposed', { needed: Needs.text(first, model) })];
  }

  /**
   * Ask for the comments that are owed: a note on the cell, and a sentence. What was asked and is
   * owed no more is taken off.
   *
   * @param {Edit} edit
   * @param {readonly LeadAt[]} leads
   * @param {readonly Move[]} moves
   * @param {Model} model
   * @param {string} now
   * @returns {string[]}
   */
  function comments({ tab, touched, typed }, leads, moves, model, now) {
    const moved = new Map(moves.map(({ lead, line }) => [lead.row, line]));
    const asked = leads.map((lead) => ({ lead, why: asks(lead, moved.get(lead.row), model, now) }));
    const notes = asked.map(({ lead, why }) => [lead.row, why === null ? null : why.note]);
    Notes.change(tab, 'comment', new Map(/** @type {[number, string | null][]} */ (notes)));
    const dated = touched.has('next_action') ? typed : new Set();
    const news = asked.flatMap(({ lead, why }) => {
      const isNew = (why?.by === 'date' ? dated : moved).has(lead.row);
      return why !== null && isNew ? [why.note] : [];
    });
    const [first, ...more] = news;
    if (first === undefined) return [];
    return [more.length > 0 ? Words.say('edit.comments', { n: news.length }) : first];
  }

  /**
   * @param {LeadAt} lead
   * @param {LogLine | undefined} line of a move that was just logged
   * @param {Model} model
   * @param {string} now
   * @returns {{ by: 'status' | 'date', note: string } | null}
   */
  function asks(lead, line, model, now) {
    const owed = Owed.by(Moves.onItsWay(lead), lead.recorded, model, now.slice(0, 10));
    // A lead that no refresh has seen owes nothing by the rules; it is asked all the same.
    const unseen = lead.recorded === null || lead.recorded['last_status'] === null;
    const silent = Tabs.text(lead.cells['comment']) === '';
    const status = lead.status ?? '';
    const first = unseen && silent && line !== undefined && line.from !== '';
    if (owed === 'status' || (first && Stages.asksComment(lead.status, model))) {
      return { by: 'status', note: Words.say('edit.why_status', { status }) };
    }
    return owed === 'date' ? { by: 'date', note: Words.say('edit.why_date') } : null;
  }

  return Object.freeze({ contacts, moves, comments });
})();
