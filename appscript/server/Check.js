/** "Check this sheet": what an operator can see and mend without the owner's computer. */
const Check = (() => {
  const TABS = /** @type {const} */ ([
    ['leads', ['id', 'created', 'status', 'manager', 'next_action']],
    ['history', ['at', 'lead', 'from', 'to', 'id']],
    ['checklist', ['lead']],
    ['today', ['lead']],
  ]);

  /** @returns {Finding[]} what is wrong; one good word where nothing is */
  function findings() {
    const book = Layout.open();
    const mismatch = Layout.mismatch(book);
    if (mismatch !== null) return [bad(mismatch)];
    const found = TABS.flatMap(([tab, columns]) => missing(book, tab, columns));
    const model = Published.read(book);
    if (model === null) found.push(bad(Words.say('trouble.no_refresh')));
    if (found.length === 0 && model !== null) {
      found.push(...rows(book, model), ...rights(book, model));
    }
    const digest = Digest.problem();
    if (digest !== null) found.push(warning(Words.say('check.digest', { why: digest })));
    return found.length > 0 ? found : [{ level: 'good', text: Words.say('check.good'), go: null }];
  }

  /**
   * @param {Workbook} book
   * @param {string} tab
   * @param {readonly string[]} columns
   * @returns {Finding[]}
   */
  function missing(book, tab, columns) {
    try {
      book.need(tab, columns);
      return [];
    } catch (error) {
      return [bad(Trouble.sentence(error))];
    }
  }

  /**
   * @param {Workbook} book
   * @param {Model} model
   * @returns {Finding[]}
   */
  function rows(book, model) {
    const tab = book.need('leads', []);
    const all = Tabs.rows(tab, 2, tab.sheet.getLastRow());
    const leads = Ids.named(all);
    const nameless = [...NewLeads.among(all), ...all.filter(({ cells }) => isNoId(cells['id']))];
    const firsts = Ids.distinct(all);
    const first = new Set(firsts.map(({ row }) => row));
    const doubled = leads.filter(({ row }) => !first.has(row));
    const typed = leads.filter(({ cells }) => Tabs.text(cells['status']) !== '');
    const unknown = typed.filter(({ cells }) => {
      return Stages.read(cells['status'] ?? null, model) === null;
    });
    const bare = leads.filter(({ cells }) => Tabs.text(cells['status']) === '');
    const looked = Moves.look(book, firsts, model, Clock.now(book.zone));
    const unlogged = looked.filter(({ status, way }) => status !== null && status !== way.end.to);
    return [
      ...told('no_id', nameless, tab, 'id'),
      ...told('doubled', doubled, tab, 'id'),
      ...told('status_unknown', unknown, tab, 'status'),
      ...told('no_status', bare, tab, 'status'),
      ...told('unlogged', unlogged, tab, 'status'),
    ];
  }

  /** @param {Cell | undefined} cell */
  function isNoId(cell) {
    return Tabs.text(cell) !== '' && Ids.read(cell) === '';
  }

  /**
   * @param {string} key
   * @param {readonly Row[]} rows_
   * @param {TabAt} tab
   * @param {string} column
   * @returns {Finding[]}
   */
  function told(key, rows_, tab, column) {
    const [first] = rows_;
    if (first === undefined) return [];
    const title = tab.sheet.getName().replace(/'/g, "''");
    const go = `'${title}'!${Tabs.letters(tab.columns[column] ?? 1)}${first.row}`;
    return [{ level: 'warning', text: Words.say(`check.${key}`, { n: rows_.length }), go }];
  }

  /**
   * @param {Workbook} book
   * @param {Model} model
   * @returns {Finding[]}
   */
  function rights(book, model) {
    const found = [];
    if (!HistoryLog.isOpen(book)) found.push(bad(Words.say('trouble.history_closed')));
    if (Who.me(model).name === null) found.push(warning(Words.say('trouble.who_are_you')));
    return found;
  }

  /**
   * @param {string} text
   * @returns {Finding}
   */
  function bad(text) {
    return { level: 'bad', text, go: null };
  }

  /**
   * @param {string} text
   * @returns {Finding}
   */
  function warning(text) {
    return { level: 'warning', text, go: null };
  }

  return Object.freeze({ findings });
})();
