"""How long it takes to win a lead, learnt from leads of which many are still young.

The curve
---------
``F(t)`` is the share of *all* leads that are won within ``t`` days of their creation. It is learnt
by Kaplan-Meier, in which a lead is at risk until it is won or today, whatever became of it: a lost
lead stays in, as it was watched all the time and was not won. So only the calendar censors, and
that has nothing to do with how good a lead is. Taking losses for censored would give the share won
*if nobody ever refused*, which is too high (Gooley et al. 1999). Losses have a curve of their own,
made the same way; both are the cumulative incidences of competing risks, which are plain shares
where only the calendar censors (Fine & Gray 1999).

A lead is watched from the day after the shop's first recorded wins only: before that nobody sold,
or nobody noted it, and leads that are older than the log did not fail to be won in that time.

Months differ, and at late ages only the old ones are seen: each has a level of its own
(:mod:`~.ladder`). What comes after all that was watched is told by how the wins fall
off (:mod:`~.tail`).

A win whose time is not known, only that it came before the tool first saw the lead, is
censored on the left. It takes a place among the known times before that, as the curve itself
spreads them, and the curve is made anew until it stays: Turnbull's self-consistency.

References
----------
Gooley, T. A., Leisenring, W., Crowley, J. & Storer, B. E. (1999), "Estimation of failure
probabilities in the presence of competing risks", Statistics in Medicine 18, 695-706.
Fine, J. P. & Gray, R. J. (1999), "A proportional hazards model for the subdistribution of a
competing risk", Journal of the American Statistical Association 94, 496-509.
Turnbull, B. W. (1974), "Nonparametric estimation of a survivorship function with doubly censored
data", Journal of the American Statistical Association 69, 169-173.
Klein, J. P. & Moeschberger, M. L. (2003), "Survival Analysis", 2nd ed., Springer, section 4.6: left
truncation, and why ages with few at risk must not be looked at.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from sheetsync.crm.cohorts.ladder import Bools, Counts, Places, count, divide, fit
from sheetsync.crm.cohorts.survival import Floats, kaplan_meier
from sheetsync.crm.cohorts.tail import beyond

WINS = 10
"""Fewer wins at known times than this teach nothing about how long one takes."""

AT_RISK = 30
"""Ages at which fewer leads were watched are not looked at: one win there would move the curve by
3 % of all leads or more."""

MOST_TO_COME = 0.1
"""The share of all wins that may come after the watched ages, for the curve to judge by."""

MOST_GUESSED = 1 / 3
"""The same, for it to say anything of the end."""

AGAIN = 1.5
"""How much longer than it takes leads must have been watched: else late wins, which are most of the
rest, could not have been seen."""

_YEAR, _FURTHER = 365, 1.25
"""The end is looked for as far again as was watched, but no further than a year, or a quarter
further where a year was watched: what comes later nobody waits for, and nothing tells of it."""

_FIRST = 50
"""One win of so many comes before the log is taken for begun: some are noted by chance, or by a
slip, long before."""

_ROUNDS = 5
"""Rounds of placing wins whose time is not known; the places settle after two or three."""


@dataclass(frozen=True, eq=False)
class Record:
    """What is known of leads of a known age; arrays of shape (leads,).

    Parameters
    ----------
    month : the place of the month of creation, the earliest 0
    months : how many months there are
    age : today [days]
    won, closed : what has become of each
    won_at, closed_at : the age at which it did, ``age`` where it did not [days]
    sure : whether the time of the win is known
    """

    month: Places
    months: int
    age: Floats
    won: Bools
    won_at: Floats
    sure: Bools
    closed: Bools
    closed_at: Floats

    @property
    def open(self) -> Bools:
        return ~self.won & ~self.closed

    def ago(self, days: int) -> Record:
        """What was known so many days ago."""
        then = self.age >= days
        age = self.age[then] - days
        won = self.won[then] & (self.won_at[then] <= age)
        closed = self.closed[then] & (self.closed_at[then] <= age)
        return Record(
            month=self.month[then],
            months=self.months,
            age=age,
            won=won,
            won_at=np.where(won, self.won_at[then], age),
            sure=self.sure[then] & won,
            closed=closed,
            closed_at=np.where(closed, self.closed_at[then], age),
        )


def record(outcomes: pd.DataFrame, month: npt.ArrayLike | None = None) -> Record:
    """The leads of known age; wins and losses at times that are not known in likely places.

    Parameters
    ----------
    outcomes : of :func:`~.outcomes.outcomes`
    month : shape (leads,): the place of each lead's month, the earliest 0; all in one without it
    """
    known = outcomes["age"].notna().to_numpy()
    of = np.zeros(len(outcomes), dtype=np.intp) if month is None else np.asarray(month, np.intp)
    here = outcomes[known]
    return Record(
        month=of[known],
        months=int(of[known].max(initial=-1)) + 1,
        age=here["age"].to_numpy(),
        won=here["won"].to_numpy(dtype=bool),
        won_at=_placed(here, "won"),
        sure=here["won_after"].notna().to_numpy(),
        closed=here["closed"].to_numpy(dtype=bool),
        closed_at=_placed(here, "closed"),
    )


def _placed(known: pd.DataFrame, outcome: str) -> Floats:
    """The age at each outcome, or today's; times that are not known in their likeliest places."""
    age, happened = known["age"].to_numpy(), known[outcome].to_numpy(dtype=bool)
    after, by = known[f"{outcome}_after"].to_numpy(), known[f"{outcome}_by"].to_numpy()
    unknown = happened & np.isnan(after)
    time: Floats = np.where(happened, np.where(unknown, by, after), age)
    if not unknown.any():
        return time
    curve = kaplan_meier(time[~unknown], happened[~unknown])
    # Evenly spread, in any stretch of the leads: multiples of the golden ratio (Weyl).
    place = np.arange(1, unknown.sum() + 1) * ((1 + 5**0.5) / 2) % 1
    for _ in range(_ROUNDS):
        if not curve.times.size:
            break
        height = place * (1 - curve.at(by[unknown]))
        step = np.searchsorted(1 - curve.survival, height, side="left")
        guess = curve.times[np.minimum(step, len(curve.times) - 1)]
        time[unknown] = np.minimum(guess, by[unknown])
        curve = kaplan_meier(time, happened)
    return time


@dataclass(frozen=True, eq=False)
class Pace:
    """How a shop's leads are won and lost with time; arrays by age from 0 to the end, unless said.

    Parameters
    ----------
    unwon : the share of the leads of a month of level 1 not won by each age [fraction of 1]
    doubt : the variance of the logarithm of ``unwon`` by the chance of the wins it is learnt from
    guessed : the share of the tail that has come by each age; 0 for all ages watched
    tail_error : the standard error of the hazards of the tail, summed
    gone : the share of leads that are never won that is noted as lost by each age [fraction of 1]
    spare : leads that may be open by each age though ``gone`` says none is: half of one of those
        watched [fraction of 1]
    last : the last age watched [days]
    since : for how long wins have been recorded [days]
    level, level_doubt : shape (months,): what the hazards of a month are multiplied by, and its
        relative variance
    """

    unwon: Floats
    doubt: Floats
    guessed: Floats
    tail_error: float
    gone: Floats
    spare: Floats
    last: int
    since: int
    level: Floats
    level_doubt: Floats

    @property
    def watched(self) -> int:
        """The oldest age until which leads were watched from their creation [days]."""
        return min(self.last, self.since)

    @property
    def end(self) -> float:
        """The share of the leads of an average month that is ever won [fraction of 1]."""
        return float(1 - self.unwon[-1])

    @property
    def to_come(self) -> float:
        """The share of all wins that is guessed to come after the watched ages [fraction of 1]."""
        return float(self.unwon[self.last] - self.unwon[-1]) / self.end if self.end > 0 else 0.0

    def watched_enough(self, share: float) -> bool:
        """Whether it can be told when ``share`` of all wins have come: hardly any come after the
        watched ages, and leads were watched from their creation for :data:`AGAIN` as long."""
        return self.to_come <= MOST_TO_COME and AGAIN * self.within(share) <= self.watched

    def within(self, share: float) -> float:
        """The age by which ``share`` of all wins have come. [days]"""
        return float(np.flatnonzero(1 - self.unwon >= share * self.end * (1 - 1e-9))[0])

    def exposure(self, age: npt.ArrayLike) -> Floats:
        """How much of its time to be won a lead of an age has had: the share of wins that have come
        by then. Shape as ``age``. [fraction of 1]"""
        return divide(1 - self.unwon[self.day(age)], self.end)

    def day(self, age: npt.ArrayLike) -> Places:
        """The place of an age in the arrays."""
        day: Places = np.clip(np.asarray(age, np.float64), 0, len(self.unwon) - 1).astype(np.intp)
        return day


def learn(known: Record) -> Pace | None:
    """The pace of a shop; None with too few leads, or too few wins at known times."""
    if len(known.age) < AT_RISK or int(known.sure.sum()) < WINS:
        return None
    last = int(np.sort(known.age)[-AT_RISK])
    since = _since(known.age, known.won_at, known.sure)
    wins = _counts(known, known.won_at, known.won, since, last)
    if wins.events.sum() < WINS / 2:
        return None
    ladder = fit(wins)
    end = int(max(_FURTHER * last, min(2 * last, _YEAR)))
    tail = beyond(wins.events.sum(axis=0), ladder.at_risk, end - last)
    hazard = np.minimum(np.concatenate([ladder.hazard, tail.hazard]), 1.0)
    chance = np.cumsum(divide(wins.events.sum(axis=0), ladder.at_risk**2))
    unwon = np.cumprod(1 - hazard)
    come = np.concatenate([np.zeros(last + 1), np.cumsum(tail.hazard)])
    gone, spare = _gone(known, last)
    return Pace(
        unwon=unwon,
        doubt=_longer(chance, end),
        guessed=divide(come, come[-1]),
        tail_error=tail.error,
        gone=_longer(np.minimum(divide(gone, unwon[-1]), 1.0), end),
        spare=_longer(spare, end),
        last=last,
        since=since,
        level=ladder.level,
        level_doubt=ladder.doubt,
    )


def _since(age: Floats, at: Floats, happened: Bools) -> int:
    """How many days ago the recording began: that of the first events, but for a few."""
    ago = np.sort((age - at)[happened])[::-1]
    return int(ago[len(ago) // _FIRST]) if ago.size else 0


def _counts(known: Record, at: Floats, happened: Bools, since: int, last: int) -> Counts:
    """Leads by month and age, watched from the day after the recording began."""
    start = np.maximum(known.age - since + 1, 0)
    ages = last + 1
    found = count(known.month, start, at, happened, months=known.months, ages=ages)
    nobody = np.zeros(len(start), dtype=bool)
    watched = count(known.month, start, known.age, nobody, months=known.months, ages=ages).at_risk
    enough = watched.sum(axis=0) >= AT_RISK
    return Counts(found.events * enough, found.at_risk * enough)


def _gone(known: Record, last: int) -> tuple[Floats, Floats]:
    """The share of all leads lost by each age, and half a lead as a share of those watched."""
    since = _since(known.age, known.closed_at, known.closed)
    losses = _counts(known, known.closed_at, known.closed, since, last)
    at_risk = losses.at_risk.sum(axis=0)
    gone: Floats = 1 - np.cumprod(1 - divide(losses.events.sum(axis=0), at_risk), dtype=np.float64)
    spare: Floats = 0.5 / np.maximum(at_risk, AT_RISK)
    return gone, spare


def _longer(values: Floats, end: int) -> Floats:
    """Up to the end, the last value staying."""
    return np.pad(values, (0, end + 1 - len(values)), mode="edge")
