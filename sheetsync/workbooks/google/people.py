"""What a plan does in people's own tabs: rows that the tool adds, formulas that are missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from sheetsync.layout import Tab
from sheetsync.locales import Words
from sheetsync.workbooks.base import Keyed, TabData, strays
from sheetsync.workbooks.google import names
from sheetsync.workbooks.google.cells import cell, differ, formula, plain, wire
from sheetsync.workbooks.google.dress import validate
from sheetsync.workbooks.google.formulas import line_formula, shown_formula
from sheetsync.workbooks.google.read import TabAt, runs
from sheetsync.workbooks.google.requests import (
    VALUE,
    Request,
    area,
    insert,
    repeat_cell,
    update_cells,
)
from sheetsync.workbooks.google.results import Written

_GAP = 50  # laying a formula in a row that needs none does no harm


def formulas(at: TabAt, tab: Tab, words: Words) -> dict[str, str]:
    """Column key -> formula, for the columns of people's tab that show results."""
    found = {c.key: shown_formula(tab, c, words) for c in tab.results() if c.key in at.positions}
    if names.LINE in at.positions:
        found[names.LINE] = line_formula(tab)
    return found


def lay(
    at: TabAt, data: TabData, keyed: Keyed, tab: Tab, words: Words, recorded: Mapping[str, int]
) -> Written:
    """Lay formulas in the rows that need them, and in no others.

    A row gets its formulas with its key, or with the first results for a key that it has. Rows
    below stay empty: a formula in each of them would be content to Google, so that whatever
    appends rows (a form, a script) would do so under a thousand blank ones.

    The helper column shows the line of the row's key wherever its formula stands. So a row in which
    it shows another number or none (inserted, or pasted as values) has no formulas; elsewhere what
    is shown differs from what is recorded when a person typed over a result. Where nothing at all
    is shown, the server does not evaluate formulas, and only new rows get theirs. A column that
    gets its first result has it in all rows: ``init`` may have inserted it without formulas.

    Parameters
    ----------
    recorded : the keys that had results before this plan, with their lines
    """
    written = Written()
    laid = formulas(at, tab, words)
    line = at.displayed.get(names.LINE, np.array([], dtype=object))
    rows = np.array(sorted(int(str(row)) for row in keyed.keys.index), dtype=int)
    results = set(keyed.values.dropna(how="all").index) - set(keyed.new_keys.values())
    wanting = [
        row in keyed.new_keys or (key in results and key not in recorded)
        for row, key in keyed.keys.sort_index().items()
    ]
    bare = np.array([not _is_number(_at(line, row)) for row in rows], dtype=bool)
    evaluates = any(map(_is_number, line)) or data.displays
    missing = bare & (np.array(wanting, dtype=bool) | evaluates)
    if tab[tab.row_key or ""].owner == "tool":  # people's keys: two in other case share a line
        here = [recorded.get(str(key), 0) for key in keyed.keys.sort_index()]
        elsewhere = [_is_other(_at(line, row), at) for row, at in zip(rows, here, strict=True)]
        missing |= np.array(elsewhere, dtype=bool) | np.isin(rows, list(keyed.new_keys))
    for key, text in laid.items():
        wrong = missing.copy()
        if evaluates and key in data.shown.columns:
            wrong |= _wrong(data, key, rows, keyed, live=tab[key].live is not None)
            wrong |= _is_unused(data, key) and bool(keyed.values[key].notna().any())
        position = at.positions[key]
        for first, last in runs(rows[wrong].tolist(), _GAP):
            written.requests.append(_formula(at, text, position, first, last))
            written.columns.add(position)
            written.cells += last - first
    return written


def lay_in(at: TabAt, tab: Tab, words: Words, rows: Iterable[int]) -> Iterator[Request]:
    """All formulas of a tab, in these sheet rows."""
    for first, last in runs(sorted(rows), _GAP):
        for key, text in formulas(at, tab, words).items():
            yield _formula(at, text, at.positions[key], first, last)


def _formula(at: TabAt, text: str, column: int, first: int, end: int) -> Request:
    block = area(at.sheet.id, first - 1, end - 1, column, column + 1)
    return repeat_cell(block, formula(text), VALUE)


def _wrong(data: TabData, key: str, rows: np.ndarray, keyed: Keyed, *, live: bool) -> np.ndarray:
    """Where a column shows something else than is recorded, of the given sheet rows."""
    shown = plain(data.shown[key].reindex(rows))
    recorded = plain(data.frame[key].reindex(rows))
    if live:  # what it shows moves with the days
        nothing = np.asarray((shown == None) & (recorded != None), dtype=bool)  # noqa: E711
        values = keyed.values[key].reindex(keyed.keys.reindex(rows).to_numpy())
        return np.asarray(nothing | strays(shown, wire(values)), dtype=bool)
    return differ(shown, recorded)


def _is_unused(data: TabData, key: str) -> bool:
    """Whether a column never showed a result, so that it may have come without formulas."""
    return not (data.shown[key].notna().any() or data.frame[key].notna().any())


def _is_other(shown: Any, line: int) -> bool:
    """Whether a number is not the line that a formula would show."""
    return _is_number(shown) and shown != line


def add_rows(at: TabAt, after: int, tab: Tab, frame: pd.DataFrame, words: Words) -> Written:
    """Rows of the tool's in a people's tab.

    The rows are inserted, then filled: whatever happened to the sheet since it was read, they
    are new, and nothing of people's can be in them.

    Parameters
    ----------
    at : the tab as read
    after : sheet row of the last row that holds anything
    frame : the rows, columns by key
    """
    if frame.empty:
        return Written()
    count = len(frame)
    laid = {at.positions[k]: formula(text) for k, text in formulas(at, tab, words).items()}
    given = {at.positions[k]: wire(frame[k]) for k in at.positions if k in frame.columns}
    columns = sorted(laid | given)
    written = Written(rows=count, cells=count * len(columns), columns=set(columns))
    top, sheet = after, at.sheet.id
    written.requests.append(insert(sheet, "ROWS", top, count, like_before=after > 1))
    for left, right in runs(columns):
        rows = [
            [laid[i] if i in laid else cell(given[i][row]) for i in range(left, right)]
            for row in range(count)
        ]
        written.requests.append(update_cells(area(sheet, top, top + count, left, right), rows))
    boxes = [
        at.positions[c.key] for c in tab.columns if c.type == "checkbox" and c.key in at.positions
    ]
    written.requests += _boxes(sheet, top, count, boxes)
    written.columns |= set(boxes)
    return written


def _boxes(sheet: int, top: int, count: int, columns: Iterable[int]) -> list[Request]:
    rule: dict[str, Any] = {"condition": {"type": "BOOLEAN"}, "strict": False, "showCustomUi": True}
    return [
        validate(area(sheet, top, top + count, left, right), rule)
        for left, right in runs(sorted(columns))
    ]


def _at(cells: np.ndarray, row: int) -> Any:
    return cells[row - 2] if row - 2 < len(cells) else None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
