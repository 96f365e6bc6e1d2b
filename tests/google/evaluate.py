"""What formulas show: lazy evaluation, once per cell and revision.

A formula is compiled once to nested functions; a cell is computed when it is first asked for and
remembered until the spreadsheet changes. Looking a value up in a column builds an index of the
column once. That keeps ten thousand rows of lookup formulas quick.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import lru_cache
from typing import Any

from . import formulas
from .grid import Cell, Formula, FormulaError, Sheet, Span, Spreadsheet, Value
from .locales import general, locale, understand

Thunk = Callable[["Place"], Any]


class Failure(Exception):  # noqa: N818 - a value more than an error
    """An error value on its way out of a formula."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Area:
    """A reference to cells, clipped to the grid."""

    __slots__ = ("bottom", "calc", "left", "right", "sheet", "top")

    def __init__(
        self, calc: Calculation, sheet: Sheet, top: int, bottom: int, left: int, right: int
    ) -> None:
        self.calc, self.sheet = calc, sheet
        self.top, self.bottom, self.left, self.right = top, bottom, left, right

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def key(self) -> tuple[int, int, int, int, int]:
        return self.sheet.id, self.top, self.bottom, self.left, self.right

    def at(self, row: int, column: int) -> Value:
        """The value of a cell, counted from the area's corner."""
        return self.calc.at(self.sheet, self.top + row, self.left + column)

    def part(self, top: int, bottom: int, left: int, right: int) -> Area:
        return Area(
            self.calc,
            self.sheet,
            self.top + top,
            self.top + bottom,
            self.left + left,
            self.left + right,
        )

    def values(self) -> Iterator[Value]:
        """All values, row by row."""
        at, sheet = self.calc.at, self.sheet
        for r in range(self.top, self.bottom):
            for c in range(self.left, self.right):
                yield at(sheet, r, c)


class Place:
    """The cell whose formula is being computed."""

    __slots__ = ("calc", "column", "row", "sheet")

    def __init__(self, calc: Calculation, sheet: Sheet, row: int, column: int) -> None:
        self.calc, self.sheet, self.row, self.column = calc, sheet, row, column


class Calculation:
    """All formulas of one revision of a spreadsheet."""

    def __init__(self, spreadsheet: Spreadsheet, today: date) -> None:
        self.spreadsheet = spreadsheet
        self.today = today
        self.locale = locale(spreadsheet.locale)
        self.decimal_comma = self.locale.decimal == ","
        self._values: dict[tuple[int, int, int], Value] = {}
        self._running: set[tuple[int, int, int]] = set()
        self._names: dict[str, Area | None] = {}
        self._indexes: dict[Any, dict[Any, int]] = {}
        self._counts: dict[Any, dict[Any, int]] = {}
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
        low = name.casefold()
        if low not in self._names:
            found = None
            for each in self.spreadsheet.names.values():
                if each["name"].casefold() == low:
                    if "range" not in each:
                        raise Failure("#REF!")
                    span = Span.of(each["range"])
                    found = self.area(self.spreadsheet.sheet(span.sheet), span)
            self._names[low] = found
        area = self._names[low]
        if area is None:
            raise Failure("#NAME?")
        return area

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


def lookup_key(value: Any) -> Any:
    """Equal for values that lookups take for equal; 1 is not TRUE."""
    if isinstance(value, str):
        return value.casefold()
    return (value,) if isinstance(value, bool) else value


# -- values ----------------------------------------------------------------------------------


def scalar(value: Any, place: Place) -> Value:
    """One value; of an area the cell in the formula's own row or column."""
    kind = type(value)
    if kind is str or kind is int or value is None:
        return value  # type: ignore[no-any-return]
    if kind is Area:
        if value.height == 1 and value.width == 1:
            value = value.at(0, 0)
        elif value.width == 1 and value.top <= place.row < value.bottom:
            value = value.at(place.row - value.top, 0)
        elif value.height == 1 and value.left <= place.column < value.right:
            value = value.at(0, place.column - value.left)
        else:
            raise Failure("#VALUE!")
    if isinstance(value, FormulaError):
        raise Failure(value.code)
    return value  # type: ignore[no-any-return]


def as_number(value: Value, place: Place) -> int | float:
    if type(value) is int or type(value) is float:
        return value
    if value is None:
        return 0
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str):
        read, _ = understand(value, place.calc.locale, place.calc.today)
        if isinstance(read, (int, float)) and not isinstance(read, bool):
            return read
    raise Failure("#VALUE!")


def as_text(value: Value, place: Place) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return place.calc.locale.true if value else place.calc.locale.false
    if isinstance(value, (int, float)):
        return general(value, place.calc.locale)
    return str(value)


def as_boolean(value: Value) -> bool:
    if value is None:
        return False
    if isinstance(value, (bool, int, float)):
        return bool(value)
    if isinstance(value, str) and value.upper() in ("TRUE", "FALSE"):
        return value.upper() == "TRUE"
    raise Failure("#VALUE!")


def compare(left: Value, right: Value) -> int:
    """-1, 0 or 1; numbers before text before booleans, a blank equals "", 0 and FALSE."""
    if type(left) is str and type(right) is str:
        left, right = left.casefold(), right.casefold()
        return (left > right) - (left < right)
    if left is None and right is None:
        return 0
    if left is None:
        left = "" if isinstance(right, str) else type(right)()  # type: ignore[misc, call-arg]
    if right is None:
        right = "" if isinstance(left, str) else type(left)()  # type: ignore[call-arg]

    def rank(value: Any) -> int:
        return 2 if isinstance(value, bool) else 1 if isinstance(value, str) else 0

    a: Any = (rank(left), left.casefold() if isinstance(left, str) else left)
    b: Any = (rank(right), right.casefold() if isinstance(right, str) else right)
    return int(a > b) - int(a < b)


# -- compiling -------------------------------------------------------------------------------


@lru_cache(maxsize=50_000)
def compiled(formula: str, decimal_comma: bool) -> Thunk:
    """A formula as a function of the cell that it stands in."""
    return _compile(formulas.parse(formula, decimal_comma))


def _compile(node: formulas.Node) -> Thunk:
    kind = node[0]
    if kind in ("number", "string", "boolean"):
        value = node[1]
        return lambda _: value
    if kind == "missing":
        return lambda _: None
    if kind == "error":
        return _fail(node[1])
    if kind == "reference":
        reference = node[1]
        return lambda place: place.calc.reference(reference, place.sheet)
    if kind == "name":
        name = node[1]
        return lambda place: place.calc.named(name)
    if kind == "unary":
        inner, sign = _compile(node[2]), -1 if node[1] == "-" else 1
        if sign == 1:
            return inner
        return lambda place: -as_number(scalar(inner(place), place), place)
    if kind == "percent":
        inner = _compile(node[1])
        return lambda place: as_number(scalar(inner(place), place), place) / 100
    if kind == "binary":
        return _binary(node[1], _compile(node[2]), _compile(node[3]))
    return _call(node[1], [_compile(each) for each in node[2]])


def _fail(code: str) -> Thunk:
    def fail(_: Place) -> Any:
        raise Failure(code)

    return fail


_COMPARE: dict[str, Callable[[int], bool]] = {
    "=": lambda order: order == 0,
    "<>": lambda order: order != 0,
    "<": lambda order: order < 0,
    ">": lambda order: order > 0,
    "<=": lambda order: order <= 0,
    ">=": lambda order: order >= 0,
}


def _power(a: float, b: float) -> float:
    try:
        result = a**b
    except (OverflowError, ZeroDivisionError):
        raise Failure("#NUM!") from None
    if isinstance(result, complex):
        raise Failure("#NUM!")
    return result  # type: ignore[no-any-return]


def _divide(a: float, b: float) -> float:
    if b == 0:
        raise Failure("#DIV/0!")
    return a / b


_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": _divide,
    "^": _power,
}


def _binary(op: str, left: Thunk, right: Thunk) -> Thunk:
    if op == "&":
        return lambda place: (
            as_text(scalar(left(place), place), place) + as_text(scalar(right(place), place), place)
        )
    if op in _COMPARE:
        test = _COMPARE[op]
        return lambda place: test(compare(scalar(left(place), place), scalar(right(place), place)))
    compute = _ARITHMETIC[op]
    return lambda place: compute(
        as_number(scalar(left(place), place), place),
        as_number(scalar(right(place), place), place),
    )


def _call(name: str, arguments: list[Thunk]) -> Thunk:
    from .functions import FUNCTIONS

    if name not in FUNCTIONS:
        return _fail("#NAME?")
    function, least, most = FUNCTIONS[name]
    if not least <= len(arguments) <= most:
        return _fail("#N/A")
    return lambda place: function(place, *arguments)
