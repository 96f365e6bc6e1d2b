"""The way of every lead through the stages: found once, counted for any selection of leads."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from sheetsync.crm.base import Book, Results
from sheetsync.crm.stages import stays as stay
from sheetsync.crm.stages.bottleneck import bottleneck, losses
from sheetsync.crm.stages.funnel import (
    Funnel,
    base_figures,
    beside,
    first_status,
    moved_back,
    parts,
    skipped_leads,
    stages,
    visits,
    with_owner,
)
from sheetsync.crm.stages.log import appended, whole_log

CLIENTS = ("base", "untouched")
"""Parts whose stays are timed: who waits untouched waits too; a wrong number's minute in the first
status tells nothing."""


@dataclass(frozen=True)
class Ways:
    """What is known of the ways of all leads.

    Parameters
    ----------
    leads : of the book
    stages : of :func:`~.funnel.stages`
    first : the status in which leads start, or None
    been : of :func:`~.funnel.visits`
    part : of :func:`~.funnel.parts`, by lead id
    stays : of :func:`~.stays.stays`, of all leads
    few : fewer leads or stays judge nothing
    """

    leads: pd.DataFrame
    stages: pd.DataFrame
    first: str | None
    been: pd.DataFrame
    part: pd.Series
    stays: pd.DataFrame
    few: int


@dataclass(frozen=True)
class Statistics:
    """The stages of some leads, counted; each a DataFrame.

    Parameters
    ----------
    base : one line: created, and how many are in each of :data:`~.funnel.PARTS`
    funnel : :meth:`~.funnel.Funnel.figures`, a line per stage, and with it entries
        (times that a lead came into it, the first included), returned (leads that came into it
        again), returns (times they did), back (leads that came to it from a later stage), lost
        (leads lost that had reached it last)
    skipped : of :func:`~.funnel.skipped_leads`
    moved_back : of :func:`~.funnel.moved_back`
    returns : of :func:`~.stays.returns`, and source, manager, month of the lead
    times : of :func:`~.stays.times`
    losses : of :func:`~.bottleneck.losses`
    bottleneck : of :func:`~.bottleneck.bottleneck`
    """

    base: pd.DataFrame
    funnel: pd.DataFrame
    skipped: pd.DataFrame
    moved_back: pd.DataFrame
    returns: pd.DataFrame
    times: pd.DataFrame
    losses: pd.DataFrame
    bottleneck: pd.DataFrame


def ways(book: Book, so_far: Results) -> Ways:
    """The ways of all leads, by History and the lines about to be appended to it."""
    return ways_by(whole_log(book.history, appended(so_far)), book)


def ways_by(log: pd.DataFrame, book: Book) -> Ways:
    """The ways of all leads by a log; see :func:`~.log.whole_log`."""
    first = first_status(book.statuses)
    been = visits(book.leads["status"], log, book.statuses.index)
    return Ways(
        leads=book.leads,
        stages=stages(book.statuses),
        first=first,
        been=been,
        part=parts(book.leads, been, first, book.settings["work_from"]),
        stays=stay.stays(log, book.leads["created"], book.now),
        few=int(book.settings["few"]),
    )


def as_persons(known: Ways, book: Book, first_row: pd.Series) -> Ways:
    """The ways of people where one person has several rows: each row has been wherever one of them
    was, and is won if one of them is. The stays remain those of each row.

    Parameters
    ----------
    first_row : Series of str, by lead id in the order of the leads: the first row of the person
    """
    person = pd.factorize(first_row)[0]
    been = known.been.groupby(person).transform("any")
    won = known.leads["kind"].eq("won").fillna(False).astype(bool).groupby(person).transform("any")
    leads = known.leads.assign(kind=known.leads["kind"].mask(won, "won"))
    part = parts(leads, been, known.first, book.settings["work_from"])
    return replace(known, leads=leads, been=been, part=part)


def count(known: Ways, selected: pd.Series | None = None) -> Statistics:
    """Everything that can be counted of the stages of some leads.

    Parameters
    ----------
    selected : Series of bool by lead id, in the order of the leads; all where it is left out
    """
    part = known.part if selected is None else known.part[selected]
    base = part.index[part.eq("base")]
    leads = known.leads.loc[base]
    funnel = Funnel(known.stages, known.been.loc[base, known.stages.index])
    clients = known.stays[known.stays["lead"].isin(part.index[part.isin(CLIENTS)])]
    in_base = clients[clients["lead"].isin(base)]
    off = beside(known.stages, known.first)
    returns = stay.returns(in_base, known.stages, off)
    lost = losses(funnel, leads)
    return Statistics(
        base=base_figures(part),
        funnel=_with_entries(funnel.figures(known.few), in_base, returns, lost),
        skipped=skipped_leads(known.leads, funnel),
        moved_back=moved_back(known.leads, funnel, known.first),
        returns=with_owner(returns, known.leads),
        times=stay.times(clients, known.stages.index, known.few),
        losses=lost,
        bottleneck=bottleneck(funnel, leads, known.few),
    )


def _with_entries(
    figures: pd.DataFrame, of: pd.DataFrame, returns: pd.DataFrame, lost: pd.DataFrame
) -> pd.DataFrame:
    again, back = returns[returns["times"].gt(0)], returns[returns["back"].gt(0)]
    counts = {
        "entries": of["status"].value_counts(),
        "returned": again["stage"].value_counts(),
        "returns": again.groupby("stage")["times"].sum(),
        "back": back["stage"].value_counts(),
        "lost": lost.groupby("stage")["lost"].sum(),
    }
    more = {
        name: figures["stage"].map(counted).fillna(0).astype("int64").to_numpy()
        for name, counted in counts.items()
    }
    return figures.assign(**more)
