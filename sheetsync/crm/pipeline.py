"""Statuses, the history of moves between them, and the conversions of stages."""

from __future__ import annotations

from sheetsync.crm.base import Capability
from sheetsync.layout import Choice, Column, Rule, Style, Tab

STATUSES = Tab(
    key="statuses",
    row_key="status",
    columns=(
        Column("status", width=170, required=True),
        Column("kind", type="choice", choice=Choice(group="kind"), required=True),
        Column("order", type="integer", width=80, required=True),
        Column("days_allowed", type="number", width=110),
        Column("may_skip", type="checkbox", width=110),
        Column("needs_comment", type="checkbox", width=110),
        Column("needs_approval", type="checkbox", width=110),
        Column("alias", width=200),
        Column("check", "tool", "long_text", width=260),
    ),
)

HISTORY = Tab(
    key="history",
    body="log",
    hidden=True,
    columns=(
        Column("at", "tool", "datetime", width=130, required=True),
        Column("lead", "tool", "id", width=80, required=True),
        Column("from", "tool", width=150, required=True),
        Column("to", "tool", width=150, required=True),
        Column("by", "tool", width=150),
        Column("comment", "tool", "long_text", width=260),
        Column("via", "tool", width=90),
        Column("id", "tool", "id", width=110, required=True),
    ),
)


def _of_kind(kind: str) -> str:
    return (
        "COUNTIFS({all:statuses.status};{status};{all:statuses.kind};{text:choices.kind.%s})>0"
        % kind
    )


_WHOLE = ("id", "name", "status")

CAPABILITY = Capability(
    name="pipeline",
    tabs=(STATUSES, HISTORY),
    rules=(
        Rule("leads.won", "leads", _WHOLE, _of_kind("won"), Style("CDEBC8", "1E5B1E")),
        *(
            Rule(f"leads.{kind}", "leads", _WHOLE, _of_kind(kind), Style("ECECEC", "8A8A8A"))
            for kind in ("lost", "spam", "not_a_lead")
        ),
        Rule(
            "leads.untouched",
            "leads",
            ("name", "status"),
            "COUNTIFS({all:statuses.status};{status};{all:statuses.order};"
            "MIN({all:statuses.order}))>0",
            Style(bold=True),
        ),
    ),
)
