/** Days and moments as the card shows them. All are wall-clock texts: no time zone comes in. */
const Days = (() => {
  /** @type {Map<string, Intl.DateTimeFormat>} */
  const formats = new Map();

  /**
   * A day in words; as it is where it is none that a calendar has: a sheet knows the year 20266.
   * @param {string} iso
   * @param {string} name of the format
   * @param {Intl.DateTimeFormatOptions} options
   */
  function write(iso, name, options) {
    let format = formats.get(name);
    if (!format) {
      const lang = CONFIG.lang === 'en' ? 'en-GB' : CONFIG.lang;
      format = new Intl.DateTimeFormat(lang, { ...options, timeZone: 'UTC' });
      formats.set(name, format);
    }
    const day = new Date(`${iso.slice(0, 10)}T00:00:00Z`);
    return Number.isNaN(day.getTime()) ? iso : format.format(day);
  }

  /**
   * "21 Nov", with the year where it is not this one.
   * @param {string} iso
   * @param {string} today
   */
  function short(iso, today) {
    if (iso.slice(0, 4) === today.slice(0, 4)) {
      return write(iso, 'short', { day: 'numeric', month: 'short' });
    }
    const options = /** @type {const} */ ({ day: 'numeric', month: 'short', year: 'numeric' });
    return write(iso, 'year', options);
  }

  /**
   * "Saturday, 21 November": for those who hear it.
   * @param {string} iso
   */
  function long(iso) {
    const options = /** @type {const} */ ({ weekday: 'long', day: 'numeric', month: 'long' });
    return write(iso, 'long', options);
  }

  /**
   * "Sat"
   * @param {string} iso
   */
  function weekday(iso) {
    return write(iso, 'weekday', { weekday: 'short' });
  }

  /**
   * "21 Nov, 09:30"
   * @param {string} iso
   * @param {string} today
   */
  function moment(iso, today) {
    const time = iso.slice(11, 16);
    return time ? `${short(iso, today)}, ${time}` : short(iso, today);
  }

  /** The day it is now where the sheet is, by the clock of this computer. */
  function now() {
    const parts = { year: 'numeric', month: '2-digit', day: '2-digit' };
    const options = /** @type {Intl.DateTimeFormatOptions} */ (parts);
    // Swedes write dates as ISO does.
    return new Date().toLocaleDateString('sv-SE', { ...options, timeZone: CONFIG.timeZone });
  }

  return Object.freeze({ short, long, weekday, moment, now });
})();
