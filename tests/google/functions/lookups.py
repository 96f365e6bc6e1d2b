"""Finding things: INDEX, MATCH, XLOOKUP, INDIRECT ..."""

from __future__ import annotations

import re
from typing import Any

from .. import formulas
from ..grid import FormulaError, Span, Value
from ..operands import Area, Failure, Place, Thunk, as_boolean, compare, lookup_key
from .arguments import FUNCTIONS, area, function, number, one, text, whole


@function("INDEX", 1, 3)
def index(place: Place, where: Thunk, row: Thunk | None = None, column: Thunk | None = None) -> Any:
    found = area(place, where)
    r, c = whole(place, row, 0), whole(place, column, 0)
    top = found.top + r - 1
    if c == 0 and found.right - found.left == 1 and found.top <= top < found.bottom:
        # A cell of a column: the usual case.
        return Area(found.calc, found.sheet, top, top + 1, found.left, found.right)
    if found.height == 1 and column is None and found.width > 1:
        r, c = 1, r
    if not 0 <= r <= found.height or not 0 <= c <= found.width:
        raise Failure("#NUM!")
    top, bottom = (r - 1, r) if r else (0, found.height)
    left, right = (c - 1, c) if c else (0, found.width)
    return found.part(top, bottom, left, right)


@function("MATCH", 2, 3)
def match(place: Place, key: Thunk, where: Thunk, kind: Thunk | None = None) -> int:
    wanted, found = one(place, key), area(place, where)
    if found.height > 1 and found.width > 1:
        raise Failure("#N/A")
    order = 1 if kind is None else number(place, kind)
    if order == 0:
        return position(place, wanted, found) + 1
    best = None
    for i, value in enumerate(found.values()):
        if value is None or isinstance(value, FormulaError):
            continue
        if isinstance(value, str) != isinstance(wanted, str):
            continue
        if compare(value, wanted) * order > 0:
            break
        best = i
    if best is None:
        raise Failure("#N/A")
    return best + 1


def position(place: Place, wanted: Value, where: Area, wildcards: bool = True) -> int:
    """The first place of a value in a row or column."""
    if wanted is None:
        raise Failure("#N/A")
    if wildcards and isinstance(wanted, str) and re.search(r"[*?]", wanted):
        pattern = wildcard(wanted)
        for i, value in enumerate(where.values()):
            if isinstance(value, str) and pattern.fullmatch(value):
                return i
        raise Failure("#N/A")
    at = place.calc.index(where).get(lookup_key(wanted))
    if at is None:
        raise Failure("#N/A")
    return at


def wildcard(pattern: str) -> re.Pattern[str]:
    """``a*b?`` as a regular expression; ``~`` takes the meaning away."""
    parts = re.findall(r"~[*?~]|[*?]|[^*?~]+|~", pattern)
    meaning = {"*": ".*", "?": "."}
    return re.compile(
        "".join(meaning.get(p) or re.escape(p[1:] if p[0] == "~" and p[1:] else p) for p in parts),
        re.I | re.S,
    )


@function("VLOOKUP", 3, 4)
def vlookup(
    place: Place, key: Thunk, where: Thunk, column: Thunk, is_sorted: Thunk | None = None
) -> Any:
    found, c = area(place, where), whole(place, column, 1)
    if not 1 <= c <= found.width:
        raise Failure("#VALUE!" if c < 1 else "#REF!")
    first = found.part(0, found.height, 0, 1)
    if is_sorted is None or as_boolean(one(place, is_sorted)):
        row = match(place, key, lambda _: first) - 1
    else:
        row = position(place, one(place, key), first)
    return found.part(row, row + 1, c - 1, c)


@function("XLOOKUP", 3, 6)
def xlookup(
    place: Place,
    key: Thunk,
    where: Thunk,
    result: Thunk,
    missing: Thunk | None = None,
    mode: Thunk | None = None,
    _search: Thunk | None = None,
) -> Any:
    found, answers = area(place, where), area(place, result)
    if mode is not None and number(place, mode) not in (0, 2):
        raise Failure("#VALUE!")
    try:
        wanted = one(place, key)
        at = position(place, "" if wanted is None else wanted, found, wildcards=False)
    except Failure as failure:
        if failure.code != "#N/A" or missing is None:
            raise
        return missing(place)
    if found.width == 1:
        return answers.part(at, at + 1, 0, answers.width)
    return answers.part(0, answers.height, at, at + 1)


@function("ROW", 0, 1)
def row(place: Place, where: Thunk | None = None) -> int:
    return (place.row if where is None else area(place, where).top) + 1


@function("COLUMN", 0, 1)
def column(place: Place, where: Thunk | None = None) -> int:
    return (place.column if where is None else area(place, where).left) + 1


FUNCTIONS["ROWS"] = (lambda place, where: area(place, where).height, 1, 1)
FUNCTIONS["COLUMNS"] = (lambda place, where: area(place, where).width, 1, 1)


@function("INDIRECT", 1, 2)
def indirect(place: Place, what: Thunk, _a1: Thunk | None = None) -> Any:
    wanted = text(place, what)
    try:
        node = formulas.parse("=" + wanted, place.calc.decimal_comma)
    except formulas.FormulaSyntaxError:
        raise Failure("#REF!") from None
    if node[0] == "reference":
        return place.calc.reference(node[1], place.sheet)
    if node[0] != "name":
        raise Failure("#REF!")
    try:
        return place.calc.named(node[1])
    except Failure:
        raise Failure("#REF!") from None


@function("OFFSET", 3, 5)
def offset(
    place: Place,
    where: Thunk,
    rows: Thunk,
    columns: Thunk,
    height: Thunk | None = None,
    width: Thunk | None = None,
) -> Any:
    start = area(place, where)
    top, left = start.top + whole(place, rows, 0), start.left + whole(place, columns, 0)
    bottom = top + whole(place, height, start.height)
    right = left + whole(place, width, start.width)
    if top < 0 or left < 0:
        raise Failure("#REF!")
    return place.calc.area(start.sheet, Span(start.sheet.id, top, bottom, left, right))
