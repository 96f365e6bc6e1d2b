"""Values <-> cells: what a cell's XML says for a value, and values as spreadsheets keep them."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
import numpy.typing as npt
import pandas as pd

TICK = "✓"
"""What stands for a ticked checkbox: .xlsx has none that every program shows."""

NO_TICK = "–"
"""What stands for one that somebody left unticked; an empty cell is one that nobody touched."""

EPOCH_1904 = 1462
"""Days between the two epochs of .xlsx files, 1899-12-30 and 1904-01-01."""

Cells = npt.NDArray[np.object_]
"""Cells of a column or of a sheet: None, str, float, bool, and datetime where they were read."""

_MAX_TEXT = 32_767  # characters in a cell; Excel's specifications and limits
# What XML 1.0 has no way to say (production 2, Char), and lone surrogates.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Spreadsheets read _x0041_ as the letter A (ECMA-376 part 1, 22.9.2.19), so a typed one is escaped.
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


def filled(cells: Cells) -> npt.NDArray[np.bool_]:
    """Where cells hold something."""
    return np.asarray(pd.notna(cells), dtype=bool)


def clean(text: str) -> str:
    """A text as a cell can hold it."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _ILLEGAL.sub("", text)[:_MAX_TEXT]


def serial(moment: date) -> float:
    """Days since 1899-12-30, the time of day as a fraction. [day]"""
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day)
    days = (moment.replace(tzinfo=None) - datetime(1899, 12, 30)) / timedelta(days=1)
    return round(days, 9)  # a tenth of a millisecond; a float has no more for these days


def plain(value: Any) -> str | float | bool | None:
    """One value as a cell keeps it: missing is None, a date is its serial number."""
    if isinstance(value, str):
        return clean(value) or None
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if value is None or pd.isna(value):
        return None
    if isinstance(value, date):
        return serial(value)
    number = float(value)
    return number if math.isfinite(number) else None


def column(values: pd.Series[Any]) -> Cells:
    """A column as cells keep it, shape (n,), object; each distinct text is cleaned once."""
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        days = (values.dt.tz_localize(None) - pd.Timestamp(1899, 12, 30)) / pd.Timedelta(days=1)
        return _numbers(days.round(9))
    if pd.api.types.is_numeric_dtype(values.dtype) and not pd.api.types.is_bool_dtype(values.dtype):
        return _numbers(values)
    known: dict[Any, Any] = {}
    cells = np.empty(len(values), dtype=object)
    cells[:] = [
        known[value] if value.__class__ is str and value in known else _learn(known, value)
        for value in values.tolist()
    ]
    return cells


def _numbers(values: pd.Series[Any]) -> Cells:
    numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
    cells = numbers.astype(object)
    cells[~np.isfinite(numbers)] = None
    return cells


def _learn(known: dict[Any, Any], value: Any) -> Any:
    cell = plain(value)
    if isinstance(value, str):
        known[value] = cell
    return cell


def read(value: Any) -> Any:
    """A cell as calamine gives it -> None, str, float, bool or datetime.

    A time of day alone is no date: it comes back as the text that people see.
    """
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    if isinstance(value, time):
        return value.isoformat("minutes" if not value.second else "seconds")
    if isinstance(value, timedelta):
        return value / timedelta(days=1)
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value


def cell_xml(
    prefix: bytes,
    address: str,
    style: int,
    attributes: Mapping[str, str],
    value: str | float | bool | None,
    rest: bytes,
) -> bytes:
    """A cell's element.

    Parameters
    ----------
    prefix : of SpreadsheetML's elements, with its colon
    style : its cell format, 0 for none
    attributes : those it had, as they were written; what speaks of the old value is left out
    rest : what it held besides a value
    """
    tag = prefix.decode()
    more = "".join(
        f' {name}="{text}"' for name, text in attributes.items() if name not in _OF_THE_VALUE
    )
    more = f' r="{address}"' + (f' s="{style}"' if style else "") + more
    kind, content = _content(value, tag)
    inside = content.encode() + rest
    if not inside:
        return f"<{tag}c{more}/>".encode()
    return f"<{tag}c{more}{kind}>".encode() + inside + f"</{tag}c>".encode()


_OF_THE_VALUE = frozenset({"r", "s", "t", "cm", "vm"})


def _content(value: str | float | bool | None, tag: str) -> tuple[str, str]:
    """The attribute that says what a value is, and the value."""
    if value is None:
        return "", ""
    if isinstance(value, str):
        space = ' xml:space="preserve"' if value != value.strip() or "\n" in value else ""
        text = escape(_ESCAPE.sub("_x005F_", value))
        return ' t="inlineStr"', f"<{tag}is><{tag}t{space}>{text}</{tag}t></{tag}is>"
    if isinstance(value, bool):
        return ' t="b"', f"<{tag}v>{int(value)}</{tag}v>"
    number = float(value)
    whole = number.is_integer() and abs(number) < 1e15
    return "", f"<{tag}v>{int(number) if whole else repr(number)}</{tag}v>"
