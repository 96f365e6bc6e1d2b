"""A proposal as rows of the Scoring tab, in the words and numbers of the CRM's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pandas as pd

from sheetsync import cells
from sheetsync.crm.base import Book
from sheetsync.crm.saying import day
from sheetsync.crm.scorecard.binning import Stump
from sheetsync.crm.scoring.conditions import Verdict, judge
from sheetsync.crm.scoring.fields import TICKED, UNTICKED, Fields
from sheetsync.crm.scoring.rules import Rule, read_rules
from sheetsync.locales import Words

Row = dict[str, Any]

GROUPS = {
    **dict.fromkeys(("source", "channel"), "source"),
    **dict.fromkeys(("company", "segment"), "company"),
    **dict.fromkeys(("request", "budget", "people", "days"), "request"),
    **dict.fromkeys(("name", "phone"), "demographic"),
    "email": "email",
}
"""Column key -> the group of rules it belongs to; people's own columns belong to none of them."""


def row(stump: Stump, points: int, words: Words) -> Row:
    """What a person would type for this rule: field, condition, value, points and group."""
    group = GROUPS.get(stump.column.key.partition(" ")[0])
    return {
        "group": words(f"choices.rule_group.{group}") if group else None,
        "field": stump.column.field,
        "condition": words(f"choices.condition.{stump.condition}"),
        "value": _value(stump, words),
        "points": points,
    }


def _value(stump: Stump, words: Words) -> str | float | None:
    values = stump.values
    if not values:
        return None
    if stump.condition == "between":
        low, high = (number_text(float(value), words.lang) for value in values)
        # A minus sign beside a dash would be hard to read, for people too.
        return f"{low}; {high}" if "-" in low + high else f"{low} - {high}"
    if len(values) > 1:
        return "; ".join(_text(value, words) for value in values)
    return float(values[0]) if isinstance(values[0], float) else _text(values[0], words)


def _text(value: float | str, words: Words) -> str:
    if isinstance(value, float):
        return number_text(value, words.lang)
    tick = {TICKED: "yes", UNTICKED: "no"}.get(cells.fold(value))
    return words(f"scorecard.{tick}") if tick else value


def number_text(value: float, lang: str) -> str:
    """A number as people of a language type it, which reads as the same number again.

    ``1.250`` would read as grouped thousands, so such a number gets one more digit.
    """
    text = f"{Decimal(repr(value)):f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    text = text.replace(".", ",") if lang == "ru" else text
    if value % 1 and cells.parse_numbers(pd.Series([text], dtype=object)).values.iloc[0] != value:
        text += "0"
    return text


def as_rules(rows: Iterable[Mapping[str, Any]], book: Book, fields: Fields) -> list[Rule | None]:
    """The rows as the CRM reads them; None for one that it can't."""
    table = _table(rows, book)
    read = {rule.id: rule for rule in read_rules(replace(book, rules=table), fields)[0]}
    return [read.get(key) for key in table.index]


def _table(rows: Iterable[Mapping[str, Any]], book: Book) -> pd.DataFrame:
    listed = list(rows)
    index = pd.Index([f"new-{place}" for place in range(len(listed))], dtype=object, name="id")
    columns = [name for name in book.rules.columns if name != "row"]
    table = pd.DataFrame(listed, index=index).reindex(columns=columns).astype(object)
    table = table.where(table.notna(), None)
    table["row"] = 0
    return table


def judged(rule: Rule, book: Book, fields: Fields) -> Verdict:
    """How a rule goes with the leads of the book, as a refresh will find."""
    return judge(rule.condition, rule.operands, rule.subject, fields, book.today)


def note(rule: Rule, won: int, matched: int, rest_share: float, book: Book) -> str:
    """What stands in the Note cell, and so in the reasons of a score: what the rule is about, and
    what it was proposed from."""
    return book.words(
        "scorecard.note",
        reason=rule.reason,
        day=day(book.today, book.words),
        won=won,
        matched=matched,
        rest=f"{100 * rest_share:.0f}",
    )


def already(rules: Sequence[Rule | None], book: Book, fields: Fields) -> list[Rule | None]:
    """For each rule, the row of the Scoring tab that says the same with the same points; of
    several, one that is switched on."""
    there = sorted(read_rules(book, fields)[0], key=lambda old: not old.on)
    return [next((old for old in there if rule and _same(old, rule)), None) for rule in rules]


def _same(one: Rule, other: Rule) -> bool:
    return (
        one.subject.tree == other.subject.tree
        and one.condition == other.condition
        and _operands(one) == _operands(other)
        and one.points == other.points
    )


def _operands(rule: Rule) -> tuple[frozenset[str], tuple[float, ...], tuple[float, ...]]:
    """The values, whatever their order in a list."""
    said = rule.operands
    return frozenset(said.texts), tuple(sorted(said.numbers)), tuple(sorted(said.days))
