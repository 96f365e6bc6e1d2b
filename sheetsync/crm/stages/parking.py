"""Parked leads: asleep until a day to come, and back by themselves.

An open lead is parked while its status is one that parks (Statuses). Its next action is the day it
wakes: until then it is neither stuck nor to be called, on that day it stands in Today for a reason
of its own, and past it the promise is overdue like any other. One without a day would sleep
forever, so it is told.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sheetsync.crm.base import FLAG_COLUMNS, Book, Capability, Line, Part, Results, no_flags
from sheetsync.locales import Words

SOON = 7
"""Days ahead in which waking leads are announced."""

NO_DATE = 60
"""Severity of a parked lead without a day, as of any lead without a next action."""

WOKEN = 40
"""Severity of a lead that wakes today: work of today, and nobody has broken a promise."""

STATES = ("asleep", "woken", "late", "no_date")
"""Of a parked lead: until its day, on it, past it, without one."""


def parked(book: Book) -> pd.Series:
    """Which leads are parked: open, and in a status that parks (bool, by lead id)."""
    statuses = book.statuses
    where = statuses.index[statuses["parks"].astype(bool) & statuses["kind"].isin(["open"])]
    return book.leads["status"].isin(where)


def states(book: Book, so_far: Results) -> pd.DataFrame:
    """The parked leads.

    In working-days mode a lead that woke on a Saturday wakes through Monday, as a promise for that
    day is kept until then.

    Returns
    -------
    DataFrame, in the order of the leads: lead, status, manager; wakes (datetime64, missing without
    a date), days (Int64: from today to it, negative when past) [day]; state (one of :data:`STATES`,
    missing where the cell of the date can't be read)
    """
    leads = book.leads[parked(book)]
    today = pd.Timestamp(book.today)
    wakes = leads["next_action"].dt.normalize()
    late = so_far.columns["leads"]["overdue"].reindex(leads.index).astype("Int64").gt(0)
    unreadable = pd.Series(False, index=leads.index)
    if "next_action" in book.unreadable:
        unreadable = book.unreadable.loc[leads.index, "next_action"]
    cases = {
        "asleep": wakes.gt(today),
        "late": late.fillna(False),
        "woken": wakes.le(today),
        "no_date": wakes.isna() & ~unreadable,
    }
    state = np.select([case.to_numpy(dtype=bool) for case in cases.values()], list(cases), "")
    return pd.DataFrame(
        {
            "lead": leads.index,
            "status": leads["status"].to_numpy(),
            "manager": leads["manager"].to_numpy(),
            "wakes": wakes.to_numpy(),
            "days": (wakes - today).dt.days.astype("Int64").array,
            "state": pd.Series(state, dtype=object).replace("", None),
        }
    )


def compute(book: Book, so_far: Results) -> Part:
    """Flags of parked leads that wake today or have no day, and how many sleep.

    Figures: ``parked``, of :func:`states`.
    """
    found = states(book, so_far)
    return Part(
        flags=_flags(found, book.words),
        figures={"parked": found},
        lines={"parked": _lines(found, book.words)} if parks(book) else {},
    )


def parks(book: Book) -> bool:
    """Whether any status parks."""
    return bool(book.statuses["parks"].any())


def _flags(found: pd.DataFrame, words: Words) -> pd.DataFrame:
    severities = {"woken": WOKEN, "no_date": NO_DATE}
    flagged = found[found["state"].isin(list(severities))]
    if flagged.empty:
        return no_flags()
    flags = pd.DataFrame(
        {
            "lead": flagged["lead"],
            "severity": flagged["state"].map(severities),
            "code": "parking." + flagged["state"].astype(str),
            "text": flagged["state"].map({s: words(f"parking.{s}") for s in severities}),
        }
    )
    return flags[list(FLAG_COLUMNS)]


def _lines(found: pd.DataFrame, words: Words) -> list[Line]:
    state, whole = found["state"], len(found)
    soon = state.eq("asleep") & found["days"].le(SOON).fillna(False)
    counts = {
        "all": whole,
        "asleep": int(state.eq("asleep").sum()),
        "soon": int(soon.sum()),
        "woken": int(state.eq("woken").sum()),
        "late": int(state.eq("late").sum()),
        "no_date": int(state.eq("no_date").sum()),
    }

    def note(item: str) -> str:
        key = f"parking.note.{item}"
        return words(key) if counts[item] and key in words else ""

    return [
        Line(
            words(f"parking.item.{item}", days=SOON),
            n,
            None if item == "all" else whole,
            note(item),
        )
        for item, n in counts.items()
    ]


CAPABILITY = Capability(name="parking", compute=compute)
