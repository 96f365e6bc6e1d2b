/** Writing what was changed in the card: all of it, or nothing. */
const Saving = (() => {
  const KEYS = new Set([
    'status', 'next_action', 'next_step', 'comment', 'loss_reason', 'approved_by',
  ]);
  const DAY = /^\d{4}-\d{2}-\d{2}$/;
  /** What a cell of any workbook holds. */
  const LONGEST = 32000;

  /**
   * @param {CardChange} change
   * @returns {CardSaved | CardConflict | Refusal}
   */
  function save(change) {
    const book = Card.fitting();
    const model = Published.need(book);
    checked(change, model);
    const keys = Object.keys(change.changes);
    const tab = book.need('leads', ['id', 'status', ...keys]);
    return Turns.take(book.spreadsheet, () => {
      const now = Clock.now(book.zone);
      const row = LeadView.find(tab, change.id);
      if (row === null) {
        return { ok: false, gone: true, told: Words.say('trouble.gone', { id: change.id }) };
      }
      const other = keys.filter((key) => isOther(row.cells[key] ?? null, change, key));
      if (other.length > 0) {
        const columns = Words.list(other.map((key) => Tabs.header(tab, key)));
        const lead = LeadView.whole(book, tab, row, model, now);
        const told = Words.say('trouble.conflict', { columns });
        return { ok: false, conflict: true, lead, told };
      }
      const told = written(book, tab, row, change, model, now);
      const saved = LeadView.at(tab, row.row) ?? row;
      return { ok: true, lead: LeadView.whole(book, tab, saved, model, now), told };
    });
  }

  /**
   * Refuse what could not be understood later.
   *
   * @param {CardChange} change
   * @param {Model} model
   */
  function checked({ changes, checks }, model) {
    for (const [key, cell] of Object.entries(changes)) {
      if (!KEYS.has(key)) throw Trouble.of('unexpected');
      const isDay = typeof cell === 'object' && cell !== null && DAY.test(cell.iso);
      const isText = typeof cell === 'string' && cell.length <= LONGEST;
      const fits = cell === null || (key === 'next_action' ? isDay : isText);
      if (!fits) throw Trouble.of('unfit', { header: Needs.header(key, model) });
    }
    const status = changes['status'];
    if (status !== undefined && Stages.read(status, model) === null) {
      throw Trouble.of('status_unknown', { status: Texts.textOf(status) ?? '' });
    }
    const steps = new Set(model.steps.map((step) => step.id));
    if (Object.keys(checks).some((id) => !steps.has(id))) throw Trouble.of('step_unknown');
  }

  /**
   * Whether a cell holds neither what the card showed nor what is wanted.
   *
   * @param {Cell} now
   * @param {CardChange} change
   * @param {string} key
   */
  function isOther(now, { base, changes }, key) {
    return ![base[key], changes[key]].some((cell) => comparable(cell) === comparable(now));
  }

  /** @param {Cell | undefined} cell */
  function comparable(cell) {
    if (typeof cell === 'string') return JSON.stringify(Texts.clean(cell) || null);
    return JSON.stringify(cell ?? null);
  }

  /**
   * Write everything, after the last of all checks.
   *
   * @param {Workbook} book
   * @param {TabAt} tab Leads
   * @param {Row & { id: string }} row
   * @param {CardChange} change
   * @param {Model} model
   * @param {string} now
   * @returns {string[]} what to tell
   */
  function written(book, tab, row, change, model, now) {
    const { changes } = change;
    const keys = Object.keys(changes);
    const places = keys.map((key) => tab.sheet.getRange(row.row, tab.columns[key] ?? 1));
    if (!places.every((place) => place.canEdit())) throw Trouble.of('refused');
    const tick = Checklist.ticking(book, row.id, change.checks);
    const after = { ...row, cells: { ...row.cells, ...changes } };
    const [lead] = keys.length > 0 ? Moves.look(book, [after], model, now) : [];
    const line =
      lead === undefined ? null : Moves.line(lead, model, now, Who.me(model), change.comment ?? '');
    if (line !== null && !HistoryLog.isOpen(book)) throw Trouble.of('history_closed');
    keys.forEach((key, i) => places[i]?.setValue(value(changes[key] ?? null)));
    tick();
    if (lead === undefined) return [];
    HistoryLog.append(book, line === null ? [] : [line]);
    const moves = line === null ? [] : [{ lead, line }];
    const edit = { tab, rows: [row], touched: new Set(keys), typed: new Set([row.row]) };
    return [
      ...After.moves(book, moves, model),
      ...After.comments(edit, [lead], moves, model, now),
    ];
  }

  /**
   * A cell as a script writes it. A day as text: every locale reads it, whatever the cell's format.
   *
   * @param {Cell} cell
   */
  function value(cell) {
    if (cell === null) return '';
    if (typeof cell === 'object') return cell.iso;
    return typeof cell === 'string' ? Safe.text(cell) : cell;
  }

  return Object.freeze({ save });
})();
