/** What the add-on says in passing: one toast for one event, three sentences at most. */
const Toasts = (() => {
  const MOST = 3;
  const SECONDS = 12;
  const AGAIN_AFTER = 3600;

  /**
   * @param {GoogleAppsScript.Spreadsheet.Spreadsheet} spreadsheet
   * @param {readonly string[]} sentences the most important first
   */
  function say(spreadsheet, sentences) {
    if (sentences.length === 0) return;
    const text = sentences.slice(0, MOST).join('\n');
    spreadsheet.toast(text, Words.say('menu.title'), SECONDS);
  }

  /**
   * Say something that would be a nuisance at each keystroke: once an hour to one person.
   *
   * @param {GoogleAppsScript.Spreadsheet.Spreadsheet} spreadsheet
   * @param {string} sentence
   */
  function sayOnce(spreadsheet, sentence) {
    const key = `said.${Sha256.hex(sentence).slice(0, 16)}`;
    if (Kept.get('User', key) !== null) return;
    Kept.put('User', key, '1', AGAIN_AFTER);
    say(spreadsheet, [sentence]);
  }

  return Object.freeze({ say, sayOnce });
})();
