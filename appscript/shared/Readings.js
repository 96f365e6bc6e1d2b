/** How one cell reads: sheetsync/cells/base.py. */
const Readings = (() => {
  /** @type {Readonly<Reading<any>>} */
  const EMPTY = Object.freeze({ value: null, problem: null });

  /**
   * @template Value
   * @param {Value} value
   * @returns {Reading<Value>}
   */
  function of(value) {
    return { value, problem: null };
  }

  /**
   * @param {string} code of `problems` in the texts
   * @returns {Reading<any>}
   */
  function problem(code) {
    return { value: null, problem: code };
  }

  return Object.freeze({ EMPTY, of, problem });
})();
