"""Formulas as nested Python functions, each made once."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from . import formulas
from .functions import FUNCTIONS
from .operands import Failure, Place, Thunk, as_number, as_text, compare, scalar


@lru_cache(maxsize=50_000)
def compiled(formula: str, decimal_comma: bool) -> Thunk:
    """A formula as a function of the cell that it stands in."""
    return _compile(formulas.parse(formula, decimal_comma))


def _compile(node: formulas.Node) -> Thunk:
    kind = node[0]
    if kind in ("number", "string", "boolean"):
        value = node[1]
        return lambda _: value
    if kind == "missing":
        return lambda _: None
    if kind == "error":
        return _fail(node[1])
    if kind == "reference":
        reference = node[1]
        return lambda place: place.calc.reference(reference, place.sheet)
    if kind == "name":
        name = node[1]
        return lambda place: place.calc.named(name)
    if kind == "unary":
        inner, sign = _compile(node[2]), -1 if node[1] == "-" else 1
        if sign == 1:
            return inner
        return lambda place: -as_number(scalar(inner(place), place), place)
    if kind == "percent":
        inner = _compile(node[1])
        return lambda place: as_number(scalar(inner(place), place), place) / 100
    if kind == "binary":
        return _binary(node[1], _compile(node[2]), _compile(node[3]))
    return _call(node[1], [_compile(each) for each in node[2]])


def _fail(code: str) -> Thunk:
    def fail(_: Place) -> Any:
        raise Failure(code)

    return fail


_COMPARE: dict[str, Callable[[int], bool]] = {
    "=": lambda order: order == 0,
    "<>": lambda order: order != 0,
    "<": lambda order: order < 0,
    ">": lambda order: order > 0,
    "<=": lambda order: order <= 0,
    ">=": lambda order: order >= 0,
}


def _power(a: float, b: float) -> float:
    try:
        result = a**b
    except (OverflowError, ZeroDivisionError):
        raise Failure("#NUM!") from None
    if isinstance(result, complex):
        raise Failure("#NUM!")
    return result  # type: ignore[no-any-return]


def _divide(a: float, b: float) -> float:
    if b == 0:
        raise Failure("#DIV/0!")
    return a / b


_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": _divide,
    "^": _power,
}


def _binary(op: str, left: Thunk, right: Thunk) -> Thunk:
    if op == "&":
        return lambda place: (
            as_text(scalar(left(place), place), place) + as_text(scalar(right(place), place), place)
        )
    if op in _COMPARE:
        test = _COMPARE[op]
        return lambda place: test(compare(scalar(left(place), place), scalar(right(place), place)))
    compute = _ARITHMETIC[op]
    return lambda place: compute(
        as_number(scalar(left(place), place), place),
        as_number(scalar(right(place), place), place),
    )


def _call(name: str, arguments: list[Thunk]) -> Thunk:
    if name not in FUNCTIONS:
        return _fail("#NAME?")
    function, least, most = FUNCTIONS[name]
    if not least <= len(arguments) <= most:
        return _fail("#N/A")
    return lambda place: function(place, *arguments)
