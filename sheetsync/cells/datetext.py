"""One date in a text: what day, month and year were typed, and at what time."""

from __future__ import annotations

import re
from datetime import date, time
from typing import NamedTuple

from sheetsync.cells.datewords import MONTHS, WEEKDAYS

FIRST_YEAR, LAST_YEAR = 1990, 2100
"""Years outside of these are slips of the keyboard, not dates of a CRM."""

_LEAP = 2000  # a year that has every day


class Day(NamedTuple):
    """A day as typed; ``year`` is None where none was."""

    year: int | None
    month: int
    day: int

    @property
    def problem(self) -> str | None:
        """Why there can be no such day, as a problem code."""
        if self.year is not None and not FIRST_YEAR <= self.year <= LAST_YEAR:
            return "date.far"
        try:
            date(self.year or _LEAP, self.month, self.day)
        except ValueError:
            return "date.impossible"
        return None


class Found(NamedTuple):
    """The dates in a text.

    ``rest`` is what is neither date nor weekday; ``is_range`` tells that a day without a month
    stands before one (5-10 ноября); ``sure`` is False for ``10-15``, which may as well be two days
    or a time.
    """

    days: tuple[Day, ...]
    rest: str
    is_range: bool
    sure: bool


_LETTER = r"[^\W\d_]"
_MONTH = "(?:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")(?![^\W\d_])\.?"
_WEEKDAY = (
    r"(?<![^\W\d_])(?:" + "|".join(sorted(WEEKDAYS, key=len, reverse=True)) + r")(?![^\W\d_])"
)
_ORDINAL = r"(?: ?-?(?:ого|ое|го|е|st|nd|rd|th)(?![^\W\d_]))?"
_YEAR = r"(?:'?\d{2}|\d{3,6})(?!\d)"

# 2026-11-05, 05.11.2026, 5/11/26, 05,11,2026
_FULL = (
    r"(?<!\d)(?P<a>\d{1,4}) ?(?P<mark>[./,-]) ?(?P<b>\d{1,2}) ?(?P=mark) ?(?P<c>\d{1,6})"
    r"(?!\d|[./]\d)"
)
# 05.11, 5/11
_SHORT = r"(?<!\d)(?P<d>\d{1,2})(?P<short>[./,-])(?P<e>\d{1,2})(?!\d|[./]\d)"
# 5 ноября 2026, 5-nov-26
_DAY_MONTH = (
    rf"(?<!\d)(?P<f>\d{{1,2}}){_ORDINAL} ?(?:of )?[-/.]? ?(?P<g>{_MONTH})"
    rf"(?:,? ?[-/.]? ?(?P<h>{_YEAR})(?! ?{_MONTH}))?"
)
# Nov 5, 2026
_MONTH_DAY = (
    rf"(?<!{_LETTER})(?P<i>{_MONTH}) ?(?P<j>\d{{1,2}}){_ORDINAL}(?!\d)(?:,? (?P<k>{_YEAR}))?"
)
_DATES = re.compile("|".join((_FULL, _SHORT, _DAY_MONTH, _MONTH_DAY)))
# 5-10 ноября, с 5 по 10.11, Nov 5-10: the first number is a date of its own.
_AND = r" ?(?:-|,|и|или|по|to|and|or) ?"
_RANGES = re.compile(
    rf"(?<![\d./,-])\d{{1,2}}{_ORDINAL}{_AND}\d{{1,2}}{_ORDINAL} ?(?:[./]\d{{1,2}}(?!\d)|{_MONTH})"
    rf"|{_MONTH} ?\d{{1,2}}{_ORDINAL} ?(?:-|to|and|or) ?\d{{1,2}}(?!\d)"
)
_TIMES = re.compile(
    r"(?:(?<=\d)t|(?:(?<![^\W\d_])(?:в|к|at|by) )?(?<![\d:]))"
    r"(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d)(?:[.,]\d+)?)?(?![\d:])"
    r"(?: ?(?P<half>[ap])\.?m(?![^\W\d_])\.?)?"
    r"(?: ?(?:z|utc|gmt|msk|мск)(?![^\W\d_]))?(?:[+-]\d{2}:?\d{2}(?!\d))?"
    r"|(?<![\d.,/-])(?<!через )(?<!in )(?P<only>[01]?\d|2[0-3]) ?"
    r"(?P<part>[ap]\.?m|ч|час|часов|часа|h)(?![^\W\d_])\.?"
)
_HARMLESS = re.compile(
    rf"{_WEEKDAY}\.?|(?<![^\W\d_])(?:в|во|на|on|at|г|года|год|year)(?![^\W\d_])|[.,;()]"
)


def split_time(text: str) -> tuple[str, time | None]:
    """A text of :func:`~sheetsync.cells.text.plain` form without times of day, and the first of
    them. An offset from UTC is dropped: cells know no time zones."""
    match = _TIMES.search(text)
    if match is None:
        return text, None
    return " ".join(_TIMES.sub(" ", text).split()), _time(match)


def find_dates(text: str, *, day_first: bool) -> Found:
    """The dates in a text without times.

    Parameters
    ----------
    text : in the form of :func:`~sheetsync.cells.text.plain`
    day_first : how 5/11 reads; 5.11 is always the fifth of November
    """
    matches = list(_DATES.finditer(text))
    rest = _HARMLESS.sub(" ", _DATES.sub(" ", text))
    return Found(
        days=tuple(_day(match, day_first) for match in matches),
        rest=" ".join(rest.split()),
        is_range=_RANGES.search(text) is not None,
        sure=all(match["short"] != "-" for match in matches),
    )


def _day(match: re.Match[str], day_first: bool) -> Day:
    if match["g"]:
        return Day(_year(match["h"]), MONTHS[match["g"].rstrip(".")], int(match["f"]))
    if match["i"]:
        return Day(_year(match["k"]), MONTHS[match["i"].rstrip(".")], int(match["j"]))
    if match["short"]:
        return _ordered(None, match["d"], match["e"], day_first or match["short"] in ".,")
    first, second, third = match["a"], match["b"], match["c"]
    if len(first) > 2:  # the year stands first, as in ISO 8601
        return Day(int(first), int(second), int(third))
    year = _year(third)
    if match["mark"] in ".,":
        return Day(year, int(second), int(first))
    return _ordered(year, first, second, day_first)


def _ordered(year: int | None, first: str, second: str, day_first: bool) -> Day:
    """Day and month in the order of the locale, or in the other one where only that can be."""
    usual, other = Day(year, int(second), int(first)), Day(year, int(first), int(second))
    if not day_first:
        usual, other = other, usual
    return other if usual.problem == "date.impossible" and other.problem is None else usual


def _year(typed: str | None) -> int | None:
    if typed is None:
        return None
    year = int(typed.lstrip("'"))
    if len(typed.lstrip("'")) > 2:
        return year
    return year + (1900 if year >= FIRST_YEAR % 100 else 2000)


def _time(match: re.Match[str]) -> time:
    hour = int(match["hour"] or match["only"])
    half = match["half"] or (match["part"] or "")[:1]
    if half in ("a", "p") and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour, int(match["minute"] or 0), int(match["second"] or 0))
