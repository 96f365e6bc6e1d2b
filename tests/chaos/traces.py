"""What a script of the add-on may write, and what it has to.

An edit may give ids to rows that have none or are copies, and a day where none stands; it adds
lines to History and notes to cells. Saving in the card writes what was changed there, too. And the
status that somebody chose is where the lead's lines in History end.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cache
from typing import Any

from sheetsync import locales
from sheetsync.addon.preview.host import Run
from tests.addon.google import Block
from tests.chaos import oracle
from tests.chaos.view import View
from tests.google.grid import BLANK, Sheet

Place = tuple[str, int, str]
"""Tab, row, column; tab and column by their keys."""

NEEDED = {
    "leads.id", "leads.status", "addon.key", "addon.value",
    *(f"history.{key}" for key in ("at", "lead", "from", "to", "id")),
}  # fmt: skip
"""Without these a script tells what is missing, and does nothing."""


def of_edit(looked: View, after: View, area: Block, run: Run) -> Iterator[str]:
    """What is wrong with what a script did after an edit of Leads.

    Parameters
    ----------
    looked, after : the sheet that it saw, and as it is when all is written
    area : the cells that were edited
    """
    yield from trespass(looked, run, ())
    if not looked.everything >= NEEDED:
        return
    said = "\n".join(run.toasts)
    yield from (f"a script said {said!r}" for trouble in _troubles() if trouble in said)
    top, left, rows, columns = area
    status = looked.positions("leads")["status"] + 1
    if left <= status < left + columns:
        yield from unlogged(after, range(top, top + rows))


def unlogged(view: View, rows: Collection[int]) -> Iterator[str]:
    """Leads in some rows whose status History does not end with."""
    ends = {line.cells.get("lead"): line.cells.get("to") for line in view.rows("history")}
    for mark, row in view.leads:
        lead, status = row.cells.get("id"), row.cells.get("status")
        known = str(lead).startswith("L-") and status in (*oracle.OPEN, *oracle.CLOSED)
        if known and row.number in rows and ends.get(lead) != status:
            yield f"{mark} is {status}, and no script has logged it"


def trespass(looked: View, run: Run, allowed: Collection[Place]) -> Iterator[str]:
    """What a script wrote where it had no business, or what it did not expect.

    Parameters
    ----------
    allowed : cells that it was asked to write
    """
    yield from (f"a script logged {text}" for level, text in run.log if level == "error")
    tabs = {sheet.id: (key, sheet) for key, sheet in looked.tabs.items()}
    columns = {
        key: {place + 1: column for column, place in looked.positions(key).items()}
        for key, _ in tabs.values()
    }
    ids = [row.cells.get("id") for _, row in looked.leads]
    ends = {key: _end(sheet) for key, sheet in tabs.values() if key in ("history", "checklist")}
    for change in run.changes:
        tab, sheet = tabs.get(change["sheet"], ("?", None))
        if sheet is None or (change["op"] == "rows" and tab not in ends):
            yield f"a script changed {tab}: {change}"
            continue
        if change["op"] == "rows" or change["row"] > ends.get(tab, change["row"]):
            continue
        column = columns[tab].get(change["column"], "?")
        place = (tab, change["row"], column)
        old = _cell(sheet, change)
        if change["op"] == "note":
            fits = tab == "leads" and (not old.note or old.note.startswith("sheetsync: "))
        elif tab == "leads" and column in ("id", "created"):
            fits = old.entered in (None, change.get("value")) or ids.count(old.entered) > 1
        else:
            fits = place in allowed
        if not fits:
            yield f"a script changed {place}, which held {old.entered!r}: {change}"


def _end(sheet: Sheet) -> int:
    """The last row in which anything stands."""
    filled = [any(cell.entered is not None for cell in row.cells.values()) for row in sheet.rows]
    return max((number for number, is_filled in enumerate(filled, 1) if is_filled), default=0)


def _cell(sheet: Sheet, change: Mapping[str, Any]) -> Any:
    row, column = change["row"] - 1, change["column"] - 1
    there = row < len(sheet.rows) and column < len(sheet.columns)
    return sheet.cell(row, column) if there else BLANK


@cache
def _troubles() -> tuple[str, ...]:
    """How the sentences begin that say why nothing was done."""
    texts = locales.load("en").group("addon.trouble").values()
    return tuple(start for text in texts if (start := text.partition("{")[0]))
