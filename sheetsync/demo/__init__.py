"""The demo's data: a small travel agency, eight months of it, as its people typed it.

:mod:`~sheetsync.demo.cast` and :mod:`~sheetsync.demo.walk` say who there is and how leads move,
:mod:`~sheetsync.demo.story` draws what happened, in no language, and :mod:`~sheetsync.demo.scenes`
adds what an owner should find; :mod:`~sheetsync.demo.texts` gives it names and words;
:mod:`~sheetsync.demo.typed` spoils cells the way people do; :mod:`~sheetsync.demo.sheet` makes
columns of it all, and here they become rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sheetsync.demo.sheet import (
    Bools,
    Lists,
    checklist_rows,
    history_rows,
    lead_cells,
    scoring_rows,
    team_rows,
)
from sheetsync.demo.story import Story, fresh, tell
from sheetsync.demo.texts import Objects, invent, objects, texts
from sheetsync.demo.walk import OPEN
from sheetsync.locales import Words

KIND = "travel"
SEED = 3


@dataclass(frozen=True)
class DemoData:
    """A filled CRM, and what is true about it.

    Parameters
    ----------
    tabs : tab key -> rows as typed: dicts of column key -> raw cell, without the empty ones
        For ``leads`` (with ``{}`` for blank rows), ``team``, ``history``, ``checklist`` (the
        lead's id, and True under the id of every step that is ticked) and ``scoring``.
    truth : DataFrame indexed by place in ``tabs["leads"]``, a line for every row that is a lead
        id (None where the row has none yet), copy (bool: a row copied together with its id),
        created (datetime64), source, status, kind (keys of the kind of shop, the same in every
        language; a loss that is only proposed is open), manager (as Team spells it), and misread:
        the keys of the columns whose cell cannot be understood, each between two ``|``; "" for
        none.
    """

    tabs: Mapping[str, list[dict[str, Any]]]
    truth: pd.DataFrame


def demo_data(words: Words, *, leads: int = 250, today: date, seed: int = SEED) -> DemoData:
    """The demo in one language.

    The same arguments give the same rows, and other ``words`` the same story. What the CRM shall
    compute from the rows can be computed again from ``truth``: the conversion of a source, say, is
    the share of ``status == "won"`` among its lines without the partners and those that are no
    leads; where nobody can read the status (``|status|`` in ``misread``) it is a lead not sold.

    Parameters
    ----------
    words : the language of the CRM
    leads : how many came, at least 1; copied and blank rows come on top
    today : the last day of the story
    """
    text = texts(words.lang)
    story = tell(leads, today, seed)
    invented, typing, logging, ticking, placing = (
        np.random.default_rng(s) for s in np.random.SeedSequence((seed, 1)).spawn(5)
    )
    lists = Lists.of(KIND, words, text)
    ids = _ids(leads)
    people = invent(invented, leads, text).take(story.leads["who"].to_numpy())
    cells, misread = lead_cells(typing, story, people, lists, words, text, today)
    history = history_rows(logging, story, ids, lists, words, text, today)
    logged = {row["lead"] for row in history}
    order, copied = _order(placing, story, ids)
    rows = _rows({"id": ids} | cells)
    return DemoData(
        tabs={
            "leads": [dict(rows[place]) if place >= 0 else {} for place in order],
            "team": team_rows(lists, words),
            "history": history,
            "checklist": checklist_rows(ticking, story, logged, ids, lists),
            "scoring": scoring_rows(lists, words, text),
        },
        truth=_truth(story, ids, misread, lists, order, copied),
    )


def _ids(n: int) -> Objects:
    """Ids in order of arrival; today's rows were typed since the last refresh and have none."""
    new = fresh(n)
    return objects([f"L-{number:05d}" for number in range(1, n - new + 1)] + [None] * new)


def _order(
    rng: np.random.Generator, story: Story, ids: Objects
) -> tuple[npt.NDArray[np.intp], Bools]:
    """Which lead stands in which row: -1 for blank rows, and leads that were copied twice."""
    n = len(ids)
    known = np.array([key is not None for key in ids])
    opened = known & story.leads["status"].isin(OPEN).to_numpy()
    opened[list(story.scenes.players())] = False
    # People copy what they worked on last.
    source = np.flatnonzero(opened if opened.any() else known)[-n // 8 :]
    copies = rng.choice(source, min(1 + n // 1000, len(source)), replace=False)
    blanks = rng.uniform(0.1, 0.9, 2 + n // 500) * n
    heights = np.concatenate([np.arange(n), copies + 0.5, np.floor(blanks) + 0.7])
    leads = np.concatenate([np.arange(n), copies, np.full(len(blanks), -1)])
    order = np.argsort(heights, kind="stable")
    return leads[order], (heights[order] % 1 == 0.5) & (leads[order] >= 0)


def _rows(columns: Mapping[str, Objects]) -> list[dict[str, Any]]:
    keys = tuple(columns)
    return [
        {key: cell for key, cell in zip(keys, row, strict=True) if cell is not None}
        for row in zip(*columns.values(), strict=True)
    ]


def _truth(
    story: Story,
    ids: Objects,
    misread: Mapping[str, Bools],
    lists: Lists,
    order: npt.NDArray[np.intp],
    copied: Bools,
) -> pd.DataFrame:
    wrong = np.full(len(ids), "", dtype=object)
    for column, mask in misread.items():
        wrong = wrong + np.where(mask, f"|{column}|", "")
    places = np.flatnonzero(order >= 0)
    lead = order[places]
    known = story.leads.iloc[lead]
    kind = known["status"].mask(known["status"].isin(OPEN) | known["proposed"], "open")
    return pd.DataFrame(
        {
            "id": ids[lead],
            "copy": copied[places],
            "created": known["created"].to_numpy(),
            "source": known["source"].to_numpy(dtype=object),
            "status": known["status"].to_numpy(dtype=object),
            "kind": kind.to_numpy(dtype=object),
            "manager": np.array(lists.team, dtype=object)[known["manager"].to_numpy()],
            "misread": wrong[lead],
        },
        index=places,
    )
