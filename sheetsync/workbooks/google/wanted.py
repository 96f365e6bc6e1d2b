"""A layout as it stands in Google Sheets: people's tabs, and a hidden results tab for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sheetsync.layout import Column, Layout, Tab, header, tab_title
from sheetsync.locales import Words
from sheetsync.workbooks.google import names

_ROWS: Mapping[str, int] = {"people": 1000, "results": 1000, "log": 1000, "table": 200}


@dataclass(frozen=True)
class WantedColumn:
    """One column: its key within the tab, its header, and whether its cells are formulas."""

    key: str
    header: str
    column: Column
    formula: bool = False


@dataclass(frozen=True)
class WantedTab:
    """One sheet.

    Parameters
    ----------
    key : a tab's key, with ``_`` in front for the results of that tab
    rows : how many it has when it is new
    """

    key: str
    title: str
    columns: tuple[WantedColumn, ...]
    kind: Literal["people", "table", "log", "results"]
    rows: int
    hidden: bool = False
    frozen: int = 0


def wanted_tabs(
    layout: Layout, words: Words, seeds: Mapping[str, Sequence[Mapping[str, Any]]]
) -> tuple[WantedTab, ...]:
    """Every sheet that a layout needs: what people see first, then the results tabs."""
    shown = [_people(tab, words, len(seeds.get(tab.key, ()))) for tab in layout.tabs]
    return (*shown, *(_results(tab) for tab in layout.tabs if tab.results()))


def _people(tab: Tab, words: Words, seeds: int) -> WantedTab:
    results = {column.key for column in tab.results()}
    columns = [
        WantedColumn(
            column.key,
            header(words, tab, column),
            column,
            column.key in results,
        )
        for column in tab.columns
        if column.shown
    ]
    if results:
        helper = Column(names.LINE, "tool", "integer", width=50, hidden=True)
        columns.append(WantedColumn(names.LINE, "", helper, formula=True))
    rows = _ROWS[tab.body]
    if tab.row_key is not None and tab.ids is None and tab[tab.row_key].owner == "tool":
        # Only the tool adds rows here: empty ones would be a page of checkboxes for nobody.
        rows = 2
    return WantedTab(
        tab.key,
        tab_title(words, tab),
        tuple(columns),
        tab.body,
        max(rows, seeds + 1),
        tab.hidden,
        tab.frozen,
    )


def _results(tab: Tab) -> WantedTab:
    key = Column(f"{names.ROW_KEY}{tab.row_key}", "tool", "id")
    columns = (key, *tab.results())
    return WantedTab(
        names.results_tab(tab.key),
        names.results_tab(tab.key),
        tuple(WantedColumn(c.key, c.key, c) for c in columns),
        "results",
        _ROWS["results"],
        hidden=True,
        frozen=1,
    )
