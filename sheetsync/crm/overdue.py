"""Promises and deadlines: what is late, by how much, and what is stuck."""

from __future__ import annotations

from sheetsync.crm.base import Capability
from sheetsync.layout import Column, Rule, Style

_OPEN = "COUNTIFS({all:statuses.status};{status};{all:statuses.kind};{text:choices.kind.open})>0"

CAPABILITY = Capability(
    name="overdue",
    columns={
        "leads": (
            # What moves with the days is shown live on Google from the stored date. In working-days
            # mode no date is stored, and the value of the last refresh is shown.
            Column(
                "overdue",
                "tool",
                "integer",
                width=90,
                live='IF({stored:due}="";{stored:overdue};MAX(0;TODAY()-{stored:due}))',
            ),
            Column(
                "stage_days",
                "tool",
                "integer",
                width=90,
                live='IF({stored:since}="";{stored:stage_days};MAX(0;TODAY()-{stored:since}))',
            ),
            Column("due", "tool", "date", shown=False),
            Column("since", "tool", "date", shown=False),
        )
    },
    rules=(
        Rule(
            "leads.overdue",
            "leads",
            ("next_action", "overdue"),
            "AND(ISNUMBER({next_action});{next_action}<TODAY();" + _OPEN + ")",
            Style("F4A9A0", "7A1409", bold=True),
        ),
        Rule(
            "leads.due_today",
            "leads",
            ("next_action",),
            "AND(ISNUMBER({next_action});INT({next_action})=TODAY();" + _OPEN + ")",
            Style("FFD58A", "6B4300"),
        ),
    ),
)
