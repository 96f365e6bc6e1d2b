/** Whether a cell that should name a company names none: sheetsync/crm/junk/companies.py. */
const JunkCompanies = (() => {
  const WORDS = /[\p{L}\p{Nl}\p{No}]+/gu;
  const TOKENS = /[\p{L}\p{N}]+/gu;
  /** Characters; what is longer is a remark, and searched no further. */
  const LONGEST = 200;
  /** Letters that an acronym may have: ЦНИИЧЕРМ, ВНИИЖТ; in it any letter may follow any. */
  const ACRONYM = 8;
  /** Letters up to which any word may be a brand: МТС, ikea, Xbox, ЙоЙо. */
  const SHORT = 4;

  /**
   * 'no_company' for what can't be a company, null for names and for a person without one.
   *
   * @param {string} typed
   * @returns {string | null}
   */
  function sortOfCompany(typed) {
    return isNone(typed) ? 'no_company' : null;
  }

  /** @param {string} typed */
  function isNone(typed) {
    const folded = plainOf([...typed].slice(0, LONGEST).join(''));
    const words = folded.match(WORDS) ?? [];
    if (words.length === 0) {
      const digits = folded.replace(/\P{Nd}/gu, '');
      return digits === '' || JunkPatterns.isPatterned(digits);
    }
    const [privately, none] = [JunkWords.of('private'), JunkWords.of('no_company')];
    const forms = JunkWords.of('legal_form');
    if (words.some((word) => JunkLetters.alphabetOf(word) === null)) return false;
    if (words.every((word) => privately.has(word))) return false;
    const named = words.filter((word) => !forms.has(word));
    // "n/a" is one word in two pieces.
    if (named.every((word) => none.has(word)) || none.has(named.join(''))) return true;
    const tokens = (folded.match(TOKENS) ?? []).filter((token) => !forms.has(token));
    const { isTest, isWalked, isRepetition } = JunkNames;
    if (isTest(named) || isWalked(tokens) || isRepetition(named)) return !isAcronym(typed);
    return JunkEvidence.mashed(spelledOut(typed));
  }

  /** @param {string} text */
  function plainOf(text) {
    return JunkLetters.plainLetters(Texts.fold(text));
  }

  /**
   * All capitals, and short: ААА and ТТТ are firms.
   *
   * @param {string} typed
   */
  function isAcronym(typed) {
    const forms = JunkWords.of('legal_form');
    const words = (typed.match(WORDS) ?? []).filter((word) => !forms.has(Texts.fold(word)));
    return words.every((word) => isUpper(word) && [...word].length <= SHORT);
  }

  /**
   * The words of a name in plain letters, without acronyms, legal forms and short brands.
   *
   * @param {string} typed
   */
  function spelledOut(typed) {
    const long = (typed.match(WORDS) ?? []).filter((word) => {
      const { length } = [...word];
      return length > SHORT && !(isUpper(word) && length <= ACRONYM);
    });
    return long.map(plainOf).filter((word) => !JunkWords.of('legal_form').has(word));
  }

  /** @param {string} word */
  function isUpper(word) {
    return /\p{Uppercase}/u.test(word) && !/[\p{Lowercase}\p{Lt}]/u.test(word);
  }

  return Object.freeze({ sortOfCompany });
})();
