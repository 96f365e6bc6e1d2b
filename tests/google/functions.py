"""The functions that formulas may call; each takes the place and unevaluated arguments."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from . import formulas
from .evaluate import (
    Area,
    Failure,
    Place,
    Thunk,
    as_boolean,
    as_number,
    as_text,
    compare,
    lookup_key,
    scalar,
)
from .grid import FormulaError, Span, Value
from .locales import EPOCH, show, show_number, understand

MANY = 255
FUNCTIONS: dict[str, tuple[Callable[..., Any], int, int]] = {}


def function(name: str, least: int, most: int | None = None) -> Callable[..., Any]:
    """Register a function with the number of arguments it takes."""

    def register(body: Callable[..., Any]) -> Callable[..., Any]:
        FUNCTIONS[name] = (body, least, least if most is None else most)
        return body

    return register


def one(place: Place, argument: Thunk) -> Value:
    return scalar(argument(place), place)


def number(place: Place, argument: Thunk) -> int | float:
    return as_number(one(place, argument), place)


def text(place: Place, argument: Thunk) -> str:
    return as_text(one(place, argument), place)


def whole(place: Place, argument: Thunk | None, default: int) -> int:
    if argument is None:
        return default
    value = argument(place)
    return value if type(value) is int else math.floor(as_number(scalar(value, place), place))


def area(place: Place, argument: Thunk) -> Area:
    value = argument(place)
    if not isinstance(value, Area):
        raise Failure("#VALUE!")
    return value


def every(place: Place, arguments: tuple[Thunk, ...]) -> Iterator[tuple[Value, bool]]:
    """All values of all arguments, and whether each came out of a cell."""
    for argument in arguments:
        value = argument(place)
        if isinstance(value, Area):
            for each in value.values():
                if isinstance(each, FormulaError):
                    raise Failure(each.code)
                yield each, True
        else:
            yield scalar(value, place), False


def numbers(place: Place, arguments: tuple[Thunk, ...]) -> list[int | float]:
    """Numbers among the arguments; text and booleans in cells do not count."""
    found = []
    for value, of_cell in every(place, arguments):
        if not of_cell:
            found.append(as_number(value, place))
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            found.append(value)
    return found


# -- logic -----------------------------------------------------------------------------------


@function("IF", 2, 3)
def if_(place: Place, test: Thunk, yes: Thunk, no: Thunk | None = None) -> Any:
    if as_boolean(one(place, test)):
        return yes(place)
    return False if no is None else no(place)


def _otherwise(codes: frozenset[str] | None) -> Callable[..., Any]:
    def run(place: Place, tried: Thunk, instead: Thunk | None = None) -> Any:
        try:
            return one(place, tried)
        except Failure as failure:
            if codes is not None and failure.code not in codes:
                raise
            return None if instead is None else instead(place)

    return run


FUNCTIONS["IFNA"] = (_otherwise(frozenset({"#N/A"})), 2, 2)
FUNCTIONS["IFERROR"] = (_otherwise(None), 1, 2)


@function("IFS", 2, MANY)
def ifs(place: Place, *pairs: Thunk) -> Any:
    for test, value in zip(pairs[::2], pairs[1::2], strict=False):
        if as_boolean(one(place, test)):
            return value(place)
    raise Failure("#N/A")


def _all_or_any(join: Callable[[Iterator[bool]], bool]) -> Callable[..., Any]:
    def run(place: Place, *arguments: Thunk) -> bool:
        values = every(place, arguments)
        return join(
            as_boolean(value) for value, of_cell in values if value is not None or not of_cell
        )

    return run


FUNCTIONS["AND"] = (_all_or_any(all), 1, MANY)
FUNCTIONS["OR"] = (_all_or_any(any), 1, MANY)
FUNCTIONS["NOT"] = (lambda place, value: not as_boolean(one(place, value)), 1, 1)
FUNCTIONS["TRUE"] = (lambda _: True, 0, 0)
FUNCTIONS["FALSE"] = (lambda _: False, 0, 0)


@function("NA", 0)
def na(_: Place) -> Any:
    raise Failure("#N/A")


def _error_of(place: Place, argument: Thunk) -> str | None:
    try:
        one(place, argument)
    except Failure as failure:
        return failure.code
    return None


def _is(test: Callable[[Value], bool]) -> tuple[Callable[..., Any], int, int]:
    def run(place: Place, argument: Thunk) -> bool:
        return _error_of(place, argument) is None and test(one(place, argument))

    return run, 1, 1


FUNCTIONS["ISNUMBER"] = _is(lambda v: isinstance(v, (int, float)) and not isinstance(v, bool))
FUNCTIONS["ISTEXT"] = _is(lambda v: isinstance(v, str))
FUNCTIONS["ISBLANK"] = _is(lambda v: v is None)
FUNCTIONS["ISLOGICAL"] = _is(lambda v: isinstance(v, bool))
FUNCTIONS["ISERROR"] = (lambda place, v: _error_of(place, v) is not None, 1, 1)
FUNCTIONS["ISNA"] = (lambda place, v: _error_of(place, v) == "#N/A", 1, 1)


# -- lookups ---------------------------------------------------------------------------------


@function("INDEX", 1, 3)
def index(place: Place, where: Thunk, row: Thunk | None = None, column: Thunk | None = None) -> Any:
    found = area(place, where)
    r, c = whole(place, row, 0), whole(place, column, 0)
    if c == 0 and found.width == 1 and 0 < r <= found.height:  # a cell of a column: the usual case
        top = found.top + r - 1
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


# -- counting --------------------------------------------------------------------------------


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


# -- numbers ---------------------------------------------------------------------------------

FUNCTIONS["INT"] = (lambda place, v: math.floor(number(place, v)), 1, 1)
FUNCTIONS["ABS"] = (lambda place, v: abs(number(place, v)), 1, 1)


@function("ROUND", 1, 2)
def round_(place: Place, value: Thunk, places: Thunk | None = None) -> float:
    scale = 10.0 ** whole(place, places, 0)
    scaled = number(place, value) * scale
    return math.copysign(math.floor(abs(scaled) + 0.5), scaled) / scale


@function("MOD", 2)
def mod(place: Place, value: Thunk, by: Thunk) -> float:
    divisor = number(place, by)
    if divisor == 0:
        raise Failure("#DIV/0!")
    return number(place, value) % divisor


@function("N", 1)
def n(place: Place, value: Thunk) -> int | float:
    found = one(place, value)
    return found if isinstance(found, (int, float)) else 0


# -- text ------------------------------------------------------------------------------------

FUNCTIONS["LEN"] = (lambda place, v: len(text(place, v)), 1, 1)
FUNCTIONS["LOWER"] = (lambda place, v: text(place, v).lower(), 1, 1)
FUNCTIONS["UPPER"] = (lambda place, v: text(place, v).upper(), 1, 1)
FUNCTIONS["TRIM"] = (lambda place, v: re.sub(" +", " ", text(place, v)).strip(" "), 1, 1)
FUNCTIONS["LEFT"] = (lambda place, v, k=None: text(place, v)[: whole(place, k, 1)], 1, 2)
FUNCTIONS["EXACT"] = (lambda place, a, b: text(place, a) == text(place, b), 2, 2)
FUNCTIONS["CHAR"] = (lambda place, v: chr(int(number(place, v))), 1, 1)


@function("RIGHT", 1, 2)
def right(place: Place, value: Thunk, count: Thunk | None = None) -> str:
    found, size = text(place, value), whole(place, count, 1)
    return found[-size:] if size else ""


@function("MID", 3)
def mid(place: Place, value: Thunk, start: Thunk, count: Thunk) -> str:
    first = whole(place, start, 1) - 1
    return text(place, value)[first : first + whole(place, count, 0)]


@function("T", 1)
def t(place: Place, value: Thunk) -> str:
    found = one(place, value)
    return found if isinstance(found, str) else ""


@function("CONCATENATE", 1, MANY)
def concatenate(place: Place, *arguments: Thunk) -> str:
    return "".join(as_text(value, place) for value, _ in every(place, arguments))


@function("JOIN", 2, MANY)
def join(place: Place, between: Thunk, *arguments: Thunk) -> str:
    return text(place, between).join(as_text(value, place) for value, _ in every(place, arguments))


@function("TEXTJOIN", 3, MANY)
def textjoin(place: Place, between: Thunk, skip: Thunk, *arguments: Thunk) -> str:
    texts = [as_text(value, place) for value, _ in every(place, arguments)]
    if as_boolean(one(place, skip)):
        texts = [each for each in texts if each]
    return text(place, between).join(texts)


def _find(fold: bool) -> Callable[..., int]:
    def run(place: Place, what: Thunk, where: Thunk, start: Thunk | None = None) -> int:
        needle, hay = text(place, what), text(place, where)
        if fold:
            needle, hay = needle.lower(), hay.lower()
        at = hay.find(needle, whole(place, start, 1) - 1)
        if at < 0:
            raise Failure("#VALUE!")
        return at + 1

    return run


FUNCTIONS["SEARCH"] = (_find(fold=True), 2, 3)
FUNCTIONS["FIND"] = (_find(fold=False), 2, 3)


@function("SUBSTITUTE", 3)
def substitute(place: Place, value: Thunk, old: Thunk, new: Thunk) -> str:
    return text(place, value).replace(text(place, old), text(place, new))


@function("REGEXMATCH", 2)
def regexmatch(place: Place, value: Thunk, pattern: Thunk) -> bool:
    try:
        return re.search(text(place, pattern), text(place, value)) is not None
    except re.error:
        raise Failure("#REF!") from None


@function("HYPERLINK", 1, 2)
def hyperlink(place: Place, url: Thunk, label: Thunk | None = None) -> Value:
    return one(place, label or url)


@function("TEXT", 2)
def text_(place: Place, value: Thunk, pattern: Thunk) -> str:
    found, form = one(place, value), text(place, pattern)
    if isinstance(found, str):
        return found
    amount = as_number(found, place)
    if re.search(r"[ydhs]|m(?!.*[0#])", re.sub(r'"[^"]*"', "", form), re.I):
        return show(amount, {"type": "DATE", "pattern": form}, place.calc.locale)
    return show_number(amount, form, place.calc.locale)


@function("VALUE", 1)
def value_(place: Place, argument: Thunk) -> int | float:
    return number(place, argument)


# -- dates -----------------------------------------------------------------------------------


def _serial(day: date) -> int:
    return (day - EPOCH).days


def _date(serial: float) -> date:
    return EPOCH + timedelta(days=math.floor(serial))


FUNCTIONS["TODAY"] = (lambda place: _serial(place.calc.today), 0, 0)
FUNCTIONS["NOW"] = (lambda place: _serial(place.calc.today) + 0.5, 0, 0)
FUNCTIONS["YEAR"] = (lambda place, v: _date(number(place, v)).year, 1, 1)
FUNCTIONS["MONTH"] = (lambda place, v: _date(number(place, v)).month, 1, 1)
FUNCTIONS["DAY"] = (lambda place, v: _date(number(place, v)).day, 1, 1)


@function("DATE", 3)
def date_(place: Place, year: Thunk, month: Thunk, day: Thunk) -> int:
    months = whole(place, year, 0) * 12 + whole(place, month, 0) - 1
    first = date(months // 12, months % 12 + 1, 1)
    return _serial(first) + whole(place, day, 0) - 1


@function("EDATE", 2)
def edate(place: Place, start: Thunk, by: Thunk) -> int:
    day = _date(number(place, start))
    months = day.year * 12 + day.month - 1 + whole(place, by, 0)
    first = date(months // 12, months % 12 + 1, 1)
    last = (date((months + 1) // 12, (months + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return _serial(first) + min(day.day, last) - 1


@function("WEEKDAY", 1, 2)
def weekday(place: Place, value: Thunk, kind: Thunk | None = None) -> int:
    day = _date(number(place, value)).weekday()  # Monday is 0
    return {1: (day + 1) % 7 + 1, 2: day + 1, 3: day}[whole(place, kind, 1)]


def _holidays(place: Place, argument: Thunk | None) -> frozenset[int]:
    if argument is None:
        return frozenset()
    return frozenset(math.floor(value) for value in numbers(place, (argument,)))


@function("NETWORKDAYS", 2, 3)
def networkdays(place: Place, start: Thunk, end: Thunk, holidays: Thunk | None = None) -> int:
    first, last = math.floor(number(place, start)), math.floor(number(place, end))
    free = _holidays(place, holidays)
    sign, (low, high) = (1, (first, last)) if first <= last else (-1, (last, first))
    return sign * sum(_date(day).weekday() < 5 and day not in free for day in range(low, high + 1))


@function("WORKDAY", 2, 3)
def workday(place: Place, start: Thunk, days: Thunk, holidays: Thunk | None = None) -> int:
    day, left = math.floor(number(place, start)), whole(place, days, 0)
    free, step = _holidays(place, holidays), 1 if left >= 0 else -1
    while left:
        day += step
        if _date(day).weekday() < 5 and day not in free:
            left -= step
    return day
