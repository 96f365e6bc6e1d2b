/** Days of the sheet and moments of the clock: serial numbers, time zones, patterns of dates. */
const Zone = (() => {
  const DAY = 86_400_000;
  const EPOCH = Date.UTC(1899, 11, 30);
  const formats = new Map();
  const offsets = new Map();

  /** Wall-clock time in a zone, as milliseconds that would be that time in UTC. */
  function wall(moment, zone) {
    return moment + offset(moment, zone);
  }

  /** How far a zone is ahead of UTC at a moment. [ms] */
  function offset(moment, zone) {
    const quarter = Math.floor(moment / 900_000); // no zone changes its clock in between
    const key = `${zone} ${quarter}`;
    if (!offsets.has(key)) offsets.set(key, measured(quarter * 900_000, zone));
    return offsets.get(key);
  }

  function measured(moment, zone) {
    if (!formats.has(zone)) {
      const day = /** @type {const} */ ({ year: 'numeric', month: 'numeric', day: 'numeric' });
      const time = /** @type {const} */ ({ hour: 'numeric', minute: 'numeric', second: 'numeric' });
      const shape = /** @type {const} */ ({ era: 'short', hourCycle: 'h23' });
      const options = { ...day, ...time, ...shape, timeZone: zone };
      formats.set(zone, new Intl.DateTimeFormat('en-US', options));
    }
    const found = {};
    for (const { type, value } of formats.get(zone).formatToParts(moment)) found[type] = value;
    const year = found.era.startsWith('B') ? 1 - Number(found.year) : Number(found.year);
    const shown = new Date(0);
    shown.setUTCFullYear(year, Number(found.month) - 1, Number(found.day));
    shown.setUTCHours(Number(found.hour), Number(found.minute), Number(found.second));
    return shown.getTime() - moment;
  }

  /** The moment at which clocks of a zone show a time; the earlier one where there are two. */
  function moment(wallTime, zone) {
    const first = wallTime - offset(wallTime - offset(wallTime, zone), zone);
    return wallTime - offset(first, zone);
  }

  /** A serial number (days since 1899-12-30, wall clock) as a Date. */
  function toDate(serial, zone) {
    return new Date(moment(EPOCH + Math.round(serial * DAY), zone));
  }

  /** A Date as the serial number that clocks of a zone show. */
  function toSerial(date, zone) {
    return Math.round(((wall(date.getTime(), zone) - EPOCH) / DAY) * 1e9) / 1e9;
  }

  /** The parts of a serial number. */
  function parts(serial) {
    return new Date(EPOCH + Math.round(serial * 86_400) * 1000);
  }

  /** The serial number of a day; null when there is no such day. */
  function day(year, month, date) {
    const found = new Date(0);
    found.setUTCFullYear(year, month - 1, date);
    if (found.getUTCMonth() !== month - 1 || found.getUTCDate() !== date) return null;
    return Math.round((found.getTime() - EPOCH) / DAY);
  }

  const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
  const MONTHS = (
    'January February March April May June July August September October November December'
  ).split(' ');

  /** `Utilities.formatDate`: the letters of Java's SimpleDateFormat, in English. */
  function format(date, zone, pattern) {
    const at = new Date(wall(date.getTime(), zone));
    const ahead = Math.round(offset(date.getTime(), zone) / 60_000);
    return pattern.replace(/'((?:[^']|'')*)'|([A-Za-z])\2*/g, (text, quoted, letter) => {
      if (quoted !== undefined) return quoted === '' ? "'" : quoted.replaceAll("''", "'");
      const number = (value) => String(value).padStart(text.length, '0');
      const hours = at.getUTCHours();
      const month = at.getUTCMonth();
      const weekday = DAYS[at.getUTCDay()];
      const two = (value) => String(Math.floor(value)).padStart(2, '0');
      const hoursAhead = (ahead < 0 ? '-' : '+') + two(Math.abs(ahead) / 60);
      const minutesAhead = two(Math.abs(ahead) % 60);
      const year = at.getUTCFullYear();
      const letters = {
        y: () => (text.length === 2 ? two(year % 100) : number(year)),
        M: () =>
          text.length < 3 ? number(month + 1) : MONTHS[month].slice(0, text.length < 4 ? 3 : 99),
        d: () => number(at.getUTCDate()),
        H: () => number(hours),
        h: () => number(hours % 12 || 12),
        m: () => number(at.getUTCMinutes()),
        s: () => number(at.getUTCSeconds()),
        S: () => number(at.getUTCMilliseconds()),
        a: () => (hours < 12 ? 'AM' : 'PM'),
        E: () => (text.length < 4 ? weekday.slice(0, 3) : weekday),
        u: () => number(at.getUTCDay() || 7),
        Z: () => hoursAhead + minutesAhead,
        X: () =>
          ahead === 0
            ? 'Z'
            : hoursAhead + ['', minutesAhead, `:${minutesAhead}`][text.length - 1],
      };
      if (!letters[letter]) throw new Error(`stand-in: formatDate does not know "${text}"`);
      return letters[letter]();
    });
  }

  return Object.freeze({ MONTHS, day, format, parts, toDate, toSerial });
})();
