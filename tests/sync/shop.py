"""A small shop on the stand-in server: what people typed, who refreshes, and what must hold.

Its leads, its rules and its statuses are those of the general kind, so the few lines of
:func:`score` and the chains of :data:`CHAINS` say what a right sheet shows, whatever went wrong on
the way there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache
from typing import Any

import pytest
import requests

from sheetsync import crm, locales
from sheetsync.errors import SheetsyncError
from sheetsync.layout import header, tab_title
from sheetsync.sync.provision import provision
from sheetsync.sync.refresh import Refreshed, refresh
from sheetsync.workbooks.google.http import ENDPOINT, SheetsClient
from sheetsync.workbooks.google.names import HEAD, REVISION
from sheetsync.workbooks.google.patience import Pace, Patience
from sheetsync.workbooks.google.portions import LARGE
from sheetsync.workbooks.google.workbook import GoogleWorkbook
from tests.google import Server
from tests.google.grid import Spreadsheet

MORNING = datetime(2026, 11, 21, 9)
NOON = datetime(2026, 11, 21, 12)

OLD: Sequence[Mapping[str, Any]] = (
    {
        "Created": date(2026, 11, 2),
        "Name": "Anna",
        "Phone": "+7 916 123-45-67",
        "Source": "Recommendation",
        "Budget": 1500,
        "Status": "New",
    },
    {
        "Created": date(2026, 11, 18),
        "Name": "Boris",
        "Email": "boris@example.com",
        "Source": "Website",
        "Budget": 300,
        "Status": "New",
    },
    {"Name": "Vera", "Phone": "+7 903 765-43-21", "Request": "A birthday cake", "Status": "New"},
)
"""The leads that were there in the morning."""

MOVED = {"Anna": "In progress", "Vera": "Offer made"}
"""Statuses that were changed since."""

NEW: Sequence[Mapping[str, Any]] = (
    {"Created": date(2026, 11, 21), "Name": "Gleb", "Phone": "+7 925 111-22-33", "Status": "New"},
    {"Name": "Dina", "Email": "dina@example.com", "Budget": 2000, "Status": "In progress"},
)
"""The leads that came since."""

CHAINS: Mapping[str, Sequence[str]] = {
    "Anna": ("New", "In progress"),
    "Boris": ("New",),
    "Vera": ("New", "Offer made"),
    "Gleb": ("New",),
    "Dina": ("In progress",),
}
"""The statuses that History has for each lead at noon, in order."""


def score(lead: Mapping[str, Any]) -> int:
    """The rules of the general kind by hand, for leads with well-spelled cells; no lead here is
    won, so no source is better than another."""
    budget, created = lead.get("Budget"), lead.get("Created")
    points = 30 * (lead.get("Source") == "Recommendation")
    points += 0 if budget is None else 15 + 20 * (budget >= 1000)
    points += 10 * bool(lead.get("Request")) + 5 * bool(lead.get("Email"))
    points -= 10 * (not lead.get("Phone"))
    return points + 10 * (created is not None and (NOON.date() - created).days <= 7)


Contents = dict[str, dict[tuple[int, int], Any]]


def contents_of(file: Spreadsheet) -> Contents:
    """Every cell of every tab as it was entered."""
    return {
        sheet.title: {(r, c): cell.entered for r, c, cell in sheet.filled()}
        for sheet in file.sheets
    }


def dress_of(file: Spreadsheet) -> list[Any]:
    """How everything looks, but for ids and nonces that are drawn by lot."""
    named = sorted((each["name"], repr(each["range"])) for each in file.names.values())
    marks = sorted(
        each.key if each.key in (REVISION, HEAD) else f"{each.key} {each.value}"
        for each in file.metadata.values()
    )
    looks = [
        (
            sheet.title,
            sheet.properties,
            sheet.conditional_formats,
            sorted(f"{each['range']} {each['description']}" for each in sheet.protected.values()),
            [
                [(cell.format, cell.validation) for cell in row.cells.values()]
                for row in sheet.rows[:3]
            ],
        )
        for sheet in file.sheets
    ]
    return [named, marks, *looks]


class Wire(requests.Session):
    """A session that lets a test act around each of its requests, counted from 1."""

    def __init__(
        self,
        token: str,
        before: Callable[[int], object] = lambda _: None,
        after: Callable[[int], object] = lambda _: None,
    ) -> None:
        super().__init__()
        self.headers["Authorization"] = f"Bearer {token}"
        self.before, self.after = before, after
        self.count = 0

    def request(self, method: Any, url: Any, *args: Any, **more: Any) -> requests.Response:
        self.count += 1
        number = self.count
        self.before(number)
        answer = super().request(method, url, *args, **more)
        self.after(number)
        return answer


class Clock:
    """Seconds that pass only when somebody waits."""

    def __init__(self) -> None:
        self.now = 0.0
        self.waits: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.waits.append(seconds)
        self.now += seconds


class Shop:
    """A CRM of the general kind in English, its owner, and whoever refreshes it."""

    def __init__(
        self, server: Server, locale: str = "en_US", timezone: str = "Europe/Moscow"
    ) -> None:
        self.server = server
        self.id = server.create("Shop", locale, timezone)
        server.share(self.id, server.SERVICE_ACCOUNT)
        self.owner = server.operator(self.id)
        self.known_well: list[Any] = []
        self._saved = server.file(self.id)

    def book(
        self,
        session: requests.Session | None = None,
        *,
        email: str = Server.OWNER,
        clock: Clock | None = None,
        patience: Patience | None = None,
        large: int = LARGE,
    ) -> GoogleWorkbook:
        """The spreadsheet on a machine of its own, whose pauses take no time."""
        session = session or Wire(self.server.token(email))
        clock = clock or Clock()
        client = SheetsClient(
            session=session,
            account=email,
            patience=patience,
            pace=Pace(clock=clock),
            sleep=clock.sleep,
        )
        return GoogleWorkbook(client, self.id, large=large)

    def filled(self) -> Shop:
        """Old leads refreshed in the morning; new ones and other statuses typed since."""
        properties = self.server.file(self.id).properties
        self.owner.restore(at_work(properties["locale"], properties["timeZone"]))
        return self.saved()

    # -- the same start for every case -------------------------------------------------------

    def saved(self) -> Shop:
        """Remember the spreadsheet as it is now; ``first`` and ``first_typed`` say how it was."""
        self._saved = self.server.file(self.id)
        self.first, self.first_typed = self.contents(), self.typed()
        return self

    def restored(self) -> Shop:
        """Everything as it was when it was saved, and a server without scripts."""
        rewind(self.server, self._saved)
        self.server.share(self.id, Server.SERVICE_ACCOUNT)
        return self

    # -- looking -----------------------------------------------------------------------------

    def row_of(self, name: str) -> int:
        """The sheet row of a lead."""
        sheet = self.server.file(self.id).titled("Leads")
        assert sheet is not None
        return next(r + 1 for r, _, cell in sheet.filled() if cell.entered == name)

    def typed(self) -> dict[str, list[list[tuple[str, Any]]]]:
        """What people typed: tab -> rows of (header, value), in an order of no meaning."""
        words = locales.load("en")
        found = {}
        for tab in crm.layout("general").tabs:
            sheet = self.server.file(self.id).titled(tab_title(words, tab))
            if sheet is None:
                continue
            theirs = {header(words, tab, column) for column in tab.owned("person")}
            rows: dict[int, list[tuple[str, Any]]] = defaultdict(list)
            headers: dict[int, Any] = {}
            for r, c, cell in sorted(sheet.filled(), key=lambda each: each[:2]):
                if r == 0:
                    headers[c] = cell.entered
                elif headers.get(c) in theirs and cell.entered is not False:
                    rows[r].append((headers[c], cell.entered))
            found[tab.key] = sorted(rows.values(), key=repr)
        return found

    def contents(self) -> Contents:
        return contents_of(self.server.file(self.id))

    def dress(self) -> list[Any]:
        return dress_of(self.server.file(self.id))

    def history(self) -> dict[str, list[tuple[Any, Any]]]:
        """The moves of each lead id, as (from, to), in the order of the sheet."""
        moves: dict[str, list[tuple[Any, Any]]] = defaultdict(list)
        for line in self.owner.rows("History"):
            moves[line["Lead"]].append((line["From"], line["To"]))
        return moves

    def check(self, chains: Mapping[str, Sequence[str]] = CHAINS) -> None:
        """Ids once, results beside their leads, each move in History and each lead listed once."""
        leads = {lead["Name"]: lead for lead in (*OLD, *NEW)}
        rows = {row["Name"]: row for row in self.owner.rows("Leads")}
        assert rows.keys() == chains.keys()
        ids = {name: row["ID"] for name, row in rows.items()}
        assert [ids[lead["Name"]] for lead in OLD] == ["L-00001", "L-00002", "L-00003"]
        assert sorted(ids.values()) == [f"L-{number:05d}" for number in range(1, len(rows) + 1)]
        assert {name: row["Score"] for name, row in rows.items()} == {
            name: score(leads[name]) for name in rows
        }
        assert self.history() == {
            ids[name]: list(zip((None, *chain), chain, strict=False))
            for name, chain in chains.items()
        }
        lines = [line["ID"] for line in self.owner.rows("History")]
        assert len(set(lines)) == len(lines)
        listed = {line["Lead"]: line["Name"] for line in self.owner.rows("Checklist")}
        assert listed == {key: name for name, key in ids.items()}
        recorded = [line["key:id"] for line in self.owner.rows("_leads")]
        assert sorted(recorded) == sorted(ids.values())


@cache
def at_work(locale: str, timezone: str) -> Spreadsheet:
    """The spreadsheet of a shop that is :meth:`Shop.filled`: made once, as all are alike."""
    with opened() as server:
        shop = Shop(server, locale, timezone)
        book = shop.book(email=Server.SERVICE_ACCOUNT)
        provision(book, kind="general", lang="en")
        for lead in OLD:
            shop.owner.append("Leads", lead)
        refresh(book, now=MORNING)
        for name, status in MOVED.items():
            shop.owner.type("Leads", shop.row_of(name), "Status", status)
        for lead in NEW:
            shop.owner.append("Leads", lead)
        return shop.owner.version()


def at_noon(book: GoogleWorkbook) -> Refreshed:
    """The refresh that every case is about."""
    return refresh(book, now=NOON)


def rewind(server: Server, saved: Spreadsheet) -> None:
    """A spreadsheet as it was once, and a server without scripts."""
    server.faults.clear()
    server.callbacks.clear()
    server.requests.clear()
    server.restore(saved.id, saved)


@contextmanager
def opened() -> Iterator[Server]:
    """A server for as long as a module's tests run."""
    with Server() as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv(ENDPOINT, server.url)
        yield server


def check_sentence(error: SheetsyncError, *secrets: str) -> None:
    """In both languages a whole sentence for people, with nothing in it that must stay inside."""
    for lang in locales.LANGUAGES:
        text = error.sentence(locales.load(lang))
        assert text[0].isupper() or not text[0].isalpha()
        assert text.endswith((".", "!", "?"))
        assert "{" not in text
        assert "Traceback" not in text
        assert any("а" <= letter <= "я" for letter in text.lower()) == (lang == "ru")
        for secret in (*secrets, "Bearer", "PRIVATE KEY", "ya29."):
            assert secret not in text
