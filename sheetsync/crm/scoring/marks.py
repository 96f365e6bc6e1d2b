"""Marks: what a lead is beside its score - junk, somebody who only compares prices, a competitor.

The owner's rules say so by their group. A price-shopper and a competitor are real people, and one
rule that names them is enough; to call a lead junk, the rules of that group must agree with enough
points: a single odd thing about a real person is no proof.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sheetsync.crm.base import Book
from sheetsync.crm.scoring.rules import UNIT
from sheetsync.crm.scoring.scores import Scores
from sheetsync.locales import Words

JUNK = "junk"
MARKS = (JUNK, "competitor", "price_shopper")
"""Keys of marks, and of the groups of rules that they come from; the gravest first."""


def marks(book: Book, scores: Scores) -> pd.DataFrame:
    """The marks of the leads; a lead may have several, or none.

    A lead is junk when the points of the junk rules it meets sum to ``junk_at`` of Settings or
    less, unless it is won (who paid is real), and when people have given it a status of kind spam.
    It has another mark when it meets any rule of that group. Rules that are off, or have switched
    themselves off, mark nobody.

    Returns
    -------
    DataFrame, leads in sheet order
        lead, mark (one of MARKS), why (``status`` or ``rules``), points (of the rules of that group
        that it meets; float)
    """
    kinds = book.leads["kind"]
    spam, won = (kinds.eq(kind).fillna(False).to_numpy(dtype=bool) for kind in ("spam", "won"))
    found = []
    for place, mark in enumerate(MARKS):
        meets, millionths = scores.of_group(mark)
        points = millionths / UNIT
        if mark == JUNK:
            meets &= (points <= float(book.settings["junk_at"])) & ~won
        by_status = spam if mark == JUNK else np.zeros_like(spam)
        at = np.flatnonzero(meets | by_status)
        why = np.where(by_status[at], "status", "rules").astype(object)
        found.append(
            pd.DataFrame(
                {
                    "at": at,
                    "place": place,
                    "lead": book.leads.index.to_numpy(dtype=object)[at],
                    "mark": pd.Series(mark, range(len(at)), dtype=object),
                    "why": why,
                    "points": points[at],
                }
            )
        )
    table = pd.concat(found, ignore_index=True).sort_values(["at", "place"], kind="stable")
    return table.drop(columns=["at", "place"]).reset_index(drop=True)


def shown(table: pd.DataFrame, leads: pd.Index, words: Words) -> pd.Series:
    """The marks of each lead as people read them, missing where it has none."""
    places = pd.Index(MARKS).get_indexer(pd.Index(table["mark"]))
    # Each set of marks once: there are few, and many leads.
    sets = pd.Series(1 << places, table.index).groupby(table["lead"].to_numpy()).sum()
    named = words.group("choices.mark")
    texts = {
        bits: ", ".join(named[mark] for place, mark in enumerate(MARKS) if bits >> place & 1)
        for bits in sets.unique().tolist()
    }
    return sets.map(texts).astype(object).reindex(leads)
