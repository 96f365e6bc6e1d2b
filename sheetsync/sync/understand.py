"""From a snapshot to results: identities, the book, the model. Nothing is written."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pandas as pd

from sheetsync import cells, crm, locales
from sheetsync.crm.base import Book, Results
from sheetsync.crm.book import Locale, Raw, understand
from sheetsync.crm.model import compute
from sheetsync.crm.stages import chain
from sheetsync.errors import LayoutError
from sheetsync.layout import Layout, Tab, header, tab_title
from sheetsync.locales import Words
from sheetsync.sync.identity import Identified, identify
from sheetsync.workbooks.base import Snapshot, TabData, Workbook

Progress = Callable[[str], None]


def silent(stage: str) -> None:
    """No progress is wanted."""


@dataclass(frozen=True)
class Understood:
    """What one read of a workbook means.

    ``seconds`` are those of the stages ``read``, ``parse`` and ``compute``.
    """

    snapshot: Snapshot
    layout: Layout
    words: Words
    identities: Mapping[str, Identified]
    book: Book
    results: Results
    seconds: Mapping[str, float]


def words_of(snapshot: Snapshot) -> Words:
    """The CRM's own language."""
    lang = snapshot.meta.get("lang", "en")
    return locales.load(lang if lang in locales.LANGUAGES else "en")


def layout_of(snapshot: Snapshot) -> Layout:
    """The layout that this workbook should have: its kind of shop, its own checklist steps."""
    kind = snapshot.meta.get("kind", "general")
    return crm.layout(kind if kind in crm.KINDS else "general", steps_of(snapshot))


def steps_of(snapshot: Snapshot) -> list[tuple[str, str]]:
    """(step id, step) of the Steps tab; a step without an id yet gets the one it will have."""
    data = snapshot.tabs.get("steps")
    if data is None or "step" not in data.frame:
        return []
    keys = identify(crm.layout("general")["steps"], data.frame, data.stored).keys
    texts = cells.text_values(data.frame["step"])
    return [(key, text) for key, text in zip(keys, texts, strict=True) if pd.notna(text)]


def missing_columns(snapshot: Snapshot, layout: Layout) -> list[str]:
    """Full keys of the layout's columns that the workbook lacks."""
    return [
        f"{tab.key}.{column.key}"
        for tab in layout.tabs
        for column in tab.columns
        if column.shown
        and (tab.key not in snapshot.tabs or column.key not in snapshot.tabs[tab.key].frame)
    ]


def read_and_understand(
    workbook: Workbook,
    *,
    now: datetime | None = None,
    today: date | None = None,
    progress: Progress = silent,
) -> Understood:
    """Read a workbook and compute everything from it.

    Parameters
    ----------
    now : the moment of the refresh, in the workbook's time zone if it says none; the clock's when
        left out
    today : the day to compute for; that of ``now`` when left out

    Raises
    ------
    LayoutError
        A required tab or column was deleted.
    """
    start = time.perf_counter()
    progress("read")
    snapshot = workbook.read()
    words, layout = words_of(snapshot), layout_of(snapshot)
    _demand(snapshot, layout, words, workbook)
    zone = _zone(snapshot.timezone)
    now = now or datetime.now(zone)
    if now.tzinfo is not None:
        now = now.astimezone(zone).replace(tzinfo=None)
    if today is not None and today != now.date():
        now = datetime.combine(today, datetime.min.time())
    read_done = time.perf_counter()
    progress("parse")
    identities = _identities(snapshot, layout)
    book = understand(
        {key: _raw(layout, data, identities.get(key)) for key, data in snapshot.tabs.items()},
        headers=snapshot.tabs["leads"].headers,
        locale=Locale(words, snapshot.day_first),
        today=now.date(),
        now=now,
        problems=tuple(p for found in identities.values() for p in found.problems),
        recorded=snapshot.tabs["leads"].stored,
    )
    parse_done = time.perf_counter()
    progress("compute")
    results = compute(book)
    seconds = {
        "read": read_done - start,
        "parse": parse_done - read_done,
        "compute": time.perf_counter() - parse_done,
    }
    return Understood(snapshot, layout, words, identities, book, results, seconds)


def breaks_of(known: Understood, lead: str | None = None) -> pd.DataFrame:
    """Where History is not what was written, of all leads or of one; see :func:`~.chain.verify`."""
    book, history = known.book, known.snapshot.tabs["history"].frame
    if lead is not None:
        history = history[book.history["lead"].eq(lead).to_numpy()]
    logged = book.logged if lead is None else book.logged[book.logged.index == lead]
    return chain.verify(history, logged, book.leads.index, book.now)


def _zone(name: str | None) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        return None


def _demand(snapshot: Snapshot, layout: Layout, words: Words, workbook: Workbook) -> None:
    where = {"label": workbook.label, "target": workbook.address}
    for tab in layout.tabs:
        data = snapshot.tabs.get(tab.key)
        needed = [column for column in tab.columns if column.required]
        if data is None and needed:
            raise LayoutError("tab_missing", tab=tab_title(words, tab), **where)
        if data is not None and (row := _header_row(tab, data, words)) is not None:
            raise LayoutError("header_moved", tab=data.title, row=row, **where)
        for column in tab.columns:
            # Without the names of its rows a tab that is there says nothing of any of them.
            named = column.required or column.key == tab.row_key
            if named and data is not None and column.key not in data.frame:
                raise LayoutError(
                    "column_missing",
                    tab=data.title,
                    column=header(words, tab, column),
                    **where,
                )


def _header_row(tab: Tab, data: TabData, words: Words) -> int | None:
    """The row in which the headers stand when they have left the first; None when they have not.

    Known by three texts at least, as a new workbook has them; what people renamed does not tell.
    """
    texts = {c.key: header(words, tab, c) for c in tab.owned("person") if c.key in data.frame}
    above = sum(data.headers.get(key) == text for key, text in texts.items())
    count = np.zeros(len(data.frame), dtype=int)
    for key, text in texts.items():
        count += data.frame[key].to_numpy(dtype=object) == text
    found = (count > max(above, 2)).nonzero()[0]
    return int(data.frame.index[found[0]]) if len(found) else None


def _identities(snapshot: Snapshot, layout: Layout) -> dict[str, Identified]:
    found = {}
    for tab in layout.tabs:
        data = snapshot.tabs.get(tab.key)
        if tab.ids is None or data is None or tab.row_key not in data.frame:
            continue
        taken: set[str] = set()
        if tab.key == "leads":
            for other in ("history", "checklist"):
                if other in snapshot.tabs:
                    taken |= set(cells.text_values(snapshot.tabs[other].frame["lead"]).dropna())
        found[tab.key] = identify(tab, data.frame, data.stored, taken=taken)
    return found


def _raw(layout: Layout, data: TabData, identified: Identified | None) -> Raw:
    if identified is not None:
        return Raw(data.frame, identified.keys)
    tab = layout.get(data.key)
    if tab is None or tab.row_key is None or tab.row_key not in data.frame:
        return Raw(data.frame, pd.Series(None, index=data.frame.index, dtype=object))
    return Raw(data.frame, cells.text_values(data.frame[tab.row_key]))
