"""The ways of leads from status to status, held against what History says of them.

A script logs a change at once, a refresh logs what it finds. So since all was quiet, the new lines
of a lead are some of the statuses that it had, in their order and each once. That the last of them
is where it stands, and that they are a chain, is seen when all is quiet again (``rest.py``); that a
script logged what it was started by, when it is done (``traces.py``).
"""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any

from tests.chaos import oracle
from tests.chaos.view import View

_STATUSES = {*oracle.OPEN, *oracle.CLOSED}


class Trails:
    """What leads went through since all was quiet, by mark.

    A lead that was not where its id was, or has copies, may have been another one for a while:
    nothing is asked of it.
    """

    def __init__(self) -> None:
        self.breaks: frozenset[tuple[str, str]] = frozenset()
        self._ways: dict[str, tuple[str, ...]] = {}
        self._ticks: dict[str, frozenset[str]] = {}
        self._logged: dict[str, int] = {}
        self._unclear: frozenset[str] = frozenset()
        self._torn = False

    def copy(self) -> Trails:
        new = copy.copy(self)
        new._ways, new._ticks = dict(self._ways), dict(self._ticks)
        return new

    def watch(self, before: View, after: View, unclear: Collection[str]) -> None:
        """Somebody, or a script, has changed something; who is who is ``unclear`` of some leads."""
        self._unclear |= {*unclear}
        for mark, row in after.leads:
            way, status = self._ways.get(mark, ()), row.cells.get("status")
            if status in _STATUSES and way[-1:] != (status,):
                self._ways[mark] = (*way, str(status))
        was, ticked = ticks(before), ticks(after)
        self._ticks |= {mark: ticked[mark] for mark in ticked if ticked[mark] != was.get(mark)}
        self._torn = self._torn or _log(before) != _log(after)

    def begin_anew(self, view: View) -> None:
        """All is quiet: History says where everybody is."""
        self._ways, self._unclear, self._torn = {}, frozenset(), False
        self._logged = {lead: len(lines) for lead, lines in moves(view).items()}
        self._ticks = ticks(view)
        self.watch(view, view, ())

    def wrong(self, view: View) -> Iterator[str]:
        """Leads that have not the ticks that people made; and those of which History says what they
        did not go through, or says it twice."""
        for mark, ticked in ticks(view).items():
            if mark not in self._unclear and ticked != self._ticks.get(mark, frozenset()):
                had = sorted(self._ticks.get(mark, ()))
                yield f"{mark}: {had} were ticked, and {sorted(ticked)} are"
        if self._torn or "history" not in view.tabs:
            return
        lines = moves(view)
        for mark, row in view.leads:
            lead = str(row.cells.get("id"))
            logged = self._logged.get(lead, 0)
            new = [to for _, to in lines.get(lead, ())[logged:]]
            way = self._ways.get(mark, ())[bool(logged) :]
            if mark not in self._unclear and not _is_within(new, way):
                yield f"History of {mark}, {lead}, has {new} since it was quiet; it went {way}"

    def wrong_sums(self, breaks: Collection[tuple[str, str]]) -> Iterator[str]:
        """Lines that don't fit their checksums; what is broken once stays so."""
        new = frozenset(breaks) - self.breaks
        self.breaks |= new
        if not self._torn:
            yield from (f"History of {lead}: a line is {what}" for lead, what in sorted(new))


def moves(view: View) -> dict[str, list[tuple[Any, Any]]]:
    """Lead -> (from, to) of its lines in History, top to bottom."""
    found: dict[str, list[tuple[Any, Any]]] = defaultdict(list)
    for row in view.rows("history") if "history" in view.tabs else ():
        found[str(row.cells.get("lead"))].append((row.cells.get("from"), row.cells.get("to")))
    return found


def ticks(view: View) -> dict[str, frozenset[str]]:
    """Mark -> the steps that are ticked of it, of leads that are there once."""
    ticked: dict[str, frozenset[str]] = defaultdict(frozenset)
    for row in view.rows("checklist") if "checklist" in view.tabs else ():
        steps = {key for key, cell in row.cells.items() if key.startswith("S-") and cell is True}
        ticked[str(row.cells.get("lead"))] |= steps
    return {mark: ticked[str(ids[0])] for mark, ids in view.ids().items() if len(ids) == 1}


def _log(view: View) -> int | None:
    return view.tabs["history"].id if "history" in view.tabs else None


def _is_within(some: Collection[Any], whole: Collection[Any]) -> bool:
    """Whether some come one after the other in the whole, others perhaps between them."""
    rest = iter(whole)
    return all(each in rest for each in some)
