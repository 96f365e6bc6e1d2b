"""How a world comes to have a CRM: it is made once, and taken over by others like it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.chaos import oracle
from tests.chaos.script import Run, Tally
from tests.google.grid import Spreadsheet

if TYPE_CHECKING:
    from tests.chaos.world import World

_MADE: dict[tuple[str, int], tuple[Spreadsheet, int, int]] = {}
"""By locale and number of leads: the file, its column of marks, the numbers that were used."""


def move_in(world: World, locale: str, leads: int) -> None:
    """Give a world a CRM in which all is quiet."""
    if (locale, leads) not in _MADE:
        _settle_in(world, leads)
        _MADE[locale, leads] = world.view.file, world.marks, world.numbers
    file, world.marks, world.numbers = _MADE[locale, leads]
    mine = file.fork()
    mine.id, mine.permissions = world.id, dict(file.permissions)
    mine.today = lambda: world.server.today
    world.server.store.files[world.id] = mine
    world.log, world.tally = [], Tally()
    world.known.begin_anew(world.view, world.today)


def _settle_in(world: World, leads: int) -> None:
    """Provision, the oracle's rules, a column for marks, the first leads."""
    world.command(Run("init"))
    owner = world.people["owner"]
    owner.delete_row("Scoring", 2, len(owner.rows("Scoring")))
    for number, rule in enumerate(oracle.rules(), 2):
        for header, value in rule.items():
            owner.type("Scoring", number, header, value)
    for tab, sheet in world.view.tabs.items():
        if tab != "settings" and len(sheet.rows) > 60:
            owner.delete_spare_rows(sheet.title, 40)
    owner.insert_column("Leads", "Attention", "Ref")
    sheet = world.view.tabs["leads"]
    world.marks = next(c.key for i, c in enumerate(sheet.columns) if _says(sheet, i, "Ref"))
    for number in range(leads):
        owner.append("Leads", world.new_lead(number, 3 * number))
    world.notice()
    world.settle()


def _says(sheet: Any, index: int, text: str) -> bool:
    return bool(sheet.cell(0, index).entered == text)
