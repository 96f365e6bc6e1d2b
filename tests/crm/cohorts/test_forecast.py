"""Forecasts where shops change: how far off they were, and where recording began."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from sheetsync.crm.cohorts.forecast import ahead, beta_binomial_interval, drift, ends
from sheetsync.crm.cohorts.maturity import Record, learn

DAYS = 420


def simulated(
    seed: int, n: int = 2_400, *, scale: Any = 30.0, spread: float = 0.0, better: float = 1.0
) -> tuple[Record, np.ndarray]:
    """A shop of 14 months, and which leads it ever wins: one in five on average, the last day's
    ``better`` times as often as the first's."""
    rng = np.random.default_rng(seed)
    age = np.sort(rng.integers(0, DAYS, n))[::-1].astype(float)
    rise = better ** (1 - age / DAYS)
    ever = rng.random(n) < 0.2 * rise / rise.mean()
    wait = rng.exponential(scale, n) if not spread else scale * np.exp(spread * rng.normal(size=n))
    return recorded(age, np.where(ever, np.floor(wait), np.inf)), ever


def recorded(age: np.ndarray, after: np.ndarray) -> Record:
    """What is known today of leads that are won after so many days."""
    month = ((DAYS - 1 - age) // 30).astype(np.intp)
    won = after <= age
    return Record(
        month=month,
        months=int(month.max()) + 1,
        age=age,
        won=won,
        won_at=np.where(won, after, age),
        sure=won,
        closed=np.zeros(len(age), dtype=bool),
        closed_at=age,
    )


def _of_month(known: Record, which: np.ndarray) -> np.ndarray:
    return np.bincount(known.month, which, minlength=known.months)


@pytest.mark.parametrize("better", [1 / 3, 3.0], ids=["worse and worse", "better and better"])
def test_months_that_get_better_or_worse_are_foreseen(better: float) -> None:
    error, held = [], []
    for seed in range(8):
        known, ever = simulated(seed, better=better)
        pace = learn(known)
        assert pace is not None
        end, truth = ends(pace, known, drift(known, watched_enough=True)), _of_month(known, ever)
        error.append((end.wins.sum() - truth.sum()) / truth[-3:].sum())
        held += [*(end.low <= truth) & (truth <= end.high)]
    assert abs(np.mean(error)) < 0.1
    assert np.mean(held) >= 0.93


def test_a_heavy_tail_is_foreseen() -> None:
    error, held = [], []
    for seed in range(8):
        known, ever = simulated(seed, scale=40.0, spread=1.2)
        pace = learn(known)
        assert pace is not None
        end, truth = ends(pace, known, drift(known, watched_enough=True)), _of_month(known, ever)
        error.append((end.wins.sum() - truth.sum()) / truth.sum())
        held += [*(end.low <= truth) & (truth <= end.high)]
    assert abs(np.mean(error)) < 0.03
    assert np.mean(held) >= 0.93


def test_leads_from_before_the_log_do_not_lower_the_curve() -> None:
    """Nothing was noted until 120 days ago; leads won before then are not in the list at all."""
    ever_won = []
    for seed in range(6):
        full, ever = simulated(seed)
        after = np.where(full.won, full.won_at, np.inf)
        kept = (full.age - after < 120) | ~full.won
        known = recorded(full.age[kept], after[kept])
        pace = learn(known)
        assert pace is not None
        assert pace.since <= 120
        ever_won.append(pace.end / ever.mean())
        plain = known.won.mean() / ever.mean()
        assert plain < 0.6
    assert np.mean(ever_won) == pytest.approx(1, abs=0.08)


def test_a_shop_that_only_began_to_sell_says_that_it_was_not_watched_for_long() -> None:
    full, _ = simulated(3, scale=60.0)
    begun = np.maximum(full.age - 75, 0) + np.random.default_rng(3).integers(0, 40, len(full.age))
    after = np.where(full.won, np.maximum(full.won_at, begun), np.inf)
    pace = learn(recorded(full.age, after))
    assert pace is not None
    assert pace.watched <= 75
    assert not pace.watched_enough(0.9)
    steady = learn(full)
    assert steady is not None and steady.watched_enough(0.9)


def test_the_drift_is_how_far_forecasts_were_off() -> None:
    steady = [drift(simulated(seed)[0], watched_enough=True) ** 0.5 for seed in range(4)]
    assert max(steady) < 0.25
    # For the last 40 days nobody has sold anything.
    stopped = []
    for seed in range(4):
        known, _ = simulated(seed)
        still = np.where(known.won & (known.age - known.won_at > 40), known.won_at, np.inf)
        stopped.append(drift(recorded(known.age, still), watched_enough=True) ** 0.5)
    assert min(stopped) > max(steady)
    known, _ = simulated(0, 20)
    assert drift(known, watched_enough=True) ** 0.5 == pytest.approx(0.3), "nothing to compare with"
    assert drift(known, watched_enough=False) == pytest.approx(2 * 0.3**2)


def test_forecasts_of_the_past_use_only_what_was_known_then() -> None:
    known, _ = simulated(1)
    then = known.ago(60)
    assert len(then.age) == (known.age >= 60).sum()
    assert then.won.sum() == (known.won & (known.age - known.won_at >= 60)).sum()
    assert (then.won_at <= then.age).all()
    pace = learn(then)
    assert pace is not None
    came = known.won[known.age >= 60][then.open].sum()
    assert ahead(pace, then, 60).wins.sum() == pytest.approx(came, rel=0.25)
    assert ahead(pace, then, 0).wins.sum() == 0
    assert ahead(pace, then, 9_999).wins.sum() == pytest.approx(ahead(pace, then).wins.sum())


def test_nothing_to_come_and_everything_won() -> None:
    age = np.arange(200.0)
    everybody = learn(recorded(age, np.zeros(200)))
    assert everybody is not None
    known = recorded(age, np.zeros(200))
    end = ends(everybody, known, drift(known, watched_enough=True))
    assert end.wins.tolist() == end.low.tolist() == end.high.tolist()
    assert end.wins.sum() == 200
    assert learn(recorded(age, np.full(200, np.inf))) is None


def test_the_interval_is_that_of_the_beta_binomial() -> None:
    rng = np.random.default_rng(8)
    n, chance, doubt = 60, 0.15, 0.2
    correlation = doubt * chance / (1 - chance)
    weight = 1 / correlation - 1
    drawn = rng.binomial(n, rng.beta(chance * weight, (1 - chance) * weight, 400_000))
    low, high = beta_binomial_interval(n, chance, doubt)
    assert (drawn < low).mean() < 0.025 < (drawn <= low).mean()
    assert (drawn > high).mean() < 0.025 < (drawn >= high).mean()
    # Without doubt about the chance it is the binomial's own: 4 and 15 of 60 (R: qbinom).
    assert beta_binomial_interval(n, chance, 0.0) == (4, 15)
    assert beta_binomial_interval(0, chance, doubt) == beta_binomial_interval(n, 0, doubt) == (0, 0)
    assert beta_binomial_interval(5, 1, 0.1) == (5, 5)


def test_a_hundred_thousand_leads_are_quick() -> None:
    known, _ = simulated(2, 100_000)
    assert pd.Series(known.month).nunique() == 14
    pace = learn(known)
    assert pace is not None
    assert pace.end == pytest.approx(0.2, rel=0.05)
