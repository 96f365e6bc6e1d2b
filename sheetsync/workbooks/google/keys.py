"""Row keys in people's rows: written by place, checked in the same answer, put right at once.

A row has no address that survives sorting, so a new key goes to where its row was when it was
read. The request brings the sheet back as it is *after* it, keys beside what people typed: a key
that landed beside another row is seen there, and the next request moves it. Only cells of the key
column are ever written; that the column is where it was is guarded in the batch itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from sheetsync.workbooks.base import OWN, Keyed, TabData
from sheetsync.workbooks.google import names
from sheetsync.workbooks.google.cells import cell, key_text, value_of
from sheetsync.workbooks.google.read import TabAt, runs
from sheetsync.workbooks.google.requests import Request, area, update_cells

FIELDS = (
    "updatedSpreadsheet.sheets(properties.sheetId,"
    "data(startRow,startColumn,rowData.values(effectiveValue)))"
)
"""What the answer to writing keys shall tell."""

WHOLE = 3000
"""Rows up to which the keys of a whole tab come back with each answer. In a longer one only the
rows around new keys are looked at; what else happened there in that second, the next refresh sees.
"""

_MARKS = 4  # columns that tell rows apart; where no key is new, one will do

Mark = tuple[Any, ...]

Shown = Mapping[int, Mapping[int, Mapping[int, Any]]]
"""Cells that an answer shows: sheet id -> column position -> sheet row -> value."""


@dataclass(frozen=True)
class Image:
    """Keys and marks of a tab's rows: sheet row -> key, sheet row -> what people typed there.

    ``whole`` is False when only the rows around new keys were looked at; ``seen`` is False when an
    answer does not show the tab at all, as its title was another tab's by then.
    """

    keys: Mapping[int, str | None]
    marks: Mapping[int, Mark]
    whole: bool
    seen: bool = True


@dataclass(frozen=True)
class Placing:
    """New keys of one tab on their way.

    Parameters
    ----------
    at : the tab as read
    row_key : the column that takes keys
    mark_columns : the columns that tell its rows apart
    base : keys as planned, and marks as read, by sheet row of the read
    moved : the keys that were written, new ones and those that had to be put back
    """

    at: TabAt
    row_key: str
    mark_columns: tuple[str, ...]
    base: Image
    moved: frozenset[str]

    def requests(self, keys: Mapping[int, str | None]) -> Iterator[Request]:
        """Write keys: sheet row -> key, None to empty the cell."""
        column = self.at.positions[self.row_key]
        for first, last in runs(sorted(keys)):
            block = area(self.at.sheet.id, first - 1, last - 1, column, column + 1)
            yield update_cells(block, [[cell(keys[row])] for row in range(first, last)])

    @property
    def whole(self) -> bool:
        """Whether the answer shows all keys, or only those around the new ones."""
        return max(self.base.marks, default=1) <= WHOLE

    def ranges(self) -> Iterator[str]:
        """What the answer shall show, as A1 ranges."""
        title = names.quoted(self.at.sheet.title)
        fresh = sorted(row for row, key in self.base.keys.items() if key in self.moved)
        for key in (self.row_key, *self.mark_columns):
            letters = names.letters(self.at.positions[key])
            if self.whole:  # without an end: the grid may have grown meanwhile
                yield f"{title}!{letters}2:{letters}"
                continue
            for first, end in runs(fresh):
                yield f"{title}!{letters}{first}:{letters}{end - 1}"

    def image(self, shown: Shown) -> Image:
        """The tab as the answer shows it."""
        cells = shown.get(self.at.sheet.id, {})
        keys = cells.get(self.at.positions[self.row_key], {})
        marks = [cells.get(self.at.positions[key], {}) for key in self.mark_columns]
        rows = set(keys).union(*marks)
        return Image(
            {row: key_text(keys.get(row)) for row in rows},
            {row: tuple(column.get(row) for column in marks) for row in rows},
            whole=self.whole,
            seen=self.at.positions[self.row_key] in cells,
        )

    def moved_to(self, at: TabAt) -> Placing:
        """The same keys in a fresh read, by the columns that are still there."""
        left = [i for i, key in enumerate(self.mark_columns) if key in at.positions]
        marks = {row: tuple(mark[i] for i in left) for row, mark in self.base.marks.items()}
        columns = tuple(self.mark_columns[i] for i in left)
        return replace(self, at=at, mark_columns=columns, base=replace(self.base, marks=marks))

    def image_of(self, data: TabData) -> Image:
        """The tab as a fresh read has it."""
        return _image_of(data, self.row_key, self.mark_columns)


def shown_by(answer: Mapping[str, Any]) -> Shown:
    """The cells in the answer to a batch, each range one column wide."""
    found: dict[int, dict[int, dict[int, Any]]] = {}
    for sheet in answer.get("updatedSpreadsheet", {}).get("sheets", ()):
        columns = found.setdefault(sheet.get("properties", {}).get("sheetId", 0), {})
        for data in sheet.get("data", ()):
            column = columns.setdefault(data.get("startColumn", 0), {})
            top = data.get("startRow", 0) + 1
            for offset, row in enumerate(data.get("rowData", ())):
                values = row.get("values") or [{}]
                column[top + offset] = value_of(values[0])
    return found


def placing(at: TabAt, data: TabData, keyed: Keyed, row_key: str) -> Placing:
    """The new keys of a tab, if any, with what is needed to follow them and the older ones."""
    typed = [
        key
        for key in data.frame.columns
        if key != row_key and key not in data.stored.columns and not key.startswith(OWN)
    ]
    columns = _telling(data.frame[typed], _MARKS if keyed.new_keys else 1)
    return Placing(
        at,
        row_key,
        columns,
        _image_of(data, row_key, columns, keyed),
        frozenset(keyed.new_keys.values()),
    )


def _telling(frame: pd.DataFrame, most: int) -> tuple[str, ...]:
    """Columns by which rows can be told apart, each the best beside those before it.

    All of them are used even where fewer would do: one of them may be edited in that second.
    """
    filled = frame.dropna(axis=1, how="all")
    codes = {str(key): pd.factorize(filled[key].astype(str))[0] for key in filled}
    chosen: list[str] = []
    together = np.zeros(len(frame), dtype=np.int64)
    while codes and len(chosen) < most:
        joined = {
            key: pd.factorize(together * (len(frame) + 1) + code)[0] for key, code in codes.items()
        }
        best = max(joined, key=lambda key: joined[key].max(initial=0))
        chosen.append(best)
        together = joined[best].astype(np.int64)
        del codes[best]
    return tuple(chosen or map(str, frame.columns[:1]))


def _image_of(
    data: TabData, row_key: str, mark_columns: tuple[str, ...], keyed: Keyed | None = None
) -> Image:
    """A tab as it was read; with ``keyed``, its keys as planned."""
    marks = data.frame.reindex(columns=list(mark_columns))
    keys = {row: key_text(key) for row, key in data.frame[row_key].items()}
    if keyed is not None:
        keys |= {int(str(row)): str(key) for row, key in keyed.keys.items()}
    rows = [int(str(row)) for row in data.frame.index]
    return Image(
        {int(str(row)): key for row, key in keys.items()},
        dict(zip(rows, (tuple(line) for line in marks.to_numpy(dtype=object)), strict=True)),
        whole=True,
    )
