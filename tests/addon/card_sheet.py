"""A small sheet behind the sidebar: it answers as the server side does."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from copy import deepcopy
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from sheetsync.addon import card, config, data
from sheetsync.addon.preview.closing import Closes
from tests.addon.card_data import KIND, TEAM, Json, lead, model
from tests.crm.books import TODAY


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
    gates : names of the functions that wait at the gate
    failing : names of functions that fail, as Google does when a script breaks off
    error : what Google says where one fails
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
        self.gates = {"cardSave"}
        self.failing: set[str] = set()
        self.error = "ScriptError"
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
        if name in self.gates:
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
        return {"ok": True, "rows": rows}

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
                    self._answer("text/plain", sheet.error, 500)
                else:
                    self._answer("application/json", json.dumps(answer))

            def _answer(self, kind: str, text: str, status: int = 200) -> None:
                content = text.encode(errors="surrogatepass")
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        return Handler
