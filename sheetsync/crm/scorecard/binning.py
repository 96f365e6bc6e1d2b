"""Columns cut into bins, so that every rule is a set of bins.

Bins are learned from the leads that a scorecard is fitted to, and from no others: numbers at
quantiles of their distinct values, texts as those levels that enough leads have.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sheetsync.crm.scorecard.columns import Column

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

MOST_BINS = 24
"""Bins of numbers. Finer ones would fit noise; a lead sheet's budgets are round numbers anyway."""
FEW_NUMBERS = 24
"""Whole numbers of no more distinct values may be codes: lists of them are tried as well."""
MOST_LEVELS = 400
"""Levels of a text column that are looked at, the most frequent ones."""


@dataclass(frozen=True)
class Stump:
    """A rule before it has points: a column, a condition and its values.

    ``values`` are numbers (two bounds for ``between``) or levels, as they are typed in the column.
    """

    column: Column
    condition: str
    values: tuple[float | str, ...] = ()

    def matches(self) -> Bools:
        """Which leads of the column meet it; shape (n,)."""
        column = self.column
        if self.condition in ("empty", "filled"):
            return column.empty if self.condition == "empty" else column.filled
        if self.condition in ("equals", "one_of"):
            if isinstance(self.values[0], str):
                wanted = [column.levels.index(str(value)) for value in self.values]
                return np.isin(column.places, wanted)
            return np.isin(column.numbers, np.array(self.values, dtype=np.float64))
        low, high = _bounds(self.condition, self.values)
        return np.asarray((column.numbers >= low) & (column.numbers <= high))


def _bounds(condition: str, values: tuple[float | str, ...]) -> tuple[float, float]:
    first, last = float(values[0]), float(values[-1])
    return (
        first if condition != "at_most" else -math.inf,
        last if condition != "at_least" else math.inf,
    )


@dataclass(frozen=True)
class View:
    """One way to cut a column into bins.

    Parameters
    ----------
    column : the column
    ordered : whether a rule takes neighbouring bins (numbers), or any (levels)
    codes : array of int, shape (n,): the bin of each lead of the column; ``size`` where it holds
        something in no bin, then empty, then unreadable
    size : number of bins
    lows, highs : for numbers, the least and the greatest number of each bin as a rule says them
    levels : for levels, what each bin is
    """

    column: Column
    ordered: bool
    codes: Ints
    size: int
    lows: tuple[float, ...] = ()
    highs: tuple[float, ...] = ()
    levels: tuple[float | str, ...] = ()

    def stump(self, bins: Ints) -> Stump:
        """The rule that takes these bins (ascending): neighbours, levels, the one for empty cells,
        or all that hold something."""
        if bins[-1] >= self.size:
            return Stump(self.column, "empty" if bins[0] > self.size else "filled")
        if not self.ordered:
            values = tuple(self.levels[place] for place in bins)
            return Stump(self.column, "equals" if len(values) == 1 else "one_of", values)
        low, high = self.lows[bins[0]], self.highs[bins[-1]]
        if math.isinf(low):
            return Stump(self.column, "at_most", (high,))
        if math.isinf(high):
            return Stump(self.column, "at_least", (low,))
        if low == high:
            return Stump(self.column, "equals", (low,))
        return Stump(self.column, "between", (low, high))


def views(column: Column, train: Bools, least: int) -> list[View]:
    """Every way to cut a column, learned from the leads of ``train``.

    Parameters
    ----------
    train : array of bool, shape (n,)
    least : leads that a level needs to be a bin of its own
    """
    found = []
    if column.numeric:
        distinct, counts = np.unique(
            column.numbers[train & ~np.isnan(column.numbers)], return_counts=True
        )
        if len(distinct) > 1:
            found.append(_ranges(column, distinct, counts))
        if column.codes and len(distinct) <= FEW_NUMBERS:
            codes = distinct[counts >= least]
            places = np.where(
                np.isin(column.numbers, codes), np.searchsorted(codes, column.numbers), -1
            )
            found.append(_listed(column, places, tuple(codes.tolist())))
    if not found:
        there = column.places[train & (column.places >= 0)]
        counts = np.bincount(there, minlength=len(column.levels))
        order = np.argsort(-counts, kind="stable")[:MOST_LEVELS]
        chosen = order[counts[order] >= least]
        rank = np.full(len(column.levels) + 1, -1)  # the last is for "no level"
        rank[chosen] = np.arange(len(chosen))
        levels = tuple(column.levels[place] for place in chosen)
        found.append(_listed(column, rank[column.places], levels))
    return found


def _listed(column: Column, places: Ints, levels: tuple[float | str, ...]) -> View:
    codes = _codes(column, places, len(levels))
    return View(column, False, codes, len(levels), levels=levels)


def _ranges(column: Column, distinct: Floats, counts: Ints) -> View:
    cuts = _cuts(distinct, counts)  # a cut at i divides distinct[i - 1] from distinct[i]
    pairs = [(float(distinct[i - 1]), float(distinct[i])) for i in cuts]
    lows = (-math.inf, *(roundest(below, above, last=True) for below, above in pairs))
    highs = (*(roundest(below, above, last=False) for below, above in pairs), math.inf)
    bins = np.searchsorted(np.array(lows[1:]), column.numbers, side="right")
    codes = _codes(column, np.where(np.isnan(column.numbers), -1, bins), len(lows))
    return View(column, True, codes, len(lows), lows=lows, highs=highs)


def _cuts(distinct: Floats, counts: Ints) -> Ints:
    """Where to cut, so that the bins hold about as many leads each."""
    if len(distinct) <= MOST_BINS:
        return np.arange(1, len(distinct))
    below = np.cumsum(counts)[:-1]  # leads under a cut at 1, 2, ...
    targets = np.arange(1, MOST_BINS) * counts.sum() / MOST_BINS
    at = np.searchsorted(below, targets)
    near = np.clip(at, 1, len(below) - 1)
    closer = np.abs(below[near - 1] - targets) <= np.abs(below[near] - targets)
    return np.unique(np.where(closer, near - 1, near)) + 1


def _codes(column: Column, bins: Ints, size: int) -> Ints:
    special = np.select([column.empty, column.filled], [size + 1, size], default=size + 2)
    return np.where(bins >= 0, bins, special).astype(np.int64)


def roundest(below: float, above: float, *, last: bool) -> float:
    """The number with the fewest digits between two, for people to read.

    Parameters
    ----------
    below, above : two numbers, the lesser first
    last : whether ``above`` itself may be it (then ``below`` may not), or the other way round
    """
    if (below < 0 < above) or (last and above == 0) or (not last and below == 0):
        return 0.0
    power = math.ceil(math.log10(max(abs(below), abs(above))))
    for exponent in range(power, power - 17, -1):
        step = 10.0**exponent
        count = math.floor(above / step) if last else math.ceil(below / step)
        value = round(count * step, -exponent)
        if (below < value <= above) if last else (below <= value < above):
            return value
    return above if last else below
