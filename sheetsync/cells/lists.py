"""Yes and no, and the names of lists: statuses, sources, people."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence

import pandas as pd

from sheetsync.cells.base import EMPTY, Parsed, Reading, as_number, is_tick, read_distinct
from sheetsync.cells.text import clean, fold, plain, text_of, vocabulary

_YES = vocabulary("true yes y да д истина + x х v ✓ ✔ ☑ ☒ ✅ 1")
_NO = vocabulary("false no n нет н ложь - ☐ ⬜ 0")

_CLOSE = 0.8  # of difflib's ratio: one wrong letter in five, two in ten


def parse_bools(raw: pd.Series) -> Parsed:
    """Ticks, and what people type for them: да, yes, +, x, ✓, 1; нет, no, -, 0.

    Parameters
    ----------
    raw : Series of raw cells, shape (n,)

    Returns
    -------
    Parsed
        values of dtype boolean, <NA> where empty. Problem: ``bool.unreadable``.
    """
    return read_distinct(raw, read_bool, "boolean")


def read_bool(cell: object) -> Reading:
    """One cell of :func:`parse_bools`."""
    typed = text_of(cell)
    if typed is None:
        return EMPTY
    if is_tick(cell):
        return Reading(bool(cell))
    if as_number(cell) in (0, 1):
        return Reading(as_number(cell) == 1)
    word = plain(typed).rstrip(".!")
    if word in _YES or word in _NO:
        return Reading(word in _YES)
    return Reading(problem="bool.unreadable")


def match_names(
    raw: pd.Series,
    names: pd.Index | Sequence[str],
    aliases: Mapping[str, str] | None = None,
) -> Parsed:
    """Names as a list spells them.

    Case, white space, ё/е and trailing punctuation make no difference (:func:`fold`). A typo does:
    it is a problem whose hint is the closest name, never a match in silence.

    Parameters
    ----------
    raw : Series of raw cells, shape (n,)
    names : the spellings of the list; of two that fold to the same text the first counts
    aliases : other spelling -> value; a name of the list goes before an alias

    Returns
    -------
    Parsed
        values of object: str, None where empty or unknown. Problem: ``list.unknown``, its hint a
        spelling that would be understood.
    """
    spellings: dict[str, tuple[str, str]] = {}  # folded -> (value, as it is spelt)
    for spelt, value in [(name, name) for name in names] + list((aliases or {}).items()):
        spellings.setdefault(fold(spelt), (value, spelt))
    spellings.pop("", None)
    longest = max(map(len, spellings), default=0)

    def read(cell: object) -> Reading:
        typed = text_of(cell)
        if typed is None:
            return EMPTY
        folded = fold(typed)
        if folded in spellings:
            return Reading(spellings[folded][0])
        # A long comment is no misspelt name, and comparing it would be slow.
        near = (
            difflib.get_close_matches(folded, spellings, 1, _CLOSE)
            if (len(folded) <= 2 * longest)
            else []
        )
        return Reading(problem="list.unknown", hint=spellings[near[0]][1] if near else None)

    return read_distinct(raw, read, "object")


def split_aliases(text: object) -> tuple[str, ...]:
    """The names in an alias cell, parted by commas, semicolons or line breaks."""
    if not isinstance(text, str):
        only = text_of(text)
        return (only,) if only else ()
    parts = (clean(part) for part in re.split(r"[;,\n]", text))
    return tuple(dict.fromkeys(part for part in parts if part))
