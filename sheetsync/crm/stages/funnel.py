"""The funnel: which leads passed which stage, and what that is a share of.

How we count
------------
- A *stage* is a status of kind open or won, in the order of the Statuses tab; statuses of one order
  are alternatives, neither of them later. Lost leads stay in the funnel where they got to.
- The *base* is what every stage is divided by: leads created, less the branches that are no
  clients (partner, not a lead, spam), less the leads whose status can't be read, less the
  *untouched* ones. Where Settings name a first day to count from, leads created *before* it and
  *undated* ones are set apart first of all. The parts and the base add up to the leads created.
- A lead is untouched while it stands in the first status and its log shows no other known one.
- A lead has *visited* a stage when it stands there or any line of its log names it, once however
  often it returned; so the shares need not add up to 100 %.
- A stage is *assumed* passed when it was visited or a later one was.
- A stage is *skipped* when a later one was visited, it never was, and the Statuses tab does not say
  that it may be.
- An *alarm*: a stage that more leads visited than an earlier one that may not be skipped.
- The *previous* stage is the nearest earlier one that may not be skipped.
- A lead has *moved back* when it stands in an earlier stage than it had reached. A stage that may
  be skipped or that parks lies *beside* the way: standing there is no step back, and coming from
  where leads are parked is none either. The first status is where the way begins, whatever it says.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from sheetsync.crm.months import month_of
from sheetsync.crm.stats import interval

BRANCHES = ("spam", "partner", "not_a_lead")
"""Kinds that are neither clients nor lost ones: counted, and left out of every funnel."""

PARTS = ("base", "untouched", *BRANCHES, "unknown", "before", "undated")
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


def parts(
    leads: pd.DataFrame,
    been: pd.DataFrame,
    first: str | None,
    work_from: date | None = None,
) -> pd.Series:
    """Where each lead is counted: one of :data:`PARTS`.

    Parameters
    ----------
    leads : DataFrame with created, status and kind
    been : of :func:`visits`, over all known statuses
    first : of :func:`first_status`
    work_from : the first day that counts; all count where there is none
    """
    kind = leads["kind"].astype(object)
    here = [] if first is None else [first]
    untouched = leads["status"].isin(here) & ~been.drop(columns=here).any(axis=1)
    part = kind.where(kind.isin(BRANCHES), "base").mask(untouched, "untouched")
    part = part.mask(kind.isna(), "unknown")
    if pd.isna(work_from):
        return part
    created = leads["created"]
    before = part.mask(created.lt(pd.Timestamp(work_from)), "before")
    return before.mask(created.isna(), "undated")


def base_figures(part: pd.Series) -> pd.DataFrame:
    """One line: created (all of them), and how many are in each of :data:`PARTS` [leads]."""
    counts = part.value_counts().reindex(list(PARTS), fill_value=0).astype("int64")
    return pd.DataFrame({"created": [len(part)]} | {name: [counts[name]] for name in PARTS})


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

    def furthest(self, beside: Collection[str] = ()) -> pd.DataFrame:
        """The last stage each lead has been in, but for those ``beside``: stage (the first of
        alternatives; missing for none) and its order (-inf for none), by lead id."""
        way = [name for name in self.stages.index if name not in beside]
        orders = self.stages.loc[way, "order"].to_numpy(dtype=np.float64)
        been = self.visited[way].to_numpy(dtype=bool)
        order = np.where(been, orders, -np.inf).max(axis=1, initial=-np.inf)
        last = been & (orders == order[:, None])
        place = np.column_stack([last, ~last.any(axis=1)]).argmax(axis=1)
        stage = np.array([*way, None], dtype=object)[place]
        return pd.DataFrame({"stage": stage, "order": order}, index=self.visited.index)

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
        counts = dict(self.visited.sum())
        found = [
            min(
                (e for e in earlier if counts[e] < counts[stage]),
                key=counts.__getitem__,
                default=None,
            )
            for stage, earlier in self._earlier().items()
        ]
        return pd.Series(found, index=self.stages.index, dtype=object)

    def previous(self) -> pd.Series:
        """For each stage the nearest earlier one that may not be skipped; missing where there is
        none."""
        order = dict(self.stages["order"])
        found = [max(e, key=order.__getitem__, default=None) for e in self._earlier().values()]
        return pd.Series(found, index=self.stages.index, dtype=object)

    def _earlier(self) -> dict[str, list[str]]:
        """For each stage those that must come before it, in the order of the stages."""
        order = dict(self.stages["order"])
        required = [str(stage) for stage, may in self.stages["may_skip"].items() if not may]
        return {stage: [e for e in required if order[e] < order[stage]] for stage in order}

    def figures(self, few: int) -> pd.DataFrame:
        """One line per stage, in order.

        Parameters
        ----------
        few : a base below it judges nobody [leads]

        Returns
        -------
        DataFrame: stage, order, kind; visited, assumed, passed (were in a later one), skipped, base
        [leads]; share, low, high (visited / base with its 95 % Wilson interval, NaN when the base
        is empty), assumed_share, assumed_low, assumed_high [fraction of 1]; previous (the stage
        before it, missing where that is the base), previous_share (assumed / assumed of the
        previous, NaN without any); few (bool); exceeds (the earlier required stage that counts
        less, or missing)
        """
        visited = self.visited.sum().astype("int64")
        assumed = self.assumed().sum().astype("int64")
        base = pd.Series(self.base, index=visited.index, dtype="int64")
        previous = self.previous()
        of_previous = previous.map(assumed).fillna(base).astype("float64")
        return (
            pd.DataFrame(
                {
                    "order": self.stages["order"],
                    "kind": self.stages["kind"],
                    "visited": visited,
                    "assumed": assumed,
                    "passed": self.passed().sum().astype("int64"),
                    "skipped": self.skipped().sum().astype("int64"),
                    "base": base,
                    **interval(visited, base),
                    **interval(assumed, base).add_prefix("assumed_"),
                    "previous": previous,
                    "previous_share": assumed / of_previous.where(of_previous > 0),
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


def beside(stages: pd.DataFrame, first: str | None) -> pd.Index[str]:
    """The stages that lie beside the way: those that may be skipped or that park, but the first."""
    off = stages["may_skip"].astype(bool) | stages["parks"].astype(bool)
    return stages.index[off & (stages.index != first)]


def parking(stages: pd.DataFrame) -> pd.Index[str]:
    """The stages in which leads are parked."""
    return stages.index[stages["parks"].astype(bool)]


def skipped_leads(leads: pd.DataFrame, funnel: Funnel) -> pd.DataFrame:
    """One line per lead and skipped stage: lead, stage, source, manager, month (YYYY-MM in which
    the lead was created); by stage, then in the order of the leads."""
    skipped = funnel.skipped()
    stage, row = skipped.to_numpy().T.nonzero()
    found = pd.DataFrame({"lead": skipped.index[row], "stage": skipped.columns[stage]})
    return with_owner(found, leads)


def with_owner(found: pd.DataFrame, leads: pd.DataFrame) -> pd.DataFrame:
    """The same lines with whose lead each is: source, manager, month (YYYY-MM of creation)."""
    of = leads.loc[found["lead"], ["source", "manager", "created"]]
    return found.assign(
        source=of["source"].to_numpy(),
        manager=of["manager"].to_numpy(),
        month=month_of(of["created"]).to_numpy(),
    )


def moved_back(leads: pd.DataFrame, funnel: Funnel, first: str | None) -> pd.DataFrame:
    """Leads that stand in an earlier stage than they had reached: lead, status, reached."""
    status = leads.loc[funnel.visited.index, "status"]
    way = funnel.stages.drop(index=beside(funnel.stages, first))
    stands = status.map(way["order"]).astype(float)
    furthest = funnel.furthest(parking(funnel.stages))
    back = stands < furthest["order"]  # a lead that is lost stands in no stage
    return pd.DataFrame(
        {
            "lead": status.index[back],
            "status": status[back].to_numpy(),
            "reached": furthest.loc[back, "stage"].to_numpy(),
        }
    )
