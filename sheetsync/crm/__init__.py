"""What the CRM is: one file per capability, pure functions over DataFrames, no I/O, no clock.

To add a capability, add a file and name it in :data:`CAPABILITIES`. The order is the order of tabs
and columns, of conditional formats (the first wins), and of computing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sheetsync.crm import (
    attention,
    checklist,
    dashboard,
    escalation,
    for_seniors,
    headcount,
    leads,
    losses,
    notes,
    overdue,
    promises,
    published,
    quality,
    script,
    settings,
    sources,
    team,
    today,
)
from sheetsync.crm.base import Capability, Setting
from sheetsync.crm.cohorts import capability as cohorts
from sheetsync.crm.duplicates import capability as duplicates
from sheetsync.crm.scoring import capability as scoring
from sheetsync.crm.stages import parking, pipeline
from sheetsync.crm.stages import statistics as stages
from sheetsync.layout import Layout, Rule, Tab

LAYOUT_VERSION = "2"
"""Of the tabs, columns, formats and default rules, as each workbook records it. One more in every
release that changes any of them: ``init`` gives a CRM of an earlier one what came since."""

KINDS = ("general", "travel", "b2b", "shop", "property")

CAPABILITIES: tuple[Capability, ...] = (
    leads.CAPABILITY,
    pipeline.CAPABILITY,
    stages.CAPABILITY,
    cohorts.CAPABILITY,
    sources.CAPABILITY,
    scoring.CAPABILITY,
    duplicates.CAPABILITY,
    quality.CAPABILITY,
    overdue.CAPABILITY,
    promises.CAPABILITY,
    parking.CAPABILITY,
    checklist.CAPABILITY,
    losses.CAPABILITY,
    escalation.CAPABILITY,
    script.CAPABILITY,
    team.CAPABILITY,
    headcount.CAPABILITY,
    notes.CAPABILITY,
    attention.CAPABILITY,
    for_seniors.CAPABILITY,
    today.CAPABILITY,
    dashboard.CAPABILITY,
    settings.CAPABILITY,
    published.CAPABILITY,
)

# People see what they work in first, then the lists, then the machinery.
_TAB_ORDER = ("leads", "today", "checklist", "statuses", "dashboard")
# Of the rules, an unreadable cell must win over everything, then what is late; a proposed loss has
# another colour than a loss.
_RULE_ORDER = ("leads.unreadable", "leads.overdue", "leads.due_today", "leads.proposed")


def layout(kind: str, steps: Iterable[tuple[str, str]] = ()) -> Layout:
    """The layout of a kind of shop, with a checkbox column per (step id, step text)."""
    tabs: dict[str, Tab] = {tab.key: tab for cap in CAPABILITIES for tab in cap.tabs}
    for cap in CAPABILITIES:
        for key, columns in cap.columns.items():
            tabs[key] = replace(tabs[key], columns=tabs[key].columns + columns)
    for key, tab in tabs.items():
        tabs[key] = replace(
            tab,
            columns=tuple(
                # What could not be understood in a row stays at its end.
                sorted(
                    (c for c in tab.columns if not c.kinds or kind in c.kinds),
                    key=lambda column: column.key == "check",
                )
            ),
        )
    first = [key for key in _TAB_ORDER if key in tabs]
    ordered = [tabs[key] for key in first] + [t for k, t in tabs.items() if k not in first]
    rules = sorted((rule for cap in CAPABILITIES for rule in cap.rules), key=_rank)
    return Layout(tuple(ordered), tuple(rules)).with_columns(
        "checklist", checklist.step_columns(steps)
    )


def _rank(rule: Rule) -> int:
    for rank, start in enumerate(_RULE_ORDER):
        if rule.key.startswith(start):
            return rank
    return len(_RULE_ORDER)


def settings_of_all() -> tuple[Setting, ...]:
    """Every row of the Settings tab, in order."""
    return tuple(setting for cap in CAPABILITIES for setting in cap.settings)
