"""Dates as people type them, a whole column at a time.

``05.11`` says no year. In a column about the past it is the latest such day up to today; in one
about the future the first on or after the row's anchor (the day the lead came). ``tomorrow`` is
never taken for a date: nobody knows on which day it was typed.
"""

from __future__ import annotations

import math
from datetime import date, datetime, time, timedelta

import numpy as np
import pandas as pd

from sheetsync.cells.base import EMPTY, Parsed, Reading, as_number, distinct, read_distinct, spread
from sheetsync.cells.datetext import FIRST_YEAR, LAST_YEAR, Day, find_dates, split_time
from sheetsync.cells.datewords import Lean, relative_date
from sheetsync.cells.text import plain, text_of

_EPOCH = datetime(1899, 12, 30)  # day 0 of a spreadsheet's serial numbers
_SERIALS = range(
    (datetime(FIRST_YEAR, 1, 1) - _EPOCH).days, (datetime(LAST_YEAR + 1, 1, 1) - _EPOCH).days
)
_NO_DAY = Day(None, 0, 0)
_LEAP_GAP = 8  # years between two 29ths of February at most (1896-1904, 2096-2104)


def parse_dates(
    raw: pd.Series,
    *,
    day_first: bool,
    today: date,
    anchor: pd.Series | None = None,
    lean: Lean,
) -> Parsed:
    """Days, without a time of day.

    Parameters
    ----------
    raw : Series of raw cells, shape (n,)
        Texts, datetimes, or serial numbers. [day since 1899-12-30]
    day_first : bool
        How ``5/11`` reads: 5 November, or May 11. Points are always day first, and an order that
        is impossible (25/12 as a month 25) gives way to the only possible one.
    today : date
        Given by the caller.
    anchor : Series of datetime64, shape (n,), same index as raw; optional
        Where a day without a year is looked for when ``lean`` is ``"future"``; where it is missing,
        the one nearest to today is taken. [date]
    lean : ``"past"`` or ``"future"``

    Returns
    -------
    Parsed
        values datetime64[ns], midnight, no time zone. Problems: ``date.relative`` (``tomorrow``;
        the hint is the date if it is typed today), ``date.impossible`` (31.02), ``date.far`` (a
        year outside 1990-2100), ``date.several``, ``date.number`` (a number too small or too large
        for a date), ``date.unreadable``.
    """
    cells, places = distinct(raw)
    readings = [_read_day(cell, day_first, today, lean) for cell in cells]
    days = [reading.value or _NO_DAY for reading in readings]
    numbers = np.array([(day.year or 0, day.month, day.day) for day in days], dtype=np.int64)
    year, month, day = numbers.reshape(-1, 3)[places].T
    values = _on(year, month, day)
    open_rows = np.flatnonzero((year == 0) & (month > 0))
    values[open_rows] = _in_some_year(
        month[open_rows],
        day[open_rows],
        today,
        lean,
        None if anchor is None else anchor.to_numpy("datetime64[D]")[open_rows],
    )
    return Parsed(
        values=pd.Series(values.astype("datetime64[ns]"), index=raw.index),
        problems=spread([reading.problem for reading in readings], places, raw.index),
        hints=spread([reading.hint for reading in readings], places, raw.index),
    )


def parse_datetimes(raw: pd.Series, *, day_first: bool) -> Parsed:
    """Days with their time of day, as a log has them; midnight where no time is given.

    Parameters
    ----------
    raw : Series of raw cells, shape (n,)
    day_first : bool
        As for :func:`parse_dates`.

    Returns
    -------
    Parsed
        values datetime64[ns], to the second, no time zone. Problems: those of :func:`parse_dates`
        without hints, and ``date.no_year``.
    """
    return read_distinct(raw, lambda cell: _read_moment(cell, day_first), "datetime64[ns]")


def _read_day(cell: object, day_first: bool, today: date, lean: Lean) -> Reading:
    moment = _moment(cell)
    if moment is not None:
        day = Day(moment.year, moment.month, moment.day)
        return Reading(problem=day.problem) if day.problem else Reading(day)
    if text_of(cell) is None:
        return EMPTY
    number = as_number(cell)
    if number is not None:
        split = _split_number(number)
        hint = _typed(_dated(split, today, lean), day_first) if split else None
        return Reading(problem="date.number", hint=hint)
    if not isinstance(cell, str):
        return Reading(problem="date.unreadable")
    return _read_text(plain(cell), day_first, today, lean)


def _read_text(text: str, day_first: bool, today: date, lean: Lean) -> Reading:
    def hint(day: Day) -> str:
        return _typed(_dated(day, today, lean), day_first)

    text, _ = split_time(text)
    found = find_dates(text, day_first=day_first)
    if found.is_range or len(found.days) > 1:
        return Reading(problem="date.several")
    if not found.days:
        meant = relative_date(text, today, lean)
        if meant is None:
            return Reading(problem="date.unreadable")
        return Reading(problem="date.relative", hint=_typed(meant, day_first))
    day = found.days[0]
    if day.problem is not None:
        turned = Day(day.year, day.day, day.month)
        possible = day.problem == "date.impossible" and turned.problem is None
        return Reading(problem=day.problem, hint=hint(turned) if possible else None)
    if found.rest or not found.sure:
        # Other digits may be the year that was meant: no hint then.
        clear = not any(map(str.isdigit, found.rest))
        return Reading(problem="date.unreadable", hint=hint(day) if clear else None)
    return Reading(day)


def _read_moment(cell: object, day_first: bool) -> Reading:
    moment = _moment(cell)
    if moment is not None:
        problem = Day(moment.year, moment.month, moment.day).problem
        return Reading(None if problem else moment, problem)
    # Today matters for hints and for days without a year only, and neither is given here.
    reading = _read_day(cell, day_first, date(LAST_YEAR, 1, 1), "past")
    day = reading.value
    if day is None:
        return Reading(problem=reading.problem)
    if day.year is None:
        return Reading(problem="date.no_year")
    _, at = split_time(plain(str(cell)))
    return Reading(datetime.combine(date(day.year, day.month, day.day), at or time()))


def _moment(cell: object) -> datetime | None:
    """The point in time of a cell that is one: a datetime, a date, or a sane serial number."""
    if cell is pd.NaT:
        return None
    if isinstance(cell, datetime):
        plain_cell = cell.to_pydatetime(warn=False) if isinstance(cell, pd.Timestamp) else cell
        return plain_cell.replace(tzinfo=None, microsecond=0)
    if isinstance(cell, date):
        return datetime.combine(cell, time())
    number = as_number(cell)
    if number is None or not math.isfinite(number) or math.floor(number) not in _SERIALS:
        return None
    # A float of days keeps microseconds; what people and programs put in is whole seconds.
    return _EPOCH + timedelta(seconds=round(number * 86400))


def _split_number(number: float) -> Day | None:
    """5.11 was 05.11 before a program took it for a number. 11.1 may be two dates."""
    whole, _, fraction = repr(number).partition(".")
    if not (whole.isdecimal() and len(whole) <= 2 and fraction.isdecimal() and len(fraction) == 2):
        return None
    day = Day(None, int(fraction), int(whole))
    return day if day.problem is None else None


def _typed(day: date, day_first: bool) -> str:
    return day.strftime("%d.%m.%Y" if day_first else "%m/%d/%Y")


def _dated(day: Day, today: date, lean: Lean) -> date:
    """A possible day with its year."""
    if day.year is not None:
        return date(day.year, day.month, day.day)
    found = _in_some_year(np.array([day.month]), np.array([day.day]), today, lean, None)
    return pd.Timestamp(found[0]).date()


def _in_some_year(
    month: np.ndarray, day: np.ndarray, today: date, lean: Lean, anchor: np.ndarray | None
) -> np.ndarray:
    """Days without a year -> datetime64[D], shape (n,), as :func:`parse_dates` tells."""
    now = np.full(month.shape, np.datetime64(today, "D"))
    before = _step_to(month, day, now, -1)
    if lean == "past":
        return before
    after = _step_to(month, day, now, 1)
    nearest = np.where(now - before < after - now, before, after)
    if anchor is None:
        return nearest
    return np.where(np.isnat(anchor), nearest, _step_to(month, day, anchor, 1))


def _step_to(month: np.ndarray, day: np.ndarray, start: np.ndarray, step: int) -> np.ndarray:
    """The first such day on or after ``start`` (step 1), or the last on or before it (step -1)."""
    found = np.full(month.shape, np.datetime64("NaT", "D"))
    year = start.astype("datetime64[Y]").astype(int) + 1970
    for years in range(_LEAP_GAP + 1):
        candidate = _on(year + step * years, month, day)
        fits = candidate >= start if step > 0 else candidate <= start
        found = np.where(np.isnat(found) & fits, candidate, found)
        if not np.isnat(found).any():
            break
    return found


def _on(year: np.ndarray, month: np.ndarray, day: np.ndarray) -> np.ndarray:
    """datetime64[D] of years, months and days; NaT where the calendar has no such day."""
    months = (year - 1970).astype("datetime64[Y]").astype("datetime64[M]") + (month - 1)
    dates = months.astype("datetime64[D]") + (day - 1)
    real = (year > 0) & (month > 0) & (dates.astype("datetime64[M]") == months)
    return np.where(real, dates, np.datetime64("NaT", "D"))
