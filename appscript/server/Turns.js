/**
 * Taking turns with refreshes. A refresh runs elsewhere and knows nothing of a script's lock; but a
 * record of the spreadsheet says whether a script is at work, and changes with each of them. A
 * refresh reads when none is, and what it writes of ids and lines is refused when the record is not
 * what it has read: sheetsync/workbooks/google/{read,steps}.py. So operators never wait for a
 * refresh, and it neither gives an id that a script has just given nor logs what one has just logged.
 */
const Turns = (() => {
  const RECORD = 'sheetsync.turn';
  const AT_WORK = 'at work ';

  /**
   * Do some work that gives ids or adds lines while nobody else does such work.
   *
   * @template Answer
   * @param {GoogleAppsScript.Spreadsheet.Spreadsheet} spreadsheet
   * @param {() => Answer} work
   * @returns {Answer}
   */
  function take(spreadsheet, work) {
    return Locked.doing(() => {
      const [record] = Marks.find(spreadsheet, RECORD);
      if (record === undefined) return work(); // no refresh has been here yet
      // Nobody's edit fails because of this record: where Google refuses it, the work goes on as it
      // did before there were turns, and the next refresh mends what came of it.
      mark(record, `${AT_WORK}${Utilities.getUuid()}`);
      try {
        return work();
      } finally {
        // The work first, then the word that it is done; both while we still have the lock. What
        // Google refuses only now is an error of the work, and no reason to stay "at work".
        try {
          SpreadsheetApp.flush();
        } finally {
          mark(record, Utilities.getUuid());
        }
      }
    });
  }

  /**
   * Write the record at once, not whenever Google comes round to it.
   *
   * @param {GoogleAppsScript.Spreadsheet.DeveloperMetadata} record
   * @param {string} value
   */
  function mark(record, value) {
    try {
      record.setValue(value);
      SpreadsheetApp.flush();
    } catch (error) {
      console.warn(Trouble.trace(error));
    }
  }

  return Object.freeze({ take });
})();
