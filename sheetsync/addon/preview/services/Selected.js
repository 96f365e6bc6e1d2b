/** What the person has selected: it comes with the session, and scripts may move it. */
const Selected = (() => {
  let active = null; // a Range

  /** Begin with {sheet: id, range: [row, column, rows, columns]}, or the first sheet in sight. */
  function begin(given) {
    const first = Grid.document().sheets.find((each) => !each.hidden) ?? Grid.document().sheets[0];
    const of = given ? Grid.sheet(given.sheet) : first;
    active = Ranges.within(of, ...(given?.range ?? [1, 1, 1, 1]));
  }

  function select(range) {
    active = range;
    Interface.note({ kind: 'select', sheet: range.sheet.id, range: Object.values(range.area) });
    return range;
  }

  /** The selection on one sheet: its first cell where another one is in front. */
  function on(sheet) {
    return active.sheet === sheet ? active : Ranges.within(sheet, 1, 1, 1, 1);
  }

  class Selection {
    getActiveRange() {
      return active;
    }
    getActiveSheet() {
      return Sheets.sheet(active.sheet);
    }
    getCurrentCell() {
      return active.getCell(1, 1);
    }
  }
  Strict.describe(Selection, 'SpreadsheetApp.Selection', {
    getActiveRange: '',
    getActiveSheet: '',
    getCurrentCell: '',
  });

  return Object.freeze({
    begin,
    on,
    select,
    range: () => active,
    selection: () => new Selection(),
    sheet: () => Sheets.sheet(active.sheet),
  });
})();
