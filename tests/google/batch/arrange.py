"""Whole blocks: sort, copy, cut, find and replace."""

from __future__ import annotations

import re
from typing import Any

from ..errors import invalid
from ..evaluate import Calculation
from ..grid import BLANK, Formula, FormulaError, Sheet, Span, Value
from ..locales import locale, understand
from ..values import renderer
from . import Batch, handles
from .cells import shifted


def fresh(batch: Batch) -> Calculation:
    """The formulas as they are in the middle of a batch."""
    batch.spreadsheet.calculation = None
    return Calculation(batch.spreadsheet, batch.spreadsheet.today())


def _order(value: Value) -> tuple[int, Any]:
    """Numbers, then text, then booleans; errors last of them."""
    if isinstance(value, bool):
        return 2, value
    if isinstance(value, (int, float)):
        return 0, value
    if isinstance(value, FormulaError):
        return 3, value.code
    return 1, str(value).casefold()


@handles("sortRange")
def sort_range(batch: Batch, body: dict[str, Any]) -> None:
    """Rows of a range in a new order. A sort over all columns moves the rows themselves, with
    their metadata; empty cells always come last."""
    span = batch.spreadsheet.span(body.get("range", {}), beyond=True)
    sheet = batch.spreadsheet.sheet(span.sheet)
    batch.guard(span)
    sort(batch, sheet, span, body.get("sortSpecs", []))


def sort(batch: Batch, sheet: Sheet, span: Span, specs: list[dict[str, Any]]) -> None:
    top, bottom, left, right = sheet.clip(span)
    if any(Span.of(each).overlaps(span) for each in sheet.merges):
        raise invalid("You can't sort a range with merged cells.")
    calc = fresh(batch)
    order = list(range(top, bottom))
    for spec in reversed(specs):
        column = spec.get("dimensionIndex", 0)
        if not left <= column < right:
            raise invalid(f"sortSpecs: column {column} is not in the range")
        values = {r: calc.at(sheet, r, column) for r in order}
        filled = [r for r in order if values[r] is not None]
        filled.sort(
            key=lambda r: _order(values[r]),
            reverse=spec.get("sortOrder") == "DESCENDING",
        )
        order = filled + [r for r in order if values[r] is None]
    keys = {column.key for column in sheet.columns[left:right]}
    whole = left == 0 and right == len(sheet.columns)
    old = [sheet.rows[r] for r in range(top, bottom)]
    for target, source in enumerate(order, top):
        if target == source:
            continue
        if whole:
            sheet.rows[target] = old[source - top]
        line = sheet.row_to_write(target)
        if not whole:
            for key in keys:
                line.cells.pop(key, None)
            line.cells |= {k: c for k, c in old[source - top].cells.items() if k in keys}
        for key, cell in line.cells.items():
            if key in keys and isinstance(cell.entered, Formula):
                new = shifted(cell.entered, target - source, 0)
                line.cells[key] = cell.replace(entered=new)


_PARTS = {
    "PASTE_NORMAL": ("entered", "format", "validation", "note", "extras"),
    "PASTE_VALUES": ("entered",),
    "PASTE_FORMAT": ("format",),
    "PASTE_NO_BORDERS": ("entered", "format", "validation", "note", "extras"),
    "PASTE_FORMULA": ("entered",),
    "PASTE_DATA_VALIDATION": ("validation",),
}


def _paste(
    batch: Batch, source: Span, sheet: Sheet, at: tuple[int, int, int, int], kind: str, move: bool
) -> None:
    origin = batch.spreadsheet.sheet(source.sheet)
    top, bottom, left, right = origin.clip(source)
    calc = fresh(batch)
    block = [[origin.cell(r, c) for c in range(left, right)] for r in range(top, bottom)]
    if kind == "PASTE_VALUES":
        block = [
            [
                cell.replace(entered=_plain(calc.value(origin, r, c, cell)))
                for c, cell in enumerate(row, left)
            ]
            for r, row in enumerate(block, top)
        ]
    if move:
        for r in range(top, bottom):
            for c in range(left, right):
                origin.put(r, c, BLANK)
    height, width = bottom - top, right - left
    for r in range(at[0], at[1]):
        for c in range(at[2], at[3]):
            cell = block[(r - at[0]) % height][(c - at[2]) % width]
            if isinstance(cell.entered, Formula) and not move:
                by = (r - (top + (r - at[0]) % height), c - (left + (c - at[2]) % width))
                cell = cell.replace(entered=shifted(cell.entered, *by))
            parts = {name: getattr(cell, name) for name in _PARTS[kind]}
            if kind == "PASTE_NO_BORDERS" and cell.format:
                parts["format"] = {k: v for k, v in cell.format.items() if k != "borders"} or None
            sheet.put(r, c, sheet.cell(r, c).replace(**parts))


def _plain(value: Value) -> Value:
    return value.code if isinstance(value, FormulaError) else value


@handles("copyPaste")
def copy_paste(batch: Batch, body: dict[str, Any]) -> None:
    source = batch.spreadsheet.span(body.get("source", {}))
    target = batch.spreadsheet.span(body.get("destination", {}))
    kind = body.get("pasteType", "PASTE_NORMAL")
    if body.get("pasteOrientation", "NORMAL") != "NORMAL" or kind not in _PARTS:
        raise invalid(f"{kind} in this orientation is not supported by this stand-in server")
    sheet = batch.spreadsheet.sheet(target.sheet)
    top, bottom, left, right = batch.spreadsheet.sheet(source.sheet).clip(source)
    height, width = bottom - top, right - left
    t, b, lft, rgt = sheet.clip(target)
    # The destination is filled with whole copies, at least one.
    b = t + max(1, (b - t) // height) * height
    rgt = lft + max(1, (rgt - lft) // width) * width
    _check_inside(sheet, b, rgt)
    _check_unmerged(batch, source, Span(sheet.id, t, b, lft, rgt))
    batch.guard(Span(sheet.id, t, b, lft, rgt))
    _paste(batch, source, sheet, (t, b, lft, rgt), kind, move=False)


@handles("cutPaste")
def cut_paste(batch: Batch, body: dict[str, Any]) -> None:
    source = batch.spreadsheet.span(body.get("source", {}))
    start = body.get("destination", {})
    sheet = batch.spreadsheet.sheet(start.get("sheetId", 0))
    origin = batch.spreadsheet.sheet(source.sheet)
    top, bottom, left, right = origin.clip(source)
    t, lft = start.get("rowIndex", 0), start.get("columnIndex", 0)
    b, rgt = t + bottom - top, lft + right - left
    _check_inside(sheet, b, rgt)
    _check_unmerged(batch, source, Span(sheet.id, t, b, lft, rgt))
    batch.guard(source)
    batch.guard(Span(sheet.id, t, b, lft, rgt))
    kind = body.get("pasteType", "PASTE_NORMAL")
    if kind != "PASTE_NORMAL":
        raise invalid(f"{kind} is not supported by this stand-in server")
    _paste(batch, source, sheet, (t, b, lft, rgt), kind, move=True)


def _check_inside(sheet: Sheet, bottom: int, right: int) -> None:
    if bottom > len(sheet.rows) or right > len(sheet.columns):
        raise invalid("The destination lies beyond the edge of the sheet")


def _check_unmerged(batch: Batch, *spans: Span) -> None:
    for span in spans:
        merges = batch.spreadsheet.sheet(span.sheet).merges
        if any(Span.of(each).overlaps(span) for each in merges):
            raise invalid("Pasting merged cells is not supported by this stand-in server")


@handles("findReplace")
def find_replace(batch: Batch, body: dict[str, Any]) -> dict[str, Any]:
    spreadsheet = batch.spreadsheet
    if "range" in body:
        spans = [spreadsheet.span(body["range"])]
    elif "sheetId" in body:
        spans = [Span(spreadsheet.sheet(body["sheetId"]).id)]
    elif body.get("allSheets"):
        spans = [Span(sheet.id) for sheet in spreadsheet.sheets]
    else:
        raise invalid("Must specify a range, a sheetId or allSheets")
    if body.get("searchByRegex") or not body.get("find"):
        raise invalid("find must be a plain text for this stand-in server")
    flags = re.S if body.get("matchCase") else re.S | re.I
    pattern = re.compile(re.escape(body["find"]), flags)
    new_text = body.get("replacement", "")
    counts = {"valuesChanged": 0, "formulasChanged": 0, "occurrencesChanged": 0}
    sheets, rows = set(), set()
    fresh(batch)
    answer = renderer(spreadsheet)
    place = locale(spreadsheet.locale)
    for span in spans:
        sheet = spreadsheet.sheet(span.sheet)
        for r, c, cell in list(sheet.filled()):
            if not Span(sheet.id, r, r + 1, c, c + 1).within(span):
                continue
            formula = isinstance(cell.entered, Formula)
            if formula and not body.get("includeFormulas"):
                continue
            old = str(cell.entered) if formula else str(answer(sheet, r, c, cell))
            if body.get("matchEntireCell") and not pattern.fullmatch(old):
                continue
            new, hits = pattern.subn(lambda _: new_text, old)
            if not hits:
                continue
            batch.guard(Span(sheet.id, r, r + 1, c, c + 1))
            if formula:
                value: Value = Formula(new)
            else:
                value = understand(new, place, spreadsheet.today())[0] if new else None
            sheet.put(r, c, cell.replace(entered=value))
            counts["formulasChanged" if formula else "valuesChanged"] += 1
            counts["occurrencesChanged"] += hits
            rows.add((sheet.id, r))
            sheets.add(sheet.id)
    reply = {**counts, "rowsChanged": len(rows), "sheetsChanged": len(sheets)}
    return {name: count for name, count in reply.items() if count}
