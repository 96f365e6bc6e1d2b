/**
 * Text of cells: what is invisible goes, what looks alike becomes the same. As
 * sheetsync/cells/text.py, whose words Python and JavaScript do not always take alike: white space
 * is what str.split takes for it, a letter in patterns is [\p{L}\p{Nl}\p{No}] for [^\W\d_], a digit
 * \p{Nd} for \d, a word character [\p{L}\p{N}_] for \w.
 */
const Texts = (() => {
  // Soft hyphen, zero-width spaces, marks of direction. Joiners that hold emoji together stay.
  const INVISIBLE =
    /[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;
  /** Most texts, and all keys: nothing in them is to be cleaned. */
  const CLEAN = /^[!-~]+(?: [!-~]+)*$/;
  const PICTURE_SELECTORS = /[\ufe0e\ufe0f]/g;
  // eslint-disable-next-line no-control-regex -- Python parts words there, \s does not
  const WHITE = /[\s\x1c-\x1f\x85]+/g;
  const DASHES = /[‐‑‒–—―−﹣－]/g;
  // NFKC would make 10² a hundred and two, and 1½ eleven halves.
  const RAISED = /([\u00b2\u00b3\u00b9\u00bc-\u00be\u2070-\u209c\u2150-\u215f\u2189]+)/;
  const TRAILING = '.,;:!?… ';
  // eslint-disable-next-line no-control-regex -- these are what XML can't say
  const UNSTORABLE = /[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]/gu;
  const MAX_TEXT = 32_767;
  /** Unicode folds Cherokee to upper case, and leaves the dotless i alone. */
  const FOLDED_OTHERWISE = /([\u13a0-\u13fd\uab70-\uabbf]+|\u0131+)/;
  /** Beyond 15 digits a float is no longer exact: its digits would be invented. */
  const EXACT = 1e15;

  /**
   * Without invisible characters, every run of any white space one space, none at the ends.
   *
   * @param {string} text
   */
  function clean(text) {
    return CLEAN.test(text) ? text : text.replace(INVISIBLE, '').replace(WHITE, ' ').trim();
  }

  /**
   * {@link clean}, and wide or otherwise dressed up characters as ordinary ones.
   *
   * @param {string} text
   */
  function ordinary(text) {
    const pieces = clean(text).replace(PICTURE_SELECTORS, '').split(RAISED);
    return clean(
      pieces.map((piece, place) => (place % 2 ? piece : piece.normalize('NFKC'))).join(''),
    );
  }

  /**
   * The form in which parsers read: {@link ordinary}, one kind of dash, lower case, ё as е.
   *
   * @param {string} text
   */
  function plain(text) {
    return clean(casefold(ordinary(text).replace(DASHES, '-')).replaceAll('ё', 'е'));
  }

  /**
   * The form in which names are compared: case, ё/е, compatibility forms, runs of white space and
   * trailing punctuation make no difference.
   *
   * @param {string} text
   */
  function fold(text) {
    const folded = casefold(clean(text).normalize('NFKC')).normalize('NFKC');
    return stripEnd(clean(folded.replaceAll('ё', 'е')), TRAILING);
  }

  /**
   * Full case folding of Unicode, as str.casefold: toLowerCase alone would leave ß, ſ and ς.
   *
   * @param {string} text
   */
  function casefold(text) {
    const pieces = text.split(FOLDED_OTHERWISE).map((piece, place) => {
      if (place % 2) return piece.startsWith('\u0131') ? piece : piece.toUpperCase();
      return piece.toLowerCase().toUpperCase().toLowerCase();
    });
    return pieces.join('').replaceAll('ς', 'σ');
  }

  /**
   * As much of a text as a cell of any workbook can hold, without what XML can't say.
   *
   * @param {string} text
   */
  function storable(text) {
    const kept = text.replace(UNSTORABLE, '').replaceAll('\r\n', '\n');
    return kept.length > MAX_TEXT ? Array.from(kept).slice(0, MAX_TEXT).join('') : kept;
  }

  /**
   * A cell as clean text; null when it is empty. Whole numbers have no decimal point, dates are
   * ISO, ticks are TRUE and FALSE.
   *
   * @param {Cell} cell
   * @returns {string | null}
   */
  function textOf(cell) {
    if (typeof cell === 'string') return clean(cell) || null;
    if (typeof cell === 'boolean') return cell ? 'TRUE' : 'FALSE';
    if (cell === null) return null;
    if (typeof cell === 'number') return numberText(cell);
    return cell.iso.replace(/T00:00:00$/, '').replace('T', ' ');
  }

  /**
   * A number as Python writes it: 1e+16 and 1e-05 where JavaScript has digits still.
   *
   * @param {number} number
   */
  function numberText(number) {
    const whole = Number.isInteger(number);
    if (whole && Math.abs(number) < EXACT) return String(number);
    const [digits = '', exponent = ''] = number.toExponential().split('e');
    const power = Number(exponent);
    if (power >= 16 || power < -4) {
      return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
    }
    return whole ? `${number}.0` : String(number);
  }

  /**
   * Without any of these characters at the end, as str.rstrip.
   *
   * @param {string} text
   * @param {string} characters
   */
  function stripEnd(text, characters) {
    let end = text.length;
    while (end > 0 && characters.includes(text.charAt(end - 1))) end -= 1;
    return text.slice(0, end);
  }

  /**
   * Without any of these characters at the start and the end, as str.strip.
   *
   * @param {string} text
   * @param {string} characters
   */
  function strip(text, characters) {
    let start = 0;
    while (start < text.length && characters.includes(text.charAt(start))) start += 1;
    return stripEnd(text.slice(start), characters);
  }

  /**
   * A text with the decimal digits of every script as 0-9.
   *
   * @param {string} text
   */
  function digits(text) {
    return text.replace(/\p{Nd}/gu, digit);
  }

  /**
   * A decimal digit as 0-9. In Unicode the ten of a script follow each other, and where several
   * sets of them touch, each has its ten.
   *
   * @param {string} character
   */
  function digit(character) {
    const code = Number(character.codePointAt(0));
    let first = code;
    while (/\p{Nd}/u.test(String.fromCodePoint(first - 1))) first -= 1;
    return String((code - first) % 10);
  }

  return Object.freeze({
    clean, ordinary, plain, fold, storable, textOf, strip, stripEnd, digits,
  });
})();
