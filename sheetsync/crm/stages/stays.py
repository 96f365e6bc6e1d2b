"""Stays: when each lead came into a status, when it left, and how long that took.

How we count
------------
- A lead is in the status that a line of its log moves it to (the line's ``to``), from that line to
  the next one into another status. The order of lines is that of :mod:`~.log`; a line
  without a ``to`` tells nothing.
- Before its first line it was in that line's ``from``, if that names one, since it was created.
- Lines that follow each other into one status are one stay; coming back later is another one.
- A stay without a later one lasts still: its time is how long it had lasted when today began.
- Times are elapsed calendar time, never negative. A line that is dated before the one it follows
  happened with that one. Where a line has no time, or one in days to come, or a lead is dated after
  its own first line, the stay counts and its time is unknown.
"""

from __future__ import annotations

from datetime import datetime

import numpy as np
import numpy.typing as npt
import pandas as pd

from sheetsync.crm.cohorts.survival import kaplan_meier
from sheetsync.crm.stages.log import in_order, last_moment

TYPICAL, SLOW = 0.5, 0.9
"""The shares of stays that end within the typical and within the slow time."""

_DAY, _SECONDS = pd.Timedelta(days=1), 86_400.0


def stays(log: pd.DataFrame, created: pd.Series, now: datetime) -> pd.DataFrame:
    """Every stay of every lead, lead by lead in the order of ``created``, in the order of time.

    Parameters
    ----------
    log : of :func:`~.log.whole_log`: at, lead, from_status, to_status (""
        for none), id
    created : Series of datetime64, indexed by lead id; lines of other leads are left out
    now : the end of what is known

    Returns
    -------
    DataFrame
        lead, status; entered, left (datetime64, missing where unknown); here (bool: lasts still);
        nth (int: 1 for the lead's first stay in this status); days (float64: how long, to the
        midnight before ``now`` where it lasts still; NaN where unknown) [day]
    """
    lines = in_order(log, now)
    place = created.index.get_indexer(pd.Index(lines["lead"]))
    lines = lines.assign(of=place)[(place >= 0) & lines["to_status"].ne("").to_numpy()]
    lines = lines.sort_values("of", kind="stable")
    at = lines["at"].where(lines["at"] <= last_moment(now.date()))
    lines["entered"] = at.groupby(lines["of"], sort=False).cummax()
    moves = pd.DataFrame(
        {"of": lines["of"], "status": lines["to_status"], "entered": lines["entered"]}
    )
    every = pd.concat([_since_created(lines, created), moves], ignore_index=True)
    every = every.sort_values("of", kind="stable", ignore_index=True)
    of, status = every["of"].to_numpy(), pd.factorize(every["status"])[0]
    begins = np.ones(len(every), dtype=bool)
    begins[1:] = (of[1:] != of[:-1]) | (status[1:] != status[:-1])
    found = every[begins].reset_index(drop=True)
    return _timed(found, created.index, now)


def _since_created(lines: pd.DataFrame, created: pd.Series) -> pd.DataFrame:
    """What the first line of each lead tells of the time before it."""
    first = lines.drop_duplicates("of")
    first = first[first["from_status"].ne("")]
    born = created.iloc[first["of"]].astype("datetime64[us]").set_axis(first.index)
    known = born.where(born <= first["entered"])
    return pd.DataFrame({"of": first["of"], "status": first["from_status"], "entered": known})


def _timed(found: pd.DataFrame, ids: pd.Index[str], now: datetime) -> pd.DataFrame:
    of = found["of"]
    here = of.ne(of.shift(-1))
    left = found["entered"].shift(-1).mask(here)
    # To the day and not to the minute: a figure must not change from one refresh to the next.
    day = pd.Timestamp(now).normalize().as_unit("us")
    entered = found["entered"]
    until = left.mask(here, entered.mask(entered < day, day))
    return pd.DataFrame(
        {
            "lead": ids[of.to_numpy(dtype=np.intp)],
            "status": found["status"].astype(object),
            "entered": found["entered"],
            "left": left,
            "here": here,
            "nth": found.groupby(["of", "status"], sort=False).cumcount() + 1,
            "days": ((until - found["entered"]).dt.total_seconds() / _SECONDS).clip(lower=0),
        }
    )


def times(of: pd.DataFrame, stages: pd.Index[str], few: int) -> pd.DataFrame:
    """How long leads stay in each stage, those that are there still included.

    A stay that lasts still says "at least so long" and is counted as censored (Kaplan-Meier).

    Parameters
    ----------
    of : stays (status, here, days)
    few : fewer stays judge nothing [stays]

    Returns
    -------
    DataFrame, a line per stage: stage; stays, left, here, unknown (of all: the time is not known)
    [stays]; typical, slow (the time within which half and nine of ten have left, NaN where it is
    not known as too many are there still); longest (the longest known time) [day]; few (bool)
    """
    at = {str(stage): rows for stage, rows in of.groupby("status", sort=False)}
    nothing = of.iloc[:0]
    lines = []
    for stage in stages:
        all_ = at.get(stage, nothing)
        known = all_[all_["days"].notna()]
        time, here = known["days"].to_numpy(np.float64), known["here"].to_numpy(bool)
        curve = kaplan_meier(time, ~here)
        lines.append(
            (
                stage,
                len(known),
                int((~here).sum()),
                int(here.sum()),
                len(all_) - len(known),
                curve.quantile(TYPICAL),
                curve.quantile(SLOW),
                _longest(time),
                len(known) < few,
            )
        )
    columns = ["stage", "stays", "left", "here", "unknown", "typical", "slow", "longest", "few"]
    frame = pd.DataFrame(lines, columns=columns)
    counts = dict.fromkeys(("stays", "left", "here", "unknown"), "int64")
    days = dict.fromkeys(("typical", "slow", "longest"), "float64")
    return frame.astype({**counts, **days, "few": "bool"})


def _longest(days: npt.NDArray[np.float64]) -> float:
    return float(days.max()) if len(days) else float("nan")


def returns(of: pd.DataFrame, stages: pd.DataFrame, beside: pd.Index[str]) -> pd.DataFrame:
    """Which leads came into which stage again, or from a later one.

    Parameters
    ----------
    of : stays, lead by lead in the order of time
    stages : indexed by stage, with order
    beside : stages that lie beside the way: going there is no step back, having been there none on

    Returns
    -------
    DataFrame, a line per lead and stage, by stage and then in the order of the stays: lead, stage;
    times (int: entries after the first one), back (int: entries after a stage of a greater order)
    """
    order = of["status"].map(stages["order"]).astype("float64")
    ahead = order.mask(of["status"].isin(beside))
    reached = ahead.groupby(of["lead"], sort=False).cummax()
    reached = reached.groupby(of["lead"], sort=False).ffill()
    before = reached.groupby(of["lead"], sort=False).shift()
    entries = pd.DataFrame(
        {
            "lead": of["lead"],
            "stage": of["status"],
            "times": of["nth"].gt(1).astype("int64"),
            "back": before.gt(ahead).astype("int64"),
        }
    )[order.notna()]
    odd = entries[entries["times"].gt(0) | entries["back"].gt(0)]
    summed = odd.groupby(["stage", "lead"], sort=False, as_index=False)[["times", "back"]].sum()
    place = summed["stage"].map(dict(zip(stages.index, range(len(stages)), strict=True)))
    ordered = summed.loc[place.sort_values(kind="stable").index].reset_index(drop=True)
    return ordered[["lead", "stage", "times", "back"]]
