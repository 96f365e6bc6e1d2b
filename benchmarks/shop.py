"""The shop of the comparison: the same leads in two spreadsheets, ours and one for the recipe.

The people and their words are the demo's. Two columns are the owner's own: ``Card``, by which the
check knows a lead again whatever happens to its row, and ``Tags``, which alone make the score: each
tag has a power of two for its points, so a score that stands beside another lead gives itself away.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

import numpy as np
import requests

from sheetsync import crm, demo, locales
from sheetsync.crm import kinds
from sheetsync.layout import Column, Layout, header, tab_title
from sheetsync.workbooks.base import Provision
from sheetsync.workbooks.google.workbook import GoogleWorkbook
from tests.google import Server

TODAY = date(2026, 11, 21)
WORDS = locales.load("en")
LEADS = "Leads"
CARD, TAGS = "Card", "Tags"
POINTS = {
    "family": 1,
    "repeat": 2,
    "flexible": 4,
    "friend": 8,
    "urgent": 16,
    "visa": 32,
    "hotel": 64,
    "vip": 128,
}
RESULTS = ("Score", "Tier", "Overdue, days", "Days in stage")
"""What both sides compute for a lead, as the columns are called in either spreadsheet."""

FORMATS = {"date": "DATE", "money": "NUMBER", "number": "NUMBER", "integer": "NUMBER"}
"""Cell type of a column -> type of its number format; all others are text."""
AT_ONCE = 5000
"""Rows that are typed with one request."""

Row = dict[str, Any]


@dataclass(frozen=True)
class Shop:
    """What people typed, before any tool came."""

    leads: int

    @cached_property
    def typed(self) -> demo.DemoData:
        return demo.demo_data(WORDS, leads=self.leads, today=TODAY)

    @cached_property
    def layout(self) -> Layout:
        steps = kinds.seeds("travel", WORDS)["steps"]
        return crm.layout("travel", [(str(row["id"]), str(row["step"])) for row in steps])

    @cached_property
    def columns(self) -> dict[str, Column]:
        """Header -> column, of what people fill in, and of the id."""
        return {
            header(WORDS, self.layout["leads"], column): column
            for column in self.layout["leads"].columns
            if column.owner == "person" or column.key == "id"
        }

    @cached_property
    def headers(self) -> list[str]:
        """The columns that belong to people, their own ones last."""
        return [*(title for title in self.columns if title != "ID"), CARD, TAGS]

    @cached_property
    def rows(self) -> list[Row]:
        """Header -> cell as it is keyed in; {} for the blank rows that people leave."""
        rng = np.random.default_rng(self.leads)
        copies = set(self.typed.truth.index[self.typed.truth["copy"]])
        rows = []
        for place, lead in enumerate(self.typed.tabs["leads"]):
            if place in copies:  # a copied id is nobody's fault here
                continue
            row = self._titled("leads", lead)
            own = {CARD: f"C-{place:05d}", TAGS: tags(rng)}
            rows.append({**row, **own} if row else {})
        return rows

    @cached_property
    def lists(self) -> dict[str, Sequence[Row]]:
        """What the list tabs hold."""
        rules = [
            {"id": f"R-{number:03d}", "field": TAGS, "condition": "contains", "on": True}
            | {"value": tag, "points": points}
            for number, (tag, points) in enumerate(POINTS.items(), 1)
        ]
        team = self.typed.tabs["team"]
        return {**kinds.seeds("travel", WORDS), "team": team, "scoring": rules}

    def grown(self, tab: str) -> list[Row]:
        """The rows of History or Checklist, which earlier refreshes wrote: header -> cell."""
        return [self._titled(tab, row) for row in self.typed.tabs[tab]]

    def _titled(self, tab: str, row: Row) -> Row:
        """Header -> cell. Days written as text (``5/11``) are left out: what a spreadsheet makes of
        them is another subject."""
        of = self.layout[tab]
        return {
            header(WORDS, of, of[key]): keyed(value)
            for key, value in row.items()
            if of[key].type != "date" or not isinstance(value, str)
        }


def tags(rng: np.random.Generator) -> str:
    """Some of the tags, as one cell."""
    return ", ".join(tag for tag in POINTS if rng.random() < 0.4)


def keyed(value: Any) -> Any:
    """A value as it is typed at the keyboard."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d" if value.time() == value.min.time() else "%Y-%m-%d %H:%M")
    return value


class Session(requests.Session):
    """A session of the owner's that asks the stand-in server instead of Google.

    ``waited`` counts the seconds until answers were there; ``kept`` holds them, and what was asked,
    for :mod:`benchmarks.weights`.
    """

    def __init__(self, server: Server) -> None:
        super().__init__()
        self.server = server
        self.waited = 0.0
        self.kept: list[requests.Response] = []
        self.headers["Authorization"] = f"Bearer {server.token()}"

    def request(self, method: Any, url: Any, *args: Any, **more: Any) -> requests.Response:
        here = self.server.url + url.partition(".googleapis.com")[2]
        start = time.perf_counter()
        response = super().request(method, here, *args, **more)
        self.waited += time.perf_counter() - start
        self.kept.append(response)
        return response

    def call(self, verb: str, path: str, body: Any, **params: Any) -> None:
        """A call of our own, to prepare a spreadsheet."""
        url = f"https://sheets.googleapis.com/v4/spreadsheets/{path}"
        self.request(verb, url, json=body, params=params).raise_for_status()


def open_crm(shop: Shop, server: Server, session: Session, book: GoogleWorkbook, key: str) -> None:
    """``sheetsync init``, the owner's own columns, and what is in the tabs by now."""
    meta = {"lang": "en", "kind": "travel", "layout": crm.LAYOUT_VERSION}
    book.provision(Provision(shop.layout, WORDS, shop.lists, meta))
    owner = server.operator(key)
    owner.insert_column(LEADS, "Loss approved by", CARD)
    owner.insert_column(LEADS, CARD, TAGS)
    _fill(session, server, key, LEADS, shop.rows)
    for tab in ("history", "checklist"):
        _fill(session, server, key, tab_title(WORDS, shop.layout[tab]), shop.grown(tab))


def open_plain(shop: Shop, server: Server, session: Session, key: str) -> None:
    """The same leads in a spreadsheet as it is made by hand for the recipe."""
    headers = [*shop.columns, CARD, TAGS, *RESULTS, "Last status", "Stage since"]
    rules = [["Field", "Condition", "Value", "Points"]]
    rules += [[TAGS, "contains", tag, points] for tag, points in POINTS.items()]
    sheets = {LEADS: (1, [headers]), "Scoring": (2, rules), "Report": (3, []), "Calls": (4, [])}
    requests_: list[Row] = [
        {"addSheet": {"properties": {"sheetId": number, "title": title}}}
        for title, (number, _) in sheets.items()
    ]
    shape = {"sheetId": 1, "gridProperties": {"columnCount": len(headers)}}
    fields = "gridProperties.columnCount"
    requests_.append({"updateSheetProperties": {"properties": shape, "fields": fields}})
    requests_ += [
        _format(1, index, FORMATS.get(column.type, "TEXT"))
        for index, column in enumerate(shop.columns.values())
    ]
    requests_.append({"deleteSheet": {"sheetId": 0}})
    session.call("POST", f"{key}:batchUpdate", {"requests": requests_})
    for title, (_, rows) in sheets.items():
        if rows:
            _type(session, key, f"{title}!A1", rows)
    _fill(session, server, key, LEADS, shop.rows)


def _format(sheet: int, index: int, kind: str) -> Row:
    """The number format of a column's cells, as ours have it: phones and notes are text."""
    block = {"sheetId": sheet, "startRowIndex": 1}
    block |= {"startColumnIndex": index, "endColumnIndex": index + 1}
    cell = {"userEnteredFormat": {"numberFormat": {"type": kind}}}
    return {
        "repeatCell": {"range": block, "cell": cell, "fields": "userEnteredFormat.numberFormat"}
    }


def _fill(session: Session, server: Server, key: str, title: str, rows: Sequence[Row]) -> None:
    """Type rows under the headers of a tab, many at once."""
    sheet = server.file(key).titled(title)
    assert sheet is not None
    missing = len(rows) + 1000 - len(sheet.rows)
    if missing > 0:
        more = {"sheetId": sheet.id, "dimension": "ROWS", "length": missing}
        session.call("POST", f"{key}:batchUpdate", {"requests": [{"appendDimension": more}]})
    headers = server.operator(key).headers(title)
    cells = [[row.get(header) for header in headers] for row in rows]
    for start in range(0, len(cells), AT_ONCE):
        _type(session, key, f"{title}!A{start + 2}", cells[start : start + AT_ONCE])


def _type(session: Session, key: str, where: str, rows: Sequence[Sequence[Any]]) -> None:
    session.call("PUT", f"{key}/values/{where}", {"values": rows}, valueInputOption="USER_ENTERED")
