"""Deadlines: counted by hand, against SQL, and in the working days of a country."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest

from sheetsync.crm.base import FLAG_COLUMNS, Book, Part, Results, no_flags
from sheetsync.crm.overdue import compute
from sheetsync.crm.working_days import working_days
from sheetsync.locales import LANGUAGES, load
from tests.crm.books import NO_RESULTS, STATUSES, TODAY, make_book

DAY = timedelta(days=1)
LEAD = {"status": "New", "created": "2026-11-21", "manager": "Anna", "next_action": "2026-12-01"}


def lead(**values: Any) -> dict[str, Any]:
    return LEAD | values


def run(*leads: dict[str, Any], **more: Any) -> Part:
    return compute(make_book(leads=leads, **more), NO_RESULTS)


def column(part: Part, name: str) -> list[Any]:
    values = part.columns["leads"][name]
    return [None if pd.isna(value) else value for value in values]


def flags(part: Part) -> list[tuple[str, str]]:
    assert list(part.flags) == list(FLAG_COLUMNS)
    return list(zip(part.flags["code"], part.flags["text"], strict=True))


def test_days_past_the_next_action() -> None:
    part = run(
        lead(next_action="2026-11-18"),
        lead(next_action="2026-11-21"),
        lead(next_action="2026-12-05"),
        lead(next_action=None),
        lead(next_action="2026-11-18 15:30"),
    )
    assert column(part, "overdue") == [3, 0, 0, None, 3]
    assert part.columns["leads"]["overdue"].dtype == "Int64"
    due = part.columns["leads"]["due"]
    assert due.dt.date.tolist()[:3] == [date(2026, 11, 18), TODAY, date(2026, 12, 5)]
    assert due.isna().tolist() == [False, False, False, True, False]


@pytest.mark.parametrize("status", [*STATUSES["en"][3:], None])
def test_only_open_leads_have_deadlines(status: str | None) -> None:
    part = run(lead(status=status, next_action="2026-01-01", created="2026-01-01", manager=None))
    assert part.columns["leads"].isna().to_numpy().all()
    assert flags(part) == []


def test_days_in_stage_start_with_the_last_move_into_it() -> None:
    history = [
        {"at": "2026-11-01 09:00", "lead": "L-00001", "to_status": "In work"},
        {"at": "2026-11-05 23:59", "lead": "L-00001", "to_status": "Proposal"},
        {"at": "2026-11-11 08:00", "lead": "L-00001", "to_status": "In work"},
        {"at": "2026-11-02 08:00", "lead": "L-00002", "to_status": "Proposal"},
        {"at": None, "lead": "L-00003", "to_status": "In work"},
        {"at": "2027-11-02", "lead": "L-00003", "to_status": "In work"},
        {"at": "2026-11-20", "lead": "L-99999", "to_status": "In work"},
        {"at": "2026-11-20", "lead": None, "to_status": None},
    ]
    part = run(
        *[lead(status="In work", created="2026-10-22") for _ in range(3)],
        lead(status="In work", created=None),
        lead(status="In work", created="2026-12-22"),
        history=history,
    )
    assert column(part, "stage_days") == [10, 30, 30, None, 0]
    since = part.columns["leads"]["since"].dt.date.tolist()
    assert since[:2] == [date(2026, 11, 11), date(2026, 10, 22)]


def test_a_move_about_to_be_logged_starts_the_stage_now() -> None:
    book = make_book(
        leads=[lead(status="Proposal", created="2026-10-01"), lead(created="2026-10-01")],
        history=[{"at": "2026-10-05", "lead": "L-00001", "to_status": "Proposal"}],
    )
    new = pd.DataFrame({"at": [pd.Timestamp(book.now)], "lead": ["L-00001"], "to": ["Proposal"]})
    so_far = Results({}, {}, {"history": new}, no_flags(), (), {})
    assert column(compute(book, so_far), "stage_days") == [0, 51]
    assert column(compute(book, NO_RESULTS), "stage_days") == [47, 51]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (
            {"next_action": "2026-11-18", "next_step": "Send the offer"},
            ("overdue", "3 days overdue (Send the offer): do it today or set a new date"),
        ),
        (
            {"next_action": "2026-11-20"},
            ("overdue", "1 day overdue: call today or set a new date"),
        ),
        ({"next_action": "2026-11-21"}, ("due_today", "Due today: call, then set the next date")),
        (
            {"next_action": "2026-11-21", "next_step": "Visit {now}"},
            ("due_today", "Due today: Visit {now}"),
        ),
        (
            {"created": "2026-11-19"},
            ("untouched", "Nobody has answered for 2 days: call first"),
        ),
        (
            {"status": "In work", "created": "2026-11-15", "next_action": "2026-11-21"},
            ("stuck", "In “In work” for 6 days, 5 days allowed: move it on or close it"),
        ),
        (
            {"next_action": None},
            ("no_action", "No next action: agree on a step and set its date"),
        ),
        (
            {"manager": None},
            ("no_manager", "No manager: choose who answers for this lead"),
        ),
    ],
)
def test_flags_say_what_to_do(values: dict[str, Any], expected: tuple[str, str]) -> None:
    part = run(lead(), lead(**values))
    assert expected in flags(part)
    assert set(part.flags["lead"]) == {"L-00002"}


def test_flags_in_russian_have_their_plurals() -> None:
    part = run(
        *[
            lead(status="Новый", manager="Анна", next_action=TODAY - DAY * days)
            for days in (1, 3, 5, 21)
        ],
        lead(status="Предложение", created="2026-11-12", next_action="2026-11-21"),
        lang="ru",
    )
    texts = [text for _, text in flags(part)]
    assert texts[0] == "Просрочено на 1 день: позвоните сегодня или поставьте новую дату"
    assert [text.split(":")[0].removeprefix("Просрочено на ") for text in texts[:4]] == [
        "1 день",
        "3 дня",
        "5 дней",
        "21 день",
    ]
    assert (
        "В статусе «Предложение» уже 9 дней, отведено 7 дней: двигайте дальше или закройте"
    ) in texts


@pytest.mark.parametrize(
    ("values", "more", "expected"),
    [
        ({}, {}, set()),
        ({"created": "2026-11-20"}, {}, set()),
        ({"created": "2026-11-19"}, {}, {"untouched"}),
        ({"status": "In work", "created": "2026-11-16"}, {}, set()),
        # Parked until a day to come: not stuck.
        ({"status": "In work", "created": "2026-01-16"}, {}, set()),
        (
            {"status": "In work", "created": "2026-01-16", "next_action": None},
            {},
            {"stuck", "no_action"},
        ),
        (
            {"status": "In work", "created": "2026-01-16", "next_action": None},
            {"unreadable": {"next_action": ["L-00001"]}},
            {"stuck"},
        ),
        ({"manager": None}, {"unreadable": {"manager": ["L-00001"]}}, set()),
        ({"created": None}, {}, set()),
    ],
)
def test_which_flags(values: dict[str, Any], more: dict[str, Any], expected: set[str]) -> None:
    assert {code for code, _ in flags(run(lead(**values), **more))} == expected


def test_the_first_status_is_the_open_one_of_the_lowest_order() -> None:
    statuses = [
        {"status": "Junk", "kind": "spam", "order": 0},
        {"status": "Talks", "kind": "open", "order": 5},
        {"status": "Fresh", "kind": "open", "order": 1, "days_allowed": 0.5},
    ]
    part = run(
        lead(status="Fresh", created="2026-11-20"),
        lead(status="Talks", created="2026-01-01", next_action="2026-11-21"),
        statuses=statuses,
    )
    assert {(row.lead, row.code) for row in part.flags.itertuples()} == {
        ("L-00001", "untouched"),
        ("L-00002", "due_today"),
    }


def test_a_broken_promise_is_the_worst() -> None:
    part = run(lead(status="In work", created="2026-01-01", next_action="2026-11-01", manager=None))
    assert part.flags.sort_values("severity")["code"].tolist() == ["no_manager", "stuck", "overdue"]


def test_a_crm_without_leads() -> None:
    part = run()
    assert part.columns["leads"].empty
    assert flags(part) == []


def working(*leads: dict[str, Any], country: str = "RU", **more: Any) -> Part:
    return run(*leads, settings={"days": "working", "country": country}, **more)


MONDAY = date(2026, 11, 9)


def test_working_days_leave_out_weekends_and_holidays() -> None:
    part = working(
        lead(next_action="2026-11-06", created="2026-11-03"),  # Friday; Tuesday
        lead(next_action="2026-11-07", created="2026-11-05"),  # Saturday; Thursday
        lead(next_action="2026-11-09", created="2026-11-07"),
        today=MONDAY,
        now=datetime(2026, 11, 9, 10),
    )
    assert column(part, "overdue") == [1, 0, 0]
    # The 4th of November is Unity Day: 3, 5 and 6 November have passed.
    assert column(part, "stage_days") == [3, 2, 0]
    assert column(part, "due") == column(part, "since") == [None, None, None]
    assert [(row.lead, row.code) for row in part.flags.itertuples()] == [
        ("L-00001", "overdue"),
        ("L-00002", "due_today"),
        ("L-00003", "due_today"),
        ("L-00001", "untouched"),
        ("L-00002", "untouched"),
    ]
    assert flags(part)[0][1] == "1 working day overdue: call today or set a new date"


@pytest.mark.parametrize(
    ("country", "start", "today", "expected"),
    [
        ("RU", "2026-11-03", "2026-11-09", 3),
        ("US", "2026-11-03", "2026-11-09", 4),
        ("XX", "2026-11-03", "2026-11-09", 4),
        ("", "2026-11-03", "2026-11-09", 4),
        # A Saturday declared a working day in Russia, before the holiday on Monday the 3rd.
        ("RU", "2025-10-31", "2025-11-05", 2),
        # Friday and Saturday are the weekend of Israel.
        ("IL", "2026-11-05", "2026-11-09", 2),
        ("RU", "2026-11-21", "2026-11-21", 0),
        ("RU", "2026-11-23", "2026-11-21", 0),
        ("RU", "2200-11-24", "2026-11-21", 0),
        ("RU", "1900-01-01", "1900-01-08", 5),
    ],
)
def test_working_days_of_a_country(country: str, start: str, today: str, expected: int) -> None:
    got = working_days(pd.Series(pd.to_datetime([start])), date.fromisoformat(today), country)
    assert got.tolist() == [expected]


def test_every_text_is_there_in_both_languages() -> None:
    keys = [{k for k in load(lang).messages if k.startswith("overdue.")} for lang in LANGUAGES]
    assert keys[0] == keys[1]


def random_book(seed: int, n: int = 600, **settings: Any) -> Book:
    rng = np.random.default_rng(seed)

    def day(back: int, ahead: int) -> Any:
        days = rng.integers(-ahead, back, n)
        return [None if rng.random() < 0.15 else TODAY - DAY * int(d) for d in days]

    leads = pd.DataFrame(
        {
            "created": pd.to_datetime(pd.Series(day(120, 0))),
            "next_action": pd.to_datetime(pd.Series(day(40, 40))),
            "status": rng.choice(STATUSES["en"], n),
            "manager": rng.choice(np.array(["Anna", None], dtype=object), n),
        }
    )
    lines = 3 * n
    history = pd.DataFrame(
        {
            "at": [
                TODAY - timedelta(hours=int(hours)) for hours in rng.integers(1, 100 * 24, lines)
            ],
            "lead": [f"L-{number:05d}" for number in rng.integers(1, n + 50, lines)],
            "to_status": rng.choice(STATUSES["en"], lines),
        }
    )
    return make_book(leads=leads, history=history, settings=settings)


SQL = """
    with moved as (
        select lead, to_status, max(cast("at" as date)) as entered from history group by all
    ), state as (
        select id, l.status, l.manager, days_allowed, next_action,
            coalesce(entered, created) as since
        from leads l left join moved m on m.lead = l.id and m.to_status = l.status
        join statuses s on s.status = l.status and s.kind = 'open'
    ), counted as (
        select *,
            (select count(*) from days where day >= next_action and day < $today) as late,
            (select count(*) from days where day >= since and day < $today) as stood
        from state
    )
    select id, case when next_action is not null then late end as overdue,
        case when since is not null then stood end as stage_days,
        list_sort(list_filter([
            case when next_action is null then 'no_action' when late > 0 then 'overdue'
                when next_action <= $today then 'due_today' end,
            case when manager is null then 'no_manager' end,
            case when since is null or stood <= days_allowed then null
                when status = 'New' then 'untouched'
                when coalesce(next_action, $today) <= $today then 'stuck' end
        ], lambda code: code is not null)) as codes
    from counted order by id
"""


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("mode", ["calendar", "working"])
def test_days_and_flags_are_those_of_sql(seed: int, mode: str) -> None:
    book = random_book(seed, days=mode)
    calendar = pd.DataFrame({"day": pd.date_range("2026-07-01", "2027-01-31")})
    if mode == "working":
        days = calendar["day"]
        calendar = calendar[days.dt.day_of_week.lt(5) & days.ne("2026-11-04")]
    with duckdb.connect() as db:
        db.register("days", calendar)
        db.register("leads", book.leads.reset_index(names="id"))
        db.register("statuses", book.statuses.reset_index())
        db.register("history", book.history)
        expected = db.execute(SQL, {"today": TODAY}).df().set_index("id")
    part = compute(book, NO_RESULTS)
    got = part.columns["leads"].loc[expected.index]
    for name in ("overdue", "stage_days"):
        assert got[name].tolist() == expected[name].astype("Int64").tolist()
    codes = part.flags.groupby("lead")["code"].agg(sorted).reindex(expected.index)
    assert [[] if isinstance(c, float) else c for c in codes] == [
        list(c) for c in expected["codes"]
    ]
    assert set(part.flags["code"]) == {
        "overdue",
        "due_today",
        "untouched",
        "stuck",
        "no_action",
        "no_manager",
    }
    assert part.columns["leads"].drop(expected.index).isna().to_numpy().all()
