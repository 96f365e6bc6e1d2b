"""The stand-in for Google's services: what it offers, refuses, and makes of what scripts write."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import random
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sheetsync.addon.preview.host import Addon, Document, Run
from tests.google.grid import Formula
from tests.google.locales import locale, show, understand

OWNER, ANNA, VERA = "owner@example.com", "anna@example.com", "vera@example.com"
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
EPOCH = datetime(1899, 12, 30)
MODULES = (
    os.environ.get("SHEETSYNC_NODE_MODULES") or Path(__file__).parents[2] / "appscript/node_modules"
)
TYPES = Path(MODULES, "@types/google-apps-script")

PROTECTED = (
    "You are trying to edit a protected cell or object. Please contact the spreadsheet owner to "
    "remove protection if you need to edit."
)


def document(place: str = "en_US", zone: str = "Europe/Moscow") -> Document:
    """Two sheets: one in which everybody writes but for a column, and one that is locked."""
    return {
        "id": "1abc",
        "title": "Shop",
        "url": "https://docs.google.com/spreadsheets/d/1abc/edit",
        "locale": place,
        "timeZone": zone,
        "owner": OWNER,
        "permissions": {OWNER: "owner", ANNA: "writer", VERA: "reader"},
        "metadata": [{"id": 9, "key": "lang", "value": "en"}],
        "names": {"ids": "Leads!A1:A20"},
        "sheets": [
            {
                "id": 7,
                "title": "Leads",
                "rows": 20,
                "columns": 5,
                "values": [
                    ["ID", "When", "Sum", "Text", "Shown"],
                    ["L-1", 46347.5, 1234.5, "007", "x"],
                    ["L-2", None, True, "", "y"],
                ],
                "formulas": [[5, 2, 3, "=A2"]],
                "formats": {1: "@", 2: "yyyy-mm-dd", 3: "#,##0", 4: "@"},
                "notes": {"2,4": "mind the zeros"},
                "metadata": [{"id": 1, "key": "tab", "value": "leads"}],
                "columnMetadata": {2: [{"id": 2, "key": "column", "value": "leads.created"}]},
                "protected": [
                    {"range": [1, 5, None, 1], "warningOnly": True},
                    {"range": [1, 1, 2, 1], "warningOnly": False, "editors": []},
                ],
            },
            {
                "id": 8,
                "title": "_leads",
                "hidden": True,
                "rows": 10,
                "columns": 3,
                "values": [["key"]],
                "columnMetadata": {1: [{"id": 3, "key": "column", "value": "_leads.key"}]},
                "protected": [{"range": [1, 1, None, None], "warningOnly": False}],
            },
        ],
    }


SCRIPT = """
function go(text) { return Function('ss', 'leads', text)(
  SpreadsheetApp.getActive(), SpreadsheetApp.getActive().getSheetByName('Leads')); }
function onEdit(e) { const [text] = JSON.parse(CacheService.getScriptCache().get('then') ?? '[]');
  return text ? Function('e', text)(e) : null; }
"""


@pytest.fixture(scope="module")
def engine() -> Iterator[Addon]:
    with Addon({"Main.js": SCRIPT}, document()) as addon:
        yield addon


Do = Callable[..., Run]


@pytest.fixture
def do(engine: Addon) -> Do:
    """Run lines of a script as Anna, in a new document; ``ss`` and ``leads`` are at hand."""
    engine.start(document())

    def do(lines: str, user: str = ANNA, **how: Any) -> Run:
        return engine.run("go", lines, user=user, **{"now": NOW, **how})

    return do


def _json(value: Any) -> str:
    return json.dumps(value)


def refusal(run: Run) -> str:
    assert run.error is not None
    return run.error.message


def good(run: Run) -> Any:
    assert run.error is None, str(run.error)
    return run.result


# -- what is offered -------------------------------------------------------------------------

_PLAIN = {
    "any": ".*",
    "any[]": r"any\[\]",
    "any[][]": r"any\[\]\[\]",
    "boolean": "boolean",
    "date": "Base.Date",
    "int": "Integer|number",
    "int[]": r"Byte\[\]",
    "number": r"number( \| null)?",
    "object": r"\{.*\}|MailAdvancedParameters",
    "string": "string",
    "string[]": r"string\[\]",
    "string?": r"string( \| null)?",
    "string[][]": r"string\[\]\[\]",
    "string?[][]": r"Array<Array<string \| null>>",
}


def google_methods(short: str) -> dict[str, list[list[str]]]:
    """The methods of a class by Google's own types: name -> overloads -> types of parameters."""
    found: dict[str, list[list[str]]] = {}
    interface = re.compile(rf"interface {short}(?: extends \w+)? \{{\n(.*?)\n {{0,8}}\}}\n", re.S)
    for path in TYPES.glob("google-apps-script.*.d.ts"):
        text = re.sub(r"/\*\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
        for body in interface.findall(text):
            for name, parameters in re.findall(r"(\w+)\(([^;]*?)\):", body):
                overload = [
                    each.partition(": ")[2].strip()
                    for each in re.split(r",\s*(?=(?:\.\.\.)?\w+\??: )", parameters.strip(", \n"))
                    if each.strip()
                ]
                found.setdefault(name, []).append(overload)
            for name in re.findall(r"^\s*(\w+): typeof ", body, re.M):
                found.setdefault(name, [])
    return found


@pytest.mark.skipif(not TYPES.is_dir(), reason="npm install in appscript/ brings Google's types")
def test_every_class_and_method_that_it_offers_is_one_of_googles(engine: Addon) -> None:
    offered = engine.offered()
    assert len(offered) > 25
    for one in offered:
        short = one["name"].split(".")[-1]
        google = google_methods(short)
        assert google, f"Google has no {short}"
        for constant in one["constants"]:
            assert constant in google, f"{short}.{constant}"
        for method, signatures in one["methods"].items():
            assert method in google, f"{short}.{method}"
            if short == "Console" or one["name"] == "Logger":
                continue  # any number of anything
            for signature in signatures:
                patterns = [_PLAIN.get(each, rf"(\w+\.)*{each}") for each in signature]
                assert any(
                    len(overload) == len(patterns) and all(map(re.fullmatch, patterns, overload))
                    for overload in google[method]
                ), f"{short}.{method}({', '.join(signature)}): {google[method]}"


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("leads.getRange('A1').getBackgroundz()", "SpreadsheetApp.Range.getBackgroundz"),
        ("leads.getrange('A1')", "SpreadsheetApp.Sheet.getrange"),
        ("leads.title", "SpreadsheetApp.Sheet.title"),
        ("ss.name = 'x'", "SpreadsheetApp.Spreadsheet.name"),
        ("SpreadsheetApp.ProtectionType.CELL", "ProtectionType.CELL"),
        ("MailApp.sendMail('a@b.c')", "MailApp.sendMail"),
    ],
)
def test_a_member_that_google_does_not_have_is_an_error(do: Do, line: str, what: str) -> None:
    assert refusal(do(line)) == f"stand-in: {what} is not known"


def test_services_of_google_that_it_does_not_know_are_not_there(do: Do) -> None:
    assert "UrlFetchApp is not defined" in refusal(do("UrlFetchApp.fetch('https://example.com')"))


@pytest.mark.parametrize(
    ("line", "types", "method"),
    [
        ("leads.getRange('1', 2)", "String,number", "Sheet.getRange"),
        ("leads.getRange(1)", "number", "Sheet.getRange"),
        ("leads.getRange(1, undefined)", "number,null", "Sheet.getRange"),
        ("leads.getRange(1.5, 1)", "number,number", "Sheet.getRange"),
        ("leads.getRange('A1').setValues(['x'])", "string[]", "Range.setValues"),
        ("leads.getRange('A1').setNote(5)", "number", "Range.setNote"),
        ("ss.toast(new Date())", "Date", "Spreadsheet.toast"),
        ("ss.setActiveRange(leads)", "SpreadsheetApp.Sheet", "Spreadsheet.setActiveRange"),
        ("leads.appendRow('x')", "String", "Sheet.appendRow"),
        ("leads.getProtections('RANGE')", "String", "Sheet.getProtections"),
    ],
)
def test_arguments_of_another_kind_are_refused_as_google_does(
    do: Do, line: str, types: str, method: str
) -> None:
    assert refusal(do(line)) == (
        f"The parameters ({types}) don't match the method signature for SpreadsheetApp.{method}."
    )


TOO_LONG = "Your input contains more than the maximum of 50000 characters in a single cell."
OUTSIDE = "The coordinates of the range are outside the dimensions of the sheet."


def mismatch(what: str) -> str:
    return (
        f"The number of {what} in the data does not match the number of {what} in the range. "
        "The data has 1 but the range has 2."
    )


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("leads.getRange(0, 1)", "The starting row of the range is too small."),
        ("leads.getRange(1, 0)", "The starting column of the range is too small."),
        ("leads.getRange(1, 1, 0)", "The number of rows in the range must be at least 1."),
        ("leads.getRange(1, 1, 1, 0)", "The number of columns in the range must be at least 1."),
        ("leads.getRange(20, 1, 2)", OUTSIDE),
        ("leads.getRange('F1')", OUTSIDE),
        ("leads.getRange('Leads')", "Range not found"),
        ("ss.getRange('Nobody!A1')", "Range not found"),
        ("leads.getRange('B2:C3').setValues([[1, 2]])", mismatch("rows")),
        ("leads.getRange('B2:C3').setValues([[1, 2], [3]])", mismatch("columns")),
        ("leads.getRange('D4').setValue('x'.repeat(50001))", TOO_LONG),
        ("leads.getRange('D4').setValue(0 / 0)", "stand-in: NaN is no value of a cell"),
        ("leads.getRange('D4').setValue(undefined)", "stand-in: undefined is no value of a cell"),
    ],
)
def test_what_does_not_fit_the_sheet_is_refused(do: Do, line: str, told: str) -> None:
    run = do(line)
    assert refusal(run) == told
    assert run.changes == []


def test_a_block_with_one_impossible_value_is_not_written_at_all(do: Do) -> None:
    assert do("leads.getRange('B4:C5').setValues([[1, 2], [3, NaN]])").changes == []


# -- values ----------------------------------------------------------------------------------


def test_cells_come_as_dates_texts_numbers_booleans_and_nothing(do: Do) -> None:
    run = do(
        "const rows = leads.getRange('A2:E3').getValues();"
        "return {plain: [rows[0][0], ...rows[0].slice(2), ...rows[1]], date: rows[0][1].getTime(),"
        " is: rows[0][1] instanceof Date}"
    )
    assert good(run) == {
        "plain": ["L-1", 1234.5, "007", "x", "L-2", "", True, "", "y"],
        "date": datetime(2026, 11, 21, 12, tzinfo=ZoneInfo("Europe/Moscow")).timestamp() * 1000,
        "is": True,
    }
    assert good(do("return leads.getRange('B2:E3').getDisplayValues()")) == [
        ["2026-11-21", "1,235", "007", "x"],
        ["", "TRUE", "", "y"],
    ]
    assert good(do("return leads.getRange('D2:E3').getFormulas()")) == [["", "=A2"], ["", "=A2"]]


@pytest.mark.parametrize("zone", ["Europe/Moscow", "America/New_York", "Asia/Kolkata"])
def test_a_date_is_the_wall_clock_of_the_spreadsheet(engine: Addon, zone: str) -> None:
    """Against Python's own time zones, the hours in which clocks are changed left out."""
    draw = random.Random(20261121)
    moments = [
        datetime(1950, 1, 1)
        + timedelta(days=draw.randrange(40_000), seconds=draw.randrange(86_400))
        for _ in range(300)
    ]
    moments = [each for each in moments if _certain(each, zone)]
    serials = [(each - EPOCH) / timedelta(days=1) for each in moments]
    given = document(zone=zone)
    given["sheets"][0] |= {
        "rows": 400, "columns": 1, "formulas": [], "protected": [], "columnMetadata": {},
        "values": [[each] for each in serials], "formats": {},
        "cellFormats": {f"{r},1": "yyyy-mm-dd h:mm:ss" for r in range(1, 401)},
    }  # fmt: skip
    engine.open(given)
    lines = (
        f"const range = leads.getRange(1, 1, {len(serials)});"
        "const dates = range.getValues(); range.setValues(dates);"
        "return dates.map(([each]) => each.getTime())"
    )
    run = engine.run("go", lines, user=OWNER)
    wall = [each.replace(tzinfo=ZoneInfo(zone)) for each in moments]
    assert good(run) == [pytest.approx(each.timestamp() * 1000, abs=1) for each in wall]
    assert [each["value"] for each in run.changes] == pytest.approx(serials, abs=1e-8)


def _certain(moment: datetime, zone: str) -> bool:
    """Whether a wall clock shows a time just once, and no seconds of local mean time are left."""
    ahead = {
        (moment + timedelta(hours=h)).replace(tzinfo=ZoneInfo(zone), fold=fold).utcoffset()
        for h in (-25, 0, 25)
        for fold in (0, 1)
    }
    return len(ahead) == 1


TEXTS = [
    "hello", " padded ", "5", "-5", "5.50", "5,50", "1,234", "1 234,5", "1\u00a0234", "1.234,5",
    "12%", "$5", "5 ₽", "£3.20", "€ 7", "1e5", "1E-3", "true", "FALSE", "ИСТИНА", "ложь",
    "007", "+7916",
    "=A1+1", "=", "+", "'5", "'=x", "2026-11-21", "2026/1/2", "21.11.2026", "11/21/2026",
    "21/11/2026", "21.11.26", "3/4", "3.4", "31.02.2026", "12:30", "25:00", "2026-11-21 12:30",
    "21.11.2026 09:05:07", "5.10", "1.2.3", "--5", "5%%", "L-00001", "12-11-2026", "1/2/60",
]  # fmt: skip


@pytest.mark.parametrize("place", ["en_US", "en_GB", "ru_RU", "de_DE"])
def test_text_is_understood_as_the_stand_in_server_understands_typing(
    engine: Addon, place: str
) -> None:
    given = document(place)
    given["sheets"][0] |= {
        "rows": 100,
        "protected": [],
        "formats": {},
        "formulas": [],
        "values": [],
    }
    engine.open(given)
    lines = f"leads.getRange(1, 1, {len(TEXTS)}).setValues({_json([[each] for each in TEXTS])})"
    run = engine.run("go", lines, user=OWNER, now=NOW)
    assert good(run) is not ...
    for text, change in zip(TEXTS, run.changes, strict=True):
        value, pattern = understand(text, locale(place), date(2026, 11, 21))
        if isinstance(value, Formula):
            assert change["formula"] == value, text
        else:
            assert change["value"] == pytest.approx(value), text
            assert change.get("format") == (pattern or {}).get("pattern"), text


def test_text_cells_keep_text_but_for_formulas_and_the_apostrophe(do: Do) -> None:
    run = do(
        "leads.getRange('D4:D8').setValues([['007'], ['+7 916'], ['1.2'], ['=1+1'], [\"'x\"]])"
    )
    assert [each.get("value", each.get("formula")) for each in run.changes] == [
        "007", "+7 916", "1.2", "=1+1", "x",
    ]  # fmt: skip


SHOWN = [
    (0, "0"), (1234.6, "#,##0"), (-1234.567, "#,##0.00"), (0.124, "0%"), (0.1256, "0.0%"),
    (1234567.891, "General"), (0.1 + 0.2, "General"), (-0.5, "General"), (1e6, "0"),
    (46347.75, "dd.mm.yyyy"), (46347.75, "yyyy-mm-dd h:mm:ss"), (46347.4, "m/d/yyyy"),
    (46347.0, "d mmmm yyyy"), (0.5, "hh:mm"), (7.25, '#,##0.00" ₽"'),
]  # fmt: skip


@pytest.mark.parametrize("place", ["en_US", "ru_RU", "de_DE"])
def test_numbers_and_dates_are_shown_as_the_stand_in_server_shows_them(
    engine: Addon, place: str
) -> None:
    given = document(place)
    given["sheets"][0] |= {
        "values": [[value] for value, _ in SHOWN], "formulas": [], "formats": {},
        "cellFormats": {f"{r},1": pattern for r, (_, pattern) in enumerate(SHOWN, 1)},
    }  # fmt: skip
    engine.open(given)
    run = engine.run(
        "go", f"return leads.getRange(1, 1, {len(SHOWN)}).getDisplayValues()", user=OWNER
    )
    expected = []
    for value, pattern in SHOWN:
        kind = "DATE_TIME" if re.search("[ydh]", pattern) else "NUMBER"
        number = None if pattern == "General" else {"type": kind, "pattern": pattern}
        expected.append([show(value, number, locale(place))])
    assert good(run) == expected


def test_a_formula_that_is_typed_over_is_gone(do: Do) -> None:
    run = do("leads.getRange('E2').setValue('z'); return leads.getRange('E2:E3').getFormulas()")
    assert good(run) == [[""], ["=A2"]]
    assert run.changes == [{"op": "set", "sheet": 7, "row": 2, "column": 5, "value": "z"}]


def test_a_row_is_appended_below_the_last_one_with_anything_in_it(do: Do) -> None:
    assert do("leads.appendRow(['', 5])").changes == [
        {"op": "set", "sheet": 7, "row": 4, "column": 1, "value": None},
        {"op": "set", "sheet": 7, "row": 4, "column": 2, "value": 5},
    ]
    full = do(
        "leads.getRange('B20').setValue(false); leads.appendRow(['x']); return leads.getMaxRows()"
    )
    assert good(full) == 21
    assert full.changes[1:] == [
        {"op": "rows", "sheet": 7, "count": 1},
        {"op": "set", "sheet": 7, "row": 21, "column": 1, "value": "x"},
    ]


def test_notes_are_changes_only_where_they_change(do: Do) -> None:
    run = do(
        "leads.getRange('D2:D3').setNotes([['mind the zeros'], ['new']]);"
        "leads.getRange('D2').clearNote(); return leads.getRange('C2:D3').getNotes()"
    )
    assert good(run) == [["", ""], ["", "new"]]
    assert [(each["row"], each["note"]) for each in run.changes] == [(3, "new"), (2, "")]


def test_calls_and_cells_are_counted(do: Do) -> None:
    run = do(
        "leads.getRange('A1:C3').getValues(); leads.getRange('D4').setValue('x');"
        "leads.getRange('D5').getValue()"
    )
    assert run.calls == {
        "SpreadsheetApp.getActive": 2,
        "Spreadsheet.getSheetByName": 1,
        "Sheet.getRange": 3,
        "Range.getValues": 1,
        "Range.setValue": 1,
        "Range.getValue": 1,
    }
    assert (run.cells_read, run.cells_written) == (10, 1)


# -- structure -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("finder", "ids"),
    [
        ("ss.{}", [9, 1, 2, 3]),
        ("ss.{}.withKey('column')", [2, 3]),
        ("ss.{}.withKey('column').withValue('_leads.key')", [3]),
        ("ss.{}.withLocationType(types.SHEET)", [1]),
        ("ss.{}.withId(9)", [9]),
        ("leads.{}", [1, 2]),
        ("leads.getRange('B:B').{}", [2]),
        ("leads.getRange('B2').{}", []),
        ("leads.getRange('B2').{}.onIntersectingLocations()", [1, 2]),
    ],
)
def test_metadata_are_found_where_they_hang(do: Do, finder: str, ids: list[int]) -> None:
    types = "const types = SpreadsheetApp.DeveloperMetadataLocationType;"
    found = finder.format("createDeveloperMetadataFinder()") + ".find()"
    assert good(do(f"{types} return {found}.map((each) => each.getId())")) == ids


def test_a_column_is_found_by_its_metadata(do: Do) -> None:
    run = do(
        "const [found] = ss.createDeveloperMetadataFinder().withValue('leads.created').find();"
        "const where = found.getLocation();"
        "return [where.getLocationType().toString(), where.getColumn().getA1Notation(),"
        " where.getSheet().getName(), where.getLocationType() ==="
        " SpreadsheetApp.DeveloperMetadataLocationType.COLUMN]"
    )
    assert good(run) == ["COLUMN", "B1:B20", "Leads", True]


def test_metadata_get_another_value_from_who_may_edit(do: Do) -> None:
    found = "const [found] = ss.createDeveloperMetadataFinder().withId(9).find();"
    run = do(f"{found} return found.setValue('ru').getValue()")
    assert (good(run), run.marks, run.changes) == ("ru", [{"id": 9, "value": "ru"}], [])
    run = do(f"{found} found.setValue('ru')", user=VERA)
    assert "permission" in str(run.error)
    assert run.marks == []


def test_ranges_are_found_by_name_by_list_and_from_each_other(do: Do) -> None:
    run = do(
        "const list = ss.getRangeList(['Leads!A1', \"'_leads'!B2:C\"]).getRanges();"
        "const range = leads.getRange('B2:C3');"
        "return [ss.getRangeByName('ids').getA1Notation(), ss.getRangeByName('none'),"
        " ss.getNamedRanges()[0].getName(), ...list.map((each) => each.getA1Notation()),"
        " range.offset(1, 1).getA1Notation(), range.offset(0, -1, 1, 1).getA1Notation(),"
        " range.getCell(2, 2).getA1Notation(), range.getLastRow(), range.getGridId()]"
    )
    places = ["A1:A20", None, "ids", "A1", "B2:C10", "C3:D4", "A2", "C3", 3, 7]
    assert good(run) == places
    assert refusal(do("leads.getRange('B2').getCell(2, 1)")) == "Cell reference out of range"
    assert refusal(do("leads.getRange('A1').offset(-1, 0)")) == (
        "The starting row of the range is too small."
    )


def test_a_list_of_ranges_is_written_as_a_whole_or_not_at_all(do: Do) -> None:
    run = do("leads.getRangeList(['B4', 'C5:D5']).setNote('why?')")
    assert [(each["row"], each["column"]) for each in run.changes] == [(4, 2), (5, 3), (5, 4)]
    run = do("leads.getRangeList(['B5', 'A2']).setNote('why?')")
    assert (refusal(run), run.changes) == (PROTECTED, [])


def test_rows_are_added_at_the_end_of_a_sheet(do: Do) -> None:
    run = do("leads.insertRowsAfter(20, 5); return leads.getMaxRows()")
    assert (good(run), run.changes) == (25, [{"op": "rows", "sheet": 7, "count": 5}])
    assert "only known for the last row" in refusal(do("leads.insertRowsAfter(3, 1)"))


def test_protections_say_whom_they_let_in(do: Do) -> None:
    lines = (
        "const {RANGE, SHEET} = SpreadsheetApp.ProtectionType;"
        "return [RANGE, SHEET].map((type) => ss.getProtections(type).map((each) => ["
        " each.getRange().getA1Notation(), each.isWarningOnly(), each.canEdit(),"
        " each.getEditors().map((user) => user.getEmail())]))"
    )
    assert good(do(lines)) == [
        [["E1:E20", True, True, []], ["A1:A2", False, False, [OWNER]]],
        [["A1:C10", False, False, [OWNER]]],
    ]


def test_the_selection_comes_with_the_session_and_moves_with_the_script(do: Do) -> None:
    run = do(
        "const before = SpreadsheetApp.getActiveRange().getA1Notation();"
        "leads.getRange('C3').activate();"
        "return [before, SpreadsheetApp.getCurrentCell().getA1Notation(),"
        " ss.getActiveSheet().getName()]",
        active=(7, (2, 2, 1, 2)),
    )
    assert good(run) == ["B2:C2", "C3", "Leads"]
    assert run.selected == (7, (3, 3, 1, 1))


# -- who may do what -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("user", "cell", "told"),
    [
        (ANNA, "Leads!B2", None),
        (ANNA, "Leads!E2", None),  # a warning only
        (ANNA, "Leads!A2", PROTECTED),
        (ANNA, "Leads!A3", None),  # below the protected cells
        (ANNA, "_leads!C9", PROTECTED),
        (OWNER, "Leads!A2", None),
        (OWNER, "_leads!C9", None),
        (VERA, "Leads!B2", "You do not have permission to perform that action."),
        ("stranger@example.com", "Leads!B2", "You do not have permission to perform that action."),
    ],
)
@pytest.mark.parametrize("act", ["setValue('x')", "setNote('x')", "clearContent()"])
def test_protections_and_roles_hold_for_scripts(
    do: Do, user: str, cell: str, told: str | None, act: str
) -> None:
    run = do(f"ss.getRange('{cell}').{act}", user)
    assert (run.error and run.error.message) == told
    assert len(run.changes) == (told is None)
    assert good(do(f"return ss.getRange('{cell}').canEdit()", user)) is (told is None)


def test_a_block_that_touches_a_protected_cell_is_not_written(do: Do) -> None:
    run = do("leads.getRange('A2:B3').setValues([[1, 2], [3, 4]])")
    assert refusal(run) == PROTECTED
    assert run.changes == []
    assert do("leads.appendRow([1])").changes != []
    assert refusal(do("ss.getSheetByName('_leads').appendRow(['x'])")) == PROTECTED


def test_what_was_written_before_an_error_stays_written(do: Do) -> None:
    run = do("leads.getRange('B4').setValue(1); leads.getRange('A2').setValue(1)")
    assert refusal(run) == PROTECTED
    assert [each["row"] for each in run.changes] == [4]
    assert good(do("return leads.getRange('B4').getDisplayValue()")) == "1899-12-31"


AUTHORISED = [
    ("MailApp.getRemainingDailyQuota()", "script.send_mail"),
    ("ScriptApp.newTrigger('x')", "script.scriptapp"),
    (
        "SpreadsheetApp.getUi().showSidebar(HtmlService.createHtmlOutput('x'))",
        "script.container.ui",
    ),
]


@pytest.mark.parametrize(("line", "scope"), AUTHORISED)
def test_a_simple_trigger_may_not_call_what_needs_authorisation(
    do: Do, line: str, scope: str
) -> None:
    told = refusal(do(line, trigger="simple"))
    assert re.match(r"You do not have permission to call [\w.]+\. Required permissions: ", told)
    assert told.endswith("https://www.googleapis.com/auth/" + scope)
    assert do(line).error is None


@pytest.mark.parametrize(
    ("line", "scope"),
    [
        *AUTHORISED,
        ("Session.getActiveUser()", "userinfo.email"),
        ("leads.getLastRow()", "spreadsheets"),
    ],
)
def test_only_what_the_manifest_asks_for_is_granted(line: str, scope: str) -> None:
    all_of_them = {scope for _, scope in AUTHORISED} | {
        "userinfo.email",
        "spreadsheets.currentonly",
    }
    prefix = "https://www.googleapis.com/auth/"
    for granted in (all_of_them, {each for each in all_of_them if not each.startswith(scope)}):
        manifest = _json({"oauthScopes": [prefix + each for each in granted]})
        with Addon({"Main.js": SCRIPT, "appsscript.json": manifest}, document()) as addon:
            run = addon.run("go", line, user=ANNA)
            assert (run.error is None) == (granted is all_of_them)


@pytest.mark.parametrize(
    ("user", "how", "known"),
    [
        (ANNA, {}, ANNA),
        (ANNA, {"trigger": "simple"}, ""),
        (ANNA, {"trigger": "simple", "domain": True}, ANNA),
        (OWNER, {"trigger": "simple"}, OWNER),
    ],
)
def test_a_simple_trigger_does_not_learn_who_is_there(
    do: Do, user: str, how: Any, known: str
) -> None:
    assert good(do("return Session.getActiveUser().getEmail()", user, **how)) == known


# -- what outlives a run ---------------------------------------------------------------------


def test_a_lock_that_somebody_else_holds_is_not_given(do: Do) -> None:
    lines = "return LockService.getDocumentLock().tryLock(10)"
    assert good(do(lines)) is True
    assert good(do(lines)) is True, "a run that ended holds nothing"
    assert good(do(lines, locked=["document"])) is False
    assert good(do(lines, locked=["user"])) is True
    told = refusal(do("LockService.getDocumentLock().waitLock(10)", locked=["document"]))
    assert told == "Lock timeout: another process was holding the lock for too long."


def test_a_cache_forgets_in_time_and_keeps_people_apart(do: Do) -> None:
    put = "CacheService.get{}Cache().put('k', 'v', 60)"
    get = "return CacheService.get{}Cache().get('k')"
    do(put.format("Document"))
    do(put.format("User"))
    assert good(do(get.format("Document"), VERA)) == "v"
    assert good(do(get.format("User"), VERA)) is None
    assert good(do(get.format("Document"), now=NOW + timedelta(seconds=59))) == "v"
    assert good(do(get.format("Document"), now=NOW + timedelta(seconds=61))) is None
    assert "too large" in refusal(do("CacheService.getDocumentCache().put('k', 'я'.repeat(51300))"))


def test_properties_last_and_a_users_are_their_own(do: Do) -> None:
    do("PropertiesService.getUserProperties().setProperty('me', 'Anna')")
    get = "return PropertiesService.getUserProperties().getProperties()"
    assert good(do(get, now=NOW + timedelta(days=400))) == {"me": "Anna"}
    assert good(do(get, OWNER)) == {}
    assert "too large" in refusal(
        do("PropertiesService.getDocumentProperties().setProperty('k', 'x'.repeat(9217))")
    )


def test_mails_go_out_until_the_quota_is_used_up(do: Do) -> None:
    send = "MailApp.sendEmail({to: 'a@example.com, b@example.com', subject: 's', body: 't'})"
    left = "; return MailApp.getRemainingDailyQuota()"
    run = do(send + left, quota=3)
    assert (good(run), run.mails[0]["recipients"]) == (1, ["a@example.com", "b@example.com"])
    told = "Service invoked too many times for one day: email."
    again = do(send)
    assert (refusal(again), again.mails) == (told, [])
    assert refusal(do("MailApp.sendEmail('nobody', 's', 't')")) == "Invalid email: nobody"


def test_a_trigger_belongs_to_who_made_it(do: Do) -> None:
    make = "ScriptApp.newTrigger('daily').timeBased().everyDays(1).atHour(19).create()"
    found = "return ScriptApp.getProjectTriggers().map((each) => each.getHandlerFunction())"
    run = do(make, OWNER)
    assert run.triggers == [{"run": "daily", "days": 1, "hour": 19, "id": 1, "user": OWNER}]
    assert good(do(found, OWNER)) == ["daily"]
    assert good(do(found)) == []
    gone = "ScriptApp.getProjectTriggers().forEach((each) => ScriptApp.deleteTrigger(each))"
    assert do(gone, OWNER).triggers == []
    assert "too many triggers" in refusal(do(f"for (let i = 0; i < 21; i++) {make}"))


# -- what is shown ---------------------------------------------------------------------------


def test_menus_toasts_and_the_sidebar_are_told_in_order(do: Do) -> None:
    run = do(
        "const ui = SpreadsheetApp.getUi();"
        "ui.createMenu('Shop').addItem('Card', 'menuCard').addSeparator().addToUi();"
        "ss.toast('Saved', 'Shop', 3);"
        "ui.showSidebar(HtmlService.createHtmlOutput('<p>').setTitle('Card'));"
        "return ui.alert('Sure?', ui.ButtonSet.YES_NO) === ui.Button.NO",
        answers=[{"button": "NO"}],
    )
    assert good(run) is True
    assert run.toasts == ["Saved"]
    assert [each["kind"] for each in run.events] == ["menu", "toast", "sidebar", "alert"]
    assert run.events[0]["items"] == [{"caption": "Card", "run": "menuCard"}, {"separator": True}]
    assert run.events[2] == {"kind": "sidebar", "title": "Card", "html": "<p>"}


def test_a_script_that_the_clock_started_has_no_user_interface(do: Do) -> None:
    told = refusal(do("SpreadsheetApp.getUi()", OWNER, trigger="installable"))
    assert told == "Cannot call SpreadsheetApp.getUi() from this context."


# -- tools -----------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "abc", "Привет, мир! 👋", "x" * 200])
def test_digests_and_base64_are_those_of_python(do: Do, text: str) -> None:
    lines = (
        f"const text = {_json(text)}; const utf = Utilities.Charset.UTF_8;"
        "const algorithm = Utilities.DigestAlgorithm.SHA_256;"
        "return [Utilities.computeDigest(algorithm, text, utf),"
        " Utilities.base64Encode(text, utf), Utilities.base64EncodeWebSafe(text, utf),"
        " Utilities.base64Decode(Utilities.base64Encode(text, utf))]"
    )
    digest, encoded, safe, decoded = good(do(lines))
    data = text.encode()
    assert bytes(each % 256 for each in digest) == hashlib.sha256(data).digest()
    assert min(digest) < 0 <= max(digest), "Google's bytes have a sign"
    assert encoded == base64.b64encode(data).decode()
    assert safe == base64.urlsafe_b64encode(data).decode()
    assert bytes(each % 256 for each in decoded) == data


def test_without_a_charset_what_is_not_ascii_is_lost_as_at_google(do: Do) -> None:
    assert good(do("return Utilities.base64Encode('да')")) == base64.b64encode(b"??").decode()


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("yyyy-MM-dd'T'HH:mm:ss.SSSXXX", "2026-11-21T12:30:00.000+03:00"),
        ("d MMM yy, EEE h:mm a", "21 Nov 26, Sat 12:30 PM"),
        ("EEEE u 'o''clock' Z", "Saturday 6 o'clock +0300"),
    ],
)
def test_dates_are_formatted_as_java_does(do: Do, pattern: str, expected: str) -> None:
    lines = (
        f"return Utilities.formatDate(new Date(), ss.getSpreadsheetTimeZone(), {_json(pattern)})"
    )
    assert good(do(lines)) == expected


def test_the_clock_stands_unless_the_script_sleeps(do: Do) -> None:
    run = do("const at = Date.now(); Utilities.sleep(1500); return [at, new Date().toISOString()]")
    assert good(run) == [NOW.timestamp() * 1000, "2026-11-21T09:30:01.500Z"]
