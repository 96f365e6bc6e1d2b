"""The difference between what the model computed and what the workbook holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from sheetsync import cells
from sheetsync.cells.base import distinct
from sheetsync.cells.text import storable
from sheetsync.crm import record
from sheetsync.crm.base import Results
from sheetsync.layout import Column, Layout, Tab
from sheetsync.locales import Words
from sheetsync.sync.identity import Identified, fingerprints
from sheetsync.workbooks.base import Change, Keyed, Plan, Snapshot, TabData, strays

_EXAMPLES = 3

Sign = Literal["+", "~", "-"]
Cells = npt.NDArray[np.object_]


def make_plan(
    snapshot: Snapshot,
    layout: Layout,
    words: Words,
    identities: Mapping[str, Identified],
    results: Results,
) -> Plan:
    """What has to be written so that the workbook shows ``results``."""
    keyed: dict[str, Keyed] = {}
    tables: dict[str, pd.DataFrame] = {}
    changes: list[Change] = []
    for tab in layout.tabs:
        data = snapshot.tabs.get(tab.key)
        if data is None:
            continue
        if tab.results():
            wanted = _keyed(tab, data, identities.get(tab.key), results)
            wanted = _with_appended(tab, wanted, results)
            keyed[tab.key] = wanted
            changes += _key_changes(tab, data, wanted) + _cell_changes(tab, data, wanted)
        elif tab.body == "table" and tab.key in results.tables:
            table = results.tables[tab.key].reindex(columns=[c.key for c in tab.columns])
            change = _table_change(tab, data, table)
            if change:
                tables[tab.key] = table
                changes += change
    appends = {key: rows for key, rows in results.appends.items() if len(rows)}
    changes += [
        Change(key, None, "+", len(rows), _row_examples(layout[key], rows))
        for key, rows in appends.items()
    ]
    return Plan(snapshot, layout, words, keyed, tables, appends, tuple(changes))


def _keyed(tab: Tab, data: TabData, identified: Identified | None, results: Results) -> Keyed:
    columns = [column.key for column in tab.results()]
    computed = results.columns.get(tab.key, pd.DataFrame()).reindex(columns=columns)
    if identified is not None:
        values = computed.reindex(identified.keys.to_numpy())
        if "fingerprint" in columns:
            values["fingerprint"] = fingerprints(data.frame).to_numpy()
            values["seen"] = 1
            values = _below(values, _gone(data, values))
        return Keyed(tab.key, identified.keys, identified.new_keys, values)
    assert tab.row_key is not None
    # A list tab's row is known by the name typed in it; the computed values by its clean spelling.
    typed = data.frame[tab.row_key]
    keys = typed[cells.text_values(typed).notna()].map(str)
    clean = cells.text_values(typed[keys.index])
    values = computed.reindex(clean.to_numpy()).set_axis(pd.Index(keys.to_numpy()), axis=0)
    return Keyed(tab.key, keys, {}, values[~values.index.duplicated()])


def _gone(data: TabData, values: pd.DataFrame) -> pd.DataFrame:
    """Lines of rows that are gone: what they can be recognised by when they come back, and their
    record, so that nobody loses it by cutting a row and pasting it later."""
    if "fingerprint" not in data.stored:
        return values.iloc[:0]
    prints = data.stored["fingerprint"]
    kept = [key for key in ("fingerprint", "logged", *record.KEYS) if key in data.stored]
    gone = data.stored.loc[prints.notna() & ~prints.index.isin(values.index), kept]
    return gone.reindex(columns=values.columns)


def _with_appended(tab: Tab, wanted: Keyed, results: Results) -> Keyed:
    """Rows that this plan appends have their results recorded by this plan, too."""
    rows = results.appends.get(tab.key)
    if rows is None or tab.row_key not in rows:
        return wanted
    keys = pd.Index(rows[tab.row_key]).difference(wanted.values.index, sort=False)
    more = results.columns[tab.key].reindex(keys).reindex(columns=wanted.values.columns)
    return replace(wanted, values=_below(wanted.values, more))


def _below(values: pd.DataFrame, more: pd.DataFrame) -> pd.DataFrame:
    if more.empty:
        return values
    # As objects: versions of pandas differ in what a column becomes that is empty in one of them.
    return pd.concat([values.astype(object), more.astype(object)])


def _key_changes(tab: Tab, data: TabData, wanted: Keyed) -> list[Change]:
    if not wanted.new_keys:
        return []
    assert tab.row_key is not None
    old = data.frame[tab.row_key]
    fresh = {row for row in wanted.new_keys if old.get(row) in (None, "")}
    signs: tuple[tuple[Sign, list[int]], ...] = (
        ("+", [row for row in wanted.new_keys if row in fresh]),
        ("~", [row for row in wanted.new_keys if row not in fresh]),
    )
    return [
        Change(
            tab.key,
            tab.row_key,
            sign,
            len(rows),
            tuple((f"{row}", old.get(row), wanted.new_keys[row]) for row in rows[:_EXAMPLES]),
        )
        for sign, rows in signs
        if rows
    ]


def _cell_changes(tab: Tab, data: TabData, wanted: Keyed) -> list[Change]:
    """Rows of the sheet, and what is recorded for them, against what they shall hold."""
    changes = []
    rows = wanted.values.reindex(wanted.keys.to_numpy()).set_axis(wanted.keys.index, axis=0)
    displays = data.displays
    for column in tab.results():
        if not _has(data, column):
            continue  # somebody deleted it, or it came with a later version: that is for init
        if column.shown:
            after, keys = rows[column.key], wanted.keys
            before = _column(data.frame, column.key, after.index)
            if displays:
                before = _as_shown(tab, column, before, after, data)
        else:
            after, keys = wanted.values[column.key], wanted.values.index.to_series()
            before = _column(data.stored, column.key, after.index)
        changes += compare(tab.key, column.key, keys, before, after)
    return changes


def _has(data: TabData, column: Column) -> bool:
    if column.shown:
        return column.key in data.frame
    return column.key in data.stored or not data.fixed


def _column(frame: pd.DataFrame, key: str, index: pd.Index[Any]) -> pd.Series:
    if key in frame:
        return frame[key].reindex(index)
    return pd.Series(None, index=index, dtype=object)


def _as_shown(
    tab: Tab, column: Column, before: pd.Series, after: pd.Series, data: TabData
) -> pd.Series:
    """What stands in the cells, where that is not what was recorded for their rows.

    A row that was pasted in has no formula; a person typed over a result. What moves with the days
    shows another value than was recorded, and rightly so; and where people name the rows, two names
    that differ in case show the same results. There, only a cell that shows nothing is wrong.
    """
    shown = _column(data.shown, column.key, after.index)
    cells, wanted = _cells(shown), _cells(after)
    assert tab.row_key is not None
    if tab[tab.row_key].owner != "tool":
        # A name that is a number can't be looked up among texts: nothing will be shown there.
        named = _column(data.frame, tab.row_key, after.index).map(lambda key: isinstance(key, str))
        wrong = (cells == "") & named.to_numpy(dtype=bool)
    elif column.live is None:
        wrong = cells != wanted
    else:
        wrong = (cells == "") | strays(_or_none(cells), _or_none(wanted))
    same = (_cells(before) == wanted) & (cells != wanted)
    return before.astype(object).mask(same & wrong, shown)


def _or_none(cells: Cells) -> Cells:
    filled = cells.copy()
    filled[cells == ""] = None
    return filled


def compare(
    tab: str, column: str, keys: pd.Series, before: pd.Series, after: pd.Series
) -> list[Change]:
    """Changes of one column; values are compared as the cells they become."""
    old, new = _cells(before), _cells(after)
    differ = old != new
    was_empty, is_empty = old == "", new == ""
    changes = []
    masks: tuple[tuple[Sign, npt.NDArray[np.bool_]], ...] = (
        ("+", differ & was_empty),
        ("~", differ & ~was_empty & ~is_empty),
        ("-", differ & is_empty),
    )
    for sign, mask in masks:
        places = mask.nonzero()[0]
        if len(places):
            examples = tuple(
                (str(keys.iloc[i]), _shown(old[i]), _shown(new[i])) for i in places[:_EXAMPLES]
            )
            changes.append(Change(tab, column, sign, len(places), examples))
    return changes


def _shown(value: Any) -> Any:
    return None if value == "" else value


_EPOCH = pd.Timestamp("1899-12-30")


def _cells(values: pd.Series) -> Cells:
    """Values as cells hold them: str, float (dates as serial days), bool; "" for empty."""
    if pd.api.types.is_datetime64_any_dtype(values):
        values = (values - _EPOCH) / pd.Timedelta(days=1)
    different, places = distinct(values)
    found: Cells = np.array([*map(_cell, different)], dtype=object)[places]
    return found


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, date):
        value = (pd.Timestamp(value) - _EPOCH) / pd.Timedelta(days=1)
    if isinstance(value, (int, float, np.number)):
        return float(f"{float(value):.14g}")  # one digit less than spreadsheets keep
    return storable(str(value))


def _table_change(tab: Tab, data: TabData, table: pd.DataFrame) -> list[Change]:
    columns = [column for column in tab.columns if column.key in data.frame]
    old = [_cells(data.frame[c.key]) for c in columns]
    new = [_cells(table[c.key]) for c in columns]
    before = list(zip(*old, strict=True)) if columns else []
    after = list(zip(*new, strict=True)) if columns else []
    # Rows that are empty all over are no rows.
    before = [row for row in before if any(v != "" for v in row)]
    if before == after and len(columns) == len(tab.columns):
        return []
    kept = sum(a == b for a, b in zip(before, after, strict=False))
    changes = []
    changed = min(len(before), len(after)) - kept
    if changed:
        changes.append(Change(tab.key, None, "~", changed))
    if len(after) != len(before):
        more = len(after) > len(before)
        changes.append(Change(tab.key, None, "+" if more else "-", abs(len(after) - len(before))))
    return changes or [Change(tab.key, None, "~", len(after))]


def _row_examples(tab: Tab, rows: pd.DataFrame) -> tuple[tuple[str, Any, Any], ...]:
    key = tab.row_key if tab.row_key and tab.row_key in rows else "lead"
    rest = [c for c in rows.columns if c not in (key, "id", "at", "via")]
    return tuple(
        (
            str(row[key]),
            None,
            " · ".join(str(row[c]) for c in rest if isinstance(row[c], str) and row[c]),
        )
        for _, row in rows.head(_EXAMPLES).iterrows()
    )
