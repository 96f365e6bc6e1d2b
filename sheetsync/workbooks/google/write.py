"""Applying a plan: batches from revision to revision, each all of it or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sheetsync.errors import ConflictError
from sheetsync.workbooks.base import Plan, Receipt
from sheetsync.workbooks.google.batch import Batch
from sheetsync.workbooks.google.http import SheetsClient
from sheetsync.workbooks.google.keys import Image, Placing, Shown, shown_by
from sheetsync.workbooks.google.mending import corrections, lost_or_doubled, misplaced
from sheetsync.workbooks.google.people import formulas, lay_in
from sheetsync.workbooks.google.portions import LARGE, portions
from sheetsync.workbooks.google.read import Token, read
from sheetsync.workbooks.google.steps import Steps

_HEALS = 8


def apply(client: SheetsClient, spreadsheet: str, plan: Plan, large: int = LARGE) -> Receipt:
    """Bring the tool's cells to the planned state; see :meth:`Workbook.apply`."""
    before = client.traffic
    token: Token = plan.base.token
    done = Receipt(plan.base.revision)
    steps = Steps(client, spreadsheet, token.structure)
    queue = iter(() if plan.empty else portions(plan, large))
    for number, batch in enumerate(queue):
        if not batch.requests:
            continue
        try:
            answer = steps.take(batch)
        except ConflictError:
            if done.revision == plan.base.revision:
                raise
            done = replace(done, settled=False)  # what landed stays; the rest is computed anew
            break
        healing = _Healing(client, spreadsheet, plan, steps)
        settled = healing.heal(batch, None if answer is None else shown_by(answer))
        steps, healed = healing.steps, healing.healed
        # Rows have moved: other portions, gone or to come, were made for other places.
        settled = settled and not (healed and (number or next(queue, None) is not None))
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
    return done.with_traffic(client.traffic - before)


class _Healing:
    """Putting right new keys that landed beside another row.

    ``steps`` goes on where this one ended; ``healed`` counts keys.
    """

    def __init__(self, client: SheetsClient, spreadsheet: str, plan: Plan, steps: Steps) -> None:
        self._client = client
        self._spreadsheet = spreadsheet
        self._plan = plan
        self.steps = steps
        self.healed = 0

    def heal(self, batch: Batch, shown: Shown | None) -> bool:
        """Whether nothing is left that wants another refresh.

        Parameters
        ----------
        shown : what the answer to the batch shows; None where it was lost
        """
        settled = shown is not None and batch.landed(shown)
        pending = []
        for placed in batch.placings:
            if placed.moved:
                pending.append(placed)
            elif shown is not None:
                image = placed.image(shown)
                settled = settled and image.seen and not lost_or_doubled(placed.base, image)
        token = batch.token
        images = None if shown is None else [placed.image(shown) for placed in pending]
        for _ in range(_HEALS):
            if images is None or any(map(_uncertain, pending, images)):
                if not pending:
                    return settled
                token, pending, images = self._read_again(pending)
            fix = Batch(token)
            for placed, image in zip(pending, images, strict=True):
                keys = corrections(placed.base, image, placed.moved)
                if keys:
                    self._write_keys(fix, placed, keys)
                elif lost_or_doubled(placed.base, image):
                    settled = False
            if not fix.requests:
                return settled
            pending = fix.placings
            try:
                answer = self.steps.take(fix)
            except ConflictError:
                images = None  # look again before trying again
            else:
                shown = None if answer is None else shown_by(answer)
                images = None if shown is None else [placed.image(shown) for placed in pending]
        return False

    def _read_again(self, pending: Sequence[Placing]) -> tuple[Token, list[Placing], list[Image]]:
        """The same keys, followed in a fresh read; those of a tab that is gone are gone with it."""
        snapshot = read(self._client, self._spreadsheet)
        token: Token = snapshot.token
        self.steps = Steps(self._client, self._spreadsheet, token.structure)
        followed, images = [], []
        for placed in pending:
            tab = placed.at.sheet.tab or ""
            at = token.tabs.get(tab)
            if at is not None and placed.row_key in at.positions:
                placed = placed.moved_to(at)
                followed.append(placed)
                images.append(placed.image_of(snapshot.tabs[tab]))
        return token, followed, images

    def _write_keys(self, fix: Batch, placed: Placing, keys: dict[int, str | None]) -> None:
        """Keys where they belong, and with them the formulas that show their results."""
        self.healed += len(keys)
        tab = placed.at.sheet.tab or ""
        written = frozenset(key for key in keys.values() if key is not None)
        fix.place(tab, replace(placed, moved=placed.moved | written), keys)
        rows = [row for row, key in keys.items() if key is not None]
        fix.requests += lay_in(placed.at, self._plan.layout[tab], self._plan.words, rows)
        laid = formulas(placed.at, self._plan.layout[tab], self._plan.words)
        fix.lean_on(tab, (placed.at.positions[key] for key in laid))


def _uncertain(placed: Placing, image: Image) -> bool:
    """Whether an answer shows too little to say what to write where."""
    if not image.seen:
        return True
    return not image.whole and bool(misplaced(placed.base, image, placed.moved))
