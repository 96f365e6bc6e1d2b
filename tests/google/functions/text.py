"""Text."""

from __future__ import annotations

import re
from collections.abc import Callable

from ..grid import Value
from ..locales import show, show_number
from ..operands import Failure, Place, Thunk, as_boolean, as_number, as_text
from .arguments import FUNCTIONS, MANY, every, function, number, one, text, whole

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
