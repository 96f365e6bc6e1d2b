"""Intervals and shrinking against published values, exact sums and brute force."""

from __future__ import annotations

from math import inf, log, sqrt

import numpy as np
import pandas as pd
import pytest

from sheetsync.crm.stats import HEAVIEST, LIGHTEST, fit_prior, interval, share, shrink, wilson


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [
        # Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_agrees_with_the_published_table(
    successes: int, n: int, low: float, high: float
) -> None:
    found = wilson(successes, n)
    assert found[0] == pytest.approx(low, abs=5e-5)
    assert found[1] == pytest.approx(high, abs=5e-5)


def test_wilson_bounds_are_the_roots_of_the_score_equation() -> None:
    z2 = 1.959963984540054**2
    for s, n in [(1, 2), (3, 7), (29, 30), (500, 90_000)]:
        for bound in wilson(s, n):
            assert (s / n - bound) ** 2 == pytest.approx(z2 * bound * (1 - bound) / n, rel=1e-9)


def test_wilson_of_nobody_is_unknown_and_the_ends_are_exact() -> None:
    low, high = wilson([0, 0, 5], [0, 5, 5])
    assert np.isnan(low[0]) and np.isnan(high[0])
    assert low[1] == 0.0 and high[2] == 1.0
    assert 0 < low[2] < 1 and 0 < high[1] < 1


def test_wilson_refuses_more_successes_than_trials() -> None:
    with pytest.raises(ValueError, match="between"):
        wilson([3], [2])
    with pytest.raises(ValueError, match="between"):
        wilson([-1], [2])


def test_share_of_nobody_is_unknown() -> None:
    assert share([1, 0], [4, 0])[0] == 0.25
    assert np.isnan(share([1, 0], [4, 0])[1])


def test_interval_keeps_the_index_of_the_counts() -> None:
    won = pd.Series([1, 0], index=["a", "b"], dtype="Int64")
    found = interval(won, pd.Series([2, 0], index=["a", "b"], dtype="Int64"))
    assert list(found.index) == ["a", "b"]
    assert found.loc["a", "share"] == 0.5
    assert found.loc["a", "low"] == pytest.approx(0.5 - found.loc["a", "high"] + 0.5)
    assert found.loc["b"].isna().all()


def _exact_log_likelihood(
    successes: np.ndarray, n: np.ndarray, alpha: np.ndarray, beta: np.ndarray
) -> np.ndarray:
    """The beta-binomial as its plain product: drawing from an urn that remembers (Pólya)."""
    total = np.zeros(np.broadcast(alpha, beta).shape)
    for s, trials in zip(successes, n, strict=True):
        for i in range(s):
            total += np.log(alpha + i)
        for i in range(trials - s):
            total += np.log(beta + i)
        for i in range(trials):
            total -= np.log(alpha + beta + i)
    return total


@pytest.mark.parametrize("seed", range(4))
def test_the_prior_is_where_a_grid_finds_the_greatest_likelihood(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = rng.integers(1, 150, 12)
    s = rng.binomial(n, rng.beta(5, 30, 12))
    _, alpha, beta = shrink(s, n)
    weight = np.exp(np.linspace(log(LIGHTEST), log(HEAVIEST), 150))[:, None]
    mean = np.linspace(0.002, 0.998, 250)[None, :]
    surface = _exact_log_likelihood(s, n, mean * weight, (1 - mean) * weight)
    top = np.unravel_index(surface.argmax(), surface.shape)
    if np.isinf(alpha):
        assert top[0] == len(weight) - 1
        return
    ours = _exact_log_likelihood(s, n, np.array(alpha), np.array(beta))
    assert ours >= surface.max() - 1e-7
    assert ours <= surface.max() + 0.05
    assert alpha / (alpha + beta) == pytest.approx(mean[0, top[1]], abs=0.005)
    assert alpha + beta == pytest.approx(weight[top[0], 0], rel=0.15)


def test_the_parametrised_shops_really_have_a_spread() -> None:
    """Otherwise the test above would compare nothing."""
    rng = np.random.default_rng(0)
    n = rng.integers(1, 150, 12)
    assert np.isfinite(shrink(rng.binomial(n, rng.beta(5, 30, 12)), n)[1])


def test_estimates_are_the_posterior_means_and_small_groups_move_most() -> None:
    won, n = np.array([1, 40, 30, 2]), np.array([1, 200, 100, 80])
    found, alpha, beta = shrink(won, n)
    assert found == pytest.approx((won + alpha) / (n + alpha + beta))
    assert found[0] < 0.7, "one sale of one lead is no 100 %"
    moved = np.abs(found - won / n)
    assert moved.argmax() == 0
    # Every estimate lies between its own share and the prior's mean.
    middle = alpha / (alpha + beta)
    assert np.all((found - won / n) * (found - middle) <= 0)


def test_equal_groups_get_the_pooled_share() -> None:
    found, alpha, beta = shrink([10, 20, 5], [100, 200, 50])
    assert found == pytest.approx([0.1, 0.1, 0.1])
    assert (alpha, beta) == (inf, inf)


def test_a_group_without_leads_gets_the_mean_of_the_prior_and_does_not_change_it() -> None:
    with_empty, alpha, beta = shrink([1, 40, 30, 2, 0], [9, 200, 100, 80, 0])
    assert with_empty[4] == pytest.approx(alpha / (alpha + beta))
    assert shrink([1, 40, 30, 2], [9, 200, 100, 80])[1:] == (alpha, beta)


def test_what_cannot_be_fitted_is_pooled_or_unknown() -> None:
    assert shrink([3], [12])[0] == pytest.approx([0.25])
    assert shrink([0, 0], [5, 9])[0] == pytest.approx([0, 0])
    assert shrink([5, 9], [5, 9])[0] == pytest.approx([1, 1])
    assert shrink([1, 0, 0], [1, 1, 1])[0] == pytest.approx([1 / 3] * 3)
    assert np.isnan(shrink([0, 0], [0, 0])[0]).all()
    assert shrink([], [])[0].shape == (0,)
    assert fit_prior([0], [0]) is None


def test_the_prior_never_counts_for_less_than_ten_leads() -> None:
    """Or one sale of one lead would beat sixty of a hundred."""
    prior = fit_prior([0, 50], [50, 50])
    assert prior is not None
    assert prior.weight == pytest.approx(LIGHTEST, rel=1e-3)
    assert prior.mean == pytest.approx(0.5, abs=1e-6)
    estimates = shrink([1, 60, 10], [1, 100, 200])[0]
    assert estimates[1] > estimates[0] > estimates[2]


def test_broken_numbers_of_leads_lie_between_whole_ones() -> None:
    won = [1, 40, 30, 2]
    below, broken, above = (shrink(won, [n, 200, 100, 80])[0][0] for n in (9, 9.5, 10))
    assert above < broken < below
    assert shrink([0.5, 1], [0.5, 1])[0] == pytest.approx([1, 1])


def test_large_counts_stay_exact() -> None:
    found, alpha, beta = shrink([9_000, 12_000, 3], [100_000, 100_000, 20])
    assert found[:2] == pytest.approx([0.09, 0.12], abs=1e-3)
    assert 0.09 < found[2] < 0.15
    assert sqrt(alpha * beta) > 1
