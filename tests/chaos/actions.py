"""What people do: deeds of one name and two numbers, which choose among what is there.

The deeds themselves are in ``cells.py``, ``rows.py``, ``sheets.py``, ``cards.py``, ``blank.py``.

An action gets the world, the person and the two numbers, and does one thing by hand, or raises
Idle when there is nothing to do it with. What a protection refuses is refused (ApiError).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from tests.chaos.scripted import Scripted
from tests.chaos.view import Row
from tests.google import Operator

if TYPE_CHECKING:
    from tests.chaos.world import World

Act = Callable[["World", Operator, int, int], None]


class Idle(Exception):  # noqa: N818 - nothing is wrong
    """There is nothing to do this with."""


@dataclass(frozen=True)
class Action:
    """One thing people do.

    Parameters
    ----------
    weight : how often it is drawn
    harsh : it takes something away that commands need, or have need of
    addon : it is done in the card, where there is the add-on
    """

    act: Act
    weight: int = 4
    harsh: bool = False
    addon: bool = False


ACTIONS: dict[str, Action] = {}


def action(weight: int = 4, *, harsh: bool = False, addon: bool = False) -> Callable[[Act], Act]:
    def register(act: Act) -> Act:
        ACTIONS[act.__name__] = Action(act, weight, harsh, addon)
        return act

    return register


# -- choosing ----------------------------------------------------------------------------------

PEOPLE_TABS = ("leads", "checklist", "statuses", "sources", "team", "steps", "reasons", "scoring")


def title(world: World, tab: str) -> str:
    found = world.view.tabs.get(tab)
    if found is None:
        raise Idle
    return found.title


def header(world: World, tab: str, key: str) -> str:
    """The text of a column's header now."""
    position = world.view.positions(tab).get(key) if tab in world.view.tabs else None
    if position is None:
        raise Idle
    return str(world.view.tabs[tab].cell(0, position).entered or "")


def lead(world: World, a: int) -> tuple[str, Row]:
    leads = world.view.leads
    if not leads:
        raise Idle
    return leads[a % len(leads)]


def one_of(options: Sequence[Any], a: int) -> Any:
    if not options:
        raise Idle
    return options[a % len(options)]


def any_tab(a: int) -> str:
    """Leads half the time."""
    return "leads" if a % 2 else str(one_of(PEOPLE_TABS, a // 2))


def any_column(world: World, tab: str, b: int) -> str:
    """The header of any column that has one, people's own among them."""
    found = world.view.tabs.get(tab)
    if found is None:
        raise Idle
    texts = [str(found.cell(0, i).entered or "") for i in range(len(found.columns))]
    return str(one_of([text for text in texts if text and texts.count(text) == 1], b))


def type_lead(world: World, who: Operator, a: int, key: str, value: Any) -> None:
    _, row = lead(world, a)
    who.type(title(world, "leads"), row.number, header(world, "leads", key), value)


def at_once(who: Operator) -> AbstractContextManager[None]:
    """What is done meanwhile is one edit to the add-on."""
    return who.pasting() if isinstance(who, Scripted) else nullcontext()


def weights(*, harsh: bool, addon: bool = False) -> dict[str, int]:
    """Every action with how often it is drawn; the harsh ones too, if wanted, and the add-on's."""
    return {
        name: each.weight
        for name, each in ACTIONS.items()
        if (harsh or not each.harsh) and (addon or not each.addon)
    }


def learn() -> None:
    """Have all actions registered."""
    for module in ("blank", "cards", "cells", "rows", "sheets"):
        import_module(f"tests.chaos.{module}")
