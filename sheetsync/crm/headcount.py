"""Headcount: how many managers the leads need, and how many leads the managers can handle.

Leads a month are those that conversions count, on average over the last three whole calendar months
in which the shop was at work; this month is not over and is told apart. Managers needed are
``ceil(leads x minutes of handling per lead / 60 / hours of handling a manager has in a month)``.
Managers there are: everybody of the Team tab but owners. Where they are too few, the score says
whom to serve: from the lowest one at which those months' leads would have been no more than the
managers can handle.
"""

from __future__ import annotations

from math import ceil, floor
from typing import Any

import pandas as pd

from sheetsync.crm.base import Book, Capability, Line, Part, Results, Setting
from sheetsync.crm.groups import counted
from sheetsync.crm.months import month_of, months_before
from sheetsync.crm.saying import plain
from sheetsync.locales import Words

MONTHS = 3
"""Calendar months that the average is of."""

_ROUNDING = 1e-9


def compute(book: Book, so_far: Results) -> Part:
    """The section of the Dashboard.

    Figures: ``headcount``, one line: months (averaged over), leads_per_month, this_month (so far),
    minutes, hours, present (managers), needed, capacity (leads a month that they can handle),
    spare (present - needed; below 0 too few), busiest (the month of most leads), busiest_leads,
    busiest_needed, by_source (bool: more leads a month than are worth judging one by one),
    serve_from (the score from which on to serve where managers are too few), served (leads a month
    of that score and more). Missing where it can't be told.
    """
    leads = counted(book)
    figures = headcount(
        leads["created"],
        since=book.settings["work_from"],
        today=pd.Timestamp(book.today),
        present=int(book.team["role"].ne("owner").fillna(True).sum()),
        minutes=_amount(book.settings["minutes_per_lead"]),
        hours=_amount(book.settings["hours_per_month"]),
    )
    figures["by_source"] = figures["leads_per_month"] > book.settings["relevance_limit"]
    figures["serve_from"], figures["served"] = _served(figures.iloc[0], leads, book, so_far)
    lines = _lines(figures.iloc[0], book) if len(leads) else []
    return Part(figures={"headcount": figures}, lines={"headcount": lines})


def headcount(
    created: pd.Series,
    *,
    since: Any,
    today: pd.Timestamp,
    present: int,
    minutes: float,
    hours: float,
) -> pd.DataFrame:
    """The figures of :func:`compute`, without ``by_source``.

    Parameters
    ----------
    created : when leads came; missing and future ones are in no month
    since : the first day of work (a month that begins before it is not whole), or missing
    present : managers
    minutes, hours : of handling, per lead and per manager and month; NaN or 0 when not known
    """
    month = month_of(created.where(created < today.normalize() + pd.Timedelta(days=1)))
    counts = month.value_counts()
    start = None if pd.isna(since) else pd.Timestamp(since)
    first = min(counts.index, default=None)
    whole = [
        name
        for name in months_before(today, MONTHS)
        if first is not None
        and name >= str(first)
        and (start is None or pd.Period(name).start_time >= start)
    ]
    of_month = counts.reindex(whole, fill_value=0)
    total = int(of_month.sum())
    known = minutes > 0 and hours > 0
    nothing = float("nan")
    busiest = str(of_month.idxmax()) if total else None
    most = int(of_month.max()) if total else None
    needed = _needed(total / len(whole), minutes, hours) if whole and known else None
    return pd.DataFrame(
        {
            "months": [len(whole)],
            "leads_per_month": [total / len(whole) if whole else nothing],
            "this_month": [int(counts.get(str(today.to_period("M")), 0))],
            "minutes": [minutes],
            "hours": [hours],
            "present": [present],
            "needed": _count(needed),
            "capacity": _count(
                floor(present * hours * 60 / minutes + _ROUNDING) if known else None
            ),
            "spare": _count(None if needed is None else present - needed),
            "busiest": pd.array([busiest], dtype=object),
            "busiest_leads": _count(most),
            "busiest_needed": _count(
                _needed(most, minutes, hours) if most is not None and known else None
            ),
        }
    )


def _served(
    figures: pd.Series, leads: pd.DataFrame, book: Book, so_far: Results
) -> tuple[pd.Series, float]:
    """The score from which on to serve, and how many leads a month have it; missing where everybody
    can be served, or nobody, or there are no scores."""
    computed = so_far.columns.get("leads", pd.DataFrame())
    if pd.isna(figures["spare"]) or figures["spare"] >= 0 or "score" not in computed:
        return _count(None), float("nan")
    months = months_before(pd.Timestamp(book.today), MONTHS)[-int(figures["months"]) :]
    there = leads.index[month_of(leads["created"]).isin(months)]
    scores = computed["score"].reindex(there).dropna().astype("int64")
    at_least = scores.value_counts().sort_index(ascending=False).cumsum()
    fitting = at_least[at_least <= figures["capacity"] * figures["months"]]
    if fitting.empty:
        return _count(None), float("nan")
    return _count(int(fitting.index[-1])), int(fitting.iloc[-1]) / int(figures["months"])


def _needed(leads: float, minutes: float, hours: float) -> int:
    return ceil(leads * minutes / 60 / hours - _ROUNDING)


def _count(value: int | None) -> pd.Series:
    return pd.Series([value], dtype="Int64")


def _amount(typed: Any) -> float:
    return float("nan") if pd.isna(typed) else float(typed)


def _lines(figures: pd.Series, book: Book) -> list[Line]:
    words = book.words
    this_month = words("headcount.this_month", leads=figures["this_month"])
    if not figures["months"]:
        note = words("headcount.no_month") + ". " + this_month
        return [Line(words("headcount.item.leads"), None, note=note)]
    limit = int(book.settings["relevance_limit"])
    notes = [
        words("headcount.average", n=int(figures["months"])),
        this_month,
        words(f"headcount.{'by_source' if figures['by_source'] else 'by_lead'}", limit=limit),
    ]
    lines = [
        Line(
            words("headcount.item.leads"),
            round(figures["leads_per_month"]),
            note=". ".join(notes),
        )
    ]
    if pd.isna(figures["needed"]):
        return [*lines, Line(words("headcount.item.needed"), None, note=words("headcount.unset"))]
    work = words(
        "headcount.work",
        minutes=plain(figures["minutes"], words),
        hours=plain(figures["hours"], words),
    )
    return [
        *lines,
        Line(words("headcount.item.needed"), int(figures["needed"]), note=work),
        Line(
            words("headcount.item.present"), int(figures["present"]), note=_verdict(figures, words)
        ),
        Line(
            words("headcount.item.capacity"), int(figures["capacity"]), note=_serve(figures, words)
        ),
    ]


def _serve(figures: pd.Series, words: Words) -> str:
    if pd.isna(figures["serve_from"]):
        return ""
    return words("headcount.serve", score=figures["serve_from"], leads=round(figures["served"]))


def _verdict(figures: pd.Series, words: Words) -> str:
    """Too few, too many or enough, and whether the busiest month needs more."""
    spare, busiest = int(figures["spare"]), figures["busiest_needed"]
    if not figures["present"]:
        return words("headcount.nobody")
    if spare < 0:
        said = words("headcount.too_few", n=-spare)
    elif spare > 0:
        said = words("headcount.too_many", n=spare)
    else:
        said = words("headcount.enough")
    if pd.isna(busiest) or busiest <= figures["needed"]:
        return said
    uneven = words(
        "headcount.uneven",
        month=figures["busiest"],
        leads=figures["busiest_leads"],
        needed=busiest,
    )
    return f"{said}. {uneven}"


CAPABILITY = Capability(
    name="headcount",
    settings=(
        Setting("minutes_per_lead", 60, "number"),
        Setting("hours_per_month", 120, "number"),
    ),
    compute=compute,
)
