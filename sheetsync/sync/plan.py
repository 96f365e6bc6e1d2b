"""The difference between what the model computed and what the workbook holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
import pandas as pd

from sheetsync import cells
from sheetsync.crm.base import Results
from sheetsync.layout import Layout, Tab
from sheetsync.locales import Words
from sheetsync.sync.identity import Identified, fingerprints
from sheetsync.workbooks.base import Change, Keyed, Plan, Snapshot, TabData

_EXAMPLES = 3


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
            prints = fingerprints(data.frame)
            values["fingerprint"] = prints.to_numpy()
        return Keyed(tab.key, identified.keys, identified.new_keys, values)
    assert tab.row_key is not None
    # A list tab's row is known by the name typed in it; the computed values by its clean spelling.
    typed = data.frame[tab.row_key]
    keys = typed[cells.text_values(typed).notna()].map(str)
    clean = cells.text_values(typed[keys.index])
    values = computed.reindex(clean.to_numpy()).set_axis(pd.Index(keys.to_numpy()), axis=0)
    return Keyed(tab.key, keys, {}, values[~values.index.duplicated()])


def _key_changes(tab: Tab, data: TabData, wanted: Keyed) -> list[Change]:
    if not wanted.new_keys:
        return []
    assert tab.row_key is not None
    old = data.frame[tab.row_key]
    changes = []
    for kind in ("+", "~"):
        rows = [r for r in wanted.new_keys if (old.get(r) in (None, "")) == (kind == "+")]
        if rows:
            examples = tuple((f"{r}", old.get(r), wanted.new_keys[r]) for r in rows[:_EXAMPLES])
            changes.append(Change(tab.key, tab.row_key, _kind(kind), len(rows), examples))
    return changes


def _cell_changes(tab: Tab, data: TabData, wanted: Keyed) -> list[Change]:
    """Rows of the sheet, and what is recorded for them, against what they shall hold."""
    changes = []
    target = wanted.values.reindex(wanted.keys.to_numpy())
    old_frame = data.frame.reindex(wanted.keys.index)
    for column in tab.results():
        if column.shown:
            before = (
                old_frame[column.key]
                if column.key in old_frame
                else pd.Series(None, index=old_frame.index, dtype=object)
            )
            after, keys = target[column.key], wanted.keys
        else:
            recorded = data.stored
            before = (
                recorded[column.key].reindex(wanted.values.index)
                if column.key in recorded
                else pd.Series(None, index=wanted.values.index, dtype=object)
            )
            after, keys = wanted.values[column.key], wanted.values.index.to_series()
        changes += compare(tab.key, column.key, column.type, keys, before, after)
    return changes


def compare(
    tab: str, column: str, kind: str, keys: pd.Series, before: pd.Series, after: pd.Series
) -> list[Change]:
    """Changes of one column; values are compared as the cells they become."""
    old, new = _cells(before, kind), _cells(after, kind)
    differ = old != new
    was_empty, is_empty = old == "", new == ""
    changes = []
    for sign, mask in (
        ("+", differ & was_empty),
        ("~", differ & ~was_empty & ~is_empty),
        ("-", differ & is_empty),
    ):
        places = mask.nonzero()[0]
        if len(places):
            examples = tuple(
                (str(keys.iloc[i]), _shown(old[i]), _shown(new[i])) for i in places[:_EXAMPLES]
            )
            changes.append(Change(tab, column, _kind(sign), len(places), examples))
    return changes


def _kind(sign: str) -> Literal["+", "~", "-"]:
    return "+" if sign == "+" else "~" if sign == "~" else "-"


def _shown(value: Any) -> Any:
    return None if value == "" else value


_EPOCH = pd.Timestamp("1899-12-30")


def _cells(values: pd.Series, kind: str) -> np.ndarray[Any, np.dtype[Any]]:
    """Values as cells hold them: str, float (dates as serial days), bool; "" for empty."""
    if pd.api.types.is_datetime64_any_dtype(values):
        serial = (values - _EPOCH) / pd.Timedelta(days=1)
        return _cells(serial, "number")
    if pd.api.types.is_bool_dtype(values) or pd.api.types.is_numeric_dtype(values):
        out = values.astype(object).to_numpy(dtype=object, na_value="").copy()
        filled = [i for i, v in enumerate(out) if not (isinstance(v, str) and v == "")]
        for i in filled:
            out[i] = bool(out[i]) if isinstance(out[i], (bool, np.bool_)) else _number(out[i])
        return out
    distinct = {id(v): v for v in values}
    if len(distinct) == len(values):
        return np.array([_cell(v, kind) for v in values], dtype=object)
    memo = {key: _cell(v, kind) for key, v in distinct.items()}
    return np.array([memo[id(v)] for v in values], dtype=object)


def _number(value: Any) -> float:
    # A spreadsheet keeps 15 significant digits.
    return float(f"{float(value):.15g}")


def _cell(value: Any, kind: str) -> Any:
    if value is None or value is pd.NaT or (isinstance(value, float) and value != value):
        return ""
    if value is pd.NA:
        return ""
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, float, np.number)):
        return _number(value)
    if hasattr(value, "isoformat"):
        return _number((pd.Timestamp(value) - _EPOCH) / pd.Timedelta(days=1))
    return str(value)


def _table_change(tab: Tab, data: TabData, table: pd.DataFrame) -> list[Change]:
    columns = [column for column in tab.columns if column.key in data.frame]
    old = [_cells(data.frame[c.key], c.type) for c in columns]
    new = [_cells(table[c.key], c.type) for c in columns]
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
