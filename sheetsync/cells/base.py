"""What a parser gives, and how one reading per distinct cell becomes a whole column."""

from __future__ import annotations

import math
import numbers
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
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


class Reading(NamedTuple):
    """How one cell reads: a value, or a problem with perhaps a hint, or (all None) empty."""

    value: Any = None
    problem: str | None = None
    hint: str | None = None


EMPTY = Reading()

_TICKS = frozenset((bool, np.bool_))


def distinct(raw: pd.Series) -> tuple[list[Any], np.ndarray]:
    """The different cells of a column, and which of them stands in each row.

    ``True`` and ``1`` are equal to Python, but a tick is not a number: they stay apart. All kinds
    of missing (None, NaN, NaT, NA) are one cell, None.

    Returns
    -------
    cells : list of object, shape (distinct,)
    places : array of int, shape (n,), into ``cells``
    """
    column = raw.to_numpy(dtype=object, copy=True)
    column[pd.isna(column)] = None
    keys: list[Any] = column.tolist()
    if not _TICKS.isdisjoint(map(type, keys)):
        keys = [(cell,) if is_tick(cell) else cell for cell in keys]
    # A dict, not pandas: most columns of a small shop have five cells, and there are many columns.
    place_of = {key: place for place, key in enumerate(dict.fromkeys(keys))}
    places = np.fromiter(map(place_of.__getitem__, keys), dtype=np.int64, count=len(keys))
    return [key[0] if isinstance(key, tuple) else key for key in place_of], places


def read_distinct(raw: pd.Series, read: Callable[[Any], Reading], dtype: str) -> Parsed:
    """Read each different cell once and spread the readings over the column."""
    cells, places = distinct(raw)
    readings = [read(cell) for cell in cells]
    values = pd.Series([reading.value for reading in readings], dtype=dtype)
    return Parsed(
        values=values.iloc[places].set_axis(raw.index),
        problems=spread([reading.problem for reading in readings], places, raw.index),
        hints=spread([reading.hint for reading in readings], places, raw.index),
    )


def spread(per_cell: list[Any], places: np.ndarray, index: pd.Index) -> pd.Series:
    """One object per different cell -> one per row. A tuple is one object, too."""
    objects = np.empty(len(per_cell), dtype=object)
    for place, item in enumerate(per_cell):
        objects[place] = item
    return pd.Series(objects[places], index=index, dtype=object)


def is_tick(cell: object) -> bool:
    """Whether the cell is a checkbox."""
    return isinstance(cell, bool | np.bool_)


def as_number(cell: object) -> float | None:
    """The number of a number cell, infinite when it is beyond a float; None for other cells."""
    if is_tick(cell) or not isinstance(cell, numbers.Real):
        return None
    try:
        return float(cell)
    except OverflowError:
        return math.inf
