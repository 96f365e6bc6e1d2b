"""Parked leads: asleep, woken, late, without a day; in flags, Today and on the Dashboard."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from sheetsync.crm import KINDS, base, overdue, today
from sheetsync.crm.kinds import seeds
from sheetsync.crm.stages import parking, pipeline
from sheetsync.locales import LANGUAGES, load
from tests.crm.books import make_book
from tests.crm.shops import run

STATUSES = [
    {"status": "New", "kind": "open", "may_skip": True},
    {"status": "In work", "kind": "open", "days_allowed": 5},
    {"status": "Later", "kind": "open", "may_skip": True, "parks": True, "days_allowed": 5},
    {"status": "Won", "kind": "won"},
    {"status": "Lost", "kind": "lost"},
]
PAST, TODAY, SOON, LATER = "2026-11-18", "2026-11-21", "2026-11-28", "2026-11-29"


def _scores(book: base.Book, _so_far: base.Results) -> base.Part:
    columns = pd.DataFrame({"score": 0, "tier": "C"}, index=book.leads.index)
    return base.Part(columns={"leads": columns})


def _shop(*next_actions: str | None, status: str = "Later", **more: Any) -> base.Book:
    leads = [
        {"status": status, "next_action": day, "manager": "Anna", "created": "2026-01-05"}
        for day in next_actions
    ]
    log = [
        {"lead": f"L-{n:05d}", "to_status": s, "at": "2026-01-06"}
        for n in range(1, len(leads) + 1)
        for s in ("New", "In work", status)
    ]
    return make_book(leads=leads, history=log, statuses=STATUSES, **more)


def _results(book: base.Book) -> base.Results:
    return run(book, pipeline.compute, _scores, overdue.compute, parking.compute, today.compute)


def _causes(book: base.Book) -> dict[str, str]:
    return dict(_results(book).figures["call_list"]["cause"])


def test_a_parked_lead_sleeps_until_its_day() -> None:
    book = _shop(LATER, SOON)
    results = _results(book)
    assert results.figures["call_list"].empty
    assert results.flags.empty, "neither stuck nor anything else"
    assert results.figures["parked"][["state", "days"]].to_numpy().tolist() == [
        ["asleep", 8],
        ["asleep", 7],
    ]


def test_on_its_day_it_stands_in_today_with_its_own_cause() -> None:
    book = _shop(TODAY)
    results = _results(book)
    assert dict(results.figures["call_list"]["cause"]) == {"L-00001": "woken"}
    assert results.tables["today"]["reason"].tolist() == ["Parked until today: call, tier C"]
    assert results.flags["code"].tolist() == ["parking.woken"]
    assert "due_today" not in " ".join(results.flags["code"])


def test_past_its_day_it_is_a_promise_broken_like_any_other() -> None:
    results = _results(_shop(PAST))
    assert dict(results.figures["call_list"]["cause"]) == {"L-00001": "overdue"}
    assert results.flags["code"].tolist() == ["overdue"]
    assert results.figures["parked"]["state"].tolist() == ["late"]


def test_without_a_day_it_is_told_once_and_called_last() -> None:
    book = _shop(None)
    results = _results(book)
    assert results.flags["code"].tolist() == ["parking.no_date"]
    assert dict(results.figures["call_list"]["cause"]) == {"L-00001": "no_wake_date"}


def test_a_day_that_cannot_be_read_is_not_a_missing_one() -> None:
    results = _results(_shop(None, unreadable={"next_action": ["L-00001"]}))
    assert results.flags.empty
    assert results.figures["call_list"].empty
    assert results.figures["parked"]["state"].isna().all()


def test_causes_stand_between_broken_promises_and_todays() -> None:
    leads = [
        {"status": "In work"},
        {"status": "Later"},
        {"status": "In work", "next_action": TODAY},
        {"status": "Later", "next_action": TODAY},
        {"status": "In work", "next_action": PAST},
        {"status": "New"},
    ]
    book = make_book(leads=leads, statuses=STATUSES)
    assert list(_causes(book).values()) == [
        "untouched",
        "overdue",
        "woken",
        "due_today",
        "no_action",
        "no_wake_date",
    ]


def test_in_a_status_that_does_not_park_nothing_changes() -> None:
    results = _results(_shop(TODAY, None, status="In work"))
    assert dict(results.figures["call_list"]["cause"]) == {
        "L-00001": "due_today",
        "L-00002": "stuck",
    }
    assert set(results.flags["code"]) == {"due_today", "stuck", "no_action"}
    assert results.figures["parked"].empty


def test_a_closed_lead_is_not_parked_even_where_its_status_says_so() -> None:
    statuses = [
        {"status": "New", "kind": "open"},
        {"status": "Lost", "kind": "lost", "parks": True},
    ]
    book = make_book(leads=[{"status": "Lost", "next_action": TODAY}], statuses=statuses)
    assert not parking.parked(book).any()
    assert _results(book).figures["parked"].empty


def test_in_working_days_a_saturday_lasts_through_monday() -> None:
    book = _shop("2026-11-21", settings={"days": "working"})
    monday = base.Book(**{**vars(book), "today": pd.Timestamp("2026-11-23").date()})
    assert _causes(monday) == {"L-00001": "woken"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_dashboard_counts_who_sleeps_and_who_wakes_soon(lang: str) -> None:
    book = _shop(PAST, TODAY, SOON, LATER, None, None)
    book = base.Book(**{**vars(book), "words": load(lang)})
    lines = _results(book).lines["parked"]
    assert [line.count for line in lines] == [6, 2, 1, 1, 1, 2]
    assert [line.of for line in lines] == [None, 6, 6, 6, 6, 6]
    assert "7" in lines[2].item
    assert lines[4].note == load(lang)("parking.note.late")


def test_a_shop_that_parks_nowhere_has_no_such_section() -> None:
    book = make_book(leads=[{"status": "In work"}])
    assert run(book, pipeline.compute, overdue.compute, parking.compute).lines == {}


@pytest.mark.parametrize("kind", KINDS)
def test_what_parks_may_be_skipped_and_asks_for_a_comment(kind: str) -> None:
    rows = [row for row in seeds(kind, load("en"))["statuses"] if row["parks"]]
    assert len(rows) == (0 if kind == "shop" else 1)
    assert all(row["may_skip"] and row["needs_comment"] for row in rows)
