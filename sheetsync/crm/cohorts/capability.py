"""Cohorts: the leads created in one calendar month, and where a young one will end.

A month is *mature* when its youngest possible lead, of its last day, is as old as it takes for most
wins to come. Until then its conversion is no verdict: it goes on growing. How long wins take is
learnt from the shop's own leads (:mod:`~.maturity`), and so is where a month will end
(:mod:`~.forecast`). While too few wins are known no end is estimated; while it can't
be told how long they take, the owner's own answer in the Settings decides when a month is mature.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sheetsync.crm.base import Book, Capability, Line, Part, Results, Setting, no_flags
from sheetsync.crm.cohorts.forecast import Ends, drift, ends
from sheetsync.crm.cohorts.maturity import MOST_GUESSED, Pace, Record, learn, record
from sheetsync.crm.cohorts.outcomes import outcomes
from sheetsync.crm.groups import counted
from sheetsync.crm.months import month_of
from sheetsync.crm.saying import day
from sheetsync.crm.stages.log import appended
from sheetsync.crm.stats import interval
from sheetsync.locales import Words

SHOWN = 12
"""Months on the Dashboard."""

BEFORE_CREATED = 20
"""Severity of a win before the lead's creation: only the figures suffer, a little."""

BASES = ("learned", "setting", "few", "short")
"""Where the time to maturity comes from: from the wins, from the Settings; or why it is not known:
too few wins at known times, or watched for too short a time to have seen the late ones."""


def compute(book: Book, so_far: Results) -> Part:
    """Months of creation, the time to maturity, and how much of its time each lead has had.

    Figures
    -------
    ``cohorts``, one line per month with leads: month (YYYY-MM); leads, won (Int64); conversion,
    low, high (won / leads with its 95 % Wilson interval); mature (boolean, missing where nobody
    knows); days_to_mature (Int64, 0 when mature); expected, expected_low, expected_high (where the
    month will end, with a 95 % prediction interval; NaN where nothing was learnt). While the basis
    is ``short`` no month is mature, though the ends can be estimated, if most wins were seen.
    ``maturity``, one line: leads (of a known age), wins (at known times), wins_unknown (at others),
    undated (leads of no known age), median, cycle (the days within which half and ``mature_share``
    of the wins come; only the cycle where the Settings say it), watched (the oldest age until
    which leads were watched from their creation), basis (of :data:`BASES`), learned (bool), drift
    (the relative error of the wins to come that is allowed for beyond chance; NaN where no end is
    estimated)
    ``exposure``, indexed by lead id: age [days], exposure (the share of its time to be won that the
    lead has had; 1 where nothing is known), young (bool: younger than the cycle)
    """
    leads = counted(book)
    new = appended(so_far)
    found = outcomes(leads, book, new)
    of, months = pd.factorize(_month(leads, found), sort=True)
    known = record(found, of)
    pace = learn(known)
    maturity = _maturity(found, pace, book)
    usable = pace if pace is not None and pace.to_come <= MOST_GUESSED else None
    enough = bool(maturity["learned"].iloc[0])
    off = float("nan") if usable is None else drift(known, watched_enough=enough) ** 0.5
    maturity["drift"] = off
    cohorts = _cohorts(known, list(months), usable, maturity.iloc[0], pd.Timestamp(book.today))
    return Part(
        flags=_flags(leads, found, book.words),
        figures={
            "cohorts": cohorts,
            "maturity": maturity,
            "exposure": _exposure(found, usable, float(maturity["cycle"].iloc[0])),
        },
        lines={"cohorts": _lines(cohorts, maturity.iloc[0], book)},
    )


def _maturity(found: pd.DataFrame, pace: Pace | None, book: Book) -> pd.DataFrame:
    share = book.settings["mature_share"] / 100
    typed = book.settings["cycle_days"]
    told = float("nan") if pd.isna(typed) else float(typed)
    cycle = median = float("nan")
    if pace is not None and pace.watched_enough(share):
        basis, cycle, median = "learned", pace.within(share), pace.within(0.5)
    elif not np.isnan(told):
        basis, cycle = "setting", told
    else:
        basis = "few" if pace is None else "short"
    known = found["age"].notna()
    times = found["won_after"].notna()
    return pd.DataFrame(
        {
            "leads": [int(known.sum())],
            "wins": [int(times.sum())],
            "wins_unknown": [int((found["won"] & ~times).sum())],
            "undated": [int((~known).sum())],
            "median": [median],
            "cycle": [cycle],
            "watched": [float("nan") if pace is None else float(pace.watched)],
            "basis": [basis],
            "learned": [basis == "learned"],
        }
    )


def _exposure(found: pd.DataFrame, pace: Pace | None, cycle: float) -> pd.DataFrame:
    """Where only the Settings know the cycle, wins are taken to come evenly over it."""
    age = found["age"].to_numpy()
    if pace is not None:
        had = pace.exposure(np.nan_to_num(age))
    elif cycle > 0:
        had = np.minimum(age / cycle, 1.0)
    else:
        had = np.ones(len(age))
    # Of a lead without a date it is not known that it is young.
    exposure = np.where(np.isnan(age), 1.0, had)
    return pd.DataFrame({"age": age, "exposure": exposure, "young": age < cycle}, found.index)


def _month(leads: pd.DataFrame, found: pd.DataFrame) -> pd.Series:
    """The month of each lead; missing where its age is not known."""
    return month_of(leads["created"].where(found["age"].notna()))


def _cohorts(
    known: Record, months: list[str], pace: Pace | None, maturity: pd.Series, today: pd.Timestamp
) -> pd.DataFrame:
    """One line per month with leads; see :func:`compute`."""
    total = pd.Series(np.bincount(known.month, minlength=len(months)), dtype="Int64")
    won = pd.Series(np.bincount(known.month[known.won], minlength=len(months)), dtype="Int64")
    last_days = pd.PeriodIndex(months, freq="M").end_time.normalize()
    age = (today - last_days).days.to_numpy(dtype=np.float64)
    waits = pd.Series(np.ceil(np.maximum(maturity["cycle"] - age, 0))).astype("Int64")
    mature = waits.eq(0)
    if maturity["basis"] == "short":
        mature = pd.Series(False, index=waits.index, dtype="boolean")
    end = _ends(known, pace, maturity["drift"] ** 2)
    leads = total.astype("float64")
    return pd.DataFrame(
        {
            "month": pd.Series(months, dtype=object),
            "leads": total,
            "won": won,
            **interval(won, total).rename(columns={"share": "conversion"}),
            "mature": mature,
            "days_to_mature": waits,
            "expected": end.wins / leads,
            "expected_low": end.low / leads,
            "expected_high": end.high / leads,
        }
    )


def _ends(known: Record, pace: Pace | None, beyond_chance: float) -> Ends:
    if pace is None:
        unknown = np.full(known.months, np.nan)
        return Ends(unknown, unknown, unknown)
    return ends(pace, known, beyond_chance)


def _flags(leads: pd.DataFrame, found: pd.DataFrame, words: Words) -> pd.DataFrame:
    created = leads["created"].dt.normalize()
    before = found["won_on"] < created
    if not before.any():
        return no_flags()
    days = pd.DataFrame({"won": found["won_on"][before], "created": created[before]})
    texts = {
        (won, made): words(
            "cohorts.won_before_created", won=day(won, words), created=day(made, words)
        )
        for won, made in days.drop_duplicates().itertuples(index=False)
    }
    return pd.DataFrame(
        {
            "lead": days.index,
            "severity": BEFORE_CREATED,
            "code": "cohorts.won_before_created",
            "text": [texts[pair] for pair in days.itertuples(index=False, name=None)],
        }
    )


def _lines(cohorts: pd.DataFrame, maturity: pd.Series, book: Book) -> list[Line]:
    """How long wins take, then the months, the latest last, then who stands in none."""
    words, few = book.words, int(book.settings["few"])
    if not maturity["leads"] and not maturity["undated"]:
        return []
    lines = [_cycle_line(maturity, book)]
    mature = cohorts[cohorts["mature"].eq(True)]
    if len(mature):
        won, leads = int(mature["won"].sum()), int(mature["leads"].sum())
        lines.append(Line(words("cohorts.item.mature"), won, leads, "", conversion=True))
    for month in cohorts.tail(SHOWN).to_dict("records"):
        note = _month_note(month, few, book)
        won, leads = int(month["won"]), int(month["leads"])
        lines.append(Line(month["month"], won, leads, note, conversion=True))
    if maturity["undated"]:
        undated = int(maturity["undated"])
        note = words("cohorts.note.undated")
        lines.append(Line(words("cohorts.item.undated"), undated, note=note))
    return lines


def _cycle_line(maturity: pd.Series, book: Book) -> Line:
    words, share = book.words, book.settings["mature_share"]
    note = words(
        f"cohorts.basis.{maturity['basis']}",
        median=_whole(maturity["median"]),
        cycle=_whole(maturity["cycle"]),
        watched=_whole(maturity["watched"]),
        share=f"{share:g}",
    )
    if maturity["wins_unknown"]:
        note += " " + words("cohorts.note.unknown", n=int(maturity["wins_unknown"]))
    if pd.notna(maturity["drift"]):
        note += " " + words("cohorts.note.drift", drift=_whole(100 * maturity["drift"]))
    return Line(words("cohorts.item.cycle"), int(maturity["wins"]), note=note)


def _month_note(month: dict[Any, Any], few: int, book: Book) -> str:
    """What a month's conversion is worth: mature, or where it will end and when that is known."""
    words = book.words
    if pd.isna(month["mature"]):
        return words("cohorts.note.unjudged")
    expected, low, high = (
        "" if pd.isna(month[name]) else f"{100 * month[name]:.0f}"
        for name in ("expected", "expected_low", "expected_high")
    )
    if pd.isna(month["days_to_mature"]):
        note = words("cohorts.note.unjudged")
        if not expected:
            return note
        return note + words("cohorts.note.rough", expected=expected, low=low, high=high)
    if month["mature"]:
        return words("dashboard.few", few=few) if month["leads"] < few else ""
    wait = pd.Timedelta(days=int(month["days_to_mature"]))
    ripe = day(pd.Timestamp(book.today) + wait, words)
    if not expected:
        return words("cohorts.note.young", date=ripe)
    note = words("cohorts.note.growing", date=ripe, expected=expected, low=low, high=high)
    return f"{note}. {words('dashboard.few', few=few)}" if month["leads"] < few else note


def _whole(number: float) -> str:
    return "" if pd.isna(number) else f"{number:.0f}"


CAPABILITY = Capability(
    name="cohorts",
    settings=(
        Setting("mature_share", 90, "most"),
        Setting("cycle_days", None, "integer"),
    ),
    compute=compute,
)
