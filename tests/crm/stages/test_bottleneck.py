"""Losses by the last stage reached, and the bottleneck: by hand, and recomputed in SQL."""

from __future__ import annotations

from statistics import NormalDist
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sheetsync import locales
from sheetsync.crm import base
from sheetsync.crm.stages import bottleneck, pipeline, ways
from sheetsync.crm.stages import statistics as stages
from sheetsync.crm.stages.funnel import Funnel
from sheetsync.crm.stats import wilson
from tests.crm.books import make_book
from tests.crm.shops import after, random_shop, run, sql, tables

PATH = ("New", "In work", "Proposal", "Won")


def _leads(*groups: tuple[int, str, str, str, dict[str, Any]]) -> base.Book:
    """(how many, furthest stage, status now, source, more) each."""
    leads, history = [], []
    for n, furthest, status, source, more in groups:
        way = PATH[: PATH.index(furthest) + 1]
        for _ in range(n):
            lead = f"L-{len(leads) + 1:05d}"
            leads.append({"id": lead, "status": status, "source": source} | more)
            history += [
                {"lead": lead, "to_status": to, "at": f"2026-10-0{day}", "id": f"{lead}/{day}"}
                for day, to in enumerate(dict.fromkeys([*way, status]), 1)
            ]
    return make_book(leads=leads, history=history)


def _count(book: base.Book) -> ways.Statistics:
    return ways.count(ways.ways(book, run(book, pipeline.compute)))


def _verdict(book: base.Book) -> tuple[Any, ...]:
    line = bottleneck.chosen(_count(book).bottleneck)
    assert line is not None
    return (line["stage"], line["verdict"], line["group"])


def test_a_lost_lead_is_counted_once_at_the_last_stage_it_reached_with_its_reason() -> None:
    dear, far = {"loss_reason": "Too dear"}, {"loss_reason": "Too far"}
    book = _leads(
        (3, "Proposal", "Lost", "Website", dear),
        (1, "Proposal", "Lost", "Website", far),
        (2, "In work", "Lost", "Website", {}),
        (2, "Proposal", "In work", "Website", {}),
        (1, "Won", "Won", "Website", {}),
    )
    found = _count(book)
    lines = found.losses.astype(object).where(found.losses.notna(), None)
    assert lines.to_numpy().tolist() == [
        ["In work", None, 2],
        ["Proposal", "Too dear", 3],
        ["Proposal", "Too far", 1],
    ]
    assert found.funnel.set_index("stage")["lost"].to_dict() == {
        "New": 0,
        "In work": 2,
        "Proposal": 4,
        "Won": 0,
    }


def test_a_lead_lost_before_any_stage_is_not_forgotten() -> None:
    book = make_book(leads=[{"status": "Lost", "loss_reason": "Spam call"}])
    lines = _count(book).losses.to_dict("records")
    assert lines == [{"stage": None, "reason": "Spam call", "lost": 1}]
    part = stages.compute(book, run(book, pipeline.compute))
    said = [(line.item, line.count, line.note) for line in part.lines["bottleneck"]]
    assert ("Before any stage", 1, "Why: Spam call 1") in said


def test_open_leads_are_not_judged() -> None:
    book = _leads(
        (4, "Proposal", "Lost", "Website", {}),
        (6, "Proposal", "Proposal", "Website", {}),
        (2, "Won", "Won", "Website", {}),
    )
    line = _count(book).bottleneck.set_index("stage").loc["Proposal"]
    assert line[["reached", "passed", "lost", "open", "decided"]].tolist() == [12, 2, 4, 6, 6]
    assert line["loss"] == pytest.approx(4 / 6)
    assert [line["low"], line["high"]] == pytest.approx([float(x) for x in wilson(4, 6)])


def test_who_is_won_has_passed_the_last_stage() -> None:
    book = _leads((5, "Won", "Won", "Website", {}), (1, "Won", "Lost", "Website", {}))
    line = _count(book).bottleneck.set_index("stage").loc["Won"]
    assert line[["passed", "lost", "decided"]].tolist() == [5, 1, 6]


def test_one_source_that_loses_much_more_is_to_be_fixed() -> None:
    book = _leads(
        (30, "Proposal", "Lost", "Instagram", {}),
        (10, "Won", "Won", "Instagram", {}),
        (25, "Proposal", "Lost", "Website", {}),
        (75, "Won", "Won", "Website", {}),
        (60, "In work", "Lost", "Website", {}),
        (20, "In work", "Lost", "Instagram", {}),
    )
    assert _verdict(book) == ("Proposal", "source", "Instagram")
    line = _count(book).bottleneck.set_index("stage").loc["Proposal"]
    assert line[["group_lost", "group_decided", "others_lost", "others_decided"]].tolist() == [
        30,
        40,
        25,
        100,
    ]
    assert line["excess"] == pytest.approx(30 - 40 * 0.25)
    text = stages.verdict_text(line.to_dict(), 30, locales.load("en"))
    assert text == (
        "Fix the source: “Instagram” loses 30 of 40 here, the others 25%; that is 20 leads too many"
    )
    assert "«Instagram» теряет здесь 30 из 40" in stages.verdict_text(
        line.to_dict(), 30, locales.load("ru")
    )


def test_one_month_that_loses_much_more_is_to_be_explained() -> None:
    months = [{"created": f"2026-0{n}-10"} for n in (3, 4, 5)]
    book = _leads(
        *((10, "Proposal", "Lost", "Website", months[n]) for n in (0, 1)),
        *((40, "Won", "Won", "Website", months[n]) for n in (0, 1)),
        (40, "Proposal", "Lost", "Website", months[2]),
        (10, "Won", "Won", "Website", months[2]),
    )
    assert _verdict(book) == ("Proposal", "month", "2026-05")


def test_where_all_lose_alike_the_stage_that_loses_most_is_to_be_widened() -> None:
    book = _leads(
        *((20, "Proposal", "Lost", source, {}) for source in ("Website", "Instagram")),
        *((10, "In work", "Lost", source, {}) for source in ("Website", "Instagram")),
        *((20, "Won", "Won", source, {}) for source in ("Website", "Instagram")),
    )
    assert _verdict(book)[:2] == ("Proposal", "widen")


def test_no_other_stage_is_blamed_where_the_one_that_loses_most_has_too_few() -> None:
    book = _leads(
        (1, "In work", "Lost", "Website", {}),
        (20, "Proposal", "Lost", "Website", {}),
        (9, "Won", "Won", "Website", {}),
        (10, "Proposal", "Proposal", "Website", {}),
    )
    assert _verdict(book)[:2] == ("Proposal", "few")


def test_a_small_source_is_not_blamed_for_bad_luck() -> None:
    book = _leads(
        (6, "Proposal", "Lost", "Instagram", {}),
        (50, "Proposal", "Lost", "Website", {}),
        (50, "Won", "Won", "Website", {}),
    )
    assert _verdict(book)[:2] == ("Proposal", "widen")


def test_a_young_month_is_not_blamed_for_what_is_not_decided_yet() -> None:
    """Of 60 leads 40 are lost, as refusals come first; the 60 that are still open may pass."""
    young, old = {"created": "2026-10-10"}, {"created": "2026-03-10"}
    book = _leads(
        (40, "Proposal", "Lost", "Website", young),
        (60, "Proposal", "Proposal", "Website", young),
        (50, "Proposal", "Lost", "Website", old),
        (50, "Won", "Won", "Website", old),
    )
    assert _verdict(book)[:2] == ("Proposal", "widen")


def test_sources_that_differ_by_chance_alone_are_rarely_blamed() -> None:
    """60 shops of 8 alike sources: the bound shared out among all comparisons holds."""
    rng = np.random.default_rng(5)
    steps = make_book().statuses.loc[["Proposal", "Won"]]
    blamed = 0
    for _ in range(60):
        lost = rng.random(800) < 0.4
        visited = pd.DataFrame({"Proposal": True, "Won": ~lost})
        created = pd.Timestamp("2026-01-05") + pd.to_timedelta(rng.integers(0, 240, 800), "D")
        leads = pd.DataFrame(
            {
                "kind": np.where(lost, "lost", "won"),
                "source": rng.choice([f"s{n}" for n in range(8)], 800),
                "created": created,
            }
        )
        found = bottleneck.bottleneck(Funnel(steps, visited), leads, 30)
        blamed += found["verdict"].dropna().tolist() != ["widen"]
    assert blamed <= 6


def test_the_bound_is_newcombes() -> None:
    """Newcombe (1998), table II, example (a): 56/70 against 48/80, method 10: 0.0524 to 0.3339."""
    low = bottleneck.difference_low(
        pd.Series([56]), pd.Series([70]), pd.Series([48]), pd.Series([80]), 1.959964
    )
    assert low[0] == pytest.approx(0.0524, abs=5e-5)


@pytest.mark.parametrize(
    ("book", "verdict"),
    [
        (_leads((3, "Proposal", "Lost", "Website", {})), "few"),
        (_leads((40, "Won", "Won", "Website", {})), "none"),
        (make_book(leads=[{"status": "Lost"}]), "few"),
        (make_book(), "few"),
    ],
    ids=["few", "nobody lost", "one", "empty"],
)
def test_too_little_to_say_is_said(book: base.Book, verdict: str) -> None:
    assert _verdict(book)[1] == verdict
    part = stages.compute(book, run(book, pipeline.compute))
    assert book.words(f"stages.verdict.{verdict}", few=30) in part.lines["bottleneck"][0].note


def test_without_stages_there_is_no_bottleneck() -> None:
    assert bottleneck.chosen(_count(make_book(statuses=[])).bottleneck) is None


@pytest.mark.parametrize("seed", range(3))
def test_random_shops_agree_with_sql(seed: int) -> None:
    book = random_shop(seed, leads=900, lines=1200, settings={"few": 5})
    odds = np.where(book.leads["source"].eq("Instagram"), 0.75, 0.25)
    lost = np.random.default_rng(seed).random(900) < odds
    leads = book.leads.assign(
        status=book.leads["status"].mask(lost, "Lost"), kind=book.leads["kind"].mask(lost, "lost")
    )
    book = base.Book(**{**vars(book), "leads": leads})
    results = run(book, pipeline.compute)
    every = ways.ways(book, results)
    data = tables(after(book, results))
    data["counted"] = pd.DataFrame({"lead": every.part.index[every.part.eq("base")]})
    common = """
        WITH been AS (
            SELECT DISTINCT lead, s.status, "order" AS o
            FROM (SELECT lead, to_status AS status FROM history
                  UNION SELECT lead, from_status FROM history
                  UNION SELECT id, status FROM leads) seen
            JOIN statuses s USING (status) JOIN counted USING (lead)
            WHERE s.kind IN ('open', 'won')),
        furthest AS (SELECT lead, max(o) AS o FROM been GROUP BY lead),
        stage AS (SELECT status, "order" AS o, may_skip, row_number() OVER (
                  ORDER BY "order", status) AS place FROM statuses WHERE kind IN ('open', 'won')),
        last AS (
            SELECT been.lead, arg_min(stage.status, place) AS status
            FROM been JOIN furthest USING (lead, o) JOIN stage ON stage.status = been.status
            GROUP BY 1),
        outcome AS (
            SELECT stage.status, place, l.id AS lead, l.source,
                   strftime(l.created, '%Y-%m') AS month,
                   coalesce(f.o > stage.o, false) AS further, l.kind = 'won' AS won,
                   l.kind = 'lost' AND last.status IS NOT DISTINCT FROM stage.status AS lost,
                   b.lead IS NOT NULL OR (coalesce(f.o > stage.o, false) AND NOT may_skip)
                       AS reached
            FROM stage CROSS JOIN leads l JOIN counted ON counted.lead = l.id
            LEFT JOIN furthest f ON f.lead = l.id LEFT JOIN last ON last.lead = l.id
            LEFT JOIN been b ON b.lead = l.id AND b.status = stage.status),
        line AS (SELECT *, reached AND (further OR won) AS passed FROM outcome)
    """
    expected = sql(
        common
        + """
        SELECT status AS stage, count(*) FILTER (reached) AS reached,
               count(*) FILTER (passed) AS passed, count(*) FILTER (lost) AS lost,
               count(*) FILTER (reached AND NOT passed AND NOT lost) AS open,
               count(*) FILTER (passed OR lost) AS decided
        FROM line GROUP BY status, place ORDER BY place
        """,
        **data,
    )
    found = ways.count(every)
    columns = ["stage", "reached", "passed", "lost", "open", "decided"]
    assert found.bottleneck[columns].to_numpy().tolist() == expected.to_numpy().tolist()
    assert found.bottleneck["lost"].sum() > 200

    groups = sql(
        common
        + """
        , grouped AS (
            SELECT status, place, 'source' AS "by", source AS "group", * FROM line
            UNION ALL SELECT status, place, 'month', month, * FROM line),
        counted_ AS (
            SELECT status, place, "by", "group", count(*) FILTER (lost) AS lost,
                   count(*) FILTER (passed OR lost) AS n, count(*) FILTER (reached) AS reached
            FROM grouped GROUP BY 1, 2, 3, 4)
        SELECT c.*, sum(lost) OVER w - lost AS others_lost, sum(n) OVER w - n AS others
        FROM counted_ c WINDOW w AS (PARTITION BY status, "by")
        """,
        **data,
    )
    groups = groups[groups["group"].notna() & groups["n"].ge(5) & groups["others"].ge(5)]
    z = NormalDist().inv_cdf(1 - 0.025 / len(groups))
    p, q = groups["lost"] / groups["n"], groups["others_lost"] / groups["others"]
    low, high = (
        wilson(groups["lost"], groups["n"], z)[0],
        wilson(groups["others_lost"], groups["others"], z)[1],
    )
    sure = (p - q - ((p - low) ** 2 + (high - q) ** 2) ** 0.5 > 0) & (
        groups["lost"] / groups["reached"] > q
    )
    worst = (
        groups.assign(excess=groups["lost"] - groups["n"] * q)[sure]
        .sort_values("excess", ascending=False)
        .drop_duplicates("place")
        .set_index("status")["excess"]
    )
    shown = found.bottleneck.set_index("stage")["excess"].dropna()
    assert shown.to_dict() == pytest.approx(worst.to_dict())
    assert len(shown) > 0


@pytest.mark.parametrize("lang", locales.LANGUAGES)
def test_every_verdict_has_a_text(lang: str) -> None:
    assert set(locales.load(lang).group("stages.verdict")) == set(bottleneck.VERDICTS)
