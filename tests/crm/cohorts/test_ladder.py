"""Hazards by age and levels by month: against Kaplan-Meier, the chain ladder and known truth."""

from __future__ import annotations

import numpy as np
import pytest

from sheetsync.crm.cohorts.ladder import Counts, count, fit, levels
from sheetsync.crm.cohorts.survival import kaplan_meier


def test_with_one_month_it_is_kaplan_meier() -> None:
    rng = np.random.default_rng(1)
    end, happened = rng.integers(0, 40, 300), rng.random(300) < 0.4
    zeros = np.zeros(300)
    counts = count(zeros.astype(np.intp), zeros, end, happened, months=1, ages=40)
    survival = np.cumprod(1 - fit(counts).hazard)
    assert survival == pytest.approx(kaplan_meier(end, happened).at(np.arange(40)))


def test_leads_are_counted_from_the_first_to_the_last_age_watched() -> None:
    month = np.array([0, 0, 1, 1])
    start, end = np.array([0.0, 2, 1, 3]), np.array([2.0, 9, 1, 2])
    happened = np.array([True, True, True, True])
    found = count(month, start, end, happened, months=2, ages=5)
    # The second happens after the last age, the fourth was never watched.
    assert found.at_risk.tolist() == [[1, 1, 2, 1, 1], [0, 1, 0, 0, 0]]
    assert found.events.tolist() == [[0, 0, 1, 0, 0], [0, 1, 0, 0, 0]]


def test_where_months_differ_much_it_ends_as_the_chain_ladder_does() -> None:
    """Many leads, few of whom are won, so that who is at risk hardly changes."""
    true_level = np.array([0.2, 0.3, 0.5, 1.0, 2.0, 2.2, 2.0, 1.5])
    shape = np.array([30.0, 40, 20, 10, 6, 3, 2, 1])
    months, leads = len(shape), 1e6
    triangle = np.random.default_rng(2).poisson(np.outer(true_level, 50 * shape)).astype(float)
    seen = np.add.outer(np.arange(months), np.arange(months)) < months
    triangle = np.where(seen, triangle, 0)
    found = fit(Counts(triangle, np.where(seen, leads, 0.0)))
    ultimate = found.level * found.hazard.sum() * leads

    total = triangle.cumsum(axis=1)
    expected = np.empty(months)
    for month in range(months):
        expected[month] = total[month, months - 1 - month]
        for age in range(months - month, months):
            older = slice(0, months - age)
            expected[month] *= total[older, age].sum() / total[older, age - 1].sum()
    assert ultimate == pytest.approx(expected, rel=0.04)
    # The late ages are of the worst months only: pooled, they would look as if nothing came.
    pooled = triangle.sum(axis=0) / np.where(seen, leads, 0.0).sum(axis=0)
    assert pooled[-2:].sum() / pooled.sum() < 0.5 * shape[-2:].sum() / shape.sum()
    assert found.hazard[-2:].sum() / found.hazard.sum() == pytest.approx(
        shape[-2:].sum() / shape.sum(), rel=0.2
    )


def test_months_that_are_alike_share_one_level() -> None:
    due = np.full(12, 20.0)
    wins = np.random.default_rng(3).poisson(due).astype(float)
    level, doubt = levels(wins, due)
    assert level == pytest.approx(np.full(12, wins.sum() / due.sum()), rel=0.1)
    assert np.all(np.sqrt(doubt) < 0.2)


def test_a_young_month_is_as_good_as_its_neighbours_and_less_sure() -> None:
    wins = np.array([20.0, 22, 19, 60, 63, 58, 1])
    due = np.array([40.0, 40, 40, 40, 40, 40, 1])
    level, doubt = levels(wins, due)
    assert level[0] == pytest.approx(0.5, rel=0.15)
    assert 1.15 < level[-1] < 1.6, "above the average of all months"
    assert doubt[-1] > 1.5 * doubt[-2]


def test_a_month_of_which_nothing_was_seen_has_a_level() -> None:
    level, doubt = levels(np.array([0.0, 0, 30, 0]), np.array([0.0, 0, 30, 0]))
    assert level == pytest.approx(np.ones(4))
    assert np.all((doubt > 0) & (doubt <= 1))
    alone, unsure = levels(np.zeros(2), np.zeros(2))
    assert [*alone, *unsure] == pytest.approx([1] * 4)
