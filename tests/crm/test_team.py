"""The manager's figures, by hand and in SQL."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from sheetsync import locales
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


def _leads(manager: str | None, source: str | None, won: int, lost: int) -> list[dict[str, Any]]:
    given = {"manager": manager, "source": source, "created": "2026-05-05"}
    return [given | {"status": "Won"}] * won + [given | {"status": "Lost"}] * lost


def test_the_index_measures_a_manager_by_the_sources_he_was_given() -> None:
    """The website sells 10 of 50, recommendations 30 of 50."""
    leads = [
        *_leads("Anna", "Website", 8, 32),
        *_leads("Anna", "Recommendation", 4, 6),
        *_leads("Boris", "Website", 2, 8),
        *_leads("Boris", "Recommendation", 26, 14),
    ]
    found = run(make_book(leads=leads), team.compute).columns["team"]
    # Boris sells more than twice as much per lead, and yet no more than his sources give.
    assert found["conversion"].tolist() == [12 / 50, 28 / 50]
    assert found["expected"].tolist() == pytest.approx([40 * 0.2 + 10 * 0.6, 10 * 0.2 + 40 * 0.6])
    assert found["index"].tolist() == pytest.approx([12 / 14, 28 / 26])
    assert found.loc["Anna", "verdict"] == (
        "Won 12, of such sources 14.0 were to be expected: as good as the sources give"
    )


@pytest.mark.parametrize(
    ("count", "low", "high"),
    # Exact limits of a Poisson count, as tabled in Breslow & Day (1987), table 2.11
    [(2, 0.242, 7.22), (10, 4.80, 18.39), (30, 20.24, 42.83), (100, 81.36, 121.63)],
)
def test_intervals_of_the_index_are_near_the_exact_ones(
    count: int, low: float, high: float
) -> None:
    found = team.byar(np.array([float(count)]), np.array([1.0]))
    assert float(found[0][0]) == pytest.approx(low, abs=0.03)
    assert float(found[1][0]) == pytest.approx(high, abs=0.03)
    none = team.byar(np.array([0.0, 0.0]), np.array([2.0, 0.0]))
    assert none[0][0] == 0 and none[1][0] == pytest.approx(3.69 / 2, abs=0.02)
    assert np.isnan(none[0][1]) and np.isnan(none[1][1])


def test_verdicts_name_who_is_beyond_chance() -> None:
    leads = [
        *_leads("Anna", "Website", 70, 60),
        *_leads("Boris", "Website", 20, 120),
        *_leads("Clara", "Website", 35, 85),
        *_leads("Dina", "Website", 5, 20),
    ]
    book = make_book(
        leads=leads, team=[{"name": n} for n in ("Anna", "Boris", "Clara", "Dina", "Eva")]
    )
    results = run(book, team.compute)
    assert results.figures["team"]["verdict"].tolist() == [
        "above",
        "below",
        "like",
        "few",
        "none",
        "none",
    ]
    assert results.columns["team"].loc["Boris", "verdict"] == (
        "Won 20, of such sources 43.9 were to be expected: worse than the sources give, "
        "look how the leads are handled"
    )


def test_who_has_no_measure_is_not_measured() -> None:
    alone = run(make_book(leads=_leads("Anna", None, 20, 30)), team.compute).figures["team"]
    assert alone["verdict"].tolist() == ["alone", "none", "none"]
    assert alone["index"].tolist()[0] == 1
    leads = _leads("Anna", "Website", 0, 40) + _leads("Boris", "Instagram", 10, 30)
    unsold = run(make_book(leads=leads), team.compute).figures["team"]
    assert unsold["verdict"].tolist() == ["unknown", "like", "none"]
    assert pd.isna(unsold["index"].iloc[0])


def test_a_manager_with_young_leads_is_not_called_worse_for_it() -> None:
    """Of the website's leads Anna's are old, Boris's have had a third of their time."""
    leads = _leads("Anna", "Website", 60, 140) + _leads("Boris", "Website", 10, 90)
    book = make_book(leads=leads)
    assert run(book, team.compute).figures["team"]["verdict"].tolist()[1] == "below"
    young = book.leads["manager"].eq("Boris")
    had = pd.DataFrame({"exposure": young.map({True: 1 / 3, False: 1.0}), "young": young})
    so_far = base.Results(**{**vars(NO_RESULTS), "figures": {"exposure": had}})
    part = team.compute(book, so_far)
    assert part.figures["team"]["verdict"].tolist()[1] == "young"
    assert part.columns["team"].loc["Boris", "index"] == pytest.approx(10 / (100 * 70 / 300))
    assert "100 of 100 leads are still young" in part.columns["team"].loc["Boris", "verdict"]


@pytest.mark.parametrize("seed", range(3))
def test_expected_wins_agree_with_sql_and_make_all_wins(seed: int) -> None:
    book = random_shop(seed, 500, 0)
    found = run(book, team.compute).figures["team"]
    expected = sql(
        """
        WITH mine AS (SELECT * FROM leads
                      WHERE kind IS NULL OR kind NOT IN ('partner', 'not_a_lead')),
             each AS (SELECT coalesce(source, '') AS source,
                             count(*) FILTER (kind = 'won') / count(*) AS share
                      FROM mine GROUP BY 1)
        SELECT manager, sum(share) AS expected,
               count(*) FILTER (kind = 'won') / sum(share) AS index
        FROM mine JOIN each ON each.source = coalesce(mine.source, '')
        GROUP BY manager ORDER BY manager NULLS LAST
        """,
        leads=tables(book)["leads"],
    )
    assert found["expected"].to_numpy() == pytest.approx(expected["expected"].to_numpy())
    assert found["index"].to_numpy() == pytest.approx(expected["index"].to_numpy())
    assert found["expected"].sum() == pytest.approx(found["won"].sum())
    assert (found["index_low"] < found["index"]).all()
    assert (found["index_high"] > found["index"]).all()


@pytest.mark.parametrize("lang", locales.LANGUAGES)
def test_every_verdict_has_a_text(lang: str) -> None:
    assert set(locales.load(lang).group("team.verdict")) == set(team.VERDICTS)


@pytest.mark.parametrize("book", [make_book(team=[]), make_book(team=[], leads=[{"name": "x"}])])
def test_a_shop_without_a_team(book: base.Book) -> None:
    results = run(book, team.compute)
    assert results.columns["team"].empty
    assert results.figures["team"]["leads"].tolist() == [len(book.leads)]


def test_the_columns_are_those_of_the_tab() -> None:
    found = run(make_book(), team.compute).columns["team"]
    assert list(found) == [c.key for c in team.TEAM.owned("tool") if c.key != "check"]
