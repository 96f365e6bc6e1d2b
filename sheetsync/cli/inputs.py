"""What several commands take, and the checks that refuse in the reader's language.

They are callbacks and not Click types, whose refusals are always in English.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import click

from sheetsync.cli.app import Option, words_of
from sheetsync.locales import LANGUAGES

KINDS = ("general", "travel", "b2b", "shop", "property")
"""As :data:`sheetsync.crm.KINDS`, which would bring pandas into every ``--help``; a test compares
the two."""


def one_of(*choices: str) -> Callable[[click.Context, click.Parameter, str | None], str | None]:
    """A check for one of a few words."""

    def check(ctx: click.Context, param: click.Parameter, typed: str | None) -> str | None:
        if typed is None or typed in choices:
            return typed
        text = words_of(ctx)("cli.usage.one_of", typed=typed, choices=", ".join(choices))
        raise click.BadParameter(text, ctx, param)

    return check


def count(low: int, high: int) -> Callable[[click.Context, click.Parameter, str], int]:
    """A check for a whole number from ``low`` to ``high``."""

    def check(ctx: click.Context, param: click.Parameter, typed: str) -> int:
        try:
            number = int(typed)
        except ValueError:
            number = low - 1
        if low <= number <= high:
            return number
        text = words_of(ctx)("cli.usage.count", typed=typed, low=low, high=high)
        raise click.BadParameter(text, ctx, param)

    return check


def _day(ctx: click.Context, param: click.Parameter, typed: str | None) -> date | None:
    try:
        return date.fromisoformat(typed) if typed is not None else None
    except ValueError:
        text = words_of(ctx)("cli.usage.date", typed=typed)
        raise click.BadParameter(text, ctx, param) from None


target = click.argument("target", required=False)
"""A workbook; left out, the one that sheetsync.toml names."""

lang = click.option("--lang", cls=Option, metavar="en|ru", callback=one_of(*LANGUAGES))

credentials = click.option(
    "--credentials", cls=Option, metavar="FILE", type=click.Path(path_type=Path)
)

dry_run = click.option("--dry-run", cls=Option, is_flag=True)

as_json = click.option("--json", "as_json", cls=Option, is_flag=True)

today = click.option("--today", cls=Option, metavar="YYYY-MM-DD", callback=_day)
