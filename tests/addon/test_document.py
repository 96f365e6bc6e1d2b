"""An .xlsx workbook as a document of Google's, and the file after scripts worked in it."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from sheetsync import crm, locales
from sheetsync.addon.preview.document import FileDocument
from sheetsync.addon.preview.host import Addon, Document
from sheetsync.addon.preview.people import STRANGER, permissions_of
from sheetsync.errors import ConflictError, InputError, LockedError, TargetError
from sheetsync.layout import tab_title
from sheetsync.sync.provision import provision
from sheetsync.sync.refresh import refresh
from sheetsync.sync.understand import layout_of
from sheetsync.workbooks.xlsx.workbook import XlsxWorkbook
from tests.addon.spreadsheets import Documents
from tests.sync.shop import at_work

NOW = datetime(2026, 11, 21, 12)

SCRIPT = """
const find = (key) => SpreadsheetApp.getActive().createDeveloperMetadataFinder()
  .withKey(key.includes('.') ? 'sheetsync.column' : 'sheetsync.tab').withValue(key).find()[0]
  .getLocation();
function cell(key, row) { return find(key).getColumn().getCell(row, 1); }
function put(key, row, value) { cell(key, row).setValue(value); }
function values(key, row) { return cell(key, row).getValues(); }
function shown(key, row) { return cell(key, row).getDisplayValue(); }
function append(tab, cells) { find(tab).getSheet().appendRow(cells); }
function note(key, row, text) { cell(key, row).setNote(text); }
function own(title, a1, value) {
  SpreadsheetApp.getActive().getSheetByName(title).getRange(a1).setValue(value); }
function hidden() { return SpreadsheetApp.getActive().getSheets()
  .filter((each) => each.isSheetHidden()).map((each) => each.getName()); }
"""


@pytest.fixture(scope="module")
def refreshed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small CRM: three leads, a team, an own column with a date, and a tab of the owner's."""
    path = tmp_path_factory.mktemp("crm") / "crm.xlsx"
    book = XlsxWorkbook(path)
    provision(book, kind="general", lang="en")
    file = openpyxl.load_workbook(path)
    leads, team = file["Leads"], file["Team"]
    headers = [each.value for each in leads[1]]
    width = len(headers) + 1
    leads.cell(1, width, "Birthday")
    for row, line in enumerate(
        (
            {"Name": "Anna", "Created": datetime(2026, 11, 2), "Status": "New", "Budget": 1500},
            {"Name": "Boris", "Next action": datetime(2026, 11, 25), "Status": "New"},
            {"Name": "=1+1", "Phone": "+7 916 123-45-67", "Status": "In progress"},
        ),
        2,
    ):
        for header, value in line.items():
            target = leads.cell(row, headers.index(header) + 1)
            target.value = value
            if isinstance(value, str):
                target.data_type = "s"
    leads.cell(2, width, datetime(1990, 5, 17)).number_format = "dd/mm/yyyy"
    heads = [each.value for each in team[1]]
    for row, line in enumerate(
        (("Ira", "ira@example.com", "senior"), ("Petr", "petr@example.com", "owner")), 2
    ):
        for header, value in zip(("Name", "Email", "Role"), line, strict=True):
            team.cell(row, heads.index(header) + 1, value)
    file.create_sheet("Mine").append(["a", 5])
    file.save(path)
    refresh(book, now=NOW)
    return path


@pytest.fixture
def path(refreshed: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy2(refreshed, tmp_path / "crm.xlsx"))


@pytest.fixture
def opened(path: Path) -> FileDocument:
    return open_file(path)


def open_file(path: Path) -> FileDocument:
    return FileDocument(path, layout_of, timezone="Europe/Moscow")


@pytest.fixture(scope="module")
def engine(refreshed: Path) -> Iterator[Addon]:
    with Addon({"Main.js": SCRIPT}, open_file(refreshed).document) as addon:
        yield addon


class Desk:
    """Somebody who works in the file by scripts."""

    def __init__(self, file: FileDocument, addon: Addon, user: str = "ira@example.com") -> None:
        self.file, self.addon, self.user = file, addon, user
        addon.start(file.document)

    def call(self, function: str, *args: Any) -> Any:
        return self.addon.call(function, *args, user=self.user)

    def save(self, function: str, *args: Any) -> int:
        run = self.addon.run(function, *args, user=self.user)
        assert run.error is None, str(run.error)
        return self.file.apply(run.changes)


@pytest.fixture
def desk(opened: FileDocument, engine: Addon) -> Desk:
    return Desk(opened, engine)


def in_excel(path: Path, tab: str, row: int, header: str) -> Any:
    """A cell as openpyxl reads it."""
    sheet = openpyxl.load_workbook(path)[tab]
    return sheet.cell(row, [each.value for each in sheet[1]].index(header) + 1)


# -- reading ---------------------------------------------------------------------------------


def columns_of(document: Document, *, hidden_helpers: bool = False) -> dict[str, list[str]]:
    """Tab key -> keys of its columns in order."""
    found = {}
    for sheet in document["sheets"]:
        tab = [each["value"] for each in sheet["metadata"] if each["key"] == "sheetsync.tab"]
        if tab:
            columns = sorted(sheet["columnMetadata"].items(), key=lambda each: int(each[0]))
            keys = [each["value"] for _, records in columns for each in records]
            found[tab[0]] = [each for each in keys if hidden_helpers or not each.endswith("._line")]
    return found


def test_it_is_the_document_that_the_same_crm_is_in_google_sheets(opened: FileDocument) -> None:
    """Tabs, columns, results tabs, and what protects them, beside a CRM on the stand-in server."""
    google = Documents().of(at_work("en_US", "Europe/Moscow"))
    mine = opened.document
    assert columns_of(mine) == columns_of(google)
    assert {each["key"]: each["value"] for each in mine["metadata"]} == {
        each["key"]: each["value"]
        for each in google["metadata"]
        if each["key"].startswith("sheetsync.meta.")
    }

    def protected(document: Document) -> dict[str, list[tuple[str, bool]]]:
        result = {}
        for sheet in document["sheets"]:
            if not sheet["metadata"]:
                continue
            names = {
                int(number): records[0]["value"]
                for number, records in sheet["columnMetadata"].items()
            }
            result[sheet["metadata"][0]["value"]] = sorted(
                ("all" if columns is None else names[column], each["warningOnly"])
                for each in sheet["protected"]
                for _, column, _, columns in [each["range"]]
                if columns is None or not names[column].endswith("._line")
            )
        return result

    assert protected(mine) == protected(google)
    hidden = {each["title"] for each in mine["sheets"] if each["hidden"]}
    assert hidden >= {"_leads", "_checklist", "History"} and "Leads" not in hidden
    assert not {"_sheetsync"} & {each["title"] for each in mine["sheets"]}


def test_scripts_find_values_dates_and_formats(desk: Desk) -> None:
    assert desk.call("shown", "leads.id", 2) == "L-00001"
    assert desk.call("shown", "leads.created", 2) == "2026-11-02"
    assert desk.call("shown", "leads.next_action", 3) == "2026-11-25"
    assert desk.call("values", "leads.budget", 2) == [[1500]]
    assert desk.call("shown", "leads.name", 4) == "=1+1", "text that only looks like a formula"
    assert desk.call("values", "leads.created", 3) == [[""]]
    assert "_leads" in desk.call("hidden")


def test_a_date_in_an_own_column_is_a_date(desk: Desk) -> None:
    sheet = next(each for each in desk.file.document["sheets"] if each["title"] == "Leads")
    place = sheet["values"][0].index("Birthday") + 1
    assert sheet["values"][1][place - 1] == (date(1990, 5, 17) - date(1899, 12, 30)).days
    assert sheet["cellFormats"] == {f"2,{place}": "yyyy-mm-dd"}


def test_a_checkbox_is_true_or_false_where_the_row_is_somebodys(desk: Desk) -> None:
    step = next(each for each in columns_of(desk.file.document)["checklist"] if ".S-" in each)
    assert desk.call("values", step, 2) == [[False]]
    assert desk.call("values", step, 50) == [[""]]


def test_results_stand_in_a_hidden_tab_by_the_leads_id(opened: FileDocument, path: Path) -> None:
    sheet = next(each for each in opened.document["sheets"] if each["title"] == "_leads")
    stored = XlsxWorkbook(path).read().tabs["leads"].stored
    head, *rows = sheet["values"]
    assert head[0] == "key:id"
    assert [row[0] for row in rows] == ["L-00001", "L-00002", "L-00003"]
    scores = [row[head.index("score")] for row in rows]
    assert scores == stored["score"].tolist()


def test_who_may_work_in_it_is_in_the_team_tab(opened: FileDocument) -> None:
    assert opened.document["owner"] == "petr@example.com"
    assert opened.document["permissions"] == {
        "ira@example.com": "writer",
        "petr@example.com": "owner",
    }


def test_a_crm_without_a_team_has_an_owner_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "bare.xlsx"
    provision(XlsxWorkbook(path), kind="general", lang="ru")
    snapshot = XlsxWorkbook(path).read()
    assert permissions_of(snapshot, locales.load("ru")) == (STRANGER, {STRANGER: "owner"})
    document = open_file(path).document
    assert document["locale"] == "ru_RU"
    leads = tab_title(locales.load("ru"), crm.layout("general")["leads"])
    assert document["sheets"][0]["title"] == leads
    assert "dd.mm.yyyy" in document["sheets"][0]["formats"].values()


def test_what_is_no_crm_is_told_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "no.xlsx"
    openpyxl.Workbook().save(path)
    with pytest.raises(TargetError):
        open_file(path)


# -- writing ---------------------------------------------------------------------------------


def test_what_scripts_write_is_in_the_file(desk: Desk, path: Path) -> None:
    assert desk.save("put", "leads.status", 2, "Offer made") == 1
    assert desk.save("put", "leads.next_action", 4, 46350) == 1
    assert desk.save("put", "leads.comment", 3, '\'=HYPERLINK("x")') == 1
    assert in_excel(path, "Leads", 2, "Status").value == "Offer made"
    due = in_excel(path, "Leads", 4, "Next action")
    assert (due.value, due.is_date) == (datetime(2026, 11, 24), True)
    comment = in_excel(path, "Leads", 3, "Comment")
    assert (comment.value, comment.data_type) == ('=HYPERLINK("x")', "s")
    again = Desk(open_file(path), desk.addon)
    assert again.call("shown", "leads.next_action", 4) == "2026-11-24"


def test_emptied_cells_are_empty(desk: Desk, path: Path) -> None:
    assert desk.save("put", "leads.budget", 2, "") == 1
    assert in_excel(path, "Leads", 2, "Budget").value is None


def test_history_grows_by_lines_with_a_date_and_time(desk: Desk, path: Path) -> None:
    sheet = openpyxl.load_workbook(path)["History"]
    last = max(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 1).value)
    assert desk.save("append", "history", [46347.5, "L-00001", "New", "Won"]) == 4
    line = openpyxl.load_workbook(path)["History"][last + 1]
    assert [each.value for each in line[:4]] == [
        datetime(2026, 11, 21, 12),
        "L-00001",
        "New",
        "Won",
    ]
    desk.save("append", "history", [46347.75, "L-00001", "Won", "New"])
    line = openpyxl.load_workbook(path)["History"][last + 2]
    assert line[0].value == datetime(2026, 11, 21, 18)


def test_ticks_are_the_signs_that_stand_for_them(desk: Desk, path: Path) -> None:
    key = next(each for each in columns_of(desk.file.document)["checklist"] if ".S-" in each)
    place = columns_of(desk.file.document)["checklist"].index(key) + 1
    for ticked, sign in ((True, "✓"), (False, "–"), (True, "✓")):
        desk.save("put", key, 3, ticked)
        assert openpyxl.load_workbook(path)["Checklist"].cell(3, place).value == sign
        assert Desk(open_file(path), desk.addon).call("values", key, 3) == [[ticked]]


def test_a_refresh_understands_what_was_written(desk: Desk, path: Path) -> None:
    desk.save("put", "leads.status", 3, "In progress")
    done = refresh(XlsxWorkbook(path), now=NOW)
    book = done.understood.book
    assert book.leads["status"].to_dict()["L-00002"] == "In progress"
    history = openpyxl.load_workbook(path)["History"]
    lines = [[each.value for each in row[:4]] for row in history.iter_rows(min_row=2)]
    assert ["L-00002", "New", "In progress"] in [line[1:] for line in lines]


def test_nothing_else_in_the_file_changes(desk: Desk, path: Path) -> None:
    before = parts(path)
    desk.save("put", "leads.comment", 2, "x")
    after = parts(path)
    changed = {name for name in before | after if before.get(name) != after.get(name)}
    assert len(changed & {name for name in changed if "worksheets/" in name}) == 1
    assert all("worksheets/" in name or "workbook" in name or "styles" in name for name in changed)
    assert path.with_name("crm.backup.xlsx").exists()


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_an_own_tab_is_worked_in_as_well(desk: Desk, path: Path) -> None:
    desk.save("own", "Mine", "B2", 7)
    rows = [[each.value for each in row] for row in openpyxl.load_workbook(path)["Mine"].rows]
    assert rows == [["a", 5], [None, 7]]


def test_notes_and_formats_are_not_written(desk: Desk, path: Path) -> None:
    before = path.read_bytes()
    assert desk.save("note", "leads.comment", 2, "sheetsync: why?") == 0
    assert path.read_bytes() == before


def test_formulas_and_results_tabs_are_refused(desk: Desk, path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(InputError) as caught:
        desk.save("put", "leads.comment", 2, "=1+1")
    desk.user = "petr@example.com"
    with pytest.raises(InputError):
        desk.save("own", "_leads", "B2", 1)
    assert path.read_bytes() == before
    for lang in locales.LANGUAGES:
        assert caught.value.sentence(locales.load(lang)).endswith(".")


def test_a_file_that_somebody_else_wrote_is_left_alone(desk: Desk, path: Path) -> None:
    refresh(XlsxWorkbook(path), now=datetime(2026, 12, 24, 12))
    before = path.read_bytes()
    with pytest.raises(ConflictError):
        desk.save("put", "leads.comment", 2, "x")
    assert path.read_bytes() == before
    desk.file.reload()
    again = Desk(desk.file, desk.addon)
    assert again.save("put", "leads.comment", 2, "x") == 1


def test_a_file_that_is_open_in_excel_is_left_alone(desk: Desk, path: Path) -> None:
    path.with_name("~$crm.xlsx").write_bytes(b"\x03Ira")
    with pytest.raises(LockedError):
        desk.save("put", "leads.comment", 2, "x")
