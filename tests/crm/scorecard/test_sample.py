"""Whom a scorecard may learn from."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from math import isnan

import pandas as pd
import pytest

from sheetsync.crm.scorecard import sample as sample_module
from sheetsync.crm.scorecard.sample import sample
from tests.crm.books import TODAY, make_book
from tests.crm.scorecard.shop import results, shop


def test_kinds_that_count_by_hand() -> None:
    statuses = ["Won", "Lost", "Spam", "Partner", "Wrong number", "New", None, "Lost"]
    book = make_book(leads=[{"status": s, "created": "2026-03-02"} for s in statuses])
    found = sample(book, results(book))
    # Spam is not won; partners and wrong numbers say nothing; open and unknown ones have no end.
    assert found.rows.tolist() == [True, True, True, False, False, False, False, True]
    assert found.won.tolist() == [True, False, False, False]
    assert (found.wins, found.losses, found.closed, found.open_mature) == (1, 3, 4, 1)
    assert isnan(found.cycle)


def test_leads_from_before_the_working_period_say_nothing() -> None:
    book = make_book(
        leads=[
            {"status": "Won", "created": "2026-01-31"},
            {"status": "Won", "created": "2026-02-01"},
            {"status": "Lost", "created": None},
        ],
        settings={"work_from": pd.Timestamp("2026-02-01")},
    )
    assert sample(book, results(book)).rows.tolist() == [False, True, False]


def test_closed_leads_younger_than_a_sale_takes_are_left_out() -> None:
    """Wins come 11 to 20 days after the creation, one on each day, so 90 % within 19."""
    today = pd.Timestamp(TODAY)
    leads, history = [], []
    for n in range(200):
        created = today - timedelta(days=40 + n)
        leads.append({"created": created, "status": "Won" if n % 5 == 0 else "Lost"})
        day = 11 + n // 5 % 10 if n % 5 == 0 else 5
        history.append(
            {
                "at": created + timedelta(days=day),
                "lead": f"L-{n + 1:05d}",
                "from_status": "New",
                "to_status": leads[-1]["status"],
            }
        )
    leads += [{"created": today - timedelta(days=n), "status": "Lost"} for n in range(1, 31)]
    leads += [{"created": today - timedelta(days=n), "status": "New"} for n in (3, 25, 300)]
    book = make_book(leads=leads, history=history)
    so_far = results(book)
    found = sample(book, so_far)
    assert 18 <= found.cycle <= 20
    ages = (today - book.leads["created"]).dt.days
    closed = book.leads["kind"].isin(["won", "lost"])
    assert found.rows.tolist() == (closed & ages.ge(found.cycle)).tolist()
    assert found.young == (closed & ages.lt(found.cycle)).sum() > 15
    assert found.open_mature == 2
    assert found.closed == 230


def test_of_very_many_leads_the_newest_count(monkeypatch: pytest.MonkeyPatch) -> None:
    book = shop(n=300)
    book = replace(book, leads=book.leads.assign(created=book.leads["created"].to_numpy()[::-1]))
    monkeypatch.setattr(sample_module, "MOST_LEADS", 120)
    found = sample(book, results(book))
    assert found.rows.tolist() == [True] * 120 + [False] * 180
    assert (found.older, found.closed, len(found.won)) == (180, 300, 120)


def test_rules_that_so_many_wins_can_carry() -> None:
    book = shop(n=300)
    found = sample(book, results(book))
    assert found.limit == min(found.wins, found.losses) // 10
