"""Tasks of the day that nobody moved: which leads go to the seniors, when, and how it is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

import pandas as pd
import pytest

from sheetsync.crm import (
    base,
    checklist,
    escalation,
    for_seniors,
    losses,
    model,
    overdue,
    today,
)
from sheetsync.crm.escalation import escalated
from sheetsync.crm.stages import pipeline
from tests.crm import shops
from tests.crm.books import make_book

TEAM = [
    {"name": "Anna"},
    {"name": "Boris"},
    {"name": "Irene", "role": "senior"},
    {"name": "Victor", "role": "owner"},
]
DUE = {"status": "In work", "manager": "Anna", "next_action": "2026-11-21"}
EVENING = datetime(2026, 11, 21, 18, 0)

Lead = Mapping[str, Any]


def shop(*leads: Lead, now: datetime = EVENING, **more: Any) -> base.Book:
    return make_book(leads=leads, now=now, today=now.date(), **{"team": TEAM} | more)


def moved(at: str, to: str, was: str = "New") -> dict[str, str]:
    return {"at": at, "lead": "L-00001", "from_status": was, "to_status": to}


@pytest.mark.parametrize(
    ("now", "day_ends", "goes"),
    [
        (datetime(2026, 11, 21, 17, 59), "18:00", False),
        (datetime(2026, 11, 21, 18, 0), "18:00", True),
        (datetime(2026, 11, 21, 18, 0), "19:30", False),
        (datetime(2026, 11, 22, 0, 0), "18:00", True),
        (datetime(2026, 11, 20, 23, 59), "18:00", False),
        (datetime(2026, 12, 20, 9, 0), "18:00", True),
    ],
)
def test_what_was_due_goes_to_the_seniors_when_its_day_has_ended(
    now: datetime, day_ends: str, goes: bool
) -> None:
    found = escalated(shop(DUE, now=now, settings={"day_ends": day_ends}))
    assert found.index.tolist() == ["L-00001"] * goes
    if goes:
        assert found["due"].tolist() == [pd.Timestamp("2026-11-21")]
        assert found["days"].tolist() == [(now.date() - date(2026, 11, 21)).days]


@pytest.mark.parametrize(
    ("history", "goes"),
    [
        ([], True),
        ([moved("2026-11-10 12:00", "In work")], True),
        ([moved("2026-11-20 23:59", "In work")], True),
        ([moved("2026-11-21 00:00", "In work")], False),  # moved on its day
        ([moved("2026-11-10 12:00", "New", "")], False),  # moved since, and not logged yet
        # There and back on the day: it stands where it stood.
        (
            [
                moved("2026-11-10 12:00", "In work"),
                moved("2026-11-21 10:00", "Proposal", "In work"),
                moved("2026-11-21 17:00", "In work", "Proposal"),
            ],
            True,
        ),
        # Came on its day: with this status, or with another.
        ([moved("2026-11-21 09:00", "In work", "")], True),
        (
            [moved("2026-11-21 09:00", "New", ""), moved("2026-11-21 16:00", "In work")],
            False,
        ),
        ([{**moved("2026-11-21 09:00", "In work"), "at": None}], True),  # no time tells of no day
    ],
)
def test_only_who_stands_where_he_stood_that_morning(
    history: list[dict[str, str]], goes: bool
) -> None:
    assert len(escalated(shop(DUE, history=history))) == goes


@pytest.mark.parametrize(
    ("cells", "goes"),
    [
        ({}, True),
        ({"next_action": None}, False),
        ({"next_action": "2026-11-22"}, False),
        ({"status": "Won"}, False),
        ({"status": "Lost"}, False),  # proposed: that is checked as a loss
        ({"status": None}, False),
        ({"manager": None}, True),
        ({"manager": "Irene"}, True),  # Victor is above her, or beside
    ],
)
def test_only_open_leads_with_a_task(cells: Lead, goes: bool) -> None:
    statuses = [
        {"status": "In work", "kind": "open"},
        {"status": "Won", "kind": "won"},
        {"status": "Lost", "kind": "lost", "needs_approval": True},
    ]
    assert len(escalated(shop({**DUE, **cells}, statuses=statuses))) == goes


def test_without_a_senior_above_the_manager_there_is_nobody_to_go_to() -> None:
    mine = {**DUE, "manager": "Irene"}
    assert escalated(shop(DUE, mine, team=TEAM[:3])).index.tolist() == ["L-00001"]
    assert escalated(shop(DUE, mine, team=TEAM[:2])).empty
    assert escalated(shop(DUE, mine, team=[])).empty


@pytest.mark.parametrize(
    ("due", "now", "goes"),
    [
        ("2026-11-20", datetime(2026, 11, 20, 18, 0), True),  # a Friday
        ("2026-11-20", datetime(2026, 11, 21, 9, 0), True),
        ("2026-11-21", datetime(2026, 11, 21, 23, 0), False),  # a Saturday: due through Monday
        ("2026-11-21", datetime(2026, 11, 23, 17, 0), False),
        ("2026-11-21", datetime(2026, 11, 23, 18, 0), True),
    ],
)
def test_in_working_days_a_day_off_ends_nothing(due: str, now: datetime, goes: bool) -> None:
    book = shop({**DUE, "next_action": due}, now=now, settings={"days": "working"})
    assert len(escalated(book)) == goes


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("hour", [12, 18])
def test_random_shops_agree_with_sql(seed: int, hour: int) -> None:
    book = shops.controlled_shop(seed)
    book = replace(book, now=datetime.combine(book.today, time(hour)))
    expected = shops.sql(
        f"""
        with believed as (
          select *, case when "at" < date '{book.today}' + 1 then "at" end as known from history
          where to_status is not null),
        placed as (
          select *, coalesce(known, max(known) over (partition by lead order by n
            rows between unbounded preceding and current row)) as place from believed),
        numbered as (
          select *, row_number() over (partition by lead order by place nulls first, n) as nth
          from placed),
        due as (
          select id, status, next_action::date as day from leads
          where kind = 'open' and not proposed and
            next_action::date + {int(hour < 18)} <= date '{book.today}'),
        before as (
          select d.id, arg_max(b.to_status, b.nth) as status from due d
          join numbered b on b.lead = d.id and (b.place is null or b.place < d.day) group by d.id),
        first as (
          select lead as id, coalesce(nullif(from_status, ''), to_status) as status from numbered
          where nth = 1)
        select d.id from due d left join before b using (id) left join first f using (id)
        where d.status = coalesce(b.status, f.status, d.status) order by d.id""",
        **shops.tables(book),
    )
    assert len(expected) > 10
    assert escalated(book).index.tolist() == expected["id"].tolist()


# How it is said --------------------------------------------------------------------------------

STATUSES = [
    {"status": "In work", "kind": "open"},
    {"status": "Lost", "kind": "lost", "needs_approval": True},
]


def results(book: base.Book, *, score: int = 0, tiers: list[str] | None = None) -> base.Results:
    def scores(book: base.Book, _so_far: base.Results) -> base.Part:
        tier = ["C"] * len(book.leads) if tiers is None else tiers
        columns = pd.DataFrame({"score": score, "tier": tier}, index=book.leads.index)
        return base.Part(columns={"leads": columns})

    computes = (scores, overdue.compute, checklist.compute, losses.compute, escalation.compute)
    return shops.run(book, pipeline.compute, *computes, for_seniors.compute, today.compute)


def test_the_seniors_part_stands_below_the_calls_and_says_who_decides_what() -> None:
    book = shop(
        {**DUE, "next_action": "2026-11-18", "next_step": "send the offer"},
        {"status": "Lost", "manager": "Boris", "loss_reason": "Too dear"},
        {"status": "Lost", "manager": "Irene", "created": "2026-11-10"},
        statuses=STATUSES,
        history=[{"at": "2026-11-15", "lead": "L-00003", "to_status": "Lost"}],
    )
    table = results(book).tables["today"]
    assert table["rank"].tolist() == [1, 2, 3, 4]
    assert table["lead"].tolist() == ["L-00001", "L-00003", "L-00002", "L-00001"]
    assert table["manager"].tolist() == ["Anna", "Irene", "Boris", "Anna"]
    assert table["action"].tolist() == [
        "send the offer",
        "Irene, Victor: check the loss, approve it or give the lead back",
        "Irene, Victor: check the loss, approve it or give the lead back",
        "Irene, Victor: have it done now, or hand the lead over",
    ]
    close, who = "To close it:", "a senior or owner puts their name into “Loss approved by”"
    both = f"choose a reason in “Loss reason”, {who}"
    assert table["reason"].tolist()[1:] == [
        f"Loss proposed 6 days ago (no reason given). {close} {both}",
        f"Loss proposed today (Too dear). {close} {who}",
        "Was due on 2026-11-18 and is still “In work”",
    ]


def test_a_senior_does_not_decide_about_their_own_task() -> None:
    book = shop({**DUE, "manager": "Victor"}, statuses=STATUSES)
    assert results(book).tables["today"]["action"].iloc[-1].startswith("Irene: ")


def test_where_nobody_can_be_asked_the_loss_is_for_whoever_made_it() -> None:
    book = shop({"status": "Lost", "manager": "Anna"}, statuses=STATUSES, team=[])
    table = results(book).tables["today"]
    assert table["action"].tolist() == ["Complete the loss, or take the lead up again"]


def test_many_calls_push_nothing_for_the_seniors_out_of_the_list() -> None:
    late = {**DUE, "next_action": "2026-11-10"}
    book = shop(*[late] * 5, statuses=STATUSES, settings={"today_size": 2})
    found = results(book, tiers=["C", "C", "A", "C", "spam"])
    assert found.tables["today"]["lead"].tolist() == ["L-00003", "L-00001"] * 2
    assert len(today.shown_calls(book, found)) == 2
    order = ["L-00003", "L-00001", "L-00002", "L-00004", "L-00005"]
    assert found.figures["senior_list"].index.tolist() == order


def test_the_dashboard_counts_what_there_is_to_control() -> None:
    book = shop(
        DUE,
        {"status": "Lost", "manager": "Boris", "created": "2026-11-10"},
        {"status": "Lost", "manager": "Boris"},
        statuses=STATUSES,
        history=[{"at": "2026-11-15", "lead": "L-00002", "to_status": "Lost"}],
    )
    lines = {line.item: (line.count, line.of) for line in results(book).lines["control"]}
    assert lines == {
        "Losses proposed": (2, 3),
        "Of these, waiting too long": (1, 2),
        "Lost against the rules": (1, None),
        "Due, and not moved by the end of the day": (1, 3),
    }
    shown = model.compute(book).tables["dashboard"]
    assert set(lines) <= set(shown.loc[shown["section"].eq("Control"), "item"])
    quiet = make_book(leads=[DUE], team=TEAM[:2])
    assert "control" not in results(quiet).lines


def test_a_refresh_before_and_after_the_end_of_the_day_differ_only_in_the_seniors_part() -> None:
    book = shops.controlled_shop(4)
    noon, evening = (replace(book, now=datetime.combine(book.today, time(h))) for h in (12, 19))
    one, other = model.compute(noon), model.compute(evening)
    more = other.figures["escalated"].index.difference(one.figures["escalated"].index)
    assert len(more)
    assert (book.leads.loc[more, "next_action"] == pd.Timestamp(book.today)).all()
    pd.testing.assert_frame_equal(today.shown_calls(noon, one), today.shown_calls(evening, other))
    lines = [r.tables["dashboard"].set_index("item")["count"] for r in (one, other)]
    differ = lines[0].ne(lines[1]) & lines[0].notna()
    assert lines[0].index[differ].tolist() == ["Due, and not moved by the end of the day"]
    assert one.flags["text"].tolist() == other.flags["text"].tolist()
