"""Scripts of a project, run as Google runs them; and people who work in a sheet that has them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest

from sheetsync import locales
from sheetsync.addon.preview import host
from sheetsync.addon.preview.host import Addon, ScriptError
from sheetsync.errors import InputError
from tests.addon.google import Workplace
from tests.addon.test_services import ANNA, NOW, PROTECTED, VERA, document
from tests.google import Server
from tests.google.errors import ApiError

KEPT = "let runs = 0;\nfunction count() { runs += 1; return runs; }\n"
ERRORS = "const Deep = { fall() {\n  throw new Error('ой'); } };\nfunction fall() { Deep.fall(); }"


@contextmanager
def addon(*files: str, **named: str) -> Iterator[Addon]:
    project = {f"F{i}.js": text for i, text in enumerate(files)}
    with Addon({**project, **named}, document()) as made:
        yield made


def test_each_run_begins_afresh() -> None:
    with addon(KEPT) as made:
        assert [made.call("count", user=ANNA) for _ in range(3)] == [1, 1, 1]


def test_files_see_each_other_whatever_their_order() -> None:
    one, other = "function go() { return Other.word(); }", "const Other = { word: () => 'hi' };"
    for files in ((one, other), (other, one)):
        with addon(*files) as made:
            assert made.call("go", user=ANNA) == "hi"


def test_scripts_see_nothing_of_the_stand_in_but_what_google_has() -> None:
    names = ["Strict", "Grid", "Access", "Sheets", "Ranges", "Zone", "Locale", "Clock", "Post"]
    with addon(f"function go() {{ return {names}.filter((n) => n in globalThis); }}") as made:
        assert made.call("go", user=ANNA) == []


def test_an_error_says_where_in_the_project_it_was() -> None:
    with addon("// first\n", ERRORS) as made, pytest.raises(ScriptError) as caught:
        made.call("fall", user=ANNA)
    assert caught.value.message == "ой"
    assert [each.partition(" (")[2] for each in caught.value.where] == ["F1.js:2)", "F1.js:3)"]


@pytest.mark.parametrize("name", ["nobody", "hidden_", "Space", "toString"])
def test_only_global_functions_can_be_called_from_outside(name: str) -> None:
    with addon("function hidden_() {} const Space = () => 1;") as made:
        run = made.run(name, user=ANNA)
        assert run.error is not None
        assert run.error.message == f"Script function not found: {name}"


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("{a: [1, 'x', null, true]}", None),
        ("undefined", None),
        ("{when: new Date()}", "not a supported return type"),
        ("[() => 1]", "not a supported return type"),
        ("SpreadsheetApp.getActive()", "not a supported return type"),
    ],
)
def test_google_script_run_carries_plain_data_only(value: str, told: str | None) -> None:
    with addon(f"function go() {{ return {value}; }}") as made:
        run = made.run("go", user=ANNA)
        if told is None:
            assert run.error is None
        else:
            assert run.error is not None and told in run.error.message


def test_arguments_keep_every_key_and_sign() -> None:
    given = {"__proto__": {"x": 1}, "text": "</script>\u2028`${1}`\\ 👋", "list": [None, 1.5]}
    with addon("function go(a) { return Object.entries(a); }") as made:
        assert made.call("go", given, user=ANNA) == [list(each) for each in given.items()]


def test_a_run_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(host.LIMITS, "simple", 0.2)
    lines = "SpreadsheetApp.getActive().getRange('Leads!B4').setValue(1); for (;;);"
    with addon(f"function onOpen() {{ {lines} }}\nfunction ok() {{ return 1; }}") as made:
        run = made.run("onOpen", user=ANNA, trigger="simple", event={})
        assert run.error is not None
        assert run.error.message == "Exceeded maximum execution time"
        assert [each["value"] for each in run.changes] == [1]
        assert made.call("ok", user=ANNA) == 1


def test_html_files_of_the_project_can_be_shown() -> None:
    lines = "SpreadsheetApp.getUi().showSidebar(HtmlService.createHtmlOutputFromFile('{}'));"
    script = f"function go() {{ {lines.format('Card')} }}\nfunction no() {{ {lines.format('C')} }}"
    with addon(script, **{"Card.html": "<p>card"}) as made:
        assert made.run("go", user=ANNA).events[0]["html"] == "<p>card"
        with pytest.raises(ScriptError, match="No HTML file named C was found"):
            made.call("no", user=ANNA)


EVENT = """
function onEdit(e) { return {
  mode: e.authMode.toString(), who: e.user.getEmail(), where: e.range.getA1Notation(),
  sheet: e.range.getSheet().getName(), same: e.source === SpreadsheetApp.getActive(),
  value: e.value, old: e.oldValue, keys: Object.keys(e).sort(),
  now: e.range.getDisplayValues().flat() }; }
"""


@pytest.mark.parametrize(
    ("place", "values", "expected"),
    [
        ((3, 4), [["новый"]], {"value": "новый", "now": ["новый"], "where": "D3"}),
        ((2, 4), [["x"]], {"value": "x", "old": "007"}),
        ((2, 4), [[None]], {"old": "007", "now": [""]}),
        ((2, 3), [["5"]], {"value": "5", "old": "1234.5"}),
        ((3, 3), [[False]], {"value": "FALSE", "old": "TRUE"}),
        ((3, 2), [["2026-11-21"]], {"value": "46347", "now": ["2026-11-21"]}),
        ((3, 2), [["2026-11-21", 5], [None, 6]], {"where": "B3:C4"}),
    ],
)
def test_typing_runs_on_edit_with_a_true_event(
    place: tuple[int, int], values: list[list[Any]], expected: dict[str, Any]
) -> None:
    with addon(EVENT) as made:
        run = made.enter(7, *place, values, user=ANNA, now=NOW)
    assert run.error is None
    single = len(values) == len(values[0]) == 1
    found = {key: run.result[key] for key in expected}
    assert found == expected
    assert run.result["mode"] == "LIMITED"
    assert (run.result["who"], run.result["sheet"], run.result["same"]) == ("", "Leads", True)
    keys = {"authMode", "range", "source", "user"}
    keys |= {"value"} & set(expected) | ({"oldValue"} if "old" in expected else set())
    assert set(run.result["keys"]) == (keys if single else keys - {"value", "oldValue"})
    assert len(run.changes) == len(values) * len(values[0])
    assert run.cells_written == 0, "what the person types is not the script's work"


@pytest.mark.parametrize("user", [ANNA, VERA])
def test_where_a_person_may_not_type_nothing_runs(user: str) -> None:
    with addon(EVENT) as made:
        run = made.enter(7, 2, 1, [["L-9"]], user=user)
        assert run.error is not None
        assert (run.result, run.changes) == (None, [])
        assert (run.error.message == PROTECTED) == (user == ANNA)


def test_raw_text_is_just_text() -> None:
    with addon(EVENT) as made:
        run = made.enter(7, 4, 3, [["=1+1"], ["5"]], user=ANNA, raw=True)
    assert [each["value"] for each in run.changes] == ["=1+1", "5"]


def test_without_v8_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "py_mini_racer", None)
    with pytest.raises(InputError) as caught:
        Addon({}, document())
    for lang in locales.LANGUAGES:
        assert "pip install 'sheetsync-crm[preview]'" in caught.value.sentence(locales.load(lang))


# -- people at work --------------------------------------------------------------------------

WORKING = """
function onEdit(e) {
  const sheet = e.range.getSheet();
  const rows = e.range.getNumRows();
  sheet.getRange(e.range.getRow(), 4, rows).setNotes(Array(rows).fill(['seen']));
  e.source.toast(`${e.range.getA1Notation()} ${e.oldValue} -> ${e.value}`);
  if (!['Log', 'Book'].includes(sheet.getName())) return;
  e.source.getSheetByName('Log').appendRow([new Date(), e.range.getA1Notation()]);
}
function write(a1, value) { SpreadsheetApp.getActive().getRange(a1).setValue(value); }
function values(a1) { return SpreadsheetApp.getActive().getRange(a1).getDisplayValues(); }
function here() { return SpreadsheetApp.getActiveRange().getA1Notation(); }
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as server:
        yield server


@pytest.fixture
def anna(server: Server) -> Iterator[Workplace]:
    """Anna in a spreadsheet with a book, whose last column computes, and a log that is locked
    below row 3 and warned of elsewhere."""
    book = server.create("Shop")
    server.share(book, ANNA)
    owner = server.operator(book, Server.OWNER)
    owner.add_tab("Book", [["Name", "Due", "Sum", "Why", "Twice"]])
    for row, line in enumerate((["Vera", date(2026, 11, 21), 5], ["Anna", None, 7]), 2):
        for header, value in zip(["Name", "Due", "Sum"], line, strict=True):
            owner.type("Book", row, header, value)
        owner.type("Book", row, "Twice", f"=C{row}*2")
    owner.add_tab("Log", [["At", "Where"]])
    log = server.file(book).titled("Log")
    assert log is not None
    for rows, strict in (({"endRowIndex": 3}, False), ({"startRowIndex": 3}, True)):
        block = {"range": {"sheetId": log.id, **rows}, "warningOnly": not strict}
        owner._do({"addProtectedRange": {"protectedRange": block}})
    with Workplace(server, book, ANNA, {"Main.js": WORKING}) as anna:
        yield anna


def test_what_a_person_types_and_what_the_script_does_are_in_the_spreadsheet(
    anna: Workplace,
) -> None:
    anna.type("Book", 2, "Name", "Veronika")
    assert anna.toasts == ["A2 Vera -> Veronika"]
    assert anna.notes("Book") == {(2, "Why"): "seen"}
    assert anna.operator.cell("Book", 2, "Name") == "Veronika"
    (line,) = anna.rows("Log")
    assert line["Where"] == "A2"
    assert line["At"] == pytest.approx(46347 + 12.5 / 24), "half past noon in Moscow"
    assert anna.operator.text("Log", 2, "At") == "11/21/2026"
    assert anna.calls["Range.setNotes"] == 1


def test_formulas_show_what_they_come_to_after_the_edit(anna: Workplace) -> None:
    anna.type("Book", 2, "Sum", 50)
    assert anna.run("values", "Book!B2:E3") == [
        ["2026-11-21", "50", "", "100"],
        ["", "7", "", "14"],
    ]
    anna.run("write", "Book!C3", "8")
    assert anna.operator.cell("Book", 3, "Twice") == 16


def test_a_paste_a_cleared_row_a_fill_and_a_sort_are_events_of_many_cells(
    anna: Workplace,
) -> None:
    anna.paste("Book", 3, "Name", [["Olga", None, 1], ["Igor", "2026-11-22", 2]])
    assert anna.toasts == ["A3:C4 undefined -> undefined"]
    assert [row["Name"] for row in anna.rows("Book")] == ["Vera", "Olga", "Igor"]
    anna.fill_down("Book", 2, "Sum", 4)
    assert anna.toasts == ["C3:C4 undefined -> undefined"]
    assert [row["Sum"] for row in anna.rows("Book")] == [5, 5, 5]
    with pytest.raises(ApiError):  # the log is full up to where it is locked
        anna.operator.type("Log", 4, "Where", "x")


def test_sorting_and_undo_come_with_their_cells(anna: Workplace) -> None:
    anna.sort("Book", "Name", rows=(2, 3))
    assert [row["Name"] for row in anna.rows("Book")] == ["Anna", "Vera"]
    anna.clear_row("Book", 3)
    assert [row["Name"] for row in anna.rows("Book")] == ["Anna"]
    assert anna.last is not None
    with pytest.raises(ScriptError) as caught:
        anna.undo()
    assert caught.value.message == PROTECTED
    assert [row["Name"] for row in anna.rows("Book")] == ["Anna", "Vera"]
    assert anna.toasts == ["A3:Z3 undefined -> undefined"]


def test_a_script_runs_with_the_rights_of_the_person(anna: Workplace) -> None:
    anna.run("write", "Log!A2", "x")  # only a warning
    with pytest.raises(ScriptError, match="protected cell"):
        anna.run("write", "Log!A9", "x")
    with anna.colleague(Server.OWNER) as owner:
        owner.run("write", "Log!A9", "x")
        assert owner.operator.cell("Log", 9, "At") == "x"
    with pytest.raises(ScriptError, match="protected cell"):
        anna.run("write", "Log!A9", "y")


def test_a_viewer_types_nothing_and_starts_nothing(anna: Workplace, server: Server) -> None:
    server.share(anna.file.id, VERA, "reader")
    vera = anna.colleague(VERA)
    with pytest.raises(ApiError, match="permission"):
        vera.type("Book", 2, "Name", "x")
    assert vera.last is None
    with pytest.raises(ScriptError, match="You do not have permission"):
        vera.run("write", "Book!A2", "x")


def test_the_selection_is_where_the_person_clicked(anna: Workplace) -> None:
    anna.select("Book", 3, "Sum")
    assert anna.run("here") == "C3"
    anna.type("Book", 2, "Name", "x")
    assert anna.selected == ("Book", 2)
