/** What sort of junk an e-mail address is: sheetsync/crm/junk/emails.py. */
const JunkEmails = (() => {
  const LETTER = '[\\p{L}\\p{Nl}\\p{No}]';
  const LETTERS = new RegExp(`${LETTER}+`, 'gu');
  const TOKENS = /[\p{L}\p{N}]+/gu;
  const TOKEN = /^[\p{L}\p{N}]+$/u;
  const SWITCH = new RegExp(`(?<=${LETTER})(?=\\p{Nd})|(?<=\\p{Nd})(?=${LETTER})`, 'gu');
  /** Changes between letters and digits from which a machine, or a cat, made the word up. */
  const SWITCHES = 3;
  /** Digits that may be a phone's. */
  const A_PHONE = 10;
  /** Letters that may be somebody's initials; and a department's, or a short for the firm. */
  const [SHORT, SHORT_IN_A_FIRM] = [3, 6];
  /** Digits of a mailbox of digits alone that somebody may have chosen: a birthday, a number. */
  const SHORTEST = 5;

  /**
   * The sort of junk that an address is, null for any that people have.
   *
   * @param {string} typed an address, or what was typed instead of one
   * @param {string} country of the shop, two letters, to know phone numbers
   * @returns {string | null}
   */
  function sortOfEmail(typed, country) {
    const folded = Texts.fold(typed);
    const at = folded.lastIndexOf('@');
    const local = at < 0 ? folded : folded.slice(0, at);
    if (local.trim().includes(' ')) return null;
    const domain = at < 0 ? '' : Texts.strip(folded.slice(at + 1), ' .>');
    if (JunkWords.isDisposable(domain)) return 'disposable';
    if (at < 0 && !TOKEN.test(local)) return null;
    return isRandom(local, domain, country) ? 'random_mailbox' : null;
  }

  /**
   * @param {string} mailbox
   * @param {string} domain '' where there is none
   * @param {string} country
   */
  function isRandom(mailbox, domain, country) {
    if (JunkWords.of('relay').has(domain)) return false;
    const local = mailbox.split('+')[0] || mailbox;
    const plain = JunkLetters.plainLetters(local);
    const letters = plain.match(LETTERS) ?? [];
    if (letters.length === 0) return isNumber(local.replace(/\P{Nd}/gu, ''), domain, country);
    const label = domain.split('.')[0];
    if (domain && JunkWords.of('no_mailbox').has(local)) return true;
    const isOneLetter = [...local].length === 1;
    if (local === label && (isOneLetter || JunkWords.of('a_mailbox').has(local))) return true;
    const tokens = plain.match(TOKENS) ?? [];
    const { isTest, isWalked, isRepetition } = JunkNames;
    if (isTest(letters) || isWalked(tokens) || isRepetition(letters)) return true;
    const switches = local.match(SWITCH)?.length ?? 0;
    const isNamed = letters.some((word) => JunkEvidence.isName(word));
    return (switches >= SWITCHES && !isNamed) || isMashed(letters, domain);
  }

  /**
   * Whether a mailbox of digits alone is made up.
   *
   * @param {string} digits
   * @param {string} domain
   * @param {string} country
   */
  function isNumber(digits, domain, country) {
    const { length } = [...digits];
    if (length === 0 || JunkWords.of('numbered_mail').has(domain)) return false;
    if (length >= A_PHONE && isPhone(digits, country)) return false;
    return length < SHORTEST || JunkPatterns.isPatterned(digits);
  }

  /**
   * @param {string} digits
   * @param {string} country
   */
  function isPhone(digits, country) {
    return [digits, `+${digits}`].some((text) => {
      const number = Numbering.parse(text, country);
      return number !== null && Numbering.isValid(number);
    });
  }

  /**
   * Whether the letters were typed without a thought. A firm's own name in its own domain is no
   * wonder, however it is spelled.
   *
   * @param {string[]} words
   * @param {string} domain
   */
  function isMashed(words, domain) {
    const own = JunkLetters.plainLetters(domain.slice(0, Math.max(domain.lastIndexOf('.'), 0)));
    const shortest = JunkWords.of('public_mail').has(domain) ? SHORT : SHORT_IN_A_FIRM;
    const long = words.filter((word) => [...word].length > shortest && !own.includes(word));
    const { mashed, typingOrInitials, ENOUGH_OF_MAILBOX } = JunkEvidence;
    return mashed(long, typingOrInitials, ENOUGH_OF_MAILBOX);
  }

  return Object.freeze({ sortOfEmail });
})();
