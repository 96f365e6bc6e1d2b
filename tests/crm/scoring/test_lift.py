"""Lift: Katz's interval by hand, its edges, and what every rule is worth against SQL."""

from __future__ import annotations

from math import exp, log, nan, sqrt
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sheetsync.crm.base import Book
from sheetsync.crm.scoring.capability import compute
from sheetsync.crm.scoring.effects import EFFECTS, INCOMPARABLE
from sheetsync.crm.scoring.lift import lift
from sheetsync.locales import LANGUAGES, load
from tests.crm.books import NO_RESULTS, make_book, with_rules
from tests.crm.shops import random_shop, sql, tables


def row(*counts: int) -> list[float]:
    return lift(*([count] for count in counts)).iloc[0].tolist()


def test_the_interval_is_that_of_katz() -> None:
    """1 of 34 against 7 of 34 and the other way round (Fagerland, Lydersen & Laake 2015 print
    0.143 and 0.018 to 1.10)."""
    half = 1.959963984540054 * sqrt(1 / 7 - 1 / 34 + 1 / 1 - 1 / 34)
    expected = [7 / 34, 1 / 34, 7, exp(log(7) - half), exp(log(7) + half)]
    assert row(7, 34, 1, 34) == pytest.approx(expected)
    assert row(1, 34, 7, 34)[2:] == pytest.approx([1 / 7, 0.01856, 1.0994], rel=1e-3)


def test_an_interval_says_the_same_whichever_side_is_called_first() -> None:
    for counts in ((12, 40, 8, 90), (5, 5, 3, 9), (4, 4, 6, 6), (1, 2, 1, 1)):
        a, m, b, n = counts
        there, back = row(a, m, b, n), row(b, n, a, m)
        assert [1 / there[2], 1 / there[4], 1 / there[3]] == pytest.approx(back[2:])
        assert there[3] < there[2] < there[4]


def test_nobody_won_on_one_side_leaves_one_bound() -> None:
    """Half a lead more in each count: 0.5/10.5 against 5.5/20.5."""
    half = 1.959963984540054 * sqrt(1 / 0.5 - 1 / 10.5 + 1 / 5.5 - 1 / 20.5)
    middle = (0.5 / 10.5) / (5.5 / 20.5)
    assert row(0, 10, 5, 20) == pytest.approx([0, 0.25, 0, 0, middle * exp(half)])
    assert row(5, 20, 0, 10) == pytest.approx([0.25, 0, nan, exp(-half) / middle, nan], nan_ok=True)


def test_everybody_won_on_both_sides_is_no_certainty() -> None:
    """Half a lead less: 0.5 of 1 against 0.5 of 1."""
    half = 1.959963984540054 * sqrt(1 / 0.5 - 1 + 1 / 0.5 - 1)
    assert row(1, 1, 1, 1) == pytest.approx([1, 1, 1, exp(-half), exp(half)])


@pytest.mark.parametrize("counts", [(0, 0, 3, 9), (3, 9, 0, 0), (0, 0, 0, 0), (0, 9, 0, 9)])
def test_what_cannot_be_compared_has_no_interval(counts: tuple[int, ...]) -> None:
    found = row(*counts)
    assert np.isnan(found[3:]).all()
    assert not np.isinf(found).any()


def test_impossible_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="successes"):
        row(3, 2, 0, 1)


def test_the_interval_covers_the_truth_as_often_as_it_says() -> None:
    rng = np.random.default_rng(7)
    a, b = rng.binomial(200, 0.3, 4000), rng.binomial(300, 0.15, 4000)
    found = lift(a, np.full(4000, 200), b, np.full(4000, 300))
    assert found["low"].le(2).mul(found["high"].ge(2)).mean() == pytest.approx(0.95, abs=0.012)


# --- rules


def shop(*groups: tuple[int, int, str | None], rules: Any, **more: Any) -> Book:
    """Leads as (won, lost, segment)."""
    leads = [
        {"status": status, "segment": segment}
        for won, lost, segment in groups
        for status, n in (("Won", won), ("Lost", lost))
        for _ in range(n)
    ]
    return make_book(leads=leads, rules=rules, **more)


def effect(book: Book) -> list[str]:
    return [str(text) for text in compute(book, NO_RESULTS).columns["scoring"]["effect"]]


LARGE = ("Segment", "equals", "large", 40)


def test_what_a_rule_does_stands_in_its_row_with_counts() -> None:
    rules = [
        LARGE,
        ("Segment", "equals", "mid", 40),
        ("Segment", "equals", "retail", 40),
        ("Segment", "one of", "small; large", 25),
        ("Comment", "contains", "sea", 40),
        ("ID", "filled", None, 1),
        ("Status", "equals", "Won", 25),
        ("Days in stage", "at least", 0, 40),
    ]
    book = shop((24, 16, "large"), (2, 58, "mid"), (8, 32, "small"), (1, 4, "retail"), rules=rules)
    assert effect(book) == [
        "Raises: 24 of 40 against 11 of 105",
        "Lowers: 2 of 60 against 33 of 85",
        "Too few to judge, at least 30 leads are needed on either side: 1 of 5 against 34 of 140",
        "Raises: 32 of 80 against 3 of 65",
        "Does nothing: no lead meets it",
        "Does nothing: every lead meets it",
        "Not compared: it looks at time or at the outcome, not at what the lead is worth",
        "Does nothing: no lead meets it",
    ]


def test_a_difference_that_may_be_chance_is_called_so() -> None:
    book = shop((8, 32, "large"), (14, 76, None), (12, 88, "mid"), rules=[LARGE])
    assert effect(book) == [
        "No difference so far, may be chance: 8 of 40 against 12 of 100",
    ]
    figures = compute(book, NO_RESULTS).figures["rules"].iloc[0]
    # Those without a segment are on neither side.
    assert (figures["matched"], figures["unknown"]) == (40, 90)
    assert figures["with"] == 8 / 40 and figures["without"] == 12 / 100
    assert figures["low"] < 1 < figures["high"]


def test_a_rule_that_is_off_says_what_it_would_do() -> None:
    book = shop((24, 16, "large"), (2, 58, "mid"), rules=[(*LARGE, None, False)])
    assert effect(book) == ["Off. Raises: 24 of 40 against 2 of 60"]
    assert compute(book, NO_RESULTS).columns["leads"]["score"].isna().all()


def test_a_rule_that_moves_nobody_to_another_tier_says_so() -> None:
    book = shop((24, 16, "large"), (2, 58, "mid"), rules=[(*LARGE[:3], 24)])
    assert effect(book) == ["Raises: 24 of 40 against 2 of 60; changes nobody's tier"]
    moved = shop((24, 16, "large"), (2, 58, "mid"), rules=[(*LARGE[:3], 25)])
    assert effect(moved) == ["Raises: 24 of 40 against 2 of 60"]
    assert compute(moved, NO_RESULTS).figures["rules"]["moves"].tolist() == [40]


def test_partners_and_the_months_of_setting_up_are_on_neither_side() -> None:
    leads = [
        {"status": status, "segment": "large", "created": created}
        for status in ("Won", "Partner", "Wrong number", "Spam")
        for created in ("2026-01-15", "2026-06-15")
    ]
    settings = {"work_from": pd.Timestamp("2026-06-01")}
    book = make_book(leads=leads, rules=[LARGE], settings=settings)
    line = compute(book, NO_RESULTS).figures["rules"].iloc[0]
    assert (line["matched"], line["with_won"], line["with_leads"]) == (8, 1, 2)


def test_a_shop_without_leads_and_one_with_one() -> None:
    for leads in ([], [{"segment": "large", "status": "Won"}]):
        part = compute(make_book(leads=leads, rules=[LARGE]), NO_RESULTS)
        assert part.columns["scoring"][["lift", "low", "high"]].isna().all(axis=None)
    assert effect(make_book(rules=[LARGE])) == ["Does nothing: no lead meets it"]


def test_a_border_of_no_leads_judges_nobody_by_nobody() -> None:
    book = shop((1, 1, "large"), (0, 0, "mid"), (1, 0, None), rules=[LARGE], settings={"few": 0})
    assert effect(book) == [
        "Too few to judge, at least 1 leads are needed on either side: 1 of 2 against 0 of 0"
    ]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_figure_of_random_shops_is_that_of_sql(seed: int) -> None:
    book = random_shop(seed, 900, 0, settings={"work_from": pd.Timestamp("2026-04-01")})
    book = with_rules(
        book,
        ("Source", "equals", "Website", 5),
        ("Manager", "equals", "Anna", 10, None, False),
        ("Source", "empty", None, -5),
    )
    met = {"R-001": "source = 'Website'", "R-002": "manager = 'Anna'", "R-003": "source is null"}
    known = {"R-001": "source is not null", "R-002": "manager is not null", "R-003": "true"}
    found = compute(book, NO_RESULTS).figures["rules"].set_index("rule")
    for rule, condition in met.items():
        (expected,) = sql(
            f"""
            with judged as (
                select coalesce({condition}, false) as met, {known[rule]} as known,
                    kind = 'won' as won,
                    kind is distinct from 'partner' and kind is distinct from 'not_a_lead'
                        and created >= date '2026-04-01' as counts
                from leads)
            select count(*) filter (met) as matched, count(*) filter (not known) as unknown,
                count(*) filter (met and counts) as with_leads,
                count(*) filter (met and counts and won) as with_won,
                count(*) filter (known and not met and counts) as without_leads,
                count(*) filter (known and not met and counts and won) as without_won,
                with_won / with_leads as conversion_with,
                without_won / without_leads as conversion_without,
                conversion_with / conversion_without as lift,
                sqrt(1 / with_won - 1 / with_leads + 1 / without_won - 1 / without_leads) as se,
                exp(ln(lift) - 1.959963984540054 * se) as low,
                exp(ln(lift) + 1.959963984540054 * se) as high
            from judged
            """,
            leads=tables(book)["leads"],
        ).to_dict("records")
        line = found.loc[rule]
        counts = [key for key in expected if key.endswith(("leads", "won")) or key in found][:6]
        assert [line[key] for key in counts] == [expected[key] for key in counts]
        assert len(counts) == 6
        for key, name in (
            ("with", "conversion_with"),
            ("without", "conversion_without"),
            *((same, same) for same in ("lift", "low", "high")),
        ):
            assert line[key] == pytest.approx(expected[name]), (rule, key)


def test_the_sheet_shows_what_the_figures_say() -> None:
    part = compute(shop((24, 16, "large"), (2, 58, "mid"), rules=[LARGE]), NO_RESULTS)
    sheet, line = part.columns["scoring"].iloc[0], part.figures["rules"].iloc[0]
    assert sheet["lift"] == 18 == pytest.approx(line["lift"])
    assert sheet["low"] == round(line["low"], 2) and sheet["high"] == round(line["high"], 2)
    for key in ("matched", "unknown", "with", "without"):
        assert sheet[key] == line[key]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_effect_has_a_text_and_every_column_without_worth_exists(lang: str) -> None:
    words = load(lang)
    assert set(EFFECTS) | {"off", "moves_nobody"} == set(words.group("scoring.effect"))
    assert all(f"columns.leads.{key}" in words for key in INCOMPARABLE)
