"""Who a column is: hidden defined names, which spreadsheets keep true when people move things.

``_ss.leads.status`` points to ``'Лиды'!$N:$N``. A name may hold letters, digits, ``_`` and ``.``
only, so any other character of a key is spelled by its number: ``S-01`` is ``S.002d01``.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from sheetsync.workbooks.xlsx.xml import column_number, letters

PREFIX = "_ss."
"""Starts the name of every column of ours."""


@dataclass(frozen=True)
class Place:
    """Where a tab is now: its title, and column key -> column (1 for A)."""

    title: str
    columns: Mapping[str, int] = field(default_factory=dict)


def name_of(tab: str, column: str) -> str:
    """The defined name of a column."""
    return f"{PREFIX}{tab}." + re.sub(
        r"[^A-Za-z0-9_]", lambda match: f".{ord(match[0]):04x}", column
    )


def key_of(name: str) -> tuple[str, str] | None:
    """(tab key, column key) of a defined name; None when it is not one of ours."""
    if not name.startswith(PREFIX):
        return None
    tab, dot, column = name[len(PREFIX) :].partition(".")
    column = re.sub(r"\.([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), column)
    return (tab, column) if tab and dot and column else None


def reference(title: str, column: int) -> str:
    """A whole column as a defined name refers to it."""
    quoted = title.replace("'", "''")
    return f"'{quoted}'!${letters(column)}:${letters(column)}"


_REFERENCE = re.compile(
    r"=?\$?(?:'((?:[^']|'')+)'|([^'!]+))!\$?([A-Za-z]{1,3})(?:\$?\d+)?(?::\$?[A-Za-z]{1,3}(?:\$?\d+)?)?"
)


def target(text: str) -> tuple[str, int] | None:
    """(tab title, column) a name refers to; None for ``#REF!`` and whatever else is no column."""
    match = _REFERENCE.fullmatch(text.strip())
    if match is None or "#REF" in text:
        return None
    title = match[1].replace("''", "'") if match[1] else match[2]
    return title, column_number(match[3])


def places(names: Iterable[tuple[str, str]], titles: Iterable[str]) -> dict[str, Place]:
    """Where the tabs of ours are: tab key -> place.

    A tab is where most of its columns' names point; a name that points elsewhere, nowhere or to a
    column that another name has is a column that is missing.

    Parameters
    ----------
    names : (defined name, what it refers to) pairs of the whole workbook
    titles : the titles of the worksheets
    """
    known = {title.casefold(): title for title in titles}
    found: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    for tab, column, title, number in _found(names):
        if title.casefold() in known:
            found[tab].append((column, known[title.casefold()], number))
    result: dict[str, Place] = {}
    taken: set[str] = set()
    for tab, columns in found.items():
        votes = Counter(title for _, title, _ in columns if title not in taken)
        if not votes:
            continue
        title = votes.most_common(1)[0][0]
        taken.add(title)
        numbers: dict[int, str] = {}
        for column, where, number in columns:
            if where == title:
                numbers.setdefault(number, column)
        ordered = sorted(numbers.items())
        result[tab] = Place(title, {column: number for number, column in ordered})
    return result


def _found(names: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str, str, int]]:
    for name, text in names:
        key, where = key_of(name), target(text)
        if key is not None and where is not None:
            yield *key, *where
