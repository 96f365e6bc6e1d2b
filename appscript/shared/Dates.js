/**
 * Dates as people type them: sheetsync/cells/dates.py.
 *
 * `05.11` says no year. In a column about the past it is the latest such day up to today; in one
 * about the future the first on or after the anchor (the day the lead came). `tomorrow` is never
 * taken for a date: nobody knows on which day it was typed.
 */
const Dates = (() => {
  const DAY = 86_400; // in seconds
  const EPOCH = Date.UTC(1899, 11, 30); // day 0 of a spreadsheet's serial numbers
  const LEAP_GAP = 8; // years between two 29ths of February at most (1896-1904, 2096-2104)

  /**
   * A day, '2026-11-21', without a time of day.
   *
   * @param {Cell} cell a serial number is days since 1899-12-30
   * @param {DateOptions} options
   * @returns {Reading<string>}
   */
  function readDate(cell, options) {
    if (Texts.textOf(cell) === null) return Readings.EMPTY;
    const known = momentOf(cell)?.slice(0, 10) ?? null;
    if (known !== null) {
      const [year = 0, month = 0, day = 0] = known.split('-').map(Number);
      const problem = DateText.problemOf({ year, month, day });
      return problem === null ? Readings.of(known) : Readings.problem(problem);
    }
    if (typeof cell === 'number') return Readings.problem('date.number');
    if (typeof cell !== 'string') return Readings.problem('date.unreadable');
    return readText(Texts.plain(cell), options);
  }

  /**
   * The point in time of a cell that is a date, or a sane serial number; a day alone at midnight.
   *
   * @param {Cell} cell
   * @returns {string | null}
   */
  function momentOf(cell) {
    if (cell !== null && typeof cell === 'object') return cell.iso;
    if (typeof cell !== 'number') return null;
    const [start, end] = [DateText.FIRST_YEAR, DateText.LAST_YEAR + 1].map(
      (year) => (Date.UTC(year, 0, 1) - EPOCH) / (DAY * 1000),
    );
    if (cell < Number(start) || cell >= Number(end)) return null;
    // A float of days keeps microseconds; what people and programs put in is whole seconds.
    const text = new Date(EPOCH + Math.round(cell * DAY) * 1000).toISOString();
    return text.slice(11, 19) === '00:00:00' ? text.slice(0, 10) : text.slice(0, 19);
  }

  /**
   * @param {string} text
   * @param {DateOptions} options
   * @returns {Reading<string>}
   */
  function readText(text, options) {
    const left = DateText.withoutTimes(text);
    const { days, rest, isRange, sure } = DateText.findDates(left, options.dayFirst);
    const [day] = days;
    if (isRange || days.length > 1) return Readings.problem('date.several');
    if (day === undefined) {
      return Readings.problem(DateWords.isRelative(left) ? 'date.relative' : 'date.unreadable');
    }
    const problem = DateText.problemOf(day);
    if (problem !== null) return Readings.problem(problem);
    if (rest !== '' || !sure) return Readings.problem('date.unreadable');
    const { year, month } = day;
    return Readings.of(
      year === null
        ? inSomeYear(month, day.day, options)
        : DateText.isoOf(year, month, day.day) ?? '',
    );
  }

  /**
   * A day without a year, as {@link readDate} tells.
   *
   * @param {number} month
   * @param {number} day
   * @param {DateOptions} options
   */
  function inSomeYear(month, day, { today, anchor, lean }) {
    if (lean === 'future' && anchor) return stepTo(month, day, anchor.slice(0, 10), 1);
    const before = stepTo(month, day, today, -1);
    if (lean === 'past') return before;
    const after = stepTo(month, day, today, 1);
    const now = Date.parse(today);
    return now - Date.parse(before) < Date.parse(after) - now ? before : after;
  }

  /**
   * The first such day on or after `start` (step 1), or the last on or before it (step -1).
   *
   * @param {number} month
   * @param {number} day
   * @param {string} start
   * @param {1 | -1} step
   */
  function stepTo(month, day, start, step) {
    const year = Number(start.slice(0, 4));
    for (let years = 0; years <= LEAP_GAP; years += 1) {
      const found = DateText.isoOf(year + step * years, month, day);
      if (found !== null && (step > 0 ? found >= start : found <= start)) return found;
    }
    throw new RangeError(`not an ISO day: ${start}`);
  }

  return Object.freeze({ readDate, momentOf });
})();
