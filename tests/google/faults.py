"""What goes wrong, by script: for the n-th request, or for whatever a test finds."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .errors import ApiError, over_quota

_WORDS = {
    401: "Request had invalid authentication credentials. Expected OAuth 2 access token, login "
    "cookie or other valid authentication credential. See "
    "https://developers.google.com/identity/sign-in/web/devconsole-project.",
    500: "Internal error encountered.",
    502: "Bad Gateway",
    503: "The service is currently unavailable.",
}


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong with one request.

    Parameters
    ----------
    status : answer with this status instead of doing anything
    retry_after : value of the Retry-After header, or None for no such header
    reset : ``before`` or ``after`` the request was applied, the connection is cut
    truncate : the request is applied, the answer ends halfway
    text : answer with this text instead of JSON; with ``applied`` after doing the request
    delay : seconds to wait before anything else
    expire : every token that was handed out so far is worthless from now on
    """

    status: int | None = None
    retry_after: str | None = None
    reset: str | None = None
    truncate: bool = False
    text: str | None = None
    applied: bool = False
    delay: float = 0.0
    expire: bool = False

    def error(self) -> ApiError | None:
        if self.status is None:
            return None
        if self.status == 429:
            return over_quota("Read")
        return ApiError(self.status, _WORDS.get(self.status, "Error"))


FAULTS: Mapping[str, Mapping[str, Any]] = {
    "429": {"status": 429},
    "429 with Retry-After": {"status": 429, "retry_after": "7"},
    "500": {"status": 500},
    "502": {"status": 502},
    "503": {"status": 503},
    "reset before": {"reset": "before"},
    "reset after": {"reset": "after"},
    "truncated": {"truncate": True},
    "not JSON": {"text": "<html>busy</html>"},
    "not JSON, but applied": {"text": "<html>busy</html>", "applied": True},
}
"""Every way in which a request can fail and be tried again, as arguments of :class:`Fault`."""


@dataclass
class Faults:
    """The script: request number (1 is the next one) -> fault."""

    script: dict[int, Fault] = field(default_factory=dict)
    choose: Callable[[int], Fault | None] | None = None
    count: int = 0

    def at(self, number: int, fault: Fault | None = None, **what: object) -> None:
        """Let the ``number``-th request from now (1 is the next) go wrong."""
        self.script[self.count + number] = fault or Fault(**what)  # type: ignore[arg-type]

    def clear(self) -> None:
        self.script.clear()
        self.choose = None

    def next(self) -> Fault:
        """The fault of the request that has just come in."""
        self.count += 1
        fault = self.script.pop(self.count, None)
        if fault is None and self.choose is not None:
            fault = self.choose(self.count)
        return fault or Fault()


@dataclass
class Quota:
    """Requests per minute; None for no limit. ``clock`` gives seconds."""

    reads: int | None = None
    writes: int | None = None
    clock: Callable[[], float] = time.monotonic
    _spent: dict[str, list[float]] = field(default_factory=lambda: {"Read": [], "Write": []})

    def spend(self, *, write: bool) -> None:
        """Count a request.

        Raises
        ------
        ApiError
            429, when the last minute had too many.
        """
        kind = "Write" if write else "Read"
        limit = self.writes if write else self.reads
        now = self.clock()
        recent = [moment for moment in self._spent[kind] if moment > now - 60]
        self._spent[kind] = recent
        if limit is not None and len(recent) >= limit:
            raise over_quota(kind)
        recent.append(now)
