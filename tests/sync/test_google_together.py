"""Two machines at work in one sheet: every order in which their requests can arrive."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import combinations
from threading import Condition
from typing import Any

import pytest

from sheetsync.errors import ConflictError
from sheetsync.sync.provision import provision
from sheetsync.sync.refresh import refresh
from sheetsync.workbooks.base import Receipt
from sheetsync.workbooks.google.workbook import GoogleWorkbook
from tests.google import Operator, Server
from tests.google.grid import Spreadsheet
from tests.sync.shop import NOON, Contents, Shop, Wire, contents_of, dress_of, opened, rewind
from tests.workbooks.contract import wanted
from tests.workbooks.test_google_safety import Shop as SmallShop
from tests.workbooks.test_google_safety import typed_by_people

ORDERS = [
    "".join("A" if place in mine else "B" for place in range(6))
    for mine in combinations(range(6), 3)
]
"""Every order of three requests of A and three of B."""

TOMORROW = NOON + timedelta(days=1)

Act = Callable[[], object]


class Turns:
    """Who may send the next request: as an order says; after that A, and at last B.

    Parameters
    ----------
    order : such as ``AABABB``
    between : what happens just before the request at a place in that order
    """

    def __init__(self, order: str, between: Mapping[int, Act] | None = None) -> None:
        self._left, self._between = list(order), dict(between or {})
        self._place = 0
        self._busy = False
        self._gone: set[str] = set()
        self._changed = Condition()

    def wire(self, who: str, token: str) -> Wire:
        """The session of one of the two."""
        return Wire(token, before=lambda _: self._wait(who), after=lambda _: self._pass_on())

    def play(self, **machines: Act) -> None:
        """Let both run to their ends; what one of them raises is raised here."""
        with ThreadPoolExecutor(len(machines)) as pool:
            ends = [pool.submit(self._run, who, act) for who, act in machines.items()]
        for end in ends:
            end.result()

    def _run(self, who: str, act: Act) -> None:
        try:
            act()
        finally:
            with self._changed:
                self._gone.add(who)
                self._left = [each for each in self._left if each != who]
                self._changed.notify_all()

    def _wait(self, who: str) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: self._next() == who, 60)
            self._busy = True
            if act := self._between.pop(self._place, None):
                act()

    def _next(self) -> str | None:
        if self._busy:
            return None
        return self._left[0] if self._left else min({"A", "B"} - self._gone, default=None)

    def _pass_on(self) -> None:
        with self._changed:
            self._busy = False
            self._left = self._left[1:]
            self._place += 1
            self._changed.notify_all()


# --- the real command -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shop() -> Iterator[Shop]:
    with opened() as server:
        yield Shop(server).filled()


@pytest.fixture(scope="module")
def one_after_the_other(shop: Shop) -> Sequence[Contents]:
    """What the sheet may hold in the end: A's refresh and then B's, or the other way round."""
    return [in_turn(shop, TOMORROW, NOON), in_turn(shop, NOON, TOMORROW)]


def in_turn(shop: Shop, *moments: datetime) -> Contents:
    shop.restored()
    for moment in moments:
        refresh(shop.book(), now=moment)
    shop.check()
    return shop.contents()


@pytest.mark.parametrize("order", ["AABBAB", "ABABAB", "ABBBAA"])
def test_two_refreshes_end_as_if_one_had_waited_for_the_other(
    shop: Shop, one_after_the_other: Sequence[Contents], order: str
) -> None:
    """The service account's clock is right, the owner's a day ahead."""
    shop.restored()
    turns = Turns(order)
    robot = turns.wire("A", shop.server.token(Server.SERVICE_ACCOUNT))
    owner = turns.wire("B", shop.server.token())
    turns.play(
        A=lambda: refresh(shop.book(robot, email=Server.SERVICE_ACCOUNT), now=NOON),
        B=lambda: refresh(shop.book(owner), now=TOMORROW),
    )
    shop.check()
    assert shop.typed() == shop.first_typed
    assert shop.contents() in one_after_the_other


@pytest.mark.parametrize("order", ["ABABABA", "BAABBAA"])
def test_an_init_may_run_beside_a_refresh(shop: Shop, order: str) -> None:
    shop.restored()
    shop.owner.delete_column("Leads", "Company")
    before = shop.typed()
    turns = Turns(order)
    init, other = (turns.wire(who, shop.server.token()) for who in "AB")
    turns.play(
        A=lambda: provision(shop.book(init)),
        B=lambda: refresh(shop.book(other), now=NOON),
    )
    shop.check()
    assert shop.typed() == before
    assert shop.owner.headers("Leads").count("Company") == 1


# --- plans made by hand: quick enough for every order -----------------------------------------


@pytest.fixture(scope="module")
def filled() -> Iterator[tuple[SmallShop, Spreadsheet]]:
    with opened() as server:
        shop = SmallShop(server).with_leads("Anna", "Boris")
        for name in ("Clara", "Dina"):
            shop.owner.append("Leads", typed_by_people(name))
        yield shop, server.file(shop.id)


@pytest.fixture
def small(filled: tuple[SmallShop, Spreadsheet]) -> SmallShop:
    shop, saved = filled
    rewind(shop.server, saved)
    return shop


def until_it_lands(shop: SmallShop, book: GoogleWorkbook) -> Receipt:
    """What a refresh does about conflicts: it reads and computes anew."""
    while True:
        try:
            receipt = book.apply(shop.plan(book))
        except ConflictError:
            continue
        if receipt.settled:
            return receipt


def machine(shop: SmallShop, turns: Turns, who: str) -> Act:
    """A refresh of one of the two."""
    book = GoogleWorkbook(shop.client(turns.wire(who, shop.server.token())), shop.id)
    return lambda: until_it_lands(shop, book)


EDITS: Sequence[Callable[[Operator], object]] = (
    lambda o: o.sort("Leads", "Name", descending=True),
    lambda o: o.insert_row("Leads", 3),
    lambda o: o.append("Leads", typed_by_people("Egor")),
    lambda o: o.move_column("Leads", "ID", after="Phone"),
    lambda o: o.type("Leads", 4, "Budget", 900),
    lambda o: o.insert_column("Leads", "ID", "Dog"),
)


@pytest.mark.parametrize("order", ORDERS)
def test_people_may_work_between_the_requests_of_two_refreshes(
    small: SmallShop, order: str
) -> None:
    number = ORDERS.index(order)
    place, edit = number % 6, EDITS[number // 6 % len(EDITS)]
    more = EDITS[(number + 2) % len(EDITS)]
    turns = Turns(order, {place: lambda: edit(small.owner), 5: lambda: more(small.owner)})
    turns.play(A=machine(small, turns, "A"), B=machine(small, turns, "B"))
    small.refresh()
    names = {row["Name"] for row in small.owner.rows("Leads")} - {None}
    assert names >= {"Anna", "Boris", "Clara", "Dina"}
    for row in small.owner.rows("Leads"):
        if row["Name"] and row["Budget"] != 900:
            assert row.items() >= typed_by_people(row["Name"]).items()
    if len(small.owner.rows("Leads")) == len(names):
        small.check(names)


class Died(BaseException):
    """The machine is switched off."""


@pytest.mark.parametrize("order", [order for order in ORDERS if order.endswith("A")])
def test_a_machine_that_died_before_its_write_leaves_nothing_behind(
    small: SmallShop, order: str
) -> None:
    turns = Turns(order)
    dying = turns.wire("A", small.server.token())

    def before(number: int, wait: Callable[[int], object] = dying.before) -> None:
        if number == 3:
            raise Died
        wait(number)

    dying.before = before
    book = GoogleWorkbook(small.client(dying), small.id)

    def die() -> None:
        with suppress(Died):  # where B was quicker, there is nothing left to write
            until_it_lands(small, book)

    asked = len(small.server.requests)
    turns.play(A=die, B=machine(small, turns, "B"))
    assert len(small.server.requests) - asked == 2 + 3
    small.check(["Anna", "Boris", "Clara", "Dina"])


@pytest.mark.parametrize("order", ORDERS)
def test_an_init_and_a_refresh_in_any_order(small: SmallShop, order: str) -> None:
    small.owner.delete_column("Leads", "Segment")
    turns = Turns(order)
    book = GoogleWorkbook(small.client(turns.wire("A", small.server.token())), small.id)
    turns.play(A=lambda: book.provision(wanted()), B=machine(small, turns, "B"))
    small.check(["Anna", "Boris", "Clara", "Dina"])
    assert small.owner.headers("Leads").count("Segment") == 1
    assert small.book.provision(wanted()).steps == ()


@pytest.mark.parametrize("order", [order for order in ORDERS if order[0] == "A"])
def test_two_inits_make_one_crm(server: Server, order: str) -> None:
    alone = SmallShop(server)
    together = [server.file(alone.id)]
    id_ = server.create("Shop", "ru_RU")
    turns = Turns(order)

    def init(who: str) -> Any:
        book = GoogleWorkbook(alone.client(turns.wire(who, server.token())), id_)
        return lambda: book.provision(wanted())

    turns.play(A=init("A"), B=init("B"))
    together.append(server.file(id_))
    one, two = ([contents_of(file), dress_of(file)] for file in together)
    assert one == two
