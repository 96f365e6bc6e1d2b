"""The whole procedure over shops whose truth is known."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from threadpoolctl import threadpool_limits

from sheetsync.crm.scorecard import ProposedRule
from sheetsync.errors import InputError
from sheetsync.locales import load
from tests.crm.books import with_rules
from tests.crm.scorecard.shop import nothing_matters, proposal, shop, usual
from tests.crm.shops import sql


def meets(rule: ProposedRule, cell: Any) -> bool:
    """Whether a lead with this cell meets a rule."""
    values: Any = rule.values
    if rule.condition in ("empty", "filled"):
        return (cell is None) == (rule.condition == "empty")
    if rule.condition in ("equals", "one_of"):
        return cell in values
    low = values[0] if rule.condition != "at_most" else -np.inf
    high = values[-1] if rule.condition != "at_least" else np.inf
    return cell is not None and low <= cell <= high


def test_planted_reasons_are_found_in_their_proportion() -> None:
    found = proposal(shop(n=3000))
    assert found.worth_it

    def points(**lead: Any) -> int:
        """By hand, of the rules as they are proposed."""
        total = 0
        for rule in found.rules:
            total += rule.points * meets(rule, lead.get(rule.column))
        return total

    plain = points(source="Website", budget=150_000)
    recommended = points(source="Recommendation", budget=150_000) - plain
    rich = points(source="Website", budget=450_000) - plain
    # Planted log-odds of 1.8 and 1.5, and no difference between the other sources.
    assert rich / recommended == pytest.approx(1.5 / 1.8, abs=0.2)
    assert abs(points(source="Instagram", budget=150_000) - plain) < 0.2 * recommended


def test_counts_of_a_rule_are_those_of_sql() -> None:
    book, found = usual()
    rule = next(r for r in found.rules if r.column == "source")
    wanted = sql(
        """
        select count(*) filter (met) as leads, count(*) filter (met and won) as won,
            count(*) filter (not met) as others, count(*) filter (not met and won) as others_won
        from (select source = 'Recommendation' as met, status = 'Won' as won from leads)
        """,
        leads=book.leads[["source", "status"]],
    ).iloc[0]
    assert rule.values == ("Recommendation",)
    assert [rule.leads, rule.won, rule.others, rule.others_won] == wanted.tolist()


def test_a_band_in_the_middle_becomes_a_rule_with_two_bounds() -> None:
    def middle(leads: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:  # noqa: ARG001
        return -2.5 + 2.5 * leads["budget"].between(120_000, 220_000)

    found = proposal(shop(n=1500, odds=middle))
    best = found.rules[0]
    assert (best.column, best.condition) == ("budget", "between")
    low, high = map(float, best.values)
    assert 80_000 < low < 140_000 < 200_000 < high < 280_000
    assert found.held_out.value > found.plain.value


def test_levels_that_are_alike_share_one_rule() -> None:
    cities = [f"City {n}" for n in range(12)]

    def own(leads: pd.DataFrame, rng: np.random.Generator) -> dict[str, Any]:
        won = leads["status"].eq("Won")
        good = rng.choice(cities[:4], len(leads))
        any_city = rng.choice(cities, len(leads))
        return {"City": np.where(won & (rng.random(len(leads)) < 0.7), good, any_city)}

    found = proposal(shop(n=1500, odds=nothing_matters, own=own))
    best = found.rules[0]
    assert (best.column, best.condition) == ("own:City", "one_of")
    assert set(best.values) == set(cities[:4])


def test_an_empty_cell_may_itself_be_a_reason() -> None:
    def silent(leads: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:  # noqa: ARG001
        return -0.7 - 2.0 * leads["budget"].isna()

    best = proposal(shop(n=1200, odds=silent)).rules[0]
    assert best.column == "budget"
    assert (best.condition, best.points) in {("empty", -35), ("filled", 35)}


def test_the_same_leads_give_the_same_scorecard() -> None:
    book, one = usual()
    other = proposal(book)
    assert (one.rules, one.held_out, one.plain) == (other.rules, other.held_out, other.plain)


def test_chance_is_called_chance() -> None:
    try:
        found = proposal(shop(seed=4, n=800, odds=nothing_matters))
    except InputError as error:
        assert error.key == "score_nothing"
    else:
        assert not found.worth_it
        assert found.fitted.value > found.held_out.value


def test_held_out_leads_are_told_apart_less_well_than_those_it_was_made_from() -> None:
    _, found = usual()
    assert found.held_out.value < found.fitted.value
    assert found.held_out.low < found.held_out.value < found.held_out.high


def many_columns(leads: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Every kind of column: many levels, skewed numbers, missing ones that mean something."""
    n = len(leads)
    leads["page"] = rng.choice([f"Page {i}" for i in range(15)], n, p=np.full(15, 1 / 15))
    leads["minutes"] = np.where(rng.random(n) < 0.3, 0, rng.gamma(1, 9, n)).round(1)
    leads["job"] = np.where(rng.random(n) < 0.3, None, rng.choice(["Boss", "Staff", "None"], n))
    leads["mail"] = np.where(rng.random(n) < 0.9, "yes", "no")
    page = leads["page"].map(
        dict(zip(sorted(set(leads["page"])), rng.normal(0, 0.7, 15), strict=True))
    )
    return (
        -2.2
        + page
        + 0.05 * leads["minutes"]
        + 1.6 * leads["job"].eq("Boss")
        - 0.9 * leads["job"].isna()
        + 0.8 * leads["mail"].eq("yes")
        + 0.9 * leads["source"].eq("Recommendation")
    )


def test_twelve_rules_come_near_a_logistic_regression_on_the_same_columns() -> None:
    keys = ["page", "minutes", "job", "mail"]

    def own(leads: pd.DataFrame, rng: np.random.Generator) -> dict[str, Any]:  # noqa: ARG001
        return {key: leads[key].tolist() for key in keys}

    book = shop(seed=6, n=3000, odds=many_columns, own=own)
    found = proposal(book)
    # The usual regression, by scikit-learn alone, on folds of its own.
    leads = book.leads[["source", "budget"]].assign(phone=book.leads["phone"].notna().astype(str))
    for key in keys:
        leads[key] = book.fields[f"own:{key}"].fillna("-") if key != "minutes" else None
    leads["minutes"] = book.fields["own:minutes"].astype(float)
    numbers = make_pipeline(SimpleImputer(add_indicator=True), StandardScaler())
    regression = make_pipeline(
        make_column_transformer(
            (numbers, ["budget", "minutes"]),
            (OneHotEncoder(), ["source", "phone", "page", "job", "mail"]),
        ),
        LogisticRegression(max_iter=1000),
    )
    won = book.leads["status"].eq("Won")
    with threadpool_limits(1):
        odds = cross_val_predict(regression, leads, won, cv=5, method="decision_function")
    pairs = sql(
        """
        select avg(case when w.odds > r.odds then 1.0 when w.odds = r.odds then 0.5 else 0 end) auc
        from leads w, leads r where w.won and not r.won
        """,
        leads=pd.DataFrame({"odds": odds, "won": won.to_numpy()}),
    )
    usual = float(pairs["auc"].iloc[0])
    assert found.plain.value == pytest.approx(usual, abs=0.005)
    assert found.held_out.value > usual - 0.01
    assert len(found.rules) <= 12


@pytest.mark.parametrize(
    ("won", "lost", "key", "missing"),
    [(49, 200, "score_few_won", 1), (20, 200, "score_few_won", 30), (90, 45, "score_few_lost", 5)],
)
def test_with_too_few_of_either_it_refuses_and_says_how_many_are_missing(
    won: int, lost: int, key: str, missing: int
) -> None:
    base = shop(n=won + lost)
    leads = base.leads.assign(status=["Won"] * won + ["Lost"] * lost)
    book = replace(base, leads=leads.assign(kind=leads["status"].map(base.statuses["kind"])))
    with pytest.raises(InputError) as refused:
        proposal(book)
    assert refused.value.key == key
    assert refused.value.values["n"] == missing
    for lang in ("en", "ru"):
        assert str(missing) in refused.value.sentence(load(lang))


def test_few_wins_carry_few_rules() -> None:
    base = shop(n=400)
    leads = base.leads.assign(status=["Won"] * 57 + ["Lost"] * 343)
    book = replace(base, leads=leads.assign(kind=leads["status"].map(base.statuses["kind"])))
    assert sum(leads["status"] == "Won") == 57
    try:
        found = proposal(book)
    except InputError as error:
        assert error.key == "score_nothing"  # the outcome has nothing to do with these leads
    else:
        assert found.limit == 5
    one = proposal(usual()[0], max_rules=1)
    assert one.limit == len(one.rules) == 1


def test_an_empty_shop_is_told_what_is_missing() -> None:
    with pytest.raises(InputError) as refused:
        proposal(shop(n=0))
    assert refused.value.values["n"] == 50


def test_todays_rules_are_judged_on_the_same_leads() -> None:
    book = with_rules(usual()[0], ("Source", "equals", "Recommendation", 20))
    found = proposal(book, max_rules=4)
    pairs = sql(
        """
        select avg(case when w.met > r.met then 1.0 when w.met = r.met then 0.5 else 0 end) as auc
        from leads w, leads r where w.status = 'Won' and r.status = 'Lost'
        """,
        leads=book.leads.assign(met=book.leads["source"].eq("Recommendation").astype(int))[
            ["met", "status"]
        ],
    )
    assert found.today is not None
    assert found.today.value == pytest.approx(float(pairs["auc"].iloc[0]))
    assert found.today_knows == ()
    assert found.held_out.value > found.today.value


def test_without_rules_there_is_no_today() -> None:
    _, found = usual()
    assert found.today is None
    assert found.today_lift == {}


def test_a_rule_of_today_that_looks_at_the_outcome_is_named() -> None:
    book = with_rules(usual()[0], ("Status", "equals", "Won", 50), ("Source", "filled", None, 5))
    assert proposal(book, max_rules=1).today_knows == ("R-001",)


def test_the_manager_and_what_people_write_down_later_are_not_looked_at() -> None:
    ours = {"source", "channel", "segment", "request", "budget", "people", "days"}
    ours |= {"name", "phone", "email", "company", "budget / people", "budget / people / days"}
    assert set(usual()[1].columns) <= ours
