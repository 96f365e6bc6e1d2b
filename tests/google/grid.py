"""The model: a spreadsheet, its sheets, rows, columns and cells.

Rows and columns are objects with a key of their own, and a row finds its cells by column key. So a
moved column is a moved entry of one list, and what hangs on a row or a column (its developer
metadata) goes where it goes and dies with it.

A request changes a *fork* of the spreadsheet, which takes the place of the old one when all went
well: that makes a batch atomic. Forking copies lists of rows, never cells: a row is copied when it
is first written to.
"""

from __future__ import annotations

import copy
import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from .errors import invalid

_keys = itertools.count(1)

MAX_CELLS = 10_000_000
MAX_COLUMNS = 18_278
MAX_TEXT = 50_000


class Formula(str):
    """A formula as typed, ``=`` included."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class FormulaError:
    """An error as a value: ``#N/A`` and its like."""

    code: str


Value = bool | int | float | str | Formula | FormulaError | None


class Cell:
    """What a cell holds; never changed in place.

    ``entered`` is the typed value (a Formula for formulas), ``format`` the userEnteredFormat,
    ``extras`` whatever else of CellData we only keep (textFormatRuns, pivotTable, ...).
    """

    __slots__ = ("entered", "extras", "format", "note", "validation")

    def __init__(
        self,
        entered: Value = None,
        format: dict[str, Any] | None = None,
        validation: dict[str, Any] | None = None,
        note: str | None = None,
        extras: dict[str, Any] | None = None,
    ) -> None:
        self.entered = entered
        self.format = format
        self.validation = validation
        self.note = note
        self.extras = extras

    def replace(self, **changes: Any) -> Cell:
        new = Cell(self.entered, self.format, self.validation, self.note, self.extras)
        for name, value in changes.items():
            setattr(new, name, value)
        return new

    def empty(self) -> bool:
        return (
            self.entered is None
            and not self.format
            and not self.validation
            and not self.note
            and not self.extras
        )


BLANK = Cell()


def copied(tree: Any) -> Any:
    """A copy of what JSON can hold; copy.deepcopy takes five times as long, at every request."""
    if type(tree) is dict:
        return {key: copied(each) for key, each in tree.items()}
    return [copied(each) for each in tree] if type(tree) is list else tree


class Line:
    """A row or a column: size, hidden flags and a key that stays for life."""

    __slots__ = ("cells", "hidden", "hidden_by_filter", "key", "size", "writer")

    def __init__(self, size: int | None = None) -> None:
        self.key = next(_keys)
        self.size = size
        self.hidden = False
        self.hidden_by_filter = False
        self.cells: dict[int, Cell] = {}
        self.writer: object = None

    def copy(self, writer: object) -> Line:
        new = Line.__new__(Line)
        new.key, new.size, new.hidden = self.key, self.size, self.hidden
        new.hidden_by_filter = self.hidden_by_filter
        new.cells = dict(self.cells)
        new.writer = writer
        return new


@dataclass(frozen=True, slots=True)
class Span:
    """A rectangle of one sheet; ``None`` ends are open. Zero-based, ends excluded."""

    sheet: int
    top: int = 0
    bottom: int | None = None
    left: int = 0
    right: int | None = None

    def overlaps(self, other: Span) -> bool:
        return (
            self.sheet == other.sheet
            and (self.bottom is None or other.top < self.bottom)
            and (other.bottom is None or self.top < other.bottom)
            and (self.right is None or other.left < self.right)
            and (other.right is None or self.left < other.right)
        )

    def within(self, other: Span) -> bool:
        """Whether all of it lies in another one."""
        return (
            self.sheet == other.sheet
            and other.top <= self.top
            and other.left <= self.left
            and (other.bottom is None or (self.bottom is not None and self.bottom <= other.bottom))
            and (other.right is None or (self.right is not None and self.right <= other.right))
        )

    @classmethod
    def of(cls, grid_range: dict[str, Any]) -> Span:
        return cls(
            grid_range.get("sheetId", 0),
            grid_range.get("startRowIndex", 0),
            grid_range.get("endRowIndex"),
            grid_range.get("startColumnIndex", 0),
            grid_range.get("endColumnIndex"),
        )


@dataclass
class Sheet:
    """One tab."""

    id: int
    title: str
    rows: list[Line]
    columns: list[Line]
    properties: dict[str, Any] = field(default_factory=dict)  # hidden, tabColorStyle, ...
    grid: dict[str, Any] = field(default_factory=dict)  # frozenRowCount, hideGridlines, ...
    merges: list[dict[str, Any]] = field(default_factory=list)
    conditional_formats: list[dict[str, Any]] = field(default_factory=list)
    protected: dict[int, dict[str, Any]] = field(default_factory=dict)
    banding: dict[int, dict[str, Any]] = field(default_factory=dict)
    basic_filter: dict[str, Any] | None = None
    filter_views: dict[int, dict[str, Any]] = field(default_factory=dict)
    charts: dict[int, dict[str, Any]] = field(default_factory=dict)
    slicers: dict[int, dict[str, Any]] = field(default_factory=dict)
    groups: list[dict[str, Any]] = field(default_factory=list)
    writer: object = None

    @classmethod
    def new(cls, id: int, title: str, rows: int = 1000, columns: int = 26) -> Sheet:
        return cls(id, title, [Line() for _ in range(rows)], [Line() for _ in range(columns)])

    def fork(self, writer: object) -> Sheet:
        return Sheet(
            self.id,
            self.title,
            list(self.rows),
            [column.copy(writer) for column in self.columns],
            copied(self.properties),
            copied(self.grid),
            copied(self.merges),
            copied(self.conditional_formats),
            copied(self.protected),
            copied(self.banding),
            copied(self.basic_filter),
            copied(self.filter_views),
            copied(self.charts),
            copied(self.slicers),
            copied(self.groups),
            writer,
        )

    # -- cells -------------------------------------------------------------------------------

    def cell(self, row: int, column: int) -> Cell:
        return self.rows[row].cells.get(self.columns[column].key, BLANK)

    def put(self, row: int, column: int, cell: Cell) -> None:
        cells = self.row_to_write(row).cells
        key = self.columns[column].key
        if cell.empty():
            cells.pop(key, None)
        else:
            cells[key] = cell

    def row_to_write(self, index: int) -> Line:
        row = self.rows[index]
        if row.writer is not self.writer:
            row = self.rows[index] = row.copy(self.writer)
        return row

    def enter(self, row: int, column: int, value: Value, pattern: Any = None) -> None:
        """Type a value; ``pattern`` is a number format for a cell that has none."""
        cell = self.cell(row, column)
        format_ = cell.format
        if pattern and not (format_ or {}).get("numberFormat"):
            format_ = {**(format_ or {}), "numberFormat": pattern}
        self.put(row, column, cell.replace(entered=value, format=format_))

    def filled(self) -> Iterator[tuple[int, int, Cell]]:
        """Row, column and cell of everything that holds a value."""
        index = {column.key: i for i, column in enumerate(self.columns)}
        for r, row in enumerate(self.rows):
            for key, cell in row.cells.items():
                if cell.entered is not None:
                    yield r, index[key], cell

    def last_filled_row(self) -> int:
        """How many rows there are up to the last one with a value."""
        for r in range(len(self.rows) - 1, -1, -1):
            if any(cell.entered is not None for cell in self.rows[r].cells.values()):
                return r + 1
        return 0

    def clip(self, span: Span) -> tuple[int, int, int, int]:
        """Top, bottom, left, right of a span within the grid."""
        rows, columns = len(self.rows), len(self.columns)
        bottom = rows if span.bottom is None else min(span.bottom, rows)
        right = columns if span.right is None else min(span.right, columns)
        return min(span.top, rows), bottom, min(span.left, columns), right

    def lines(self, dimension: str) -> list[Line]:
        return self.rows if dimension == "ROWS" else self.columns


@dataclass
class Metadata:
    """One developer metadata; ``place`` is where it hangs.

    ``place`` is ``("SPREADSHEET",)``, ``("SHEET", sheet id)``, or ``("ROW" | "COLUMN", sheet id,
    key of the line)``.
    """

    id: int
    key: str
    value: str | None
    visibility: str
    place: tuple[Any, ...]


class Spreadsheet:
    """A file: sheets, names, metadata, and who may do what."""

    def __init__(self, id: str, title: str, locale: str, timezone: str) -> None:
        self.id = id
        self.title = title
        self.properties: dict[str, Any] = {
            "locale": locale,
            "autoRecalc": "ON_CHANGE",
            "timeZone": timezone,
        }
        self.sheets: list[Sheet] = []
        self.names: dict[str, dict[str, Any]] = {}
        self.metadata: dict[int, Metadata] = {}
        self.permissions: dict[str, str] = {}  # e-mail -> owner | writer | reader
        self.created = self.modified = datetime.now(UTC)
        self.revision = 0
        self.writer: object = None
        self.today: Callable[[], date] = date.today
        self.calculation: Any = None  # evaluated formulas of this revision; see evaluate.py

    @property
    def locale(self) -> str:
        return str(self.properties["locale"])

    @property
    def owner(self) -> str:
        return next((e for e, role in self.permissions.items() if role == "owner"), "")

    def fork(self) -> Spreadsheet:
        """A copy to write to; see the module's text."""
        new = Spreadsheet.__new__(Spreadsheet)
        writer = object()
        new.id, new.title, new.writer = self.id, self.title, writer
        new.properties = copied(self.properties)
        new.sheets = [sheet.fork(writer) for sheet in self.sheets]
        new.names = copied(self.names)
        new.metadata = {id: copy.copy(each) for id, each in self.metadata.items()}
        new.permissions = self.permissions  # sharing is Drive's affair and not undone here
        new.created = self.created
        new.modified = datetime.now(UTC)
        new.revision = self.revision + 1
        new.today = self.today
        new.calculation = None
        return new

    # -- sheets ------------------------------------------------------------------------------

    def sheet(self, id: int) -> Sheet:
        for sheet in self.sheets:
            if sheet.id == id:
                return sheet
        raise invalid(f"No grid with id: {id}")

    def titled(self, title: str) -> Sheet | None:
        for sheet in self.sheets:
            if sheet.title.casefold() == title.casefold():
                return sheet
        return None

    def check_size(self, more: tuple[int, int] = (0, 0)) -> None:
        """Refuse more cells than a spreadsheet may have; ``more`` are the rows and columns of a
        sheet that is to come."""
        sizes = [*((len(sheet.rows), len(sheet.columns)) for sheet in self.sheets), more]
        cells = sum(rows * columns for rows, columns in sizes)
        if cells > MAX_CELLS:
            raise invalid(
                "This action would increase the number of cells in the workbook above the limit "
                f"of {MAX_CELLS} cells."
            )
        if any(columns > MAX_COLUMNS for _, columns in sizes):
            raise invalid(
                f"This action would increase the number of columns above the limit of {MAX_COLUMNS}"
            )

    def span(self, grid_range: dict[str, Any], *, beyond: bool = False) -> Span:
        """A GridRange of a request, checked against the grid; it may end ``beyond`` it where
        Google is known to allow that."""
        span = Span.of(grid_range)
        sheet = self.sheet(span.sheet)
        for name, at, limit in (
            ("startRowIndex", span.top, len(sheet.rows)),
            ("endRowIndex", span.bottom, len(sheet.rows)),
            ("startColumnIndex", span.left, len(sheet.columns)),
            ("endColumnIndex", span.right, len(sheet.columns)),
        ):
            if at is None or (beyond and name[0] == "e"):
                continue
            if at < 0 or at > limit or (at == limit and name[0] == "s"):
                raise invalid(
                    f"range.{name}[{at}] is out of bounds: the grid has {len(sheet.rows)} rows "
                    f"and {len(sheet.columns)} columns"
                )
        for first, last, what in (
            (span.top, span.bottom, "Row"),
            (span.left, span.right, "Column"),
        ):
            if last is not None and last <= first:
                raise invalid(
                    f"range.end{what}Index[{last}] must be after range.start{what}Index[{first}]"
                )
        return span

    def new_id(self, taken: Iterable[int]) -> int:
        """An id nobody has, the same in every run."""
        taken = set(taken)
        candidate = 1_000_003
        while True:
            candidate = (candidate * 48_271 + self.revision) % 2_147_483_647
            if candidate not in taken:
                return candidate


def grid_range(span: Span) -> dict[str, Any]:
    """A span as Google writes it: sheet 0 and open ends are left out."""
    result: dict[str, Any] = {}
    if span.sheet:
        result["sheetId"] = span.sheet
    if span.bottom is not None or span.top:
        result["startRowIndex"] = span.top
    if span.bottom is not None:
        result["endRowIndex"] = span.bottom
    if span.right is not None or span.left:
        result["startColumnIndex"] = span.left
    if span.right is not None:
        result["endColumnIndex"] = span.right
    return result
