"""The protocol that every workbook keeps, and the values that cross it.

A workbook knows tabs and columns by key, rows by number only within one snapshot. It knows
nothing of leads or scores: it is told what each tool-owned cell shall hold, and does the rest in
the way that is safe for its kind of spreadsheet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal, Protocol

import numpy as np
import pandas as pd

from sheetsync.layout import Layout
from sheetsync.locales import Words

OWN = "own:"
"""Prefix of the frame columns that hold people's own columns, followed by the header text."""


@dataclass(frozen=True)
class TabData:
    """One tab as one read found it.

    Parameters
    ----------
    key, title : the tab's key and what people call it now
    frame : DataFrame of object, shape (rows, columns), indexed by sheet row number (2 is the
        first row under the header)
        One column per known column key, then one per own column of people (``own:Header``). Only
        rows in which a person's cell (own columns aside) or the row's key holds something. Cells
        are None, str as typed, float, bool, or datetime where the file knows that it is one; on
        Google a date is the serial number (float). A tool-owned column holds what the tool
        *recorded* for the row's key, not what a person may have typed over it.
    headers : column key (or ``own:...``) -> header text as it stands
    last_row : number of the last row that holds anything; 1 when the body is empty
    stored : DataFrame of object, indexed by row key
        Everything recorded for this tab by the last refresh, including keys that no row carries
        now, one column per recorded tool column. Empty for tabs without results.
    shown : DataFrame of object, same index as frame
        What tool-owned cells display right now; where it differs from ``frame`` a person typed
        over it or a formula is missing.
    fixed : whether only columns that ``init`` laid can be recorded; else any can
    """

    key: str
    title: str
    frame: pd.DataFrame
    headers: Mapping[str, str]
    last_row: int
    stored: pd.DataFrame
    shown: pd.DataFrame
    fixed: bool = False

    @property
    def displays(self) -> bool:
        """Whether any tool-owned cell shows a result, rather than nothing or a formula's text.

        Where none does, the server does not evaluate formulas, and can't tell that one is missing.
        """
        return any(
            value is not None and not str(value).startswith("=")
            for key in self.shown
            for value in self.shown[key]
        )


def strays(shown: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Where a column that moves with the days shows what somebody typed over it.

    When most rows show what they should show today, the others were typed over. When most do not,
    the sheet counts from another day (its clock, or a day that was asked for), and nothing can be
    said. Both are arrays of object, shape (rows,), None for empty.
    """
    some = (shown != None) & (wanted != None)  # noqa: E711 - element by element
    other = some & (shown != wanted)
    return np.asarray(other & (2 * other.sum() <= some.sum()), dtype=bool)


@dataclass(frozen=True)
class Snapshot:
    """One read of a workbook.

    Parameters
    ----------
    label : the workbook's name as people know it (file name or title)
    tabs : tab key -> data, for every tab of ours that is there
    revision : number of the last applied plan; 0 for none
    meta : what init recorded: ``lang``, ``kind``, ``layout`` (version)
    day_first : how ambiguous dates read in the workbook's locale; None when it has no locale
    timezone : IANA name, or None when the workbook has none
    token : the adapter's own knowledge of this read; nobody else looks inside
    """

    label: str
    tabs: Mapping[str, TabData]
    revision: int
    meta: Mapping[str, str]
    day_first: bool | None = None
    timezone: str | None = None
    token: Any = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class Change:
    """Cells of one column that differ, for people to look at.

    ``kind`` is ``+`` (was empty), ``~`` (other value) or ``-`` (becomes empty); ``examples`` are
    (row key, old, new), a few of ``count``. ``column`` is None for whole rows (appended ones, and
    the rows of tables that the tool writes whole).
    """

    tab: str
    column: str | None
    kind: Literal["+", "~", "-"]
    count: int
    examples: tuple[tuple[str, Any, Any], ...] = ()


@dataclass(frozen=True)
class Keyed:
    """What the tool's columns of one people's tab shall hold.

    Parameters
    ----------
    keys : Series of str, indexed by sheet row number of the snapshot
        The key of each row, new ones included.
    new_keys : row number -> key, for rows whose key cell has to be written
    values : DataFrame, indexed by row key, one column per results column of the tab
        Text, nullable Int64, float64, boolean or datetime64; missing means empty. One line per
        key, also where two rows share a key.
    """

    tab: str
    keys: pd.Series
    new_keys: Mapping[int, str]
    values: pd.DataFrame


@dataclass(frozen=True)
class Plan:
    """The difference between results and snapshot.

    ``keyed`` names every people's tab with results; ``tables`` only the whole-tool tabs that
    differ; ``appends`` the rows to add at the end of tabs, columns by key. A workbook brings itself
    to this state; ``changes`` tells people what that means and is empty when nothing differs.
    """

    base: Snapshot
    layout: Layout
    words: Words
    keyed: Mapping[str, Keyed]
    tables: Mapping[str, pd.DataFrame]
    appends: Mapping[str, pd.DataFrame]
    changes: tuple[Change, ...]

    @property
    def empty(self) -> bool:
        return not self.changes


@dataclass(frozen=True)
class Traffic:
    """What was sent to a service and received from it; bytes are those of bodies as they travel."""

    requests: int = 0
    bytes_up: int = 0
    bytes_down: int = 0
    retries: int = 0

    def __add__(self, more: Traffic) -> Traffic:
        return Traffic(
            self.requests + more.requests,
            self.bytes_up + more.bytes_up,
            self.bytes_down + more.bytes_down,
            self.retries + more.retries,
        )

    def __sub__(self, earlier: Traffic) -> Traffic:
        return Traffic(
            self.requests - earlier.requests,
            self.bytes_up - earlier.bytes_up,
            self.bytes_down - earlier.bytes_down,
            self.retries - earlier.retries,
        )


@dataclass(frozen=True)
class Receipt:
    """What applying a plan did.

    ``healed`` counts keys that had to be put right because people moved rows in that moment.
    ``settled`` is False when the workbook changed in a way that wants another refresh at once.
    """

    revision: int
    cells: int = 0
    rows_appended: int = 0
    requests: int = 0
    bytes_up: int = 0
    bytes_down: int = 0
    retries: int = 0
    healed: int = 0
    backup: str | None = None
    settled: bool = True

    def with_traffic(self, cost: Traffic) -> Receipt:
        """The same, with what it cost."""
        return replace(self, **asdict(cost))


@dataclass(frozen=True)
class NewRows:
    """Rows (column key -> value) for a tab that is there, below its sheet row ``after``."""

    after: int
    rows: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Provision:
    """What ``init`` wants a workbook to have.

    Parameters
    ----------
    layout, words : the tabs, columns and rules, and the language for new titles and headers
    seeds : tab key -> rows (column key -> value) for tabs that are created by this very call
    meta : ``lang``, ``kind``, ``layout``
    news : tab key -> rows that come with this version of the layout: written together with its
        number, so that a workbook which has that number already does not get them again
    """

    layout: Layout
    words: Words
    seeds: Mapping[str, Sequence[Mapping[str, Any]]]
    meta: Mapping[str, str]
    news: Mapping[str, NewRows] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """One thing that provisioning added or mended.

    ``what``: ``workbook``, ``tab``, ``column``, ``rule``, ``dropdown``, ``format``, ``protection``,
    ``name``, ``row``, or ``new_rule``: a row of the Scoring tab that is switched off.
    """

    what: str
    tab: str | None = None
    column: str | None = None
    detail: str = ""


@dataclass(frozen=True)
class Provisioned:
    """What provisioning did, or with ``dry_run`` would do; empty ``steps`` mean nothing."""

    steps: tuple[Step, ...]
    url: str | None = None
    requests: int = 0


class Workbook(Protocol):
    """A spreadsheet that can hold a CRM."""

    @property
    def label(self) -> str:
        """What people call it: a path, or a title with its address."""
        ...

    @property
    def address(self) -> str:
        """What a command takes to find it: the path, or the address in a browser."""
        ...

    @property
    def traffic(self) -> Traffic:
        """What went over the network so far; nothing for a file."""
        ...

    def read(self) -> Snapshot:
        """Everything the CRM needs to know.

        Raises
        ------
        TargetError
            It is not there, cannot be opened, or is no CRM.
        """
        ...

    def apply(self, plan: Plan) -> Receipt:
        """Bring the tool's cells to the planned state, as one step or not at all.

        Raises
        ------
        ConflictError
            The workbook is no longer what ``plan.base`` was read from; nothing was written.
        LockedError
            Another program has the file open; nothing was written.
        """
        ...

    def provision(self, want: Provision, *, dry_run: bool = False) -> Provisioned:
        """Add what is missing of a layout; leave everything of people's as it is.

        Done again it changes nothing. Titles, headers, positions and formats that people changed
        stay. What was deleted comes back, empty.
        """
        ...
