"""The Click group behind ``sheetsync``: lazy, bilingual, and calm when something goes wrong.

A command's module is imported when the command is called, and no earlier, so that
``sheetsync --help`` stays quick. Help texts come from the locale files by convention:
``cli.<command>.short``, ``.help``, ``.examples`` and ``cli.<command>.options.<parameter>``; those
of a command within a group under ``cli.<group>.<command>``.
"""

from __future__ import annotations

import importlib
import itertools
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import click

from sheetsync import __version__
from sheetsync.cli import failures, machine
from sheetsync.cli.terminal import Terminal
from sheetsync.locales import LANGUAGES, Words, load

COMMANDS = (
    "demo",
    "init",
    "refresh",
    "export",
    "explain",
    "funnel",
    "score",
    "doctor",
    "addon",
    "login",
)

_NOT_ANSWERS = (click.ClickException, click.exceptions.Exit, click.Abort)
"""What Click raises for itself; a mistake on the command line is for its writer to read."""


def choose_language(args: Sequence[str], env: Mapping[str, str]) -> str:
    """The language to speak to the person at the terminal.

    ``SHEETSYNC_LANG``, else ``--lang``, else the locale of the terminal, else English.
    """
    wishes = [env.get("SHEETSYNC_LANG", "")]
    for word, following in itertools.pairwise([*args, ""]):
        if word == "--lang":
            wishes.append(following)
        elif word.startswith("--lang="):
            wishes.append(word.removeprefix("--lang="))
    # As in POSIX, the first of these that is set decides, even when we do not speak it.
    wishes.append(next(filter(None, map(env.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "") or "")
    for wish in wishes:
        if wish[:2].lower() in LANGUAGES:
            return wish[:2].lower()
    return "en"


def words_of(ctx: click.Context) -> Words:
    """The texts of the language we speak in this call."""
    terminal: Terminal = ctx.find_root().obj
    return terminal.words


def texts_of(ctx: click.Context) -> str:
    """Where the texts of the command being run stand: ``cli.refresh``, ``cli.score.fit``."""
    names: list[str] = []
    while ctx.parent is not None:
        names.insert(0, ctx.command.name or "")
        ctx = ctx.parent
    return ".".join(["cli", *names])


class _Bilingual(click.Command):
    """What the group and the commands share: help built from the locale files."""

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = words_of(ctx)("cli.options.help")
        return option

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, words_of(ctx)("cli.headings.usage") + " ")

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        pieces = super().collect_usage_pieces(ctx)
        return [words_of(ctx)("cli.headings.options_piece"), *pieces[1:]]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        options = (param for param in self.get_params(ctx) if isinstance(param, click.Option))
        records = [option.get_help_record(ctx) for option in options]
        if lines := [record for record in records if record is not None]:
            with formatter.section(words_of(ctx)("cli.headings.options")):
                formatter.write_dl(lines)

    def _write_examples(self, key: str, ctx: click.Context, out: click.HelpFormatter) -> None:
        lines = words_of(ctx)(key).strip().splitlines()
        examples = [tuple(part.strip() for part in line.split("|", 1)) for line in lines]
        with out.section(words_of(ctx)("cli.headings.examples")):
            for command, meaning in examples:
                out.write_text(command)
                with out.indentation():
                    out.write_text(meaning)


class Command(_Bilingual):
    """One command; its texts stand under :func:`texts_of` in the locale files."""

    def __init__(self, name: str | None, **attributes: Any) -> None:
        super().__init__(name, **attributes)
        # Extra arguments are refused in invoke, in the reader's language.
        self.allow_extra_args = True

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        words = words_of(ctx)
        paragraphs = words(f"{texts_of(ctx)}.help")
        if any(param.name == "target" and not param.required for param in self.params):
            paragraphs += "\n\n" + words("cli.target_left_out")
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(paragraphs)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        self._write_examples(f"{texts_of(ctx)}.examples", ctx, formatter)

    def invoke(self, ctx: click.Context) -> Any:
        if ctx.args:
            raise click.UsageError(words_of(ctx)("cli.usage.extra", word=ctx.args[0]), ctx)
        try:
            return super().invoke(ctx)
        except Exception as error:
            if _for_programs(ctx) and not isinstance(error, _NOT_ANSWERS):
                click.echo(machine.dumps(failures.plain(error, words_of(ctx))))
            raise


def _for_programs(ctx: click.Context) -> bool:
    """Whether the answer was asked for as JSON."""
    return bool(ctx.params.get("as_json")) or ctx.params.get("form") == "json"


class Option(click.Option):
    """An option whose help stands under ``options`` of its command, of its group, or of ``cli``."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        words, here = words_of(ctx), texts_of(ctx)
        while here != "cli" and f"{here}.options.{self.name}" not in words:
            here = here.rpartition(".")[0]
        self.help = words(f"{here}.options.{self.name}")
        return super().get_help_record(ctx)


class Group(_Bilingual, click.Group):
    """Commands under one name; without one of them it shows its help."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, args or ["--help"])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self.list_commands(ctx) and not ctx.resilient_parsing:
            raise click.UsageError(words_of(ctx)("cli.usage.no_command", word=args[0]), ctx)
        return super().resolve_command(ctx, args)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        words = words_of(ctx)
        return [words("cli.headings.command_piece"), words("cli.headings.options_piece")]

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(words_of(ctx)(f"{self._texts(ctx)}.help"))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        words, here = words_of(ctx), texts_of(ctx)
        with formatter.section(words("cli.headings.commands")):
            names = self.list_commands(ctx)
            formatter.write_dl([(name, words(f"{here}.{name}.short")) for name in names])
        super().format_options(ctx, formatter)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        self._write_examples(f"{self._texts(ctx)}.examples", ctx, formatter)

    def _texts(self, ctx: click.Context) -> str:
        return texts_of(ctx)


class App(Group):
    """The ``sheetsync`` command itself."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.params.append(
            Option(
                ["--version"],
                is_flag=True,
                is_eager=True,
                expose_value=False,
                callback=_print_version,
            )
        )

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"sheetsync.cli.{cmd_name}").command
        return command

    def _texts(self, ctx: click.Context) -> str:  # noqa: ARG002
        return "cli.sheetsync"

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run a command; every failure becomes one sentence and an exit code."""
        given = list(sys.argv[1:] if args is None else args) or ["--help"]
        words = load(choose_language(given, os.environ))
        _let_streams_replace()
        try:
            code = super().main(
                given,
                prog_name or "sheetsync",
                complete_var,
                standalone_mode=False,
                windows_expand_args=windows_expand_args,
                obj=Terminal(words),
                **extra,
            )
        except Exception as error:
            code = failures.tell(error, words)
        if standalone_mode:
            sys.exit(code or 0)
        return code


def _print_version(ctx: click.Context, param: click.Parameter, value: bool) -> None:  # noqa: ARG001
    if value and not ctx.resilient_parsing:
        click.echo(f"sheetsync {__version__}")
        ctx.exit()


def _let_streams_replace() -> None:
    """A console that has no Cyrillic or no check mark shows ``?`` instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="replace")
