"""How well a score tells wins from the rest, and how sure that is.

References
----------
DeLong, E. R., DeLong, D. M. & Clarke-Pearson, D. L. (1988), "Comparing the areas under two or more
correlated receiver operating characteristic curves: a nonparametric approach", Biometrics 44,
837-845; by ranks as in Sun, X. & Xu, W. (2014), "Fast implementation of DeLong's algorithm", IEEE
Signal Processing Letters 21, 1389-1393.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt
import pandas as pd

from sheetsync.crm.stats import Z95

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Auc:
    """The chance that of a won and a not won lead the won one has the higher score.

    Ties count half, so 0.5 is a score that knows nothing. ``low`` and ``high`` are its 95 %
    interval. [fraction of 1]
    """

    value: float
    low: float
    high: float


def auc(score: Floats, won: Bools) -> Auc:
    """The area under the ROC curve with DeLong's interval.

    Parameters
    ----------
    score, won : arrays, shape (n,); at least one lead is won and one is not
    """
    ranks = _ranks(score)
    wins, rest = int(won.sum()), int((~won).sum())
    of_wins = (ranks[won] - _ranks(score[won])) / rest
    of_rest = 1 - (ranks[~won] - _ranks(score[~won])) / wins
    value = float(of_wins.mean())
    half = Z95 * sqrt(_variance(of_wins) / wins + _variance(of_rest) / rest)
    return Auc(value, max(value - half, 0.0), min(value + half, 1.0))


def lift(score: Floats, won: Bools, share: float) -> float:
    """The share of wins among the best-scored ``share`` of leads, in multiples of the share of all.

    Of leads with one score at the border, as many count as fit in, each like their average.
    """
    room = share * len(score)
    table = pd.DataFrame({"score": score, "won": won.astype(np.float64)}).groupby("score")["won"]
    groups = table.agg(["size", "sum"]).sort_index(ascending=False)
    before = groups["size"].cumsum() - groups["size"]
    part = ((room - before) / groups["size"]).clip(0, 1)
    return float((part * groups["sum"]).sum() / room / won.mean())


def _ranks(values: Floats) -> Floats:
    ranks = pd.Series(values).rank(method="average")
    return np.asarray(ranks.to_numpy(), dtype=np.float64)


def _variance(values: Floats) -> float:
    return float(values.var(ddof=1)) if len(values) > 1 else 0.0
