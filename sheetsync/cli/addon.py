"""``sheetsync addon``: what helps operators inside the sheet, built, brought there, and tried."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sheetsync.cli import config, inputs, machine, preview
from sheetsync.cli.app import Command, Group, Option
from sheetsync.cli.refresh import CHANGES_FOUND
from sheetsync.cli.terminal import Terminal
from sheetsync.errors import InputError, TargetError

if TYPE_CHECKING:
    from sheetsync.addon.config import Options
    from sheetsync.addon.difference import Difference
    from sheetsync.addon.push import Push

FOLDER, EVENING = "sheetsync-addon", 19
_NAMES = 6


def _hour(ctx: click.Context, param: click.Parameter, typed: str | None) -> int | None:
    return None if typed is None else inputs.count(0, 23)(ctx, param, typed)


_digest = click.option(
    "--digest",
    cls=Option,
    metavar="[HOUR]",
    is_flag=False,
    flag_value=str(EVENING),
    callback=_hour,
)
_no_digest = click.option("--no-digest", cls=Option, is_flag=True)
_force = click.option("--force", cls=Option, is_flag=True)


@click.group("addon", cls=Group)
def command() -> None:
    """The add-on."""


command.add_command(preview.command)


@command.command("build", cls=Command)
@click.argument("folder", metavar="[DIR]", default=FOLDER, type=click.Path(path_type=Path))
@click.option("--target", cls=Option, metavar="TARGET")
@inputs.lang
@_digest
@_no_digest
@_force
@inputs.dry_run
@inputs.as_json
@inputs.credentials
@click.pass_context
def build(
    ctx: click.Context,
    folder: Path,
    target: str | None,
    lang: str | None,
    digest: int | None,
    no_digest: bool,
    force: bool,
    dry_run: bool,
    as_json: bool,
    credentials: Path | None,
) -> int:
    """Write the folder; returns the exit code."""
    terminal: Terminal = ctx.find_root().obj
    words = terminal.words
    if folder.suffix.lower() == ".xlsx" or folder.is_file():
        raise InputError("addon_is_file", path=str(folder))
    named = target is not None or config.find(Path.cwd()) is not None
    if named and lang is not None:
        raise click.UsageError(words("cli.addon.build.lang_known"), ctx)
    with terminal.progress() as progress:
        from dataclasses import replace

        from sheetsync.addon import folder as folders

        if named:
            options = _of_workbook(config.resolve(target, credentials), progress)
        else:
            options = _of_nothing(lang or words.lang)
        if not no_digest:
            hour = folders.digest_hour(folder) if digest is None else digest
            options = replace(options, digest=hour)
        progress("build")
        found = folders.compare(folder, options)
        found.check(force=force)
        if not dry_run:
            folders.write(folder, found)
    if as_json:
        answer = {"folder": str(folder), "digest": options.digest, **_plain(found)}
        terminal.say(machine.dumps({**answer, "written": not (dry_run or found.nothing)}))
    else:
        if not named:
            terminal.say(words("cli.addon.build.no_crm", lang=options.lang))
        _tell_built(terminal, folder, options, found, dry_run=dry_run)
    return CHANGES_FOUND if dry_run and not found.nothing else 0


@command.command("push", cls=Command)
@inputs.target
@_digest
@_no_digest
@click.option("--script", "named", cls=Option, metavar="ID")
@click.option("--new", "new", cls=Option, is_flag=True)
@_force
@inputs.dry_run
@inputs.as_json
@inputs.credentials
@click.pass_obj
def push(
    terminal: Terminal,
    target: str | None,
    digest: int | None,
    no_digest: bool,
    named: str | None,
    new: bool,
    force: bool,
    dry_run: bool,
    as_json: bool,
    credentials: Path | None,
) -> int:
    """Bring it into the sheet; returns the exit code."""
    words = terminal.words
    where = config.resolve(target, credentials)
    with terminal.progress() as progress:
        from sheetsync.addon import push as pushing
        from sheetsync.addon.config import of_workbook
        from sheetsync.sync.targets import is_file, timezone_here
        from sheetsync.workbooks.google import script
        from sheetsync.workbooks.google.workbook import GoogleWorkbook, parse_target

        if is_file(where.target):
            raise TargetError("addon_push_file", path=where.target)
        sheet = parse_target(where.target)
        if sheet is None:
            raise TargetError("no_such_target", target=where.target)
        client = script.connect_script(where.credentials, notify=progress.wait)
        progress("read")
        workbook = GoogleWorkbook(client.for_sheets(), sheet)
        snapshot = workbook.read()
        options = of_workbook(snapshot, timezone=timezone_here(), address=workbook.address)
        progress("build")
        hour: pushing.Digest = digest
        if digest is None and not no_digest:
            hour = "as it is"
        ready = pushing.prepare(client, sheet, options, digest=hour, named=named, fresh=new)
        ready.found.check(force=force)
        done = ready
        if not (dry_run or ready.nothing):
            progress("push")
            title = words("cli.addon.push.title", title=snapshot.label)
            done = pushing.carry_out(client, ready, title)
    if as_json:
        terminal.say(machine.dumps(_pushed(workbook.label, ready, done, dry_run=dry_run)))
    else:
        _tell_pushed(terminal, snapshot.label, ready, done, dry_run=dry_run)
    return CHANGES_FOUND if dry_run and not ready.nothing else 0


def _of_workbook(where: config.Where, progress: Any) -> Options:
    """What to build for a CRM."""
    from sheetsync.addon.config import of_workbook
    from sheetsync.sync.targets import open_workbook, timezone_here

    progress("read")
    workbook = open_workbook(where.target, credentials=where.credentials, notify=progress.wait)
    address = workbook.address if workbook.address.startswith("https://") else None
    return of_workbook(workbook.read(), timezone=timezone_here(), address=address)


def _of_nothing(lang: str) -> Options:
    """What to build where no CRM is named."""
    from sheetsync.addon.config import of_kind
    from sheetsync.sync.targets import timezone_here

    return of_kind("general", lang, timezone=timezone_here())


def _plain(found: Difference) -> dict[str, list[str]]:
    return {key: list(getattr(found, key)) for key in ("added", "changed", "removed", "kept")}


def _counts(terminal: Terminal, found: Difference) -> str:
    """What changes, in words: so many files, and which where they are few."""
    parts = []
    for key in ("added", "changed", "removed"):
        if names := getattr(found, key):
            text = terminal.words(f"cli.addon.{key}", n=len(names))
            parts.append(f"{text} ({', '.join(names)})" if len(names) <= _NAMES else text)
    return ", ".join(parts)


def _tell_built(
    terminal: Terminal, folder: Path, options: Options, found: Difference, *, dry_run: bool
) -> None:
    words = terminal.words
    if found.nothing:
        terminal.say(words("cli.addon.build.nothing", folder=folder))
    else:
        key = "would" if dry_run else "done"
        terminal.say(words(f"cli.addon.build.{key}", folder=folder, what=_counts(terminal, found)))
    _tell_kept(terminal, found)
    if dry_run:
        terminal.say(words("cli.refresh.dry"))
    elif not found.nothing:
        from sheetsync.addon.folder import CLASP, README

        terminal.heading(words("cli.addon.next_title"))
        terminal.note(words("cli.addon.build.next", readme=folder / README))
        if (folder / CLASP).exists():
            here = config.quoted(str(folder))
            terminal.note(words("cli.addon.build.next_clasp", folder=here))
        if options.digest is not None:
            terminal.note(words("cli.addon.digest_on", hour=options.digest))


def _tell_pushed(terminal: Terminal, label: str, ready: Push, done: Push, *, dry_run: bool) -> None:
    words = terminal.words
    if ready.nothing:
        terminal.say(words("cli.addon.push.nothing", label=label))
    else:
        made = ready.project is None
        key = ("would_create" if made else "would") if dry_run else "created" if made else "done"
        what = _counts(terminal, ready.found) or words("cli.addon.push.noted")
        terminal.say(words(f"cli.addon.push.{key}", label=label, what=what))
    _tell_kept(terminal, ready.found)
    if dry_run:
        terminal.say(words("cli.refresh.dry"))
    elif not ready.nothing:
        url = f"https://script.google.com/d/{done.project}/edit"
        terminal.say(words("cli.addon.push.editor", url=url))
        terminal.heading(words("cli.addon.next_title"))
        terminal.note(words("cli.addon.push.next"))
        if ready.options.digest is not None:
            terminal.note(words("cli.addon.digest_on", hour=ready.options.digest))


def _tell_kept(terminal: Terminal, found: Difference) -> None:
    if found.kept:
        names = ", ".join(found.kept[:_NAMES]) + (" …" if len(found.kept) > _NAMES else "")
        terminal.say(terminal.words("cli.addon.kept", names=names))


def _pushed(label: str, ready: Push, done: Push, *, dry_run: bool) -> dict[str, Any]:
    """A push for other programs."""
    return {
        "workbook": label,
        "script": done.project,
        "created": ready.project is None and not dry_run,
        "digest": ready.options.digest,
        **_plain(ready.found),
        "written": not (dry_run or ready.nothing),
    }
