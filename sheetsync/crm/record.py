"""The record: how each lead stood when it was last seen.

It is kept beside the lead's id in columns that no tab of people shows, and read back with the next
refresh, so that a change can be told from what was there before. What it means is said in
:mod:`sheetsync.crm.promises`.
"""

from __future__ import annotations

import pandas as pd

from sheetsync import cells
from sheetsync.crm.lists import Names
from sheetsync.layout import Column

RECORD = (
    Column("last_status", "tool", shown=False),
    Column("last_date", "tool", "date", shown=False),
    # A hash: what people wrote stands in one place only.
    Column("last_comment", "tool", shown=False),
    # Pushes in all, those of the present step, and the day that this step was first promised for.
    Column("pushed", "tool", "integer", shown=False),
    Column("put_off", "tool", "integer", shown=False),
    Column("put_off_from", "tool", "date", shown=False),
    # The status whose change is owed a comment, and when that and the last push were seen.
    Column("status_owed", "tool", shown=False),
    Column("status_owed_since", "tool", "date", shown=False),
    Column("date_owed_since", "tool", "date", shown=False),
)
"""Columns of the Leads tab, empty where there is nothing to say. They are not those that people see
beside a lead: in a file, those may be typed over."""

KEYS = tuple(column.key for column in RECORD)

_DTYPES = {"date": "datetime64[ns]", "integer": "Int64"}

_STATUSES = ("last_status", "status_owed")


def no_record() -> pd.DataFrame:
    """The record of no lead."""
    return pd.DataFrame({c.key: pd.Series(dtype=_DTYPES.get(c.type, "object")) for c in RECORD})


def read_record(raw: pd.DataFrame, leads: pd.Index[str], statuses: Names) -> pd.DataFrame:
    """What was recorded of these leads.

    Parameters
    ----------
    raw : cells by lead id, some of :data:`RECORD` among their columns
    statuses : the Statuses tab; a status that it knows is spelled as it spells it now

    Returns
    -------
    DataFrame with the columns of :data:`RECORD`, indexed by ``leads``
        Dates datetime64, counts Int64 (at least 1), the rest text; missing where nothing is
        recorded, or nothing that the tool would have written.
    """
    known = raw.reindex(index=leads, columns=list(KEYS)).astype(object)
    record = pd.DataFrame({c.key: _read(known[c.key], c) for c in RECORD}, index=leads)
    for key in _STATUSES:
        record[key] = statuses.canonical(record[key])
    return record


def _read(cell: pd.Series, column: Column) -> pd.Series:
    if column.type == "date":
        day: pd.Series = cells.parse_datetimes(cell, day_first=True).values.dt.normalize()
        return day
    if column.type == "integer":
        count = cells.parse_numbers(cell).values.round()
        return count.where(count >= 1).astype("Int64")
    return cells.text_values(cell)
