/**
 * A line of the report: one lead, and what is to be said of it.
 *
 * @typedef {object} ReportLine
 * @property {string} id
 * @property {string} name
 * @property {string | null} manager
 * @property {string} says
 * @property {string} url
 */

/** What the seniors have to know at the end of a day. */
const DayReport = (() => {
  const NEEDED = /** @type {const} */ (['id', 'status', 'manager', 'next_action']);
  const COLUMNS = /** @type {const} */ ([
    'id', 'created', 'name', 'status', 'manager', 'next_action', 'comment', 'loss_reason',
    'approved_by',
  ]);

  /**
   * @param {Workbook} book
   * @param {Model} model
   * @param {string} now
   * @returns {{ escalated: ReportLine[], proposed: ReportLine[], owed: ReportLine[] }}
   */
  function read(book, model, now) {
    const tab = book.need('leads', NEEDED);
    const rows = Ids.distinct(Tabs.rows(tab, 2, tab.sheet.getLastRow(), COLUMNS));
    const today = now.slice(0, 10);
    // Of today all times are believed: clocks differ.
    const leads = Moves.look(book, rows, model, `${today}T23:59:59`);
    const checks = Checklist.of(book, new Set(leads.map((lead) => lead.id)), model);
    const link = Contacts.links(book, tab);
    const lists = {
      escalated: /** @type {ReportLine[]} */ ([]),
      proposed: /** @type {ReportLine[]} */ ([]),
      owed: /** @type {ReportLine[]} */ ([]),
    };
    for (const lead of leads) {
      const view = Moves.onItsWay(lead, checks.get(lead.id));
      const status = lead.status ?? '';
      /** @param {string} says */
      const line = (says) => reported(lead, model, says, link);
      const due = Escalation.due(view, lead.way.lines, model, now);
      if (due !== null) {
        lists.escalated.push(line(Words.say('digest.was_due', { day: Words.day(due), status })));
      }
      if (Stages.isProposed(view, model)) {
        const needed = Needs.text(view, model);
        lists.proposed.push(line(Words.say('digest.needed', { status, needed })));
      }
      const owed = Owed.by(view, lead.recorded, model, today);
      if (owed !== null) lists.owed.push(line(Words.say(`digest.owed_${owed}`, { status })));
    }
    return lists;
  }

  /**
   * @param {LeadAt} lead
   * @param {Model} model
   * @param {string} says
   * @param {(row: number) => string} link
   * @returns {ReportLine}
   */
  function reported({ id, row, cells }, model, says, link) {
    return {
      id,
      name: Tabs.text(cells['name']),
      manager: Stages.person(cells['manager'] ?? null, model),
      says,
      url: link(row),
    };
  }

  return Object.freeze({ read });
})();
