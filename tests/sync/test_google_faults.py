"""A refresh and an init with everything that can go wrong, at every single request."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import requests
from google.auth.transport.requests import AuthorizedSession

from sheetsync.errors import AccessError, CredentialsError, ServiceError
from sheetsync.sync.provision import provision
from sheetsync.workbooks.google.auth import load_credentials, read_credentials
from sheetsync.workbooks.google.patience import Patience
from sheetsync.workbooks.google.workbook import GoogleWorkbook
from tests.google import Server
from tests.google.faults import FAULTS, Fault
from tests.sync.shop import Clock, Shop, Wire, at_noon, check_sentence, opened

READS, WRITE = (1, 2), 3
PLACES: Mapping[str, tuple[int, bool]] = {
    "reading the structure": (1, False),
    "reading the values": (2, False),
    "writing": (3, False),
    "writing to sorted rows": (3, True),
    "putting ids right": (4, True),
}
"""Every request of a refresh: its number, and whether rows are sorted just before the third, so
that the new ids land beside other rows and a fourth has to put them right."""


WRITES = [place for place, (number, _) in PLACES.items() if number not in READS]


def applied(fault: Mapping[str, Any]) -> bool:
    """Whether the server does what was asked, and only its answer is lost."""
    return fault.get("reset") == "after" or bool(fault.get("truncate") or fault.get("applied"))


@pytest.fixture(scope="module")
def prepared() -> Iterator[Shop]:
    with opened() as server:
        yield Shop(server).filled()


@pytest.fixture(scope="module")
def right(prepared: Shop) -> Mapping[str, Any]:
    """The sheet after a refresh that nothing disturbed."""
    shop = prepared.restored()
    typed = shop.typed()
    at_noon(shop.book())
    assert len(shop.server.requests) == WRITE
    assert shop.typed() == typed
    shop.check()
    return shop.contents()


@pytest.fixture
def shop(prepared: Shop) -> Shop:
    return prepared.restored()


def staged(shop: Shop, place: str) -> int:
    """The number of the request at one of the PLACES; the owner will sort where that says so."""
    number, sorting = PLACES[place]
    if sorting:
        sort_before_the_write(shop)
    return number


def sort_before_the_write(shop: Shop) -> None:

    def watch(_: int, request: Any) -> None:
        if request.kinds:
            remove()
            shop.owner.sort("Leads", "Name", descending=True)

    remove = shop.server.before(watch)


def ends_well(shop: Shop, right: Mapping[str, Any]) -> None:
    """The next refresh, from another machine, brings the sheet to what it should be.

    Where it is as if the last one had never been, or had gone through, that is known already; so
    it is where another case ended in the same way.
    """
    contents = shop.contents()
    if contents not in (right, shop.first, *shop.known_well):
        at_noon(shop.book())
        shop.check()
        assert shop.typed() == shop.first_typed
        shop.known_well.append(contents)


# --- faults that pass -------------------------------------------------------------------------


@pytest.mark.parametrize("place", PLACES)
def test_every_fault_one_after_another_is_waited_out(
    shop: Shop, right: Mapping[str, Any], place: str
) -> None:
    number = staged(shop, place)
    faults = [fault for fault in FAULTS.values() if number in READS or not applied(fault)]
    for each, fault in enumerate(faults):
        shop.server.fault(number + each, **fault)
    clock = Clock()
    at_noon(shop.book(clock=clock, patience=Patience(tries=20)))
    assert len(clock.waits) == len(faults)
    assert max(clock.waits[: len(faults)]) >= 7  # what Retry-After asked for
    ends_complete(shop, right, place)


@pytest.mark.parametrize(
    ("fault", "place"),
    [("reset after", place) for place in WRITES]
    + [("truncated", "writing"), ("not JSON, but applied", "putting ids right")],
)
def test_a_write_whose_answer_is_lost_is_not_written_twice(
    shop: Shop, right: Mapping[str, Any], fault: str, place: str
) -> None:
    shop.server.fault(staged(shop, place), **FAULTS[fault])
    clock = Clock()
    at_noon(shop.book(clock=clock))
    assert len(clock.waits) == 1
    ends_complete(shop, right, place)


def ends_complete(shop: Shop, right: Mapping[str, Any], place: str) -> None:
    """Without another refresh everything is as it should be."""
    if PLACES[place][1]:
        shop.check()
        assert shop.typed() == shop.first_typed
    else:
        assert shop.contents() == right


@pytest.mark.parametrize(
    ("number", "first"),
    [(1, "the second"), (2, "the late one"), (WRITE, "the second"), (WRITE, "the late one")],
)
def test_a_request_that_times_out_and_arrives_late_is_carried_out_once(
    shop: Shop, right: Mapping[str, Any], number: int, first: str
) -> None:
    """The late one may come before or after the one that was sent in its stead."""
    server, late = shop.server, threading.Event()
    server.fault(number, delay=1)
    server.sleep = lambda _: wait_for(late)

    class Pause(Clock):
        def sleep(self, seconds: float) -> None:
            super().sleep(seconds)
            if first == "the late one":
                arrive()

    def arrive() -> None:
        late.set()
        while not server.requests[number - 1].status:
            time.sleep(0.002)

    clock = Pause()
    book = shop.book(Impatient(shop.server.token(), number), clock=clock)
    at_noon(book)
    assert len(clock.waits) == 1
    arrive()
    assert shop.contents() == right


def wait_for(event: threading.Event) -> None:
    assert event.wait(20)


class Impatient(Wire):
    """Waits for the answer to one of its requests a short time only."""

    def __init__(self, token: str, number: int) -> None:
        super().__init__(token)
        self.number = number

    def request(self, method: Any, url: Any, *args: Any, **more: Any) -> requests.Response:
        if self.count + 1 == self.number:
            more["timeout"] = 0.05
        return super().request(method, url, *args, **more)


# --- faults that stay -------------------------------------------------------------------------

LASTING = ("503", "not JSON, but applied")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("fault", LASTING)
def test_a_fault_that_stays_ends_with_a_sentence(
    shop: Shop, right: Mapping[str, Any], fault: str, place: str
) -> None:
    number, server, token = staged(shop, place), shop.server, shop.server.token()
    since = server.faults.count + number
    server.faults.choose = lambda count: Fault(**FAULTS[fault]) if count >= since else None
    clock = Clock()
    with pytest.raises(ServiceError) as error:
        at_noon(shop.book(Wire(token), clock=clock, patience=Patience(tries=3)))
    check_sentence(error.value, token)
    assert len(clock.waits) == 2
    server.faults.clear()
    ends_well(shop, right)


def test_patience_ends_within_a_few_minutes(shop: Shop) -> None:
    shop.server.faults.choose = lambda _: Fault(status=503)
    clock = Clock()
    with pytest.raises(ServiceError):
        at_noon(shop.book(clock=clock))
    assert len(shop.server.requests) == Patience().tries == len(clock.waits) + 1
    assert 60 < clock.now < 300


# --- access that ends -------------------------------------------------------------------------


@pytest.mark.parametrize("place", PLACES)
def test_an_expired_token_is_renewed_on_the_way(shop: Shop, tmp_path: Path, place: str) -> None:
    session = robot(shop, tmp_path)
    granted = shop.server.token_requests
    before_request(shop, staged(shop, place), shop.server.accounts.tokens.clear)
    at_noon(shop.book(session, email=Server.SERVICE_ACCOUNT))
    assert shop.server.token_requests - granted == 2
    shop.check()
    assert shop.typed() == shop.first_typed


@pytest.mark.parametrize(
    ("account", "place"),
    [("a token", place) for place in PLACES] + [("a robot", place) for place in WRITES],
)
def test_a_login_that_ends_in_the_middle_is_told(
    shop: Shop, right: Mapping[str, Any], tmp_path: Path, account: str, place: str
) -> None:
    accounts, token = shop.server.accounts, shop.server.token()
    session = Wire(token) if account == "a token" else robot(shop, tmp_path)

    def end() -> None:
        accounts.tokens.clear()
        accounts.service_accounts.clear()

    before_request(shop, staged(shop, place), end)
    with pytest.raises(CredentialsError) as error:
        at_noon(shop.book(session, email=Server.SERVICE_ACCOUNT))
    check_sentence(error.value, token)
    ends_well(shop, right)


@pytest.mark.parametrize(
    ("left", "place"), [(None, place) for place in PLACES] + [("reader", "writing")]
)
def test_sharing_that_is_withdrawn_in_the_middle_is_told(
    shop: Shop, right: Mapping[str, Any], left: str | None, place: str
) -> None:
    robot = Server.SERVICE_ACCOUNT

    def withdraw() -> None:
        shop.server.unshare(shop.id, robot)
        if left is not None:
            shop.server.share(shop.id, robot, left)

    before_request(shop, staged(shop, place), withdraw)
    with pytest.raises(AccessError) as error:
        at_noon(shop.book(email=robot))
    check_sentence(error.value)
    assert robot in str(error.value)
    ends_well(shop, right)


def robot(shop: Shop, folder: Path) -> AuthorizedSession:
    """The session that the command itself makes of a service account's key file."""
    path = shop.server.credentials("service_account", folder / "robot.json")
    return AuthorizedSession(load_credentials(read_credentials(path)))


def before_request(shop: Shop, number: int, act: Callable[[], object]) -> None:
    def watch(count: int, _: object) -> None:
        if count == number:
            act()

    shop.server.before(watch)


# --- a command that dies ----------------------------------------------------------------------


class Killed(BaseException):
    """The machine is switched off."""


def killer(number: int) -> Callable[[int], None]:
    """What kills a command at one of its requests."""

    def kill(count: int) -> None:
        if count == number:
            raise Killed

    return kill


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_after_a_refresh_that_was_killed_the_next_one_makes_it_right(
    shop: Shop, right: Mapping[str, Any], moment: str, place: str
) -> None:
    kill = killer(staged(shop, place))
    with pytest.raises(Killed):
        at_noon(shop.book(Wire(shop.server.token(), **{moment: kill})))
    ends_well(shop, right)


# --- a refresh in portions --------------------------------------------------------------------

SMALL = 13_500
"""A size that cuts the refresh of the five leads into portions. [byte]"""
PORTIONS = 3


def test_a_refresh_in_portions_comes_to_the_same(shop: Shop, right: Mapping[str, Any]) -> None:
    at_noon(shop.book(large=SMALL))
    assert len(shop.server.requests) == 2 + PORTIONS
    shop.check()
    assert shop.contents() == right


def test_portions_whose_answers_are_lost_are_not_written_twice(shop: Shop) -> None:
    def lose(_: int) -> Fault | None:
        """The answer to whatever is written for the first time."""
        request = shop.server.requests[-1]
        again = any(request.body == each.body for each in shop.server.requests[:-1])
        return Fault(reset="after") if request.kinds and not again else None

    shop.server.faults.choose = lose
    at_noon(shop.book(large=SMALL))
    shop.check()
    assert shop.typed() == shop.first_typed


@pytest.mark.parametrize("number", range(WRITE, WRITE + PORTIONS))
@pytest.mark.parametrize("moment", ["before", "after"])
def test_after_a_refresh_that_died_between_portions_the_next_one_does_the_rest(
    shop: Shop, right: Mapping[str, Any], moment: str, number: int
) -> None:
    wire = Wire(shop.server.token(), **{moment: killer(number)})
    with pytest.raises(Killed):
        at_noon(shop.book(wire, large=SMALL))
    ends_well(shop, right)


# --- init -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def blank() -> Iterator[Shop]:
    with opened() as server:
        yield Shop(server).saved()


@pytest.fixture(scope="module")
def made(blank: Shop) -> Sequence[Any]:
    """The spreadsheet after an init that nothing disturbed, and how many requests that took."""
    blank.restored()
    make(blank.book())
    return [blank.contents(), blank.dress(), len(blank.server.requests)]


def make(book: GoogleWorkbook) -> None:
    provision(book, kind="general", lang="en")


def test_an_init_waits_out_every_fault_at_every_request(blank: Shop, made: Sequence[Any]) -> None:
    blank.restored()
    *_, count = made
    faults = [fault for fault in FAULTS.values() if not applied(fault)]
    for place in range(count):
        for each, fault in enumerate(faults):
            blank.server.fault(1 + place * (len(faults) + 1) + each, **fault)
    make(blank.book(patience=Patience(tries=20)))
    assert len(blank.server.requests) == count * (len(faults) + 1)
    assert [blank.contents(), blank.dress()] == made[:2]


@pytest.mark.parametrize("fault", [name for name in FAULTS if applied(FAULTS[name])])
def test_an_init_whose_answers_are_lost_makes_nothing_twice(
    blank: Shop, made: Sequence[Any], fault: str
) -> None:
    shop = blank.restored()
    for number in range(1, 2 * made[-1], 2):
        shop.server.fault(number, **FAULTS[fault])
    make(shop.book())
    assert [shop.contents(), shop.dress()] == made[:2]


@pytest.mark.parametrize("moment", ["before", "after"])
def test_after_an_init_that_was_killed_the_next_one_does_the_rest(
    blank: Shop, made: Sequence[Any], moment: str
) -> None:
    dress = blank.restored().dress()
    for number in range(1, made[-1] + 1):
        shop = blank.restored()
        with pytest.raises(Killed):
            make(shop.book(Wire(shop.server.token(), **{moment: killer(number)})))
        landed = moment == "after" and number == made[-1]
        assert [shop.contents(), shop.dress()] == (made[:2] if landed else [blank.first, dress])


def test_an_init_that_cannot_go_on_ends_with_a_sentence(blank: Shop, made: Sequence[Any]) -> None:
    dress = blank.restored().dress()
    for number in range(1, made[-1] + 1):
        for status, expected in ((503, ServiceError), (403, AccessError), (401, CredentialsError)):
            shop = blank.restored()
            since = shop.server.faults.count + number
            fault = Fault(status=status)
            shop.server.faults.choose = lambda n, s=since, f=fault: f if n >= s else None
            with pytest.raises(expected) as error:
                make(shop.book(patience=Patience(tries=2)))
            check_sentence(error.value)
            assert [shop.contents(), shop.dress()] == [blank.first, dress]
