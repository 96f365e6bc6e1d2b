"""Machines on which commands run, watched request by request."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import requests
from click.testing import CliRunner

from sheetsync.cli import main
from sheetsync.crm.stages import chain
from sheetsync.errors import ConflictError, LayoutError, SheetsyncError
from sheetsync.sync.provision import provision
from sheetsync.sync.refresh import Refreshed, refresh
from sheetsync.sync.understand import breaks_of
from sheetsync.workbooks.base import Plan, Receipt
from sheetsync.workbooks.google.http import SheetsClient
from sheetsync.workbooks.google.portions import LARGE
from sheetsync.workbooks.google.workbook import GoogleWorkbook
from tests.chaos.commits import damage
from tests.chaos.script import KILLS, LOST, Deed, Ended, Run
from tests.chaos.view import View

if TYPE_CHECKING:
    from tests.chaos.world import World


_FAULTS = (*KILLS, LOST)


class Killed(BaseException):
    """The machine lost its power."""


class Watch:
    """Lets people work before each request of a command, and compares the file before and after."""

    def __init__(self, world: World, ended: Ended, deeds: Sequence[Deed]) -> None:
        self.world, self.ended, self.deeds = world, ended, deeds
        self._before: View | None = None
        self._reads_values = False

    def arrives(self, path: str) -> set[str]:
        """A request is about to be carried out; which kills and losses are due with it."""
        ended, world = self.ended, self.world
        ended.requests += 1
        world.addon.request_arrives()
        due = [deed for deed in self.deeds if deed.before == ended.requests]
        for deed in due:
            if deed.what not in _FAULTS:
                world.do(deed)
        self._before = world.view
        ended.moments.append(self._before)
        world.time += 1
        self._reads_values = path.endswith("values:batchGetByDataFilter")
        return {deed.what for deed in due if deed.what in _FAULTS}

    def is_done(self) -> None:
        """It was carried out."""
        before, ended, world = self._before, self.ended, self.world
        self._before = None
        if before is None:
            return
        if self._reads_values and not ended.writes:  # after it, only new ids are looked for
            ended.read, ended.read_at = len(ended.moments) - 1, world.time
        if world.view.file is not before.file:
            ended.writes += 1
            world.complain(damage(before, world.view))


class Machine(requests.Session):
    """A session of a machine of its own."""

    def __init__(self, watch: Watch, email: str) -> None:
        super().__init__()
        self.watch = watch
        self.headers["Authorization"] = f"Bearer {watch.world.server.token(email)}"

    def request(self, method: Any, url: Any, *args: Any, **more: Any) -> requests.Response:
        faults = self.watch.arrives(str(url))
        if "killed before" in faults:
            raise Killed
        answer = super().request(method, url, *args, **more)
        self.watch.is_done()
        if faults & {*KILLS}:
            raise Killed
        if faults:
            raise requests.ConnectionError("the connection was cut")
        return answer


class Branching(GoogleWorkbook):
    """A workbook that, before it applies a plan, tries what would come of it otherwise."""

    def __init__(self, machine: Machine, email: str, run: Run) -> None:
        client = SheetsClient(
            session=machine, account=email, sleep=lambda _: None, notify=self._pauses
        )
        super().__init__(client, machine.watch.world.id, large=run.large or LARGE)
        self._watch, self._branches = machine.watch, run.branches

    def _pauses(self, why: str, seconds: float) -> None:  # noqa: ARG002
        """A script that is waited for writes what it has to."""
        if why == "script":
            self._watch.world.addon.land()

    def apply(self, plan: Plan) -> Receipt:
        watch, world = self._watch, self._watch.world
        main, deeds = watch.ended, watch.deeds
        for branch in self._branches if not plan.empty else ():
            state, overtaken = world.remember(), self._client.overtaken
            ended = Ended("refresh", list(main.moments), main.read, main.read_at)
            watch.deeds, watch.ended = branch, ended
            world.log.append("  (or")
            try:
                done = super().apply(plan)
                ended.healed, ended.unsettled = done.healed, not done.settled
            except ConflictError:
                ended.unsettled = True
            world.tally.branches += 1
            world.returned(ended)
            world.put_back(state)
            self._client.overtaken = overtaken
        self._branches = ()
        watch.ended, watch.deeds = main, deeds
        return super().apply(plan)


def run_here(world: World, run: Run, email: str) -> Ended:
    """Run the function behind a command."""
    ended = Ended(run.command, [])
    with Machine(Watch(world, ended, run.deeds), email) as machine:
        book = Branching(machine, email, run)
        try:
            done = _COMMANDS[run.command](book, world.now)
            ended.healed = getattr(getattr(done, "receipt", None), "healed", 0)
            if isinstance(done, Refreshed):
                ended.breaks = frozenset(_breaks(done))
        except SheetsyncError as error:
            ended.error = error
        except Killed:
            ended.killed = True
    return ended


def _breaks(done: Refreshed) -> Iterator[tuple[str, str]]:
    found = breaks_of(done.understood)
    pairs = zip(found["lead"], found["what"], strict=True)
    return (pair for pair in pairs if pair[1] in chain.BREAKS)


def _refresh(book: GoogleWorkbook, now: datetime) -> Any:
    return refresh(book, now=now, force=True)


def _init(book: GoogleWorkbook, now: datetime) -> Any:  # noqa: ARG001
    return provision(book, kind="general", lang="en")


_COMMANDS: Mapping[str, Callable[[GoogleWorkbook, datetime], Any]] = {
    "refresh": _refresh,
    "init": _init,
}


# -- the command line --------------------------------------------------------------------------

_ERRORS = {
    "column_missing": LayoutError,
    "tab_missing": LayoutError,
    "google_conflict": ConflictError,
    "google_restless": ConflictError,
}


def run_command_line(world: World, run: Run) -> Ended:
    """Type the command, and read what it says as a script would: its exit code, its JSON."""
    ended = Ended(run.command, [])
    watch = Watch(world, ended, run.deeds)

    def before(number: int, request: Any) -> None:  # noqa: ARG001
        watch.is_done()
        watch.arrives(request.path)

    unhook = world.server.before(before)
    try:
        with tempfile.TemporaryDirectory() as folder:
            address = f"https://docs.google.com/spreadsheets/d/{world.id}/edit"
            robot = world.server.credentials("service_account", Path(folder, "robot.json"))
            words = [run.command, address, "--credentials", str(robot)]
            if run.command == "refresh":
                words += ["--json", "--force", "--today", world.today.isoformat()]
            env = {"SHEETSYNC_LANG": "en", "HOME": folder, "XDG_CONFIG_HOME": folder}
            with mock.patch.dict(os.environ, env), contextlib.chdir(folder):
                result = CliRunner().invoke(main, words)
    finally:
        unhook()
    watch.is_done()
    _read_answer(world, ended, result.exit_code, result.stdout, result.stderr)
    return ended


def _read_answer(world: World, ended: Ended, code: int, out: str, err: str) -> None:
    said = f"exit code {code}, {err[:300]!r}, {out[:300]!r}"
    if world.server.errors:
        raise world.server.errors.pop()
    if ended.command == "init":
        if code == 0:
            return
        ended.error = ConflictError("google_restless")
        world.complain([] if code == 1 and "at the same time" in err else [f"init: {said}"])
        return
    try:
        answer = json.loads(out)
    except ValueError:
        world.complain([f"no JSON: {said}"])
        return
    if code == 0:
        ended.healed = answer["receipt"]["healed"]
        if answer["receipt"]["requests"] != ended.requests:
            world.complain([f"{ended.requests} requests were made, not as it says: {said}"])
        return
    kind = _ERRORS.get(answer.get("error", {}).get("code"))
    if code != 1 or kind is None or len(answer["error"]["message"].split()) < 4:
        world.complain([f"not due: {said}"])
        return
    # The values are in the sentence already; nobody asks this error for them.
    ended.error = kind("google_conflict")
