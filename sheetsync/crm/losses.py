"""Losses in two steps: a manager proposes, a senior approves.

How we count
------------
- A lead in a status of kind lost that needs approval (Statuses) is *proposed* while it lacks any of
  three things: its required steps, ticked (those that are due once it stands there, by
  :func:`~sheetsync.crm.checklist.due_steps`); a reason that the list of reasons knows; in "Loss
  approved by" the name of somebody who may approve it. With all three it is lost like any other.
- A proposed loss counts as open everywhere: its ``kind`` is "open" from the moment the book is
  understood. It owes no next action and is never overdue or stuck; it waits for its approval.
- Seniors and owners of Team may approve, their own leads too. Where Team names none, everybody in
  it may but the lead's own manager. Where that leaves nobody, no approval is asked.
- A proposed loss that has stood in its status for more days than Settings allow is a *violation*
  of the lead's manager, as is a loss that needs no approval and was closed without its required
  steps. The days are those of the status: calendar or working days, since its last line of History.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from sheetsync.crm.base import Book, Capability, Part, Results, Setting, no_flags
from sheetsync.crm.checklist import missing_steps, step_lists
from sheetsync.crm.flagging import flag
from sheetsync.crm.groups import counted, places
from sheetsync.crm.overdue import days_text
from sheetsync.layout import Column, Rule, Style

NOT_APPROVED = 90
"""Severity of a proposed loss that has waited too long: as of a lead closed without its steps."""

PROPOSED = 60
"""Severity of a proposed loss: something is missing, and nobody is late yet."""

LACKS = ("steps", "reason", "approval")

_LOST_AND_ASKING = (
    "COUNTIFS({all:statuses.status};{status};{all:statuses.kind};{text:choices.kind.lost};"
    "{all:statuses.needs_approval};"
)
_IS_PROPOSED = (
    # As soon as somebody chooses a status that needs approval (a tick is TRUE on Google, a sign in
    # a file), until a refresh finds it approved. A status that is typed another way is what the
    # last refresh understood it as.
    f'OR(AND({_LOST_AND_ASKING}TRUE())+{_LOST_AND_ASKING}"✓")>0;{{kind}}<>{{text:choices.kind.lost}});'
    "AND(COUNTIFS({all:statuses.status};{status})=0;{kind}={text:losses.kind}))"
)

_OF_TEAM = (
    Column("proposed", "tool", "integer", width=110),
    Column("violations", "tool", "integer", width=120),
)


def lacking(book: Book) -> pd.DataFrame:
    """What the losses that need approval lack.

    Returns
    -------
    DataFrame of bool, indexed by the ids of the leads in a lost status that needs approval; a
        column for each of :data:`LACKS`
    """
    leads = book.leads[book.leads["status"].isin(asking(book))]
    return pd.DataFrame(
        {
            "steps": missing_steps(book, leads["status"]).any(axis=1),
            "reason": leads["loss_reason"].isna(),
            "approval": ~approved(book, leads),
        },
        index=leads.index,
        dtype=bool,
    )


def kept_open(book: Book) -> Book:
    """The book with its proposed losses told: ``proposed`` in leads, and their kind open."""
    lacks = lacking(book)
    proposed = book.leads.index.isin(lacks.index[lacks.any(axis=1)])
    kind = book.leads["kind"].mask(proposed, "open")
    return replace(book, leads=book.leads.assign(kind=kind, proposed=proposed))


def asking(book: Book) -> pd.Index[str]:
    """The lost statuses that need approval."""
    statuses = book.statuses
    return statuses.index[statuses["kind"].isin(["lost"]) & statuses["needs_approval"]]


def seniors(book: Book) -> pd.Index[str]:
    """The names of the seniors and owners of Team, in its order."""
    return book.team.index[book.team["role"].isin(["senior", "owner"])]


def approvers(book: Book, manager: object) -> list[str]:
    """Who may approve a loss of this manager; empty where nobody can be asked."""
    bosses = seniors(book)
    return list(bosses) if len(bosses) else [name for name in book.team.index if name != manager]


def approved(book: Book, leads: pd.DataFrame) -> pd.Series:
    """Whether somebody who may has approved a loss of each of some leads, or nobody can be asked
    to (bool, by lead id).

    Parameters
    ----------
    leads : approved_by and manager are read
    """
    bosses, by = seniors(book), leads["approved_by"].astype(object)
    if len(bosses):
        return by.isin(bosses)
    manager = leads["manager"].astype(object)
    others = len(book.team) - manager.isin(book.team.index).astype(int)
    found: pd.Series = others.eq(0) | (by.isin(book.team.index) & by.ne(manager))
    return found


def known_kinds(book: Book, lead: pd.Series, status: pd.Series) -> pd.Series:
    """The kinds of statuses that leads went through: a lost one that needs approval is open for a
    lead of which nobody has approved a loss.

    Parameters
    ----------
    lead, status : of lines of a log, same index
    """
    pending = book.leads.index[~approved(book, book.leads)]
    kind = status.map(book.statuses["kind"])
    return kind.mask(status.isin(asking(book)) & lead.isin(pending), "open")


def waiting(book: Book, so_far: Results) -> pd.DataFrame:
    """The proposed losses.

    Parameters
    ----------
    so_far : with the days in stage, and the figure ``missing_steps``

    Returns
    -------
    DataFrame indexed by lead id, in the order of the leads
        days (Int64, since it was proposed; missing where that is not known), too_long (bool),
        needed (text: what it still needs, in the CRM's language)
    """
    leads = book.leads[book.leads["proposed"]]
    missing = so_far.figures["missing_steps"].loc[leads.index]
    days = so_far.columns["leads"]["stage_days"].reindex(leads.index).astype("Int64")
    too_long = days.gt(int(book.settings["approve_within_days"])).fillna(False).astype(bool)
    needed = _needed(book, leads, missing)
    return pd.DataFrame({"days": days, "too_long": too_long, "needed": needed})


def compute(book: Book, so_far: Results) -> Part:
    """Flags of proposed losses, and what each manager's losses are.

    Figures: ``proposed``, of :func:`waiting`; ``manager_losses``: manager (missing in the last
    line: of nobody known), proposed (losses of his that wait for approval), violations (leads of
    his lost against the rules). His leads are those that conversions count.
    """
    found = waiting(book, so_far)
    missing = so_far.figures["missing_steps"].any(axis=1)
    against = (book.leads["kind"].isin(["lost"]) & missing) | book.leads.index.isin(
        found.index[found["too_long"]]
    )
    team = _by_manager(book, against)
    flags = [frame for frame in _flags(book, found) if len(frame)]
    return Part(
        columns={"team": team.iloc[: len(book.team)].set_index("manager")},
        flags=pd.concat(flags, ignore_index=True) if flags else no_flags(),
        figures={"proposed": found, "manager_losses": team},
    )


def _needed(book: Book, leads: pd.DataFrame, missing: pd.DataFrame) -> pd.Series:
    """What each proposed loss still needs, in one text; the same needs are worded once."""
    words = book.words
    who = "senior" if len(seniors(book)) else "other"
    texts = {
        "reason": words("losses.needs.reason", header=_header(book, "loss_reason")),
        "approval": words(f"losses.needs.{who}", header=_header(book, "approved_by")),
    }
    steps = step_lists(missing, book.steps)

    def text(reason: bool, approval: bool, names: str) -> str:
        said = [texts[key] for key, here in (("reason", reason), ("approval", approval)) if here]
        return ", ".join([*said, words("losses.needs.steps", steps=names)] if names else said)

    unapproved = ~approved(book, leads)
    needs = list(zip(leads["loss_reason"].isna(), unapproved, steps, strict=True))
    made = {need: text(*need) for need in set(needs)}
    return pd.Series([made[need] for need in needs], leads.index, dtype=object)


def _header(book: Book, column: str) -> str:
    return book.headers.get(column) or book.words(f"columns.leads.{column}")


def _by_manager(book: Book, against: pd.Series) -> pd.DataFrame:
    leads, names = counted(book), book.team.index
    place = places(leads["manager"], names)
    sums = {"proposed": leads["proposed"], "violations": against[leads.index]}
    counts = {
        key: pd.Series(
            np.bincount(place[which.to_numpy()], minlength=len(names) + 1), dtype="Int64"
        )
        for key, which in sums.items()
    }
    return pd.DataFrame({"manager": pd.Series([*names, None], dtype=object), **counts})


def _flags(book: Book, found: pd.DataFrame) -> Iterator[pd.DataFrame]:
    words, working = book.words, book.settings["days"] == "working"
    allowed = days_text(int(book.settings["approve_within_days"]), words, working=working)
    yield flag(
        "losses.proposed",
        PROPOSED,
        ~found["too_long"],
        lambda needed: words("losses.proposed", needed=needed),
        found["needed"],
    )
    yield flag(
        "losses.not_approved",
        NOT_APPROVED,
        found["too_long"],
        lambda n, needed: words(
            "losses.not_approved",
            days=days_text(n, words, working=working),
            allowed=allowed,
            needed=needed,
        ),
        found["days"],
        found["needed"],
    )


CAPABILITY = Capability(
    name="losses",
    columns={"team": _OF_TEAM},
    rules=(
        Rule(
            "leads.proposed",
            "leads",
            ("id", "name", "status"),
            _IS_PROPOSED,
            Style("FBE3C0", "7A4B00"),
        ),
    ),
    settings=(Setting("approve_within_days", 3, "integer"),),
    compute=compute,
)
