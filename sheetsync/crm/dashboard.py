"""The dashboard: the figures of all capabilities in one tidy table."""

from __future__ import annotations

from sheetsync.crm.base import Capability
from sheetsync.layout import Column, Tab

DASHBOARD = Tab(
    key="dashboard",
    body="table",
    columns=(
        Column("section", "tool", width=150),
        Column("item", "tool", width=220),
        Column("count", "tool", "integer", width=80),
        Column("of", "tool", "integer", width=80),
        Column("share", "tool", "percent", width=90),
        Column("low", "tool", "percent", width=80),
        Column("high", "tool", "percent", width=80),
        Column("note", "tool", "long_text", width=420),
    ),
)

CAPABILITY = Capability(name="dashboard", tabs=(DASHBOARD,))
