"""An .xlsx workbook as the document that the add-on works in, and the file kept true to it.

The document is what the same CRM would be in Google Sheets: tabs and columns carry developer
metadata, the tool's columns a warning, its own tabs a lock, and the results of each tab stand in a
hidden one (``_leads``), which no .xlsx file has in this form. Three things differ, as a file has
them differently: formulas of people's own are only the values they showed last, checkboxes are the
signs that stand for ticks in a file, and **notes live no longer than the preview**: a file's
comments are left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from sheetsync import locales
from sheetsync.addon.preview.host import Document
from sheetsync.addon.preview.people import permissions_of
from sheetsync.errors import InputError
from sheetsync.layout import Column, Layout, Tab
from sheetsync.locales import Words
from sheetsync.workbooks.base import Snapshot, TabData
from sheetsync.workbooks.google import names
from sheetsync.workbooks.xlsx import by_hand
from sheetsync.workbooks.xlsx import cells as xlsx_cells
from sheetsync.workbooks.xlsx.by_hand import Grid
from sheetsync.workbooks.xlsx.looks import format_of

_LOCALES = {"en": "en_US", "ru": "ru_RU"}
_DATES = ("date", "datetime")
_ROWS = 1000  # that a sheet of Google's has at least
_SPARE = 200
_DAY = Column("day", type="date")
"""Dates in people's own columns look as ours do."""


class FileDocument:
    """A CRM in an .xlsx file, worked in by the add-on's scripts.

    Parameters
    ----------
    path : the file
    layout_of : gives the layout of a workbook that was read
    timezone : IANA name of the zone that the people's clocks show
    title : what the document is called; the file's name where it is left out

    Attributes
    ----------
    document : the file as it was read
    words : the language of the CRM

    Raises
    ------
    TargetError
        The file is not there, can't be read, is no workbook, or holds no CRM.
    """

    def __init__(
        self,
        path: Path,
        layout_of: Callable[[Snapshot], Layout],
        *,
        timezone: str,
        title: str | None = None,
    ) -> None:
        self.path, self._layout_of, self._timezone = path, layout_of, timezone
        self._title = title or path.stem
        self.reload()

    def reload(self) -> None:
        """Read the file again, after somebody else wrote it; notes are gone."""
        self._read = by_hand.read_grids(self.path)
        snapshot = self._read.snapshot
        lang = snapshot.meta.get("lang", "en")
        self.words = locales.load(lang if lang in locales.LANGUAGES else "en")
        self._layout = self._layout_of(snapshot)
        self._titles: dict[int, str] = {}
        self._ticks: dict[str, set[int]] = {}
        owner, permissions = permissions_of(snapshot, self.words)
        sheets = [self._sheet(grid) for grid in self._read.sheets]
        sheets.extend(
            _results(tab, snapshot.tabs[tab.key], self.words)
            for tab in self._layout.tabs
            if tab.results() and tab.key in snapshot.tabs
        )
        self.document: Document = {
            "id": f"file-{self._title}",
            "title": self._title,
            "url": self.path.resolve().as_uri(),
            "locale": _LOCALES[self.words.lang],
            "timeZone": self._timezone,
            "owner": owner,
            "permissions": permissions,
            "sheets": sheets,
            "metadata": [_record(names.META + key, value) for key, value in snapshot.meta.items()],
            "names": {},
        }

    @property
    def layout(self) -> Layout:
        """The layout of the workbook as it was read."""
        return self._layout

    @property
    def snapshot(self) -> Snapshot:
        """What the read gave that the document was made of."""
        return self._read.snapshot

    def apply(self, changes: Iterable[Mapping[str, Any]]) -> int:
        """Write what scripts changed into the file; how many cells that were.

        Parameters
        ----------
        changes : see :class:`sheetsync.addon.preview.host.Run`. Notes and number formats are not
            written: the first are the preview's own, and the file has its own formats.

        Raises
        ------
        InputError
            A formula was typed, or a hidden results tab written to: neither can go into the file.
        ConflictError
            Somebody else wrote the file meanwhile; nothing was written.
        LockedError
            Excel or LibreOffice has it open.
        TargetError
            It is gone, or its folder can't be written.
        """
        typed: dict[str, dict[tuple[int, int], Any]] = {}
        for change in changes:
            if change["op"] not in ("set", "formula"):
                continue
            title = self._titles.get(change["sheet"])
            if change["op"] == "formula" or title is None:
                raise InputError("preview_not_in_a_file")
            place = change["row"], change["column"]
            typed.setdefault(title, {})[place] = self._stored(title, change)
        if typed:
            lang = self.words.lang
            stamp = by_hand.type_cells(self.path, self._read, typed, self._layout, lang)
            self._read = replace(self._read, stamp=stamp)
        return sum(map(len, typed.values()))

    # -- inside ------------------------------------------------------------------------------

    def _stored(self, title: str, change: Mapping[str, Any]) -> Any:
        """A value as the file keeps it."""
        value = change["value"]
        if isinstance(value, bool) and change["column"] in self._ticks.get(title, ()):
            return xlsx_cells.TICK if value else xlsx_cells.NO_TICK
        return value

    def _sheet(self, grid: Grid) -> dict[str, Any]:
        """One sheet of the file."""
        tab = self._layout.get(grid.tab) if grid.tab else None
        key = grid.tab or f"title={grid.title}"
        sheet = names.sheet_id(key)
        self._titles[sheet] = grid.title
        types = {
            number: tab[column]
            for column, number in grid.columns.items()
            if tab is not None and column in tab
        }
        self._ticks[grid.title] = {n for n, column in types.items() if column.type == "checkbox"}
        keys = grid.columns.get(tab.row_key or "") if tab is not None else None
        values, moments = _values(grid, self._ticks[grid.title], keys)
        day = _pattern(format_of(_DAY, self.words.lang))
        body = len(values)
        return {
            "id": sheet,
            "title": grid.title,
            "hidden": grid.hidden,
            "rows": max(_ROWS, body + _SPARE),
            "columns": max(1, *(len(row) for row in values), *grid.columns.values(), 1),
            "frozenRows": 1 if tab is not None else 0,
            "values": values,
            "formulas": [],
            "formats": {
                number: _pattern(format_of(column, self.words.lang))
                for number, column in types.items()
            },
            "cellFormats": {
                f"{row},{column}": day
                for row, column in moments
                if row == 1 or column not in types or types[column].type not in _DATES
            },
            "metadata": [_record(names.TAB, grid.tab)] if grid.tab else [],
            "columnMetadata": {
                number: [_record(names.COLUMN, names.full(grid.tab, column))]
                for column, number in grid.columns.items()
                if grid.tab
            },
            "protected": _protected(tab, grid) if tab is not None else [],
        }


def _values(
    grid: Grid, ticks: set[int], keys: int | None
) -> tuple[list[list[Any]], list[tuple[int, int]]]:
    """The cells as a document has them, and where dates stand."""
    values: list[list[Any]] = []
    moments: list[tuple[int, int]] = []
    for row, line in enumerate(grid.cells.tolist(), start=1):
        cells = []
        for column, value in enumerate(line, start=1):
            if isinstance(value, datetime):
                moments.append((row, column))
                value = xlsx_cells.serial(value)
            elif row > 1 and column in ticks:
                # Google's checkbox has no third state: in a row of somebody's it is not empty.
                known = {xlsx_cells.TICK: True, xlsx_cells.NO_TICK: False}
                value = known.get(value, value)
                if value is None and keys is not None and line[keys - 1] is not None:
                    value = False
            cells.append(value)
        values.append(cells)
    return values, moments


def _results(tab: Tab, data: TabData, words: Words) -> dict[str, Any]:
    """The hidden tab of a tab's results, as a refresh of a Google Sheet lays it."""
    key = names.results_tab(tab.key)
    results = tab.results()
    columns = [f"{names.ROW_KEY}{tab.row_key}", *(column.key for column in results)]
    stored = data.stored
    blank = pd.Series(None, index=stored.index, dtype=object)
    body = [xlsx_cells.column(stored.get(column.key, blank)) for column in results]
    rows = [list(row) for row in zip(stored.index.tolist(), *body, strict=True)]
    return {
        "id": names.sheet_id(key),
        "title": key,
        "hidden": True,
        "rows": max(_ROWS, len(rows) + _SPARE),
        "columns": len(columns),
        "frozenRows": 1,
        "values": [columns, *rows],
        "formulas": [],
        "formats": {
            number: _pattern(format_of(column, words.lang))
            for number, column in enumerate(results, start=2)
        },
        "cellFormats": {},
        "metadata": [_record(names.TAB, key)],
        "columnMetadata": {
            number: [_record(names.COLUMN, names.full(key, column))]
            for number, column in enumerate(columns, start=1)
        },
        "protected": [_protection([1, 1, None, None], warning=False)],
    }


def _protected(tab: Tab, grid: Grid) -> list[dict[str, Any]]:
    """What ``init`` protects in a Google Sheet: see :mod:`sheetsync.workbooks.google.finish`."""
    if tab.body != "people":
        return [_protection([1, 1, None, None], warning=tab.body == "log")]
    return [
        _protection([1, number, None, 1], warning=True)
        for column, number in grid.columns.items()
        if column in tab and tab[column].owner == "tool"
    ]


def _protection(cells: list[int | None], *, warning: bool) -> dict[str, Any]:
    return {"range": cells, "warningOnly": warning, "editors": [], "description": ""}


def _record(key: str, value: str) -> dict[str, Any]:
    """A developer metadata; its id is the one that Google Sheets has it under."""
    return {"id": names.item_id(key, value), "key": key, "value": value}


def _pattern(number_format: str) -> str:
    """A number format of .xlsx as Google spells it."""
    return number_format.replace("\\", "")
