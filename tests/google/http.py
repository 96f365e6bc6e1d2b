"""The transport: sockets, faults, the log."""

from __future__ import annotations

import contextlib
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from .auth import TokenError
from .dispatch import Answer, Dispatcher, Request, json_answer, loaded
from .errors import ApiError
from .faults import Fault

if TYPE_CHECKING:
    from .server import Server


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
            loaded(raw),
            len(raw),
            headers={name.lower(): value for name, value in self.headers.items()},
        )
        self._api(request, raw)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = serve  # noqa: N815

    def _token(self, raw: bytes) -> None:
        self.google.token_requests += 1
        try:
            answer = json_answer(200, self.google.accounts.grant(raw.decode()))
        except TokenError as error:
            answer = json_answer(400, error.body())
        self._send(answer)

    def _api(self, request: Request, raw: bytes) -> None:
        google = self.google
        with google.lock:
            google.requests.append(request)
            for callback in list(google.callbacks):
                with google.noting_errors():
                    callback(len(google.requests), request)
            fault = google.faults.next()
            if fault.expire:
                google.accounts.expire()
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
            return json_answer(error.code, error.body(), headers)
        answer = json_answer(500, ApiError(500, "Internal error encountered.").body())
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
