/** The wall clock of the spreadsheet: its time zone, which the script's own need not be. */
const Clock = (() => {
  const DAY = 86400000;
  const QUARTER = 900000;
  const DAY_ZERO = Date.UTC(1899, 11, 30);

  /** Offsets of a zone, by quarter of an hour: no zone changes within one. */
  const offsets = /** @type {Map<string, Map<number, number>>} */ (new Map());

  /**
   * The zone of a spreadsheet; the script's where it is one that only Google knows, like GMT-07:00.
   *
   * @param {GoogleAppsScript.Spreadsheet.Spreadsheet} spreadsheet
   */
  function zoneOf(spreadsheet) {
    try {
      const zone = spreadsheet.getSpreadsheetTimeZone();
      offset(0, zone);
      return zone;
    } catch {
      return CONFIG.timeZone;
    }
  }

  /**
   * The wall clock of a moment, to the nearest second; a day alone at midnight.
   *
   * @param {Date} date
   * @param {string} zone
   */
  function iso(date, zone) {
    const moment = Math.round(date.getTime() / 1000) * 1000;
    const local = new Date(moment + offset(moment, zone)).toISOString();
    return local.slice(11, 19) === '00:00:00' ? local.slice(0, 10) : local.slice(0, 19);
  }

  /**
   * @param {number} moment
   * @param {string} zone
   */
  function offset(moment, zone) {
    const known = offsets.get(zone) ?? new Map();
    offsets.set(zone, known);
    const quarter = Math.floor(moment / QUARTER);
    const found = known.get(quarter) ?? measured(quarter * QUARTER, zone);
    known.set(quarter, found);
    return found;
  }

  /**
   * @param {number} moment
   * @param {string} zone
   */
  function measured(moment, zone) {
    const parts = new Intl.DateTimeFormat('en-US', {
      timeZone: zone, calendar: 'gregory', numberingSystem: 'latn', hourCycle: 'h23',
      year: 'numeric', month: 'numeric', day: 'numeric',
      hour: 'numeric', minute: 'numeric', second: 'numeric',
    }).formatToParts(moment);
    const part = Object.fromEntries(parts.map(({ type, value }) => [type, Number(value)]));
    const [year, month, day] = [part['year'] ?? 0, part['month'] ?? 1, part['day'] ?? 1];
    const local = Date.UTC(
      year, month - 1, day, part['hour'] ?? 0, part['minute'] ?? 0, part['second'] ?? 0,
    );
    return local - moment;
  }

  /**
   * Now: '2026-11-21T09:30:00', also at midnight.
   *
   * @param {string} zone
   */
  function now(zone) {
    const text = iso(new Date(), zone);
    return text.length > 10 ? text : `${text}T00:00:00`;
  }

  /**
   * A wall clock as a spreadsheet stores it: days since 1899-12-30.
   *
   * @param {string} text an iso day or an iso time
   */
  function serial(text) {
    const time = text.length > 10 ? text : `${text}T00:00:00`;
    return Math.round(((Date.parse(`${time}Z`) - DAY_ZERO) / DAY) * 1e9) / 1e9;
  }

  return Object.freeze({ iso, now, serial, zoneOf });
})();
