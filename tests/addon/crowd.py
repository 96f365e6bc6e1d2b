"""The shop of the tests with as many leads as one likes, in V8 alone."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from sheetsync.addon.preview.host import Addon, Document, Run
from tests.addon.google import NOW, built
from tests.addon.shop import ANNA, LEADS, Shop
from tests.addon.spreadsheets import Documents


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
