"""``sheetsync export``: one tab with columns by key, for other programs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sheetsync.cli import config, inputs, machine
from sheetsync.cli.app import Command, Option
from sheetsync.cli.terminal import Terminal
from sheetsync.errors import InputError

if TYPE_CHECKING:
    import pandas as pd


@click.command("export", cls=Command)
@inputs.target
@click.option("--tab", cls=Option, metavar="KEY", required=True)
@click.option(
    "--format",
    "form",
    cls=Option,
    metavar="csv|json",
    default="csv",
    callback=inputs.one_of("csv", "json"),
)
@click.option("-o", "--output", cls=Option, metavar="FILE", type=click.Path(path_type=Path))
@inputs.credentials
@click.pass_obj
def command(
    terminal: Terminal,
    target: str | None,
    tab: str,
    form: str,
    output: Path | None,
    credentials: Path | None,
) -> None:
    """Export."""
    where = config.resolve(target, credentials)
    if output is not None:
        _refuse(output, Path(where.target))
    with terminal.progress() as progress:
        from sheetsync.sync.export import export_tab
        from sheetsync.sync.targets import open_workbook

        workbook = open_workbook(where.target, credentials=where.credentials, notify=progress.wait)
        frame = export_tab(workbook, tab)
    text = machine.dumps(machine.records(frame)) + "\n" if form == "json" else _csv(frame)
    if output is None:
        sys.stdout.write(text)
    else:
        _write(output, text)
        terminal.warn(terminal.words("cli.export.done", n=len(frame), path=output))


def _refuse(output: Path, target: Path) -> None:
    """Say at once, before anything is computed, that nothing can be written there."""
    # Asked for, since Windows calls writing to a folder a lack of permission.
    if output.is_dir():
        raise InputError("export_to_folder", path=str(output))
    if not output.parent.is_dir():
        raise InputError("export_no_folder", folder=str(output.parent))
    if output.exists() and target.exists() and output.samefile(target):
        raise InputError("export_onto_itself", path=str(output))


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8", newline="")
    except PermissionError as error:
        raise InputError("export_no_permission", path=str(path)) from error


def _csv(frame: pd.DataFrame) -> str:
    """Comma-separated, dates as ISO text; a missing value is an empty field."""
    import csv
    import io

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(frame.columns)
    columns = [[machine.value(cell) for cell in machine.objects(frame[name])] for name in frame]
    writer.writerows(zip(*map(_as_text, columns), strict=True))
    return out.getvalue()


def _as_text(cells: list[object]) -> list[object]:
    """Booleans as ``true`` and ``false``, as in JSON; the rest as csv writes it."""
    return [str(cell).lower() if isinstance(cell, bool) else cell for cell in cells]
