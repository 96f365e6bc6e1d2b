"""How functions are registered, and how they take their arguments: the place and unevaluated
thunks."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

from ..grid import FormulaError, Value
from ..operands import Area, Failure, Place, Thunk, as_number, as_text, scalar

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
