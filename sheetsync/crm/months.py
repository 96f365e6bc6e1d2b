"""Calendar months, as ``YYYY-MM``."""

from __future__ import annotations

import numpy as np
import pandas as pd


def month_of(created: pd.Series) -> pd.Series:
    """The calendar month of each day, as ``YYYY-MM``; missing without a day."""
    month = created.dt.year * 12 + created.dt.month - 1
    names = {n: f"{int(n) // 12:04d}-{int(n) % 12 + 1:02d}" for n in month.dropna().unique()}
    months: pd.Series = month.map(names).astype(object)
    return months


def months_before(today: pd.Timestamp, n: int) -> list[str]:
    """The ``n`` calendar months before today's, the earliest first."""
    first = today.to_period("M")
    return [str(first - back) for back in np.arange(n, 0, -1)]
