"""Dates, which are numbers of days."""

from __future__ import annotations

import math
from datetime import date, timedelta

from ..locales import EPOCH
from ..operands import Place, Thunk
from .arguments import FUNCTIONS, function, number, numbers, whole


def _serial(day: date) -> int:
    return (day - EPOCH).days


def _date(serial: float) -> date:
    return EPOCH + timedelta(days=math.floor(serial))


FUNCTIONS["TODAY"] = (lambda place: _serial(place.calc.today), 0, 0)
FUNCTIONS["NOW"] = (lambda place: _serial(place.calc.today) + 0.5, 0, 0)
FUNCTIONS["YEAR"] = (lambda place, v: _date(number(place, v)).year, 1, 1)
FUNCTIONS["MONTH"] = (lambda place, v: _date(number(place, v)).month, 1, 1)
FUNCTIONS["DAY"] = (lambda place, v: _date(number(place, v)).day, 1, 1)


@function("DATE", 3)
def date_(place: Place, year: Thunk, month: Thunk, day: Thunk) -> int:
    months = whole(place, year, 0) * 12 + whole(place, month, 0) - 1
    first = date(months // 12, months % 12 + 1, 1)
    return _serial(first) + whole(place, day, 0) - 1


@function("EDATE", 2)
def edate(place: Place, start: Thunk, by: Thunk) -> int:
    day = _date(number(place, start))
    months = day.year * 12 + day.month - 1 + whole(place, by, 0)
    first = date(months // 12, months % 12 + 1, 1)
    last = (date((months + 1) // 12, (months + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return _serial(first) + min(day.day, last) - 1


@function("WEEKDAY", 1, 2)
def weekday(place: Place, value: Thunk, kind: Thunk | None = None) -> int:
    day = _date(number(place, value)).weekday()  # Monday is 0
    return {1: (day + 1) % 7 + 1, 2: day + 1, 3: day}[whole(place, kind, 1)]


def _holidays(place: Place, argument: Thunk | None) -> frozenset[int]:
    if argument is None:
        return frozenset()
    return frozenset(math.floor(value) for value in numbers(place, (argument,)))


@function("NETWORKDAYS", 2, 3)
def networkdays(place: Place, start: Thunk, end: Thunk, holidays: Thunk | None = None) -> int:
    first, last = math.floor(number(place, start)), math.floor(number(place, end))
    free = _holidays(place, holidays)
    sign, (low, high) = (1, (first, last)) if first <= last else (-1, (last, first))
    return sign * sum(_date(day).weekday() < 5 and day not in free for day in range(low, high + 1))


@function("WORKDAY", 2, 3)
def workday(place: Place, start: Thunk, days: Thunk, holidays: Thunk | None = None) -> int:
    day, left = math.floor(number(place, start)), whole(place, days, 0)
    free, step = _holidays(place, holidays), 1 if left >= 0 else -1
    while left:
        day += step
        if _date(day).weekday() < 5 and day not in free:
            left -= step
    return day
