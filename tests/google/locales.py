"""What typed text means in a locale, and how values look in it."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from .grid import Formula, Value

EPOCH = date(1899, 12, 30)

_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
}


@dataclass(frozen=True)
class Locale:
    """How numbers and dates are written somewhere."""

    name: str
    decimal: str
    group: str
    true: str
    false: str
    order: str  # of day, month and year
    separators: str  # between them
    date: str
    currency: str
    month_names: tuple[str, ...]


def _locale(name: str, decimal: str, group: str, order: str, separators: str, day: str) -> Locale:
    russian = name.startswith("ru")
    return Locale(
        name,
        decimal,
        group,
        "ИСТИНА" if russian else "TRUE",
        "ЛОЖЬ" if russian else "FALSE",
        order,
        separators,
        day,
        "₽" if russian else "$" if name == "en_US" else "£" if name == "en_GB" else "€",
        tuple(_MONTHS["ru" if russian else "en"].split()),
    )


_KNOWN = {
    each.name: each
    for each in (
        _locale("en_US", ".", ",", "mdy", "/-", "m/d/yyyy"),
        _locale("en_GB", ".", ",", "dmy", "/-", "dd/mm/yyyy"),
        _locale("ru_RU", ",", "\u00a0", "dmy", "./-", "dd.mm.yyyy"),
        _locale("de_DE", ",", ".", "dmy", "./-", "dd.mm.yyyy"),
        _locale("fr_FR", ",", "\u202f", "dmy", "/-", "dd/mm/yyyy"),
    )
}


def locale(name: str) -> Locale:
    """A locale by Google's name; languages we do not know read like en_US."""
    if name in _KNOWN:
        return _KNOWN[name]
    same = [each for each in _KNOWN.values() if each.name[:2] == name[:2]]
    return same[0] if same else _KNOWN["en_US"]


# -- typed text ------------------------------------------------------------------------------


def understand(text: str, place: Locale, today: date) -> tuple[Value, dict[str, str] | None]:
    """What a person's typing becomes: a value, and the number format it brings along."""
    if text.startswith("'"):
        return text[1:], None
    if text.startswith("=") and len(text) > 1:
        return Formula(text), None
    if text.startswith("+") and len(text) > 1:
        return Formula("=" + text), None
    stripped = text.strip()
    if stripped.upper() in ("TRUE", place.true):
        return True, None
    if stripped.upper() in ("FALSE", place.false):
        return False, None
    return _number(stripped, place) or _moment(stripped, place, today) or (text, None)


def _number(text: str, place: Locale) -> tuple[Value, dict[str, str] | None] | None:
    spaces = "\u00a0\u202f" + (" " if place.decimal == "," else "")
    groups = re.escape(place.group) + spaces
    match = re.fullmatch(
        rf"(?P<sign>-)?(?P<cur1>[{re.escape(place.currency)}])?\s?"
        rf"(?P<whole>\d{{1,3}}(?:[{groups}]\d{{3}})+|\d*)"
        rf"(?:{re.escape(place.decimal)}(?P<part>\d*))?"
        rf"(?P<exp>[eE][+-]?\d+)?\s?(?P<cur2>[{re.escape(place.currency)}])?(?P<percent>%)?",
        text,
    )
    if not match or not (match["whole"] or match["part"]):
        return None
    whole, part = re.sub(r"\D", "", match["whole"]) or "0", match["part"] or ""
    number = float(f"{match['sign'] or ''}{whole}.{part or 0}{match['exp'] or ''}")
    grouped = len(whole) != len(match["whole"] or "0")
    places = "." + "0" * len(part) if part else ""
    pattern = None
    if match["percent"]:
        number /= 100
        pattern = {"type": "PERCENT", "pattern": "0" + places + "%"}
    elif match["cur1"] or match["cur2"]:
        sign = f'"{place.currency}"'
        form = "#,##0" + places
        pattern = {"type": "CURRENCY", "pattern": sign + form if match["cur1"] else form + sign}
    elif match["exp"]:
        pattern = {"type": "SCIENTIFIC", "pattern": "0.00E+00"}
    elif grouped:
        pattern = {"type": "NUMBER", "pattern": "#,##0" + places}
    return tidy(number), pattern


def _moment(text: str, place: Locale, today: date) -> tuple[Value, dict[str, str] | None] | None:
    day_text, _, clock = text.partition(" ")
    if ":" in day_text and not clock:
        seconds, pattern = _clock(day_text)
        return (seconds, {"type": "TIME", "pattern": pattern}) if seconds is not None else None
    serial, pattern = _day(day_text, place, today)
    if serial is None:
        return None
    if not clock:
        return serial, {"type": "DATE", "pattern": pattern}
    seconds, clock_pattern = _clock(clock)
    if seconds is None:
        return None
    return tidy(serial + seconds), {"type": "DATE_TIME", "pattern": f"{pattern} {clock_pattern}"}


def _clock(text: str) -> tuple[float | None, str]:
    match = re.fullmatch(r"(\d{1,2}):(\d\d)(?::(\d\d))?", text)
    if not match or int(match[1]) > 23 or int(match[2]) > 59 or int(match[3] or 0) > 59:
        return None, ""
    seconds = int(match[1]) * 3600 + int(match[2]) * 60 + int(match[3] or 0)
    return seconds / 86400, "hh:mm:ss" if match[3] else "hh:mm"


def _day(text: str, place: Locale, today: date) -> tuple[int | None, str]:
    if iso := re.fullmatch(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})", text):
        return _serial(int(iso[1]), int(iso[2]), int(iso[3])), "yyyy-mm-dd"
    match = re.fullmatch(
        rf"(\d{{1,2}})([{re.escape(place.separators)}])(\d{{1,2}})(?:\2(\d{{4}}|\d{{2}}))?", text
    )
    if not match:
        return None, ""
    numbers = dict(zip(place.order, (match[1], match[3]), strict=False))
    year = match[4]
    full = today.year if year is None else int(year) + (0 if len(year) == 4 else _century(year))
    letters = [each * len(numbers[each]) for each in place.order[:2]]
    if year is not None:
        letters.append("y" * len(year))
    return _serial(full, int(numbers["m"]), int(numbers["d"])), match[2].join(letters)


def _century(year: str) -> int:
    return 2000 if int(year) < 50 else 1900


def _serial(year: int, month: int, day: int) -> int | None:
    try:
        return (date(year, month, day) - EPOCH).days
    except ValueError:
        return None


def tidy(number: float) -> int | float:
    """An int where nothing is lost; numbers travel so."""
    return int(number) if isinstance(number, float) and number.is_integer() else number


# -- shown values ----------------------------------------------------------------------------

_DATES = frozenset({"DATE", "TIME", "DATE_TIME"})
_DEFAULT = {"PERCENT": "0.00%", "NUMBER": "#,##0.00", "SCIENTIFIC": "0.00E+00", "TIME": "h:mm:ss"}


def is_date(number_format: dict[str, Any] | None) -> bool:
    return bool(number_format) and number_format["type"] in _DATES  # type: ignore[index]


def show(value: bool | int | float, number_format: dict[str, Any] | None, place: Locale) -> str:
    """A number or boolean as the cell displays it."""
    if isinstance(value, bool):
        return place.true if value else place.false
    kind = (number_format or {}).get("type")
    if not number_format or kind in (None, "NUMBER_FORMAT_TYPE_UNSPECIFIED", "TEXT"):
        return general(value, place)
    pattern = number_format.get("pattern") or _default(str(kind), place)
    if kind in _DATES:
        return _show_moment(value, pattern, place)
    return show_number(value, pattern, place)


def _default(kind: str, place: Locale) -> str:
    if kind == "DATE":
        return place.date
    if kind == "DATE_TIME":
        return f"{place.date} h:mm:ss"
    if kind == "CURRENCY":
        return f'"{place.currency}"#,##0.00'
    return _DEFAULT.get(kind, "0.00")


def general(value: int | float, place: Locale) -> str:
    """A number without a format: all digits of whole ones, ten of others."""
    if abs(value) >= 1e15 or (value and abs(value) < 1e-10):
        digits, exponent = f"{value:E}".split("E")
        return f"{digits.rstrip('0').rstrip('.')}E{exponent}".replace(".", place.decimal)
    if float(value).is_integer():
        return str(int(value))
    places = max(0, 9 - math.floor(math.log10(abs(value)))) if abs(value) >= 1 else 10
    text = f"{value:.{places}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", place.decimal)


@lru_cache(maxsize=1000)
def _moment_tokens(pattern: str) -> tuple[str, ...]:
    return tuple(re.findall(r'"[^"]*"|\\.|[ap]m?/[ap]m?|y+|m+|d+|h+|s+|.', pattern, re.I | re.S))


def _show_moment(value: float, pattern: str, place: Locale) -> str:
    moment = datetime.combine(EPOCH, datetime.min.time()) + timedelta(seconds=round(value * 86400))
    tokens = _moment_tokens(pattern)
    twelve = any("/" in token and token[0] in "aA" for token in tokens)
    parts = []
    last = ""
    for i, token in enumerate(tokens):
        low = token.lower()
        following = next((t.lower() for t in tokens[i + 1 :] if t[0].lower() in "ymdhs"), "")
        if low[0] == "y" and low.strip("y") == "":
            parts.append(f"{moment.year:04d}" if len(low) > 2 else f"{moment.year % 100:02d}")
        elif low.strip("m") == "" and low:
            minutes = len(low) < 3 and (last == "h" or following.startswith("s"))
            if minutes:
                parts.append(f"{moment.minute:0{len(low)}d}")
            elif len(low) > 3:
                parts.append(place.month_names[moment.month - 1])
            elif len(low) == 3:
                parts.append(place.month_names[moment.month - 1][:3])
            else:
                parts.append(f"{moment.month:0{len(low)}d}")
        elif low.strip("d") == "" and low:
            parts.append(f"{moment.day:0{min(len(low), 2)}d}")
        elif low.strip("h") == "" and low:
            hour = (moment.hour % 12 or 12) if twelve else moment.hour
            parts.append(f"{hour:0{len(low)}d}")
        elif low.strip("s") == "" and low:
            parts.append(f"{moment.second:0{len(low)}d}")
        elif twelve and "/" in token:
            parts.append("AM" if moment.hour < 12 else "PM")
        else:
            parts.append(token[1:-1] if token[0] == '"' else token.removeprefix("\\"))
            continue
        last = low[0]
    return "".join(parts)


def show_number(value: float, pattern: str, place: Locale) -> str:
    """A number by a pattern such as ``#,##0.00" ₽"`` (the part for its sign is chosen)."""
    sections = pattern.split(";")
    negative = value < 0
    section = sections[0]
    if negative and len(sections) > 1:
        section, negative = sections[1], False
    elif value == 0 and len(sections) > 2:
        section = sections[2]
    if section == "@":
        return general(value, place)
    number = abs(value)
    match = re.search(r"[#0,.]*[#0](?:[#0,.]*)(?:E\+0+)?", re.sub(r'"[^"]*"', _blank, section))
    if not match:
        return _literals(section)
    core = match[0]
    before, after = section[: match.start()], section[match.end() :]
    number *= 100 ** re.sub(r'"[^"]*"', "", before + after).count("%")
    if "E+" in core:
        digits = (
            f"{number:.{core.partition('.')[2].count('0') - core.partition('E')[2].count('0')}E}"
        )
        text = digits
    else:
        whole, _, part = core.partition(".")
        text = f"{number:.{len(part)}f}"
        integer, _, fraction = text.partition(".")
        fraction = fraction[: part.count("0")] + fraction[part.count("0") :].rstrip("0")
        integer = integer.zfill(whole.count("0")) if whole.count("0") > 1 else integer
        if "," in whole:
            integer = f"{int(integer):,}".replace(",", "\0")
        if integer == "0" and "0" not in whole:
            integer = ""
        text = integer + ("." + fraction if fraction else "")
    text = text.replace(".", place.decimal).replace("\0", place.group)
    return ("-" if negative else "") + _literals(before) + text + _literals(after)


def _blank(match: re.Match[str]) -> str:
    return "\1" * len(match[0])


def _literals(text: str) -> str:
    return re.sub(r'"([^"]*)"|\\(.)|\[[^\]]*\]', lambda m: m[1] or m[2] or "", text)
