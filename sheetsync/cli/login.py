"""``sheetsync login``: let sheetsync work in Google Sheets under one's own account."""

from __future__ import annotations

from pathlib import Path

import click

from sheetsync.cli import inputs
from sheetsync.cli.app import Command, Option
from sheetsync.cli.terminal import Terminal


@click.command("login", cls=Command)
@inputs.credentials
@click.option("--addon", "addon", cls=Option, is_flag=True)
@click.pass_obj
def command(terminal: Terminal, credentials: Path | None, addon: bool) -> None:
    """Log in."""
    from sheetsync.workbooks.google import login

    words = terminal.words

    def show(address: str) -> None:
        terminal.warn(words("cli.login.open", address=address))

    kept = login.login(credentials or login.client_file(), show=show, addon=addon)
    terminal.say(words("cli.login.done", path=kept))
    terminal.say(words("cli.login.next"))
