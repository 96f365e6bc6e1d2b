"""Nothing of people's is lost in an .xlsx file, whichever program it comes from."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from lxml import etree
from openpyxl import load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment

from sheetsync.workbooks.xlsx.formula import shifted
from sheetsync.workbooks.xlsx.rows import Edit, keep
from sheetsync.workbooks.xlsx.sheet import Sheet
from sheetsync.workbooks.xlsx.workbook import XlsxWorkbook
from tests.workbooks.contract import as_date, planned, wanted
from tests.workbooks.excel import ExcelOperator
from tests.workbooks.test_xlsx_file import edit_parts

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LEADS = "xl/worksheets/sheet1.xml"


@pytest.fixture
def crm(tmp_path: Path) -> XlsxWorkbook:
    """Three leads with ids; the file was last saved by openpyxl."""
    workbook = XlsxWorkbook(tmp_path / "crm.xlsx")
    workbook.provision(wanted())
    person = ExcelOperator(workbook.path)
    for number, name in enumerate(("Anna", "Boris", "Clara"), start=1):
        person.append("Leads", {"ID": f"L-0000{number}", "Name": name, "Status": "New"})
    return workbook


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def change(path: Path, name: str, how: Callable[[bytes], bytes]) -> None:
    edit_parts(path, lambda part, data: how(data) if part == name else data)


def add_part(path: Path, name: str, data: bytes) -> None:
    with zipfile.ZipFile(path, "a") as package:
        package.writestr(name, data)


def refresh(workbook: XlsxWorkbook, **scores: int) -> None:
    lines = {f"L-0000{key[1:]}": {"score": score} for key, score in scores.items()}
    workbook.apply(planned(workbook.read(), columns={"leads": lines}))


def shown_scores(workbook: XlsxWorkbook) -> list[object]:
    return [row.get("Score") for row in ExcelOperator(workbook.path).rows("Leads")]


def row(path: Path, number: int, name: str = LEADS) -> bytes:
    match = re.search(rb'<row[^>]*\br="%d".*?</row>' % number, parts(path)[name], re.S)
    assert match is not None
    return match[0]


def cell(xml: bytes, address: str) -> bytes:
    match = re.search(rb'<c[^>]*\br="%s"[^>]*?(?:/>|>.*?</c>)' % address.encode(), xml, re.S)
    assert match is not None
    return match[0]


# --- untouched ------------------------------------------------------------------------------


def test_parts_that_nothing_is_written_to_stay_byte_for_byte(crm: XlsxWorkbook) -> None:
    with ExcelOperator(crm.path).edited() as book:
        book["Statuses"]["A2"].comment = Comment("ask the boss", "Anna")
        book.create_sheet("Ideas")["A1"] = "=1+1"
    strange = {
        "xl/vbaProject.bin": b"\x00\x01macros\xff",
        "xl/media/image1.png": b"\x89PNG\r\n\x1a\nnot really",
        "customXml/item1.xml": b"<a xmlns='urn:x'>  <!-- kept --> </a>",
        "xl/theme/odd name \xd0\x96.xml".encode("latin-1").decode("utf-8"): b"<t/>",
    }
    for name, data in strange.items():
        add_part(crm.path, name, data)
    before = parts(crm.path)
    refresh(crm, L1=5)
    after = parts(crm.path)
    assert set(after) == set(before)
    differ = {name for name in before if before[name] != after[name]}
    meta = next(n for n, d in before.items() if b"leads.fingerprint" in d or b"revision" in d)
    assert differ <= {LEADS, meta, "xl/workbook.xml", "xl/sharedStrings.xml"}
    assert LEADS in differ
    assert "xl/sharedStrings.xml" not in differ


def test_only_the_cells_that_change_change_in_a_sheet(crm: XlsxWorkbook) -> None:
    extension = b'<extLst><ext uri="{urn-a}" xmlns:odd="urn:odd"><odd:thing a="1"/></ext></extLst>'
    change(
        crm.path,
        LEADS,
        lambda xml: (
            xml.replace(
                b"<worksheet ",
                b'<worksheet xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
                b' xmlns:x14ac="urn:ac" mc:Ignorable="x14ac" ',
                1,
            )
            .replace(b'<row r="3"', b'<row r="3" x14ac:dyDescent="0.25" outlineLevel="1"')
            .replace(b"</worksheet>", extension + b"</worksheet>")
        ),
    )
    old = {number: row(crm.path, number) for number in (1, 2, 3, 4)}
    refresh(crm, L2=9)
    assert {number: row(crm.path, number) for number in (1, 2, 4)} == {
        number: old[number] for number in (1, 2, 4)
    }
    new = row(crm.path, 3)
    assert b'x14ac:dyDescent="0.25" outlineLevel="1"' in new
    assert cell(new, "C3") == cell(old[3], "C3")
    sheet = parts(crm.path)[LEADS]
    assert b'mc:Ignorable="x14ac"' in sheet
    assert b'<odd:thing a="1"/>' in sheet
    assert crm.read().tabs["leads"].frame["score"].tolist() == [None, 9, None]


def test_rich_text_and_styles_of_people_stay(crm: XlsxWorkbook) -> None:
    with ExcelOperator(crm.path).edited() as book:
        rich = CellRichText(["very ", TextBlock(InlineFont(b=True), "important")])
        book["Leads"]["C2"].value = rich
        book["Leads"]["H2"].number_format = "0.00"
    refresh(crm, L1=5)
    sheet = load_workbook(crm.path, rich_text=True)["Leads"]
    assert sheet["C2"].value == rich
    assert (sheet["H2"].value, sheet["H2"].number_format) == (5, "0.00")
    assert crm.read().tabs["leads"].frame.loc[2, "name"] == "very important"


# --- how others write -----------------------------------------------------------------------


def test_other_prefixes_are_understood(crm: XlsxWorkbook) -> None:
    def prefixed(xml: bytes) -> bytes:
        old = etree.fromstring(xml)
        text = etree.tostring(old).decode()
        text = re.sub(r"<(/?)([A-Za-z])", r"<\1x:\2", text)
        return text.replace(f'xmlns="{MAIN}"', f'xmlns:x="{MAIN}"').encode()

    change(crm.path, LEADS, prefixed)
    refresh(crm, L1=1, L3=3)
    assert shown_scores(crm) == [1, None, 3]
    assert crm.provision(wanted()).steps == ()
    etree.fromstring(parts(crm.path)[LEADS])


def test_rows_and_cells_without_addresses_are_counted(crm: XlsxWorkbook) -> None:
    def bare(xml: bytes) -> bytes:
        rows = b"".join(
            b"<row>"
            + b"".join(
                b'<c t="inlineStr"><is><t>%s</t></is></c>' % text if text else b"<c/>"
                for text in line
            )
            + b"</row>"
            for line in (
                [b"ID", b"Created", b"Name", b"Phone", b"Deal", b"Status"],
                [b"L-00001", b"", b"Anna"],
                [],
                [b"L-00003", b"", b"Clara"],
            )
        )
        xml = re.sub(rb"<dimension[^>]*>", b"", xml)
        return re.sub(rb"<sheetData>.*</sheetData>", b"<sheetData>" + rows + b"</sheetData>", xml)

    change(crm.path, LEADS, bare)
    assert crm.read().tabs["leads"].frame["name"].to_dict() == {2: "Anna", 4: "Clara"}
    refresh(crm, L1=1, L3=3)
    frame = crm.read().tabs["leads"].frame
    assert frame["score"].to_dict() == {2: 1, 4: 3}
    assert frame["name"].to_dict() == {2: "Anna", 4: "Clara"}


def test_comments_and_cdata_between_rows_do_no_harm(crm: XlsxWorkbook) -> None:
    trap = b'<!-- <row r="2"><c r="H2"/></row> -->'
    text = b'<is><t><![CDATA[<row r="3"> & </sheetData>]]></t></is>'
    change(
        crm.path,
        LEADS,
        lambda xml: re.sub(rb"<row r=.3.", trap + rb"\g<0>", xml).replace(
            b"</row></sheetData>", b'<c r="M4" t="inlineStr">' + text + b"</c></row></sheetData>"
        ),
    )
    refresh(crm, L1=1, L2=2, L3=3)
    assert shown_scores(crm) == [1, 2, 3]
    assert load_workbook(crm.path)["Leads"]["M4"].value == '<row r="3"> & </sheetData>'


def test_a_sheet_in_another_encoding_is_understood(crm: XlsxWorkbook) -> None:
    xml = parts(crm.path)[LEADS]
    wide = etree.tostring(etree.fromstring(xml), encoding="UTF-16", xml_declaration=True)
    one, two = Sheet(xml), Sheet(wide)
    for sheet in (one, two):
        sheet.patch([Edit.of(8, [(2, 7.0)])], keep)
    found = [etree.tostring(etree.fromstring(s.to_bytes()), method="c14n") for s in (one, two)]
    assert found[0] == found[1]


def test_dates_of_old_macs_are_counted_from_1904(crm: XlsxWorkbook) -> None:
    change(
        crm.path,
        "xl/workbook.xml",
        lambda xml: xml.replace(b"<workbookPr", b'<workbookPr date1904="1"', 1),
    )
    base = crm.read()
    line = {"last": datetime(2026, 11, 21)}
    crm.apply(planned(base, columns={"leads": {"L-00001": line}}))
    assert load_workbook(crm.path)["Leads"]["K2"].value == datetime(2026, 11, 21)
    assert as_date(crm.read().tabs["leads"].frame.loc[2, "last"]) == line["last"].date()


# --- formulas -------------------------------------------------------------------------------


def with_calculation_chain(path: Path) -> None:
    add_part(
        path,
        "xl/calcChain.xml",
        f'<calcChain xmlns="{MAIN}"><c r="H2" i="1"/></calcChain>'.encode(),
    )
    change(
        path,
        "[Content_Types].xml",
        lambda xml: xml.replace(
            b"</Types>",
            b'<Override PartName="/xl/calcChain.xml" ContentType="application/vnd.'
            b'openxmlformats-officedocument.spreadsheetml.calcChain+xml"/></Types>',
        ),
    )
    change(
        path,
        "xl/_rels/workbook.xml.rels",
        lambda xml: xml.replace(
            b"</Relationships>",
            b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/'
            b'2006/relationships/calcChain" Target="calcChain.xml"/></Relationships>',
        ),
    )


def test_a_formula_typed_over_a_result_goes_with_its_place_in_the_chain(
    crm: XlsxWorkbook,
) -> None:
    with ExcelOperator(crm.path).edited() as book:
        book["Leads"]["H2"] = "=2*3"
        book["Leads"]["N2"] = "=H2+1"
    with_calculation_chain(crm.path)
    refresh(crm, L1=5)
    sheet = load_workbook(crm.path)["Leads"]
    assert (sheet["H2"].value, sheet["N2"].value) == (5, "=H2+1")
    after = parts(crm.path)
    assert "xl/calcChain.xml" not in after
    assert b"calcChain" not in after["[Content_Types].xml"]
    assert b"calcChain" not in after["xl/_rels/workbook.xml.rels"]


def test_the_chain_stays_when_no_formula_goes(crm: XlsxWorkbook) -> None:
    with_calculation_chain(crm.path)
    refresh(crm, L1=5)
    assert "xl/calcChain.xml" in parts(crm.path)


def test_peoples_formulas_over_results_are_computed_when_the_file_is_opened(
    crm: XlsxWorkbook,
) -> None:
    refresh(crm, L1=4)
    assert b"fullCalcOnLoad" not in parts(crm.path)["xl/workbook.xml"]
    with ExcelOperator(crm.path).edited() as book:
        book["Leads"]["N2"] = "=H2+1"
    refresh(crm, L1=5)
    assert b'fullCalcOnLoad="1"' in parts(crm.path)["xl/workbook.xml"]


def test_cells_that_share_a_lost_formula_keep_it_in_their_own_words(crm: XlsxWorkbook) -> None:
    def share(xml: bytes) -> bytes:
        master = b'<c r="H2"><f t="shared" ref="H2:H4" si="0">E2*$B$1+SUM("H2",E:E)</f><v>1</v></c>'
        other = b'<c r="H%d"><f t="shared" si="0"/><v>1</v></c>'
        for number in (2, 3, 4):
            put = master if number == 2 else other % number
            xml = re.sub(
                rb'(<row[^>]*\br="%d".*?)</row>' % number,
                lambda found, put=put: found[1] + put + b"</row>",
                xml,
                count=1,
                flags=re.S,
            )
        return xml

    change(crm.path, LEADS, share)
    refresh(crm, L1=5)
    sheet = load_workbook(crm.path)["Leads"]
    assert sheet["H2"].value == 5
    assert sheet["H3"].value == '=E3*$B$1+SUM("H2",E:E)'
    assert sheet["H4"].value == '=E4*$B$1+SUM("H2",E:E)'


@pytest.mark.parametrize(
    ("formula", "moved"),
    [
        ("A1", "C4"),
        ("$A1+A$1+$A$1", "$A4+C$1+$A$1"),
        ("SUM(A1:B2)", "SUM(C4:D5)"),
        ("SUM(A:B)+SUM($A:B)", "SUM(C:D)+SUM($A:D)"),
        ("'My A1 tab'!B2", "'My A1 tab'!D5"),
        ("Sheet1!B2", "Sheet1!D5"),
        ('"A1"&A1', '"A1"&C4'),
        ("LOG10(A1)", "LOG10(C4)"),
        ("Table1[A1]", "Table1[A1]"),
        ("ABCD1+A1.5", "ABCD1+A1.5"),
    ],
)
def test_references_move_as_in_a_filled_formula(formula: str, moved: str) -> None:
    assert shifted(formula, 3, 2) == moved
