"""Months of creation: counts in SQL, times by hand, estimates against how shops really ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sheetsync import locales
from sheetsync.crm import base
from sheetsync.crm.cohorts import capability as cohorts
from sheetsync.crm.cohorts.forecast import ahead
from sheetsync.crm.cohorts.maturity import learn, record
from sheetsync.crm.cohorts.outcomes import outcomes
from sheetsync.crm.stages.pipeline import compute as pipeline
from tests.crm.books import NO_RESULTS, NOW, TODAY, make_book
from tests.crm.shops import random_shop, run, sql, tables

Draw = Callable[[np.random.Generator, int], np.ndarray]

NOT = np.zeros(1, dtype=bool)

NO_LINES = pd.DataFrame(columns=["lead", "at", "from", "to", "via", "id"])


# --- Shops whose end is known -----------------------------------------------------------------


def exponential(mean: float) -> Draw:
    return lambda rng, n: rng.exponential(mean, n)


def lognormal(median: float, sigma: float) -> Draw:
    return lambda rng, n: median * np.exp(sigma * rng.normal(size=n))


def evenly(low: float, high: float) -> Draw:
    return lambda rng, n: rng.uniform(low, high, n)


def shop(
    seed: int,
    *,
    months: int,
    leads: int,
    conversion: float,
    wins: Draw,
    losses: Draw,
    differ: float = 0.0,
    today: date = TODAY,
) -> tuple[base.Book, pd.Series]:
    """A shop of some months up to today, and the share of each month's leads that is won in the
    end; ``differ`` is the coefficient of variation of the months' true conversions."""
    rng = np.random.default_rng(seed)
    start = (pd.Timestamp(today).to_period("M") - (months - 1)).start_time
    days = (pd.Timestamp(today) - start).days + 1
    created = start + pd.to_timedelta(np.sort(rng.integers(0, days, months * leads)), "D")
    month = np.asarray(created.strftime("%Y-%m"))
    level = {name: conversion * (1 + differ * rng.normal()) for name in np.unique(month)}
    n = len(created)
    wins_ever = rng.random(n) < np.vectorize(level.__getitem__)(month)
    after = np.floor(np.where(wins_ever, wins(rng, n), losses(rng, n)))
    age = (pd.Timestamp(today) - created).days.to_numpy()
    happened = after <= age
    status = np.where(happened, np.where(wins_ever, "Won", "Lost"), "In work")
    ids = np.array([f"L-{i:05d}" for i in range(n)])
    table = pd.DataFrame({"id": ids, "created": created, "status": status})
    history = pd.DataFrame(
        {
            "lead": ids[happened],
            "from_status": "In work",
            "to_status": status[happened],
            "at": (created + pd.to_timedelta(after, "D"))[happened],
        }
    )
    now = datetime(today.year, today.month, today.day, 12)
    book = make_book(leads=table, history=history, today=today, now=now)
    return book, pd.Series(wins_ever).groupby(month).mean()


def young_months(kind: dict[str, Any], shops: int) -> Iterator[tuple[pd.Series, float, float]]:
    """Young months of such shops: figures, true share in the end, mean age in days."""
    for seed in range(shops):
        today = TODAY - timedelta(days=11 * (seed % 3))
        book, truth = shop(seed, today=today, **kind)
        found = cohorts.compute(book, NO_RESULTS).figures["cohorts"].set_index("month")
        middle = pd.PeriodIndex(found.index, freq="M").start_time + pd.Timedelta(days=15)
        found["age"] = (pd.Timestamp(today) - middle).days
        for month, line in found[found["mature"].eq(False)].iterrows():
            yield line, truth[month], max(line["age"], 5)


KINDS: dict[str, dict[str, Any]] = {
    "one in five, exponential": {
        "months": 12,
        "leads": 60,
        "conversion": 0.2,
        "wins": exponential(25),
        "losses": exponential(15),
    },
    "months that differ": {
        "months": 12,
        "leads": 150,
        "conversion": 0.2,
        "wins": lognormal(30, 0.9),
        "losses": exponential(40),
        "differ": 0.25,
    },
    "a long cycle, few months": {
        "months": 9,
        "leads": 100,
        "conversion": 0.15,
        "wins": evenly(20, 100),
        "losses": lognormal(30, 1),
    },
    "a heavy tail": {
        "months": 14,
        "leads": 120,
        "conversion": 0.2,
        "wins": lognormal(40, 1.2),
        "losses": exponential(40),
    },
    "refusals at once": {
        "months": 10,
        "leads": 80,
        "conversion": 0.5,
        "wins": lognormal(25, 0.6),
        "losses": exponential(4),
    },
}


@pytest.fixture(scope="module")
def ended() -> pd.DataFrame:
    """Young months of all kinds of shops: kind, age, figures, and how each really ended."""
    rows = [
        {"kind": name, "age": age, "truth": truth, "level": kind["conversion"], **line}
        for name, kind in KINDS.items()
        for line, truth, age in young_months(kind, 6)
    ]
    return pd.DataFrame(rows)


@pytest.mark.parametrize("name", KINDS)
def test_intervals_of_young_months_hold_how_they_end(ended: pd.DataFrame, name: str) -> None:
    lines = ended[ended["kind"].eq(name)]
    held = lines["truth"].between(lines["expected_low"] - 1e-9, lines["expected_high"] + 1e-9)
    assert len(held) > 15
    assert held.mean() >= 0.9
    # They say something, too.
    assert (lines["expected_high"] - lines["expected_low"]).mean() < 1.2 * lines["level"].mean()


@pytest.mark.parametrize("age", [10, 30, 60])
def test_estimates_of_young_months_are_neither_high_nor_low(ended: pd.DataFrame, age: int) -> None:
    lines = ended[ended["age"].between(age - 10, age + 15)]
    assert len(lines) > 15
    error = (lines["expected"] - lines["truth"]) / lines["level"]
    assert abs(error.mean()) < 0.1
    plain = (lines["conversion"] - lines["truth"]) / lines["level"]
    assert plain.mean() < -0.15, "or the estimate would be worth nothing"


def test_the_time_to_maturity_is_that_of_nine_wins_of_ten() -> None:
    cycles, medians = [], []
    for seed in range(5):
        book, _ = shop(seed, **KINDS["one in five, exponential"])
        line = cohorts.compute(book, NO_RESULTS).figures["maturity"].iloc[0]
        assert line["basis"] == "learned" and line["learned"]
        cycles.append(line["cycle"])
        medians.append(line["median"])
    # Of the exponential distribution: mean · ln 10 and mean · ln 2; whole days are cut off.
    assert np.mean(cycles) == pytest.approx(25 * np.log(10), rel=0.1)
    assert np.mean(medians) == pytest.approx(25 * np.log(2), rel=0.1)


def test_lost_leads_stay_at_risk() -> None:
    """Half are lost on the first day. As censored they would double the share won."""
    age = np.repeat(np.arange(100.0, 124), 20)
    happened = np.tile(np.repeat(["closed", "won", ""], [10, 2, 8]), 24)
    table = _outcomes(age, happened, np.where(happened == "won", 10.0, 0.0))
    known = record(table)
    pace = learn(known)
    assert pace is not None
    assert pace.end == pytest.approx(0.1)
    assert pace.gone[0] == pytest.approx(0.5 / 0.9)
    one: dict[str, Any] = {"month": np.zeros(1, dtype=int), "months": 1, "won": NOT, "closed": NOT}
    day_5, day_50 = (replace(known, age=np.array([day]), **one) for day in (5.0, 50.0))
    assert ahead(pace, day_5).wins == pytest.approx([0.1 / 0.5]), "of those still open then"
    assert ahead(pace, day_50).wins == pytest.approx([0])


def _outcomes(age: np.ndarray, outcome: np.ndarray, after: np.ndarray) -> pd.DataFrame:
    """A table of outcomes after so many days, NaN where that is not known."""
    found = {"age": age}
    for name in ("won", "closed"):
        here = outcome == name
        found[name] = here
        found[f"{name}_after"] = np.where(here, after, np.nan)
        found[f"{name}_by"] = np.where(here, age, np.nan)
    return pd.DataFrame(found)


def test_a_win_at_an_unknown_time_counts_and_takes_a_likely_place() -> None:
    """Half of the times are lost: the shape stays, and so does the share won in the end."""
    found: dict[str, list[list[float]]] = {"whole": [], "partly": []}
    for seed in range(6):
        rng = np.random.default_rng(seed)
        age = rng.integers(0, 400, 3000).astype(float)
        after = np.floor(rng.exponential(30, 3000))
        won = (rng.random(3000) < 0.2) & (after <= age)
        table = _outcomes(age, np.where(won, "won", ""), after)
        unseen = won & (age > 150)
        assert unseen.sum() > 200
        less = table.assign(
            won_after=table["won_after"].mask(unseen),
            won_by=table["won_by"].where(~unseen, age - 50),
        )
        for name, known in (("whole", table), ("partly", less)):
            pace = learn(record(known))
            assert pace is not None
            found[name].append([pace.end, pace.within(0.5), pace.within(0.9)])
    whole, partly = (np.mean(figures, axis=0) for figures in found.values())
    assert partly[0] == pytest.approx(whole[0], rel=0.04)
    assert partly[1:] == pytest.approx(whole[1:], rel=0.15)


# --- Single figures by hand -------------------------------------------------------------------


def _one(
    created: str, *lines: tuple[str | None, str, str], status: str = "Won", **more: Any
) -> Any:
    """The outcome of a lead, and the book."""
    history = [
        {"lead": "L-00001", "at": at, "from_status": before, "to_status": to}
        for at, before, to in lines
    ]
    if "via" in more:
        history[0]["via"] = more["via"]
    book = make_book(leads=[{"created": created, "status": status}], history=history)
    return outcomes(book.leads, book, NO_LINES).iloc[0], book


def test_the_time_to_a_win_is_up_to_the_first_line_into_it() -> None:
    line, _ = _one(
        "2026-10-01",
        ("2026-10-20 09:00", "Lost", "Won"),
        ("2026-10-05 23:59", "In work", "Won"),
        ("2026-10-11", "Won", "Lost"),
    )
    assert line["won_after"] == 4 and line["age"] == 51 and not line["closed"]


def test_a_win_that_was_left_again_is_none_and_the_last_loss_counts() -> None:
    line, _ = _one(
        "2026-10-01",
        ("2026-10-05", "In work", "Won"),
        ("2026-10-07", "Won", "Lost"),
        ("2026-10-08", "Lost", "In work"),
        ("2026-10-21", "In work", "Spam"),
        status="Spam",
    )
    assert not line["won"] and pd.isna(line["won_after"])
    assert line["closed"] and line["closed_after"] == 20


@pytest.mark.parametrize("at", [None, "2027-03-01"], ids=["undated", "in the future"])
def test_a_line_without_a_believable_time_leaves_it_unknown(at: str | None) -> None:
    line, book = _one("2026-10-01", (at, "In work", "Won"))
    assert line["won"] and pd.isna(line["won_after"]) and line["won_by"] == 51
    figures = cohorts.compute(book, NO_RESULTS).figures["maturity"].iloc[0]
    assert (figures["wins"], figures["wins_unknown"]) == (0, 1)


def test_a_lead_already_won_when_first_seen_was_won_by_then() -> None:
    line, _ = _one("2026-10-01", ("2026-10-21", "", "Won"), via="refresh")
    assert pd.isna(line["won_after"]) and line["won_by"] == 20
    same_day, _ = _one("2026-10-21", ("2026-10-21 18:00", "", "Won"), via="refresh")
    assert same_day["won_after"] == 0
    # A log of somebody else's says when it was.
    imported, _ = _one("2026-10-01", ("2026-10-21", "", "Won"), via="import")
    assert imported["won_after"] == 20


def test_a_won_lead_without_a_line_is_first_seen_today() -> None:
    book = make_book(leads=[{"created": "2026-10-01", "status": "Won"}])
    results = run(book, pipeline, cohorts.compute)
    figures = results.figures["maturity"].iloc[0]
    assert (figures["wins"], figures["wins_unknown"]) == (0, 1)
    assert results.figures["cohorts"].iloc[0][["leads", "won"]].tolist() == [1, 1]


@pytest.mark.parametrize(
    ("lang", "won", "text"),
    [
        ("en", "Won", "Won on 2026-03-03, before it was created on 2026-03-10: "),
        ("ru", "Продажа", "Продан 03.03.2026, раньше, чем создан (10.03.2026): "),
    ],
)
def test_a_win_before_creation_is_day_0_and_told(lang: str, won: str, text: str) -> None:
    book = make_book(
        lang=lang,
        leads=[{"created": "2026-03-10", "status": won}, {"created": "2026-03-03", "status": won}],
        history=[
            {"lead": lead, "at": "2026-03-03 10:00", "to_status": won, "from_status": "?"}
            for lead in ("L-00001", "L-00002")
        ],
    )
    assert outcomes(book.leads, book, NO_LINES)["won_after"].tolist() == [0, 0]
    flags = cohorts.compute(book, NO_RESULTS).flags
    assert flags["lead"].tolist() == ["L-00001"]
    assert flags["code"].tolist() == ["cohorts.won_before_created"]
    assert flags["text"].iloc[0].startswith(text)


@pytest.mark.parametrize("seed", range(3))
def test_months_of_random_shops_agree_with_sql(seed: int) -> None:
    book = random_shop(seed, 500, 800, settings={"cycle_days": 45, "work_from": "2026-03-10"})
    figures = run(book, pipeline, cohorts.compute).figures
    found = figures["cohorts"]
    expected = sql(
        """
        SELECT strftime(created, '%Y-%m') AS month, count(*) AS leads,
               count(*) FILTER (kind = 'won') AS won,
               greatest(0, 45 - date_diff('day', any_value(last_day(created)), DATE '2026-11-21'))
                   AS days_to_mature
        FROM leads WHERE kind IS DISTINCT FROM 'partner' AND kind IS DISTINCT FROM 'not_a_lead'
             AND created BETWEEN DATE '2026-03-10' AND DATE '2026-11-21'
        GROUP BY month ORDER BY month
        """,
        leads=tables(book)["leads"],
    )
    if figures["maturity"]["basis"].iloc[0] != "setting":
        expected = expected.drop(columns="days_to_mature")
    columns = list(expected)
    assert found[columns].to_numpy().tolist() == expected.to_numpy().tolist()
    assert found["mature"].tolist() == found["days_to_mature"].eq(0).tolist()
    assert found["conversion"].to_numpy() == pytest.approx(
        (expected["won"] / expected["leads"]).to_numpy()
    )


def test_a_month_is_mature_when_its_last_day_is_old_enough() -> None:
    leads = [
        {"created": day, "status": "New"} for day in ("2026-09-02", "2026-10-30", "2026-11-01")
    ]
    for cycle, waits in ((52, [0, 31, 61]), (53, [1, 32, 62]), (0, [0, 0, 9])):
        book = make_book(leads=leads, settings={"cycle_days": cycle})
        found = cohorts.compute(book, NO_RESULTS).figures["cohorts"]
        assert found["days_to_mature"].tolist() == waits
        assert found["mature"].tolist() == [wait == 0 for wait in waits]


def test_too_few_wins_judge_no_month() -> None:
    book = make_book(leads=[{"created": "2026-01-05", "status": "Won"}] * 9)
    figures = cohorts.compute(book, NO_RESULTS).figures
    assert figures["maturity"]["basis"].tolist() == ["few"]
    assert figures["cohorts"][["mature", "days_to_mature", "expected"]].isna().all(axis=None)
    assert figures["exposure"]["exposure"].eq(1).all() and not figures["exposure"]["young"].any()


def test_wins_that_come_evenly_to_the_oldest_leads_tell_no_cycle() -> None:
    kind = {"months": 4, "leads": 120, "conversion": 0.4, "wins": evenly(0, 400)}
    book, _ = shop(1, losses=exponential(20), **kind)
    part = cohorts.compute(book, NO_RESULTS)
    assert part.figures["maturity"]["basis"].tolist() == ["short"]
    assert part.figures["cohorts"]["mature"].eq(False).all()
    assert part.figures["cohorts"]["days_to_mature"].isna().all()
    told, _ = shop(1, losses=exponential(20), **kind)
    told = base.Book(**{**vars(told), "settings": {**told.settings, "cycle_days": 60}})
    found = cohorts.compute(told, NO_RESULTS).figures
    assert found["maturity"][["basis", "cycle"]].to_numpy().tolist() == [["setting", 60]]
    assert found["cohorts"]["mature"].tolist() == [True, False, False, False]


def test_exposure_is_the_share_of_wins_that_come_by_that_age() -> None:
    book, _ = shop(2, **{**KINDS["one in five, exponential"], "leads": 300})
    found = cohorts.compute(book, NO_RESULTS).figures["exposure"]
    ages = found.drop_duplicates("age").set_index("age")["exposure"].sort_index()
    assert ages.is_monotonic_increasing and ages.iloc[-1] == pytest.approx(1, abs=0.001)
    ages = ages.reindex(range(356), method="ffill")
    for age in (10, 30, 60):
        assert ages.loc[age] == pytest.approx(1 - np.exp(-(age + 1) / 25), abs=0.05)
    cycle = cohorts.compute(book, NO_RESULTS).figures["maturity"]["cycle"].iloc[0]
    assert found["young"].equals(found["age"] < cycle)


def test_without_wins_to_learn_from_the_typed_cycle_weighs_evenly() -> None:
    days = ["2026-11-21", "2026-11-06", "2026-09-01", None, "2026-12-05"]
    book = make_book(
        leads=[{"created": day, "status": "New"} for day in days], settings={"cycle_days": 60}
    )
    found = cohorts.compute(book, NO_RESULTS).figures["exposure"]
    assert found["exposure"].tolist() == [0, 0.25, 1, 1, 1]
    assert found["young"].tolist() == [True, True, False, False, False]


# --- What people read -------------------------------------------------------------------------


def test_the_dashboard_tells_mature_months_from_young_ones() -> None:
    book, _ = shop(3, **{**KINDS["one in five, exponential"], "months": 14})
    part = cohorts.compute(book, NO_RESULTS)
    lines = {line.item: line for line in part.lines["cohorts"]}
    figures = part.figures["cohorts"].set_index("month")
    assert list(lines)[:2] == ["Won, and it is known when", "All mature months"]
    assert list(lines)[2:] == list(figures.index[-12:])
    november = figures.loc["2026-11"]
    low, high = round(100 * november["expected_low"]), round(100 * november["expected_high"])
    ripe = pd.Timestamp("2026-11-30") + pd.Timedelta(days=part.figures["maturity"]["cycle"].iloc[0])
    assert lines["2026-11"].note == (
        f"Not mature yet: will end at about {100 * november['expected']:.0f}% "
        f"({low}–{high}%), judge it from {ripe:%Y-%m-%d}"
    )
    assert lines["2026-01"].note == ""
    mature = figures[figures["mature"].astype(bool)]
    assert lines["All mature months"].count == mature["won"].sum()
    assert lines["All mature months"].of == mature["leads"].sum()


@pytest.mark.parametrize(
    ("lang", "cycle", "month"),
    [
        (
            "en",
            "Leads have been watched from the first day for 74 days only and late sales",
            "Not judged yet; as far as can be told now, it will end at about ",
        ),
        (
            "ru",
            "За лидами с первого дня следим только 74 дн., а поздние продажи",
            "Судить рано; насколько видно сейчас, закончит около ",
        ),
    ],
)
def test_a_shop_watched_for_a_short_time_has_estimates_but_no_verdicts(
    lang: str, cycle: str, month: str
) -> None:
    book, _ = shop(
        5, months=3, leads=200, conversion=0.3, wins=exponential(25), losses=evenly(5, 60)
    )
    if lang == "ru":
        book = base.Book(**{**vars(book), "words": locales.load("ru")})
    part = cohorts.compute(book, NO_RESULTS)
    line = part.figures["maturity"].iloc[0]
    assert line["basis"] == "short" and not line["learned"] and np.isnan(line["cycle"])
    assert part.figures["cohorts"]["mature"].eq(False).all()
    assert not part.figures["exposure"]["young"].any()
    assert part.figures["exposure"]["exposure"].lt(1).any()
    lines = part.lines["cohorts"]
    assert lines[0].note.startswith(cycle)
    assert all(line.note.startswith(month) for line in lines[1:])


def test_leads_without_a_day_of_creation_are_told() -> None:
    book = make_book(leads=[{"status": "New"}, {"created": "2026-12-24", "status": "New"}])
    part = cohorts.compute(book, NO_RESULTS)
    assert part.figures["cohorts"].empty
    assert [(line.item, line.count) for line in part.lines["cohorts"]][-1] == (
        "Without a date of creation, or with one to come",
        2,
    )


@pytest.mark.parametrize("lang", locales.LANGUAGES)
def test_every_basis_has_a_text(lang: str) -> None:
    assert set(locales.load(lang).group("cohorts.basis")) == set(cohorts.BASES)


ODD: dict[str, dict[str, Any]] = {
    "nobody": {},
    "one lead": {"leads": [{"created": "2026-11-21", "status": "Won"}]},
    "everybody won today": {"leads": [{"created": "2026-11-21", "status": "Won"}] * 50},
    "thousands of new ones": {"leads": [{"created": "2026-05-05", "status": "New"}] * 3_000},
    "nobody dated": {"leads": [{"status": "Won"}] * 40},
    "no statuses": {"leads": [{"created": "2026-05-05"}] * 40, "statuses": []},
}


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize(
    "settings", [{}, {"cycle_days": 30}, {"mature_share": 0}, {"mature_share": 500}]
)
def test_odd_shops_have_figures_or_nothing(name: str, settings: dict[str, Any]) -> None:
    results = run(make_book(settings=settings, **ODD[name]), pipeline, cohorts.compute)
    for figure in ("cohorts", "exposure"):
        numbers = results.figures[figure].select_dtypes("float")
        assert not np.isinf(numbers.to_numpy()).any()
    assert not any("nan" in line.note for line in results.lines.get("cohorts", ()))


def test_all_won_on_the_day_they_came() -> None:
    history = [
        {
            "lead": f"L-{n + 1:05d}",
            "at": NOW - timedelta(days=n),
            "from_status": "New",
            "to_status": "Won",
        }
        for n in range(60)
    ]
    leads = [{"created": NOW - timedelta(days=n), "status": "Won"} for n in range(60)]
    figures = cohorts.compute(make_book(leads=leads, history=history), NO_RESULTS).figures
    assert figures["maturity"]["cycle"].tolist() == [0]
    assert figures["cohorts"]["expected"].eq(1).all()
    assert figures["exposure"]["exposure"].eq(1).all()
