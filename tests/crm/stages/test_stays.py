"""Stays in stages: entries, returns and times, by hand and recomputed in SQL."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sheetsync.crm import base
from sheetsync.crm.stages import pipeline, ways
from sheetsync.crm.stages import statistics as stages
from sheetsync.crm.stages.stays import stays, times
from tests.crm.books import NOW, TODAY, make_book
from tests.crm.shops import after, random_shop, run, sql, tables


def _stays(book: base.Book) -> pd.DataFrame:
    return ways.ways(book, run(book, pipeline.compute)).stays


def _count(book: base.Book) -> ways.Statistics:
    return ways.count(ways.ways(book, run(book, pipeline.compute)))


def _line(at: str | None, to: str | None, frm: str | None = None, **more: Any) -> dict[str, Any]:
    return {"lead": "L-00001", "at": at, "from_status": frm, "to_status": to, **more}


def _one(status: str, *lines: dict[str, Any], created: str | None = None) -> base.Book:
    return make_book(leads=[{"status": status, "created": created}], history=lines)


# -- stays


def test_a_lead_is_in_a_status_from_a_line_to_the_next() -> None:
    book = _one(
        "Proposal",
        _line("2026-11-01 12:00", "New"),
        _line("2026-11-03 00:00", "In work", "New"),
        _line("2026-11-11 12:00", "Proposal", "In work"),
    )
    found = _stays(book)
    assert found["status"].tolist() == ["New", "In work", "Proposal"]
    assert found["days"].tolist() == [1.5, 8.5, 9.5]  # the last to this morning
    assert found["here"].tolist() == [False, False, True]
    assert found["left"].tolist()[:2] == found["entered"].tolist()[1:]


def test_before_its_first_line_a_lead_was_in_its_from_since_it_was_created() -> None:
    book = _one("In work", _line("2026-11-03 06:00", "In work", "New"), created="2026-11-01")
    found = _stays(book)
    assert found["status"].tolist() == ["New", "In work"]
    assert found["days"].tolist()[0] == 2.25


@pytest.mark.parametrize("created", [None, "2026-11-09"], ids=["unknown", "after its first line"])
def test_a_date_of_creation_that_cannot_be_gives_no_time_and_no_negative_one(
    created: str | None,
) -> None:
    found = _stays(_one("Won", _line("2026-11-03", "Won", "New"), created=created))
    assert found["status"].tolist() == ["New", "Won"]
    assert found["days"].isna().tolist() == [True, False]


def test_coming_back_is_another_stay_and_a_repeated_line_is_not() -> None:
    book = _one(
        "In work",
        _line("2026-10-01", "In work"),
        _line("2026-10-02", "In work", "In work"),
        _line("2026-10-05", "Proposal"),
        _line("2026-10-06", "In work"),
        _line("2026-10-07", None),
    )
    found = _stays(book)
    assert found["status"].tolist() == ["In work", "Proposal", "In work"]
    assert found["nth"].tolist() == [1, 1, 2]
    assert found["days"].tolist()[:2] == [4.0, 1.0]


def test_a_backdated_line_stands_where_its_time_puts_it() -> None:
    book = _one(
        "Won",
        _line("2026-10-01", "New"),
        _line("2026-10-09", "Won"),
        _line("2026-10-04", "Proposal"),  # entered later
    )
    found = _stays(book)
    assert found["status"].tolist() == ["New", "Proposal", "Won"]
    assert found["days"].tolist()[:2] == [3.0, 5.0]


def test_numbers_of_lines_go_before_clocks_and_never_give_a_negative_time() -> None:
    book = _one(
        "Won",
        _line("2026-10-01 12:10", "New", id="L-00001/1"),
        _line("2026-10-01 12:04", "Proposal", id="L-00001/2"),
        _line("2026-10-02 12:10", "Won", id="L-00001/3"),
    )
    found = _stays(book)
    assert found["status"].tolist() == ["New", "Proposal", "Won"]
    assert found["days"].tolist()[:2] == [0.0, 1.0]


@pytest.mark.parametrize("at", [None, "2206-10-05"], ids=["no time", "mistyped year"])
def test_a_time_that_is_not_believed_makes_both_stays_around_it_unknown(at: str | None) -> None:
    book = _one(
        "Won", _line("2026-10-01", "New"), _line(at, "Proposal"), _line("2026-10-09", "Won")
    )
    found = _stays(book)
    assert found["status"].tolist() == ["New", "Proposal", "Won"]
    assert found["days"].isna().tolist() == [True, True, False]


def test_a_line_of_later_today_counts() -> None:
    book = make_book(
        leads=[{"status": "Won"}],
        history=[_line("2026-11-20 18:00", "New"), _line("2026-11-21 18:00", "Won")],
        now=datetime(2026, 11, 21),
    )
    assert _stays(book)["days"].tolist() == [1.0, 0.0]


SQL_STAYS = f"""
    WITH believed AS (
        SELECT *, CASE WHEN "at" <= TIMESTAMP '{NOW}' THEN "at" END AS t FROM history
        WHERE lead IN (SELECT id FROM leads)),
    placed AS (
        SELECT *, coalesce(t, max(t) OVER (PARTITION BY lead ORDER BY n)) AS place FROM believed),
    line AS (
        SELECT lead, coalesce(from_status, '') AS f, coalesce(to_status, '') AS status,
            CASE WHEN "at" < TIMESTAMP '2026-11-22' THEN "at" END AS t,
            row_number() OVER (PARTITION BY lead ORDER BY place NULLS FIRST, n) AS r
        FROM placed WHERE coalesce(to_status, '') <> ''),
    climbed AS (
        SELECT lead, status, f, r, CASE WHEN t IS NOT NULL
            THEN max(t) OVER (PARTITION BY lead ORDER BY r) END AS entered FROM line),
    first AS (
        SELECT lead, f AS status, -1 AS r,
            CASE WHEN created <= entered THEN created END AS entered
        FROM (SELECT DISTINCT ON (lead) * FROM climbed ORDER BY lead, r) c
        JOIN leads ON id = lead WHERE f <> ''),
    every AS (
        SELECT lead, status, r, entered FROM climbed
        UNION ALL SELECT lead, status, r, entered FROM first),
    changed AS (
        SELECT *, lag(status) OVER (PARTITION BY lead ORDER BY r) AS earlier FROM every),
    stay AS (
        SELECT lead, status, entered, r,
            lead(entered) OVER w AS left_at, lead(r) OVER w IS NULL AS here
        FROM changed WHERE earlier IS DISTINCT FROM status
        WINDOW w AS (PARTITION BY lead ORDER BY r)),
    measured AS (
        SELECT stay.*, row_number() OVER (PARTITION BY lead, status ORDER BY r) AS nth,
            epoch(CASE WHEN here THEN greatest(TIMESTAMP '{TODAY}', entered)
                ELSE left_at END - entered) / 86400 AS d
        FROM stay),
    timed AS (SELECT *, CASE WHEN d < 0 THEN 0 ELSE d END AS days FROM measured)
"""


@pytest.mark.parametrize("seed", range(4))
def test_stays_of_random_shops_agree_with_sql(seed: int) -> None:
    book = random_shop(seed, leads=150, lines=900)
    results = run(book, pipeline.compute)
    expected = sql(
        SQL_STAYS + "SELECT lead, status, nth, here, days FROM timed ORDER BY lead, r",
        **tables(after(book, results)),
    )
    found = ways.ways(book, results).stays
    exact = ["lead", "status", "nth", "here"]
    assert len(found) > 700
    assert found[exact].to_numpy().tolist() == expected[exact].to_numpy().tolist()
    assert found["days"].to_numpy() == pytest.approx(expected["days"].to_numpy(float), nan_ok=True)
    assert found["days"].isna().sum() > 50
    assert found["days"].min() >= 0


# -- returns


def test_a_loop_is_one_lead_with_several_entries() -> None:
    book = _one(
        "Lost",
        *(
            _line(f"2026-10-{day:02d}", status)
            for day, status in enumerate(
                ("New", "In work", "Proposal", "In work", "Proposal", "In work", "Lost"), 1
            )
        ),
    )
    funnel = _count(book).funnel.set_index("stage")
    assert funnel["visited"].to_dict() == {"New": 1, "In work": 1, "Proposal": 1, "Won": 0}
    assert funnel["entries"].to_dict() == {"New": 1, "In work": 3, "Proposal": 2, "Won": 0}
    assert funnel["returned"].to_dict() == {"New": 0, "In work": 1, "Proposal": 1, "Won": 0}
    assert funnel["returns"].to_dict() == {"New": 0, "In work": 2, "Proposal": 1, "Won": 0}
    assert funnel["back"].to_dict() == {"New": 0, "In work": 1, "Proposal": 0, "Won": 0}


def test_a_comeback_of_a_lost_lead_is_a_return() -> None:
    log = ("New", "In work", "Lost", "In work")
    book = _one("In work", *(_line(f"2026-10-0{n}", s) for n, s in enumerate(log, 1)))
    found = _count(book).returns
    assert found[["lead", "stage", "times", "back"]].to_numpy().tolist() == [
        ["L-00001", "In work", 1, 0]
    ]


def test_coming_from_where_leads_are_parked_is_no_way_back() -> None:
    statuses = [
        {"status": "New", "kind": "open", "may_skip": True},
        {"status": "In work", "kind": "open"},
        {"status": "Later", "kind": "open", "may_skip": True, "parks": True},
        {"status": "Won", "kind": "won"},
    ]
    log = ("New", "In work", "Later", "In work")
    book = make_book(
        statuses=statuses,
        leads=[{"status": "In work"}],
        history=[_line(f"2026-10-0{n}", s) for n, s in enumerate(log, 1)],
    )
    found = _count(book)
    assert found.returns[["stage", "times", "back"]].to_numpy().tolist() == [["In work", 1, 0]]
    assert found.moved_back.empty


@pytest.mark.parametrize("seed", range(3))
def test_entries_and_returns_of_random_shops_agree_with_sql(seed: int) -> None:
    book = random_shop(seed, leads=200, lines=1400)
    results = run(book, pipeline.compute)
    found = ways.count(ways.ways(book, results))
    part = ways.ways(book, results).part
    data = tables(after(book, results))
    data["counted"] = pd.DataFrame({"lead": part.index[part.eq("base")]})
    expected = sql(
        SQL_STAYS
        + """
        , staged AS (
            SELECT timed.lead, status, r, nth, "order" AS o,
                   CASE WHEN may_skip AND status <> 'New' THEN NULL ELSE "order" END AS ahead
            FROM timed LEFT JOIN statuses s USING (status)
            WHERE timed.lead IN (SELECT lead FROM counted)),
        reached AS (
            SELECT staged.*, max(CASE WHEN kind IN ('open', 'won') THEN ahead END) OVER (
                PARTITION BY staged.lead ORDER BY r ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) AS before, kind FROM staged LEFT JOIN statuses USING (status)),
        per AS (
            SELECT lead, status, count(*) AS entries, count(*) - 1 AS times,
                   count(*) FILTER (before > ahead) AS back
            FROM reached WHERE kind IN ('open', 'won') GROUP BY 1, 2)
        SELECT status AS stage, sum(entries) AS entries,
               count(*) FILTER (times > 0) AS returned, sum(times) AS "returns",
               count(*) FILTER (back > 0) AS back
        FROM per JOIN statuses USING (status) GROUP BY status, "order" ORDER BY "order", status
        """,
        **data,
    )
    columns = ["stage", "entries", "returned", "returns", "back"]
    assert found.funnel[columns].to_numpy().tolist() == [
        [row[0], *map(int, row[1:])] for row in expected[columns].to_numpy().tolist()
    ]
    assert found.funnel["returned"].sum() > 100


# -- times


def _times(days: list[float], here: list[bool], few: int = 0) -> dict[str, Any]:
    of = pd.DataFrame({"status": "In work", "here": here, "days": days})
    lines = times(of, pd.Index(["In work"]), few).to_dict("records")
    return {str(key): value for key, value in lines[0].items()}


def test_open_stays_are_censored() -> None:
    """By hand: 2 (left), 3+ (here), 5 (left), 8 (left), 9+ (here).

    S(2) = 4/5, S(5) = 4/5 * 2/3 = 8/15, S(8) = 8/15 * 1/2 = 4/15: half have left at 8.
    """
    line = _times([2, 3, 5, 8, 9], [False, True, False, False, True])
    assert line["typical"] == 8
    assert np.isnan(line["slow"]), "4 of 15 are still there"
    assert (line["stays"], line["left"], line["here"], line["longest"]) == (5, 3, 2, 9)


def test_without_open_stays_the_typical_time_is_the_median() -> None:
    for days in ([4.0, 1, 9], [4.0, 1, 9, 5], [7.0]):
        assert _times(days, [False] * len(days))["typical"] == np.median(days)


def test_unknown_times_are_counted_and_left_out() -> None:
    line = _times([3, np.nan, np.nan], [False, False, True], few=2)
    assert (line["stays"], line["unknown"], line["typical"]) == (1, 2, 3)
    assert line["few"]


@pytest.mark.parametrize("seed", range(2))
def test_times_of_random_shops_agree_with_sql(seed: int) -> None:
    """The product over the distinct times of leaving, written out in SQL."""
    book = random_shop(seed, leads=300, lines=1500)
    results = run(book, pipeline.compute)
    every = ways.ways(book, results)
    data = tables(after(book, results))
    clients = every.part.isin(ways.CLIENTS)
    data["clients"] = pd.DataFrame({"lead": every.part.index[clients]})
    expected = sql(
        SQL_STAYS
        + """
        , known AS (SELECT status, days, here FROM timed WHERE days IS NOT NULL
                    AND lead IN (SELECT lead FROM clients)),
        at_time AS (
            SELECT status, days, count(*) FILTER (NOT here) AS d,
                   sum(count(*)) OVER (PARTITION BY status ORDER BY days DESC) AS n
            FROM known GROUP BY status, days),
        curve AS (
            SELECT status, days, exp(sum(ln(greatest((n - d) / n, 1e-300)))
                OVER (PARTITION BY status ORDER BY days)) AS s,
                coalesce(lead(days) OVER (PARTITION BY status ORDER BY days), days) AS next
            FROM at_time WHERE d > 0),
        -- Where the curve stands at exactly the share for a while, the middle of it.
        step AS (SELECT status, share, days,
                     CASE WHEN abs(s - share) < 1e-9 THEN (days + next) / 2 ELSE days END AS middle
                 FROM curve, (VALUES (0.5), (0.1)) shares(share) WHERE s < share + 1e-9),
        quantile AS (SELECT status, share, arg_min(middle, days) AS q FROM step GROUP BY 1, 2)
        SELECT status AS stage,
            (SELECT q FROM quantile c WHERE c.status = s.status AND share = 0.5) AS typical,
            (SELECT q FROM quantile c WHERE c.status = s.status AND share = 0.1) AS slow,
            (SELECT count(*) FROM known k WHERE k.status = s.status) AS stays,
            (SELECT count(*) FROM known k WHERE k.status = s.status AND here) AS here
        FROM statuses s WHERE kind IN ('open', 'won') ORDER BY "order", status
        """,
        **data,
    )
    found = ways.count(every).times
    assert found[["stage", "stays", "here"]].to_numpy().tolist() == (
        expected[["stage", "stays", "here"]].to_numpy().tolist()
    )
    for column in ("typical", "slow"):
        assert found[column].to_numpy() == pytest.approx(
            expected[column].to_numpy(float), nan_ok=True
        )
    assert found["typical"].notna().sum() >= 5


def test_untouched_leads_wait_in_the_first_status_and_spam_does_not() -> None:
    leads = [{"status": s, "created": "2026-11-01"} for s in ("New", "New", "Spam", "Partner")]
    found = _count(make_book(leads=leads)).times.set_index("stage")
    assert found.loc["New", ["stays", "here", "left"]].tolist() == [2, 2, 0]


def test_statuses_show_times_only_where_enough_stays_are_known() -> None:
    way = [("New", 1), ("In work", 3), ("Proposal", 8)]
    book = make_book(
        leads=[{"status": "Proposal"} for _ in range(4)],
        history=[
            {"lead": f"L-0000{n}", "at": f"2026-11-{day:02d}", "to_status": status}
            for n in range(1, 5)
            for status, day in way
        ],
        settings={"few": 4},
    )
    part = stages.compute(book, run(book, pipeline.compute))
    shown = part.columns["statuses"]
    assert shown["typical_days"].fillna(-1).to_dict() == {"New": 2, "In work": 5, "Proposal": -1}
    notes = {line.item: line.note for line in part.lines["times"]}
    assert notes["New"] == "Half leave within 2 days. Nine of ten within 2 days. There now: 0"
    assert notes["Proposal"] == "More than half are still there after 13 days. There now: 4"
    stricter = base.Book(**{**vars(book), "settings": {**book.settings, "few": 5}})
    part = stages.compute(stricter, run(stricter, pipeline.compute))
    assert part.columns["statuses"].empty
    assert {line.note for line in part.lines["times"]} == {
        "Too few stays to judge, at least 5 are needed. There now: 0",
        "Too few stays to judge, at least 5 are needed. There now: 4",
    }


@pytest.mark.parametrize(
    "book",
    [
        make_book(),
        make_book(statuses=[]),
        make_book(leads=[{"name": "only a name"}]),
        make_book(leads=[{"status": "New"}], statuses=[]),
        make_book(leads=[{"status": "Lost"}], statuses=[{"status": "Lost", "kind": "lost"}]),
        make_book(history=[_line("2026-10-01", "New")]),
        make_book(leads=[{"status": "Won", "created": "2026-11-20"}]),
    ],
    ids=["empty", "no statuses", "no status", "unlisted", "no stage", "only a log", "one won"],
)
def test_small_shops_have_figures_and_nothing_infinite(book: base.Book) -> None:
    found = _count(book)
    part = stages.compute(book, run(book, pipeline.compute))
    for table in vars(found).values():
        numbers = table.select_dtypes("number").to_numpy(dtype=float)
        assert not np.isinf(numbers).any()
    assert found.base["created"].iloc[0] == len(book.leads)
    for lines in part.lines.values():
        assert all("nan" not in line.note for line in lines)


def test_ten_thousand_leads_in_one_status_are_counted() -> None:
    book = make_book(leads=[{"status": "In work", "created": "2026-11-01"}] * 10_000)
    found = _count(book)
    assert found.funnel.set_index("stage").loc["In work", ["visited", "base"]].tolist() == [
        10_000,
        10_000,
    ]
    assert found.times.set_index("stage").loc["In work", "here"] == 10_000


def test_stays_of_nobody_are_an_empty_table() -> None:
    book = make_book()
    found = stays(book.history, book.leads["created"], NOW)
    assert found.empty
    assert {"lead", "status", "nth", "here", "days"} <= set(found)
