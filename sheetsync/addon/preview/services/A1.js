/** Ranges as text: `Leads!B2:C`, `'My tab'!A1`. */
const A1 = (() => {
  function letters(column) {
    let text = '';
    for (let rest = column; rest > 0; rest = Math.floor((rest - 1) / 26)) {
      text = String.fromCharCode(65 + ((rest - 1) % 26)) + text;
    }
    return text;
  }

  function number(text) {
    return [...text.toUpperCase()].reduce((sum, each) => sum * 26 + each.charCodeAt(0) - 64, 0);
  }

  /** A range of a sheet in A1 notation. */
  function of({ row, column, rows, columns }) {
    const first = `${letters(column)}${row}`;
    if (rows === 1 && columns === 1) return first;
    return `${first}:${letters(column + columns - 1)}${row + rows - 1}`;
  }

  /** {title, row, column, rows, columns}; open ends are null. Null when it is no range at all. */
  function parse(text) {
    const found = /^(?:'((?:[^']|'')+)'!|([^'!]+)!)?(.+)$/.exec(text);
    if (!found) return null;
    const title = found[1]?.replaceAll("''", "'") ?? found[2] ?? null;
    const ends = /^\$?([A-Za-z]{1,3})?\$?(\d+)?(?::\$?([A-Za-z]{1,3})?\$?(\d+)?)?$/.exec(found[3]);
    if (!ends || (ends[1] === undefined && ends[2] === undefined)) return null;
    const area = found[3].includes(':');
    if (!area && (ends[1] === undefined || ends[2] === undefined)) return null;
    if (area && ends[3] === undefined && ends[4] === undefined) return null;
    const row = Number(ends[2] ?? 1);
    const column = ends[1] ? number(ends[1]) : 1;
    if (!area) return { title, row, column, rows: 1, columns: 1 };
    return {
      title,
      row,
      column,
      rows: ends[4] === undefined ? null : Number(ends[4]) - row + 1,
      columns: ends[3] === undefined ? null : number(ends[3]) - column + 1,
    };
  }

  return Object.freeze({ of, parse });
})();
