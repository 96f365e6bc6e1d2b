/** Work that must not interleave with other work of its kind. */
const Locked = (() => {
  const PATIENCE = 15000;

  /**
   * Write to this spreadsheet while no other script does. What was written is in the sheet before
   * the next one begins.
   *
   * @template Answer
   * @param {() => Answer} work
   * @returns {Answer}
   */
  function doing(work) {
    // Google has no document lock for a script that is bound to none; then the script's own serves.
    return holding(LockService.getDocumentLock() ?? LockService.getScriptLock(), work);
  }

  /**
   * Do some work that only reads the spreadsheet, and that nobody else shall do at the same time.
   * Operators go on typing meanwhile: their events wait for another lock.
   *
   * @template Answer
   * @param {() => Answer} work
   * @returns {Answer}
   */
  function alone(work) {
    return holding(LockService.getScriptLock(), work);
  }

  /**
   * @template Answer
   * @param {GoogleAppsScript.Lock.Lock} lock
   * @param {() => Answer} work
   * @returns {Answer}
   */
  function holding(lock, work) {
    if (!lock.tryLock(PATIENCE)) throw Trouble.of('busy');
    try {
      return work();
    } finally {
      try {
        SpreadsheetApp.flush();
      } finally {
        lock.releaseLock();
      }
    }
  }

  return Object.freeze({ doing, alone });
})();
