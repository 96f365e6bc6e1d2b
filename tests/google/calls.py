"""Calls of methods, the files they are about, and who answers which method."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from . import a1, masks
from .discovery import sheets as discovery
from .errors import not_found
from .grid import Span, Spreadsheet
from .protection import check_role


@dataclass
class Call:
    """One request that passed the checks of its form."""

    user: str
    service_account: bool
    path: dict[str, str]
    query: dict[str, Any]
    body: dict[str, Any] = field(default_factory=dict)
    media: bytes = b""  # an uploaded file

    def option(self, name: str, default: Any = None) -> Any:
        return self.query.get(name, default)


class Store:
    """All files there are."""

    def __init__(self) -> None:
        self.files: dict[str, Spreadsheet] = {}
        self.create: Callable[..., str] | None = None
        self.scripts: Any = None

    def open(self, id: str, user: str, *, write: bool = False) -> Spreadsheet:
        file = self.files.get(id)
        if file is None:
            raise not_found()
        check_role(file, user, write=write)
        return file

    def commit(self, fork: Spreadsheet) -> None:
        fork.calculation = None
        self.files[fork.id] = fork


Handler = Callable[[Store, Call], Any]
"""Answers a call: with JSON, with the bytes of a file, or with None for an empty answer."""
METHODS: dict[str, Handler] = {}
WRITES = frozenset(
    f"sheets.spreadsheets.{name}"
    for name in (
        "batchUpdate", "create", "sheets.copyTo", "values.append", "values.batchClear",
        "values.batchClearByDataFilter", "values.batchUpdate", "values.batchUpdateByDataFilter",
        "values.clear", "values.update",
    )
)  # fmt: skip
"""What counts against the write quota."""


def method(id: str) -> Callable[[Handler], Handler]:
    """Register what answers a method of the discovery documents."""

    def register(handler: Handler) -> Handler:
        METHODS[id] = handler
        return handler

    return register


def answer_mask(call: Call, schema: str) -> masks.Mask | None:
    text = call.option("fields")
    return masks.for_answer(text, schema, discovery()) if text else None


def cut(call: Call, schema: str, answer: dict[str, Any]) -> dict[str, Any]:
    return masks.cut(answer_mask(call, schema), answer)  # type: ignore[no-any-return]


def spans(file: Spreadsheet, ranges: list[str]) -> list[Span]:
    """Ranges to read, each within its grid."""
    found = [a1.parse(text, file) for text in ranges]
    for span in found:
        a1.check_limits(span, file.sheet(span.sheet))
    return found
