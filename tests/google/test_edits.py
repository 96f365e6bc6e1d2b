"""What moves along when rows and columns are inserted, deleted, moved and copied."""

from __future__ import annotations

from typing import Any

import pytest

from tests.google.conftest import Api
from tests.google.shapes import area, delete, insert, lines, move, named


def ranges(api: Api) -> dict[str, Any]:
    return {
        each["name"]: each.get("range") for each in api.get("namedRanges").get("namedRanges", [])
    }


def test_names_follow_columns(api: Api) -> None:
    api.batch(named("whole", {"startColumnIndex": 1, "endColumnIndex": 2}))
    api.batch(insert("ROWS", 0), insert("COLUMNS", 0))
    assert ranges(api) == {"whole": {"startColumnIndex": 2, "endColumnIndex": 3}}
    api.batch(move("COLUMNS", 2, 3, 6))
    assert ranges(api) == {"whole": {"startColumnIndex": 5, "endColumnIndex": 6}}
    api.batch(delete("COLUMNS", 5, 6))
    assert ranges(api) == {"whole": None}
    assert "already exists" in api.refused(named("WHOLE", area(0, 1, 0, 1)))


@pytest.mark.parametrize(
    ("edit", "top", "bottom"),
    [
        (insert("ROWS", 2), 3, 6),  # before
        (insert("ROWS", 3), 2, 6),  # inside
        (insert("ROWS", 5), 2, 5),  # right after
        (delete("ROWS", 0, 3), 0, 2),  # overlapping the top
        (delete("ROWS", 3, 9), 2, 3),  # overlapping the bottom
        (move("ROWS", 2, 5, 9), 6, 9),  # all of it
        (move("ROWS", 3, 4, 9), 2, 4),  # a part, out
        (move("ROWS", 8, 9, 3), 2, 6),  # something, in
        (move("ROWS", 3, 4, 2), 2, 5),  # to its own edge
    ],
)
def test_a_range_follows_rows(api: Api, edit: dict[str, Any], top: int, bottom: int) -> None:
    api.batch(named("x", area(2, 5, 0, 1)))
    api.put("C1", [["=SUM(A3:A5)"]])
    api.batch(edit)
    assert ranges(api)["x"] == {
        "startRowIndex": top,
        "endRowIndex": bottom,
        "startColumnIndex": 0,
        "endColumnIndex": 1,
    }


def test_formulas_and_rules_point_at_the_same_cells_afterwards(api: Api) -> None:
    api.put(
        "A1:C3", [["n", "twice", "sum"], [1, "=A2*2", "=SUM(A:A)"], [5, "=$A3*2", "=Sheet1!A2"]]
    )
    rule = {
        "ranges": [area(1, 3, 0, 1)],
        "booleanRule": {
            "condition": {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": "=$A2>3"}]},
            "format": {"textFormat": {"bold": True}},
        },
    }
    options = {"type": "ONE_OF_RANGE", "values": [{"userEnteredValue": "=Sheet1!$A$2:$A"}]}
    api.batch(
        {"addConditionalFormatRule": {"rule": rule}},
        {
            "setDataValidation": {
                "range": area(0, 1, 3, 4),
                "rule": {"condition": options, "strict": True},
            }
        },
    )
    api.batch(insert("COLUMNS", 0), move("COLUMNS", 1, 2, 5), insert("ROWS", 1))
    assert api.values("A1:F4", "FORMULA") == [
        ["", "twice", "sum", "", "n"],
        [],
        ["", "=E3*2", "=SUM(E:E)", "", 1],
        ["", "=$E4*2", "=Sheet1!E3", "", 5],
    ]
    assert api.values("A3:F4") == [["", 2, 6, "", 1], ["", 10, 1, "", 5]]
    (sheet,) = api.get("sheets(conditionalFormats,data.rowData.values.dataValidation)")["sheets"]
    (rule,) = sheet["conditionalFormats"]
    assert rule["booleanRule"]["condition"]["values"] == [{"userEnteredValue": "=$E3>3"}]
    assert rule["ranges"][0]["startColumnIndex"] == 4
    validated = sheet["data"][0]["rowData"][0]["values"][3]["dataValidation"]
    assert validated["condition"]["values"] == [{"userEnteredValue": "=Sheet1!$E$3:$E"}]


def test_formulas_lose_deleted_cells_and_follow_renamed_tabs(api: Api) -> None:
    api.batch({"addSheet": {"properties": {"sheetId": 3, "title": "Old"}}})
    api.put("A1:C1", [[1, "=A1+1", "=Old!A1"]])
    api.batch(
        {
            "updateSheetProperties": {
                "properties": {"sheetId": 3, "title": "New one"},
                "fields": "title",
            }
        },
        delete("COLUMNS", 0, 1),
    )
    assert api.values("A1:B1", "FORMULA") == [["=#REF!+1", "='New one'!A1"]]
    assert api.values("A1:B1") == [["#REF!", 0]]
    api.batch({"deleteSheet": {"sheetId": 3}})
    assert api.values("B1", "FORMULA") == [["=#REF!"]]


def test_new_rows_look_like_their_neighbours(api: Api) -> None:
    bold = {"userEnteredFormat": {"textFormat": {"bold": True}}}
    box = {"dataValidation": {"condition": {"type": "BOOLEAN"}}}
    api.batch(
        {
            "repeatCell": {
                "range": area(1, 2, 0, 1),
                "cell": bold | box,
                "fields": "userEnteredFormat,dataValidation",
            }
        }
    )
    api.batch({"insertDimension": {"range": lines("ROWS", 2, 3), "inheritFromBefore": True}})
    fields = "sheets.data.rowData.values(userEnteredFormat,dataValidation)"
    rows = api.get(fields, ranges="A1:A4")["sheets"][0]["data"][0]["rowData"]
    assert rows == [{}, {"values": [bold | box]}, {"values": [bold | box]}]
