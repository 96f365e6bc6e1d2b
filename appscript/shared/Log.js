/**
 * A line of History as the sheet has it; texts clean, "" for none.
 *
 * @typedef {object} LogLine
 * @property {string | null} at an iso text
 * @property {string} lead
 * @property {string} from
 * @property {string} to
 * @property {string} by
 * @property {string} comment
 * @property {string} via
 * @property {string} id
 * @property {string} checksum
 */

/**
 * A line with the time that orders it: no earlier than that of the line before, "" for none so far.
 *
 * @typedef {LogLine & { place: string }} PlacedLine
 */

/**
 * Where the log of a lead ends.
 *
 * @typedef {object} LogEnd
 * @property {string | null} to the status it was last logged in; null for none
 * @property {number} number the highest number that a line of it has had
 * @property {string} checksum what the next line follows
 */

/** The lines of History of one lead, in order, and the next one: crm/stages/{log,pipeline}.py. */
const Log = (() => {
  /** A longer run of digits is no number of ours (a telephone, a time stamp). */
  const LONGEST = 9;

  /**
   * The lines of one lead in the order in which they happened.
   *
   * They follow each other by the numbers in their ids; one without a number stands where its time
   * puts it, one without a time, or with one to come, where the sheet has it.
   *
   * @param {readonly LogLine[]} lines of one lead, in sheet order
   * @param {string} now an iso text
   * @returns {PlacedLine[]}
   */
  function inOrder(lines, now) {
    let latest = '';
    const placed = lines.map((line) => {
      const at = line.at !== null && line.at <= now ? line.at : '';
      if (at > latest) latest = at;
      return { line, place: at || latest, number: numberOf(line.id, line.lead) };
    });
    latest = '';
    const numbered = placed.filter((each) => each.number !== null);
    for (const each of numbered.sort((a, b) => (a.number ?? 0) - (b.number ?? 0))) {
      if (each.place > latest) latest = each.place;
      each.place = latest;
    }
    return placed
      .sort((a, b) => compare(a.place, b.place) || (a.number ?? -1) - (b.number ?? -1))
      .map(({ line, place }) => ({ ...line, place }));
  }

  /**
   * @param {string} one
   * @param {string} other
   */
  function compare(one, other) {
    return one < other ? -1 : Number(one > other);
  }

  /**
   * The number in the id of a line; null where it has none, or another lead's.
   *
   * @param {string} id
   * @param {string} lead
   */
  function numberOf(id, lead) {
    const slash = id.lastIndexOf('/');
    const number = id.slice(slash + 1);
    const ours = slash >= 0 && id.slice(0, slash) === lead && number.length <= LONGEST;
    return ours && /^[0-9]+$/.test(number) ? Number(number) : null;
  }

  /**
   * Where the log of one lead ends.
   *
   * @param {readonly LogLine[]} ordered of {@link inOrder}
   * @param {number} highest number in the id of any line that names the lead, 0 for none
   * @param {ReturnType<typeof Chain.record>} recorded how the last refresh saw it end
   * @param {(checksum: string) => boolean} isThere whether a line of History has this checksum
   * @returns {LogEnd}
   */
  function end(ordered, highest, recorded, isThere) {
    const last = ordered[ordered.length - 1];
    const signed = ordered.filter((line) => line.checksum !== '').pop();
    // What was cut off the end stays to be seen: the next line follows what was recorded.
    const cut = recorded !== null && !isThere(recorded.checksum) ? recorded : null;
    return {
      to: last === undefined || last.to === '' ? null : last.to,
      number: Math.max(ordered.length, highest, cut?.number ?? 0),
      checksum: cut?.checksum ?? signed?.checksum ?? '',
    };
  }

  /**
   * The next line of a lead.
   *
   * @param {LogEnd} end
   * @param {Pick<LogLine, 'lead' | 'at' | 'to' | 'by' | 'comment' | 'via'>} move
   * @returns {LogLine}
   */
  function next(end, move) {
    const id = `${move.lead}/${end.number + 1}`;
    const line = { ...move, from: end.to ?? '', id, at: move.at ?? '' };
    return { ...line, checksum: Chain.checksum(end.checksum, line) };
  }

  return Object.freeze({ inOrder, numberOf, end, next });
})();
