"""What has to be true when a command returns; see the package's text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sheetsync.errors import ConflictError, LayoutError
from sheetsync.workbooks.google.http import RejectedError
from tests.chaos.view import Row, View, is_formula
from tests.google.grid import Sheet

if TYPE_CHECKING:
    from tests.chaos.script import Ended
    from tests.chaos.world import World


def returned(world: World, ended: Ended) -> Iterator[str]:
    """After a command, whatever happened during it."""
    yield from _error(ended)
    if not (ended.unsettled and ended.writes):  # else it would go on, and mend what it wrote
        yield from _ids(world, ended)
        yield from _shown(world)
    yield from _doubled_things(world.view)


def _error(ended: Ended) -> Iterator[str]:
    error = ended.error
    missing = [bool(view.missing()) for view in ended.moments]
    if error is None:
        if ended.command == "refresh" and all(missing):
            yield "a refresh without something that it requires went through"
        return
    if len(str(error).split()) < 4:
        yield f"{error!r} does not say a sentence"
    if isinstance(error, RejectedError):
        yield f"the server's own refusal came out: {error}"
    elif isinstance(error, ConflictError):
        if ended.requests < 6:
            yield f"gave up after {ended.requests} requests: {error}"
    elif isinstance(error, LayoutError):
        if not any(missing):
            yield f"nothing required was missing: {error}"
    else:
        yield f"{error!r} was not due"


def _ids(world: World, ended: Ended) -> Iterator[str]:
    """Known leads have their ids; new ones that were read have one; none is there twice."""
    if "id" not in world.view.columns("leads"):
        return
    known, there = world.known, world.view.ids()
    yield from known.wrong_ids(world.view)
    calm = {mark: ids for mark, ids in there.items() if mark not in known.troubled}
    reads = ended.command == "refresh" and ended.whole and ended.read >= 0
    read = ended.moments[ended.read].ids() if reads else {}
    for mark, ids in calm.items():
        if mark in read and None in ids and len(read[mark]) == len(ids):
            yield f"{mark} was read and has no id"
        yield from (f"{mark} has {i}, of a lead that is gone" for i in ids if i in known.retired)
    counts = Counter(i for ids in calm.values() for i in ids if i is not None)
    yield from (f"{i} is there {count} times" for i, count in counts.items() if count > 1)


def _shown(world: World) -> Iterator[str]:
    """What is shown beside a lead was computed from one of its own states, or is nothing yet."""
    view = world.view
    if "_leads" not in view.tabs:  # people deleted it, and nothing is shown but that it is gone
        return
    for mark, row in view.leads:
        if mark in world.known.troubled:
            continue
        shown, possible = view.shown("leads", row), world.known.answers.get(mark, frozenset())
        if is_formula(row, "score") and shown["score"] is not None:
            pairs = {(each.score, each.why) for each in possible}
            why = shown.get("why") if is_formula(row, "why") else None
            fits = (shown["score"], why) in pairs if is_formula(row, "why") else True
            if shown["score"] not in {score for score, _ in pairs} or not fits:
                yield _beside(mark, row, (shown["score"], why), sorted(pairs, key=str))
        if is_formula(row, "overdue") and shown["overdue"] is not None:
            days = {each.overdue for each in possible}
            if shown["overdue"] not in days and None not in days:
                yield _beside(mark, row, shown["overdue"], sorted(days, key=str))


def _beside(mark: str, row: Row, shown: Any, possible: Any) -> str:
    return f"row {row.number}, {mark}: shows {shown}, may show {possible}"


def _doubled_things(view: View) -> Iterator[str]:
    """Formats, protections and names of ours are there once."""
    for tab, sheet in view.tabs.items():
        counts = Counter(_our_rules(sheet))
        yield from (f"{tab}: rule {rule} is there {n} times" for rule, n in counts.items() if n > 1)
        places = Counter(
            str(sorted(each.get("range", {}).items()))
            for each in sheet.protected.values()
            if str(each.get("description", "")).startswith("sheetsync: ")
        )
        yield from (f"{tab}: {n} protections of {at}" for at, n in places.items() if n > 1)


def _our_rules(sheet: Sheet) -> Iterator[str]:
    for rule in sheet.conditional_formats:
        if "gradientRule" in rule:
            yield "gradient"
        for value in rule.get("booleanRule", {}).get("condition", {}).get("values", ()):
            text = str(value.get("userEnteredValue", ""))
            if '"sheetsync ' in text:
                yield text.rpartition('"sheetsync ')[2].partition('"')[0]
