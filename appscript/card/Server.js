/**
 * The add-on's server side, as promises. Whatever happens on the way, the answer is one of its own:
 * `{ok: true, ...}`, or `{ok: false, told}` with a sentence for the operator.
 */
const Server = (() => {
  /** After so long an answer is not waited for any more; scripts end after six minutes. */
  const PATIENCE = 60_000;

  /**
   * What Google says where it does not let a script run: above all where a browser has several
   * accounts open, of which another one counts. The name of the error is the same in each language.
   * @see https://issuetracker.google.com/issues/69270374
   */
  const REFUSED = /PERMISSION_DENIED|authoriz|авториз/i;

  /** Pauses before another try to read. [ms] */
  const PAUSES = [1000, 3000];

  /**
   * What may be asked: name of the function -> its argument and its answer.
   * @typedef {object} Calls
   * @property {[void, CardOpened]} cardOpen
   * @property {[{id: string | null, row: number | null, stamp: string | null},
   *   CardFollowed]} cardFollow
   * @property {[CardChange, CardSaved | CardConflict]} cardSave
   * @property {[{mine: boolean}, CardToday]} cardToday
   * @property {[string, {ok: true}]} cardGo
   * @property {[void, CardChecked]} cardCheck
   * @property {[string, {ok: true, me: Operator}]} cardMe
   */

  /**
   * Ask once: for what writes, as a lost answer says nothing about what was written.
   * @template {keyof Calls} Name
   * @param {Name} name
   * @param {Calls[Name][0]} argument
   * @returns {Promise<Calls[Name][1] | Lost>}
   */
  function ask(name, argument) {
    return new Promise((resolve) => {
      const lost = () => resolve({ ok: false, told: silence(), lost: true });
      if (!navigator.onLine) {
        lost();
        return;
      }
      const timer = setTimeout(lost, PATIENCE);
      /** @param {unknown} answer */
      const answered = (answer) => {
        clearTimeout(timer);
        if (isAnswer(answer)) resolve(answer);
        else lost();
      };
      /** @param {unknown} error */
      const failed = (error) => {
        const isRefused = REFUSED.test(String(error));
        answered(isRefused ? { ok: false, told: Words.say('card.accounts') } : null);
      };
      // Google puts it there; nothing else of it is used.
      const run = /** @type {any} */ (globalThis).google.script.run;
      try {
        run.withSuccessHandler(answered).withFailureHandler(failed)[name](argument);
      } catch {
        // It refuses some arguments at once, and does not know a function that the script lacks.
        answered(null);
      }
    });
  }

  /**
   * Ask again where no answer came: for what may be done twice.
   * @template {keyof Calls} Name
   * @param {Name} name
   * @param {Calls[Name][0]} argument
   * @returns {Promise<Calls[Name][1] | Lost>}
   */
  async function read(name, argument) {
    for (const pause of PAUSES) {
      const answer = await ask(name, argument);
      if (answer.ok || !('lost' in answer) || !navigator.onLine) return answer;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
    return ask(name, argument);
  }

  function silence() {
    return Words.say(navigator.onLine ? 'card.no_answer' : 'card.offline');
  }

  /**
   * @param {unknown} answer
   * @returns {answer is any}
   */
  function isAnswer(answer) {
    return typeof answer === 'object' && answer !== null && 'ok' in answer;
  }

  return Object.freeze({ ask, read });
})();
