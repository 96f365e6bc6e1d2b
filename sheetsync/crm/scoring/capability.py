"""Scoring: each lead's score with its reasons, its tier and how to handle it, its marks; and what
every rule is worth."""

from __future__ import annotations

import pandas as pd

from sheetsync.crm.base import Book, Capability, Part, Results, Setting
from sheetsync.crm.scoring.compiled import compiled
from sheetsync.crm.scoring.effects import effects, least, texts
from sheetsync.crm.scoring.marks import marks, shown
from sheetsync.crm.scoring.scores import score
from sheetsync.crm.scoring.tiers import TIERS, handling, tier_names, tiers
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
        Column("off_above", type="percent", width=90),
        Column("matched", "tool", "integer", width=80),
        Column("unknown", "tool", "integer", width=80),
        Column("with", "tool", "percent", width=90),
        Column("without", "tool", "percent", width=90),
        Column("lift", "tool", "number", width=70),
        Column("low", "tool", "number", width=70),
        Column("high", "tool", "number", width=70),
        Column("effect", "tool", "long_text", width=280),
        Column("check", "tool", "long_text", width=260),
    ),
)

_COLOURS = {"a": "B6E2B0", "b": "FFE8A3", "c": "E3E6EA", "spam": "D0B8B8"}


def compute(book: Book, so_far: Results) -> Part:
    """Score, tier, handling, marks and reasons of each lead, and what each rule does.

    Figures: ``scores`` (:attr:`Scores.lines`), ``rules`` (:func:`effects`), ``marks``
    (:func:`marks`), ``tiers``: lead, tier (key), score, of the leads that have one; and
    ``compiled`` (:func:`compiled`), whose cells are nested data.
    """
    scores = score(book, so_far)
    totals = scores.totals
    keys = tiers(totals, book.settings)
    marked = marks(book, scores)
    leads = pd.DataFrame(
        {
            "score": totals,
            "tier": keys.map(tier_names(book.settings)).astype(object),
            "handling": handling(keys, book.leads["kind"], book.settings),
            "mark": shown(marked, book.leads.index, book.words),
            "why": scores.reasons,
            "tier_key": keys,
        }
    )
    rules = effects(book, scores)
    has_tier = keys.notna().to_numpy()
    return Part(
        columns={"leads": leads, "scoring": _rules(book, rules)},
        problems=scores.problems,
        figures={
            "scores": scores.lines,
            "rules": rules,
            "marks": marked,
            "compiled": pd.DataFrame(compiled(scores), dtype=object),
            "tiers": pd.DataFrame(
                {"lead": keys.index, "tier": keys.to_numpy(), "score": totals.array}
            )[has_tier].reset_index(drop=True),
        },
    )


def _rules(book: Book, rules: pd.DataFrame) -> pd.DataFrame:
    """The tool's columns of the Scoring tab."""
    shown = rules.set_index("rule")
    shown["effect"] = texts(rules, least(book), book.words)
    ratios = ["lift", "low", "high"]
    shown[ratios] = shown[ratios].round(2)
    columns = [column.key for column in SCORING.owned("tool") if column.key not in ("id", "check")]
    return shown[columns].reindex(book.rules.index.unique())


CAPABILITY = Capability(
    name="scoring",
    tabs=(SCORING,),
    columns={
        "leads": (
            Column("score", "tool", "integer", width=70),
            Column("tier", "tool", width=60),
            Column("handling", "tool", width=150),
            Column("mark", "tool", width=110),
            Column("why", "tool", "long_text", width=320),
            # The tier whatever the owner calls it, for its colour.
            Column("tier_key", "tool", hidden=True),
        )
    },
    rules=(
        Rule("leads.score", "leads", ("score",), scale=("F4B6B0", "FFF3C4", "A8DBA8")),
        *(
            Rule(
                f"leads.tier_{tier}",
                "leads",
                ("tier",),
                f'{{tier_key}}="{tier}"',
                Style(background=colour, bold=tier == "a"),
            )
            for tier, colour in _COLOURS.items()
        ),
    ),
    settings=(
        Setting("tier_a", 60, "number"),
        Setting("tier_b", 25, "number"),
        Setting("spam_below", -30, "number"),
        *(Setting(f"tier_{tier}_{what}", "", "text") for tier in TIERS for what in ("name", "do")),
        Setting("junk_at", -40, "number"),
    ),
    compute=compute,
)
