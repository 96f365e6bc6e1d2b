"""Applying a plan: batches from revision to revision, each all of it or nothing."""

from __future__ import annotations

from dataclasses import replace

from sheetsync.errors import ConflictError
from sheetsync.workbooks.base import Plan, Receipt
from sheetsync.workbooks.google_batch import Batch
from sheetsync.workbooks.google_http import SheetsClient
from sheetsync.workbooks.google_keys import (
    Placing,
    Shown,
    corrections,
    lost_or_doubled,
    misplaced,
    shown_by,
)
from sheetsync.workbooks.google_people import formulas, lay_in
from sheetsync.workbooks.google_portions import LARGE, portions
from sheetsync.workbooks.google_read import Token
from sheetsync.workbooks.google_steps import Steps

_HEALS = 8


def apply(client: SheetsClient, spreadsheet: str, plan: Plan, large: int = LARGE) -> Receipt:
    """Bring the tool's cells to the planned state; see :meth:`Workbook.apply`."""
    before = client.traffic
    token: Token = plan.base.token
    done = Receipt(plan.base.revision)
    steps = Steps(client, spreadsheet, token.structure)
    queue = iter(() if plan.empty else portions(plan, large))
    for batch in queue:
        if not batch.requests:
            continue
        try:
            answer = steps.take(batch)
        except ConflictError:
            if done.revision == plan.base.revision:
                raise
            done = replace(done, settled=False)  # what landed stays; the rest is computed anew
            break
        healed, settled = 0, False
        if answer is not None:
            healed, settled = _heal(steps, plan, batch, shown_by(answer))
        if healed and settled:  # rows have moved: portions still to come are made for other places
            settled = next(queue, None) is None
        done = replace(
            done,
            revision=steps.revision,
            cells=done.cells + batch.cells,
            rows_appended=done.rows_appended + batch.rows,
            healed=done.healed + healed,
            settled=settled,
        )
        if healed or not settled:
            break
    cost = client.traffic - before
    return replace(
        done,
        requests=cost.requests,
        bytes_up=cost.bytes_up,
        bytes_down=cost.bytes_down,
        retries=cost.retries,
    )


def _heal(steps: Steps, plan: Plan, batch: Batch, shown: Shown) -> tuple[int, bool]:
    """Put right new keys that landed beside another row.

    Returns
    -------
    (int, bool) : how many keys, and whether nothing is left that wants another refresh
    """
    healed = 0
    settled = batch.landed(shown) and not any(
        lost_or_doubled(placed.base, placed.image(shown))
        for placed in batch.placings
        if not placed.moved
    )
    pending = [placed for placed in batch.placings if placed.moved]
    for _ in range(_HEALS):
        fix = Batch(batch.token)
        for placed in pending:
            image = placed.image(shown)
            if not image.whole and misplaced(placed.base, image, placed.moved):
                return healed, False  # the next refresh reads all of it
            keys = corrections(placed.base, image, placed.moved)
            if keys:
                _write_keys(fix, plan, placed, keys)
                healed += len(keys)
            elif lost_or_doubled(placed.base, image):
                settled = False
        if not fix.requests:
            return healed, settled
        try:
            answer = steps.take(fix)
        except ConflictError:
            return healed, False
        if answer is None:
            return healed, False
        pending, shown = fix.placings, shown_by(answer)
    return healed, False


def _write_keys(fix: Batch, plan: Plan, placed: Placing, keys: dict[int, str | None]) -> None:
    """Keys where they belong, and with them the formulas that show their results."""
    tab = placed.at.sheet.tab or ""
    written = frozenset(key for key in keys.values() if key is not None)
    fix.place(tab, replace(placed, moved=placed.moved | written), keys)
    rows = [row for row, key in keys.items() if key is not None]
    fix.requests += lay_in(placed.at, plan.layout[tab], plan.words, rows)
    laid = formulas(placed.at, plan.layout[tab], plan.words)
    fix.lean_on(tab, (placed.at.positions[key] for key in laid))
