"""Scores: the owner's rules, summed, with their reasons.

A lead's score is the sum of the points of the rules it meets, rounded to a whole number, halves
away from zero. A rule that can't tell (the cell is empty or unreadable) gives no points. While no
rule works, there are no scores.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from sheetsync.crm import overdue
from sheetsync.crm.base import Book, Capability, Part, Problem, Results, Setting, no_flags
from sheetsync.crm.conditions import judge
from sheetsync.crm.fields import Bools, Fields
from sheetsync.crm.rules import UNIT, read_rules
from sheetsync.crm.rules import Rule as ScoringRule
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


@dataclass(frozen=True)
class Scores:
    """How every rule went with every lead.

    Parameters
    ----------
    leads : Index of lead ids, length n
    rules : the rules that work, greatest points (either way) first, then as in the sheet
    matched, unknown : arrays of bool, shape (n, rules)
    problems : what is wrong with the other rules
    """

    leads: pd.Index
    rules: Sequence[ScoringRule]
    matched: Bools
    unknown: Bools
    problems: tuple[Problem, ...]

    @property
    def totals(self) -> pd.Series:
        """The score of each lead (Int64), missing while no rule works."""
        points = np.array([rule.points for rule in self.rules], dtype=np.int64)
        total = self.matched @ points
        rounded = np.sign(total) * ((np.abs(total) + UNIT // 2) // UNIT)
        totals = pd.Series(rounded, self.leads, dtype="Int64")
        return totals if self.rules else totals.mask(totals.notna())

    @property
    def reasons(self) -> pd.Series:
        """What each lead's score is made of, None where nothing matched."""
        texts = [rule.text for rule in self.rules]
        patterns, places = _distinct_rows(self.matched)
        made = ["; ".join(texts[i] for i in np.flatnonzero(row)) or None for row in patterns]
        return pd.Series(np.array([*made, None], dtype=object)[places], self.leads, dtype=object)

    @property
    def lines(self) -> pd.DataFrame:
        """One line per lead and rule it meets, in the order of the leads: lead, rule, points,
        text."""
        lead, rule = np.nonzero(self.matched)
        about = pd.DataFrame(
            {
                "rule": [rule.id for rule in self.rules],
                "points": [rule.points / UNIT for rule in self.rules],
                "text": [rule.text for rule in self.rules],
            }
        ).astype({"rule": object, "points": "float64", "text": object})
        lines = about.take(rule).reset_index(drop=True)
        lines.insert(0, "lead", self.leads.take(lead))
        return lines

    @property
    def by_rule(self) -> pd.DataFrame:
        """Indexed by rule id: matched and unknown (Int64), numbers of leads."""
        index = pd.Index([rule.id for rule in self.rules], dtype=object, name="rule")
        counts = {"matched": self.matched.sum(axis=0), "unknown": self.unknown.sum(axis=0)}
        return pd.DataFrame(counts, index=index).astype("Int64")


def score(book: Book, so_far: Results) -> Scores:
    """Judge every lead by every rule."""
    computed = {
        "overdue": lambda: overdue.overdue_days(book),
        "stage_days": lambda: overdue.stage_days(book, so_far),
    }
    fields = Fields(book, computed)
    rules, problems = read_rules(book, fields)
    rules.sort(key=lambda rule: (-abs(rule.points), rule.row))
    matched = np.zeros((len(book.leads), len(rules)), dtype=bool)
    unknown = np.zeros_like(matched)
    for place, rule in enumerate(rules):
        verdict = judge(rule.condition, rule.operands, rule.subject, fields, book.today)
        matched[:, place], unknown[:, place] = verdict.matched, ~verdict.known
    return Scores(book.leads.index, tuple(rules), matched, unknown, tuple(problems))


def tiers(scores: pd.Series, book: Book) -> pd.Series:
    """The word of each score's tier by the borders in Settings; missing where the score is."""
    words = book.words.group("choices.tier")
    value = scores.to_numpy(dtype=float, na_value=np.nan)
    limits = book.settings
    names = np.select(
        [
            np.isnan(value),
            value >= float(limits["tier_a"]),
            value >= float(limits["tier_b"]),
            value < float(limits["spam_below"]),
        ],
        np.array([None, words["a"], words["b"], words["spam"]], dtype=object)[:, None],
        default=words["c"],
    )
    return pd.Series(names, scores.index, dtype=object)


def score_lines(book: Book, lead_id: str, so_far: Results | None = None) -> tuple[str, ...]:
    """What one lead's score is made of, greatest points first: ``+25 Source: Website``.

    Raises
    ------
    KeyError
        There is no such lead.
    """
    one = replace(
        book,
        leads=book.leads.loc[[lead_id]],
        fields=book.fields.loc[[lead_id]],
        unreadable=book.unreadable.loc[[lead_id]],
    )
    nothing = Results({}, {}, {}, no_flags(), (), {})
    return tuple(score(one, so_far or nothing).lines["text"])


def compute(book: Book, so_far: Results) -> Part:
    """Score, tier and reasons of each lead, and how many leads each rule matched.

    Figures: ``scores`` (:attr:`Scores.lines`) and ``rules`` (:attr:`Scores.by_rule`).
    """
    scores = score(book, so_far)
    totals = scores.totals
    leads = {"score": totals, "tier": tiers(totals, book), "why": scores.reasons}
    return Part(
        columns={
            "leads": pd.DataFrame(leads),
            "scoring": scores.by_rule[["matched"]].reindex(book.rules.index.unique()),
        },
        problems=scores.problems,
        figures={"scores": scores.lines, "rules": scores.by_rule.reset_index()},
    )


def _distinct_rows(flags: Bools) -> tuple[Bools, npt.NDArray[np.intp]]:
    """The different rows of a table of flags, and which of them stands in each place."""
    if not flags.size:
        return flags[:0], np.full(len(flags), -1)
    packed = np.packbits(flags, axis=1)
    # Bytes of one length sort as whole words, far faster than rows of an array.
    _, first, places = np.unique(
        packed.view(f"S{packed.shape[1]}").ravel(), return_index=True, return_inverse=True
    )
    return flags[first], places


CAPABILITY = Capability(
    name="scoring",
    tabs=(SCORING,),
    columns={
        "leads": (
            Column("score", "tool", "integer", width=70),
            Column("tier", "tool", width=60),
            Column("why", "tool", "long_text", width=320),
        )
    },
    rules=(
        Rule("leads.score", "leads", ("score",), scale=("F4B6B0", "FFF3C4", "A8DBA8")),
        *(
            Rule(
                f"leads.tier_{tier}",
                "leads",
                ("tier",),
                f"{{tier}}={{text:choices.tier.{tier}}}",
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
    compute=compute,
)
