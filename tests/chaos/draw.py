"""Random runs."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace

from tests.chaos.actions import weights
from tests.chaos.blank import BLANK
from tests.chaos.script import COMMANDS, CUT, KILLS, LOST, MACHINE, Deed, Run

PEOPLE = ("owner", "anna", "boris")
SMALL = 6000
"""Bytes from which a plan goes in portions, so that a small CRM's does."""
_QUIET_EVERY = 4
# Most requests of a refresh: structure, values, the write, and mending or a second round.
_PLACES = {
    "refresh": (1, 2, 2, 3, 3, 3, 3, 4, 4, 5, 6),
    "init": (1, 2, 3, 3, 4, 4, 5),
    "write": (1, 1, 1, 1, 1, 2, 2, 3),
}
# Where a CRM has the add-on: shares of the runs with it, and of the scripts that are slow, and how.
_WITH_ADDON, _SLOWLY, _SLOW = 0.8, 0.25, (1, 1, 1, 2, 3, CUT)
_TYPING = ("edit_budget", "edit_source", "edit_status")


def draw(chance: random.Random, branches: int, *, addon: bool = False) -> Iterator[Run]:
    """Random runs without end, with so many branches each; in some of them people have the add-on,
    where the CRM has it."""
    number = 0
    while True:
        number += 1
        command = "init" if chance.random() < 0.07 else "refresh"
        scripts = addon and chance.random() < _WITH_ADDON
        count = chance.choice((1, 2, 2, 3, 3, 4, 6, 8))
        deeds = _deeds(chance, command, count, scripts=scripts)
        if chance.random() < 0.12:
            deeds.append(Deed(chance.choice((1, 2, 3, 3, 3)), "owner", "refresh"))
        if chance.random() < 0.04:
            deeds.append(Deed(chance.choice((1, 2, 3, 4)), "owner", "init"))
        if command == "refresh":  # something to write
            deeds.append(_deed(chance, "refresh", chance.choice(_TYPING), 1, scripts=scripts))
        cli = chance.random() < 0.05
        if not cli and chance.random() < 0.08:
            deeds.append(Deed(chance.choice(_PLACES[command]), MACHINE, chance.choice(KILLS)))
        if not cli and chance.random() < 0.08:
            deeds.append(Deed(chance.choice(_PLACES[command]), MACHINE, LOST))
        yield Run(
            command,
            tuple(sorted(_fit(deeds, cli=cli), key=lambda deed: deed.before)),
            quiet=number % _QUIET_EVERY == 0 or command == "init",
            branches=tuple(
                _branch(chance, scripts=scripts)
                for _ in range(branches if command == "refresh" else 0)
            ),
            large=SMALL if chance.random() < 0.15 and not cli else 0,
            cli=cli,
            addon=scripts,
        )


def draw_first(chance: random.Random) -> Run:
    """The very first init of a file in which people are at work already."""
    deeds = [
        _deed(chance, "init", chance.choice(BLANK)) for _ in range(chance.choice((1, 2, 3, 5)))
    ]
    if chance.random() < 0.25:
        # By the same account: the tabs of results are open to those who made them, and the owner.
        deeds.append(Deed(chance.choice((1, 2, 3, 4)), MACHINE, "init"))
    cli = chance.random() < 0.15
    if not cli and chance.random() < 0.15:
        deeds.append(Deed(chance.choice((2, 3, 4, 5)), MACHINE, chance.choice(KILLS)))
    return Run("init", tuple(sorted(_fit(deeds, cli=cli), key=lambda deed: deed.before)), cli=cli)


def _fit(deeds: list[Deed], *, cli: bool) -> list[Deed]:
    """Without other machines, where they can't be, nor scripts that are really waited for."""
    if not cli:
        return deeds
    return [replace(deed, slow=0) for deed in deeds if deed.what not in COMMANDS]


def _branch(chance: random.Random, *, scripts: bool) -> tuple[Deed, ...]:
    deeds = _deeds(chance, "write", chance.choice((1, 1, 2, 2, 3, 4)), scripts=scripts)
    if chance.random() < 0.02:
        deeds.append(Deed(1, "owner", "refresh"))
    if chance.random() < 0.04:
        deeds.append(Deed(chance.choice((1, 1, 2)), MACHINE, LOST))
    return tuple(sorted(deeds, key=lambda deed: deed.before))


def _deeds(chance: random.Random, places: str, count: int, *, scripts: bool) -> list[Deed]:
    drawn = weights(harsh=chance.random() < 0.3, addon=scripts)
    whats = chance.choices(list(drawn), list(drawn.values()), k=count)
    return [_deed(chance, places, what, scripts=scripts) for what in whats]


def _deed(
    chance: random.Random, places: str, what: str, before: int = 0, *, scripts: bool = False
) -> Deed:
    return Deed(
        before or chance.choice(_PLACES[places]),
        chance.choice(PEOPLE),
        what,
        chance.randrange(60),
        chance.randrange(60),
        chance.choice(_SLOW) if scripts and chance.random() < _SLOWLY else 0,
    )
