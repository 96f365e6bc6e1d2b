"""How we talk to Google: gspread's client with patience, a time-out and a memory of what it cost.

gspread's own ``BackOffHTTPClient`` re-sends appends, knows no end and waits in step with everybody
else. This one repeats only what does no harm when it happens twice, waits longer each time with
some chance in it (Google's advice: truncated exponential backoff), and gives up with a sentence.
"""

from __future__ import annotations

import json as jsonlib
import os
import random
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import gspread
import requests
from google.auth.exceptions import RefreshError, TransportError
from requests import Response, Session

from sheetsync.errors import ServiceError
from sheetsync.workbooks.google_errors import Refusal, error_of, login_error, read_refusal

SHEETS = "https://sheets.googleapis.com"
ENDPOINT = "SHEETSYNC_API_ENDPOINT"

_GOOGLE_HOST = re.compile(r"https://(?:www|sheets|drive|script)\.googleapis\.com(?=/)")
_READS = re.compile(r"(:getByDataFilter|:batchGetByDataFilter|developerMetadata:search)$")
_FAULTS = (
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
    requests.exceptions.ContentDecodingError,
    TransportError,
)


@dataclass(frozen=True)
class Patience:
    """How long to wait for one request.

    Parameters
    ----------
    tries : how often it is sent at most
    longest : the longest pause between two tries. [s]
    connect, read : time-outs of one try; Google itself gives up after 180 s. [s]
    """

    tries: int = 8
    longest: float = 64.0
    connect: float = 10.0
    read: float = 190.0

    def pause(self, failures: int, chance: float, asked: float | None) -> float:
        """Seconds before the next try, after so many failures (1, 2, ...).

        ``chance`` is a number in [0, 1); ``asked`` is what Retry-After asked for, which is kept
        even where it is longer than our own longest pause, up to two minutes.
        """
        own = min(2.0 ** (failures - 1) + chance, self.longest)
        return own if asked is None else min(max(asked + chance, own), 120.0)


@dataclass(frozen=True)
class Traffic:
    """What was sent and received so far; subtract two to get what lies between."""

    requests: int = 0
    bytes_up: int = 0
    bytes_down: int = 0
    retries: int = 0

    def __sub__(self, earlier: Traffic) -> Traffic:
        return Traffic(
            self.requests - earlier.requests,
            self.bytes_up - earlier.bytes_up,
            self.bytes_down - earlier.bytes_down,
            self.retries - earlier.retries,
        )


class Rejected(Exception):  # noqa: N818 - an answer to look at, not an error to show
    """Google called a request wrong (400): for callers that know what it may mean."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


class SheetsClient(gspread.HTTPClient):
    """gspread's HTTP client, made patient.

    Parameters
    ----------
    auth : credentials of google-auth; None with a ``session`` of one's own
    session : a ready session, e.g. a plain one for an endpoint that asks for no credentials
    account : the e-mail to share sheets with, for messages
    notify : called with (reason, seconds) before each pause: ``"busy"`` when Google asks to slow
        down, ``"fault"`` when it could not be reached or failed
    sleep, chance : for tests
    """

    def __init__(
        self,
        auth: Any = None,
        session: Session | None = None,
        *,
        account: str | None = None,
        patience: Patience | None = None,
        notify: Callable[[str, float], None] | None = None,
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        super().__init__(auth, session)
        self.account = account
        self.patience = patience or Patience()
        self.traffic = Traffic()
        self._notify = notify or (lambda reason, seconds: None)
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
        """A request to the Sheets API by its path (``/v4/spreadsheets/...``); its decoded answer.

        Raises
        ------
        Rejected
            400: something in the request does not fit the spreadsheet.
        SheetsyncError
            Everything else that is final.
        """
        params = dict(params) if params else None
        return self.request(method, SHEETS + path, params=params, json=body).json()

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
        """What gspread calls for every request; see :meth:`call` for the errors."""
        harmless = harmless_twice(method, endpoint, json)
        if json is not None:
            data = jsonlib.dumps(
                json, ensure_ascii=False, allow_nan=False, separators=(",", ":")
            ).encode()
            headers = {"Content-Type": "application/json; charset=utf-8", **(headers or {})}
        url = redirected(endpoint)
        for failures in range(1, self.patience.tries + 1):
            refusal, asked = None, None
            try:
                response = self._send(method, url, params, data, files, headers)
            except _FAULTS as fault:
                again = harmless or _never_sent(fault)
                cause: Exception = fault
            except RefreshError as fault:
                again, cause = bool(fault.retryable), fault
                if not again:
                    raise login_error(fault) from None
            except requests.RequestException as fault:
                raise ServiceError("google_unreachable", host=_host(url)) from fault
            else:
                if response.ok and _whole(response):
                    return response
                if response.ok:
                    again, cause = harmless, ValueError("not JSON")
                else:
                    refusal = read_refusal(response)
                    again = refusal.limited or (refusal.passing and harmless)
                    asked = _retry_after(response)
                    cause = gspread.exceptions.APIError(response)
            if not again or failures == self.patience.tries:
                raise self._final(refusal, cause, endpoint, method, harmless) from None
            pause = self.patience.pause(failures, self._chance(), asked)
            self._notify("busy" if refusal is not None and refusal.limited else "fault", pause)
            self.traffic = replace(self.traffic, retries=self.traffic.retries + 1)
            self._sleep(pause)
        raise AssertionError("the last failure raises")

    def _send(
        self, method: str, url: str, params: Any, data: Any, files: Any, headers: Any
    ) -> Response:
        self.traffic += _Sent(len(data) if isinstance(data, bytes) else 0)
        response: Response = self.session.request(
            method=method,
            url=url,
            params=params,
            data=data,
            files=files,
            headers=headers,
            timeout=(self.patience.connect, self.patience.read),
        )
        down = response.headers.get("Content-Length", "")
        size = int(down) if down.isdigit() else len(response.content)
        self.traffic = replace(self.traffic, bytes_down=self.traffic.bytes_down + size)
        return response

    def _final(
        self,
        refusal: Refusal | None,
        cause: Exception,
        endpoint: str,
        method: str,
        harmless: bool,
    ) -> Exception:
        if refusal is None:
            if isinstance(cause, RefreshError):
                return login_error(cause)
            if isinstance(cause, ValueError):
                return ServiceError("google_garbled")
            known = harmless or _never_sent(cause)
            key = "google_unreachable" if known else "google_unknown_end"
            return ServiceError(key, host=_host(redirected(endpoint)))
        creating = method.upper() == "POST" and endpoint.endswith("/v4/spreadsheets")
        error = error_of(refusal, account=self.account, creating=creating)
        if refusal.code == 400 and isinstance(error, ServiceError):
            return Rejected(refusal)
        return error
