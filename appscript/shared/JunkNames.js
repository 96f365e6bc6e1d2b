/** What sort of junk a cell with somebody's name is: sheetsync/crm/junk/names.py. */
const JunkNames = (() => {
  const ADDRESS = /@|:\/\/|(?<![\p{L}\p{N}_])www\./iu;
  const WORDS = /[\p{L}\p{Nl}\p{No}]+/gu;
  const INITIALS = /(?<![\p{L}\p{N}_])[A-ZА-ЯЁ]{1,3}(?![\p{L}\p{N}_])/gu;
  const TOKENS = /[\p{L}\p{N}]+/gu;
  /** Characters; what is longer is no name, and searched no further. */
  const LONGEST = 200;

  /**
   * The sort of junk that a name is; null for a name, or what may be one. An address in the wrong
   * column, other scripts than Latin and Cyrillic, and remarks are no junk.
   *
   * @param {string} text
   * @returns {string | null}
   */
  function sortOfName(text) {
    const typed = [...text].slice(0, LONGEST).join('').trim();
    if (ADDRESS.test(typed)) return null;
    const folded = plainOf(typed.replaceAll('№', ' '));
    const words = folded.match(WORDS) ?? [];
    if (words.length === 0 || (!hasLetters(words) && /\p{Nd}/u.test(folded))) {
      return typed ? 'digits' : null;
    }
    if (words.some((word) => JunkLetters.alphabetOf(word) === null)) return null;
    if (isTest(words)) return 'test';
    if (isWalked(folded.match(TOKENS) ?? [])) return 'keyboard_walk';
    if (isRepetition(words)) return 'repeats';
    const humps = JunkNicknames.parts(typed);
    const apart = humps.length === words.length ? words : humps.map(plainOf);
    if (JunkNicknames.isNickname(typed, apart, words)) return 'nickname';
    const initials = new Set((typed.match(INITIALS) ?? []).map(plainOf));
    const others = words.filter((word) => !initials.has(word));
    return JunkEvidence.mashed(others) ? 'gibberish' : null;
  }

  /** @param {string} text */
  function plainOf(text) {
    return JunkLetters.plainLetters(Texts.fold(text));
  }

  /**
   * A lone letter is an initial or a number's (кв. 5, № 7а), no name.
   *
   * @param {string[]} words
   */
  function hasLetters(words) {
    return words.some(
      (word) => [...word].length > 1 || JunkLetters.alphabetOf(word) === null,
    );
  }

  /**
   * Whether somebody tried the form: nothing but words for that, and walks over the keys.
   *
   * @param {string[]} words
   */
  function isTest(words) {
    const [test, beside] = [JunkWords.of('test'), JunkWords.of('test_beside')];
    if (words.some((word) => test.has(word))) {
      return words.every((word) => test.has(word) || beside.has(word) || isWalk(word));
    }
    return words.every((word) => beside.has(word)) && new Set(words).size > 1;
  }

  /** @param {string} word */
  function isWalk(word) {
    return JunkKeyboard.walk(word) > -Infinity;
  }

  /**
   * Whether words are walks over the keys, numbers aside, and no names.
   *
   * @param {string[]} tokens
   */
  function isWalked(tokens) {
    const worded = tokens.filter((token) => !/^\p{Nd}+$/u.test(token));
    // "1qaz2wsx" walks over the digits, too; behind "asdf12" they are only that.
    const lettered = worded.map((token) => token.replace(/[0-9]+$/, ''));
    return worded.length > 0 && [worded, lettered].some(isWayOverKeys);
  }

  /** @param {string[]} words */
  function isWayOverKeys(words) {
    return words.reduce((sum, word) => sum + JunkEvidence.walking(word), 0) > JunkEvidence.ENOUGH;
  }

  /**
   * Whether every word is a pattern of letters.
   *
   * @param {string[]} words
   */
  function isRepetition(words) {
    const { isRepeated, isTwice } = JunkPatterns;
    return words.every(
      (word) =>
        isRepeated(word) || (isTwice(word) && JunkEvidence.doubling(word) > JunkEvidence.ENOUGH),
    );
  }

  return Object.freeze({ sortOfName, isTest, isWalked, isRepetition });
})();
