"""The Settings tab: what the owner may turn without knowing any of our words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
from phonenumbers import SUPPORTED_REGIONS

from sheetsync import cells
from sheetsync.cells import Parsed
from sheetsync.cells.base import EMPTY, Reading, as_number, read_distinct
from sheetsync.cells.datetext import split_time
from sheetsync.cells.text import plain
from sheetsync.crm.base import Book, Capability, Part, Results, Setting
from sheetsync.crm.lists import group_names
from sheetsync.crm.reading import Parser, Reader
from sheetsync.crm.scoring.shares import read_shares
from sheetsync.layout import Column, Tab
from sheetsync.locales import Words

SETTINGS = Tab(
    key="settings",
    row_key="key",
    hidden=True,
    columns=(
        Column("key", "tool", "id", hidden=True, required=True),
        Column("setting", width=260),
        Column("value", width=140, required=True),
        Column("note", type="long_text", width=420),
        Column("check", "tool", "long_text", width=260),
    ),
)

PLAIN = frozenset({"number", "integer", "currency", "country", "text", "date", "time", "most"})
"""Types of settings that are typed as they are; any other type names a group of choices."""

AT_HOME: Mapping[str, Mapping[str, str]] = {
    "en": {"currency": "USD", "country": "US"},
    "ru": {"currency": "RUB", "country": "RU"},
}
"""What differs between the shops that speak a language, until the owner says otherwise."""

_MOST = 1_000_000

_HOURS = 24
"""Of a day."""
_CLOCK = re.compile(r"(\d{1,2})(?:[:.]([0-5]\d))?")

_CURRENCIES = {
    **dict.fromkeys(("$", "доллар", "доллары", "dollar", "dollars"), "USD"),
    **dict.fromkeys(("€", "евро", "euro", "euros"), "EUR"),
    **dict.fromkeys(("₽", "р", "руб", "рубль", "рубли"), "RUB"),
    **dict.fromkeys(("₸", "тенге"), "KZT"),
    **dict.fromkeys(("£", "pound", "pounds"), "GBP"),
}
_COUNTRIES = {
    **dict.fromkeys(("россия", "рф", "russia", "rus"), "RU"),
    **dict.fromkeys(("казахстан", "kazakhstan"), "KZ"),
    **dict.fromkeys(("беларусь", "belarus"), "BY"),
    **dict.fromkeys(("сша", "usa", "united states"), "US"),
    **dict.fromkeys(("великобритания", "uk", "united kingdom", "england"), "GB"),
    **dict.fromkeys(("германия", "germany"), "DE"),
}


def read_settings(
    frame: pd.DataFrame,
    keys: pd.Series,
    known: Iterable[Setting],
    reader: Reader,
    today: date,
) -> dict[str, Any]:
    """Every setting by key: what the owner typed, or the default.

    A row that is missing or empty means the default; one that can't be understood too, and is a
    problem in its row.
    """
    values: dict[str, Any] = {}
    by_type: dict[str, list[str]] = {}
    for setting in known:
        values[setting.key] = default(setting, reader.words)
        by_type.setdefault(setting.type, []).append(setting.key)
    for kind, names in by_type.items():
        here = keys.isin(names)
        read = reader.of("settings", frame[here], keys[here], unique=True)
        typed = read("value", _parser(kind, reader.words, today)).dropna()
        values.update({str(key): value for key, value in typed.items()})
    return values


def default(setting: Setting, words: Words) -> Any:
    """What a setting is in a CRM of this language while nobody has said otherwise.

    A text that people will read comes from the locale files: ``settings.<key>.default``.
    """
    text = f"settings.{setting.key}.default"
    return words(text) if text in words else AT_HOME[words.lang].get(setting.key, setting.default)


def compute(book: Book, so_far: Results) -> Part:  # noqa: ARG001
    """Rows for settings that the tab does not have yet, as after an upgrade."""
    rows = [row(setting, default(setting, book.words), book.words) for setting in book.unset]
    return Part(appends={"settings": pd.DataFrame(rows)} if rows else {})


def row(setting: Setting, value: Any, words: Words) -> dict[str, Any]:
    """A row of the Settings tab."""
    return {
        "key": setting.key,
        "setting": words(f"settings.{setting.key}.label"),
        "value": value if setting.type in PLAIN else words(f"choices.{setting.type}.{value}"),
        "note": words(f"settings.{setting.key}.note"),
    }


def _parser(kind: str, words: Words, today: date) -> Parser:
    if kind == "date":
        # The setting that orders day and month is itself being read.
        day_first = words.lang == "ru"
        return lambda raw: cells.parse_dates(raw, day_first=day_first, today=today, lean="past")
    return _PARSERS.get(kind) or group_names(kind).match


def _texts(raw: pd.Series) -> Parsed:
    nothing = pd.Series(None, index=raw.index, dtype=object)
    return Parsed(cells.text_values(raw), nothing, nothing)


def _whole_numbers(raw: pd.Series) -> Parsed:
    """0 to a million; what counts leads and lines can't be anything else."""
    parsed = cells.parse_numbers(raw)
    wrong = parsed.values.notna() & ~parsed.values.between(0, _MOST)
    return _with_problem(parsed, wrong, "setting.range", values=parsed.values.mask(wrong).round())


def _most_of_all(raw: pd.Series) -> Parsed:
    """Most of something, in per cent: 50 to 99."""
    values = pd.Series(read_shares(raw) * 100, raw.index)
    wrong = cells.text_values(raw).notna() & ~values.between(50, 99)
    nothing = pd.Series(None, index=raw.index, dtype=object)
    parsed = Parsed(values.round(), nothing, nothing)
    return _with_problem(parsed, wrong, "setting.most", values=values.mask(wrong).round())


def _times_of_day(raw: pd.Series) -> Parsed:
    """Hours and minutes as ``HH:MM``. A spreadsheet keeps a time that was typed as one as a
    fraction of a day; a whole number is an hour."""
    return read_distinct(raw, _time_of_day, "object")


def _time_of_day(cell: object) -> Reading:
    number, text = as_number(cell), cells.show(cell)
    if number is None and not text:
        return EMPTY
    if number is not None:
        hours = number if 1 <= number < _HOURS else number * _HOURS if 0 <= number < 1 else None
    elif match := _CLOCK.fullmatch(text):
        hours = int(match[1]) + int(match[2] or 0) / 60
    else:
        rest, at = split_time(plain(text))
        hours = at.hour + at.minute / 60 if at and not rest else None
    minutes = _HOURS * 60 if hours is None else round(hours * 60)
    if minutes >= _HOURS * 60:
        return Reading(problem="setting.time")
    return Reading(f"{minutes // 60:02d}:{minutes % 60:02d}")


def _currencies(raw: pd.Series) -> Parsed:
    return _codes(raw, re.compile("[A-Z]{3}").fullmatch, _CURRENCIES, "setting.currency")


def _countries(raw: pd.Series) -> Parsed:
    return _codes(raw, SUPPORTED_REGIONS.__contains__, _COUNTRIES, "setting.country")


def _codes(
    raw: pd.Series, known: Callable[[str], object], names: Mapping[str, str], code: str
) -> Parsed:
    """Codes in any case, with spaces around; what people say instead is a hint."""
    texts = cells.text_values(raw)
    codes = texts.str.upper()
    wrong = codes.notna() & ~codes.map(lambda text: bool(known(text)), na_action="ignore").eq(True)
    nothing = pd.Series(None, index=raw.index, dtype=object)
    parsed = Parsed(codes.mask(wrong), nothing, nothing)
    hints = texts.map(lambda text: names.get(cells.fold(text)), na_action="ignore")
    return replace(_with_problem(parsed, wrong, code), hints=hints.where(wrong, None))


def _with_problem(
    parsed: Parsed, wrong: pd.Series, code: str, values: pd.Series | None = None
) -> Parsed:
    problems = parsed.problems.astype(object).mask(wrong, code)
    return replace(parsed, values=parsed.values if values is None else values, problems=problems)


_PARSERS: Mapping[str, Parser] = {
    "number": cells.parse_numbers,
    "integer": _whole_numbers,
    "currency": _currencies,
    "country": _countries,
    "text": _texts,
    "time": _times_of_day,
    "most": _most_of_all,
}

CAPABILITY = Capability(
    name="settings",
    tabs=(SETTINGS,),
    settings=(
        Setting("currency", "RUB", "currency"),
        Setting("country", "RU", "country"),
        Setting("date_order", "auto", "date_order"),
        Setting("days", "calendar", "days"),
        Setting("few", 30, "integer"),
        Setting("work_from", None, "date"),
        Setting("today_size", 30, "integer"),
    ),
    compute=compute,
)
