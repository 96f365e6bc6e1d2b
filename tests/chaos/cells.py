"""What people do to cells of leads: type, undo, fill down, copy."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tests.chaos import oracle
from tests.chaos.actions import Idle, action, header, lead, one_of, title, type_lead
from tests.chaos.known import PARTS
from tests.google import Operator

if TYPE_CHECKING:
    from tests.chaos.world import World


@action(8)
def edit_budget(world: World, who: Operator, a: int, b: int) -> None:
    type_lead(world, who, a, "budget", [*range(0, 701, 50), None, "?"][b % 17])


@action(8)
def edit_source(world: World, who: Operator, a: int, b: int) -> None:
    type_lead(world, who, a, "source", one_of([*oracle.SOURCES, None], b))


@action(10)
def edit_status(world: World, who: Operator, a: int, b: int) -> None:
    type_lead(world, who, a, "status", one_of([*oracle.OPEN, *oracle.CLOSED], b))


@action(4)
def edit_next_action(world: World, who: Operator, a: int, b: int) -> None:
    day = world.today + timedelta(days=b % 20 - 12)
    type_lead(world, who, a, "next_action", day if b % 5 else None)


@action(4)
def edit_comment(world: World, who: Operator, a: int, b: int) -> None:
    type_lead(world, who, a, "comment", one_of(["vip", "a vip?", "later", "call", None], b))


@action(4)
def edit_who_it_is(world: World, who: Operator, a: int, b: int) -> None:
    """Another name, phone, e-mail or request: what a lead is recognised by."""
    mark, row = lead(world, a)
    key = one_of(PARTS, b)
    if not world.known.may_disguise(mark, row, key):
        raise Idle
    type_lead(world, who, a, key, world.unique(key) if b % 3 else None)
    world.known.disguised(mark, key)


@action(3)
def retype(world: World, who: Operator, a: int, b: int) -> None:
    """Something else, and back, as with undo."""
    _, row = lead(world, a)
    key = one_of(("budget", "source", "next_action", "comment"), b)
    before = row.cells.get(key)
    type_lead(world, who, a, key, "oops")
    who.type(title(world, "leads"), row.number, header(world, "leads", key), before, raw=True)


@action(3)
def fill_down(world: World, who: Operator, a: int, b: int) -> None:
    _, row = lead(world, a)
    key = one_of(("budget", "source", "status", "manager", "next_action"), b)
    last = min(row.number + 1 + b % 3, world.view.leads[-1][1].number)
    if last <= row.number:
        raise Idle
    who.fill_down(title(world, "leads"), row.number, header(world, "leads", key), last)


@action(2)
def copy_cell(world: World, who: Operator, a: int, b: int) -> None:
    _, row = lead(world, a)
    _, other = lead(world, b)
    key = one_of(("budget", "source", "status", "comment"), a + b)
    who.copy_cell(title(world, "leads"), row.number, header(world, "leads", key), other.number)
