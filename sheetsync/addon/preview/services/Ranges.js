/** `SpreadsheetApp.Range` and `RangeList`. */
const Ranges = (() => {
  const range = (sheet, row, column, rows, columns) => new Range(sheet, row, column, rows, columns);

  class Range {
    constructor(sheet, row, column, rows, columns) {
      this.sheet = sheet;
      this.area = { row, column, rows, columns };
    }

    // -- where ---------------------------------------------------------------------------------
    getRow() {
      return this.area.row;
    }
    getRowIndex() {
      return this.area.row;
    }
    getColumn() {
      return this.area.column;
    }
    getNumRows() {
      return this.area.rows;
    }
    getNumColumns() {
      return this.area.columns;
    }
    getLastRow() {
      return this.area.row + this.area.rows - 1;
    }
    getLastColumn() {
      return this.area.column + this.area.columns - 1;
    }
    getA1Notation() {
      return A1.of(this.area);
    }
    getSheet() {
      return Sheets.sheet(this.sheet);
    }
    getGridId() {
      return this.sheet.id;
    }
    getCell(row, column) {
      if (row < 1 || column < 1 || row > this.area.rows || column > this.area.columns) {
        throw new Error('Cell reference out of range');
      }
      return range(this.sheet, this.area.row + row - 1, this.area.column + column - 1, 1, 1);
    }
    offset(rows, columns, height = this.area.rows, width = this.area.columns) {
      return within(this.sheet, this.area.row + rows, this.area.column + columns, height, width);
    }

    // -- reading -------------------------------------------------------------------------------
    getValues() {
      return Grid.block(this.sheet, this.area, Grid.scripted);
    }
    getValue() {
      return this.first(Grid.scripted);
    }
    getDisplayValues() {
      return Grid.block(this.sheet, this.area, Grid.displayed);
    }
    getDisplayValue() {
      return this.first(Grid.displayed);
    }
    getFormulas() {
      return Grid.block(this.sheet, this.area, Grid.formula);
    }
    getFormula() {
      return this.first(Grid.formula);
    }
    getNotes() {
      return Grid.block(this.sheet, this.area, Grid.note);
    }
    getNote() {
      return this.first(Grid.note);
    }
    getNumberFormats() {
      return Grid.block(this.sheet, this.area, Grid.format);
    }
    getNumberFormat() {
      return this.first(Grid.format);
    }
    isBlank() {
      const blank = (...at) => Grid.value(...at) === null && Grid.formula(...at) === '';
      return Grid.block(this.sheet, this.area, blank).flat().every(Boolean);
    }
    canEdit() {
      return Access.mayEdit(Grid.document(), this.sheet, this.area);
    }
    first(of) {
      return Grid.block(this.sheet, { ...this.area, rows: 1, columns: 1 }, of)[0][0];
    }

    // -- writing -------------------------------------------------------------------------------
    setValues(values) {
      return this.all(values, Grid.write);
    }
    setValue(value) {
      return this.each(Grid.write, value);
    }
    setFormulas(texts) {
      return this.all(texts, Grid.write, formulaOf);
    }
    setFormula(text) {
      return this.each(Grid.write, formulaOf(text));
    }
    setNotes(texts) {
      return this.all(texts, Grid.setNote);
    }
    setNote(text) {
      return this.each(Grid.setNote, text);
    }
    setNumberFormats(patterns) {
      return this.all(patterns, Grid.setFormat);
    }
    setNumberFormat(pattern) {
      return this.each(Grid.setFormat, pattern);
    }
    clearContent() {
      return this.each(Grid.write, null);
    }
    clearNote() {
      return this.each(Grid.setNote, '');
    }

    /** A block of values, one for each cell; all are looked at before the first is written. */
    all(values, write, of = (value) => value) {
      const { row, column, rows, columns } = this.area;
      const wide = values.find((each) => each.length !== columns);
      if (values.length !== rows) throw mismatch('rows', values.length, rows);
      if (wide) throw mismatch('columns', wide.length, columns);
      this.guard();
      const wanted = values.map((cells) => Array.from(cells, of));
      if (write === Grid.write) wanted.flat().forEach((value) => Grid.meant(value, ''));
      wanted.forEach((cells, i) =>
        cells.forEach((value, j) => write(this.sheet, row + i, column + j, value)),
      );
      return this;
    }

    /** One value for all cells. */
    each(write, value) {
      const { row, column, rows, columns } = this.area;
      this.guard();
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < columns; j++) write(this.sheet, row + i, column + j, value);
      }
      return this;
    }

    guard() {
      Access.guard(Grid.document(), this.sheet, this.area);
    }

    // -- the rest ------------------------------------------------------------------------------
    activate() {
      return Selected.select(this);
    }
    activateAsCurrentCell() {
      return Selected.select(this);
    }
    createDeveloperMetadataFinder() {
      return Metadata.finder(this.sheet, this.area);
    }
    getDeveloperMetadata() {
      return Metadata.on(this.sheet, this.area);
    }
  }

  function formulaOf(text) {
    return text === '' || text.startsWith('=') ? text : `=${text}`;
  }

  function mismatch(what, has, wants) {
    return new Error(
      `The number of ${what} in the data does not match the number of ${what} in the range. ` +
        `The data has ${has} but the range has ${wants}.`,
    );
  }

  /** A range that must lie within its sheet. */
  function within(sheet, row, column, rows, columns) {
    if (row < 1) throw new Error('The starting row of the range is too small.');
    if (column < 1) throw new Error('The starting column of the range is too small.');
    if (rows < 1) throw new Error('The number of rows in the range must be at least 1.');
    if (columns < 1) throw new Error('The number of columns in the range must be at least 1.');
    if (row + rows - 1 > sheet.rows || column + columns - 1 > sheet.columns) {
      throw new Error('The coordinates of the range are outside the dimensions of the sheet.');
    }
    return range(sheet, row, column, rows, columns);
  }

  /** A range in A1 notation; of `home` where it names no sheet. */
  function written(text, home) {
    const found = A1.parse(text);
    const titled = found?.title
      ? Grid.document().sheets.find((each) => each.title === found.title)
      : home;
    if (!found || !titled) throw new Error('Range not found');
    const rows = found.rows ?? titled.rows - found.row + 1;
    const columns = found.columns ?? titled.columns - found.column + 1;
    return within(titled, found.row, found.column, rows, columns);
  }

  class RangeList {
    constructor(ranges) {
      this.ranges = ranges;
    }
    getRanges() {
      return this.ranges;
    }
    activate() {
      Selected.select(this.ranges.at(-1));
      return this;
    }
    clearContent() {
      return this.each((each) => each.clearContent());
    }
    clearNote() {
      return this.each((each) => each.clearNote());
    }
    setNote(text) {
      return this.each((each) => each.setNote(text));
    }
    setNumberFormat(pattern) {
      return this.each((each) => each.setNumberFormat(pattern));
    }
    setValue(value) {
      return this.each((each) => each.setValue(value));
    }
    each(act) {
      this.ranges.forEach((each) => each.guard());
      this.ranges.forEach(act);
      return this;
    }
  }

  Strict.describe(Range, 'SpreadsheetApp.Range', {
    activate: '',
    activateAsCurrentCell: '',
    canEdit: '',
    clearContent: '',
    clearNote: '',
    createDeveloperMetadataFinder: '',
    getA1Notation: '',
    getCell: 'int int',
    getColumn: '',
    getDeveloperMetadata: '',
    getDisplayValue: '',
    getDisplayValues: '',
    getFormula: '',
    getFormulas: '',
    getGridId: '',
    getLastColumn: '',
    getLastRow: '',
    getNote: '',
    getNotes: '',
    getNumberFormat: '',
    getNumberFormats: '',
    getNumColumns: '',
    getNumRows: '',
    getRow: '',
    getRowIndex: '',
    getSheet: '',
    getValue: '',
    getValues: '',
    isBlank: '',
    offset: 'int int | int int int | int int int int',
    setFormula: 'string',
    setFormulas: 'string[][]',
    setNote: 'string?',
    setNotes: 'string?[][]',
    setNumberFormat: 'string',
    setNumberFormats: 'string[][]',
    setValue: 'any',
    setValues: 'any[][]',
  });
  Strict.describe(RangeList, 'SpreadsheetApp.RangeList', {
    activate: '',
    clearContent: '',
    clearNote: '',
    getRanges: '',
    setNote: 'string?',
    setNumberFormat: 'string',
    setValue: 'any',
  });

  return Object.freeze({ list: (ranges) => new RangeList(ranges), within, written });
})();
