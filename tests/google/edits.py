"""What inserting, deleting and moving rows or columns does to ranges that point at them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from .grid import Span

Ends = tuple[int, int | None]


class Edit(Protocol):
    """A change of the lines of one sheet along one dimension."""

    @property
    def sheet(self) -> int: ...

    @property
    def dimension(self) -> str: ...

    def ends(self, start: int, end: int | None) -> Ends | None:
        """Where a run of lines lies afterwards; None when nothing of it is left."""
        ...


@dataclass(frozen=True)
class Insert:
    """``count`` new lines before the one at ``at``."""

    sheet: int
    dimension: str
    at: int
    count: int

    def ends(self, start: int, end: int | None) -> Ends | None:
        if start == 0 and end is None:  # whole columns stay whole
            return start, end
        return (
            start + self.count if self.at <= start else start,
            end + self.count if end is not None and self.at < end else end,
        )


@dataclass(frozen=True)
class Delete:
    """The lines from ``start`` to ``end`` are gone."""

    sheet: int
    dimension: str
    start: int
    end: int

    def ends(self, start: int, end: int | None) -> Ends | None:
        if start == 0 and end is None:
            return start, end
        new_start, new_end = self._at(start), None if end is None else self._at(end)
        return None if new_end is not None and new_end <= new_start else (new_start, new_end)

    def _at(self, index: int) -> int:
        return index - max(0, min(index, self.end) - self.start)


@dataclass(frozen=True)
class Move:
    """The lines from ``start`` to ``end`` now stand before the one that was at ``to``."""

    sheet: int
    dimension: str
    start: int
    end: int
    to: int

    def ends(self, start: int, end: int | None) -> Ends | None:
        count = self.end - self.start
        landed = self.to - count if self.to > self.start else self.to
        if end is not None and self.start <= start and end <= self.end:
            return landed + start - self.start, landed + end - self.start
        inside = start <= self.to and (end is None or self.to <= end)
        if inside and start <= self.start and (end is None or self.end <= end):
            return start, end  # the same lines in another order
        left = Delete(self.sheet, self.dimension, self.start, self.end).ends(start, end)
        return left and Insert(self.sheet, self.dimension, landed, count).ends(*left)


def moved(span: Span, edit: Edit) -> Span | None:
    """A span after an edit; None when its cells are gone."""
    if span.sheet != edit.sheet:
        return span
    if edit.dimension == "ROWS":
        ends = edit.ends(span.top, span.bottom)
        return ends and replace(span, top=ends[0], bottom=ends[1])
    ends = edit.ends(span.left, span.right)
    return ends and replace(span, left=ends[0], right=ends[1])
