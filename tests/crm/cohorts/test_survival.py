"""The Kaplan-Meier curve by hand, against textbooks and against quantiles of whole samples."""

from __future__ import annotations

from math import exp, isnan, log, sqrt

import numpy as np
import pytest

from sheetsync.crm.cohorts.survival import kaplan_meier

# Weeks in remission of the 21 children given 6-MP (Freireich et al. 1963, Blood 21, 699-716), as
# printed in Cox & Oakes (1984), "Analysis of Survival Data", table 1.1; negative for censored.
REMISSION = np.array(
    [6, 6, 6, -6, 7, -9, 10, -10, -11, 13, 16, -17, -19, -20, 22, 23, -25, -32, -32, -34, -35]
)
# Kleinbaum & Klein (2012), "Survival Analysis", 3rd ed., chapter 2: time, at risk, events, survival
PUBLISHED = [
    (6, 21, 3, 0.8571),
    (7, 17, 1, 0.8067),
    (10, 15, 1, 0.7529),
    (13, 12, 1, 0.6902),
    (16, 11, 1, 0.6275),
    (22, 7, 1, 0.5378),
    (23, 6, 1, 0.4482),
]


def test_remission_times_as_published() -> None:
    curve = kaplan_meier(np.abs(REMISSION), REMISSION > 0)
    found = zip(curve.times, curve.at_risk, curve.events, curve.survival, strict=True)
    for line, (time, at_risk, events, survival) in zip(found, PUBLISHED, strict=True):
        assert line[:3] == (time, at_risk, events)
        assert line[3] == pytest.approx(survival, abs=5e-5)
    assert curve.quantile(0.5) == 23
    # R: survfit(Surv(time, status) ~ 1, conf.type = "log-log") of these data
    assert np.sqrt(curve.variance)[[0, 6]] == pytest.approx([0.0764, 0.1346], abs=5e-5)
    low, high = curve.interval(10)
    assert (float(low), float(high)) == pytest.approx((0.5032, 0.8894), abs=5e-5)
    assert curve.quantile_interval(0.5)[0] == 13
    assert isnan(curve.quantile_interval(0.5)[1])


def test_five_durations_by_hand() -> None:
    curve = kaplan_meier([2, 3, 3, 5, 8], [True, False, True, True, False])
    # At 3 one leaves and one is censored: four were at risk, the censored one too.
    assert curve.times.tolist() == [2, 3, 5]
    assert curve.at_risk.tolist() == [5, 4, 2]
    assert curve.survival == pytest.approx([0.8, 0.6, 0.3])
    greenwood = [1 / 20, 1 / 20 + 1 / 12, 1 / 20 + 1 / 12 + 1 / 2]
    assert curve.variance == pytest.approx([0.64, 0.36, 0.09] * np.array(greenwood))
    assert curve.at([0, 1.9, 2, 4, 5, 100]) == pytest.approx([1, 1, 0.8, 0.6, 0.3, 0.3])
    assert curve.variance_at([1, 2]) == pytest.approx([0, 0.032])
    assert curve.last == 8
    # log(-log S) at 3, plus and minus 1.96 of its standard error
    error = 1.959963984540054 * sqrt(greenwood[1]) / abs(log(0.6))
    low, high = curve.interval(3)
    assert (float(low), float(high)) == pytest.approx((0.6 ** exp(error), 0.6 ** exp(-error)))


@pytest.mark.parametrize("n", [1, 2, 3, 10, 40, 41, 1000])
def test_without_censoring_quantiles_are_those_of_the_sample(n: int) -> None:
    values = np.random.default_rng(n).integers(0, 60, n)
    curve = kaplan_meier(values, np.ones(n, dtype=bool))
    for share in (0.1, 0.25, 0.5, 0.9, 0.95):
        expected = np.quantile(values, share, method="averaged_inverted_cdf")
        assert curve.quantile(share) == expected, share
    assert curve.quantile(0.5) == np.median(values)
    assert curve.survival[-1] == 0 and curve.variance[-1] == 0
    assert curve.at(values) == pytest.approx([(values > value).mean() for value in values])


def test_a_curve_that_ends_level_at_the_quantile_is_watched_until_its_last_time() -> None:
    curve = kaplan_meier([4, 10], [True, False])
    assert curve.quantile(0.5) == 7
    assert isnan(curve.quantile(0.51))


def test_censoring_only_moves_times_up() -> None:
    rng = np.random.default_rng(5)
    true = rng.exponential(30, 4000)
    watched = rng.uniform(0, 90, 4000)
    curve = kaplan_meier(np.minimum(true, watched), true <= watched)
    # The known median of the exponential distribution is 20.8.
    assert curve.quantile(0.5) == pytest.approx(30 * log(2), rel=0.06)
    # Taking censored times for the whole, or leaving them out, makes it much shorter.
    assert np.median(np.minimum(true, watched)) < 17
    assert np.median(true[true <= watched]) < 17


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    rng = np.random.default_rng(11)
    held = 0
    for _ in range(300):
        true, watched = rng.exponential(30, 60), rng.uniform(0, 90, 60)
        low, high = kaplan_meier(np.minimum(true, watched), true <= watched).interval(20)
        held += bool(low <= exp(-20 / 30) <= high)
    assert 0.92 <= held / 300 <= 0.98


def test_nothing_and_nothing_happened() -> None:
    nothing = kaplan_meier([], [])
    assert float(nothing.at(5)) == 1 and isnan(nothing.quantile(0.5)) and isnan(nothing.last)
    waiting = kaplan_meier([3, 4], [False, False])
    assert waiting.at([0, 9]).tolist() == [1, 1] and isnan(waiting.quantile(0.1))
    assert [float(bound) for bound in waiting.interval(4)] == [1, 1]


def test_what_happened_at_once_happened_at_zero() -> None:
    curve = kaplan_meier([0, 0, 0, 6], [True, True, False, True])
    assert curve.times.tolist() == [0, 6]
    assert curve.survival == pytest.approx([0.5, 0])
    assert curve.quantile(0.5) == 3
    assert [float(bound) for bound in curve.interval(6)] == [0, 0]


def test_a_hundred_thousand_distinct_times_stay_exact() -> None:
    n = 100_000
    curve = kaplan_meier(np.random.default_rng(1).permutation(n), np.ones(n, dtype=bool))
    assert np.abs(curve.at(np.arange(n)) - (1 - np.arange(1, n + 1) / n)).max() < 1e-10
    assert curve.quantile(0.5) == n / 2 - 0.5


@pytest.mark.parametrize("durations", [[-1.0, 2.0], [float("nan"), 2.0], [float("inf"), 2.0], [1]])
def test_impossible_durations_are_refused(durations: list[float]) -> None:
    with pytest.raises(ValueError, match="durations"):
        kaplan_meier(durations, [True, True])
