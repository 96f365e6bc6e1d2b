"""The job as people do it today: gspread, pandas, gspread-dataframe and gspread-formatting.

Written the way their documentation and most answers on the net show it: read all records, compute
in pandas, write the tables back, and lay the formats. That is thirteen requests: four to read, six
to write (``set_with_dataframe`` sizes each sheet first) and three for the looks.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import gspread

WON, OPEN = ["paid"], ["new", "in touch", "parked", "options sent", "office visit", "prepaid"]
CALLS = 30


def refresh(client: gspread.Client, key: str, today: date) -> None:
    """Read, compute, write back, dress."""
    from gspread_dataframe import set_with_dataframe

    book = client.open_by_key(key)
    sheets = {sheet.title: sheet for sheet in book.worksheets()}
    leads = pd.DataFrame(sheets["Leads"].get_all_records())
    rules = pd.DataFrame(sheets["Scoring"].get_all_records())
    leads = compute(leads, rules, today)
    set_with_dataframe(sheets["Leads"], leads)
    set_with_dataframe(sheets["Report"], conversions(leads))
    set_with_dataframe(sheets["Calls"], call_list(leads))
    dress(sheets["Leads"], leads)


def compute(leads: pd.DataFrame, rules: pd.DataFrame, today: date) -> pd.DataFrame:
    """The leads with ids, scores, tiers, days overdue and days in stage."""
    leads = leads.copy()
    filled = leads["Card"].astype(str).ne("")
    now = pd.Timestamp(today)

    new = filled & leads["ID"].eq("")
    numbers = pd.to_numeric(leads["ID"].astype(str).str.removeprefix("L-"), errors="coerce")
    first = int(numbers.max()) + 1 if numbers.notna().any() else 1
    leads.loc[new, "ID"] = [f"L-{number:05d}" for number in range(first, first + new.sum())]

    score = pd.Series(0, leads.index)
    for rule in rules.itertuples():
        has = leads[rule.Field].astype(str).str.contains(str(rule.Value), regex=False)
        score += has * rule.Points
    tier = pd.cut(score, [-float("inf"), 24, 59, float("inf")], labels=["C", "B", "A"])

    status = leads["Status"].astype(str).str.strip().str.lower()
    is_open = filled & status.isin(OPEN)
    moved = status.ne(leads["Last status"].astype(str))
    since = leads["Stage since"].astype(str).mask(moved, today.isoformat())
    stage = (now - _dates(since)).dt.days
    overdue = (now - _dates(leads["Next action"])).dt.days.clip(lower=0)

    leads["Score"] = np.where(filled, score.astype(object), "")
    leads["Tier"] = np.where(filled, tier.astype(object), "")
    leads["Overdue, days"] = np.where(is_open & overdue.notna(), overdue.astype(object), "")
    leads["Days in stage"] = np.where(is_open & stage.notna(), stage.astype(object), "")
    leads["Last status"] = status
    leads["Stage since"] = np.where(filled, since, "")
    return leads


def conversions(leads: pd.DataFrame) -> pd.DataFrame:
    """Leads, sales and conversion of each source and each manager."""
    won = leads["Status"].astype(str).str.strip().str.lower().isin(WON)
    tables = []
    for column in ("Source", "Manager"):
        name = leads[column].astype(str).str.strip().str.title()
        table = won[name.ne("")].groupby(name[name.ne("")]).agg(["size", "sum", "mean"])
        table.columns = ["Leads", "Won", "Conversion"]
        table.insert(0, "Name", table.index)
        table.insert(0, "By", column)
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def call_list(leads: pd.DataFrame) -> pd.DataFrame:
    """Whom to call first: overdue leads, the best ones on top."""
    late = leads[pd.to_numeric(leads["Overdue, days"], errors="coerce").gt(0)]
    order = late.astype({"Score": int}).sort_values(["Score", "Overdue, days"], ascending=False)
    columns = ["ID", "Name", "Phone", "Manager", "Next step", "Score", "Overdue, days"]
    return order[columns].head(CALLS)


def dress(sheet: gspread.Worksheet, leads: pd.DataFrame) -> None:
    """Colours by tier and lateness, number formats, a bold header that stays in sight."""
    import gspread_formatting as looks
    from gspread.utils import rowcol_to_a1
    from gspread_formatting.dataframe import BasicFormatter, format_with_dataframe

    def column(header: str) -> str:
        letter = rowcol_to_a1(1, leads.columns.get_loc(header) + 1).rstrip("1")
        return f"{letter}2:{letter}"

    def paint(header: str, condition: str, value: str, colour: str) -> looks.ConditionalFormatRule:
        return looks.ConditionalFormatRule(
            ranges=[looks.GridRange.from_a1_range(column(header), sheet)],
            booleanRule=looks.BooleanRule(
                condition=looks.BooleanCondition(condition, [value]),
                format=looks.CellFormat(backgroundColor=looks.Color.fromHex(colour)),
            ),
        )

    rules = looks.get_conditional_format_rules(sheet)
    rules.clear()
    for tier, colour in {"A": "#b6e2b0", "B": "#ffe8a3", "C": "#e3e6ea"}.items():
        rules.append(paint("Tier", "TEXT_EQ", tier, colour))
    rules.append(paint("Overdue, days", "NUMBER_GREATER", "0", "#f4b6b0"))
    rules.save()

    dates = looks.CellFormat(numberFormat=looks.NumberFormat("DATE", "yyyy-mm-dd"))
    formatter = BasicFormatter.with_defaults(
        integer_format="0",
        freeze_headers=True,
        column_formats=dict.fromkeys(("Created", "Next action"), dates),
    )
    format_with_dataframe(sheet, leads, formatter)


def _dates(texts: pd.Series) -> pd.Series:
    return pd.to_datetime(texts.astype(str), errors="coerce", format="mixed")
