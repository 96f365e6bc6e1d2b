/** Work that must not interleave with that of another operator's event. */
const Locked = (() => {
  const PATIENCE = 15000;

  /**
   * Do some work while nobody else does such work in this spreadsheet. What it wrote is in the
   * sheet before the next one begins.
   *
   * @template Answer
   * @param {() => Answer} work
   * @returns {Answer}
   */
  function doing(work) {
    const lock = LockService.getDocumentLock();
    if (lock === null || !lock.tryLock(PATIENCE)) throw Trouble.of('busy');
    try {
      return work();
    } finally {
      SpreadsheetApp.flush();
      lock.releaseLock();
    }
  }

  return Object.freeze({ doing });
})();
