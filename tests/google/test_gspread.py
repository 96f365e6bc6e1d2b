"""gspread's own high-level calls, over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gspread
import pytest
import requests
from gspread.http_client import HTTPClient
from gspread.utils import DateTimeOption, ValueInputOption, ValueRenderOption

from tests.google import Server


@pytest.fixture
def client(server: Server) -> Iterator[gspread.Client]:
    class Here(HTTPClient):
        """Sends every call to the server."""

        def request(self, method: str, endpoint: str, *rest: Any, **more: Any) -> Any:
            path = endpoint.split(".googleapis.com", 1)[1]
            return super().request(method, server.url + path, *rest, **more)

    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {server.token()}"
    yield gspread.Client(None, session=session, http_client=Here)
    session.close()


@pytest.fixture
def book(server: Server, client: gspread.Client) -> gspread.Spreadsheet:
    return client.open_by_key(server.create("Shop"))


def test_files_are_made_found_listed_and_shared(client: gspread.Client, server: Server) -> None:
    made = client.create("A shop's file")
    assert client.open("A shop's file").id == made.id
    assert client.open_by_url(made.url).title == "A shop's file"
    assert [each["name"] for each in client.list_spreadsheet_files()] == ["A shop's file"]
    made.share("anna@example.com", perm_type="user", role="writer", notify=False)
    assert server.file(made.id).permissions["anna@example.com"] == "writer"
    assert len(made.list_permissions()) == 2
    made.remove_permissions("anna@example.com")
    assert "anna@example.com" not in server.file(made.id).permissions
    with pytest.raises(gspread.SpreadsheetNotFound):
        client.open("Nothing")
    client.del_spreadsheet(made.id)
    with pytest.raises(gspread.SpreadsheetNotFound):
        client.open_by_key(made.id)


def test_values_go_in_and_come_out(book: gspread.Spreadsheet) -> None:
    sheet = book.sheet1
    sheet.update([["Name", "N"], ["Anna", 1], ["Boris", 2]], "A1")
    assert sheet.get_all_values() == [["Name", "N"], ["Anna", "1"], ["Boris", "2"]]
    assert sheet.get_all_records() == [{"Name": "Anna", "N": 1}, {"Name": "Boris", "N": 2}]
    sheet.append_row(["Clara", "=1+2"], value_input_option=ValueInputOption.user_entered)
    assert sheet.acell("B4").value == "3"
    assert sheet.acell("B4", ValueRenderOption.formula).value == "=1+2"
    assert sheet.find("Boris").row == 3
    sheet.update_cell(2, 2, 7)
    sheet.update_cells([gspread.Cell(3, 2, 8), gspread.Cell(4, 2, 9)])
    assert sheet.col_values(2) == ["N", "7", "8", "9"]
    assert sheet.row_values(2) == ["Anna", "7"]
    sheet.batch_clear(["B2:B3"])
    assert sheet.get("A1:B3") == [["Name", "N"], ["Anna"], ["Boris"]]
    sheet.batch_update([{"range": "A2", "values": [["x"]]}, {"range": "B2", "values": [[1]]}])
    assert sheet.batch_get(["A2:B2"]) == [[["x", "1"]]]
    sheet.update([["2026-11-21"]], "C1", value_input_option=ValueInputOption.user_entered)
    assert sheet.acell("C1", ValueRenderOption.unformatted).value == 46347
    unformatted = sheet.get(
        "C1",
        value_render_option=ValueRenderOption.unformatted,
        date_time_render_option=DateTimeOption.formatted_string,
    )
    assert unformatted == [["2026-11-21"]]
    sheet.clear()
    assert sheet.get_all_values() == [[]]


def test_rows_and_columns_come_and_go(book: gspread.Spreadsheet) -> None:
    sheet = book.sheet1
    sheet.append_rows([["b", 2], ["a", 1], ["c", 3]])
    sheet.insert_row(["head", "n"], 1)
    sheet.insert_cols([["x", "y"]], 2)
    sheet.delete_rows(3)
    assert sheet.get_all_values() == [["head", "x", "n"], ["b", "y", "2"], ["c", "", "3"]]
    sheet.delete_columns(2)
    sheet.sort((1, "des"), range="A2:B3")
    assert sheet.get("A1:B3") == [["head", "n"], ["c", "3"], ["b", "2"]]
    sheet.add_rows(5)
    sheet.resize(rows=20, cols=5)
    assert (sheet.row_count, sheet.col_count) == (20, 5)
    with pytest.raises(gspread.exceptions.APIError, match="exceeds grid limits"):
        sheet.update([["too far"]], "F1")


def test_looks(book: gspread.Spreadsheet) -> None:
    sheet = book.sheet1
    sheet.format("A1:B1", {"textFormat": {"bold": True}, "backgroundColor": {"red": 1}})
    sheet.freeze(rows=1, cols=1)
    sheet.merge_cells("A5:B6")
    sheet.columns_auto_resize(0, 2)
    sheet.hide_columns(2, 3)
    sheet.set_basic_filter("A1:B3")
    sheet.update_tab_color("#ff0000")
    sheet.insert_note("A1", "look")
    sheet.add_protected_range("A1:B1", warning_only=True)
    sheet.add_validation(
        "C1", gspread.utils.ValidationConditionType.one_of_list, ["a", "b"], showCustomUi=True
    )
    sheet.add_dimension_group_rows(2, 4)
    sheet.batch_format([{"range": "C1", "format": {"horizontalAlignment": "RIGHT"}}])
    assert sheet.get_note("A1") == "look"
    (properties,) = book.fetch_sheet_metadata()["sheets"]
    assert properties["properties"]["gridProperties"]["frozenRowCount"] == 1
    assert {"merges", "protectedRanges", "basicFilter", "rowGroups"} <= properties.keys()
    sheet.clear_basic_filter()
    sheet.unmerge_cells("A5:B6")


def test_tabs(book: gspread.Spreadsheet) -> None:
    second = book.add_worksheet("Second", 10, 5)
    copy = second.duplicate(new_sheet_name="Third")
    second.update_title("2")
    copy.update_index(0)
    second.hide()
    assert [each.title for each in book.worksheets()] == ["Third", "Sheet1", "2"]
    assert book.worksheet("2").isSheetHidden
    book.del_worksheet(second)
    with pytest.raises(gspread.WorksheetNotFound):
        book.worksheet("2")
    book.update_title("Renamed")
    book.update_locale("ru_RU")
    book.update_timezone("Asia/Omsk")
    assert (book.title, book.locale, book.timezone) == ("Renamed", "ru_RU", "Asia/Omsk")


def test_names(book: gspread.Spreadsheet) -> None:
    sheet = book.sheet1
    sheet.update([[1, 2]], "A1")
    sheet.define_named_range("A1:B1", "both")
    assert sheet.get("both") == [["1", "2"]]
    (name,) = book.list_named_ranges()
    sheet.delete_named_range(name["namedRangeId"])
    assert book.list_named_ranges() == []


def test_a_file_is_copied_with_all_that_is_in_it(client: gspread.Client, server: Server) -> None:
    book = client.open_by_key(server.create("Shop"))
    book.sheet1.update([["a"]], "A1")
    book.sheet1.define_named_range("A1", "first")
    copy = client.copy(book.id, copy_comments=True)
    assert copy.title == "Copy of Shop"
    assert copy.sheet1.get("first") == [["a"]]
    copy.sheet1.update([["b"]], "A1")
    assert book.sheet1.acell("A1").value == "a"
    assert server.file(copy.id).permissions == {server.OWNER: "owner"}


def test_an_imported_file_takes_the_place_of_all_tabs(book: gspread.Spreadsheet) -> None:
    book.add_worksheet("Second", 10, 10)
    book.client.import_csv(book.id, 'Name,Price\n"Anna, B.",1.5\n')
    (sheet,) = book.worksheets()
    assert sheet.title == "Shop"
    assert sheet.get_all_values() == [["Name", "Price"], ["Anna, B.", "1.5"]]
    assert sheet.acell("B2", value_render_option=ValueRenderOption.unformatted).value == 1.5
