"""Bringing the add-on into a Google spreadsheet: one bound script project, made once, kept up.

Which project it is stands in the spreadsheet, so that any machine updates the same one. Google's
API knows no "replace only if unchanged": what an owner saves in the script editor in the very
second of a push may be lost.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from sheetsync.addon import config
from sheetsync.addon.build import project
from sheetsync.addon.config import Options
from sheetsync.addon.difference import Difference, difference
from sheetsync.errors import TargetError
from sheetsync.workbooks.google import script
from sheetsync.workbooks.google.script import ScriptClient

Digest = int | Literal["as it is"] | None
"""The hour of the daily report, none, or what the project in the sheet has. [h]"""

_STARTING = {"Code.js": "function myFunction() {\n  \n}\n"}
"""What a script project begins with when people open the editor: no file of anybody's."""


@dataclass(frozen=True)
class Push:
    """What a push would do, or did.

    Parameters
    ----------
    spreadsheet : id of the spreadsheet
    options : what was built
    project : id of the script project; None where one has to be made
    noted : what the spreadsheet says its project is
    found : what differs
    """

    spreadsheet: str
    options: Options
    project: str | None
    noted: str | None
    found: Difference

    @property
    def nothing(self) -> bool:
        return self.found.nothing and self.project is not None and self.project == self.noted


def prepare(
    client: ScriptClient,
    spreadsheet: str,
    options: Options,
    *,
    digest: Digest = "as it is",
    named: str | None = None,
    fresh: bool = False,
) -> Push:
    """Compare the add-on with what is in the sheet; nothing is changed.

    Parameters
    ----------
    options : of the spreadsheet, see :func:`sheetsync.addon.config.of_workbook`
    named : id of the project to use, for one that was made by hand
    fresh : make another one, whatever the spreadsheet says

    Raises
    ------
    TargetError
        The project is gone, or is bound to another spreadsheet (this one is a copy of it).
    """
    known = None if fresh else named or options.script
    there: dict[str, str] = {}
    if known is not None:
        if script.open_project(client, known).parent != spreadsheet:
            raise TargetError("script_of_another", script=known)
        there = _without_beginning(script.read_content(client, known))
    hour = config.digest_of(there.get(config.NAME, "")) if digest == "as it is" else digest
    built = replace(options, digest=hour)
    return Push(spreadsheet, built, known, options.script, difference(project(built), there))


def carry_out(client: ScriptClient, push: Push, title: str) -> Push:
    """Do what was prepared; done again it changes nothing. What is there now.

    Parameters
    ----------
    title : of a new project, as people see it in the editor
    """
    known = push.project
    if known is None:
        known = script.create_project(client, title, push.spreadsheet).id
    if known != push.noted:
        script.remember(client.for_sheets(), push.spreadsheet, known, before=push.noted)
    if not push.found.nothing:
        kept = {name: push.found.there[name] for name in push.found.kept}
        script.write_content(client, known, {**push.found.wanted, **kept})
    return replace(push, project=known, noted=known)


def _without_beginning(files: dict[str, str]) -> dict[str, str]:
    """A project's files, but for what Google puts into a new one."""
    return {
        name: text
        for name, text in files.items()
        if text.split() != _STARTING.get(name, "\0").split()
    }
