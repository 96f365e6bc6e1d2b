"""People who work in the sheet by hand."""

from __future__ import annotations

from datetime import date

import pytest

from tests.google import ApiError, Operator, Server
from tests.google.conftest import Api


@pytest.fixture
def anna(server: Server, api: Api) -> Operator:
    server.share(api.id, "anna@example.com")
    api.put("A1:C1", [["Name", "N", "Twice"]])
    api.put("A2:C4", [["b", 2, "=B2*2"], ["a", 1, "=B3*2"], ["", "", "=B4*2"]])
    return server.operator(api.id, "anna@example.com")


def test_they_see_what_is_shown(anna: Operator) -> None:
    assert anna.headers("Sheet1") == ["Name", "N", "Twice"]
    assert anna.cell("Sheet1", 2, "Twice") == 4
    assert anna.cell("Sheet1", 4, "Name") is None
    assert anna.rows("Sheet1")[:2] == [
        {"Name": "b", "N": 2, "Twice": 4},
        {"Name": "a", "N": 1, "Twice": 2},
    ]
    assert anna.text("Sheet1", 2, "Twice") == "4"


def test_they_type_as_at_the_keyboard(anna: Operator) -> None:
    anna.type("Sheet1", 2, "N", "5%")
    assert (anna.cell("Sheet1", 2, "N"), anna.text("Sheet1", 2, "N")) == (0.05, "5%")
    anna.type("Sheet1", 2, "Name", date(2026, 11, 5))
    assert anna.cell("Sheet1", 2, "Name") == 46331
    anna.type("Sheet1", 2, "Name", "=1+1", raw=True)
    assert anna.cell("Sheet1", 2, "Name") == "=1+1"
    anna.type("Sheet1", 2, "Name", None)
    assert anna.cell("Sheet1", 2, "Name") is None


def test_a_new_row_goes_under_the_last_typed_one(anna: Operator) -> None:
    assert anna.append("Sheet1", {"Name": "c", "N": 3}) == 4
    assert anna.cell("Sheet1", 4, "Twice") == 6


def test_rows_and_columns_are_moved_about(anna: Operator) -> None:
    anna.sort("Sheet1", "Name")
    anna.insert_row("Sheet1", 2)
    anna.copy_row("Sheet1", 3, to=2)
    anna.move_column("Sheet1", "Twice", after="Name")
    anna.insert_column("Sheet1", after="N", new="Own")
    anna.append_column("Sheet1", "Last")
    anna.rename_column("Sheet1", "N", "Number")
    assert anna.headers("Sheet1") == ["Name", "Twice", "Number", "Own", "Last"]
    assert anna.file.sheets[0].cell(0, len(anna.file.sheets[0].columns) - 1).entered == "Last"
    shown = [(row["Name"], row["Twice"]) for row in anna.rows("Sheet1")]
    assert shown == [("a", 2), ("a", 2), ("b", 4), (None, 0)]
    anna.delete_row("Sheet1", 2)
    anna.delete_column("Sheet1", "Number")
    assert anna.cell("Sheet1", 2, "Twice") == "#REF!"


def test_tabs_come_and_go(anna: Operator) -> None:
    anna.add_tab("Ideas", [["what", "when"], ["a blog", 2027]])
    anna.rename_tab("Ideas", "Plans")
    anna.copy_tab("Plans", "More plans")
    anna.hide_tab("Plans")
    anna.delete_tab("Sheet1")
    assert anna.tabs() == ["Plans", "More plans"]
    assert anna.rows("More plans") == [{"what": "a blog", "when": 2027}]


def test_protections_stop_them_and_warnings_do_not(api: Api, anna: Operator) -> None:
    strict = {"range": {"sheetId": 0, "startColumnIndex": 2, "endColumnIndex": 3}}
    soft = {"range": {"sheetId": 0, "endColumnIndex": 1}, "warningOnly": True}
    api.batch(
        {"addProtectedRange": {"protectedRange": strict}},
        {"addProtectedRange": {"protectedRange": soft}},
    )
    anna.type("Sheet1", 2, "Name", "typed")
    with pytest.raises(ApiError, match="protected cell"):
        anna.type("Sheet1", 2, "Twice", 1)
    assert anna.cell("Sheet1", 2, "Twice") == 4


def test_strict_dropdowns_reject_what_they_do_not_offer(api: Api, anna: Operator) -> None:
    condition = {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "yes"}]}
    span = {"startRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 1}
    rule = {"condition": condition, "strict": True}
    api.batch({"setDataValidation": {"range": span, "rule": rule}})
    anna.type("Sheet1", 2, "Name", "yes")
    with pytest.raises(ApiError, match="violates the data validation"):
        anna.type("Sheet1", 2, "Name", "no")


def test_a_stranger_gets_nowhere(server: Server, api: Api) -> None:
    api.put("A1", [["Name"]])
    with pytest.raises(ApiError, match="does not have permission"):
        server.operator(api.id, "stranger@example.com").type("Sheet1", 2, "Name", "x")


def test_they_sort_a_part_and_leave_the_rest(anna: Operator) -> None:
    for row, name in ((5, "d"), (6, "c")):
        anna.type("Sheet1", row, "Name", name)
    anna.sort("Sheet1", "Name", rows=(5, 6))
    assert [row["Name"] for row in anna.rows("Sheet1")] == ["b", "a", None, "c", "d"]
    anna.sort("Sheet1", "N", right_of="Name")
    shown = [(row["Name"], row["N"]) for row in anna.rows("Sheet1")]
    assert shown[:2] == [("b", 1), ("a", 2)]


def test_they_copy_cut_fill_and_clear(anna: Operator) -> None:
    anna.copy_cell("Sheet1", 2, "Name", to=3)
    anna.fill_down("Sheet1", 2, "N", last=4)
    assert [(row["Name"], row["N"]) for row in anna.rows("Sheet1")] == [
        ("b", 2),
        ("b", 2),
        (None, 2),
    ]
    anna.cut_row("Sheet1", 2, to=1003)
    assert anna.cell("Sheet1", 2, "Name") is None
    assert anna.cell("Sheet1", 1003, "Name") == "b"
    anna.clear_row("Sheet1", 1003)
    assert anna.cell("Sheet1", 1003, "Twice") is None


def test_a_script_appends_below_the_table(anna: Operator) -> None:
    anna.append_by_script("Sheet1", {"Name": "form", "N": "5%"})
    assert (anna.cell("Sheet1", 5, "Name"), anna.cell("Sheet1", 5, "N")) == ("form", "5%")


def test_they_filter_hide_and_tidy_up(anna: Operator) -> None:
    anna.filter("Sheet1", "Name", ["b"])
    anna.hide_row("Sheet1", 3)
    sheet = anna.file.sheets[0]
    assert [row.hidden_by_filter for row in sheet.rows[:3]] == [False, True, False]
    assert sheet.rows[2].hidden
    anna.clear_filter("Sheet1")
    anna.delete_spare_rows("Sheet1", 50)
    assert len(anna.file.sheets[0].rows) == 50
    assert not any(row.hidden_by_filter for row in anna.file.sheets[0].rows)


def test_they_have_rules_of_their_own_and_drag_tabs(anna: Operator) -> None:
    anna.add_rule("Sheet1", "Name", "a")
    anna.add_rule("Sheet1", "N", "b")
    conditions = [
        rule["booleanRule"]["condition"]["values"][0]["userEnteredValue"]
        for rule in anna.file.sheets[0].conditional_formats
    ]
    assert conditions == ['=B2="b"', '=A2="a"']
    anna.add_tab("Ideas")
    anna.move_tab("Ideas", 0)
    assert anna.tabs() == ["Ideas", "Sheet1"]
