"""A small arithmetic over columns: ``Budget / People / Days``, and nothing else.

A text is cut into headers, numbers and signs, read by recursive descent into a tree of four
kinds of nodes, and computed over whole columns::

    sum     = product { ("+" | "-") product }
    product = factor { ("*" | "/") factor }
    factor  = ("+" | "-") factor | "(" sum ")" | number | header

Headers are matched whole and the longest first, so they may hold spaces and signs themselves
(``Overdue, days``); one that begins with a sign, or looks like a number, is put in ``[brackets]``
or ``"quotes"``. Length and depth are limited. Whatever is not in the grammar is unreadable: there
is no way from a cell to Python.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from sheetsync.cells import fold, parse_numbers

MAX_LENGTH = 200
"""Characters."""
MAX_DEPTH = 20
"""Brackets and signs within one another."""

Floats = npt.NDArray[np.float64]


class UnreadableError(Exception):
    """A text that is no arithmetic over known headers.

    Parameters
    ----------
    code : ``unknown`` (``part`` is no header), ``syntax`` (``part`` stands where it can't),
        ``number`` (``part`` can't be read), ``long``, or ``constant`` (no header at all)
    part : the piece of the text, folded
    """

    def __init__(self, code: str, part: str = "") -> None:
        super().__init__(f"{code}: {part}")
        self.code = code
        self.part = part


@dataclass(frozen=True, slots=True)
class Number:
    value: float


@dataclass(frozen=True, slots=True)
class Name:
    """A column, by its key."""

    key: str


@dataclass(frozen=True, slots=True)
class Negative:
    of: Node


@dataclass(frozen=True, slots=True)
class Operation:
    sign: str
    left: Node
    right: Node


Node = Number | Name | Negative | Operation

_OPERATIONS: Mapping[str, Callable[[Floats, Floats], Floats]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
}
_SIGNS = {**{sign: sign for sign in "+-*/()"}, "×": "*", "·": "*", "÷": "/", "−": "-", "–": "-"}
_QUOTES = {"[": "]", '"': '"', "«": "»", "“": "”"}
_NUMBER = re.compile(r"\d+(?:[ .,]\d+)*(?![\w.,])")
# Names are compared without the punctuation at their end ("Overdue, d."): here it may stand.
_AFTER_NAME = re.compile(r"[.,;:!?…]*")


def parse(text: str, names: Mapping[str, str]) -> Node:
    """Read an arithmetic text.

    Parameters
    ----------
    text : as typed
    names : folded header -> column key

    Raises
    ------
    UnreadableError
        It is not in the grammar, or names a header that is not there.
    """
    if len(text) > MAX_LENGTH:
        raise UnreadableError("long")
    reader = _Reader(list(_tokens(fold(text), names)))
    tree = reader.sum(0)
    reader.end()
    if not names_in(tree):
        raise UnreadableError("constant", text)
    return tree


def names_in(tree: Node) -> tuple[str, ...]:
    """The keys of the columns in a tree, each once, in order."""
    match tree:
        case Name(key):
            return (key,)
        case Negative(of):
            return names_in(of)
        case Operation(_, left, right):
            return tuple(dict.fromkeys(names_in(left) + names_in(right)))
        case _:
            return ()


def evaluate(tree: Node, column: Callable[[str], Floats]) -> Floats:
    """The value of a tree in every row.

    Parameters
    ----------
    column : column key -> its numbers, shape (n,), NaN where missing

    Returns
    -------
    array of float, shape (n,)
        NaN where a number is missing, where something is divided by zero, and where a result is
        too large for a float.
    """
    match tree:
        case Number(value):
            return np.asarray(value, dtype=np.float64)
        case Name(key):
            return column(key)
        case Negative(of):
            return -evaluate(of, column)
        case Operation(sign, left, right):
            with np.errstate(all="ignore"):
                result = _OPERATIONS[sign](evaluate(left, column), evaluate(right, column))
            return np.where(np.isfinite(result), result, np.nan)


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    node: Number | Name | None = None


def _tokens(text: str, names: Mapping[str, str]) -> Iterator[_Token]:
    """Cut a folded text into pieces."""
    bare = sorted((n for n in names if n and not _NUMBER.fullmatch(n)), key=len, reverse=True)
    place = 0
    while place < len(text):
        here = text[place]
        if here == " ":
            place += 1
        elif here in _SIGNS:
            place += 1
            yield _Token(_SIGNS[here])
        elif here in _QUOTES:
            close = text.find(_QUOTES[here], place + 1)
            if close < 0:
                raise UnreadableError("syntax", text[place:])
            quoted = fold(text[place + 1 : close])
            if quoted not in names:
                raise UnreadableError("unknown", quoted)
            place = close + 1
            yield _Token(quoted, Name(names[quoted]))
        elif (name := _name_at(text, place, bare)) is not None:
            place = _end_of_name(text, place + len(name))
            yield _Token(name, Name(names[name]))
        elif number := _NUMBER.match(text, place):
            place = number.end()
            yield _Token(number[0], Number(_value(number[0])))
        else:
            raise UnreadableError("unknown", re.split(r"[-+*/()]", text[place:])[0].strip())


def _name_at(text: str, place: int, names: list[str]) -> str | None:
    for name in names:
        if text.startswith(name, place):
            after = text[place + len(name) : place + len(name) + 1]
            if not (_in_word(name[-1]) and _in_word(after)):
                return name
    return None


def _end_of_name(text: str, place: int) -> int:
    match = _AFTER_NAME.match(text, place)
    return match.end() if match else place


def _in_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _value(text: str) -> float:
    """A number as it would be read in a cell: ``1 000``, ``1,5``."""
    value = parse_numbers(pd.Series([text], dtype=object)).values.iloc[0]
    if pd.isna(value):
        raise UnreadableError("number", text)
    return float(value)


class _Reader:
    """Recursive descent over tokens."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._place = 0

    def end(self) -> None:
        if self._place < len(self._tokens):
            raise UnreadableError("syntax", self._tokens[self._place].text)

    def _take(self, *texts: str) -> str | None:
        """The sign that stands here, if it is one of these."""
        if self._place < len(self._tokens):
            token = self._tokens[self._place]
            if token.node is None and token.text in texts:
                self._place += 1
                return token.text
        return None

    def sum(self, depth: int) -> Node:
        tree = self._product(depth)
        while sign := self._take("+", "-"):
            tree = Operation(sign, tree, self._product(depth))
        return tree

    def _product(self, depth: int) -> Node:
        tree = self._factor(depth)
        while sign := self._take("*", "/"):
            tree = Operation(sign, tree, self._factor(depth))
        return tree

    def _factor(self, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise UnreadableError("long")
        if self._take("-"):
            return Negative(self._factor(depth + 1))
        if self._take("+"):
            return self._factor(depth + 1)
        if self._take("("):
            tree = self.sum(depth + 1)
            if not self._take(")"):
                raise UnreadableError("syntax", "(")
            return tree
        if self._place == len(self._tokens):
            raise UnreadableError("syntax")
        token = self._tokens[self._place]
        if token.node is None:
            raise UnreadableError("syntax", token.text)
        self._place += 1
        return token.node
