"""A workbook's sheets as whole grids, and single cells typed into them.

A refresh knows tabs by key and writes what belongs to the tool. Here it is the other way round:
somebody works in the sheets as people do, by place, and what they type goes into the very file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from sheetsync.errors import ConflictError
from sheetsync.layout import Layout
from sheetsync.workbooks.base import Snapshot
from sheetsync.workbooks.xlsx import meta as xlsx_meta
from sheetsync.workbooks.xlsx.book import Book
from sheetsync.workbooks.xlsx.cells import Cells, plain
from sheetsync.workbooks.xlsx.file import Stamp, check_unlocked, load, replace
from sheetsync.workbooks.xlsx.read import HELPER, Found, Values, broken_file, snapshot
from sheetsync.workbooks.xlsx.rows import Edit, keep
from sheetsync.workbooks.xlsx.write import put

Typed = Mapping[str, Mapping[tuple[int, int], Any]]
"""Sheet title -> (row, column) -> value: None empties the cell, else str, float or bool. Rows and
columns are counted from 1; a date is its serial number."""


@dataclass(frozen=True)
class Grid:
    """One sheet.

    Parameters
    ----------
    cells : everything from A1 on, shape (rows, columns), object: None, str, float, bool, datetime;
        a formula is the value it showed when the file was saved
    tab : key of the tab it is, None where it is people's own
    columns : column key -> column, 1 for A, of those that are ours
    """

    title: str
    hidden: bool
    cells: Cells
    tab: str | None
    columns: Mapping[str, int]


@dataclass(frozen=True)
class Grids:
    """A workbook: its sheets in order, without those that only the tool looks into, and what a
    snapshot knows of it. ``stamp`` is the file as it was read."""

    sheets: Sequence[Grid]
    snapshot: Snapshot
    stamp: Stamp


def read_grids(path: Path) -> Grids:
    """All sheets of a workbook.

    Raises
    ------
    TargetError
        The file is not there, can't be read, is no workbook, or holds no CRM.
    """
    data, stamp = load(path)
    with broken_file(path):
        book, values = Book(data, path, "en"), Values(data)
        read = snapshot(book, values, stamp, path)
        places = {place.title: (key, place) for key, place in _found(read).places.items()}
        inner = {xlsx_meta.TITLE, *(HELPER.format(key) for key in read.tabs)}
        sheets = []
        for ref in book.sheets():
            if ref.title not in inner:
                key, place = places.get(ref.title, (None, None))
                columns = place.columns if place is not None else {}
                cells = values.cells(ref.title)
                sheets.append(Grid(ref.title, ref.hidden, cells, key, columns))
    return Grids(sheets, read, stamp)


def type_cells(path: Path, base: Grids, typed: Typed, layout: Layout, lang: str) -> Stamp:
    """Type values into the cells of a workbook; everything else stays as it is.

    Parameters
    ----------
    base : the workbook as it was read; ``base.stamp`` or the last stamp that came from here
    lang : how new dates look

    Returns
    -------
    Stamp
        The file as it is now, for the next time.

    Raises
    ------
    ConflictError
        The file is no longer what ``base`` was.
    LockedError
        Excel or LibreOffice has it open.
    TargetError
        It is gone, or its folder can't be written.
    """
    check_unlocked(path)
    data, stamp = load(path)
    if stamp.sha256 != base.stamp.sha256:
        raise ConflictError("xlsx_changed", path=path)
    found = _found(base.snapshot)
    tabs = {place.title: (key, place) for key, place in found.places.items() if key in layout}
    with broken_file(path):
        book = Book(data, path, lang)
        for title, cells in typed.items():
            edits = _edits(cells)
            if title in tabs:
                key, place = tabs[title]
                put(book, layout[key], title, place.columns, edits, found.cells[key])
            else:
                book.sheet(title).patch(edits, keep)
        new = BytesIO()
        book.save(new)
        content = new.getvalue()

        def write(out: BinaryIO) -> None:
            out.write(content)

        replace(path, write, base=stamp)
    return Stamp(len(content), path.stat().st_mtime_ns, hashlib.sha256(content).hexdigest())


def _edits(cells: Mapping[tuple[int, int], Any]) -> list[Edit]:
    """An edit for each column, its rows ascending."""
    columns: dict[int, list[tuple[int, Any]]] = {}
    for (row, column), value in sorted(cells.items()):
        columns.setdefault(column, []).append((row, plain(value)))
    return [Edit.of(column, pairs) for column, pairs in columns.items()]


def _found(read: Snapshot) -> Found:
    found: Found = read.token
    return found
