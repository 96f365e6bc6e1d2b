"""Dates as people type them. Today is Saturday, 21 November 2026."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheetsync import cells
from sheetsync.cells import Parsed

TODAY = date(2026, 11, 21)

DAY_FIRST: list[tuple[Any, str]] = [
    ("05.11.2026", "2026-11-05"),
    ("5.11.26", "2026-11-05"),
    ("5/11/26", "2026-11-05"),
    ("05-11-2026", "2026-11-05"),
    ("05,11,2026", "2026-11-05"),
    ("5. 11. 2026", "2026-11-05"),
    ("05.11.2026.", "2026-11-05"),
    ("05.11.2026 г.", "2026-11-05"),
    ("05.11.97", "1997-11-05"),
    ("12/25/2026", "2026-12-25"),
    ("2026-11-05", "2026-11-05"),
    ("2026.11.05", "2026-11-05"),
    ("2026-11-05T14:30:00Z", "2026-11-05"),
    ("2026-11-05 14:30:00+03:00", "2026-11-05"),
    ("05.11.2026 14:30", "2026-11-05"),
    ("05.11.2026 в 15 ч", "2026-11-05"),
    ("5 ноября 2026", "2026-11-05"),
    ("5 нояб. 2026 г.", "2026-11-05"),
    ("5-ое ноября 2026", "2026-11-05"),
    ("5 Ноября 2026 года", "2026-11-05"),
    ("ЧТ, 5 ноября 2026", "2026-11-05"),
    ("пн 05.11.2026", "2026-11-05"),
    ("5 November 2026", "2026-11-05"),
    ("5th of Nov 2026", "2026-11-05"),
    ("Nov 5, 2026", "2026-11-05"),
    ("Thursday, November 5th, 2026", "2026-11-05"),
    ("05-Nov-26", "2026-11-05"),
    ("29.02.2028", "2028-02-29"),
    ("０５.１１.２０２６", "2026-11-05"),
    ("\u200e05.11.2026\u200f", "2026-11-05"),
    ("5\u00a0ноября\u202f2026", "2026-11-05"),
    (datetime(2026, 11, 5, 14, 30), "2026-11-05"),
    (date(2026, 11, 5), "2026-11-05"),
    (pd.Timestamp("2026-11-05 14:30", tz="Asia/Tokyo"), "2026-11-05"),
    (46331.0, "2026-11-05"),
    (46331.99, "2026-11-05"),
    (46331, "2026-11-05"),
]

PROBLEMS: list[tuple[Any, str, str | None]] = [
    ("сегодня", "date.relative", "21.11.2026"),
    ("Завтра", "date.relative", "22.11.2026"),
    ("завтра в 15:00", "date.relative", "22.11.2026"),
    ("перезвонить завтра утром", "date.relative", "22.11.2026"),
    ("послезавтра", "date.relative", "23.11.2026"),
    ("в понедельник", "date.relative", "23.11.2026"),
    ("в субботу", "date.relative", "28.11.2026"),
    ("в следующий вторник", "date.relative", "24.11.2026"),
    ("на следующей неделе", "date.relative", "23.11.2026"),
    ("через неделю", "date.relative", "28.11.2026"),
    ("через 3 дня", "date.relative", "24.11.2026"),
    ("через 2 часа", "date.relative", "21.11.2026"),
    ("через полгода", "date.relative", "21.05.2027"),
    ("конец месяца", "date.relative", "30.11.2026"),
    ("в следующем месяце", "date.relative", "01.12.2026"),
    ("tomorrow", "date.relative", "22.11.2026"),
    ("the day after tomorrow", "date.relative", "23.11.2026"),
    ("next Monday", "date.relative", "23.11.2026"),
    ("last friday", "date.relative", "20.11.2026"),
    ("in a couple of weeks", "date.relative", "05.12.2026"),
    ("ASAP", "date.relative", "21.11.2026"),
    ("перезвонить после отпуска", "date.unreadable", None),
    ("сегодня не брал трубку, занят", "date.unreadable", None),
    ("05.11.2026 перезвонить", "date.unreadable", "05.11.2026"),
    ("не раньше 5 ноября 2026", "date.unreadable", "05.11.2026"),
    ("05.11/2025", "date.unreadable", None),
    ("10-12", "date.unreadable", "10.12.2026"),
    ("10:15", "date.unreadable", None),
    ("ноябрь", "date.unreadable", None),
    ("Nov 2026", "date.unreadable", None),
    ("5 числа", "date.unreadable", None),
    ("1.2.3.4", "date.unreadable", None),
    ("через 99999999 дней", "date.unreadable", None),
    ("#N/A", "date.unreadable", None),
    ("nan", "date.unreadable", None),
    ("🎉", "date.unreadable", None),
    (True, "date.unreadable", None),
    (time(14, 30), "date.unreadable", None),
    ("31.02.2026", "date.impossible", None),
    ("29.02.2026", "date.impossible", None),
    ("30.02", "date.impossible", None),
    ("00.11.2026", "date.impossible", None),
    ("11.25.2026", "date.impossible", "25.11.2026"),
    ("05.11.226", "date.far", None),
    ("05.11.20226", "date.far", None),
    ("5 ноября 1926", "date.far", None),
    (datetime(1900, 1, 4), "date.far", None),
    ("05.11.2026 - 10.11.2026", "date.several", None),
    ("05.11-10.11", "date.several", None),
    ("05.11 или 06.11", "date.several", None),
    ("5-10 ноября", "date.several", None),
    ("с 5 по 10 ноября", "date.several", None),
    ("5-10.11", "date.several", None),
    ("Nov 5-10", "date.several", None),
    ("5 ноября 16 ноября", "date.several", None),
    (5.12, "date.number", "05.12.2026"),
    (11.1, "date.number", None),
    (2026.0, "date.number", None),
    (-1.0, "date.number", None),
    (float("inf"), "date.number", None),
    (10**400, "date.number", None),
]


def column(*raw: Any) -> pd.Series:
    return pd.Series(list(raw), dtype=object)


def read(*raw: Any, day_first: bool = True, lean: Any = "future", anchor: Any = None) -> Parsed:
    if anchor is not None:
        anchor = pd.Series(pd.to_datetime([anchor] * len(raw)))
    return cells.parse_dates(
        column(*raw), day_first=day_first, today=TODAY, anchor=anchor, lean=lean
    )


def one(raw: Any, **options: Any) -> str | None:
    value = read(raw, **options).values.iloc[0]
    return None if pd.isna(value) else value.date().isoformat()


@pytest.mark.parametrize(("raw", "expected"), DAY_FIRST)
def test_a_full_date_is_understood_however_it_is_typed(raw: Any, expected: str) -> None:
    assert one(raw) == expected
    assert read(raw).problems.iloc[0] is None


@pytest.mark.parametrize(("raw", "code", "hint"), PROBLEMS)
def test_what_is_no_date_is_told_apart(raw: Any, code: str, hint: str | None) -> None:
    parsed = read(raw)
    assert parsed.values.isna().all()
    assert (parsed.problems.iloc[0], parsed.hints.iloc[0]) == (code, hint)


@pytest.mark.parametrize(
    ("raw", "day_first", "expected"),
    [
        ("5/11/2026", True, "2026-11-05"),
        ("5/11/2026", False, "2026-05-11"),
        ("5-11-2026", False, "2026-05-11"),
        ("5.11.2026", False, "2026-11-05"),  # points are day first everywhere
        ("25/12/2026", False, "2026-12-25"),
        ("12/25/2026", True, "2026-12-25"),
        ("2026/11/05", True, "2026-11-05"),
        ("2026/11/05", False, "2026-11-05"),
    ],
)
def test_the_locale_decides_only_what_is_ambiguous(
    raw: str, day_first: bool, expected: str
) -> None:
    assert one(raw, day_first=day_first) == expected


def test_hints_are_in_the_order_of_the_locale() -> None:
    assert read("tomorrow", day_first=False).hints.tolist() == ["11/22/2026"]
    assert read("завтра", day_first=True).hints.tolist() == ["22.11.2026"]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("21.11", "2026-11-21"),
        ("22.11", "2025-11-22"),
        ("31.12", "2025-12-31"),
        ("5 ноября", "2026-11-05"),
        ("29.02", "2024-02-29"),
    ],
)
def test_without_a_year_the_past_has_the_latest_such_day_up_to_today(
    raw: str, expected: str
) -> None:
    assert one(raw, lean="past") == expected


@pytest.mark.parametrize(
    ("raw", "anchor", "expected"),
    [
        ("05.11", "2026-10-20", "2026-11-05"),  # overdue by now, and meant so
        ("20.10", "2026-10-20", "2026-10-20"),
        ("19.10", "2026-10-20", "2027-10-19"),
        ("10.01", "2025-12-28", "2026-01-10"),
        ("29.02", "2026-10-20", "2028-02-29"),
        ("29.02", "2097-01-01", "2104-02-29"),  # 2100 is no leap year
        ("05.11.2024", "2026-10-20", "2024-11-05"),
        ("05.11", pd.NaT, "2026-11-05"),
        ("01.04", None, "2027-04-01"),  # 131 days ahead, 234 behind
        ("01.07", None, "2026-07-01"),  # 222 days ahead, 143 behind
        ("21.11", None, "2026-11-21"),
    ],
)
def test_without_a_year_the_future_starts_when_the_lead_came(
    raw: str, anchor: Any, expected: str
) -> None:
    assert one(raw, anchor=anchor) == expected


def test_every_row_has_its_own_anchor() -> None:
    raw = pd.Series(["05.11", "05.11", "05.11", None, "завтра"], index=list("abcde"), dtype=object)
    anchor = pd.Series(
        pd.to_datetime(["2025-01-01", "2026-11-05", "2026-11-06", "2026-01-01", "2026-01-01"]),
        index=list("abcde"),
    )
    values = cells.parse_dates(
        raw, day_first=True, today=TODAY, anchor=anchor, lean="future"
    ).values
    assert values.index.tolist() == list("abcde")
    assert values.dropna().dt.strftime("%Y-%m-%d").to_dict() == {
        "a": "2025-11-05",
        "b": "2026-11-05",
        "c": "2027-11-05",
    }


def test_values_are_midnights_without_a_time_zone() -> None:
    values = read("05.11.2026 23:59", datetime(2026, 1, 2, 3, 4), 46331.7, None, "x").values
    assert str(values.dtype) == "datetime64[ns]"
    assert (values.dropna() == values.dropna().dt.normalize()).all()


@settings(max_examples=200, derandomize=True, deadline=None)
@given(
    day=st.dates(date(1990, 1, 1), date(2100, 12, 31)),
    form=st.sampled_from(
        ["%d.%m.%Y", "%d/%m/%Y", "%Y-%m-%d", "%d %B %Y", "%b %d, %Y", "%d.%m.%Y %H:%M"]
    ),
)
def test_every_day_survives_being_written_and_read(day: date, form: str) -> None:
    assert one(day.strftime(form)) == day.isoformat()
    assert one(float((day - date(1899, 12, 30)).days)) == day.isoformat()


@settings(max_examples=150, derandomize=True, deadline=None)
@given(
    month_day=st.dates(date(2000, 1, 1), date(2000, 12, 31)),
    anchor=st.dates(date(1990, 1, 1), date(2090, 1, 1)),
)
def test_a_day_without_a_year_is_the_first_one_from_the_anchor(
    month_day: date, anchor: date
) -> None:
    expected = anchor
    while (expected.month, expected.day) != (month_day.month, month_day.day):
        expected += timedelta(days=1)
    typed = month_day.strftime("%d.%m")
    assert one(typed, anchor=anchor.isoformat()) == expected.isoformat()


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("05.11.2026 14:30", "2026-11-05 14:30:00"),
        ("2026-11-05T14:30:15", "2026-11-05 14:30:15"),
        ("2026-11-05T14:30:15.123Z", "2026-11-05 14:30:15"),
        ("5/11/2026 2:30 PM", "2026-11-05 14:30:00"),
        ("5/11/2026 12:05 am", "2026-11-05 00:05:00"),
        ("05.11.2026", "2026-11-05 00:00:00"),
        (datetime(2026, 11, 5, 14, 30, 15), "2026-11-05 14:30:15"),
        (date(2026, 11, 5), "2026-11-05 00:00:00"),
        (46331 + (14 * 3600 + 30 * 60 + 15) / 86400, "2026-11-05 14:30:15"),
    ],
)
def test_a_log_keeps_the_time_of_day(raw: Any, expected: str) -> None:
    values = cells.parse_datetimes(column(raw), day_first=True).values
    assert values.dt.strftime("%Y-%m-%d %H:%M:%S").tolist() == [expected]


MOMENT_PROBLEMS: list[tuple[Any, str]] = [
    ("05.11 14:30", "date.no_year"),
    ("завтра", "date.relative"),
    ("31.02.2026", "date.impossible"),
    (datetime(1900, 1, 4), "date.far"),
    (5.11, "date.number"),
    ("когда-то", "date.unreadable"),
]


@pytest.mark.parametrize(("raw", "code"), MOMENT_PROBLEMS)
def test_a_log_has_no_today_to_guess_by(raw: Any, code: str) -> None:
    parsed = cells.parse_datetimes(column(raw), day_first=True)
    assert parsed.values.isna().all()
    assert (parsed.problems.iloc[0], parsed.hints.iloc[0]) == (code, None)
