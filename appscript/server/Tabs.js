/**
 * A tab, and where its columns are: found by {@link Layout}.
 *
 * @typedef {object} TabAt
 * @property {string} key
 * @property {GoogleAppsScript.Spreadsheet.Sheet} sheet
 * @property {Record<string, number>} columns key, also `own:Header` -> position, 1 is the first
 * @property {string[]} header texts as they stand
 * @property {unknown[][]} body the rows below, of a tab that was read whole; else none
 * @property {string} zone of the spreadsheet
 */

/**
 * A row of a tab.
 *
 * @typedef {object} Row
 * @property {number} row in the sheet, 1 is the header
 * @property {Record<string, Cell>} cells by key
 */

/**
 * Reading and writing one tab by the keys of its columns, whole blocks at a time: each call to the
 * spreadsheet costs more than all that is computed here.
 */
const Tabs = (() => {
  const OWN = 'own:';

  /** Columns that hold days or times. A date anywhere else is the number that Python sees there. */
  const DATES = new Set([
    'created', 'next_action', 'at', 'last_date', 'status_owed_since', 'date_owed_since',
  ]);

  /**
   * A value of getValues().
   *
   * @param {unknown} value
   * @param {string} key of its column
   * @param {string} zone
   * @returns {Cell}
   */
  function cell(value, key, zone) {
    if (value === '' || value === null || value === undefined) return null;
    if (typeof value !== 'object') {
      return typeof value === 'number' || typeof value === 'boolean' ? value : String(value);
    }
    if (!isDate(value)) return String(value);
    const iso = Clock.iso(value, zone);
    return DATES.has(key) ? { iso } : Clock.serial(iso);
  }

  /**
   * Not by `instanceof`: a date that a service made may be of another global scope than ours.
   *
   * @param {unknown} value
   * @returns {value is Date}
   */
  function isDate(value) {
    return Object.prototype.toString.call(value) === '[object Date]';
  }

  /**
   * Some rows. One call.
   *
   * @param {TabAt} tab
   * @param {number} first
   * @param {number} last
   * @param {readonly string[]} [keys] the columns that are wanted; all where they are left out
   * @returns {Row[]}
   */
  function rows(tab, first, last, keys = Object.keys(tab.columns)) {
    const columns = Object.entries(tab.columns).filter(([key]) => keys.includes(key));
    if (last < first || columns.length === 0) return [];
    const places = columns.map(([, at]) => at);
    const [left, right] = [Math.min(...places), Math.max(...places)];
    const block = tab.sheet.getRange(first, left, last - first + 1, right - left + 1);
    return block.getValues().map((line, i) => ({
      row: first + i,
      cells: Object.fromEntries(
        columns.map(([key, at]) => [key, cell(line[at - left], key, tab.zone)]),
      ),
    }));
  }

  /**
   * All cells of a column under the header; the first is that of row 2. Two calls.
   *
   * @param {TabAt} tab
   * @param {string} key
   * @returns {Cell[]} empty where the column is not there
   */
  function column(tab, key) {
    const at = tab.columns[key];
    const last = tab.sheet.getLastRow();
    if (at === undefined || last < 2) return [];
    const values = tab.sheet.getRange(2, at, last - 1, 1).getValues();
    return values.map(([value]) => cell(value, key, tab.zone));
  }

  /**
   * The rows that hold one of some keys, in sheet order. Three calls at most: the rows in between
   * are read with them.
   *
   * @param {TabAt} tab
   * @param {string} key of the column with the row keys
   * @param {ReadonlySet<string>} wanted
   * @param {readonly string[]} [keys] the columns that are wanted; all where they are left out
   * @returns {Row[]}
   */
  function keyed(tab, key, wanted, keys) {
    const places = column(tab, key).flatMap((each, i) => (wanted.has(text(each)) ? [i + 2] : []));
    const [first, last] = [places[0], places[places.length - 1]];
    if (first === undefined || last === undefined) return [];
    const here = new Set(places);
    return rows(tab, first, last, keys).filter((each) => here.has(each.row));
  }

  /**
   * A cell as clean text, "" for none.
   *
   * @param {Cell | undefined} cell_
   */
  function text(cell_) {
    return Texts.textOf(cell_ ?? null) ?? '';
  }

  /**
   * What people see a column is called.
   *
   * @param {TabAt} tab
   * @param {string} key
   */
  function header(tab, key) {
    const at = tab.columns[key];
    const shown = at === undefined ? '' : (tab.header[at - 1] ?? '');
    return shown || (CONFIG.tabs[tab.key]?.columns[key] ?? key);
  }

  /**
   * 1 -> A, 27 -> AA; "" for none.
   *
   * @param {number} position
   */
  function letters(position) {
    let text = '';
    for (let rest = position; rest > 0; rest = Math.floor((rest - 1) / 26)) {
      text = String.fromCharCode(65 + ((rest - 1) % 26)) + text;
    }
    return text;
  }

  return Object.freeze({ OWN, rows, column, keyed, text, header, letters });
})();
