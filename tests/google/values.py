"""Values in and out: RAW and USER_ENTERED, the render options, the A1 methods of ``values``."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from . import a1
from .errors import ApiError, invalid, violation
from .evaluate import calculation
from .grid import MAX_TEXT, Cell, Formula, FormulaError, Sheet, Span, Spreadsheet, Value
from .locales import Locale, is_date, locale, show, tidy, understand

Rows = list[list[Any]]


# -- in --------------------------------------------------------------------------------------


def checked_text(text: str) -> str:
    if len(text) > MAX_TEXT:
        raise invalid(
            f"Your input contains more than the maximum of {MAX_TEXT} characters in a single cell."
        )
    return text


def type_into(
    spreadsheet: Spreadsheet, sheet: Sheet, row: int, column: int, value: Any, *, raw: bool
) -> None:
    """One JSON value into one cell; None leaves the cell as it is, "" empties it."""
    if value is None:
        return
    if isinstance(value, (list, dict)):
        kind = "list_value" if isinstance(value, list) else "struct_value"
        raise invalid(f"Invalid values[{row}][{column}]: {kind} {{\n}}\n")
    pattern = None
    entered: Value = value
    if isinstance(value, str):
        checked_text(value)
        if value == "":
            entered = None
        elif not raw:
            if _is_text(sheet.cell(row, column)):
                entered = value
            else:
                place = locale(spreadsheet.locale)
                entered, pattern = understand(value, place, calculation(spreadsheet).today)
    elif not isinstance(value, bool):
        entered = finite(value)
    sheet.enter(row, column, entered, pattern)


def finite(number: float) -> int | float:
    if isinstance(number, float) and not math.isfinite(number):
        raise violation("", f"Invalid value: {number}")
    return tidy(number)


def _is_text(cell: Cell) -> bool:
    return bool((cell.format or {}).get("numberFormat", {}).get("type") == "TEXT")


# -- out -------------------------------------------------------------------------------------


def renderer(
    spreadsheet: Spreadsheet,
    render: str = "FORMATTED_VALUE",
    dates: str = "SERIAL_NUMBER",
) -> Callable[[Sheet, int, int, Cell], Any]:
    """A function that gives what a cell answers under the render options; "" when empty."""
    calc = calculation(spreadsheet)
    place = locale(spreadsheet.locale)

    def formula(_sheet: Sheet, _row: int, _column: int, cell: Cell) -> Any:
        entered = cell.entered
        return "" if entered is None else entered

    def unformatted(sheet: Sheet, row: int, column: int, cell: Cell) -> Any:
        value = calc.value(sheet, row, column, cell)
        if isinstance(value, FormulaError):
            return value.code
        if (
            dates == "FORMATTED_STRING"
            and isinstance(value, (int, float))
            and is_date(number_format(cell, calc))
        ):
            return shown(value, cell, calc, place)
        return "" if value is None else value

    def formatted(sheet: Sheet, row: int, column: int, cell: Cell) -> Any:
        return shown(calc.value(sheet, row, column, cell), cell, calc, place)

    return {"FORMULA": formula, "UNFORMATTED_VALUE": unformatted}.get(render, formatted)


def number_format(cell: Cell, calc: Any) -> dict[str, Any] | None:
    """The cell's own number format, or the one that its formula brings along."""
    own: dict[str, Any] | None = (cell.format or {}).get("numberFormat")
    if own is None and isinstance(cell.entered, Formula):
        return calc.natural_format(cell.entered)  # type: ignore[no-any-return]
    return own


def shown(value: Value, cell: Cell, calc: Any, place: Locale) -> str:
    """What the cell displays."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, FormulaError):
        return value.code
    return show(value, number_format(cell, calc), place)


def read(
    spreadsheet: Spreadsheet,
    span: Span,
    render: str | None = None,
    dates: str | None = None,
    major: str | None = None,
) -> dict[str, Any]:
    """A ValueRange: trailing empty cells trimmed, ``values`` left out when there are none.

    A cell whose formula shows "" is not empty.
    """
    sheet = spreadsheet.sheet(span.sheet)
    top, bottom, left, right = sheet.clip(span)
    answer = renderer(spreadsheet, render or "FORMATTED_VALUE", dates or "SERIAL_NUMBER")
    calc = calculation(spreadsheet)
    by_columns = major == "COLUMNS"
    lines: Rows = []
    for c in range(left, right):
        rows, cells = calc.column(sheet, sheet.columns[c].key)
        for i in range(bisect_left(rows, top), bisect_left(rows, bottom)):
            value = answer(sheet, rows[i], c, cells[i])
            if by_columns:
                _put_at(lines, c - left, rows[i] - top, value)
            else:
                _put_at(lines, rows[i] - top, c - left, value)
    result: dict[str, Any] = {
        "range": a1.shown(span, sheet),
        "majorDimension": "COLUMNS" if by_columns else "ROWS",
    }
    if lines:
        result["values"] = lines
    return result


def _put_at(lines: Rows, line: int, at: int, value: Any) -> None:
    """Put a value into lines that grow as they are needed."""
    while len(lines) <= line:
        lines.append([])
    found = lines[line]
    found.extend([""] * (at - len(found)))
    found.append(value)


# -- updates ---------------------------------------------------------------------------------


def by_rows(values: Sequence[Any], major: str | None) -> Rows:
    """Values as rows, whatever their major dimension; None where a short column ends."""
    rows = [list(each) for each in values]
    if major != "COLUMNS":
        return rows
    height = max(map(len, rows), default=0)
    return [[column[i] if i < len(column) else None for column in rows] for i in range(height)]


@dataclass
class Written:
    """What a write touched: the range, the rows and columns with a value in it, how many values."""

    range: str
    sheet: int
    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)
    cells: int = 0

    def counts(self) -> dict[str, Any]:
        """As an UpdateValuesResponse has them; a write that wrote nothing counts nothing."""
        counts = {
            "updatedRows": len(self.rows),
            "updatedColumns": len(self.columns),
            "updatedCells": self.cells,
        }
        return {"updatedRange": self.range, **(counts if self.cells else {})}


def write(
    spreadsheet: Spreadsheet, span: Span, body: dict[str, Any], option: str | None
) -> Written:
    """Write a block into a range."""
    raw = input_is_raw(option)
    sheet = spreadsheet.sheet(span.sheet)
    rows = by_rows(body.get("values", []), body.get("majorDimension"))
    a1.check_limits(span, sheet)
    height, width = len(rows), max(map(len, rows), default=0)
    single = span.bottom == span.top + 1 and span.right == span.left + 1
    if not single:
        _check_fits(sheet, span, rows)
    touched = Span(sheet.id, span.top, span.top + height, span.left, span.left + width)
    if height and width:
        a1.check_limits(touched, sheet)
    written = _put(spreadsheet, touched, rows, raw=raw)
    if not written.cells:
        written.range = a1.shown(span, sheet)
    return written


def _put(spreadsheet: Spreadsheet, touched: Span, rows: Rows, *, raw: bool) -> Written:
    sheet = spreadsheet.sheet(touched.sheet)
    written = Written(a1.shown(touched, sheet), sheet.id)
    for r, row in enumerate(rows, touched.top):
        for c, value in enumerate(row, touched.left):
            if value is not None:
                type_into(spreadsheet, sheet, r, c, value, raw=raw)
                written.rows.add(r)
                written.columns.add(c)
                written.cells += 1
    return written


def _check_fits(sheet: Sheet, span: Span, rows: Rows) -> None:
    where = f"Requested writing within range [{a1.literal(span, sheet)}], but tried writing to "
    if span.bottom is not None and len(rows) > span.bottom - span.top:
        raise invalid(f"{where}row [{span.bottom + 1}]")
    widest = max(map(len, rows), default=0)
    if span.right is not None and widest > span.right - span.left:
        raise invalid(f"{where}column [{a1.column_name(span.right)}]")


def input_is_raw(option: str | None) -> bool:
    if option not in ("RAW", "USER_ENTERED"):
        raise ApiError(400, "'valueInputOption' is required but not specified")
    return option == "RAW"


def clear(spreadsheet: Spreadsheet, span: Span) -> str:
    """Empty the values of a range, keep everything else; the range as it was cleared."""
    sheet = spreadsheet.sheet(span.sheet)
    a1.check_limits(span, sheet)
    top, bottom, left, right = sheet.clip(span)
    keys = {sheet.columns[i].key: i for i in range(left, right)}
    for r in range(top, bottom):
        for key in keys.keys() & sheet.rows[r].cells.keys():
            cell = sheet.rows[r].cells[key]
            if cell.entered is not None:
                sheet.put(r, keys[key], cell.replace(entered=None))
    return a1.shown(span, sheet)


def table_in(spreadsheet: Spreadsheet, span: Span) -> Span | None:
    """The last table that touches a range: cells with values, side by side or corner to corner."""
    sheet = spreadsheet.sheet(span.sheet)
    filled = {(r, c) for r, c, _ in sheet.filled()}
    tables: list[Span] = []
    while filled:
        todo = [filled.pop()]
        cells = list(todo)
        while todo:
            r, c = todo.pop()
            for near in [(r + i, c + j) for i in (-1, 0, 1) for j in (-1, 0, 1)]:
                if near in filled:
                    filled.remove(near)
                    todo.append(near)
                    cells.append(near)
        rows, columns = [r for r, _ in cells], [c for _, c in cells]
        found = Span(sheet.id, min(rows), max(rows) + 1, min(columns), max(columns) + 1)
        if found.overlaps(span):
            tables.append(found)
    return max(tables, key=lambda t: (t.top, t.left), default=None)


def append(
    spreadsheet: Spreadsheet, span: Span, body: dict[str, Any], option: str | None, insert: bool
) -> tuple[dict[str, Any], Span]:
    """``values.append``: after the last row of the table, with new rows where needed."""
    from .batch.dimensions import insert_lines

    raw = input_is_raw(option)
    sheet = spreadsheet.sheet(span.sheet)
    a1.check_limits(span, sheet)
    table = table_in(spreadsheet, span)
    top = table.bottom if table and table.bottom is not None else span.top
    left = table.left if table else span.left
    rows = by_rows(body.get("values", []), body.get("majorDimension"))
    height, width = len(rows), max(map(len, rows), default=0)
    if insert and table and top < len(sheet.rows):
        insert_lines(spreadsheet, sheet, "ROWS", top, height, inherit=True)
    missing = top + height - len(sheet.rows)
    if missing > 0:
        insert_lines(spreadsheet, sheet, "ROWS", len(sheet.rows), missing, inherit=True)
    missing = left + width - len(sheet.columns)
    if missing > 0:
        insert_lines(spreadsheet, sheet, "COLUMNS", len(sheet.columns), missing, inherit=True)
    spreadsheet.check_size()
    touched = Span(sheet.id, top, top + height, left, left + width)
    written = _put(spreadsheet, touched, rows, raw=raw)
    reply: dict[str, Any] = {"spreadsheetId": spreadsheet.id}
    if table:
        reply["tableRange"] = a1.shown(table, sheet)
    reply["updates"] = {"spreadsheetId": spreadsheet.id, **written.counts()}
    return reply, touched
