"""Days between dates: calendar days, or the working days of a country."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import numpy as np
import numpy.typing as npt
import pandas as pd

Days = npt.NDArray[np.datetime64]

_YEARS_BACK = 30
"""Public holidays further back than this are not looked up; weekends always count."""


class WorkCalendar:
    """The working days of a country.

    Weekends and public holidays are off; a weekend day that the country declared a working day
    counts. A country that the ``holidays`` package doesn't know works from Monday to Friday.

    Parameters
    ----------
    country : ISO 3166-1 alpha-2 code, ``"RU"``
    first, last : the years whose public holidays matter
    """

    def __init__(self, country: str, first: int, last: int) -> None:
        weekend, off, worked = _days_off(country, first, last)
        mask = [day not in weekend for day in range(7)]
        self._calendar = np.busdaycalendar(weekmask=mask, holidays=off)
        self._worked = worked

    def between(self, start: Days, end: Days) -> npt.NDArray[np.int64]:
        """Working days from ``start`` (counted, if it is one) to ``end`` (not counted).

        The same as ``end - start`` where every day is a working day. ``end`` is not before
        ``start``.
        """
        whole = np.busday_count(start, end, busdaycal=self._calendar)
        extra = np.searchsorted(self._worked, end) - np.searchsorted(self._worked, start)
        return np.asarray(whole + extra, dtype=np.int64)


def working_days(start: pd.Series, today: date, country: str) -> pd.Series:
    """Working days that each date lies back.

    Parameters
    ----------
    start : Series of datetime64, shape (n,)
    today : date
    country : ISO 3166-1 alpha-2 code

    Returns
    -------
    Series of Int64, shape (n,), same index
        Working days from ``start`` up to the day before ``today``; 0 when ``start`` is today or
        later; missing where there is no date. [day]
    """
    known = start.notna().to_numpy()
    end = np.datetime64(today, "D")
    days = np.minimum(start[known].to_numpy().astype("datetime64[D]"), end)
    back = pd.Series(pd.NA, index=start.index, dtype="Int64")
    if len(days):
        first = max(days.min().item().year, today.year - _YEARS_BACK)
        calendar = WorkCalendar(country, first, today.year)
        back[known] = calendar.between(days, np.full(len(days), end))
    return back


def days_off(country: str, first: date, days: int) -> tuple[list[int], list[date], list[date]]:
    """The days on which nobody works, of some days from ``first`` on.

    Returns
    -------
    weekend : the days of the week that are off, 0 is Monday
    holidays : public holidays on other days
    worked : days of a weekend that the country declared working days
    """
    last = first + timedelta(days=days)
    weekend, off, worked = _days_off(country, first.year, last.year)

    def within(found: Days) -> list[date]:
        return [day for day in found.tolist() if first <= day < last]

    holidays = [day for day in within(off) if day.weekday() not in weekend]
    return sorted(weekend), holidays, within(worked)


def calendar_days(start: pd.Series, today: date) -> pd.Series:
    """Whole days that each date lies back, as :func:`working_days` but counting every day."""
    back: pd.Series = (pd.Timestamp(today) - start.dt.normalize()).dt.days.astype("Int64")
    return back.clip(lower=0)


@cache
def _days_off(country: str, first: int, last: int) -> tuple[frozenset[int], Days, Days]:
    """Weekend days (0 is Monday), public holidays, and weekend days declared working."""
    import holidays  # here: only shops that count in working days pay for its import

    try:
        known = holidays.country_holidays(country, years=range(first, last + 1))
    except NotImplementedError:
        return frozenset({5, 6}), _days(()), _days(())
    off = set(known)  # asking `known` itself about a day of another year would add that year
    worked = {day for day in known.weekend_workdays if day not in off}
    return frozenset(known.weekend), _days(off), _days(worked)


def _days(dates: object) -> Days:
    return np.array(sorted(dates), dtype="datetime64[D]")  # type: ignore[call-overload]
