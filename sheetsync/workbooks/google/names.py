"""How things of ours are recognised in a Google spreadsheet, wherever people moved them.

Tabs and columns carry developer metadata; formulas reach columns through named ranges; results
stand in hidden tabs whose key is the tab's with ``_`` before it. Metadata ids are chosen by us: the
same thing has the same id in every spreadsheet, so that Google itself refuses to make it twice,
and a copy of a tab (whose metadata get random ids) is told from the original.
"""

from __future__ import annotations

import re
import zlib

TAB = "sheetsync.tab"
COLUMN = "sheetsync.column"
META = "sheetsync.meta."
REVISION = "sheetsync.revision"
HEAD = "sheetsync.head"
TURN = "sheetsync.turn"
WIDTH = "sheetsync.width"
HEADER = "sheetsync.header"

LINE = "_line"
"""Key of the hidden helper column: the line of the row's key in the results tab, 0 for none."""

ROW_KEY = "key:"
"""Prefix of the column of a results tab that holds the row keys; the row key's column follows."""

_FIRST_ITEM, _FIRST_REVISION = 100_000_000, 1_000_000_000

KEPT_REVISIONS = 20
"""How many revisions stay on record, so that a repeated request finds its own. Each takes some 40
of the 30,000 characters that Google gives."""

GUARDED = "g"
"""How the nonce in the head begins once a batch with guards was accepted."""

HEAD_ID, WIDTH_ID, TURN_ID = 99_999_999, 99_999_998, 99_999_997
"""The metadata ids of the one record that holds the last nonce, of the note of a guard, and of the
record by which refreshes and scripts of the add-on take turns."""

FREE, AT_WORK = "free", "at work "
"""What the record of turns holds after a refresh, and how it begins while a script is at work. When
that has ended, it leaves a value that was never there before: ``appscript/server/Turns.js``."""


def revision_id(number: int) -> int:
    """The metadata id that stands for a revision."""
    return _FIRST_REVISION + number


def revision_number(metadata_id: int) -> int | None:
    """The revision of a metadata id, or None."""
    return metadata_id - _FIRST_REVISION if metadata_id > _FIRST_REVISION else None


def item_id(kind: str, value: str) -> int:
    """The metadata id of a tab or column: below all revisions, the same everywhere."""
    digest = zlib.crc32(f"{kind}={value}".encode())
    return _FIRST_ITEM + digest % (_FIRST_REVISION - _FIRST_ITEM)


def sheet_id(key: str) -> int:
    """The sheet id a new tab gets, the same everywhere; never 0."""
    return 1 + zlib.crc32(f"sheet={key}".encode()) % 2_000_000_000


def results_tab(tab: str) -> str:
    """The key of the hidden tab that keeps a tab's results."""
    return f"_{tab}"


def full(tab: str, column: str) -> str:
    """``leads.status``."""
    return f"{tab}.{column}"


def range_name(tab: str, column: str) -> str:
    """The named range over a whole column: ``ss_leads_status``, ``ss_r_leads_score``."""
    if tab.startswith("_"):
        tab, column = "r_" + tab[1:], "key" if column.startswith(ROW_KEY) else column
    return re.sub(r"\W", "_", f"ss_{tab}_{column.strip('_')}".lower())


def letters(index: int) -> str:
    """0 -> A, 26 -> AA."""
    text, index = "", index + 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text


def column_of(a1: str) -> int:
    """The first column of a range in A1 notation: ``'My tab'!C1:C9`` -> 2."""
    match = re.match(r"\$?([A-Z]+)", a1.rpartition("!")[2])
    index = 0
    for letter in match[1] if match else "A":
        index = index * 26 + ord(letter) - 64
    return index - 1


def quoted(title: str) -> str:
    """A tab's title as it stands in front of a ``!``."""
    return "'" + title.replace("'", "''") + "'"
