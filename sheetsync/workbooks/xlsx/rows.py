"""The rows of a worksheet, kept as bytes.

A sheet of 100,000 rows as a tree would take gigabytes and many seconds. So rows stay the text
they are: a cell that changes is cut out and its new text put in, and every other cell of a row,
every other row and every attribute keeps its very bytes. Inside ``sheetData`` this is safe: the
caller has seen to it that there are no comments and no CDATA, a ``>`` can't stand in the
attributes of rows and cells, and neither rows nor cells hold their like.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
import numpy.typing as npt

from sheetsync.workbooks.xlsx.cells import Cells, cell_xml, filled
from sheetsync.workbooks.xlsx.formula import shifted
from sheetsync.workbooks.xlsx.xml import column_number, letters

_BATCH = 2000

StyleOf = Callable[[int, int], int]
"""The style a written cell gets, by the style it has (0 for none) and its column."""


def keep(current: int, _column: int) -> int:
    """A :data:`StyleOf` that leaves styles alone."""
    return current


@dataclass(frozen=True)
class Edit:
    """New values of one column.

    Parameters
    ----------
    column : 1 for A
    rows : array of int, shape (n,), ascending
    values : array of object, shape (n,): None (empties the cell), str, float or bool
    """

    column: int
    rows: npt.NDArray[np.int64]
    values: Cells

    @classmethod
    def of(cls, column: int, cells: Iterable[tuple[int, Any]]) -> Edit:
        """An edit from (row, value) pairs, ascending by row."""
        pairs = list(cells)
        values = np.empty(len(pairs), dtype=object)
        values[:] = [value for _, value in pairs]
        return cls(column, np.array([row for row, _ in pairs], dtype=np.int64), values)


@dataclass(frozen=True)
class Heights:
    """Heights of rows for texts of several lines.

    They are set as if by hand: LibreOffice lets a text run over the rows below where it thinks
    that the height is the text's own.

    Parameters
    ----------
    points : row -> height. [point]
    line : the height of a line; a height of two or more whole ones is taken for ours. [point]
    replace : whether rows get just this height; otherwise they only grow, and those that a person
        made higher or lower by hand stay
    """

    points: Mapping[int, float] = field(default_factory=dict)
    line: float = math.inf
    replace: bool = False

    def over(self, row: int, now: float, *, fixed: bool) -> float | None:
        """The height a row gets, by the one it has, None when that stays. [point]"""
        wanted = self.points.get(row)
        if wanted is None or self.replace:
            return wanted
        ours = now >= 2 * self.line and now % self.line == 0
        return None if fixed and not ours else max(now, wanted)


@dataclass(frozen=True)
class _Shared:
    """A shared formula whose cell was overwritten, though others live by it."""

    index: str
    text: str
    row: int
    column: int


class Rows:
    """What stands inside ``sheetData``.

    Parameters
    ----------
    body : the bytes between its tags, UTF-8
    prefix : the prefix of SpreadsheetML's elements, None for the default namespace

    Attributes
    ----------
    body : the bytes as they are now
    lost_formulas : whether a formula was overwritten
    """

    def __init__(self, body: bytes, prefix: str | None) -> None:
        self._prefix = f"{prefix}:".encode() if prefix else b""
        self._row = re.compile(rb"<%srow(?=[\s/>])[^>]*>" % self._prefix)
        self._cell = re.compile(
            rb"""<%sc(?=[\s/>])([^>]*?)(?:/>|>(.*?)</%sc>)""" % (self._prefix, self._prefix), re.S
        )
        self._formula = re.compile(
            rb"<%sf(?=[\s/>])([^>]*?)(?:/>|>(.*?)</%sf>)" % (self._prefix, self._prefix), re.S
        )
        self._extension = re.compile(rb"<%sextLst[\s>].*" % self._prefix, re.S)
        self.lost_formulas = False
        self._set(body)

    def _set(self, body: bytes) -> None:
        self.body = body
        self._numbers: list[int] = []
        self._starts: list[int] = []
        number = 0
        for match in self._row.finditer(body):
            named = _ROW_NUMBER.search(match[0])
            number = int(named[1]) if named else number + 1
            self._numbers.append(number)
            self._starts.append(match.start())
        self._starts.append(len(body))  # where the last one ends

    def patch(self, edits: Sequence[Edit], style_of: StyleOf, heights: Heights) -> int:
        """Write cells; see :meth:`Sheet.patch`."""
        needed = np.concatenate([edit.rows[filled(edit.values)] for edit in edits])
        new_rows = set(needed.tolist()).difference(self._numbers)
        shared: list[_Shared] = []
        out = BytesIO()
        out.write(self.body[: self._starts[0]])
        done = 0
        for row, cells in _by_row(edits):
            at = bisect_left(self._numbers, row, lo=done)
            there = at < len(self._numbers) and self._numbers[at] == row
            if not there and row not in new_rows:
                continue
            out.write(self.body[self._starts[done] : self._starts[at]])
            done = at
            xml = b'<%srow r="%d"/>' % (self._prefix, row)
            if there:
                xml = self.body[self._starts[at] : self._starts[at + 1]]
                done = at + 1
            out.write(self._patched(xml, row, cells, style_of, shared, heights))
        out.write(self.body[self._starts[done] :])
        self._set(out.getvalue())
        for lost in shared:
            self._unshare(lost)
        return sum(len(edit.rows) for edit in edits)

    def set_height(self, row: int, points: float) -> None:
        """The height of a row that is there, as if a person had set it. [point]"""
        start = self._starts[self._numbers.index(row)]
        match = self._row.match(self.body, start)
        if match is not None:
            tag = _tag(match[0], ht=f"{points:g}", customHeight="1")
            self._set(self.body[:start] + tag + self.body[match.end() :])

    def _patched(
        self,
        xml: bytes,
        number: int,
        edits: Iterable[tuple[int, Any]],
        style_of: StyleOf,
        shared: list[_Shared],
        heights: Heights,
    ) -> bytes:
        """A row with other values in some cells; ``edits`` ascending by column."""
        tag, inner, end = self._opened(xml)
        cells = self._found(inner)
        columns = list(cells)
        out: list[bytes] = []
        done = 0
        for column, value in edits:
            match = cells.get(column)
            if match is None and value is None:
                continue
            if match is None:
                place = bisect_left(columns, column)
                if place < len(columns):
                    start = cells[columns[place]].start()
                else:
                    start = cells[columns[-1]].end() if columns else 0
                stop, attributes, rest = start, {}, b""
                if b"spans" in tag:
                    tag = _tag(tag, spans=None)  # only a hint, and no longer true
            else:
                attributes = _attributes(match[1])
                start, stop = match.span()
                content = match[2] or b""
                self._drop_formula(content, number, column, shared)
                extension = self._extension.search(content)
                rest = extension[0] if extension else b""
            style = style_of(int(attributes.get("s") or 0), column)
            address = f"{letters(column)}{number}"
            out.append(inner[done:start])
            out.append(cell_xml(self._prefix, address, style, attributes, value, rest))
            done = stop
        out.append(inner[done:])
        named = _attributes(tag)
        fixed = named.get("customHeight") in ("1", "true")
        points = heights.over(number, float(named.get("ht", 0)), fixed=fixed)
        if points is not None:
            tag = _tag(tag, ht=f"{points:g}", customHeight="1")
        return tag + b"".join(out) + end

    def _opened(self, xml: bytes) -> tuple[bytes, bytes, bytes]:
        """A row's start tag, what it holds, and its end with what follows it."""
        match = self._row.match(xml)
        tag = match[0] if match else b""
        if tag.endswith(b"/>"):
            return tag[:-2] + b">", b"", b"</%srow>" % self._prefix + xml[len(tag) :]
        close = xml.rindex(b"</%srow" % self._prefix)
        return tag, xml[len(tag) : close], xml[close:]

    def _found(self, inner: bytes) -> dict[int, re.Match[bytes]]:
        """The cells of a row by column; one without an address follows the one before it."""
        found: dict[int, re.Match[bytes]] = {}
        column = 0
        for match in self._cell.finditer(inner):
            address = _ADDRESS.search(match[1])
            column = column_number(address[1].decode()) if address else column + 1
            found[column] = match
        return found

    def _drop_formula(self, content: bytes, row: int, column: int, shared: list[_Shared]) -> None:
        formula = self._formula.search(content)
        if formula is None:
            return
        self.lost_formulas = True
        attributes = _attributes(formula[1])
        if attributes.get("t") == "shared" and formula[2]:
            text = unescape(formula[2].decode())
            shared.append(_Shared(attributes.get("si", ""), text, row, column))

    def _unshare(self, lost: _Shared) -> None:
        """Cells that lived by a formula that is gone get it in their own words."""
        mark = re.compile(rb"""\ssi=["']%s["']""" % lost.index.encode())
        out: list[bytes] = [self.body[: self._starts[0]]]
        for number, start, end in zip(
            self._numbers, self._starts[:-1], self._starts[1:], strict=True
        ):
            row = self.body[start:end]
            if mark.search(row):
                tag, inner, rest = self._opened(row)
                done = 0
                pieces = [tag]
                for column, cell in self._found(inner).items():
                    formula = self._formula.search(inner, cell.start(), cell.end())
                    if formula is None or not mark.search(formula[1]):
                        continue
                    text = shifted(lost.text, number - lost.row, column - lost.column)
                    name = b"%sf" % self._prefix
                    own = b"<%s>%s</%s>" % (name, escape(text).encode(), name)
                    pieces += [inner[done : formula.start()], own]
                    done = formula.end()
                row = b"".join([*pieces, inner[done:], rest])
            out.append(row)
        self._set(b"".join(out))


def _by_row(edits: Sequence[Edit]) -> Iterator[tuple[int, list[tuple[int, Any]]]]:
    """(row, its (column, value) pairs), both ascending; a few thousand rows at a time in memory."""
    by_column = sorted(edits, key=lambda edit: edit.column)
    rows = np.unique(np.concatenate([edit.rows for edit in edits]))
    for start in range(0, len(rows), _BATCH):
        span = rows[start : start + _BATCH]
        cells: dict[int, list[tuple[int, Any]]] = {row: [] for row in span.tolist()}
        for edit in by_column:
            first, last = np.searchsorted(edit.rows, [span[0], span[-1] + 1]).tolist()
            for row, value in zip(
                edit.rows[first:last].tolist(), edit.values[first:last], strict=True
            ):
                cells[row].append((edit.column, value))
        yield from cells.items()


_ROW_NUMBER = re.compile(rb"""\sr=["'](\d+)""")
_ADDRESS = re.compile(rb"""\sr=["']([A-Za-z]{1,3})\d""")
_ATTRIBUTE = re.compile(rb"""([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


def _attributes(tag: bytes) -> dict[str, str]:
    """The attributes in a start tag, their values as they are written."""
    return {
        name.decode(): (double or single.replace(b'"', b"&quot;")).decode()
        for name, double, single in _ATTRIBUTE.findall(tag)
    }


def _tag(tag: bytes, **changes: str | None) -> bytes:
    """A start tag with some attributes changed, or taken out by None."""
    name = tag.split(None, 1)[0].rstrip(b"/>")
    attributes = {**_attributes(tag), **changes}
    text = "".join(f' {key}="{value}"' for key, value in attributes.items() if value is not None)
    return name + text.encode() + (b"/>" if tag.endswith(b"/>") else b">")
