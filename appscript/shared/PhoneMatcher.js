/**
 * Phone numbers in a text with other things in it, as libphonenumber's PhoneNumberMatcher finds
 * them at its leniency VALID. What only texts with slashes or with wide signs need is left out:
 * Phones has parted such a text, and made its signs ordinary.
 */
const PhoneMatcher = (() => {
  const LEADING = /^[([+]/;
  /** Brackets in pairs; the first one may have been lost. */
  const BRACKETS = /^[([]?(?:[^()[\]]+[)\]])?[^()[\]]+(?:[([][^()[\]]+[)\]]){0,3}[^()[\]]*$/;
  /** Pages and the year of a publication: 211-227 (2003). */
  const PAGES = /\p{Nd}{1,5}-+\p{Nd}{1,5}\s{0,4}\(\p{Nd}{1,4}/u;
  const TIME = /[12]\p{Nd}{3}-?[01]\p{Nd}-?[0-3]\p{Nd} +[0-2]\p{Nd}$/u;
  const MINUTES = /^:[0-5]\p{Nd}/u;
  /** Blocks of Latin letters and of marks on letters, first and last characters. */
  const LATIN = /** @type {[number, number][]} */ ([
    [0, 0x24f], [0x300, 0x36f], [0x1e00, 0x1eff],
  ]);
  /** Where one candidate may be two numbers, or a number and something else; the surest first. */
  const SEPARATORS = [
    /(\([^(]*)/gu,
    /(?:\s-|-\s)\s*(.+)/gu,
    /\.+\s*([^.]+)/gu,
    /\s+(\S+)/gu,
  ];

  /**
   * @param {string} text plain, without slashes
   * @param {string} region how a number without a country code is read; two capital letters
   * @returns {PhoneNumber[]} in the order of the text
   */
  function find(text, region) {
    /** @type {PhoneNumber[]} */
    const numbers = [];
    let place = 0;
    for (;;) {
      const candidate = PhoneSyntax.candidate(text, place);
      if (candidate === null) return numbers;
      const found = inCandidate(candidate, text, region);
      if (found) numbers.push(found.number);
      place = found?.end ?? candidate.start + candidate.text.length;
    }
  }

  /**
   * @param {PhoneCandidate} candidate
   * @param {string} text
   * @param {string} region
   * @returns {{ number: PhoneNumber, end: number } | null}
   */
  function inCandidate(candidate, text, region) {
    const behind = text.slice(candidate.start + candidate.text.length);
    if (TIME.test(candidate.text) && MINUTES.test(behind)) return null;
    for (const { start, text: part } of [candidate, ...parts(candidate)]) {
      const number = verified(start, part, text, region);
      if (number) return { number, end: start + part.length };
    }
    return null;
  }

  /**
   * Pieces of a candidate that may be a number by themselves.
   *
   * @param {PhoneCandidate} candidate
   * @returns {PhoneCandidate[]}
   */
  function parts({ start, text }) {
    return SEPARATORS.flatMap((separator) => {
      const matches = overlapping(separator, text);
      const first = matches[0];
      if (first === undefined) return [];
      const groups = matches.map((match) => {
        const group = match[1] ?? '';
        return { start: start + match.index + match[0].length - group.length, text: group };
      });
      return [{ start, text: text.slice(0, first.index) }, ...groups].map((part) => ({
        start: part.start,
        text: PhoneSyntax.withoutUnwantedEnd(part.text),
      }));
    });
  }

  /**
   * Matches that begin anywhere, also within one another.
   *
   * @param {RegExp} pattern
   * @param {string} text
   */
  function overlapping(pattern, text) {
    /** @type {RegExpExecArray[]} */
    const matches = [];
    for (let place = 0; place <= text.length; place = (matches.at(-1)?.index ?? 0) + 1) {
      pattern.lastIndex = place;
      const match = pattern.exec(text);
      if (match === null) break;
      matches.push(match);
    }
    return matches;
  }

  /**
   * @param {number} start of the part in the text
   * @param {string} part
   * @param {string} text
   * @param {string} region
   * @returns {PhoneNumber | null} null where the part is no number that stands by itself
   */
  function verified(start, part, text, region) {
    if (!BRACKETS.test(part) || PAGES.test(part)) return null;
    const before = [...text.slice(0, start)].at(-1) ?? '';
    const [behind = ''] = text.slice(start + part.length);
    if ((!LEADING.test(part) && isOfWord(before)) || isOfWord(behind)) return null;
    const number = Numbering.parse(part, region);
    if (number === null || !Numbering.isValid(number)) return null;
    return hasGoodXs(number, part) && hasPrefix(number, part) ? number : null;
  }

  /**
   * Whether a character beside a number makes it a part of something else: abc8005001234, 50 €.
   *
   * @param {string} character '' where the text ends
   */
  function isOfWord(character) {
    if (/^[%\p{Sc}]$/u.test(character)) return true;
    const code = character.codePointAt(0) ?? 0;
    const isLatin = LATIN.some(([first, last]) => code >= first && code <= last);
    return isLatin && /^[\p{L}\p{Mn}]$/u.test(character);
  }

  /**
   * An x is good before an extension, two are for a carrier's code before the same number.
   *
   * @param {PhoneNumber} number
   * @param {string} text
   */
  function hasGoodXs(number, text) {
    for (let place = 0; place < text.length - 1; place += 1) {
      if (!/x/i.test(text.charAt(place))) continue;
      if (/x/i.test(text.charAt(place + 1))) {
        place += 1;
        if (!isSame(number, text.slice(place))) return false;
      } else if (number.extension === '' || digitsAt(text, place) !== number.extension) {
        return false;
      }
    }
    return true;
  }

  /**
   * @param {string} text
   * @param {number} place
   */
  function digitsAt(text, place) {
    return PhoneSyntax.digits(text.slice(place));
  }

  /**
   * Whether a text without a country code is the same number.
   *
   * @param {PhoneNumber} number
   * @param {string} text
   */
  function isSame(number, text) {
    const [main = ''] = PhonePlans.regionsOf(number.code);
    const other = Numbering.parse(text, '') === null ? Numbering.parse(text, main) : null;
    if (other === null || other.extension !== number.extension) return false;
    return Numbering.e164(other) === Numbering.e164(number);
  }

  /**
   * Whether a number has its trunk prefix where people of its country always write one.
   *
   * @param {PhoneNumber} number
   * @param {string} text
   */
  function hasPrefix({ code, national, source }, text) {
    const plan = PhonePlans.ofCode(code);
    if (source !== 'home' || plan === null) return true;
    const withTrunk = Numbering.formatOf(plan.formats, national)?.withTrunk ?? false;
    return !withTrunk || Numbering.withoutPrefix(PhoneSyntax.digits(text), plan).found;
  }

  return Object.freeze({ find });
})();
