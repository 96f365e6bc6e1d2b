/**
 * What History says of one lead.
 *
 * @typedef {object} Way
 * @property {PlacedLine[]} lines in the order in which they happened
 * @property {LogEnd} end
 * @property {string[]} visited the statuses that they name
 */

/** The History tab: what it says of some leads, and new lines at its end. */
const HistoryLog = (() => {
  const NEEDED = /** @type {const} */ (['at', 'lead', 'from', 'to', 'id']);
  const SPARE = 500;

  /**
   * What History says of some leads, in the order in which it happened. A constant number of calls,
   * however many there are.
   *
   * @param {Workbook} book
   * @param {ReadonlySet<string>} ids
   * @param {Model} model
   * @param {string} now
   * @returns {Map<string, PlacedLine[]>} with every one of them
   */
  function lines(book, ids, model, now) {
    const tab = book.need('history', NEEDED);
    /** @type {Map<string, LogLine[]>} */
    const ofLead = new Map(Array.from(ids, (id) => [id, []]));
    for (const { cells } of Tabs.keyed(tab, 'lead', ids)) {
      const each = line(cells, model);
      ofLead.get(each.lead)?.push(each);
    }
    return new Map(Array.from(ofLead, ([id, own]) => [id, Log.inOrder(own, now)]));
  }

  /**
   * The statuses that some lines name.
   *
   * @param {readonly LogLine[]} ordered
   */
  function visited(ordered) {
    return [...new Set(ordered.flatMap((each) => [each.from, each.to]))];
  }

  /**
   * The same with all that the next line needs. Some calls more.
   *
   * @param {Workbook} book
   * @param {ReadonlyMap<string, Record<string, Cell> | null>} leads id -> what is recorded of it
   * @param {Model} model
   * @param {string} now
   * @returns {Map<string, Way>} with every one of them
   */
  function ways(book, leads, model, now) {
    const tab = book.need('history', NEEDED);
    const ids = new Set(leads.keys());
    const ofLead = lines(book, ids, model, now);
    const highest = highestNumbers(Tabs.column(tab, 'id'), ids);
    /** @type {Set<string> | null} */
    let everywhere = null;
    /** @type {(own: readonly LogLine[]) => (checksum: string) => boolean} */
    const isThere = (own) => (checksum) => {
      if (own.some((each) => each.checksum === checksum)) return true;
      everywhere = everywhere ?? new Set(Tabs.column(tab, 'checksum').map(Tabs.text));
      return everywhere.has(checksum);
    };
    return new Map(
      Array.from(leads, ([id, recorded]) => {
        const ordered = ofLead.get(id) ?? [];
        const logged = Chain.record(recorded?.['logged']);
        const end = Log.end(ordered, highest.get(id) ?? 0, logged, isThere(ordered));
        return [id, { lines: ordered, end, visited: visited(ordered) }];
      }),
    );
  }

  /**
   * @param {Record<string, Cell>} cells
   * @param {Model} model
   * @returns {LogLine}
   */
  function line(cells, model) {
    const text = (/** @type {string} */ key) => Tabs.text(cells[key]);
    const status = (/** @type {string} */ key) =>
      Stages.read(cells[key] ?? null, model) ?? text(key);
    return {
      at: Dates.momentOf(cells['at'] ?? null),
      lead: text('lead'),
      from: status('from'),
      to: status('to'),
      by: text('by'),
      comment: text('comment'),
      via: text('via'),
      id: text('id'),
      checksum: text('checksum'),
    };
  }

  /**
   * The highest number in the ids of lines that name some leads, wherever the line says it belongs.
   *
   * @param {readonly Cell[]} cells
   * @param {ReadonlySet<string>} ids
   */
  function highestNumbers(cells, ids) {
    const found = /** @type {Map<string, number>} */ (new Map());
    for (const cell of cells) {
      const id = Tabs.text(cell);
      const lead = id.slice(0, Math.max(0, id.lastIndexOf('/')));
      if (!ids.has(lead)) continue;
      found.set(lead, Math.max(found.get(lead) ?? 0, Log.numberOf(id, lead) ?? 0));
    }
    return found;
  }

  /**
   * Whether the person may add lines.
   *
   * @param {Workbook} book
   */
  function isOpen(book) {
    const { sheet } = book.need('history', NEEDED);
    return sheet.getRange(Math.max(1, sheet.getLastRow()), 1).canEdit();
  }

  /**
   * Add lines below the last one.
   *
   * @param {Workbook} book
   * @param {readonly LogLine[]} lines
   */
  function append(book, lines) {
    if (lines.length === 0) return;
    const { sheet, columns } = book.need('history', NEEDED);
    const width = Math.max(...Object.values(columns));
    const rows = lines.map((each) => written(each, columns, width));
    const [only, ...more] = rows;
    if (only !== undefined && more.length === 0) {
      // A refresh writes without our lock: appendRow finds the place and takes it in one step.
      sheet.appendRow(only);
      return;
    }
    const top = sheet.getLastRow() + 1;
    const short = top + rows.length - 1 - sheet.getMaxRows();
    if (short > 0) sheet.insertRowsAfter(sheet.getMaxRows(), short + SPARE);
    sheet.getRange(top, 1, rows.length, width).setValues(rows);
  }

  /**
   * @param {LogLine} each
   * @param {Readonly<Record<string, number>>} columns
   * @param {number} width
   */
  function written(each, columns, width) {
    const cells = /** @type {(string | number)[]} */ (new Array(width).fill(''));
    for (const [key, value] of Object.entries(each)) {
      const at = columns[key];
      if (at === undefined || value === null || value === '') continue;
      cells[at - 1] = key === 'at' ? Clock.serial(value) : Safe.text(value);
    }
    return cells;
  }

  return Object.freeze({ lines, visited, ways, isOpen, append });
})();
