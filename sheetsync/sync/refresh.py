"""Refresh: read -> compute -> plan -> apply."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sheetsync.errors import ConflictError, InputError, SheetsyncError
from sheetsync.sync.plan import make_plan
from sheetsync.sync.provision import add_steps, new_steps
from sheetsync.sync.understand import (
    Progress,
    Understood,
    read_and_understand,
    silent,
)
from sheetsync.workbooks.base import Plan, Receipt, Traffic, Workbook

Amend = Callable[[Understood], Understood]
"""What another command does to what was read before it is written back: add rows, say."""

_TRIES = 8
"""How often a refresh computes anew when somebody else's refresh came first, or people rebuilt the
sheet in that moment."""

_FEW_LEADS, _GREAT_SHARE = 20, 0.5
"""When more than this share of at least so many leads is gone since the last refresh, it looks like
an accident (rows cleared, a filter pasted over), and a refresh wants ``force``."""


@dataclass(frozen=True)
class Refreshed:
    """What a refresh found, computed, planned, and did.

    ``receipt`` is None for a dry run; its traffic is that of the whole refresh. ``new_steps`` are
    the steps that the Checklist got a column for, or on a dry run would get. ``seconds``: ``read``,
    ``parse``, ``compute``, ``plan``, ``write``.
    """

    understood: Understood
    plan: Plan
    receipt: Receipt | None
    seconds: Mapping[str, float]
    new_steps: tuple[str, ...] = ()
    traffic: Traffic = field(default_factory=Traffic)

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
    amend: Amend = lambda understood: understood,
) -> Refreshed:
    """Bring everything the tool owns up to date.

    Parameters
    ----------
    now, today : see :func:`~sheetsync.sync.understand.read_and_understand`
    dry_run : plan, and write nothing
    force : apply also a plan that looks like an accident
    progress : called with the name of each stage as it begins
    amend : called with what each read gave, so again when the workbook had changed meanwhile

    Raises
    ------
    ConflictError
        The workbook kept changing while we computed.
    """
    before = workbook.traffic
    done: Refreshed | None = None
    for attempt in range(1, _TRIES + 1):
        try:
            more = _once(workbook, now, today, dry_run, force, progress, amend)
        except ConflictError as error:
            if attempt < _TRIES:
                continue
            if done is None:
                raise _cause(error) from None
            break  # what landed stays, and the next refresh goes on from there
        done = more if done is None else _both(done, more)
        if done.receipt is None or done.receipt.settled:
            break
    assert done is not None
    cost = workbook.traffic - before  # reading and repeating included
    return replace(done, receipt=done.receipt and done.receipt.with_traffic(cost), traffic=cost)


def _cause(error: ConflictError) -> SheetsyncError:
    """What is to be told in the end: what was refused again and again, where it is known."""
    return error.__cause__ if isinstance(error.__cause__, SheetsyncError) else error


def _both(one: Refreshed, other: Refreshed) -> Refreshed:
    """A refresh that went on after a first part had landed."""
    assert one.receipt is not None
    assert other.receipt is not None
    receipt = replace(
        other.receipt,
        cells=one.receipt.cells + other.receipt.cells,
        rows_appended=one.receipt.rows_appended + other.receipt.rows_appended,
        healed=one.receipt.healed + other.receipt.healed,
    )
    return replace(
        other,
        plan=replace(other.plan, changes=one.plan.changes + other.plan.changes),
        receipt=receipt,
        seconds={stage: one.seconds[stage] + other.seconds[stage] for stage in other.seconds},
        new_steps=one.new_steps + other.new_steps,
    )


def _once(
    workbook: Workbook,
    now: datetime | None,
    today: date | None,
    dry_run: bool,
    force: bool,
    progress: Progress,
    amend: Amend,
) -> Refreshed:
    understood = read_and_understand(workbook, now=now, today=today, progress=progress)
    steps = new_steps(understood)
    if steps and not dry_run:
        add_steps(workbook, understood)
        understood = read_and_understand(workbook, now=now, today=today, progress=progress)
    understood = amend(understood)
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
        receipt = replace(receipt, healed=receipt.healed + _given_back(plan))
    seconds = {
        **understood.seconds,
        "plan": planned - start,
        "write": time.perf_counter() - planned,
    }
    return Refreshed(understood, plan, receipt, seconds, steps)


def _given_back(plan: Plan) -> int:
    """Rows that had lost their key, or had another row's."""
    count = 0
    for tab, keyed in plan.keyed.items():
        data, row_key = plan.base.tabs[tab], plan.layout[tab].row_key
        for row, key in keyed.new_keys.items():
            count += key in data.stored.index or data.frame.at[row, row_key] not in (None, "")
    return count


def _refuse_accidents(understood: Understood) -> None:
    recorded = understood.snapshot.tabs["leads"].stored
    before = recorded["seen"].notna().sum() if "seen" in recorded else 0
    after = len(understood.book.leads)
    if before >= _FEW_LEADS and after < before * (1 - _GREAT_SHARE):
        raise InputError("too_many_gone", before=int(before), after=after)
