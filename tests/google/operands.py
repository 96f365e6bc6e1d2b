"""What formulas compute with: areas of cells, error values, and how values turn into each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from .grid import FormulaError, Sheet, Value
from .locales import general, understand

if TYPE_CHECKING:
    from .evaluate import Calculation

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


def lookup_key(value: Any) -> Any:
    """Equal for values that lookups take for equal; 1 is not TRUE."""
    if isinstance(value, str):
        return value.casefold()
    return (value,) if isinstance(value, bool) else value


def scalar(value: Any, place: Place) -> Value:
    """One value; of an area the cell in the formula's own row or column."""
    kind = type(value)
    if kind is str or kind is int or value is None:
        return value  # type: ignore[no-any-return]
    if kind is Area:
        if value.bottom - value.top == 1 and value.right - value.left == 1:
            value = value.calc.at(value.sheet, value.top, value.left)
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
    if type(left) is int and type(right) is int:
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
