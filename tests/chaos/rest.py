"""What has to be true when all is quiet: everything equals the oracle."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from tests.chaos import oracle
from tests.chaos.view import Row, View

if TYPE_CHECKING:
    from tests.chaos.world import World


def settled(world: World) -> Iterator[str]:
    """After a quiet refresh."""
    view = world.view
    there = view.ids()
    every = [i for ids in there.values() for i in ids]
    if None in every or len(set(every)) != len(every):
        yield f"ids at rest: {there}"
    for mark, row in view.leads:
        right, shown = oracle.answer(row.cells, world.today), view.shown("leads", row)
        for key in ("score", "why"):
            if key in shown and shown[key] != getattr(right, key):
                yield f"row {row.number}, {mark}: {key} is {shown[key]!r}, not {right}"
        if right.overdue is not None and shown.get("overdue", right.overdue) != right.overdue:
            yield f"row {row.number}, {mark}: overdue is {shown['overdue']!r}, not {right}"
    yield from _checklist(view)
    yield from _today(view)
    yield from _history(view)


def _by_id(view: View) -> dict[str, Row]:
    return {str(row.cells.get("id")): row for _, row in view.leads}


def _checklist(view: View) -> Iterator[str]:
    if "checklist" not in view.tabs:
        return
    leads, seen = _by_id(view), Counter[str]()
    for row in view.rows("checklist"):
        lead = str(row.cells.get("lead"))
        seen[lead] += 1
        shown = view.shown("checklist", row)
        for key in ("name", "status"):
            right = leads[lead].cells.get(key) if lead in leads else None
            if lead in leads and shown.get(key, right) != right:
                yield f"Checklist {lead}: {key} is {shown[key]!r}"
    for lead in leads:
        if seen[lead] != 1:
            yield f"Checklist: {lead} is there {seen[lead]} times"


def _today(view: View) -> Iterator[str]:
    if "today" not in view.tabs:
        return
    leads = _by_id(view)
    for row in view.rows("today"):
        lead = row.cells.get("lead")
        if lead is None or "name" not in row.cells:
            continue
        if str(lead) not in leads:
            yield f"Today: {lead} is no lead"
        elif row.cells["name"] != leads[str(lead)].cells.get("name"):
            yield f"Today: {lead} is called {row.cells['name']!r}"


def _history(view: View) -> Iterator[str]:
    """Every lead's lines are a chain from nothing to its status."""
    if "history" not in view.tabs or not {"lead", "from", "to"} <= view.columns("history").keys():
        return
    chains: dict[str, list[tuple[Any, Any]]] = defaultdict(list)
    for row in view.rows("history"):
        line = (row.cells.get("from"), row.cells.get("to"))
        chains[str(row.cells.get("lead"))].append(line)
    for lead, lines in chains.items():
        if lines[0][0] is not None or any(a[1] != b[0] for a, b in pairwise(lines)):
            yield f"History of {lead}: {lines}"
    for lead, row in _by_id(view).items():
        status = row.cells.get("status")
        if status in (*oracle.OPEN, *oracle.CLOSED):
            last = chains[lead][-1][1] if lead in chains else None
            if last != status:
                yield f"History of {lead} ends with {last!r}, the lead is {status!r}"
