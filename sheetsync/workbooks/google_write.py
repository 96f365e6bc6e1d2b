"""Applying a plan: one batchUpdate from revision N to N+1, all of it or nothing."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sheetsync.errors import ConflictError, LayoutError
from sheetsync.layout import tab_title
from sheetsync.workbooks import google_names as names
from sheetsync.workbooks import google_requests as requests
from sheetsync.workbooks.base import Plan, Receipt
from sheetsync.workbooks.google_http import RejectedError, SheetsClient
from sheetsync.workbooks.google_keys import (
    FIELDS,
    Image,
    Placing,
    corrections,
    image_of,
    misplaced,
    placing,
)
from sheetsync.workbooks.google_people import add_rows, lay
from sheetsync.workbooks.google_read import TabAt, Token, read, read_structure
from sheetsync.workbooks.google_requests import Request
from sheetsync.workbooks.google_results import Written, log, results, table
from sheetsync.workbooks.google_structure import ColumnAt, Structure

_LARGE = 8_000_000
"""Bytes from which a body is split. Google advises 2 MB and sets no limit but 180 s; only the first
refresh of many thousand leads comes near, and one step is worth more there than a small one."""

_HEALS = 8


@dataclass
class _Batch:
    """What a plan comes to.

    Parameters
    ----------
    early : requests that may go in steps of their own: people see nothing of them
    last : requests that belong in one step, with the rest of ``early``
    guards : columns of people's tabs that are written by place
    placings : new keys by tab, with the rows they are written into
    """

    early: list[Request] = field(default_factory=list)
    last: list[Request] = field(default_factory=list)
    guards: dict[str, tuple[ColumnAt, int]] = field(default_factory=dict)
    placings: list[tuple[Placing, Mapping[int, str | None]]] = field(default_factory=list)
    cells: int = 0
    rows: int = 0

    def add(self, written: Written, *, early: bool = False) -> None:
        (self.early if early else self.last).extend(written.requests)
        self.cells += written.cells
        self.rows += written.rows

    def guard(self, token: Token, tab: str, keys: Iterable[str]) -> None:
        at = token.tabs[tab]
        for key in keys:
            if (column := token.structure.columns.get(names.full(tab, key))) is not None:
                self.guards[names.full(tab, key)] = (column, at.positions[key])


def apply(client: SheetsClient, spreadsheet: str, plan: Plan) -> Receipt:
    """Bring the tool's cells to the planned state; see :meth:`Workbook.apply`."""
    before = client.traffic.copy()
    revision, healed = plan.base.revision, 0
    batch = _batch(plan) if not plan.empty else _Batch()
    steps = list(_steps(batch))
    for number, step in enumerate(steps):
        is_last = number == len(steps) - 1
        revision += 1
        answer = _send(client, spreadsheet, plan.base.token, revision, step, batch, shows=is_last)
        if is_last and batch.placings:
            revision, healed = _heal(client, spreadsheet, plan, batch, answer, revision)
    cost = client.traffic - before
    return Receipt(
        revision=revision,
        cells=batch.cells,
        rows_appended=batch.rows,
        requests=cost.requests,
        bytes_up=cost.bytes_up,
        bytes_down=cost.bytes_down,
        retries=cost.retries,
        healed=healed,
    )


def _batch(plan: Plan) -> _Batch:
    token: Token = plan.base.token
    batch = _Batch()
    for key, keyed in plan.keyed.items():
        tab, at, data = plan.layout[key], token.tabs[key], plan.base.tabs[key]
        store = token.tabs.get(names.results_tab(key))
        row_key = tab.row_key or ""
        if store is None or store.row_key is None or row_key not in at.positions:
            raise LayoutError("google_results_gone", tab=tab_title(plan.words, tab))
        batch.add(results(store, keyed.values), early=True)
        if keyed.new_keys:
            placed = placing(at, data, keyed, row_key)
            batch.placings.append((placed, dict(keyed.new_keys)))
            batch.last.extend(placed.requests(dict(keyed.new_keys)))
            batch.cells += len(keyed.new_keys)
            batch.guard(token, key, [row_key, *placed.mark_columns])
        laid = lay(at, data, keyed, tab, plan.words, store.lines)
        if laid.requests:
            batch.add(laid)
            batch.guard(token, key, [k for k in at.positions if k in tab or k == names.LINE])
    for key, frame in plan.tables.items():
        batch.add(table(token.tabs[key], frame))
    for key, frame in plan.appends.items():
        tab, at = plan.layout[key], token.tabs[key]
        if tab.body == "log":
            batch.add(log(at, frame))
            continue
        written, columns = add_rows(at, plan.base.tabs[key].last_row, tab, frame, plan.words)
        batch.add(written)
        batch.guard(token, key, columns)
    return batch


def _steps(batch: _Batch) -> Iterable[list[Request]]:
    """The requests of each step; usually one."""
    step: list[Request] = []
    size = 0
    for request in batch.early:
        length = len(json.dumps(request, ensure_ascii=False).encode())
        if step and size + length > _LARGE:
            yield step
            step, size = [], 0
        step.append(request)
        size += length
    if step or batch.last:
        yield step + batch.last


def _send(
    client: SheetsClient,
    spreadsheet: str,
    token: Token,
    revision: int,
    step: Sequence[Request],
    batch: _Batch,
    *,
    shows: bool,
) -> Mapping[str, Any] | None:
    """One step; its answer, or None where it is known to have landed but the answer was lost.

    Raises
    ------
    ConflictError
        Somebody else made this revision, or the sheet is no longer as it was read.
    """
    nonce = secrets.token_hex(6)
    marks = requests.revision(revision, nonce, token.structure.revisions)
    body: dict[str, Any] = {}
    params = {"fields": "spreadsheetId"}
    if shows and batch.placings:
        ranges = [r for placed, rows in batch.placings for r in placed.ranges(rows)]
        body = {"includeSpreadsheetInResponse": True, "responseRanges": ranges}
        params = {"fields": FIELDS}
    guards = [r for c, at in batch.guards.values() for r in requests.guard(c, at)] if shows else []
    path = f"/v4/spreadsheets/{spreadsheet}:batchUpdate"
    # Without guards only for a server that does not know them, and only when nothing has moved.
    for guarding in (guards, []) if guards else ([],):
        sent = body | {"requests": [*marks, *guarding, *step]}
        try:
            answer: Mapping[str, Any] = client.call("post", path, params=params, body=sent)
            return answer
        except RejectedError as rejected:
            now = read_structure(client, spreadsheet)
            if now.revisions.get(revision) == nonce:
                return None
            if now.revision >= revision or _moved(token.structure, now, batch):
                raise ConflictError("google_conflict") from None
            refusal = rejected
    raise refusal


def _moved(then: Structure, now: Structure, batch: _Batch) -> bool:
    """Whether anything stands elsewhere than where it was read."""
    for key, (_, at) in batch.guards.items():
        if key not in now.columns or now.columns[key].index != at:
            return True
    return now.columns.keys() != then.columns.keys() or now.tabs != then.tabs


def _heal(
    client: SheetsClient,
    spreadsheet: str,
    plan: Plan,
    batch: _Batch,
    answer: Mapping[str, Any] | None,
    revision: int,
) -> tuple[int, int]:
    """Put right new keys that landed beside another row; the revision then, and how many."""
    healed = 0
    pending = [placed for placed, _ in batch.placings]
    token: Token = plan.base.token
    for _ in range(_HEALS):
        images = {p.at.sheet.id: p.image(answer) for p in pending} if answer is not None else {}
        if any(_uncertain(placed, images.get(placed.at.sheet.id)) for placed in pending):
            snapshot = read(client, spreadsheet)
            token, revision = snapshot.token, snapshot.revision
            pending, images = _again(pending, snapshot.tabs, token)
        fix = _Batch()
        for placed in pending:
            image = images[placed.at.sheet.id]
            keys = corrections(placed.base, image, placed.moved)
            if keys:
                written = frozenset(key for key in keys.values() if key is not None)
                fix.placings.append((replace(placed, moved=placed.moved | written), keys))
                fix.last.extend(placed.requests(keys))
                fix.guard(token, placed.at.sheet.tab or "", [placed.row_key, *placed.mark_columns])
                healed += len(keys)
        if not fix.last:
            break
        pending = [placed for placed, _ in fix.placings]
        revision += 1
        try:
            answer = _send(client, spreadsheet, token, revision, fix.last, fix, shows=True)
        except ConflictError:
            answer, revision = None, revision - 1  # look again before trying again
    return revision, healed


def _uncertain(placed: Placing, image: Image | None) -> bool:
    """Whether the answer does not show enough to say what to write where."""
    if image is None:
        return True
    return not image.whole and bool(misplaced(placed.base, image, placed.moved))


def _again(
    pending: Sequence[Placing], tabs: Mapping[str, Any], token: Token
) -> tuple[list[Placing], dict[int, Image]]:
    """The same keys, followed in a fresh read."""
    followed, images = [], {}
    for placed in pending:
        tab = placed.at.sheet.tab or ""
        at: TabAt | None = token.tabs.get(tab)
        if at is None or any(k not in at.positions for k in (placed.row_key, *placed.mark_columns)):
            continue  # the tab or the column is gone, and the keys with it
        images[at.sheet.id] = image_of(tabs[tab], placed.row_key, placed.mark_columns)
        followed.append(replace(placed, at=at))
    return followed, images
