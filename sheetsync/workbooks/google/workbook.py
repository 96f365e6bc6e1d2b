"""Google Sheets behind the workbook protocol.

How a refresh stays safe while people work in the sheet: results live in
hidden tabs of ours and are shown by formulas; every write is one batch that carries the number of
its revision, which Google accepts once.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from google.auth.transport.requests import AuthorizedSession

from sheetsync.workbooks.base import Plan, Provision, Provisioned, Receipt, Snapshot, Traffic
from sheetsync.workbooks.google import provision, read, write
from sheetsync.workbooks.google.auth import find_credentials, load_credentials
from sheetsync.workbooks.google.http import RejectedError, SheetsClient
from sheetsync.workbooks.google.portions import LARGE
from sheetsync.workbooks.google.read import read_structure
from sheetsync.workbooks.google.requests import area, update_cells

_URL = re.compile(r"docs\.google\.com/(?:a/[^/]+/)?spreadsheets/(?:u/\d+/)?d/([A-Za-z0-9_-]+)")
_DRIVE = re.compile(r"drive\.google\.com/(?:file/(?:u/\d+/)?d/|open\?id=)([A-Za-z0-9_-]+)")
_ID = re.compile(r"[A-Za-z0-9_-]{25,}")


class GoogleWorkbook:
    """A CRM in a Google spreadsheet.

    Parameters
    ----------
    client : see :func:`connect`
    spreadsheet_id : from its address, see :func:`parse_target`
    large : bytes of requests from which a plan goes in several portions
    """

    def __init__(self, client: SheetsClient, spreadsheet_id: str, *, large: int = LARGE) -> None:
        self._client = client
        self._id = spreadsheet_id
        self._large = large
        self._title = ""

    @property
    def label(self) -> str:
        """Its title once it was read, and its address."""
        return f"{self._title} ({self.address})" if self._title else self.address

    @property
    def address(self) -> str:
        """Where people open it, and what commands take."""
        return f"https://docs.google.com/spreadsheets/d/{self._id}/edit"

    @property
    def traffic(self) -> Traffic:
        """Everything that the client sent and received so far."""
        return self._client.traffic

    def read(self) -> Snapshot:
        """Everything the CRM needs to know, in two requests; see :class:`Workbook`."""
        snapshot = read.read(self._client, self._id)
        self._title = snapshot.label
        return snapshot

    def apply(self, plan: Plan) -> Receipt:
        """Bring the tool's cells to the planned state, as a rule in one request; see
        :class:`Workbook`."""
        return write.apply(self._client, self._id, plan, self._large)

    def check_writable(self) -> None:
        """AccessError when the spreadsheet or our own tabs may only be read; nothing is changed.

        Only Drive tells who may edit, and we don't ask for Drive. So we ask to empty our tabs and
        then to delete a named range that can't be there: people who may do the first hear that
        there is no such range (400) and nothing is done, others that they may not (403).
        """
        structure = read_structure(self._client, self._id)
        locked = [
            update_cells(area(sheet.id, 1, 2, 0, 1), [[{}]])
            for tab, sheet in structure.tabs.items()
            if tab.startswith("_") and sheet.rows > 1
        ]
        impossible = {"deleteNamedRange": {"namedRangeId": "sheetsync-none"}}
        with suppress(RejectedError):
            path = f"/v4/spreadsheets/{self._id}:batchUpdate"
            self._client.call("POST", path, body={"requests": [*locked, impossible]})

    def provision(self, want: Provision, *, dry_run: bool = False) -> Provisioned:
        """Add what is missing, in three requests at most; see :class:`Workbook`."""
        return provision.provision(self._client, self._id, want, dry_run=dry_run)


def connect(
    credentials: str | Path | None = None,
    *,
    notify: Callable[[str, float], None] | None = None,
) -> SheetsClient:
    """A client with the credentials that were named or found.

    Raises
    ------
    CredentialsError
        There are none, or they cannot be used.
    """
    found = find_credentials(credentials)
    session = AuthorizedSession(load_credentials(found))
    return SheetsClient(session=session, account=found.account, notify=notify)


def create_spreadsheet(client: SheetsClient, title: str, locale: str, timezone: str) -> str:
    """A new, empty spreadsheet of the account's own; its id.

    Raises
    ------
    AccessError
        The account may not: a service account has no room for files of its own.
    """
    properties = {"title": title, "locale": locale, "timeZone": timezone}
    answer = client.call(
        "post",
        "/v4/spreadsheets",
        params={"fields": "spreadsheetId"},
        body={"properties": properties},
    )
    return str(answer["spreadsheetId"])


def parse_target(text: str) -> str | None:
    """The id in an address of Google Sheets or Drive, or a bare id; None for anything else."""
    text = text.strip()
    for pattern in (_URL, _DRIVE):
        if (found := pattern.search(text)) is not None:
            return found[1]
    return text if _ID.fullmatch(text) else None
