/**
 * What may be kept for a while so that it need not be looked up again: for everybody in the
 * spreadsheet ('Document'), or for the person at the keyboard ('User'). A cache may be away, full,
 * or too small for a text; nobody's edit fails because of that.
 */
const Kept = (() => {
  /** @typedef {'Document' | 'User'} Whose */

  /**
   * @param {Whose} whose
   * @param {string} key
   * @returns {string | null} null where nothing is kept
   */
  function get(whose, key) {
    return trying(whose, (cache) => cache.get(key));
  }

  /**
   * @param {Whose} whose
   * @param {string} key
   * @param {string} text
   * @param {number} seconds
   */
  function put(whose, key, text, seconds) {
    trying(whose, (cache) => cache.put(key, text, seconds));
  }

  /**
   * @param {Whose} whose
   * @param {string} key
   */
  function remove(whose, key) {
    trying(whose, (cache) => cache.remove(key));
  }

  /**
   * @template Answer
   * @param {Whose} whose
   * @param {(cache: GoogleAppsScript.Cache.Cache) => Answer} work
   * @returns {Answer | null}
   */
  function trying(whose, work) {
    try {
      const cache = CacheService[`get${whose}Cache`]();
      return cache === null ? null : work(cache);
    } catch (error) {
      console.warn(Trouble.trace(error));
      return null;
    }
  }

  return Object.freeze({ get, put, remove });
})();
