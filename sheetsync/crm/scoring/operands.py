"""What stands in the Value cell of a scoring rule, as its condition and its field need it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from sheetsync import cells
from sheetsync.cells.text import text_of
from sheetsync.crm.junk import sorts_for
from sheetsync.crm.lists import group_names
from sheetsync.crm.scoring.conditions import (
    ABOUT_AGE,
    ABOUT_EMPTINESS,
    BOUNDS,
    LETTER,
    LOOKS_LIKE,
    Operands,
    Subject,
)
from sheetsync.crm.scoring.fields import TICKED, UNTICKED, Fields, Floats, Type

_LONGEST = 100
_LIST = re.compile(r"[;\n]")
# A comma between digits is a decimal comma: "1,5" is one value, "1, 5" are two.
_COMMA = re.compile(r"(?<!\d),|,(?!\d)")
_WORDED = re.compile(
    r"(?:(?:от|с|между|from|between)\s+)?(.+?)\s+(?:до|по|и|to|and)\s+(.+)", re.IGNORECASE
)
_UNIT_BEHIND = re.compile(r"[^\W\d_]|%")
_UNIT = re.compile(r"\s*(?:д|дн|день|дня|дней|сут|суток|d|day|days)\.?$", re.IGNORECASE)


class UnclearError(Exception):
    """A cell of a rule that can't be understood.

    Parameters
    ----------
    column : of the Scoring tab
    code : ``problems.rule.<code>`` says why
    hint : what to type instead, or ""
    """

    def __init__(self, column: str, code: str, hint: str = "") -> None:
        super().__init__(f"{column}: {code}")
        self.column = column
        self.code = f"rule.{code}"
        self.hint = hint


def read_operands(
    condition: str, cell: Any, subject: Subject, fields: Fields
) -> tuple[Operands, list[UnclearError]]:
    """Understand a Value cell.

    Returns
    -------
    operands
    complaints : values that no lead can have, when there are others beside them

    Raises
    ------
    UnclearError
        The cell, or the field together with this condition, makes no sense.
    """
    kind = subject.type(fields)
    if condition in ABOUT_EMPTINESS:
        return Operands(), []
    if condition == LOOKS_LIKE:
        return _sorts_of_junk(cell, subject, fields)
    if text_of(cell) is None:
        raise UnclearError("value", "value_missing")
    if condition in ABOUT_AGE:
        return _age(cell, kind, fields), []
    if condition in BOUNDS:
        return _bounds(condition, cell, kind, subject, fields), []
    if condition == "contains":
        return _pieces(cell, subject), []
    values = _split(cell) if condition == "one_of" else [cell]
    if kind == "number":
        numbers = subject.read_numbers(_column(values), fields)
        return Operands(numbers=_all(numbers, "value_number")), []
    if kind == "date":
        return Operands(days=_all(fields.read_days(_column(values)), "value_date")), []
    options = None if subject.key is None else fields.options(subject.key)
    if options is not None:
        return _options(values, options)
    return (_any_type(values, fields) if kind == "own" else Operands(_folded(values))), []


def closest(typed: str, titles: list[str]) -> str:
    """The title most like a typed text, or ""."""
    by_folded = {cells.fold(title): title for title in titles}
    # What is much longer than any title is like none of them, and costs much to compare.
    found = get_close_matches(cells.fold(typed)[:_LONGEST], by_folded, n=1, cutoff=0.6)
    return by_folded[found[0]] if found else ""


def _column(values: list[Any]) -> pd.Series:
    return pd.Series(values, dtype=object)


def _folded(values: list[Any]) -> tuple[str, ...]:
    return tuple(cells.fold(text) for text in cells.text_values(_column(values)).dropna())


def _all(values: Floats, code: str) -> tuple[float, ...]:
    if np.isnan(values).any():
        raise UnclearError("value", code)
    return tuple(values.tolist())


def _split(cell: Any) -> list[Any]:
    """Values by ``;`` or by line; by commas only when there are neither."""
    if not isinstance(cell, str):
        return [cell]
    by = _LIST if _LIST.search(cell) else _COMMA
    values = [piece.strip() for piece in by.split(cell) if piece.strip()]
    if not values:
        raise UnclearError("value", "value_missing")
    return values


def _pieces(cell: Any, subject: Subject) -> Operands:
    if subject.key is None:
        raise UnclearError("condition", "number_contains")
    values = _LIST.split(cell) if isinstance(cell, str) else [cell]
    pieces = tuple(piece for piece in _folded(values) if piece)
    if not pieces:
        raise UnclearError("value", "value_missing")
    return Operands(pieces)


def _options(values: list[Any], options: dict[str, str]) -> tuple[Operands, list[UnclearError]]:
    titles = list(dict.fromkeys(options.values()))
    typed = _folded(values)
    known = tuple(cells.fold(options[text]) for text in typed if text in options)
    complaints = [
        UnclearError("value", "value_not_listed", closest(text, titles))
        for text in typed
        if text not in options
    ]
    if not known:
        raise complaints[0]
    return Operands(known), complaints


def _sorts_of_junk(
    cell: Any, subject: Subject, fields: Fields
) -> tuple[Operands, list[UnclearError]]:
    """Sorts that the column can look like, all of them when none is named."""
    fitting = () if subject.key is None else sorts_for(subject.key)
    if not fitting:
        titles = [fields.titles[key] for key in fields.titles if sorts_for(key)]
        raise UnclearError("field", "field_no_junk", closest(subject.label, titles))
    if text_of(cell) is None:
        return Operands(junk=fitting), []
    keys = group_names("junk").by_folded
    words = fields.words.group("choices.junk")
    wanted: list[str] = []
    complaints: list[UnclearError] = []
    for text in _folded(_split(cell)):
        key = keys.get(text)
        if key is None:
            complaints.append(
                UnclearError("value", "junk_unknown", closest(text, [*words.values()]))
            )
        elif key not in fitting:
            complaints.append(UnclearError("value", "junk_unfit", words[fitting[0]]))
        else:
            wanted.append(key)
    if not wanted:
        raise complaints[0]
    return Operands(junk=tuple(dict.fromkeys(wanted))), complaints


def _any_type(values: list[Any], fields: Fields) -> Operands:
    """People's own columns: a value may be met as text, as number, as date or as a tick."""
    column = _column(values)
    worded = cells.text_values(column).map(lambda text: bool(text and LETTER.search(text)))
    numbers = fields.read_numbers(column.mask(worded))
    days = fields.read_days(column.mask(~np.isnan(numbers)))
    ticks = cells.parse_bools(column).values.dropna()
    return Operands(
        _folded(values) + tuple(TICKED if tick else UNTICKED for tick in ticks),
        tuple(numbers[~np.isnan(numbers)].tolist()),
        tuple(days[~np.isnan(days)].tolist()),
    )


def _age(cell: Any, kind: Type, fields: Fields) -> Operands:
    if kind not in ("date", "own"):
        raise UnclearError("field", "field_not_date")
    typed = _UNIT.sub("", cell) if isinstance(cell, str) else cell
    days = float(fields.read_numbers(_column([typed]))[0])
    # "3 months" is no number of days, though three can be read in it.
    if not days >= 0 or (isinstance(typed, str) and LETTER.search(typed)):
        raise UnclearError("value", "value_days")
    return Operands(days=(days,))


def _bounds(condition: str, cell: Any, kind: Type, subject: Subject, fields: Fields) -> Operands:
    """Bounds as numbers, else as dates, by what the field may hold."""
    if kind == "text":
        raise UnclearError("field", "field_not_number")
    numbers = partial(subject.read_numbers, fields=fields)
    for name, read in (("number", numbers), ("date", fields.read_days)):
        if kind not in (name, "own"):
            continue
        if condition == "between":
            bounds = _range(cell, read)
        else:
            value = read(_column([cell]))[0]
            side = (value, np.inf) if condition == "at_least" else (-np.inf, value)
            bounds = None if np.isnan(value) else side
        if bounds is not None:
            return Operands(numbers=bounds) if name == "number" else Operands(days=bounds)
    if condition == "between":
        raise UnclearError("value", "value_range")
    raise UnclearError("value", "value_date" if kind == "date" else "value_number")


def _range(cell: Any, read: Callable[[pd.Series], Floats]) -> tuple[float, float] | None:
    """Two bounds, the lesser first; None where they are not to be found."""
    if not isinstance(cell, str):
        return None
    for left, right in _halves(cell.strip()[:_LONGEST]):
        low, high = read(_column([left, right]))
        if np.isnan(low) or np.isnan(high):
            continue
        # "300-500 т.р.": from three hundred, or from three hundred thousand?
        unit = _UNIT_BEHIND.search(right)
        if unit and not _UNIT_BEHIND.search(left):
            both = f"{left} {right[unit.start() :]}"
            value = read(_column([both]))[0]
            if not np.isnan(value) and value != low:
                raise UnclearError("value", "range_unit", f"{both} - {right}")
        return min(low, high), max(low, high)
    return None


def _halves(text: str) -> Iterator[tuple[str, str]]:
    """Every way to cut a text in two that people mean by it, the likeliest first."""
    for sign in (";", "\n", "...", "..", "…"):
        if text.count(sign) == 1:
            left, _, right = text.partition(sign)
            yield left.strip(), right.strip()
    if words := _WORDED.fullmatch(text):
        yield words[1].strip(), words[2].strip()
    spaced = [m.span() for m in re.finditer(r"\s+[-–—−]\s+", text)]
    tight = [m.span() for m in re.finditer(r"\s*[-–—−]", text)]
    for start, end in spaced + tight:
        if start:
            yield text[:start].strip(), text[end:].strip()
