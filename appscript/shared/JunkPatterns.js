/**
 * Letters and digits in a pattern: one again and again, a few in turn, one after another. As
 * sheetsync/crm/junk/patterns.py.
 */
const JunkPatterns = (() => {
  /** A letter so many times is a pattern; twice is Аа. */
  const SAME = 3;

  /**
   * The length of the shortest piece that a text is nothing but repetitions of; the last one may be
   * cut short.
   *
   * @param {string} text
   */
  function period(text) {
    const characters = [...text];
    let n = 1;
    while (n < characters.length && !characters.slice(n).every(repeats)) n += 1;
    return Math.min(n, characters.length);

    /** @type {(character: string, place: number) => boolean} */
    function repeats(character, place) {
      return character === characters[place];
    }
  }

  /**
   * Whether a word is a letter three times and more (ааа), two letters in turn three times
   * (хахаха), or a longer piece three times. Twice is a name: Тинтин.
   *
   * @param {string} word
   */
  function isRepeated(word) {
    return [...word].length >= Math.max(SAME, period(word) * 3);
  }

  /**
   * Whether a word is a piece of three letters and more, twice: abcabc, Bingbing.
   *
   * @param {string} word
   */
  function isTwice(word) {
    const { length } = [...word];
    return length >= 6 && period(word) * 2 === length;
  }

  /**
   * A word with every letter that stands three times and more in a row once.
   *
   * @param {string} word
   */
  function squeezed(word) {
    return word.replace(/(.)\1{2,}/gu, '$1');
  }

  /**
   * Whether digits go up or down one by one, 0 before 1 or after 9. One digit is no run.
   *
   * @param {string} digits
   */
  function isRun(digits) {
    const values = [...Texts.digits(digits)].map(Number);
    const steps = values.slice(1).map((value, place) => (value - (values[place] ?? 0) + 10) % 10);
    return steps.length > 0 && [1, 9].some((way) => steps.every((step) => step === way));
  }

  /**
   * Whether digits are one digit again and again, a run, or two or three digits in turn at least
   * twice (1212, 123123).
   *
   * @param {string} digits
   */
  function isPatterned(digits) {
    const [{ length }, turn] = [[...digits], period(digits)];
    if (length < SAME) return false;
    return isRun(digits) || turn === 1 || (turn <= 3 && length >= 2 * turn);
  }

  return Object.freeze({ period, isRepeated, isTwice, squeezed, isRun, isPatterned });
})();
