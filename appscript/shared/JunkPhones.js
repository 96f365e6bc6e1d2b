/** What sort of junk a phone number is: sheetsync/crm/junk/phones.py. */
const JunkPhones = (() => {
  /** Digits that a subscriber is known by within an area or an operator, in most countries. */
  const SUBSCRIBER = 7;
  /** Digits in a row that nobody is given. */
  const RUN = 8;
  /** Digits of what may be meant as a number at all. */
  const FEWEST = 3;
  /** Characters of a cell that are looked at. */
  const SHOWN = 60;

  /**
   * @param {string} e164 a valid number
   * @returns {string | null} 'patterned' for one that nobody is given
   */
  function sortOfPhone(e164) {
    const digits = e164.replace('+', '');
    const { isRun, period } = JunkPatterns;
    if (isRun(digits.slice(-RUN)) || period(digits.slice(-SUBSCRIBER)) === 1) return 'patterned';
    // At most three digits of a country code: without it, two digits in turn.
    const isInTurn = [1, 2, 3].some((code) => period(digits.slice(code)) <= 2);
    return isInTurn ? 'patterned' : null;
  }

  /**
   * The sort of junk that a text is from which no number could be read; null for a remark, for a
   * number that lacks only its area code or its plus, and for one that a spreadsheet rounded.
   *
   * @param {string} text clean
   * @param {string} country
   * @returns {'patterned' | 'impossible' | null}
   */
  function sortOfUnread(text, country) {
    const { problem, hint } = Phones.readPhone(text, country);
    const shown = beginning(text);
    const groups = shown.match(/\p{Nd}+/gu) ?? [];
    const digits = groups.join('');
    const { length } = [...digits];
    const isRemark = (shown.match(/\p{L}/gu) ?? []).length >= length;
    if (length < FEWEST || isRemark || problem === 'phone.rounded' || hint !== null) return null;
    const region = country.trim().toUpperCase();
    if (isMadeUp(groups, region)) return 'patterned';
    return lacksAreaCode(digits, region) ? null : 'impossible';
  }

  /**
   * A cell as messages quote it.
   *
   * @param {string} text
   */
  function beginning(text) {
    const characters = [...text];
    if (characters.length <= SHOWN) return text;
    return `${characters.slice(0, SHOWN - 1).join('').trimEnd()}…`;
  }

  /**
   * Whether typed groups of digits make a pattern, with or without the country's own code or trunk
   * prefix in front.
   *
   * @param {string[]} groups
   * @param {string} region
   */
  function isMadeUp(groups, region) {
    const { isPatterned, isRun, period } = JunkPatterns;
    const digits = groups.join('');
    const plan = PhonePlans.ofRegion(region);
    const fronts = ['', String(plan?.code ?? 0), plan?.trunk ?? ''];
    const rests = fronts.flatMap((front) =>
      digits.startsWith(front) ? [digits.slice(front.length)] : [],
    );
    if (rests.some((rest) => isPatterned(rest) || isRun(subscriber(rest)) || isFlat(rest))) {
      return true;
    }
    // 111 22 33: every group one digit, and the digits themselves a run or the same.
    const heads = groups.map((group) => Number(Texts.digits(group).charAt(0)));
    return (
      groups.length > 1 &&
      groups.every((group) => [...group].length > 1 && period(group) === 1) &&
      heads.slice(1).every((head, place) => Math.abs(head - (heads[place] ?? NaN)) <= 1)
    );
  }

  /**
   * Whether the last seven digits, or all of a shorter number, are one digit.
   *
   * @param {string} digits
   */
  function isFlat(digits) {
    return [...digits].length >= FEWEST && JunkPatterns.period(subscriber(digits)) === 1;
  }

  /** @param {string} digits */
  function subscriber(digits) {
    return [...digits].slice(-SUBSCRIBER).join('');
  }

  /**
   * Whether people of the country dial it within a town.
   *
   * @param {string} digits
   * @param {string} region
   */
  function lacksAreaCode(digits, region) {
    const number = Numbering.parse(digits, region);
    return number !== null && Numbering.lengthOf(number) === 'local';
  }

  return Object.freeze({ sortOfPhone, sortOfUnread });
})();
