"""What a new CRM in an .xlsx file looks like, and what an upgrade leaves alone."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from lxml import etree
from openpyxl import Workbook, load_workbook
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import MultiCellRange
from openpyxl.worksheet.datavalidation import DataValidation

from sheetsync import crm as whole_crm
from sheetsync.layout import Column, Layout, Rule, Style, Tab
from sheetsync.locales import Words
from sheetsync.workbooks.base import Step
from sheetsync.workbooks.xlsx.looks import heights
from sheetsync.workbooks.xlsx.names import key_of, name_of
from sheetsync.workbooks.xlsx.workbook import XlsxWorkbook
from tests.workbooks.contract import EN, RU, SCALE, SMALL, WON, planned, wanted
from tests.workbooks.excel import ExcelOperator

PEOPLE, TOOL = "FF2F5D7C", "FFE3E8EE"


@pytest.fixture
def crm(tmp_path: Path) -> XlsxWorkbook:
    workbook = XlsxWorkbook(tmp_path / "crm.xlsx")
    workbook.provision(wanted())
    return workbook


def rules(workbook: XlsxWorkbook, tab: str = "Leads") -> list[tuple[int, str, str]]:
    """(priority, range, formula or type) of a tab's conditional formats, in order."""
    formats = load_workbook(workbook.path)[tab].conditional_formatting
    return sorted(
        (rule.priority, str(block.sqref), rule.formula[0] if rule.formula else rule.type)
        for block in formats
        for rule in block.rules
    )


def validation(workbook: XlsxWorkbook, tab: str, cell: str) -> DataValidation | None:
    found = load_workbook(workbook.path)[tab].data_validations.dataValidation
    return next((one for one in found if cell in one.sqref), None)


def forget_names(workbook: XlsxWorkbook) -> None:
    with ExcelOperator(workbook.path).edited() as book:
        for name in [name for name in book.defined_names if name.startswith("_ss.")]:
            del book.defined_names[name]


# --- a new file -----------------------------------------------------------------------------


def test_every_element_stands_where_the_schema_wants_it(tmp_path: Path) -> None:
    workbook = XlsxWorkbook(tmp_path / "crm.xlsx")
    layout = whole_crm.layout("travel", [("S-01", "Passport")])
    workbook.provision(wanted(layout, RU, {}))
    order = [  # ECMA-376 part 1, 18.3.1.99
        *("sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData"),
        *("sheetProtection", "autoFilter", "conditionalFormatting", "dataValidations"),
        *("pageMargins", "pageSetup"),
    ]
    with zipfile.ZipFile(workbook.path) as package:
        sheets = [name for name in package.namelist() if "/sheet" in name]
        assert len(sheets) == len(layout.tabs) + 2
        for name in sheets:
            found = [etree.QName(part).localname for part in etree.fromstring(package.read(name))]
            assert found == sorted(found, key=order.index)


def test_headers_show_whose_column_it_is(crm: XlsxWorkbook) -> None:
    sheet = load_workbook(crm.path)["Leads"]
    fills = {cell.value: cell.fill.fgColor.rgb for cell in sheet[1]}
    assert fills["Name"] == PEOPLE
    assert fills["ID"] == fills["Score"] == TOOL
    assert all(cell.font.b for cell in sheet[1])


def test_columns_have_their_formats_to_the_last_row(crm: XlsxWorkbook) -> None:
    book = load_workbook(crm.path)
    formats = {
        cell.value: book["Leads"].column_dimensions[cell.column_letter].number_format
        for cell in book["Leads"][1]
    }
    assert formats["Created"] == formats["Last contact"] == "yyyy\\-mm\\-dd"
    assert formats["Budget"] == "#,##0"
    assert formats["Chance"] == "0.0%"
    assert formats["Phone"] == formats["ID"] == formats["Name"] == "@"
    assert book["History"].column_dimensions["A"].number_format == "yyyy\\-mm\\-dd\\ hh:mm"


def test_panes_widths_and_hidden_things(crm: XlsxWorkbook) -> None:
    book = load_workbook(crm.path)
    leads = book["Leads"]
    assert leads.freeze_panes == "B2"
    assert book["Statuses"].freeze_panes == "A2"
    assert leads.auto_filter.ref == "A1:M1048576"
    assert leads.column_dimensions["M"].hidden
    assert leads.column_dimensions["C"].width == pytest.approx((110 - 5) / 7, abs=0.01)
    states = {sheet.title: sheet.sheet_state for sheet in book}
    assert states == {
        "Leads": "visible",
        "Today": "visible",
        "Checklist": "visible",
        "Statuses": "visible",
        "History": "hidden",
        "_leads": "hidden",
        "_sheetsync": "hidden",
    }


def test_dropdowns_ask_and_the_tools_columns_refuse(crm: XlsxWorkbook) -> None:
    status = validation(crm, "Leads", "F500")
    assert status is not None
    assert (status.type, status.errorStyle) == ("list", "warning")
    assert "_ss.statuses.status" in status.formula1
    segment = validation(crm, "Leads", "G500")
    assert segment is not None
    assert segment.formula1 == '"small,mid,large,retail"'
    tick = validation(crm, "Statuses", "D2")
    assert tick is not None
    assert (tick.formula1, tick.errorStyle) == ('"✓,–"', "warning")
    score = validation(crm, "Leads", "H1048576")
    assert score is not None
    assert (score.type, score.formula1, score.errorStyle) == ("custom", "FALSE", "stop")
    assert "sheetsync" in score.error
    assert validation(crm, "Leads", "H1") is None
    assert validation(crm, "Leads", "C2") is None


def test_options_with_commas_stand_in_cells(tmp_path: Path) -> None:
    workbook = XlsxWorkbook(tmp_path / "crm.xlsx")
    workbook.provision(wanted(whole_crm.layout("general"), RU, {}))
    condition = validation(workbook, "Скоринг", "D2")
    assert condition is not None
    book = load_workbook(workbook.path)
    where = book.defined_names[condition.formula1].attr_text
    tab, _, cells = where.partition("!")
    options = [row[0].value for row in book[tab][cells.replace("$", "")]]
    assert options == list(RU.group("choices.condition").values())
    assert any("," in option for option in options)


def test_whole_tabs_of_the_tool_are_protected_but_can_be_filtered(crm: XlsxWorkbook) -> None:
    book = load_workbook(crm.path)
    for title in ("Today", "History"):
        protection = book[title].protection
        assert protection.sheet
        assert not protection.autoFilter
        assert not protection.sort
        assert not protection.formatColumns
        assert protection.password is None
    assert not any(book[title].protection.sheet for title in ("Leads", "Checklist", "Statuses"))


def test_long_texts_get_the_height_they_need(crm: XlsxWorkbook) -> None:
    ExcelOperator(crm.path).append("Leads", {"ID": "L-00001", "Name": "Anna"})
    line = {"why": "a reason that is rather long " * 3}
    crm.apply(planned(crm.read(), columns={"leads": {"L-00001": line}}))
    with zipfile.ZipFile(crm.path) as package:
        rows = etree.fromstring(package.read("xl/worksheets/sheet1.xml")).iter("{*}row")
        heights = {row.get("r"): row.get("ht") for row in rows}
    assert float(heights["2"]) == 90


def test_russian_notes_get_the_lines_that_they_take() -> None:
    # As LibreOffice breaks them in a column of 320 pixels: 4 lines, 3 lines, 1 line.
    notes = {
        2: "+25 Хороший бюджет на человека в день; +25 Уже знает нас; +20 Большой бюджет; "
        "+15 Нашёл время приехать; +5 Определился с датами; +5 Пара или семья",
        3: "-10 Спросили сразу пять агентств; +5 Определился с датами; +5 Пара или семья; "
        "+5 Есть куда отправить подборку",
        4: "+5 Пара или семья",
    }
    column = Column("why", "tool", "long_text", width=320)
    lines = pd.DataFrame({"why": pd.Series(notes, dtype=object)})
    assert heights(Tab("leads", (column,)), lines) == {2: 60, 3: 45, 4: 15}
    long = pd.DataFrame({"why": pd.Series({2: "слово " * 500}, dtype=object)})
    assert heights(Tab("leads", (column,)), long) == {2: 90}
    assert heights(Tab("today", (column,), body="table"), long) == {2: 120}


# --- identity -------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["status", "S-01", "next_action", "a.b", "ё", "x-.-y"])
def test_a_name_spells_a_key_and_back(key: str) -> None:
    assert key_of(name_of("leads", key)) == ("leads", key)
    assert name_of("leads", key).isascii()


@pytest.mark.parametrize("words", [EN, RU], ids=["en", "ru"])
def test_a_file_that_lost_its_names_is_adopted_again(crm: XlsxWorkbook, words) -> None:
    person = ExcelOperator(crm.path)
    person.append("Leads", {"ID": "L-00001", "Name": "Anna"})
    headers = person.headers("Leads")
    forget_names(crm)
    steps = crm.provision(
        wanted(words=words, meta={"lang": "en", "kind": "general", "layout": "1"})
    )
    assert {step.what for step in steps.steps if step.tab == "leads"} <= {
        "name",
        "dropdown",
        "rule",
    }
    assert person.headers("Leads") == headers
    assert crm.read().tabs["leads"].frame["name"].tolist() == ["Anna"]
    assert crm.read().tabs["leads"].frame["id"].tolist() == ["L-00001"]


def test_a_workbook_of_the_owners_becomes_a_crm(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    sheet.title = "Лиды"
    sheet.append(["Имя", "Собака", "Телефон", "Статус"])
    sheet.append(["Анна", "Рекс", "8 916", "Новый"])
    book.create_sheet("Заметки")["A1"] = "моё"
    book.save(tmp_path / "shop.xlsx")
    workbook = XlsxWorkbook(tmp_path / "shop.xlsx")
    workbook.provision(wanted(words=RU, seeds={"leads": [{"name": "нет"}]}))
    leads = workbook.read().tabs["leads"]
    assert leads.frame[["name", "phone", "status", "own:Собака"]].values.tolist() == [
        ["Анна", "8 916", "Новый", "Рекс"]
    ]
    after = load_workbook(workbook.path)
    assert after["Заметки"]["A1"].value == "моё"
    assert [cell.value for cell in after["Лиды"][1]][:5] == [
        "Имя",
        "Собака",
        "Телефон",
        "Статус",
        "ID",
    ]
    assert workbook.provision(wanted(words=RU)).steps == ()


def test_a_copied_tab_does_not_become_ours(crm: XlsxWorkbook) -> None:
    person = ExcelOperator(crm.path)
    person.append("Leads", {"ID": "L-00001", "Name": "Anna"})
    with person.edited() as book:
        copy = book.copy_worksheet(book["Leads"])
        copy.title = "Leads (2)"
    crm.apply(planned(crm.read(), columns={"leads": {"L-00001": {"score": 5}}}))
    assert person.cell("Leads", 2, "Score") == 5
    assert person.cell("Leads (2)", 2, "Score") is None


def test_a_tab_that_was_deleted_comes_back_empty(crm: XlsxWorkbook) -> None:
    with ExcelOperator(crm.path).edited() as book:
        del book["Today"]
        for name in [name for name in book.defined_names if ".today." in name]:
            book.defined_names[name].value = "#REF!"
    assert "today" not in crm.read().tabs
    assert Step("tab", "today", None, "Today") in crm.provision(wanted()).steps
    assert "today" in crm.read().tabs
    assert crm.provision(wanted()).steps == ()


def test_the_description_that_was_deleted_comes_back(crm: XlsxWorkbook) -> None:
    before = crm.read()
    with ExcelOperator(crm.path).edited() as book:
        del book["_sheetsync"]
        del book["_leads"]
    steps = crm.provision(wanted()).steps
    assert [step.what for step in steps] == ["tab", "workbook"]
    assert crm.provision(wanted()).steps == ()
    assert crm.read().meta == before.meta
    assert crm.read().tabs.keys() == before.tabs.keys()


# --- rules ----------------------------------------------------------------------------------


def test_rules_come_in_the_layouts_order_once(crm: XlsxWorkbook) -> None:
    found = rules(crm)
    assert [priority for priority, *_ in found] == [1, 2]
    assert found[0][1] == "A2:A1048576 F2:F1048576"
    assert found[0][2] == (
        'AND(COUNTIFS(_ss.statuses.status,$F2,_ss.statuses.kind,"won")>0,N("ss:leads.won")=0)'
    )
    assert found[1][1:] == ("H2:H1048576", "colorScale")
    crm.provision(wanted())
    assert rules(crm) == found


def test_peoples_rules_keep_their_order_and_ours_join_theirs(crm: XlsxWorkbook) -> None:
    red = PatternFill(bgColor="FFFF0000")
    with ExcelOperator(crm.path).edited() as book:
        for text in ("$C2=1", "$C2=2"):
            book["Leads"].conditional_formatting.add("A2:C99", FormulaRule([text], fill=red))
    lost = Rule("leads.lost", "leads", ("name",), "{name}=1", Style("ECECEC"))
    early = Rule("leads.first", "leads", ("name",), "{name}=2", Style("ECECEC"))
    layout = Layout(SMALL.tabs, (early, WON, lost, SCALE))
    steps = crm.provision(wanted(layout)).steps
    assert {step.detail for step in steps} == {"leads.first", "leads.lost"}
    names = [text for *_, text in rules(crm)]
    shape = [
        "first"
        if "leads.first" in text
        else "won"
        if "leads.won" in text
        else "lost"
        if "leads.lost" in text
        else text
        for text in names
    ]
    assert shape.index("first") < shape.index("won") < shape.index("lost")
    assert [text for text in shape if text.startswith("$C2")] == ["$C2=1", "$C2=2"]
    assert len({priority for priority, *_ in rules(crm)}) == len(names) == 6
    assert crm.provision(wanted(layout)).steps == ()


def test_a_rule_that_says_something_else_now_is_mended_in_its_place(crm: XlsxWorkbook) -> None:
    before = rules(crm)
    changed = replace(WON, formula="{status}={text:choices.kind.won}")
    layout = Layout(SMALL.tabs, (changed, SCALE))
    assert crm.provision(wanted(layout)).steps == (Step("rule", "leads", None, "leads.won"),)
    after = rules(crm)
    assert after[0] == (1, before[0][1], 'AND($F2="won",N("ss:leads.won")=0)')
    assert after[1] == before[1]


def test_colours_that_people_gave_our_rules_stay(crm: XlsxWorkbook) -> None:
    with ExcelOperator(crm.path).edited() as book:
        for block in book["Leads"].conditional_formatting:
            for rule in block.rules:
                if rule.dxf is not None:
                    rule.dxf.fill = PatternFill(bgColor="FF123456")
    layout = SMALL.with_columns("leads", [Column("company")])
    crm.provision(wanted(layout))
    dxf = next(
        rule.dxf
        for block in load_workbook(crm.path)["Leads"].conditional_formatting
        for rule in block.rules
        if rule.dxf is not None
    )
    assert dxf.fill.bgColor.rgb == "FF123456"


def test_a_rule_that_was_deleted_comes_back(crm: XlsxWorkbook) -> None:
    before = rules(crm)
    with ExcelOperator(crm.path).edited() as book:
        book["Leads"].conditional_formatting = type(book["Leads"].conditional_formatting)()
    steps = crm.provision(wanted()).steps
    assert [step.detail for step in steps] == ["leads.won", "leads.score"]
    assert rules(crm) == before


def test_a_validation_of_peoples_stays(crm: XlsxWorkbook) -> None:
    with ExcelOperator(crm.path).edited() as book:
        sheet = book["Leads"]
        found = sheet.data_validations.dataValidation
        sheet.data_validations.dataValidation = [one for one in found if "F2" not in one.sqref]
        own = DataValidation("list", formula1='"Hot,Cold"', sqref="F2:F100")
        sheet.add_data_validation(own)
    assert crm.provision(wanted()).steps == ()
    status = validation(crm, "Leads", "F50")
    assert status is not None
    assert status.formula1 == '"Hot,Cold"'


def left_behind(crm: XlsxWorkbook, header: str) -> None:
    """Delete a column of Leads in a program that leaves validations where they were."""
    person = ExcelOperator(crm.path)
    before = load_workbook(crm.path)["Leads"].data_validations.dataValidation
    person.delete_column("Leads", header)
    with person.edited() as book:
        book["Leads"].data_validations.dataValidation = before


def guards(crm: XlsxWorkbook) -> dict[str, tuple[str, str, str | None]]:
    """Header of Leads -> (kind, formula, style) of its only validation; "?" for empty columns."""
    sheet = load_workbook(crm.path)["Leads"]
    found: dict[str, tuple[str, str, str | None]] = {}
    for one in sheet.data_validations.dataValidation:
        for area in one.sqref.ranges:
            for column in range(area.min_col, area.max_col + 1):
                header = str(sheet.cell(1, column).value or "?")
                assert header not in found
                found[header] = (one.type, one.formula1, one.errorStyle)
    return found


@pytest.mark.parametrize("header", ["Name", "Status", "Score", "Created"])
def test_validations_that_stayed_behind_are_put_right(crm: XlsxWorkbook, header: str) -> None:
    before = guards(crm)
    left_behind(crm, header)
    crm.provision(wanted())
    assert guards(crm) == before
    data = crm.path.read_bytes()
    assert crm.provision(wanted()).steps == ()
    assert crm.path.read_bytes() == data


def test_ours_leave_peoples_columns_and_peoples_own_stay(crm: XlsxWorkbook) -> None:
    before = guards(crm)
    person = ExcelOperator(crm.path)
    person.insert_column("Leads", "Name", "Dog")
    with person.edited() as book:
        sheet = book["Leads"]
        stop = next(
            one for one in sheet.data_validations.dataValidation if one.errorStyle == "stop"
        )
        stop.sqref.add("D2:D1048576")
        sheet.add_data_validation(DataValidation("list", formula1='"Rex,Max"', sqref="Z2:Z9"))
    steps = crm.provision(wanted()).steps
    assert steps == (Step("dropdown", "leads", None),)
    assert guards(crm) == before | {"?": ("list", '"Rex,Max"', None)}
    assert crm.provision(wanted()).steps == ()


def test_ours_stays_around_a_piece_that_people_cut_out_of_it(crm: XlsxWorkbook) -> None:
    with ExcelOperator(crm.path).edited() as book:
        sheet = book["Leads"]
        status = next(o for o in sheet.data_validations.dataValidation if "F2" in o.sqref)
        status.sqref = MultiCellRange("F2:F9 F20:F1048576")
        sheet.add_data_validation(DataValidation("list", formula1='"Hot"', sqref="F10:F19"))
    assert crm.provision(wanted()).steps == ()


@pytest.mark.parametrize(("words", "hint"), [(EN, "switch the rule off"), (RU, "отключить")])
def test_a_rule_says_what_its_empty_tick_means(tmp_path: Path, words: Words, hint: str) -> None:
    workbook = XlsxWorkbook(tmp_path / "crm.xlsx")
    want = wanted(whole_crm.layout("general"), words, {})
    workbook.provision(want)
    tab = want.layout["scoring"]
    title, cell = words("tabs.scoring"), f"{get_column_letter(tab_number(tab, 'on'))}2"
    fresh = validation(workbook, title, cell)
    assert fresh is not None
    assert (fresh.formula1, fresh.showInputMessage) == ('"✓,–"', True)
    assert hint in fresh.prompt
    assert hint in fresh.error
    with ExcelOperator(workbook.path).edited() as book:  # as earlier versions made it
        old = next(o for o in book[title].data_validations.dataValidation if cell in o.sqref)
        old.formula1, old.prompt, old.showInputMessage = '"✓"', None, False
    assert workbook.provision(want).steps == (Step("dropdown", "scoring", "on"),)
    mended = validation(workbook, title, cell)
    assert mended is not None
    assert (mended.formula1, mended.prompt) == (fresh.formula1, fresh.prompt)
    assert workbook.provision(want).steps == ()


def tab_number(tab: Tab, key: str) -> int:
    """The column of a key in a tab that nobody rearranged."""
    return [column.key for column in tab.columns if column.shown].index(key) + 1


def test_a_dropdown_follows_its_words(crm: XlsxWorkbook) -> None:
    steps = crm.provision(wanted(words=RU, meta={"lang": "ru", "kind": "general", "layout": "1"}))
    assert Step("dropdown", "leads", "segment") in steps.steps
    segment = validation(crm, "Leads", "G2")
    assert segment is not None
    assert segment.formula1 == '"малый,средний,крупный,розница"'
    assert ExcelOperator(crm.path).headers("Leads")[2] == "Name"


def test_rows_that_people_made_high_or_low_stay_so(crm: XlsxWorkbook) -> None:
    person = ExcelOperator(crm.path)
    for number in (1, 2):
        person.append("Leads", {"ID": f"L-0000{number}", "Name": "Anna"})
    with person.edited() as book:
        book["Leads"].row_dimensions[2].height = 12
    lines = {f"L-0000{number}": {"why": "a rather long reason " * 9} for number in (1, 2)}
    crm.apply(planned(crm.read(), columns={"leads": lines}))
    rows = load_workbook(crm.path)["Leads"].row_dimensions
    assert (rows[2].height, rows[3].height) == (12, 90)


def test_rows_grow_with_their_notes(crm: XlsxWorkbook) -> None:
    ExcelOperator(crm.path).append("Leads", {"ID": "L-00001", "Name": "Anna"})
    found = []
    for note in ("a reason, rather", "a reason that is rather long", "a short one"):
        crm.apply(planned(crm.read(), columns={"leads": {"L-00001": {"why": note}}}))
        found.append(load_workbook(crm.path)["Leads"].row_dimensions[2].height)
    assert found == [30, 45, 45]
