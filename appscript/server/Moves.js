/**
 * A lead that is looked at: a row of Leads with what is known beyond it.
 *
 * @typedef {object} LeadAt
 * @property {string} id
 * @property {number} row
 * @property {Record<string, Cell>} cells
 * @property {string | null} status as Statuses spells it
 * @property {Record<string, Cell> | null} recorded what the last refresh noted of it
 * @property {Way} way
 */

/** Moves between statuses: found by comparing what stands in Leads with what History says last. */
const Moves = (() => {
  const RECORDED = /** @type {const} */ ([
    'key:id', 'logged', 'last_status', 'last_date', 'last_comment', 'status_owed',
    'date_owed_since',
  ]);

  /**
   * Everything the rules ask of some rows of Leads. A constant number of calls.
   *
   * @param {Workbook} book
   * @param {readonly { id: string, row: number, cells: Record<string, Cell> }[]} rows
   * @param {Model} model
   * @param {string} now
   * @returns {LeadAt[]}
   */
  function look(book, rows, model, now) {
    const ids = new Set(rows.map((each) => each.id));
    const results = book.tab('_leads');
    const known = results === null ? [] : Tabs.keyed(results, 'key:id', ids, RECORDED);
    const recorded = new Map(known.map(({ cells }) => [Tabs.text(cells['key:id']), cells]));
    const wanted = new Map(Array.from(ids, (id) => [id, recorded.get(id) ?? null]));
    const ways = HistoryLog.ways(book, wanted, model, now);
    return rows.flatMap((each) => {
      const way = ways.get(each.id);
      const status = Stages.read(each.cells['status'] ?? null, model);
      const known_ = recorded.get(each.id) ?? null;
      return way === undefined ? [] : [{ ...each, status, recorded: known_, way }];
    });
  }

  /**
   * The line that History lacks for a lead; null where it lacks none.
   *
   * @param {LeadAt} lead
   * @param {Model} model
   * @param {string} now
   * @param {Operator} me
   * @param {string} [comment] why, where the person said so with the change
   * @returns {LogLine | null}
   */
  function line(lead, model, now, me, comment = '') {
    const { id, cells, status, way } = lead;
    if (status === null || status === way.end.to) return null;
    return Log.next(way.end, {
      lead: id,
      at: moment(lead, model, now),
      to: status,
      by: Who.author(me, Stages.person(cells['manager'] ?? null, model)),
      comment,
      via: Words.say('history.via'),
    });
  }

  /**
   * When a lead came into its status: now, but for one that is still in the first, which has been
   * there since the day it came.
   *
   * @param {LeadAt} lead
   * @param {Model} model
   * @param {string} now
   */
  function moment({ cells, status, way }, model, now) {
    if (way.end.number > 0 || status !== Stages.first(model)) return now;
    const day = Due.created(cells, model, now.slice(0, 10));
    return day !== null && day < now.slice(0, 10) ? day : now;
  }

  /**
   * As the rules of stages see a lead.
   *
   * @param {LeadAt} lead
   * @param {Record<string, boolean>} [checks]
   */
  function onItsWay({ status, cells, way }, checks = {}) {
    return { status, cells, checks, history: [], visited: way.visited };
  }

  return Object.freeze({ look, line, onItsWay });
})();
