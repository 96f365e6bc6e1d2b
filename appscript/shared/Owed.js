/** Whether a comment is owed: crm/promises.py for one lead, by what the last refresh recorded. */
const Owed = (() => {
  /**
   * How a lead was when a refresh last saw it: cells of the hidden tab, by key.
   *
   * @typedef {Record<string, Cell>} Recorded
   */

  const HASH = 4;

  /**
   * What a comment is owed for; null for nothing.
   *
   * @param {Parameters<typeof Stages.isProposed>[0]} lead
   * @param {Recorded | null} recorded null for a lead that no refresh has seen: it owes nothing yet
   * @param {Model} model
   * @param {string} today
   * @returns {'status' | 'date' | null}
   */
  function by(lead, recorded, model, today) {
    if (recorded === null || isExplained(lead.cells['comment'] ?? null, recorded)) return null;
    const was = Stages.read(recorded['last_status'] ?? null, model);
    const before = Stages.read(recorded['status_owed'] ?? null, model);
    const changed = was !== null && lead.status !== null && was !== lead.status;
    if (changed && Stages.asksComment(lead.status, model)) return 'status';
    if (before !== null && Stages.asksComment(before, model)) return 'status';
    if (model.settings['ask_why_moved'] !== 'yes' || !mayOweDate(lead, model)) return null;
    const pushed = isPushed(lead, recorded, was, model, today);
    return pushed || (recorded['date_owed_since'] ?? null) !== null ? 'date' : null;
  }

  /**
   * Whether a comment says something that it did not say when it was last seen.
   *
   * @param {Cell} comment
   * @param {Recorded} recorded
   */
  function isExplained(comment, recorded) {
    const text = Texts.textOf(comment);
    const before = Texts.textOf(recorded['last_comment'] ?? null);
    return text !== null && Blake2s.hex(text, HASH) !== before;
  }

  /**
   * Closed leads, and those whose loss is proposed, owe none for a date.
   *
   * @param {Parameters<typeof Stages.isProposed>[0]} lead
   * @param {Model} model
   */
  function mayOweDate(lead, model) {
    const kind = Stages.find(lead.status, model)?.kind ?? null;
    return kind === null || kind === 'open';
  }

  /**
   * Whether the date was moved to a later day, and that is no new promise.
   *
   * @param {Parameters<typeof Stages.isProposed>[0]} lead
   * @param {Recorded} recorded
   * @param {string | null} was
   * @param {Model} model
   * @param {string} today
   */
  function isPushed(lead, recorded, was, model, today) {
    const due = Due.day(lead, model, today);
    const promised = Dates.readDate(recorded['last_date'] ?? null, {
      dayFirst: Due.dayFirst(model), today, lean: 'past',
    }).value;
    const open = Stages.find(lead.status, model)?.kind === 'open';
    const later = due !== null && promised !== null && due > promised;
    return open && later && !Stages.isNewStep(was, lead.status, model);
  }

  return Object.freeze({ by });
})();
