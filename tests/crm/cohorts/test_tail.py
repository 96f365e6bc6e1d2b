"""What comes after the watched ages: against hazards that are known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from sheetsync.crm.cohorts.tail import Tail, beyond

AGES, LEADS = 120, 20_000.0


def _watched(hazard: Callable[[np.ndarray], np.ndarray], leads: float = LEADS) -> Tail:
    events = np.random.default_rng(5).poisson(leads * hazard(np.arange(AGES)))
    return beyond(events.astype(float), np.full(AGES, leads), AGES)


@pytest.mark.parametrize(
    "hazard",
    [
        lambda age: 0.02 * np.exp(-age / 30),
        lambda age: 0.02 * np.exp(-age / 60),
        lambda age: 0.05 / (1 + age),
        lambda age: 0.1 / (1 + age) ** 1.5,
        lambda age: 0.02 * np.exp(-(np.log1p(age) ** 2) / 4),
    ],
    ids=["quick", "slow", "power 1", "power 1.5", "like a lognormal"],
)
def test_the_tail_goes_on_as_the_hazard_fell(hazard: Callable[[np.ndarray], np.ndarray]) -> None:
    tail, whole = _watched(hazard), hazard(np.arange(2 * AGES))
    missing = whole[AGES:].sum()
    assert abs(tail.hazard.sum() - missing) < 2.5 * tail.error
    assert tail.hazard.sum() == pytest.approx(missing, abs=0.04 * whole.sum())
    assert np.all(np.diff(tail.hazard) <= 0)


def test_with_few_wins_the_tail_is_less_sure() -> None:
    def hazard(age: np.ndarray) -> np.ndarray:
        return 0.05 / (1 + age)

    many, few = _watched(hazard), _watched(hazard, 300)
    assert few.error / few.hazard.sum() > 3 * many.error / many.hazard.sum()


def test_without_late_wins_there_is_no_tail() -> None:
    at_risk = np.full(50, 100.0)
    nothing = beyond(np.zeros(50), at_risk, 10)
    assert nothing.hazard.tolist() == [0] * 10 and nothing.error == 0
    at_once = np.where(np.arange(50) == 0, 40.0, 0.0)
    assert beyond(at_once, at_risk, 10).hazard.sum() == 0
    assert beyond(at_once[::-1], at_risk, 10).hazard.sum() == 0
    assert beyond(at_once, at_risk, 0).hazard.size == 0
