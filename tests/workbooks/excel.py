"""A person who edits an .xlsx file: openpyxl, made to move things the way Excel moves them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.utils.escape import unescape
from openpyxl.worksheet.cell_range import MultiCellRange
from openpyxl.worksheet.dimensions import ColumnDimension
from openpyxl.worksheet.worksheet import Worksheet

Moved = Callable[[int], int | None]
"""Where a column goes; None when it is deleted."""


class ExcelOperator:
    """Edits the file at ``path``; every action changes it and saves it.

    It stays open in the program until somebody else has written it. What is looked at is always
    what was saved.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._open: tuple[bytes, Workbook] | None = None
        self._seen: tuple[bytes, Workbook] | None = None

    @contextmanager
    def edited(self) -> Iterator[Workbook]:
        book = self._loaded(self._open)
        self._open = None  # should the action fail, it is half done
        yield book
        book.save(self.path)
        self._open = self.path.read_bytes(), book

    def _loaded(self, known: tuple[bytes, Workbook] | None) -> Workbook:
        if known is not None and known[0] == self.path.read_bytes():
            return known[1]
        return load_workbook(self.path)

    def _saved(self) -> Workbook:
        book = self._loaded(self._seen)
        self._seen = self.path.read_bytes(), book
        return book

    # --- looking ------------------------------------------------------------------------------

    def tabs(self) -> list[str]:
        return list(self._saved().sheetnames)

    def headers(self, tab: str) -> list[str]:
        sheet = self._saved()[tab]
        return [str(cell.value) for cell in sheet[1] if cell.value is not None]

    def cell(self, tab: str, row: int, header: str) -> Any:
        sheet = self._saved()[tab]
        return _shown(sheet.cell(row, _column(sheet, header)).value)

    def rows(self, tab: str) -> list[dict[str, Any]]:
        sheet = self._saved()[tab]
        heads = [cell.value for cell in sheet[1]]
        lines = (
            {head: _shown(cell.value) for head, cell in zip(heads, row, strict=True) if head}
            for row in sheet.iter_rows(min_row=2)
        )
        return [line for line in lines if any(value is not None for value in line.values())]

    # --- versions -----------------------------------------------------------------------------

    def version(self) -> bytes:
        return self.path.read_bytes()

    def restore(self, version: bytes) -> None:
        self.path.write_bytes(version)

    # --- typing -------------------------------------------------------------------------------

    def type(self, tab: str, row: int, header: str, value: Any) -> None:
        with self.edited() as book:
            _type(book[tab].cell(row, _column(book[tab], header)), value)

    def append(self, tab: str, values: Mapping[str, Any]) -> int:
        with self.edited() as book:
            sheet = book[tab]
            row = _last_row(sheet) + 1
            for header, value in values.items():
                _type(sheet.cell(row, _column(sheet, header)), value)
        return row

    # --- tabs ---------------------------------------------------------------------------------

    def rename_tab(self, tab: str, title: str) -> None:
        with self.edited() as book:
            book[tab].title = title
            for name in book.defined_names.values():
                name.value = name.value.replace(f"'{tab}'!", f"'{title}'!")

    def hide_tab(self, tab: str) -> None:
        with self.edited() as book:
            book[tab].sheet_state = "hidden"
            book.active = next(i for i, s in enumerate(book) if s.sheet_state == "visible")

    def add_tab(self, title: str, rows: Sequence[Sequence[Any]]) -> None:
        with self.edited() as book:
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(list(row))

    # --- columns ------------------------------------------------------------------------------

    def rename_column(self, tab: str, header: str, new: str) -> None:
        with self.edited() as book:
            book[tab].cell(1, _column(book[tab], header)).value = new

    def move_column(self, tab: str, header: str, after: str) -> None:
        with self.edited() as book:
            sheet = book[tab]
            source, target = _column(sheet, header), _column(sheet, after)
            order = [n for n in range(1, sheet.max_column + 1) if n != source]
            order.insert(order.index(target) + 1, source)
            places = {old: new for new, old in enumerate(order, start=1)}
            _rearrange(book, sheet, lambda n: places.get(n, n))

    def insert_column(self, tab: str, after: str, new: str) -> None:
        with self.edited() as book:
            sheet = book[tab]
            place = _column(sheet, after)
            _rearrange(book, sheet, lambda n: n if n <= place else n + 1)
            sheet.cell(1, place + 1).value = new

    def delete_column(self, tab: str, header: str) -> None:
        with self.edited() as book:
            sheet = book[tab]
            gone = _column(sheet, header)
            _rearrange(book, sheet, lambda n: None if n == gone else n if n < gone else n - 1)

    # --- rows ---------------------------------------------------------------------------------

    def insert_row(self, tab: str, row: int) -> None:
        with self.edited() as book:
            book[tab].insert_rows(row)

    def delete_row(self, tab: str, row: int) -> None:
        with self.edited() as book:
            book[tab].delete_rows(row)

    def copy_row(self, tab: str, row: int, to: int) -> None:
        with self.edited() as book:
            for cell in list(book[tab][row]):
                _copy(cell, book[tab].cell(to, cell.column))

    def sort(self, tab: str, header: str) -> None:
        with self.edited() as book:
            sheet = book[tab]
            column = _column(sheet, header) - 1
            lines = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
            lines.sort(key=lambda line: (line[column] is None, str(line[column])))
            for number, line in enumerate(lines, start=2):
                for place, value in enumerate(line, start=1):
                    _type(sheet.cell(number, place), value)


def _shown(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, str):
        value = unescape(value)
    return None if value == "" else value


def _column(sheet: Worksheet, header: str) -> int:
    return next(cell.column for cell in sheet[1] if cell.value == header)


def _last_row(sheet: Worksheet) -> int:
    filled = (cell.row for row in sheet.iter_rows() for cell in row if cell.value is not None)
    return max(filled, default=1)


def _type(cell: Cell, value: Any) -> None:
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"  # a person's apostrophe: no formula
    if isinstance(value, datetime) or hasattr(value, "year"):
        cell.number_format = "dd.mm.yyyy"


def _copy(source: Cell, target: Cell) -> None:
    target.value = source.value
    target.data_type = source.data_type
    target._style = copy(source._style)


def _rearrange(book: Workbook, sheet: Worksheet, moved: Moved) -> None:
    """Put every column of a sheet elsewhere, with all that refers to it."""
    cells = {(row, column): cell for (row, column), cell in sheet._cells.items()}
    sheet._cells.clear()
    for (row, column), cell in cells.items():
        if (place := moved(column)) is not None:
            _copy(cell, sheet.cell(row, place))
    widths = list(sheet.column_dimensions.items())
    sheet.column_dimensions.clear()
    for letters, old in widths:
        if (place := moved(column_index_from_string(letters))) is not None:
            new = ColumnDimension(
                sheet, get_column_letter(place), width=old.width, hidden=old.hidden
            )
            new._style = copy(old._style)
            sheet.column_dimensions[get_column_letter(place)] = new
    for name in book.defined_names.values():
        title, _, reference = name.value.rpartition("!")
        if title.strip("'") == sheet.title:
            place = moved(column_index_from_string(re.sub(r"[^A-Z]", "", reference.split(":")[0])))
            whole = f"${get_column_letter(place)}:${get_column_letter(place)}" if place else ""
            name.value = f"{title}!{whole}" if place else "#REF!"
    for validation in list(sheet.data_validations.dataValidation):
        ranges = _ranges(validation.sqref, moved)
        if ranges:
            validation.sqref = MultiCellRange(ranges)
        else:
            sheet.data_validations.dataValidation.remove(validation)
    formats = sheet.conditional_formatting
    sheet.conditional_formatting = ConditionalFormattingList()
    for block in formats:
        ranges = _ranges(block.sqref, moved)
        for rule in block.rules if ranges else ():
            rule.formula = [_formula(text, moved) for text in rule.formula]
            sheet.conditional_formatting.add(ranges, rule)


def _ranges(sqref: MultiCellRange, moved: Moved) -> str:
    found = []
    for area in sqref.ranges:
        places = [moved(column) for column in range(area.min_col, area.max_col + 1)]
        found += [
            f"{get_column_letter(place)}{area.min_row}:{get_column_letter(place)}{area.max_row}"
            for place in places
            if place is not None
        ]
    return " ".join(found)


def _formula(text: str, moved: Moved) -> str:
    def put(match: re.Match[str]) -> str:
        place = moved(column_index_from_string(match[1]))
        return f"${get_column_letter(place)}{match[2]}" if place else "#REF!"

    parts = re.split(r'("(?:[^"]|"")*")', text)
    return "".join(p if p.startswith('"') else re.sub(r"\$([A-Z]+)(\d+)", put, p) for p in parts)
