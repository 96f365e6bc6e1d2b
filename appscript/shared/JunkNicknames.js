/**
 * Nicknames that carry no name: words for nobody in particular, and names of accounts. As
 * sheetsync/crm/junk/nicknames.py.
 */
const JunkNicknames = (() => {
  const LETTER = '[\\p{L}\\p{Nl}\\p{No}]';
  const PARTS = new RegExp(`${LETTER}+`, 'gu');
  /** How accounts are called: one word with an underscore, a year, or a digit for a letter. */
  const ACCOUNT = /^[\p{L}\p{N}_]+$/u;
  const SIGNS = new RegExp(`_|${LETTER}\\p{Nd}{2,}|${LETTER}\\p{Nd}+${LETTER}`, 'u');
  const HUMP = new RegExp(`(?<=${LETTER})(?<![A-ZА-ЯЁ])(?=[A-ZА-ЯЁ])`, 'gu');
  /** The commonest endings of surnames in the countries around Russia. */
  const SURNAME = new RegExp(
    '^.{2,}(?:[оеё]в|[ыи]н|[оеё]ва|[ыи]на|ск(?:ий|ая|ой)|енко|чук|юк|[яа]н|швили|дзе|[ое]вич' +
      '|[eo]va?|ina?|yna?|sk(?:i|y|ij|iy|aya|aia|oi|oy)|enko|chuk|yuk|iuk|yan|ian|shvili|dze' +
      '|[oe]vich)$',
    'u',
  );
  /** Letters of a name or a word that another is written on to. */
  const LEAST = 4;

  /**
   * The words of a nickname as it is typed, humps of DarkLord apart, not yet folded.
   *
   * @param {string} text
   */
  function parts(text) {
    return text.replace(HUMP, ' ').match(PARTS) ?? [];
  }

  /**
   * Whether a cell is a bare nickname.
   *
   * @param {string} typed
   * @param {string[]} words its {@link parts}, folded, in plain letters
   * @param {string[]} whole its words with humps in them, folded, in plain letters
   */
  function isNickname(typed, words, whole) {
    const nicknames = JunkWords.of('nickname');
    if (whole.length > 0 && whole.every((word) => nicknames.has(word))) return true;
    const letters = words.reduce((sum, word) => sum + word.length, 0);
    const isAccount = letters >= LEAST && ACCOUNT.test(typed) && SIGNS.test(typed);
    const pieces = words.flatMap(piecesOf);
    if (pieces.length > 0 && pieces.every((piece) => JunkWords.of('parts').has(piece))) {
      if (isAccount || pieces.some((piece) => nicknames.has(piece))) return true;
      // Freeman and Goldman are names; FreeMan and "mega man" are none.
      const hasHump = !typed.includes(' ') && words.length > 1;
      const boasts = pieces.some((piece) => JunkWords.of('boast').has(piece));
      return hasHump || (pieces.length > 1 && boasts);
    }
    // "lead_15" is how a form names somebody who gave no name.
    const byForm = words.every((word) => JunkWords.of('test_beside').has(word));
    return isAccount && !byForm && !words.some(namesSomebody);
  }

  /**
   * A word as two known pieces, or as it is.
   *
   * @param {string} word
   */
  function piecesOf(word) {
    const known = JunkWords.of('parts');
    for (let cut = LEAST; !known.has(word) && cut <= word.length - LEAST; cut += 1) {
      const halves = [word.slice(0, cut), word.slice(cut)];
      if (halves.every((half) => known.has(half))) return halves;
    }
    return [word];
  }

  /** @param {string} word */
  function namesSomebody(word) {
    const [firstNames, shortNames] = [JunkWords.of('firstNames'), JunkWords.of('short_name')];
    if (shortNames.has(word) || SURNAME.test(word)) return true;
    for (let end = LEAST; end <= word.length; end += 1) {
      const start = word.slice(0, end);
      if (firstNames.has(start) || shortNames.has(start)) return true;
    }
    return false;
  }

  return Object.freeze({ parts, isNickname });
})();
