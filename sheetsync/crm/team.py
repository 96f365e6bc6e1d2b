"""The team: who there is, what each may do, and each one's figures."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sheetsync.crm.base import Book, Capability, Part, Results
from sheetsync.crm.groups import conversions, counted, places
from sheetsync.layout import Choice, Column, Tab

TEAM = Tab(
    key="team",
    row_key="name",
    hidden=True,
    columns=(
        Column("name", width=170, required=True),
        Column("alias", width=160),
        Column("email", type="email", width=200),
        Column("role", type="choice", choice=Choice(group="role"), width=110),
        Column("norm", type="integer", width=100),
        Column("leads", "tool", "integer", width=80),
        Column("open", "tool", "integer", width=80),
        Column("won", "tool", "integer", width=80),
        Column("lost", "tool", "integer", width=80),
        Column("conversion", "tool", "percent", width=90),
        Column("low", "tool", "percent", width=80),
        Column("high", "tool", "percent", width=80),
        Column("overdue", "tool", "integer", width=100),
        Column("check", "tool", "long_text", width=260),
    ),
)


def compute(book: Book, so_far: Results) -> Part:
    """The tool's columns of the Team tab.

    A manager's leads are all he has but partners and working calls, as for sources; his conversion
    is the share of them that is won now. ``overdue`` counts open leads past their next action, and
    is missing where nothing computed that.

    Figures: ``team``, the same by name, with a last line (name missing) for leads of nobody known.
    """
    leads = counted(book)
    names = book.team.index
    table = conversions(leads, "manager", names)
    late = overdue_leads(leads, so_far)
    if late is None:
        table["overdue"] = pd.array([pd.NA] * len(table), dtype="Int64")
    else:
        place = places(leads["manager"], names)[late.to_numpy()]
        table["overdue"] = pd.Series(np.bincount(place, minlength=len(table)), dtype="Int64")
    columns = [column.key for column in TEAM.owned("tool") if column.key != "check"]
    shown = table.iloc[: len(names)].set_index("name")
    return Part(columns={"team": shown[columns]}, figures={"team": table})


def overdue_leads(leads: pd.DataFrame, so_far: Results) -> pd.Series | None:
    """True for the open leads that are overdue, by lead id; None where nothing computed that."""
    computed = so_far.columns.get("leads")
    if computed is None or "overdue" not in computed:
        return None
    days = computed["overdue"].reindex(leads.index).astype("Int64")
    return days.gt(0).fillna(False).astype(bool) & leads["kind"].isin(["open"])


CAPABILITY = Capability(name="team", tabs=(TEAM,), compute=compute)
