"""The dashboard: every line, in order, in both languages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from sheetsync import locales
from sheetsync.crm import base, dashboard, sources, team
from sheetsync.crm.stages import pipeline
from sheetsync.crm.stats import wilson
from tests.crm.books import make_book
from tests.crm.shops import random_shop, run, sql, tables

COMPUTES = (pipeline.compute, sources.compute, team.compute, dashboard.compute)
SECTIONS = ("overview", "visited", "assumed", "skipped", "sources", "managers", "problems")


def _table(book: base.Book) -> pd.DataFrame:
    return run(book, *COMPUTES).tables["dashboard"]


def _section(book: base.Book, section: str) -> pd.DataFrame:
    table = _table(book)
    title = book.words(f"dashboard.section.{section}")
    return table[table["section"] == title].set_index("item")


def _late(book: base.Book, _so_far: base.Results) -> base.Part:
    days = pd.Series(2, index=book.leads.index, dtype="Int64")
    return base.Part(columns={"leads": pd.DataFrame({"overdue": days})})


def _shop(**more: Any) -> base.Book:
    statuses = ["New", "New", "In work", "Proposal", "Won", "Lost", "Spam", "Partner", None]
    leads = [
        {"status": status, "source": "Website", "manager": "Anna", "created": "2026-11-01"}
        for status in statuses
    ]
    leads[0] |= {"source": None, "manager": None}
    return make_book(leads=leads, **more)


def test_the_parts_of_the_overview_add_up() -> None:
    found = _section(_shop(), "overview")
    assert pd.isna(found.loc["Overdue", "count"]), "nothing computed it"
    assert found["count"].drop("Overdue").to_dict() == {
        "Leads in all": 9,
        "Open": 4,
        "Won": 1,
        "Lost": 1,
        "Spam": 1,
        "Partners": 1,
        "Not leads": 0,
        "Status missing or not understood": 1,
        "Untouched": 2,
        "Cells not understood": 0,
    }
    kinds = found["count"].iloc[1:8]
    assert kinds.sum() == found["count"].iloc[0]
    assert found.loc["Open", ["of", "share"]].tolist() == [9, 4 / 9]
    assert found.loc["Spam", "low":"high"].isna().all(), "no conversion, no interval"  # type: ignore[misc]


def test_overdue_is_of_the_open_leads() -> None:
    table = run(_shop(), _late, *COMPUTES).tables["dashboard"].set_index("item")
    assert table.loc["Overdue", ["count", "of", "share"]].tolist() == [4, 4, 1.0]
    assert table.loc["Anna", "note"].startswith("Open: 3, overdue: 3. ")


def test_the_funnels_stand_side_by_side_with_intervals() -> None:
    visited, assumed = (_section(_shop(), name) for name in ("visited", "assumed"))
    # Four leads are in the base: one in work, one at the proposal, one won, one lost.
    assert visited["count"].tolist() == [0, 1, 1, 1]
    assert assumed["count"].tolist() == [3, 3, 2, 1]
    assert visited["of"].eq(4).all()
    low, high = wilson([3, 3, 2, 1], [4] * 4)
    assert assumed["low"].to_numpy() == pytest.approx(low)
    assert assumed["high"].to_numpy() == pytest.approx(high)
    assert "More leads than in the earlier “New”" in visited.loc["In work", "note"]
    assert visited.loc["In work", "note"].startswith("Too few")
    assert not assumed["note"].str.contains("More leads").any()


def test_skipped_stages_name_the_leads() -> None:
    book = make_book(
        leads=[{"status": "Proposal"} for _ in range(7)] + [{"status": "In work"}],
        history=[{"at": "2026-11-01", "lead": "L-00007", "to_status": "In work"}],
    )
    found = _section(book, "skipped")
    assert found["count"].to_dict() == {"New": 8, "In work": 6}
    assert found["of"].to_dict() == {"New": 8, "In work": 7}
    assert found.loc["In work", "note"] == "L-00001, L-00002, L-00003, L-00004, L-00005 and 1 more"


def test_sources_stand_by_rank_and_the_nameless_last() -> None:
    rows = [("Website", "Won", 5), ("Website", "Lost", 5), ("Instagram", "Lost", 40)]
    leads = [{"source": s, "status": status} for s, status, n in rows for _ in range(n)]
    found = _section(make_book(leads=[*leads, {"status": "Lost"}]), "sources")
    assert list(found.index) == ["Website", "Instagram", "Recommendation", "No source"]
    assert found["count"].tolist() == [5, 0, 0, 0]
    assert found["of"].tolist() == [10, 40, 0, 1]
    assert found.loc["Instagram", "note"] == (
        "Won 0 of 40, worse than the shop's average of 9.8%: find out why"
    )
    assert pd.isna(found.loc["Recommendation", "share"])


def test_managers_stand_as_in_the_team_and_the_nameless_only_when_there_are_any() -> None:
    found = _section(_shop(), "managers")
    assert list(found.index) == ["Anna", "Boris", "Nobody's"]
    assert found["of"].tolist() == [7, 0, 1]
    one = make_book(leads=[{"status": "Won", "manager": "Boris"}])
    assert list(_section(one, "managers").index) == ["Anna", "Boris"]


def _sold(manager: str | None, source: str, won: int, lost: int) -> list[dict[str, Any]]:
    given = {"manager": manager, "source": source, "created": "2026-05-05"}
    return [given | {"status": "Won"}] * won + [given | {"status": "Lost"}] * lost


def test_managers_are_judged_by_the_sources_they_were_given() -> None:
    """The website sells 10 of 50, recommendations 30 of 50: of Anna's leads 14 sales were due, of
    Boris's 26. Poisson limits of 12 are 6.20 and 20.96, of 28 18.61 and 40.47 (tables)."""
    leads = [
        *_sold("Anna", "Website", 8, 32),
        *_sold("Anna", "Recommendation", 4, 6),
        *_sold("Boris", "Website", 2, 8),
        *_sold("Boris", "Recommendation", 26, 14),
    ]
    notes = _section(make_book(leads=leads), "managers")["note"].to_dict()
    assert notes == {
        "Anna": "Open: 0. Index 0.86 (0.44–1.50). "
        "Won 12, of such sources 14.0 were to be expected: as good as the sources give",
        "Boris": "Open: 0. Index 1.08 (0.72–1.56). "
        "Won 28, of such sources 26.0 were to be expected: as good as the sources give",
    }


def test_a_manager_without_a_fair_index_is_told_why_and_nobody_has_none() -> None:
    leads = [
        *_sold("Анна", "Сайт", 1, 4),
        *_sold("Борис", "Инстаграм", 0, 40),
        *_sold(None, "Сайт", 0, 2),
    ]
    russian = {"Won": "Продажа", "Lost": "Отказ"}
    book = make_book(
        lang="ru", leads=[line | {"status": russian[line["status"]]} for line in leads]
    )
    assert _section(book, "managers")["note"].to_dict() == {
        "Анна": "В работе: 0. Лидов 5: слишком мало, чтобы судить; нужно от 30",
        "Борис": "В работе: 0. Ни один источник этих лидов ещё ничего не продал: сравнить не с чем",
        "Без менеджера": "В работе: 0. Лидов слишком мало, чтобы судить; нужно от 30",
    }


@pytest.mark.parametrize("lang", locales.LANGUAGES)
def test_indexes_of_a_random_shop_are_those_of_sql(lang: str) -> None:
    book = random_shop(4, 400, 0)
    expected = sql(
        """
        WITH mine AS (SELECT manager, coalesce(source, '') AS source, kind = 'won' AS won
                      FROM leads WHERE kind IS NULL OR kind NOT IN ('partner', 'not_a_lead')),
             each AS (SELECT source, count(*) FILTER (won) / count(*) AS share
                      FROM mine GROUP BY source),
             own AS (SELECT manager, count(*) FILTER (won) AS o, sum(share) AS e
                     FROM mine JOIN each USING (source) WHERE manager IS NOT NULL
                     GROUP BY manager)
        SELECT printf('%.2f (%.2f–%.2f)', o / e,
                      o * (1 - 1 / (9 * o) - 1.959964 / (3 * sqrt(o))) ** 3 / e,
                      (o + 1) * (1 - 1 / (9 * (o + 1)) + 1.959964 / (3 * sqrt(o + 1))) ** 3 / e
                     ) AS said
        FROM own ORDER BY manager
        """,
        leads=tables(book)["leads"],
    )["said"].tolist()
    said = {"en": [f"Index {text}" for text in expected]}
    said["ru"] = [f"Индекс {text}".replace(".", ",") for text in expected]
    found = _section(replace(book, words=locales.load(lang)), "managers")["note"].iloc[:2]
    assert [note.split(". ")[1] for note in found] == said[lang]
    assert len(expected) == 2


def test_problems_stand_by_kind_the_most_frequent_first_with_an_example() -> None:
    problems = [
        base.Problem("leads", None, 5, "L-00004", "L-00002", "id.copied"),
        base.Problem("sources", None, 7, "Ad", "Ad", "list.repeated"),
        base.Problem("sources", None, 9, "Fair", "Fair", "list.repeated", "Fairs"),
    ]
    book = make_book(problems=problems)
    found = _section(book, "problems")
    assert found["count"].to_dict() == {"Sources": 2, "Leads": 1}
    text = book.words("problems.list.repeated", typed="Ad")
    assert found.loc["Sources", "note"] == f"For example row 7: {text}"
    assert found["share"].isna().all()


def test_a_problem_names_the_header_as_it_stands_and_counts_as_a_cell() -> None:
    problem = base.Problem("leads", "source", 5, "L-00001", "Ad", "list.repeated")
    book = make_book(problems=[problem], headers={"source": "Where from"})
    assert list(_section(book, "problems").index) == ["Leads: Where from"]
    assert _section(book, "overview").loc["Cells not understood", "count"] == 1


@pytest.mark.parametrize("lang", locales.LANGUAGES)
def test_the_table_is_typed_and_in_the_order_of_the_sections(lang: str) -> None:
    book = make_book(lang=lang, leads=[{"name": "x"}])
    table = _table(book)
    assert list(table) == [column.key for column in dashboard.DASHBOARD.columns]
    assert table.dtypes[["count", "of"]].astype(str).tolist() == ["Int64"] * 2
    assert table.dtypes[["share", "low", "high"]].astype(str).tolist() == ["float64"] * 3
    titles = [book.words(f"dashboard.section.{section}") for section in SECTIONS]
    seen = list(dict.fromkeys(table["section"]))
    assert seen == [title for title in titles if title in seen]
    assert len(seen) == 5, "nothing skipped, no problems"


@pytest.mark.parametrize("seed", range(2))
def test_every_share_is_its_count_of_its_whole(seed: int) -> None:
    table = _table(random_shop(seed, 300, 900))
    shared = table[table["share"].notna()]
    assert len(shared) > 25
    assert shared["share"].to_numpy() == pytest.approx(
        shared["count"].to_numpy(float) / shared["of"].to_numpy(float)
    )
    sure = shared[shared["low"].notna()]
    assert (sure["low"] <= sure["share"]).all() and (sure["share"] <= sure["high"]).all()
    assert shared["share"].between(0, 1).all()


def test_the_same_book_gives_the_same_table() -> None:
    pd.testing.assert_frame_equal(
        _table(random_shop(3, 200, 700)), _table(random_shop(3, 200, 700))
    )


def test_an_empty_shop_shows_counts_of_zero_and_no_shares() -> None:
    table = _table(make_book())
    assert table["count"].dropna().eq(0).all()
    assert table[["share", "low", "high"]].isna().all(axis=None)
