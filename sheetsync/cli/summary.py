"""What an owner wants to know, for the terminal, and the same figures for machines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sheetsync.cli import machine, show, stages
from sheetsync.cli.terminal import Table, Terminal

if TYPE_CHECKING:
    import pandas as pd

    from sheetsync.sync.understand import Understood

_SMALL = (
    "base",
    "funnel",
    "average",
    "sources",
    "team",
    "manager_promises",
    "manager_losses",
    "cohorts",
    "maturity",
    "headcount",
)
"""Figures that are a few lines whatever the number of leads."""


def figures(known: Understood) -> dict[str, Any]:
    """Counts, funnel, sources, team and the call list, with language-neutral keys."""
    results = known.results
    kinds = known.book.leads["kind"].value_counts()
    return {
        "leads": len(known.book.leads),
        "kinds": {str(kind): int(count) for kind, count in kinds.items()},
        "overdue": _overdue(known),
        **{
            name: machine.records(results.figures[name])
            for name in _SMALL
            if name in results.figures
        },
        **_today(known),
    }


def _today(known: Understood) -> dict[str, Any]:
    """The lines of the Today tab: the calls, and below them what is for the seniors."""
    from sheetsync.crm.today import shown_calls

    table, calls = known.results.tables["today"], shown_calls(known.book, known.results)
    below = table.iloc[len(calls) :]
    return {"today": machine.records(calls), "for_seniors": machine.records(below)}


def counts(terminal: Terminal, known: Understood) -> None:
    """One line: how many leads there are, and how many of which kind."""
    words, kinds = known.words, known.book.leads["kind"]
    parts = [
        f"{words(f'choices.kind.{kind}')} {count}" for kind, count in kinds.value_counts().items()
    ]
    total = terminal.words("cli.summary.leads", n=len(kinds))
    terminal.say(f"{total}: {', '.join(parts)}." if parts else f"{total}.")


def call_list(terminal: Terminal, known: Understood, limit: int) -> None:
    """Whom to call now, and why."""
    from sheetsync.crm.today import shown_calls

    table = shown_calls(known.book, known.results)
    words = terminal.words
    if table.empty:
        terminal.heading(words("cli.summary.today_none"))
        terminal.say("  " + words("cli.summary.nobody"))
        return
    n, shown = len(known.results.figures["call_list"]), min(limit, len(table))
    key = "today" if shown == n else "today_first"
    terminal.heading(words(f"cli.summary.{key}", n=n, shown=shown))
    keys = ("rank", "lead", "name", "phone", "action", "reason", "score")
    _table(terminal, known, "today", table.head(limit), keys, right=("rank", "score"))


def funnel(terminal: Terminal, known: Understood) -> None:
    """Conversions of stages, with counts and intervals."""
    words = terminal.words
    frame = known.results.figures["funnel"]
    terminal.heading(words("cli.summary.funnel"))
    base = machine.records(known.results.figures["base"])[0]
    stages.set_apart(terminal, base)
    if not base["base"]:
        return
    rows = [
        (
            str(line["stage"]),
            str(line["visited"]),
            str(line["base"]),
            show.percent(line["share"], words),
            show.between(line["low"], line["high"], words),
            words("cli.summary.too_few") if line["few"] else "",
        )
        for line in machine.records(frame)
    ]
    header = ("stage", "visited", "of", "share", "interval", "remark")
    _draw(terminal, header, rows, right=(1, 2, 3, 4))


def sources(terminal: Terminal, known: Understood) -> None:
    """Conversions of sources, best first, with counts and intervals."""
    words = terminal.words
    average = machine.records(known.results.figures["average"])[0]
    frame = known.results.figures["sources"].sort_values("rank", na_position="last")
    terminal.heading(words("cli.summary.sources"))
    if average["leads"]:
        share = show.percent(average["conversion"], words)
        terminal.note(words("cli.summary.average", **{**average, "share": share}))
    rows = [
        (
            str(line["source"] or words("cli.summary.no_source")),
            str(line["leads"]),
            str(line["won"]),
            show.percent(line["conversion"], words),
            show.between(line["low"], line["high"], words),
            words(f"cli.summary.verdict.{line['verdict']}"),
        )
        for line in machine.records(frame)
        if line["source"] or line["leads"]
    ]
    header = ("source", "leads", "won", "share", "interval", "remark")
    _draw(terminal, header, rows, right=(1, 2, 3, 4))


def overdue(terminal: Terminal, known: Understood, limit: int) -> None:
    """How many promises are late, and the latest of them."""
    words = terminal.words
    late = _late(known)
    if late.empty:
        terminal.heading(words("cli.summary.overdue_none"))
        return
    terminal.heading(words("cli.summary.overdue", n=len(late)))
    late = late.head(limit)
    leads = known.book.leads.loc[late.index]
    rows = [
        (str(lead), str(name), str(status), words("cli.summary.days", n=int(days)))
        for lead, name, status, days in zip(
            late.index,
            leads["name"].map(show.value),
            leads["status"].map(show.value),
            late,
            strict=True,
        )
    ]
    _draw(terminal, ("lead", "name", "status", "late"), rows, right=(3,))


def _late(known: Understood) -> pd.Series:
    """Days late of open leads, the latest first."""
    days = known.results.columns["leads"]["overdue"]
    late = days[days.gt(0).fillna(False) & known.book.leads["kind"].eq("open").fillna(False)]
    return late.sort_values(ascending=False, kind="stable")


def _overdue(known: Understood) -> int:
    return len(_late(known))


def _table(
    terminal: Terminal,
    known: Understood,
    tab: str,
    frame: pd.DataFrame,
    keys: tuple[str, ...],
    right: tuple[str, ...],
) -> None:
    """Some columns of a tab, under the headers they have there."""
    headers = known.snapshot.tabs[tab].headers
    rows = [tuple(map(show.value, row)) for row in frame[list(keys)].itertuples(index=False)]
    header = tuple(headers.get(key, known.words(f"columns.{tab}.{key}")) for key in keys)
    terminal.table(Table(header, rows, frozenset(map(keys.index, right))))


def _draw(
    terminal: Terminal,
    header: tuple[str, ...],
    rows: Sequence[tuple[str, ...]],
    right: tuple[int, ...],
) -> None:
    titles = tuple(terminal.words(f"cli.summary.columns.{name}") for name in header)
    terminal.table(Table(titles, rows, frozenset(right)))
