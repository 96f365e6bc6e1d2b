"""Today: whom to call now, in order, and why; and below, what the seniors have to decide.

A lead stands in the list for what cannot wait, its *cause*, in this order: a new lead that nobody
has touched (it cools by the minute), a broken promise, a parked lead that wakes today, a promise
for today, a lead stuck in its stage, an open lead with no next action, a parked one with no day to
wake. Within a cause the better tier goes first, then the longer wait, then the score. A lead whose
next action lies in the future waits for it, except a new one. One whose loss is proposed is for the
seniors.

The seniors' part (:mod:`sheetsync.crm.for_seniors`) follows the calls however many there are.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sheetsync.crm import for_seniors
from sheetsync.crm.base import Book, Capability, Part, Results
from sheetsync.crm.groups import at_work
from sheetsync.crm.ranking import ranked
from sheetsync.crm.scoring.tiers import tier_keys, tier_names
from sheetsync.crm.stages.funnel import first_status, parts, visits
from sheetsync.crm.stages.log import appended, whole_log
from sheetsync.crm.stages.parking import parked
from sheetsync.layout import Column, Tab
from sheetsync.locales import Words

TODAY = Tab(
    key="today",
    body="table",
    columns=(
        Column("rank", "tool", "integer", width=50),
        Column("lead", "tool", "id", width=80),
        Column("name", "tool", width=170),
        Column("phone", "tool", "phone", width=150),
        Column("manager", "tool", width=130),
        Column("action", "tool", "long_text", width=240),
        Column("reason", "tool", "long_text", width=340),
        Column("score", "tool", "integer", width=70),
    ),
)

CAUSES = (
    "untouched",
    "overdue",
    "woken",
    "due_today",
    "stuck",
    "no_action",
    "no_wake_date",
)


def call_list(book: Book, so_far: Results) -> pd.DataFrame:
    """Every lead that cannot wait, in order.

    Returns
    -------
    DataFrame indexed by lead id: cause (one of CAUSES), days (Int64, how long it has waited: in the
    first status, past the promise, in the stage), tier ("a", "b", "c", "spam"), score (Int64)
    """
    leads = book.leads
    computed = so_far.columns["leads"].reindex(leads.index)
    overdue = computed["overdue"].astype("Int64").fillna(0)
    stage_days = computed["stage_days"].astype("Int64")
    first = first_status(book.statuses)
    log = whole_log(book.history, appended(so_far))
    been = visits(leads["status"], log, book.statuses.index)
    allowed = leads["status"].map(book.statuses["days_allowed"]).astype(float)
    today = pd.Timestamp(book.today)
    action = leads["next_action"]
    waits = action.gt(today)
    asleep = parked(book)
    unreadable = (
        book.unreadable["next_action"]
        if "next_action" in book.unreadable
        else pd.Series(False, index=leads.index)
    )
    is_cause = {
        "untouched": parts(leads, been, first).eq("untouched"),
        "overdue": overdue.gt(0),
        # In working days a promise for Saturday is due through Monday.
        "woken": asleep & action.le(today) & overdue.eq(0),
        "due_today": action.le(today) & overdue.eq(0),
        "stuck": stage_days.astype(float).gt(allowed) & ~waits & ~asleep,
        "no_action": action.isna() & ~unreadable & ~asleep,
        "no_wake_date": action.isna() & ~unreadable & asleep,
    }
    cause = pd.Series(
        np.select([is_cause[c].fillna(False).to_numpy(bool) for c in CAUSES], CAUSES, default=""),
        index=leads.index,
    )
    frame = pd.DataFrame(
        {
            "cause": cause,
            "days": overdue.where(cause.eq("overdue"), stage_days),
            "tier": tier_keys(computed["tier"], book.settings),
            "score": computed["score"].astype("Int64"),
        }
    )[at_work(leads) & cause.ne("")]
    return ranked(frame, CAUSES)


def compute(book: Book, so_far: Results) -> Part:
    """The Today tab: the head of the call list, and that of the seniors' list, each as long as
    Settings allow.

    Figures: ``call_list``, of :func:`call_list`.
    """
    calls = call_list(book, so_far)
    checks = so_far.figures.get("senior_list", calls.head(0))
    size = int(book.settings["today_size"])
    parts = [
        (head, says(book, so_far, head))
        for head, says in ((calls.head(size), _calls), (checks.head(size), for_seniors.rows))
    ]
    lines = pd.concat([head for head, _ in parts])
    said = pd.concat([text for _, text in parts])
    leads = book.leads.loc[lines.index]
    table = pd.DataFrame(
        {
            "rank": pd.array(range(1, len(lines) + 1), dtype="Int64"),
            "lead": lines.index,
            "name": leads["name"].to_numpy(),
            "phone": leads["phone"].to_numpy(),
            "manager": leads["manager"].to_numpy(),
            "action": said["action"].to_numpy(),
            "reason": said["reason"].to_numpy(),
            "score": lines["score"].reset_index(drop=True),
        }
    )
    return Part(tables={"today": table}, figures={"call_list": calls})


def shown_calls(book: Book, results: Results) -> pd.DataFrame:
    """The lines of the Today tab that are calls; what is for the seniors stands below them."""
    calls = min(len(results.figures["call_list"]), int(book.settings["today_size"]))
    return results.tables["today"].head(calls)


def _calls(book: Book, _so_far: Results, lines: pd.DataFrame) -> pd.DataFrame:
    """What to do, and why, for some lines of the call list: action, reason, same index."""
    leads = book.leads.loc[lines.index]
    words, today = book.words, pd.Timestamp(book.today)
    default = lines["cause"].map({c: words(f"today.action.{c}") for c in CAUSES})
    reasons = [
        _reason(words, cause, 0 if pd.isna(days) else int(days), created == today)
        for cause, days, created in zip(
            lines["cause"], lines["days"], leads["created"], strict=True
        )
    ]
    names = tier_names(book.settings)
    tiers = [
        "" if pd.isna(tier) else words("today.tier", tier=names[tier]) for tier in lines["tier"]
    ]
    said = [reason + tier for reason, tier in zip(reasons, tiers, strict=True)]
    action = leads["next_step"].fillna(default)
    return pd.DataFrame({"action": action, "reason": said}, index=lines.index, dtype=object)


def _reason(words: Words, cause: str, days: int, came_today: bool) -> str:
    if cause == "untouched" and days == 0:
        return words("today.reason.fresh" if came_today else "today.reason.new")
    return words(f"today.reason.{cause}", n=days)


CAPABILITY = Capability(name="today", tabs=(TODAY,), compute=compute)
