"""The choice of rules, where the best choice is known by hand."""

from __future__ import annotations

from math import pi

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression

from sheetsync.crm.scorecard.binning import views
from sheetsync.crm.scorecard.search import choose
from tests.crm.scorecard.shop import column, logistic

ONE_CUT = 2 / pi
TWO_CUTS = 0.8098
"""Shares of a normal number's variance that the best cuts of it keep: Cox, D. R. (1957), "Note on
grouping", Journal of the American Statistical Association 52, 543-547, table 1."""


@pytest.mark.parametrize("limit", [5, 8, 12])
def test_of_equally_weak_columns_the_rules_tell_as_much_as_so_few_cuts_can(limit: int) -> None:
    """The best are one cut of each column, and a second one where rules are left.

    It is all that twelve rules can tell of ten such columns, however long one searches: two thirds.
    """
    rng = np.random.default_rng(5)
    numbers = rng.normal(0, 1, (6000, 10)).round(3)
    odds = -1.2 + 0.35 * numbers.sum(axis=1)
    everyone = np.ones(len(odds), dtype=bool)
    cut = [
        view
        for place, one in enumerate(numbers.T)
        for view in views(column(one, f"own:{place}"), everyone, 10)
    ]
    rules = choose(cut, logistic(odds), everyone, limit=limit, least=30)
    met = np.column_stack([rule.matches() for rule in rules])
    told = LinearRegression().fit(met, odds).score(met, odds)
    once, twice = min(limit, 10) - max(limit - 10, 0), max(limit - 10, 0)
    assert told == pytest.approx((ONE_CUT * once + TWO_CUTS * twice) / 10, abs=0.02)
    assert len(rules) == limit
    assert len({rule.column.key for rule in rules}) == min(limit, 10)
