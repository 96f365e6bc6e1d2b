/**
 * The spreadsheet, looked at during one run of the script.
 *
 * @typedef {object} Workbook
 * @property {GoogleAppsScript.Spreadsheet.Spreadsheet} spreadsheet
 * @property {string} zone
 * @property {string} version of the sheet's layout
 * @property {(sheet: GoogleAppsScript.Spreadsheet.Sheet) => string | null} keyOf of a sheet
 * @property {(key: string) => TabAt | null} tab
 * @property {(key: string, columns: readonly string[]) => TabAt} need throws a sentence where the
 *   tab or one of these columns is gone
 */

/**
 * Which sheet is which tab, and where its columns are: by developer metadata, never by title,
 * header or place, so that people may rename and move them. What was found is kept for a while, as
 * long as the header row still reads the same.
 *
 * Where there is none at all (a file that was uploaded to Google, say), the titles and headers
 * count as they were when the add-on was built.
 */
const Layout = (() => {
  const TAB = 'sheetsync.tab';
  const COLUMN = 'sheetsync.column';
  const VERSION = 'sheetsync.meta.layout';
  const KEPT = 600;

  /** Tabs that are wanted with all they hold, so that one call reads them. */
  const WHOLE = new Set(['addon']);

  /** @typedef {{ sheets: Record<string, number>, version: string }} Known */
  /** @typedef {{ columns: Record<string, number>, header: string[] }} KnownTab */

  // Metadata ids of ours, as sheetsync/workbooks/google/names.py makes them: a copy has another.
  const [FIRST_ITEM, FIRST_REVISION] = [100000000, 1000000000];

  /**
   * @param {GoogleAppsScript.Spreadsheet.Spreadsheet} [spreadsheet] the one the script belongs to
   * @returns {Workbook}
   */
  function open(spreadsheet = SpreadsheetApp.getActiveSpreadsheet()) {
    const zone = Clock.zoneOf(spreadsheet);
    const tabs = /** @type {Map<string, TabAt | null>} */ (new Map());
    let known = remembered(spreadsheet);

    /** @param {string} key */
    function sheetOf(key) {
      const id = known.sheets[key];
      const sheet = id === undefined ? null : spreadsheet.getSheetById(id);
      if (sheet !== null) return sheet;
      // Made or deleted since we looked last.
      known = lookUp(spreadsheet);
      const now = known.sheets[key];
      return now === undefined ? null : spreadsheet.getSheetById(now);
    }

    /** @param {string} key */
    function tab(key) {
      const found = tabs.get(key);
      if (found !== undefined) return found;
      const sheet = sheetOf(key);
      const at = sheet === null ? null : tabAt(key, sheet, zone);
      tabs.set(key, at);
      return at;
    }

    /**
     * @param {string} key
     * @param {readonly string[]} columns
     */
    function need(key, columns) {
      const titles = CONFIG.tabs[key];
      const at = tab(key);
      if (at === null) throw Trouble.of('tab_missing', { tab: titles?.title ?? key });
      const gone = columns.find((column) => at.columns[column] === undefined);
      if (gone !== undefined) {
        const column = titles?.columns[gone] ?? gone;
        throw Trouble.of('column_missing', { column, tab: at.sheet.getName() });
      }
      return at;
    }

    return {
      spreadsheet,
      zone,
      version: known.version,
      keyOf: (sheet) => {
        const id = sheet.getSheetId();
        return Object.keys(known.sheets).find((key) => known.sheets[key] === id) ?? null;
      },
      tab,
      need,
    };
  }

  /**
   * A sentence where the add-on and the sheet are of different versions; null where they fit.
   *
   * @param {Workbook} book
   */
  function mismatch(book) {
    if (book.version === '') return Words.say('trouble.no_crm');
    const [sheet, script] = [Number(book.version), Number(CONFIG.layout)];
    if (sheet === script) return null;
    return Words.say(sheet > script ? 'trouble.add_on_older' : 'trouble.sheet_older');
  }

  /** @param {GoogleAppsScript.Spreadsheet.Spreadsheet} spreadsheet */
  function remembered(spreadsheet) {
    const kept = /** @type {Known | null} */ (recall('layout'));
    // Where they did not fit, a refresh may have brought the sheet up to date since.
    return kept?.version === CONFIG.layout ? kept : lookUp(spreadsheet);
  }

  /**
   * @param {GoogleAppsScript.Spreadsheet.Spreadsheet} spreadsheet
   * @returns {Known}
   */
  function lookUp(spreadsheet) {
    const marks = Marks.find(spreadsheet, TAB);
    // Not kept: marks count as soon as there are some.
    if (marks.length === 0) return byTitle(spreadsheet);
    const places = marks.map((mark) => ({
      mark,
      place: mark.getLocation().getSheet()?.getSheetId() ?? -1,
    }));
    const [version] = Marks.find(spreadsheet, VERSION);
    const known = { sheets: originals(TAB, places), version: version?.getValue() ?? '' };
    remember('layout', known);
    return known;
  }

  /**
   * @param {GoogleAppsScript.Spreadsheet.Spreadsheet} spreadsheet
   * @returns {Known}
   */
  function byTitle(spreadsheet) {
    /** @type {Record<string, number>} */
    const sheets = {};
    for (const [key, { title }] of Object.entries(CONFIG.tabs)) {
      const sheet = spreadsheet.getSheetByName(title);
      if (sheet !== null) sheets[key] = sheet.getSheetId();
    }
    return { sheets, version: sheets['leads'] === undefined ? '' : CONFIG.layout };
  }

  /**
   * @param {string} key
   * @param {GoogleAppsScript.Spreadsheet.Sheet} sheet
   * @param {string} zone
   * @returns {TabAt}
   */
  function tabAt(key, sheet, zone) {
    const width = sheet.getLastColumn();
    const height = WHOLE.has(key) ? sheet.getLastRow() : 1;
    const [top, ...body] = width === 0 ? [] : sheet.getRange(1, 1, height, width).getValues();
    const header = (top ?? []).map(String);
    const kept = /** @type {KnownTab | null} */ (recall(`layout.${key}`));
    const good = kept !== null && JSON.stringify(kept.header) === JSON.stringify(header);
    const marked = good ? kept.columns : columnsOf(key, sheet);
    if (!good && marked !== null) remember(`layout.${key}`, { columns: marked, header });
    const columns = marked ?? byHeader(key, header);
    return { key, sheet, zone, header, body, columns: { ...columns, ...own(columns, header) } };
  }

  /**
   * @param {string} tab
   * @param {GoogleAppsScript.Spreadsheet.Sheet} sheet
   * @returns {Record<string, number> | null} null where no column is marked
   */
  function columnsOf(tab, sheet) {
    const marks = Marks.find(sheet, COLUMN);
    if (marks.length === 0) return null;
    const places = marks.map((mark) => ({
      mark,
      place: mark.getLocation().getColumn()?.getColumn() ?? 0,
    }));
    const ours = `${tab}.`;
    return Object.fromEntries(
      Object.entries(originals(COLUMN, places))
        .filter(([key]) => key.startsWith(ours))
        .map(([key, place]) => [key.slice(ours.length), place]),
    );
  }

  /**
   * @param {string} tab
   * @param {readonly string[]} header
   * @returns {Record<string, number>}
   */
  function byHeader(tab, header) {
    const places = Object.entries(CONFIG.tabs[tab]?.columns ?? {}).map(([key, text]) => {
      return /** @type {const} */ ([key, header.indexOf(text) + 1]);
    });
    return Object.fromEntries(places.filter(([, place]) => place > 0));
  }

  /**
   * Where each thing is; of several with one key (somebody copied a tab) the original, else the
   * first.
   *
   * @param {string} kind
   * @param {readonly { mark: GoogleAppsScript.Spreadsheet.DeveloperMetadata, place: number }[]} all
   */
  function originals(kind, all) {
    /** @type {Record<string, number>} */
    const found = {};
    for (const { mark, place } of all) {
      const key = mark.getValue() ?? '';
      if (found[key] === undefined || mark.getId() === itemId(kind, key)) found[key] = place;
    }
    return found;
  }

  /**
   * Columns that people added, as sheetsync/workbooks/google/read.py names them.
   *
   * @param {Record<string, number>} columns
   * @param {readonly string[]} header
   */
  function own(columns, header) {
    const taken = new Set(Object.values(columns));
    /** @type {Record<string, number>} */
    const found = {};
    header.forEach((text, i) => {
      if (text === '' || taken.has(i + 1)) return;
      let key = `${Tabs.OWN}${text}`;
      for (let again = 2; found[key] !== undefined; again++) key = `${Tabs.OWN}${text} ${again}`;
      found[key] = i + 1;
    });
    return found;
  }

  /**
   * @param {string} kind
   * @param {string} value
   */
  function itemId(kind, value) {
    return FIRST_ITEM + (crc32(`${kind}=${value}`) % (FIRST_REVISION - FIRST_ITEM));
  }

  /**
   * CRC-32 (ISO 3309), as zlib has it.
   *
   * @param {string} text
   */
  function crc32(text) {
    let sum = -1;
    for (const byte of Utf8.bytes(text)) {
      sum ^= byte;
      for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
    }
    return ~sum >>> 0;
  }

  /**
   * @param {string} key
   * @returns {unknown}
   */
  function recall(key) {
    const text = Kept.get('Document', key);
    return text === null ? null : JSON.parse(text);
  }

  /**
   * @param {string} key
   * @param {unknown} value
   */
  function remember(key, value) {
    Kept.put('Document', key, JSON.stringify(value), KEPT);
  }

  return Object.freeze({ open, mismatch });
})();
