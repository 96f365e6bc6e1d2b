"""How the commands speak: plain text into pipes, calm tables on a terminal, progress on stderr."""

from __future__ import annotations

import shutil
import sys
import textwrap
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from sheetsync.locales import Words

if TYPE_CHECKING:
    from rich.status import Status

PATIENCE = 1.0
"""Seconds of silence before we say what we are doing."""

WIDEST = 110
"""Lines of sentences are no longer than this, however wide the terminal is."""


@dataclass(frozen=True)
class Table:
    """A table for people: a header, rows of texts, and the columns that stand on the right."""

    header: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    right: frozenset[int] = frozenset()
    title: str = ""


@dataclass(frozen=True)
class Terminal:
    """Where the person reads, and in which language."""

    words: Words

    def say(self, text: str = "") -> None:
        """A line of the answer, on stdout."""
        click.echo(text)

    def note(self, text: str, mark: str = "  ") -> None:
        """A sentence below a heading, wrapped on a terminal, one line anywhere else."""
        if sys.stdout.isatty():
            width = min(shutil.get_terminal_size().columns, WIDEST)
            text = textwrap.fill(
                text, width, initial_indent=mark, subsequent_indent=" " * len(mark)
            )
        else:
            text = mark + text
        click.echo(text)

    def heading(self, text: str) -> None:
        """The line above a part of the answer."""
        click.echo()
        click.secho(text, bold=True)

    def warn(self, text: str) -> None:
        """A line that is not part of the answer, on stderr."""
        click.echo(text, err=True)

    def table(self, table: Table) -> None:
        """A table: drawn on a terminal, aligned plain text anywhere else."""
        if sys.stdout.isatty():
            self._draw(table)
        else:
            for line in plain(table):
                click.echo(line)

    @contextmanager
    def progress(self) -> Iterator[Progress]:
        """Tell what is going on, on stderr, once it takes longer than a second."""
        progress = Progress(self.words)
        try:
            yield progress
        finally:
            progress.stop()

    @staticmethod
    def _draw(table: Table) -> None:
        from rich import box
        from rich.console import Console
        from rich.padding import Padding
        from rich.table import Table as RichTable
        from rich.text import Text

        drawn = RichTable(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="dim")
        for place, name in enumerate(table.header):
            drawn.add_column(
                Text(name),
                justify="right" if place in table.right else "left",
                no_wrap=place in table.right or place == 0,
            )
        for row in table.rows:
            # What people typed is never read as markup.
            drawn.add_row(*map(Text, row))
        Console(highlight=False).print(Padding(drawn, (0, 0, 0, 2)))


def plain(table: Table) -> Iterator[str]:
    """The lines of a table as aligned text, without decoration."""
    lines = [table.header, *table.rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = (
            text.rjust(width) if place in table.right else text.ljust(width)
            for place, (text, width) in enumerate(zip(line, widths, strict=True))
        )
        yield "  ".join(cells).rstrip()


class Progress:
    """What is going on, on stderr: silent for the first second, then a spinner on a terminal and a
    line per stage anywhere else.

    Call it with the name of each stage as it begins.
    """

    def __init__(self, words: Words) -> None:
        self._words = words
        self._text = ""
        self._status: Status | None = None
        self._started = time.monotonic()
        self._guard = threading.Lock()
        self._timer: threading.Timer | None = None
        if sys.stderr.isatty():
            self._timer = threading.Timer(PATIENCE, self._show)
            self._timer.daemon = True
            self._timer.start()

    def __call__(self, stage: str) -> None:
        self._tell(self._words(f"cli.progress.{stage}"))

    def wait(self, reason: str, seconds: float) -> None:
        """Say at once that we wait, why, and how long."""
        self._tell(self._words(f"cli.waiting.{reason}", seconds=round(seconds)), at_once=True)

    def stop(self) -> None:
        """Clean up; what is printed from here on stands alone."""
        if self._timer is not None:
            self._timer.cancel()
            # A timer that has fired may be starting the status just now.
            self._timer.join()
        if self._status is not None:
            self._status.stop()

    def _tell(self, text: str, *, at_once: bool = False) -> None:
        with self._guard:
            self._text = text
            if self._status is not None:
                self._status.update(text)
            elif self._timer is None and (at_once or self._patience_is_over()):
                click.echo(text, err=True)

    def _patience_is_over(self) -> bool:
        return time.monotonic() - self._started > PATIENCE

    def _show(self) -> None:
        from rich.console import Console

        with self._guard:
            self._status = Console(stderr=True).status(self._text)
            self._status.start()
