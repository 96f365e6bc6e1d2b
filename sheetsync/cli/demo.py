"""``sheetsync demo``: a filled sample CRM, and what an owner wants to know of it."""

from __future__ import annotations

import hashlib
import tempfile
from datetime import date
from pathlib import Path

import click

from sheetsync.cli import config, inputs, show, summary
from sheetsync.cli.app import Command, Option
from sheetsync.cli.terminal import Terminal
from sheetsync.errors import InputError

FILE = "crm.xlsx"
_SEAL = ".sheetsync-demo"
"""Holds the digest of the file that the demo wrote: as long as it fits, nobody worked in it."""

_CALLS, _LATE = 10, 5


@click.command("demo", cls=Command)
@click.argument(
    "folder", metavar="[DIR]", default="sheetsync-demo", type=click.Path(path_type=Path)
)
@inputs.lang
@click.option(
    "--leads", cls=Option, metavar="N", default="250", callback=inputs.count(1, 1_000_000)
)
@inputs.today
@click.option("--force", cls=Option, is_flag=True)
@click.pass_obj
def command(
    terminal: Terminal,
    folder: Path,
    lang: str | None,
    leads: int,
    today: date | None,
    force: bool,
) -> None:
    """Make the demo and tell what it shows."""
    path, seal = folder / FILE, folder / _SEAL
    if path.exists() and not force:
        _refuse_to_lose_work(path, seal)
    folder.mkdir(parents=True, exist_ok=True)
    with terminal.progress() as progress, tempfile.TemporaryDirectory(dir=folder) as scratch:
        from sheetsync.sync.demo import make_demo
        from sheetsync.workbooks.xlsx.file import check_unlocked

        check_unlocked(path)
        new = Path(scratch, FILE)
        done = make_demo(
            new,
            lang=lang or terminal.words.lang,
            leads=leads,
            today=today or date.today(),
            progress=progress,
        )
        digest = _digest(new)
        new.replace(path)
        seal.write_text(digest + "\n", encoding="ascii")
    known = done.understood
    terminal.say(terminal.words("cli.demo.title", label=path))
    summary.counts(terminal, known)
    summary.call_list(terminal, known, _CALLS)
    summary.funnel(terminal, known)
    summary.sources(terminal, known)
    summary.overdue(terminal, known, _LATE)
    show.problems(terminal, known.results.problems, known.snapshot, known.words)
    _say_what_next(terminal, path, {key: data.title for key, data in known.snapshot.tabs.items()})


def _refuse_to_lose_work(path: Path, seal: Path) -> None:
    if not seal.exists():
        raise InputError("demo_foreign", path=str(path))
    if seal.read_text(encoding="ascii").strip() != _digest(path):
        raise InputError("demo_edited", path=str(path))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _say_what_next(terminal: Terminal, path: Path, titles: dict[str, str]) -> None:
    words = terminal.words
    terminal.heading(words("cli.demo.next_title"))
    terminal.say("  1. " + words("cli.demo.next_open", path=path, **titles))
    terminal.say("  2. " + words("cli.demo.next_type"))
    terminal.say(f"       sheetsync refresh {config.quoted(str(path))}")
    terminal.say("  3. " + words("cli.demo.next_own"))
    terminal.say(
        f"       sheetsync init {words('cli.demo.own_file')} --kind {'|'.join(inputs.KINDS)}"
    )
