"""The rows of the Scoring tab, understood: what each looks at, its condition, points and words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sheetsync import cells
from sheetsync.cells.text import text_of
from sheetsync.crm.base import Book, Problem
from sheetsync.crm.lists import group_names
from sheetsync.crm.scoring import arithmetic
from sheetsync.crm.scoring.arithmetic import Name
from sheetsync.crm.scoring.conditions import (
    ABOUT_AGE,
    ABOUT_EMPTINESS,
    LOOKS_LIKE,
    Operands,
    Subject,
)
from sheetsync.crm.scoring.fields import FROM_SCORES, Fields
from sheetsync.crm.scoring.operands import UnclearError, closest, read_operands
from sheetsync.crm.scoring.shares import read_share
from sheetsync.locales import Words

UNIT = 1_000_000
"""Points are counted in whole millionths, so that sums are exact in any order."""
_MOST_POINTS = 1_000_000
_MEANINGFUL = ("field", "condition", "value", "points", "note")


@dataclass(frozen=True)
class Rule:
    """One row of the Scoring tab that was understood.

    Parameters
    ----------
    id, row : the row's key, and its number in the sheet
    on : whether its points count
    group : a key of ``choices.rule_group``, or what the owner typed instead; None without one
    subject, condition, operands : what is looked at, a key of ``choices.condition``, and with what
    points : in millionths
    off_above : the share of leads that meet it above which it gives no points to anybody, None
        where the owner sets none [fraction of 1]
    reason : what it says of a lead that meets it
    text : the same with the points in front
    """

    id: str
    row: int
    on: bool
    group: str | None
    subject: Subject
    condition: str
    operands: Operands
    points: int
    off_above: float | None
    reason: str
    text: str


def read_rules(book: Book, fields: Fields) -> tuple[list[Rule], list[Problem]]:
    """Every rule that makes sense, and what is wrong with the others.

    Rows without anything in them are no rules; a row that repeats an id is left to whoever gives
    new ids. Nothing is wrong with a row that is switched off: it may be a draft.
    """
    rules: list[Rule] = []
    problems: list[Problem] = []
    frame = book.rules[~book.rules.index.duplicated()]
    for rule_id, cells_of_row in zip(frame.index, frame.to_dict("records"), strict=True):
        row = {str(column): cell for column, cell in cells_of_row.items()}
        if all(text_of(row.get(column)) is None for column in _MEANINGFUL):
            continue
        on = True
        try:
            on = _is_on(row.get("on"))
            rule, complaints = _read_rule(str(rule_id), on, row, fields, book.words)
            rules.append(rule)
        except UnclearError as error:
            complaints = [error]
        if on:
            problems += [_problem(str(rule_id), row, complaint) for complaint in complaints]
    return rules, problems


def points_text(points: int, lang: str) -> str:
    """``+25``, ``-10``, ``+2,5``: points in millionths as people of a language write them."""
    number = f"{Decimal(points) / UNIT:+f}"
    if "." in number:
        number = number.rstrip("0").rstrip(".")
    return number.replace(".", ",") if lang == "ru" else number


def _read_rule(
    rule_id: str, on: bool, row: Mapping[str, Any], fields: Fields, words: Words
) -> tuple[Rule, list[UnclearError]]:
    subject = _subject(row.get("field"), fields)
    condition = _condition(row.get("condition"), words)
    operands, complaints = read_operands(condition, row.get("value"), subject, fields)
    points = _points(row.get("points"))
    reason = text_of(row.get("note")) or _reason(
        subject, condition, operands, row.get("value"), words
    )
    # Neither of these two stops a rule that is clear otherwise.
    group, complaint = _group(row.get("group"), words)
    border, other = _off_above(row.get("off_above"))
    rule = Rule(
        id=rule_id,
        row=int(row["row"]),
        on=on,
        group=group,
        subject=subject,
        condition=condition,
        operands=operands,
        points=points,
        off_above=border,
        reason=reason,
        text=f"{points_text(points, words.lang)} {reason}",
    )
    return rule, complaints + [found for found in (complaint, other) if found is not None]


def _is_on(cell: Any) -> bool:
    """A switch left empty is on."""
    if text_of(cell) is None:
        return True
    value = cells.read_bool(cell).value
    if value is None:
        raise UnclearError("on", "on_unreadable")
    return bool(value)


def _subject(cell: Any, fields: Fields) -> Subject:
    """A header, or an arithmetic of headers."""
    typed = text_of(cell)
    if typed is None:
        raise UnclearError("field", "field_missing")
    tree = _tree(typed, fields)
    keys = arithmetic.names_in(tree)
    if any(key in FROM_SCORES for key in keys):
        raise UnclearError("field", "field_ours")
    if isinstance(tree, Name):
        return Subject(fields.titles[tree.key], tree)
    for key in keys:
        if fields.type_of(key) == "text":
            raise UnclearError("field", "field_not_number", fields.titles[key])
    return Subject(typed, tree)


def _tree(typed: str, fields: Fields) -> arithmetic.Node:
    # A header may itself look like a calculation.
    if len(typed) <= arithmetic.MAX_LENGTH and cells.fold(typed) in fields.names:
        return Name(fields.names[cells.fold(typed)])
    try:
        return arithmetic.parse(typed, fields.names)
    except arithmetic.UnreadableError as error:
        titles = list(fields.titles.values())
        hint = closest(error.part, titles) if error.code == "unknown" else ""
        raise UnclearError("field", f"field_{error.code}", hint) from None


def _condition(cell: Any, words: Words) -> str:
    typed = text_of(cell)
    if typed is None:
        raise UnclearError("condition", "condition_missing")
    key = group_names("condition").by_folded.get(cells.fold(typed))
    if key is None:
        shown = list(words.group("choices.condition").values())
        raise UnclearError("condition", "condition_unknown", closest(typed, shown))
    return key


def _group(cell: Any, words: Words) -> tuple[str | None, UnclearError | None]:
    """A group of the list by its key; a name of the owner's own as it is typed, unless it looks
    like a slip of one in the list."""
    typed = text_of(cell)
    if typed is None:
        return None, None
    key = group_names("rule_group").by_folded.get(cells.fold(typed))
    if key is not None:
        return key, None
    meant = closest(typed, list(words.group("choices.rule_group").values()))
    return typed, UnclearError("group", "group_unknown", meant) if meant else None


def _off_above(cell: Any) -> tuple[float | None, UnclearError | None]:
    if text_of(cell) is None:
        return None, None
    share = read_share(cell)
    if not 0 < share <= 1:
        return None, UnclearError("off_above", "off_above_unreadable")
    return share, None


def _points(cell: Any) -> int:
    if text_of(cell) is None:
        raise UnclearError("points", "points_missing")
    points = cells.read_number(cell).value
    if points is None or abs(points) > _MOST_POINTS:
        raise UnclearError("points", "points_unreadable")
    return round(Decimal(repr(float(points))) * UNIT)


def _reason(subject: Subject, condition: str, operands: Operands, cell: Any, words: Words) -> str:
    if condition in ABOUT_EMPTINESS:
        return words(f"scoring.reason.{condition}", field=subject.label)
    if condition in ABOUT_AGE:
        days = cells.read_number(cell).value
        n = int(days) if days == int(days) else float(days)
        return words(f"scoring.reason.{condition}", field=subject.label, n=n, days=text_of(n) or "")
    value = cells.show(cell)
    if condition == LOOKS_LIKE:
        value = ", ".join(words(f"choices.junk.{sort}") for sort in operands.junk)
        value = value if text_of(cell) else words("scoring.junk.any")
    return words(f"scoring.reason.{condition}", field=subject.label, value=value)


def _problem(rule_id: str, row: Mapping[str, Any], error: UnclearError) -> Problem:
    typed = cells.show(row.get(error.column))
    return Problem("scoring", error.column, int(row["row"]), rule_id, typed, error.code, error.hint)
