"""The Settings tab: what the owner may turn without knowing any of our words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pandas as pd

from sheetsync import cells
from sheetsync.cells import Parsed
from sheetsync.crm.base import Capability, Setting
from sheetsync.crm.lists import group_names
from sheetsync.crm.reading import Parser, Reader
from sheetsync.layout import Column, Tab

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

CAPABILITY = Capability(
    name="settings",
    tabs=(SETTINGS,),
    settings=(
        Setting("currency", "RUB", "text"),
        Setting("country", "RU", "text"),
        Setting("date_order", "auto", "date_order"),
        Setting("days", "calendar", "days"),
        Setting("few", 30, "integer"),
        Setting("today_size", 30, "integer"),
    ),
)


def read_settings(
    frame: pd.DataFrame, keys: pd.Series, known: Iterable[Setting], reader: Reader
) -> dict[str, Any]:
    """Every setting by key: what the owner typed, or the default.

    A row that is missing or empty means the default; one that can't be understood too, and is a
    problem in its row.
    """
    values: dict[str, Any] = {}
    by_type: dict[str, list[str]] = {}
    for setting in known:
        values[setting.key] = setting.default
        by_type.setdefault(setting.type, []).append(setting.key)
    for kind, names in by_type.items():
        here = keys.isin(names)
        read = reader.of("settings", frame[here], keys[here], unique=True)
        typed = read("value", _parser(kind)).dropna()
        values.update({str(key): value for key, value in typed.items()})
    return values


def _parser(kind: str) -> Parser:
    if kind == "number":
        return cells.parse_numbers
    if kind == "integer":
        return _whole_numbers
    if kind == "text":
        return _codes
    return group_names(kind).match


def _whole_numbers(raw: pd.Series) -> Parsed:
    parsed = cells.parse_numbers(raw)
    return replace(parsed, values=parsed.values.round().astype("Int64"))


def _codes(raw: pd.Series) -> Parsed:
    """Currencies and countries: letters in any case, with spaces around."""
    nothing = pd.Series(None, index=raw.index, dtype=object)
    return Parsed(cells.text_values(raw).str.upper(), nothing, nothing)
