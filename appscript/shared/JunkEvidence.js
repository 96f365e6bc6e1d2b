/**
 * How much a word speaks for idle fingers, and against a name; by Bayes' rule, in nat. As
 * sheetsync/crm/junk/evidence.py.
 */
const JunkEvidence = (() => {
  const SURE = 0.99;
  /** Of names, and of mailboxes, what share is typed without a thought. */
  const [AMONG_NAMES, AMONG_MAILBOXES] = [0.02, 0.05];
  /** Evidence from which a name, or a company, is junk: about 8.5; and a mailbox: about 7.5. */
  const [ENOUGH, ENOUGH_OF_MAILBOX] = [enough(AMONG_NAMES), enough(AMONG_MAILBOXES)];
  /** Evidence below which a word is one in a spelling that its writer did not see. */
  const CLEARLY = -2;
  /** Of mailboxes that have initials written on to a name. */
  const INITIALS_SHARE = 0.1;
  /** Of words typed without a thought, how many are typed twice over; and of names. */
  const [DOUBLED, DOUBLED_NAMES] = [0.1, 0.01];
  /** Initials before and behind a name. */
  const INITIALS = /** @type {[number, number][]} */ ([[1, 0], [2, 0], [0, 1], [0, 2], [0, 3]]);

  /** @param {number} prior */
  function enough(prior) {
    return Math.log(SURE / (1 - SURE)) - Math.log(prior / (1 - prior));
  }

  /**
   * Evidence that a word in plain letters was typed without a thought; 0 where it can't be told.
   *
   * @param {string} word
   */
  function typing(word) {
    const alphabet = JunkLetters.alphabetOf(word);
    if (alphabet === null || word.length < 3) return 0;
    const typed = JunkKeyboard.logProbability(word, alphabet);
    return typed - JunkLetters.logProbability(word, alphabet);
  }

  /**
   * Evidence that a word of letters and digits is a walk over the keys, minus infinite where it can
   * be none.
   *
   * @param {string} word
   */
  function walking(word) {
    const chance = JunkKeyboard.walk(word);
    const letters = word.replace(/\P{L}/gu, '');
    const alphabet = JunkLetters.alphabetOf(letters);
    if (chance === -Infinity || alphabet === null) return -Infinity;
    return chance - JunkLetters.logProbability(letters, alphabet);
  }

  /**
   * {@link typing}, where letters at either end may be initials: jsmith, ivanovaa.
   *
   * @param {string} word
   */
  function typingOrInitials(word) {
    const alphabet = JunkLetters.alphabetOf(word);
    if (alphabet === null || word.length < 5) return typing(word);
    const initial = -Math.log(JUNK_DATA.alphabets[alphabet].length);
    const readings = INITIALS.flatMap(([before, behind]) => {
      const rest = word.slice(before, word.length - behind);
      if (rest.length <= 3) return [];
      const joined = Math.log(INITIALS_SHARE / INITIALS.length) + (before + behind) * initial;
      return [joined + JunkLetters.logProbability(rest, alphabet)];
    });
    const named = JunkLetters.logAdd(JunkLetters.logProbability(word, alphabet), ...readings);
    return JunkKeyboard.logProbability(word, alphabet) - named;
  }

  /**
   * Evidence that a word of two equal halves was typed without a thought: dfgdfg, but not Weiwei.
   *
   * @param {string} word
   */
  function doubling(word) {
    const half = word.slice(0, Math.floor(word.length / 2));
    const alphabet = JunkLetters.alphabetOf(word);
    if (alphabet === null || half + half !== word) return -Infinity;
    const typed = JunkKeyboard.logProbability(half, alphabet) + Math.log(DOUBLED);
    const doubled = JunkLetters.logProbability(half, alphabet) + Math.log(DOUBLED_NAMES);
    return typed - JunkLetters.logAdd(JunkLetters.logProbability(word, alphabet), doubled);
  }

  /**
   * Whether a word of three letters and more is rather a word than typing.
   *
   * @param {string} word
   * @param {number} [below]
   */
  function isName(word, below = 0) {
    if ([...word].length <= 2) return false;
    return JunkWords.of('firstNames').has(word) || typing(word) < below;
  }

  /**
   * Whether a text of these words was typed without a thought. Only its oddest word counts; one
   * that is rather a name saves the text, and so does one that clearly is a name in the other
   * layout, or when it is not drawn out.
   *
   * @param {string[]} words
   * @param {(word: string) => number} [evidence]
   * @param {number} [least]
   */
  function mashed(words, evidence = typing, least = ENOUGH) {
    const oddest = words.length > 0 ? Math.max(...words.map(evidence)) : 0;
    if (oddest <= least || words.some((word) => isName(word))) return false;
    const spellings = [
      ...words.map(JunkKeyboard.otherLayout),
      ...words.map(JunkPatterns.squeezed),
    ];
    return !spellings.some((word) => isName(word, CLEARLY));
  }

  return Object.freeze({
    ENOUGH, ENOUGH_OF_MAILBOX, walking, typingOrInitials, doubling, isName, mashed,
  });
})();
