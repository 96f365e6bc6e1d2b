"""Statistics of a part of the leads: by source, manager, channel, segment, month, period."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest

from sheetsync.crm import base, dashboard, overdue, sources, team
from sheetsync.crm.stages import pipeline, ways
from sheetsync.crm.stages import statistics as stages
from sheetsync.crm.stages.selection import DIMENSIONS, Selection, groups, select
from tests.crm.books import make_book
from tests.crm.shops import after, random_shop, run, sql, tables


def _shop(seed: int = 1, **more: Any) -> tuple[base.Book, base.Results]:
    book = random_shop(seed, leads=300, lines=1200, **more)
    rows = pd.Series(range(300), index=book.leads.index)
    leads = book.leads.assign(
        channel=rows.mod(3).map({0: "inbound", 1: "outbound"}),
        segment=rows.mod(4).map({0: "small", 1: "mid", 2: "retail"}),
    )
    book = replace(book, leads=leads)
    return book, run(book, pipeline.compute)


def _same(found: ways.Statistics, expected: ways.Statistics) -> None:
    for name, table in vars(found).items():
        pd.testing.assert_frame_equal(table, vars(expected)[name], obj=name)


@pytest.mark.parametrize(
    ("wanted", "where"),
    [
        (Selection(), "true"),
        (Selection(source="Website"), "source = 'Website'"),
        (Selection(manager="Anna", channel="inbound"), "manager = 'Anna' AND channel = 'inbound'"),
        (Selection(segment="mid"), "segment = 'mid'"),
        (Selection(first="2026-03", last="2026-03"), "strftime(created, '%Y-%m') = '2026-03'"),
        (Selection(first="2026-06"), "created >= DATE '2026-06-01'"),
        (Selection(last="2026-05"), "created < DATE '2026-06-01'"),
    ],
    ids=str,
)
def test_a_selection_counts_as_if_there_were_no_other_leads(wanted: Selection, where: str) -> None:
    """The leads by SQL; their statistics those of a shop that has only them."""
    book, results = _shop()
    data = book.leads.reset_index(names="id")[
        ["id", "created", "source", "manager", "channel", "segment"]
    ]
    ids = sql(f"SELECT id FROM leads WHERE {where}", leads=data)["id"]
    selected = select(book, results, wanted)
    assert sorted(selected.leads.index[selected.leads]) == sorted(ids)
    alone = replace(book, leads=book.leads[book.leads.index.isin(ids)])
    _same(
        ways.count(ways.ways(book, results), selected.leads),
        ways.count(ways.ways(alone, run(alone, pipeline.compute))),
    )
    assert 20 < len(ids) <= 300


def test_a_period_counts_the_leads_that_have_no_date_and_leaves_them_out() -> None:
    book, results = _shop()
    undated = int(book.leads["created"].isna().sum())
    assert undated > 5
    assert select(book, results, Selection()).undated == 0
    assert select(book, results, Selection(first="2020-01")).undated == undated


def test_the_last_moment_of_a_month_belongs_to_it() -> None:
    days = ["2026-02-28 23:59:59", "2026-03-01 00:00", "2026-03-31 23:59:59", "2026-04-01"]
    book = make_book(leads=[{"status": "Won", "created": day} for day in days])
    found = select(book, run(book), Selection(first="2026-03", last="2026-03"))
    assert found.leads.tolist() == [False, True, True, False]


@pytest.mark.parametrize("by", DIMENSIONS)
def test_groups_are_every_selected_lead_once(by: str) -> None:
    book, results = _shop()
    chosen = select(book, results, Selection(manager="Anna")).leads
    found = list(groups(book, chosen, by))
    total = sum(mask.astype(int) for _, mask in found)
    assert total.eq(chosen.astype(int)).all()
    names = [name for name, _ in found]
    if by != "manager":
        assert names[-1] is None
        assert names[:-1] == (sorted(names[:-1]) if by == "month" else names[:-1])
    if by == "source":
        assert names == [*book.sources.index, None]


def test_a_group_is_what_its_name_alone_selects() -> None:
    book, results = _shop()
    every = ways.ways(book, results)
    for name, mask in groups(book, select(book, results, Selection()).leads, "source"):
        if name is not None:
            alone = select(book, results, Selection(source=name)).leads
            _same(ways.count(every, mask), ways.count(every, alone))


def test_junk_and_duplicates_are_left_out_when_asked_for() -> None:
    leads = [{"status": "In work", "source": "Website"} for _ in range(5)]
    book = make_book(leads=leads)
    marks = pd.DataFrame({"lead": ["L-00001", "L-00004"], "mark": ["junk", "competitor"]})
    unique = pd.DataFrame(
        {"lead": ["L-00001", "L-00002", "L-00003"], "first_of_group": ["L-00001"] * 3}
    )
    results = replace(run(book, pipeline.compute), figures={"marks": marks, "unique": unique})
    wanted = Selection(without_junk=True, without_duplicates=True)
    found = select(book, results, wanted)
    # The first row of the person is junk; the next one stands for them.
    assert list(found.leads.index[found.leads]) == ["L-00002", "L-00004", "L-00005"]
    assert (found.junk, found.duplicates) == (1, 1)
    assert select(book, results, Selection()).leads.all()


def test_a_person_typed_twice_has_been_wherever_one_of_the_rows_was() -> None:
    statuses = ("In work", "Won", "Proposal")
    book = make_book(leads=[{"status": status} for status in statuses])
    results = run(book, pipeline.compute)
    first_row = pd.Series(["L-00001", "L-00001", "L-00003"], index=book.leads.index)
    kept = pd.Series([True, False, True], index=book.leads.index)
    known = ways.as_persons(ways.ways(book, results), book, first_row)
    funnel = ways.count(known, kept).funnel.set_index("stage")
    assert funnel["visited"].to_dict() == {"New": 0, "In work": 1, "Proposal": 1, "Won": 1}
    assert funnel.loc["Won", "base"] == 2


# -- the working period


def test_leads_of_the_months_of_setting_up_are_a_part_of_their_own() -> None:
    days = ["2026-01-31", "2026-02-01", None, "2026-03-05"]
    leads = [{"status": status, "created": day} for day in days for status in ("Won", "Spam")]
    book = make_book(leads=leads, settings={"work_from": date(2026, 2, 1)})
    figures = run(book, pipeline.compute).figures
    line = figures["base"].iloc[0]
    assert line[["created", "base", "spam", "before", "undated"]].tolist() == [8, 2, 2, 2, 2]
    assert figures["funnel"]["base"].eq(2).all()


@pytest.mark.parametrize("seed", range(2))
def test_the_parts_of_a_working_period_agree_with_sql(seed: int) -> None:
    book, _ = _shop(seed, settings={"work_from": date(2026, 7, 1)})
    results = run(book, pipeline.compute)
    expected = sql(
        """
        WITH been AS (SELECT DISTINCT lead FROM (
                SELECT lead, to_status AS s FROM history
                UNION SELECT lead, from_status FROM history)
            WHERE s IN (SELECT status FROM statuses) AND s <> 'New')
        SELECT CASE WHEN created IS NULL THEN 'undated'
                    WHEN created < DATE '2026-07-01' THEN 'before'
                    WHEN kind IS NULL THEN 'unknown'
                    WHEN kind IN ('spam', 'partner', 'not_a_lead') THEN kind
                    WHEN status = 'New' AND id NOT IN (SELECT lead FROM been) THEN 'untouched'
                    ELSE 'base' END AS part, count(*) AS n
        FROM leads GROUP BY 1
        """,
        **tables(after(book, results)),
    )
    line = results.figures["base"].iloc[0]
    counts = dict(zip(expected["part"], expected["n"], strict=True))
    assert {part: n for part, n in line.drop("created").items() if n} == counts
    assert line.drop("created").sum() == line["created"] == 300


def test_an_untouched_lead_of_before_is_to_be_called_all_the_same() -> None:
    from sheetsync.crm import today

    leads = [{"status": "New", "created": "2026-01-05"}]
    book = make_book(leads=leads, settings={"work_from": date(2026, 2, 1)})
    computed = {"overdue": 0, "stage_days": 3, "score": 0, "tier": "C"}
    results = replace(
        run(book, pipeline.compute),
        columns={"leads": pd.DataFrame(computed, index=book.leads.index)},
    )
    assert today.call_list(book, results)["cause"].tolist() == ["untouched"]


def test_the_overview_says_what_the_working_period_leaves_out() -> None:
    leads = [{"status": "Won", "created": day} for day in ("2026-01-05", None, "2026-03-05")]
    book = make_book(leads=leads, settings={"work_from": date(2026, 2, 1)})
    computes = (
        pipeline.compute,
        stages.compute,
        sources.compute,
        overdue.compute,
        team.compute,
        dashboard.compute,
    )
    table = run(book, *computes).tables["dashboard"].set_index("item")
    assert table.loc["Created before the working period", "count"] == 1
    assert table.loc["Without a date of creation", "count"] == 1
    plain = run(make_book(leads=leads), *computes).tables["dashboard"]
    assert "Created before the working period" not in set(plain["item"])
