"""Reading one tab column by column, and collecting what could not be understood."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from sheetsync import cells
from sheetsync.cells import Parsed
from sheetsync.crm.base import Problem
from sheetsync.locales import Words

Parser = Callable[[pd.Series], Parsed]


class TabReader:
    """One tab being read; call it with a column key and a parser to get typed values.

    ``index`` holds the row keys; rows without one are left out, and with ``unique`` so are rows
    that repeat a key, each with a problem in its row.
    """

    def __init__(
        self, reader: Reader, tab: str, frame: pd.DataFrame, keys: pd.Series, *, unique: bool
    ) -> None:
        self._reader = reader
        self._tab = tab
        keep = keys.notna()
        if unique:
            seen: set[str] = set()
            for place in map(int, keep.to_numpy().nonzero()[0]):
                key = str(keys.iloc[place])
                folded = cells.fold(key)
                if folded in seen:
                    reader.add(tab, None, int(keys.index[place]), key, key, "list.repeated")
                    keep.iloc[place] = False
                seen.add(folded)
        self._frame = frame[keep]
        self.index = pd.Index(keys[keep].astype(str), name="key")
        self._wrong: dict[str, pd.Series] = {}

    def has(self, column: str) -> bool:
        """Whether the tab has this column."""
        return column in self._frame

    def raw(self, column: str) -> pd.Series:
        """The cells of a column by row key; a column that is missing reads as empty."""
        if column not in self._frame:
            return pd.Series(None, index=self.index, dtype=object)
        return self._frame[column].set_axis(self.index)

    def __call__(self, column: str, parse: Parser) -> pd.Series:
        """Typed values by row key; what can't be understood is noted and missing."""
        raw = self.raw(column)
        parsed = parse(raw)
        wrong = parsed.problems.notna().to_numpy()
        self._wrong[column] = pd.Series(wrong, index=self.index)
        for place in map(int, wrong.nonzero()[0]):
            hint = parsed.hints.iloc[place]
            self._reader.add(
                self._tab,
                column,
                int(self._frame.index[place]),
                str(self.index[place]),
                raw.iloc[place],
                parsed.problems.iloc[place],
                "" if hint is None or pd.isna(hint) else str(hint),
            )
        return parsed.values

    def fields(self) -> pd.DataFrame:
        """All raw cells by row key."""
        return self._frame.set_axis(self.index, axis=0)

    def unreadable(self) -> pd.DataFrame:
        """True where a cell holds something that was not understood, by column read so far."""
        return pd.DataFrame(self._wrong, index=self.index)


class Reader:
    """Reads tabs and keeps the list of problems."""

    def __init__(self, words: Words, problems: list[Problem]) -> None:
        self.words = words
        self.problems = problems

    def of(
        self, tab: str, frame: pd.DataFrame, keys: pd.Series, *, unique: bool = False
    ) -> TabReader:
        """A reader of one tab, of cells and keys indexed by sheet row."""
        return TabReader(self, tab, frame, keys, unique=unique)

    def add(
        self,
        tab: str,
        column: str | None,
        row: int,
        key: str | None,
        typed: Any,
        code: str,
        hint: str = "",
    ) -> None:
        """Note one cell or row that was not understood."""
        self.problems.append(Problem(tab, column, row, key, cells.show(typed), code, hint))
