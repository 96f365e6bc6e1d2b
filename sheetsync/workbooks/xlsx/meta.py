"""The hidden tab ``_sheetsync``: what a workbook says about itself, in plain rows.

Keys stand in column A and values in B: language, kind, layout version and revision; then one
row per column of ours (``leads.status`` | ``person``), so that a reader knows whose cells are
whose without any layout. Option lists that a dropdown can't spell out stand in columns from D on.
A sheet with cells is the one thing that every spreadsheet program keeps.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from sheetsync.layout import Layout
from sheetsync.workbooks.xlsx.book import Book
from sheetsync.workbooks.xlsx.cells import Cells
from sheetsync.workbooks.xlsx.rows import Edit, keep
from sheetsync.workbooks.xlsx.xml import letters

TITLE = "_sheetsync"
REVISION = "revision"
LIST_PREFIX = "_sslist."
"""Starts the name of every list of options that stands in cells."""

Role = Literal["person", "tool", "person key", "tool key", "stored"]
_MAX_INLINE = 255  # characters of a list inside a validation; Excel's limit
_FIRST_LIST = 4
_ROLES: tuple[Role, ...] = ("person", "tool", "person key", "tool key", "stored")


@dataclass(frozen=True)
class Meta:
    """What the tab ``_sheetsync`` says.

    Parameters
    ----------
    rows : key -> sheet row
    values : key -> value
    """

    rows: Mapping[str, int] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def revision(self) -> int:
        """The number of the last applied plan."""
        text = self.values.get(REVISION, "0")
        return int(text) if text.isdigit() else 0

    def init(self) -> dict[str, str]:
        """What ``init`` recorded: everything but the revision and the columns."""
        return {k: v for k, v in self.values.items() if k != REVISION and "." not in k}

    def roles(self, tab: str) -> dict[str, Role]:
        """Column key -> role, of one tab."""
        start = tab + "."
        return {
            key[len(start) :]: role
            for key, value in self.values.items()
            for role in _ROLES
            if key.startswith(start) and value == role
        }


def read(cells: Cells) -> Meta:
    """The tab's cells, shape (rows, columns), first row the header, as a :class:`Meta`."""
    rows: dict[str, int] = {}
    values: dict[str, str] = {}
    for number, line in enumerate(cells.tolist()[1:], start=2):
        key, value = (*line, None, None)[:2]
        if isinstance(key, str) and key not in rows:
            rows[key] = number
            values[key] = f"{value:.0f}" if isinstance(value, float) else str(value or "")
    return Meta(rows, values)


def roles(layout: Layout) -> dict[str, Role]:
    """Full column key -> role, of a whole layout."""
    found: dict[str, Role] = {}
    for tab in layout.tabs:
        for column in tab.columns:
            role: Role = column.owner if column.shown else "stored"
            if column.key == tab.row_key:
                role = "tool key" if column.owner == "tool" else "person key"
            found[f"{tab.key}.{column.key}"] = role
    return found


def inline(options: Sequence[str]) -> str | None:
    """Options as a list inside a validation; None where it can't be spelled so."""
    text = ",".join(options)
    plain = not any("," in option or '"' in option for option in options)
    return f'"{text}"' if plain and len(text) <= _MAX_INLINE else None


def list_name(group: str) -> str:
    """The defined name of a list of options that stands in cells."""
    return f"{LIST_PREFIX}{group}"


def ensure(
    book: Book,
    cells: Cells,
    described: Mapping[str, str],
    lists: Mapping[str, Sequence[str]],
) -> Iterator[str]:
    """Write what is missing or different; the keys (of values and lists) that were.

    Parameters
    ----------
    cells : what the tab holds now, as :func:`read` takes it
    """
    if TITLE not in {ref.title for ref in book.sheets()}:
        book.add_sheet(TITLE, hidden=True)
    sheet, now = book.sheet(TITLE), read(cells)
    wanted = {REVISION: "0", **described} if REVISION not in now.rows else dict(described)
    different = [key for key, value in wanted.items() if now.values.get(key) != value]
    free = max([1, *now.rows.values()]) + 1
    fresh = (key for key in different if key not in now.rows)
    rows = {**now.rows, **{key: row for row, key in enumerate(fresh, start=free)}}
    lines = sorted((rows[key], key) for key in different)
    edits = [
        Edit.of(1, [(1, "key"), *lines]),
        Edit.of(2, [(1, "value"), *((row, wanted[key]) for row, key in lines)]),
    ]
    if lines:
        sheet.patch(edits, keep)
        yield from different
    heads = list(cells[0]) if len(cells) else []
    used = {text: n for n, text in enumerate(heads, start=1) if n >= _FIRST_LIST and text}
    for group, options in lists.items():
        column = used.setdefault(group, max([_FIRST_LIST - 1, *used.values()]) + 1)
        old = cells[1:, column - 1].tolist() if cells.size and column <= cells.shape[1] else []
        old = [option for option in old if option is not None]
        where = f"{TITLE}!${letters(column)}$2:${letters(column)}${len(options) + 1}"
        renamed = book.set_name(list_name(group), where)
        if old != list(options):
            length = max(len(old), len(options))
            padded = [*options, *[None] * (length - len(options))]
            sheet.patch([Edit.of(column, enumerate([group, *padded], start=1))], keep)
        if renamed or old != list(options):
            yield group
