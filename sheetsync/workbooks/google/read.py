"""Reading a spreadsheet: the structure in one request, all values in another.

The second request names columns by their metadata, and its answer says where each of them
stands. So a column that is moved between the two requests is read where it is; what the first
answer said is only used to know what to ask for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from sheetsync.errors import ConflictError, TargetError
from sheetsync.workbooks.base import OWN, Snapshot, TabData
from sheetsync.workbooks.google import names
from sheetsync.workbooks.google.cells import column as cells_of
from sheetsync.workbooks.google.cells import key_text, plain
from sheetsync.workbooks.google.http import RejectedError, SheetsClient
from sheetsync.workbooks.google.structure import MASK, OUR_COLUMNS, Sheet, Structure, parse

_ATTEMPTS = 4

_PAUSES = (1, 1, 2, 4, 8, 16)
"""How long to wait for a script of the add-on that is at work: together longer than the 30 seconds
after which Google ends one that an edit has started. [s]"""

# CLDR's short dates: month before day, with or without the year in front of them.
_MONTH_FIRST = frozenset({"en", "en_US", "en_PH"})
_MONTH_FIRST_LANGUAGES = frozenset({"fil", "ja", "ko", "zh", "hu", "lt", "mn"})


class Restless(Exception):  # noqa: N818 - never leaves this module
    """Columns were moved while we read: what was read does not fit together."""


@dataclass(frozen=True)
class TabAt:
    """Where the pieces of one tab stood when its values were read.

    Parameters
    ----------
    sheet : the sheet
    positions : column key -> column index; own columns of people by ``own:Header``
    headers : the same keys -> header text
    displayed : the same keys -> cells under the header as displayed, from row 2 on
    """

    sheet: Sheet
    positions: Mapping[str, int]
    headers: Mapping[str, str]
    displayed: Mapping[str, np.ndarray] = field(repr=False)

    @property
    def row_key(self) -> str | None:
        """In a results tab: the key of the column, in the people's tab, that names rows."""
        for key in self.positions:
            if key.startswith(names.ROW_KEY):
                return key.removeprefix(names.ROW_KEY)
        return None

    @property
    def lines(self) -> dict[str, int]:
        """In a results tab: row key -> sheet row of its line; the first where there are two."""
        keys = self.displayed[f"{names.ROW_KEY}{self.row_key}"]
        there = np.flatnonzero(keys != None)  # noqa: E711 - element by element
        return {str(keys[i]): int(i) + 2 for i in there[::-1]}


@dataclass(frozen=True)
class Token:
    """What the adapter remembers of a read: the structure, and tab key -> where it was."""

    structure: Structure
    tabs: Mapping[str, TabAt]


def read_structure(client: SheetsClient, spreadsheet: str) -> Structure:
    """The first request: tabs, columns, what init recorded, the revision."""
    answer = client.call(
        "post",
        f"/v4/spreadsheets/{spreadsheet}:getByDataFilter",
        params={"fields": MASK},
        body={"dataFilters": [OUR_COLUMNS]},
    )
    return parse(answer)


def _between_scripts(client: SheetsClient, spreadsheet: str) -> Structure:
    """The structure at a moment when no script of the add-on has done half of its work; one that
    was cut off is not waited for any longer."""
    for pause in _PAUSES:
        structure = read_structure(client, spreadsheet)
        if not structure.script_at_work:
            return structure
        client.pause("script", pause)
    return read_structure(client, spreadsheet)


def read_headers(client: SheetsClient, spreadsheet: str) -> dict[str, int]:
    """In which row the headers of each tab stand, as far as they were marked: 1 is the first."""
    lookup = {"developerMetadataLookup": {"metadataKey": names.HEADER}}
    answer = client.call(
        "post",
        f"/v4/spreadsheets/{spreadsheet}/developerMetadata:search",
        body={"dataFilters": [lookup]},
    )
    found: dict[str, int] = {}
    for each in answer.get("matchedDeveloperMetadata", ()):
        note = each.get("developerMetadata", {})
        row = note.get("location", {}).get("dimensionRange", {}).get("startIndex", 0) + 1
        tab = note.get("metadataValue", "")
        if note.get("metadataId") == names.item_id(names.HEADER, tab):
            found[tab] = row
    return found


def read(client: SheetsClient, spreadsheet: str) -> Snapshot:
    """One read of the whole CRM, in two requests.

    Raises
    ------
    TargetError
        The spreadsheet is no CRM.
    ConflictError
        Columns were being moved during each of several attempts.
    """
    refused: RejectedError | None = None
    for _ in range(_ATTEMPTS):
        structure = _between_scripts(client, spreadsheet)
        if not structure.columns or not structure.meta:
            raise TargetError("google_no_crm", title=structure.title)
        try:
            tabs = _read_values(client, spreadsheet, structure)
        except Restless:
            continue
        except RejectedError as refusal:  # a tab that was there a moment ago is not
            refused = refusal
            continue
        return _snapshot(structure, tabs)
    raise ConflictError("google_restless") from refused


def _read_values(client: SheetsClient, spreadsheet: str, structure: Structure) -> dict[str, TabAt]:
    answer = client.call(
        "post",
        f"/v4/spreadsheets/{spreadsheet}/values:batchGetByDataFilter",
        body={
            "valueRenderOption": "UNFORMATTED_VALUE",
            "dateTimeRenderOption": "SERIAL_NUMBER",
            "majorDimension": "COLUMNS",
            "dataFilters": list(_filters(structure)),
        },
    )
    by_id = {column.metadata_id: column for column in structure.columns.values()}
    ours: dict[str, dict[str, tuple[int, list[Any]]]] = {tab: {} for tab in structure.tabs}
    own: dict[int, dict[int, list[Any]]] = {}
    headers: dict[int, list[Any]] = {}
    for matched in answer.get("valueRanges", ()):
        values = matched.get("valueRange", {})
        at, content = names.column_of(values.get("range", "")), values.get("values", [])
        for each in matched.get("dataFilters", ()):
            if (lookup := each.get("developerMetadataLookup")) is not None:
                column = by_id.get(lookup.get("metadataId", 0))
                if column is not None:
                    ours[column.tab][column.key] = (at, content[0] if content else [])
            elif (area := each.get("gridRange")) is not None:
                sheet = area.get("sheetId", 0)
                if area.get("endRowIndex") == 1:
                    headers[sheet] = [cells[0] if cells else "" for cells in content]
                else:
                    found = own.setdefault(sheet, {})
                    found.update({at + i: cells for i, cells in enumerate(content)})
    if sum(map(len, ours.values())) != len(by_id):
        raise Restless
    return {
        tab: _tab_at(sheet, ours[tab], own.get(sheet.id, {}), headers.get(sheet.id, []))
        for tab, sheet in structure.tabs.items()
    }


def _filters(structure: Structure) -> Iterator[dict[str, Any]]:
    """What to read: our columns by metadata; header rows and people's columns by place."""
    taken: dict[int, set[int]] = {}
    for column in structure.columns.values():
        taken.setdefault(column.sheet, set()).add(column.index)
        yield {"developerMetadataLookup": {"metadataId": column.metadata_id}}
    for tab, sheet in structure.tabs.items():
        if tab.startswith("_"):
            continue
        yield {"gridRange": {"sheetId": sheet.id, "startRowIndex": 0, "endRowIndex": 1}}
        for first, last in runs(sorted(set(range(sheet.columns)) - taken.get(sheet.id, set()))):
            yield {
                "gridRange": {
                    "sheetId": sheet.id,
                    "startColumnIndex": first,
                    "endColumnIndex": last,
                }
            }


def _tab_at(
    sheet: Sheet,
    ours: Mapping[str, tuple[int, list[Any]]],
    own: Mapping[int, list[Any]],
    header: list[Any],
) -> TabAt:
    at = {index: key for key, (index, _) in ours.items()}
    if len(at) != len(ours) or at.keys() & own.keys():
        raise Restless
    if any(text != "" and i not in at and i not in own for i, text in enumerate(header)):
        raise Restless
    columns = {key: cells for key, (_, cells) in ours.items()}
    positions = {key: index for key, (index, _) in sorted(ours.items(), key=lambda o: o[1][0])}
    for index, cells in sorted(own.items()):
        if not cells or cells[0] in ("", None):
            continue  # nobody can name a column without a header
        name = key = f"{OWN}{cells[0]}"
        again = 2
        while key in positions:
            key, again = f"{name} {again}", again + 1
        positions[key], columns[key] = index, cells
    rows = max((len(cells) for cells in columns.values()), default=1)
    return TabAt(
        sheet,
        positions,
        {key: str(columns[key][0]) if columns[key] else "" for key in positions},
        {key: cells_of(columns[key][1:], max(rows - 1, 0)) for key in positions},
    )


def _snapshot(structure: Structure, tabs: Mapping[str, TabAt]) -> Snapshot:
    return Snapshot(
        label=structure.title,
        tabs={
            tab: _tab_data(tab, at, tabs.get(names.results_tab(tab)))
            for tab, at in tabs.items()
            if not tab.startswith("_")
        },
        revision=structure.revision,
        meta=structure.meta,
        day_first=day_first(structure.locale),
        timezone=structure.timezone or None,
        token=Token(structure, tabs),
    )


def _tab_data(tab: str, at: TabAt, results: TabAt | None) -> TabData:
    known = [key for key in at.positions if not key.startswith("_")]
    stored = _stored(results)
    recorded = [key for key in known if key in stored.columns]
    typed = [key for key in known if key not in stored.columns]
    # A column of people's own does not make a row: a formula filled down would make a thousand.
    rows = _rows_with_content([at.displayed[key] for key in typed if not key.startswith(OWN)])
    index = pd.Index(rows + 2)
    shown = pd.DataFrame({k: at.displayed[k][rows] for k in recorded}, index=index, dtype=object)
    columns = {key: at.displayed[key][rows] for key in typed}
    row_key = results.row_key if results is not None else None
    if row_key in columns:
        keys = [key_text(value) for value in columns[row_key]]
        lines = stored.reindex(keys)
        columns |= {key: plain(lines[key]) for key in recorded}
    else:
        columns |= {key: np.full(len(rows), None, dtype=object) for key in recorded}
    return TabData(
        key=tab,
        title=at.sheet.title,
        frame=pd.DataFrame({k: columns[k] for k in known}, index=index, dtype=object),
        headers={key: at.headers[key] for key in known},
        last_row=int(rows[-1]) + 2 if len(rows) else 1,
        stored=stored,
        shown=shown,
        fixed=True,
    )


def _stored(results: TabAt | None) -> pd.DataFrame:
    """Everything that a results tab records, by row key."""
    if results is None or results.row_key is None:
        return pd.DataFrame()
    lines = results.lines
    at = np.array(list(lines.values()), dtype=int)[::-1] - 2
    columns = [key for key in results.positions if not key.startswith((names.ROW_KEY, OWN))]
    return pd.DataFrame(
        {key: results.displayed[key][at] for key in columns},
        index=pd.Index(list(lines)[::-1], dtype=object),
        columns=columns,
        dtype=object,
    )


def _rows_with_content(columns: list[np.ndarray]) -> np.ndarray:
    """Positions of the rows in which anything stands; an unticked box is nothing."""
    if not columns:
        return np.array([], dtype=int)
    some = np.zeros(len(columns[0]), dtype=bool)
    for cells in columns:
        empty = np.fromiter((c is None or c is False for c in cells), dtype=bool, count=len(cells))
        some |= ~empty
    return np.flatnonzero(some)


def runs(numbers: list[int], gap: int = 0) -> Iterator[tuple[int, int]]:
    """Ascending numbers as (first, last + 1) of each unbroken run; ``gap`` may be missing."""
    start: int | None = None
    last = 0
    for number in numbers:
        if start is not None and number > last + 1 + gap:
            yield start, last + 1
            start = None
        start = number if start is None else start
        last = number
    if start is not None:
        yield start, last + 1


def day_first(locale: str) -> bool | None:
    """Whether 05/11 is 5 November in a locale of Google's; None where it does not say."""
    if not locale:
        return None
    return locale not in _MONTH_FIRST and locale.partition("_")[0] not in _MONTH_FIRST_LANGUAGES
