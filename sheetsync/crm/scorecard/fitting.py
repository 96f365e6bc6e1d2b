"""A scorecard from leads whose outcome is known, and what it is worth on leads it has not seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
import numpy.typing as npt

from sheetsync.crm.scorecard.binning import Stump, View, views
from sheetsync.crm.scorecard.columns import Column
from sheetsync.crm.scorecard.logistic import Patterns, chances, fit_rules, plain_odds
from sheetsync.crm.scorecard.search import choose, proven

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

STRONGEST = 35
"""Points of the strongest rule, either way. Every other keeps its proportion to it."""

_SEED = 20_261_121
_FOLDS, _MORE_FOLDS, _FEW_EVENTS = 5, 10, 200
"""More folds where there is little to learn from, so that each fit has nearly all of it."""


@dataclass(frozen=True)
class Card:
    """Rules with whole points.

    Parameters
    ----------
    stumps, points : of the same length, the strongest rule first
    intercept, unit : log-odds of a win are ``intercept + score / unit``
    """

    stumps: tuple[Stump, ...]
    points: tuple[int, ...]
    intercept: float
    unit: float

    def scores(self, n: int) -> Ints:
        """The sum of points of every lead of the columns it was fitted over, ``n`` of them."""
        score = np.zeros(n, dtype=np.int64)
        for stump, points in zip(self.stumps, self.points, strict=True):
            score += points * stump.matches()
        return score


@dataclass(frozen=True)
class HeldOut:
    """Log-odds of a win that each lead was given by fits that had not seen it; shape (n,)."""

    card: Floats
    plain: Floats


def fit(columns: Sequence[Column], won: Bools, train: Bools, limit: int) -> Card:
    """Fit a scorecard to the leads of ``train``.

    Parameters
    ----------
    columns : over all n leads
    won, train : arrays of bool, shape (n,)
    limit : rules at most
    """
    return _card(_views(columns, train), won, train, limit)


def hold_out(columns: Sequence[Column], won: Bools, limit: int) -> HeldOut:
    """Cross-validation of the whole procedure: bins, choice of rules, points and their rounding are
    made anew without each fold, and so is the plain regression."""
    from sklearn.model_selection import StratifiedKFold

    events = min(int(won.sum()), int((~won).sum()))
    folds = _MORE_FOLDS if events < _FEW_EVENTS else _FOLDS
    card, plain = np.zeros(len(won)), np.zeros(len(won))
    for _, test in StratifiedKFold(folds, shuffle=True, random_state=_SEED).split(won, won):
        train = np.ones(len(won), dtype=bool)
        train[test] = False
        found = _views(columns, train)
        fitted = _card(found, won, train, limit)
        card[test] = (fitted.intercept + fitted.scores(len(won)) / fitted.unit)[test]
        plain[test] = plain_odds(found, won, train)[test]
    return HeldOut(card, plain)


def _views(columns: Sequence[Column], train: Bools) -> list[View]:
    """The views that tell at least some leads of the training apart."""
    least = max(8, ceil(0.002 * train.sum()))
    found = (view for column in columns for view in views(column, train, least))
    return [view for view in found if np.ptp(view.codes[train])]


def _card(found: Sequence[View], won: Bools, train: Bools, limit: int) -> Card:
    least = max(10, ceil(0.005 * train.sum()))
    chance = chances(found, won, train)
    chosen = choose(found, chance, train, limit=limit, least=least)
    stumps = proven(chosen, won, train)
    patterns = Patterns.made_of([s.matches()[train] for s in stumps], int(train.sum()))
    intercept, *weights = fit_rules(patterns, chance[train]).coefficients.tolist()
    if not stumps:
        return Card((), (), intercept, 1.0)
    unit = STRONGEST / max(map(abs, weights))
    points = [round(weight * unit) for weight in weights]
    order = sorted(range(len(stumps)), key=lambda place: -abs(points[place]))
    kept = [place for place in order if points[place]]
    return Card(
        tuple(stumps[place] for place in kept),
        tuple(points[place] for place in kept),
        intercept,
        unit,
    )
