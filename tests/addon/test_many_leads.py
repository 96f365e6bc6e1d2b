"""Ten thousand leads: an event and the card ask the services as often as for a hundred."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import Any

import pytest

from sheetsync.addon.preview.host import Addon, Document, Run
from tests.addon.conftest import Prepared
from tests.addon.google import NOW, built
from tests.addon.shop import ANNA, LEADS, Shop
from tests.addon.spreadsheets import Documents

COUNTS = (100, 10_000)

TRIPS = {"getValues", "setValues", "getNotes", "setNotes", "setValue", "appendRow", "canEdit",
         "getLastRow", "find", "flush", "getNote"}  # fmt: skip
"""Methods that go to the spreadsheet and back."""


class Crowd:
    """The shop with many more leads, in V8 alone: nothing travels back to the server.

    Each further lead is like the first, with an id, a name and a phone of its own, a line in each
    of the tabs that know it, and two moves in History.
    """

    def __init__(self, shop: Shop, count: int) -> None:
        self.shop, self.count = shop, count
        document = deepcopy(Documents().of(shop.server.file(shop.id)))
        self.sheets = {sheet["title"]: sheet for sheet in document["sheets"]}
        self.columns = {
            title: {text: i for i, text in enumerate(sheet["values"][0]) if text}
            for title, sheet in self.sheets.items()
            if sheet["values"]
        }
        self.grow("Leads", {"ID": self.id, "Name": "Lead {}".format, "Phone": self.phone})
        self.grow("_leads", {"key:id": self.id})
        self.grow("Checklist", {"Lead": self.id})
        for number in (1, 2):
            self.grow("History", {"Lead": self.id, "ID": f"{{}}/{number}".format})
        self.document: Document = document
        self.addon = Addon(built("shop", "en"), document)

    @staticmethod
    def id(n: int) -> str:
        return f"L-{n:05d}"

    @staticmethod
    def phone(n: int) -> str:
        return f"+7 900 {n:07d}"

    def grow(self, title: str, own: dict[str, Any]) -> None:
        sheet, columns = self.sheets[title], self.columns[title]
        values = sheet["values"]
        first = list(values[1])
        for n in range(len(LEADS) + 1, len(LEADS) + self.count + 1):
            row = list(first)
            for header, make in own.items():
                at = columns[header]
                row[at] = make(self.id(n)) if header == "ID" and title == "History" else make(n)
            values.append(row)
        sheet["rows"] = max(sheet["rows"], len(values) + 2500)

    # -- deeds -------------------------------------------------------------------------------

    def enter(self, row: int, header: str, *cells: Any) -> Run:
        """Type into a column of Leads, from a row down."""
        sheet, column = self.sheets["Leads"], self.columns["Leads"][header] + 1
        values = [[cell] for cell in cells]
        run = self.addon.enter(sheet["id"], row, column, values, user=ANNA, raw=True, now=NOW)
        assert run.error is None
        return run

    def open(self) -> Run:
        selection = (self.sheets["Leads"]["id"], (3, 1, 1, 1))
        run = self.addon.run("cardOpen", user=ANNA, now=NOW, active=selection)
        assert run.result["lead"]["id"] == "L-00002"
        return run

    def save(self) -> Run:
        change = {
            "id": "L-00003",
            "base": {"next_step": None},
            "changes": {"next_step": "Ring"},
            "checks": {"S-01": True},
            "comment": None,
        }
        run = self.addon.run("cardSave", change, user=ANNA, now=NOW)
        assert run.result["ok"]
        return run

    def day(self) -> list[Run]:
        """Whatever an operator does; what is looked up once is known after the first."""
        status, last = self.shop.status, len(LEADS) + self.count + 1
        self.enter(2, "Next step", "x")
        self.open()
        return [
            self.enter(2, "Status", status("shipped")),
            self.enter(3, "Status", status("lost")),
            self.enter(4, "Phone", self.phone(len(LEADS) + self.count)),
            self.enter(4, "Next action", 46_400),
            self.enter(4, "Comment", "He is away"),
            self.enter(last + 1, "Name", "Zoya"),
            self.enter(last + 2, "Name", *[f"New {n}" if n % 2 else None for n in range(20)]),
            self.enter(last + 2, "Status", *[status("stock")] * 20),
            self.open(),
            self.save(),
        ]


@pytest.fixture(scope="module")
def crowds(prepared: Prepared) -> Iterator[list[Crowd]]:
    prepared["en"].restore()
    found = [Crowd(prepared["en"], count) for count in COUNTS]
    yield found
    for crowd in found:
        crowd.addon.close()


@pytest.fixture(scope="module")
def days(crowds: list[Crowd]) -> Sequence[Sequence[Run]]:
    return [crowd.day() for crowd in crowds]


def test_the_number_of_calls_does_not_grow_with_the_leads(days: Sequence[Sequence[Run]]) -> None:
    few, many = ([dict(run.calls) for run in day] for day in days)
    assert many == few
    asked = [
        sum(count for call, count in run.items() if call.partition(".")[2] in TRIPS) for run in few
    ]
    assert max(asked) <= 46


def test_among_ten_thousand_the_same_is_done(days: Sequence[Sequence[Run]]) -> None:
    few, many = ([[each["op"] for each in run.changes] for run in day] for day in days)
    assert many == few
    for day, count in zip(days, COUNTS, strict=True):
        assert f"L-{count + len(LEADS):05d}" in day[2].toasts[0]
        assert [len(run.toasts) for run in day] == [1, 1, 1, 1, 0, 0, 0, 1, 0, 0]


def test_a_thousand_pasted_rows_ask_as_often_as_twenty(crowds: list[Crowd]) -> None:
    crowd = crowds[0]
    top = len(LEADS) + crowd.count + 40
    # What is looked up once is known after the first.
    crowd.enter(top - 5, "Name", "Zoya")
    crowd.enter(top - 5, "Status", crowd.shop.status("new"))
    found = []
    for count in (20, 1000):
        names = [f"New {n}" if n % 2 else None for n in range(count)]
        runs = [
            crowd.enter(top, "Name", *names),
            crowd.enter(top, "Status", *[crowd.shop.status("new")] * count),
        ]
        found.append([dict(run.calls) for run in runs])
        top += count + 10
    for few, many in zip(*found, strict=True):
        different = {key for key in few | many if few.get(key) != many.get(key)}
        # Where History needs more rows, they are added once.
        assert different <= {"Sheet.insertRowsAfter", "Sheet.getMaxRows"}


def test_an_event_among_ten_thousand_leads_is_quick(crowds: list[Crowd]) -> None:
    """What is computed here alone: at Google the calls come on top."""
    start = time.process_time()
    run = crowds[1].enter(4, "Phone", crowds[1].phone(5000))
    assert "L-05000" in run.toasts[0]
    assert time.process_time() - start < 10
    assert run.cells_read < 5 * COUNTS[1]
