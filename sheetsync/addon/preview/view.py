"""What the preview's page shows of a document, and what it changes there in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sheetsync.addon.preview.host import Document
from sheetsync.addon.preview.typed import shown
from sheetsync.layout import Column, Layout, options
from sheetsync.locales import Words
from sheetsync.workbooks.google import names

TABS = ("leads", "today", "checklist", "history")
"""What the page can show: where operators work, and what the add-on writes."""

ROWS, FREE = 200, 3
"""Rows that are shown at once, and empty ones below the last."""

_TYPED = frozenset({"leads", "checklist"})

Change = Mapping[str, Any]
"""One of :attr:`sheetsync.addon.preview.host.Run.changes`."""


@dataclass(frozen=True)
class Field:
    """A column of a sheet; ``column`` is None for people's own."""

    number: int
    header: str
    column: Column | None

    @property
    def kind(self) -> str:
        return self.column.type if self.column is not None else ""


class View:
    """A document with its layout, by tab key.

    Parameters
    ----------
    document : see :mod:`sheetsync.addon.preview.document`; changed by :meth:`put`
    """

    def __init__(self, document: Document, layout: Layout, words: Words) -> None:
        self.document, self._layout, self._words = document, layout, words
        self._sheets = {_key(sheet): sheet for sheet in document["sheets"]}
        self._by_id = {sheet["id"]: sheet for sheet in document["sheets"]}

    def tabs(self) -> list[dict[str, str]]:
        """The tabs to choose from, with their titles."""
        there = (key for key in TABS if key in self._sheets)
        return [{"key": key, "title": self._sheets[key]["title"]} for key in there]

    def sheet(self, tab: str) -> dict[str, Any]:
        """The sheet of a tab; KeyError when it is not there."""
        found: dict[str, Any] = self._sheets[tab]
        return found

    def tab_of(self, sheet: int) -> str:
        """The tab key of a sheet, "" for people's own."""
        return _key(self._by_id[sheet]) if sheet in self._by_id else ""

    def fields(self, tab: str) -> list[Field]:
        """The columns that people see, in their order."""
        sheet, layout = self.sheet(tab), self._layout.get(tab)
        headers = sheet["values"][0] if sheet["values"] else []
        found = []
        for number in range(1, sheet["columns"] + 1):
            text = shown(headers[number - 1], "") if number <= len(headers) else ""
            key = _column_key(sheet, number, tab)
            column = layout[key] if layout is not None and key and key in layout else None
            if (text or column is not None) and not (column and column.hidden):
                found.append(Field(number, text, column))
        return found

    def page(self, tab: str, first: int) -> dict[str, Any]:
        """The rows of a tab from sheet row ``first`` on, as texts, and their notes."""
        sheet, fields = self.sheet(tab), self.fields(tab)
        values = sheet["values"]
        last = max(
            (n for n, row in enumerate(values, 1) if any(_stands(c) for c in row)), default=1
        )
        end = min(last + (FREE if tab in _TYPED else 0), sheet["rows"])
        first = max(2, min(first, end))
        rows = [
            {"row": row, "cells": [self._text(sheet, row, field) for field in fields]}
            for row in range(first, min(first + ROWS, end + 1))
        ]
        return {
            "tab": tab,
            "columns": [self._column(tab, field) for field in fields],
            "rows": rows,
            "last": end,
            "notes": sheet.get("notes", {}),
        }

    def value(self, tab: str, row: int, column: int) -> Any:
        """A cell; None when nothing stands there."""
        return _cell(self.sheet(tab), row, column)

    def field(self, tab: str, number: int) -> Field | None:
        """The column of that number, if people may type into it."""
        found = next((field for field in self.fields(tab) if field.number == number), None)
        return found if found is not None and self._typed(tab, found) else None

    def column_of(self, tab: str, key: str) -> int | None:
        """Where a column is."""
        sheet = self.sheet(tab)
        numbers = range(1, sheet["columns"] + 1)
        return next((n for n in numbers if _column_key(sheet, n, tab) == key), None)

    def put(self, change: Change) -> Change | None:
        """Change the document in memory; the change that takes it back, if there is one."""
        sheet = self._by_id[change["sheet"]]
        if change["op"] == "rows":
            sheet["rows"] += change["count"]
            return None
        row, column = change["row"], change["column"]
        place = f"{row},{column}"
        if "format" in change:
            sheet.setdefault("cellFormats", {})[place] = change["format"]
        if change["op"] == "note":
            sheet.setdefault("notes", {})[place] = change["note"] or ""
        if change["op"] != "set":
            return None
        before = _cell(sheet, row, column)
        values = sheet["values"]
        values.extend([] for _ in range(row - len(values)))
        values[row - 1].extend([None] * (column - len(values[row - 1])))
        values[row - 1][column - 1] = change["value"]
        return {**change, "value": before}

    # -- inside ------------------------------------------------------------------------------

    def _text(self, sheet: Mapping[str, Any], row: int, field: Field) -> str:
        formats = sheet.get("cellFormats", {})
        pattern = formats.get(f"{row},{field.number}") or sheet["formats"].get(field.number, "")
        return shown(_cell(sheet, row, field.number), field.kind, pattern)

    def _column(self, tab: str, field: Field) -> dict[str, Any]:
        return {
            "number": field.number,
            "header": field.header,
            "kind": field.kind,
            "typed": self._typed(tab, field),
            "options": self._options(field.column),
            "width": field.column.width if field.column is not None else 110,
        }

    @staticmethod
    def _typed(tab: str, field: Field) -> bool:
        return tab in _TYPED and (field.column is None or field.column.owner == "person")

    def _options(self, column: Column | None) -> list[str]:
        """What the dropdown of a column offers."""
        if column is None or column.choice is None:
            return []
        if column.choice.column is None:
            return list(options(self._words, column.choice))
        tab, _, key = column.choice.column.partition(".")
        number = self.column_of(tab, key) if tab in self._sheets else None
        if number is None:
            return []
        rows = range(2, len(self.sheet(tab)["values"]) + 1)
        texts = (shown(_cell(self.sheet(tab), row, number), "") for row in rows)
        return [text for text in texts if text]


def _key(sheet: Mapping[str, Any]) -> str:
    entries = sheet.get("metadata", ())
    return next((str(each["value"]) for each in entries if each["key"] == names.TAB), "")


def _column_key(sheet: Mapping[str, Any], number: int, tab: str) -> str:
    for each in sheet["columnMetadata"].get(number, ()):
        if each["key"] == names.COLUMN and each["value"].startswith(f"{tab}."):
            return str(each["value"]).removeprefix(f"{tab}.")
    return ""


def _cell(sheet: Mapping[str, Any], row: int, column: int) -> Any:
    values = sheet["values"]
    line = values[row - 1] if row <= len(values) else ()
    return line[column - 1] if column <= len(line) else None


def _stands(cell: Any) -> bool:
    return cell is not None and cell is not False and cell != ""
