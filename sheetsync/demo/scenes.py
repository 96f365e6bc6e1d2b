"""Scenes in the demo for an owner to find: who asked twice, who came back, who is no client.

A few of the latest leads are given such a part. The casting is told from the story alone, so both
languages play the same scenes in the same rows; nothing is drawn by lot, so the rest of the story
stays as it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sheetsync.demo import typed
from sheetsync.demo.texts import Objects, People
from sheetsync.demo.walk import OPEN

Bools = npt.NDArray[np.bool_]

_ENOUGH = 100
"""Leads; a shorter demo has too few open ones to give parts to."""
_TWINS = 2
_FRIENDS = ("recommendation", "repeat")
"""Sources that nobody would believe of a competitor."""
_AWAY = np.timedelta64(45, "D")
"""How long somebody stays away, at least, before he comes back."""


@dataclass(frozen=True)
class Scenes:
    """Places of leads in the story.

    Parameters
    ----------
    twins : (first, second) row of one person, whose phone was typed in another way
    misspelt : (first, second) row of one person of a firm, the name with a slip, other phones
    comebacks : (a lost lead, the same person's new one)
    rivals : leads that competitors left
    walks : leads of today that are the keys under somebody's fingers
    """

    twins: tuple[tuple[int, int], ...] = ()
    misspelt: tuple[tuple[int, int], ...] = ()
    comebacks: tuple[tuple[int, int], ...] = ()
    rivals: tuple[int, ...] = ()
    walks: tuple[int, ...] = ()

    def players(self) -> set[int]:
        """Every lead that has a part."""
        pairs = (*self.twins, *self.misspelt, *self.comebacks)
        return {*self.rivals, *self.walks, *(lead for pair in pairs for lead in pair)}


def cast(leads: pd.DataFrame, fresh: int) -> Scenes:
    """Give out the parts.

    Parameters
    ----------
    leads : of the story, as far as who, created, source, status and since
    fresh : how many of the last leads came today
    """
    n = len(leads)
    who = leads["who"].to_numpy()
    # Whoever comes once more has a part already.
    alone = ~leads["who"].duplicated(keep=False).to_numpy() & (who == np.arange(n))
    known = np.arange(n) < n - fresh
    lost = np.flatnonzero(alone & known & leads["status"].eq("lost").to_numpy())
    opened = np.flatnonzero(alone & known & leads["status"].isin(OPEN).to_numpy())
    if n < _ENOUGH or len(opened) < 2 * _TWINS + 4:
        return Scenes()
    parts = opened[::-1].tolist()
    pairs = [(parts[2 * i + 1], parts[2 * i]) for i in range(_TWINS + 1)]
    back, *rest = parts[2 * _TWINS + 2 :]
    strangers = [lead for lead in rest if leads["source"].iloc[lead] not in _FRIENDS]
    since, created = leads["since"].to_numpy(), leads["created"].to_numpy()
    before = since[lost] < created[back] - _AWAY
    return Scenes(
        twins=tuple(pairs[:_TWINS]),
        misspelt=tuple(pairs[_TWINS:]),
        comebacks=tuple((int(first), back) for first in lost[before][-1:]),
        rivals=tuple(strangers[:1]),
        walks=(n - 1,),
    )


def who(leads: pd.DataFrame, scenes: Scenes) -> pd.Series:
    """The column ``who`` with those who asked twice or came back."""
    persons = leads["who"].copy()
    for first, second in (*scenes.twins, *scenes.comebacks):
        persons.iloc[second] = persons.iloc[first]
    return persons


def play(
    scenes: Scenes,
    cells: dict[str, Objects],
    misread: dict[str, Bools],
    people: People,
    text: dict[str, Any],
) -> None:
    """Type what the scenes need into the columns of Leads, over what stands there."""
    words, style = text["people"], text["phones"]

    def enter(column: str, place: int, cell: str | None, *, unclear: bool = False) -> None:
        cells[column][place] = cell
        if column in misread:
            misread[column][place] = unclear

    for first, second in (*scenes.twins, *scenes.comebacks):
        enter("name", first, people.names[first])
        enter("name", second, people.given[first])
        enter("phone", first, typed.phone(people.phones[first], style["usual"]))
        enter("phone", second, typed.phone(people.phones[first], style["others"][0]))
    for turn, (first, second) in enumerate(scenes.misspelt):
        name = people.names[first]
        enter("name", first, name)
        enter("name", second, name[:-3] + name[-2] + name[-3] + name[-1])
        for place in (first, second):
            enter("company", place, words["firms"][turn])
        enter("phone", first, typed.phone(people.phones[first], style["usual"]))
        enter("phone", second, None)
    for turn, place in enumerate(scenes.rivals):
        enter("company", place, words["competitors"][turn])
    for place in scenes.walks:
        enter("name", place, words["walks"][0])
        enter("phone", place, words["junk_phones"][0], unclear=True)
        enter("email", place, words["junk_email"])
