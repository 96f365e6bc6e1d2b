"""From a request to an answer, without any socket: who asks, for what, in which form."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from . import drive, script, sheets, sheets_values  # noqa: F401 - they register what they answer
from .auth import Token
from .calls import METHODS, WRITES, Call
from .discovery import Discovery, Method
from .discovery import drive as drive_discovery
from .discovery import drive_v2 as drive_v2_discovery
from .discovery import script as script_discovery
from .discovery import sheets as sheets_discovery
from .errors import ApiError, violation

if TYPE_CHECKING:
    from .server import Server

_BODY_ROOT = {
    "sheets.spreadsheets.create": "spreadsheet",
    "sheets.spreadsheets.values.update": "data",
    "sheets.spreadsheets.values.append": "data",
}
_JSON = "application/json; charset=UTF-8"


@dataclass
class Request:
    """One line of the log. ``status`` 0 means that the connection was cut."""

    method: str
    path: str
    query: list[tuple[str, str]]
    body: Any
    size: int
    operation: str | None = None
    user: str | None = None
    status: int = 0
    answer_size: int = 0
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def kinds(self) -> list[str]:
        """The kinds of requests in a batchUpdate, in order."""
        requests = (self.body or {}).get("requests", []) if isinstance(self.body, dict) else []
        return [kind for each in requests for kind in each]


@dataclass
class Answer:
    """What goes back over the wire."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


def json_answer(status: int, value: Any, headers: dict[str, str] | None = None) -> Answer:
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return Answer(status, body, {"Content-Type": _JSON, **(headers or {})})


def _page(status: int, title: str) -> Answer:
    """What Google's front answers before any API is asked."""
    page = f"<html><title>Error {status} ({title})!!1</title></html>"
    return Answer(status, page.encode(), {"Content-Type": "text/html; charset=UTF-8"})


def loaded(raw: bytes) -> Any:
    try:
        return json.loads(raw) if raw else None
    except ValueError:
        return None


class Dispatcher:
    """The road from a request to an answer."""

    def __init__(self, server: Server) -> None:
        self.server = server

    def find(self, verb: str, path: str) -> tuple[Discovery, Method, dict[str, str]] | None:
        for discovery in (
            sheets_discovery(),
            drive_discovery(),
            drive_v2_discovery(),
            script_discovery(),
        ):
            if found := discovery.match(verb, path):
                return discovery, *found
        return None

    def api(self, request: Request, raw: bytes, authorization: str | None) -> Answer:
        """A call of Sheets, Drive or Apps Script."""
        if len(raw) > self.server.body_limit:
            return _page(413, "Request Entity Too Large")
        try:
            found = self.find(request.method, request.path)
            if found is None:
                return _page(404, "Not Found")
            discovery, method, path = found
            request.operation = method.id
            caller = self.server.accounts.who(authorization)
            request.user = caller.email
            self._check_scopes(method, caller)
            if discovery is sheets_discovery():
                self.server.quota.spend(write=method.id in WRITES)
            handler: Any = METHODS.get(method.id)
            if handler is None:
                raise ApiError(501, f"{method.id} is not part of this stand-in server")
            query = discovery.query(method, request.query)
            body = {} if method.uploads else self._body(discovery, method, request, raw)
            media = raw if method.uploads else b""
            call = Call(caller.email, self._quotaless(caller), path, query, body, media)
            result = handler(self.server.store, call)
        except ApiError as error:
            return json_answer(error.code, error.body())
        if result is None:
            return Answer(204, b"")
        if isinstance(result, bytes):
            return Answer(200, result, {"Content-Type": "text/csv"})
        return json_answer(200, result)

    def _quotaless(self, caller: Token) -> bool:
        return caller.service_account and not self.server.service_accounts_own_files

    def _check_scopes(self, method: Method, caller: Token) -> None:
        if caller.scopes & method.scopes:
            return
        raise ApiError(
            403,
            "Request had insufficient authentication scopes.",
            [
                {
                    "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                    "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
                    "domain": "googleapis.com",
                    "metadata": {"method": method.id, "service": "sheets.googleapis.com"},
                }
            ],
        )

    def _body(
        self, discovery: Discovery, method: Method, request: Request, raw: bytes
    ) -> dict[str, Any]:
        if not raw:
            return {}
        value = request.body
        if value is None:
            raise violation("", "Invalid JSON payload received. Unable to parse the request body.")
        if method.request is None:
            raise violation("", "Invalid JSON payload received. The method takes no body.")
        if method.id == "drive.permissions.create":  # gspread sends what Drive v2 knew
            value = {name: each for name, each in value.items() if name != "withLink"}
        return discovery.body(method.request, value, _BODY_ROOT.get(method.id, ""))
