"""A small shop in a Google Sheet, refreshed, in which people work with the add-on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from sheetsync import locales
from sheetsync.locales import Words
from sheetsync.sync.provision import provision
from sheetsync.sync.refresh import Refreshed, refresh
from sheetsync.sync.understand import breaks_of, read_and_understand
from sheetsync.workbooks.google.workbook import GoogleWorkbook
from tests.addon.google import Workplace, built
from tests.google import Server
from tests.google.grid import Spreadsheet
from tests.workbooks.test_google import client_of

ANNA, BORIS, OLGA = "anna@example.com", "boris@example.com", "olga@example.com"
"""Two operators and a senior; the owner of the file is in Team, too."""

MORNING = datetime(2026, 11, 21, 8)
"""When the shop was refreshed, by its own clock. What people do comes later, at NOON."""

NOON = datetime(2026, 11, 21, 12, 30)
"""The same moment as NOW, by the clock of the shop."""

LATER = datetime(2026, 11, 21, 15)

KEYS = ("new", "unreached", "confirmed", "stock", "shipped", "pickup", "won", "lost")
"""The statuses of the shop in their order, by names of ours."""

NAMES = {
    "en": ("Anna", "Boris", "Olga", "Pavel"),
    "ru": ("Анна", "Борис", "Ольга", "Павел"),
}
"""The operators, the senior, the owner."""

LEADS: tuple[dict[str, Any], ...] = (
    {"name": "Ivan", "phone": "+7 916 123-45-67", "email": "ivan@shop.example", "status": "new"},
    {"name": "Maria", "phone": "8 (916) 765-43-21", "email": "", "status": "confirmed"},
    {"name": "Petr", "phone": "", "email": "petr@shop.example", "status": "shipped"},
)
"""Leads that the last refresh has seen: L-00001 to L-00003, in rows 2 to 4, all of Anna's."""


class Shop:
    """The spreadsheet, its words, and how it was after the refresh.

    Parameters
    ----------
    lang : of the CRM; the locale of the file goes with it
    """

    def __init__(self, server: Server, lang: str = "en") -> None:
        self.server, self.lang = server, lang
        self._anna: Workplace | None = None
        self.words: Words = locales.load(lang)
        self.id = server.create("Shop", "ru_RU" if lang == "ru" else "en_US")
        for email in (ANNA, BORIS, OLGA, server.SERVICE_ACCOUNT):
            server.share(self.id, email)
        with self._at_server():
            self.workbook = GoogleWorkbook(client_of(server, server.SERVICE_ACCOUNT), self.id)
            provision(self.workbook, kind="shop", lang=lang)
        self._fill()
        self.refresh(MORNING)
        self.start: Spreadsheet = server.operator(self.id).version()

    # -- words -------------------------------------------------------------------------------

    def tab(self, key: str) -> str:
        return self.words(f"tabs.{key}")

    def header(self, column: str, tab: str = "leads") -> str:
        return self.words(f"columns.{tab}.{column}")

    def status(self, key: str) -> str:
        """The name of one of :data:`KEYS`."""
        rows = self.server.operator(self.id).rows(self.tab("statuses"))
        return str(rows[KEYS.index(key)][self.header("status", "statuses")])

    def say(self, key: str, **values: Any) -> str:
        return self.words(f"addon.{key}", **values)

    # -- people ------------------------------------------------------------------------------

    def person(self, email: str = ANNA) -> Workplace:
        """Somebody at work; what the scripts keep (caches, properties) stays from test to test."""
        if self._anna is None:
            self._anna = self.workplace()
        return self._anna if email == ANNA else self._anna.colleague(email)

    def workplace(self, email: str = ANNA, **options: Any) -> Workplace:
        """Somebody whose scripts keep nothing yet; ``options`` go to :func:`built`."""
        return Workplace(self.server, self.id, email, built("shop", self.lang, **options))

    def close(self) -> None:
        if self._anna is not None:
            self._anna.close()

    def restore(self) -> None:
        """How it was after the refresh; who may do what, too."""
        self.server.restore(self.id, self.start)

    # -- the tool ----------------------------------------------------------------------------

    def refresh(self, now: datetime = LATER) -> Refreshed:
        with self._at_server():
            return refresh(self.workbook, now=now)

    def history(self, lead: str | None = None) -> list[dict[str, Any]]:
        """The lines of History by keys, all or those of one lead."""
        keys = ("at", "lead", "from", "to", "by", "comment", "via", "id", "checksum")
        rows = self.server.operator(self.id).rows(self.tab("history"))
        lines = [{key: row[self.header(key, "history")] for key in keys} for row in rows]
        return [line for line in lines if lead in (None, line["lead"])]

    def breaks(self) -> list[tuple[str, str]]:
        """What ``doctor`` would find broken in History: line, and what is wrong with it."""
        with self._at_server():
            found = breaks_of(read_and_understand(self.workbook, now=LATER))
        return list(zip(found["id"], found["what"], strict=True))

    # -- inside ------------------------------------------------------------------------------

    @contextmanager
    def _at_server(self) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SHEETSYNC_API_ENDPOINT", self.server.url)
            yield

    def _fill(self) -> None:
        owner = self.server.operator(self.id)
        mails = (ANNA, BORIS, OLGA, self.server.OWNER)
        roles = ("operator", "operator", "senior", "owner")
        for name, mail, role in zip(NAMES[self.lang], mails, roles, strict=True):
            row = {"name": name, "email": mail, "role": self.words(f"choices.role.{role}")}
            owner.append(self.tab("team"), {self.header(k, "team"): v for k, v in row.items()})
        for lead in LEADS:
            owner.append(self.tab("leads"), self.typed(lead))

    def typed(self, lead: Mapping[str, Any]) -> dict[str, Any]:
        """A lead as it is typed: by header, with what goes without saying."""
        row = {
            "created": date(2026, 11, 20),
            "manager": NAMES[self.lang][0],
            "next_action": date(2026, 11, 23),
            **lead,
            "status": self.status(lead["status"]),
        }
        return {self.header(key): value for key, value in row.items() if value != ""}


def serial(moment: datetime) -> float:
    """A moment as a spreadsheet stores it."""
    return round((moment - datetime(1899, 12, 30)) / timedelta(days=1), 9)
