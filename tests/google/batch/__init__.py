"""``spreadsheets.batchUpdate``: the kinds of requests, one family per module.

A handler takes the batch and the body of its request, changes the batch's spreadsheet, and
returns its reply (or None). It need not undo anything: a refused batch is thrown away whole.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..errors import ApiError, invalid
from ..grid import Span, Spreadsheet
from ..protection import guard

Handler = Callable[["Batch", dict[str, Any]], dict[str, Any] | None]
HANDLERS: dict[str, Handler] = {}


@dataclass
class Batch:
    """The spreadsheet that is being changed, and by whom."""

    spreadsheet: Spreadsheet
    user: str

    def guard(self, span: Span, *, whole_sheet: bool = False) -> None:
        guard(self.spreadsheet, self.user, span, whole_sheet=whole_sheet)


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Register the handler of a kind of request."""

    def register(handler: Handler) -> Handler:
        HANDLERS[kind] = handler
        return handler

    return register


def apply(spreadsheet: Spreadsheet, user: str, requests: list[dict[str, Any]]) -> list[Any]:
    """Apply requests in order to a fork of a spreadsheet; the replies, ``{}`` where there is none.

    Raises
    ------
    ApiError
        ``Invalid requests[i].kind: ...``; the fork is spoilt.
    """
    if not requests:
        raise invalid("Must specify at least one request.")
    batch = Batch(spreadsheet, user)
    replies = []
    for i, request in enumerate(requests):
        if not request:
            raise invalid(f"Invalid requests[{i}]: No request set.")
        ((kind, body),) = request.items()
        handler = HANDLERS.get(kind)
        if handler is None:
            raise invalid(f"Invalid requests[{i}].{kind}: not supported by this stand-in server")
        try:
            reply = handler(batch, body)
        except ApiError as error:
            error.message = f"Invalid requests[{i}].{kind}: {error.message}"
            raise
        replies.append({} if reply is None else {kind: reply})
    return replies


from . import (  # noqa: E402, F401
    arrange,
    cells,
    dimensions,
    formatting,
    metadata,
    ranges,
    tabs,
    views,
)
