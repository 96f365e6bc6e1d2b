"""The manager's figures, by hand and in SQL."""

from __future__ import annotations

import pandas as pd
import pytest

from sheetsync.crm import base, team
from sheetsync.crm.stats import wilson
from tests.crm.books import NO_RESULTS, make_book
from tests.crm.shops import random_shop, run, sql, tables


def _with_overdue(book: base.Book, days: list[int | None]) -> base.Results:
    overdue = pd.DataFrame(
        {"overdue": pd.array(days, dtype="Int64")}, index=book.leads.index[: len(days)]
    )
    return base.Results(**{**vars(NO_RESULTS), "columns": {"leads": overdue}})


def test_a_manager_is_counted_without_partners_and_wrong_numbers() -> None:
    statuses = ["New", "In work", "Won", "Lost", "Lost", "Spam", "Partner", "Wrong number", None]
    book = make_book(leads=[{"manager": "Anna", "status": status} for status in statuses])
    line = run(book, team.compute).columns["team"].loc["Anna"]
    assert line[["leads", "open", "won", "lost"]].tolist() == [7, 2, 1, 2]
    assert line["conversion"] == pytest.approx(1 / 7)
    assert [line["low"], line["high"]] == pytest.approx([float(x) for x in wilson(1, 7)])


def test_a_manager_without_leads_has_no_conversion() -> None:
    line = run(make_book(), team.compute).columns["team"].loc["Boris"]
    assert line[["leads", "open", "won", "lost"]].tolist() == [0, 0, 0, 0]
    assert line[["conversion", "low", "high"]].isna().all()


def test_overdue_counts_open_leads_only() -> None:
    rows = [("Anna", "New"), ("Anna", "In work"), ("Anna", "Won"), ("Boris", "New"), (None, "New")]
    book = make_book(leads=[{"manager": manager, "status": status} for manager, status in rows])
    part = team.compute(book, _with_overdue(book, [3, None, 9, 0, 1]))
    assert part.columns["team"]["overdue"].tolist() == [1, 0]
    assert part.figures["team"]["overdue"].tolist() == [1, 0, 1]


def test_overdue_is_missing_where_nothing_computed_it() -> None:
    book = make_book(leads=[{"manager": "Anna", "status": "New"}])
    assert run(book, team.compute).columns["team"]["overdue"].isna().all()


def test_leads_of_nobody_known_have_the_last_line_of_the_figures() -> None:
    book = make_book(
        leads=[{"manager": None, "status": "Won"}, {"manager": "Left", "status": "New"}]
    )
    figure = run(book, team.compute).figures["team"]
    assert figure["name"].tolist() == ["Anna", "Boris", None]
    assert figure["leads"].tolist() == [0, 0, 2]


@pytest.mark.parametrize("seed", range(3))
def test_random_shops_agree_with_sql(seed: int) -> None:
    book = random_shop(seed, 500, 0)
    days = [None if n % 7 == 0 else n % 3 for n in range(500)]
    found = team.compute(book, _with_overdue(book, days)).figures["team"]
    expected = sql(
        """
        SELECT t.name, count(*) AS leads, count(*) FILTER (kind = 'open') AS open,
               count(*) FILTER (kind = 'won') AS won, count(*) FILTER (kind = 'lost') AS lost,
               count(*) FILTER (kind = 'won') / count(*) AS conversion,
               count(*) FILTER (kind = 'open' AND days > 0) AS overdue
        FROM leads l LEFT JOIN team t ON t.name = l.manager
        WHERE kind IS NULL OR kind NOT IN ('partner', 'not_a_lead')
        GROUP BY t.name ORDER BY t.name NULLS LAST
        """,
        leads=tables(book)["leads"].assign(days=pd.array(days, dtype="Int64")),
        team=book.team.reset_index(names="name"),
    )
    counts = ["leads", "open", "won", "lost", "overdue"]
    assert found[counts].to_numpy().tolist() == expected[counts].to_numpy().tolist()
    assert found["conversion"].to_numpy() == pytest.approx(expected["conversion"].to_numpy())
    assert found["overdue"].sum() > 10


@pytest.mark.parametrize("book", [make_book(team=[]), make_book(team=[], leads=[{"name": "x"}])])
def test_a_shop_without_a_team(book: base.Book) -> None:
    results = run(book, team.compute)
    assert results.columns["team"].empty
    assert results.figures["team"]["leads"].tolist() == [len(book.leads)]


def test_the_columns_are_those_of_the_tab() -> None:
    found = run(make_book(), team.compute).columns["team"]
    assert list(found) == [c.key for c in team.TEAM.owned("tool") if c.key != "check"]
