/** Developer metadata, protections and named ranges, as scripts look at them. */
const Metadata = (() => {
  const LocationType = Strict.enumeration('DeveloperMetadataLocationType', [
    'SPREADSHEET',
    'SHEET',
    'ROW',
    'COLUMN',
  ]);
  const Visibility = Strict.enumeration('DeveloperMetadataVisibility', ['DOCUMENT', 'PROJECT']);
  const ProtectionType = Strict.enumeration('ProtectionType', ['RANGE', 'SHEET']);

  class DeveloperMetadata {
    constructor(entry, type, sheet, column) {
      this.entry = entry;
      this.type = type;
      this.sheet = sheet;
      this.column = column;
    }
    getId() {
      return this.entry.id;
    }
    getKey() {
      return this.entry.key;
    }
    getValue() {
      return this.entry.value ?? null;
    }
    getVisibility() {
      return Visibility.DOCUMENT;
    }
    setValue(value) {
      Access.guard(Grid.document());
      Grid.mark(this.entry, value);
      return this;
    }
    getLocation() {
      return new DeveloperMetadataLocation(this);
    }
  }

  class DeveloperMetadataLocation {
    constructor(of) {
      this.of = of;
    }
    getLocationType() {
      return this.of.type;
    }
    getColumn() {
      const { type, sheet, column } = this.of;
      return type === LocationType.COLUMN ? Ranges.within(sheet, 1, column, sheet.rows, 1) : null;
    }
    getRow() {
      return null; // nothing hangs on rows here
    }
    getSheet() {
      return this.of.sheet === null ? null : Sheets.sheet(this.of.sheet);
    }
    getSpreadsheet() {
      return this.of.type === LocationType.SPREADSHEET ? Sheets.spreadsheet() : null;
    }
  }

  /** Everything there is, in the order of the document. */
  function everything() {
    const document = Grid.document();
    const found = document.metadata.map(
      (each) => new DeveloperMetadata(each, LocationType.SPREADSHEET, null, null),
    );
    for (const sheet of document.sheets) {
      for (const each of sheet.metadata) {
        found.push(new DeveloperMetadata(each, LocationType.SHEET, sheet, null));
      }
      for (const [column, entries] of Object.entries(sheet.columnMetadata)) {
        for (const each of entries) {
          found.push(new DeveloperMetadata(each, LocationType.COLUMN, sheet, Number(column)));
        }
      }
    }
    return found;
  }

  class DeveloperMetadataFinder {
    constructor(sheet, area) {
      this.sheet = sheet;
      this.area = area;
      this.wanted = [];
      this.intersecting = false;
    }
    withId(id) {
      return this.where((each) => each.entry.id === id);
    }
    withKey(key) {
      return this.where((each) => each.entry.key === key);
    }
    withValue(value) {
      return this.where((each) => each.entry.value === value);
    }
    withVisibility(visibility) {
      return this.where((each) => each.getVisibility() === visibility);
    }
    withLocationType(type) {
      return this.where((each) => each.type === type);
    }
    onIntersectingLocations() {
      this.intersecting = true;
      return this;
    }
    find() {
      return everything().filter((each) => this.here(each) && this.wanted.every((is) => is(each)));
    }
    where(condition) {
      this.wanted.push(condition);
      return this;
    }

    /** From a sheet or range, what lies within it; with `intersecting`, what it lies in as well. */
    here({ type, sheet, column }) {
      if (this.sheet === null) return true;
      if (sheet !== this.sheet) return false;
      if (this.area === null) return true;
      if (type === LocationType.SHEET) return this.intersecting;
      const { row, rows, column: first, columns } = this.area;
      const beside = column >= first && column < first + columns;
      return beside && (this.intersecting || (row === 1 && rows === sheet.rows));
    }
  }

  /** What hangs on just this place: the spreadsheet, a sheet, or a whole column. */
  function on(sheet, area) {
    return everything().filter(({ type, sheet: home, column }) => {
      if (sheet === null) return type === LocationType.SPREADSHEET;
      if (home !== sheet) return false;
      if (area === null) return type === LocationType.SHEET;
      return column === area.column && area.columns === 1 && area.rows === sheet.rows;
    });
  }

  class Protection {
    constructor(sheet, given) {
      this.sheet = sheet;
      this.given = given;
    }
    canEdit() {
      const document = Grid.document();
      return document.owner === Access.session().user || Access.passes(document, this.given);
    }
    getDescription() {
      return this.given.description ?? '';
    }
    getEditors() {
      const { owner } = Grid.document();
      const editors = this.given.warningOnly ? [] : [owner, ...(this.given.editors ?? [])];
      return [...new Set(editors)].map(Identity.user);
    }
    getProtectionType() {
      const whole = this.given.range.slice(2).every((each) => each === null);
      return whole ? ProtectionType.SHEET : ProtectionType.RANGE;
    }
    getRange() {
      const [row, column, rows, columns] = this.given.range;
      const { sheet } = this;
      return Ranges.within(
        sheet,
        row,
        column,
        rows ?? sheet.rows - row + 1,
        columns ?? sheet.columns - column + 1,
      );
    }
    isWarningOnly() {
      return Boolean(this.given.warningOnly);
    }
  }

  function protections(sheets, type) {
    return sheets
      .flatMap((sheet) => sheet.protected.map((each) => new Protection(sheet, each)))
      .filter((each) => each.getProtectionType() === type);
  }

  class NamedRange {
    constructor(name) {
      this.name = name;
    }
    getName() {
      return this.name;
    }
    getRange() {
      return Ranges.written(Grid.document().names[this.name], null);
    }
  }

  Strict.describe(DeveloperMetadata, 'SpreadsheetApp.DeveloperMetadata', {
    getId: '',
    getKey: '',
    getLocation: '',
    getValue: '',
    getVisibility: '',
    setValue: 'string',
  });
  Strict.describe(DeveloperMetadataLocation, 'SpreadsheetApp.DeveloperMetadataLocation', {
    getColumn: '',
    getLocationType: '',
    getRow: '',
    getSheet: '',
    getSpreadsheet: '',
  });
  Strict.describe(DeveloperMetadataFinder, 'SpreadsheetApp.DeveloperMetadataFinder', {
    find: '',
    onIntersectingLocations: '',
    withId: 'int',
    withKey: 'string',
    withLocationType: 'DeveloperMetadataLocationType',
    withValue: 'string',
    withVisibility: 'DeveloperMetadataVisibility',
  });
  Strict.describe(Protection, 'SpreadsheetApp.Protection', {
    canEdit: '',
    getDescription: '',
    getEditors: '',
    getProtectionType: '',
    getRange: '',
    isWarningOnly: '',
  });
  Strict.describe(NamedRange, 'SpreadsheetApp.NamedRange', { getName: '', getRange: '' });

  return Object.freeze({
    LocationType,
    ProtectionType,
    Visibility,
    finder: (sheet, area) => new DeveloperMetadataFinder(sheet, area),
    names: () => Object.keys(Grid.document().names).map((name) => new NamedRange(name)),
    on,
    protections,
  });
})();
