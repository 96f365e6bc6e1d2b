/** Days as deadlines count them: crm/working_days.py, by the days off that a refresh published. */
const WorkingDays = (() => {
  const DAY = 86400000;
  /** Longer than any run of days off: where every day is off, none is ever found. */
  const LONGEST_BREAK = 60;

  /**
   * @typedef {object} DaysOff
   * @property {readonly number[]} weekend 0 is Monday
   * @property {readonly string[]} holidays iso days
   * @property {readonly string[]} worked days of a weekend on which people work
   */

  /**
   * The n-th working day after a day.
   *
   * @param {string} day an iso day
   * @param {number} n 0 or more
   * @param {DaysOff} off
   * @returns {string} an iso day
   */
  function add(day, n, off) {
    let [here, left, idle] = [day.slice(0, 10), n, 0];
    while (left > 0) {
      here = after(here, 1);
      idle = isOff(here, off) && idle < LONGEST_BREAK ? idle + 1 : 0;
      if (idle === 0) left -= 1;
    }
    return here;
  }

  /**
   * Working days from a day (counted, if it is one) to a later one (not counted).
   *
   * @param {string} start an iso day
   * @param {string} end an iso day
   * @param {DaysOff} off
   * @returns {number} 0 where the end is not later
   */
  function between(start, end, off) {
    let count = 0;
    const last = end.slice(0, 10);
    for (let day = start.slice(0, 10); day < last; day = after(day, 1)) {
      if (!isOff(day, off)) count += 1;
    }
    return count;
  }

  /**
   * @param {string} day
   * @param {DaysOff} off
   */
  function isOff(day, off) {
    if (off.worked.includes(day)) return false;
    return off.weekend.includes(weekday(day)) || off.holidays.includes(day);
  }

  /**
   * The day of the week; 0 is Monday.
   *
   * @param {string} day
   */
  function weekday(day) {
    return (new Date(`${day.slice(0, 10)}T00:00:00Z`).getUTCDay() + 6) % 7;
  }

  /**
   * The day so many calendar days later.
   *
   * @param {string} day an iso day
   * @param {number} n
   */
  function after(day, n) {
    const start = Date.parse(`${day.slice(0, 10)}T00:00:00Z`);
    return new Date(start + n * DAY).toISOString().slice(0, 10);
  }

  return Object.freeze({ add, between, isOff, after });
})();
