"""What a person reads when something went wrong: one sentence that says what to do, on stderr."""

from __future__ import annotations

import os
import sys
from typing import Any

import click

from sheetsync.errors import SheetsyncError
from sheetsync.locales import Words

USAGE = 2


def tell(error: Exception, words: Words) -> int:
    """Print what ``error`` means for the reader; returns the exit code.

    With ``SHEETSYNC_DEBUG`` in the environment, errors that we did not foresee are raised again,
    and foreseen ones show where they came from.
    """
    if isinstance(error, click.UsageError):
        click.echo(_usage(error, words), err=True)
        return USAGE
    debug = bool(os.environ.get("SHEETSYNC_DEBUG"))
    if debug and not isinstance(error, click.Abort):
        import traceback

        traceback.print_exception(error, file=sys.stderr)
    click.echo(_sentence(error, words), err=True)
    return error.exit_code if isinstance(error, SheetsyncError | click.ClickException) else 1


def plain(error: Exception, words: Words) -> dict[str, Any]:
    """An error for other programs: a code that is the same in every language, and the sentence."""
    if isinstance(error, SheetsyncError):
        code = error.key
    else:
        code = "system" if isinstance(error, OSError) else "unforeseen"
    return {"error": {"code": code, "message": _sentence(error, words)}}


def _sentence(error: Exception, words: Words) -> str:
    if isinstance(error, SheetsyncError):
        return error.sentence(words)
    if isinstance(error, click.Abort):
        return words("cli.failures.stopped")
    if isinstance(error, click.ClickException):
        return error.format_message()
    if isinstance(error, OSError) and error.filename is not None:
        return words("cli.failures.system", path=error.filename, reason=error.strerror)
    return words("cli.failures.unforeseen", kind=type(error).__name__, detail=str(error))


def _usage(error: click.UsageError, words: Words) -> str:
    """A usage error in the reader's language, with the way to the help."""
    if isinstance(error, click.NoSuchOption):
        text = words("cli.usage.no_option", word=error.option_name)
        if error.possibilities:
            likely = ", ".join(sorted(error.possibilities))
            text += " " + words("cli.usage.perhaps", words=likely)
    elif isinstance(error, click.MissingParameter) and error.param is not None:
        option = isinstance(error.param, click.Option)
        missing = error.param.opts[0] if option else error.param.human_readable_name
        text = words("cli.usage.missing", word=missing)
    elif isinstance(error, click.BadParameter) and error.param is not None:
        text = words("cli.usage.bad", word=error.param.opts[0], reason=error.message)
    elif isinstance(error, click.BadOptionUsage):
        text = words("cli.usage.no_value", word=error.option_name)
    else:
        text = error.format_message()
    path = error.ctx.command_path if error.ctx is not None else "sheetsync"
    return text + "\n" + words("cli.usage.see_help", command=f"{path} --help")
