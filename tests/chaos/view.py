"""What a file holds, read off the server's model: tabs and columns by key, leads by mark."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sheetsync import crm
from sheetsync.workbooks.google import names
from tests.google import values
from tests.google.grid import Formula, Sheet, Spreadsheet, Value

LAYOUT = crm.layout("general")
OWNER = {f"{tab.key}.{column.key}": column.owner for tab in LAYOUT.tabs for column in tab.columns}
REQUIRED = {
    tab.key: {column.key for column in tab.columns if column.required} for tab in LAYOUT.tabs
}


@dataclass(frozen=True)
class Row:
    """One row of a tab: its number as people count, the key of its line, typed cells by column."""

    number: int
    key: int
    cells: Mapping[str, Value]


class View:
    """One state of a file; ``marks`` is the key of the column in which leads have their marks."""

    def __init__(self, file: Spreadsheet, marks: int = 0) -> None:
        self.file, self.marks = file, marks

    @cached_property
    def tabs(self) -> dict[str, Sheet]:
        """Tab key -> sheet; of a tab and its copy, the original."""
        found: dict[str, Sheet] = {}
        for each in sorted(self.file.metadata.values(), key=lambda m: not _genuine(m)):
            if each.key == names.TAB and each.value is not None and each.value not in found:
                found[each.value] = self.file.sheet(each.place[1])
        return found

    @cached_property
    def _columns(self) -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = {tab: {} for tab in self.tabs}
        for each in sorted(self.file.metadata.values(), key=lambda m: not _genuine(m)):
            if each.key != names.COLUMN or each.value is None:
                continue
            tab, _, column = each.value.partition(".")
            if tab in found and each.place[1] == self.tabs[tab].id:
                found[tab].setdefault(column, each.place[2])
        return found

    def columns(self, tab: str) -> dict[str, int]:
        """Column key -> key of its line."""
        return self._columns.get(tab, {})

    def positions(self, tab: str) -> dict[str, int]:
        """Column key -> index."""
        index = {line.key: i for i, line in enumerate(self.tabs[tab].columns)}
        return {key: index[line] for key, line in self.columns(tab).items() if line in index}

    def tool_owned(self, tab: str) -> set[int]:
        """Keys of the lines of the columns that are the tool's."""
        whole = tab.startswith("_") or LAYOUT[tab].body != "people"
        return {
            line
            for key, line in self.columns(tab).items()
            if whole or key == names.LINE or OWNER.get(f"{tab}.{key}") == "tool"
        }

    def rows(self, tab: str) -> Iterator[Row]:
        """Rows under the header in which something stands in a column of ours, formulas or not."""
        columns = self.columns(tab)
        for number, line in enumerate(self.tabs[tab].rows[1:], 2):
            typed = {k: line.cells[c].entered for k, c in columns.items() if c in line.cells}
            if any(value is not None for value in typed.values()):
                yield Row(number, line.key, typed)

    @cached_property
    def leads(self) -> list[tuple[str, Row]]:
        """(mark, row) of every lead, in order."""
        if "leads" not in self.tabs:
            return []
        lines = {line.key: line for line in self.tabs["leads"].rows}
        found = []
        for row in self.rows("leads"):
            mark = lines[row.key].cells.get(self.marks)
            if mark is not None and mark.entered is not None:
                found.append((str(mark.entered), row))
        return found

    def ids(self) -> dict[str, tuple[str | None, ...]]:
        """Mark -> the ids of its rows, sorted."""
        found: dict[str, list[str | None]] = {}
        for mark, row in self.leads:
            value = row.cells.get("id")
            found.setdefault(mark, []).append(None if value is None else str(value))
        return {mark: tuple(sorted(ids, key=str)) for mark, ids in found.items()}

    @cached_property
    def everything(self) -> frozenset[str]:
        """``tab`` and ``tab.column`` of all that is there."""
        columns = {f"{tab}.{column}" for tab in self.tabs for column in self.columns(tab)}
        return frozenset(columns | self.tabs.keys())

    def shown(self, tab: str, row: Row) -> dict[str, Any]:
        """What the row's cells display, by column key; None where a cell shows nothing."""
        sheet, answer = self.tabs[tab], values.renderer(self.file, "UNFORMATTED_VALUE")
        found = {}
        for key, index in self.positions(tab).items():
            value = answer(sheet, row.number - 1, index, sheet.cell(row.number - 1, index))
            found[key] = None if value == "" else value
        return found

    def missing(self) -> set[str]:
        """Required tabs and columns that are not there."""
        return {
            f"{tab}.{key}"
            for tab, keys in REQUIRED.items()
            for key in keys
            if tab not in self.tabs or key not in self.columns(tab)
        }


def is_formula(row: Row, key: str) -> bool:
    return isinstance(row.cells.get(key), Formula)


def _genuine(metadata: Any) -> bool:
    """Whether it has the id that only the original has."""
    return bool(metadata.id == names.item_id(metadata.key, str(metadata.value)))
