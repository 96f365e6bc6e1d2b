"""Wins that come later than anything that was watched: the tail of a curve.

How the hazard goes on is told by how it has been falling, over the ages at which the last quarter
of it came: as ``(1 + age)^-p · exp(-b · age)``, a power law with an exponential end. A power law
alone is the heavy tail of deals that come back after a year, an exponential alone that of a steady
process, and what lies between them follows a lognormal time closely enough. No one pair of ``p``
and ``b`` is picked: all of a grid are averaged by their likelihood, so that where the wins can't
tell a heavy tail from a light one the answer lies between, and says by its error that it may be
either (Hoeting et al. 1999).

References
----------
Hoeting, J. A., Madigan, D., Raftery, A. E. & Volinsky, C. T. (1999), "Bayesian model averaging: a
tutorial", Statistical Science 14, 382-417.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sheetsync.crm.cohorts.survival import Floats

_POWERS = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0)
_FALLS = (0.0, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)
"""``p``, and ``b`` times the watched ages."""

_LATE = 0.75
"""The share of the watched hazard after which the fall is looked at."""


@dataclass(frozen=True, eq=False)
class Tail:
    """Hazards after the watched ages.

    Parameters
    ----------
    hazard : array of float64, shape (days,): for each day after the last age watched [fraction]
    error : the standard error of their sum
    """

    hazard: Floats
    error: float


def beyond(events: Floats, at_risk: Floats, days: int) -> Tail:
    """The tail of a curve.

    Parameters
    ----------
    events, at_risk : shape (ages,): at each age from 0; who is at risk may be weighted
    days : how far to look past the last age
    """
    ages = len(events)
    some = at_risk > 0
    risen = np.cumsum(events[some] / at_risk[some])
    if not risen.size or risen[-1] <= 0:
        return Tail(np.zeros(days), 0.0)
    start = np.flatnonzero(some)[np.searchsorted(risen, _LATE * risen[-1])] + 1
    late, n = events[start:], float(events[start:].sum())
    if n == 0:
        return Tail(np.zeros(days), 0.0)
    age = np.arange(ages + days, dtype=np.float64)
    power, fall = (grid.ravel() for grid in np.meshgrid(_POWERS, np.divide(_FALLS, ages)))
    # By their logarithms, above the smallest: exp(-64) of a millionth would be 0.
    falls = -power[:, None] * np.log1p(age) - fall[:, None] * age
    falls -= falls[:, [start]]
    form = np.exp(falls)
    mass = form[:, start:ages] @ at_risk[start:]
    likely = falls[:, start:ages] @ late - n * np.log(mass)
    weight = np.exp(likely - likely.max())
    weight /= weight.sum()
    each = (n / mass)[:, None] * form[:, ages:]
    sums = each.sum(axis=1)
    total = float(weight @ sums)
    # Whose form is right, and how many wins the height comes from.
    variance = float(weight @ (sums - total) ** 2) + total**2 / n
    return Tail(weight @ each, variance**0.5)
