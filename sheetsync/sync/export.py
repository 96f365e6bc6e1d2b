"""Tabs for machines: columns by key, values as they were understood."""

from __future__ import annotations

from datetime import date

import pandas as pd

from sheetsync.cells import parse_bools
from sheetsync.errors import InputError
from sheetsync.layout import Column
from sheetsync.sync.understand import Understood, read_and_understand
from sheetsync.workbooks.base import OWN, Workbook

_EPOCH = pd.Timestamp("1899-12-30")


def export_tab(workbook: Workbook, key: str, *, today: date | None = None) -> pd.DataFrame:
    """One tab of a workbook as a table.

    Returns
    -------
    DataFrame, one line per row of the tab, sheet order, columns by key
        Leads: people's cells as they were understood (missing where they were not), the tool's
        cells as the last refresh recorded them, own columns by their header. Other tabs: cells as
        they stand, dates as timestamps.

    Raises
    ------
    InputError
        There is no such tab; the sentence lists those that there are.
    """
    return tab_table(read_and_understand(workbook, today=today), key)


def tab_table(understood: Understood, key: str) -> pd.DataFrame:
    """One tab of a workbook that was read already; see :func:`export_tab`."""
    snapshot, layout = understood.snapshot, understood.layout
    if key not in layout or key not in snapshot.tabs:
        known = ", ".join(tab.key for tab in layout.tabs if tab.key in snapshot.tabs)
        raise InputError("no_such_tab", tab=key, known=known)
    tab, data = layout[key], snapshot.tabs[key]
    columns: dict[str, pd.Series] = {}
    for column in tab.columns:
        if not column.shown or column.key not in data.frame:
            continue
        cells = data.frame[column.key]
        columns[column.key] = _typed(cells, column)
    for own in data.frame.columns:
        if str(own).startswith(OWN):
            columns[str(own).removeprefix(OWN)] = data.frame[own]
    table = pd.DataFrame(columns, index=data.frame.index)
    identified = understood.identities.get(key)
    if identified is not None and tab.row_key is not None:
        table[tab.row_key] = identified.keys
    if key == "leads":
        leads = understood.book.leads
        typed = leads.set_index("row").reindex(table.index)
        for column in tab.owned("person"):
            if column.key in typed and column.key in table:
                table[column.key] = typed[column.key]
    return table.reset_index(drop=True)


def _typed(cells: pd.Series, column: Column) -> pd.Series:
    if column.type in ("date", "datetime"):
        return _dates(cells)
    if column.type == "checkbox":
        ticks = parse_bools(cells).values
        return ticks.astype(object).where(ticks.notna(), cells)
    return cells


def _dates(cells: pd.Series) -> pd.Series:
    """Serial numbers and datetimes as timestamps; any other cell stays as it stands."""

    def one(cell: object) -> object:
        if isinstance(cell, (int, float)) and not isinstance(cell, bool):
            return (_EPOCH + pd.Timedelta(days=cell)).round("s")
        return cell

    return cells.map(one)
