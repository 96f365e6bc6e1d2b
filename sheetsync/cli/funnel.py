"""``sheetsync funnel``: what becomes of leads, stage by stage, for any part of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sheetsync.cli import config, inputs, machine, stages
from sheetsync.cli.app import Command, Option, words_of
from sheetsync.cli.terminal import Terminal
from sheetsync.errors import InputError

if TYPE_CHECKING:
    from sheetsync.crm.stages.selection import Selected, Selection
    from sheetsync.crm.stages.ways import Statistics, Ways
    from sheetsync.sync.understand import Understood

DIMENSIONS = ("source", "manager", "channel", "segment", "month")
"""As :data:`sheetsync.crm.stages.selection.DIMENSIONS`, which would bring pandas into every
``--help``; a test compares the two."""


def _month(ctx: click.Context, param: click.Parameter, typed: str | None) -> str | None:
    if typed is None or re.fullmatch(r"(19|20)\d\d-(0[1-9]|1[0-2])", typed):
        return typed
    text = words_of(ctx)("cli.usage.month", typed=typed)
    raise click.BadParameter(text, ctx, param)


@click.command("funnel", cls=Command)
@inputs.target
@click.option("--by", cls=Option, metavar="NAME", callback=inputs.one_of(*DIMENSIONS))
@click.option("--from", "first", cls=Option, metavar="YYYY-MM", callback=_month)
@click.option("--to", "last", cls=Option, metavar="YYYY-MM", callback=_month)
@click.option("--source", cls=Option, metavar="NAME")
@click.option("--manager", cls=Option, metavar="NAME")
@click.option("--channel", cls=Option, metavar="NAME")
@click.option("--segment", cls=Option, metavar="NAME")
@click.option("--without-junk", cls=Option, is_flag=True)
@click.option("--without-duplicates", cls=Option, is_flag=True)
@inputs.as_json
@inputs.today
@inputs.credentials
@click.pass_context
def command(
    ctx: click.Context,
    /,
    target: str | None,
    by: str | None,
    first: str | None,
    last: str | None,
    as_json: bool,
    today: date | None,
    credentials: Path | None,
    **wishes: Any,
) -> None:
    """Print the funnel of some leads."""
    if first is not None and last is not None and first > last:
        text = words_of(ctx)("cli.usage.months", first=first, last=last)
        raise click.UsageError(text, ctx)
    terminal: Terminal = ctx.find_root().obj
    where = config.resolve(target, credentials)
    with terminal.progress() as progress:
        from sheetsync.sync.targets import open_workbook
        from sheetsync.sync.understand import read_and_understand

        workbook = open_workbook(where.target, credentials=where.credentials, notify=progress.wait)
        known = read_and_understand(workbook, today=today, progress=progress)
    from sheetsync.crm.stages.selection import Selection

    wanted = Selection(first=first, last=last, **spelled(known, wishes))
    found = funnel(known, wanted, by)
    if as_json:
        terminal.say(machine.dumps(found))
    else:
        stages.tell(terminal, known, found)


def spelled(known: Understood, wishes: Mapping[str, Any]) -> dict[str, Any]:
    """The wishes with names as the workbook spells them."""
    return {
        key: _name(known, key, value) if isinstance(value, str) else value
        for key, value in wishes.items()
    }


def _name(known: Understood, field: str, typed: str) -> str:
    import pandas as pd

    from sheetsync.crm.lists import Names, group_names, list_names

    tabs = {"source": ("sources", "source"), "manager": ("team", "name")}
    if field in tabs:
        tab, column = tabs[field]
        data = known.snapshot.tabs.get(tab)
        names = Names((), {}) if data is None else list_names(data.frame, column)
        # A list that is still empty has what stands in Leads.
        there = tuple(known.book.leads[field].dropna().unique())
        names = names if names.names else Names(there, {}, lenient=False)
        shown = list(names.names)
    else:
        names = group_names(field)
        shown = list(known.words.group(f"choices.{field}").values())
    read = names.match(pd.Series([typed], dtype=object))
    value, hint = read.values.iloc[0], read.hints.iloc[0]
    if isinstance(value, str):
        return value
    if isinstance(hint, str):
        raise InputError(f"no_{field}_but", typed=typed, hint=hint)
    raise InputError(f"no_{field}", typed=typed, names=", ".join(shown) or "–")


def funnel(known: Understood, wanted: Selection, by: str | None) -> dict[str, Any]:
    """The statistics of a selection, and of each of its groups, as plain values.

    Returns
    -------
    dict with workbook, today, selection, by, total, groups; see docs/funnel.md
    """
    from sheetsync.crm.stages.selection import first_rows, groups, select
    from sheetsync.crm.stages.ways import as_persons, count, ways

    book = known.book
    every = ways(book, known.results)
    if wanted.without_duplicates:
        every = as_persons(every, book, first_rows(book.leads, known.results))
    selected = select(book, known.results, wanted)
    return {
        "workbook": known.snapshot.label,
        "today": book.today.isoformat(),
        "selection": _selection(known, wanted, selected),
        "by": by,
        "total": _plain(count(every, selected.leads), every),
        "groups": [
            {"group": name, **_plain(count(every, leads), every)}
            for name, leads in (groups(book, selected.leads, by) if by else ())
        ],
    }


def _selection(known: Understood, wanted: Selection, selected: Selected) -> dict[str, Any]:
    values = asdict(wanted)
    period = {"from": values.pop("first"), "to": values.pop("last")}
    return {
        **period,
        **values,
        "work_from": machine.value(known.book.settings["work_from"]),
        "few": int(known.book.settings["few"]),
        "leads": len(known.book.leads),
        "selected": int(selected.leads.sum()),
        "undated": selected.undated,
        "junk": selected.junk,
        "duplicates": selected.duplicates,
    }


def _plain(found: Statistics, every: Ways) -> dict[str, Any]:
    from sheetsync.crm.stages.bottleneck import chosen

    tables = {name: machine.records(table) for name, table in vars(found).items()}
    best = chosen(found.bottleneck)
    opened = set(every.stages.index[every.stages["kind"].eq("open")])
    return {
        **tables,
        "base": tables["base"][0],
        "times": [line for line in tables["times"] if line["stage"] in opened],
        "verdict": None
        if best is None
        else {key: machine.value(best[key]) for key in ("stage", "verdict", "by", "group")},
    }
