"""The preview's page: a server for one person, on this machine only.

Whoever has no token gets nothing, not even an error that tells of it: other programs of other
people may run here, and web pages may try to reach it. So it listens on the loopback address, asks
for the token in every address, for its own name in ``Host`` (against names that are made to point
here) and for its own pages in ``Origin``; nothing is fetched from elsewhere, and pages may run no
script but ours.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import secrets
import sys
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from sheetsync.addon.preview.session import ASKED, Session

LARGEST = 1_000_000
"""Bytes of a request, beyond which it is refused; a page sends a few hundred."""

_PAGE = Path(__file__).with_name("page")
_FILES = {
    "": ("page.html", "text/html"),
    "page.css": ("page.css", "text/css"),
    "page.js": ("page.js", "text/javascript"),
}
_OWN = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "frame-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_ELEMENT = re.compile(r"<(script|style)>(.*?)</\1>", re.DOTALL)


class PreviewServer(ThreadingHTTPServer):
    """The server; ``with`` closes it.

    Parameters
    ----------
    session : what it shows; asked by one request at a time
    port : 0 for any free one
    """

    daemon_threads = True

    def __init__(self, session: Session, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.session = session
        self.token = secrets.token_urlsafe(24)

    @property
    def host(self) -> str:
        """What ``Host`` has to say."""
        return f"127.0.0.1:{self.server_port}"

    @property
    def address(self) -> str:
        """Where the browser finds the page; whoever has it may do what the page may."""
        return f"http://{self.host}/{self.token}/"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that goes away in the middle of an answer is nobody's error."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: PreviewServer
    protocol_version = "HTTP/1.1"
    timeout = 60

    def do_GET(self) -> None:
        """A page, or one of its files."""
        name = self._allowed()
        if name is None:
            self._send(HTTPStatus.NOT_FOUND)
        elif name == "card":
            page = card_page(self.server.session.sidebar)
            self._send(HTTPStatus.OK, page, "text/html", _policy(page))
        elif name in _FILES:
            file, kind = _FILES[name]
            text = (_PAGE / file).read_text(encoding="utf-8")
            self._send(HTTPStatus.OK, text, kind, _OWN)
        else:
            self._send(HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        """What the page, or the card in it, asks for."""
        name = self._allowed()
        origin = self.headers.get("Origin")
        own = origin is None or origin == f"http://{self.server.host}"
        is_json = self.headers.get_content_type() == "application/json"
        length = self.headers.get("Content-Length", "")
        if name not in ASKED or not own or not is_json:
            self._send(HTTPStatus.NOT_FOUND)
        elif not length.isdigit() or int(length) > LARGEST:
            self._send(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        else:
            try:
                given = json.loads(self.rfile.read(int(length)))
                answer = self.server.session.ask(name, given)
            except (ValueError, KeyError, TypeError):
                self._send(HTTPStatus.BAD_REQUEST)
            else:
                self._send(HTTPStatus.OK, json.dumps(answer), "application/json")

    def _allowed(self) -> str | None:
        """What is asked for, behind the token; None for who may not ask."""
        token, slash, name = self.path.partition("?")[0].removeprefix("/").partition("/")
        # Both are asked in any case, so that an answer tells nothing by its time.
        known = hmac.compare_digest(token.encode(), self.server.token.encode())
        mine = hmac.compare_digest(self.headers.get("Host", "").encode(), self.server.host.encode())
        return name if known and mine and slash else None

    def _send(
        self, status: HTTPStatus, text: str = "", kind: str = "text/plain", policy: str = ""
    ) -> None:
        body = text.encode()
        if status != HTTPStatus.OK:
            self.close_connection = True  # the rest of the request was not read
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        self.send_header("Content-Security-Policy", policy or "default-src 'none'")
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Addresses hold the token: they are not printed."""


def card_page(page: str) -> str:
    """The add-on's own page, with what stands for ``google.script.run`` before its first script."""
    shim = (_PAGE / "shim.js").read_text(encoding="utf-8")
    return page.replace("<head>", f"<head>\n<script>\n{shim}</script>", 1)


def _policy(page: str) -> str:
    """What the card may do: run exactly the scripts and styles that are in it."""
    hashes: dict[str, list[str]] = {"script": [], "style": []}
    for tag, text in _ELEMENT.findall(page):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        hashes[tag].append(f"'sha256-{digest}'")
    allowed = "; ".join(f"{tag}-src {' '.join(found)}" for tag, found in hashes.items() if found)
    return (
        f"default-src 'none'; {allowed}; connect-src 'self'; img-src data:; form-action 'none'; "
        "frame-ancestors 'self'"
    )
