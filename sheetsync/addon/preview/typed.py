"""Cells of a document as the preview's grid shows them, and what is typed there as cells."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

_DAY_ZERO = datetime(1899, 12, 30)
"""Day 0 of serial numbers, as all spreadsheet programs count them."""

_NUMBER = re.compile(r"[-+]?\d{1,15}(?:[.,]\d{1,10})?")
_WRITTEN_OUT = re.compile(r"(\d{1,2})[.](\d{1,2})[.](\d{4})")
_NUMERIC = frozenset({"number", "integer", "money", "percent"})
_DATES = frozenset({"date", "datetime"})
TICK = "✓"


def shown(value: Any, kind: str, pattern: str = "") -> str:
    """A cell as text: dates as their format has them, as ISO where it has none; a tick as ✓.

    Parameters
    ----------
    value : None, bool, number or text
    kind : the type of its column (:data:`sheetsync.layout.CellType`), "" for people's own
    pattern : the number format of the cell
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return TICK if value else ""
    if isinstance(value, int | float):
        if kind in _DATES or ("y" in pattern.lower() and "d" in pattern.lower()):
            return _moment(value, day_first=pattern.lower().startswith("d"))
        return str(int(value)) if float(value).is_integer() else f"{value:.10g}"
    return str(value)


def typed(text: str, kind: str) -> Any:
    """What stands in a cell after somebody typed ``text``: None, bool, float or text.

    As a spreadsheet takes it: a date or a number only where the column is for such, and where the
    text is one; anything else stays the text that it is.
    """
    text = text.strip()
    if not text:
        return None
    if kind == "checkbox":
        return text.casefold() in (TICK, "true", "1", "x", "+")
    if kind in _DATES and (day := _day(text)) is not None:
        return float((day - _DAY_ZERO.date()).days)
    if (kind in _NUMERIC or kind == "") and _NUMBER.fullmatch(text):
        return float(text.replace(",", "."))
    return text


def told(value: Any) -> str:
    """A value as the event of an edit tells it."""
    if isinstance(value, bool):
        return str(value).upper()
    return shown(value, "number") if isinstance(value, int | float) else str(value)


def _day(text: str) -> date | None:
    found = _WRITTEN_OUT.fullmatch(text)
    try:
        if found:
            return date(int(found[3]), int(found[2]), int(found[1]))
        return date.fromisoformat(text)
    except ValueError:
        return None


def _moment(serial: float, *, day_first: bool) -> str:
    try:
        moment = _DAY_ZERO + timedelta(seconds=round(serial * 86_400))
    except OverflowError:
        return str(serial)
    day = moment.strftime("%d.%m.%Y" if day_first else "%Y-%m-%d")
    midnight = moment.hour == moment.minute == moment.second == 0
    return day if midnight else f"{day} {moment:%H:%M:%S}"
