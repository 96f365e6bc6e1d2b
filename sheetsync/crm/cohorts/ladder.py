"""How often leads are won at each age when months of creation differ: Kaplan-Meier with months.

The plain curve pools all leads of an age. Only old months are ever seen at late ages, so when they
were worse or better than the new ones, the late part of the curve says what *they* were like rather
than what late ages are like. Here the hazard of a lead of month ``c`` at age ``a`` is
``level(c) · hazard(a)``. Given the levels the hazard is the product-limit estimator's, wins over
those at risk, each weighted by the level of its month; given the hazard a month's level is its wins
over those due. The two are taken in turn until they stay. This is the Poisson model of which the
chain ladder of insurers is the likeliest answer; where months are alike it is Kaplan-Meier.

A young month has hardly any wins of its own. Its level is therefore that of the months around it,
near ones counting more: the weight of a month falls by one factor for each month between. The
factor comes from how well the past months predicted each next one, averaged over all factors by
that likelihood: near 1 where months are alike, small where the shop gets better or worse.

References
----------
Kaplan, E. L. & Meier, P. (1958), Journal of the American Statistical Association 53, 457-481.
Mack, T. (1991), "A simple parametric model for rating automobile insurance or estimating IBNR
claims reserves", ASTIN Bulletin 21, 93-109; Renshaw, A. E. & Verrall, R. J. (1998), "A stochastic
model underlying the chain-ladder technique", British Actuarial Journal 4, 903-923.
Smith, R. L. & Miller, J. E. (1986), "A non-Gaussian state space model and application to prediction
of records", Journal of the Royal Statistical Society B 48, 79-88; Harvey, A. C. & Fernandes, C.
(1989), "Time series models for count or qualitative observations", Journal of Business & Economic
Statistics 7, 407-417: levels that drift, with gamma distributions.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import lgamma

import numpy as np
import numpy.typing as npt

from sheetsync.crm.cohorts.survival import Floats

Bools = npt.NDArray[np.bool_]
Places = npt.NDArray[np.intp]

_FACTORS = 1 - np.geomspace(0.003, 0.95, 12)
"""Factors by which a month counts less for the next one: from nearly none to nearly all of it."""

_WORTH = 1.0
"""Wins' worth of belief that a month is like the others: for one of which nothing is known."""

_ROUNDS = 100
_STILL = 1e-4
"""Rounds at most, and the change of the levels at which they have settled."""

_log_gamma = np.vectorize(lgamma, otypes=[np.float64])


@dataclass(frozen=True, eq=False)
class Counts:
    """What was watched at each age.

    Parameters
    ----------
    events, at_risk : array of float64, shape (months, ages): to how many leads of a month it
        happened at an age, and how many had come so far without it [leads]
    """

    events: Floats
    at_risk: Floats


def count(
    month: Places, start: Floats, end: Floats, happened: Bools, *, months: int, ages: int
) -> Counts:
    """Count leads by month and age.

    Parameters
    ----------
    month : shape (leads,): 0 to ``months - 1``
    start, end : shape (leads,): the first and the last age at which each was watched; without any
        where it starts after it ends [days]
    happened : shape (leads,): whether it happened at the end
    ages : ages to look at, from 0
    """
    seen = (start <= end) & (start < ages)
    row, first = month[seen], start[seen].astype(np.intp)
    past = np.minimum(end[seen], ages - 1).astype(np.intp) + 1
    size, shape = months * (ages + 1), (months, ages + 1)
    flow = np.bincount(row * (ages + 1) + first, minlength=size)
    flow = flow - np.bincount(row * (ages + 1) + past, minlength=size)
    hit = seen & happened & (end < ages)
    place = month[hit] * ages + end[hit].astype(np.intp)
    return Counts(
        events=np.bincount(place, minlength=months * ages).astype(float).reshape(months, ages),
        at_risk=np.cumsum(flow.reshape(shape), axis=1)[:, :-1].astype(np.float64),
    )


@dataclass(frozen=True, eq=False)
class Ladder:
    """Hazards by age and levels by month.

    Parameters
    ----------
    hazard : array of float64, shape (ages,): of a month of level 1, per day [fraction of 1]
    at_risk : array of float64, shape (ages,): leads at risk, weighted by level
    level : array of float64, shape (months,): what the hazards of a month are multiplied by; 1 on
        average
    doubt : array of float64, shape (months,): the relative variance of the level
    """

    hazard: Floats
    at_risk: Floats
    level: Floats
    doubt: Floats


def fit(counts: Counts) -> Ladder:
    """The hazards and levels that explain each other."""
    wins, events = counts.events.sum(axis=1), counts.events.sum(axis=0)
    level = doubt = np.ones(len(wins))
    for _ in range(_ROUNDS):
        hazard = divide(events, level @ counts.at_risk)
        due = counts.at_risk @ hazard
        found, doubt = levels(wins, due)
        # Only products of level and hazard matter: let the average level be 1.
        found = found * float(divide(due.sum(), found @ due))
        moved = float(np.abs(found - level).max(initial=0))
        level = found
        if moved < _STILL:
            break
    at_risk = level @ counts.at_risk
    return Ladder(divide(events, at_risk), at_risk, level, doubt)


def levels(wins: Floats, due: Floats) -> tuple[Floats, Floats]:
    """The level of each month and its relative variance; shape (months,) each.

    Parameters
    ----------
    wins, due : shape (months,): wins so far, and those due at level 1, the earliest month first
    """
    before_wins, before_due = _faded(wins), _faded(due)
    shape, rate = before_wins + _WORTH, before_due + _WORTH
    won, owed = wins[:, None], due[:, None]
    # Of the negative binomial that months so far predict of the next, without constants.
    likely = _log_gamma(shape + won) - _log_gamma(shape) + shape * np.log(rate / (rate + owed))
    likely += won * np.log(np.maximum(owed, 1e-300) / (rate + owed))
    total = np.where(owed > 0, likely, 0.0).sum(axis=0)
    weight = np.exp(total - total.max())
    weight /= weight.sum()
    shape = shape + won + _faded(wins[::-1])[::-1]
    rate = rate + owed + _faded(due[::-1])[::-1]
    each = shape / rate
    level: Floats = each @ weight
    variance = (each**2 / shape + (each - level[:, None]) ** 2) @ weight
    return level, variance / level**2


def _faded(amounts: Floats) -> Floats:
    """What was before each month, each month counting less by a factor for every month since;
    shape (months, factors)."""
    faded = np.zeros((len(amounts), len(_FACTORS)))
    for month in range(1, len(amounts)):
        faded[month] = _FACTORS * (faded[month - 1] + amounts[month - 1])
    return faded


def divide(a: npt.ArrayLike, b: npt.ArrayLike) -> Floats:
    """``a / b``, 0 where ``b`` is not above 0."""
    over = np.asarray(b, dtype=np.float64)
    some = over > 0
    return np.where(some, np.asarray(a, dtype=np.float64) / np.where(some, over, 1.0), 0.0)
