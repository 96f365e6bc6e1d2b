"""What people do in a file that is to become a CRM."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.chaos.actions import Idle, action
from tests.google import Operator

if TYPE_CHECKING:
    from tests.chaos.world import World


def any_title(world: World, a: int) -> str:
    sheets = world.view.file.sheets
    return sheets[a % len(sheets)].title


@action(0)
def jot(world: World, who: Operator, a: int, b: int) -> None:
    """A note in the first column without a header; the note is its header then."""
    who.append_by_script(any_title(world, a * (b % 2)), {"": world.unique("note")})


@action(0)
def rename_any_tab(world: World, who: Operator, a: int, b: int) -> None:  # noqa: ARG001
    who.rename_tab(any_title(world, a), world.unique("My tab"))


@action(0)
def move_any_tab(world: World, who: Operator, a: int, b: int) -> None:
    who.move_tab(any_title(world, a), b % 3)


@action(0)
def add_own_tab(world: World, who: Operator, a: int, b: int) -> None:
    who.add_tab(world.unique("Own tab"), [["what", "when"], [f"idea {a}", b]])


@action(0, harsh=True)
def delete_own_tab(world: World, who: Operator, a: int, b: int) -> None:  # noqa: ARG001
    ours = {sheet.id for sheet in world.view.tabs.values()}
    own = [sheet.title for sheet in world.view.file.sheets if sheet.id not in ours]
    if not own or len(world.view.file.sheets) < 2:
        raise Idle
    who.delete_tab(own[a % len(own)])


BLANK = ("jot", "jot", "rename_any_tab", "move_any_tab", "add_own_tab", "delete_own_tab")
