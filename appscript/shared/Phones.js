/** Phones as people type them: sheetsync/cells/phones.py. */
const Phones = (() => {
  const PARTED = /[;,/|]|\s(?:и|или|and|or)\s/u;
  const EXTENSION = /[\s,;]*(?:доб|доп|вн|внутр|ext|x|#)\.?\s?:?\s?\p{Nd}{1,6}\.?$/u;
  const ROUNDED = /\p{Nd}[.,]\p{Nd}+e\+?\p{Nd}+/u;
  /** Digits of a number with its country code, ITU-T E.164. */
  const LONGEST = 15;
  /** Digits; with fewer a text is rather a remark. */
  const LEAST = 5;
  /** Digits; with fewer there can't be two numbers. */
  const TWO = 12;
  /** Characters; what is longer is searched no further. */
  const REMARK = 200;

  /**
   * The first number of a cell that is both possible and valid, as E.164: '+79161234567'.
   *
   * @param {Cell} cell
   * @param {string} country two letters (ISO 3166): how a number without a country code is read
   * @returns {PhoneReading}
   */
  function readPhone(cell, country) {
    const typed = Texts.textOf(cell);
    if (typed === null) return { value: null, problem: null, hint: null };
    if (typeof cell === 'number' && Math.abs(cell) >= 10 ** LONGEST) {
      return unread('phone.too_long');
    }
    const isWhole = typeof cell === 'number' && cell >= 0 && Number.isInteger(cell);
    if (!isWhole && typeof cell !== 'string') return unread('phone.unreadable');
    const [text, region] = [Texts.plain(typed), regionOf(country)];
    const value = numbersIn(text, region)[0];
    return value === undefined ? explain(text, region) : { value, problem: null, hint: null };
  }

  /**
   * The second and further numbers of a cell, as E.164.
   *
   * @param {Cell} cell
   * @param {string} country
   * @returns {string[]}
   */
  function otherPhones(cell, country) {
    const text = typeof cell === 'string' ? Texts.plain(cell) : '';
    return digitsIn(text).length < TWO ? [] : numbersIn(text, regionOf(country)).slice(1);
  }

  /**
   * A number as people read it, +7 916 123-45-67; what is no number comes back as it is.
   *
   * @param {string} e164
   * @param {string} country
   */
  function phoneText(e164, country) {
    const number = Numbering.parse(e164, regionOf(country));
    return number ? Numbering.international(number) : e164;
  }

  /** @param {string} country */
  function regionOf(country) {
    return country.trim().toUpperCase();
  }

  /**
   * @param {string} problem
   * @param {string | null} [hint]
   * @returns {PhoneReading}
   */
  function unread(problem, hint = null) {
    return { value: null, problem, hint };
  }

  /**
   * Every number in a text that is possible and valid, as E.164, in order, once.
   *
   * @param {string} text
   * @param {string} region
   */
  function numbersIn(text, region) {
    const whole = valid(text.replace(EXTENSION, ''), region);
    if (whole !== null) return [whole];
    if ([...text].length > REMARK || digitsIn(text).length < LEAST) return [];
    const pieces = text.split(PARTED).map((piece) => piece.replace(EXTENSION, ''));
    return [...new Set(pieces.flatMap((piece) => numbersInPiece(piece, region)))];
  }

  /**
   * @param {string} piece
   * @param {string} region
   * @returns {string[]}
   */
  function numbersInPiece(piece, region) {
    const whole = valid(piece, region);
    if (whole !== null) return [whole];
    // Perhaps two numbers with nothing but a space between.
    const words = digitsIn(piece).length >= TWO ? piece.trim().split(/\s+/) : [];
    for (let cut = 1; cut < words.length; cut += 1) {
      const first = valid(words.slice(0, cut).join(' '), region);
      const rest = first === null ? [] : numbersInPiece(words.slice(cut).join(' '), region);
      if (first !== null && rest.length > 0) return [first, ...rest];
    }
    return PhoneMatcher.find(piece, region).map(Numbering.e164);
  }

  /**
   * Why a text holds no number.
   *
   * @param {string} text
   * @param {string} region
   */
  function explain(text, region) {
    if (ROUNDED.test(text)) return unread('phone.rounded');
    const parts = text.split(PARTED);
    const pieces = digitsIn(text).length <= LONGEST ? [text, ...parts] : parts;
    const piece = pieces.find((one) => digitsIn(one).length >= LEAST) ?? text;
    const digits = digitsIn(piece);
    const isWorded = digits.length < LEAST && /\p{L}/u.test(text);
    if (digits.length === 0 || isWorded) return unread('phone.unreadable');
    if (digits.length < LEAST) return unread('phone.too_short');
    if (digits.length > LONGEST) return unread('phone.too_long');
    return unread(lengthProblem(piece, region), mended(digits.join(''), region));
  }

  /**
   * Whether digits are missing or too many, where the country's numbers tell. The trunk prefix (8
   * in Russia, 0 in Germany) is not one of them.
   *
   * @param {string} text
   * @param {string} region
   */
  function lengthProblem(text, region) {
    const plan = PhonePlans.ofRegion(region);
    const digits = digitsIn(text).join('');
    const isAbroad = text.includes('+');
    const hasTrunk = plan && plan.trunk !== '' && digits.startsWith(plan.trunk) && !isAbroad;
    const full = hasTrunk ? `+${plan.code}${digits.slice(plan.trunk.length)}` : text;
    const again = full.includes('+') ? null : digits;
    const number =
      Numbering.parse(full, region) ?? (again === null ? null : Numbering.parse(again, region));
    switch (number && Numbering.lengthOf(number)) {
      case 'too_short':
      case 'local':
        return 'phone.too_short';
      case 'too_long':
        return 'phone.too_long';
      case 'between': // two lengths that occur
        return (number?.national.length ?? 0) > (plan?.usual || LONGEST)
          ? 'phone.too_long'
          : 'phone.too_short';
      default:
        return 'phone.impossible';
    }
  }

  /**
   * The number that a missing or needless +, or 00 for it, would have made.
   *
   * @param {string} digits
   * @param {string} region
   */
  function mended(digits, region) {
    for (const text of [`+${digits.replace(/^00/, '')}`, digits]) {
      const number = Numbering.parse(text, region);
      const somewhere = number && Numbering.regionOf(number);
      if (somewhere && somewhere !== '001' && valid(text, region)) return phoneText(text, region);
    }
    return null;
  }

  /**
   * @param {string} text
   * @param {string} region
   * @returns {string | null}
   */
  function valid(text, region) {
    const number = Numbering.parse(text, region);
    if (number === null || !Numbering.isPossible(number)) return null;
    return Numbering.isValid(number) ? Numbering.e164(number) : null;
  }

  /** @param {string} text */
  function digitsIn(text) {
    return text.match(/\p{Nd}/gu) ?? [];
  }

  return Object.freeze({ readPhone, otherPhones, phoneText });
})();
