"""What people do to rows of leads, and to ids."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.chaos.actions import (
    Idle,
    action,
    any_column,
    at_once,
    header,
    lead,
    one_of,
    title,
    type_lead,
)
from tests.google import Operator

if TYPE_CHECKING:
    from tests.chaos.world import World


@action(8)
def add_lead(world: World, who: Operator, a: int, b: int) -> None:
    world.demand_room()
    who.append(title(world, "leads"), world.new_lead(a, b))


@action(4)
def add_lead_by_script(world: World, who: Operator, a: int, b: int) -> None:
    world.demand_room()
    who.append_by_script(title(world, "leads"), world.new_lead(a, b))


@action(3)
def paste_leads(world: World, who: Operator, a: int, b: int) -> None:
    """Some rows at once, from another sheet."""
    world.demand_room()
    with at_once(who):
        for number in range(1 + a % 3):
            who.append(title(world, "leads"), world.new_lead(a + number, b))


@action(4)
def insert_lead(world: World, who: Operator, a: int, b: int) -> None:
    world.demand_room()
    _, row = lead(world, a)
    who.insert_row(title(world, "leads"), row.number)
    for text, value in world.new_lead(a, b).items():
        who.type(title(world, "leads"), row.number, text, value)


@action(5)
def insert_rows(world: World, who: Operator, a: int, b: int) -> None:
    _, row = lead(world, a)
    who.insert_row(title(world, "leads"), row.number, 1 + b % 3)


@action(4)
def delete_lead(world: World, who: Operator, a: int, b: int) -> None:  # noqa: ARG001
    if len(world.view.leads) < 4:
        raise Idle
    _, row = lead(world, a)
    who.delete_row(title(world, "leads"), row.number)


@action(2)
def clear_lead(world: World, who: Operator, a: int, b: int) -> None:  # noqa: ARG001
    if len(world.view.leads) < 4:
        raise Idle
    _, row = lead(world, a)
    who.clear_row(title(world, "leads"), row.number)


@action(5)
def move_lead(world: World, who: Operator, a: int, b: int) -> None:
    _, row = lead(world, a)
    _, other = lead(world, b)
    if row.number in (other.number, other.number - 1):
        raise Idle
    who.move_row(title(world, "leads"), row.number, before=other.number)


@action(3)
def cut_lead(world: World, who: Operator, a: int, b: int) -> None:
    """Cut and paste below the last row; now and then over another lead."""
    _, row = lead(world, a)
    _, other = lead(world, b)
    over = b % 5 == 0 and len(world.view.leads) > 4 and row.number != other.number
    last = max(each.number for _, each in world.view.leads)
    who.cut_row(title(world, "leads"), row.number, other.number if over else last + 1 + b % 3)


@action(4)
def copy_lead(world: World, who: Operator, a: int, b: int) -> None:
    """Duplicate a row, id and all: into a new row, or under the last one."""
    world.demand_room()
    _, row = lead(world, a)
    tab = title(world, "leads")
    if b % 2:
        _, other = lead(world, b // 2)
        who.insert_row(tab, other.number)
        who.copy_row(tab, row.number + (other.number <= row.number), other.number)
        return
    who.copy_row(tab, row.number, max(each.number for _, each in world.view.leads) + 1)


@action(8)
def sort_leads(world: World, who: Operator, a: int, b: int) -> None:
    by = any_column(world, "leads", a)
    who.sort(title(world, "leads"), by, descending=bool(b % 2))


@action(4)
def sort_some_leads(world: World, who: Operator, a: int, b: int) -> None:
    (_, one), (_, other) = lead(world, a), lead(world, b)
    first, last = sorted((one.number, other.number))
    by = any_column(world, "leads", a + b)
    who.sort(title(world, "leads"), by, descending=bool(b % 2), rows=(first, last))


@action(1)
def sort_leads_without_ids(world: World, who: Operator, a: int, b: int) -> None:
    """All columns but the first, where that is the one with the ids."""
    if world.view.positions("leads").get("id") != 0:
        raise Idle
    by = header(world, "leads", one_of(("name", "budget", "status"), a))
    ids = header(world, "leads", "id")
    who.sort(title(world, "leads"), by, descending=bool(b % 2), right_of=ids)


@action(2)
def clear_id(world: World, who: Operator, a: int, b: int) -> None:
    type_lead(world, who, a, "id", None if b % 3 else "?")


@action(2)
def paste_id(world: World, who: Operator, a: int, b: int) -> None:
    """Another lead's id over one's own."""
    _, row = lead(world, a)
    _, other = lead(world, b)
    ids = header(world, "leads", "id")
    who.copy_cell(title(world, "leads"), other.number, ids, row.number)


@action(2)
def type_over_result(world: World, who: Operator, a: int, b: int) -> None:
    key = one_of(("score", "why", "overdue", "attention", "tier"), b)
    type_lead(world, who, a, key, "mine" if b % 2 else None)


@action(2)
def hide_or_filter(world: World, who: Operator, a: int, b: int) -> None:
    tab = title(world, "leads")
    if b % 3 == 0:
        who.hide_row(tab, lead(world, a)[1].number)
    elif b % 3 == 1:
        who.filter(tab, header(world, "leads", "status"), ["New"])
    else:
        who.clear_filter(tab)


@action(1)
def delete_spare_rows(world: World, who: Operator, a: int, b: int) -> None:  # noqa: ARG001
    tab = world.view.tabs.get("leads")
    last = max((row.number for _, row in world.view.leads), default=2)
    if tab is None or len(tab.rows) <= last:
        raise Idle
    who.delete_spare_rows(tab.title, last)
