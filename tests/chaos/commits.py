"""What a commit of the tool's may change: nothing of people's.

The server's model keeps rows and columns as objects with keys, and never changes a state that was
replaced. So the file before a request of ours and the file after it can be compared cell by cell,
whatever was inserted or moved.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.chaos.view import View
from tests.google.grid import BLANK, Cell, Sheet


def damage(before: View, after: View) -> Iterator[str]:
    """What the tool changed that is not its own, in words."""
    owned = {sheet.id: before.tool_owned(tab) for tab, sheet in before.tabs.items()}
    log = before.tabs.get("history")
    now = {sheet.id: sheet for sheet in after.file.sheets}
    # A first init takes the blank sheet that every new file has.
    taken = {sheet.id for sheet in after.tabs.values()} - owned.keys()
    titles = [s.title for s in before.file.sheets if s.id in now and s.id not in taken]
    if titles != [sheet.title for sheet in after.file.sheets if sheet.title in set(titles)]:
        yield f"tabs {titles} became {[sheet.title for sheet in after.file.sheets]}"
    for sheet in before.file.sheets:
        if sheet.id not in now:
            yield f"{sheet.title}: the tab is gone"
            continue
        yield from _lines(sheet, now[sheet.id])
        tool, only_adds = owned.get(sheet.id, set()), set[int]()
        if log is not None and sheet.id == log.id:
            tool, only_adds = only_adds, tool
        elif sheet.id in taken:
            only_adds = {line.key for line in sheet.columns}
        yield from _cells(sheet, now[sheet.id], tool, only_adds)
        if people_rules(sheet) != people_rules(now[sheet.id]):
            yield f"{sheet.title}: people's conditional formats are others or in another order"


def people_rules(sheet: Sheet) -> list[Any]:
    """Conditional formats that are not ours, without their ranges."""
    found = []
    for rule in sheet.conditional_formats:
        condition = rule.get("booleanRule", {}).get("condition", {})
        texts = [value.get("userEnteredValue", "") for value in condition.get("values", ())]
        if "booleanRule" in rule and not any("sheetsync" in text for text in texts):
            found.append(texts)
    return found


def _lines(before: Sheet, after: Sheet) -> Iterator[str]:
    for what in ("rows", "columns"):
        old = [line.key for line in getattr(before, what)]
        there = set(old)
        if old != [line.key for line in getattr(after, what) if line.key in there]:
            yield f"{before.title}: {what} were deleted or moved"


def _cells(before: Sheet, after: Sheet, tool: set[int], only_adds: set[int]) -> Iterator[str]:
    """``tool`` are the columns in which everything under the header may change, ``only_adds`` those
    in which empty cells may be filled."""
    columns = {line.key: i for i, line in enumerate(before.columns)}
    now = {line.key: line for line in after.rows}
    for number, row in enumerate(before.rows, 1):
        new = now.get(row.key)
        if new is None or new.cells is row.cells:
            continue
        for key in row.cells.keys() | new.cells.keys():
            if key not in columns or (key in tool and number > 1):
                continue
            old, found = row.cells.get(key, BLANK), new.cells.get(key, BLANK)
            if key in only_adds and old.entered is None:
                continue
            if old is not found and _content(old) != _content(found):
                header = before.cell(0, columns[key]).entered
                yield (
                    f"{before.title}, row {number}, {header!r}: {old.entered!r} became "
                    f"{found.entered!r}"
                )


def _content(cell: Cell) -> tuple[Any, ...]:
    # True is 1 to Python, and not to a spreadsheet.
    return type(cell.entered), cell.entered, cell.note
