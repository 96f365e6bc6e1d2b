"""What is known of the leads: which ids they have, and what may be shown beside them.

Identical rows (a row and its copy) can't be told apart by anybody once their ids are gone. So ids
are known by *families*: leads that are alike, as a rule one. A family keeps its ids, whichever of
its rows has which.
"""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from itertools import combinations
from typing import Any

from tests.chaos import oracle
from tests.chaos.trails import Trails
from tests.chaos.view import Row, View

PARTS = ("phone", "email", "name", "request")
"""What a lead is recognised by; two of them suffice."""
_SUFFICE = 2


class Known:
    """Leads by mark.

    Parameters
    ----------
    ids : the id that each was given
    retired : ids of leads that are gone
    troubled : leads whose ids people changed, with the world's time then
    answers : everything that may be shown beside each since all was quiet
    edited : parts of each that were edited since then
    """

    def __init__(self) -> None:
        self.ids: dict[str, str] = {}
        self.retired: set[str] = set()
        self.troubled: dict[str, int] = {}
        self.answers: dict[str, frozenset[oracle.Answer]] = {}
        self.edited: dict[str, frozenset[str]] = {}
        self.trails = Trails()
        self._family: dict[str, str] = {}
        self._blind = False
        # Ids that a script gave and no refresh has seen: given again when their lead is deleted.
        self._fresh: frozenset[str | None] = frozenset()
        # By family: every id that stood beside one of its rows; families that lost a row. Which of
        # three identical rows was deleted is seen from nothing but the ids that are left.
        self._pool: dict[str, frozenset[str]] = {}
        self._shrunk: frozenset[str] = frozenset()

    def copy(self) -> Known:
        new = copy.copy(self)
        for name, value in vars(self).items():
            setattr(new, name, copy.copy(value))
        new.trails = self.trails.copy()
        return new

    # -- what people did ---------------------------------------------------------------------

    def watch(self, before: View, after: View, time: int, today: date) -> None:
        """Note what somebody changed."""
        ids, was = after.ids(), before.ids()
        self._shrunk |= {
            self._family.get(mark, mark)
            for mark, held in was.items()
            if len(ids.get(mark, ())) < len(held)
        }
        for mark in ids:
            new = mark not in was and ids[mark] == (None,)
            new = new or (was.get(mark) == (None,) and ids[mark] == (self.ids.get(mark),))
            if not new and ids[mark] != was.get(mark):
                self.troubled[mark] = time
                if self.ids.get(mark) in self._fresh:  # and nobody can know whose it was
                    del self.ids[mark]
            if len(ids[mark]) < len(was.get(mark, ())) and self.ids.get(mark) not in ids[mark]:
                self.ids.pop(mark, None)  # a copy is left, and the original is gone
        self._blind = self._blind or any(
            name in before.everything and name not in after.everything for name in _MEMORY
        )
        if self._blind:  # nothing is left by which an id could be given back
            for mark in self.troubled:
                self.ids.pop(mark, None)
        self.note_answers(after, today)
        self.trails.watch(before, after, self._unclear(ids))

    def _unclear(self, there: Mapping[str, tuple[str | None, ...]]) -> set[str]:
        """Leads that may stand under another one's id now; those that are alike with them."""
        beside = {
            mark
            for mark, ids in there.items()
            if len(ids) > 1 or ids[0] != self.ids.get(mark, ids[0])
        }
        families = {self._family.get(mark, mark) for mark in beside | self.troubled.keys()}
        return {mark for mark in there if self._family.get(mark, mark) in families}

    def watch_script(self, before: View, after: View, time: int, today: date) -> None:
        """Note what a script changed. The id that it gave to a new lead is that lead's."""
        was, given = before.ids(), after.ids()
        for mark, ids in given.items():
            fresh = was.get(mark) == (None,) and mark not in {*self.ids, *self.troubled}
            if fresh and len(ids) == 1 and ids[0] is not None:
                self.ids[mark] = ids[0]
                self._fresh |= {ids[0]}
        self.watch(before, after, time, today)

    def note_answers(self, view: View, today: date) -> None:
        for mark, row in view.leads:
            found = oracle.answer(row.cells, today)
            self.answers[mark] = self.answers.get(mark, frozenset()) | {found}

    def may_disguise(self, mark: str, row: Row, key: str) -> bool:
        """Whether enough stays to recognise a lead by when this part of it is edited."""
        left = {part for part in PARTS if row.cells.get(part)}
        return len(left - self.edited.get(mark, frozenset()) - {key}) >= _SUFFICE

    def disguised(self, mark: str, key: str) -> None:
        self.edited[mark] = self.edited.get(mark, frozenset()) | {key}

    # -- what a command did ------------------------------------------------------------------

    def forgive(self, read_at: int) -> None:
        """What people did to ids before a refresh read them must be right by now."""
        for mark, when in list(self.troubled.items()):
            if when < read_at:
                del self.troubled[mark]

    def forget_gone(self, view: View) -> None:
        """Ids of leads that are no more; those of twins stay with the others of their family."""
        there = view.ids()
        alone = {next(iter(marks)) for marks in self.families(self.ids) if len(marks) == 1}
        for mark in [mark for mark in self.ids if mark not in there and mark in alone]:
            gone = self.ids.pop(mark)
            if gone not in self._fresh:
                self.retired.add(gone)

    def take_note(self, view: View) -> None:
        """The ids that leads have got."""
        there = view.ids()
        self._fresh -= {i for ids in there.values() for i in ids}
        self._fill_pool(view)
        for marks in self.families(there):
            for mark in marks:
                ids = there[mark]
                if mark in self.troubled or len(ids) != 1 or ids[0] is None:
                    continue
                if len(marks) > 1:
                    self.ids[mark] = ids[0]
                self.ids.setdefault(mark, ids[0])

    def wrong_ids(self, view: View) -> Iterator[str]:
        """Families that have not the ids that they had."""
        there = view.ids()
        for marks in self.families({**self.ids, **there}):
            if any(mark in self.troubled for mark in marks):
                continue
            ids = [i for mark in marks for i in there.get(mark, ())]
            family = self._family.get(next(iter(marks)), next(iter(marks)))
            if family in self._shrunk:
                if new := set(ids) - {None} - self._pool.get(family, frozenset()):
                    yield f"{' and '.join(sorted(marks))} got {', '.join(map(str, new))}"
                continue
            had = {self.ids[mark] for mark in marks if mark in self.ids}
            if len(had & set(ids)) < min(len(had), len(ids)):
                who, has = " and ".join(sorted(marks)), ", ".join(map(str, ids))
                yield f"{who} had {', '.join(sorted(had))} and has {has}"

    def _fill_pool(self, view: View) -> None:
        for mark, ids in view.ids().items():
            family = self._family.get(mark, mark)
            self._pool[family] = self._pool.get(family, frozenset()) | {str(i) for i in ids if i}

    def families(self, marks: Collection[str]) -> Iterator[set[str]]:
        """These leads, each with those that are alike."""
        found: dict[str, set[str]] = defaultdict(set)
        for mark in marks:
            found[self._family.get(mark, mark)].add(mark)
        yield from found.values()

    # -- at rest -----------------------------------------------------------------------------

    def begin_anew(self, view: View, today: date) -> None:
        """All is quiet: what stands in the sheet is what is known."""
        self.forget_gone(view)
        self.retired |= set(self.ids.values())
        self.ids = {mark: str(ids[0]) for mark, ids in view.ids().items()}
        self.retired -= set(self.ids.values())
        self.troubled, self.answers, self.edited = {}, {}, {}
        self._blind = False
        self._family = _families(view)
        self._pool, self._shrunk, self._fresh = {}, frozenset(), frozenset()
        self._fill_pool(view)
        self.trails.begin_anew(view)
        self.note_answers(view, today)


_MEMORY = (*(f"leads.{part}" for part in PARTS), "_leads", "_leads.fingerprint", "_leads.key:id")
"""Without one of these a lead whose id is wrong may not be recognised."""


def _families(view: View) -> dict[str, str]:
    """Mark -> mark of the first lead that is alike."""
    found: dict[str, str] = {mark: mark for mark, _ in view.leads}
    for (one, a), (other, b) in combinations(view.leads, 2):
        if found[one] != found[other] and _alike(a.cells, b.cells):
            merged = found[other]
            found = {m: found[one] if first == merged else first for m, first in found.items()}
    return found


def _alike(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return sum(one.get(key) is not None and one.get(key) == other.get(key) for key in PARTS) >= (
        _SUFFICE
    )
