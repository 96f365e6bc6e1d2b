"""Scores: the owner's rules, summed, with their reasons."""

from __future__ import annotations

from sheetsync.crm.base import Capability, Setting
from sheetsync.layout import Choice, Column, Rule, Style, Tab

SCORING = Tab(
    key="scoring",
    row_key="id",
    ids="R-{:03d}",
    hidden=True,
    columns=(
        Column("id", "tool", "id", width=60, required=True),
        Column("group", type="choice", choice=Choice(group="rule_group"), width=120),
        Column("field", width=170, required=True),
        Column("condition", type="choice", choice=Choice(group="condition"), required=True),
        Column("value", width=170, required=True),
        Column("points", type="number", width=70, required=True),
        Column("note", width=220),
        Column("on", type="checkbox", width=60),
        Column("matched", "tool", "integer", width=80),
        Column("check", "tool", "long_text", width=260),
    ),
)

TIERS = {"a": "B6E2B0", "b": "FFE8A3", "c": "E3E6EA", "spam": "D0B8B8"}

CAPABILITY = Capability(
    name="scoring",
    tabs=(SCORING,),
    columns={
        "leads": (
            Column("score", "tool", "integer", width=70),
            Column("tier", "tool", width=60),
            Column("why", "tool", "long_text", width=260),
        )
    },
    rules=(
        Rule("leads.score", "leads", ("score",), scale=("F4B6B0", "FFF3C4", "A8DBA8")),
        *(
            Rule(
                f"leads.tier_{tier}",
                "leads",
                ("tier",),
                "{tier}={text:choices.tier.%s}" % tier,
                Style(background=colour, bold=tier == "a"),
            )
            for tier, colour in TIERS.items()
        ),
    ),
    settings=(
        Setting("tier_a", 60, "number"),
        Setting("tier_b", 25, "number"),
        Setting("spam_below", -30, "number"),
    ),
)
