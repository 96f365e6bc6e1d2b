"""``sheetsync refresh``: read what people typed, compute, write the results back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from sheetsync.cli import config, inputs, machine, show, summary
from sheetsync.cli.app import Command, Option
from sheetsync.cli.terminal import Terminal

CHANGES_FOUND = 3


@click.command("refresh", cls=Command)
@inputs.target
@inputs.dry_run
@inputs.as_json
@inputs.today
@click.option("--force", cls=Option, is_flag=True)
@inputs.credentials
@click.pass_obj
def command(
    terminal: Terminal,
    target: str | None,
    dry_run: bool,
    as_json: bool,
    today: date | None,
    force: bool,
    credentials: Path | None,
) -> int:
    """Refresh; returns the exit code."""
    where = config.resolve(target, credentials)
    words = terminal.words
    with terminal.progress() as progress:
        from sheetsync.sync.refresh import refresh
        from sheetsync.sync.targets import open_workbook

        workbook = open_workbook(where.target, credentials=where.credentials, notify=progress.wait)
        done = refresh(workbook, today=today, dry_run=dry_run, force=force, progress=progress)
    known = done.understood
    if as_json:
        terminal.say(machine.dumps(machine.refreshed(done, summary.figures(known))))
    else:
        if done.nothing:
            terminal.say(words("cli.refresh.nothing"))
        else:
            terminal.say(words("cli.refresh.would" if dry_run else "cli.refresh.changed"))
            show.plan(terminal, done.plan, done.new_steps)
            if done.receipt is None:
                terminal.say(words("cli.refresh.dry"))
            else:
                show.receipt(terminal, done.receipt, sum(done.seconds.values()))
        show.problems(terminal, known.results.problems, known.snapshot, known.words)
    return CHANGES_FOUND if dry_run and not done.nothing else 0
