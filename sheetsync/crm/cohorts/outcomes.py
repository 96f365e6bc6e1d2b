"""What became of each lead, and how many days after its creation, as far as History knows.

A time is *not known* when the log has no line for it, when the line has no time or one to come, and
when the line is the first that the tool ever wrote of the lead, on a later day than its creation:
then the lead was already won when the tool first saw it (a list that was moved into the CRM, say),
and the line only says by when.
"""

from __future__ import annotations

import pandas as pd

from sheetsync.crm.base import Book
from sheetsync.crm.stages.log import last_moment, whole_log

CLOSED = ("lost", "spam")
"""Kinds in which a lead has ended without a win."""


def outcomes(leads: pd.DataFrame, book: Book, new: pd.DataFrame) -> pd.DataFrame:
    """The outcome of each lead.

    A lead's win is its first move into a status of kind won, if it is won now; its loss the last
    move into one of :data:`CLOSED`, if it is in one now. So a lead that left such a status again is
    open.

    Parameters
    ----------
    leads : leads of the book, with created and kind
    book : history, statuses, today, now
    new : the lines about to be appended to History

    Returns
    -------
    DataFrame indexed by lead id: age (from creation to today; NaN when the day of creation is not
    known or to come), won, closed (bool); won_after, closed_after (from creation; 0 for what
    happened before it; NaN when not known or not happened); won_by, closed_by (no later than that;
    NaN when not happened) [days]; won_on (datetime64, the day of the win)
    """
    today = pd.Timestamp(book.today)
    created = leads["created"].dt.normalize()
    age = _days(created.where(created <= today), today)
    moves = _moves(book, new)
    found: dict[str, pd.Series] = {"age": age}
    for name, kinds, keep in (("won", ("won",), "first"), ("closed", CLOSED, "last")):
        happened = leads["kind"].isin(kinds)
        into = moves[moves["kind"].isin(kinds)].drop_duplicates("lead", keep=keep)  # type: ignore[call-overload]
        line = into.set_index("lead").reindex(leads.index)
        after = _days(created, line["day"]).clip(lower=0).clip(upper=age).where(happened)
        seen = line["first_seen"].eq(True) & after.gt(0)
        found[name] = happened
        found[f"{name}_after"] = after.mask(seen | age.isna())
        found[f"{name}_by"] = after.fillna(age).where(happened)
        if name == "won":
            found["won_on"] = line["day"].where(happened)
    return pd.DataFrame(found, index=leads.index)


def _moves(book: Book, new: pd.DataFrame) -> pd.DataFrame:
    """The dated lines of History, by time: lead, day, kind (of the status moved into), first_seen
    (the tool's first line of a lead)."""
    log, first_seen_by = whole_log(book.history, new), book.words("pipeline.via_refresh")
    lines = pd.DataFrame(
        {
            "lead": log["lead"],
            "at": log["at"],
            "day": log["at"].dt.normalize(),
            "kind": log["to_status"].map(book.statuses["kind"]),
            "first_seen": log["from_status"].eq("") & log["via"].eq(first_seen_by),
        }
    )
    believed = lines["at"] <= last_moment(book.today)
    return lines[believed & lines["lead"].notna()].sort_values("at", kind="stable")


def _days(start: pd.Series, end: pd.Series | pd.Timestamp) -> pd.Series:
    days: pd.Series = (end - start).dt.days.astype("float64")
    return days
