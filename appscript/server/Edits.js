/**
 * What an edit of Leads sets off. One event may be a keystroke, a paste, a fill-down, an undo, a
 * sorted range or cleared rows: so nothing is taken from the event but where it was. What is to be
 * done follows from what stands there now, compared with History and with what the last refresh
 * recorded. What is missed here (rows typed offline, by a script), the next refresh catches.
 */
const Edits = (() => {
  /**
   * What an edit came to.
   *
   * @typedef {object} Seen
   * @property {Edit} edit
   * @property {Model | null} model null where it is not wanted, or no refresh has published one
   * @property {string} now
   * @property {readonly LeadAt[]} leads that were looked at
   * @property {readonly { lead: LeadAt, line: LogLine }[]} moves that were written to History
   * @property {number} copied rows that got an id of their own
   */

  /** Columns whose change may ask for a comment, or answer it. */
  const EXPLAINED = /** @type {const} */ (['status', 'next_action', 'comment']);

  /**
   * @param {GoogleAppsScript.Events.SheetsOnEdit} event
   */
  function onEdit(event) {
    // Started by hand, from the script editor: nothing was edited.
    if (!event?.range) return;
    const spreadsheet = event.source ?? SpreadsheetApp.getActiveSpreadsheet();
    try {
      const book = Layout.open(spreadsheet);
      if (book.keyOf(event.range.getSheet()) !== 'leads') return;
      const mismatch = Layout.mismatch(book);
      if (mismatch === null) Toasts.say(spreadsheet, workOn(book, event.range));
      else Toasts.sayOnce(spreadsheet, mismatch);
    } catch (error) {
      Toasts.say(spreadsheet, [Trouble.sentence(error)]);
    }
  }

  /**
   * @param {Workbook} book
   * @param {GoogleAppsScript.Spreadsheet.Range} range
   * @returns {string[]} what to tell
   */
  function workOn(book, range) {
    const tab = book.need('leads', ['id', 'status']);
    const first = Math.max(2, range.getRow());
    const last = Math.min(range.getLastRow(), tab.sheet.getLastRow());
    if (last < first) return [];
    const touched = touchedIn(tab, range);
    const rows = Tabs.rows(tab, first, last);
    const fresh = NewLeads.typedNow(rows, touched);
    const told = NewLeads.among(rows).length > fresh.length ? [Words.say('edit.id_gone')] : [];
    const writes = fresh.length > 0 || touched.has('id') || touched.has('status');
    // Read again under the lock: somebody may have been quicker. What only tells comes after it.
    const seen = writes
      ? Turns.take(book.spreadsheet, () => log(book, tab, Tabs.rows(tab, first, last), touched))
      : look(book, tab, rows, touched);
    return [...told, ...tell(book, seen)];
  }

  /**
   * The columns that an event touched, by key.
   *
   * @param {TabAt} tab
   * @param {GoogleAppsScript.Spreadsheet.Range} range
   */
  function touchedIn(tab, range) {
    const [left, right] = [range.getColumn(), range.getLastColumn()];
    const here = Object.entries(tab.columns).filter(([, at]) => at >= left && at <= right);
    return new Set(here.map(([key]) => key));
  }

  /**
   * Give ids, and write the lines that History lacks.
   *
   * @param {Workbook} book
   * @param {TabAt} tab
   * @param {readonly Row[]} rows
   * @param {ReadonlySet<string>} touched
   * @returns {Seen}
   */
  function log(book, tab, rows, touched) {
    const model = Published.read(book);
    const now = Clock.now(book.zone);
    const { fresh, copied } = newcomers(tab, rows, touched);
    if (fresh.length > 0 && !mayGive(tab, fresh)) throw Trouble.of('refused');
    if (model !== null && !HistoryLog.isOpen(book)) throw Trouble.of('history_closed');
    if (fresh.length > 0) {
      NewLeads.give(tab, rows, fresh, Ids.highest(book), now.slice(0, 10));
    }
    const leads = model === null ? [] : Moves.look(book, Ids.distinct(rows), model, now);
    const me = Who.me(model);
    const moves = leads.flatMap((lead) => {
      const line = model === null ? null : Moves.line(lead, model, now, me);
      return line === null ? [] : [{ lead, line }];
    });
    HistoryLog.append(book, moves.map(({ line }) => line));
    // Rows that came with their ids were sorted or moved: what they hold is no news.
    const typed = new Set((touched.has('id') ? fresh : rows).map(({ row }) => row));
    return { edit: { tab, rows, touched, typed }, model, now, leads, moves, copied };
  }

  /**
   * The same where there is nothing to give or to write.
   *
   * @param {Workbook} book
   * @param {TabAt} tab
   * @param {readonly Row[]} rows
   * @param {ReadonlySet<string>} touched
   * @returns {Seen}
   */
  function look(book, tab, rows, touched) {
    const asks = EXPLAINED.some((key) => touched.has(key));
    const matters = asks || touched.has('phone') || touched.has('email');
    const model = matters ? Published.read(book) : null;
    const now = Clock.now(book.zone);
    const leads =
      asks && model !== null ? Moves.look(book, Ids.distinct(rows), model, now) : [];
    const edit = { tab, rows, touched, typed: new Set(rows.map(({ row }) => row)) };
    return { edit, model, now, leads, moves: [], copied: 0 };
  }

  /**
   * @param {Workbook} book
   * @param {Seen} seen
   * @returns {string[]}
   */
  function tell(book, { edit, model, now, leads, moves, copied }) {
    const told = copied > 0 ? [Words.say('edit.copied', { n: copied })] : [];
    if (model === null) {
      const waits = edit.touched.has('status') ? [Words.say('trouble.no_refresh')] : [];
      return [...told, ...waits];
    }
    return [
      ...told,
      ...After.contacts(book, edit, model),
      ...After.moves(book, moves, model),
      ...After.comments(edit, leads, moves, model, now),
    ];
  }

  /**
   * The rows that need an id, in sheet order, and how many of them are copies of others.
   *
   * @param {TabAt} tab
   * @param {readonly Row[]} rows
   * @param {ReadonlySet<string>} touched
   */
  function newcomers(tab, rows, touched) {
    const copies = touched.has('id') ? NewLeads.copies(rows, Tabs.column(tab, 'id')) : [];
    const fresh = [...NewLeads.typedNow(rows, touched), ...copies];
    fresh.sort((a, b) => a.row - b.row);
    return { fresh, copied: copies.length };
  }

  /**
   * Whether the person may write the ids and days of some rows.
   *
   * @param {TabAt} tab
   * @param {readonly Row[]} rows
   */
  function mayGive(tab, rows) {
    const [first, last] = [rows[0]?.row ?? 2, rows[rows.length - 1]?.row ?? 2];
    return [tab.columns['id'], tab.columns['created']].every(
      (at) => at === undefined || tab.sheet.getRange(first, at, last - first + 1, 1).canEdit(),
    );
  }

  return Object.freeze({ onEdit });
})();
