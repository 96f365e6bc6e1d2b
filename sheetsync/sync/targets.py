"""From what people name as TARGET to a workbook."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import available_timezones

from sheetsync.errors import TargetError
from sheetsync.workbooks.base import Workbook

Notify = Callable[[str, float], None]
"""Told before each pause: why (``busy``: Google asks to slow down; ``fault``: it does not answer),
and for how many seconds."""


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
        TARGET is none of these, or a folder.
    CredentialsError
        It is on Google, and there are no usable credentials.
    """
    if is_file(target):
        # lxml, calamine and gspread take their time to load: each only when it is needed.
        from sheetsync.workbooks.xlsx.workbook import XlsxWorkbook

        if Path(target).is_dir():
            raise TargetError("is_folder", target=target, example=str(Path(target, "crm.xlsx")))
        if not target.lower().endswith(".xlsx"):
            raise TargetError("not_xlsx", target=target)
        return XlsxWorkbook(Path(target))
    from sheetsync.workbooks.google import workbook as google

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
    from sheetsync.workbooks.google import workbook as google

    client = google.connect(credentials, notify=notify)
    locale = "ru_RU" if lang == "ru" else "en_US"
    spreadsheet_id = google.create_spreadsheet(client, title, locale, timezone_here())
    return google.GoogleWorkbook(client, spreadsheet_id)


def timezone_here() -> str:
    """The IANA name of this machine's time zone, or where that is unknown its offset from UTC in
    whole hours as ``Etc/GMT-3`` (whose sign is the other way round, as POSIX has it)."""
    names = [os.environ.get("TZ", "").removeprefix(":")]
    names += str(Path("/etc/localtime").resolve()).split("zoneinfo/")[1:]
    for name in names:
        if name in available_timezones():
            return name
    offset = datetime.now().astimezone().utcoffset() or timedelta()
    return f"Etc/GMT{-round(offset / timedelta(hours=1)):+d}"
