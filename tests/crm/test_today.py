"""The call list: who is in it, in which order, and why."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from sheetsync.crm import today
from sheetsync.crm.base import Book
from tests.crm.books import NO_RESULTS, make_book


def ranked(book: Book, **computed: list[Any]) -> pd.DataFrame:
    columns = {"overdue": 0, "stage_days": 0, "score": 0, "tier": "C", **computed}
    frame = pd.DataFrame(columns, index=book.leads.index)
    return today.call_list(book, replace(NO_RESULTS, columns={"leads": frame}))


PAST, TODAY, LATER = "2026-11-18", "2026-11-21", "2026-12-01"


def test_causes_come_in_their_order_whatever_the_score() -> None:
    book = make_book(
        leads=[
            {"status": "In work"},  # no next action
            {"status": "In work", "next_action": TODAY},
            {"status": "New", "next_action": LATER},
            {"status": "In work", "next_action": PAST},
            {"status": "In work", "next_action": LATER},  # waits for its day
        ]
    )
    order = ranked(book, overdue=[0, 0, 0, 3, 0], score=[90, 80, 1, 5, 99])
    assert order["cause"].to_dict() == {
        "L-00003": "untouched",
        "L-00004": "overdue",
        "L-00002": "due_today",
        "L-00001": "no_action",
    }


def test_a_lead_that_came_back_to_the_first_status_is_not_new() -> None:
    log = [
        {"at": "2026-11-01", "lead": "L-00001", "to_status": "New"},
        {"at": "2026-11-05", "lead": "L-00001", "from_status": "New", "to_status": "Lost"},
    ]
    book = make_book(leads=[{"status": "New"}], history=log)
    assert ranked(book)["cause"].tolist() == ["no_action"]


def test_only_who_came_today_came_today() -> None:
    leads = [{"status": "New", "created": day} for day in ("2026-11-21", "2026-05-01", None)]
    book = make_book(leads=leads)
    computed = pd.DataFrame(
        {"overdue": 0, "stage_days": 0, "score": 0, "tier": "C"}, index=book.leads.index
    )
    table = today.compute(book, replace(NO_RESULTS, columns={"leads": computed})).tables["today"]
    assert list(table["reason"]) == [
        "New, came in today, tier C",
        "New, nobody has touched it yet, tier C",
        "New, nobody has touched it yet, tier C",
    ]


def test_within_a_cause_the_better_tier_then_the_longer_wait_then_the_score() -> None:
    book = make_book(leads=[{"status": "In work", "next_action": PAST}] * 4)
    order = ranked(book, overdue=[3, 9, 3, 3], tier=["C", "C", "A", "C"], score=[10, 0, 60, 20])
    assert list(order.index) == ["L-00003", "L-00002", "L-00004", "L-00001"]


def test_spam_goes_last_whatever_its_cause() -> None:
    book = make_book(leads=[{"status": "New"}, {"status": "In work"}])
    assert list(ranked(book, tier=["spam", "C"]).index) == ["L-00002", "L-00001"]


def test_a_lead_longer_in_its_stage_than_allowed_is_stuck_unless_it_has_a_date() -> None:
    book = make_book(
        leads=[
            {"status": "Proposal", "next_action": LATER},
            {"status": "Proposal"},
            {"status": "Proposal"},
        ]
    )
    order = ranked(book, stage_days=[8, 8, 7])
    assert order["cause"].to_dict() == {"L-00002": "stuck", "L-00003": "no_action"}


def test_closed_leads_and_leads_of_no_known_status_are_not_called() -> None:
    book = make_book(leads=[{"status": s} for s in ("Won", "Lost", "Spam", "Partner", None)])
    assert ranked(book).empty


def test_an_unreadable_date_is_not_a_missing_one() -> None:
    book = make_book(leads=[{"status": "In work"}], unreadable={"next_action": ["L-00001"]})
    assert ranked(book).empty


def test_the_tab_says_what_to_do_and_is_as_long_as_settings_allow() -> None:
    book = make_book(
        lang="ru",
        leads=[
            {"status": "В работе", "next_action": PAST, "next_step": "отправить договор"},
            {"status": "В работе", "next_action": PAST},
            {"status": "В работе", "next_action": PAST},
        ],
        settings={"today_size": 2},
    )
    computed = pd.DataFrame(
        {"overdue": [3, 2, 1], "stage_days": 5, "score": 61, "tier": "A"}, index=book.leads.index
    )
    table = today.compute(book, replace(NO_RESULTS, columns={"leads": computed})).tables["today"]
    assert list(table["rank"]) == [1, 2]
    assert list(table["action"]) == ["отправить договор", "Позвонить сейчас и поставить новую дату"]
    assert table["reason"][0] == "Обещание просрочено на 3 дня, класс A"


def test_an_empty_shop_has_an_empty_list() -> None:
    book = make_book()
    assert ranked(book).empty
