"""What a plan means for the cells of one tab: as few and as small requests as can be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from sheetsync.workbooks.google import names
from sheetsync.workbooks.google.cells import cell, differ, wire
from sheetsync.workbooks.google.read import TabAt, runs
from sheetsync.workbooks.google.requests import (
    Request,
    append_cells,
    area,
    lengthen,
    update_cells,
)

_GAP = 3  # so many unchanged cells cost less than the frame of another request
_SPARE = 500  # rows that a grid gets at least when it has to grow


@dataclass
class Written:
    """Requests for one tab, and what they lean on.

    Parameters
    ----------
    cells, rows : how many cells and whole rows are written
    columns : positions of the columns that are written by place
    places : the sheet rows in which cells are written by place
    """

    requests: list[Request] = field(default_factory=list)
    cells: int = 0
    rows: int = 0
    columns: set[int] = field(default_factory=set)
    places: set[int] = field(default_factory=set)


def results(at: TabAt, values: pd.DataFrame) -> Written:
    """Bring a results tab to the planned values.

    Only cells that differ are written; keys without a line get one at the end, which Google looks
    for, unless there is nothing to record for them; lines of keys that are not planned stay.

    Parameters
    ----------
    at : the results tab as read
    values : planned values, indexed by row key
    """
    columns = [key for key in at.positions if key in values.columns]
    planned = {key: wire(values[key]) for key in columns}
    lines = at.lines
    line = np.array([lines.get(str(key), 0) for key in values.index], dtype=int)
    known = line > 0
    new: dict[int, np.ndarray] = {}
    old: dict[int, np.ndarray] = {}
    for key in columns:
        cells = at.displayed[key].copy()
        cells[line[known] - 2] = planned[key][known]
        new[at.positions[key]], old[at.positions[key]] = cells, at.displayed[key]
    written = changes(at, new, old)
    something = np.zeros(len(line), dtype=bool)
    for cells in planned.values():
        something |= cells != None  # noqa: E711 - element by element
    fresh = np.flatnonzero(~known & something)
    if len(fresh):
        keys = np.array([str(key) for key in values.index[fresh]], dtype=object)
        rows = {at.positions[f"{names.ROW_KEY}{at.row_key}"]: keys}
        rows |= {at.positions[key]: planned[key][fresh] for key in columns}
        _append(written, at, rows)
    return written


def table(at: TabAt, frame: pd.DataFrame) -> Written:
    """Bring the body of a tool-owned tab to the planned rows; what is left of older ones goes."""
    columns = [key for key in at.positions if key in frame.columns]
    height = max(len(frame), len(next(iter(at.displayed.values()), ())))
    new: dict[int, np.ndarray] = {}
    old: dict[int, np.ndarray] = {}
    for key in columns:
        position = at.positions[key]
        new[position], old[position] = np.full((2, height), None, dtype=object)
        new[position][: len(frame)] = wire(frame[key])
        old[position][: len(at.displayed[key])] = at.displayed[key]
    written = changes(at, new, old)
    if written.requests:
        written.requests[:0] = room(at, len(frame) + 1)
    return written


def log(at: TabAt, frame: pd.DataFrame) -> Written:
    """Add rows under the last one of a log."""
    columns = {at.positions[key]: wire(frame[key]) for key in at.positions if key in frame.columns}
    if frame.empty or not columns:
        return Written()
    written = Written(rows=len(frame))
    _append(written, at, columns)
    return written


def _append(written: Written, at: TabAt, columns: Mapping[int, np.ndarray]) -> None:
    """Rows under the last one that holds anything, wherever that is by then."""
    height = len(next(iter(columns.values())))
    rows = [
        [cell(columns[i][row]) if i in columns else {} for i in range(max(columns) + 1)]
        for row in range(height)
    ]
    written.requests.append(append_cells(at.sheet.id, rows))
    written.columns |= set(columns)
    for cells in columns.values():
        written.cells += int((cells != None).sum())  # noqa: E711 - element by element


def changes(at: TabAt, new: Mapping[int, np.ndarray], old: Mapping[int, np.ndarray]) -> Written:
    """updateCells for what differs, column position -> cells from row 2 on.

    Runs of changed cells in one column become one block; columns side by side with the same
    runs share it.
    """
    written = Written()
    blocks: dict[tuple[int, int], list[int]] = {}
    for position in sorted(new):
        different = np.flatnonzero(differ(new[position], old[position]))
        written.cells += len(different)
        for run in runs(different.tolist(), _GAP):
            blocks.setdefault(run, []).append(position)
    for (first, last), positions in blocks.items():
        for left, right in runs(positions):
            part = {i: new[i][first:last] for i in range(left, right)}
            written.requests.append(_block(at.sheet.id, first + 1, part))
            written.columns |= set(part)
        written.places |= set(range(first + 2, last + 2))
    return written


def room(at: TabAt, rows: int) -> Iterator[Request]:
    """More rows where a sheet has fewer than will be needed."""
    if rows > at.sheet.rows:
        yield lengthen(at.sheet.id, rows - at.sheet.rows + _SPARE)


def _block(sheet: int, top: int, columns: Mapping[int, np.ndarray]) -> Request:
    """updateCells over a rectangle; what is not given is emptied."""
    left, right = min(columns), max(columns) + 1
    height = len(next(iter(columns.values())))
    rows = [
        [cell(columns[i][row]) if i in columns else {} for i in range(left, right)]
        for row in range(height)
    ]
    return update_cells(area(sheet, top, top + height, left, right), rows)
