"""Sources: counts, costs and ranks by hand and in SQL, verdicts in words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from sheetsync import locales
from sheetsync.crm import base, sources
from sheetsync.crm.cohorts import capability as cohorts
from sheetsync.crm.stats import shrink, wilson
from tests.crm.books import NO_RESULTS, make_book
from tests.crm.shops import random_shop, run, sql, tables

WON, LOST, OPEN, SPAM, PARTNER, WRONG = (
    "Won",
    "Lost",
    "In work",
    "Spam",
    "Partner",
    "Wrong number",
)


def _leads(source: str | None, created: str | None = "2026-10-05", **counts: int) -> list[Any]:
    statuses = {"won": WON, "lost": LOST, "spam": SPAM, "partner": PARTNER, "wrong": WRONG}
    return [
        {"source": source, "status": statuses[kind], "created": created}
        for kind, n in counts.items()
        for _ in range(n)
    ]


def _shop(*leads: list[Any], **more: Any) -> base.Book:
    return make_book(leads=[lead for group in leads for lead in group], **more)


def _columns(book: base.Book) -> pd.DataFrame:
    return run(book, sources.compute).columns["sources"]


def test_quality_is_won_of_created_without_partners_and_wrong_numbers() -> None:
    book = _shop(_leads("Website", won=3, lost=4, spam=2, partner=5, wrong=6))
    line = _columns(book).loc["Website"]
    assert (line["leads"], line["won"]) == (9, 3)
    assert line["conversion"] == pytest.approx(1 / 3)
    assert [line["low"], line["high"]] == pytest.approx([float(x) for x in wilson(3, 9)])


def test_an_unread_status_is_a_lead_all_the_same() -> None:
    book = _shop(_leads("Website", won=1), [{"source": "Website", "status": None}])
    assert _columns(book).loc["Website", "leads"] == 2


def test_a_source_without_leads_has_no_conversion_no_rank_and_no_cost() -> None:
    book = _shop(
        _leads("Website", lost=2), sources=[{"source": "Website"}, {"source": "Radio", "cost": 500}]
    )
    line = _columns(book).loc["Radio"]
    assert line["leads"] == 0
    assert line.drop(["leads", "won", "verdict"]).isna().all()
    assert line["verdict"] == "No leads yet"


def test_leads_of_no_known_source_have_a_line_of_their_own_in_the_figures() -> None:
    book = _shop(_leads(None, won=1, lost=1), _leads("Long gone", lost=1))
    results = run(book, sources.compute)
    last = results.figures["sources"].iloc[-1]
    assert last["source"] is None
    assert (last["leads"], last["won"]) == (3, 1)
    assert pd.isna(last["rank"])
    assert set(results.columns["sources"].index) == {"Recommendation", "Instagram", "Website"}


@pytest.mark.parametrize(
    ("created", "months"),
    [("2026-11-01", 1), ("2026-10-31", 2), ("2025-12-15", 12), ("2026-12-01", None), (None, None)],
    ids=["this month", "last month", "a year", "next month", "unknown"],
)
def test_costs_run_over_calendar_months_from_the_first_lead(
    created: str | None, months: int | None
) -> None:
    book = _shop(
        _leads("Website", created, won=2, lost=6), sources=[{"source": "Website", "cost": 3000}]
    )
    line = _columns(book).loc["Website"]
    if months is None:
        assert line[["cost_per_lead", "cost_per_sale"]].isna().all()
    else:
        assert line["cost_per_lead"] == 3000 * months / 8
        assert line["cost_per_sale"] == 3000 * months / 2


def test_costs_are_missing_without_a_sale_and_zero_for_a_free_source() -> None:
    free = [{"source": "Website", "cost": 0}, {"source": "Instagram", "cost": 900}]
    book = _shop(_leads("Website", won=1), _leads("Instagram", lost=3), sources=free)
    found = _columns(book)
    assert found["cost_per_lead"].tolist() == [0, 600]
    assert found.loc["Website", "cost_per_sale"] == 0
    assert pd.isna(found.loc["Instagram", "cost_per_sale"])


def test_one_lucky_sale_does_not_top_the_list() -> None:
    book = _shop(
        _leads("Instagram", won=1),
        _leads("Recommendation", won=60, lost=40),
        _leads("Website", won=10, lost=190),
    )
    found = _columns(book)
    assert found.loc["Instagram", "conversion"] == 1.0
    assert found["rank"].to_dict() == {"Recommendation": 1, "Instagram": 2, "Website": 3}
    assert found.loc["Instagram", "expected"] < found.loc["Recommendation", "expected"]


def test_equal_sources_keep_the_order_of_the_tab() -> None:
    book = _shop(*(_leads(s, won=2, lost=8) for s in ("Website", "Instagram", "Recommendation")))
    assert _columns(book)["rank"].to_dict() == {"Recommendation": 1, "Instagram": 2, "Website": 3}


def test_verdicts_compare_with_the_average_only_beyond_chance() -> None:
    """55 of 300 won: 18.3 % on average."""
    book = _shop(
        _leads("Recommendation", won=40, lost=60),
        _leads("Website", won=5, lost=95),
        _leads("Instagram", won=10, lost=60),
        _leads("Radio", won=0, lost=29),
        _leads(None, lost=1),
        sources=[
            {"source": s} for s in ("Recommendation", "Website", "Instagram", "Radio", "Billboard")
        ],
    )
    results = run(book, sources.compute)
    assert results.figures["sources"]["verdict"].tolist()[:5] == [
        "above",
        "below",
        "like",
        "few",
        "none",
    ]
    assert results.columns["sources"]["verdict"].tolist() == [
        "Won 40 of 100, better than the shop's average of 18.3%: make more of it",
        "Won 5 of 100, worse than the shop's average of 18.3%: find out why",
        "Won 10 of 70, like the shop's average of 18.3%: the difference may be chance",
        "Won 0 of 29: too few to judge, at least 30 leads are needed",
        "No leads yet",
    ]


def test_verdicts_in_russian() -> None:
    book = make_book(
        lang="ru",
        leads=[
            {"source": source, "status": status}
            for source, status, n in [
                ("Сайт", "Продажа", 5),
                ("Сайт", "Отказ", 95),
                ("Инстаграм", "Продажа", 50),
                ("Инстаграм", "Отказ", 50),
            ]
            for _ in range(n)
        ],
    )
    verdict = _columns(book)["verdict"]
    assert verdict["Сайт"] == (
        "Продаж 5 из 100, хуже среднего по фирме (27,5\N{NO-BREAK SPACE}%): выясните почему"
    )
    assert verdict["Рекомендация"] == "Лидов пока нет"


def _aged(book: base.Book, exposure: float, of: str, cycle: float = 60) -> base.Results:
    """Results that say: the leads of one source have had a share of their time, all others all."""
    here = book.leads["source"].eq(of)
    had = pd.DataFrame({"exposure": here.map({True: exposure, False: 1.0}), "young": here})
    maturity = pd.DataFrame({"cycle": [cycle]})
    return base.Results(**{**vars(NO_RESULTS), "figures": {"exposure": had, "maturity": maturity}})


def test_a_source_whose_leads_are_young_is_judged_by_where_it_will_end() -> None:
    """10 of 100 won when they have had half of their time: 20 %; 20 of 80 in the whole shop."""
    book = _shop(_leads("Website", won=10, lost=90), _leads("Instagram", won=40, lost=110))
    part = sources.compute(book, _aged(book, 0.5, "Website"))
    line = part.figures["sources"].set_index("source").loc["Website"]
    assert line[["leads", "won", "young", "exposed", "final"]].tolist() == [100, 10, 100, 50, 0.2]
    assert line["conversion"] == 0.1, "plain counting stays"
    average = part.figures["average"].iloc[0]
    assert average[["conversion", "exposed", "final"]].tolist() == [50 / 250, 200, 0.25]
    estimates, alpha, beta = shrink([40, 10], [150, 50])
    found = part.columns["sources"].loc[["Instagram", "Website"], "expected"]
    assert found.tolist() == pytest.approx(list(estimates))
    assert (average["alpha"], average["beta"]) == (alpha, beta)
    assert part.columns["sources"].loc["Website", "verdict"] == (
        "Won 10 of 100 so far, will end at about 20.0%, like the shop's average of 25.0%: "
        "the difference may be chance"
    )
    plainly = _columns(book).loc["Website", "verdict"]
    assert plainly == "Won 10 of 100, worse than the shop's average of 20.0%: find out why"


def test_a_source_that_has_had_too_little_time_is_not_judged() -> None:
    book = _shop(_leads("Website", lost=90), _leads("Instagram", won=40, lost=110))
    part = sources.compute(book, _aged(book, 0.3, "Website", cycle=61.4))
    assert part.columns["sources"].loc["Website", "verdict"] == (
        "Won 0 of 90, but 90 of them are younger than a sale takes (about 61 days): "
        "too early to judge"
    )
    unknown = sources.compute(book, _aged(book, 0.3, "Website", cycle=float("nan")))
    assert unknown.columns["sources"].loc["Website", "verdict"] == (
        "Won 0 of 90, but most of them have not had the time that a sale takes: too early to judge"
    )
    older = sources.compute(book, _aged(book, 0.5, "Website"))
    assert older.figures["sources"].set_index("source").loc["Website", "verdict"] == "below"


def test_no_source_ends_above_all_of_its_leads() -> None:
    book = _shop(_leads("Website", won=40, lost=10))
    line = sources.compute(book, _aged(book, 0.1, "Website")).figures["sources"].loc[2]
    assert (line["exposed"], line["final"]) == (40, 1)


def test_a_source_that_began_last_month_is_no_worse_for_it() -> None:
    """The same leads, in the old source over a year, in the new one within three weeks."""
    plainly, by_age = [], []
    for seed in range(6):
        book = _with_a_new_source(seed)
        plain = run(book, sources.compute).figures["sources"].set_index("source")
        aged = run(book, cohorts.compute, sources.compute).figures["sources"].set_index("source")
        plainly.append(plain.loc["Instagram", "verdict"])
        by_age.append(aged.loc["Instagram"])
        assert aged.loc["Instagram", "young"] == 150
    assert plainly == ["below"] * 6
    # 95 % intervals: one in twenty may be wrong.
    assert sum(line["verdict"] not in ("young", "like") for line in by_age) <= 1
    assert np.mean([line["expected"] for line in by_age]) == pytest.approx(0.3, abs=0.03)


def _with_a_new_source(seed: int) -> base.Book:
    rng = np.random.default_rng(seed)
    old, new = rng.integers(30, 365, 900), rng.integers(0, 21, 150)
    age = np.r_[old, new]
    after = np.floor(rng.exponential(40, len(age)))
    won = (rng.random(len(age)) < 0.3) & (after <= age)
    created = pd.Timestamp("2026-11-21") - pd.to_timedelta(age, "D")
    leads = pd.DataFrame(
        {
            "id": [f"L-{n:05d}" for n in range(len(age))],
            "created": created,
            "status": np.where(won, WON, OPEN),
            "source": np.repeat(["Website", "Instagram"], [len(old), len(new)]),
        }
    )
    history = pd.DataFrame(
        {
            "lead": leads["id"],
            "at": created + pd.to_timedelta(after, "D"),
            "from_status": OPEN,
            "to_status": WON,
        }
    )[won]
    return make_book(leads=leads, history=history)


@pytest.mark.parametrize("lang", locales.LANGUAGES)
def test_every_verdict_has_a_text(lang: str) -> None:
    words = locales.load(lang)
    assert set(words.group("sources.verdict")) == set(sources.VERDICTS)
    assert set(words.group("sources.growing")) == set(sources.VERDICTS[3:])
    assert set(words.group("cli.summary.verdict")) == set(sources.VERDICTS)


@pytest.mark.parametrize("seed", range(4))
def test_random_shops_agree_with_sql(seed: int) -> None:
    costs = [{"source": "Recommendation"}, {"source": "Instagram", "cost": 700.0}]
    book = random_shop(
        seed, 600, 0, sources=[*costs, {"source": "Website", "cost": 0.0}, {"source": "Radio"}]
    )
    results = run(book, sources.compute)
    expected = sql(
        """
        WITH mine AS (
            SELECT s.source, s.n, s.cost, l.id, l.created, l.kind
            FROM sources s LEFT JOIN leads l
            ON l.source = s.source AND l.kind IS DISTINCT FROM 'partner'
               AND l.kind IS DISTINCT FROM 'not_a_lead')
        SELECT source, count(id) AS leads, count(*) FILTER (kind = 'won') AS won,
               count(*) FILTER (kind = 'won') / nullif(count(id), 0) AS conversion,
               any_value(cost) * (date_diff('month', min(created), DATE '2026-11-21') + 1) AS spent
        FROM mine GROUP BY source, n ORDER BY n
        """,
        leads=tables(book)["leads"],
        sources=book.sources.reset_index(names="source").assign(n=range(4)),
    )
    found = results.columns["sources"].reset_index(names="source")
    exact = ["source", "leads", "won"]
    assert found[exact].to_numpy().tolist() == expected[exact].to_numpy().tolist()
    assert found["conversion"].to_numpy() == pytest.approx(
        expected["conversion"].to_numpy(float), nan_ok=True
    )
    for column, count in (("cost_per_lead", "leads"), ("cost_per_sale", "won")):
        each = (expected["spent"] / expected[count].where(expected[count] > 0)).to_numpy(float)
        assert found[column].to_numpy() == pytest.approx(each, nan_ok=True)
    estimates, alpha, beta = shrink(expected["won"][:3], expected["leads"][:3])
    assert found["expected"].to_numpy()[:3] == pytest.approx(estimates)
    ranks = sorted(range(3), key=lambda i: (-estimates[i], i))
    assert found["rank"].tolist()[:3] == [ranks.index(i) + 1 for i in range(3)]
    average = results.figures["average"].iloc[0]
    assert (average["alpha"], average["beta"]) == (alpha, beta)
    everybody = ~book.leads["kind"].isin(["partner", "not_a_lead"])
    assert average["leads"] == results.figures["sources"]["leads"].sum() == everybody.sum()


@pytest.mark.parametrize(
    "book", [make_book(), make_book(sources=[]), make_book(sources=[], leads=[{"source": "Ad"}])]
)
def test_shops_without_leads_or_sources(book: base.Book) -> None:
    results = run(book, sources.compute)
    assert list(results.columns["sources"].index) == list(book.sources.index)
    assert results.columns["sources"][["conversion", "expected", "rank"]].isna().all(axis=None)


def test_the_columns_are_those_of_the_tab_and_typed() -> None:
    found = _columns(_shop(_leads("Website", won=1)))
    declared = [c.key for c in sources.SOURCES.owned("tool") if c.key != "check"]
    assert list(found) == declared
    integers = {"leads", "won", "rank"}
    assert all(
        str(kind) == ("Int64" if name in integers else "float64")
        for name, kind in found.drop(columns="verdict").dtypes.items()
    )
