"""What is typed, what is stored, what is answered: values in two locales."""

from __future__ import annotations

from typing import Any

import pytest

from tests.google import Server
from tests.google.conftest import Api


@pytest.mark.parametrize(
    ("text", "held", "shown"),
    [
        ("0042", 42, "42"),
        ("2,000,000.01", 2000000.01, "2,000,000.01"),
        ("1,5", "1,5", "1,5"),
        ("5%", 0.05, "5%"),
        ("$1,200", 1200, "$1,200"),
        ("2020-01-01", 43831, "2020-01-01"),
        ("5/11/2026", 46153, "5/11/2026"),
        ("5.11.2026", "5.11.2026", "5.11.2026"),
        ("5/11", 46153, "5/11"),
        ("10:30", 0.4375, "10:30"),
        ("true", True, "TRUE"),
        ("'007", "007", "007"),
        ("=1/3", pytest.approx(1 / 3), "0.3333333333"),
        ("+1+2", 3, "3"),
        ("+7 916 123", "#ERROR!", "#ERROR!"),
        ("13/13/2026", "13/13/2026", "13/13/2026"),
        ("1e3", 1000, "1.00E+03"),
        (42.01, 42.01, "42.01"),
        ("text", "text", "text"),
    ],
)
def test_typing_in_english(api: Api, text: Any, held: Any, shown: str) -> None:
    api.put("A1", [[text]])
    assert api.values("A1") == [[held]]
    assert api.values("A1", "FORMATTED_VALUE") == [[shown]]


@pytest.mark.parametrize(
    ("text", "held", "shown"),
    [
        ("1,5", 1.5, "1,5"),
        ("1.5", 46143, "1.5"),
        ("1234.1234", "1234.1234", "1234.1234"),
        ("1 200 000", 1200000, "1\u00a0200\u00a0000"),
        ("05.11.2026", 46331, "05.11.2026"),
        ("5.11", 46331, "5.11"),
        ("2026-11-05", 46331, "2026-11-05"),
        ("05.11.2026 09:15", 46331 + 555 / 1440, "05.11.2026 09:15"),
        ("ИСТИНА", True, "ИСТИНА"),
        ("false", False, "ЛОЖЬ"),
        ("=1/4", 0.25, "0,25"),
        ("=MAX(1;2,5)", 2.5, "2,5"),
        ("=MAX(1,5,2)", "#ERROR!", "#ERROR!"),
        ("300 т.р.", "300 т.р.", "300 т.р."),
    ],
)
def test_typing_in_russian(russian: Api, text: Any, held: Any, shown: str) -> None:
    russian.put("A1", [[text]])
    assert russian.values("A1") == [[held]]
    assert russian.values("A1", "FORMATTED_VALUE") == [[shown]]


@pytest.mark.parametrize("text", ["=1+1", "+7 916 123-45-67", "007", "2026-01-01", "TRUE", "1,5"])
def test_raw_text_stays_text(russian: Api, text: str) -> None:
    russian.put("A1", [[text]], "RAW")
    assert russian.values("A1") == [[text]]
    assert russian.values("A1", "FORMULA") == [[text]]


def test_cells_of_text_format_keep_what_is_typed(api: Api) -> None:
    text = {"userEnteredFormat": {"numberFormat": {"type": "TEXT"}}}
    api.batch({"repeatCell": {"range": {}, "cell": text, "fields": "userEnteredFormat"}})
    api.put("A1:B1", [["+7 916", "007"]])
    assert api.values("A1:B1") == [["+7 916", "007"]]


def test_null_skips_a_cell_and_an_empty_text_blanks_it(api: Api) -> None:
    api.put("A1:C1", [[1, 2, 3]])
    answer = api.put("A1:C1", [[None, "", 5]])
    assert answer["updatedCells"] == 2
    assert api.values("A1:C1") == [[1, "", 5]]


def test_rows_and_columns_are_counted_where_a_cell_was_written(api: Api) -> None:
    corners = [[1, None, None], [None] * 3, [None, None, 2]]
    assert api.put("A1:C3", corners) == {
        "spreadsheetId": api.id,
        "updatedRange": "Sheet1!A1:C3",
        "updatedRows": 2,
        "updatedColumns": 2,
        "updatedCells": 2,
    }
    data = [{"range": "A1:C3", "values": corners}, {"range": "A3:B3", "values": [[5, 6]]}]
    answer = api.ok("POST", "/values:batchUpdate", json={"valueInputOption": "RAW", "data": data})
    totals = [answer[f"totalUpdated{what}"] for what in ("Rows", "Columns", "Cells", "Sheets")]
    assert totals == [2, 3, 4, 1]


def test_trailing_empties_are_trimmed_and_values_left_out(api: Api) -> None:
    api.put("B2", [["x"]])
    assert api.ok("GET", "/values/A1:D9") == {
        "range": "Sheet1!A1:D9",
        "majorDimension": "ROWS",
        "values": [[], ["", "x"]],
    }
    assert api.ok("GET", "/values/C:C", params={"majorDimension": "COLUMNS"}) == {
        "range": "Sheet1!C1:C1000",
        "majorDimension": "COLUMNS",
    }


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("Sheet1", "Sheet1!A1:Z1000"),
        ("A2:B", "Sheet1!A2:B1000"),
        ("A1:1", "Sheet1!A1:Z1"),
        ("3:4", "Sheet1!A3:Z4"),
        ("D4:A1", "Sheet1!A1:D4"),
        ("'My leads'!B2", "'My leads'!B2"),
        ("'Q1'", "'Q1'!A1:Z1000"),
        ("'O''Hara'!A:A", "'O''Hara'!A1:A1000"),
        ("whole", "'My leads'!C1:C1000"),
        ("My leads!A1", "'My leads'!A1"),
    ],
)
def test_ranges_are_read_and_written_in_a1_notation(api: Api, asked: str, answered: str) -> None:
    for id, title in ((3, "My leads"), (4, "Q1"), (5, "O'Hara")):
        api.batch({"addSheet": {"properties": {"sheetId": id, "title": title}}})
    span = {"sheetId": 3, "startColumnIndex": 2, "endColumnIndex": 3}
    api.batch({"addNamedRange": {"namedRange": {"name": "whole", "range": span}}})
    assert api.ok("GET", "/values:batchGet", params={"ranges": [asked]})["valueRanges"] == [
        {"range": answered, "majorDimension": "ROWS"}
    ]


@pytest.mark.parametrize("asked", ["Nowhere!A1", "A0", "A1:B2:C3", "nobody", "Sheet1!"])
def test_ranges_that_are_none_are_refused(api: Api, asked: str) -> None:
    answer = api.call("GET", "/values:batchGet", params={"ranges": [asked]})
    assert answer.json()["error"]["message"] == f"Unable to parse range: {asked}"


def test_beyond_the_grid_nothing_is_read_or_written(api: Api) -> None:
    words = "Range (Sheet1!A1001) exceeds grid limits. Max rows: 1000, max columns: 26"
    assert api.call("GET", "/values/A1001").json()["error"]["message"] == words
    answer = api.call(
        "PUT", "/values/A1001", params={"valueInputOption": "RAW"}, json={"values": [[1]]}
    )
    assert answer.json()["error"]["message"] == words
    answer = api.call(
        "PUT", "/values/A1:B1", params={"valueInputOption": "RAW"}, json={"values": [[1], [2]]}
    )
    assert answer.json()["error"]["message"] == (
        "Requested writing within range [Sheet1!A1:B1], but tried writing to row [2]"
    )


def test_values_need_an_input_option(api: Api) -> None:
    answer = api.call("PUT", "/values/A1", json={"values": [[1]]})
    assert answer.json()["error"]["message"] == "'valueInputOption' is required but not specified"


@pytest.mark.parametrize(
    ("range_", "begins"),
    [
        ("Sheet1", "B7"),  # from Google's guide: the last table of the sheet
        ("B4", "B7"),
        ("C5:D5", "B7"),
        ("B2:D4", "B7"),
        ("A3:G10", "B7"),
        ("A1", "A3"),
        ("E4", "E4"),
        ("A4", "A4"),
    ],
)
def test_appended_rows_find_their_table(api: Api, range_: str, begins: str) -> None:
    api.put("A1:C2", [["x", "y", "z"]] * 2)
    api.put("B4:D6", [["x", "y", "z"]] * 3)
    answer = api.ok(
        "POST",
        f"/values/{range_}:append",
        params={"valueInputOption": "RAW"},
        json={"values": [["new"]]},
    )
    assert answer["updates"]["updatedRange"] == f"Sheet1!{begins}"


def test_appending_inserts_rows_when_asked_and_grows_the_grid(api: Api) -> None:
    api.put("A1:A4", [["a"], ["b"], [""], ["c"]])
    params = {"valueInputOption": "RAW", "insertDataOption": "INSERT_ROWS"}
    body = {"values": [["n"], ["m"]]}
    api.ok("POST", "/values/A1:append", params=params, json=body)
    assert api.values("A1:A9") == [["a"], ["b"], ["n"], ["m"], [], ["c"]]
    api.put("A1000", [["end"]])
    reply = api.ok("POST", "/values/A1000:append", params=params, json=body)
    assert reply["updates"]["updatedRange"] == "Sheet1!A1001:A1002"


def test_dates_come_as_numbers_or_as_shown(api: Api) -> None:
    api.put("A1:B1", [["2026-11-21", 5]])
    assert api.values("A1:B1") == [[46347, 5]]
    shown = api.values("A1:B1", dateTimeRenderOption="FORMATTED_STRING")
    assert shown == [["2026-11-21", 5]]


@pytest.mark.parametrize(
    ("kind", "pattern", "number", "english", "russian_"),
    [
        ("NUMBER", "#,##0.00", 1234.5, "1,234.50", "1\u00a0234,50"),
        ("NUMBER", "0.#", 2, "2", "2"),
        ("CURRENCY", '#,##0" ₽"', -1200, "-1,200 ₽", "-1\u00a0200 ₽"),
        ("PERCENT", "0.0%", 0.125, "12.5%", "12,5%"),
        ("PERCENT", None, 0.5, "50.00%", "50,00%"),
        ("DATE", "dd.mm.yyyy", 46347, "21.11.2026", "21.11.2026"),
        ("DATE", None, 46347, "11/21/2026", "21.11.2026"),
        ("DATE", "d mmmm", 46347, "21 November", "21 ноября"),
        ("DATE_TIME", "yyyy-mm-dd hh:mm", 46347.5, "2026-11-21 12:00", "2026-11-21 12:00"),
        ("TIME", "h:mm am/pm", 0.75, "6:00 PM", "6:00 PM"),
        ("NUMBER", "0;(0);-", -3, "(3)", "(3)"),
        ("TEXT", None, 1.5, "1.5", "1,5"),
    ],
)
def test_numbers_are_shown_by_their_format(
    api: Api,
    russian: Api,
    kind: str,
    pattern: str | None,
    number: float,
    english: str,
    russian_: str,
) -> None:
    format_ = {"type": kind, **({"pattern": pattern} if pattern else {})}
    cell = {
        "userEnteredValue": {"numberValue": number},
        "userEnteredFormat": {"numberFormat": format_},
    }
    update = {"start": {}, "rows": [{"values": [cell]}], "fields": "*"}
    for each, shown in ((api, english), (russian, russian_)):
        each.batch({"updateCells": update})
        assert each.values("A1", "FORMATTED_VALUE") == [[shown]]


def test_a_cell_is_told_whole(api: Api) -> None:
    api.put("A1:B1", [["=1/0", "text"]])
    (sheet,) = api.ok("GET", "", params={"includeGridData": "true", "ranges": "A1:B1"})["sheets"]
    error, text = sheet["data"][0]["rowData"][0]["values"]
    assert error["userEnteredValue"] == {"formulaValue": "=1/0"}
    assert error["effectiveValue"]["errorValue"]["type"] == "DIVIDE_BY_ZERO"
    assert error["formattedValue"] == "#DIV/0!"
    assert text["effectiveValue"] == {"stringValue": "text"}
    assert text["effectiveFormat"]["textFormat"]["fontSize"] == 10


def test_clearing_keeps_formats(api: Api) -> None:
    api.put("A1:A2", [["5%"], [1]])
    cleared = api.ok("POST", "/values:batchClear", json={"ranges": ["A1:A2"]})
    assert cleared["clearedRanges"] == ["Sheet1!A1:A2"]
    assert api.values("A1:A2") == []
    api.put("A1", [[0.5]])
    assert api.values("A1", "FORMATTED_VALUE") == [["50%"]]


def test_a_copy_lands_in_another_file(server: Server, api: Api) -> None:
    api.put("A1", [["=1+1"]])
    other = server.create("Other")
    made = api.ok("POST", "/sheets/0:copyTo", json={"destinationSpreadsheetId": other})
    assert made["title"] == "Copy of Sheet1"
    assert server.operator(other).cell("Copy of Sheet1", 1, "2") == 2
