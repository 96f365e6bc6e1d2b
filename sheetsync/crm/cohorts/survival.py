"""How long things take while some are still under way: the Kaplan-Meier curve.

A lead that has stood in a stage for 40 days says that its time there is *at least* 40 days. Leaving
it out, or taking the 40 days for the whole, makes every stage look quicker than it is. Such a time
is called censored, and the estimator uses it for as long as it was watched.

References
----------
Kaplan, E. L. & Meier, P. (1958), "Nonparametric estimation from incomplete observations", Journal
of the American Statistical Association 53, 457-481: the curve.
Greenwood, M. (1926), "The natural duration of cancer", Reports on Public Health and Medical
Subjects 33, 1-26: its variance.
Brookmeyer, R. & Crowley, J. (1982), "A confidence interval for the median survival time",
Biometrics 38, 29-41: intervals of quantiles.
Kalbfleisch, J. D. & Prentice, R. L. (1980), "The Statistical Analysis of Failure Time Data", Wiley,
section 1.3: intervals by log(-log), which stay within 0 and 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sheetsync.crm.stats import Z95

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

_ALIKE = 1e-9
"""Heights of the curve that differ by less are equal: far above the rounding of a product of
100,000 factors, far below the smallest step that as many observations can make."""


@dataclass(frozen=True, eq=False)
class Curve:
    """The share for which it has not happened yet, by the time since the start.

    Parameters
    ----------
    times : array of float64, shape (k,): the distinct times of events, ascending [as the durations]
    survival : array of float64, shape (k,): the share left right after each [fraction of 1]
    at_risk : array of int64, shape (k,): how many were watched and unhappened just before each
    events : array of int64, shape (k,): to how many it happened at each
    variance : array of float64, shape (k,): Greenwood's variance of ``survival``; where nothing is
        left, its limit, 0
    last : the longest duration, event or not; NaN without any. Past it nothing was watched.
    """

    times: Floats
    survival: Floats
    at_risk: Counts
    events: Counts
    variance: Floats
    last: float

    def at(self, t: npt.ArrayLike) -> Floats:
        """The share left after time ``t``; shape as ``t``, 1 before the first event.

        Past :attr:`last` it stays where it was, though nothing was watched there.
        """
        return self._after(self.survival, 1.0, t)

    def variance_at(self, t: npt.ArrayLike) -> Floats:
        """Greenwood's variance of :meth:`at`; 0 before the first event."""
        return self._after(self.variance, 0.0, t)

    def interval(self, t: npt.ArrayLike, z: float = Z95) -> tuple[Floats, Floats]:
        """Bounds of :meth:`at`, by the log(-log) transform; shape as ``t`` each.

        Where all or none are left the transform says nothing: both bounds are that share.
        """
        low, high = self._bands(z)
        return self._after(low, 1.0, t), self._after(high, 1.0, t)

    def quantile(self, share: float) -> float:
        """The time within which it happened to ``share`` of all; NaN where it never got so far.

        The first time at which no more than ``1 - share`` are left. Where the curve stands at
        exactly that height for a while, the middle of the while, as R's ``survfit`` has it; so
        without censoring 0.5 gives the sample median. The last step ends at :attr:`last`.
        """
        reached = np.flatnonzero(self.survival <= 1 - share + _ALIKE)
        if not reached.size:
            return float("nan")
        first = int(reached[0])
        start = float(self.times[first])
        if abs(self.survival[first] - (1 - share)) > _ALIKE or self.survival[first] == 0:
            return start
        return (start + float(np.append(self.times, self.last)[first + 1])) / 2

    def quantile_interval(self, share: float, z: float = Z95) -> tuple[float, float]:
        """Bounds of :meth:`quantile` (Brookmeyer & Crowley): the times whose :meth:`interval`
        holds ``1 - share``. A bound is NaN where the curve's own bound never gets so low."""
        low, high = self._bands(z)
        return self._first(low, 1 - share), self._first(high, 1 - share)

    def _bands(self, z: float) -> tuple[Floats, Floats]:
        low, high = self.survival.copy(), self.survival.copy()
        inner = (self.survival > 0) & (self.survival < 1)
        s = self.survival[inner]
        # The standard error of log(-log s), by the delta method.
        error = np.sqrt(self.variance[inner]) / (s * -np.log(s))
        low[inner], high[inner] = s ** np.exp(z * error), s ** np.exp(-z * error)
        return low, high

    def _first(self, heights: Floats, target: float) -> float:
        reached = np.flatnonzero(heights <= target + _ALIKE)
        return float(self.times[reached[0]]) if reached.size else float("nan")

    def _after(self, values: Floats, before: float, t: npt.ArrayLike) -> Floats:
        step = np.searchsorted(self.times, np.asarray(t, dtype=np.float64), side="right")
        found: Floats = np.concatenate(([before], values))[step]
        return found


def kaplan_meier(durations: npt.ArrayLike, observed: npt.ArrayLike) -> Curve:
    """The curve of what was watched.

    Parameters
    ----------
    durations : array-like, shape (n,): how long each was watched, 0 or more [any unit]
    observed : array-like of bool, shape (n,): whether it happened at the end of that time; else the
        time is censored. At equal times events come first: who was censored then was still at risk.

    Raises
    ------
    ValueError
        A duration that is negative or unknown, or arrays of different shape.
    """
    time = np.asarray(durations, dtype=np.float64)
    happened = np.asarray(observed, dtype=bool)
    if time.shape != happened.shape or time.ndim != 1:
        raise ValueError("durations and observed must be two columns of one length")
    if not np.all(np.isfinite(time) & (time >= 0)):
        raise ValueError("durations must be known, finite and not negative")
    times, events = np.unique(time[happened], return_counts=True)
    at_risk = len(time) - np.searchsorted(np.sort(time), times, side="left")
    left = at_risk - events
    survival: Floats = np.cumprod(left / at_risk, dtype=np.float64)
    # 0 times infinity where nobody is left; the limit is 0.
    terms = events / (at_risk * np.where(left > 0, left, 1))
    return Curve(
        times=times,
        survival=survival,
        at_risk=at_risk.astype(np.int64),
        events=events.astype(np.int64),
        variance=np.square(survival) * np.cumsum(terms, dtype=np.float64),
        last=float(time.max()) if time.size else float("nan"),
    )
