"""The main job, on both workbooks: provisioned, filled by hand, refreshed, the same results."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from sheetsync import locales
from sheetsync.crm import layout, settings_of_all
from sheetsync.errors import InputError, LayoutError, TargetError
from sheetsync.layout import header as header_of
from sheetsync.sync.demo import make_demo
from sheetsync.sync.export import tab_table
from sheetsync.sync.provision import provision
from sheetsync.sync.refresh import Refreshed, refresh
from sheetsync.sync.understand import read_and_understand
from sheetsync.workbooks.base import Workbook
from sheetsync.workbooks.google.workbook import GoogleWorkbook
from sheetsync.workbooks.xlsx.workbook import XlsxWorkbook
from tests.google import Server
from tests.workbooks.contract import Operator
from tests.workbooks.excel import ExcelOperator
from tests.workbooks.test_google import client_of

NOW = datetime(2026, 11, 21, 12)

LEADS: list[dict[str, Any]] = [
    {
        "Создан": date(2026, 11, 2),
        "Имя": "Анна",
        "Телефон": "8 (916) 123-45-67",
        "Источник": "рекомендация",
        "Бюджет": "300 т.р.",
        "Статус": "Новый",
    },
    {
        "Создан": "05.11",
        "Имя": "Борис",
        "Телефон": "8 903 765 43 21, +7 925 111-22-33",
        "Источник": "Сат",
        "Статус": " СВЯЗАЛИСЬ",
        "Дата шага": date(2026, 11, 18),
        "Что сделать": "=перезвонить",
    },
    {"Имя": "Вера", "Телефон": "8916", "Статус": "Связались", "Дата шага": "завтра"},
    {"Создан": date(2026, 10, 1), "Имя": "Глеб", "Статус": "Оплачен", "Сумма сделки": 90000},
]


Shop = tuple[Workbook, Operator]


@pytest.fixture
def on_xlsx(tmp_path: Path) -> Shop:
    path = tmp_path / "shop.xlsx"
    return XlsxWorkbook(path), ExcelOperator(path)


@pytest.fixture
def on_google(server: Server) -> Shop:
    spreadsheet = server.create("Магазин", "ru_RU")
    return GoogleWorkbook(client_of(server), spreadsheet), server.operator(spreadsheet)


@pytest.fixture(scope="module")
def versions() -> dict[Any, Any]:
    """Those of the first shops, for all that come after them."""
    return {}


@pytest.fixture(params=["xlsx", "google"])
def shop(request: pytest.FixtureRequest, versions: dict[Any, Any]) -> Shop:
    """A new Russian CRM of a travel agency with four leads typed in."""
    return prepared(request.getfixturevalue(f"on_{request.param}"), versions, fill)


@pytest.fixture
def refreshed(shop: Shop, versions: dict[Any, Any]) -> Shop:
    """The same after its first refresh."""

    def first(shop: Shop) -> None:
        assert not go(shop[0]).plan.empty

    return prepared(shop, versions, first, "refreshed")


def prepared(
    shop: Shop, versions: dict[Any, Any], make: Callable[[Shop], None], state: str = "filled"
) -> Shop:
    """A shop in a state that is made once for each kind of workbook."""
    _, person = shop
    key = type(person), state
    if key in versions:
        person.restore(versions[key])
    else:
        make(shop)
        versions[key] = person.version()
    return shop


def fill(shop: Shop) -> None:
    workbook, person = shop
    provision(workbook, kind="travel", lang="ru")
    for lead in LEADS:
        typed = {key: value for key, value in lead.items() if not str(value).startswith("=")}
        person.append("Лиды", typed)


def go(workbook: Workbook, **options: Any) -> Refreshed:
    return refresh(workbook, now=NOW, **options)


def leads(person: Operator) -> dict[str, dict[str, Any]]:
    """The rows of the Leads tab as people see them, by name."""
    return {row["Имя"]: row for row in person.rows("Лиды")}


def test_both_workbooks_give_the_same_results(
    on_xlsx: Shop, on_google: Shop, versions: dict[Any, Any]
) -> None:
    tables: dict[str, list[pd.DataFrame]] = {}
    for shop in (on_xlsx, on_google):
        workbook, _ = prepared(shop, versions, fill)
        go(workbook)
        understood = read_and_understand(workbook, today=NOW.date())
        for tab in ("leads", "today", "checklist", "sources", "scoring", "dashboard", "statuses"):
            tables.setdefault(tab, []).append(tab_table(understood, tab))
    for tab, (one, other) in tables.items():
        pd.testing.assert_frame_equal(
            one.astype(object), other.astype(object), check_dtype=False, obj=tab
        )


def test_results_stand_beside_the_lead_and_what_was_typed_stays(shop: Shop) -> None:
    workbook, person = shop
    before = leads(person)
    go(workbook)
    after = leads(person)
    assert [after[name]["ID"] for name in after] == ["L-00001", "L-00002", "L-00003", "L-00004"]
    assert after["Борис"]["Просрочено, дн."] == 3
    assert "Сайт" in after["Борис"]["Внимание"]
    assert "22.11.2026" in after["Вера"]["Внимание"]
    words, tab = locales.load("ru"), layout("travel")["leads"]
    ours = {header_of(words, tab, column) for column in tab.owned("tool")}
    for name, row in before.items():
        for header, value in row.items():
            if header not in ours:
                assert after[name][header] == value, (name, header)


def test_a_second_refresh_has_nothing_to_do_and_the_next_day_has(refreshed: Shop) -> None:
    workbook, _ = refreshed
    assert go(workbook).plan.empty
    tomorrow = refresh(workbook, now=datetime(2026, 11, 22, 9), dry_run=True)
    assert not tomorrow.plan.empty
    assert tomorrow.receipt is None


def test_a_change_of_status_is_one_line_of_history(refreshed: Shop) -> None:
    workbook, person = refreshed
    row = 2 + [r["Имя"] for r in person.rows("Лиды")].index("Анна")
    person.type("Лиды", row, "Статус", "Связались")
    refresh(workbook, now=datetime(2026, 11, 21, 15))
    again = go(workbook)
    assert again.nothing
    history = tab_table(again.understood, "history")
    anna = history[history["lead"] == "L-00001"]
    assert list(zip(anna["from"].fillna(""), anna["to"], strict=True)) == [
        ("", "Новый"),
        ("Новый", "Связались"),
    ]
    assert list(anna["id"]) == ["L-00001/1", "L-00001/2"]


def test_sorted_inserted_and_copied_rows_keep_their_leads(refreshed: Shop) -> None:
    workbook, person = refreshed
    person.sort("Лиды", "Имя")
    person.insert_row("Лиды", 3)
    person.copy_row("Лиды", 2, 7)
    person.rename_column("Лиды", "Телефон", "Мобильный")
    person.rename_tab("Лиды", "Клиенты")
    go(workbook)
    rows = person.rows("Клиенты")
    ids = {row["Имя"]: row["ID"] for row in reversed(rows)}
    assert ids == {"Анна": "L-00001", "Борис": "L-00002", "Вера": "L-00003", "Глеб": "L-00004"}
    assert [row["ID"] for row in rows if row["Имя"] == "Анна"] == ["L-00001", "L-00005"]
    assert go(workbook).plan.empty


def test_a_result_that_was_cleared_or_typed_over_comes_back(refreshed: Shop) -> None:
    workbook, person = refreshed
    before = leads(person)
    person.type("Лиды", 2, "Балл", None)
    person.type("Лиды", 3, "Внимание", "сам разберусь")
    person.type("Лиды", 3, "Просрочено, дн.", None)
    assert [change.count for change in go(workbook).plan.changes] == [1, 1, 1]
    assert leads(person) == before
    assert go(workbook).plan.empty


def test_a_new_step_becomes_a_column_of_the_checklist_and_ticks_stay(refreshed: Shop) -> None:
    workbook, person = refreshed
    first = person.headers("Чек-лист")[3]
    person.type("Чек-лист", 3, first, True)
    person.append("Шаги", {"Шаг": "Подарили магнит", "Обязателен": True})
    assert go(workbook, dry_run=True).new_steps == ("Подарили магнит",)
    assert "Подарили магнит" not in person.headers("Чек-лист")
    assert go(workbook).new_steps == ("Подарили магнит",)
    rows = person.rows("Чек-лист")
    assert "Подарили магнит" in person.headers("Чек-лист")
    assert [row["Имя"] for row in rows] == ["Анна", "Борис", "Вера", "Глеб"]
    assert [bool(row[first]) for row in rows] == [False, True, False, False]
    assert go(workbook).nothing


def test_a_deleted_required_column_is_an_error_that_names_the_repair(refreshed: Shop) -> None:
    workbook, person = refreshed
    person.delete_column("Лиды", "Телефон")
    with pytest.raises(LayoutError, match=r"Телефон.*sheetsync init"):
        go(workbook)
    provision(workbook)
    go(workbook)
    assert leads(person)["Анна"]["Телефон"] is None


def test_a_deleted_column_of_results_is_left_out_until_init_brings_it_back(refreshed: Shop) -> None:
    workbook, person = refreshed
    before = leads(person)["Анна"]["Почему"]
    person.delete_column("Лиды", "Почему")
    # Only the add-on is told that Leads has a column less.
    assert {change.tab for change in go(workbook).plan.changes} == {"addon"}
    assert go(workbook).nothing
    provision(workbook)
    go(workbook)
    assert leads(person)["Анна"]["Почему"] == before
    assert go(workbook).nothing


def test_emptied_lists_and_settings_are_told_or_come_back(refreshed: Shop) -> None:
    workbook, person = refreshed
    for tab, key in (("Статусы", "Статус"), ("Настройки", "Ключ")):
        for _ in person.rows(tab)[1:]:  # Google does not let anybody delete the last row
            person.delete_row(tab, 2)
        for header in person.headers(tab):
            if header in (key, "Настройка", "Значение", "Что она делает"):
                person.type(tab, 2, header, None)
    codes = {problem.code for problem in go(workbook).understood.results.problems}
    assert "list.unknown" in codes
    values = {row["Настройка"]: row["Значение"] for row in person.rows("Настройки")}
    assert values["Валюта"] == "RUB"
    assert len(values) == len(settings_of_all())
    assert go(workbook).nothing


def test_most_leads_gone_at_once_wants_force_and_then_it_is_settled(tmp_path: Path) -> None:
    path = tmp_path / "crm.xlsx"
    make_demo(path, lang="en", leads=40, today=NOW.date())
    book = openpyxl.load_workbook(path)
    book["Leads"].delete_rows(5, 30)
    book.save(path)
    with pytest.raises(InputError, match="--force"):
        go(XlsxWorkbook(path))
    assert not go(XlsxWorkbook(path), force=True).plan.empty
    assert go(XlsxWorkbook(path)).plan.empty


def test_init_again_changes_nothing_and_another_kind_is_refused(shop: Shop) -> None:
    workbook, _ = shop
    assert provision(workbook).steps == ()
    go(workbook)
    assert provision(workbook, kind="travel", lang="ru").steps == ()
    with pytest.raises(TargetError, match="kind travel"):
        provision(workbook, kind="b2b")


@pytest.mark.parametrize("make", ["on_xlsx", "on_google"])
@pytest.mark.parametrize("lang", ["en", "ru"])
def test_an_empty_shop_refreshes_without_a_number_out_of_nothing(
    make: str, lang: str, request: pytest.FixtureRequest
) -> None:
    workbook, _ = request.getfixturevalue(make)
    provision(workbook, kind="general", lang=lang)
    done = go(workbook)
    assert done.understood.results.problems == ()
    again = go(workbook)
    assert again.plan.empty
    assert tab_table(again.understood, "leads").empty
    assert tab_table(again.understood, "dashboard")["share"].isna().all()
