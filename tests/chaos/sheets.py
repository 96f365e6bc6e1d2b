"""What people do to the other tabs, to columns, and to tabs as such."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheetsync.workbooks.google import names
from tests.chaos.actions import Idle, action, any_column, any_tab, header, one_of, title
from tests.chaos.view import LAYOUT, OWNER, Row
from tests.google import Operator

if TYPE_CHECKING:
    from tests.chaos.world import World

# -- the checklist and the lists ---------------------------------------------------------------


def _check_rows(world: World) -> list[Row]:
    return list(world.view.rows("checklist")) if "checklist" in world.view.tabs else []


@action(5)
def tick(world: World, who: Operator, a: int, b: int) -> None:
    row = one_of(_check_rows(world), a)
    steps = [key for key in world.view.positions("checklist") if key.startswith("S-")]
    text = header(world, "checklist", one_of(steps, b))
    who.type(title(world, "checklist"), row.number, text, bool((a + b) % 3))


@action(3)
def rearrange_checklist(world: World, who: Operator, a: int, b: int) -> None:
    rows, tab = _check_rows(world), title(world, "checklist")
    row, what = one_of(rows, a), b % 4
    if what == 0:
        who.sort(tab, any_column(world, "checklist", a), descending=bool(a % 2))
    elif what == 1:
        who.insert_row(tab, row.number)
    elif what == 2 and len(rows) > 1 and row.number > 2:
        who.move_row(tab, row.number, before=2)
    else:
        who.delete_row(tab, row.number)


@action(2)
def add_to_list(world: World, who: Operator, a: int, b: int) -> None:
    tab, key = one_of((("sources", "source"), ("team", "name"), ("statuses", "status")), a)
    values = {header(world, tab, key): world.unique(key)}
    if tab == "statuses":
        values |= {header(world, tab, "kind"): "open", header(world, tab, "order"): 100 + b}
    who.append(title(world, tab), values)


@action(1)
def add_step(world: World, who: Operator, a: int, b: int) -> None:  # noqa: ARG001
    if len([key for key in world.view.columns("checklist") if key.startswith("S-")]) > 6:
        raise Idle
    who.append(title(world, "steps"), {header(world, "steps", "step"): world.unique("step")})


@action(1)
def sort_list(world: World, who: Operator, a: int, b: int) -> None:
    tab = one_of(("sources", "team", "statuses", "reasons", "scoring", "settings"), a)
    who.sort(title(world, tab), any_column(world, tab, b), descending=bool(b % 2))


# -- columns -----------------------------------------------------------------------------------


@action(6)
def move_column(world: World, who: Operator, a: int, b: int) -> None:
    tab = any_tab(a)
    one, other = any_column(world, tab, b), any_column(world, tab, a + b // 3)
    if one == other:
        raise Idle
    who.move_column(title(world, tab), one, after=other)


@action(4)
def rename_column(world: World, who: Operator, a: int, b: int) -> None:
    tab = any_tab(a)
    text = any_column(world, tab, b)
    who.rename_column(title(world, tab), text, world.unique("header"))


@action(4)
def add_column(world: World, who: Operator, a: int, b: int) -> None:
    tab = any_tab(a)
    found = world.view.tabs.get(tab)
    if found is None or len(found.columns) > 45:
        raise Idle
    new = world.unique("own")
    if b % 3:
        who.insert_column(title(world, tab), any_column(world, tab, b), new)
    else:
        who.append_column(title(world, tab), new)
    who.type(title(world, tab), 2 + b % 5, new, f"note {b}")


@action(2)
def delete_own_column(world: World, who: Operator, a: int, b: int) -> None:
    tab = any_tab(a)
    found = world.view.tabs.get(tab)
    ours = {*world.view.columns(tab).values(), world.marks}
    lines = [] if found is None else [line for line in found.columns if line.key not in ours]
    line = one_of(lines, b)
    assert found is not None
    at = found.columns.index(line)
    text = str(found.cell(0, at).entered or "")
    if not text:
        raise Idle
    who.delete_column(found.title, text)


@action(1)
def hide_column(world: World, who: Operator, a: int, b: int) -> None:
    tab = any_tab(a)
    who.hide_column(title(world, tab), any_column(world, tab, b))


@action(1, harsh=True)
def delete_column(world: World, who: Operator, a: int, b: int) -> None:
    """A column of ours that no command needs."""
    tab = one_of(("leads", "leads", "checklist", "sources", "team"), a)
    if tab not in world.view.tabs:
        raise Idle
    needed = {column.key for column in LAYOUT[tab].columns if column.required}
    keys = [
        key
        for key in world.view.columns(tab)
        if key not in needed and key != names.LINE and f"{tab}.{key}" in OWNER
    ]
    who.delete_column(title(world, tab), header(world, tab, one_of(sorted(keys), b)))


@action(1, harsh=True)
def delete_needed_column(world: World, who: Operator, a: int, b: int) -> None:
    tab, key = one_of(
        (
            ("leads", "id"),
            ("leads", "phone"),
            ("leads", "manager"),
            ("checklist", "lead"),
            ("steps", "step"),
        ),
        a + b,
    )
    who.delete_column(title(world, tab), header(world, tab, key))


# -- tabs --------------------------------------------------------------------------------------


@action(2)
def rename_tab(world: World, who: Operator, a: int, b: int) -> None:  # noqa: ARG001
    who.rename_tab(title(world, any_tab(a)), world.unique("Tab"))


@action(1)
def move_tab(world: World, who: Operator, a: int, b: int) -> None:
    who.move_tab(title(world, any_tab(a)), b % 6)


@action(1)
def add_tab(world: World, who: Operator, a: int, b: int) -> None:
    if len(world.view.file.sheets) > 26:
        raise Idle
    if b % 3:
        who.add_tab(world.unique("Own tab"), [["what", "when"], [f"idea {a}", b]])
    else:
        who.copy_tab(title(world, any_tab(a)), world.unique("Copy"))


@action(1)
def add_rule(world: World, who: Operator, a: int, b: int) -> None:
    tab = any_tab(a)
    who.add_rule(title(world, tab), any_column(world, tab, b), world.unique("rule"), b % 3)


@action(2, harsh=True)
def delete_tab(world: World, who: Operator, a: int, b: int) -> None:
    tabs = ("today", "dashboard", "history", "checklist", "team", "sources", "reasons", "steps")
    who.delete_tab(title(world, one_of(tabs, a + b)))


@action(1, harsh=True)
def delete_leads(world: World, who: Operator, a: int, b: int) -> None:  # noqa: ARG001
    """Now and then all is lost."""
    if b % 5:
        raise Idle
    who.delete_tab(title(world, "leads"))


@action(1, harsh=True)
def delete_results(world: World, who: Operator, a: int, b: int) -> None:
    """A hidden tab of ours, or a column in it."""
    tab = one_of(("_leads", "_checklist", "_sources", "_leads"), a)
    if tab not in world.view.tabs:
        raise Idle
    if b % 2:
        who.delete_tab(title(world, tab))
        return
    key = one_of(sorted(world.view.columns(tab)), b)
    who.delete_column(title(world, tab), header(world, tab, key))
