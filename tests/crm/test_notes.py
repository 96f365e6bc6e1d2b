"""Notes beside numbers: where they stand, in which order, and that none is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from sheetsync.crm import base, dashboard, notes, overdue, sources, team
from sheetsync.crm.book import Locale, Raw, understand
from sheetsync.crm.stages import pipeline
from sheetsync.crm.stages import statistics as stages
from sheetsync.locales import LANGUAGES, load
from tests.crm.books import NOW, TODAY, make_book
from tests.crm.shops import run

COMPUTES = (
    pipeline.compute,
    stages.compute,
    sources.compute,
    overdue.compute,
    team.compute,
    dashboard.compute,
)


def _noted(book: base.Book, *rows: tuple[str | None, str | None, str]) -> base.Book:
    index = pd.Index([f"N-{n:03d}" for n in range(1, len(rows) + 1)], dtype="str")
    frame = pd.DataFrame(rows, index=index, columns=["date", "about", "note"], dtype=object)
    frame["date"] = pd.to_datetime(frame["date"])
    return replace(book, notes=frame.assign(by=None))


def _shop(**more: Any) -> base.Book:
    way = [("Website", "Anna", s) for s in ("In work", "Proposal", "Won", "Lost")]
    leads = [
        {"source": source, "manager": manager, "status": status, "created": "2026-03-05"}
        for source, manager, status in way
    ]
    return make_book(leads=leads, **more)


def _table(book: base.Book) -> pd.DataFrame:
    return run(book, *COMPUTES).tables["dashboard"]


def _beside(book: base.Book, section: str, item: str) -> str:
    table = _table(book)
    at = table["section"].eq(book.words(f"dashboard.section.{section}")) & table["item"].eq(item)
    return str(table.loc[at, "note"].iloc[0])


@pytest.mark.parametrize(
    ("about", "section", "item"),
    [
        ("Proposal", "visited", "Proposal"),
        (" proposal. ", "visited", "Proposal"),
        ("Website", "sources", "Website"),
        ("Anna", "managers", "Anna"),
        ("Won", "visited", "Won"),
        ("Leads in all", "overview", "Leads in all"),
        ("Time in stage: Proposal", "times", "Proposal"),
        ("Managers", "managers", "Anna"),
    ],
)
def test_a_note_stands_beside_the_number_it_is_about(about: str, section: str, item: str) -> None:
    book = _noted(_shop(), ("2026-03-12", about, "a new agency"))
    assert _beside(book, section, item).endswith("12 Mar: a new agency")
    columns = run(book, *COMPUTES).columns["notes"]
    title = book.words(f"dashboard.section.{section}")
    assert columns.loc["N-001", "shown_at"] == f"{title}: {item}"
    assert pd.isna(columns.loc["N-001", "check"])
    assert _table(book)["note"].str.contains("a new agency").sum() == 1


def test_in_russian_and_with_the_year_where_it_is_another() -> None:
    book = _noted(
        make_book(lang="ru", leads=[{"status": "Продажа", "source": "Сайт"}]),
        ("2026-03-12", "Сайт", "сменили подрядчика рекламы"),
        ("2025-12-01", "сайт", "запустили"),
    )
    assert _beside(book, "sources", "Сайт").endswith(
        "12.03: сменили подрядчика рекламы; 01.12.2025: запустили"
    )


def test_the_newest_two_are_shown_and_the_rest_counted() -> None:
    book = _noted(
        _shop(),
        ("2026-03-01", "Website", "first"),
        (None, "Website", "undated"),
        ("2026-05-01", "Website", "last"),
        ("2026-04-01", "Website", "middle"),
    )
    assert _beside(book, "sources", "Website").endswith("1 May: last; 01 Apr: middle and 2 more")


@pytest.mark.parametrize(
    ("typed", "month"),
    [
        ("2026-03", "2026-03"),
        ("2026-3", "2026-03"),
        ("03.2026", "2026-03"),
        ("март 2026", "2026-03"),
        ("Марта 2026 г.", "2026-03"),
        ("March 2026", "2026-03"),
        ("мар. 2026", "2026-03"),
        ("2026-03-01", "2026-03"),
        ("01.03.2026", "2026-03"),
        ("46082", "2026-03"),
        ("46083", None),
        ("2026-13", None),
        ("март", None),
        ("Website", None),
        ("2026-03-02", None),
        ("", None),
    ],
)
def test_months_are_read_as_people_and_spreadsheets_write_them(
    typed: str, month: str | None
) -> None:
    assert notes.month_of(typed) == month


def test_a_month_is_found_however_either_side_writes_it() -> None:
    line = base.Line("2026-03", 3)
    book = _noted(_shop(), ("2026-04-02", "март 2026", "праздники"))
    placed = notes.place({"cohorts": [line]}, {"cohorts": "Months", "notes": "Notes"}, book)
    assert placed.sections["cohorts"][0].note == "02 Apr: праздники"
    assert placed.where == {"N-001": "Months: 2026-03"}


def test_a_note_about_nothing_known_stands_at_the_end_and_says_so() -> None:
    book = _noted(
        _shop(),
        ("2026-03-12", "Websitte", "typo"),
        (None, None, "about nothing"),
        ("2026-03-13", "The weather", "rain"),
    )
    table = _table(book)
    last = table[table["section"].eq("Notes")]
    assert last[["item", "note"]].to_numpy().tolist() == [
        ["The weather", "13 Mar: rain"],
        ["Websitte", "12 Mar: typo"],
        ["About nothing in particular", "about nothing"],
    ]
    assert table.index[-1] == last.index[-1]
    columns = run(book, *COMPUTES).columns["notes"]
    assert columns["shown_at"].tolist() == ["Notes"] * 3
    assert columns.loc["N-001", "check"].endswith("Perhaps: Website")
    assert columns.loc["N-002", "check"] == book.words("notes.about_nothing")


@pytest.mark.parametrize("text", ["=1+1", "{0} {name} %s", "=HYPERLINK(A1)", "'; DROP TABLE"])
def test_the_text_of_a_note_is_data(text: str) -> None:
    book = _noted(_shop(), (None, "Website", text), (None, text, "about it"))
    assert _beside(book, "sources", "Website").endswith(text)
    table = _table(book)
    assert table.loc[table["section"].eq("Notes"), "item"].tolist() == [text]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_notes_nothing_changes(lang: str) -> None:
    book = make_book(lang=lang)
    assert book.words("dashboard.section.notes") not in set(_table(book)["section"])
    assert run(book, *COMPUTES).columns["notes"].empty


def _typed(rows: list[Mapping[str, Any]]) -> base.Book:
    frame = pd.DataFrame(rows, index=range(2, len(rows) + 2), dtype=object)
    keys = pd.Series([f"N-{n:03d}" for n in range(1, len(rows) + 1)], index=frame.index)
    return understand(
        {"notes": Raw(frame, keys)}, headers={}, locale=Locale(load("en")), today=TODAY, now=NOW
    )


def test_the_tab_is_read_and_a_date_that_cannot_be_read_keeps_its_note() -> None:
    book = _typed(
        [
            {"date": "2026-03-12", "about": "Website", "note": "a new agency", "by": "Anna"},
            {"date": "soon", "about": "Anna", "note": "on holiday"},
            {"date": "2026-03-12", "about": "Anna", "note": None},
        ]
    )
    assert book.notes["note"].tolist() == ["a new agency", "on holiday"]
    assert book.notes["date"].isna().tolist() == [False, True]
    assert [(p.tab, p.column, p.key) for p in book.problems] == [("notes", "date", "N-002")]
    check = run(book, *COMPUTES).columns["notes"].loc["N-002", "check"]
    assert check.startswith("Date: ")


def test_a_workbook_without_the_tab_has_no_notes() -> None:
    book = understand({}, headers={}, locale=Locale(load("en")), today=TODAY, now=NOW)
    assert book.notes.empty
