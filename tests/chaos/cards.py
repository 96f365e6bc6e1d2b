"""What people do in the card, where they have the add-on: open it, change something, save."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sheetsync.addon.preview.host import Run
from tests.addon.google import Workplace
from tests.chaos import oracle, traces
from tests.chaos.actions import Idle, action, lead, one_of, title
from tests.chaos.scripted import Scripted
from tests.chaos.view import View
from tests.google import Operator

if TYPE_CHECKING:
    from tests.chaos.world import World

Card = Mapping[str, Any]


@action(4, addon=True)
def open_card(world: World, who: Operator, a: int, b: int) -> None:  # noqa: ARG001
    _opened(world, who, a)


@action(10, addon=True)
def save_card(world: World, who: Operator, a: int, b: int) -> None:
    """The status, the day, the comment: in the card that is open, be it old, or in a new one."""
    card = _card(world, who, a)
    day = {"iso": (world.today + timedelta(days=b % 9)).isoformat()}
    changes = one_of(
        (
            {"status": one_of((*oracle.OPEN, *oracle.CLOSED), b)},
            {"status": one_of(oracle.OPEN, b), "comment": one_of(("vip", "rang him"), a)},
            {"next_action": day if b % 4 else None, "comment": "a vip, later"},
            {"comment": None},
        ),
        a + b,
    )
    _save(world, who, card, changes, {})


@action(6, addon=True)
def tick_in_card(world: World, who: Operator, a: int, b: int) -> None:
    card = _card(world, who, a)
    columns = world.view.columns("checklist")
    step = one_of([key for key in columns if key.startswith("S-")], b)
    status = one_of(oracle.OPEN, b // 4)
    _save(world, who, card, {} if b % 4 else {"status": status}, {step: bool((a + b) % 5)})


# -- the card ----------------------------------------------------------------------------------


def _card(world: World, who: Operator, a: int) -> Card:
    """The one that the person has open, or a new one."""
    return (world.addon.cards.get(who.email) if a % 2 else None) or _opened(world, who, a // 2)


def _opened(world: World, who: Operator, a: int) -> Card:
    _, row = lead(world, a)
    place = _place(who)
    place.select(title(world, "leads"), row.number)
    answer = world.addon.ask(place, "cardOpen")
    shown = answer.get("lead")
    if shown is None or set(shown["cells"]) < {"status", "next_action", "comment"}:
        raise Idle  # a row without an id; or something is missing
    world.addon.cards[who.email] = shown
    return dict(shown)


def _save(
    world: World, who: Operator, card: Card, changes: Mapping[str, Any], checks: Mapping[str, bool]
) -> None:
    base = {key: card["cells"][key] for key in changes}
    sent = {"id": card["id"], "base": base, "changes": changes, "checks": checks, "comment": "so"}
    looked = world.view

    def check(run: Run) -> Iterator[str]:
        return _saved(looked, world.view, sent, run)

    answer = world.addon.ask(_place(who), "cardSave", sent, check=check)
    if answer.get("lead"):
        world.addon.cards[who.email] = answer["lead"]


def _place(who: Operator) -> Workplace:
    if not isinstance(who, Scripted):
        raise Idle
    return who.place


def _saved(looked: View, after: View, sent: Mapping[str, Any], run: Run) -> Iterator[str]:
    """What is wrong with what a save did: all of it, or nothing."""
    answer, card = run.result, sent["id"]
    rows = [row for _, row in looked.leads if row.cells.get("id") == card]
    if not answer["ok"]:
        if run.changes:
            yield f"a save that was refused ({answer}) changed {run.changes}"
        if answer.get("gone") and rows:
            yield f"{card} is there, and the card says it is gone"
        whole = looked.everything >= traces.NEEDED and "checklist.lead" in looked.everything
        if whole and not (answer.get("gone") or answer.get("conflict")):
            yield f"a save was refused: {answer}"
        return
    lines = [row for row in looked.rows("checklist") if row.cells.get("lead") == card]
    changed = [("leads", row.number, key) for row in rows for key in sent["changes"]]
    ticked = [("checklist", row.number, step) for row in lines for step in sent["checks"]]
    yield from traces.trespass(looked, run, {*changed, *ticked})
    numbers = [row.number for row in rows][:1]
    if "status" in sent["changes"]:
        yield from traces.unlogged(after, numbers)
    for row in after.rows("leads"):
        if row.number in numbers:
            for key in ("status", "comment"):
                wanted = sent["changes"].get(key, row.cells.get(key))
                if row.cells.get(key) != wanted:
                    yield f"{card}: {key} was saved as {wanted!r} and is {row.cells.get(key)!r}"
    for step, wanted in sent["checks"].items():
        stands = [
            row.cells.get(step) for row in after.rows("checklist") if row.cells.get("lead") == card
        ]
        if stands[:1] != [wanted]:
            yield f"{card}: {step} was saved as {wanted} and is {stands}"
