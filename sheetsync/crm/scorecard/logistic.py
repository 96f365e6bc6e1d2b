"""The regressions behind a scorecard; the only module that needs scikit-learn, and only when used.

Three of them, all logistic with a ridge penalty (le Cessie & van Houwelingen 1992):

- over every bin of every column, whose probabilities the rules are to say again in few words;
- over the rules themselves, whose coefficients become points (this one by hand);
- over the columns as they are, which is what the scorecard is compared with.

References
----------
le Cessie, S. & van Houwelingen, J. C. (1992), "Ridge estimators in logistic regression", Journal of
the Royal Statistical Society C 41, 191-201.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sheetsync.crm.scorecard.binning import View
from sheetsync.errors import InputError

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

RIDGE = 1.0
"""The inverse variance that a rule's coefficient has before anything is known: a prior of about
2.7 times the odds, either way."""
_RIDGE_OF_BINS = 1 / 0.3
"""Stronger over the bins, of which there are many more than rules."""
_STEP = 0.5
"""Size of each step of a number. Neighbouring bins share all steps but one, so the penalty keeps
them near each other."""
_FEW = 5
"""Leads without a value that it takes to learn what a missing value means."""
_CLOSE = 1e-9
"""Log-likelihood: a step that gains less ends the climb."""
_MANY = 300
"""Beyond so many columns a solver that needs no square of them is the quicker one."""


def require() -> None:
    """Refuse in one sentence where scikit-learn is not installed.

    Raises
    ------
    InputError
    """
    try:
        import sklearn  # noqa: F401
    except ModuleNotFoundError:
        raise InputError("fit_not_installed") from None


def one_thread() -> AbstractContextManager[object]:
    """Linear algebra on one processor, within it.

    Matrices of a lead sheet are so small that threads cost more than they bring; and so the order
    of sums, and with it their last digits, does not depend on how many processors there are.
    """
    from threadpoolctl import threadpool_limits  # which scikit-learn depends on

    limits: AbstractContextManager[object] = threadpool_limits(1)
    return limits


def logistic(odds: Floats) -> Floats:
    """Probabilities of log-odds, never quite 0 or 1."""
    return 1 / (1 + np.exp(-np.clip(odds, -35, 35)))


@dataclass(frozen=True)
class Fitted:
    """Log-odds of a win: an intercept, and what each column of a design adds."""

    intercept: float
    weights: Floats

    def odds(self, design: npt.NDArray[np.generic]) -> Floats:
        """Log-odds of every row of a design, shape (rows, columns)."""
        odds: Floats = self.intercept + design.astype(np.float64) @ self.weights
        return odds


@dataclass(frozen=True)
class Patterns:
    """The different ways in which leads meet some rules: a row each, however many leads.

    Parameters
    ----------
    of : array of int, shape (n,): which of the rows each lead is like
    design : array of float64, shape (patterns, 1 + rules): 1, then whether it meets each rule
    leads : array of float64, shape (patterns,): how many leads are like it
    """

    of: Ints
    design: Floats
    leads: Floats

    @staticmethod
    def made_of(masks: Sequence[Bools], n: int) -> Patterns:
        """Of which leads meet each rule: arrays of shape (n,), 62 of them at most."""
        powers = 1 << np.arange(len(masks), dtype=np.int64)
        codes = np.zeros(n, dtype=np.int64)
        for mask, power in zip(masks, powers, strict=True):
            codes += mask * power
        distinct, of = np.unique(codes, return_inverse=True)
        design = np.column_stack([np.ones(len(distinct)), (distinct[:, None] & powers) > 0])
        leads = np.bincount(of, minlength=len(distinct)).astype(np.float64)
        return Patterns(of.astype(np.int64), design, leads)


@dataclass(frozen=True)
class RulesFit:
    """Coefficients of rules, and how sure they are.

    Parameters
    ----------
    coefficients : array of float64, shape (1 + rules,), the intercept first
    p : array of float64, shape (patterns,): the chance of a win of each pattern
    inverse : array of float64, shape (1 + rules, 1 + rules), of the penalised information
    """

    coefficients: Floats
    p: Floats
    inverse: Floats


def fit_rules(patterns: Patterns, chance: Floats) -> RulesFit:
    """Ridge regression of the chance of a win of every lead (or of its outcome, 0 or 1) on rules.

    Newton's method over the patterns, with its steps halved until they lead upwards. All leads of a
    pattern are one row, so the cost hardly depends on their number; a search fits some hundreds of
    these, which is why they are not left to scikit-learn.
    """
    wins = np.bincount(patterns.of, chance, minlength=len(patterns.leads))
    design, leads = patterns.design, patterns.leads
    ridge = np.full(design.shape[1], RIDGE)
    ridge[0] = 0.0

    def height(b: Floats) -> float:
        odds = design @ b
        return float(wins @ odds - leads @ np.logaddexp(0, odds) - ridge @ b**2 / 2)

    b = np.zeros(design.shape[1])
    b[0] = np.log(wins.sum() / (leads - wins).sum())
    best = height(b)
    while True:
        p = logistic(design @ b)
        weight = leads * p * (1 - p)
        information = design.T @ (design * weight[:, None]) + np.diag(ridge)
        inverse = np.asarray(np.linalg.inv(information), dtype=np.float64)
        step = inverse @ (design.T @ (wins - leads * p) - ridge * b)
        while (found := height(b + step)) < best and np.abs(step).max() > _CLOSE:
            step = step / 2
        if found - best <= _CLOSE:
            return RulesFit(b, p, inverse)
        b, best = b + step, found


def chances(views: Sequence[View], won: Bools, train: Bools) -> Floats:
    """The chance of a win of every lead, by a regression over all bins learned from ``train``.

    One that uses everything at once and is far steadier than single outcomes: rules chosen to say
    its probabilities again generalise better than rules chosen to say the outcomes (Paul, Bair,
    Hastie & Tibshirani 2008, "Preconditioning for feature selection and regression in
    high-dimensional problems", Annals of Statistics 36, 1595-1618).

    Returns
    -------
    array of float64, shape (n,) [fraction of 1]
    """
    design = _design(views, train, steps=True)
    return logistic(_fit(design[train], won[train], _RIDGE_OF_BINS).odds(design))


def plain_odds(views: Sequence[View], won: Bools, train: Bools) -> Floats:
    """Log-odds by the usual regression over the same columns: levels as yes or no, numbers as they
    are (standardised), and whether anything is there at all."""
    design = _design(views, train, steps=False)
    return _fit(design[train], won[train], 1.0).odds(design)


def _design(views: Sequence[View], train: Bools, *, steps: bool) -> npt.NDArray[np.float32]:
    columns = [column for view in views for column in _columns(view, train, steps)]
    if not columns:
        return np.zeros((len(train), 1), dtype=np.float32)
    return np.column_stack(columns).astype(np.float32)


def _columns(view: View, train: Bools, steps: bool) -> Iterable[npt.NDArray[np.generic]]:
    if view.column.numeric and not view.ordered:
        return  # its numbers are there as numbers
    for special in (view.size, view.size + 1):
        if (view.codes[train] == special).sum() >= _FEW:
            yield view.codes == special
    if not view.ordered:
        for level in range(view.size):
            yield view.codes == level
        return
    known = view.codes < view.size
    numbers = np.where(known, view.column.numbers, np.nan)
    inside = numbers[train & known]
    middle, spread = inside.mean(), inside.std()
    if spread > 0:
        yield np.nan_to_num((numbers - middle) / spread)
    if steps:
        for step in range(1, view.size):
            yield ((view.codes >= step) & known) * _STEP


def _fit(design: npt.NDArray[np.float32], won: Bools, ridge: float) -> Fitted:
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    solver = "newton-cholesky" if design.shape[1] <= _MANY else "lbfgs"
    model = LogisticRegression(C=1 / ridge, solver=solver, max_iter=500)
    with warnings.catch_warnings():
        # Nearly there is good enough: nobody reads these coefficients' last digits.
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(design, won)
    return Fitted(float(model.intercept_[0]), model.coef_[0].astype(np.float64))
