"""A plan, written into a workbook in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sheetsync.layout import Tab
from sheetsync.workbooks.base import Keyed, Plan
from sheetsync.workbooks.xlsx import cells as xlsx_cells
from sheetsync.workbooks.xlsx import meta as xlsx_meta
from sheetsync.workbooks.xlsx.book import Book
from sheetsync.workbooks.xlsx.edits import (
    Columns,
    appended,
    beside_keys,
    difference,
    in_epoch,
    one_per_key,
    row_heights,
    whole_table,
    with_results,
)
from sheetsync.workbooks.xlsx.looks import format_of
from sheetsync.workbooks.xlsx.meta import REVISION
from sheetsync.workbooks.xlsx.read import HELPER, Found, Helper
from sheetsync.workbooks.xlsx.rows import Edit, StyleOf, keep
from sheetsync.workbooks.xlsx.sheet import Sheet
from sheetsync.workbooks.xlsx.view import column_styles

_DATES = ("date", "datetime")


@dataclass(frozen=True)
class Written:
    """How much was written: cells, and rows added at the end of tabs."""

    cells: int
    rows: int


def write(book: Book, plan: Plan, found: Found) -> Written:
    """Bring a workbook in memory to a plan's state."""
    cells = rows = 0
    for tab in plan.layout.tabs:
        place = found.places.get(tab.key)
        if place is None:
            continue
        edits = list(_edits(tab, place.columns, plan, found))
        cells += put(book, tab, place.title, place.columns, edits, found.cells[tab.key])
        rows += len(plan.appends.get(tab.key, ()))
        if tab.key in plan.keyed:
            cells += _keep_aside(book, tab, plan.keyed[tab.key], found.helpers[tab.key])
    _count(book, found)
    return Written(cells, rows)


def _edits(tab: Tab, columns: Columns, plan: Plan, found: Found) -> Iterator[Edit]:
    cells, keyed = found.cells[tab.key], plan.keyed.get(tab.key)
    if keyed is not None:
        yield from beside_keys(tab, columns, keyed, cells)
    if tab.key in plan.tables:
        yield from whole_table(tab, columns, plan.tables[tab.key], cells)
    if tab.key in plan.appends:
        lines = with_results(tab, plan.appends[tab.key], keyed)
        yield from appended(tab, columns, lines, found.last_rows[tab.key] + 1)


def put(
    book: Book,
    tab: Tab,
    title: str,
    columns: Columns,
    edits: Iterable[Edit],
    cells: pd.DataFrame,
) -> int:
    """Write edits of a tab; how many cells that were.

    Parameters
    ----------
    title : what the tab is called now
    columns : column key -> column of the tab
    cells : DataFrame of object, indexed by sheet row: what stands in it now
    """
    by_number = {columns[column.key]: column for column in tab.columns if column.key in columns}
    dates = [number for number, column in by_number.items() if column.type in _DATES]
    formats = {
        number: format_of(column, book.lang)
        for number, column in by_number.items()
        if column.type in (*_DATES, "percent")
    }
    sheet = book.sheet(title)
    known = list(edits)
    high = row_heights(tab, columns, known, cells)
    known = in_epoch(known, dates, since_1904=book.since_1904)
    return sheet.patch(known, style_of(book, sheet, formats), high)


def style_of(book: Book, sheet: Sheet, formats: Mapping[int, str]) -> StyleOf:
    """The styles of written cells: their own, else their column's; with the number format of
    ``formats`` (column -> format) where they have none."""
    columns = column_styles(sheet)
    known: dict[tuple[int, int], int] = {}

    def style(current: int, column: int) -> int:
        key = (current, column)
        if key not in known:
            own = current or columns(column)
            wanted = formats.get(column)
            known[key] = book.styles.formatted(own, wanted) if wanted else own
        return known[key]

    return style


def _keep_aside(book: Book, tab: Tab, keyed: Keyed, helper: Helper) -> int:
    """Lines of the hidden tab: known keys in their place, new ones at the end, others stay."""
    columns = [column for column in tab.results() if not column.shown]
    if not columns:
        return 0
    rows_now = helper.rows()
    lines = one_per_key(keyed.values).reindex(columns=[column.key for column in columns])
    lines = lines[lines.notna().any(axis=1) | lines.index.isin(list(rows_now))]
    title, numbers = ensure_helper(book, tab, helper)
    free = max([1, *rows_now.values()]) + 1
    keys: list[str] = lines.index.tolist()
    fresh = [key for key in keys if key not in rows_now]
    rows = {**rows_now, **{key: free + place for place, key in enumerate(fresh)}}
    lines = lines.set_axis(pd.Index([rows[key] for key in keys], dtype=np.int64), axis=0)
    lines = lines.sort_index()
    edits = [Edit.of(1, [(rows[key], key) for key in fresh])]
    for column in columns:
        values = xlsx_cells.column(lines[column.key])
        edits += difference(numbers[column.key], lines.index, values, helper.lines, column.key)
    dates = {numbers[c.key]: format_of(c, book.lang) for c in columns if c.type in _DATES}
    sheet = book.sheet(title)
    edits = in_epoch(edits, dates, since_1904=book.since_1904)
    return sheet.patch(edits, style_of(book, sheet, dates))


def ensure_helper(book: Book, tab: Tab, helper: Helper) -> tuple[str, Columns]:
    """The hidden tab beside a tab: its title, and where its columns are."""
    title = HELPER.format(tab.key)
    if title not in {ref.title for ref in book.sheets()}:
        title = book.add_sheet(title, hidden=True)
    wanted = [tab.row_key or "", *(column.key for column in tab.results() if not column.shown)]
    missing = [key for key in wanted if key not in helper.columns]
    start = max([0, *helper.columns.values()]) + 1
    added = {key: number for number, key in enumerate(missing, start=start)}
    book.sheet(title).patch([Edit.of(number, [(1, key)]) for key, number in added.items()], keep)
    return title, {**helper.columns, **added}


def _count(book: Book, found: Found) -> None:
    """The next revision."""
    row = found.meta.rows.get(REVISION, max(found.meta.rows.values(), default=1) + 1)
    number = float(found.meta.revision + 1)
    book.sheet(xlsx_meta.TITLE).patch(
        [Edit.of(1, [(row, REVISION)]), Edit.of(2, [(row, number)])], keep
    )
