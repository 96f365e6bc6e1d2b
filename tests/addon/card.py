"""The sidebar in a browser, with a small sheet behind it.

    with Sheet("en") as sheet, Cards(browser).open(sheet) as page:
        page.get_by_role("radio", name="Confirmed").click()
        assert sheet.saves == [...]

The page is the one that ``addon build`` makes. ``google.script.run`` is Google's own way to the
server side; here it goes to :class:`Sheet`, which answers as the server side does, holds what was
saved, and can be told to be slow, to fail, or to have been changed by somebody else.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

import pandas as pd
from playwright.sync_api import Browser, Error, Page, Request

from sheetsync import locales
from sheetsync.addon import card, config, data
from sheetsync.addon.preview.closing import Closes
from sheetsync.crm import kinds
from sheetsync.crm.book import Locale, Raw, understand
from sheetsync.crm.model import compute
from sheetsync.crm.published import ADDON
from tests.crm.books import NOW, TODAY

KIND = "shop"
TEAM = {"en": ("Anna", "Boris", "Vera"), "ru": ("Анна", "Борис", "Вера")}
"""Two operators and a senior."""

Json = dict[str, Any]

RUN = """
(() => {
  const run = (success, failure) => new Proxy({}, { get: (_, name) => {
    if (name === 'withSuccessHandler') return (handler) => run(handler, failure);
    if (name === 'withFailureHandler') return (handler) => run(success, handler);
    return (argument) => {
      window.waiting += 1;
      void fetch(`/run/${name}`, { method: 'POST', body: JSON.stringify(argument ?? null) }).then(
        (answer) => answer.ok ? answer.json().then(success) : failure(new Error('ScriptError')),
        () => failure(new Error('NetworkError')),
      ).finally(() => { window.waiting -= 1; });
    };
  } });
  window.waiting = 0;
  window.google = { script: { run: run(() => {}, () => {}) } };
})();
"""
"""``google.script.run`` of the page: asynchronous, with handlers, one argument. ``waiting`` is how
many calls are under way."""


@cache
def html(lang: str) -> str:
    """Sidebar.html of a shop."""
    options = config.of_kind(KIND, lang, timezone="Europe/Moscow")
    return card.card_html(
        {
            "PhoneData.js": data.phone_data(),
            "JunkData.js": data.junk_data(),
            config.NAME: config.config_js(options),
        }
    )


@cache
def model(lang: str) -> Json:
    """What a refresh publishes for a new CRM of a shop with three people."""
    words = locales.load(lang)
    roles = words.group("choices.role")
    seeds = kinds.seeds(KIND, words)
    seeds["team"] = [
        {"name": name, "email": f"{number}@example.com", "role": roles[role]}
        for number, (name, role) in enumerate(
            zip(TEAM[lang], ("operator", "operator", "senior"), strict=True)
        )
    ]
    raw = {tab: _raw(rows) for tab, rows in seeds.items()}
    headers = dict(config.of_kind(KIND, lang, timezone="UTC").tabs["leads"].columns)
    book = understand(raw, headers=headers, locale=Locale(words), today=TODAY, now=NOW)
    texts: dict[str, str] = {}
    for row in compute(book).tables[ADDON.key].itertuples():
        key = str(row.key).partition("/")[0]
        texts[key] = texts.get(key, "") + str(row.value)
    return {key: json.loads(text) for key, text in texts.items()}


def _raw(rows: list[dict[str, Any]]) -> Raw:
    frame = pd.DataFrame(rows, dtype=object)
    key = "id" if "id" in frame else frame.columns[0]
    return Raw(frame, frame[key].rename(None))


def lead(lang: str, **changes: Any) -> Json:
    """A lead as the server side reads it from its row."""
    manager = TEAM[lang][0]
    new, reached = (status["name"] for status in model(lang)["statuses"][:2])
    columns = config.of_kind(KIND, lang, timezone="UTC").tabs["leads"].columns
    cells: Json = dict.fromkeys(columns)
    name = {"en": "Olga Petrova", "ru": "Ольга Петрова"}[lang]
    cells |= {
        "id": "L-00012",
        "created": {"iso": "2026-11-17"},
        "name": name,
        "phone": "8 916 123-45-67",
        "email": "olga@example.com",
        "source": next(iter(model(lang)["sources"]["names"].values())),
        "request": {"en": "Winter coat, size 46", "ru": "Зимнее пальто, 46 размер"}[lang],
        "budget": 18500,
        "status": new,
        "manager": manager,
        "next_action": {"iso": "2026-11-19"},
        "next_step": {"en": "Call back", "ru": "Перезвонить"}[lang],
        "comment": {"en": "Asked for blue", "ru": "Просила синее"}[lang],
    }
    base: Json = {
        "id": "L-00012",
        "row": 13,
        "cells": cells,
        "checks": {},
        "history": [
            {
                "at": "2026-11-18T10:05:00",
                "from": reached,
                "to": new,
                "by": manager,
                "comment": "",
                "via": "card",
            },
            {
                "at": "2026-11-17T09:30:00",
                "from": "",
                "to": reached,
                "by": manager,
                "comment": "",
                "via": "refresh",
            },
        ],
        "shown": {
            "score": 35,
            "tier": "B",
            "why": None,
            "attention": None,
            "overdue": 2,
            "stage_days": 4,
            "pushes": 0,
            "handling": None,
        },
        "status": new,
        "kind": "open",
        "phone": {"e164": "+79161234567", "text": "+7 916 123-45-67"},
        "email": "olga@example.com",
        "stamp": "1",
        "mayEdit": True,
        "url": "",
    }
    cells |= changes.pop("cells", {})
    return base | changes


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A page that was closed does not wait for its answer."""


class Sheet(Closes):
    """What answers the card: leads, the one that is selected, and what goes wrong.

    Attributes
    ----------
    leads : id -> lead
    selected : id of the lead in the selected row; None for none
    me : who is at the keyboard, as far as the sheet knows
    calls : name and argument of every call, in order
    gate : cleared, saves wait until it is set again
    failing : names of functions that fail, as Google does when a script breaks off
    losing : names of functions that run, and whose answer gets lost
    refusing : name -> answer that is given instead
    """

    def __init__(self, lang: str, *leads: Json) -> None:
        self.lang = lang
        self.model = deepcopy(model(lang))
        self.leads = {each["id"]: each for each in leads or (lead(lang),)}
        self.selected: str | None = next(iter(self.leads), None)
        self.page = "card"
        self.day = TODAY.isoformat()
        self.me: Json = {"email": "0@example.com", "name": TEAM[lang][0], "role": "operator"}
        self.today: list[Json] = []
        self.findings: list[Json] = []
        self.calls: list[tuple[str, Any]] = []
        self.gate = threading.Event()
        self.gate.set()
        self.failing: set[str] = set()
        self.losing: set[str] = set()
        self.refusing: dict[str, Json] = {}
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/"

    @property
    def saves(self) -> list[Json]:
        """What was asked to be saved."""
        return [argument for name, argument in self.calls if name == "cardSave"]

    def called(self, name: str) -> int:
        """How often a function was called."""
        return sum(each == name for each, _ in self.calls)

    def edit(self, key: str, value: Any, of: str = "L-00012") -> None:
        """Somebody else types into a cell."""
        self.leads[of]["cells"][key] = value
        self._stamp(self.leads[of])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def close(self) -> None:
        self.gate.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def run(self, name: str, argument: Any) -> Json:
        """The answer to a call."""
        self.calls.append((name, argument))
        if name == "cardSave":
            self.gate.wait(20)
        if name in self.refusing:
            return self.refusing[name]
        functions: dict[str, Callable[[Any], Json]] = {
            "cardOpen": self._open,
            "cardFollow": self._follow,
            "cardSave": self._save,
            "cardToday": self._today,
            "cardGo": self._go,
            "cardMe": self._is,
            "cardCheck": lambda _: {"ok": True, "findings": self.findings},
        }
        return functions[name](argument)

    def _current(self) -> Json | None:
        return None if self.selected is None else self.leads.get(self.selected)

    def _open(self, _: Any) -> Json:
        return {
            "ok": True,
            "lead": self._current(),
            "model": self.model,
            "me": self.me,
            "today": self.day,
            "page": self.page,
        }

    def _follow(self, argument: Mapping[str, Any]) -> Json:
        here = self._current()
        known = (argument["id"], argument["stamp"])
        if here is not None and known == (here["id"], here["stamp"]):
            return {"ok": True, "same": True}
        return {"ok": True, "lead": here}

    def _save(self, change: Mapping[str, Any]) -> Json:
        here = self.leads.get(change["id"])
        if here is None:
            return {"ok": False, "gone": True, "told": "This lead is not in the sheet any more."}
        cells = here["cells"]
        if any(
            cells[key] not in (change["base"][key], value)
            for key, value in change["changes"].items()
        ):
            told = "Somebody else has changed this lead."
            return {"ok": False, "conflict": True, "lead": here, "told": told}
        if "status" in change["changes"]:
            self._move(here, change["changes"]["status"], change["comment"])
        for key, value in change["changes"].items():
            # What could be a formula is kept as text by a blank in front.
            formula = isinstance(value, str) and value[:1] in "=+-@'"
            cells[key] = f" {value}" if formula else value
        here["checks"].update(change["checks"])
        self._stamp(here)
        return {"ok": True, "lead": here, "told": []}

    def _move(self, here: Json, to: str, comment: str | None) -> None:
        line = {"at": "2026-11-21T12:00:00", "from": here["status"], "to": to, "via": "card"}
        line |= {"by": TEAM[self.lang][0], "comment": comment or ""}
        here["history"].insert(0, line)
        status = next(each for each in self.model["statuses"] if each["name"] == to)
        here |= {"status": to, "kind": status["kind"]}

    def _today(self, argument: Mapping[str, Any]) -> Json:
        mine, name = argument["mine"], self.me["name"]
        rows = [row for row in self.today if not mine or row["manager"] == name]
        return {"ok": True, "rows": rows, "mine": mine}

    def _is(self, name: str) -> Json:
        self.me = {"email": "", "name": name, "role": "operator"}
        return {"ok": True, "me": self.me}

    def _go(self, target: str) -> Json:
        if target in self.leads:
            self.selected = target
        return {"ok": True}

    @staticmethod
    def _stamp(here: Json) -> None:
        here["stamp"] = str(int(here["stamp"]) + 1)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        sheet = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer("text/html; charset=utf-8", html(sheet.lang))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                name = self.path.removeprefix("/run/")
                argument = json.loads(body)
                if name in sheet.failing:
                    sheet.calls.append((name, argument))
                else:
                    answer = sheet.run(name, argument)
                if name in sheet.failing | sheet.losing:
                    self.send_error(500)
                else:
                    self._answer("application/json", json.dumps(answer))

            def _answer(self, kind: str, text: str) -> None:
                content = text.encode(errors="surrogatepass")
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        return Handler


class Cards:
    """Sidebars of one browser. A window is opened once for each size, and used again."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._pages: dict[tuple[int, float, bool], Page] = {}

    @contextmanager
    def open(
        self, sheet: Sheet, *, width: int = 300, scale: float = 1, clock: bool = False
    ) -> Iterator[Page]:
        """The sidebar, opened; nothing is asked of any other machine, and no script breaks.

        Parameters
        ----------
        width : of the sidebar; 200 % zoom is half the width at twice the scale [CSS px]
        scale : device pixels of a CSS pixel
        clock : whether the page's timers can be moved on by ``page.clock``
        """
        page = self._page(width, scale, clock)
        asked: list[str] = []
        broken: list[str] = []

        def note(request: Request) -> None:
            asked.append(request.url)

        def breaks(error: Error) -> None:
            broken.append(str(error))

        page.on("request", note)
        page.on("pageerror", breaks)
        try:
            page.goto(sheet.url)
            yield page
            assert [url for url in asked if not url.startswith(sheet.url)] == []
            assert broken == []
        finally:
            page.remove_listener("request", note)
            page.remove_listener("pageerror", breaks)
            page.context.set_offline(False)
            page.goto("about:blank")

    def _page(self, width: int, scale: float, clock: bool) -> Page:
        if (width, scale, clock) not in self._pages:
            context = self._browser.new_context(
                viewport={"width": width, "height": 1000},
                device_scale_factor=scale,
                # Days are those of the sheet, wherever the operator is.
                timezone_id="America/New_York",
            )
            context.set_default_timeout(5000)
            context.add_init_script(RUN)
            page = context.new_page()
            if clock:
                page.clock.install(time=NOW)
            self._pages[width, scale, clock] = page
        return self._pages[width, scale, clock]
