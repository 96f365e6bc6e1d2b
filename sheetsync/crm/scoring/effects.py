"""What every rule of the Scoring tab is worth: does it tell leads apart that are won from others?

The conversion of the leads that meet a rule is compared with that of the leads known not to, over
the leads that conversions count (:func:`~sheetsync.crm.groups.counted`). Leads that a rule can't
judge are in neither.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sheetsync.crm.base import Book
from sheetsync.crm.groups import counted
from sheetsync.crm.saying import percent
from sheetsync.crm.scoring.arithmetic import names_in
from sheetsync.crm.scoring.lift import lift
from sheetsync.crm.scoring.rules import UNIT
from sheetsync.crm.scoring.scores import Scores, rounded
from sheetsync.crm.scoring.tiers import tiers
from sheetsync.locales import Words

EFFECTS = ("nobody", "everybody", "incomparable", "few", "raises", "lowers", "chance")
"""What a comparison says, the first that applies."""

STATES = ("off", "self_off", "on")

INCOMPARABLE = frozenset(
    {"created", "next_action", "overdue", "stage_days", "pushes", "status", "loss_reason"}
)
"""Columns that tell how long a lead has been here, or how it went: young leads are not won yet and
lost ones have a reason for it, whatever they are worth, so conversions by them say nothing."""


def effects(book: Book, scores: Scores) -> pd.DataFrame:
    """One line per rule that makes sense.

    Returns
    -------
    DataFrame numbered from 0
        rule (id), group, state (one of STATES), points, reason; matched and unknown (Int64), of all
        leads; with_leads, with_won, without_leads, without_won (Int64), of the leads that
        conversions count; with, without, lift, low, high as :func:`~.lift.lift`
        has them; effect (one of EFFECTS); met, of (Int64), what its share is made of, and
        off_above; moves (Int64), how many leads would be of another tier without it, missing where
        it gives no points
    """
    rules = scores.rules
    counts = book.leads.index.isin(counted(book).index)
    won = counts & book.leads["kind"].eq("won").fillna(False).to_numpy(dtype=bool)
    missed = ~scores.matched & ~scores.unknown
    groups = {
        "with_leads": scores.matched[counts],
        "with_won": scores.matched[won],
        "without_leads": missed[counts],
        "without_won": missed[won],
    }
    counted_in = {name: rows.sum(axis=0) for name, rows in groups.items()}
    table = pd.DataFrame(
        {
            "rule": pd.Series([rule.id for rule in rules], dtype=object),
            "group": pd.Series([rule.group for rule in rules], dtype=object),
            "state": _states(scores),
            "points": pd.Series([rule.points / UNIT for rule in rules], dtype="float64"),
            "reason": pd.Series([rule.reason for rule in rules], dtype=object),
            "matched": scores.matched.sum(axis=0),
            "unknown": scores.unknown.sum(axis=0),
            **counted_in,
            "met": scores.met,
            "of": scores.of,
            "off_above": pd.Series([rule.off_above for rule in rules], dtype="float64"),
            "moves": _moves(book, scores),
        }
    )
    integers = ["matched", "unknown", *counted_in, "met", "of", "moves"]
    table = table.astype(dict.fromkeys(integers, "Int64")).join(
        lift(
            counted_in["with_won"],
            counted_in["with_leads"],
            counted_in["without_won"],
            counted_in["without_leads"],
        )
    )
    table["effect"] = _codes(table, scores, len(book.leads), least(book))
    return table


def least(book: Book) -> int:
    """The least number of leads on either side of a comparison that judges."""
    return max(int(book.settings["few"]), 1)


def texts(table: pd.DataFrame, few: int, words: Words) -> list[str]:
    """What each rule does, as people read it."""
    return [_text(line, few, words) for line in table.to_dict("records")]


def switched_off(line: Mapping[Any, Any], words: Words) -> str:
    """Why a rule has switched itself off; ``line`` is one of :func:`effects`."""
    return words(
        "scoring.effect.self_off",
        share=percent(line["met"] / line["of"], words),
        n=line["of"],
        border=percent(line["off_above"], words),
    )


def _states(scores: Scores) -> npt.NDArray[np.object_]:
    on = np.array([rule.on for rule in scores.rules], dtype=bool)
    return np.select([~on, ~scores.gives], np.array(STATES[:2], dtype=object)[:, None], STATES[2])


def _moves(book: Book, scores: Scores) -> pd.Series:
    """How many leads would be of another tier without each rule."""
    exact = scores.exact
    now = tiers(scores.totals, book.settings).to_numpy()
    moves: list[int | None] = []
    for place, points in enumerate(scores.points):
        if not scores.gives[place]:
            moves.append(None)
            continue
        meets = scores.matched[:, place]
        without = pd.Series(rounded(exact[meets] - points))
        moves.append(int((tiers(without, book.settings).to_numpy() != now[meets]).sum()))
    return pd.Series(moves, dtype="Int64")


def _codes(table: pd.DataFrame, scores: Scores, leads: int, few: int) -> npt.NDArray[np.object_]:
    untold = np.array(
        [bool(INCOMPARABLE & set(names_in(rule.subject.tree))) for rule in scores.rules], dtype=bool
    )
    matched = table["matched"].to_numpy(dtype=int)
    low, high = table["low"].to_numpy(), table["high"].to_numpy()
    cases = [
        matched == 0,
        matched == leads,
        untold,
        table[["with_leads", "without_leads"]].min(axis=1).lt(few).to_numpy(dtype=bool),
        low > 1,
        high < 1,
    ]
    return np.select(cases, np.array(EFFECTS[:-1], dtype=object)[:, None], EFFECTS[-1])


def _text(line: Mapping[Any, Any], few: int, words: Words) -> str:
    if line["state"] == "self_off":
        return switched_off(line, words)
    says = words(f"scoring.effect.{line['effect']}", **_gaps(line, few))
    if line["state"] == "off":
        return words("scoring.effect.off", says=says)
    if line["effect"] not in ("nobody", "everybody") and line["moves"] == 0:
        says += words("scoring.effect.moves_nobody")
    return says


def _gaps(line: Mapping[Any, Any], few: int) -> dict[str, Any]:
    keys = ("with_won", "with_leads", "without_won", "without_leads", "unknown")
    return {key: line[key] for key in keys} | {"few": few}
