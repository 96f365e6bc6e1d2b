"""What a CRM workbook looks like, as data: tabs, columns, dropdowns, conditional formats.

Nothing here names a header text or a position: a tab and a column are known by their key
(``leads``, ``leads.status``), their titles come from the locale files (``tabs.leads``,
``columns.leads.status``), and where they stand is the people's choice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from sheetsync.locales import Words

Owner = Literal["person", "tool"]
CellType = Literal[
    "text",  # one line
    "long_text",  # wraps
    "id",
    "date",
    "datetime",
    "money",
    "number",
    "integer",
    "percent",  # stored as a fraction of 1
    "checkbox",
    "phone",  # text: a leading + must stay
    "email",
    "choice",
]
Body = Literal[
    "people",  # rows are people's; the tool's columns are filled by the row's key
    "table",  # the tool writes the whole body
    "log",  # the tool only appends
]


@dataclass(frozen=True, slots=True)
class Choice:
    """What a dropdown offers: the values of a column of a list tab, or a fixed group of words.

    ``column`` is a full key such as ``"statuses.status"``. ``group`` names fixed options, whose
    keys and words stand under ``choices.<group>`` in the locale files.
    """

    column: str | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a tab.

    Parameters
    ----------
    key : the column's name within its tab; ``leads.status`` has the key ``status``
    owner : who writes its cells
    width : in pixels
    required : a command can't work without it; its absence is an error that names the repair
    hidden : there, but not shown until somebody unhides it
    shown : False for what only the tool needs and no tab of people carries: it is kept in the
        hidden results tab of its tab, beside the row's key
    live : on Google, a formula shown instead of the stored value, so that it moves with the days;
        ``{stored:key}`` stands for another tool column of the same row
    kinds : the kinds of shop that get this column; empty for all
    title : the header itself, for columns that come from people's data (the steps of the
        checklist); None where the locale files have it
    """

    key: str
    owner: Owner = "person"
    type: CellType = "text"
    choice: Choice | None = None
    width: int = 110
    required: bool = False
    hidden: bool = False
    shown: bool = True
    live: str | None = None
    kinds: tuple[str, ...] = ()
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab.

    Parameters
    ----------
    row_key : the column whose value names a row; None where rows have no name
    ids : the pattern of row keys that the tool hands out (``"L-{:05d}"``), or None
    hidden : hidden in a new workbook until the owner wants it
    frozen : how many columns stay in sight; the header row always does
    """

    key: str
    columns: tuple[Column, ...] = ()
    body: Body = "people"
    row_key: str | None = None
    ids: str | None = None
    hidden: bool = False
    frozen: int = 0

    def __getitem__(self, key: str) -> Column:
        for column in self.columns:
            if column.key == key:
                return column
        raise KeyError(f"{self.key}.{key}")

    def __contains__(self, key: object) -> bool:
        return any(column.key == key for column in self.columns)

    def owned(self, owner: Owner) -> tuple[Column, ...]:
        """Columns of one owner, in order."""
        return tuple(column for column in self.columns if column.owner == owner)

    def results(self) -> tuple[Column, ...]:
        """The tool's columns that are computed per row key (the key itself is not)."""
        if self.body != "people" or self.row_key is None:
            return ()
        return tuple(c for c in self.owned("tool") if c.key != self.row_key)


@dataclass(frozen=True, slots=True)
class Style:
    """Colours as ``RRGGBB``; None leaves a property as it is."""

    background: str | None = None
    foreground: str | None = None
    bold: bool = False
    strike: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """One conditional format: ``style`` where ``formula`` is true, or a colour scale.

    The formula is written once for all workbooks; see :func:`render`. Rules earlier in the
    layout win over later ones.
    """

    key: str
    tab: str
    columns: tuple[str, ...]
    formula: str | None = None
    style: Style | None = None
    scale: tuple[str, str, str] | None = None  # colours at the least, middle and greatest value


@dataclass(frozen=True)
class Layout:
    """The whole workbook: the sum of what the capabilities declare."""

    tabs: tuple[Tab, ...]
    rules: tuple[Rule, ...] = ()
    _by_key: Mapping[str, Tab] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_key", {tab.key: tab for tab in self.tabs})

    def __getitem__(self, key: str) -> Tab:
        return self._by_key[key]

    def __contains__(self, key: object) -> bool:
        return key in self._by_key

    def get(self, key: str) -> Tab | None:
        """The tab of a key, or None."""
        return self._by_key.get(key)

    def column(self, full_key: str) -> Column:
        """The column of a full key such as ``leads.status``."""
        tab, _, column = full_key.partition(".")
        return self[tab][column]

    def with_columns(self, tab_key: str, columns: Iterable[Column]) -> Layout:
        """This layout with more columns at the end of one tab."""
        more = tuple(columns)
        return replace(
            self,
            tabs=tuple(
                replace(tab, columns=tab.columns + more) if tab.key == tab_key else tab
                for tab in self.tabs
            ),
        )


def tab_title(words: Words, tab: Tab) -> str:
    """The title a new tab gets."""
    return words(f"tabs.{tab.key}")


def header(words: Words, tab: Tab, column: Column) -> str:
    """The header a new column gets."""
    return column.title if column.title is not None else words(f"columns.{tab.key}.{column.key}")


def options(words: Words, choice: Choice) -> tuple[str, ...]:
    """The fixed options of a choice as people see them; empty when they come from a list tab."""
    return tuple(words.group(f"choices.{choice.group}").values()) if choice.group else ()


_PLACE = re.compile(r"\{(?:(all|text|stored):)?([^{}]+)\}")


def render(
    formula: str,
    *,
    cell: Callable[[str], str],
    whole: Callable[[str], str],
    words: Words,
    stored: Callable[[str], str] | None = None,
    separator: str = ";",
) -> str:
    """A formula of ours in the terms of one workbook, without the leading ``=``.

    ``{status}`` becomes ``cell("status")``, this row's cell of a column of the same tab;
    ``{all:statuses.kind}`` becomes ``whole("statuses.kind")``, a whole column;
    ``{text:choices.kind.won}`` becomes that word as a quoted literal; ``{stored:due}`` becomes
    ``stored("due")``. Arguments are separated by ``;`` in the source, as Google accepts it in every
    locale; .xlsx files want ``,``.
    """

    def put(match: re.Match[str]) -> str:
        what, key = match.groups()
        if what == "all":
            return whole(key)
        if what == "text":
            return '"' + words(key).replace('"', '""') + '"'
        if what == "stored":
            if stored is None:
                raise ValueError(f"{formula!r} needs stored values")
            return stored(key)
        return cell(key)

    # The separator is changed before words are put in: a word may hold a semicolon.
    return _PLACE.sub(put, formula.replace(";", separator))
