"""The demo: a sample shop in a new .xlsx file, filled as people fill it, and refreshed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from sheetsync import crm, demo, locales
from sheetsync.crm import kinds
from sheetsync.sync.refresh import Refreshed, refresh
from sheetsync.sync.understand import Progress, silent
from sheetsync.workbooks.base import Provision
from sheetsync.workbooks.xlsx.workbook import XlsxWorkbook


def make_demo(
    path: Path,
    *,
    lang: str,
    leads: int,
    today: date,
    progress: Progress = silent,
) -> Refreshed:
    """Write the sample CRM of a travel agency to ``path`` and refresh it as at noon of ``today``.

    The same ``lang``, ``leads`` and ``today`` give the same file, byte for byte.
    """
    words = locales.load(lang)
    data = demo.demo_data(words, leads=leads, today=today)
    seeds: dict[str, Sequence[Mapping[str, Any]]] = {**kinds.seeds("travel", words), **data.tabs}
    steps = [(str(row["id"]), str(row["step"])) for row in seeds["steps"]]
    meta = {"lang": lang, "kind": "travel", "layout": crm.LAYOUT_VERSION}
    progress("provision")
    workbook = XlsxWorkbook(path)
    workbook.provision(Provision(crm.layout("travel", steps), words, seeds, meta))
    return refresh(workbook, now=datetime.combine(today, time(12)), progress=progress)
