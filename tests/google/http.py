"""The transport: sockets, JSON, authentication, faults, the log."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from . import drive, sheets
from .auth import Token, TokenError
from .discovery import Discovery, Method
from .discovery import drive as drive_discovery
from .discovery import sheets as sheets_discovery
from .errors import ApiError, violation
from .faults import Fault

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


def _json(status: int, value: Any, headers: dict[str, str] | None = None) -> Answer:
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return Answer(status, body, {"Content-Type": _JSON, **(headers or {})})


def _loaded(raw: bytes) -> Any:
    try:
        return json.loads(raw) if raw else None
    except ValueError:
        return None


class Dispatcher:
    """From a request to an answer, without any socket."""

    def __init__(self, server: Server) -> None:
        self.server = server

    def find(self, verb: str, path: str) -> tuple[Discovery, Method, dict[str, str]] | None:
        for discovery in (sheets_discovery(), drive_discovery()):
            if found := discovery.match(verb, path):
                return discovery, *found
        return None

    def api(self, request: Request, raw: bytes, authorization: str | None) -> Answer:
        """A call of Sheets or Drive."""
        try:
            found = self.find(request.method, request.path)
            if found is None:
                return Answer(404, b"<html><title>Error 404 (Not Found)!!1</title></html>")
            discovery, method, path = found
            request.operation = method.id
            caller = self.server.accounts.who(authorization)
            request.user = caller.email
            self._check_scopes(method, caller)
            self.server.quota.spend(write=method.id in sheets.WRITES)
            handler: Any = sheets.METHODS.get(method.id) or drive.METHODS.get(method.id)
            if handler is None:
                raise ApiError(501, f"{method.id} is not part of this stand-in server")
            query = discovery.query(method, request.query)
            body = self._body(discovery, method, request, raw)
            call = sheets.Call(caller.email, self._quotaless(caller), path, query, body)
            result = handler(self.server.store, call)
        except ApiError as error:
            return _json(error.code, error.body())
        if result is None:
            return Answer(204, b"")
        if isinstance(result, bytes):
            return Answer(200, result, {"Content-Type": "text/csv"})
        return _json(200, result)

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


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    google: Server
    connections: set[socket.socket]

    def setup(self) -> None:
        super().setup()
        self.connections.add(self.connection)

    def finish(self) -> None:
        self.connections.discard(self.connection)
        with contextlib.suppress(OSError):
            super().finish()

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError, TimeoutError, ValueError):
            super().handle()

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet: the log is in ``Server.requests``."""

    def serve(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = urlsplit(self.path)
        if parts.path == "/token":
            self._token(raw)
            return
        if parts.path == "/o/oauth2/auth":
            location = self.google.accounts.consent(parts.query)
            self._send(Answer(302, b"", {"Location": location}))
            return
        request = Request(
            self.command,
            parts.path,
            parse_qsl(parts.query, keep_blank_values=True),
            _loaded(raw),
            len(raw),
            headers={name.lower(): value for name, value in self.headers.items()},
        )
        self._api(request, raw)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = serve  # noqa: N815

    def _token(self, raw: bytes) -> None:
        self.google.token_requests += 1
        try:
            answer = _json(200, self.google.accounts.grant(raw.decode()))
        except TokenError as error:
            answer = _json(400, error.body())
        self._send(answer)

    def _api(self, request: Request, raw: bytes) -> None:
        google = self.google
        with google.lock:
            google.requests.append(request)
            for callback in list(google.callbacks):
                with google.noting_errors():
                    callback(len(google.requests), request)
            fault = google.faults.next()
        if fault.delay:
            google.sleep(fault.delay)
        if fault.reset == "before":
            self._cut()
            return
        with google.lock:
            answer = self._answer(request, raw, fault)
        if fault.reset == "after":
            self._cut()
            return
        request.status, request.answer_size = answer.status, len(answer.body)
        if google.latency:
            google.sleep(google.latency)
        self._send(answer, truncate=fault.truncate)

    def _answer(self, request: Request, raw: bytes, fault: Fault) -> Answer:
        if (error := fault.error()) is not None:
            headers = {"Retry-After": fault.retry_after} if fault.retry_after else {}
            return _json(error.code, error.body(), headers)
        answer = _json(500, ApiError(500, "Internal error encountered.").body())
        if fault.text is None or fault.applied:
            with self.google.noting_errors():
                answer = Dispatcher(self.google).api(
                    request, raw, self.headers.get("Authorization")
                )
        if fault.text is not None:
            answer = Answer(200, fault.text.encode(), {"Content-Type": "text/html"})
        return answer

    def _cut(self) -> None:
        """Cut the connection without an answer."""
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def _send(self, answer: Answer, *, truncate: bool = False) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status != 204:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body[: len(answer.body) // 2] if truncate else answer.body)
        self.wfile.flush()
        if truncate:
            self._cut()


class Listener(ThreadingHTTPServer):
    """The listening socket; closes what clients keep open when it stops."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, server: Server, port: int) -> None:
        self.connections: set[socket.socket] = set()
        handler = type(
            "BoundHandler", (Handler,), {"google": server, "connections": self.connections}
        )
        super().__init__(("127.0.0.1", port), handler)
        self.thread = threading.Thread(
            target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )

    def start(self) -> None:
        self.thread.start()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no error."""

    def stop(self) -> None:
        self.shutdown()
        self.server_close()
        for connection in list(self.connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self.thread.join(timeout=5)
