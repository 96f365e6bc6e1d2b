"""Whom a scorecard may learn from, and how many rules so many wins can carry.

Closed leads that are old enough for a win to have come: a young shop's closed leads are mostly the
quick refusals, and a scorecard of those would call every slow buyer bad. Spam counts as not won.
Partners and wrong numbers are no clients and say nothing; an open lead has no outcome yet, however
old it is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sheetsync.crm.base import Book, Results
from sheetsync.crm.cohorts.outcomes import CLOSED
from sheetsync.crm.groups import counted

Bools = npt.NDArray[np.bool_]

EVENTS_PER_RULE = 10
"""Wins, and leads that were not won, for each rule: with fewer, coefficients of a logistic
regression go astray (Peduzzi, P. et al. 1996, "A simulation study of the number of events per
variable in logistic regression analysis", Journal of Clinical Epidemiology 49, 1373-1379)."""

LEAST_EVENTS = 50
"""Fewer than this on either side, and even the number that says how good a scorecard is would be
uncertain by more than ±0.08 (van Smeden, M. et al. 2019, Statistical Methods in Medical Research
28, 2455-2474, show that choosing rules wants more than ten events per rule, not fewer)."""

MOST_LEADS = 40_000
"""The newest ones; more make nothing better, and what sold years ago may not sell now."""


@dataclass(frozen=True)
class Sample:
    """Which leads count, and why the others do not.

    Parameters
    ----------
    rows : array of bool, shape (leads,): those to learn from
    won : array of bool, shape (rows that are true,)
    closed, young, open_mature, older : how many leads are closed in all; closed but created less
        than ``cycle`` days ago; open though older; and closed but before the newest
        :data:`MOST_LEADS` [leads]
    cycle : days in which most wins come; NaN where it is not known, and no lead is called young
    """

    rows: Bools
    won: Bools
    closed: int
    young: int
    open_mature: int
    older: int
    cycle: float

    @property
    def wins(self) -> int:
        return int(self.won.sum())

    @property
    def losses(self) -> int:
        return int((~self.won).sum())

    @property
    def limit(self) -> int:
        """How many rules so many wins and losses can carry."""
        return min(self.wins, self.losses) // EVENTS_PER_RULE


def sample(book: Book, so_far: Results) -> Sample:
    """The leads of a book to learn from.

    Parameters
    ----------
    so_far : with the figures ``maturity`` and ``exposure`` of the cohorts
    """
    leads = book.leads
    counts = leads.index.isin(counted(book).index)
    kind = leads["kind"]
    closed = counts & kind.isin(["won", *CLOSED]).to_numpy(dtype=bool)
    exposure = so_far.figures["exposure"]["young"].reindex(leads.index)
    young = exposure.eq(True).to_numpy(dtype=bool)
    opened = counts & kind.isin(["open"]).to_numpy(dtype=bool)
    mature = closed & ~young
    rows = mature & _newest(mature, leads["created"].to_numpy())
    return Sample(
        rows=rows,
        won=kind.eq("won").fillna(False).to_numpy(dtype=bool)[rows],
        closed=int(closed.sum()),
        young=int((closed & young).sum()),
        open_mature=int((opened & ~young).sum()),
        older=int((mature & ~rows).sum()),
        cycle=float(so_far.figures["maturity"]["cycle"].iloc[0]),
    )


def _newest(among: Bools, created: npt.NDArray[np.datetime64]) -> Bools:
    places = np.flatnonzero(among)
    order = np.argsort(created[places], kind="stable")  # without a date: last, so that they stay
    newest = np.zeros(len(among), dtype=bool)
    newest[places[order[-MOST_LEADS:]]] = True
    return newest
