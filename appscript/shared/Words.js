/** What people read: the texts of Config.js, in the language of the sheet. */
const Words = (() => {
  const GAPS = /\{\{|\}\}|\{(\w+)\}/g;

  /**
   * A text with its gaps filled.
   *
   * @param {string} key of CONFIG.messages
   * @param {Record<string, string | number>} [values] what goes into the gaps; `n` chooses the form
   * @returns {string} the key itself where there is no such text: Config.js may be older than this
   */
  function say(key, values = {}) {
    const message = CONFIG.messages[key];
    if (message === undefined) return key;
    const text = typeof message === 'string' ? message : form(message, Number(values['n']));
    return text.replace(GAPS, (gap, name) => {
      if (name === undefined) return gap.charAt(0);
      const value = values[name];
      return value === undefined ? gap : String(value);
    });
  }

  /**
   * @param {Exclude<Message, string>} message
   * @param {number} n
   */
  function form(message, n) {
    return message[plural(CONFIG.lang, n)] ?? message.other;
  }

  /**
   * CLDR's cardinal category of a number (Unicode CLDR, plural rules for en and ru).
   *
   * @param {string} lang
   * @param {number} n
   * @returns {'one' | 'few' | 'many' | 'other'}
   */
  function plural(lang, n) {
    if (!Number.isInteger(n)) return 'other';
    const whole = Math.abs(n);
    if (lang !== 'ru') return whole === 1 ? 'one' : 'other';
    const [last, lastTwo] = [whole % 10, whole % 100];
    if (last === 1 && lastTwo !== 11) return 'one';
    return last >= 2 && last <= 4 && (lastTwo < 12 || lastTwo > 14) ? 'few' : 'many';
  }

  /**
   * A day as people of the language write it: 2026-11-21, 21.11.2026.
   *
   * @param {string} iso
   */
  function day(iso) {
    const [year, month, date] = iso.slice(0, 10).split('-');
    return CONFIG.lang === 'ru' ? `${date}.${month}.${year}` : `${year}-${month}-${date}`;
  }

  /**
   * A few names in one text; what is beyond three is counted.
   *
   * @param {readonly string[]} names
   */
  function list(names) {
    const rest = names.length - 3;
    const named = names.slice(0, 3).join(', ');
    return rest > 0 ? say('and_more', { named, n: rest }) : named;
  }

  return Object.freeze({ say, day, list });
})();
