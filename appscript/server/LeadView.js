/** A lead as the card shows it. */
const LeadView = (() => {
  const HISTORY = 50;

  /**
   * The lead in a row; null where the row is none. One call, for the cells alone.
   *
   * @param {TabAt} tab Leads
   * @param {number} row
   * @returns {(Row & { id: string }) | null}
   */
  function at(tab, row) {
    if (row < 2 || row > tab.sheet.getMaxRows()) return null;
    const [found] = Tabs.rows(tab, row, row);
    const id = found === undefined ? '' : Ids.read(found.cells['id']);
    return found === undefined || id === '' ? null : { ...found, id };
  }

  /**
   * The lead with an id, wherever its row is by now; null where it is gone. Three calls.
   *
   * @param {TabAt} tab Leads
   * @param {string} id
   * @returns {(Row & { id: string }) | null}
   */
  function find(tab, id) {
    const place = Tabs.column(tab, 'id').findIndex((cell) => Ids.read(cell) === id);
    return place < 0 ? null : at(tab, place + 2);
  }

  /**
   * Everything the card shows of a lead. A constant number of calls.
   *
   * @param {Workbook} book
   * @param {TabAt} tab Leads
   * @param {Row & { id: string }} row
   * @param {Model} model
   * @param {string} now
   * @returns {Lead}
   */
  function whole(book, tab, row, model, now) {
    const { id, cells } = row;
    const asks = Notes.read(tab, 'comment', row.row);
    const phone = Phones.readPhone(cells['phone'] ?? null, country(model)).value;
    const status = Stages.read(cells['status'] ?? null, model);
    const lines = HistoryLog.lines(book, new Set([id]), model, now).get(id) ?? [];
    return {
      id,
      row: row.row,
      cells,
      checks: Checklist.of(book, new Set([id]), model).get(id) ?? {},
      history: lines.slice(-HISTORY).reverse().map(({ at: when, from, to, by, comment, via }) => {
        return { at: when, from, to, by, comment, via };
      }),
      visited: HistoryLog.visited(lines),
      asks,
      status,
      kind: Stages.find(status, model)?.kind ?? null,
      phone: phone === null ? null : { e164: phone, text: Phones.phoneText(phone, country(model)) },
      email: Emails.readEmail(cells['email'] ?? null).value,
      stamp: stamp(row, asks),
      mayEdit: tab.sheet.getRange(row.row, tab.columns['status'] ?? 1).canEdit(),
    };
  }

  /** @param {Model} model */
  function country(model) {
    return String(model.settings['country'] ?? '');
  }

  /**
   * What changes whenever the row does.
   *
   * @param {Row & { id: string }} row
   * @param {string | null} asks
   */
  function stamp({ row, cells }, asks) {
    return Sha256.hex(JSON.stringify([row, cells, asks])).slice(0, 16);
  }

  return Object.freeze({ at, find, whole, stamp });
})();
