"""One cell per lead that says everything, worst first."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from sheetsync.crm import attention
from sheetsync.crm.base import FLAG_COLUMNS, Problem
from tests.crm.books import NO_RESULTS, make_book


def flags(*rows: tuple[str, int, str, str]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=list(FLAG_COLUMNS))


def test_flags_come_worst_first_and_the_same_one_once() -> None:
    book = make_book(leads=[{"status": "New"}, {"status": "New"}])
    so_far = replace(
        NO_RESULTS,
        flags=flags(
            ("L-00001", 40, "b", "Say hello"),
            ("L-00001", 100, "a", "Call now"),
            ("L-00001", 40, "b", "Say hello"),
            ("L-09999", 100, "a", "A lead that is gone"),
        ),
    )
    cells = attention.compute(book, so_far).columns["leads"]
    assert cells.loc["L-00001", "attention"] == "Call now; Say hello"
    assert pd.isna(cells.loc["L-00002", "attention"])
    assert list(cells.index) == ["L-00001", "L-00002"]
    assert list(cells["kind"]) == ["open", "open"]


def test_an_unreadable_cell_is_named_with_the_header_people_gave_it() -> None:
    problem = Problem("leads", "phone", 2, "L-00001", "8916", "list.repeated", "+7 916 …")
    book = make_book(
        leads=[{"status": "New"}],
        headers={"phone": "Мобильный"},
        unreadable={"phone": ["L-00001"], "budget": ["L-00001"]},
    )
    cells = attention.compute(book, replace(NO_RESULTS, problems=(problem,))).columns["leads"]
    assert cells.loc["L-00001", "attention"].startswith("Мобильный: ")
    assert "8916" in cells.loc["L-00001", "attention"]
    assert "+7 916 …" in cells.loc["L-00001", "attention"]
    assert cells.loc["L-00001", "problems"] == "|phone|budget|"


def test_problems_of_list_tabs_stand_in_their_rows() -> None:
    problem = Problem("sources", "cost", 4, "Сайт", "дорого", "list.repeated")
    part = attention.compute(make_book(), replace(NO_RESULTS, problems=(problem,)))
    assert list(part.columns["sources"].index) == ["Сайт"]
    assert part.columns["team"].empty
    assert part.columns["leads"].empty
