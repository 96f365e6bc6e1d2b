"""Which rules: stumps chosen one after the other by how much better they tell the chances of a win.

Each step is a score test. With the chosen rules' probabilities p, a further rule z has the score
U = sum over its leads of (chance - p) and the information V = z'Wz - z'WX (X'WX)^-1 X'Wz with
W = p (1 - p), and adding it raises the penalised log-likelihood by about U^2 / 2 (V + ridge). Both
are sums over bins, so all rules of a column are judged from one table of its bins against the
patterns of the rules chosen so far; the number of leads enters once.

References
----------
Rao, C. R. (1948), "Large sample tests of statistical hypotheses concerning several parameters with
applications to problems of estimation", Proceedings of the Cambridge Philosophical Society 44,
50-57: the test.
Fisher, W. D. (1958), "On grouping for maximum homogeneity", Journal of the American Statistical
Association 53, 789-798: levels in the order of their mean need only be split, not partitioned.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from sheetsync.crm.scorecard.binning import Stump, View
from sheetsync.crm.scorecard.logistic import RIDGE, Patterns, RulesFit, fit_rules

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

LONGEST_LIST = 12
"""Levels that one rule may name."""

_ROUNDS = 2
"""How often every rule is given up for a better one, after all were chosen."""

_COST = 0.3
"""Log-likelihood that a rule has to bring. Small, as the chances it tells are steady already; a
rule that says nothing new brings less."""
_COST_OF_HALF, _COST_OF_BETWEEN, _COST_OF_LEVEL = 0.2, 0.3, 0.05
"""What the choice among many costs more: one bound and two, times the logarithm of the number of
bins; a list, per level that it could name. So the simpler of two equals wins."""

_COST_OF_VALUE = 1e-3
"""So that of two lists that say the same the shorter wins."""

_PROOF = 0.5
"""Log-likelihood that a rule must bring on the outcomes themselves: more than one that means
nothing brings on average (half of a chi-squared with one degree of freedom)."""

_SMOOTH = 1.0
"""Information added to each level's before levels are put in order: about that of ten leads at one
win in ten. A level of few leads does not come out on top by chance."""


@dataclass(frozen=True)
class _Pick:
    """The best rule of a view: what it brings, its stump, which leads meet it."""

    gain: float
    stump: Stump
    matches: Bools


def choose(
    views: Sequence[View], chance: Floats, train: Bools, *, limit: int, least: int
) -> list[Stump]:
    """At most ``limit`` stumps, fitted to the leads of ``train``.

    Parameters
    ----------
    views : of all columns, learned from ``train``
    chance : array of float64, shape (n,): the chance of a win to be told, strictly between 0 and 1
    train : array of bool, shape (n,)
    least : leads that a rule must match, and must not match
    """
    target = chance[train]
    tables = [_Table.of(view, train, target) for view in views]

    def best(others: Sequence[_Pick]) -> _Pick | None:
        state = _State.of([pick.matches for pick in others], target)
        picks = [pick for table in tables if (pick := table.best(state, least)) is not None]
        top = max(picks, key=lambda pick: pick.gain, default=None)
        return top if top is not None and top.gain > 0 else None

    chosen: list[_Pick] = []
    while len(chosen) < limit and (pick := best(chosen)) is not None:
        chosen.append(pick)
    for _ in range(_ROUNDS):
        before = [pick.stump for pick in chosen]
        for place in range(len(chosen)):
            pick = best(chosen[:place] + chosen[place + 1 :])
            if pick is not None:
                chosen[place] = pick
        if [pick.stump for pick in chosen] == before:
            break
    return [pick.stump for pick in chosen]


def proven(stumps: Sequence[Stump], won: Bools, train: Bools) -> list[Stump]:
    """Those of the rules that the outcomes themselves bear out, beside the others.

    A regression spreads an effect over all columns that go together; a rule that only carries such
    a share is one more line to read and says nothing new.
    """
    outcome = won[train].astype(np.float64)
    kept = [(stump, stump.matches()[train]) for stump in stumps]
    while kept:
        masks = [mask for _, mask in kept]
        whole = _log_likelihood(masks, outcome)
        gains = [
            whole - _log_likelihood(masks[:place] + masks[place + 1 :], outcome)
            for place in range(len(kept))
        ]
        weakest = int(np.argmin(gains))
        if gains[weakest] >= _PROOF:
            break
        del kept[weakest]
    return [stump for stump, _ in kept]


def _log_likelihood(masks: Sequence[Bools], outcome: Floats) -> float:
    patterns = Patterns.made_of(masks, len(outcome))
    p = fit_rules(patterns, outcome).p[patterns.of]
    return float((outcome * np.log(p) + (1 - outcome) * np.log1p(-p)).sum())


@dataclass(frozen=True)
class _State:
    """The rules chosen so far, and what they tell already."""

    patterns: Patterns
    fit: RulesFit

    @staticmethod
    def of(masks: Sequence[Bools], target: Floats) -> _State:
        patterns = Patterns.made_of(masks, len(target))
        return _State(patterns, fit_rules(patterns, target))

    def gains(self, totals: Floats, least: int, n: int) -> Floats:
        """What sets of leads would bring as rules.

        Parameters
        ----------
        totals : array of float64, shape (sets, 3 + rules): leads, score, then the information that
            the set shares with the intercept (which is its own) and with each rule
        """
        leads, score, cross = totals[:, 0], totals[:, 1], totals[:, 2:]
        known = np.einsum("ij,jk,ik->i", cross, self.fit.inverse, cross)
        information = np.maximum(totals[:, 2] - known, 0)
        gain = score**2 / (2 * (information + RIDGE)) - _COST
        enough = (leads >= least) & (n - leads >= least)
        return np.where(enough, gain, -np.inf)


@dataclass(frozen=True)
class _Table:
    """A view over the leads of the training: their bins, and the wins to be expected in each."""

    view: View
    codes: Ints
    wins: Floats

    @staticmethod
    def of(view: View, train: Bools, target: Floats) -> _Table:
        codes = view.codes[train]
        wins = np.bincount(codes, weights=target, minlength=view.size + 3)
        return _Table(view, codes, np.asarray(wins, dtype=np.float64))

    def best(self, state: _State, least: int) -> _Pick | None:
        """The rule that brings most beside those of the state; None when none has enough leads."""
        p, patterns = state.fit.p, state.patterns
        shape = self.view.size + 3, len(p)
        cells = self.codes * shape[1] + patterns.of
        table = np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape)
        weight = (p * (1 - p))[:, None] * patterns.design
        sums = np.column_stack([table.sum(axis=1), self.wins - table @ p, table @ weight])
        top, taken = -np.inf, np.zeros(0, dtype=np.int64)
        for spans in self._spans(sums):
            summed = np.cumsum(sums[spans.order], axis=0)
            summed = np.vstack([np.zeros(sums.shape[1]), summed])
            totals = summed[spans.high] - summed[spans.low]
            gain = state.gains(totals, least, len(self.codes)) - spans.cost
            place = int(gain.argmax())
            if gain[place] > top:
                top = float(gain[place])
                taken = np.sort(spans.order[spans.low[place] : spans.high[place]])
        if not np.isfinite(top):
            return None
        return _Pick(top, self.view.stump(taken), np.isin(self.codes, taken))

    def _spans(self, sums: Floats) -> Iterator[_Spans]:
        """Every set of bins that a rule can take."""
        size = self.view.size
        if self.view.column.presence:
            yield _presence(size)
        if self.view.ordered:
            if size > 1:
                yield _ranges(size)
        elif size:
            # The levels with the highest scores for their information, and those with the lowest.
            score = sums[:size, 1] / (sums[:size, 2] + _SMOOTH)
            yield _ends(np.argsort(score, kind="stable"))


@dataclass(frozen=True)
class _Spans:
    """Sets of bins as stretches of an order of theirs.

    Parameters
    ----------
    order : array of int: bins
    low, high : arrays of int, shape (sets,): where each stretch begins in the order, and where the
        rest goes on
    cost : array of float64, shape (sets,): log-likelihood to be taken off
    """

    order: npt.NDArray[np.signedinteger[Any]]
    low: npt.NDArray[np.signedinteger[Any]]
    high: npt.NDArray[np.signedinteger[Any]]
    cost: Floats


@cache
def _presence(size: int) -> _Spans:
    """All that hold something, and the empty ones."""
    return _Spans(
        np.arange(size + 2), np.array([0, size + 1]), np.array([size + 1, size + 2]), np.zeros(2)
    )


@cache
def _ranges(size: int) -> _Spans:
    """Neighbours; all of them together is what "filled" says."""
    low, high = np.triu_indices(size + 1, 1)
    some = high - low < size
    low, high = low[some], high[some]
    inner = (low > 0) & (high < size)
    cost = np.where(inner, _COST_OF_BETWEEN, _COST_OF_HALF) * np.log(size)
    return _Spans(np.arange(size), low, high, cost)


def _ends(order: npt.NDArray[np.signedinteger[Any]]) -> _Spans:
    """The first and the last few of an order."""
    size = len(order)
    count = np.arange(1, min(size, LONGEST_LIST) + 1)
    cost = np.tile(_COST_OF_LEVEL * size + _COST_OF_VALUE * (count - 1.0), 2)
    low = np.concatenate([np.zeros_like(count), size - count])
    return _Spans(order, low, low + np.tile(count, 2), cost)
