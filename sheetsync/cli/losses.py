"""What a proposed loss still needs, and whose decision a lead waits for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sheetsync.cli import machine

if TYPE_CHECKING:
    from sheetsync.cli.terminal import Terminal
    from sheetsync.sync.understand import Understood


def loss(known: Understood, lead: str) -> dict[str, Any] | None:
    """The proposed loss of a lead; None where there is none.

    Returns
    -------
    dict with
        days : since it was proposed, None where that is not known; allowed : of Settings
        violation : whether it has waited longer than that
        steps, reason, approval : whether each is missing; needed : the same in words
        approvers : names of those who may approve it
    """
    from sheetsync.crm.losses import LACKS, approvers, lacking

    losses = known.results.figures["proposed"]
    if lead not in losses.index:
        return None
    mine, lacks = losses.loc[lead], lacking(known.book).loc[lead]
    return {
        "days": machine.value(mine["days"]),
        "allowed": int(known.book.settings["approve_within_days"]),
        "violation": bool(mine["too_long"]),
        **{what: bool(lacks[what]) for what in LACKS},
        "needed": str(mine["needed"]),
        "approvers": approvers(known.book, known.book.leads.loc[lead, "manager"]),
    }


def escalated(known: Understood, lead: str) -> dict[str, Any] | None:
    """When the task of a lead was due that nobody moved by the end of its day, and the names of
    those who decide (due, deciders); None where there is none."""
    from sheetsync.crm.for_seniors import deciders

    tasks = known.results.figures["escalated"]
    if lead not in tasks.index:
        return None
    manager = known.book.leads.loc[lead, "manager"]
    return {
        "due": machine.value(tasks.loc[lead, "due"]),
        "deciders": deciders(known.book, "escalated", manager),
    }


def tell(terminal: Terminal, known: Understood, found: Mapping[str, Any]) -> None:
    """The same for people, each under a heading; nothing where there is nothing to say."""
    words = terminal.words
    if mine := found["loss"]:
        terminal.heading(words("cli.explain.loss.title"))
        terminal.note(_since(terminal, known, mine))
        if mine["violation"]:
            terminal.note(words("cli.explain.loss.violation"))
        terminal.note(words("cli.explain.loss.needed", needed=mine["needed"]))
        if mine["approval"]:
            names = ", ".join(mine["approvers"])
            terminal.note(words("cli.explain.loss.approvers", names=names))
    if task := found["escalated"]:
        terminal.heading(words("cli.explain.escalated.title"))
        names = ", ".join(task["deciders"])
        said = {"day": task["due"], "status": found["status"], "names": names}
        terminal.note(words("cli.explain.escalated.text", **said))


def _since(terminal: Terminal, known: Understood, mine: Mapping[str, Any]) -> str:
    from sheetsync.crm.overdue import days_text

    words, days = terminal.words, mine["days"]
    if not days:
        return words("cli.explain.loss.unknown" if days is None else "cli.explain.loss.today")
    working = known.book.settings["days"] == "working"
    allowed = days_text(mine["allowed"], words, working=working)
    return words("cli.explain.loss.since", n=days, allowed=allowed)
