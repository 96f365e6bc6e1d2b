"""Where leads are lost, and the bottleneck: the stage that loses more than it would have to.

How we count
------------
- A lost lead is counted at the last stage it reached, once.
- The leads that *reached* a stage were in it or, where it may not be skipped, in a later one. They
  are *decided* when they *passed* (reached a later stage, or are won) or were lost there; who is
  still open is not judged.
- What others achieve: a source's losses in a stage are compared with those of all leads of other
  sources there, those of a month of creation with those of the other months. *Excess* is how many
  leads fewer would have been lost at the others' share.
- A difference counts when it is beyond chance: the lower bound of Newcombe's interval for the
  difference of two shares lies above 0, at 95 % shared out among all the comparisons made
  (Bonferroni); both sides have as many decided leads as Settings ask for; and it would still be one
  if all leads that are open in the stage passed, as a young month has not seen its slow ones yet.
- The bottleneck is the stage with the greatest such excess: fix that source, or find out about that
  month. Where no source and no month stands out it is the stage that loses the most leads, and it
  is the stage that needs widening.

References
----------
Newcombe, R. G. (1998), "Interval estimation for the difference between independent proportions:
comparison of eleven methods", Statistics in Medicine 17, 873-890: method 10, from Wilson's bounds.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt
import pandas as pd

from sheetsync.crm.months import month_of
from sheetsync.crm.stages.funnel import Bools, Funnel
from sheetsync.crm.stats import Floats, interval, share, wilson

Counts = npt.NDArray[np.int64]

DIMENSIONS = ("source", "month")
"""By what a stage is compared."""

VERDICTS = ("source", "month", "widen", "few", "none")
"""Why a stage is the bottleneck, or why none is: too few leads, or none lost."""


@dataclass(frozen=True)
class Outcomes:
    """What became of the leads in each stage; each of bool, shape (leads of the base, stages)."""

    reached: Bools
    passed: Bools
    lost: Bools

    @property
    def decided(self) -> Bools:
        return self.passed | self.lost


def outcomes(funnel: Funnel, kind: pd.Series) -> Outcomes:
    """What became of each lead in each stage.

    Parameters
    ----------
    kind : of every lead of the funnel ("open", "won", "lost")
    """
    required = ~funnel.stages["may_skip"].to_numpy(dtype=bool)
    further = funnel.passed().to_numpy(dtype=bool)
    reached = funnel.visited.to_numpy(dtype=bool) | (further & required)
    won = kind.eq("won").to_numpy(dtype=bool)[:, None]
    lost = np.zeros_like(reached)
    at = funnel.stages.index.get_indexer(pd.Index(last_stage(funnel, kind)))
    lost[np.arange(len(at))[at >= 0], at[at >= 0]] = True
    return Outcomes(reached, reached & (further | won), lost)


def last_stage(funnel: Funnel, kind: pd.Series) -> pd.Series:
    """The last stage that each lost lead reached; missing for one that reached none, and for those
    that are not lost."""
    stage: pd.Series = funnel.furthest()["stage"].where(kind.eq("lost").to_numpy(dtype=bool))
    return stage


def losses(funnel: Funnel, leads: pd.DataFrame) -> pd.DataFrame:
    """Lost leads by the last stage they reached.

    Parameters
    ----------
    leads : kind and loss_reason, of every lead of the funnel

    Returns
    -------
    DataFrame, a line per stage and reason, and first those that reached no stage (stage missing);
    within a stage the most frequent reason first, those without one last: stage, reason, lost
    [leads]
    """
    lost = leads["kind"].eq("lost").to_numpy(dtype=bool)
    at = funnel.stages.index.get_indexer(pd.Index(last_stage(funnel, leads["kind"])[lost]))
    reason = leads.loc[lost, "loss_reason"].astype(object)
    counted = (
        pd.DataFrame({"at": at, "reason": reason.where(reason.notna(), "").to_numpy()})
        .value_counts()
        .rename("lost")
        .reset_index()
    )
    counted["none"] = counted["reason"].eq("")
    counted = counted.sort_values(
        ["at", "none", "lost", "reason"], ascending=[True, True, False, True], ignore_index=True
    )
    names = np.array([*funnel.stages.index, None], dtype=object)
    return pd.DataFrame(
        {
            "stage": pd.Series(names[counted["at"].to_numpy(dtype=int)], dtype=object),
            "reason": counted["reason"].astype(object).mask(counted["none"], None),
            "lost": counted["lost"].astype("int64"),
        }
    )


def bottleneck(funnel: Funnel, leads: pd.DataFrame, few: int) -> pd.DataFrame:
    """What is lost in each stage against what others achieve, and which stage is the bottleneck.

    Parameters
    ----------
    leads : kind, source and created, of every lead of the funnel
    few : fewer decided leads judge nothing [leads]

    Returns
    -------
    DataFrame, a line per stage: stage; reached, passed, lost, open (reached it, not decided yet),
    decided [leads]; loss, low, high (lost / decided with its 95 % Wilson interval, NaN without
    any) [fraction of 1]. The group that is furthest beyond the others there, all missing where none
    is: by ("source" or "month"), group (its name, YYYY-MM), group_lost, group_decided, others_lost,
    others_decided [leads]; excess (leads lost beyond the others' share) [leads]. verdict (one of
    :data:`VERDICTS`, on the bottleneck's line; "few" and "none" on the line with most losses)
    """
    found = outcomes(funnel, leads["kind"])
    counts = {
        "reached": found.reached.sum(axis=0),
        "passed": found.passed.sum(axis=0),
        "lost": found.lost.sum(axis=0),
        "open": (found.reached & ~found.decided).sum(axis=0),
        "decided": found.decided.sum(axis=0),
    }
    frame = pd.DataFrame(counts, index=funnel.stages.index).astype("int64")
    loss = interval(frame["lost"], frame["decided"]).rename(columns={"share": "loss"})
    frame = frame.join(loss)
    groups = {"source": leads["source"], "month": month_of(leads["created"])}
    compared = [_compare(found, groups[by], by, few) for by in DIMENSIONS]
    every = pd.concat(compared, ignore_index=True)
    worst = _beyond_chance(every).sort_values("excess", ascending=False, kind="stable")
    worst = worst.drop_duplicates("at").set_index("at").drop(columns=["open", "judged"])
    worst.index = frame.index[worst.index.to_numpy(dtype=int)]
    whole = frame.join(worst)
    whole["verdict"] = _verdict(whole, few)
    return whole.rename_axis("stage").reset_index()


def _compare(found: Outcomes, group: pd.Series, by: str, few: int) -> pd.DataFrame:
    """Every stage and group against the others: at (the place of the stage), by, group, the counts
    of both sides, excess, and judged (both sides are enough)."""
    place, names = pd.factorize(group)
    stages, groups = found.lost.shape[1], len(names)

    def count(which: Bools) -> Counts:
        """How many of each group in each stage, stage by stage; leads of no group are nobody's."""
        of, at = np.nonzero(which & (place >= 0)[:, None])
        return np.bincount(at * groups + place[of], minlength=stages * groups)

    lost, decided = count(found.lost), count(found.decided)
    others_lost = np.repeat(found.lost.sum(axis=0), groups) - lost
    others = np.repeat(found.decided.sum(axis=0), groups) - decided
    return pd.DataFrame(
        {
            "at": np.repeat(np.arange(stages), groups),
            "by": pd.Series(by, index=range(stages * groups), dtype=object),
            "group": np.tile(np.asarray(names, dtype=object), stages),
            "group_lost": lost,
            "group_decided": decided,
            "open": count(found.reached & ~found.decided),
            "others_lost": others_lost,
            "others_decided": others,
            "excess": lost - decided * share(others_lost, others),
            "judged": (decided >= max(few, 1)) & (others >= max(few, 1)),
        }
    )


def _beyond_chance(every: pd.DataFrame) -> pd.DataFrame:
    """The comparisons in which the group is worse than the others beyond chance."""
    judged = every[every["judged"]]
    if judged.empty:
        return judged
    z = NormalDist().inv_cdf(1 - 0.025 / len(judged))
    lost, others_lost = judged["group_lost"], judged["others_lost"]
    with_open = judged["group_decided"] + judged["open"]
    surely = (
        difference_low(lost, judged["group_decided"], others_lost, judged["others_decided"], z) > 0
    )
    # At best, all that are still open in the stage pass.
    at_best = share(lost, with_open) > share(others_lost, judged["others_decided"])
    return judged[surely & at_best]


def difference_low(
    lost: pd.Series, n: pd.Series, others_lost: pd.Series, others_n: pd.Series, z: float
) -> Floats:
    """The lower bound of ``lost / n - others_lost / others_n``: Newcombe's hybrid score interval.

    ``n`` and ``others_n`` are above 0; ``z`` is the normal quantile.
    """
    p, q = share(lost, n), share(others_lost, others_n)
    low, high = wilson(lost, n, z)[0], wilson(others_lost, others_n, z)[1]
    bound: Floats = p - q - np.sqrt((p - low) ** 2 + (high - q) ** 2)
    return bound


def _verdict(whole: pd.DataFrame, few: int) -> pd.Series:
    """On the line of the bottleneck why it is one; else missing."""
    verdict = np.full(len(whole), None, dtype=object)
    if whole.empty:
        return pd.Series(verdict, index=whole.index)
    excess, lost = whole["excess"].to_numpy(float), whole["lost"].to_numpy()
    enough = whole["decided"].ge(max(few, 1)).to_numpy(dtype=bool)
    if not np.isnan(excess).all():
        at = int(np.nanargmax(excess))
        verdict[at] = whole["by"].iloc[at]
    elif not enough.any():
        verdict[lost.argmax()] = "few"
    elif not lost.any():
        verdict[0] = "none"
    else:
        # Where the most are lost among too few, no other stage is the bottleneck instead.
        verdict[lost.argmax()] = "widen" if enough[lost.argmax()] else "few"
    return pd.Series(verdict, index=whole.index)


def chosen(found: pd.DataFrame) -> dict[str, object] | None:
    """The line of :func:`bottleneck` with a verdict; None without stages."""
    lines = found[found["verdict"].notna()].to_dict("records")
    return {str(key): value for key, value in lines[0].items()} if lines else None
