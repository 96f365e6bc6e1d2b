/**
 * Numbers as people type them: spaces, commas and points, a word for thousands, a unit behind.
 * How separators group is told in sheetsync/cells/numbers.py.
 */
const Numbers = (() => {
  const [THOUSAND, MILLION, BILLION] = [1e3, 1e6, 1e9];

  /** Words that multiply the number before them, whatever is counted. */
  const SCALES = scales([
    ['к k тыс тысяч тысяча тысячи тыщ тыщи thousand', THOUSAND],
    ['кк kk млн миллион миллиона миллионов лям ляма лямов', MILLION],
    ['mln mio million millions', MILLION],
    ['млрд миллиард миллиарда миллиардов bn billion', BILLION],
  ]);

  const ABOUT = new Set(
    '~ ≈ ± около примерно приблизительно порядка about around approx ca'.split(' '),
  );
  const BOUNDS = new Set(
    '< > не от до свыше менее более меньше больше from to up under over max'.split(' '),
  );
  const AMBIGUOUS_UNITS = new Set(['т', 'м', 't', 'm']);
  /** @type {ReadonlyMap<string, number>} */
  const NO_SCALES = new Map();

  const TOKEN = new RegExp(
    "(?<number>(?:(?<!\\S)[.,])?\\p{Nd}+(?:[ '’.,]\\p{Nd}+)*(?:e[+-]?\\p{Nd}+)?)" +
      '|(?<word>[\\p{L}\\p{Nl}\\p{No}]+)' +
      '|(?<mark>[^\\s.])',
    'gu',
  );

  /**
   * A text taken apart: its amounts, null where digits make no sense, and what stands around them.
   * `bounded` is "from", "up to", "300+"; `ambiguous` a grouping that a word for thousands makes
   * doubtful; `rest` are the words and signs that numbers know nothing about.
   *
   * @typedef {object} Phrase
   * @property {(number | null)[]} amounts
   * @property {string[]} rest
   * @property {boolean} negative
   * @property {boolean} bounded
   * @property {boolean} ambiguous
   */

  /**
   * @param {[words: string, scale: number][]} groups
   * @returns {ReadonlyMap<string, number>}
   */
  function scales(groups) {
    return new Map(
      groups.flatMap(([words, scale]) =>
        words.split(' ').map((word) => /** @type {[string, number]} */ ([word, scale])),
      ),
    );
  }

  /**
   * The value of digits with separators; null when they make no sense (`1 20 000`), or when a
   * program has rounded them (`1,2E+06`).
   *
   * @param {string} digits
   * @returns {number | null}
   */
  function decimal(digits) {
    if (digits.includes('e')) return null;
    const text = digits.replaceAll('’', "'");
    const marks = text.replace(/\p{Nd}/gu, '');
    const last = marks.slice(-1);
    if (!last) return finite(text);
    const kinds = new Set(marks).size;
    if (kinds === 1 && (marks.length > 1 || " '".includes(last) || groupsOnce(text))) {
      return grouped(text, last);
    }
    const place = text.lastIndexOf(last);
    const [whole, fraction] = [text.slice(0, place), text.slice(place + 1)];
    const before = marks.slice(0, -1);
    if (" '".includes(last) || new Set(before).size > 1 || before.includes(last)) return null;
    if (!before) return finite(`${whole || '0'}.${fraction}`);
    // Behind groups of thousands three digits more may well be another group: 1 200.000.
    const value = Array.from(fraction).length === 3 ? null : grouped(whole, marks.charAt(0));
    return value === null ? null : finite(`${BigInt(value)}.${fraction}`);
  }

  /**
   * Whether a single point or comma is read as grouping thousands (`1.200`).
   *
   * @param {string} digits
   */
  function groupsOnce(digits) {
    return /^[1-9]\p{Nd}{0,2}[.,]\p{Nd}{3}$/u.test(digits);
  }

  /**
   * @param {string} text
   * @param {string} mark
   */
  function grouped(text, mark) {
    // A space groups what is longer than three digits, too: people type "1200 000".
    const head = mark === ' ' ? '\\p{Nd}+' : '[1-9]\\p{Nd}{0,2}';
    const fits = new RegExp(`^${head}(?:[${mark}]\\p{Nd}{3})+$`, 'u').test(text);
    return fits ? finite(text.replaceAll(mark, '')) : null;
  }

  /** @param {string} text */
  function finite(text) {
    const value = Number(Texts.digits(text));
    return Number.isFinite(value) ? value : null;
  }

  /**
   * Find the amounts in a text of Texts.plain form.
   *
   * @param {string} text
   * @param {ReadonlyMap<string, number>} [more] words that multiply, beside those known here
   * @returns {Phrase}
   */
  function takeApart(text, more = NO_SCALES) {
    /** @type {Phrase} */
    const phrase = { amounts: [], rest: [], negative: false, bounded: false, ambiguous: false };
    const tokens = [...text.matchAll(TOKEN)];
    let lastScale = 1; // of the amount that ends right before this token
    for (let place = 0; place < tokens.length; place += 1) {
      const token = tokens[place]?.[0] ?? '';
      if (tokens[place]?.groups?.['number'] === undefined) {
        lastScale = 1;
        note(phrase, token);
        continue;
      }
      const behind = tokens[place + 1]?.[0] ?? '';
      const word = more.get(behind) ?? SCALES.get(behind);
      const scale = word ?? 1;
      if (word !== undefined) {
        place += 1;
        phrase.ambiguous ||= groupsOnce(token);
      }
      const value = decimal(token);
      const amount = value !== null && Number.isFinite(value * scale) ? value * scale : null;
      const before = phrase.amounts.at(-1) ?? null;
      if (amount !== null && before !== null && scale > 1 && scale < lastScale) {
        phrase.amounts[phrase.amounts.length - 1] = before + amount; // 1 млн 200 тыс
      } else {
        phrase.amounts.push(amount);
      }
      lastScale = scale;
    }
    return phrase;
  }

  /**
   * @param {Phrase} phrase
   * @param {string} token
   */
  function note(phrase, token) {
    if (ABOUT.has(token)) return;
    const counted = phrase.amounts.length > 0;
    if (BOUNDS.has(token) || (token === '+' && counted)) phrase.bounded = true;
    else if (token === '-' && !counted) phrase.negative = true;
    else if (token !== '+' && token !== ',') phrase.rest.push(token);
  }

  /**
   * Counts, days, points: `2`, `1 200`, `0,5`, `-10`, `2 чел.`, `14 дней`.
   *
   * @param {Cell} cell
   * @returns {Reading<number>}
   */
  function readNumber(cell) {
    const typed = Texts.textOf(cell);
    if (cell === null || typed === null) return Readings.EMPTY;
    if (typeof cell === 'number') return Readings.of(cell);
    if (typeof cell === 'object') return Readings.problem('number.date');
    if (typeof cell === 'boolean') return Readings.problem('number.unreadable');
    return readText(Texts.plain(typed));
  }

  /**
   * @param {string} text
   * @returns {Reading<number>}
   */
  function readText(text) {
    const phrase = takeApart(text);
    if (phrase.amounts.length > 1) return Readings.problem('number.several');
    const value = phrase.amounts[0] ?? null;
    const unit =
      phrase.rest.length <= 1 &&
      phrase.rest.every((word) => /^\p{L}+$/u.test(word) && !AMBIGUOUS_UNITS.has(word));
    if (value === null || phrase.ambiguous || phrase.bounded || !unit) {
      return Readings.problem('number.unreadable');
    }
    return Readings.of(phrase.negative ? -value : value);
  }

  return Object.freeze({ takeApart, readNumber });
})();
