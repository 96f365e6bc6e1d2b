"""``sheetsync explain``: why a lead has its score, its flags and its place in Today."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sheetsync.cli import config, inputs, losses, machine, promises, show, sums
from sheetsync.cli.app import Command
from sheetsync.cli.terminal import Table, Terminal
from sheetsync.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from sheetsync.sync.understand import Understood

_COMPUTED = ("score", "tier", "tier_key", "handling", "overdue", "stage_days")


@click.command("explain", cls=Command)
@click.argument("lead")
@inputs.target
@inputs.as_json
@inputs.today
@inputs.credentials
@click.pass_obj
def command(
    terminal: Terminal,
    lead: str,
    target: str | None,
    as_json: bool,
    today: date | None,
    credentials: Path | None,
) -> None:
    """Explain a lead."""
    where = config.resolve(target, credentials)
    with terminal.progress() as progress:
        from sheetsync.sync.targets import open_workbook
        from sheetsync.sync.understand import read_and_understand

        workbook = open_workbook(where.target, credentials=where.credentials, notify=progress.wait)
        known = read_and_understand(workbook, today=today, progress=progress)
    lead_id = lead_named(lead)
    if lead_id not in known.book.leads.index:
        raise InputError("no_lead_in", lead=lead, label=known.snapshot.label)
    found = explanation(known, lead_id)
    if as_json:
        terminal.say(machine.dumps(found))
    else:
        _tell(terminal, known, found)


def lead_named(typed: str) -> str:
    """``12``, ``l-12`` and ``L-00012`` are one lead."""
    match = re.fullmatch(r"(?:L-?)?(\d+)", typed.strip(), re.IGNORECASE)
    return f"L-{int(match[1]):05d}" if match else typed.strip()


def explanation(known: Understood, lead: str) -> dict[str, Any]:
    """Everything that is known about one lead's figures.

    Returns
    -------
    dict with lead, name, status, manager, next_action, kind; score, tier, tier_key, handling, and
    what :func:`sheetsync.cli.sums.sums` tells of them; flags, worst first; promises, of
    :func:`sheetsync.cli.promises.promises`; loss and escalated, of the functions of
    :mod:`sheetsync.cli.losses`; today (rank, of, reason, action) or None; history; broken (row, id,
    what), where History is not what was written
    """
    from sheetsync.sync.understand import breaks_of

    results = known.results
    about = known.book.leads.loc[lead]
    computed = results.columns["leads"].loc[lead]
    return {
        "lead": lead,
        **{
            key: machine.value(about[key])
            for key in ("name", "status", "kind", "manager", "next_action")
        },
        **{key: machine.value(computed[key]) for key in _COMPUTED},
        **sums.sums(known, lead),
        "flags": _of(lead, results.figures["flags"], ["code", "text"]),
        "promises": promises.promises(known, lead),
        "loss": losses.loss(known, lead),
        "escalated": losses.escalated(known, lead),
        "today": _place_in_today(known, lead),
        "history": _of(
            lead, known.book.history, ["at", "from_status", "to_status", "by", "comment"]
        ),
        "broken": machine.records(breaks_of(known, lead)[["row", "id", "what"]]),
    }


def _of(lead: str, frame: pd.DataFrame, columns: list[str]) -> list[dict[str, Any]]:
    return machine.records(frame.loc[frame["lead"].eq(lead), columns])


def _place_in_today(known: Understood, lead: str) -> dict[str, Any] | None:
    from sheetsync.crm.today import shown_calls

    order = known.results.figures["call_list"]
    if lead not in order.index:
        return None
    rank = list(order.index).index(lead)
    table = shown_calls(known.book, known.results)
    if rank < len(table):
        line = table.iloc[rank]
        reason, action = str(line["reason"]), str(line["action"])
    else:
        cause, days = str(order["cause"].iloc[rank]), machine.value(order["days"].iloc[rank])
        reason = known.words(f"today.reason.{cause}", n=days or 0)
        action = known.words(f"today.action.{cause}")
    shown = rank < len(table)
    return {"rank": rank + 1, "of": len(order), "shown": shown, "reason": reason, "action": action}


def _tell(terminal: Terminal, known: Understood, found: dict[str, Any]) -> None:
    words = terminal.words
    who = (found[key] for key in ("lead", "name", "status", "manager"))
    terminal.say(click.style(" · ".join(str(part) for part in who if part), bold=True))

    sums.tell(terminal, known, found)

    terminal.heading(words("cli.explain.flags"))
    for flag in found["flags"]:
        terminal.note(flag["text"], "  • ")
    if not found["flags"]:
        terminal.say("  " + words("cli.explain.no_flags"))

    promises.tell(terminal, found["promises"])
    losses.tell(terminal, known, found)

    terminal.heading(known.words("tabs.today"))
    terminal.note(_today_sentence(terminal, known, found))

    terminal.heading(known.words("tabs.history"))
    rows = [
        (
            show.moment(move["at"]),
            f"{move['from_status']} → {move['to_status']}"
            if move["from_status"]
            else str(move["to_status"]),
            move["by"] or "",
            move["comment"] or "",
        )
        for move in found["history"]
    ]
    if rows:
        titles = [known.words(f"columns.history.{key}") for key in ("at", "to", "by", "comment")]
        terminal.table(Table(tuple(titles), rows))
    else:
        terminal.say("  " + words("cli.explain.no_history"))
    for line in found["broken"]:
        terminal.note(words(f"cli.explain.chain.{line['what']}", **line), "  ! ")


def _today_sentence(terminal: Terminal, known: Understood, found: dict[str, Any]) -> str:
    words, place = terminal.words, found["today"]
    if place is not None:
        key = "today" if place["shown"] else "today_below"
        return words(f"cli.explain.{key}", **{**place, "n": place["of"]})
    if found["loss"] is not None:
        return words("cli.explain.not_today_proposed")
    if found["kind"] != "open":
        return words("cli.explain.not_today_closed", status=found["status"] or "–")
    day = found["next_action"]
    if day is not None and day > known.book.today.isoformat():
        return words("cli.explain.not_today_waits", day=day)
    return words("cli.explain.not_today")
