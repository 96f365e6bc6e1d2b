"""A state machine drives the real commands while people work between their requests.

What fails is made smaller by Hypothesis and printed as runs that :func:`tests.chaos.world.replay`
plays again.
"""

from __future__ import annotations

import os
import random
from unittest import mock

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from sheetsync.workbooks.google.http import ENDPOINT
from tests.chaos.actions import ACTIONS, learn
from tests.chaos.draw import PEOPLE, SMALL, draw_first
from tests.chaos.script import COMMANDS, CUT, KILLS, MACHINE, Deed, Run
from tests.chaos.world import World
from tests.google import Server

learn()
_SOFT = tuple(name for name, each in ACTIONS.items() if not each.harsh and not each.addon)
_WITH_ADDON = (*_SOFT, *(name for name, each in ACTIONS.items() if each.addon))
_HARSH = tuple(name for name, each in ACTIONS.items() if each.harsh)
_NUMBERS = st.integers(0, 59)


def deeds(last: int, *, addon: bool = False) -> st.SearchStrategy[tuple[Deed, ...]]:
    """A few deeds before requests up to the ``last``."""
    whats, slow = (_WITH_ADDON, (0, 0, 1, 2, CUT)) if addon else (_SOFT, (0,))
    one = st.builds(
        Deed, st.integers(1, last), st.sampled_from(PEOPLE), st.sampled_from(whats), _NUMBERS,
        _NUMBERS, st.sampled_from(slow),
    )  # fmt: skip
    return st.lists(one, min_size=1, max_size=5).map(tuple)


class Chaos(RuleBasedStateMachine):
    """One CRM; each rule is one command."""

    def __init__(self) -> None:
        super().__init__()
        self.server = Server()
        self.server.__enter__()
        self._endpoint = mock.patch.dict(os.environ, {ENDPOINT: self.server.url})
        self._endpoint.start()
        self.world = World(self.server, leads=4)

    def teardown(self) -> None:
        self._endpoint.stop()
        self.server.__exit__(None)

    def play(self, command: str, done: tuple[Deed, ...], *, quiet: bool = False) -> None:
        self.world.play(Run(command, done, quiet))

    @precondition(lambda self: not self.world.over)
    @rule(done=deeds(last=6))
    def refresh_while_people_work(self, done: tuple[Deed, ...]) -> None:
        self.play("refresh", done)

    @precondition(lambda self: not self.world.over)
    @rule(done=deeds(last=5, addon=True), at=st.integers(1, 3), a=_NUMBERS, b=_NUMBERS)
    def refresh_while_people_have_the_add_on(
        self, done: tuple[Deed, ...], at: int, a: int, b: int
    ) -> None:
        offline = Deed(1, "boris", "add_lead_by_script", a, b)
        typed = Deed(at, "anna", "edit_status", a, b)
        self.world.play(Run("refresh", (offline, typed, *done), quiet=False, addon=True))

    @precondition(lambda self: not self.world.over)
    @rule(done=deeds(last=5))
    def init_while_people_work(self, done: tuple[Deed, ...]) -> None:
        self.play("init", done)

    @precondition(lambda self: not self.world.over)
    @rule(done=deeds(last=4), at=st.integers(1, 4), branch=deeds(last=2))
    def two_machines(self, done: tuple[Deed, ...], at: int, branch: tuple[Deed, ...]) -> None:
        other = Deed(at, "owner", "refresh")
        self.world.play(Run("refresh", (*done, other), quiet=False, branches=(branch,)))

    @precondition(lambda self: not self.world.over)
    @rule(
        command=st.sampled_from(COMMANDS),
        at=st.integers(1, 5),
        what=st.sampled_from(_HARSH),
        a=_NUMBERS,
        b=_NUMBERS,
    )
    def something_is_deleted(self, command: str, at: int, what: str, a: int, b: int) -> None:
        self.play(command, (Deed(1, "anna", "edit_status", a, b), Deed(at, "owner", what, a, b)))

    @precondition(lambda self: not self.world.over)
    @rule(done=deeds(last=3), at=st.integers(1, 4), how=st.sampled_from(KILLS))
    def a_command_is_killed(self, done: tuple[Deed, ...], at: int, how: str) -> None:
        self.play("refresh", (*done, Deed(at, MACHINE, how)))

    @precondition(lambda self: not self.world.over)
    @rule(done=deeds(last=6))
    def a_refresh_goes_in_portions(self, done: tuple[Deed, ...]) -> None:
        self.world.play(Run("refresh", done, quiet=False, large=SMALL))

    @rule(seed=st.integers(0, 999))
    def another_file_becomes_a_crm(self, seed: int) -> None:
        other = World(self.server, leads=-1)
        other.play(draw_first(random.Random(seed)))
        other.rest()

    @precondition(lambda self: not self.world.over)
    @rule()
    def all_is_quiet(self) -> None:
        self.world.settle()
        self.world.rest()


def test_whatever_people_do_the_sheet_is_right() -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Chaos,
        settings=settings(
            max_examples=3,
            stateful_step_count=4,
            derandomize=True,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
