"""Developer metadata, and the data filters that look it up."""

from __future__ import annotations

from typing import Any

import pytest

from tests.google.conftest import Api
from tests.google.shapes import area, cells, column, delete, insert, lines, move, note


def where(api: Api, **lookup: Any) -> list[dict[str, Any]]:
    body = {"dataFilters": [{"developerMetadataLookup": lookup}]}
    found = api.ok("POST", "/developerMetadata:search", json=body)
    return [
        each["developerMetadata"]["location"] for each in found.get("matchedDeveloperMetadata", [])
    ]


def ids(api: Api, **lookup: Any) -> list[int]:
    body = {"dataFilters": [{"developerMetadataLookup": lookup}]}
    found = api.ok("POST", "/developerMetadata:search", json=body)
    return [
        each["developerMetadata"]["metadataId"]
        for each in found.get("matchedDeveloperMetadata", [])
    ]


def test_metadata_of_a_column_goes_where_the_column_goes_and_dies_with_it(api: Api) -> None:
    api.batch(note("k", column(2)), note("k2", column(3)))
    api.batch(insert("COLUMNS", 1, 2))
    assert where(api, metadataKey="k")[0]["dimensionRange"]["startIndex"] == 4
    api.batch(move("COLUMNS", 4, 5, 0))
    assert where(api, metadataKey="k")[0]["dimensionRange"] == {
        "dimension": "COLUMNS",
        "startIndex": 0,
        "endIndex": 1,
    }
    api.batch(delete("COLUMNS", 0, 1))
    assert where(api, metadataKey="k") == []
    assert where(api, metadataKey="k2")[0]["dimensionRange"]["startIndex"] == 4


def test_metadata_of_a_row_follows_a_sort_of_whole_rows_only(api: Api) -> None:
    api.put("A1:A3", [[3], [1], [2]])
    api.batch(note("k", {"dimensionRange": lines("ROWS", 0, 1)}))
    spec = [{"dimensionIndex": 0, "sortOrder": "ASCENDING"}]
    api.batch({"sortRange": {"range": area(0, 3, 0, 26), "sortSpecs": spec}})
    assert where(api, metadataKey="k")[0]["dimensionRange"]["startIndex"] == 2
    back = [{"dimensionIndex": 0, "sortOrder": "DESCENDING"}]
    api.batch({"sortRange": {"range": area(0, 3, 0, 1), "sortSpecs": back}})
    assert where(api, metadataKey="k")[0]["dimensionRange"]["startIndex"] == 2


def test_lookups_ask_for_key_value_id_place_and_kind(api: Api) -> None:
    api.batch(
        note("k", {"spreadsheet": True}, metadataValue="v", metadataId=11),
        note("k", {"sheetId": 0}, metadataValue="w"),
        note("k", column(1), metadataValue="v"),
    )
    assert len(where(api, metadataKey="k")) == 3
    assert len(where(api, metadataValue="v")) == 2
    assert where(api, metadataId=11) == [{"locationType": "SPREADSHEET", "spreadsheet": True}]
    assert where(api, locationType="SHEET") == [{"locationType": "SHEET", "sheetId": 0}]
    on_sheet = {"metadataLocation": {"sheetId": 0}}
    assert len(where(api, **on_sheet)) == 2
    assert len(where(api, locationMatchingStrategy="EXACT_LOCATION", **on_sheet)) == 1
    assert len(where(api, metadataLocation={"spreadsheet": True})) == 1


def test_one_metadata_is_had_by_its_id(api: Api) -> None:
    api.batch(note("k", {"spreadsheet": True}, metadataId=11))
    assert api.ok("GET", "/developerMetadata/11")["metadataKey"] == "k"
    assert api.call("GET", "/developerMetadata/12").status_code == 404


@pytest.mark.parametrize(
    "wanted",
    [
        {"metadataId": 0, "location": {"spreadsheet": True}},
        {"metadataKey": "", "location": {"spreadsheet": True}},
        {"visibility": None, "location": {"spreadsheet": True}},
        {"location": {"dimensionRange": lines("COLUMNS", 0, 2)}},
        {"location": {"spreadsheet": True, "sheetId": 0}},
        {"location": {"sheetId": 99}},
        {"location": {"spreadsheet": True}, "metadataValue": "x" * 30_000},
    ],
)
def test_metadata_that_google_would_not_take_is_refused(api: Api, wanted: dict[str, Any]) -> None:
    assert "createDeveloperMetadata" in api.refused(note("k", **wanted))


def test_metadata_is_updated_and_deleted_by_filter(api: Api) -> None:
    api.batch(note("k", column(0), metadataValue="a"), note("k", column(1), metadataValue="a"))
    lookup = {"developerMetadataLookup": {"metadataKey": "k"}}
    update = {
        "dataFilters": [lookup],
        "developerMetadata": {"metadataValue": "b"},
        "fields": "metadataValue",
    }
    (reply,) = api.batch({"updateDeveloperMetadata": update})["replies"]
    values = [
        each["metadataValue"] for each in reply["updateDeveloperMetadata"]["developerMetadata"]
    ]
    assert values == ["b", "b"]
    (reply,) = api.batch({"deleteDeveloperMetadata": {"dataFilter": lookup}})["replies"]
    assert len(reply["deleteDeveloperMetadata"]["deletedDeveloperMetadata"]) == 2
    (reply,) = api.batch({"deleteDeveloperMetadata": {"dataFilter": lookup}})["replies"]
    assert reply == {"deleteDeveloperMetadata": {}}


def test_a_plain_get_hides_the_metadata_of_columns(api: Api) -> None:
    api.batch(note("k", column(1)))
    fields = "sheets.data.columnMetadata.developerMetadata.metadataKey"
    assert "metadataKey" not in str(api.get(fields))
    (sheet,) = api.get(fields, ranges="Sheet1")["sheets"]
    assert sheet["data"][0]["columnMetadata"][1] == {"developerMetadata": [{"metadataKey": "k"}]}


def test_a_copied_tab_carries_its_metadata(api: Api) -> None:
    api.batch(note("k", column(1)), {"duplicateSheet": {"sourceSheetId": 0, "newSheetId": 9}})
    assert [each["dimensionRange"].get("sheetId", 0) for each in where(api, metadataKey="k")] == [
        0,
        9,
    ]


# -- data filters ----------------------------------------------------------------------------


def test_filters_are_a_union_and_say_which_of_them_matched(api: Api) -> None:
    api.put("A1:C2", [["a", "b", "c"], [1, 2, 3]])
    api.batch(note("k", column(2), metadataValue="c"), note("k", column(0), metadataValue="a"))
    lookup = {"developerMetadataLookup": {"metadataKey": "k"}}
    exact = {"developerMetadataLookup": {"metadataValue": "c"}}
    grid = {"gridRange": area(1, 2, 1, 2)}
    none = {"developerMetadataLookup": {"metadataKey": "nobody"}}
    answer = api.ok(
        "POST",
        "/values:batchGetByDataFilter",
        json={"dataFilters": [exact, lookup, grid, none], "majorDimension": "COLUMNS"},
    )
    assert answer["valueRanges"] == [
        {
            "valueRange": {
                "range": "Sheet1!A1:A1000",
                "majorDimension": "COLUMNS",
                "values": [["a", "1"]],
            },
            "dataFilters": [lookup],
        },
        {
            "valueRange": {"range": "Sheet1!B2", "majorDimension": "COLUMNS", "values": [["2"]]},
            "dataFilters": [grid],
        },
        {
            "valueRange": {
                "range": "Sheet1!C1:C1000",
                "majorDimension": "COLUMNS",
                "values": [["c", "3"]],
            },
            "dataFilters": [exact, lookup],
        },
    ]


def test_values_are_written_where_the_column_is_now(api: Api) -> None:
    api.put("A1:B2", [["a", "b"], [1, 2]])
    api.batch(note("k", column(1)))
    api.batch(move("COLUMNS", 1, 2, 0))
    lookup = {"developerMetadataLookup": {"metadataKey": "k"}}
    data = {"dataFilter": lookup, "values": [[None], [5]], "majorDimension": "ROWS"}
    answer = api.ok(
        "POST",
        "/values:batchUpdateByDataFilter",
        json={"valueInputOption": "RAW", "data": [data]},
    )
    assert answer["responses"] == [
        {
            "updatedRange": "Sheet1!A1:A2",
            "updatedRows": 1,
            "updatedColumns": 1,
            "updatedCells": 1,
            "dataFilter": lookup,
        }
    ]
    assert api.values("A1:B2") == [["b", "a"], [5, 1]]
    wide = {"dataFilter": lookup, "values": [[1, 2]]}
    refused = api.call(
        "POST",
        "/values:batchUpdateByDataFilter",
        json={"valueInputOption": "RAW", "data": [wide]},
    )
    assert "tried writing to column [B]" in refused.json()["error"]["message"]


def test_a_structure_by_filter_has_the_columns_that_matched(api: Api) -> None:
    api.put("A1:B1", [["a", "b"]])
    api.batch(note("k", column(1)), {"addSheet": {"properties": {"sheetId": 3, "title": "Other"}}})
    answer = api.ok(
        "POST",
        ":getByDataFilter",
        params={"fields": "sheets(properties.sheetId,data(startColumn,rowData.values.note))"},
        json={"dataFilters": [{"developerMetadataLookup": {"metadataKey": "k"}}]},
    )
    assert answer == {
        "sheets": [
            {
                "properties": {"sheetId": 0},
                "data": [{"startColumn": 1, "rowData": [{"values": [{}]}]}],
            }
        ]
    }


# -- what the discovery document says of lookups ---------------------------------------------


def test_all_conditions_of_a_lookup_must_hold(api: Api) -> None:
    api.batch(
        note("k", column(1), metadataValue="v", metadataId=1),
        note("k", column(2), metadataValue="v", metadataId=2),
        note("k", column(2), metadataValue="w", metadataId=3),
        note("j", column(2), metadataValue="v", metadataId=4),
    )
    asked = {
        "metadataKey": "k",
        "metadataValue": "v",
        "metadataLocation": column(2),
        "locationMatchingStrategy": "EXACT_LOCATION",
    }
    assert ids(api, **asked) == [2]
    assert ids(api, **asked, metadataId=2, visibility="DOCUMENT") == [2]
    assert ids(api, **asked, metadataId=3) == []
    assert ids(api, **{**asked, "metadataLocation": column(3)}) == []
    assert ids(api, metadataKey="k", visibility="DEVELOPER_METADATA_VISIBILITY_UNSPECIFIED") == [
        1,
        2,
        3,
    ]


def test_rows_and_columns_of_a_sheet_intersect_and_the_spreadsheet_nothing(api: Api) -> None:
    api.batch(
        note("k", {"spreadsheet": True}, metadataId=1),
        note("k", {"sheetId": 0}, metadataId=2),
        note("k", column(3), metadataId=3),
        note("k", {"dimensionRange": lines("ROWS", 5, 6)}, metadataId=4),
        note("k", column(4), metadataId=5),
    )
    assert ids(api, metadataKey="k", metadataLocation=column(3)) == [2, 3, 4]
    assert ids(api, metadataKey="k", metadataLocation={"spreadsheet": True}) == [1]
    assert ids(api, metadataKey="k", metadataLocation=column(3), locationType="COLUMN") == [3]


@pytest.mark.parametrize(
    "lookup",
    [
        {},
        {"locationMatchingStrategy": "EXACT_LOCATION"},
        {
            "metadataLocation": {"sheetId": 0},
            "locationMatchingStrategy": "DEVELOPER_METADATA_LOCATION_MATCHING_STRATEGY_UNSPECIFIED",
        },
        {
            "metadataLocation": {"sheetId": 0},
            "locationMatchingStrategy": "EXACT_LOCATION",
            "locationType": "SHEET",
        },
        {"metadataLocation": {"sheetId": 0}, "locationType": "SPREADSHEET"},
        {"metadataLocation": column(26)},
        {"metadataLocation": {"sheetId": 99}},
    ],
)
def test_lookups_that_contradict_themselves_are_refused(api: Api, lookup: dict[str, Any]) -> None:
    filters = [{"developerMetadataLookup": lookup}]
    for path in ("/developerMetadata:search", "/values:batchGetByDataFilter", ":getByDataFilter"):
        assert api.call("POST", path, json={"dataFilters": filters}).status_code == 400


def test_what_was_deleted_is_told_whole_and_only_that_is_gone(api: Api) -> None:
    api.batch(
        note("k", column(1), metadataValue="v", metadataId=1),
        note("k", column(2), metadataId=2),
    )
    guard = {
        "metadataId": 1,
        "metadataLocation": column(1),
        "locationMatchingStrategy": "EXACT_LOCATION",
    }
    lookup = {"dataFilter": {"developerMetadataLookup": guard}}
    (reply,) = api.batch({"deleteDeveloperMetadata": lookup})["replies"]
    assert reply["deleteDeveloperMetadata"]["deletedDeveloperMetadata"] == [
        {
            "metadataId": 1,
            "metadataKey": "k",
            "metadataValue": "v",
            "location": {
                "locationType": "COLUMN",
                "dimensionRange": {"dimension": "COLUMNS", "startIndex": 1, "endIndex": 2},
            },
            "visibility": "DOCUMENT",
        }
    ]
    assert ids(api, metadataKey="k") == [2]


def test_an_id_at_another_place_is_not_deleted_so_it_cannot_be_created_again(api: Api) -> None:
    """The guard of a column: delete at the known place, create the same id; once the column has
    moved nothing is deleted, the id is taken, and the batch falls as a whole."""
    api.batch(note("k", column(1), metadataId=7))
    lookup = {
        "metadataId": 7,
        "metadataLocation": column(1),
        "locationMatchingStrategy": "EXACT_LOCATION",
    }
    filter_ = {"dataFilter": {"developerMetadataLookup": lookup}}
    guard = [{"deleteDeveloperMetadata": filter_}, note("k", column(1), metadataId=7)]
    api.batch(*guard, cells(["held"], start={}))
    api.batch(move("COLUMNS", 1, 2, 5))
    assert "already exists" in api.refused(*guard, cells(["lost"], start={}))
    assert api.values("A1") == [["held"]]
    assert where(api, metadataId=7)[0]["dimensionRange"]["startIndex"] == 4


@pytest.mark.parametrize(
    "place",
    [
        column(26),
        {"dimensionRange": lines("ROWS", 1000, 1001)},
        {"dimensionRange": lines("ROWS", -1, 0)},
        {"dimensionRange": {"dimension": "COLUMNS", "startIndex": 3}},
        column(0, sheet=99),
        {"sheetId": 99},
        {"spreadsheet": False},
        {},
    ],
)
def test_a_place_that_is_not_there_takes_no_metadata(api: Api, place: dict[str, Any]) -> None:
    assert "createDeveloperMetadata" in api.refused(note("k", place))


def test_metadata_has_30_000_characters_per_sheet_and_for_the_spreadsheet(api: Api) -> None:
    api.batch({"addSheet": {"properties": {"sheetId": 9}}})
    full = "x" * 14_999
    for place in ({"spreadsheet": True}, {"sheetId": 0}, {"sheetId": 9}):
        api.batch(note("k", place, metadataValue=full))
    api.batch(
        note("k", {"spreadsheet": True}, metadataValue=full),
        note("k", column(0), metadataValue=full),
        note("k", {"dimensionRange": lines("ROWS", 0, 1, 9)}, metadataValue=full),
    )
    for place in ({"spreadsheet": True}, column(1), column(1, sheet=9)):
        assert "quota exceeded" in api.refused(note("k", place))
    longer = {
        "dataFilters": [{"developerMetadataLookup": {"locationType": "COLUMN"}}],
        "developerMetadata": {"metadataValue": full + "x"},
        "fields": "metadataValue",
    }
    assert "quota exceeded" in api.refused({"updateDeveloperMetadata": longer})


def test_a_filter_by_the_grid_of_a_tab_that_is_gone_is_refused(api: Api) -> None:
    api.batch({"addSheet": {"properties": {"sheetId": 9}}})
    filters = [{"gridRange": {"sheetId": 0}}, {"gridRange": {"sheetId": 9}}]
    paths = (":getByDataFilter", "/values:batchGetByDataFilter", "/values:batchClearByDataFilter")
    for path in paths:
        assert api.call("POST", path, json={"dataFilters": filters}).ok
    api.batch({"deleteSheet": {"sheetId": 9}})
    for path in paths:
        answer = api.call("POST", path, json={"dataFilters": filters})
        assert (answer.status_code, answer.json()["error"]["message"]) == (
            400,
            "No grid with id: 9",
        )


def test_copies_of_cells_and_tabs_never_share_an_id(api: Api) -> None:
    api.put("A1:B1", [["a", "b"]])
    api.batch(note("k", column(0), metadataId=7))
    paste = {"source": area(0, 1000, 0, 1), "destination": area(0, 1000, 2, 3)}
    api.batch({"copyPaste": paste})
    assert api.values("A1:C1") == [["a", "b", "a"]]
    assert ids(api, metadataKey="k") == [7]
    api.batch({"duplicateSheet": {"sourceSheetId": 0, "newSheetId": 9}})
    assert len(set(ids(api, metadataKey="k"))) == 2
    api.batch({"deleteSheet": {"sheetId": 0}})
    assert 7 not in ids(api, metadataKey="k")
    api.batch(note("k", column(0, sheet=9), metadataId=7))
