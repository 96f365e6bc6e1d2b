"""The statistics under every conversion: how sure a share is, and what a small one is worth.

Shares of few leads mislead twice: they look exact, and the best and the worst source of any list
are nearly always the smallest ones. An interval answers the first, shrinking the second.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from math import exp, inf, isinf, lgamma, log, log1p, sqrt

import numpy as np
import numpy.typing as npt
import pandas as pd

Z95 = 1.959963984540054
"""The 97.5 % point of the standard normal distribution: two-sided 95 %."""

Floats = npt.NDArray[np.float64]


def share(successes: npt.ArrayLike, n: npt.ArrayLike) -> Floats:
    """``successes / n`` element by element; NaN where ``n`` is 0. [fraction of 1]"""
    s, trials = _counts(successes, n)
    return s / np.where(trials > 0, trials, np.nan)


def wilson(successes: npt.ArrayLike, n: npt.ArrayLike, z: float = Z95) -> tuple[Floats, Floats]:
    """The Wilson score interval of a binomial share, without continuity correction.

    Unlike ``p ± z·sqrt(p(1-p)/n)`` it stays within 0 and 1 and says something sensible about
    0 of 5 and 5 of 5.

    Parameters
    ----------
    successes, n : array-like of counts, shape (k,) each
    z : normal quantile; the default gives 95 %

    Returns
    -------
    low, high : arrays of float64, shape (k,) [fraction of 1]
        NaN where ``n`` is 0: nothing is known.

    Raises
    ------
    ValueError
        Negative counts, or more successes than trials.

    References
    ----------
    Wilson, E. B. (1927), "Probable inference, the law of succession, and statistical inference",
    Journal of the American Statistical Association 22, 209-212; recommended for small n by Brown,
    Cai & DasGupta (2001), Statistical Science 16(2), 101-133.
    """
    s, trials = _counts(successes, n)
    some = np.where(trials > 0, trials, np.nan)
    p = s / some
    scale = 1 + z * z / some
    middle = (p + z * z / (2 * some)) / scale
    half = z * np.sqrt(p * (1 - p) / some + z * z / (4 * some * some)) / scale
    # At the ends the bounds are exactly 0 and 1; rounding would leave a trace of 1e-17.
    low = np.where(s == 0, 0.0, middle - half)
    high = np.where(s == trials, 1.0, middle + half)
    known = trials > 0
    return np.where(known, low, np.nan), np.where(known, high, np.nan)


def interval(successes: pd.Series, n: pd.Series) -> pd.DataFrame:
    """Columns ``share``, ``low``, ``high`` (float64, fractions of 1) on the index of the counts."""
    low, high = wilson(successes, n)
    return pd.DataFrame(
        {"share": share(successes, n), "low": low, "high": high}, index=successes.index
    )


@dataclass(frozen=True)
class Prior:
    """A beta distribution of the groups' true shares.

    Parameters
    ----------
    mean : the share that a group without any leads is expected to have [fraction of 1]
    weight : how many leads the prior counts for (alpha + beta); infinite where the groups differ
        no more than chance makes them [leads]
    """

    mean: float
    weight: float

    @property
    def alpha(self) -> float:
        return self.mean * self.weight if self.mean > 0 else 0.0

    @property
    def beta(self) -> float:
        return (1 - self.mean) * self.weight if self.mean < 1 else 0.0


LIGHTEST, HEAVIEST = 10.0, 1e6
"""Bounds of a fitted prior's weight, in leads. A handful of groups tells little of how widely they
differ, and with a lighter prior one sale of one lead would top the list; past a million leads the
prior is the pooled share itself."""


def fit_prior(successes: npt.ArrayLike, n: npt.ArrayLike) -> Prior | None:
    """The beta prior under which the counts are likeliest: maximum likelihood of the beta-binomial,
    with its weight kept between :data:`LIGHTEST` and :data:`HEAVIEST`.

    Groups without leads say nothing. Where no spread makes the counts likelier than one common
    share does (a single group, groups as alike as chance makes them), the weight is infinite.

    Returns
    -------
    Prior, or None when there is not one lead

    References
    ----------
    Skellam, J. G. (1948), Journal of the Royal Statistical Society B 10(2), 257-261;
    Griffiths, D. A. (1973), "Maximum likelihood estimation for the beta-binomial distribution",
    Biometrics 29(4), 637-648.
    """
    s, trials = _counts(successes, n)
    groups = Counter((float(a), float(b)) for a, b in zip(s, trials, strict=True) if b > 0)
    if not groups:
        return None
    won = sum(a * times for (a, _), times in groups.items())
    total = sum(b * times for (_, b), times in groups.items())
    pooled = won / total
    if won in (0, total):
        return Prior(pooled, inf)

    def best_mean(weight: float) -> float:
        # With the weight given the likelihood is a sum of logarithms of straight lines of the
        # mean, so it is concave: one peak.
        return _peak(lambda mean: _log_likelihood(groups, mean, weight), 0.0, 1.0, steps=40)

    def profile(log_weight: float) -> float:
        weight = exp(log_weight)
        return _log_likelihood(groups, best_mean(weight), weight)

    # In the weight it may have more than one: look everywhere first, then closely.
    grid = np.linspace(log(LIGHTEST), log(HEAVIEST), 25)
    top = int(np.argmax([profile(x) for x in grid]))
    found = _peak(profile, grid[max(top - 1, 0)], grid[min(top + 1, len(grid) - 1)], steps=35)
    common = won * log(pooled) + (total - won) * log1p(-pooled)
    if profile(found) <= common + _GAIN:
        return Prior(pooled, inf)
    return Prior(best_mean(exp(found)), exp(found))


_GAIN = 1e-6
"""The least gain in log-likelihood that tells a spread from none: above the rounding of lgamma, far
below anything that evidence could be."""


def shrink(successes: npt.ArrayLike, n: npt.ArrayLike) -> tuple[Floats, float, float]:
    """Empirical-Bayes estimates: each group's share, drawn towards the others' the more, the
    fewer leads it has.

    The estimate is the mean of the beta posterior, ``(successes + alpha) / (n + alpha + beta)``,
    under the prior of :func:`fit_prior`.

    Parameters
    ----------
    successes, n : array-like of counts, shape (k,) each; ``n`` may be broken, as where a trial that
        is half over counts for half of one

    Returns
    -------
    estimates : array of float64, shape (k,) [fraction of 1]
        The prior's mean where a group has no leads, NaN everywhere when no group has any.
    alpha, beta : the prior; infinite where every estimate is the pooled share, NaN without leads

    References
    ----------
    Efron, B. & Morris, C. (1975), "Data analysis using Stein's estimator and its generalizations",
    Journal of the American Statistical Association 70, 311-319; Casella, G. (1985), "An
    introduction to empirical Bayes data analysis", The American Statistician 39(2), 83-87.
    """
    s, trials = _counts(successes, n)
    prior = fit_prior(s, trials)
    if prior is None:
        return np.full(s.shape, np.nan), np.nan, np.nan
    if isinf(prior.weight):
        return np.full(s.shape, prior.mean), prior.alpha, prior.beta
    return (s + prior.alpha) / (trials + prior.weight), prior.alpha, prior.beta


def _counts(successes: npt.ArrayLike, n: npt.ArrayLike) -> tuple[Floats, Floats]:
    s, trials = np.broadcast_arrays(
        np.asarray(successes, dtype=np.float64), np.asarray(n, dtype=np.float64)
    )
    if (s < 0).any() or (s > trials).any():
        raise ValueError("successes must lie between 0 and n")
    return s, trials


def _log_likelihood(groups: Counter[tuple[float, float]], mean: float, weight: float) -> float:
    """Of the beta-binomial, without the binomial coefficients, which do not depend on the prior."""
    alpha, beta = mean * weight, (1 - mean) * weight
    if alpha <= 0 or beta <= 0:
        return -inf
    none = lgamma(weight) - lgamma(alpha) - lgamma(beta)
    return sum(
        times * (lgamma(alpha + s) + lgamma(beta + n - s) - lgamma(weight + n) + none)
        for (s, n), times in groups.items()
    )


_GOLDEN = (sqrt(5) - 1) / 2


def _peak(f: Callable[[float], float], low: float, high: float, *, steps: int) -> float:
    """Where a function with one peak is greatest: golden section search (Kiefer 1953)."""
    left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    at_left, at_right = f(left), f(right)
    for _ in range(steps):
        if at_left > at_right:
            high, right, at_right = right, left, at_left
            left = high - _GOLDEN * (high - low)
            at_left = f(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + _GOLDEN * (high - low)
            at_right = f(right)
    return (low + high) / 2
