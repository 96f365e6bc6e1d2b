"""The stand-in server as tests see it."""

from __future__ import annotations

import random
import string
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from .auth import OWNER, SERVICE_ACCOUNT, Accounts
from .batch.tabs import check_properties
from .calls import Store
from .dispatch import Request
from .faults import Fault, Faults, Quota
from .grid import Sheet, Spreadsheet
from .http import Listener
from .operators import Operator
from .script import Scripts

TODAY = date(2026, 11, 21)


class Server:
    """Google, small and near.

    Parameters
    ----------
    port : 0 for a free one
    today : what TODAY() shows
    service_accounts_own_files : let service accounts create files, as Google did until 2025
    """

    SERVICE_ACCOUNT = SERVICE_ACCOUNT
    OWNER = OWNER

    def __init__(
        self,
        *,
        port: int = 0,
        today: date = TODAY,
        service_accounts_own_files: bool = False,
    ) -> None:
        self.today = today
        self.service_accounts_own_files = service_accounts_own_files
        self.lock = threading.RLock()
        self.requests: list[Request] = []
        self.token_requests = 0
        self.callbacks: list[Callable[[int, Request], None]] = []
        self.errors: list[Exception] = []
        self.faults = Faults()
        self.quota = Quota()
        self.latency = 0.0
        self.body_limit = 10_000_000
        self.sleep: Callable[[float], None] = time.sleep
        self.store = Store()
        self.store.create = self.create
        self.scripts = self.store.scripts = Scripts()
        self.accounts = Accounts(lambda: self.url)
        self._ids = random.Random(20261121)
        self._listener = Listener(self, port)

    def __enter__(self) -> Server:
        self._listener.start()
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self._listener.stop()
        if self.errors and kind is None:
            raise self.errors[0]

    @contextmanager
    def noting_errors(self) -> Iterator[None]:
        """Keep what goes wrong in the server or in a hook; leaving the server raises it."""
        try:
            yield
        except Exception as error:
            self.errors.append(error)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.server_address[1]}"

    # -- files -------------------------------------------------------------------------------

    def create(
        self,
        title: str = "Untitled spreadsheet",
        locale: str = "en_US",
        timezone: str = "Europe/Moscow",
        owner: str = OWNER,
    ) -> str:
        """A new file with one empty sheet; its id."""
        check_properties({"locale": locale, "timeZone": timezone})
        letters = string.ascii_letters + string.digits + "-_"
        with self.lock:
            id = "1" + "".join(self._ids.choices(letters, k=43))
            file = Spreadsheet(id, title, locale, timezone)
            file.today = lambda: self.today
            file.permissions[owner] = "owner"
            file.sheets.append(Sheet.new(0, "Лист1" if locale.startswith("ru") else "Sheet1"))
            self.store.files[id] = file
        return id

    def share(self, spreadsheet_id: str, email: str, role: str = "writer") -> None:
        """Let somebody in: as ``reader`` or ``writer``; ``anyone`` stands for everybody."""
        with self.lock:
            self.store.files[spreadsheet_id].permissions[email] = role

    def unshare(self, spreadsheet_id: str, email: str) -> None:
        with self.lock:
            self.store.files[spreadsheet_id].permissions.pop(email, None)

    def file(self, spreadsheet_id: str) -> Spreadsheet:
        """The model as it is now; look, don't touch."""
        return self.store.files[spreadsheet_id]

    def restore(self, spreadsheet_id: str, saved: Spreadsheet) -> None:
        """Let a file be what one was, here or on another server. Its id stays, and who may do
        what."""
        with self.lock:
            old, new = self.store.files[spreadsheet_id], saved.fork()
            new.id, new.permissions, new.today = old.id, old.permissions, old.today
            self.store.files[spreadsheet_id] = new

    def operator(self, spreadsheet_id: str, email: str = OWNER) -> Operator:
        """Somebody who works in the sheet by hand."""
        return Operator(self, spreadsheet_id, email)

    # -- access ------------------------------------------------------------------------------

    def credentials(
        self, kind: str, path: Path | str, email: str | None = None, *, addon: bool = False
    ) -> Path:
        """Write a credentials file: ``service_account``, ``authorized_user`` (``addon``: of a login
        that may work with script projects) or ``client``."""
        return self.accounts.credentials(kind, Path(path), email, addon=addon)

    def token(self, email: str = OWNER, **options: Any) -> str:
        """A bearer token, without any credentials file."""
        return self.accounts.issue(email, **options)

    # -- hooks -------------------------------------------------------------------------------

    def before(self, callback: Callable[[int, Request], None]) -> Callable[[], None]:
        """Call ``callback(number, request)`` before each API request is handled.

        It may use operators: the server waits for it. The function returned removes it.
        """
        self.callbacks.append(callback)
        return lambda: self.callbacks.remove(callback)

    def before_nth(self, number: int, action: Callable[[], None]) -> None:
        """Do something just before the ``number``-th API request from now (1 is the next)."""
        then = len(self.requests) + number

        def watch(at: int, _: Request) -> None:
            if at == then:
                action()

        self.before(watch)

    def fault(self, number: int, **what: Any) -> None:
        """Let the ``number``-th API request from now go wrong; see Fault."""
        self.faults.at(number, Fault(**what))
