"""The rules as data that JSON can say, for whoever judges a lead elsewhere by the same rules.

Nothing in it has to be understood again: fields are column keys or trees of arithmetic, operands
are typed, points are whole millionths. What is computed from it lead by lead is what
:mod:`~sheetsync.crm.scoring.scores` computes column by column.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from sheetsync.crm.scoring.arithmetic import Name, Negative, Node, Number
from sheetsync.crm.scoring.conditions import Operands
from sheetsync.crm.scoring.rules import Rule
from sheetsync.crm.scoring.scores import Scores

Data = dict[str, Any]


def compiled(scores: Scores) -> list[Data]:
    """Every rule that makes sense, in the order in which reasons are told.

    Returns
    -------
    list of dict
        id, row, group, subject (key, None for an arithmetic; label; tree, of :func:`tree_of`),
        condition, operands (texts, numbers, days, junk; a bound that is open is None), points
        [millionths], gives (False where it is off, or has switched itself off), on, text, reason
    """
    pairs = zip(scores.rules, scores.gives.tolist(), strict=True)
    return [_rule(rule, gives) for rule, gives in pairs]


def tree_of(node: Node) -> Data:
    """An arithmetic as nested data: ``{"number": 2.0}``, ``{"name": "budget"}``, ``{"negative":
    node}`` or ``{"sign": "/", "left": node, "right": node}``."""
    match node:
        case Number(value):
            return {"number": value}
        case Name(key):
            return {"name": key}
        case Negative(of):
            return {"negative": tree_of(of)}
        case _:
            left, right = tree_of(node.left), tree_of(node.right)
            return {"sign": node.sign, "left": left, "right": right}


def _rule(rule: Rule, gives: bool) -> Data:
    subject = rule.subject
    return {
        "id": rule.id,
        "row": rule.row,
        "group": rule.group,
        "subject": {"key": subject.key, "label": subject.label, "tree": tree_of(subject.tree)},
        "condition": rule.condition,
        "operands": _operands(rule.operands),
        "points": rule.points,
        "gives": gives,
        "on": rule.on,
        "text": rule.text,
        "reason": rule.reason,
    }


def _operands(operands: Operands) -> Data:
    return {
        "texts": list(operands.texts),
        "numbers": _finite(operands.numbers),
        "days": _finite(operands.days),
        "junk": list(operands.junk),
    }


def _finite(values: Iterable[float]) -> list[float | None]:
    return [value if np.isfinite(value) else None for value in values]
