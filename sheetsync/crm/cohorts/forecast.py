"""Where months of creation will end, and how far that can be trusted.

The estimate
------------
A lead of a month of level ``v``, open at age ``a``, is either one that will be won later or one
that never is and has not been noted as lost yet. By the curve of its month, ``S(t) = unwon(t)^v``,
the first are ``S(a) - S(end)`` and the second ``S(end) · (1 - gone(a))`` of all leads; its chance
is the share of the first.

The interval is of a beta-binomial distribution: the chance of each lead, the doubt about the level
of the month and about the curve, and the *drift*, by how much the shop's own forecasts were off.

The drift
---------
No curve knows what will change: a new script, a summer, a shop that only learns to sell. How much
such things matter can be seen from the past. The record is cut off 30, 60 and 90 days ago, the
pace is learnt from what was known then, and the wins it expected until today are compared with
those that came. The squared relative error beyond what chance explains is the variance of the
drift, drawn towards a usual one as three comparisons tell little.

References
----------
England, P. D. & Verrall, R. J. (2002), "Stochastic claims reserving in general insurance", British
Actuarial Journal 8, 443-518: errors of process and of estimation, and chain-ladder factors that
are only known from past months. Fildes, R. & Makridakis, S. (1995), "The impact of empirical
accuracy studies on time series analysis and forecasting", International Statistical Review 63,
289-308: models' own intervals are too narrow, past errors tell.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sheetsync.crm.cohorts.ladder import divide
from sheetsync.crm.cohorts.maturity import Pace, Record, learn
from sheetsync.crm.cohorts.survival import Floats

BACK = (30, 60, 90)
"""Days ago at which forecasts are tried."""

_USUAL, _WEIGHT = 0.3**2, 1.0
"""The variance of the drift of a shop of which nothing is known, as a relative error of 30 % of
the wins to come, and for how many comparisons that counts."""

_LEAST = 0.09**2
"""The drift of a shop whose forecasts were all right so far: they were few."""


@dataclass(frozen=True, eq=False)
class Ahead:
    """Wins to come, by month; arrays of shape (months,).

    Parameters
    ----------
    able : open leads that may be won [leads]
    wins : how many are expected to be [leads]
    error : the standard error of that by the error of the curve, which is one for all months
    """

    able: Floats
    wins: Floats
    error: Floats


def ahead(pace: Pace, known: Record, days: int | None = None) -> Ahead:
    """The wins that the open leads will bring, in so many days or until the end."""
    month, start = known.month[known.open], pace.day(known.age[known.open])
    stop = pace.day(start + len(pace.unwon) if days is None else start + days)
    level = pace.level[month]
    left, then = pace.unwon[start] ** level, pace.unwon[stop] ** level
    never = pace.unwon[-1] ** level
    still_open = left - never + np.maximum(never * (1 - pace.gone[start]), pace.spare[start])
    tail = pace.tail_error * (pace.guessed[stop] - pace.guessed[start])
    error = level * then * np.sqrt(pace.doubt[stop] - pace.doubt[start] + tail**2)
    chance = divide(left - then, still_open)

    def total(amount: Floats) -> Floats:
        return np.bincount(month, amount, minlength=known.months).astype(np.float64)

    return Ahead(
        able=total((chance > 0).astype(np.float64)),
        wins=total(chance),
        error=total(divide(error, still_open)),
    )


def drift(known: Record, *, watched_enough: bool) -> float:
    """The relative variance of how many wins come, beyond what the curve and chance explain.

    Parameters
    ----------
    watched_enough : whether leads were watched for long enough to have seen the late wins; else the
        usual doubt comes on top, as comparisons over so short a time have not seen them either
    """
    unseen = 0.0 if watched_enough else _USUAL
    squares, weights = _USUAL * _WEIGHT, _WEIGHT
    for days in BACK:
        then = known.ago(days)
        pace = learn(then)
        if pace is None:
            continue
        expected = ahead(pace, then, days)
        wins = float(expected.wins.sum())
        if wins <= 0:
            continue
        won = int(known.won[known.age >= days][then.open].sum())
        chance = float((expected.wins * (1 - divide(expected.wins, expected.able))).sum())
        chance += float(((expected.wins**2) * pace.level_doubt).sum())
        chance += float(expected.error.sum()) ** 2
        # Of the larger one: twice too many and twice too few are errors of one size, and no single
        # comparison says more than that nothing can be foreseen.
        scale = max(wins, won) ** 2
        # The more of the error may be chance, the less it tells: by the inverse of the variance of
        # its square.
        weight = (_USUAL / (_USUAL + chance / scale)) ** 2
        squares += weight * ((won - wins) ** 2 - chance) / scale
        weights += weight
    return max(squares / weights, _LEAST) + unseen


@dataclass(frozen=True, eq=False)
class Ends:
    """Wins that months will have in the end, with 95 % prediction intervals; arrays of shape
    (months,) [leads]."""

    wins: Floats
    low: Floats
    high: Floats


def ends(pace: Pace, known: Record, beyond_chance: float) -> Ends:
    """Where each month will end.

    Parameters
    ----------
    beyond_chance : of :func:`drift`
    """
    won = np.bincount(known.month[known.won], minlength=known.months).astype(np.float64)
    expected = ahead(pace, known)
    chance = divide(expected.wins, expected.able)
    doubt = pace.level_doubt + divide(expected.error, expected.wins) ** 2 + beyond_chance
    bounds = [
        beta_binomial_interval(int(n), each, unsure)
        for n, each, unsure in zip(expected.able, chance, doubt, strict=True)
    ]
    low, high = np.array(bounds, dtype=np.float64).reshape(-1, 2).T
    return Ends(won + expected.wins, won + low, won + high)


def beta_binomial_interval(n: int, chance: float, doubt: float) -> tuple[int, int]:
    """The 2.5 and 97.5 % points of how many of ``n`` come, each with the same uncertain chance.

    Parameters
    ----------
    chance : its mean [fraction of 1]
    doubt : its relative variance
    """
    if n == 0 or chance <= 0:
        return 0, 0
    if chance >= 1:
        return n, n
    # The variance of a beta distribution is mean·(1 - mean)·correlation.
    correlation = float(np.clip(doubt * chance / (1 - chance), 1e-9, 0.999))
    weight = 1 / correlation - 1
    k = np.arange(n)
    steps = np.log(n - k) - np.log(k + 1) + np.log(k + chance * weight)
    steps -= np.log(n - 1 - k + (1 - chance) * weight)
    logs = np.concatenate(([0.0], np.cumsum(steps)))
    below = np.cumsum(np.exp(logs - logs.max()))
    below /= below[-1]
    return int(np.searchsorted(below, _LOW)), int(np.searchsorted(below, 1 - _LOW))


_LOW = 0.025
