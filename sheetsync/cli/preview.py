"""``sheetsync addon preview``: the add-on on this machine, beside the leads of a file."""

from __future__ import annotations

import sys
import tempfile
from contextlib import suppress
from datetime import date, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sheetsync.cli import config, inputs
from sheetsync.cli.app import Command, Option
from sheetsync.cli.terminal import Terminal
from sheetsync.errors import InputError, TargetError

if TYPE_CHECKING:
    from sheetsync.addon.preview.session import Session

DEMO_FILE, DEMO_LEADS = "crm.xlsx", 100


@click.command("preview", cls=Command)
@inputs.target
@click.option("--demo", cls=Option, is_flag=True)
@click.option("--as", "person", cls=Option, metavar="NAME|EMAIL")
@click.option("--no-open", cls=Option, is_flag=True)
@inputs.lang
@inputs.today
@click.pass_context
def command(
    ctx: click.Context,
    target: str | None,
    demo: bool,
    person: str | None,
    no_open: bool,
    lang: str | None,
    today: date | None,
) -> None:
    """Show it until somebody presses Ctrl-C."""
    terminal: Terminal = ctx.find_root().obj
    words = terminal.words
    sample = demo or (target is None and config.find(Path.cwd()) is None)
    if not sample and lang is not None:
        raise click.UsageError(words("cli.addon.preview.lang_known"), ctx)
    with tempfile.TemporaryDirectory(prefix="sheetsync-") as scratch:
        with terminal.progress() as progress:
            from sheetsync.sync.demo import make_demo

            if find_spec("py_mini_racer") is None:  # known before a sample is made
                raise InputError("preview_not_installed")
            if sample:
                path = Path(scratch, DEMO_FILE)
                day = today or date.today()
                speech = lang or words.lang
                make_demo(path, lang=speech, leads=DEMO_LEADS, today=day, progress=progress)
            else:
                path = _file(config.resolve(target).target)
            progress("build")
            session = _session(path, person, today)
        try:
            _serve(terminal, session, path, open_browser=not no_open)
        finally:
            session.close()
    key = "stopped_demo" if sample else "stopped"
    terminal.say(words(f"cli.addon.preview.{key}", label=path))


def _file(target: str) -> Path:
    """The file of a TARGET; the preview knows no other workbooks."""
    from sheetsync.sync.targets import is_file

    if not is_file(target):
        raise TargetError("addon_preview_google")
    return Path(target)


def _session(path: Path, person: str | None, today: date | None) -> Session:
    """The add-on at work on a file, with its clock on ``today`` if that is given."""
    from zoneinfo import ZoneInfo

    from sheetsync.addon.config import of_workbook
    from sheetsync.addon.preview.document import FileDocument
    from sheetsync.addon.preview.people import person_of
    from sheetsync.addon.preview.session import Session
    from sheetsync.sync.targets import timezone_here
    from sheetsync.sync.understand import layout_of

    timezone = timezone_here()
    file = FileDocument(path, layout_of, timezone=timezone)
    options = of_workbook(file.snapshot, timezone=timezone)
    who = person_of(file.snapshot, person, owner=file.document["owner"])

    def now() -> datetime | None:
        clock = datetime.now(ZoneInfo(timezone))
        return None if today is None else datetime.combine(today, clock.timetz())

    return Session(file, options, who, now=now)


def _serve(terminal: Terminal, session: Session, path: Path, *, open_browser: bool) -> None:
    import webbrowser

    from sheetsync.addon.preview.server import PreviewServer

    words = terminal.words
    with PreviewServer(session) as server:
        address = server.address
        terminal.say(words("cli.addon.preview.serving", label=path.name, address=address))
        terminal.say(words("cli.addon.preview.stop"))
        sys.stdout.flush()
        if open_browser:
            webbrowser.open(address)
        with suppress(KeyboardInterrupt):
            server.serve_forever()
