"""Columns that know the outcome are found out, and honest ones are left alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sheetsync.crm.base import Book
from sheetsync.crm.scorecard.columns import columns_of
from sheetsync.crm.scorecard.leakage import Leak, leaks
from sheetsync.crm.scorecard.sample import sample
from sheetsync.crm.scoring.fields import Fields
from tests.crm.scorecard.shop import proposal, results, shop

Own = Callable[[pd.DataFrame, np.random.Generator], Mapping[str, Sequence[Any]]]


def found(own: Own, **more: Any) -> dict[str, Leak]:
    book = shop(n=500, open_leads=120, own=own, **more)
    return leaks_of(book)


def leaks_of(book: Book) -> dict[str, Leak]:
    so_far = results(book)
    return leaks(columns_of(book, Fields(book, {})), book, so_far, sample(book, so_far))


def filled(share: pd.Series, rng: np.random.Generator, text: str = "A-17") -> list[Any]:
    return np.where(rng.random(len(share)) < share, text, None).tolist()


def by_status(leads: pd.DataFrame, won: float, lost: float, open_: float) -> pd.Series:
    return leads["status"].map({"Won": won, "Lost": lost, "In work": open_})


@pytest.mark.parametrize(("won", "lost"), [(0.9, 0.0), (0.0, 0.7), (0.5, 0.5)])
def test_what_is_written_down_when_a_lead_is_closed_is_left_out(won: float, lost: float) -> None:
    leak = found(lambda leads, rng: {"Contract": filled(by_status(leads, won, lost, 0.0), rng)})
    assert leak["own:Contract"].reason == "after"
    assert leak["own:Contract"].left_out
    assert leak["own:Contract"].counts["open_filled"] == 0


def test_what_open_leads_have_as_often_is_kept() -> None:
    leak = found(lambda leads, rng: {"Job": filled(by_status(leads, 0.6, 0.3, 0.4), rng)})
    assert leak == {}


def test_what_open_leads_have_somewhat_less_often_is_only_warned_of() -> None:
    leak = found(lambda leads, rng: {"Passport": filled(by_status(leads, 0.8, 0.3, 0.12), rng)})
    assert leak["own:Passport"].reason == "after"
    assert not leak["own:Passport"].left_out


def test_a_column_of_the_day_it_was_closed_on_is_left_out_by_history() -> None:
    def own(leads: pd.DataFrame, rng: np.random.Generator) -> dict[str, Any]:
        closed = leads["created"] + pd.to_timedelta(20, "D")
        before = closed - pd.to_timedelta(rng.integers(2, 15, len(leads)), "D")
        return {
            "Paid on": [day.to_pydatetime() for day in closed],
            "Called on": [day.to_pydatetime() for day in before],
        }

    base = shop(n=500, open_leads=120)
    closed = base.leads[base.leads["kind"].ne("open")]
    moves = [
        {"at": day + timedelta(days=20), "lead": lead, "from_status": "New", "to_status": status}
        for lead, day, status in zip(closed.index, closed["created"], closed["status"], strict=True)
    ]
    leak = found(own, history=moves)
    assert leak["own:Paid on"].reason == "dated"
    assert leak["own:Paid on"].counts == {"late": 500, "of": 500}
    assert "own:Called on" not in leak


def test_a_copy_of_the_status_is_left_out() -> None:
    leak = found(lambda leads, rng: {"Result": leads["status"].str.upper().tolist()})  # noqa: ARG005
    assert (leak["own:Result"].reason, leak["own:Result"].left_out) == ("status", True)


def test_a_column_that_tells_the_outcome_alone_is_left_out() -> None:
    def own(leads: pd.DataFrame, rng: np.random.Generator) -> dict[str, Any]:
        won = leads["status"].eq("Won") ^ (rng.random(len(leads)) < 0.01)
        return {"Tag": np.where(won, "thanked", rng.choice(["no answer", "too dear"], len(leads)))}

    leak = found(own)
    assert (leak["own:Tag"].reason, leak["own:Tag"].left_out) == ("tells", True)


def test_a_number_that_only_counts_the_rows_is_left_out() -> None:
    leak = found(lambda leads, rng: {"No": [1000 + i for i in range(len(leads))]})  # noqa: ARG005
    assert (leak["own:No"].reason, leak["own:No"].left_out) == ("counter", True)


def test_what_is_learned_after_the_first_stage_is_warned_of() -> None:
    def own(leads: pd.DataFrame, rng: np.random.Generator) -> dict[str, Any]:
        fresh = leads.index.isin(leads.index[leads["status"].eq("In work")][:60])
        leads.loc[fresh, "status"] = "New"
        return {"Wish": filled(leads["status"].eq("New").map({True: 0.0, False: 0.6}), rng)}

    leak = found(own)
    assert (leak["own:Wish"].reason, leak["own:Wish"].left_out) == ("later", False)


def test_with_hardly_any_open_leads_emptiness_proves_nothing() -> None:
    book = shop(n=500, open_leads=10, own=lambda leads, rng: {
        "Job": filled(by_status(leads, 0.6, 0.3, 0.0), rng)
    })  # fmt: skip
    assert leaks_of(book) == {}


def test_a_leak_is_in_no_rule_and_spoils_no_number() -> None:
    def own(leads: pd.DataFrame, rng: np.random.Generator) -> dict[str, Any]:
        return {"Contract": filled(by_status(leads, 0.95, 0.0, 0.0), rng)}

    honest, spoiled = shop(n=700, open_leads=60), shop(n=700, open_leads=60, own=own)
    one, other = proposal(honest), proposal(spoiled)
    assert "own:Contract" not in other.columns
    assert [leak.column for leak in other.leaks if leak.left_out] == ["own:Contract"]
    assert one.rules == other.rules
    assert one.held_out == other.held_out


def test_empty_shops_have_no_leaks() -> None:
    book: Book = shop(n=0, own=lambda leads, rng: {"A": []})  # noqa: ARG005
    assert leaks_of(book) == {}
