"""Bins, and the rules that are made of them."""

from __future__ import annotations

import numpy as np
import pytest

from sheetsync.crm.scorecard.binning import MOST_BINS, Stump, roundest, views
from tests.crm.scorecard.shop import column


@pytest.mark.parametrize(
    ("below", "above", "last", "wanted"),
    [
        (3, 4, True, 4),
        (3, 4, False, 3),
        (14.32, 15.81, True, 15),
        (287_431, 301_245, True, 300_000),
        (0.031, 0.0388, True, 0.038),
        (0.031, 0.0418, False, 0.04),
        (-5, 3, True, 0),
        (0, 3, False, 0),
        (0, 0.004, True, 0.004),
        (-40, -17, True, -20),
        (1234.5, 1234.6, False, 1234.5),
    ],
)
def test_bounds_are_round_numbers(below: float, above: float, last: bool, wanted: float) -> None:
    assert roundest(below, above, last=last) == wanted


def test_a_bound_always_divides_what_it_was_made_to_divide() -> None:
    rng = np.random.default_rng(3)
    for scale in (1e-7, 1e-3, 1.0, 1e6, 1e12):
        for below, above in np.sort(rng.normal(0, scale, (200, 2))):
            if below < above:
                assert below < roundest(below, above, last=True) <= above
                assert below <= roundest(below, above, last=False) < above


def test_every_lead_is_in_the_bin_whose_rule_it_meets() -> None:
    rng = np.random.default_rng(5)
    numbers = [None if rng.random() < 0.2 else float(x) for x in rng.lognormal(8, 2, 500)]
    (view,) = views(column(numbers), np.ones(500, dtype=bool), 10)
    assert view.size == MOST_BINS
    inside = np.bincount(view.codes)[: view.size]
    assert inside.min() > 0.7 * inside.mean()
    for first in range(view.size):
        for last in range(first, min(first + 3, view.size)):
            if last - first + 1 < view.size:
                stump = view.stump(np.arange(first, last + 1))
                wanted = (view.codes >= first) & (view.codes <= last)
                assert (stump.matches() == wanted).all()


def test_an_empty_cell_meets_no_condition_but_empty() -> None:
    numbers = column([1.0, 2.0, None, 0.0])
    texts = column(["a", "b", None, "a"])
    assert not Stump(numbers, "at_most", (5.0,)).matches()[2]
    assert not Stump(numbers, "equals", (0.0,)).matches()[2]
    assert not Stump(texts, "one_of", ("a", "b")).matches()[2]
    assert Stump(numbers, "empty").matches().tolist() == [False, False, True, False]
    assert Stump(texts, "filled").matches().tolist() == [True, True, False, True]


def test_a_level_of_few_leads_is_no_bin_of_its_own() -> None:
    texts = column(["a"] * 30 + ["b"] * 9 + ["c"] * 10 + [None] * 5)
    (view,) = views(texts, np.ones(54, dtype=bool), 10)
    assert view.levels == ("a", "c")
    # Something that is no bin, and nothing at all, are different things.
    assert np.bincount(view.codes).tolist() == [30, 10, 9, 5]


def test_bins_are_learned_from_the_training_alone() -> None:
    train = np.array([True] * 40 + [False] * 40)
    texts = column(["a"] * 20 + ["b"] * 20 + ["z"] * 40)
    (view,) = views(texts, train, 5)
    assert view.levels == ("a", "b")
    assert (view.codes[40:] == view.size).all()


def test_whole_numbers_of_few_values_may_be_codes() -> None:
    regions = [float(x) for x in np.arange(300) % 6]
    ordered, listed = views(column(regions, codes=True), np.ones(300, dtype=bool), 10)
    assert ordered.ordered
    assert listed.levels == (0.0, 1.0, 2.0, 3.0, 4.0, 5.0)
    stump = listed.stump(np.array([1, 4]))
    assert stump.matches().tolist() == [x in (1, 4) for x in regions]


def test_a_column_of_one_number_divides_nobody() -> None:
    (view,) = views(column([7.0] * 50), np.ones(50, dtype=bool), 10)
    assert view.size == 0
