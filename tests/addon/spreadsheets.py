"""A spreadsheet of the stand-in server as a document of the stand-in services, and back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sheetsync.addon.preview.host import Document
from tests.google import a1, batch
from tests.google import values as cells
from tests.google.evaluate import calculation
from tests.google.grid import Cell, Formula, Line, Sheet, Span, Spreadsheet
from tests.google.locales import locale
from tests.google.metadata import Index
from tests.google.protection import covered, guard

GENERAL = "General"

Patterns = tuple[tuple[int, str], ...]
"""The formats of a row: key of a column and pattern, of those that are not general."""


class Documents:
    """Documents of one spreadsheet, again and again: a sheet is only looked at anew when one of
    its rows was written to, or when it has formulas."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[list[Line], list[int], dict[str, Any]]] = {}
        self._rows: dict[int, tuple[Line | None, Patterns]] = {}

    def of(self, file: Spreadsheet) -> Document:
        """The spreadsheet as it is now; formulas show what they come to today."""
        index = Index(file)
        return {
            "id": file.id,
            "title": file.title,
            "url": f"https://docs.google.com/spreadsheets/d/{file.id}/edit",
            "locale": file.locale,
            "timeZone": file.properties["timeZone"],
            "owner": file.owner,
            "permissions": dict(file.permissions),
            "sheets": [self._sheet(file, sheet, index) for sheet in file.sheets],
            "metadata": [_record(each) for each in _hung(file, ("SPREADSHEET",))],
            "names": {
                each["name"]: _named(file, each) for each in file.names.values() if "range" in each
            },
        }

    def _sheet(self, file: Spreadsheet, sheet: Sheet, index: Index) -> dict[str, Any]:
        columns: dict[int, list[dict[str, Any]]] = {}
        for each in file.metadata.values():
            if each.place[:2] == ("COLUMN", sheet.id):
                at = index.line("COLUMN", sheet, each.place[2]) + 1
                columns.setdefault(at, []).append(_record(each))
        return {
            "id": sheet.id,
            "title": sheet.title,
            "hidden": bool(sheet.properties.get("hidden")),
            "rows": len(sheet.rows),
            "columns": len(sheet.columns),
            "frozenRows": sheet.grid.get("frozenRowCount", 0),
            "metadata": [_record(each) for each in _hung(file, ("SHEET", sheet.id))],
            "columnMetadata": columns,
            "protected": _protected(file, sheet),
            **self._cells(file, sheet),
        }

    def _cells(self, file: Spreadsheet, sheet: Sheet) -> dict[str, Any]:
        keys = [column.key for column in sheet.columns]
        rows, order, found = self._known.get(sheet.id, ([], [], {}))
        if rows == sheet.rows and order == keys and not found["formulas"]:
            return found
        found = {
            **_values(file, sheet),
            **_formats([self._patterns(file, row) for row in sheet.rows], keys),
            "notes": {
                f"{r},{keys.index(key) + 1}": cell.note
                for r, row in enumerate(sheet.rows, 1)
                for key, cell in row.cells.items()
                if cell.note
            },
        }
        self._known[sheet.id] = (list(sheet.rows), keys, found)
        return found

    def _patterns(self, file: Spreadsheet, row: Line) -> Patterns:
        """The formats of a row that are not general; a row that is written to is another one."""
        known, patterns = self._rows.get(id(row), (None, ()))
        if known is row:
            return patterns
        shown = {key: _pattern(file, cell) for key, cell in row.cells.items()}
        patterns = tuple(sorted(pair for pair in shown.items() if pair[1] != GENERAL))
        # How a formula without a format shows depends on what it comes to.
        if not any(isinstance(cell.entered, Formula) for cell in row.cells.values()):
            self._rows[id(row)] = (row, patterns)
        return patterns


def _values(file: Spreadsheet, sheet: Sheet) -> dict[str, Any]:
    """What cells hold, and formulas as runs of equal ones: [column, first row, last row, text]."""
    answer = cells.renderer(file, "UNFORMATTED_VALUE")
    values: list[list[Any]] = []
    runs: dict[int, list[list[Any]]] = {}
    for r, c, cell in sorted(sheet.filled(), key=lambda each: each[:2]):
        values.extend([] for _ in range(r + 1 - len(values)))
        values[r].extend([None] * (c + 1 - len(values[r])))
        values[r][c] = answer(sheet, r, c, cell)
        if isinstance(cell.entered, Formula):
            mine = runs.setdefault(c, [])
            if mine and mine[-1][2] == r and mine[-1][3] == cell.entered:
                mine[-1][2] = r + 1
            else:
                mine.append([c + 1, r + 1, r + 1, str(cell.entered)])
    return {"values": values, "formulas": [run for column in runs.values() for run in column]}


def _formats(rows: Sequence[Patterns], keys: list[int]) -> dict[str, Any]:
    """The commonest format of each column's body, and the cells that have another one."""
    # Most rows of a sheet are formatted alike: each kind of row is looked at once.
    kinds = {kind: (dict(kind), count) for kind, count in Counter(rows[1:]).items()}
    formats: dict[int, str] = {}
    for c, key in enumerate(keys, 1):
        votes: Counter[str] = Counter()
        for patterns, count in kinds.values():
            votes[patterns.get(key, GENERAL)] += count
        common = votes.most_common(1)[0][0] if votes else GENERAL
        if common != GENERAL:
            formats[c] = common
    header, body = rows[:1], rows[1:]
    others = {f"1,{c}": pattern for row in header for c, pattern in _unlike(row, {}, keys)}
    odd = {kind: _unlike(kind, formats, keys) for kind in kinds}
    for r, kind in enumerate(body, 2):
        others |= {f"{r},{c}": pattern for c, pattern in odd[kind]}
    return {"formats": formats, "cellFormats": others}


def _unlike(row: Patterns, usual: Mapping[int, str], keys: Sequence[int]) -> list[tuple[int, str]]:
    """The cells of a row, counted from 1, that are not formatted as their column usually is."""
    mine = dict(row)
    shown = ((c, mine.get(key, GENERAL)) for c, key in enumerate(keys, 1))
    return [(c, pattern) for c, pattern in shown if pattern != usual.get(c, GENERAL)]


def _pattern(file: Spreadsheet, cell: Cell | None) -> str:
    """A number format as scripts see it."""
    number = (cell.format or {}).get("numberFormat") if cell is not None else None
    if cell is not None and number is None and isinstance(cell.entered, Formula):
        number = cells.number_format(cell, calculation(file))
    if number is None:
        return GENERAL
    day = locale(file.locale).date
    plain = {"TEXT": "@", "DATE": day, "DATE_TIME": f"{day} h:mm:ss", "PERCENT": "0.00%"}
    return number.get("pattern") or plain.get(number["type"], GENERAL)  # type: ignore[no-any-return]


def _hung(file: Spreadsheet, place: tuple[Any, ...]) -> Iterable[Any]:
    return (each for each in file.metadata.values() if each.place == place)


def _record(metadata: Any) -> dict[str, Any]:
    return {"id": metadata.id, "key": metadata.key, "value": metadata.value}


def _protected(file: Spreadsheet, sheet: Sheet) -> list[dict[str, Any]]:
    found = []
    for each in sheet.protected.values():
        where = covered(file, each)
        if where is not None and where.sheet == sheet.id:
            found.append(
                {
                    "range": [
                        where.top + 1,
                        where.left + 1,
                        None if where.bottom is None else where.bottom - where.top,
                        None if where.right is None else where.right - where.left,
                    ],
                    "warningOnly": bool(each.get("warningOnly")),
                    "editors": list(each.get("editors", {}).get("users", [])),
                    "description": each.get("description", ""),
                }
            )
    return found


def _named(file: Spreadsheet, named: Mapping[str, Any]) -> str:
    span = Span.of(named["range"])
    return a1.shown(span, file.sheet(span.sheet))


# -- back ------------------------------------------------------------------------------------


def apply(file: Spreadsheet, changes: Iterable[Mapping[str, Any]], email: str) -> None:
    """Bring what a script did into a spreadsheet that may be written to, in a person's name.

    Raises
    ------
    ApiError
        The person may not: the stand-in services should have said so first.
    """
    for change in changes:
        sheet = file.sheet(change["sheet"])
        if change["op"] == "rows":
            batch.dimensions.resize(file, sheet, "ROWS", len(sheet.rows) + change["count"])
            continue
        row, column = change["row"] - 1, change["column"] - 1
        guard(file, email, Span(sheet.id, row, row + 1, column, column + 1))
        cell = sheet.cell(row, column)
        if change["op"] == "note":
            cell = cell.replace(note=change["note"] or None)
        elif change["op"] == "formula":
            cell = cell.replace(entered=Formula(change["formula"]))
        elif change["op"] == "set":
            cell = cell.replace(entered=change["value"])
        if "format" in change:
            number = _number_format(change["format"])
            cell = cell.replace(format={**(cell.format or {}), **number})
        sheet.put(row, column, cell)


def mark(file: Spreadsheet, marks: Iterable[Mapping[str, Any]]) -> None:
    """Bring the values that a script gave to metadata into a spreadsheet that may be written to."""
    for each in marks:
        file.metadata[each["id"]] = replace(file.metadata[each["id"]], value=each["value"])


def _number_format(pattern: str) -> dict[str, Any]:
    if pattern in ("", GENERAL):
        return {}
    kind = "NUMBER"
    if pattern == "@":
        return {"numberFormat": {"type": "TEXT"}}
    if "y" in pattern:
        kind = "DATE_TIME" if "h" in pattern else "DATE"
    elif "%" in pattern:
        kind = "PERCENT"
    return {"numberFormat": {"type": kind, "pattern": pattern}}
