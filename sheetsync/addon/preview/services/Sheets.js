/** `SpreadsheetApp`, `Spreadsheet` and `Sheet`. */
const Sheets = (() => {
  let known = new Map();
  let book = null;

  /** The `Sheet` of a sheet of the document; always the same one. */
  function sheet(of) {
    if (!known.has(of)) known.set(of, new Sheet(of));
    return known.get(of);
  }

  function spreadsheet() {
    book ??= new Spreadsheet();
    return book;
  }

  class Sheet {
    constructor(of) {
      this.of = of;
    }
    getName() {
      return this.of.title;
    }
    getSheetName() {
      return this.of.title;
    }
    getSheetId() {
      return this.of.id;
    }
    getIndex() {
      return Grid.document().sheets.indexOf(this.of) + 1;
    }
    getParent() {
      return spreadsheet();
    }
    isSheetHidden() {
      return Boolean(this.of.hidden);
    }
    getMaxRows() {
      return this.of.rows;
    }
    getMaxColumns() {
      return this.of.columns;
    }
    getLastRow() {
      return Grid.extent(this.of).rows;
    }
    getLastColumn() {
      return Grid.extent(this.of).columns;
    }
    getFrozenRows() {
      return this.of.frozenRows ?? 0;
    }
    getDataRange() {
      const { rows, columns } = Grid.extent(this.of);
      return Ranges.within(this.of, 1, 1, Math.max(rows, 1), Math.max(columns, 1));
    }
    getRange(...where) {
      if (typeof where[0] === 'string') return Ranges.written(where[0], this.of);
      const [row, column, rows = 1, columns = 1] = where;
      return Ranges.within(this.of, row, column, rows, columns);
    }
    getRangeList(texts) {
      return Ranges.list(texts.map((text) => Ranges.written(text, this.of)));
    }
    getSheetValues(row, column, rows, columns) {
      return Ranges.within(this.of, row, column, rows, columns).getValues();
    }
    appendRow(cells) {
      const row = Grid.extent(this.of).rows + 1;
      const width = Math.max(cells.length, 1);
      if (width > this.of.columns) {
        throw new Error('stand-in: Sheet.appendRow with more cells than the sheet has columns');
      }
      Access.guard(Grid.document(), this.of, { row, column: 1, rows: 1, columns: width });
      if (row > this.of.rows) Grid.lengthen(this.of, 1);
      cells.forEach((cell, i) => Grid.write(this.of, row, i + 1, cell));
      return this;
    }
    insertRowsAfter(after, count) {
      if (after !== this.of.rows) {
        throw new Error('stand-in: Sheet.insertRowsAfter is only known for the last row');
      }
      if (count < 1) throw new Error('The number of rows to insert must be at least 1.');
      const area = { row: after + 1, column: 1, rows: count, columns: this.of.columns };
      Access.guard(Grid.document(), this.of, area);
      Grid.lengthen(this.of, count);
      return this;
    }
    getProtections(type) {
      return Metadata.protections([this.of], type);
    }
    createDeveloperMetadataFinder() {
      return Metadata.finder(this.of, null);
    }
    getDeveloperMetadata() {
      return Metadata.on(this.of, null);
    }
    activate() {
      Selected.select(Ranges.within(this.of, 1, 1, 1, 1));
      return this;
    }
    setActiveRange(range) {
      return Selected.select(range);
    }
    setActiveSelection(where) {
      return Selected.select(typeof where === 'string' ? this.getRange(where) : where);
    }
    setCurrentCell(cell) {
      return Selected.select(cell);
    }
    getActiveRange() {
      return Selected.on(this.of);
    }
    getActiveCell() {
      return Selected.on(this.of).getCell(1, 1);
    }
    getCurrentCell() {
      return Selected.on(this.of).getCell(1, 1);
    }
  }

  class Spreadsheet {
    getId() {
      return Grid.document().id;
    }
    getName() {
      return Grid.document().title;
    }
    getUrl() {
      return Grid.document().url;
    }
    getSpreadsheetLocale() {
      return Grid.document().locale;
    }
    getSpreadsheetTimeZone() {
      return Grid.document().timeZone;
    }
    getOwner() {
      return Identity.user(Grid.document().owner);
    }
    getEditors() {
      const { permissions } = Grid.document();
      const editors = Object.keys(permissions).filter((each) =>
        ['owner', 'writer'].includes(permissions[each]),
      );
      return editors.map(Identity.user);
    }
    getSheets() {
      return Grid.document().sheets.map(sheet);
    }
    getNumSheets() {
      return Grid.document().sheets.length;
    }
    getSheetByName(name) {
      const found = Grid.document().sheets.find((each) => each.title === name);
      return found ? sheet(found) : null;
    }
    getSheetById(id) {
      const found = Grid.sheet(id);
      return found ? sheet(found) : null;
    }
    getActiveSheet() {
      return Selected.sheet();
    }
    getActiveRange() {
      return Selected.range();
    }
    getActiveCell() {
      return Selected.range().getCell(1, 1);
    }
    getCurrentCell() {
      return Selected.range().getCell(1, 1);
    }
    getSelection() {
      return Selected.selection();
    }
    getRange(text) {
      return Ranges.written(text, Selected.sheet().of);
    }
    getRangeList(texts) {
      return Ranges.list(texts.map((text) => this.getRange(text)));
    }
    getRangeByName(name) {
      const names = Grid.document().names;
      return names[name] === undefined ? null : Ranges.written(names[name], null);
    }
    getNamedRanges() {
      return Metadata.names();
    }
    getProtections(type) {
      return Metadata.protections(Grid.document().sheets, type);
    }
    createDeveloperMetadataFinder() {
      return Metadata.finder(null, null);
    }
    getDeveloperMetadata() {
      return Metadata.on(null, null);
    }
    setActiveRange(range) {
      return Selected.select(range);
    }
    setActiveSelection(where) {
      return Selected.select(typeof where === 'string' ? this.getRange(where) : where);
    }
    setActiveSheet(wanted) {
      return wanted.activate();
    }
    setCurrentCell(cell) {
      return Selected.select(cell);
    }
    toast(message, title = '', seconds = 5) {
      Interface.note({ kind: 'toast', message, title, seconds });
    }
  }

  const active = {
    getActiveCell: '',
    getActiveRange: '',
    getCurrentCell: '',
    setActiveRange: 'Range',
    setActiveSelection: 'Range | string',
    setCurrentCell: 'Range',
  };
  const hung = { createDeveloperMetadataFinder: '', getDeveloperMetadata: '' };
  Strict.describe(Sheet, 'SpreadsheetApp.Sheet', {
    ...active,
    ...hung,
    activate: '',
    appendRow: 'any[]',
    getDataRange: '',
    getFrozenRows: '',
    getIndex: '',
    getLastColumn: '',
    getLastRow: '',
    getMaxColumns: '',
    getMaxRows: '',
    getName: '',
    getParent: '',
    getProtections: 'ProtectionType',
    getRange: 'int int | int int int | int int int int | string',
    getRangeList: 'string[]',
    getSheetId: '',
    getSheetName: '',
    getSheetValues: 'int int int int',
    insertRowsAfter: 'int int',
    isSheetHidden: '',
  });
  Strict.describe(Spreadsheet, 'SpreadsheetApp.Spreadsheet', {
    ...active,
    ...hung,
    getActiveSheet: '',
    getEditors: '',
    getId: '',
    getName: '',
    getNamedRanges: '',
    getNumSheets: '',
    getOwner: '',
    getProtections: 'ProtectionType',
    getRange: 'string',
    getRangeByName: 'string',
    getRangeList: 'string[]',
    getSelection: '',
    getSheetById: 'int',
    getSheetByName: 'string',
    getSheets: '',
    getSpreadsheetLocale: '',
    getSpreadsheetTimeZone: '',
    getUrl: '',
    setActiveSheet: 'Sheet',
    toast: 'string | string string | string string number',
  });

  class SpreadsheetApp {
    getActive() {
      return spreadsheet();
    }
    getActiveSpreadsheet() {
      return spreadsheet();
    }
    getActiveSheet() {
      return Selected.sheet();
    }
    getActiveRange() {
      return Selected.range();
    }
    getCurrentCell() {
      return Selected.range().getCell(1, 1);
    }
    getSelection() {
      return Selected.selection();
    }
    setActiveRange(range) {
      return Selected.select(range);
    }
    setActiveSheet(wanted) {
      return wanted.activate();
    }
    setCurrentCell(cell) {
      return Selected.select(cell);
    }
    getUi() {
      return Interface.ui();
    }
    flush() {}
  }
  Strict.describe(
    SpreadsheetApp,
    'SpreadsheetApp',
    {
      flush: '',
      getActive: '',
      getActiveRange: '',
      getActiveSheet: '',
      getActiveSpreadsheet: '',
      getCurrentCell: '',
      getSelection: '',
      getUi: '',
      setActiveRange: 'Range',
      setActiveSheet: 'Sheet',
      setCurrentCell: 'Range',
    },
    {
      DeveloperMetadataLocationType: Metadata.LocationType,
      DeveloperMetadataVisibility: Metadata.Visibility,
      ProtectionType: Metadata.ProtectionType,
    },
  );

  return Object.freeze({
    app: Strict.give(new SpreadsheetApp()),
    sheet,
    spreadsheet,
    forget: () => {
      known = new Map();
      book = null;
    },
  });
})();
