"""How good a score is: against SQL over all pairs, and by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sheetsync.crm.scorecard.evaluation import auc, lift
from tests.crm.shops import sql

PAIRS = """
    with pairs as (
        select w.id as w, r.id as r,
            case when w.score > r.score then 1 when w.score = r.score then 0.5 else 0 end as right_
        from leads w, leads r where w.won and not r.won
    ),
    by_win as (select avg(right_) as p from pairs group by w),
    by_rest as (select avg(right_) as p from pairs group by r)
    select
        (select avg(right_) from pairs) as auc,
        sqrt((select var_samp(p) / count(*) from by_win)
            + (select var_samp(p) / count(*) from by_rest)) as error
"""


@pytest.mark.parametrize("seed", range(4))
def test_auc_is_the_share_of_pairs_in_the_right_order_and_its_interval_is_delongs(
    seed: int,
) -> None:
    rng = np.random.default_rng(seed)
    won = rng.random(300) < 0.2
    score = rng.integers(0, 30, 300) + 8.0 * won  # many ties
    leads = pd.DataFrame({"id": range(300), "score": score, "won": won})
    wanted = sql(PAIRS, leads=leads).iloc[0]
    found = auc(score, won)
    assert found.value == pytest.approx(wanted["auc"])
    assert found.high - found.low == pytest.approx(2 * 1.959964 * wanted["error"], rel=1e-6)
    assert found.low < found.value < found.high


def test_a_perfect_a_blind_and_a_perverse_score() -> None:
    won = np.array([True, True, False, False, False])
    assert auc(np.array([5.0, 4, 3, 2, 1]), won).value == 1
    assert auc(np.zeros(5), won).value == 0.5
    perverse = auc(np.array([1.0, 2, 3, 4, 5]), won)
    assert (perverse.value, perverse.low, perverse.high) == (0, 0, 0)


def test_one_win_has_an_auc_too() -> None:
    found = auc(np.array([3.0, 1, 2, 4]), np.array([True, False, False, False]))
    assert found.value == pytest.approx(2 / 3)
    assert 0 <= found.low <= found.high <= 1


def test_lift_by_hand() -> None:
    score = np.arange(20, 0, -1.0)
    won = np.zeros(20, dtype=bool)
    won[[0, 1, 3, 10]] = True
    # A tenth are the best two, both won; a fifth the best four, three of them won; on average 1/5.
    assert lift(score, won, 0.1) == pytest.approx(1 / 0.2)
    assert lift(score, won, 0.2) == pytest.approx(0.75 / 0.2)


def test_leads_with_one_score_at_the_border_count_as_their_average() -> None:
    # One lead on top, then nine alike, of which three are won; a fifth is two leads.
    score = np.array([9.0, *[5.0] * 9])
    won = np.array([True, True, True, True, *[False] * 6])
    assert lift(score, won, 0.2) == pytest.approx((1 + 3 / 9) / 2 / 0.4)
    assert lift(np.zeros(10), won, 0.1) == pytest.approx(1)
