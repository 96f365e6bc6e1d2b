/**
 * How much a word looks like a name, by the letters that follow one another in it:
 * sheetsync/crm/junk/letters.py.
 */
const JunkLetters = (() => {
  /** Letters that Unicode does not take apart, and those of Cyrillic alphabets but Russian. */
  const NEAREST = new Map([
    ...pairs('łøđðıħŋŧə', 'lodoihnte'),
    ...pairs('ёіїєґўәғқңөұүһҳҷӣӯҡҙҫӘјћђќѓѕ', 'еииегуагкноууххчиукзсайчдкгз'),
    ...Object.entries({ ß: 'ss', æ: 'ae', œ: 'oe', þ: 'th', љ: 'ль', њ: 'нь', џ: 'дж' }),
    ...[...'ӏʼ’\'`'].map((sign) => /** @type {[string, string]} */ ([sign, ''])),
  ]);
  const ASCII = /^[\0-\x7f]*$/;
  const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  /** @type {Map<JunkAlphabet, Float64Array>} */
  const costs = new Map();

  /**
   * @param {string} from
   * @param {string} to
   */
  function pairs(from, to) {
    return [...from].map((letter, place) => /** @type {[string, string]} */ ([letter, to[place]]));
  }

  /**
   * A folded text with the nearest letters of the two alphabets; signs and other scripts stay.
   *
   * @param {string} text
   */
  function plainLetters(text) {
    const near = [...text].map((character) => NEAREST.get(character) ?? character).join('');
    if (ASCII.test(near)) return near;
    // й would fall apart into и and a breve.
    const kept = [...near].map((character) =>
      JUNK_DATA.alphabets.cyrillic.includes(character) ? character : character.normalize('NFKD'),
    );
    return [...kept.join('')].filter((character) => !isCombining(character)).join('');
  }

  /**
   * Whether a mark joins the letter before it. Unicode sorts such marks by their class: one with a
   * class goes before U+0345 (the highest) or behind U+0334 (the lowest).
   *
   * @param {string} character
   */
  function isCombining(character) {
    if (!/\p{M}/u.test(character)) return false;
    return [`${character}\u0334`, `\u0345${character}`].some(
      (text) => text.normalize('NFD') !== text,
    );
  }

  /**
   * Which alphabet all letters of a word belong to; null for a mixed word or another script.
   *
   * @param {string} word
   * @returns {JunkAlphabet | null}
   */
  function alphabetOf(word) {
    if (/^[a-z]+$/.test(word)) return 'latin';
    return /^[а-я]+$/.test(word) ? 'cyrillic' : null;
  }

  /**
   * Of a word of letters of this alphabet as a name, its end included. [nat]
   *
   * @param {string} word
   * @param {JunkAlphabet} alphabet
   */
  function logProbability(word, alphabet) {
    const letters = JUNK_DATA.alphabets[alphabet];
    const table = costsOf(alphabet);
    const border = letters.length;
    const size = border + 1;
    let [first, second, total] = [border, border, 0];
    for (const place of [...[...word].map((letter) => letters.indexOf(letter)), border]) {
      total -= table[(first * size + second) * size + place] ?? NaN;
      [first, second] = [second, place];
    }
    return total;
  }

  /**
   * -log P(c | a, b) at `(a * n + b) * n + c`, where n is one more than the letters. [nat]
   *
   * @param {JunkAlphabet} alphabet
   */
  function costsOf(alphabet) {
    const known = costs.get(alphabet) ?? unpackCosts(alphabet);
    costs.set(alphabet, known);
    return known;
  }

  /** @param {JunkAlphabet} alphabet */
  function unpackCosts(alphabet) {
    const { odd, step, alphabets } = JUNK_DATA;
    const size = alphabets[alphabet].length + 1;
    const levels = Array.from({ length: 256 }, (_, level) =>
      -Math.log((1 - odd) * Math.exp(-step * level) + odd / size),
    );
    return Float64Array.from(bytesOf(JUNK_DATA.costs[alphabet]), (level) => levels[level] ?? NaN);
  }

  /**
   * Apps Script and browsers decode base64 in ways of their own.
   *
   * @param {string} base64
   */
  function bytesOf(base64) {
    /** @type {number[]} */
    const bytes = [];
    let [bits, held] = [0, 0];
    for (const character of base64.replace(/=+$/, '')) {
      bits = ((bits << 6) | BASE64.indexOf(character)) & 0xffff;
      held += 6;
      if (held >= 8) {
        held -= 8;
        bytes.push((bits >> held) & 0xff);
      }
    }
    return bytes;
  }

  /**
   * The logarithm of a sum of what is given as logarithms.
   *
   * @param {...number} logs
   */
  function logAdd(...logs) {
    const most = Math.max(...logs);
    return most + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - most), 0));
  }

  return Object.freeze({ plainLetters, alphabetOf, logProbability, logAdd });
})();
