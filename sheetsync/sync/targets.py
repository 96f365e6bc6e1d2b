"""From what people name as TARGET to a workbook."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sheetsync.errors import TargetError
from sheetsync.workbooks.base import Workbook

Notify = Callable[[str], None]
"""Told in one sentence when the tool waits (for Google's quota, say)."""


def is_file(target: str) -> bool:
    """Whether a TARGET means a file on this machine rather than a Google spreadsheet."""
    return target.lower().endswith(".xlsx") or Path(target).exists()


def open_workbook(
    target: str, *, credentials: Path | None = None, notify: Notify | None = None
) -> Workbook:
    """The workbook behind a TARGET: a path ending in .xlsx, a Google Sheets URL or an id.

    Raises
    ------
    TargetError
        TARGET is none of these.
    CredentialsError
        It is on Google, and there are no usable credentials.
    """
    if is_file(target):
        # lxml, calamine and gspread take their time to load: each only when it is needed.
        from sheetsync.workbooks.xlsx import XlsxWorkbook

        if not target.lower().endswith(".xlsx"):
            raise TargetError("not_xlsx", target=target)
        return XlsxWorkbook(Path(target))
    from sheetsync.workbooks import google

    spreadsheet_id = google.parse_target(target)
    if spreadsheet_id is None:
        raise TargetError("no_such_target", target=target)
    return google.GoogleWorkbook(google.connect(credentials, notify=notify), spreadsheet_id)


def create_google(
    title: str,
    *,
    lang: str,
    credentials: Path | None = None,
    notify: Notify | None = None,
) -> Workbook:
    """A new, empty Google spreadsheet of the owner's.

    Raises
    ------
    AccessError
        The account can't create files; a service account never can.
    """
    from sheetsync.workbooks import google

    client = google.connect(credentials, notify=notify)
    locale = "ru_RU" if lang == "ru" else "en_US"
    return google.GoogleWorkbook(client, google.create_spreadsheet(client, title, locale=locale))
