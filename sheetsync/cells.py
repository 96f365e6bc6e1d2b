"""Typed text <-> values: dates, money, phones, e-mails, numbers, yes/no and names of lists.

Every parser takes a whole column of raw cells and gives values *and* problems: a cell that
cannot be understood has a missing value and a problem code, an empty cell has neither. Each
distinct text is parsed once. Nothing here guesses in silence.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Parsed:
    """A column that was understood as far as it could be.

    Parameters
    ----------
    values : Series, same index as the raw column; missing where empty or not understood
    problems : Series of object, same index
        The code of what is wrong (``"date.unreadable"``; its sentence is ``problems.<code>`` in the
        locale files), None where nothing is.
    hints : Series of object, same index
        What to type instead, ready to show, where the parser has an idea; else None.
    """

    values: pd.Series
    problems: pd.Series
    hints: pd.Series
