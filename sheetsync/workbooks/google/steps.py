"""From revision to revision: one atomic batch each, refused when anything it leans on has changed.

Google has no compare-and-set, so the comparison is made of what it has. A batch creates developer
metadata of the explicit id that stands for its revision, and Google takes an id once. It replaces
the *head*, a record that holds the nonce of the last step, if that is the one that was read; is it
another, nothing is deleted, and creating it again is refused. With the record of *turns* it is the
same, which scripts of the add-on change when they begin and when they end. And it carries guards
for columns that are written by place; see :meth:`Batch.guards`. A batch is all or nothing, so one
refusal is enough.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from sheetsync.errors import ConflictError, LayoutError
from sheetsync.workbooks.google import names, requests
from sheetsync.workbooks.google.batch import Batch
from sheetsync.workbooks.google.http import RejectedError, SheetsClient
from sheetsync.workbooks.google.read import read_headers, read_structure
from sheetsync.workbooks.google.requests import Request
from sheetsync.workbooks.google.structure import Structure

Answer = Mapping[str, Any]

_OVERTAKEN = 4
"""How often in a row the add-on may come first. In a large sheet, where a refresh takes longer than
people pause, it then goes on all the same."""


class Steps:
    """The steps of one refresh, beginning at what it read.

    Parameters
    ----------
    structure : as read
    revision : the number of the last step that landed
    """

    def __init__(self, client: SheetsClient, spreadsheet: str, structure: Structure) -> None:
        self._client = client
        self._path = f"/v4/spreadsheets/{spreadsheet}:batchUpdate"
        self._spreadsheet = spreadsheet
        self._read = structure
        self._head, self._turn = structure.head, structure.turn
        self._recorded = set(structure.revisions)
        self.revision = structure.revision

    def take(self, batch: Batch) -> Answer | None:
        """One step; its answer, or None where it is known to have landed but the answer was lost.

        Raises
        ------
        ConflictError
            Somebody else made this revision, or the sheet is no longer as it was read; nothing
            was written.
        """
        nonce = names.GUARDED + secrets.token_hex(6)
        while True:
            try:
                answer = self._send(batch, nonce)
            except RejectedError as refusal:
                now = read_structure(self._client, self._spreadsheet)
                if now.revisions.get(self.revision + 1) == nonce:
                    answer = None
                elif self._changed(now):
                    raise ConflictError("google_conflict") from None
                elif self._in_turn(batch) and now.turn != self._turn:
                    self._client.overtaken += 1
                    raise ConflictError("google_conflict") from None
                else:
                    self._explain(batch, refusal)
                    continue
            self._recorded -= self._forgotten()
            self.revision += 1
            if self._client.guards_known:
                self._head = nonce
                self._turn = names.FREE if self._in_turn(batch) else self._turn
                self._client.overtaken = 0
            return answer

    def _send(self, batch: Batch, nonce: str) -> Answer:
        marks = requests.revision(self.revision + 1, nonce, self._forgotten())
        if self._client.guards_known:
            marks += requests.new_head(self._head, nonce)
            marks += requests.new_turn(self._turn) if self._in_turn(batch) else []
            marks += batch.guards()
        if self._client.header_guards_known:
            marks += batch.header_guards()
        body, fields = batch.body(*marks)
        answer: Answer = self._client.call("post", self._path, params={"fields": fields}, body=body)
        return answer

    def _in_turn(self, batch: Batch) -> bool:
        """Whether the next step is to be refused when the add-on was at work since the read; also
        the one that makes the record of turns, or clears it of a script that was cut off."""
        stale = self._turn is None or self._turn.startswith(names.AT_WORK)
        return stale or (batch.gives and self._client.overtaken < _OVERTAKEN)

    def _forgotten(self) -> set[int]:
        """The revisions whose record the next step removes."""
        return {each for each in self._recorded if each <= self.revision + 1 - names.KEPT_REVISIONS}

    def _changed(self, now: Structure) -> bool:
        """Whether the sheet is built otherwise than it was read, or somebody else came first."""
        then = self._read
        return (
            now.revision > self.revision
            or (self._client.guards_known and now.head != self._head)
            or not then.built_like(now)
        )

    def _explain(self, batch: Batch, refusal: RejectedError) -> None:
        """Why a batch was refused though nothing seems to have changed; returns to try it again.

        Raises
        ------
        LayoutError
            The headers of a tab are no longer in its first row.
        ConflictError
            It can't be told; what Google said is its cause.
        """
        client = self._client
        if client.guards_known and guards_unknown(
            client, self._path, self._head, [*batch.guards()]
        ):
            client.guards_known = False
            return
        headers = [*batch.header_guards()] if client.header_guards_known else []
        if not _accepted(client, self._path, headers):
            rows = read_headers(client, self._spreadsheet)
            marked = {tab: rows[tab] for tab in batch.columns if tab in rows}
            for tab, row in marked.items():
                if row != 1:
                    title = batch.token.tabs[tab].sheet.title
                    raise LayoutError("google_header_moved", tab=title, row=row)
            if not marked:
                client.header_guards_known = False
                return
        raise ConflictError("google_conflict") from refusal


def guards_unknown(
    client: SheetsClient, path: str, head: str | None, guards: Sequence[Request]
) -> bool:
    """Whether a server refused a batch because it does not know guards at all.

    To be asked when nothing that they guard has changed. Where they were understood before, it
    must be something else: to go on without them, as a column is being moved in this very moment,
    would be dangerous.
    """
    proven = (head or "").startswith(names.GUARDED)
    return not proven and not _accepted(client, path, guards)


def _accepted(client: SheetsClient, path: str, guards: Sequence[Request]) -> bool:
    """Whether guards alone are taken; people's cells are not concerned."""
    if not guards:
        return True
    try:
        client.call("post", path, body={"requests": guards})
    except RejectedError:
        return False
    return True
