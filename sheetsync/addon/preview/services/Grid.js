/**
 * The document in memory: its cells, and a list of everything that scripts change in it.
 *
 * Rows and columns are counted from 1, as people and Google's services do; `values` is an array of
 * rows. A date is a serial number in a cell whose format shows days. A formula is kept beside the
 * value it showed last: nothing is computed here.
 *
 * A document is {id, title, url, locale, timeZone, owner, permissions: {address: role}, metadata:
 * [{id, key, value}], names: {name: range in A1 notation}, sheets}. A sheet is {id, title, hidden,
 * rows, columns, frozenRows, values, formulas: [[column, first row, last row, text]], formats:
 * {column: of its body}, cellFormats: {'row,column': where it is another}, notes: {'row,column':
 * text}, metadata, columnMetadata: {column: [...]}, protected: [{range: [row, column, rows,
 * columns], with null for open ends, warningOnly, editors, description}]}. Roles are 'owner',
 * 'writer' and 'reader'; formats are Google's patterns.
 */
const Grid = (() => {
  const LONGEST = 50_000; // characters that a cell, or a note, may hold
  let document = null;
  let changes = [];
  let marks = [];
  let read = 0;
  let written = 0;

  function open(given) {
    document = given;
    for (const sheet of document.sheets) {
      sheet.values ??= [];
      sheet.formats ??= {};
      sheet.cellFormats ??= {};
      sheet.notes ??= {};
      sheet.metadata ??= [];
      sheet.columnMetadata ??= {};
      sheet.protected ??= [];
      sheet.formulaOf = new Map(); // column -> Map of row -> text
      for (const [column, first, last, text] of sheet.formulas ?? []) {
        for (let row = first; row <= last; row++) setFormula(sheet, row, column, text);
      }
    }
    document.metadata ??= [];
    document.names ??= {};
    forget();
  }

  function forget() {
    changes = [];
    marks = [];
  }

  const place = (row, column) => `${row},${column}`;

  // -- reading -------------------------------------------------------------------------------

  function value(sheet, row, column) {
    const found = sheet.values[row - 1]?.[column - 1] ?? null;
    return found === '' ? null : found; // a formula may show nothing
  }

  function formula(sheet, row, column) {
    return sheet.formulaOf.get(column)?.get(row) ?? '';
  }

  function format(sheet, row, column) {
    const own = sheet.cellFormats[place(row, column)];
    // Formats of columns are laid over their bodies; a header is plain.
    return own ?? (row > 1 ? sheet.formats[column] : undefined) ?? Locale.GENERAL;
  }

  function note(sheet, row, column) {
    return sheet.notes[place(row, column)] ?? '';
  }

  /** The last row, and the last column, in which anything stands; formulas stand there too. */
  function extent(sheet) {
    let rows = 0;
    let columns = 0;
    sheet.values.forEach((cells, i) => {
      for (let j = cells.length; j > 0; j--) {
        if (cells[j - 1] !== null && cells[j - 1] !== undefined && cells[j - 1] !== '') {
          rows = i + 1;
          columns = Math.max(columns, j);
          break;
        }
      }
    });
    for (const [column, texts] of sheet.formulaOf) {
      for (const row of texts.keys()) rows = Math.max(rows, row);
      if (texts.size) columns = Math.max(columns, column);
    }
    return { rows, columns };
  }

  /** A block of cells, each through a function of (sheet, row, column); counted as read. */
  function block(sheet, area, of) {
    read += area.rows * area.columns;
    return Array.from({ length: area.rows }, (_r, i) =>
      Array.from({ length: area.columns }, (_c, j) => of(sheet, area.row + i, area.column + j)),
    );
  }

  /** A value as scripts get it: a Date for a date, '' for nothing. */
  function scripted(sheet, row, column) {
    const found = value(sheet, row, column);
    if (found === null) return '';
    if (typeof found === 'number' && Locale.isDate(format(sheet, row, column))) {
      return Zone.toDate(found, document.timeZone);
    }
    return found;
  }

  function displayed(sheet, row, column) {
    return Locale.shown(value(sheet, row, column), format(sheet, row, column), document.locale);
  }

  // -- writing -------------------------------------------------------------------------------

  function setFormula(sheet, row, column, text) {
    if (!sheet.formulaOf.has(column)) sheet.formulaOf.set(column, new Map());
    if (text) sheet.formulaOf.get(column).set(row, text);
    else sheet.formulaOf.get(column).delete(row);
  }

  function put(sheet, row, column, wanted) {
    while (sheet.values.length < row) sheet.values.push([]);
    const cells = sheet.values[row - 1];
    while (cells.length < column) cells.push(null);
    cells[column - 1] = wanted;
  }

  /**
   * What a script's value means for a cell.
   *
   * @param {any} wanted
   * @param {string} current the format that the cell has
   * @param {boolean} [raw] text is just text
   * @returns {{value?: any, formula?: string, format?: string}}
   */
  function meant(wanted, current, raw) {
    if (wanted === null || wanted === '') return { value: null };
    if (typeof wanted === 'boolean') return { value: wanted };
    if (typeof wanted === 'string') {
      limit(wanted);
      if (raw) return { value: wanted };
      const year = new Date().getFullYear();
      return Locale.typed(wanted, current, { locale: document.locale, year });
    }
    if (wanted instanceof Date && !Number.isNaN(wanted.getTime())) {
      const plain = !Locale.isDate(current);
      const result = { value: Zone.toSerial(wanted, document.timeZone) };
      return plain ? { ...result, format: Locale.place(document.locale).date } : result;
    }
    if (typeof wanted === 'number' && Number.isFinite(wanted)) return { value: wanted };
    throw new Error(`stand-in: ${String(wanted)} is no value of a cell`);
  }

  function limit(text) {
    if (text.length > LONGEST) {
      throw new Error(
        `Your input contains more than the maximum of ${LONGEST} characters in a single cell.`,
      );
    }
  }

  /** Write one cell as a script does; its protection has been looked at. */
  function write(sheet, row, column, wanted, raw = false) {
    written += 1;
    const current = format(sheet, row, column);
    const result = meant(wanted, current, raw);
    const at = { sheet: sheet.id, row, column };
    if (result.formula) {
      setFormula(sheet, row, column, result.formula);
      put(sheet, row, column, '#ERROR!'); // what it would come to, nobody here can say
      changes.push({ op: 'formula', ...at, formula: result.formula });
      return;
    }
    setFormula(sheet, row, column, '');
    put(sheet, row, column, result.value);
    const change = { op: 'set', ...at, value: result.value };
    if (result.format && [Locale.GENERAL, ''].includes(current)) {
      sheet.cellFormats[place(row, column)] = result.format;
      changes.push({ ...change, format: result.format });
    } else {
      changes.push(change);
    }
  }

  function setFormat(sheet, row, column, pattern) {
    sheet.cellFormats[place(row, column)] = pattern || Locale.GENERAL;
    changes.push({ op: 'format', sheet: sheet.id, row, column, format: pattern });
  }

  function setNote(sheet, row, column, text) {
    limit(text ?? '');
    if (note(sheet, row, column) === (text ?? '')) return;
    if (text) sheet.notes[place(row, column)] = text;
    else delete sheet.notes[place(row, column)];
    changes.push({ op: 'note', sheet: sheet.id, row, column, note: text ?? '' });
  }

  /** Another value for a piece of metadata. */
  function mark(entry, value) {
    entry.value = value;
    marks.push({ id: entry.id, value });
  }

  /** More rows at the end of a sheet. */
  function lengthen(sheet, count) {
    sheet.rows += count;
    changes.push({ op: 'rows', sheet: sheet.id, count });
  }

  return Object.freeze({
    block,
    displayed,
    extent,
    format,
    formula,
    lengthen,
    mark,
    meant,
    note,
    open,
    scripted,
    setFormat,
    setNote,
    value,
    write,
    changes: () => changes,
    counts: () => ({ read, written }),
    document: () => document,
    forget,
    marks: () => marks,
    recount: () => (read = written = 0),
    sheet: (id) => document.sheets.find((each) => each.id === id),
  });
})();
