/** What the sidebar asks of the sheet: the open lead, what became of it, and where to go. */
const Card = (() => {
  const NEEDED = /** @type {const} */ (['id', 'status']);
  const PAGE = 'page';

  /**
   * The lead in the selected row, and all that is known of the shop. One round trip.
   *
   * @returns {CardOpened}
   */
  function open() {
    const book = fitting();
    const model = Published.need(book);
    const now = Clock.now(book.zone);
    return {
      ok: true,
      lead: selected(book, model, now),
      model,
      me: Who.me(model),
      today: now.slice(0, 10),
      page: page(),
    };
  }

  /**
   * The lead in the selected row, if it is another one or has changed. Where something else than a
   * lead is selected, the card keeps what it has.
   *
   * @param {{ id: string | null, row: number | null, stamp: string | null }} shown
   * @returns {CardFollowed}
   */
  function follow(shown) {
    const book = fitting();
    const tab = book.need('leads', NEEDED);
    const there = place(book);
    if (there === null && shown.id !== null) return { ok: true, same: true };
    const row = there === null ? null : LeadView.at(tab, there);
    if (row === null && shown.id === null) return { ok: true, same: true };
    if (row === null) return { ok: true, lead: null };
    const stamp = LeadView.stamp(row, Notes.read(tab, 'comment', row.row));
    if (row.id === shown.id && stamp === shown.stamp) return { ok: true, same: true };
    const model = Published.need(book);
    return { ok: true, lead: LeadView.whole(book, tab, row, model, Clock.now(book.zone)) };
  }

  /**
   * Select a lead's row, or a range.
   *
   * @param {string} target a lead's id, or a range with its tab
   * @returns {{ ok: true } | Refusal}
   */
  function go(target) {
    const book = fitting();
    const id = Ids.read(target);
    if (id === '') {
      const range = book.spreadsheet.getRange(target);
      book.spreadsheet.setActiveSheet(range.getSheet());
      range.activate();
      return { ok: true };
    }
    const tab = book.need('leads', NEEDED);
    const row = LeadView.find(tab, id);
    if (row === null) return { ok: false, gone: true, told: Words.say('trouble.gone', { id }) };
    book.spreadsheet.setActiveSheet(tab.sheet);
    tab.sheet.getRange(row.row, tab.columns['name'] ?? tab.columns['id'] ?? 1).activate();
    return { ok: true };
  }

  /**
   * Remember which of the team is at the keyboard.
   *
   * @param {string} name
   * @returns {{ ok: true, me: Operator } | Refusal}
   */
  function me(name) {
    const model = Published.need(fitting());
    const known = model.team.some((member) => member.name === name);
    if (!known) throw Trouble.of('not_in_team', { name });
    Who.say(name);
    return { ok: true, me: Who.me(model) };
  }

  /**
   * Show the sidebar, opened at a page.
   *
   * @param {CardOpened['page']} wanted
   */
  function show(wanted) {
    Kept.put('User', PAGE, wanted, 60);
    const html = HtmlService.createHtmlOutputFromFile('Sidebar').setTitle(Words.say('menu.title'));
    SpreadsheetApp.getUi().showSidebar(html);
  }

  /** @returns {CardOpened['page']} */
  function page() {
    const wanted = Kept.get('User', PAGE);
    if (wanted !== null) Kept.remove('User', PAGE);
    return wanted === 'today' || wanted === 'check' || wanted === 'script' ? wanted : 'card';
  }

  /** The spreadsheet, where the add-on fits it. */
  function fitting() {
    const book = Layout.open();
    const mismatch = Layout.mismatch(book);
    if (mismatch !== null) throw Trouble.as(mismatch);
    return book;
  }

  /**
   * The selected row of Leads; null where something else is selected.
   *
   * @param {Workbook} book
   */
  function place(book) {
    if (book.keyOf(book.spreadsheet.getActiveSheet()) !== 'leads') return null;
    return book.spreadsheet.getActiveRange()?.getRow() ?? null;
  }

  /**
   * @param {Workbook} book
   * @param {Model} model
   * @param {string} now
   */
  function selected(book, model, now) {
    const tab = book.need('leads', NEEDED);
    const there = place(book);
    const row = there === null ? null : LeadView.at(tab, there);
    return row === null ? null : LeadView.whole(book, tab, row, model, now);
  }

  return Object.freeze({ open, follow, go, me, show, fitting });
})();
