"""Columns that know the outcome: written down because a lead was won or lost, and not before.

A score made of them looks marvellous on closed leads and says nothing of a new one. Nobody records
when a cell was filled, so each sign of it is indirect:

- it is filled for closed leads, and hardly ever for open ones as old as those were when they closed
  (``after``);
- it holds dates on or after the day on which History has the lead closed (``dated``);
- it repeats the status (``status``), or tells the outcome nearly alone (``tells``);
- History shows open leads beyond the first stage with it and hardly any in the first (``later``).

And a column that merely counts its rows (``counter``) is no property of a lead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from sheetsync import cells
from sheetsync.crm.base import Book, Results
from sheetsync.crm.cohorts.outcomes import CLOSED, outcomes
from sheetsync.crm.groups import at_work, counted
from sheetsync.crm.scorecard.binning import views
from sheetsync.crm.scorecard.columns import Column
from sheetsync.crm.scorecard.evaluation import auc
from sheetsync.crm.scorecard.sample import Sample
from sheetsync.crm.stages.funnel import first_status
from sheetsync.crm.stages.log import appended
from sheetsync.crm.stats import wilson
from sheetsync.locales import LANGUAGES, load

Bools = npt.NDArray[np.bool_]

ENOUGH = 20
"""Open leads it takes to say that a column is hardly ever filled for them."""
COMMON = 0.1
"""A column filled for fewer of the closed leads than this can't carry much of a score."""
CERTAIN, DOUBTFUL = 4, 2
"""How many times as often it must be filled for closed leads as it could at most be for open ones
(the upper end of the 95 % interval), to be left out and to be warned of."""
HARDLY_EVER = 0.05
"""And filled for more of the open leads than this it is only warned of."""
TELLS, NEARLY = 0.97, 0.9
"""AUC of a single column from which it is left out, and from which it is warned of."""
SURE = 0.98
"""Share of wins among the leads of one level from which it is warned of, when they are at least a
fifth of all wins and most leads are not won."""
_MOST = 0.8


@dataclass(frozen=True)
class Leak:
    """A column that seems to know the outcome.

    Parameters
    ----------
    column, field : its key, and its header
    reason : see the module
    left_out : False where it is only doubtful, and was used all the same
    counts : the numbers behind it, to be put into the sentence ``scorecard.leak.<reason>``
    """

    column: str
    field: str
    reason: str
    left_out: bool
    counts: Mapping[str, int | float]


def leaks(columns: Sequence[Column], book: Book, so_far: Results, found: Sample) -> dict[str, Leak]:
    """The columns (over all leads of the book) that must not, or should not, be used, by key."""
    history = _History.of(book, so_far)
    suspects: dict[str, Leak] = {}
    for column in columns:
        for leak in (
            _by_dates(column, history),
            _by_status(column, book),
            _by_counting(column),
            _by_emptiness(column, history),
            _by_telling(column.take(found.rows), found.won),
            _by_stage(column, history),
        ):
            if leak is not None and (column.key not in suspects or leak.left_out):
                suspects[column.key] = leak
                if leak.left_out:
                    break
    return suspects


@dataclass(frozen=True)
class _History:
    """What became of each lead of the book, and where it stands; all arrays have shape (leads,).

    ``old_open`` are open leads as old as half of the closed ones were when they were closed, but
    those whose loss is proposed: what is filled in for that knows the outcome. ``closed_on`` is in
    days since 1970-01-01, NaN where it is not known.
    """

    won: Bools
    lost: Bools
    old_open: Bools
    first: Bools
    beyond: Bools
    closed_on: npt.NDArray[np.float64]

    @staticmethod
    def of(book: Book, so_far: Results) -> _History:
        """What is known of how each lead of a book went."""
        leads = book.leads
        counts = leads.index.isin(counted(book).index)
        kind = leads["kind"]
        new = appended(so_far)
        known = outcomes(leads, book, new)
        after = known["won_after"].fillna(known["closed_after"])
        opened = counts & at_work(leads).to_numpy(dtype=bool)
        usual = after.median() if after.notna().any() else 0.0
        old = known["age"].ge(usual).to_numpy(dtype=bool)
        start = leads["status"].eq(first_status(book.statuses) or "").to_numpy(dtype=bool)
        created = (leads["created"].dt.normalize() - pd.Timestamp(0)).dt.days
        return _History(
            won=counts & kind.isin(["won"]).to_numpy(dtype=bool),
            lost=counts & kind.isin(CLOSED).to_numpy(dtype=bool),
            old_open=opened & old,
            first=opened & start,
            beyond=opened & ~start,
            closed_on=(created + after).to_numpy(dtype=np.float64, na_value=np.nan),
        )


def _by_emptiness(column: Column, history: _History) -> Leak | None:
    """Filled when a lead is closed, one way or the other."""
    best = None
    for outcome in (history.won, history.lost):
        times, counts = _times(column.filled, outcome, history.old_open)
        if times >= DOUBTFUL and (best is None or times > best[0]):
            best = times, counts
    if best is None:
        return None
    times, counts = best
    rare = counts["open_filled"] <= HARDLY_EVER * counts["open"]
    return Leak(column.key, column.field, "after", times >= CERTAIN and rare, counts)


def _by_stage(column: Column, history: _History) -> Leak | None:
    times, counts = _times(column.filled, history.beyond, history.first)
    if times < CERTAIN:
        return None
    return Leak(column.key, column.field, "later", False, counts)


def _times(filled: Bools, these: Bools, those: Bools) -> tuple[float, dict[str, int | float]]:
    """How many times as often ``these`` are filled as ``those`` at most are; 0 where too few."""
    n, others = int(these.sum()), int(those.sum())
    here, there = int((filled & these).sum()), int((filled & those).sum())
    counts: dict[str, int | float] = {"filled": here, "of": n, "open_filled": there, "open": others}
    if others < ENOUGH or n < ENOUGH or here < COMMON * n:
        return 0.0, counts
    _, high = wilson(there, others)
    return here / n / float(high), counts


def _by_dates(column: Column, history: _History) -> Leak | None:
    if column.days is None:
        return None
    known = ~np.isnan(column.days) & ~np.isnan(history.closed_on)
    late = known & (column.days >= history.closed_on)
    n = int(known.sum())
    if n < ENOUGH or late.sum() < _MOST * n:
        return None
    return Leak(column.key, column.field, "dated", True, {"late": int(late.sum()), "of": n})


def _by_status(column: Column, book: Book) -> Leak | None:
    there = column.places >= 0
    if not there.any():
        return None
    names = [*map(str, book.statuses.index)]
    for lang in LANGUAGES:
        names += load(lang).group("choices.kind").values()
    folded = {cells.fold(name) for name in names}
    is_status = np.array([cells.fold(level) in folded for level in column.levels])
    same = int(is_status[column.places[there]].sum())
    n = int(there.sum())
    if same < _MOST * n:
        return None
    return Leak(column.key, column.field, "status", True, {"same": same, "of": n})


def _by_counting(column: Column) -> Leak | None:
    """Whole numbers that differ in every row and go up or down with the rows."""
    if not (column.codes and column.key.startswith("own:")):
        return None
    numbers = column.numbers[~np.isnan(column.numbers)]
    if len(numbers) < ENOUGH or len(np.unique(numbers)) < len(numbers):
        return None
    steps = np.sign(np.diff(numbers))
    if abs(steps.mean()) < _MOST:
        return None
    return Leak(column.key, column.field, "counter", True, {"of": len(numbers)})


def _by_telling(column: Column, won: Bools) -> Leak | None:
    """The AUC of the column alone, each bin ordered by its share of wins."""
    if not won.any() or won.all():
        return None
    everyone = np.ones(len(won), dtype=bool)
    best, sure = 0.5, 0.0
    for view in views(column, everyone, ENOUGH):
        leads = np.bincount(view.codes, minlength=view.size + 3)
        wins = np.bincount(view.codes, won, minlength=view.size + 3)
        # Drawn to the average, so that bins of few leads don't tell by chance.
        share = (wins + won.mean()) / (leads + 1)
        best = max(best, auc(share[view.codes], won).value)
        telling = (wins >= SURE * leads) & (wins >= won.sum() / 5)
        if telling.any() and won.mean() < 0.5:
            sure = max(sure, float((wins / np.maximum(leads, 1))[telling].max()))
    if best < NEARLY and not sure:
        return None
    counts = {"auc": round(best, 3), "of": len(won)}
    return Leak(column.key, column.field, "tells", best >= TELLS, counts)
