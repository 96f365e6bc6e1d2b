"""One small CRM and its people: how deeds are done, and runs are played."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sheetsync.errors import ConflictError, LayoutError
from tests.chaos import checks, machine, moving_in, oracle, rest
from tests.chaos.actions import ACTIONS, Idle, learn
from tests.chaos.addon import AddOn
from tests.chaos.known import Known
from tests.chaos.script import COMMANDS, Deed, Ended, Run, Tally
from tests.chaos.scripted import Scripted
from tests.chaos.view import View
from tests.google import ApiError, Operator, Server

MOST_LEADS = 9


class World:
    """A CRM with its people, or a file that is to become one.

    ``marks`` is the key of the column that says which lead a row is, 0 before there are leads;
    ``time`` the number of requests so far; ``over`` says that nothing more can be told, as the
    Leads are gone.

    Parameters
    ----------
    leads : so many leads are there; -1 for a new, empty file
    """

    def __init__(self, server: Server, *, locale: str = "en_US", leads: int = 5) -> None:
        learn()
        self.server, self.tally, self.known = server, Tally(), Known()
        self.options = {"locale": locale, "leads": leads}
        self.id = server.create("Shop", locale)
        self.people: dict[str, Operator] = {"owner": server.operator(self.id)}
        for name in ("anna", "boris"):
            server.share(self.id, f"{name}@example.com")
            self.people[name] = server.operator(self.id, f"{name}@example.com")
        server.share(self.id, server.SERVICE_ACCOUNT)
        self.now = datetime(2026, 11, 21, 12)
        self.today = self.now.date()
        self.log: list[str] = []
        self.runs: list[Run] = []
        self.marks = 0
        self.time = 0
        self.numbers = 0
        self.over = False
        self.addon = AddOn(self)
        self._hands: Mapping[str, Operator] = self.people
        self._seen: View | None = None
        self._noticed = self.view
        if leads >= 0:
            moving_in.move_in(self, locale, leads)

    # -- looking -----------------------------------------------------------------------------

    @property
    def view(self) -> View:
        file = self.server.store.files[self.id]
        if self._seen is None or self._seen.file is not file or self._seen.marks != self.marks:
            self._seen = View(file, self.marks)
        return self._seen

    def complain(self, wrongs: Iterable[str]) -> None:
        """Fail with everything that is wrong, what was done, and how to do it again."""
        found = list(wrongs)
        if found:
            lines = ["", *found, "", "What was done:", *self.log[-60:], "", "To play it again:"]
            raise AssertionError(
                "\n".join([*lines, f"replay(server, {self.runs!r}, **{self.options!r})"])
            )

    def gone(self) -> bool:
        """Whether nobody can tell leads apart any more: the Leads are gone."""
        tabs = self.view.tabs
        return bool(self.marks) and (
            "leads" not in tabs or self.marks not in {c.key for c in tabs["leads"].columns}
        )

    # -- what actions need -------------------------------------------------------------------

    def unique(self, what: str) -> str:
        """A text that nobody typed before."""
        self.numbers += 1
        if what == "phone":
            return f"+7 900 {self.numbers:07d}"
        if what == "email":
            return f"somebody{self.numbers}@example.com"
        return f"{what} {self.numbers}"

    def demand_room(self) -> None:
        if len(self.view.leads) >= MOST_LEADS:
            raise Idle

    def new_lead(self, a: int, b: int) -> dict[str, Any]:
        """A lead as people type it, by header."""
        sheet, positions = self.view.tabs["leads"], self.view.positions("leads")
        sources = list(oracle.SOURCES)
        typed = {
            "name": self.unique("name"),
            "phone": self.unique("phone"),
            "email": self.unique("email"),
            "request": self.unique("request"),
            "source": sources[a % len(sources)],
            "budget": 50 * (b % 15),
            "status": oracle.OPEN[(a + b) % len(oracle.OPEN)],
        }
        at = [column.key for column in sheet.columns].index(self.marks)
        found: dict[str, Any] = {str(sheet.cell(0, at).entered): self.unique("ref")}
        return found | {
            str(sheet.cell(0, positions[key]).entered): value
            for key, value in typed.items()
            if key in positions
        }

    # -- doing -------------------------------------------------------------------------------

    def do(self, deed: Deed) -> None:
        """Let somebody do something, and note whose ids it changed."""
        said = f"before request {deed.before}: {deed.who} {deed.what} {deed.a} {deed.b}"
        if deed.what in COMMANDS:
            self.log.append(f"{said} on another machine")
            owner = deed.who == "owner"
            self.command(Run(deed.what), Server.OWNER if owner else Server.SERVICE_ACCOUNT)
            return
        self.addon.land()
        self.addon.slow = deed.slow
        self.begin_to_notice()
        try:
            ACTIONS[deed.what].act(self, self._hands[deed.who], deed.a, deed.b)
            self.tally.deeds += 1
        except Idle:
            said += " (nothing to do it with)"
        except (ApiError, KeyError) as refused:
            self.tally.refused += 1
            said += f" (refused: {refused})"
        self.log.append(said)
        self.notice()

    def begin_to_notice(self) -> None:
        """Somebody is about to change something."""
        self._noticed = self.view

    def notice(self, *, by_script: bool = False) -> None:
        """Note what somebody, or a script, has changed since it was asked last."""
        before, self._noticed = self._noticed, self.view
        watch = self.known.watch_script if by_script else self.known.watch
        watch(before, self.view, self.time, self.today)

    def play(self, run: Run) -> Ended:
        """Play a run, and check everything that can be checked."""
        self.runs.append(run)
        self.log.append(f"{run.command}:")
        self.tally.runs += 1
        self._hands = self.people
        if run.addon:
            self._hands = {name: Scripted(self.addon, who) for name, who in self.people.items()}
        self.now += timedelta(minutes=1)
        if run.cli:  # which is told the day, and takes its midnight for the moment
            self.now = datetime.combine(self.today + timedelta(days=1), datetime.min.time())
            self.today = self.server.today = self.now.date()
        ended = self.command(run)
        self.tally.portions += max(0, ended.writes - 1) * (run.large > 0)
        if self.gone():
            self.over = True
        elif run.quiet or ended.killed or self.view.missing():
            self.settle()
        return ended

    def command(self, run: Run, email: str = Server.SERVICE_ACCOUNT) -> Ended:
        """A command on a machine of its own, and what has to be true when it returns."""
        self.known.note_answers(self.view, self.today)
        if run.cli:
            ended = machine.run_command_line(self, run)
        else:
            ended = machine.run_here(self, run, email)
        if ended.error is not None:
            self.log.append(f"  {type(ended.error).__name__}: {ended.error}")
            self.tally.errors += 1
            self.tally.conflicts += isinstance(ended.error, ConflictError)
        self.tally.kills += ended.killed
        self.returned(ended)
        return ended

    def returned(self, ended: Ended) -> None:
        """Check what has to be true when a command returns, and remember the ids it gave."""
        self.addon.land()
        self.tally.healed += ended.healed
        how = f"{ended.requests} requests, {ended.healed} healed"
        end = "killed" if ended.killed else "and anew)" if ended.unsettled else "done"
        self.log.append(f"  {ended.command} {end}, {how}")
        if self.gone() or ended.killed:
            return
        self.known.note_answers(self.view, self.today)
        self.known.forget_gone(self.view)
        if ended.command == "refresh" and ended.whole:
            self.known.forgive(ended.read_at)
        self.complain(checks.returned(self, ended))
        if not ended.unsettled:
            self.known.take_note(self.view)

    def remember(self) -> tuple[Any, ...]:
        """The file, and what is known of it."""
        return self.view.file, copy.copy(self.log), self.known.copy(), self.addon.remember()

    def put_back(self, state: tuple[Any, ...]) -> None:
        """Make everything as it was when :meth:`remember` was asked."""
        file, self.log, self.known, addon = state
        self.server.store.files[self.id] = file
        self.addon.put_back(addon)

    # -- coming to rest ----------------------------------------------------------------------

    def settle(self) -> None:
        """One quiet refresh (and an init before it where something was deleted): all is right."""
        if self.view.missing():
            self.command(Run("init"))
        ended = self.command(Run("refresh"))
        if isinstance(ended.error, LayoutError):
            self.command(Run("init"))
            ended = self.command(Run("refresh"))
        if ended.error is not None:
            self.complain([f"a quiet refresh failed: {ended.error!r}"])
        self.known.troubled.clear()
        self.complain(rest.settled(self))
        self.complain(self.known.trails.wrong(self.view))
        self.complain(self.known.trails.wrong_sums(ended.breaks))
        self._tell_copies_apart()
        self.known.begin_anew(self.view, self.today)

    def rest(self) -> None:
        """Another quiet refresh: two requests, and nothing is written."""
        file = self.view.file
        ended = self.command(Run("refresh"))
        if ended.error is not None or ended.requests != 2 or self.view.file is not file:
            self.complain([f"a refresh without changes took {ended.requests} requests"])

    def _tell_copies_apart(self) -> None:
        """A mark of its own for every copy, now that it is a lead of its own."""
        if not self.marks:
            return
        sheet, seen = self.view.tabs["leads"], set[str]()
        at = [column.key for column in sheet.columns].index(self.marks)
        header = str(sheet.cell(0, at).entered)
        for mark, row in self.view.leads:
            is_lead = row.cells.get("id") == self.known.ids.get(mark)
            if mark in seen or (mark in self.known.ids and not is_lead):
                title = self.view.tabs["leads"].title
                self.people["owner"].type(title, row.number, header, self.unique("ref"))
            seen.add(mark)


def replay(server: Server, runs: Sequence[Run], **options: Any) -> World:
    """Play runs again, in a new world."""
    world = World(server, **options)
    for run in runs:
        world.play(run)
    return world
