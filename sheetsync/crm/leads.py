"""The Leads tab: who asked for what, and what people know about them."""

from __future__ import annotations

from sheetsync.crm.base import Capability
from sheetsync.layout import Choice, Column, Tab

LEADS = Tab(
    key="leads",
    row_key="id",
    ids="L-{:05d}",
    frozen=1,
    columns=(
        Column("id", "tool", "id", width=80, required=True),
        Column("created", type="date", width=90, required=True),
        Column("name", width=160, required=True),
        Column("phone", type="phone", width=140, required=True),
        Column("email", type="email", width=170, required=True),
        Column("company", width=140),
        Column(
            "source",
            type="choice",
            choice=Choice(column="sources.source"),
            width=160,
            required=True,
        ),
        Column("channel", type="choice", choice=Choice(group="channel"), width=90),
        Column("request", type="long_text", width=220),
        Column("budget", type="money", width=100),
        Column("people", type="number", width=70, kinds=("travel",)),
        Column("days", type="number", width=70, kinds=("travel",)),
        Column("segment", type="choice", choice=Choice(group="segment"), width=90),
        Column("status", type="choice", choice=Choice(column="statuses.status"), required=True),
        Column("manager", type="choice", choice=Choice(column="team.name"), required=True),
        Column("next_action", type="date", width=95, required=True),
        Column("next_step", width=170),
        Column("comment", type="long_text", width=220),
        Column("amount", type="money", width=100),
        Column("loss_reason", type="choice", choice=Choice(column="reasons.reason"), width=180),
        Column("approved_by", type="choice", choice=Choice(column="team.name"), width=130),
    ),
)

REASONS = Tab(
    key="reasons",
    row_key="reason",
    hidden=True,
    columns=(
        Column("reason", width=220, required=True),
        Column("alias", width=160),
        Column("check", "tool", "long_text", width=260),
    ),
)

CAPABILITY = Capability(name="leads", tabs=(LEADS, REASONS))
