"""Provisioning Google Sheets: nothing twice, nothing of people's touched."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from sheetsync.layout import Column
from sheetsync.locales import load
from sheetsync.workbooks.google.http import SheetsClient
from sheetsync.workbooks.google.workbook import GoogleWorkbook
from tests.google import Operator, Server
from tests.workbooks.contract import META, RU, SMALL, wanted
from tests.workbooks.test_google import client_of

OWN_RULE = {
    "ranges": [{"sheetId": 0, "startColumnIndex": 2, "endColumnIndex": 3}],
    "booleanRule": {
        "condition": {"type": "NOT_BLANK"},
        "format": {"textFormat": {"italic": True}},
    },
}


@pytest.fixture
def id_(server: Server) -> str:
    return server.create("Shop", "ru_RU")


@pytest.fixture
def client(server: Server) -> SheetsClient:
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {server.token()}"
    return SheetsClient(session=session, account=Server.OWNER, sleep=lambda _: None)


@pytest.fixture
def book(client: SheetsClient, id_: str) -> GoogleWorkbook:
    return GoogleWorkbook(client, id_)


@pytest.fixture
def owner(server: Server, id_: str) -> Operator:
    return server.operator(id_)


def whole(client: SheetsClient, id_: str) -> Any:
    """Everything of a spreadsheet but its cells."""
    return client.call("get", f"/v4/spreadsheets/{id_}")


def change(client: SheetsClient, id_: str, *requests_: dict[str, Any]) -> None:
    client.call("post", f"/v4/spreadsheets/{id_}:batchUpdate", body={"requests": list(requests_)})


def test_the_only_empty_sheet_becomes_the_first_tab(book: GoogleWorkbook, owner: Operator) -> None:
    assert owner.tabs() == ["Лист1"]
    book.provision(wanted(words=RU, meta={**META, "lang": "ru"}))
    assert owner.tabs()[0] == "Лиды"
    assert "Лист1" not in owner.tabs()


def test_a_sheet_with_something_in_it_stays(book: GoogleWorkbook, owner: Operator) -> None:
    column = {"sheetId": 0, "startRowIndex": 500, "startColumnIndex": 5}
    cell = {"values": [{"userEnteredValue": {"stringValue": "far down"}}]}
    start = {"sheetId": 0, "rowIndex": column["startRowIndex"], "columnIndex": 5}
    owner._do({"updateCells": {"start": start, "rows": [cell], "fields": "userEnteredValue"}})
    book.provision(wanted())
    assert owner.tabs()[0] == "Лист1"
    assert "Leads" in owner.tabs()


def test_fifty_times_is_as_once(
    book: GoogleWorkbook, client: SheetsClient, server: Server, id_: str, owner: Operator
) -> None:
    book.provision(wanted())
    change(client, id_, {"addConditionalFormatRule": {"rule": OWN_RULE, "index": 1}})
    owner.insert_column("Leads", "ID", "Dog")
    before = whole(client, id_)
    sent = len(server.requests)
    for _ in range(50):
        assert book.provision(wanted()).steps == ()
    assert {request.operation for request in server.requests[sent:]} == {
        "sheets.spreadsheets.get",
        "sheets.spreadsheets.getByDataFilter",
    }
    assert whole(client, id_) == before


def test_a_rule_that_was_deleted_comes_back_in_its_place_among_peoples_own(
    book: GoogleWorkbook, client: SheetsClient, id_: str
) -> None:
    def kinds() -> list[str]:
        rules = whole(client, id_)["sheets"][0]["conditionalFormats"]
        return [
            "scale" if "gradientRule" in rule else rule["booleanRule"]["condition"]["type"]
            for rule in rules
        ]

    book.provision(wanted())
    assert kinds() == ["CUSTOM_FORMULA", "scale"]
    change(client, id_, {"addConditionalFormatRule": {"rule": OWN_RULE, "index": 1}})
    change(client, id_, {"deleteConditionalFormatRule": {"sheetId": 0, "index": 2}})
    assert kinds() == ["CUSTOM_FORMULA", "NOT_BLANK"]
    assert [step.what for step in book.provision(wanted()).steps] == ["rule"]
    assert kinds() == ["CUSTOM_FORMULA", "scale", "NOT_BLANK"]


def test_a_rule_that_people_recoloured_stays_so(
    book: GoogleWorkbook, client: SheetsClient, id_: str
) -> None:
    book.provision(wanted())
    rule = whole(client, id_)["sheets"][0]["conditionalFormats"][0]
    rule["booleanRule"]["format"] = {"backgroundColorStyle": {"rgbColor": {"blue": 1}}}
    change(client, id_, {"updateConditionalFormatRule": {"sheetId": 0, "index": 0, "rule": rule}})
    assert book.provision(wanted()).steps == ()


def test_a_dropdown_that_was_deleted_comes_back_and_another_stays(
    book: GoogleWorkbook, client: SheetsClient, id_: str
) -> None:
    book.provision(wanted())
    status, segment = 5, 6

    def area(column: int) -> dict[str, int]:
        return {
            "sheetId": 0,
            "startRowIndex": 1,
            "startColumnIndex": column,
            "endColumnIndex": column + 1,
        }

    own = {"condition": {"type": "TEXT_CONTAINS", "values": [{"userEnteredValue": "x"}]}}
    change(
        client,
        id_,
        {"setDataValidation": {"range": area(status)}},
        {"setDataValidation": {"range": area(segment), "rule": own}},
    )
    steps = book.provision(wanted()).steps
    assert [(step.what, step.column) for step in steps] == [("dropdown", "status")]
    assert book.provision(wanted()).steps == ()


def test_deleted_names_and_protections_come_back(
    book: GoogleWorkbook, client: SheetsClient, id_: str
) -> None:
    book.provision(wanted())
    spreadsheet = whole(client, id_)
    name = next(n for n in spreadsheet["namedRanges"] if n["name"] == "ss_leads_id")
    protection = spreadsheet["sheets"][0]["protectedRanges"][0]["protectedRangeId"]
    change(
        client,
        id_,
        {"deleteNamedRange": {"namedRangeId": name["namedRangeId"]}},
        {"deleteProtectedRange": {"protectedRangeId": protection}},
    )
    steps = book.provision(wanted()).steps
    assert {(step.what, step.tab, step.column) for step in steps} == {
        ("name", "leads", "id"),
        ("protection", "leads", "id"),
    }
    assert book.provision(wanted()).steps == ()


def test_a_name_that_points_elsewhere_is_led_back(
    book: GoogleWorkbook, client: SheetsClient, id_: str
) -> None:
    book.provision(wanted())
    name = next(n for n in whole(client, id_)["namedRanges"] if n["name"] == "ss_leads_id")
    name["range"] = {"sheetId": 0, "startColumnIndex": 3, "endColumnIndex": 4}
    change(client, id_, {"updateNamedRange": {"namedRange": name, "fields": "range"}})
    assert [step.what for step in book.provision(wanted()).steps] == ["name"]
    assert book.provision(wanted()).steps == ()


def test_people_may_edit_result_columns_but_not_the_hidden_tabs(
    book: GoogleWorkbook, server: Server, id_: str
) -> None:
    book.provision(wanted())
    server.share(id_, "anna@example.com")
    anna = server.operator(id_, "anna@example.com")
    anna.type("Leads", 2, "Score", 5)  # a warning, no wall: sorting and pasting must work
    with pytest.raises(Exception, match="protected"):
        anna.type("_leads", 2, "score", 5)


def test_operators_add_to_history_though_it_warns_them(
    book: GoogleWorkbook, server: Server, id_: str
) -> None:
    book.provision(wanted())
    server.share(id_, "anna@example.com")
    anna = server.operator(id_, "anna@example.com")
    anna.append_by_script("History", {"Lead": "L-00001", "To": "New"})
    assert anna.rows("History")[0]["Lead"] == "L-00001"


def test_the_lock_that_earlier_versions_laid_over_history_becomes_a_warning(
    book: GoogleWorkbook, client: SheetsClient, server: Server, id_: str
) -> None:
    book.provision(wanted())
    (warning,) = protections_of(client, id_, "History")
    former = load("ru")("google.lock")  # of a CRM that was Russian then
    lock = {
        "protectedRangeId": warning["protectedRangeId"],
        "description": f"sheetsync: {former}",
        "warningOnly": False,
        "editors": {"users": [server.OWNER]},
    }
    fields = "description,warningOnly,editors"
    change(client, id_, {"updateProtectedRange": {"protectedRange": lock, "fields": fields}})
    steps = book.provision(wanted()).steps
    assert [(step.what, step.tab) for step in steps] == [("protection", "history")]
    (mended,) = protections_of(client, id_, "History")
    assert mended["warningOnly"]
    assert mended["description"] == warning["description"]
    assert book.provision(wanted()).steps == ()


def test_an_owner_who_locks_history_himself_keeps_it_locked(
    book: GoogleWorkbook, client: SheetsClient, server: Server, id_: str
) -> None:
    book.provision(wanted())
    (warning,) = protections_of(client, id_, "History")
    strict = {
        "protectedRangeId": warning["protectedRangeId"],
        "warningOnly": False,
        "editors": {"users": [server.OWNER]},
    }
    fields = "warningOnly,editors"
    change(client, id_, {"updateProtectedRange": {"protectedRange": strict, "fields": fields}})
    assert book.provision(wanted()).steps == ()


def protections_of(client: SheetsClient, id_: str, title: str) -> list[dict[str, Any]]:
    (sheet,) = (s for s in whole(client, id_)["sheets"] if s["properties"]["title"] == title)
    found: list[dict[str, Any]] = sheet["protectedRanges"]
    return found


def test_an_imported_sheet_is_taken_over_by_its_title_and_headers(
    book: GoogleWorkbook, owner: Operator
) -> None:
    head = ["ID", "Name", "Created", "Phone", "Budget", "Status", "Segment", "Own"]
    owner.add_tab("Leads", [head, ["L-00007", "Anna", "", "+7 1", 5, "New", "", "mine"]])
    book.provision(wanted())
    assert [tab for tab in owner.tabs() if tab.startswith("Leads")] == ["Leads"]
    frame = book.read().tabs["leads"].frame
    assert frame.loc[2, ["id", "name", "budget", "own:Own"]].tolist() == [
        "L-00007",
        "Anna",
        5,
        "mine",
    ]
    assert owner.headers("Leads")[:7] == head[:7]
    assert book.provision(wanted()).steps == ()


def test_another_tab_of_the_same_title_is_not_taken(book: GoogleWorkbook, owner: Operator) -> None:
    owner.add_tab("Leads", [["what", "when"]])
    book.provision(wanted())
    assert {"Leads", "Leads 2"} <= set(owner.tabs())
    assert owner.headers("Leads") == ["what", "when"]


def test_two_at_once_build_it_once(client: SheetsClient, id_: str, server: Server) -> None:
    other = GoogleWorkbook(client, id_)

    class Interrupted(requests.Session):
        def request(self, method: Any, url: Any, *args: Any, **more: Any) -> requests.Response:
            if url.endswith(":batchUpdate"):
                other.provision(wanted())
            return super().request(method, url, *args, **more)

    session = Interrupted()
    session.headers["Authorization"] = f"Bearer {server.token()}"
    GoogleWorkbook(SheetsClient(session=session), id_).provision(wanted())
    titles = [sheet["properties"]["title"] for sheet in whole(client, id_)["sheets"]]
    assert len(set(titles)) == len(titles)
    assert not any(title.endswith(" 2") for title in titles)
    assert other.provision(wanted()).steps == ()


def test_a_batch_whose_answer_was_lost_is_not_built_twice(
    book: GoogleWorkbook, server: Server, owner: Operator
) -> None:
    server.fault(3, reset="after")
    assert book.provision(wanted()).steps
    assert len(owner.tabs()) == len(set(owner.tabs())) == 8
    assert book.provision(wanted()).steps == ()


def test_a_newer_layout_changes_what_is_recorded(book: GoogleWorkbook) -> None:
    book.provision(wanted())
    newer = wanted(SMALL.with_columns("leads", [Column("company")]), meta={**META, "layout": "2"})
    book.provision(newer)
    assert book.read().meta["layout"] == "2"
    assert book.provision(newer).steps == ()


def test_deleted_tabs_come_back(book: GoogleWorkbook, owner: Operator) -> None:
    book.provision(wanted())
    owner.delete_tab("Today")
    owner.delete_tab("_statuses")
    assert {step.tab for step in book.provision(wanted()).steps if step.what == "tab"} == {
        "today",
        "statuses",
    }
    assert book.provision(wanted()).steps == ()


def test_a_column_moved_during_init_does_not_cost_the_guards(server: Server) -> None:
    """A refusal that has its cause is no sign of a server that knows no guards."""
    shop = server.create("Shop")
    client, owner = client_of(server), server.operator(shop)
    book = GoogleWorkbook(client, shop)
    book.provision(wanted())
    owner.delete_column("Leads", "Score")
    server.before_nth(3, lambda: owner.move_column("Leads", "Phone", after="Created"))
    assert book.provision(wanted()).steps
    assert client.guards_known
    assert book.provision(wanted()).steps == ()
