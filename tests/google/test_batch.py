"""batchUpdate: all or nothing, and what moves along when rows and columns move."""

from __future__ import annotations

from typing import Any

import pytest

from tests.google import Server
from tests.google.conftest import Api


def lines(dimension: str, start: int, end: int, sheet: int = 0) -> dict[str, Any]:
    return {"sheetId": sheet, "dimension": dimension, "startIndex": start, "endIndex": end}


def column(index: int, sheet: int = 0) -> dict[str, Any]:
    return {"dimensionRange": lines("COLUMNS", index, index + 1, sheet)}


def area(top: int, bottom: int, left: int, right: int, sheet: int = 0) -> dict[str, Any]:
    return {
        "sheetId": sheet,
        "startRowIndex": top,
        "endRowIndex": bottom,
        "startColumnIndex": left,
        "endColumnIndex": right,
    }


def note(key: str, location: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A createDeveloperMetadata."""
    wanted = {"metadataKey": key, "location": location, "visibility": "DOCUMENT", **more}
    return {"createDeveloperMetadata": {"developerMetadata": wanted}}


def named(name: str, range_: dict[str, Any]) -> dict[str, Any]:
    return {"addNamedRange": {"namedRange": {"name": name, "range": range_}}}


def insert(dimension: str, at: int, count: int = 1) -> dict[str, Any]:
    return {"insertDimension": {"range": lines(dimension, at, at + count)}}


def delete(dimension: str, start: int, end: int) -> dict[str, Any]:
    return {"deleteDimension": {"range": lines(dimension, start, end)}}


def move(dimension: str, start: int, end: int, to: int) -> dict[str, Any]:
    source = lines(dimension, start, end)
    return {"moveDimension": {"source": source, "destinationIndex": to}}


def cells(*rows: list[Any], fields: str = "userEnteredValue", **where: Any) -> dict[str, Any]:
    """An updateCells of strings and numbers."""
    data = [
        {
            "values": [
                {"userEnteredValue": {_kind(value): value}} if value is not None else {}
                for value in row
            ]
        }
        for row in rows
    ]
    return {"updateCells": {"rows": data, "fields": fields, **where}}


def _kind(value: Any) -> str:
    if isinstance(value, str):
        return "formulaValue" if value.startswith("=") else "stringValue"
    return "numberValue"


# -- all or nothing --------------------------------------------------------------------------


def test_a_refused_batch_changes_nothing(api: Api) -> None:
    api.put("A1:B2", [["a", "b"], ["c", "d"]])
    before = api.get("*")
    message = api.refused(
        {"addSheet": {"properties": {"title": "New"}}},
        insert("COLUMNS", 0),
        note("k", {"spreadsheet": True}, metadataId=7),
        cells(["lost"], start={"rowIndex": 0, "columnIndex": 0}),
        note("k", {"spreadsheet": True}, metadataId=7),
    )
    assert message == (
        "Invalid requests[4].createDeveloperMetadata: A developer metadata with ID: 7 already "
        "exists."
    )
    assert api.get("*") == before


def test_replies_come_in_order(api: Api) -> None:
    replies = api.batch(
        {"addSheet": {"properties": {"sheetId": 5, "title": "New"}}},
        insert("ROWS", 0),
        named("here", area(0, 1, 0, 1, 5)),
    )["replies"]
    assert [list(reply) for reply in replies] == [["addSheet"], [], ["addNamedRange"]]


def test_the_after_image_is_cut_to_ranges_and_mask(api: Api) -> None:
    wanted = "properties.title,data.rowData.values.formattedValue"
    answer = api.ok(
        "POST",
        ":batchUpdate",
        params={"fields": f"updatedSpreadsheet.sheets({wanted})"},
        json={
            "requests": [
                {"addSheet": {"properties": {"sheetId": 5, "title": "New"}}},
                cells(["a", "=1+1"], start={"sheetId": 5}),
            ],
            "includeSpreadsheetInResponse": True,
            "responseRanges": ["New!B1:B2"],
        },
    )
    assert answer == {
        "updatedSpreadsheet": {
            "sheets": [
                {
                    "properties": {"title": "New"},
                    "data": [{"rowData": [{"values": [{"formattedValue": "2"}]}]}],
                }
            ]
        }
    }


# -- developer metadata ----------------------------------------------------------------------


def where(api: Api, **lookup: Any) -> list[dict[str, Any]]:
    body = {"dataFilters": [{"developerMetadataLookup": lookup}]}
    found = api.ok("POST", "/developerMetadata:search", json=body)
    return [
        each["developerMetadata"]["location"] for each in found.get("matchedDeveloperMetadata", [])
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
    assert len(where(api, metadataLocation={"spreadsheet": True})) == 3


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
            "updatedRows": 2,
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


# -- what follows ----------------------------------------------------------------------------


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


# -- cells -----------------------------------------------------------------------------------


def test_cells_that_the_rows_do_not_cover_are_cleared(api: Api) -> None:
    api.put("A1:B3", [[1, 2], [3, 4], [5, 6]])
    api.batch(cells([9], range=area(0, 3, 0, 2)))
    assert api.values("A1:B3") == [[9]]
    message = api.refused(cells([1], [2], range=area(0, 1, 0, 1)))
    assert message.endswith("Attempting to write row: 1, beyond the last requested row of: 0")
    message = api.refused(cells([1] * 27, start={}))
    assert message.endswith(
        "Attempting to write column: 26, beyond the last requested column of: 25"
    )


def test_a_repeated_formula_shifts_its_relative_references(api: Api) -> None:
    api.batch(
        {
            "repeatCell": {
                "range": area(1, 3, 1, 3),
                "cell": {"userEnteredValue": {"formulaValue": "=A2+$A$1+INDEX(x;ROW())"}},
                "fields": "userEnteredValue",
            }
        }
    )
    assert api.values("B2:C3", "FORMULA") == [
        ["=A2+$A$1+INDEX(x;ROW())", "=B2+$A$1+INDEX(x;ROW())"],
        ["=A3+$A$1+INDEX(x;ROW())", "=B3+$A$1+INDEX(x;ROW())"],
    ]


def test_appended_cells_go_under_the_last_row_with_a_value(api: Api) -> None:
    api.put("C3", [['=""']])
    append = {"rows": [{"values": [{"userEnteredValue": {"numberValue": 1}}]}] * 2}
    api.batch({"appendCells": {**append, "fields": "userEnteredValue"}})
    assert api.values("A1:A9") == [[], [], [], [1], [1]]
    size = {"properties": {"gridProperties": {"rowCount": 5}}, "fields": "gridProperties.rowCount"}
    api.batch(
        {"updateSheetProperties": size},
        {"appendCells": {**append, "fields": "userEnteredValue"}},
    )
    grid = api.get("sheets.properties.gridProperties.rowCount")
    assert grid["sheets"][0]["properties"]["gridProperties"]["rowCount"] == 7


def test_a_sort_keeps_formulas_on_their_own_row_and_blanks_last(api: Api) -> None:
    api.put("A1:B4", [["b", "=A1&1"], ["", "=A2&1"], [10, "=A3&1"], ["A", "=A4&1"]])
    spec = [{"dimensionIndex": 0, "sortOrder": "ASCENDING"}]
    api.batch({"sortRange": {"range": area(0, 4, 0, 26), "sortSpecs": spec}})
    assert api.values("A1:B4") == [[10, "101"], ["A", "A1"], ["b", "b1"], ["", "1"]]


def test_find_and_replace_counts_what_it_did(api: Api) -> None:
    api.put("A1:B2", [["aba", "x"], ['="a"', "A"]])
    request = {"find": "a", "replacement": "c", "sheetId": 0}
    (reply,) = api.batch({"findReplace": request})["replies"]
    assert reply["findReplace"] == {
        "valuesChanged": 2,
        "occurrencesChanged": 3,
        "rowsChanged": 2,
        "sheetsChanged": 1,
    }
    assert api.values("A1:B2") == [["cbc", "x"], ["a", "c"]]


def test_copies_shift_and_cuts_do_not(api: Api) -> None:
    api.put("A1:B1", [[1, "=A1+1"]])
    copy = {"source": area(0, 1, 0, 2), "destination": area(2, 4, 0, 2)}
    api.batch({"copyPaste": copy})
    assert api.values("A3:B4", "FORMULA") == [[1, "=A3+1"], [1, "=A4+1"]]
    cut = {"source": area(2, 3, 1, 2), "destination": {"rowIndex": 5, "columnIndex": 3}}
    api.batch({"cutPaste": cut})
    assert api.values("D6", "FORMULA") == [["=A3+1"]]
    assert api.values("B3", "FORMULA") == []


def test_moving_a_block_of_columns_moves_values_and_formats(api: Api) -> None:
    api.put("A1:D1", [["a", "b", "c", "d"]])
    api.batch(move("COLUMNS", 0, 2, 3))
    assert api.values("A1:D1") == [["c", "a", "b", "d"]]
    api.batch(move("COLUMNS", 1, 3, 0))
    assert api.values("A1:D1") == [["a", "b", "c", "d"]]


# -- tabs, rules and the rest ----------------------------------------------------------------


def test_tabs_have_unique_ids_and_titles_and_one_stays_in_sight(api: Api) -> None:
    new = {"addSheet": {"properties": {"sheetId": 0, "title": "New"}}}
    assert "already exists" in api.refused(new)
    assert 'A sheet with the name "sheet1" already exists' in api.refused(
        {"addSheet": {"properties": {"title": "sheet1"}}}
    )
    hide = {"properties": {"sheetId": 0, "hidden": True}, "fields": "hidden"}
    assert "You can't hide all the sheets" in api.refused({"updateSheetProperties": hide})
    assert "You can't remove all the sheets" in api.refused({"deleteSheet": {"sheetId": 0}})


def test_rules_are_a_list_with_indexes(api: Api) -> None:
    def rule(text: str) -> dict[str, Any]:
        condition = {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": text}]}
        return {
            "ranges": [area(1, 5, 0, 1)],
            "booleanRule": {"condition": condition, "format": {"backgroundColor": {"red": 0.5}}},
        }

    def add(text: str, index: int) -> dict[str, Any]:
        return {"addConditionalFormatRule": {"rule": rule(text), "index": index}}

    api.batch(add("=$A2=1", 0), add("=$A2=2", 0), add("=$A2=3", 2))
    update = {"rule": rule("=$A2=9"), "index": 1}
    api.batch(
        {"updateConditionalFormatRule": update},
        {"updateConditionalFormatRule": {"index": 0, "newIndex": 2}},
        {"deleteConditionalFormatRule": {"index": 0}},
    )
    rules = api.get("sheets.conditionalFormats")["sheets"][0]["conditionalFormats"]
    texts = [each["booleanRule"]["condition"]["values"][0]["userEnteredValue"] for each in rules]
    assert texts == ["=$A2=3", "=$A2=2"]
    assert rules[0]["booleanRule"]["format"]["backgroundColorStyle"] == {"rgbColor": {"red": 0.5}}
    assert "No conditional format on sheet" in api.refused(
        {"deleteConditionalFormatRule": {"index": 2}}
    )
    assert "cannot reference a different sheet" in api.refused(add("=Sheet1!A1=1", 0))
    assert "Invalid ConditionValue" in api.refused(add("=COUNTIF(leads;A2)>0", 0))
    api.batch(add('=COUNTIF(INDIRECT("leads");A2)>0', 0))


def test_banding_refuses_a_banded_range(api: Api) -> None:
    band = {
        "range": area(0, 5, 0, 5),
        "rowProperties": {"firstBandColor": {}, "secondBandColor": {"red": 1}},
    }
    api.batch({"addBanding": {"bandedRange": {**band, "bandedRangeId": 4}}})
    assert "alternating background" in api.refused({"addBanding": {"bandedRange": band}})
    assert "already exists" in api.refused(
        {"addBanding": {"bandedRange": {**band, "range": area(9, 11, 0, 1), "bandedRangeId": 4}}}
    )
    api.batch({"deleteBanding": {"bandedRangeId": 4}}, {"addBanding": {"bandedRange": band}})


def test_merged_cells_keep_the_first_value(api: Api) -> None:
    api.put("A1:B2", [[1, 2], [3, 4]])
    api.batch({"mergeCells": {"range": area(0, 2, 0, 2), "mergeType": "MERGE_ALL"}})
    assert api.values("A1:B2") == [[1]]
    assert "merged" in api.refused(
        {"mergeCells": {"range": area(1, 3, 0, 1), "mergeType": "MERGE_ALL"}}
    )


def test_filters_hide_rows_and_views_are_kept(api: Api) -> None:
    api.put("A1:A3", [["s"], ["won"], ["lost"]])
    basic = {"range": area(0, 3, 0, 1), "criteria": {"0": {"hiddenValues": ["lost"]}}}
    view = {"title": "Mine", "range": area(0, 3, 0, 1), "filterViewId": 8}
    api.batch({"setBasicFilter": {"filter": basic}}, {"addFilterView": {"filter": view}})
    rows = api.get("sheets.data.rowMetadata.hiddenByFilter", ranges="A1:A3")
    assert rows["sheets"][0]["data"][0]["rowMetadata"] == [{}, {}, {"hiddenByFilter": True}]
    assert api.values("A1:A3") == [["s"], ["won"], ["lost"]]
    api.batch({"clearBasicFilter": {"sheetId": 0}})
    assert "hiddenByFilter" not in str(api.get("sheets.data.rowMetadata", ranges="A1:A3"))
    assert api.get("sheets.filterViews.title")["sheets"] == [{"filterViews": [{"title": "Mine"}]}]


def test_charts_are_kept_and_their_ranges_follow(api: Api) -> None:
    source = {"sourceRange": {"sources": [area(0, 5, 0, 1)]}}
    spec = {
        "title": "Sales",
        "basicChart": {"chartType": "BAR", "domains": [{"domain": source}]},
    }
    anchor = {"overlayPosition": {"anchorCell": {"sheetId": 0, "rowIndex": 2}}}
    api.batch({"addChart": {"chart": {"spec": spec, "position": anchor, "chartId": 6}}})
    api.batch(insert("COLUMNS", 0))
    text = str(api.get("sheets.charts.spec"))
    assert "'startColumnIndex': 1" in text
    api.batch({"deleteEmbeddedObject": {"objectId": 6}})
    assert api.get("sheets.charts") == {"sheets": [{}]}


@pytest.mark.parametrize("kind", ["addTable", "insertComment", "trimWhitespace", "pasteData"])
def test_what_the_stand_in_does_not_do_is_refused(api: Api, kind: str) -> None:
    assert api.refused({kind: {}}).startswith(f"Invalid requests[0].{kind}: not supported")


# -- protections -----------------------------------------------------------------------------


def protect(range_: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"addProtectedRange": {"protectedRange": {"range": range_, **more}}}


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
