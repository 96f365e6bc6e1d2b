"""Lift: how much likelier a lead with a feature is won than one without it.

The lift is the ratio of two conversions, known in epidemiology as the risk ratio or relative risk.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from sheetsync.crm.stats import Z95, share


def lift(
    won_with: npt.ArrayLike,
    n_with: npt.ArrayLike,
    won_without: npt.ArrayLike,
    n_without: npt.ArrayLike,
    z: float = Z95,
) -> pd.DataFrame:
    """The ratio of two shares with its interval on the logarithmic scale.

    The interval is Katz's, ``exp(ln(lift) ± z·sqrt(1/a - 1/m + 1/b - 1/n))`` for ``a`` of ``m``
    against ``b`` of ``n``. It can't be computed where nobody was won on a side, and has no width
    where everybody was on both. There the counts are adjusted first: one half is added to all four
    when ``a`` or ``b`` is 0, one half taken from ``a`` and ``b`` when both shares are 1. The ratio
    itself is never adjusted.

    Parameters
    ----------
    won_with, n_with : counts of the leads with the feature, shape (k,) each [leads]
    won_without, n_without : of those without it [leads]
    z : normal quantile; the default gives 95 %

    Returns
    -------
    DataFrame of float64, numbered from 0
        with, without : the shares; NaN without leads [fraction of 1]
        lift : NaN where a share is, or where nobody was won without the feature
        low, high : NaN without leads on a side, and where nobody was won at all; ``low`` is 0
            where nobody was won with the feature, ``high`` NaN where nobody was won without it:
            there is no upper bound

    Raises
    ------
    ValueError
        Negative counts, or more won than leads.

    References
    ----------
    Katz, D., Baptista, J., Azen, S. P. & Pike, M. C. (1978), "Obtaining confidence intervals for
    the risk ratio in cohort studies", Biometrics 34(3), 469-474. One half added: Walter, S. D.
    (1975), "The distribution of Levin's measure of attributable risk", Biometrika 62(2), 371-372.
    Both, with the case of two full shares: Fagerland, M. W., Lydersen, S. & Laake, P. (2015),
    "Recommended confidence intervals for two independent binomial proportions", Statistical Methods
    in Medical Research 24(2), 224-254.
    """
    a, m, b, n = (
        np.asarray(count, dtype=np.float64) for count in (won_with, n_with, won_without, n_without)
    )
    p, q = share(a, m), share(b, n)
    none, full = (a == 0) | (b == 0), (a == m) & (b == n)
    known = (m > 0) & (n > 0) & ((a > 0) | (b > 0))
    more, less = np.where(none, 0.5, 0.0), np.where(full & ~none, 0.5, 0.0)
    a_, b_, m_, n_ = a + more - less, b + more - less, m + more, n + more
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(b > 0, p / q, np.nan)
        middle = np.log((a_ / m_) / (b_ / n_))
        half = z * np.sqrt(1 / a_ - 1 / m_ + 1 / b_ - 1 / n_)
    low, high = np.exp(middle - half), np.exp(middle + half)
    return pd.DataFrame(
        {
            "with": p,
            "without": q,
            "lift": ratio,
            "low": np.where(known, np.where(a == 0, 0.0, low), np.nan),
            "high": np.where(known & (b > 0), high, np.nan),
        }
    )
