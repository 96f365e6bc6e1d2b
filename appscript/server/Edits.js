/**
 * What an edit of Leads sets off. One event may be a keystroke, a paste, a fill-down, an undo, a
 * sorted range or cleared rows: so nothing is taken from the event but where it was. What is to be
 * done follows from what stands there now, compared with History and with what the last refresh
 * recorded. What is missed here (rows typed offline, by a script), the next refresh catches.
 */
const Edits = (() => {
  /** Columns whose change may ask for a comment, or answer it. */
  const EXPLAINED = /** @type {const} */ (['status', 'next_action', 'comment']);

  /**
   * @param {GoogleAppsScript.Events.SheetsOnEdit} event
   */
  function onEdit(event) {
    // Started by hand, from the script editor: nothing was edited.
    if (!event?.range) return;
    const spreadsheet = event.source ?? SpreadsheetApp.getActive();
    try {
      const book = Layout.open(spreadsheet);
      if (book.keyOf(event.range.getSheet()) !== 'leads') return;
      const mismatch = Layout.mismatch(book);
      if (mismatch === null) Toasts.say(spreadsheet, look(book, event.range));
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
  function look(book, range) {
    const tab = book.need('leads', ['id', 'status']);
    const first = Math.max(2, range.getRow());
    const last = Math.min(range.getLastRow(), tab.sheet.getLastRow());
    if (last < first) return [];
    const touched = touchedIn(tab, range);
    let rows = Tabs.rows(tab, first, last);
    // An id that was cleared is not another lead: the next refresh gives back the one it had.
    const fresh = touched.has('id') && touched.size === 1 ? [] : NewLeads.among(rows);
    const told = touched.has('id') && fresh.length === 0 ? idsGone(rows) : [];
    if (fresh.length > 0 || touched.has('id') || touched.has('status')) {
      // Again under the lock: somebody may have been quicker.
      return Turns.take(book.spreadsheet, () => {
        rows = Tabs.rows(tab, first, last);
        return [...told, ...withLog(book, tab, rows, touched)];
      });
    }
    return [...told, ...withoutLog(book, tab, rows, touched)];
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

  /** @param {readonly Row[]} rows */
  function idsGone(rows) {
    const gone = rows.filter(({ cells }) => Tabs.text(cells['id']) === '');
    return NewLeads.among(gone).length > 0 ? [Words.say('edit.id_gone')] : [];
  }

  /**
   * @param {Workbook} book
   * @param {TabAt} tab
   * @param {readonly Row[]} rows
   * @param {ReadonlySet<string>} touched
   */
  function withLog(book, tab, rows, touched) {
    const model = Published.read(book);
    const now = Clock.now(book.zone);
    const keepsIds = touched.has('id') && touched.size === 1;
    const copied = touched.has('id') ? NewLeads.copies(rows, Tabs.column(tab, 'id')) : [];
    const fresh = [...(keepsIds ? [] : NewLeads.among(rows)), ...copied];
    fresh.sort((a, b) => a.row - b.row);
    if (fresh.length > 0 && !mayGive(tab, fresh)) throw Trouble.of('refused');
    if (model !== null && !HistoryLog.isOpen(book)) throw Trouble.of('history_closed');
    if (fresh.length > 0) {
      NewLeads.give(tab, rows, fresh, Ids.highest(book), now.slice(0, 10));
    }
    const told = copied.length > 0 ? [Words.say('edit.copied', { n: copied.length })] : [];
    if (model === null) {
      const waits = touched.has('status') ? [Words.say('trouble.no_refresh')] : [];
      return [...told, ...waits];
    }
    const leads = Moves.look(book, named(rows), model, now);
    const me = Who.me(model);
    const moves = leads.flatMap((lead) => {
      const line = Moves.line(lead, model, now, me);
      return line === null ? [] : [{ lead, line }];
    });
    HistoryLog.append(book, moves.map(({ line }) => line));
    return [
      ...told,
      ...After.contacts(book, tab, rows, touched, model),
      ...After.moves(book, moves, model),
      ...After.comments(tab, leads, touched, moves, model, now),
    ];
  }

  /**
   * @param {Workbook} book
   * @param {TabAt} tab
   * @param {readonly Row[]} rows
   * @param {ReadonlySet<string>} touched
   */
  function withoutLog(book, tab, rows, touched) {
    const asks = EXPLAINED.some((key) => touched.has(key));
    if (!asks && !touched.has('phone') && !touched.has('email')) return [];
    const model = Published.read(book);
    if (model === null) return [];
    const now = Clock.now(book.zone);
    const leads = asks ? Moves.look(book, named(rows), model, now) : [];
    return [
      ...After.contacts(book, tab, rows, touched, model),
      ...After.comments(tab, leads, touched, [], model, now),
    ];
  }

  /** @param {readonly Row[]} rows */
  function named(rows) {
    return rows.flatMap((each) => {
      const id = Ids.read(each.cells['id']);
      return id === '' ? [] : [{ ...each, id }];
    });
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
