"""Who may change what, and how much a file holds."""

from __future__ import annotations

from typing import Any

import pytest

from tests.google import Server
from tests.google.conftest import Api
from tests.google.shapes import area, cells, delete, insert, named, protect


def test_a_strict_protection_lets_its_owner_and_editors_through(
    server: Server, api: Api, other: Api
) -> None:
    api.batch(protect({"sheetId": 0}))
    write = cells(["x"], start={})
    for request in (
        write,
        insert("ROWS", 3),
        delete("ROWS", 0, 1),
        {"deleteSheet": {"sheetId": 0}},
        {"updateSheetProperties": {"properties": {"title": "T"}, "fields": "title"}},
        {"appendDimension": {"dimension": "ROWS", "length": 1}},
    ):
        message = other.refused({"addSheet": {"properties": {"title": "Second"}}}, request)
        assert "You are trying to edit a protected cell or object." in message
    values = other.call("PUT", "/values/A1?valueInputOption=RAW", json={"values": [[1]]})
    assert "protected cell" in values.json()["error"]["message"]
    (found,) = other.get("sheets.protectedRanges")["sheets"][0]["protectedRanges"]
    assert "editors" not in found
    assert "requestingUserCanEdit" not in found
    api.batch(write)
    id = found["protectedRangeId"]
    editors = {"protectedRangeId": id, "editors": {"users": ["anna@example.com"]}}
    api.batch({"updateProtectedRange": {"protectedRange": editors, "fields": "editors"}})
    other.batch(write)
    assert server.operator(api.id, "anna@example.com").cell("Sheet1", 1, "x") == "x"


def test_a_warning_stops_nobody(api: Api, other: Api) -> None:
    api.batch(protect(area(0, 10, 0, 1), warningOnly=True))
    other.batch(cells(["x"], start={}))


def test_a_protected_column_stops_sorts_and_deletions_of_others(api: Api, other: Api) -> None:
    api.put("A1:B2", [["b", 1], ["a", 2]])
    api.batch(protect({"startColumnIndex": 1, "endColumnIndex": 2}))
    spec = [{"dimensionIndex": 0, "sortOrder": "ASCENDING"}]
    sort = {"sortRange": {"range": area(0, 2, 0, 26), "sortSpecs": spec}}
    assert "protected" in other.refused(sort)
    assert "protected" in other.refused(delete("ROWS", 0, 1))
    other.batch(cells(["c"], start={}))
    api.batch(sort)


# -- limits ----------------------------------------------------------------------------------


def test_ten_million_cells_are_the_limit(api: Api) -> None:
    size = {"rowCount": 1_000_000, "columnCount": 11}
    message = api.refused({"addSheet": {"properties": {"gridProperties": size}}})
    assert "above the limit of 10000000 cells" in message


def test_a_cell_holds_fifty_thousand_characters(api: Api) -> None:
    api.batch(cells(["x" * 50_000], start={}))
    assert "maximum of 50000 characters" in api.refused(cells(["x" * 50_001], start={}))


def protections(api: Api) -> dict[int, dict[str, Any]]:
    found = api.get("sheets.protectedRanges")["sheets"][0].get("protectedRanges", [])
    return {each["protectedRangeId"]: each for each in found}


def test_a_protection_dies_with_its_cells_and_a_name_stays_broken(api: Api) -> None:
    api.put("A1:C1", [[1, 2, 3]])
    api.batch(
        protect({"startColumnIndex": 1, "endColumnIndex": 2}, protectedRangeId=1),
        protect({"startColumnIndex": 1, "endColumnIndex": 3}, protectedRangeId=2),
        named("second", {"startColumnIndex": 1, "endColumnIndex": 2}),
        cells(["=SUM(second)"], start={"columnIndex": 5}),
    )
    assert api.values("F1") == [[2]]
    api.batch(delete("COLUMNS", 1, 2))
    assert protections(api).keys() == {2}
    assert protections(api)[2]["range"] == {"startColumnIndex": 1, "endColumnIndex": 2}
    (name,) = api.get("namedRanges")["namedRanges"]
    assert (name["name"], "range" in name) == ("second", False)
    assert api.values("E1") == [["#REF!"]]
    assert "already exists" in api.refused(named("second", area(0, 1, 0, 1)))


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (
            "updateProtectedRange",
            {
                "protectedRange": {"protectedRangeId": 5, "description": "d"},
                "fields": "description",
            },
        ),
        ("deleteProtectedRange", {"protectedRangeId": 5}),
        ("updateNamedRange", {"namedRange": {"namedRangeId": "5", "name": "n"}, "fields": "name"}),
        ("deleteNamedRange", {"namedRangeId": "5"}),
    ],
)
def test_what_has_no_such_id_is_neither_changed_nor_deleted(
    api: Api, kind: str, body: dict[str, Any]
) -> None:
    assert f"{kind}: No " in api.refused({kind: body})


def test_a_warning_ignores_editors_and_a_strict_one_without_editors_takes_everybody(
    server: Server, api: Api, other: Api
) -> None:
    editors = {"users": ["anna@example.com"]}
    warning = protect({"sheetId": 0}, warningOnly=True, editors=editors, protectedRangeId=1)
    (reply,) = api.batch(warning)["replies"]
    made = reply["addProtectedRange"]["protectedRange"]
    assert (made["warningOnly"], made["editors"]) == (True, {})
    assert protections(api)[1]["editors"] == {"users": [Server.OWNER]}
    server.share(api.id, "boris@example.com")
    strict = {"protectedRangeId": 1, "warningOnly": False}
    api.batch({"updateProtectedRange": {"protectedRange": strict, "fields": "warningOnly"}})
    assert set(protections(api)[1]["editors"]["users"]) == {
        Server.OWNER,
        "anna@example.com",
        "boris@example.com",
    }
    only = {"protectedRangeId": 1, "editors": {"users": [Server.OWNER]}}
    api.batch({"updateProtectedRange": {"protectedRange": only, "fields": "editors"}})
    assert "protected" in other.refused(cells(["x"], start={}))


def test_a_stranger_cannot_become_an_editor(api: Api) -> None:
    refused = api.refused(protect({"sheetId": 0}, editors={"users": ["stranger@example.com"]}))
    assert "Invalid user" in refused
