"""What each lead's results have to be, from its typed cells alone; written apart from the model.

The Scoring tab of a world holds the rules below and nothing else. Their points tell them apart in
any sum, so that a score names the lead's budget, source and comment: a result beside another lead
is seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

BUDGETS = {100 * step: step for step in range(1, 7)}
"""At least so much -> points."""

SOURCES = {
    "Recommendation": 100,
    "Repeat customer": 200,
    "Website": 300,
    "Advertising": 400,
    "Social media": 500,
    "Phone call": 600,
}
VIP = 1000
OPEN = ("New", "In progress", "Later", "Offer made", "Waiting for payment")
CLOSED = ("Sold", "Lost")
_EPOCH = date(1899, 12, 30)


def rules() -> list[dict[str, Any]]:
    """The rows of the Scoring tab, by header."""
    found: list[tuple[str, str, Any, int, str]] = [
        ("Budget", "at least", least, points, f"from {least}") for least, points in BUDGETS.items()
    ]
    found += [("Source", "equals", name, points, name) for name, points in SOURCES.items()]
    found.append(("Comment", "contains", "vip", VIP, "important"))
    headers = ("Field", "Condition", "Value", "Points", "Note")
    return [dict(zip(headers, rule, strict=True)) for rule in found]


@dataclass(frozen=True)
class Answer:
    """What is shown beside a lead; ``overdue`` None where nothing is."""

    score: int
    why: str | None
    overdue: int | None
    name: str | None
    status: str | None


def answer(cells: Mapping[str, Any], today: date) -> Answer:
    """The results of a lead with these typed cells."""
    budget, comment = cells.get("budget"), str(cells.get("comment") or "")
    reasons = [(VIP, "important")] if "vip" in comment else []
    source = str(cells.get("source") or "")
    if source in SOURCES:
        reasons.append((SOURCES[source], source))
    if isinstance(budget, (int, float)):
        reached = [least for least in BUDGETS if budget >= least]
        reasons += [(BUDGETS[least], f"from {least}") for least in sorted(reached, reverse=True)]
    due, status = cells.get("next_action"), cells.get("status")
    overdue = None
    if isinstance(due, (int, float)) and status in OPEN:
        overdue = max(0, (today - _EPOCH).days - int(due))
    return Answer(
        score=sum(points for points, _ in reasons),
        why="; ".join(f"+{points} {text}" for points, text in reasons) or None,
        overdue=overdue,
        name=_text(cells.get("name")),
        status=_text(status),
    )


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
