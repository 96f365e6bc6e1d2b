/** What went wrong, as a sentence for the person at the keyboard. */
const Trouble = (() => {
  /** An error whose message is a sentence of ours. */
  class Told extends Error {}

  // Google tells a refusal by its message alone, in the language of the person's account. Russian
  // words count from their beginnings: what is "недоступно" or "неправильно" was not refused.
  const REFUSED = /protected|permission|защищ|(?<!\p{L})(?:разреш|доступ|прав[аоу]?(?!\p{L}))/iu;

  /**
   * An error to throw.
   *
   * @param {string} key of the sentence, below `trouble.`
   * @param {Record<string, string | number>} [values]
   */
  function of(key, values = {}) {
    return new Told(Words.say(`trouble.${key}`, values));
  }

  /**
   * An error to throw with a sentence that is there already.
   *
   * @param {string} text
   */
  function as(text) {
    return new Told(text);
  }

  /**
   * The sentence for an error. One that nobody thought of goes to the log of the script, too.
   *
   * @param {unknown} error
   */
  function sentence(error) {
    if (error instanceof Told) return error.message;
    console.error(trace(error));
    const message = error instanceof Error ? error.message : String(error);
    return Words.say(REFUSED.test(message) ? 'trouble.refused' : 'trouble.unexpected');
  }

  /**
   * An error as the log of the script should have it.
   *
   * @param {unknown} error
   */
  function trace(error) {
    return error instanceof Error && error.stack !== undefined ? error.stack : String(error);
  }

  /**
   * The answer of a function that the sidebar calls; what goes wrong is a refusal in it.
   *
   * @template Answer
   * @param {() => Answer} work
   * @returns {Answer | Refusal}
   */
  function orRefusal(work) {
    try {
      return work();
    } catch (error) {
      return { ok: false, told: sentence(error) };
    }
  }

  return Object.freeze({ of, as, sentence, trace, orRefusal });
})();
