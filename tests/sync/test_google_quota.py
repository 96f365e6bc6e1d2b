"""What commands cost: requests, bytes, and how they live with Google's quota."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner

from sheetsync.cli import main
from sheetsync.sync.provision import provision
from sheetsync.sync.refresh import refresh
from sheetsync.workbooks.base import Traffic
from sheetsync.workbooks.google.http import SheetsClient
from sheetsync.workbooks.google.patience import Pace
from sheetsync.workbooks.google.workbook import GoogleWorkbook
from tests.google import Server
from tests.google.faults import Quota
from tests.sync.shop import NOON, Clock, Shop, at_noon, opened
from tests.workbooks.test_google_safety import Shop as SmallShop
from tests.workbooks.test_google_safety import typed_by_people

ADVISED = 2_000_000
"""The size of a body that Google advises not to exceed. [byte]"""


@pytest.fixture(scope="module")
def prepared() -> Iterator[Shop]:
    with opened() as server:
        yield Shop(server).filled()


@pytest.fixture
def shop(prepared: Shop) -> Shop:
    return prepared.restored()


def asked(server: Server) -> list[str]:
    """The methods of all requests, by the last word of their names."""
    return [str(each.operation).rpartition(".")[2] for each in server.requests]


def logged(server: Server, retries: int = 0) -> Traffic:
    """What the server's log counted."""
    return Traffic(
        len(server.requests),
        sum(each.size for each in server.requests),
        sum(each.answer_size for each in server.requests),
        retries,
    )


# --- requests ---------------------------------------------------------------------------------


def test_a_refresh_costs_three_requests_and_two_when_nothing_changed(shop: Shop) -> None:
    book = shop.book()
    assert at_noon(book).traffic == logged(shop.server)
    assert asked(shop.server) == ["getByDataFilter", "batchGetByDataFilter", "batchUpdate"]
    shop.server.requests.clear()
    assert at_noon(book).traffic == logged(shop.server)
    assert asked(shop.server) == ["getByDataFilter", "batchGetByDataFilter"]


def test_ids_that_have_to_be_put_right_cost_one_request_more(shop: Shop) -> None:
    def watch(number: int, _: object) -> None:
        if number == 3:
            shop.owner.sort("Leads", "Name", descending=True)

    shop.server.before(watch)
    done = at_noon(shop.book())
    assert done.receipt is not None
    assert done.receipt.healed == 4  # two ids beside the wrong rows, and two rows without theirs
    assert done.traffic == logged(shop.server)
    assert asked(shop.server) == ["getByDataFilter", "batchGetByDataFilter"] + 2 * ["batchUpdate"]
    shop.check()


def test_an_init_costs_five_requests_at_most(server: Server) -> None:
    shop = Shop(server)
    book = shop.book()
    for _ in range(2):
        server.requests.clear()
        provision(book, kind="general", lang="en")
        assert len(server.requests) <= 5
    assert "batchUpdate" not in asked(server)


# --- bytes ------------------------------------------------------------------------------------


def test_only_changed_cells_travel(server: Server) -> None:
    """Of a thousand leads ten have changed: nothing is sent about the others."""
    shop = Shop(server)
    book = shop.book()
    provision(book, kind="general", lang="en")
    (sheet,) = (each for each in server.file(shop.id).sheets if each.title == "Leads")
    headers = shop.owner.headers("Leads")
    at = {header: headers.index(header) for header in ("Name", "Phone", "Status", "Source")}
    for row in range(1, len(sheet.rows)):
        typed = {"Name": f"Client {row}", "Phone": f"+7 900 {row:07d}", "Status": "New"}
        for header, text in typed.items():
            sheet.enter(row, at[header], text)
    refresh(book, now=NOON)
    assert max(each.size for each in server.requests) < ADVISED
    for row in range(10, 1000, 100):  # 1 % of 999
        shop.owner.type("Leads", row, "Source", "Recommendation")
    server.requests.clear()
    done = refresh(book, now=NOON)
    (today,) = (each.id for each in server.file(shop.id).sheets if each.title == "Today")
    # The call list is another one now, and is written whole.
    others = [
        each for each in server.requests[-1].body["requests"] if f": {today}," not in str(each)
    ]
    text = json.dumps(others)
    assert done.traffic == logged(server)
    # A tenth of it are formulas, in columns that show something for the first time.
    assert done.traffic.bytes_up < 65_000
    changed = set(range(9, 999, 100))
    assert {int(number) for number in re.findall(r"L-(\d{5})", text)} <= changed
    assert {int(number) for number in re.findall(r"Client (\d+)", text)} <= changed
    assert "+7 900" not in text


# --- pace -------------------------------------------------------------------------------------


def paced(server: Server, clock: Clock, limit: int) -> SmallShop:
    """A shop with a lead, on a server that allows so many reads and writes a minute."""
    small = SmallShop(server)
    small.owner.append("Leads", typed_by_people("Anna"))
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {server.token()}"
    client = SheetsClient(session=session, pace=Pace(clock=clock), sleep=clock.sleep)
    small.book = GoogleWorkbook(client, small.id)
    server.quota = Quota(limit, limit, clock)
    server.requests.clear()
    return small


def renamed_and_refreshed(small: SmallShop, times: int) -> None:
    for number in range(times):
        small.owner.type("Leads", 2, "Name", f"Anna {number}")
        small.refresh()
    small.check([f"Anna {times - 1}"])


def test_a_hundred_refreshes_in_a_row_keep_to_the_quota(server: Server) -> None:
    """Each changes something: two hundred reads and a hundred writes, sixty of each in a minute."""
    clock = Clock()
    renamed_and_refreshed(paced(server, clock, 60), 100)
    assert len(server.requests) == 300
    assert [each for each in server.requests if each.status == 429] == []
    assert 180 <= clock.now <= 200  # the first sixty at once, then sixty a minute


def test_where_others_spend_half_of_the_quota_refusals_are_waited_out(server: Server) -> None:
    clock = Clock()
    small = paced(server, clock, 30)
    renamed_and_refreshed(small, 20)
    refused = [each for each in server.requests if each.status == 429]
    assert len(server.requests) == 60 + len(refused)
    assert 0 < len(refused) <= 10


# --- what people are told ---------------------------------------------------------------------


def test_the_command_tells_what_it_cost(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("time.sleep", lambda _: None)
    shop.server.credentials("authorized_user", tmp_path / "me.json")
    url = f"https://docs.google.com/spreadsheets/d/{shop.id}/edit"
    words = ["refresh", url, "--credentials", "me.json", "--today", "2026-11-21", "--json"]
    shop.server.fault(2, status=503)
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    counted = logged(shop.server, retries=1)
    assert len(shop.server.requests) == 4
    for each in (told["traffic"], told["receipt"]):
        assert each.items() >= vars(counted).items()
    assert told["receipt"]["healed"] == 0
