"""An .xlsx file -> a snapshot: values by calamine, tabs and columns by their names."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from lxml import etree
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

from sheetsync.errors import TargetError
from sheetsync.workbooks.base import OWN, Snapshot, TabData
from sheetsync.workbooks.xlsx import cells as xlsx_cells
from sheetsync.workbooks.xlsx import meta as xlsx_meta
from sheetsync.workbooks.xlsx.book import Book
from sheetsync.workbooks.xlsx.cells import Cells
from sheetsync.workbooks.xlsx.file import Stamp
from sheetsync.workbooks.xlsx.meta import Meta, Role
from sheetsync.workbooks.xlsx.names import Place, places

HELPER = "_{}"
"""The hidden tab that keeps what no tab of people shows: row key in A, then the columns."""

_UNUSUAL = frozenset({date, time, timedelta, int})


@dataclass(frozen=True)
class Found:
    """What one read learned and a later write needs.

    Parameters
    ----------
    stamp : the file that was read
    cells : tab key -> DataFrame of object, indexed by sheet row, a column per column key: every
        row in which anything of ours or of people's stands
    last_rows : tab key -> number of the last row that holds anything
    helpers : tab key -> (DataFrame of object, indexed by sheet row, first column the row key;
        column key -> column), of the hidden tab beside it
    """

    stamp: Stamp
    meta: Meta
    places: Mapping[str, Place]
    cells: Mapping[str, pd.DataFrame]
    last_rows: Mapping[str, int]
    helpers: Mapping[str, Helper]


@dataclass(frozen=True)
class Helper:
    """A hidden results tab: ``lines`` indexed by sheet row, and where its columns are."""

    lines: pd.DataFrame
    columns: Mapping[str, int]

    def rows(self) -> dict[str, int]:
        """Row key -> sheet row; the first of those with one key."""
        if self.lines.empty:
            return {}
        pairs = zip(self.lines.iloc[:, 0].tolist(), self.lines.index.tolist(), strict=True)
        return {header_text(key): row for key, row in reversed(list(pairs))}


class Values:
    """The values of a workbook's sheets."""

    def __init__(self, data: bytes) -> None:
        self._workbook = CalamineWorkbook.from_filelike(BytesIO(data))
        self._titles = {
            sheet.name
            for sheet in self._workbook.sheets_metadata
            if sheet.typ == SheetTypeEnum.WorkSheet
        }

    def cells(self, title: str) -> Cells:
        """All cells of a sheet from A1 on, shape (rows, columns), object; no rows when empty."""
        rows = (
            self._workbook.get_sheet_by_name(title).to_python(skip_empty_area=False)
            if title in self._titles
            else []
        )
        cells = np.empty((len(rows), len(rows[0]) if rows else 0), dtype=object)
        if cells.size:
            cells[:] = rows
            cells[cells == ""] = None
            flat = cells.reshape(-1)
            for place, value in enumerate(flat.tolist()):
                if value.__class__ in _UNUSUAL:
                    flat[place] = xlsx_cells.read(value)
        return cells


@contextmanager
def broken_file(path: Path) -> Iterator[None]:
    """Whatever a damaged file makes the parsers say becomes one sentence."""
    try:
        yield
    except (
        zipfile.BadZipFile,
        zlib.error,
        etree.XMLSyntaxError,
        CalamineError,
        NotImplementedError,  # a compression that zipfile does not know
        EOFError,
    ) as error:
        raise TargetError("xlsx_broken", path=path) from error


def snapshot(book: Book, values: Values, stamp: Stamp, path: Path) -> Snapshot:
    """A snapshot of a workbook.

    Raises
    ------
    TargetError
        There is no CRM in it.
    """
    titles = [ref.title for ref in book.sheets()]
    meta = xlsx_meta.read(values.cells(xlsx_meta.TITLE))
    where = places(book.names(), titles)
    if not where or not meta.rows:
        raise TargetError("xlsx_no_crm", path=path)
    tabs: dict[str, TabData] = {}
    cells: dict[str, pd.DataFrame] = {}
    helpers: dict[str, Helper] = {}
    for key, place in where.items():
        helpers[key] = helper(values.cells(HELPER.format(key)))
        grid = values.cells(place.title)
        tabs[key], cells[key] = _tab(key, place, grid, helpers[key], meta.roles(key))
    last_rows = {key: data.last_row for key, data in tabs.items()}
    return Snapshot(
        label=str(path),
        tabs=tabs,
        revision=meta.revision,
        meta=meta.init(),
        token=Found(stamp, meta, where, cells, last_rows, helpers),
    )


def _tab(
    key: str, place: Place, grid: Cells, kept: Helper, roles: Mapping[str, Role]
) -> tuple[TabData, pd.DataFrame]:
    """A tab's data, and its cells in every row that holds anything."""
    everything, headers = _frame(grid, place)
    names: list[str] = everything.columns.tolist()
    persons = [
        not name.startswith(OWN)
        and roles.get(name, "person") in ("person", "person key", "tool key")
        for name in names
    ]
    there = xlsx_cells.filled(everything.to_numpy(dtype=object))
    counts = there[:, persons] if any(persons) else there
    frame = everything.loc[np.asarray(counts.any(axis=1), dtype=bool)]
    tools = [name for name in names if roles.get(name) in ("tool", "tool key")]
    data = TabData(
        key=key,
        title=place.title,
        frame=frame,
        headers=headers,
        last_row=_last_row(grid),
        stored=_stored(frame, kept, roles),
        shown=frame.loc[:, tools],
    )
    return data, everything.loc[np.asarray(there.any(axis=1), dtype=bool)]


def header_text(value: Any) -> str:
    """A header cell as people see it."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _frame(grid: Cells, place: Place) -> tuple[pd.DataFrame, dict[str, str]]:
    """Every row under the header by column key, and the headers."""
    width = max([grid.shape[1] if grid.size else 0, *place.columns.values()])
    if grid.shape[1] < width or not len(grid):
        wide = np.full((max(len(grid), 1), width), None, dtype=object)
        wide[: len(grid), : grid.shape[1]] = grid
        grid = wide
    texts = [header_text(value) for value in grid[0].tolist()]
    columns = dict(place.columns)
    ours = set(columns.values())
    for number, text in enumerate(texts, start=1):
        if number not in ours and text.strip():
            key, count = OWN + text, 2
            while key in columns:  # two own columns with one header
                key, count = f"{OWN}{text} ({count})", count + 1
            columns[key] = number
    picked = [number - 1 for number in columns.values()]
    frame = pd.DataFrame(
        grid[1:, picked],
        index=pd.RangeIndex(2, len(grid) + 1),
        columns=pd.Index(list(columns), dtype=object),
        dtype=object,
    )
    return frame, {key: texts[number - 1] for key, number in columns.items()}


def _last_row(grid: Cells) -> int:
    rows = np.flatnonzero(xlsx_cells.filled(grid).any(axis=1)).tolist() if grid.size else []
    return int(rows[-1]) + 1 if rows else 1


def helper(grid: Cells) -> Helper:
    """A hidden results tab; empty when it is not there."""
    if not grid.size:
        return Helper(pd.DataFrame(dtype=object), {})
    columns = {header_text(value): n for n, value in enumerate(grid[0].tolist(), start=1) if value}
    lines = pd.DataFrame(
        grid[1:, [number - 1 for number in columns.values()]],
        index=pd.RangeIndex(2, len(grid) + 1),
        columns=pd.Index(list(columns), dtype=object),
        dtype=object,
    )
    return Helper(lines[lines.iloc[:, 0].notna()], columns)


def _stored(frame: pd.DataFrame, kept: Helper, roles: Mapping[str, Role]) -> pd.DataFrame:
    """What is recorded by row key: the tool's cells beside it, and what only the helper keeps."""
    key = next((name for name, role in roles.items() if role.endswith("key")), None)
    tools = [name for name in frame.columns.tolist() if roles.get(name) == "tool"]
    if key is None or key not in frame or not (tools or kept.columns):
        return pd.DataFrame(dtype=object)
    beside = _by_key(frame[[key, *tools]])
    aside = _by_key(kept.lines) if kept.columns else pd.DataFrame(dtype=object)
    keys = pd.Index(dict.fromkeys([*beside.index, *aside.index]), dtype=object)
    aside = aside[[name for name in aside if name not in beside]]
    both = pd.concat([beside.reindex(keys), aside.reindex(keys)], axis=1).astype(object)
    return both.where(both.notna(), None)


def _by_key(lines: pd.DataFrame) -> pd.DataFrame:
    """Lines by their first column; the first of those with one key."""
    keys = lines.iloc[:, 0].map(header_text)
    lines = lines.iloc[:, 1:].set_axis(pd.Index(keys, dtype=object), axis=0)
    return lines[(lines.index != "") & ~lines.index.duplicated()]
