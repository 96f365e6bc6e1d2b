"""One worksheet part: a small tree, and its rows apart from it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml import etree

from sheetsync.workbooks.xlsx.rows import Edit, Heights, Rows, StyleOf
from sheetsync.workbooks.xlsx.xml import WORKSHEET, Area, areas, child, parse, q, serialise

_MARK = "sheetsync-rows"


class Sheet:
    """A worksheet part.

    Attributes
    ----------
    root : the tree, with ``sheetData`` empty; whoever changes it sets ``changed``
    rows : the rows
    changed : whether anything differs from the part that was read
    """

    def __init__(self, data: bytes) -> None:
        head, body, tail = _split(_normal(data))
        self.root = parse(head + tail)
        self._holder = child(self.root, "sheetData", WORKSHEET)
        self.rows = Rows(body, self._holder.prefix)
        self.changed = False

    def to_bytes(self) -> bytes:
        """The part's bytes."""
        self._holder.text = None
        self._holder.append(etree.Comment(_MARK))
        before, _, after = serialise(self.root).partition(f"<!--{_MARK}-->".encode())
        del self._holder[:]
        return b"".join((before, self.rows.body, after))

    def patch(
        self, edits: Sequence[Edit], style_of: StyleOf, heights: Heights | None = None
    ) -> int:
        """Write cells; every other cell, row and attribute stays.

        Parameters
        ----------
        edits : no two of them about the same cell
        style_of : called for every cell that is written
        heights : for the rows that are written

        Returns
        -------
        int
            How many cells were written.
        """
        edits = [edit for edit in edits if len(edit.rows)]
        if not edits:
            return 0
        self.changed = True
        self._extend_dimension(edits)
        return self.rows.patch(edits, style_of, heights or Heights())

    def set_height(self, row: int, points: float) -> None:
        """The height of a row that is there. [point]"""
        self.changed = True
        self.rows.set_height(row, points)

    def _extend_dimension(self, edits: Sequence[Edit]) -> None:
        found = self.root.find(q("dimension"))
        old = next(areas(found.get("ref") or ""), None) if found is not None else None
        if found is None or old is None:
            return
        columns = [edit.column for edit in edits]
        left, right = min(old.left, *columns), max(old.right, *columns)
        top = min(old.top, *(int(edit.rows[0]) for edit in edits))
        bottom = max(old.bottom, *(int(edit.rows[-1]) for edit in edits))
        found.set("ref", str(Area(left, top, right, bottom)))


def _normal(data: bytes) -> bytes:
    """UTF-8 without comments and CDATA, so that a row's start can be found in the bytes."""
    encoding = re.match(rb"""\s*<\?xml[^>]*encoding=["']([\w-]+)""", data)
    utf8 = data[:2] not in (b"\xff\xfe", b"\xfe\xff") and (
        encoding is None or encoding[1].lower() in (b"utf-8", b"us-ascii")
    )
    if utf8 and b"<!" not in data:
        return data
    return serialise(parse(data, comments=False))


def _split(data: bytes) -> tuple[bytes, bytes, bytes]:
    """What stands before the rows, the rows, and what follows them."""
    start = re.search(rb"<((?:[\w.-]+:)?)sheetData(?:\s[^>]*?)?(/?)>", data)
    if start is None or start[2]:
        return data, b"", b""
    end = data.rindex(b"</" + start[1] + b"sheetData")
    return data[: start.end()], data[start.end() : end], data[end:]
