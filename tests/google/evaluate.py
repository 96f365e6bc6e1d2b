"""What formulas show: lazy evaluation, once per cell and revision.

A formula is compiled once to nested functions; a cell is computed when it is first asked for and
remembered until the spreadsheet changes. Looking a value up in a column builds an index of the
column once. That keeps ten thousand rows of lookup formulas quick.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from . import formulas
from .compiling import compiled
from .grid import Cell, Formula, FormulaError, Sheet, Span, Spreadsheet, Value
from .locales import locale
from .operands import Area, Failure, Place, lookup_key, scalar

Column = tuple[list[int], list[Cell]]
"""The filled cells of a column: their rows from top to bottom, and the cells."""
_NOTHING: Column = ([], [])


class Calculation:
    """All formulas of one revision of a spreadsheet."""

    def __init__(self, spreadsheet: Spreadsheet, today: date) -> None:
        self.spreadsheet = spreadsheet
        self.today = today
        self.locale = locale(spreadsheet.locale)
        self.decimal_comma = self.locale.decimal == ","
        self._values: dict[tuple[int, int, int], Value] = {}
        self._running: set[tuple[int, int, int]] = set()
        self._names: dict[str, Area] = {}
        self._indexes: dict[Any, dict[Any, int]] = {}
        self._counts: dict[Any, dict[Any, int]] = {}
        self._columns: dict[int, dict[int, Column]] = {}
        self._titles = {sheet.title.casefold(): sheet for sheet in spreadsheet.sheets}

    # -- cells -------------------------------------------------------------------------------

    def at(self, sheet: Sheet, row: int, column: int) -> Value:
        cell = sheet.rows[row].cells.get(sheet.columns[column].key)
        if cell is None:
            return None
        entered = cell.entered
        return self.value(sheet, row, column, cell) if type(entered) is Formula else entered

    def value(self, sheet: Sheet, row: int, column: int, cell: Cell) -> Value:
        """The effective value of a cell; errors are FormulaError."""
        entered = cell.entered
        if type(entered) is not Formula:
            return entered
        key = (sheet.id, row, column)
        known = self._values.get(key)
        if known is not None:
            return known
        if key in self._running:
            return FormulaError("#REF!")  # a circle
        self._running.add(key)
        try:
            value = self.evaluate(entered, Place(self, sheet, row, column))
        finally:
            self._running.discard(key)
        self._values[key] = value
        return value

    def evaluate(self, formula: str, place: Place) -> Value:
        try:
            value = scalar(compiled(formula, self.decimal_comma)(place), place)
        except formulas.FormulaSyntaxError:
            return FormulaError("#ERROR!")
        except Failure as failure:
            return FormulaError(failure.code)
        except RecursionError:
            return FormulaError("#REF!")
        if isinstance(value, float) and value.is_integer():
            return int(value)
        return 0 if value is None else value

    def column(self, sheet: Sheet, key: int) -> Column:
        """What is filled in a column, so that reading does not walk over empty rows."""
        if sheet.id not in self._columns:
            columns: dict[int, Column] = {}
            for r, row in enumerate(sheet.rows):
                for each, cell in row.cells.items():
                    if cell.entered is not None:
                        rows, cells = columns.setdefault(each, ([], []))
                        rows.append(r)
                        cells.append(cell)
            self._columns[sheet.id] = columns
        return self._columns[sheet.id].get(key, _NOTHING)

    # -- references --------------------------------------------------------------------------

    def area(self, sheet: Sheet, span: Span) -> Area:
        top, bottom, left, right = sheet.clip(span)
        if bottom <= top or right <= left:
            raise Failure("#REF!")
        return Area(self, sheet, top, bottom, left, right)

    def named(self, name: str) -> Area:
        """A named range.

        Raises
        ------
        Failure
            ``#NAME?`` without such a name, ``#REF!`` when its cells are gone.
        """
        area = self._names.get(name)
        if area is None:
            area = self._names[name] = self._named(name.casefold())
        return area

    def _named(self, name: str) -> Area:
        for each in self.spreadsheet.names.values():
            if each["name"].casefold() == name:
                if "range" not in each:
                    raise Failure("#REF!")
                span = Span.of(each["range"])
                return self.area(self.spreadsheet.sheet(span.sheet), span)
        raise Failure("#NAME?")

    def reference(self, reference: formulas.Reference, sheet: Sheet) -> Area:
        if reference.sheet is not None:
            other = self._titles.get(reference.sheet.casefold())
            if other is None:
                raise Failure("#REF!")
            sheet = other
        rows = sorted(x for x in (reference.top, reference.bottom) if x is not None)
        columns = sorted(x for x in (reference.left, reference.right) if x is not None)
        return self.area(
            sheet,
            Span(
                sheet.id,
                rows[0] if rows else 0,
                rows[1] + 1 if len(rows) == 2 else None,
                columns[0] if columns else 0,
                columns[1] + 1 if len(columns) == 2 else None,
            ),
        )

    # -- indexes -----------------------------------------------------------------------------

    def index(self, area: Area) -> dict[Any, int]:
        """Value -> first position in a row or column, as MATCH with 0 finds it."""
        key = area.key
        if key not in self._indexes:
            index: dict[Any, int] = {}
            for i, value in enumerate(area.values()):
                if value is not None and not isinstance(value, FormulaError):
                    index.setdefault(lookup_key(value), i)
            self._indexes[key] = index
        return self._indexes[key]

    def counts(self, area: Area) -> dict[Any, int]:
        """Value -> how often it stands in an area."""
        key = area.key
        if key not in self._counts:
            counts: dict[Any, int] = {}
            for value in area.values():
                if not isinstance(value, FormulaError):
                    found = lookup_key("" if value is None else value)
                    counts[found] = counts.get(found, 0) + 1
            self._counts[key] = counts
        return self._counts[key]

    def natural_format(self, formula: str) -> dict[str, Any] | None:
        """The number format a formula brings along: dates stay dates."""
        try:
            node = formulas.parse(formula, self.decimal_comma)
        except formulas.FormulaSyntaxError:
            return None
        if node[0] == "call" and node[1] in ("TODAY", "DATE", "EDATE", "WORKDAY"):
            return {"type": "DATE"}
        if node[0] == "call" and node[1] == "NOW":
            return {"type": "DATE_TIME"}
        return None


def calculation(spreadsheet: Spreadsheet) -> Calculation:
    """The calculation of the spreadsheet as it is; made when first asked for."""
    today = spreadsheet.today()
    if spreadsheet.calculation is None or spreadsheet.calculation.today != today:
        spreadsheet.calculation = Calculation(spreadsheet, today)
    return spreadsheet.calculation  # type: ignore[no-any-return]
