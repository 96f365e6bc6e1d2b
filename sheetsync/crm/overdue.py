"""Promises and deadlines: what is late, by how much, and what is stuck.

All of it is about open leads; a closed one, a partner or junk owes nobody a next action, and
neither does one whose loss is proposed: how long that waits, its days in the status tell. Days are
calendar days, or the country's working days where Settings say so: the working days from the
promised day on, today not counted, so that a promise for a Saturday is late only after Monday.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from sheetsync.crm.base import Book, Capability, Part, Results, no_flags
from sheetsync.crm.flagging import flag
from sheetsync.crm.groups import at_work
from sheetsync.crm.looks import is_of_kind
from sheetsync.crm.saying import plain
from sheetsync.crm.stages.funnel import first_status
from sheetsync.crm.stages.parking import parked
from sheetsync.crm.working_days import calendar_days, working_days
from sheetsync.layout import Column, Rule, Style
from sheetsync.locales import Words

# Severities share one scale with all flags: 100 for a promise broken, less for what can wait.
BROKEN_PROMISE = 100
STUCK = 80
MISSING = 60
SOFT = 40

_DEFAULT_ALLOWED = 1.0
"""Days that a new lead may wait where its status names none."""

_OPEN = is_of_kind("open")


def overdue_days(book: Book) -> pd.Series:
    """Days each open lead is past its next action.

    Returns
    -------
    Series of Int64, shape (n,), indexed by lead id
        0 when not yet due; missing without a date, and for leads that are not at work. [day]
    """
    return _days_back(book, _due(book))


def stage_days(book: Book, so_far: Results) -> pd.Series:
    """Days each open lead has been in its present status.

    Returns
    -------
    Series of Int64, shape (n,), indexed by lead id
        Missing where it is not known since when, and for leads that are not open. [day]
    """
    return _days_back(book, entered(book, so_far))


def entered(book: Book, so_far: Results) -> pd.Series:
    """The day each open lead entered its present status.

    That is its last line of History into this status, lines about to be appended included; without
    one, the day it was created.

    Returns
    -------
    Series of datetime64, shape (n,), indexed by lead id
    """
    log = book.history[["lead", "to_status", "at"]]
    new = so_far.appends.get("history")
    if new is not None and len(new):
        lines = new[["lead", "to", "at"]].rename(columns={"to": "to_status"})
        log = pd.concat([log, lines], ignore_index=True) if len(log) else lines
    here = log["lead"].map(book.leads["status"])
    # A day to come is a slip of the pen: nobody can have moved a lead then.
    past = log["at"].dt.normalize() <= pd.Timestamp(book.today)
    into = log[here.notna() & log["to_status"].eq(here) & past]
    last = into.groupby("lead")["at"].max().reindex(book.leads.index)
    since = last.fillna(book.leads["created"]) if len(into) else book.leads["created"]
    day: pd.Series = since.dt.normalize().where(book.leads["kind"].isin(["open"]))
    return day


def compute(book: Book, so_far: Results) -> Part:
    """The day counts of open leads, the dates behind them, and flags for what needs doing.

    In working-days mode the dates are left empty, so that the stored counts are shown.
    """
    stored = np.full(len(book.leads), _in_working_days(book))
    days = pd.DataFrame(
        {
            "overdue": overdue_days(book),
            "stage_days": stage_days(book, so_far),
            "due": _due(book).mask(stored),
            "since": entered(book, so_far).mask(stored),
        }
    )
    flags = [frame for frame in _flags(book, days) if len(frame)]
    return Part(
        columns={"leads": days},
        flags=pd.concat(flags, ignore_index=True) if flags else no_flags(),
    )


def _in_working_days(book: Book) -> bool:
    return bool(book.settings["days"] == "working")


def _due(book: Book) -> pd.Series:
    day: pd.Series = book.leads["next_action"].dt.normalize().where(at_work(book.leads))
    return day


def _days_back(book: Book, start: pd.Series) -> pd.Series:
    if _in_working_days(book):
        return working_days(start, book.today, str(book.settings["country"]))
    return calendar_days(start, book.today)


def _flags(book: Book, days: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """A table of flags for each thing that may need doing."""
    leads, words = book.leads, book.words
    owes, action, step, status = at_work(leads), _due(book), leads["next_step"], leads["status"]
    overdue, here = days["overdue"], days["stage_days"].astype("Float64")
    today = pd.Timestamp(book.today)
    first = status.isin([first_status(book.statuses)]) & owes
    allowed = status.map(book.statuses["days_allowed"]).astype("Float64")
    allowed = allowed.where(~first, allowed.fillna(_DEFAULT_ALLOWED))
    too_long = here.gt(allowed)
    asleep = parked(book)

    def text(key: str, **values: Any) -> str:
        return words(f"overdue.{key}", **values)

    def period(n: float) -> str:
        return days_text(n, words, working=_in_working_days(book))

    def with_step(key: str, step: Any, **values: Any) -> str:
        return text(key, **values) if pd.isna(step) else text(f"{key}_step", step=step, **values)

    yield flag(
        "overdue",
        BROKEN_PROMISE,
        overdue.gt(0),
        lambda n, step: with_step("late", step, days=period(n)),
        overdue,
        step,
    )
    # Where only working days count, the promised day may have come and none have passed.
    yield flag(
        "due_today",
        SOFT,
        action.le(today) & overdue.eq(0) & ~asleep,
        lambda step: with_step("due_today", step),
        step,
    )
    yield flag(
        "untouched",
        STUCK,
        first & too_long,
        lambda n: text("untouched", days=period(n)),
        here,
    )
    # A lead that waits for a day to come is where it should be; a parked one has its own flags.
    yield flag(
        "stuck",
        STUCK,
        owes & too_long & ~first & ~action.gt(today) & ~asleep,
        lambda status, n, most: text("stuck", status=status, days=period(n), allowed=period(most)),
        status,
        here,
        allowed,
    )
    for code, column in (("no_action", "next_action"), ("no_manager", "manager")):
        rows = owes & leads[column].isna()
        if code == "no_action":
            rows &= ~asleep
        if column in book.unreadable:
            rows &= ~book.unreadable[column]
        yield flag(code, MISSING, rows, lambda code=code: text(code))


def days_text(n: float, words: Words, *, working: bool = False) -> str:
    """``3 days``, ``1 working day``, ``1,5 дня``."""
    key = f"overdue.days.{'working' if working else 'calendar'}"
    return words(key, n=n, count=plain(n, words))


CAPABILITY = Capability(
    name="overdue",
    columns={
        "leads": (
            # What moves with the days is shown live on Google from the stored date. In working-days
            # mode no date is stored, and the value of the last refresh is shown.
            Column(
                "overdue",
                "tool",
                "integer",
                width=90,
                live='IF({stored:due}="";{stored:overdue};MAX(0;TODAY()-{stored:due}))',
            ),
            Column(
                "stage_days",
                "tool",
                "integer",
                width=90,
                live='IF({stored:since}="";{stored:stage_days};MAX(0;TODAY()-{stored:since}))',
            ),
            Column("due", "tool", "date", shown=False),
            Column("since", "tool", "date", shown=False),
        )
    },
    rules=(
        Rule(
            "leads.overdue",
            "leads",
            ("next_action", "overdue"),
            # Where the date is typed as text, by what the last refresh understood of it.
            "OR(AND(ISNUMBER({next_action});{next_action}<TODAY();" + _OPEN + ");"
            "AND(NOT(ISNUMBER({next_action}));N({overdue})>0))",
            Style("F4A9A0", "7A1409", bold=True),
        ),
        Rule(
            "leads.due_today",
            "leads",
            ("next_action",),
            "AND(ISNUMBER({next_action});INT({next_action})=TODAY();" + _OPEN + ")",
            Style("FFD58A", "6B4300"),
        ),
    ),
    compute=compute,
)
