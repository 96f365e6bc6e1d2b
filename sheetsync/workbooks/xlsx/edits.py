"""Results -> edits of one tab's cells: only the tool's, and of these only those that differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from sheetsync.layout import Column, Tab
from sheetsync.workbooks.base import Keyed
from sheetsync.workbooks.xlsx import cells as xlsx_cells
from sheetsync.workbooks.xlsx.cells import Cells, filled
from sheetsync.workbooks.xlsx.looks import LINE_POINTS, heights
from sheetsync.workbooks.xlsx.rows import Edit, Heights

Columns = Mapping[str, int]
"""Column key -> column, 1 for A: the columns of a tab that are there."""

Places = npt.NDArray[np.intp]


def beside_keys(tab: Tab, columns: Columns, keyed: Keyed, cells: pd.DataFrame) -> Iterator[Edit]:
    """Results beside their keys; rows without a key show none.

    Parameters
    ----------
    cells : DataFrame of object, indexed by sheet row: what stands in the tab now
    """
    if tab.row_key is not None and tab.row_key in columns:
        fresh = sorted(keyed.new_keys.items())
        pairs = [(row, xlsx_cells.plain(key)) for row, key in fresh]
        yield Edit.of(columns[tab.row_key], pairs)
    rows = cells.index.union(keyed.keys.index)
    lines = one_per_key(keyed.values)
    places = lines.index.get_indexer(pd.Index(keyed.keys.reindex(rows), dtype=object))
    for column in tab.results():
        if column.shown and column.key in columns:
            values = _taken(lines, column, places)
            yield from difference(columns[column.key], rows, values, cells, column.key)


def whole_table(
    tab: Tab, columns: Columns, table: pd.DataFrame, cells: pd.DataFrame
) -> Iterator[Edit]:
    """The body from row 2 on; what stands below its new end is emptied."""
    end = len(table) + 2
    rows = cells.index.union(pd.RangeIndex(2, end))
    places = np.where(rows < end, rows - 2, -1)
    for column in tab.owned("tool"):
        if column.key in columns:
            values = _taken(table, column, places)
            yield from difference(columns[column.key], rows, values, cells, column.key)


def appended(tab: Tab, columns: Columns, lines: pd.DataFrame, start: int) -> Iterator[Edit]:
    """New rows below each other from ``start`` on."""
    rows = np.arange(start, start + len(lines), dtype=np.int64)
    for column in tab.columns:
        if column.key in lines and column.key in columns:
            values = xlsx_cells.column(lines[column.key])
            if column.type == "checkbox":
                values[values == True] = xlsx_cells.TICK  # noqa: E712
                values[values == False] = xlsx_cells.NO_TICK  # noqa: E712
            there = filled(values)
            yield Edit(columns[column.key], rows[there], values[there])


def with_results(tab: Tab, lines: pd.DataFrame, keyed: Keyed | None) -> pd.DataFrame:
    """Rows to append, together with the results for their keys."""
    if keyed is None or tab.row_key not in lines:
        return lines
    beside = one_per_key(keyed.values).reindex(pd.Index(lines[tab.row_key], dtype=object))
    beside = beside.set_axis(lines.index, axis=0)
    return lines.join(beside[[name for name in beside if name not in lines]])


def one_per_key(values: pd.DataFrame) -> pd.DataFrame:
    """The first line of each key."""
    return values[~values.index.duplicated()]


def _taken(lines: pd.DataFrame, column: Column, places: Places) -> Cells:
    """The cells of one column of ``lines`` at these places; -1 is nothing."""
    taken = np.full(len(places), None, dtype=object)
    if column.key in lines:
        there = places >= 0
        taken[there] = xlsx_cells.column(lines[column.key])[places[there]]
    return taken


def difference(
    number: int, rows: pd.Index[int], values: Cells, cells: pd.DataFrame, key: str
) -> Iterator[Edit]:
    """An edit of those cells of a column that hold something else now, if there are any.

    Parameters
    ----------
    number : the column, 1 for A
    rows, values : what they shall hold
    cells : what stands in the tab now, indexed by sheet row; its column ``key`` is compared
    """
    now = np.full(len(rows), None, dtype=object)
    if key in cells:
        places = rows.get_indexer(cells.index)
        now[places[places >= 0]] = xlsx_cells.column(cells[key])[places >= 0]
    differ = np.asarray(now != values, dtype=bool)
    if differ.any():
        yield Edit(number, rows.to_numpy(dtype=np.int64)[differ], values[differ])


def in_epoch(edits: Iterable[Edit], dates: Iterable[int], *, since_1904: bool) -> list[Edit]:
    """The edits as a workbook counts days; ``dates`` are the columns that hold dates."""
    if not since_1904:
        return list(edits)
    columns = set(dates)
    return [
        Edit(edit.column, edit.rows, _in_1904(edit.values)) if edit.column in columns else edit
        for edit in edits
    ]


def _in_1904(values: Cells) -> Cells:
    shifted = np.empty(len(values), dtype=object)
    shifted[:] = [v - xlsx_cells.EPOCH_1904 if isinstance(v, float) else v for v in values]
    return shifted


def row_heights(tab: Tab, columns: Columns, edits: Iterable[Edit], cells: pd.DataFrame) -> Heights:
    """The heights that the long texts of edited rows need."""
    long = {
        columns[c.key]: c.key for c in tab.columns if c.type == "long_text" and c.key in columns
    }
    edited = [edit for edit in edits if edit.column in long]
    if not edited:
        return Heights()
    rows = pd.Index(np.unique(np.concatenate([edit.rows for edit in edited])))
    lines = cells.reindex(index=rows, columns=list(long.values())).astype(object)
    for edit in edited:
        lines.loc[edit.rows, long[edit.column]] = edit.values
    points = heights(tab, lines)
    if tab.body == "table":
        return Heights(points, replace=True)
    high = {row: height for row, height in points.items() if height > LINE_POINTS}
    return Heights(high, LINE_POINTS)
