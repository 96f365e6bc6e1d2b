"""Formulas as text and as trees: tokens, references that shift, a parser."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from .a1 import column_index, column_name, quoted
from .edits import Edit

Node = tuple[Any, ...]

_ERRORS = r"\#(?:N/A|NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|ERROR!)"
_REFERENCE = (
    r"(?:(?P<sheet>'(?:[^']|'')+'|[^\W\d][\w.]*)!)?"
    r"(?:"
    r"(?P<c1>\$?[A-Za-z]{1,3})(?P<r1>\$?[1-9]\d*)"
    r"(?::(?P<c2>\$?[A-Za-z]{1,3})?(?P<r2>\$?[1-9]\d*)?)?"
    r"|(?P<c3>\$?[A-Za-z]{1,3}):(?P<c4>\$?[A-Za-z]{1,3})(?P<r4>\$?[1-9]\d*)?"
    r"|(?P<r5>\$?[1-9]\d*):(?P<r6>\$?[1-9]\d*)"
    r")(?![\w.(!])"
)
_TOKEN = {
    comma: re.compile(
        rf"(?P<space>\s+)|(?P<string>\"(?:[^\"]|\"\")*\")|(?P<error>{_ERRORS})"
        rf"|(?P<reference>{_REFERENCE})"
        rf"|(?P<number>(?:\d+(?:{'[,]' if comma else '[.]'}\d*)?"
        rf"|{'[,]' if comma else '[.]'}\d+)(?:[eE][+-]?\d+)?)"
        r"|(?P<name>[^\W\d][\w.]*)|(?P<op><>|<=|>=|[-+*/^&=<>%(){};,\\:!])",
    )
    for comma in (False, True)
}
# In rewriting it does not matter what a comma means: strings, names and references are alike.
_REWRITE = re.compile(
    rf"\"(?:[^\"]|\"\")*\"|{_ERRORS}|(?P<reference>{_REFERENCE})|[^\W\d][\w.]*|\d+[.]\d+|.", re.S
)


class FormulaSyntaxError(ValueError):
    """The text is not a formula."""


@dataclass(frozen=True, slots=True)
class Reference:
    """``Sheet!$A$1:B2`` taken apart; a missing end is open. Zero-based, ends included."""

    sheet: str | None
    left: int | None
    top: int | None
    right: int | None
    bottom: int | None
    fixed: tuple[bool, bool, bool, bool]  # left, top, right, bottom
    area: bool

    def text(self) -> str:
        prefix = f"{quoted(self.sheet)}!" if self.sheet is not None else ""
        left, top, right, bottom = self.fixed
        first = _corner(self.left, left, self.top, top)
        if not self.area:
            return prefix + first
        return f"{prefix}{first}:{_corner(self.right, right, self.bottom, bottom)}"

    def shifted(self, rows: int, columns: int) -> Reference | None:
        """As it reads in a copy ``rows`` further down; None when it leaves the grid."""
        left, top, right, bottom = self.fixed

        def go(at: int | None, fixed: bool, by: int) -> int | None:
            return at if at is None or fixed else at + by

        new = replace(
            self,
            left=go(self.left, left, columns),
            top=go(self.top, top, rows),
            right=go(self.right, right, columns),
            bottom=go(self.bottom, bottom, rows),
        )
        ends = (new.left, new.top, new.right, new.bottom)
        return None if any(each is not None and each < 0 for each in ends) else new

    def edited(self, edit: Edit) -> Reference | None:
        """After an edit of the sheet it points to; None when its cells are gone."""
        rows = edit.dimension == "ROWS"
        first, last = (self.top, self.bottom) if rows else (self.left, self.right)
        if first is None:
            return self
        ends = edit.ends(first, None if last is None else last + 1)
        if ends is None:
            return None
        end = None if ends[1] is None else ends[1] - 1
        if rows:
            return replace(self, top=ends[0], bottom=end)
        return replace(self, left=ends[0], right=end)


def _corner(column: int | None, column_fixed: bool, row: int | None, row_fixed: bool) -> str:
    text = ""
    if column is not None:
        text += ("$" if column_fixed else "") + column_name(column)
    if row is not None:
        text += ("$" if row_fixed else "") + str(row + 1)
    return text


def _reference(match: re.Match[str]) -> Reference:
    sheet = match["sheet"]
    if sheet is not None and sheet[0] == "'":
        sheet = sheet[1:-1].replace("''", "'")
    if match["c1"]:
        area = ":" in match["reference"].removeprefix((match["sheet"] or "") + "!")
        corners = (
            match["c1"],
            match["r1"],
            match["c2"] if area else match["c1"],
            match["r2"] if area else match["r1"],
        )
    elif match["c3"]:
        area, corners = True, (match["c3"], None, match["c4"], match["r4"])
    else:
        area, corners = True, (None, match["r5"], None, match["r6"])
    fixed = tuple(bool(each) and each.startswith("$") for each in corners)
    left, top, right, bottom = (each.lstrip("$") if each else None for each in corners)
    return Reference(
        sheet,
        column_index(left) if left else None,
        int(top) - 1 if top else None,
        column_index(right) if right else None,
        int(bottom) - 1 if bottom else None,
        fixed,  # type: ignore[arg-type]
        area,
    )


def rewrite(text: str, change: Callable[[Reference], Reference | None]) -> str:
    """A formula with each reference changed; those that are gone become ``#REF!``."""

    def put(match: re.Match[str]) -> str:
        if not match["reference"]:
            return match[0]
        old = _reference(match)
        new = change(old)
        if new is None:
            return "#REF!"
        return match[0] if new == old else new.text()

    return _REWRITE.sub(put, text)


def names_in(text: str, decimal_comma: bool) -> set[str]:
    """Bare names in a formula, in lower case: neither functions nor TRUE and FALSE."""
    return {node[1].lower() for node in walk(parse(text, decimal_comma)) if node[0] == "name"}


def references_in(text: str, decimal_comma: bool) -> list[Reference]:
    return [node[1] for node in walk(parse(text, decimal_comma)) if node[0] == "reference"]


def walk(node: Any) -> list[Node]:
    """All nodes of a tree."""
    if not isinstance(node, tuple):
        return []
    found = [node]
    for child in node[1:]:
        for each in child if isinstance(child, list) else [child]:
            found += walk(each)
    return found


@lru_cache(maxsize=50_000)
def parse(text: str, decimal_comma: bool) -> Node:
    """The tree of a formula; ``text`` begins with ``=``.

    Nodes: number, string, boolean, error, reference, name, call, binary, unary, percent, missing.

    Raises
    ------
    FormulaSyntaxError
        It is not a formula in such a locale. ``;`` separates arguments everywhere, ``,`` only
        where it is not the decimal sign.
    """
    return _Parser(text[1:], decimal_comma).whole()


class _Parser:
    _LEVELS = (("=", "<>", "<", ">", "<=", ">="), ("&",), ("+", "-"), ("*", "/"), ("^",))

    def __init__(self, text: str, decimal_comma: bool) -> None:
        self.separators = (";",) if decimal_comma else (";", ",")
        self.tokens: list[tuple[str, Any]] = []
        self.at = 0
        pattern, position = _TOKEN[decimal_comma], 0
        while position < len(text):
            match = pattern.match(text, position)
            if not match:
                raise FormulaSyntaxError(text)
            kind = next(
                k
                for k in ("space", "string", "error", "reference", "number", "name", "op")
                if match[k] is not None
            )
            position = match.end()
            if kind == "space":
                continue
            value: Any = match[0]
            if kind == "reference":
                value = _reference(match)
            elif kind == "number":
                value = float(match[0].replace(",", "."))
            self.tokens.append((kind, value))

    def whole(self) -> Node:
        node = self.binary(0)
        if self.at != len(self.tokens):
            raise FormulaSyntaxError
        return node

    def peek(self) -> tuple[str, Any]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", None)

    def take(self, *ops: str) -> str | None:
        kind, value = self.peek()
        if kind == "op" and value in ops:
            self.at += 1
            return str(value)
        return None

    def binary(self, level: int) -> Node:
        if level == len(self._LEVELS):
            return self.unary()
        node = self.binary(level + 1)
        while op := self.take(*self._LEVELS[level]):
            node = ("binary", op, node, self.binary(level + 1))
        return node

    def unary(self) -> Node:
        if op := self.take("-", "+"):
            return ("unary", op, self.unary())
        node = self.primary()
        while self.take("%"):
            node = ("percent", node)
        return node

    def primary(self) -> Node:
        kind, value = self.peek()
        self.at += 1
        if kind == "number":
            return ("number", int(value) if value.is_integer() else value)
        if kind == "string":
            return ("string", value[1:-1].replace('""', '"'))
        if kind == "error":
            return ("error", value)
        if kind == "reference":
            return ("reference", value)
        if kind == "op" and value == "(":
            node = self.binary(0)
            self._close()
            return node
        if kind == "name":
            if self.take("("):
                return ("call", value.upper(), self._arguments())
            if value.upper() in ("TRUE", "FALSE"):
                return ("boolean", value.upper() == "TRUE")
            return ("name", value)
        raise FormulaSyntaxError

    def _arguments(self) -> list[Node]:
        if self.take(")"):
            return []
        arguments = []
        while True:
            kind, value = self.peek()
            if kind == "op" and (value in self.separators or value == ")"):
                arguments.append(("missing",))
            else:
                arguments.append(self.binary(0))
            if self.take(*self.separators):
                continue
            self._close()
            return arguments

    def _close(self) -> None:
        if not self.take(")"):
            raise FormulaSyntaxError
