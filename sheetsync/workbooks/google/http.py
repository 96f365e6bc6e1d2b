"""How we talk to Google: gspread's client with patience, a time-out and a memory of what it cost.

gspread's own ``BackOffHTTPClient`` re-sends appends, knows no end and waits in step with everybody
else. This one keeps to Google's quota by itself, repeats only what does no harm when it happens
twice, waits longer each time with some chance in it (Google's advice: truncated exponential
backoff), and gives up with a sentence.
"""

from __future__ import annotations

import json as jsonlib
import os
import random
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import gspread
import requests
from google.auth.exceptions import RefreshError, TransportError
from requests import Response, Session

from sheetsync import __version__
from sheetsync.errors import ServiceError, SheetsyncError
from sheetsync.workbooks.base import Traffic
from sheetsync.workbooks.google.errors import Refusal, error_of, login_error, read_refusal
from sheetsync.workbooks.google.patience import Pace, Patience

SHEETS = "https://sheets.googleapis.com"
ENDPOINT = "SHEETSYNC_API_ENDPOINT"
"""The variable that names another server for every API call; see :func:`redirected`."""

_GOOGLE_HOST = re.compile(r"https://(?:www|sheets|drive|script)\.googleapis\.com(?=/)")
_READS = re.compile(r"(:getByDataFilter|:batchGetByDataFilter|developerMetadata:search)$")
_FAULTS = (
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
    requests.exceptions.ContentDecodingError,
    TransportError,
)


class RejectedError(ServiceError):
    """Google called a request wrong (400); callers may know what that means."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__("google_refused", code=refusal.code, message=refusal.message)
        self.refusal = refusal


@dataclass(frozen=True)
class _Failure:
    """Why a try did not give an answer: what it would become, and whether another may follow."""

    error: SheetsyncError
    again: bool
    busy: bool = False
    asked: float | None = None


class SheetsClient(gspread.HTTPClient):
    """gspread's HTTP client, made patient.

    Parameters
    ----------
    auth : credentials of google-auth; None with a ``session`` of one's own
    session : a ready session, e.g. a plain one for an endpoint that asks for no credentials
    account : the e-mail to share sheets with, for messages
    pace : how many requests it makes in a minute
    notify : called with (reason, seconds) before each pause: ``"pace"`` when this minute's requests
        are used up, ``"busy"`` when Google asks to slow down, ``"fault"`` when it could not be
        reached or failed, ``"script"`` while the add-on is at work in the spreadsheet
    sleep, chance : for tests
    """

    host = SHEETS

    def __init__(
        self,
        auth: Any = None,
        session: Session | None = None,
        *,
        account: str | None = None,
        patience: Patience | None = None,
        pace: Pace | None = None,
        notify: Callable[[str, float], None] | None = None,
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        super().__init__(auth, session)
        self.account = account
        self.patience = patience or Patience()
        self.pace = pace or Pace()
        self.traffic = Traffic()
        # Until a server is seen not to understand them: notes on columns, and on rows.
        self.guards_known = True
        self.header_guards_known = True
        # How often in a row a step was refused because the add-on came first.
        self.overtaken = 0
        # Google compresses its answers only for those who say so in this place, too.
        self.session.headers["User-Agent"] = f"sheetsync/{__version__} (gzip)"
        self.notify = notify
        self._sleep = sleep
        self._chance = chance

    def call(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Any:
        """A request to the API by its path (``/v4/spreadsheets/...``); the decoded answer.

        Raises
        ------
        RejectedError
            400: something in the request does not fit the spreadsheet.
        SheetsyncError
            Everything else that is final.
        """
        return self._exchange(method, self.host + path, json=body, decode=True, params=params)[1]

    def request(
        self,
        method: str,
        endpoint: str,
        params: Any = None,
        data: bytes | None = None,
        json: Mapping[str, Any] | None = None,
        files: Any = None,
        headers: Any = None,
    ) -> Response:
        """What gspread calls for each of its requests; see :meth:`call` for the errors."""
        more = {"params": params, "data": data, "files": files, "headers": headers}
        return self._exchange(method, endpoint, json=json, decode=False, **more)[0]

    def _exchange(
        self,
        method: str,
        endpoint: str,
        *,
        json: Mapping[str, Any] | None,
        decode: bool,
        headers: Mapping[str, str] | None = None,
        data: bytes | None = None,
        **rest: Any,
    ) -> tuple[Response, Any]:
        harmless = harmless_twice(method, endpoint, json)
        if json is not None:
            # Not by requests: it writes every Cyrillic letter as six bytes, and lets NaN through.
            text = jsonlib.dumps(json, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
            data = text.encode()
            headers = {"Content-Type": "application/json; charset=utf-8", **(headers or {})}
        tries = 0
        while True:
            tries += 1
            result = self._try(
                method, endpoint, harmless, decode, data=data, headers=headers, **rest
            )
            if not isinstance(result, _Failure):
                return result
            if not result.again or tries >= self.patience.tries:
                raise result.error
            pause = self.patience.pause(tries, self._chance(), result.asked)
            self.traffic = self.traffic + Traffic(retries=1)
            self.pause("busy" if result.busy else "fault", pause)

    def error_of(self, refusal: Refusal, *, creating: bool) -> SheetsyncError:
        """The error that a final refusal becomes; ``creating`` a new file was asked for."""
        return error_of(refusal, account=self.account, creating=creating)

    def pause(self, reason: str, seconds: float) -> None:
        """Wait, and say why: for the reasons of ``notify``."""
        if self.notify is not None:
            self.notify(reason, seconds)
        self._sleep(seconds)

    def _try(
        self,
        method: str,
        endpoint: str,
        harmless: bool,
        decode: bool,
        *,
        data: bytes | None,
        **rest: Any,
    ) -> tuple[Response, Any] | _Failure:
        url = redirected(endpoint)
        if wait := self.pace.take("read" if is_read(method, endpoint) else "write"):
            self.pause("pace", wait)
        self.traffic = self.traffic + Traffic(1, len(data or b""))
        timeout = (self.patience.connect, self.patience.read)
        try:
            response = self.session.request(method, url, data=data, timeout=timeout, **rest)
        except _FAULTS as fault:
            again = harmless or _never_sent(fault)
            key = "google_unreachable" if again else "google_unknown_end"
            return _Failure(ServiceError(key, host=urlsplit(url).netloc), again)
        except RefreshError as fault:
            return _Failure(login_error(fault), bool(fault.retryable))
        except requests.RequestException:
            return _Failure(ServiceError("google_unreachable", host=urlsplit(url).netloc), False)
        length = response.headers.get("Content-Length", "")
        down = int(length) if length.isdigit() else len(response.content)
        self.traffic = self.traffic + Traffic(bytes_down=down)
        if not response.ok:
            return self._refused(response, method, endpoint, harmless)
        try:
            return response, response.json() if decode else None
        except ValueError:
            return _Failure(ServiceError("google_garbled"), harmless)

    def _refused(self, response: Response, method: str, endpoint: str, harmless: bool) -> _Failure:
        refusal = read_refusal(response)
        creating = method.upper() == "POST" and endpoint.endswith("/v4/spreadsheets")
        error = self.error_of(refusal, creating=creating)
        if refusal.code == 400 and isinstance(error, ServiceError):
            error = RejectedError(refusal)
        again = refusal.limited or (refusal.passing and harmless)
        return _Failure(error, again, refusal.limited, _retry_after(response))


def redirected(url: str) -> str:
    """A Google API address, on the server that ``SHEETSYNC_API_ENDPOINT`` names, if it does.

    Path and query stay. The address that gives out tokens is not concerned: it stands in the
    credentials.
    """
    endpoint = os.environ.get(ENDPOINT, "").rstrip("/")
    return _GOOGLE_HOST.sub(endpoint, url, count=1) if endpoint else url


def is_read(method: str, url: str) -> bool:
    """Whether a request changes nothing; some of Google's reads are made by POST."""
    return method.upper() in ("GET", "HEAD") or bool(_READS.search(urlsplit(url).path))


def harmless_twice(method: str, url: str, body: Mapping[str, Any] | None) -> bool:
    """Whether a request may be sent again though the first may have been carried out.

    Reads may, and so may a PUT that says what all of a script project shall be. A ``batchUpdate``
    may when it creates developer metadata of
    an explicit id: Google takes such an id once, and a batch is all or nothing.
    """
    if is_read(method, url) or (method.upper() == "PUT" and url.endswith("/content")):
        return True
    requests_ = (body or {}).get("requests", ())
    return any(
        "metadataId" in each.get("createDeveloperMetadata", {}).get("developerMetadata", {})
        for each in requests_
    )


def _never_sent(fault: Exception) -> bool:
    """Whether the connection was not even opened."""
    if isinstance(fault, requests.ConnectTimeout):
        return True
    return "NewConnectionError" in repr(fault) or "NameResolutionError" in repr(fault)


def _retry_after(response: Response) -> float | None:
    """Seconds that the answer asks to wait (RFC 9110, 10.2.3: seconds or a date)."""
    text = response.headers.get("Retry-After", "").strip()
    if text.isdigit():
        return float(text)
    try:
        when = parsedate_to_datetime(text)
    except ValueError:
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return max((when - datetime.now(UTC)).total_seconds(), 0.0)
