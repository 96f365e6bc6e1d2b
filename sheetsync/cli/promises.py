"""How often a lead's date was moved, and which comment is owed for what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sheetsync.cli import machine

if TYPE_CHECKING:
    from sheetsync.cli.terminal import Terminal
    from sheetsync.sync.understand import Understood


def promises(known: Understood, lead: str) -> dict[str, Any]:
    """What is known of a lead's promises.

    Returns
    -------
    dict with
        pushes : how often the date was moved to a later day
        of_step : how often in the present step, and first_promised : that step's first day, or None
        owed : change ("status" or "date"), to (the status, or None) and since, of each change that
            is owed a comment
    """
    mine = known.results.figures["promises"].loc[lead]
    now = {key: machine.value(mine[key]) for key in mine.index}
    owed = {
        "status": (now["status_owed"], now["status_owed_since"]),
        "date": (None, now["date_owed_since"]),
    }
    return {
        "pushes": now["pushed"] or 0,
        "of_step": now["put_off"] or 0,
        "first_promised": now["put_off_from"],
        "owed": [
            {"change": change, "to": to, "since": since}
            for change, (to, since) in owed.items()
            if to or since
        ],
    }


def tell(terminal: Terminal, found: Mapping[str, Any]) -> None:
    """The same for people, under a heading."""
    words = terminal.words
    terminal.heading(words("cli.explain.promises.title"))
    if found["pushes"]:
        said = [words("cli.explain.promises.moved", n=found["pushes"])]
        if found["of_step"]:
            day = found["first_promised"] or "–"
            said.append(words("cli.explain.promises.of_step", n=found["of_step"], day=day))
        terminal.note(" ".join(said))
    else:
        terminal.note(words("cli.explain.promises.never"))
    for owed in found["owed"]:
        key = f"cli.explain.promises.owes_{owed['change']}"
        terminal.note(words(key, status=owed["to"], day=owed["since"] or "–"))
    if not found["owed"]:
        terminal.note(words("cli.explain.promises.owes_nothing"))
