"""batchUpdate: all or nothing, and what its requests do to cells, tabs and rules."""

from __future__ import annotations

from typing import Any

import pytest

from tests.google.conftest import Api
from tests.google.formats import of_a_byte
from tests.google.shapes import area, cells, insert, move, named, note

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


@pytest.mark.parametrize(
    "range_", ["Gone!A1", "Sheet1", "Sheet1!A1:ZZ1", "Sheet1!A1001", "nobody", "A1:B2:C3"]
)
def test_a_range_of_the_answer_that_cannot_be_read_undoes_the_batch(api: Api, range_: str) -> None:
    """Somebody renames a tab while a batch that wants to see it is on its way."""
    api.batch({"updateSheetProperties": {"properties": {"title": "Now"}, "fields": "title"}})
    before = api.get("*")
    requests = [cells(["lost"], start={}), note("k", {"spreadsheet": True}, metadataId=7)]
    answer = api.call(
        "POST",
        ":batchUpdate",
        json={
            "requests": requests,
            "includeSpreadsheetInResponse": True,
            "responseRanges": ["Now!A1", range_],
        },
    )
    assert answer.status_code == 400
    assert api.get("*") == before


def test_a_mask_that_fits_no_answer_undoes_the_batch(api: Api) -> None:
    before = api.get("*")
    body = {"requests": [cells(["lost"], start={})]}
    answer = api.call("POST", ":batchUpdate?fields=replies.nothing", json=body)
    assert answer.status_code == 400
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


def test_a_sort_may_reach_beyond_the_grid(api: Api) -> None:
    api.put("A1:A3", [[3], [1], [2]])
    spec = [{"dimensionIndex": 0, "sortOrder": "ASCENDING"}]
    api.batch({"sortRange": {"range": area(0, 5000, 0, 50), "sortSpecs": spec}})
    assert api.values("A1:A3") == [[1], [2], [3]]


def test_a_format_is_pasted_without_validation_and_without_borders_when_asked(api: Api) -> None:
    line = {"style": "SOLID"}
    rule = {"condition": {"type": "NUMBER_GREATER", "values": [{"userEnteredValue": "1"}]}}
    source, fields = area(0, 1, 0, 1), "userEnteredFormat,dataValidation"
    look = {"userEnteredFormat": {"textFormat": {"bold": True}}, "dataValidation": rule}
    api.batch(
        {"repeatCell": {"range": source, "cell": look, "fields": fields}},
        {"updateBorders": {"range": source, "top": line}},
        *(
            {
                "copyPaste": {
                    "source": source,
                    "destination": area(1, 2, c, c + 1),
                    "pasteType": kind,
                }
            }
            for c, kind in enumerate(("PASTE_FORMAT", "PASTE_NO_BORDERS", "PASTE_NORMAL"))
        ),
    )
    wanted = "sheets.data.rowData.values(userEnteredFormat(borders,textFormat),dataValidation)"
    values = api.get(wanted)["sheets"][0]["data"][0]["rowData"][1]["values"]
    assert [sorted({*each, *each["userEnteredFormat"]}) for each in values] == [
        ["borders", "textFormat", "userEnteredFormat"],
        ["dataValidation", "textFormat", "userEnteredFormat"],
        ["borders", "dataValidation", "textFormat", "userEnteredFormat"],
    ]


def test_merged_cells_are_not_pasted_here(api: Api) -> None:
    api.batch({"mergeCells": {"range": area(0, 1, 0, 2), "mergeType": "MERGE_ALL"}})
    for source, target in ((0, 5), (5, 0)):
        paste = {
            "source": area(source, source + 1, 0, 2),
            "destination": area(target, target + 1, 0, 2),
        }
        assert "merged" in api.refused({"copyPaste": paste})


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
            "booleanRule": {"condition": condition, "format": {"backgroundColor": {"red": 0.8}}},
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
    assert rules[0]["booleanRule"]["format"]["backgroundColorStyle"] == {"rgbColor": {"red": 0.8}}
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


def test_colours_are_bytes_cut_off(api: Api) -> None:
    colours = {"red": 0.99, "green": 0.5, "blue": 0.01}
    tab = {"properties": {"tabColorStyle": {"rgbColor": colours}}, "fields": "tabColorStyle"}
    api.batch({"updateSheetProperties": tab})
    style = api.get("sheets.properties.tabColorStyle")["sheets"][0]["properties"]["tabColorStyle"]
    assert style == {"rgbColor": {"red": 0.9882353, "green": 0.49803922, "blue": 0.007843138}}
    for byte in range(1, 256):
        assert round(of_a_byte(byte / 255) * 255) == byte


def test_a_mask_for_everything_takes_the_name_away(api: Api) -> None:
    tab = {"properties": {"hidden": False}, "fields": "*"}
    assert "The sheet name cannot be empty." in api.refused({"updateSheetProperties": tab})


def test_a_filter_ends_with_the_grid_it_was_made_on(api: Api) -> None:
    api.batch({"setBasicFilter": {"filter": {"range": {"startColumnIndex": 2}}}})
    api.batch({"appendDimension": {"dimension": "ROWS", "length": 5}})
    assert api.get("sheets.basicFilter")["sheets"][0]["basicFilter"]["range"] == {
        "startRowIndex": 0,
        "endRowIndex": 1000,
        "startColumnIndex": 2,
        "endColumnIndex": 26,
    }
