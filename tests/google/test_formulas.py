"""The formulas that a sheet may lay: what they show."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.google import Server
from tests.google.conftest import Api
from tests.google.edits import Delete, Insert
from tests.google.formulas import parse, rewrite


@pytest.fixture
def shop(api: Api) -> Api:
    """Ids in A, values in B, names over whole columns."""
    api.batch({"addSheet": {"properties": {"sheetId": 7, "title": "_leads"}}})
    api.put(
        "A1:C5",
        [["id", "n", "s"], ["L-1", 5, "won"], ["L-2", 7, "lost"], ["L-3", "", "won"], ["", 1, ""]],
    )
    api.put("_leads!A1:B3", [["id", "score"], ["L-3", 30], ["L-1", 10]])
    for name, sheet, at in (("ids", 0, 0), ("keys", 7, 0), ("scores", 7, 1)):
        span = {"sheetId": sheet, "startColumnIndex": at, "endColumnIndex": at + 1}
        api.batch({"addNamedRange": {"namedRange": {"name": name, "range": span}}})
    return api


def shows(api: Api, formula: str, where: str = "H2") -> Any:
    api.put(where, [[formula]])
    found = api.values(where)
    return found[0][0]


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=1+2*3^2", 19),
        ("=-2^2", 4),
        ("=(1+2)*3", 9),
        ('="a"&1&TRUE', "a1TRUE"),
        ("=10%", 0.1),
        ('="A"="a"', True),
        ("=1<>2", True),
        ('=2>"a"', False),
        ("=1/0", "#DIV/0!"),
        ('=1+"x"', "#VALUE!"),
        ('=1+"2"', 3),
        ("=NOPE(1)", "#NAME?"),
        ("=nobody", "#NAME?"),
        ("=Nowhere!A1", "#REF!"),
        ("=IF(B2>5;1;2)", 2),
        ("=IF(B2>5;1)", False),
        ("=IF(TRUE;1;1/0)", 1),
        ('=IFNA(MATCH("x";ids;0);"")', ""),
        ('=IFNA(1/0;"")', "#DIV/0!"),
        ('=IFERROR(1/0;"bad")', "bad"),
        ('=MATCH("l-2";ids;0)', 3),
        ("=INDEX(ids;ROW())", "L-1"),
        ("=INDEX(A1:C5;3;2)", 7),
        ("=INDEX(ids;5000)", "#NUM!"),
        ('=IFNA(INDEX(scores;MATCH(INDEX(ids;ROW());keys;0));"")', 10),
        ('=VLOOKUP("L-2";A1:C5;3;FALSE)', "lost"),
        ('=XLOOKUP("L-1";keys;scores)', 10),
        ('=XLOOKUP("L-9";keys;scores;"none")', "none"),
        ("=ROW()", 2),
        ("=ROW(C5)", 5),
        ("=COLUMN()", 8),
        ("=SUM(B:B)", 13),
        ("=SUM(B2:B3;1)", 13),
        ("=MAX(B2:B5)+MIN(B2:B5)", 8),
        ('=COUNTIF(C:C;"won")', 2),
        ('=COUNTIF(B2:B5;">=5")', 2),
        ('=COUNTIF(A:A;"L-*")', 3),
        ('=COUNTIFS(C2:C5;"won";B2:B5;"<>")', 1),
        ('=SUMIFS(B2:B5;C2:C5;"lost")', 7),
        ("=AND(TRUE;1;B2)", True),
        ("=OR(FALSE;0)", False),
        ("=NOT(0)", True),
        ("=ISBLANK(B4)", True),
        ("=ISNUMBER(B2)", True),
        ("=ISNUMBER(1/0)", False),
        ('=B4=""', True),
        ("=B4+1", 1),
        ('=LEN("привет")', 6),
        ('=N("crm:v1")', 0),
        ('=T(5)&T("x")', "x"),
        ("=INT(-1.5)", -2),
        ("=ROUND(2.345;2)", 2.35),
        ('=CONCATENATE("a";1;C2)', "a1won"),
        ('=SEARCH("В";"привет")', 4),
        ('=SEARCH("z";"abc")', "#VALUE!"),
        ('=HYPERLINK("#gid=0&range=A5";"L-1")', "L-1"),
        ('=INDEX(INDIRECT("scores");2)', 30),
        ('=SUM(INDIRECT("B2:B3"))', 12),
        ('=INDIRECT("nobody")', "#REF!"),
        ('=TEXT(46347;"dd.mm.yyyy")', "21.11.2026"),
        ('=TEXT(1234.5;"#,##0.0")', "1,234.5"),
        ("=DATE(2026;11;21)", 46347),
        ("=DATE(2026;14;1)", 46419),
        ("=TODAY()-DATE(2026;11;1)", 20),
        ("=NETWORKDAYS(DATE(2026;11;16);DATE(2026;11;22))", 5),
        ("=NETWORKDAYS(DATE(2026;11;22);DATE(2026;11;16))", -5),
        ("=ids", "L-1"),
        ("=SUM(1,2)", 3),
        ("=SUM(1", "#ERROR!"),
        ("=H2", "#REF!"),
    ],
)
def test_formulas_show_what_google_shows(shop: Api, formula: str, value: Any) -> None:
    shown = shows(shop, formula)
    assert shown == (pytest.approx(value) if isinstance(value, float) else value)
    assert isinstance(shown, bool) is isinstance(value, bool)


def test_errors_pass_through_cells(shop: Api) -> None:
    shop.put("H2:J2", [["=1/0", "=H2+1", "=IFERROR(I2;0)"]])
    assert shop.values("H2:J2") == [["#DIV/0!", "#DIV/0!", 0]]


def test_today_is_what_the_server_says(server: Server, shop: Api) -> None:
    assert shows(shop, "=TODAY()") == 46347
    server.today = date(2026, 11, 22)
    assert shop.values("H2") == [[46348]]
    assert shop.values("H2", "FORMATTED_VALUE") == [["11/22/2026"]]


def test_results_are_computed_anew_after_a_change(shop: Api) -> None:
    assert shows(shop, "=SUM(B2:B3)") == 12
    shop.put("B2", [[100]])
    assert shop.values("H2") == [[107]]


def test_ten_thousand_rows_of_lookups_come_out_right(server: Server) -> None:
    api = Api(server, server.create("Big"))
    n = 10_000
    size = {"rowCount": n, "columnCount": 6}
    fields = "gridProperties(rowCount,columnCount)"
    api.batch({"updateSheetProperties": {"properties": {"gridProperties": size}, "fields": fields}})
    for name, at in (("keys", 0), ("values_", 1), ("wanted", 2)):
        span = {"startColumnIndex": at, "endColumnIndex": at + 1}
        api.batch({"addNamedRange": {"namedRange": {"name": name, "range": span}}})
    api.put("A1:C10000", [[f"k{i}", i, f"k{n - 1 - i}"] for i in range(n)], "RAW")
    formula = "=INDEX(values_;MATCH(INDEX(wanted;ROW());keys;0))"
    cell = {"userEnteredValue": {"formulaValue": formula}}
    span = {"startColumnIndex": 3, "endColumnIndex": 4}
    api.batch({"repeatCell": {"range": span, "cell": cell, "fields": "userEnteredValue"}})
    (column,) = api.values("D:D", majorDimension="COLUMNS")
    assert column == list(range(n - 1, -1, -1))
    api.close()


# -- references in texts ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formula", "after"),
    [
        ('=A5+$B$5&"A5"', '=A6+$B$6&"A5"'),
        ("=SUM(A:A)+SUM(2:5)", "=SUM(A:A)+SUM(2:6)"),
        ("=Other!A5+'My tab'!A5", "=Other!A5+'My tab'!A5"),
        ("=LOG10(A5)", "=LOG10(A6)"),
        ("=A2:A", "=A2:A"),
        ("=ABC1234X", "=ABC1234X"),
    ],
)
def test_references_follow_an_inserted_row(formula: str, after: str) -> None:
    edit = Insert(0, "ROWS", 3, 1)
    moved = rewrite(formula, lambda r: r.edited(edit) if r.sheet is None else r)
    assert moved == after


def test_references_to_deleted_cells_are_gone() -> None:
    edit = Delete(0, "COLUMNS", 1, 3)
    assert rewrite("=A1+B1+D1+SUM(A1:E1)", lambda r: r.edited(edit)) == "=A1+#REF!+B1+SUM(A1:C1)"


def test_a_comma_separates_only_where_it_is_no_decimal_sign() -> None:
    assert parse("=MAX(1,2)", decimal_comma=False)[2] == [("number", 1), ("number", 2)]
    assert parse("=MAX(1,2)", decimal_comma=True)[2] == [("number", 1.2)]
    assert parse("=MAX(1;2)", decimal_comma=True) == parse("=MAX(1,2)", decimal_comma=False)
