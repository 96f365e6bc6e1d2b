"""The seniors' part of Today: losses to check, and tasks of the day that nobody moved."""

from __future__ import annotations

import pandas as pd

from sheetsync.crm.base import Book, Capability, Line, Part, Results
from sheetsync.crm.losses import approvers, asking, seniors
from sheetsync.crm.ranking import ranked
from sheetsync.crm.saying import day
from sheetsync.crm.scoring.tiers import tier_keys

CAUSES = ("check_loss", "escalated")

NAMED = 3
"""How many names a line gives before it counts the rest."""


def senior_list(book: Book, so_far: Results) -> pd.DataFrame:
    """Every lead that somebody above its manager has to decide about, in order.

    Parameters
    ----------
    so_far : with the figures ``proposed`` and ``escalated``, and tiers and scores

    Returns
    -------
    DataFrame indexed by lead id: cause (one of :data:`CAUSES`), days (Int64, since the loss was
    proposed, or since the task was due), tier ("a", "b", "c", "spam"), score (Int64)
    """
    losses, tasks = so_far.figures["proposed"], so_far.figures["escalated"]
    lists = {"check_loss": losses["days"], "escalated": tasks["days"]}
    found = pd.concat(
        [pd.DataFrame({"cause": cause, "days": days}, days.index) for cause, days in lists.items()]
    )
    computed = so_far.columns["leads"].reindex(found.index)
    found["tier"] = tier_keys(computed["tier"], book.settings)
    found["score"] = computed["score"].astype("Int64")
    return ranked(found, CAUSES)


def compute(book: Book, so_far: Results) -> Part:
    """What there is to control, on the Dashboard.

    Figures: ``senior_list``, of :func:`senior_list`.
    """
    lines = _lines(book, so_far)
    return Part(
        figures={"senior_list": senior_list(book, so_far)},
        lines={"control": lines} if lines else {},
    )


def rows(book: Book, so_far: Results, lines: pd.DataFrame) -> pd.DataFrame:
    """What to do, and why, for some lines of :func:`senior_list`: action, reason, same index."""
    managers = book.leads["manager"].reindex(lines.index)
    told = [
        (_check_loss if cause == "check_loss" else _escalated)(book, so_far, str(lead), manager)
        for lead, cause, manager in zip(lines.index, lines["cause"], managers, strict=True)
    ]
    return pd.DataFrame(told, index=lines.index, columns=["action", "reason"], dtype=object)


def deciders(book: Book, cause: str, manager: object) -> list[str]:
    """Who decides about a lead of a manager; empty where Team names nobody who could."""
    if cause == "check_loss":
        return approvers(book, manager)
    return [name for name in seniors(book) if name != manager]


def names(people: list[str], book: Book) -> str:
    """A few names in one text."""
    named, rest = ", ".join(people[:NAMED]), len(people) - NAMED
    return named if rest <= 0 else book.words("dashboard.and_more", named=named, rest=rest)


def _lines(book: Book, so_far: Results) -> list[Line]:
    """Nothing where no loss needs approval and Team has no senior."""
    if not len(asking(book)) and not len(seniors(book)):
        return []
    losses, open_ = so_far.figures["proposed"], int(book.leads["kind"].isin(["open"]).sum())
    counts = {
        "proposed": (len(losses), open_),
        "not_approved": (int(losses["too_long"].sum()), len(losses)),
        "violations": (int(so_far.figures["manager_losses"]["violations"].sum()), None),
        "escalated": (len(so_far.figures["escalated"]), open_),
    }
    return [
        Line(
            book.words(f"dashboard.item.{item}"),
            n,
            of,
            book.words(f"dashboard.note.{item}") if n else "",
        )
        for item, (n, of) in counts.items()
    ]


def _check_loss(book: Book, so_far: Results, lead: str, manager: object) -> tuple[str, str]:
    loss, words = so_far.figures["proposed"].loc[lead], book.words
    why, days = book.leads.at[lead, "loss_reason"], loss["days"]
    reason = words(
        "today.proposed_today" if pd.isna(days) or days == 0 else "today.reason.check_loss",
        n=0 if pd.isna(days) else int(days),
        why=why if isinstance(why, str) else words("today.no_reason"),
        needed=loss["needed"],
    )
    return _action(book, "check_loss", manager), reason


def _escalated(book: Book, so_far: Results, lead: str, manager: object) -> tuple[str, str]:
    due = so_far.figures["escalated"]["due"][lead]
    reason = book.words(
        "today.reason.escalated",
        day=day(due, book.words),
        status=book.leads.loc[lead, "status"],
    )
    return _action(book, "escalated", manager), reason


def _action(book: Book, cause: str, manager: object) -> str:
    words, who = book.words, deciders(book, cause, manager)
    if not who:
        return words("today.action.finish_loss")
    return words("today.for", who=names(who, book), action=words(f"today.action.{cause}"))


CAPABILITY = Capability(name="for_seniors", compute=compute)
