"""Apps Script on this machine: the add-on's scripts in V8, as a person of the document.

Each run begins afresh, as Google's do: nothing that a script kept in a variable is there the next
time. What outlives a run is in the document, and in the services' own stores (properties, caches,
triggers).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

from sheetsync.addon.preview import scripts
from sheetsync.addon.preview.closing import Closes
from sheetsync.errors import InputError

Trigger = Literal["simple", "installable"]
"""How a run was started: by ``onOpen`` or ``onEdit`` (no authorisation), by the clock; a menu item
and the sidebar are none."""

Document = dict[str, Any]
"""A spreadsheet as the stand-in takes it; see ``services/Grid.js`` and :mod:`.document`."""

LIMITS: dict[Trigger | None, float] = {"simple": 30, "installable": 360, None: 360}
"""How long a run may take. [s]"""

Selection = tuple[int, tuple[int, int, int, int]]
"""Sheet id, and row, column, rows, columns; the first are 1."""

_FOLDER = Path(__file__).with_name("services")
# Each may use those before it at once, and all of them once something runs.
_SERVICES = (
    *("Strict", "Clock", "Zone", "Locale", "Access", "Grid", "A1", "Ranges", "Metadata"),
    *("Selected", "Sheets", "Identity", "Interface", "Keeping", "Post", "Toolbox", "Services"),
)


class ScriptError(Exception):
    """A script has thrown: the message of the error, and where that was.

    Parameters
    ----------
    message : of the error
    where : the frames of the project, innermost first, ``onEdit (Main.js:12)``
    """

    def __init__(self, message: str, where: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message, self.where = message, tuple(where)

    def __str__(self) -> str:
        return "\n  at ".join((self.message, *self.where))


@dataclass(frozen=True)
class Run:
    """What one run of a function did.

    Parameters
    ----------
    result : what it gave back, plain JSON
    error : what it threw; what it had changed before stays changed, as at Google
    calls : name of a service's method (``Range.getValues``) -> how often it was called
    cells_read, cells_written : how many cells went through the services
    changes : in order, what was changed in the document: ``op`` is ``set`` (``value``, and
        ``format`` where the cell had none), ``formula``, ``note``, ``format``, or ``rows`` (more
        of them at the end of a sheet); ``sheet`` is its id, ``row`` and ``column`` count from 1
    marks : in order, metadata that got another value: ``id`` and ``value``
    events : in order, what was shown: ``kind`` is ``toast``, ``menu``, ``sidebar``, ``dialog``,
        ``alert``, ``prompt`` or ``select``
    mails : what was sent
    log : (level, text) of console and Logger
    triggers : those that stand now
    """

    result: Any
    error: ScriptError | None
    calls: Mapping[str, int]
    cells_read: int
    cells_written: int
    changes: Sequence[Mapping[str, Any]]
    marks: Sequence[Mapping[str, Any]]
    events: Sequence[Mapping[str, Any]]
    mails: Sequence[Mapping[str, Any]]
    log: Sequence[tuple[str, str]]
    triggers: Sequence[Mapping[str, Any]]

    @property
    def toasts(self) -> list[str]:
        """The texts of its toasts."""
        return [event["message"] for event in self.events if event["kind"] == "toast"]

    @property
    def selected(self) -> Selection | None:
        """Where it put the person's selection, if anywhere."""
        moves = [event for event in self.events if event["kind"] == "select"]
        return (moves[-1]["sheet"], tuple(moves[-1]["range"])) if moves else None


class Addon(Closes):
    """A script project bound to a document.

    Parameters
    ----------
    project : file name -> text, as ``addon build`` writes them; ``.js`` files are run, ``.html``
        files can be opened by HtmlService, and the scopes of ``appsscript.json`` are all that is
        granted
    document : what the project stands in

    Raises
    ------
    InputError
        V8 (mini-racer) is not installed.
    """

    def __init__(self, project: Mapping[str, str], document: Document) -> None:
        self._scripts = scripts.Scripts(project)
        self._files = {name: text for name, text in project.items() if name.endswith(".html")}
        manifest = json.loads(project.get("appsscript.json", "{}"))
        self._scopes: list[str] | None = manifest.get("oauthScopes")
        self._zone: str = manifest.get("timeZone", "Etc/UTC")
        self._v8 = _racer()
        self._v8.eval(f"globalThis.Services = {_services()}; null\n//# sourceURL=services")
        script = f"globalThis.__script = {self._scripts.text}; null"
        self._v8.eval(f"{script}\n//# sourceURL={scripts.PROJECT}")
        self.start(document)

    def start(self, document: Document) -> None:
        """Begin anew with a document: nothing is left in properties, caches and triggers."""
        self.document = document
        self._v8.eval(f"Services.start({scripts.parsed(document)}); null")

    def open(self, document: Document) -> None:
        """Go on with a document that was changed elsewhere; properties and triggers stay."""
        self.document = document
        self._v8.eval(f"Services.open({scripts.parsed(document)}); null")

    def call(self, function: str, *args: Any, user: str, trigger: Trigger | None = None) -> Any:
        """What a function gives back; see :meth:`run`.

        Raises
        ------
        ScriptError
            It has thrown.
        """
        run = self.run(function, *args, user=user, trigger=trigger)
        if run.error is not None:
            raise run.error
        return run.result

    def run(
        self,
        function: str,
        *args: Any,
        user: str,
        trigger: Trigger | None = None,
        event: Mapping[str, Any] | None = None,
        typed: Mapping[str, Any] | None = None,
        now: datetime | None = None,
        active: Selection | None = None,
        locked: Sequence[str] = (),
        quota: int | None = None,
        answers: Sequence[Mapping[str, str]] = (),
        domain: bool = False,
        language: str = "en",
    ) -> Run:
        """Run a global function of the project as a person.

        Parameters
        ----------
        args : plain JSON, as google.script.run takes it
        user : the person's address; what they may do is in the document
        event : for a trigger: ``sheet`` and ``range`` (row, column, rows, columns) that were
            edited, ``value`` and ``oldValue`` of a single cell; the function gets a true event
            object, and no other arguments
        typed : instead of an event, the edit itself; see :meth:`enter`
        now : what the clock shows, with its zone; the machine's time when there is none
        active : the person's selection
        locked : locks that another run holds: ``document``, ``script``, ``user``
        quota : how many mails may still go out today
        answers : what the person answers to alerts and prompts: ``button``, ``text``
        domain : whether everybody is in the owner's Workspace domain, so that a simple trigger
            learns who they are
        language : of the person's account
        """
        session = {
            "user": user,
            "trigger": trigger,
            "event": event,
            "typed": typed,
            "now": None if now is None else now.isoformat(),
            "active": None if active is None else {"sheet": active[0], "range": active[1]},
            "locked": list(locked),
            "quota": quota,
            "answers": [dict(answer) for answer in answers],
            "domain": domain,
            "language": language,
            "scopes": self._scopes,
            "scriptTimeZone": self._zone,
            "files": self._files,
        }
        given = f"{scripts.parsed(list(args))}, {scripts.parsed(session)}"
        told = f"__script, {json.dumps(function)}, {given}"
        return self._told(self._asked(f"Services.run({told})", LIMITS[trigger]))

    def enter(
        self,
        sheet: int,
        row: int,
        column: int,
        values: Sequence[Sequence[Any]],
        *,
        user: str,
        raw: bool = False,
        **options: Any,
    ) -> Run:
        """Type a block of values as a person, and let ``onEdit`` see it.

        The first of the run's changes are what was typed. Where the person may not, nothing is
        typed and no script runs: the run has the refusal as its error.

        Parameters
        ----------
        sheet : the sheet's id
        values : plain JSON; text means what it means when it is typed
        raw : text is just text, also where it looks like a number or a formula
        options : as :meth:`run` takes them
        """
        typed = {"sheet": sheet, "row": row, "column": column, "values": values, "raw": raw}
        return self.run("onEdit", user=user, trigger="simple", typed=typed, **options)

    def _asked(self, expression: str, seconds: float) -> dict[str, Any]:
        from py_mini_racer import JSTimeoutException

        try:
            answer = self._v8.eval(f"JSON.stringify({expression})", timeout_sec=seconds)
        except JSTimeoutException:
            late = {"error": {"message": "Exceeded maximum execution time", "stack": ""}}
            answer = self._v8.eval(f"JSON.stringify(Services.report({scripts.parsed(late)}))")
        told: dict[str, Any] = json.loads(str(answer))
        return told

    def _told(self, answer: dict[str, Any]) -> Run:
        error = answer.get("error")
        return Run(
            result=answer.get("result"),
            error=error and ScriptError(error["message"], self._scripts.frames(error["stack"])),
            calls=answer["calls"],
            cells_read=answer["cells"]["read"],
            cells_written=answer["cells"]["written"],
            changes=answer["changes"],
            marks=answer["marks"],
            events=answer["events"],
            mails=answer["mails"],
            log=[(line["level"], line["text"]) for line in answer["log"]],
            triggers=answer["triggers"],
        )

    def offered(self) -> list[dict[str, Any]]:
        """The classes of Google's that scripts find here.

        Each has its ``name``, ``methods`` (name -> signatures) and ``constants`` (name -> values).
        """
        answer: list[dict[str, Any]] = json.loads(
            str(self._v8.eval("JSON.stringify(Services.offered())"))
        )
        return answer

    def close(self) -> None:
        """Free what V8 holds."""
        self._v8.close()


@cache
def _services() -> str:
    """The stand-in as one expression, so that scripts see none of its names but ``Services``."""
    texts = [(_FOLDER / f"{name}.js").read_text(encoding="utf-8") for name in _SERVICES]
    return "\n".join(["(() => {", *texts, "return Services;", "})()"])


def _racer() -> Any:
    try:
        from py_mini_racer import MiniRacer
    except ImportError:
        raise InputError("preview_not_installed") from None
    return MiniRacer()
