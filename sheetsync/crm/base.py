"""What capabilities declare, are given and give back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pandas as pd

from sheetsync.crm.lists import Names
from sheetsync.crm.record import no_record
from sheetsync.layout import Column, Rule, Tab
from sheetsync.locales import Words


@dataclass(frozen=True, slots=True)
class Problem:
    """A cell or a row that could not be understood.

    Parameters
    ----------
    tab, column : keys; column None when it is about the row
    row : sheet row number at the time of the read, for people to find it
    key : the row's key (a lead's id), or None
    typed : what stands in the cell, as text
    code : ``problems.<code>`` in the locale files says why
    hint : what to type instead, or ""
    """

    tab: str
    column: str | None
    row: int
    key: str | None
    typed: str
    code: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the Settings tab: its key, what it is when the owner leaves it empty, and how
    its cell is read (``currency``, ``country``, ``number``, ``integer``, ``text``, ``date``,
    ``time``, which is an hour of the day as ``HH:MM``, ``most``, which is 50 to 99 per cent, or the
    name of a group of choices)."""

    key: str
    default: Any
    type: str = "number"


def no_notes() -> pd.DataFrame:
    """An empty table of notes."""
    texts = {name: pd.Series(dtype=object) for name in ("about", "note", "by")}
    return pd.DataFrame({"date": pd.Series(dtype="datetime64[ns]"), **texts})


def no_pages() -> pd.DataFrame:
    """An empty call script."""
    return pd.DataFrame(columns=["group", "status", "say", "next"], dtype=object)


def no_logged() -> pd.Series:
    """Nothing recorded of the lines of any lead in History."""
    return pd.Series(dtype=object)


@dataclass(frozen=True)
class Book:
    """A workbook that was understood: typed tables, and what could not be.

    Parameters
    ----------
    leads : DataFrame indexed by lead id (str, unique), sheet order
        row (int), created (datetime64), name, phone (E.164), email (lower case), company, source
        (as the Sources tab spells it), channel ("inbound", "outbound"), request, budget (float,
        in the currency of Settings), segment ("small", "mid", "large", "retail"), status (as the
        Statuses tab spells it), kind (that of the status: "open", "won", "lost", "spam", "partner",
        "not_a_lead", but "open" for a loss that is only proposed; missing when the status is not
        understood), proposed (bool; see :mod:`sheetsync.crm.losses`), manager, next_action
        (datetime64), next_step, comment, amount (float), loss_reason, approved_by, not_duplicate
        (text: ids, or a yes), and what the kind of shop adds (people, days: float). Missing where
        empty or not understood.
    fields : DataFrame of object, same index
        The raw cells of the Leads tab by column key and ``own:Header``, for rules over any column.
    unreadable : DataFrame of bool, same index, by column key
        True where a cell holds something that was not understood.
    headers : column key -> header text of the Leads tab as it stands now
    statuses : DataFrame indexed by status name, in order
        kind, order (int), days_allowed (float), may_skip, needs_comment, needs_approval, parks
        (bool; leads in it sleep until their next action).
    sources : DataFrame indexed by source name: cost (float, per month)
    team : DataFrame indexed by name: email, role ("operator", "senior", "owner")
    steps : DataFrame indexed by step id (S-01...): step, before (status name), deadline (days),
        required (bool)
    checks : DataFrame of bool, indexed by lead id, a column per step id; only leads that have a
        line in the Checklist tab
    rules : DataFrame of object, indexed by rule id: the raw cells of the Scoring tab
    history : DataFrame, in sheet order: at (datetime64), lead, from_status, to_status, by, comment,
        via, id; statuses as the Statuses tab spells them now where they are known there. Also
        checksum (text), in a workbook that has this column
    settings : setting key -> value
    today, now : given by the caller
    problems : everything that was not understood so far
    unset : settings that have no row in the Settings tab
    notes : DataFrame indexed by note id, in sheet order: date (datetime64), about, note (never
        missing), by
    recorded : DataFrame with the same index as ``leads``
        How each lead stood when it was last seen; see :mod:`sheetsync.crm.record`.
    logged : Series of str by lead id, also of leads that are gone
        How far History went when it was last seen; see :mod:`sheetsync.crm.stages.chain`.
    lists : column key of Leads -> the names that its cells are matched with
    script : the call script, as :func:`~sheetsync.crm.script.read_script` has it
    """

    leads: pd.DataFrame
    fields: pd.DataFrame
    unreadable: pd.DataFrame
    headers: Mapping[str, str]
    statuses: pd.DataFrame
    sources: pd.DataFrame
    team: pd.DataFrame
    steps: pd.DataFrame
    checks: pd.DataFrame
    rules: pd.DataFrame
    history: pd.DataFrame
    settings: Mapping[str, Any]
    today: date
    now: datetime
    words: Words
    problems: tuple[Problem, ...] = ()
    unset: tuple[Setting, ...] = ()
    notes: pd.DataFrame = field(default_factory=no_notes)
    recorded: pd.DataFrame = field(default_factory=no_record)
    logged: pd.Series = field(default_factory=no_logged)
    lists: Mapping[str, Names] = field(default_factory=dict)
    script: pd.DataFrame = field(default_factory=no_pages)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the Dashboard: ``count`` leads, of ``of``; the share of a conversion carries its
    interval."""

    item: str
    count: int | None
    of: int | None = None
    note: str = ""
    conversion: bool = False


FLAG_COLUMNS = ("lead", "severity", "code", "text")


def no_flags() -> pd.DataFrame:
    """An empty table of flags: lead (id), severity (int, greater is worse), code, text (what it
    is and what to do, in the CRM's language)."""
    return _NO_FLAGS.copy()


_NO_FLAGS = pd.DataFrame(columns=list(FLAG_COLUMNS), dtype=object)


@dataclass(frozen=True)
class Part:
    """What one capability computed.

    Parameters
    ----------
    columns : tab key -> DataFrame indexed by row key, tool columns of that tab
    tables : tab key -> the whole body of a tool-owned tab, columns by key
    appends : tab key -> rows to append, columns by key
    flags : DataFrame with the columns of :data:`FLAG_COLUMNS`
    problems : what this capability could not understand (a rule, say)
    figures : name -> DataFrame; typed figures for the terminal, the report and ``--json``, with
        language-neutral column names
    lines : section of the Dashboard (``dashboard.section.<key>``) -> its lines, in order
    """

    columns: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    appends: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    flags: pd.DataFrame = field(default_factory=no_flags)
    problems: tuple[Problem, ...] = ()
    figures: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    lines: Mapping[str, Sequence[Line]] = field(default_factory=dict)


@dataclass(frozen=True)
class Results:
    """Everything computed from one book: the sum of the parts, and what a lead's lines say."""

    columns: Mapping[str, pd.DataFrame]
    tables: Mapping[str, pd.DataFrame]
    appends: Mapping[str, pd.DataFrame]
    flags: pd.DataFrame
    problems: tuple[Problem, ...]
    figures: Mapping[str, pd.DataFrame]
    lines: Mapping[str, Sequence[Line]] = field(default_factory=dict)


Compute = Callable[[Book, Results], Part]
"""A capability's function: the book, and the results of the capabilities before it."""


@dataclass(frozen=True)
class Capability:
    """One thing the CRM can do.

    Parameters
    ----------
    name : as in CAPABILITIES
    tabs : the tabs it brings
    columns : tab key -> columns it adds to tabs that others brought
    rules : conditional formats
    settings : its rows of the Settings tab
    compute : None where it only declares
    """

    name: str
    tabs: tuple[Tab, ...] = ()
    columns: Mapping[str, tuple[Column, ...]] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    settings: tuple[Setting, ...] = ()
    compute: Compute | None = None
