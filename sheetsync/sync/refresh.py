"""Refresh: read -> compute -> plan -> apply."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sheetsync.errors import ConflictError, InputError
from sheetsync.sync.plan import make_plan
from sheetsync.sync.provision import add_steps, new_steps
from sheetsync.sync.understand import (
    Progress,
    Understood,
    read_and_understand,
    silent,
)
from sheetsync.workbooks.base import Plan, Receipt, Workbook

_TRIES = 5
"""How often a refresh computes anew when somebody else's refresh came first."""

_FEW_LEADS, _GREAT_SHARE = 20, 0.5
"""When more than this share of at least so many leads is gone since the last refresh, it looks like
an accident (rows cleared, a filter pasted over), and a refresh wants ``force``."""


@dataclass(frozen=True)
class Refreshed:
    """What a refresh found, computed, planned, and did.

    ``receipt`` is None for a dry run. ``new_steps`` are the steps that the Checklist got a column
    for, or on a dry run would get. ``seconds``: ``read``, ``parse``, ``compute``, ``plan``,
    ``write``.
    """

    understood: Understood
    plan: Plan
    receipt: Receipt | None
    seconds: Mapping[str, float]
    new_steps: tuple[str, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether there was nothing to do."""
        return self.plan.empty and not self.new_steps


def refresh(
    workbook: Workbook,
    *,
    now: datetime | None = None,
    today: date | None = None,
    dry_run: bool = False,
    force: bool = False,
    progress: Progress = silent,
) -> Refreshed:
    """Bring everything the tool owns up to date.

    Parameters
    ----------
    now, today : see :func:`~sheetsync.sync.understand.read_and_understand`
    dry_run : plan, and write nothing
    force : apply also a plan that looks like an accident
    progress : called with the name of each stage as it begins

    Raises
    ------
    ConflictError
        The workbook kept changing while we computed.
    """
    for attempt in range(1, _TRIES + 1):
        try:
            return _once(workbook, now, today, dry_run, force, progress)
        except ConflictError:
            if attempt == _TRIES:
                raise
    raise AssertionError("unreachable")


def _once(
    workbook: Workbook,
    now: datetime | None,
    today: date | None,
    dry_run: bool,
    force: bool,
    progress: Progress,
) -> Refreshed:
    understood = read_and_understand(workbook, now=now, today=today, progress=progress)
    steps = new_steps(understood)
    if steps and not dry_run:
        add_steps(workbook, understood)
        understood = read_and_understand(workbook, now=now, today=today, progress=progress)
    start = time.perf_counter()
    progress("plan")
    plan = make_plan(
        understood.snapshot,
        understood.layout,
        understood.words,
        understood.identities,
        understood.results,
    )
    planned = time.perf_counter()
    receipt = None
    if not dry_run:
        if not force:
            _refuse_accidents(understood)
        if not plan.empty:
            progress("write")
        receipt = workbook.apply(plan)
    seconds = {
        **understood.seconds,
        "plan": planned - start,
        "write": time.perf_counter() - planned,
    }
    return Refreshed(understood, plan, receipt, seconds, steps)


def _refuse_accidents(understood: Understood) -> None:
    recorded = understood.snapshot.tabs["leads"].stored
    before = recorded["seen"].notna().sum() if "seen" in recorded else 0
    after = len(understood.book.leads)
    if before >= _FEW_LEADS and after < before * (1 - _GREAT_SHARE):
        raise InputError("too_many_gone", before=int(before), after=after)
