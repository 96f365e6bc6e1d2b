"""The team: who there is, what each may do, and each one's figures."""

from __future__ import annotations

from sheetsync.crm.base import Capability
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

CAPABILITY = Capability(name="team", tabs=(TEAM,))
