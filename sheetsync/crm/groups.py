"""Leads per source or per manager: who counts, how many of each kind, what share was won."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from sheetsync.crm.base import Book
from sheetsync.crm.stats import interval

NO_CLIENTS = ("partner", "not_a_lead")
"""Kinds that say nothing of a source or a manager: a partner's call, a wrong number. Spam does: a
source that brings it is the worse for it."""

KINDS = ("open", "won", "lost")


def counted(book: Book) -> pd.DataFrame:
    """The leads that conversions of sources and managers are of: all created in the working period
    but NO_CLIENTS, those with an unreadable status included."""
    return book.leads[~book.leads["kind"].isin(NO_CLIENTS) & in_working_period(book)]


def at_work(leads: pd.DataFrame) -> pd.Series:
    """The open leads that owe a next action (bool, by lead id): all but those whose loss is
    proposed, which wait for who approves it.

    Parameters
    ----------
    leads : of a book; kind and proposed are read
    """
    open_: pd.Series = leads["kind"].isin(["open"]) & ~leads["proposed"]
    return open_


def in_working_period(book: Book) -> pd.Series:
    """Which leads were created since the day that Settings count from (bool, by lead id).

    All of them while that setting is empty; else a lead without a date of creation is left out, as
    it may be from the months before.
    """
    since = book.settings["work_from"]
    if pd.isna(since):
        return pd.Series(True, index=book.leads.index)
    return book.leads["created"].ge(pd.Timestamp(since))


def places(values: pd.Series, names: pd.Index[str]) -> npt.NDArray[np.intp]:
    """The place of each value among ``names``; ``len(names)`` for a missing or unknown one."""
    found = names.get_indexer(pd.Index(values))
    return np.where(found < 0, len(names), found)


def conversions(leads: pd.DataFrame, by: str, names: pd.Index[str]) -> pd.DataFrame:
    """Counts and conversion of each group.

    Parameters
    ----------
    leads : of :func:`counted`; the column ``by`` and kind are read
    names : the groups, each a line, in this order

    Returns
    -------
    DataFrame with ``len(names) + 1`` lines numbered from 0; the last, without a name, is for leads
    of no known group. Columns: name; leads, open, won, lost (Int64) [leads]; conversion, low, high
    (won / leads with its 95 % Wilson interval, NaN without leads) [fraction of 1]
    """
    place = places(leads[by], names)

    def count(which: npt.NDArray[np.bool_]) -> pd.Series:
        return pd.Series(np.bincount(place[which], minlength=len(names) + 1), dtype="Int64")

    total = count(np.ones(len(leads), dtype=bool))
    of_kind = {kind: count(leads["kind"].isin([kind]).to_numpy()) for kind in KINDS}
    shares = interval(of_kind["won"], total).rename(columns={"share": "conversion"})
    name = pd.Series([*names, None], dtype=object)
    return pd.DataFrame({"name": name, "leads": total, **of_kind, **shares})
