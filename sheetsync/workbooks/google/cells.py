"""Values on their way to and from Google, whole columns at a time.

What travels is None, str, float, int or bool; a date is its serial number (days since 1899-12-30,
in the spreadsheet's own time zone). Text is always sent as text: a cell's content is never parsed
by Google, so ``=1+1``, ``+7 916...`` and ``007`` stay what they are.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd

_DAY_ZERO = pd.Timestamp(1899, 12, 30)
_ERRORS = {"N_A": "#N/A", "NAME": "#NAME?", "DIVIDE_BY_ZERO": "#DIV/0!", "NULL_VALUE": "#NULL!"}
_LONGEST = 50_000  # characters in a cell; Google refuses more


def column(values: Sequence[Any], length: int) -> np.ndarray:
    """One column of an answer, filled up to a length; empty cells are None."""
    cells = np.full(length, None, dtype=object)
    cells[: len(values)] = values
    cells[cells == ""] = None
    return cells


def wire(series: pd.Series) -> np.ndarray:
    """A column of results as it travels: object, None where missing or empty."""
    if isinstance(series.dtype, pd.DatetimeTZDtype):
        series = series.dt.tz_localize(None)
    if pd.api.types.is_datetime64_any_dtype(series.dtype):
        days = (series - _DAY_ZERO) / pd.Timedelta(days=1)
        return _objects(days.round(9))
    if pd.api.types.is_numeric_dtype(series.dtype):  # booleans too
        return _objects(series)
    distinct = {value: one(value) for value in series.dropna().unique()}
    return np.array([distinct.get(v) if _present(v) else None for v in series], dtype=object)


def one(value: Any) -> Any:
    """One value as it travels."""
    if not _present(value) or value == "":
        return None
    if isinstance(value, datetime):
        return round((pd.Timestamp(value).tz_localize(None) - _DAY_ZERO) / pd.Timedelta(days=1), 9)
    if isinstance(value, date):
        return (value - _DAY_ZERO.date()).days
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, bool | int | float):
        return value if math.isfinite(value) else None
    return str(value)[:_LONGEST]


def plain(series: pd.Series) -> np.ndarray:
    """Cells as they are, every missing one as None."""
    values: np.ndarray = series.to_numpy(dtype=object, copy=True)
    values[series.isna().to_numpy(dtype=bool)] = None
    return values


def differ(new: np.ndarray, old: np.ndarray) -> np.ndarray:
    """Where two columns differ; numbers that only differ by rounding do not."""
    different: np.ndarray = np.asarray(new != old, dtype=bool)
    for i in np.flatnonzero(different):
        a, b = new[i], old[i]
        if isinstance(a, int | float) and isinstance(b, int | float):
            different[i] = not math.isclose(a, b, rel_tol=1e-12, abs_tol=1e-12)
    return different


def cell(value: Any) -> dict[str, Any]:
    """A travelling value as CellData; None empties the cell."""
    if value is None:
        return {}
    if isinstance(value, bool):
        return {"userEnteredValue": {"boolValue": value}}
    if isinstance(value, int | float):
        return {"userEnteredValue": {"numberValue": value}}
    return {"userEnteredValue": {"stringValue": value}}


def formula(text: str) -> dict[str, Any]:
    """A formula of ours as CellData."""
    return {"userEnteredValue": {"formulaValue": text}}


def value_of(data: Mapping[str, Any]) -> Any:
    """What CellData holds, as :func:`column` gives it; a formula counts as its value."""
    entered = data.get("effectiveValue") or data.get("userEnteredValue") or {}
    for name in ("stringValue", "numberValue", "boolValue", "formulaValue"):
        if name in entered:
            return None if entered[name] == "" else entered[name]
    if "errorValue" in entered:
        kind = entered["errorValue"].get("type", "ERROR")
        return _ERRORS.get(kind, f"#{kind}!")
    return None


def key_text(value: Any) -> str | None:
    """A row key as text: people's keys may look like numbers."""
    if value is None:
        return None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _objects(series: pd.Series) -> np.ndarray:
    values = plain(series.astype(object))
    finite = np.array([v is None or math.isfinite(v) for v in values], dtype=bool)
    values[~finite] = None
    return values


def _present(value: Any) -> bool:
    return value is not None and not (pd.api.types.is_scalar(value) and pd.isna(value))
