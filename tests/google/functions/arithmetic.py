"""Numbers."""

from __future__ import annotations

import math

from ..operands import Failure, Place, Thunk
from .arguments import FUNCTIONS, function, number, one, whole

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
