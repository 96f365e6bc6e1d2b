"""What a refresh does while people work in the sheet, and what it costs."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from functools import cache
from typing import Any

import pandas as pd
import pytest
import requests

from sheetsync.errors import AccessError, ConflictError, LayoutError, TargetError
from sheetsync.workbooks.base import Plan
from sheetsync.workbooks.google.http import SheetsClient
from sheetsync.workbooks.google.names import COLUMN, KEPT_REVISIONS, LINE, item_id
from sheetsync.workbooks.google.workbook import GoogleWorkbook
from tests.google import Operator, Server
from tests.google.faults import FAULTS
from tests.google.grid import Spreadsheet
from tests.sync.shop import opened
from tests.workbooks.contract import column_of, planned, wanted
from tests.workbooks.test_google import client_of

Action = Callable[[Operator], None]


class Shop:
    """A small CRM in a spreadsheet, its owner, and a client of ours."""

    def __init__(self, server: Server, locale: str = "ru_RU") -> None:
        self.server, self.locale = server, locale
        self.id = server.create("Shop", locale)
        server.restore(self.id, prepared(locale))
        self.owner = server.operator(self.id)
        self.book = self.another()

    def client(self, session: requests.Session | None = None) -> SheetsClient:
        session = session or requests.Session()
        session.headers["Authorization"] = f"Bearer {self.server.token()}"
        return SheetsClient(session=session, sleep=_no_sleep)

    def another(self) -> GoogleWorkbook:
        """The same spreadsheet from another machine."""
        return GoogleWorkbook(self.client(), self.id)

    def with_leads(self, *people: str) -> Shop:
        """The same with these leads, after a refresh."""
        self.server.restore(self.id, prepared(self.locale, *people))
        return self

    def plan(self, book: GoogleWorkbook | None = None) -> Plan:
        """What a refresh would do: an id for every row that has none, a score for each."""
        base = (book or self.book).read()
        frame = base.tabs["leads"].frame
        number = max((int(key[2:]) for key in base.tabs["leads"].stored.index), default=0)
        fresh = {}
        for row in frame.index[frame["id"].isna()]:
            number += 1
            fresh[row] = f"L-{number:05d}"
        keys = frame["id"].astype(object)
        for row, key in fresh.items():
            keys[row] = key
        scores = {
            key: {"score": score(frame.loc[row, "name"]), "why": frame.loc[row, "name"]}
            for row, key in keys.items()
        }
        logged = set(base.tabs["history"].frame["lead"])
        listed = set(base.tabs["checklist"].frame["lead"])
        moves = [key for key in keys if key not in logged]
        lines = [key for key in keys if key not in listed]
        at = pd.Timestamp(2026, 11, 21)
        appends = {
            "history": pd.DataFrame({"at": [at] * len(moves), "lead": moves, "to": "New"}),
            "checklist": pd.DataFrame({"lead": lines}),
        }
        return planned(
            base,
            new_keys={"leads": fresh},
            columns={"leads": scores},
            appends={tab: rows for tab, rows in appends.items() if len(rows)},
        )

    def refresh(self) -> Any:
        return self.book.apply(self.plan())

    def before_request(self, number: int, action: Action) -> None:
        """Let the owner do something just before the n-th request from now."""
        self.server.before_nth(number, lambda: action(self.owner))

    def check(self, names: Collection[str]) -> None:
        """Every lead has one id, its own results, one line in History and in the Checklist."""
        rows = [row for row in self.owner.rows("Leads") if row["Name"]]
        assert sorted(column_of(rows, "Name")) == sorted(names)
        ids = column_of(rows, "ID")
        assert len(set(ids)) == len(ids)
        for row in rows:
            assert row["ID"] is not None
            assert (row["Score"], row["Why"]) == (score(row["Name"]), row["Name"])
        for tab in ("History", "Checklist"):
            listed = column_of(self.owner.rows(tab), "Lead")
            assert len(set(listed)) == len(listed)
            assert set(listed) >= set(ids)


@cache
def prepared(locale: str, *people: str) -> Spreadsheet:
    """A provisioned spreadsheet; with leads, one that was refreshed since they were typed."""
    with opened() as server:
        if people:
            shop = Shop(server, locale)
            for name in people:
                shop.owner.append("Leads", typed_by_people(name))
            shop.refresh()
            return server.file(shop.id)
        blank = server.create("Shop", locale)
        GoogleWorkbook(client_of(server), blank).provision(wanted())
        return server.file(blank)


def typed_by_people(name: str) -> dict[str, Any]:
    """A lead as somebody types it."""
    return {"Created": f"day of {name}", "Name": name, "Phone": f"+7 900 {name}", "Budget": 500}


def score(name: Any) -> int:
    """A result that tells whose it is."""
    return sum(map(ord, str(name)))


def _no_sleep(seconds: float) -> None:
    assert seconds > 0


@pytest.fixture(params=["en_US", "ru_RU"])
def shop(server: Server, request: pytest.FixtureRequest) -> Shop:
    return Shop(server, request.param)


# --- what it costs ----------------------------------------------------------------------------


def test_a_refresh_takes_two_reads_and_one_write(shop: Shop) -> None:
    for name in ("Anna", "Boris"):
        shop.owner.append("Leads", {"Name": name})
    before = len(shop.server.requests)
    receipt = shop.refresh()
    assert len(shop.server.requests) - before == 3
    assert (receipt.requests, receipt.retries, receipt.healed) == (1, 0, 0)
    before = len(shop.server.requests)
    shop.refresh()
    assert len(shop.server.requests) - before == 2


def test_provisioning_takes_three_requests_and_two_when_nothing_is_missing(server: Server) -> None:
    book = GoogleWorkbook(client_of(server), server.create("Shop"))
    book.provision(wanted())
    assert len(server.requests) == 3
    book.provision(wanted())
    assert len(server.requests) == 5


def test_unchanged_cells_do_not_travel(shop: Shop) -> None:
    shop.with_leads(*(f"Person {i:03d}" for i in range(300)))
    base = shop.book.read()
    receipt = shop.book.apply(planned(base, columns={"leads": {"L-00100": {"score": 1}}}))
    assert receipt.cells == 1
    assert receipt.bytes_up < 3000  # one cell, and what guards it


# --- people at work ---------------------------------------------------------------------------

ACTIONS: Mapping[str, Action] = {
    "sorts": lambda o: o.sort("Leads", "Name", descending=True),
    "inserts a row": lambda o: o.insert_row("Leads", 2),
    "inserts rows": lambda o: o.insert_row("Leads", 3, 4),
    "deletes an old row": lambda o: o.delete_row("Leads", 2),
    "deletes a new row": lambda o: o.delete_row("Leads", 4),
    "moves a row": lambda o: o.move_row("Leads", 2, before=6),
    "copies a row": lambda o: o.copy_row("Leads", 2, to=9),
    "adds a row": lambda o: o.append("Leads", {"Name": "Zoe", "Phone": "1"}) and None,
    "edits a new row": lambda o: o.type("Leads", 4, "Name", "Clarissa"),
    "moves the key column": lambda o: o.move_column("Leads", "ID", after="Phone"),
    "moves a result column": lambda o: o.move_column("Leads", "Score", after="Name"),
    "inserts a column": lambda o: o.insert_column("Leads", "ID", "Dog"),
    "renames the tab": lambda o: o.rename_tab("Leads", "Clients"),
    "renames a column": lambda o: o.rename_column("Leads", "Phone", "Tel."),
    "hides a column": lambda o: o.hide_column("Leads", "Why"),
}


@pytest.mark.parametrize("number", [1, 2, 3])
@pytest.mark.parametrize("action", ACTIONS)
def test_whatever_people_do_between_two_requests(server: Server, action: str, number: int) -> None:
    shop = Shop(server).with_leads("Anna", "Boris")
    for name in ("Clara", "Dina", "Egor"):
        shop.owner.append("Leads", typed_by_people(name))
    shop.before_request(number, ACTIONS[action])
    old = {"Anna": "L-00001", "Boris": "L-00002"}
    try:
        shop.refresh()
    except ConflictError:
        shop.refresh()
    title = "Clients" if action == "renames the tab" else "Leads"
    rows = [row for row in shop.owner.rows(title) if row["Name"]]
    assert {row["Name"] for row in rows} >= {"Dina", "Egor"}
    for row in rows:
        if row["Name"] in ("Dina", "Egor"):
            assert row["ID"] is not None
        if row["Name"] not in ("Zoe", "Clarissa"):
            phone = row.pop("Tel.", None) or row["Phone"]
            assert {**row, "Phone": phone}.items() >= typed_by_people(row["Name"]).items()
        if row["Score"] is not None and row["Name"] != "Clarissa":
            assert row["Score"] == score(row["Name"])
        if row["Name"] in old and action != "copies a row":
            assert row["ID"] == old[row["Name"]]
    ids = [row["ID"] for row in rows if row["ID"] is not None]
    if action != "copies a row":
        assert len(set(ids)) == len(ids)


def person_cells(shop: Shop, tab: str = "Leads") -> list[tuple[Any, ...]]:
    """What people typed, row by row, whatever the columns are called by now."""
    tools = {"ID", "Score", "Why", "Chance", "Worth", "Last contact", "Problems"}
    return [
        tuple(value for header, value in row.items() if header not in tools)
        for row in shop.owner.rows(tab)
    ]


DELETIONS: Mapping[str, Action] = {
    "the key column": lambda o: o.delete_column("Leads", "ID"),
    "a required column": lambda o: o.delete_column("Leads", "Name"),
    "a result column": lambda o: o.delete_column("Leads", "Score"),
    "the tab": lambda o: o.delete_tab("Leads"),
    "the results tab": lambda o: o.delete_tab("_leads"),
}


@pytest.mark.parametrize("number", [2, 3])
@pytest.mark.parametrize("what", DELETIONS)
def test_what_is_deleted_in_mid_flight_leads_to_nothing_wrong(
    server: Server, what: str, number: int
) -> None:
    shop = Shop(server).with_leads("Anna", "Boris")
    shop.owner.append("Leads", typed_by_people("Clara"))
    left: list[list[tuple[Any, ...]]] = []

    def delete(owner: Operator) -> None:
        DELETIONS[what](owner)
        left.append(person_cells(shop) if "Leads" in owner.tabs() else [])

    shop.before_request(number, delete)
    refused = pytest.raises((ConflictError, LayoutError, KeyError))
    with suppress(ConflictError) if what == "a result column" else refused:
        shop.refresh()
    if "Leads" in shop.owner.tabs():
        assert person_cells(shop) == left[0]


def test_a_column_put_in_place_of_a_deleted_one_is_the_only_thing_that_slips_through(
    server: Server,
) -> None:
    """Two acts within the second between read and write; the new column is empty by then."""
    shop = Shop(server).with_leads("Anna")
    shop.owner.append("Leads", typed_by_people("Boris"))

    def replace(owner: Operator) -> None:
        owner.insert_column("Leads", "ID", "Mine")
        owner.delete_column("Leads", "ID")

    shop.before_request(3, replace)
    shop.refresh()
    assert column_of(shop.owner.rows("Leads"), "Name") == ["Anna", "Boris"]
    assert column_of(shop.owner.rows("Leads"), "Mine")[1] == "L-00002"


def test_a_copied_row_is_noticed_by_the_very_refresh_it_was_copied_in(shop: Shop) -> None:
    shop.with_leads("Anna", "Boris")
    base = shop.book.read()
    plan = planned(base, columns={"leads": {"L-00001": {"score": 7}}})
    shop.before_request(1, lambda owner: owner.copy_row("Leads", 2, to=9))
    assert not shop.book.apply(plan).settled


def test_a_lost_id_is_noticed_by_the_very_refresh_it_was_lost_in(shop: Shop) -> None:
    shop.with_leads("Anna", "Boris")
    base = shop.book.read()
    plan = planned(base, columns={"leads": {"L-00001": {"score": 7}}})
    shop.before_request(1, lambda owner: owner.type("Leads", 3, "ID", ""))
    assert not shop.book.apply(plan).settled


def test_a_cell_that_shows_an_error_does_not_look_like_a_moved_row(shop: Shop) -> None:
    shop.owner.append("Leads", {**typed_by_people("Anna"), "Phone": "=1/0", "Created": "=NA()"})
    before = len(shop.server.requests)
    receipt = shop.refresh()
    assert (receipt.settled, receipt.healed) == (True, 0)
    assert len(shop.server.requests) - before == 3


def test_deleted_and_added_rows_want_no_further_refresh(shop: Shop) -> None:
    shop.with_leads("Anna", "Boris", "Clara")
    base = shop.book.read()
    plan = planned(base, columns={"leads": {"L-00001": {"score": 7}}})

    def change(owner: Operator) -> None:
        owner.delete_row("Leads", 3)
        owner.append("Leads", typed_by_people("Dina"))

    shop.before_request(1, change)
    assert shop.book.apply(plan).settled


def test_sorted_result_lines_are_noticed(shop: Shop) -> None:
    shop.with_leads("Anna", "Boris", "Clara")
    base = shop.book.read()
    plan = planned(base, columns={"leads": {"L-00001": {"score": 7}}})
    shop.before_request(1, lambda owner: owner.sort("_leads", "key:id", descending=True))
    assert not shop.book.apply(plan).settled
    shop.refresh()
    shop.check(["Anna", "Boris", "Clara"])


# --- portions ---------------------------------------------------------------------------------


def in_portions(shop: Shop, large: int = 3000) -> GoogleWorkbook:
    return GoogleWorkbook(shop.client(), shop.id, large=large)


def crowd(shop: Shop, count: int) -> list[str]:
    """So many leads, typed and not refreshed yet; their names."""
    people = [f"Person {i:02d}" for i in range(count)]
    for name in people:
        shop.owner.append("Leads", typed_by_people(name))
    return people


def test_what_is_too_large_goes_in_portions_that_add_up(shop: Shop) -> None:
    people = crowd(shop, 20)
    book = in_portions(shop)
    receipt = book.apply(shop.plan(book))
    assert receipt.requests == receipt.revision > 3
    assert receipt.rows_appended == 40
    shop.check(people)
    assert column_of(shop.owner.rows("Checklist"), "Lead") == column_of(
        shop.owner.rows("Leads"), "ID"
    )


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_a_refresh_that_dies_between_portions_has_done_some_leads_wholly(
    server: Server, number: int
) -> None:
    shop = Shop(server)
    people = crowd(shop, 12)
    book = in_portions(shop)
    plan = shop.plan(book)
    server.fault(number, status=404)  # final: nothing is repeated
    with pytest.raises(TargetError):
        book.apply(plan)
    done = [row for row in shop.owner.rows("Leads") if row["ID"]]
    assert len(done) < 12
    assert [row["Score"] for row in done] == [score(row["Name"]) for row in done]
    ids = column_of(done, "ID")
    assert column_of(shop.owner.rows("History"), "Lead") == ids
    assert column_of(shop.owner.rows("Checklist"), "Lead") == ids
    shop.refresh()
    shop.check(people)


@pytest.mark.parametrize("number", [2, 3, 4])
def test_rows_sorted_between_two_portions_are_put_right_and_the_rest_is_computed_anew(
    server: Server, number: int
) -> None:
    shop = Shop(server)
    people = crowd(shop, 12)
    book = in_portions(shop)
    plan = shop.plan(book)
    shop.before_request(number, lambda owner: owner.sort("Leads", "Name", descending=True))
    receipt = book.apply(plan)
    assert receipt.healed
    assert not receipt.settled
    book.apply(shop.plan(book))
    shop.check(people)


# --- two refreshes at once --------------------------------------------------------------------


def test_of_two_refreshes_made_from_one_read_the_second_is_refused(shop: Shop) -> None:
    shop.owner.append("Leads", {"Name": "Anna", "Phone": "1"})
    other = shop.another()
    first, second = shop.plan(), shop.plan(other)
    shop.book.apply(first)
    with pytest.raises(ConflictError):
        other.apply(second)
    other.apply(shop.plan(other))
    shop.check(["Anna"])


def test_a_plan_that_slept_through_more_refreshes_than_are_on_record_is_refused(
    server: Server,
) -> None:
    shop = Shop(server).with_leads("Anna")
    old = planned(shop.book.read(), columns={"leads": {"L-00001": {"score": -1}}})
    for number in range(KEPT_REVISIONS + 5):
        base = shop.book.read()
        shop.book.apply(planned(base, columns={"leads": {"L-00001": {"score": number}}}))
    with pytest.raises(ConflictError):
        shop.book.apply(old)
    assert column_of(shop.owner.rows("Leads"), "Score") == [KEPT_REVISIONS + 4]


def test_a_refresh_that_comes_in_between_wins(shop: Shop) -> None:
    shop.owner.append("Leads", {"Name": "Anna", "Phone": "1"})

    class Interrupted(requests.Session):
        def request(self, method: Any, url: Any, *args: Any, **more: Any) -> requests.Response:
            if url.endswith(":batchUpdate"):
                shop.refresh()
            return super().request(method, url, *args, **more)

    other = GoogleWorkbook(shop.client(Interrupted()), shop.id)
    with pytest.raises(ConflictError):
        other.apply(shop.plan(other))
    shop.check(["Anna"])


# --- faults -----------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 2, 3])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_at_any_request_is_survived(server: Server, fault: str, number: int) -> None:
    shop = Shop(server).with_leads("Anna", "Boris")
    for name in ("Clara", "Dina"):
        shop.owner.append("Leads", {"Name": name, "Phone": name})
    server.fault(number, **FAULTS[fault])
    receipt = shop.refresh()
    assert receipt.healed == 0
    shop.check(["Anna", "Boris", "Clara", "Dina"])


def test_sharing_withdrawn_in_the_middle_is_told(server: Server) -> None:
    shop = Shop(server).with_leads("Anna")
    shop.owner.append("Leads", {"Name": "Boris", "Phone": "2"})
    guest = "guest@example.com"
    server.share(shop.id, guest)
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {server.token(guest)}"
    book = GoogleWorkbook(SheetsClient(session=session, account=guest), shop.id)
    plan = shop.plan(book)
    server.unshare(shop.id, guest)
    with pytest.raises(AccessError) as refused:
        book.apply(plan)
    assert guest in str(refused.value)
    shop.refresh()
    shop.check(["Anna", "Boris"])


# --- what cannot be worked with ---------------------------------------------------------------


def test_a_sheet_without_a_crm_says_so(server: Server) -> None:
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {server.token()}"
    book = GoogleWorkbook(SheetsClient(session=session), server.create("Diary"))
    with pytest.raises(TargetError, match="sheetsync init"):
        book.read()


def test_a_deleted_results_tab_says_so_and_comes_back(shop: Shop) -> None:
    shop.with_leads("Anna")
    shop.owner.delete_tab("_leads")
    with pytest.raises(LayoutError, match="sheetsync init"):
        shop.refresh()
    assert shop.book.provision(wanted()).steps
    assert shop.book.provision(wanted()).steps == ()
    shop.refresh()
    shop.check(["Anna"])


def test_a_copied_tab_is_not_ours(shop: Shop) -> None:
    shop.with_leads("Anna", "Boris")
    shop.owner.copy_tab("Leads", "Leads of March")
    shop.owner.type("Leads of March", 2, "Name", "Anna in March")
    shop.refresh()
    shop.check(["Anna", "Boris"])
    assert shop.book.provision(wanted()).steps == ()


def test_rows_beyond_the_grid_get_their_formulas(shop: Shop) -> None:
    shop.with_leads("Anna")
    row = 1400
    shop.owner.type("Leads", row, "Name", "Boris")
    shop.owner.type("Leads", row, "Phone", "2")
    shop.refresh()
    shop.check(["Anna", "Boris"])


def test_what_other_programs_append_lands_under_the_last_lead(shop: Shop) -> None:
    shop.with_leads("Anna", "Boris")
    client = shop.client()
    client.values_append(
        shop.id,
        "Leads!A1",
        {"valueInputOption": "RAW"},
        {"values": [["", "day of Clara", "Clara", "+7 900 Clara", 500]]},
    )
    assert shop.book.read().tabs["leads"].last_row == 4
    shop.refresh()
    shop.check(["Anna", "Boris", "Clara"])


# --- poorer servers ---------------------------------------------------------------------------


def test_a_server_without_lookups_by_location_is_still_written_to(server: Server) -> None:
    class Poorer(requests.Session):
        def request(self, method: Any, url: Any, *args: Any, **more: Any) -> requests.Response:
            if b"metadataLocation" in (more.get("data") or b""):
                refused = requests.Response()
                refused.status_code = 400
                refused._content = b'{"error":{"code":400,"message":"Unknown name"}}'
                return refused
            return super().request(method, url, *args, **more)

    shop = Shop(server)
    shop.owner.append("Leads", typed_by_people("Anna"))
    shop.book = GoogleWorkbook(shop.client(Poorer()), shop.id)
    shop.refresh()
    shop.check(["Anna"])


def test_a_column_moved_while_a_refusal_is_looked_into_is_not_written_to(server: Server) -> None:
    """Moved, moved back, and moved again: only the note of earlier guards tells why."""
    shop = Shop(server).with_leads("Anna")
    shop.owner.append("Leads", typed_by_people("Boris"))

    def drag() -> None:
        shop.owner.move_column("Leads", "ID", after="Phone")

    def drag_back() -> None:
        shop.owner.move_column("Leads", "Created", after="ID")
        shop.owner.move_column("Leads", "Name", after="Created")
        shop.owner.move_column("Leads", "Phone", after="Name")

    plan = shop.plan()
    for number, move in ((1, drag), (2, drag_back), (3, drag)):
        server.before_nth(number, move)
    before = person_cells(shop)
    with pytest.raises(ConflictError):
        shop.book.apply(plan)
    assert sorted(map(set, person_cells(shop)), key=str) == sorted(map(set, before), key=str)
    shop.refresh()
    shop.check(["Anna", "Boris"])


def test_a_server_that_does_not_evaluate_formulas_comes_to_rest(server: Server) -> None:
    calculated = {
        item_id(COLUMN, f"leads.{key}") for key in ("score", "why", "problems", LINE, "chance")
    }

    class Plain(requests.Session):
        def request(self, method: Any, url: Any, *args: Any, **more: Any) -> requests.Response:
            answer = super().request(method, url, *args, **more)
            if url.endswith(":batchGetByDataFilter"):
                content = answer.json()
                for each in content["valueRanges"]:
                    lookup = each["dataFilters"][0].get("developerMetadataLookup", {})
                    if lookup.get("metadataId") in calculated:
                        each["valueRange"]["values"] = [["header"]]
                answer._content = json.dumps(content).encode()
            return answer

    shop = Shop(server)
    shop.owner.append("Leads", typed_by_people("Anna"))
    shop.book = GoogleWorkbook(shop.client(Plain()), shop.id)
    assert shop.refresh().requests == 1
    assert shop.book.read().tabs["leads"].frame["score"].tolist() == [score("Anna")]
    assert shop.refresh().requests == 0
    shop.check(["Anna"])
