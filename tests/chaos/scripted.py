"""The hands of somebody in whose sheet the add-on is: what they do to cells starts its script.

Rows and columns that are inserted, moved or deleted start none, and neither does what another
program writes: so it is at Google.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

from tests.addon.google import Block
from tests.chaos.addon import AddOn
from tests.google import Operator


class Scripted(Operator):
    """One person with the add-on."""

    def __init__(self, addon: AddOn, hands: Operator) -> None:
        super().__init__(hands.server, hands.id, hands.email)
        self.addon, self.place = addon, addon.place(hands.email)
        self._pasted: list[tuple[str, Block]] | None = None

    # -- edits -------------------------------------------------------------------------------

    def type(self, tab: str, row: int, header: str, value: Any, *, raw: bool = False) -> None:
        area = (row, self._place(tab, header), 1, 1)
        self._edit(tab, area, partial(super().type, tab, row, header, value, raw=raw))

    def append(self, tab: str, values: Mapping[str, Any], *, raw: bool = False) -> int:
        row = self._last_typed(self._sheet(tab)) + 2
        places = [self._place(tab, header) for header in values]
        area = (row, min(places), 1, max(places) - min(places) + 1)
        self._edit(tab, area, partial(super().append, tab, values, raw=raw))
        return row

    def copy_row(self, tab: str, row: int, to: int) -> None:
        self._edit(tab, self._row(tab, to), partial(super().copy_row, tab, row, to))

    def cut_row(self, tab: str, row: int, to: int) -> None:
        self._edit(tab, self._row(tab, to), partial(super().cut_row, tab, row, to))

    def clear_row(self, tab: str, row: int) -> None:
        self._edit(tab, self._row(tab, row), partial(super().clear_row, tab, row))

    def copy_cell(self, tab: str, row: int, header: str, to: int, last: int | None = None) -> None:
        area = (to, self._place(tab, header), (last or to) - to + 1, 1)
        self._edit(tab, area, partial(super().copy_cell, tab, row, header, to, last))

    def sort(
        self,
        tab: str,
        header: str,
        *,
        descending: bool = False,
        rows: tuple[int, int] | None = None,
        right_of: str | None = None,
    ) -> None:
        sheet = self._sheet(tab)
        first, last = rows or (2, len(sheet.rows))
        left = 1 if right_of is None else self._place(tab, right_of) + 1
        area = (first, left, last - first + 1, len(sheet.columns) - left + 1)
        how: dict[str, Any] = {"descending": descending, "rows": rows, "right_of": right_of}
        self._edit(tab, area, partial(super().sort, tab, header, **how))

    # -- inside ------------------------------------------------------------------------------

    def _edit(self, tab: str, area: Block, do: Callable[[], Any]) -> None:
        if self._pasted is None:
            self.addon.edit(self.place, tab, area, do)
        else:
            do()
            self._pasted.append((tab, area))

    @contextmanager
    def pasting(self) -> Iterator[None]:
        """What is done meanwhile, in one tab, is one edit."""
        pasted = self._pasted = []
        try:
            yield
        finally:
            self._pasted = None
        if pasted:
            top, left = (min(area[i] for _, area in pasted) for i in (0, 1))
            bottom, right = (max(area[i] + area[i + 2] for _, area in pasted) for i in (0, 1))
            area = (top, left, bottom - top, right - left)
            self.addon.edit(self.place, pasted[0][0], area, lambda: None)

    def _place(self, tab: str, header: str) -> int:
        return self._column(self._sheet(tab), header) + 1

    def _row(self, tab: str, row: int) -> Block:
        return row, 1, 1, len(self._sheet(tab).columns)
