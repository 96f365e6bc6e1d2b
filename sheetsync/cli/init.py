"""``sheetsync init``: make a CRM, or bring one up to date."""

from __future__ import annotations

from pathlib import Path

import click

from sheetsync.cli import config, inputs, show
from sheetsync.cli.app import Command, Option
from sheetsync.cli.terminal import Terminal

CHANGES_FOUND = 3

NEW = "new"
"""The TARGET that stands for a Google Sheet which does not exist yet."""


@click.command("init", cls=Command)
@click.argument("target")
@inputs.lang
@click.option("--kind", cls=Option, metavar="KIND", callback=inputs.one_of(*inputs.KINDS))
@click.option("--title", cls=Option, metavar="TITLE")
@inputs.credentials
@inputs.dry_run
@click.pass_obj
def command(
    terminal: Terminal,
    target: str,
    lang: str | None,
    kind: str | None,
    title: str | None,
    credentials: Path | None,
    dry_run: bool,
) -> int:
    """Provision; returns the exit code."""
    words = terminal.words
    if title is not None and target != NEW:
        raise click.UsageError(words("cli.usage.title"), click.get_current_context())
    where = config.resolve(target, credentials)
    if where.target == NEW and dry_run:
        terminal.say(words("cli.init.would_create"))
        return CHANGES_FOUND
    with terminal.progress() as progress:
        from sheetsync.sync.provision import provision
        from sheetsync.sync.targets import create_google, open_workbook

        if where.target == NEW:
            workbook = create_google(
                title or words("cli.init.default_title"),
                lang=lang or words.lang,
                credentials=where.credentials,
                notify=progress.wait,
            )
        else:
            workbook = open_workbook(
                where.target, credentials=where.credentials, notify=progress.wait
            )
        done = provision(workbook, kind=kind, lang=lang, default_lang=words.lang, dry_run=dry_run)
    if not done.steps:
        terminal.say(words("cli.init.nothing"))
    else:
        terminal.say(words("cli.init.would" if dry_run else "cli.init.done", label=workbook.label))
        show.steps(terminal, done)
    if done.url:
        terminal.say(words("cli.init.url", url=done.url))
    if dry_run:
        return CHANGES_FOUND if done.steps else 0
    _remember(terminal, done.url or where.target, credentials, fresh=bool(done.steps))
    return 0


def _remember(terminal: Terminal, target: str, credentials: Path | None, *, fresh: bool) -> None:
    """Write sheetsync.toml here, so that the next commands need no TARGET, and say what is next."""
    words = terminal.words
    here = Path.cwd()
    written = config.write(here, target, credentials, words)
    named = config.find(here)
    short = named is not None and config.same(named.target, target)
    if written:
        terminal.say(words("cli.init.remembered", path=written.name))
    elif fresh and named is not None and not short:
        terminal.say(words("cli.init.other", path=named.path.name, target=named.target))
    if fresh:
        again = "sheetsync refresh" if short else f"sheetsync refresh {config.quoted(target)}"
        terminal.say(words("cli.init.next", command=again))
