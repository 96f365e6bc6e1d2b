"""Counting and adding up, with criteria or without."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from ..grid import FormulaError, Value
from ..locales import understand
from ..operands import Area, Failure, Place, Thunk, compare, lookup_key
from .arguments import FUNCTIONS, MANY, area, every, function, numbers, one
from .lookups import wildcard


def _test(place: Place, criterion: Value) -> Callable[[Value], bool]:
    """What COUNTIF and its like look for: ``">=5"``, ``"<>"``, ``"a*"`` or a plain value."""
    if not isinstance(criterion, str):
        key = lookup_key("" if criterion is None else criterion)
        return lambda value: value is not None and lookup_key(value) == key
    parts = re.fullmatch(r"(<>|<=|>=|=|<|>)?(.*)", criterion, re.S)
    assert parts is not None
    op, rest = parts[1] or "=", parts[2]
    wanted, _ = understand(rest, place.calc.locale, place.calc.today)
    if rest == "":
        if op == "=":
            return lambda value: value is None if parts[1] else value in (None, "")
        return lambda value: value is not None and (op == "<>")
    if isinstance(wanted, str):
        pattern = wildcard(rest)
        if op in ("=", "<>"):
            same = op == "="
            return lambda value: bool(isinstance(value, str) and pattern.fullmatch(value)) == same
        wanted = rest
    signs = {"=": (0,), "<>": (-1, 1), "<": (-1,), ">": (1,), "<=": (-1, 0), ">=": (0, 1)}[op]

    def fits(value: Value) -> bool:
        alike = isinstance(value, str) == isinstance(wanted, str) and isinstance(
            value, bool
        ) == isinstance(wanted, bool)
        if value is None or isinstance(value, FormulaError) or not alike:
            return op == "<>"
        return compare(value, wanted) in signs

    return fits


def _matching(place: Place, pairs: tuple[Thunk, ...]) -> list[int]:
    """Positions where all of (area, criterion, area, criterion, ...) hold."""
    found: list[int] | None = None
    size = None
    for where, criterion in zip(pairs[::2], pairs[1::2], strict=True):
        cells = area(place, where)
        if size is not None and size != (cells.height, cells.width):
            raise Failure("#VALUE!")
        size = (cells.height, cells.width)
        fits = _test(place, one(place, criterion))
        if found is None:
            found = [i for i, value in enumerate(cells.values()) if fits(value)]
        else:
            found = [i for i in found if fits(cells.at(i // cells.width, i % cells.width))]
    return found or []


@function("COUNTIF", 2)
def countif(place: Place, where: Thunk, criterion: Thunk) -> int:
    wanted = one(place, criterion)
    plain = not isinstance(wanted, str) or (
        wanted
        and not re.search(r"[*?~]|^[<>=]", wanted)
        and isinstance(understand(wanted, place.calc.locale, place.calc.today)[0], str)
    )
    if plain and wanted is not None:
        return place.calc.counts(area(place, where)).get(lookup_key(wanted), 0)
    return len(_matching(place, (where, criterion)))


@function("COUNTIFS", 2, MANY)
def countifs(place: Place, *pairs: Thunk) -> int:
    return len(_matching(place, pairs))


def _picked(where: Area, at: list[int]) -> list[int | float]:
    values = (where.at(i // where.width, i % where.width) for i in at)
    return [v for v in values if isinstance(v, (int, float)) and not isinstance(v, bool)]


@function("SUMIFS", 3, MANY)
def sumifs(place: Place, where: Thunk, *pairs: Thunk) -> float:
    return sum(_picked(area(place, where), _matching(place, pairs)))


@function("SUMIF", 2, 3)
def sumif(place: Place, where: Thunk, criterion: Thunk, what: Thunk | None = None) -> float:
    return sum(_picked(area(place, what or where), _matching(place, (where, criterion))))


FUNCTIONS["SUM"] = (lambda place, *a: math.fsum(numbers(place, a)), 1, MANY)
FUNCTIONS["MAX"] = (lambda place, *a: max(numbers(place, a), default=0), 1, MANY)
FUNCTIONS["MIN"] = (lambda place, *a: min(numbers(place, a), default=0), 1, MANY)
FUNCTIONS["COUNT"] = (lambda place, *a: len(numbers(place, a)), 1, MANY)
FUNCTIONS["COUNTA"] = (
    lambda place, *a: sum(value is not None for value, _ in every(place, a)),
    1,
    MANY,
)
FUNCTIONS["COUNTBLANK"] = (
    lambda place, where: sum(value in (None, "") for value in area(place, where).values()),
    1,
    1,
)


@function("AVERAGE", 1, MANY)
def average(place: Place, *arguments: Thunk) -> float:
    found = numbers(place, arguments)
    if not found:
        raise Failure("#DIV/0!")
    return math.fsum(found) / len(found)
