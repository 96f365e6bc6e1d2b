"""Every request is checked against Google's discovery documents."""

from __future__ import annotations

from typing import Any

import pytest

from tests.google import Server
from tests.google.conftest import Api


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            {"requests": [{"addSheeet": {}}]},
            (
                "Invalid JSON payload received. Unknown name \"addSheeet\" at 'requests[0]': "
                "Cannot find field."
            ),
        ),
        (
            {"requests": [{"updateCells": {"rows": [{"values": [{"userValue": {}}]}]}}]},
            (
                'Invalid JSON payload received. Unknown name "userValue" at '
                "'requests[0].update_cells.rows[0].values[0]': Cannot find field."
            ),
        ),
        (
            {"requests": [{"deleteSheet": {"sheetId": "x"}}]},
            "Invalid value at 'requests[0].delete_sheet.sheet_id' (TYPE_INT32), \"x\"",
        ),
        (
            {"requests": [{"appendDimension": {"dimension": "ROW"}}]},
            (
                "Invalid value at 'requests[0].append_dimension.dimension' "
                '(type.googleapis.com/google.apps.sheets.v4.Dimension), "ROW"'
            ),
        ),
        (
            {"requests": [{"addSheet": {}, "deleteSheet": {}}]},
            (
                "Invalid value at 'requests[0]' (oneof), oneof field 'kind' is already set. "
                "Cannot set 'deleteSheet'"
            ),
        ),
        ({"requests": []}, "Must specify at least one request."),
        (
            {"includeSpreadsheetInResponse": "yes", "requests": []},
            "Invalid value at 'include_spreadsheet_in_response' (TYPE_BOOL), \"yes\"",
        ),
    ],
)
def test_a_body_that_google_does_not_know_is_refused(
    api: Api, body: dict[str, Any], message: str
) -> None:
    answer = api.call("POST", ":batchUpdate", json=body)
    assert (answer.status_code, answer.json()["error"]["message"]) == (400, message)


def test_the_rows_of_values_are_lists(api: Api) -> None:
    answer = api.call("PUT", "/values/A1", params={"valueInputOption": "RAW"}, json={"values": "X"})
    assert answer.json()["error"]["details"][0]["fieldViolations"] == [
        {
            "field": "data.values",
            "description": "Invalid value at 'data.values' "
            '(type.googleapis.com/google.protobuf.ListValue), "X"',
        }
    ]


def test_unknown_query_parameters_are_refused(api: Api) -> None:
    answer = api.call("GET", "", params={"field": "sheets"})
    assert answer.json()["error"]["message"] == (
        'Invalid JSON payload received. Unknown name "field": Cannot bind query parameter. '
        "Field 'field' could not be found in request message."
    )


def test_bodies_that_are_no_json_are_refused(api: Api) -> None:
    answer = api.call("POST", ":batchUpdate", data=b"{")
    assert answer.status_code == 400


def test_unknown_paths_are_not_found(server: Server, api: Api) -> None:
    assert api.call("GET", "/value/A1").status_code == 404
    assert api.session.get(f"{server.url}/v5/spreadsheets").status_code == 404


def test_answers_are_cut_to_the_mask(api: Api) -> None:
    assert api.get("sheets(properties(sheetId,title),data(columnMetadata)),spreadsheetId") == {
        "spreadsheetId": api.id,
        "sheets": [
            {
                "properties": {"sheetId": 0, "title": "Sheet1"},
                "data": [{"columnMetadata": [{"pixelSize": 100}] * 26}],
            }
        ],
    }
    assert api.get("namedRanges") == {}
    assert "sheets" in api.get("*")


def test_unknown_paths_in_a_mask_are_refused(api: Api) -> None:
    answer = api.call("GET", "", params={"fields": "sheets.property"})
    violation = answer.json()["error"]["details"][0]["fieldViolations"][0]
    assert violation["description"] == (
        "Error expanding 'fields' parameter. Cannot find matching fields for path "
        "'sheets.property'."
    )


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (None, "At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)"),
        ("name", "Invalid field: name"),
        ("gridProperties.rows", "Invalid field: gridProperties.rows"),
        ("title,", "Invalid field: title,"),
    ],
)
def test_updates_need_a_mask_that_fits(api: Api, fields: str | None, message: str) -> None:
    request: dict[str, Any] = {"properties": {"sheetId": 0, "title": "Leads"}}
    if fields is not None:
        request["fields"] = fields
    assert api.refused({"updateSheetProperties": request}) == (
        f"Invalid requests[0].updateSheetProperties: {message}"
    )


def test_a_mask_clears_what_the_body_lacks(api: Api) -> None:
    red = {"red": 1}
    area = {"sheetId": 0, "endRowIndex": 1, "endColumnIndex": 1}

    def format_(wanted: dict[str, Any], fields: str) -> Any:
        api.batch(
            {
                "repeatCell": {
                    "range": area,
                    "cell": {"userEnteredFormat": wanted},
                    "fields": fields,
                }
            }
        )
        data = api.get("sheets.data.rowData.values.userEnteredFormat", ranges="A1")
        return data["sheets"][0]["data"][0]["rowData"][0]["values"][0]["userEnteredFormat"]

    both = format_(
        {"backgroundColor": red, "textFormat": {"bold": True, "italic": True}},
        "userEnteredFormat",
    )
    assert both == {
        "backgroundColor": red,
        "backgroundColorStyle": {"rgbColor": red},
        "textFormat": {"bold": True, "italic": True},
    }
    left = format_({}, "userEnteredFormat(backgroundColor,textFormat/bold)")
    assert left == {"textFormat": {"italic": True}}
