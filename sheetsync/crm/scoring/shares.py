"""Shares as people type them: ``15%``, ``15 %``, ``0,15``, ``15``."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt
import pandas as pd

from sheetsync import cells
from sheetsync.cells.base import distinct

_SIGN = re.compile(r"\s*(?:%|проц(?:ент\w*)?\.?|percent|pct\.?)\s*$", re.IGNORECASE)


def read_shares(raw: pd.Series) -> npt.NDArray[np.float64]:
    """Typed shares as fractions of 1.

    With a percent sign the number is a percentage. Without one it is a fraction up to 1, and a
    percentage above: no share is greater than the whole, so that 80 can only mean 80 %. A cell that
    a spreadsheet shows as ``80%`` holds 0.8.

    Returns
    -------
    array of float, shape (n,) [fraction of 1]
        NaN for anything that is no number; not limited to 0...1.
    """
    values, places = distinct(raw)
    shares: npt.NDArray[np.float64] = np.array([read_share(cell) for cell in values])[places]
    return shares


def read_share(cell: object) -> float:
    """One cell of :func:`read_shares`."""
    text = _SIGN.sub("", cell) if isinstance(cell, str) else cell
    value = cells.read_number(text).value
    if value is None:
        return np.nan
    return float(value / 100 if text != cell or value > 1 else value)
