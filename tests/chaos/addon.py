"""The add-on among the people: what they do to cells of Leads starts its scripts, in V8.

A *slow* script has looked at the sheet and is yet to write: requests of commands come in between.
It is done before anybody does the next thing. For scripts write by place, and what may come of a
row that moves in that very moment stands in docs/safety.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sheetsync.addon.preview.host import Addon, Run, ScriptError
from tests.addon import spreadsheets
from tests.addon.google import Block, Workplace, built
from tests.chaos import traces
from tests.chaos.script import CUT
from tests.chaos.view import View

if TYPE_CHECKING:
    from tests.chaos.world import World

Check = Callable[[Run], Iterable[str]]
"""What is wrong with what a run of a script did."""

_V8: list[Addon] = []
"""V8 takes a second to start: one serves all worlds of a process."""


@dataclass(frozen=True)
class Script:
    """A script at work: what it will have written, and what is to be checked then."""

    run: Run
    email: str
    land: Callable[[], None]
    is_cut: bool
    check: Callable[[], Iterable[str]]


class AddOn:
    """The add-on in the spreadsheet of a world.

    Attributes
    ----------
    slow : how slow the scripts are that are started from now on; see :class:`.script.Deed`
    cards : the lead in each person's card, as it was when they opened it
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.slow = 0
        self.cards: dict[str, dict[str, Any]] = {}
        self._at_work: Script | None = None
        self._requests = 0
        self._is_stale = False

    @cached_property
    def _owner(self) -> Workplace:
        world = self.world
        if not _V8:
            _V8.append(Addon(built(), spreadsheets.Documents().of(world.view.file)))
        return Workplace(world.server, world.id, world.server.OWNER, addon=_V8[0])

    def place(self, email: str) -> Workplace:
        """Where somebody works."""
        return self._owner.colleague(email)

    # -- running -----------------------------------------------------------------------------

    def edit(self, place: Workplace, tab: str, area: Block, do: Callable[[], Any]) -> None:
        """Somebody does something to a block of cells; in Leads a script sees to it then."""
        self.land()
        leads = self.world.view.tabs.get("leads")
        if leads is None or leads.title != tab:
            do()  # elsewhere the script ends at once
            return
        looked: list[View] = []

        def change() -> None:
            do()
            self.world.notice()
            looked.append(self.world.view)

        def check(run: Run) -> Iterable[str]:
            return traces.of_edit(looked[0], self.world.view, area, run)

        self._start(place, lambda: place.edit(tab, area, change), check)

    def ask(self, place: Workplace, *call: Any, check: Check = lambda _: ()) -> dict[str, Any]:
        """What a function answers that the sidebar calls."""
        self.land()
        self._start(place, lambda: place.run(*call), check)
        assert place.last is not None
        answer: dict[str, Any] = place.last.result
        return answer

    def _start(self, place: Workplace, start: Callable[[], Any], check: Check) -> None:
        """Start a script; ``check`` tells what is wrong when all that it wrote is there."""
        world = self.world
        if self._is_stale:
            place.forget()
            self._is_stale = False
        zone = ZoneInfo(world.view.file.properties["timeZone"])
        place.now = (world.now + timedelta(seconds=world.time % 60)).replace(tzinfo=zone)
        place.last = None
        land = None
        try:
            if self.slow:
                land = place.begins(start)
            else:
                start()
        except ScriptError as error:
            world.complain([f"a script has thrown: {error}"])
        run = place.last
        if run is None:
            return
        world.tally.scripts += 1
        done = Script(run, place.email, land or _nothing, self.slow == CUT, lambda: check(run))
        if land is None:
            self._is_done(done)
        else:
            self._at_work, self._requests = done, abs(self.slow)

    def _is_done(self, script: Script) -> None:
        self.world.notice(by_script=True)
        if not script.is_cut:
            self.world.complain(script.check())

    # -- slow scripts ------------------------------------------------------------------------

    def request_arrives(self) -> None:
        """A request of a command is about to be served."""
        self._requests -= 1
        if self._requests < 0:
            self.land()

    def land(self) -> None:
        """What the slow script writes, if there is one, comes to stand in the sheet."""
        script, self._at_work = self._at_work, None
        if script is None:
            return
        self.world.begin_to_notice()
        if script.is_cut:
            self._land_half(script)
        else:
            script.land()
        self._is_done(script)

    def _land_half(self, script: Script) -> None:
        """The first of the tabs that it wrote to; never the word that it has ended."""
        parts = [list(part) for _, part in groupby(script.run.changes, lambda each: each["sheet"])]
        server = self.world.server
        with server.lock:
            fork = self.world.view.file.fork()
            spreadsheets.apply(fork, parts[0] if len(parts) > 1 else [], script.email)
            server.store.commit(fork)

    # -- branches ----------------------------------------------------------------------------

    def remember(self) -> tuple[Any, ...]:
        """Who is at work, and what stands in the cards."""
        return self._at_work, self._requests, dict(self.cards)

    def put_back(self, state: tuple[Any, ...]) -> None:
        """Make everything as it was when :meth:`remember` was asked."""
        self._at_work, self._requests, cards = state
        self.cards = dict(cards)
        self._is_stale = True  # what scripts keep is of a sheet that never was


def _nothing() -> None:
    """What was written is there already."""
