/** One date in a text, as it was typed: sheetsync/cells/datetext.py. */
const DateText = (() => {
  // Years outside of these are slips of the keyboard, not dates of a CRM.
  const [FIRST_YEAR, LAST_YEAR] = [1990, 2100];
  const LEAP = 2000; // a year that has every day

  const D = '\\p{Nd}';
  const LETTER = '[\\p{L}\\p{Nl}\\p{No}]';
  const END = `(?!${LETTER})`;
  const ORDINAL = `(?: ?-?(?:ого|ое|го|е|st|nd|rd|th)${END})?`;
  const YEAR = `(?:'?${D}{2}|${D}{3,6})(?!${D})`;

  const TIMES = new RegExp(
    `(?:(?<=${D})t|(?:(?<!${LETTER})(?:в|к|at|by) )?(?<![${D}:]))` +
      `(?:[01]?${D}|2[0-3]):[0-5]${D}(?::[0-5]${D}(?:[.,]${D}+)?)?(?![${D}:])` +
      `(?: ?[ap]\\.?m${END}\\.?)?` +
      `(?: ?(?:z|utc|gmt|msk|мск)${END})?(?:[+-]${D}{2}:?${D}{2}(?!${D}))?` +
      `|(?<![${D}.,/-])(?<!через )(?<!in )(?:[01]?${D}|2[0-3]) ?` +
      `(?:[ap]\\.?m|ч|час|часов|часа|h)${END}\\.?`,
    'gu',
  );

  /**
   * A day as typed; `year` is null where none was.
   *
   * @typedef {object} Day
   * @property {number | null} year
   * @property {number} month
   * @property {number} day
   */

  /**
   * The dates in a text. `rest` is what is neither date nor weekday; `isRange` tells that a day
   * without a month stands before one (5-10 ноября); `sure` is false for `10-15`, which may as well
   * be two days or a time.
   *
   * @typedef {object} Found
   * @property {Day[]} days
   * @property {string} rest
   * @property {boolean} isRange
   * @property {boolean} sure
   */

  /** @type {ReturnType<typeof compile> | undefined} */
  let compiled;

  /** Patterns with the words of another file, made when the first date is read. */
  function compile() {
    const month = `(?:${DateWords.anyOf(DateWords.MONTHS)})${END}\\.?`;
    const weekday = `(?<!${LETTER})(?:${DateWords.anyOf(DateWords.WEEKDAYS)})${END}`;
    // 2026-11-05, 05.11.2026, 5/11/26, 05,11,2026
    const full =
      `(?<!${D})(?<a>${D}{1,4}) ?(?<mark>[./,-]) ?(?<b>${D}{1,2}) ?\\k<mark> ?(?<c>${D}{1,6})` +
      `(?!${D}|[./]${D})`;
    // 05.11, 5/11
    const short = `(?<!${D})(?<d>${D}{1,2})(?<short>[./,-])(?<e>${D}{1,2})(?!${D}|[./]${D})`;
    // 5 ноября 2026, 5-nov-26
    const dayMonth =
      `(?<!${D})(?<f>${D}{1,2})${ORDINAL} ?(?:of )?[-/.]? ?(?<g>${month})` +
      `(?:,? ?[-/.]? ?(?<h>${YEAR})(?! ?${month}))?`;
    // Nov 5, 2026
    const monthDay =
      `(?<!${LETTER})(?<i>${month}) ?(?<j>${D}{1,2})${ORDINAL}(?!${D})(?:,? (?<k>${YEAR}))?`;
    // 5-10 ноября, с 5 по 10.11, Nov 5-10: the first number is a date of its own.
    const ranges =
      `(?<![${D}./,-])${D}{1,2}${ORDINAL} ?(?:-|,|и|или|по|to|and|or) ?${D}{1,2}${ORDINAL} ?` +
      `(?:[./]${D}{1,2}(?!${D})|${month})` +
      `|${month} ?${D}{1,2}${ORDINAL} ?(?:-|to|and|or) ?${D}{1,2}(?!${D})`;
    const harmless =
      `${weekday}\\.?|(?<!${LETTER})(?:в|во|на|on|at|г|года|год|year)${END}|[.,;()]`;
    return {
      dates: new RegExp([full, short, dayMonth, monthDay].join('|'), 'gu'),
      ranges: new RegExp(ranges, 'u'),
      harmless: new RegExp(harmless, 'gu'),
    };
  }

  /**
   * A text of Texts.plain form without times of day.
   *
   * @param {string} text
   */
  function withoutTimes(text) {
    return Texts.clean(text.replace(TIMES, ' '));
  }

  /**
   * The dates in a text without times.
   *
   * @param {string} text of Texts.plain form
   * @param {boolean} dayFirst how 5/11 reads; 5.11 is always the fifth of November
   * @returns {Found}
   */
  function findDates(text, dayFirst) {
    const { dates, ranges, harmless } = (compiled ??= compile());
    const matches = [...text.matchAll(dates)].map((match) => match.groups ?? {});
    return {
      days: matches.map((groups) => dayOf(groups, dayFirst)),
      rest: Texts.clean(text.replace(dates, ' ').replace(harmless, ' ')),
      isRange: ranges.test(text),
      sure: matches.every((groups) => groups['short'] !== '-'),
    };
  }

  /**
   * @param {Record<string, string | undefined>} groups
   * @param {boolean} dayFirst
   * @returns {Day}
   */
  function dayOf(groups, dayFirst) {
    const { a = '', mark = '', b, c, d, short, e, f, g, h, i, j, k } = groups;
    if (g) return { year: yearOf(h), month: monthOf(g), day: numberOf(f) };
    if (i) return { year: yearOf(k), month: monthOf(i), day: numberOf(j) };
    if (short) {
      return ordered(null, numberOf(d), numberOf(e), dayFirst || '.,'.includes(short));
    }
    const [first, second] = [numberOf(a), numberOf(b)];
    // Three digits and more are a year that stands first, as in ISO 8601.
    if (Texts.digits(a).length > 2) return { year: first, month: second, day: numberOf(c) };
    if ('.,'.includes(mark)) return { year: yearOf(c), month: second, day: first };
    return ordered(yearOf(c), first, second, dayFirst);
  }

  /**
   * Day and month in the order of the locale, or in the other one where only that can be.
   *
   * @param {number | null} year
   * @param {number} first
   * @param {number} second
   * @param {boolean} dayFirst
   * @returns {Day}
   */
  function ordered(year, first, second, dayFirst) {
    const days = [
      { year, month: second, day: first },
      { year, month: first, day: second },
    ];
    const [usual, other] = /** @type {[Day, Day]} */ (dayFirst ? days : days.reverse());
    const turned = problemOf(usual) === 'date.impossible' && problemOf(other) === null;
    return turned ? other : usual;
  }

  /** @param {string | undefined} typed */
  function numberOf(typed) {
    return Number(Texts.digits(typed ?? ''));
  }

  /** @param {string} word */
  function monthOf(word) {
    return DateWords.MONTHS.get(Texts.stripEnd(word, '.')) ?? 0;
  }

  /** @param {string | undefined} typed */
  function yearOf(typed) {
    if (typed === undefined) return null;
    const digits = Texts.digits(typed.replace(/^'/, ''));
    const year = Number(digits);
    if (digits.length > 2) return year;
    return year + (year >= FIRST_YEAR % 100 ? 1900 : 2000);
  }

  /**
   * Why there can be no such day, as a problem code; null where there can.
   *
   * @param {Day} typed
   */
  function problemOf({ year, month, day }) {
    if (year !== null && (year < FIRST_YEAR || year > LAST_YEAR)) return 'date.far';
    return isoOf(year ?? LEAP, month, day) === null ? 'date.impossible' : null;
  }

  /**
   * '2026-11-21'; null where the calendar has no such day.
   *
   * @param {number} year 100-9999
   * @param {number} month
   * @param {number} day
   */
  function isoOf(year, month, day) {
    const date = new Date(Date.UTC(year, month - 1, day));
    return date.getUTCMonth() === month - 1 ? date.toISOString().slice(0, 10) : null;
  }

  return Object.freeze({ FIRST_YEAR, LAST_YEAR, withoutTimes, findDates, problemOf, isoOf });
})();
