"""The call script: pages, where they lead, and what is wrong with one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from sheetsync import crm, locales
from sheetsync.crm import KINDS, attention, kinds
from sheetsync.crm.base import Book
from sheetsync.crm.book import Locale, Raw, understand
from sheetsync.errors import LayoutError
from sheetsync.sync.provision import provision
from sheetsync.sync.refresh import refresh
from sheetsync.workbooks.xlsx.workbook import XlsxWorkbook
from tests.crm.books import NO_RESULTS

NOW = datetime(2026, 11, 21, 12)

every_crm = pytest.mark.parametrize(
    ("kind", "lang"), [(kind, lang) for kind in KINDS for lang in locales.LANGUAGES]
)

Page = tuple[Any, ...]


def read(*pages: Page, lang: str = "en") -> Book:
    """A book whose script has these pages: name, group, status, what to say, next."""
    columns = ["step", "group", "status", "say", "next"]
    return understand(
        {"script": tab(columns, pages), "statuses": tab(["status", "kind"], [("New", "open")])},
        headers={},
        locale=Locale(locales.load(lang)),
        today=date(2026, 11, 21),
        now=NOW,
    )


def tab(columns: Sequence[str], rows: Sequence[Page]) -> Raw:
    padded = [(*row, *[None] * (len(columns) - len(row))) for row in rows]
    frame = pd.DataFrame(padded, columns=list(columns), index=range(2, len(rows) + 2), dtype=object)
    keys = frame[columns[0]].map(lambda cell: None if cell is None else str(cell).strip() or None)
    return Raw(frame, keys)


def told(book: Book) -> list[tuple[str | None, int, str, str, str]]:
    return [(p.column, p.row, p.typed, p.code, p.hint) for p in book.problems if p.tab == "script"]


def pages(book: Book) -> dict[str, Mapping[Any, Any]]:
    return {str(name): page for name, page in book.script.to_dict("index").items()}


def test_a_page_is_read_as_people_type_it() -> None:
    book = read(
        (
            "Hello",
            None,
            " new ",
            "  Good   day!\n\nIs it a good moment? ",
            "need ;\nToo Expensive.",
        ),
        ("Need", "talk"),
        ("Too expensive", "Objection", None, "Compared with what?", "Hello; hello; Need"),
    )
    assert told(book) == []
    assert pages(book) == {
        "Hello": {
            "group": "talk",
            "status": "New",
            "say": "Good day!\n\nIs it a good moment?",
            "next": ("Need", "Too expensive"),
        },
        "Need": {"group": "talk", "status": None, "say": None, "next": ()},
        "Too expensive": {
            "group": "objection",
            "status": None,
            "say": "Compared with what?",
            "next": ("Hello", "Need"),
        },
    }


def test_words_of_the_other_language_are_understood() -> None:
    book = read(("Дорого", "возражение"), ("Привет", "разговор"), lang="en")
    assert book.script["group"].tolist() == ["objection", "talk"]


def test_a_next_page_that_is_not_there_is_told_with_the_closest_one() -> None:
    book = read(
        ("Hello", "talk", None, None, "What is neded; Offer\nsomething else entirely"),
        ("What is needed",),
        ("Offer",),
    )
    assert told(book) == [
        ("next", 2, "What is neded", "script.no_page", "What is needed"),
        ("next", 2, "something else entirely", "script.no_page", ""),
    ]
    assert pages(book)["Hello"]["next"] == ("Offer",), "the others still lead on"


def test_two_pages_of_one_name_are_told_and_the_first_counts() -> None:
    book = read(("Hello", "talk", None, "one"), ("hello ", "talk", None, "two", "nowhere"))
    assert told(book) == [(None, 3, "hello", "list.repeated", "")]
    assert book.script["say"].tolist() == ["one"]


def test_an_unknown_status_and_an_unknown_group_are_told() -> None:
    book = read(("Hello", "tlk", "Neww", "Hi"))
    assert told(book) == [
        ("group", 2, "tlk", "list.unknown", "talk"),
        ("status", 2, "Neww", "list.unknown", "New"),
    ]
    assert pages(book)["Hello"]["group"] == "talk"


def test_a_text_without_a_name_is_told() -> None:
    assert told(read((None, "talk", None, "Hi"), ("  ", None, None, None, None))) == [
        ("step", 2, "Hi", "script.no_name", "")
    ]


def test_a_name_may_hold_what_parts_names() -> None:
    book = read(
        ("Hello", None, None, None, "Too dear; found cheaper\nNeed"),
        ("Too dear; found cheaper",),
        ("Need",),
    )
    assert told(book) == []
    assert pages(book)["Hello"]["next"] == ("Too dear; found cheaper", "Need")


def test_numbers_are_names_like_others() -> None:
    book = read(("1", None, None, 25.0, 2.0), ("2", None, None, True))
    assert pages(book)["1"]["next"] == ("2",)
    assert book.script["say"].tolist() == ["25", "TRUE"]


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("en", "Then go to: no page is called “What is neded”; write names as they stand in the"),
        ("ru", "Куда дальше: страницы «What is neded» нет; пишите названия как в первом столбце"),
    ],
)
def test_the_check_column_says_what_is_wrong(lang: str, expected: str) -> None:
    book = read(("Hello", None, None, None, "What is neded"), ("What is needed",), lang=lang)
    results = replace(NO_RESULTS, problems=book.problems)
    checks = attention.compute(book, results).columns["script"]["check"].to_dict()
    assert list(checks) == ["Hello"]
    assert checks["Hello"].startswith(expected)
    assert checks["Hello"].endswith(
        {"en": "Perhaps: ", "ru": "Возможно: "}[lang] + "What is needed"
    )


@every_crm
def test_the_script_of_a_new_crm_is_whole(kind: str, lang: str) -> None:
    """Understood without a complaint, opened at the first status, every page to be reached."""
    words = locales.load(lang)
    seeds = kinds.seeds(kind, words)
    lists = {
        key: tab(list(rows[0]), [tuple(row.values()) for row in rows])
        for key, rows in seeds.items()
        if key in ("script", "statuses")
    }
    book = understand(lists, headers={}, locale=Locale(words), today=date(2026, 11, 21), now=NOW)
    assert told(book) == []
    script = book.script
    assert 8 <= len(script) <= 12
    assert script["status"].iloc[0] == book.statuses.index[0]
    assert script["say"].notna().all()
    assert script["group"].eq("objection").sum() >= 3
    # A cold call is opened by who makes it, not by a status.
    cold = script.index.isin(["Cold call", "Холодный звонок"])
    opened = script.index[script["status"].notna() | cold]
    at_loss = script["status"].map(book.statuses["kind"]).eq("lost")
    assert at_loss.any(), "nobody is let go without a last try"
    reached, new = set(), set(opened)
    while new:
        reached |= new
        new = {page for name in new for page in script.at[name, "next"]} - reached
    assert reached == set(script.index)


def test_a_crm_without_the_tab_refreshes_and_gets_it_with_its_pages_by_init(
    tmp_path: Path,
) -> None:
    path = tmp_path / "shop.xlsx"
    provision(XlsxWorkbook(path), kind="general", lang="en")
    book = openpyxl.load_workbook(path)
    for key in ("script", "addon"):
        del book[locales.load("en")(f"tabs.{key}")]
        for name in [name for name in book.defined_names if name.startswith(f"_ss.{key}.")]:
            del book.defined_names[name]
    book.save(path)
    assert refresh(XlsxWorkbook(path), now=NOW).receipt is not None
    assert not {"script", "addon"} & set(XlsxWorkbook(path).read().tabs)

    steps = provision(XlsxWorkbook(path)).steps
    assert {step.tab for step in steps if step.what == "tab"} == {"script", "addon"}
    tabs = XlsxWorkbook(path).read().tabs
    seeds = kinds.seeds("general", locales.load("en"))["script"]
    assert tabs["script"].frame["step"].tolist() == [row["step"] for row in seeds]
    assert tabs["script"].frame["say"].tolist() == [row["say"] for row in seeds]
    assert tabs["addon"].frame.empty, "a refresh fills it"


def test_without_the_names_of_pages_the_tab_is_named_as_what_to_mend(tmp_path: Path) -> None:
    path = tmp_path / "shop.xlsx"
    provision(XlsxWorkbook(path), kind="general", lang="en")
    book = openpyxl.load_workbook(path)
    book["Script"].delete_cols(1)
    del book.defined_names["_ss.script.step"]
    book.save(path)
    with pytest.raises(LayoutError) as caught:
        refresh(XlsxWorkbook(path), now=NOW)
    assert (caught.value.key, caught.value.values["column"]) == ("column_missing", "Page")


def test_the_tab_is_hidden_in_a_new_crm_and_the_owners_to_change() -> None:
    script = crm.layout("general")["script"]
    assert script.hidden
    assert [column.key for column in script.owned("tool")] == ["check"]
