"""Sources: what each is worth, with counts and intervals."""

from __future__ import annotations

from sheetsync.crm.base import Capability
from sheetsync.layout import Column, Tab

SOURCES = Tab(
    key="sources",
    row_key="source",
    hidden=True,
    columns=(
        Column("source", width=170, required=True),
        Column("alias", width=200),
        Column("cost", type="money", width=110),
        Column("leads", "tool", "integer", width=80),
        Column("won", "tool", "integer", width=80),
        Column("conversion", "tool", "percent", width=90),
        Column("low", "tool", "percent", width=80),
        Column("high", "tool", "percent", width=80),
        Column("expected", "tool", "percent", width=100),
        Column("rank", "tool", "integer", width=70),
        Column("cost_per_lead", "tool", "money", width=100),
        Column("cost_per_sale", "tool", "money", width=110),
        Column("verdict", "tool", "long_text", width=260),
        Column("check", "tool", "long_text", width=260),
    ),
)

CAPABILITY = Capability(name="sources", tabs=(SOURCES,))
