"""The funnel: which leads passed which stage, and what that is a share of.

How we count
------------
- A *stage* is a status of kind open or won, in the order of the Statuses tab; statuses of one order
  are alternatives, neither of them later. Lost leads stay in the funnel where they got to.
- The *base* is what every stage is divided by: leads created, less the branches that are no
  clients (partner, not a lead, spam), less the leads whose status can't be read, less the
  *untouched* ones. The parts and the base add up to the leads created.
- A lead is untouched while it stands in the first status and its log shows no other known one.
- A lead has *visited* a stage when it stands there or any line of its log names it, once however
  often it returned; so the shares need not add up to 100 %.
- A stage is *assumed* passed when it was visited or a later one was.
- A stage is *skipped* when a later one was visited, it never was, and the Statuses tab does not say
  that it may be.
- An *alarm*: a stage that more leads visited than an earlier one that may not be skipped.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from sheetsync.crm.stats import interval

BRANCHES = ("spam", "partner", "not_a_lead")
"""Kinds that are neither clients nor lost ones: counted, and left out of every funnel."""

PARTS = ("base", "untouched", *BRANCHES, "unknown")
"""Where a created lead is counted, exactly once."""

Bools = npt.NDArray[np.bool_]


def first_status(statuses: pd.DataFrame) -> str | None:
    """The open status of the lowest order, in which a lead starts; None when none is open."""
    opened = statuses.loc[statuses["kind"].isin(["open"]), "order"]
    return None if opened.empty else str(opened.idxmin())


def stages(statuses: pd.DataFrame) -> pd.DataFrame:
    """The rows of the statuses that make the funnel, in order."""
    return statuses[statuses["kind"].isin(["open", "won"])].sort_values("order", kind="stable")


def visits(status: pd.Series, log: pd.DataFrame, statuses: pd.Index[str]) -> pd.DataFrame:
    """Which statuses each lead has ever been in.

    Parameters
    ----------
    status : Series of str, indexed by lead id: where each lead stands now
    log : DataFrame with the columns lead, from_status and to_status
        A line proves both of its statuses. Unknown leads and statuses prove nothing.
    statuses : names of the columns to make

    Returns
    -------
    DataFrame of bool, shape (leads, statuses)
    """
    been = np.zeros((len(status), len(statuses)), dtype=bool)
    log_rows = status.index.get_indexer(pd.Index(log["lead"]))
    seen = [(log_rows, log["from_status"]), (log_rows, log["to_status"])]
    for rows, names in [*seen, (np.arange(len(status)), status)]:
        columns = statuses.get_indexer(pd.Index(names))
        known = (rows >= 0) & (columns >= 0)
        been[rows[known], columns[known]] = True
    return pd.DataFrame(been, index=status.index, columns=statuses)


def parts(leads: pd.DataFrame, been: pd.DataFrame, first: str | None) -> pd.Series:
    """Where each lead is counted: one of :data:`PARTS`.

    Parameters
    ----------
    leads : DataFrame with status and kind
    been : of :func:`visits`, over all known statuses
    first : of :func:`first_status`
    """
    kind = leads["kind"].astype(object)
    here = [] if first is None else [first]
    untouched = leads["status"].isin(here) & ~been.drop(columns=here).any(axis=1)
    part = kind.where(kind.isin(BRANCHES), "base").mask(untouched, "untouched")
    return part.mask(kind.isna(), "unknown")


@dataclass(frozen=True)
class Funnel:
    """Leads of the base against stages.

    Parameters
    ----------
    stages : DataFrame indexed by stage: kind, order, may_skip
    visited : DataFrame of bool, shape (leads of the base, stages), indexed by lead id
    """

    stages: pd.DataFrame
    visited: pd.DataFrame

    @property
    def base(self) -> int:
        """Leads that the shares are of."""
        return len(self.visited)

    def furthest(self) -> pd.DataFrame:
        """The last stage each lead has been in: stage (the first of alternatives; missing for
        none) and its order (-inf for none), by lead id."""
        order = pd.Series(self._furthest(), index=self.visited.index)
        stage = pd.Series(None, index=order.index, dtype=object)
        for name in reversed(self.stages.index):
            here = self.visited[name] & order.eq(self.stages.loc[name, "order"])
            stage = stage.mask(here, name)
        return pd.DataFrame({"stage": stage, "order": order})

    def assumed(self) -> pd.DataFrame:
        """Visited, or a later stage was; bool, as ``visited``."""
        return self.visited | self._frame(self._later())

    def passed(self) -> pd.DataFrame:
        """A later stage was visited, so this one was visited or skipped; bool."""
        return self._frame(self._later())

    def skipped(self) -> pd.DataFrame:
        """Never visited though a later stage was, and it may not be skipped; bool."""
        required = ~self.stages["may_skip"].to_numpy(dtype=bool)
        return self._frame(self._later() & ~self.visited.to_numpy(dtype=bool) & required)

    def exceeded(self) -> pd.Series:
        """For each stage the earlier required stage that fewer leads visited (of several, the one
        with the fewest); missing where there is none."""
        counts = self.visited.sum()
        order = self.stages["order"]
        required = ~self.stages["may_skip"].astype(bool)
        found: dict[str, str | None] = {}
        for stage in self.stages.index:
            earlier = counts[required & (order < order[stage])]
            smaller = earlier[earlier < counts[stage]]
            found[stage] = None if smaller.empty else str(smaller.idxmin())
        return pd.Series(found, index=self.stages.index, dtype=object)

    def figures(self, few: int) -> pd.DataFrame:
        """One line per stage, in order.

        Parameters
        ----------
        few : a base below it judges nobody [leads]

        Returns
        -------
        DataFrame: stage, order, kind; visited, assumed, passed (were in a later one), base [leads];
        share, low, high (visited / base with its 95 % Wilson interval, NaN when the base is empty)
        [fraction of 1]; few (bool); exceeds (the earlier required stage that counts less, or
        missing)
        """
        visited = self.visited.sum().astype("int64")
        base = pd.Series(self.base, index=visited.index, dtype="int64")
        return (
            pd.DataFrame(
                {
                    "order": self.stages["order"],
                    "kind": self.stages["kind"],
                    "visited": visited,
                    "assumed": self.assumed().sum().astype("int64"),
                    "passed": self.passed().sum().astype("int64"),
                    "base": base,
                    **interval(visited, base),
                    "few": base < few,
                    "exceeds": self.exceeded(),
                }
            )
            .rename_axis("stage")
            .reset_index()
        )

    def _furthest(self) -> npt.NDArray[np.float64]:
        order = self.stages["order"].to_numpy(dtype=np.float64)
        reached = np.where(self.visited.to_numpy(dtype=bool), order, -np.inf)
        furthest: npt.NDArray[np.float64] = reached.max(axis=1, initial=-np.inf)
        return furthest

    def _later(self) -> Bools:
        order = self.stages["order"].to_numpy(dtype=float)
        later: Bools = self._furthest()[:, None] > order
        return later

    def _frame(self, values: Bools) -> pd.DataFrame:
        return pd.DataFrame(values, index=self.visited.index, columns=self.visited.columns)
