"""Tests and branches: IF, AND, ISBLANK ..."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ..grid import Value
from ..operands import Failure, Place, Thunk, as_boolean
from .arguments import FUNCTIONS, MANY, every, function, one


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
