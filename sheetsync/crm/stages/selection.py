"""Selections of leads: by source, manager, channel, segment and calendar months of creation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from sheetsync.crm.base import Book, Results
from sheetsync.crm.months import month_of
from sheetsync.crm.quality import persons
from sheetsync.crm.scoring.marks import JUNK

FIELDS = ("source", "manager", "channel", "segment")
"""Columns of Leads that a selection can name a value of."""

DIMENSIONS = (*FIELDS, "month")
"""What leads can be grouped by."""


@dataclass(frozen=True)
class Selection:
    """Which leads to count; what is None selects nothing away.

    Parameters
    ----------
    first, last : calendar months of creation (``2026-03``), both included
    source, manager, channel, segment : as the book spells them
    without_junk : leave out what is marked as junk
    without_duplicates : of the rows of one person at one time only the first; see
        :func:`~.ways.as_persons` for what became of the others
    """

    first: str | None = None
    last: str | None = None
    source: str | None = None
    manager: str | None = None
    channel: str | None = None
    segment: str | None = None
    without_junk: bool = False
    without_duplicates: bool = False


@dataclass(frozen=True)
class Selected:
    """Which leads were selected.

    Parameters
    ----------
    leads : Series of bool, by lead id
    junk, duplicates : leads that were left out as such [leads]
    undated : leads that a period was asked of, and whose date of creation is not known; left out
    """

    leads: pd.Series
    junk: int = 0
    duplicates: int = 0
    undated: int = 0


def select(book: Book, so_far: Results, wanted: Selection) -> Selected:
    """The leads of a selection.

    Junk and duplicates are told over all leads, and before the rest is chosen: so the leads of a
    source are the same whether it is asked for alone or beside others.
    """
    leads = book.leads
    chosen = pd.Series(True, index=leads.index)
    for field in FIELDS:
        if (value := getattr(wanted, field)) is not None:
            chosen &= leads[field].isin([value])
    junk = _junk(leads, so_far) if wanted.without_junk else ~chosen & False
    copies = _copies(leads[~junk], so_far) if wanted.without_duplicates else leads.index[:0]
    copy = pd.Series(leads.index.isin(copies), index=leads.index)
    period = _in_period(leads["created"], wanted)
    undated = leads["created"].isna() & (wanted.first is not None or wanted.last is not None)
    return Selected(
        leads=chosen & period & ~junk & ~copy,
        junk=int((chosen & period & junk).sum()),
        duplicates=int((chosen & period & copy).sum()),
        undated=int((chosen & undated & ~junk & ~copy).sum()),
    )


def _in_period(created: pd.Series, wanted: Selection) -> pd.Series:
    inside = pd.Series(True, index=created.index)
    if wanted.first is not None:
        inside &= created >= pd.Period(wanted.first, "M").start_time
    if wanted.last is not None:
        inside &= created < (pd.Period(wanted.last, "M") + 1).start_time
    return inside


def _junk(leads: pd.DataFrame, so_far: Results) -> pd.Series:
    marks = so_far.figures["marks"]
    return pd.Series(leads.index.isin(marks.loc[marks["mark"].eq(JUNK), "lead"]), index=leads.index)


def first_rows(leads: pd.DataFrame, so_far: Results) -> pd.Series:
    """The first of the rows that the person of each lead has at one time, by lead id."""
    unique = so_far.figures["unique"].set_index("lead")["first_of_group"]
    return unique.reindex(leads.index).fillna(leads.index.to_series())


def _copies(leads: pd.DataFrame, so_far: Results) -> pd.Index[str]:
    first = dict(first_rows(leads, so_far))
    return leads.index.difference(persons(leads, first).index)


def groups(book: Book, chosen: pd.Series, by: str) -> Iterator[tuple[str | None, pd.Series]]:
    """The groups of a selection that have leads, each with its leads (bool, by lead id).

    Months in order; of the others those of a list tab in its order; last, without a name (None),
    the leads of no group.

    Parameters
    ----------
    by : one of :data:`DIMENSIONS`
    """
    leads = book.leads
    month = by == "month"
    value = month_of(leads["created"]) if month else leads[by]
    there = value[chosen].dropna().unique()
    if month:
        names = sorted(there)
    else:
        listed = {"source": book.sources.index, "manager": book.team.index}.get(by, pd.Index([]))
        names = [name for name in listed if name in set(there)]
        names += sorted(set(there) - set(names))
    for name in names:
        yield str(name), chosen & value.eq(name).fillna(False).astype(bool)
    if (nobody := chosen & value.isna()).any():
        yield None, nobody
