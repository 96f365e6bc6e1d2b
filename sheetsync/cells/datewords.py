"""Words for dates: months, weekdays, and those that move with the day they are typed."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Literal

from sheetsync.cells.text import vocabulary

Lean = Literal["past", "future"]

MONTHS: Mapping[str, int] = {
    word: month
    for month, words in enumerate(
        (
            "январь января янв january jan",
            "февраль февраля февр фев february feb",
            "март марта мар march mar",
            "апрель апреля апр april apr",
            "май мая may",
            "июнь июня июн june jun",
            "июль июля июл july jul",
            "август августа авг august aug",
            "сентябрь сентября сент сен september sept sep",
            "октябрь октября окт october oct",
            "ноябрь ноября нояб ноя november nov",
            "декабрь декабря дек december dec",
        ),
        start=1,
    )
    for word in vocabulary(words)
}

WEEKDAYS: Mapping[str, int] = {
    word: day
    for day, words in enumerate(
        (
            "понедельник понедельника понедельнику пн пон monday mon",
            "вторник вторника вторнику вт tuesday tue tues",
            "среда среду среды среде ср wednesday wed",
            "четверг четверга четвергу чт thursday thu thur thurs",
            "пятница пятницу пятницы пятнице пт friday fri",
            "суббота субботу субботы субботе сб saturday sat",
            "воскресенье воскресенья воскресенью вс вск sunday sun",
        )
    )
    for word in vocabulary(words)
}

_COUNTS = {
    **dict.fromkeys(("a", "an", "one", "один", "одну"), 1),
    **dict.fromkeys(("two", "couple", "два", "две", "пару", "пара"), 2),
    **dict.fromkeys(("three", "три"), 3),
}
_SHIFTS = {
    **dict.fromkeys(
        vocabulary("сегодня сейчас срочно немедленно today tonight now asap urgent eod"), 0
    ),
    **dict.fromkeys(vocabulary("завтра tomorrow tmr tmrw"), 1),
    **dict.fromkeys(vocabulary("вчера yesterday"), -1),
    "послезавтра": 2,
    "позавчера": -2,
    "day after tomorrow": 2,
    "day before yesterday": -2,
    "as soon as possible": 0,
}
# What may stand around such a word without making the cell a remark.
_FILLERS = vocabulary(
    "в во на к ко до после с the on at by till until call back please "
    "утром утро днем вечером вечер обеда обед обеду morning afternoon evening noon "
    "позвонить перезвонить звонить звонок созвон набрать написать связаться"
)

_DAY = "(?P<day>" + "|".join(sorted(WEEKDAYS, key=len, reverse=True)) + ")"
_NEXT = r"(?:след|следующ\w+|next)"
_COMING = re.compile(rf"(?:(?:эт[оу]т?|ближайш\w+|this|coming) )?{_DAY}")
_NEXT_DAY = re.compile(rf"{_NEXT} (?:недел\w+|week|{_DAY})")
_LAST_DAY = re.compile(rf"(?:прошл\w+|last) {_DAY}")
_NEXT_MONTH = re.compile(rf"{_NEXT} (?:месяц\w*|month)")
_MONTH_END = re.compile(r"(?:конец|конце|концу|конца|end of) (?:month|месяца)")
_WEEKEND = re.compile(r"(?:(?:эти|этих|this) )?(?:выходн\w+|weekend)")
_LATER = re.compile(
    r"(?:через|in) (?:(?:a )?(?P<count>\d{1,3}|[^\W\d_]+) (?:of )?)?"
    r"(?P<unit>час|минут|hour|minute|дн|день|day|недел|week|месяц|мес|month|полгода|год|лет|year)"
    r"[^\W\d_]*"
)
_MONTHS_IN = {"месяц": 1, "мес": 1, "month": 1, "полгода": 6, "год": 12, "лет": 12, "year": 12}
_DAYS_IN = {"дн": 1, "день": 1, "day": 1, "недел": 7, "week": 7}


def relative_date(text: str, today: date, lean: Lean) -> date | None:
    """The date that a word such as ``tomorrow`` means if it is typed today.

    Parameters
    ----------
    text : in the form of :func:`sheetsync.cells.text.plain`, without a time of day
    lean : which way a bare weekday looks

    Returns
    -------
    date, or None when the text is no such word
    """
    words = [word for word in re.findall(r"\w+", text) if word not in _FILLERS]
    phrase = " ".join(words)
    weekday = today.weekday()
    if phrase in _SHIFTS:
        return today + timedelta(days=_SHIFTS[phrase])
    if match := _COMING.fullmatch(phrase):
        ahead = (WEEKDAYS[match["day"]] - weekday) % 7
        behind = timedelta(days=-ahead % 7)
        return today - behind if lean == "past" else today + timedelta(days=ahead or 7)
    if match := _NEXT_DAY.fullmatch(phrase):
        return today + timedelta(days=7 - weekday + WEEKDAYS.get(match["day"], 0))
    if match := _LAST_DAY.fullmatch(phrase):
        return today - timedelta(days=(weekday - WEEKDAYS[match["day"]]) % 7 or 7)
    if _WEEKEND.fullmatch(phrase):
        return today + timedelta(days=(5 - weekday) % 7)
    if _NEXT_MONTH.fullmatch(phrase):
        return _months_later(today.replace(day=1), 1)
    if _MONTH_END.fullmatch(phrase):
        return _months_later(today.replace(day=1), 1) - timedelta(days=1)
    match = _LATER.fullmatch(phrase)
    return _later(match, today) if match else None


def _later(match: re.Match[str], today: date) -> date | None:
    typed = match["count"] or "a"
    count = int(typed) if typed.isdecimal() else _COUNTS.get(typed)
    if count is None:
        return None
    unit = match["unit"]
    if unit in _MONTHS_IN:
        return _months_later(today, _MONTHS_IN[unit] * count)
    return today + timedelta(days=_DAYS_IN.get(unit, 0) * count)


def _months_later(day: date, months: int) -> date:
    """The same day of a later month, or its last one where there is no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
