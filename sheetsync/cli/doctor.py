"""``sheetsync doctor``: what is wrong, and the command or click that mends it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sheetsync.cli import config, inputs, machine
from sheetsync.cli.app import Command
from sheetsync.cli.terminal import Terminal
from sheetsync.locales import Words

if TYPE_CHECKING:
    from sheetsync.sync.doctor import Finding

_SIGNS = {"good": ("✓", "green"), "warning": ("!", "yellow"), "bad": ("✗", "red")}


@click.command("doctor", cls=Command)
@inputs.target
@inputs.as_json
@inputs.credentials
@click.pass_obj
def command(terminal: Terminal, target: str | None, as_json: bool, credentials: Path | None) -> int:
    """Examine; returns the exit code."""
    words = terminal.words
    where = config.resolve(target, credentials)
    named = config.find(Path.cwd()) if target is None else None
    findings = []
    with terminal.progress() as progress:
        progress("read")
        from sheetsync.sync.doctor import Finding, examine

        if named is not None:
            findings.append(
                Finding("good", "config", {"path": str(named.path), "target": named.target})
            )
        findings += examine(where.target, where.credentials, notify=progress.wait)
    bad = any(finding.level == "bad" for finding in findings)
    if as_json:
        answer = {"ok": not bad, "findings": [_plain(finding, words) for finding in findings]}
        terminal.say(machine.dumps(answer))
        return int(bad)
    for finding in findings:
        sign, colour = _SIGNS[finding.level]
        text, mend = _texts(finding, words)
        terminal.say(click.style(sign, fg=colour, bold=True) + " " + text)
        if mend:
            terminal.say("  → " + mend)
    if all(finding.level == "good" for finding in findings):
        terminal.say(words("cli.doctor.all_well"))
    return int(bad)


def _texts(finding: Finding, words: Words) -> tuple[str, str]:
    """What was found, and what mends it; the target is quoted as a shell wants it."""
    if finding.error is not None:
        return finding.error.sentence(words), ""
    values = dict(finding.values)
    if "target" in values:
        values["target"] = config.quoted(str(values["target"]))
    mend = f"doctor.mend.{finding.key}"
    text = words(f"doctor.{finding.key}", **values)
    return text, words(mend, **values) if mend in words else ""


def _plain(finding: Finding, words: Words) -> dict[str, Any]:
    text, mend = _texts(finding, words)
    key = finding.error.key if finding.error is not None else finding.key
    return {"level": finding.level, "code": key, "text": text, "mend": mend or None}
