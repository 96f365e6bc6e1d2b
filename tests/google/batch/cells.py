"""Cells: updateCells, repeatCell, appendCells, setDataValidation, updateBorders, merges."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from .. import masks
from ..celldata import check_validation, entered, updater
from ..errors import invalid
from ..formats import canonical
from ..formulas import rewrite
from ..grid import BLANK, Cell, Formula, Sheet, Span, grid_range
from . import Batch, handles
from .dimensions import resize

_EMPTY: dict[str, Any] = {}


def _write_rows(
    batch: Batch, sheet: Sheet, rows: list[dict[str, Any]], mask: masks.Mask, top: int, left: int
) -> None:
    """Put rows of CellData into the grid. What is not a value is mostly alike from cell to cell,
    so it is worked out once per kind."""
    values = masks.covers(mask, "userEnteredValue")
    updates: dict[str, Any] = {}
    for r, row in enumerate(rows, top):
        data_of_row = row.get("values", ())
        if not data_of_row:
            continue
        cells = sheet.row_to_write(r).cells
        for c, data in enumerate(data_of_row, left):
            rest = {name: each for name, each in data.items() if name != "userEnteredValue"}
            signature = repr(rest) if rest else ""
            if signature not in updates:
                updates[signature] = updater(batch.spreadsheet, mask, rest)
            key = sheet.columns[c].key
            new = updates[signature](cells.get(key, BLANK))
            if values:
                new.entered = entered(data.get("userEnteredValue", _EMPTY))
            if new.empty():
                cells.pop(key, None)
            else:
                cells[key] = new


def _check_bounds(rows: list[dict[str, Any]], top: int, left: int, bottom: int, right: int) -> None:
    if top + len(rows) > bottom:
        raise invalid(
            f"Attempting to write row: {bottom}, beyond the last requested row of: {bottom - 1}"
        )
    widest = max((len(row.get("values", ())) for row in rows), default=0)
    if left + widest > right:
        raise invalid(
            f"Attempting to write column: {right}, beyond the last requested column of: {right - 1}"
        )


@handles("updateCells")
def update_cells(batch: Batch, body: dict[str, Any]) -> None:
    mask = masks.for_update(body.get("fields"), "CellData")
    rows = body.get("rows", [])
    if "start" in body:
        start = body["start"]
        sheet = batch.spreadsheet.sheet(start.get("sheetId", 0))
        top, left = start.get("rowIndex", 0), start.get("columnIndex", 0)
        bottom, right = len(sheet.rows), len(sheet.columns)
    elif "range" in body:
        span = batch.spreadsheet.span(body["range"])
        sheet = batch.spreadsheet.sheet(span.sheet)
        top, bottom, left, right = sheet.clip(span)
    else:
        raise invalid("Must specify a start or a range")
    _check_bounds(rows, top, left, bottom, right)
    if "range" not in body:
        bottom = top + len(rows)
        right = left + max((len(row.get("values", ())) for row in rows), default=0)
        if bottom == top or right == left:
            return
    batch.guard(Span(sheet.id, top, bottom, left, right))
    if "range" in body:  # what the rows do not cover is cleared
        clear = updater(batch.spreadsheet, mask, _EMPTY)
        for r in range(top, bottom):
            given = len(rows[r - top].get("values", ())) if r - top < len(rows) else 0
            if not sheet.rows[r].cells:
                continue
            for c in range(left + given, right):
                cell = sheet.cell(r, c)
                if cell is not BLANK:
                    sheet.put(r, c, clear(cell))
    _write_rows(batch, sheet, rows, mask, top, left)


@handles("repeatCell")
def repeat_cell(batch: Batch, body: dict[str, Any]) -> None:
    mask = masks.for_update(body.get("fields"), "CellData")
    span = batch.spreadsheet.span(body.get("range", {}))
    sheet = batch.spreadsheet.sheet(span.sheet)
    batch.guard(span)
    update = updater(batch.spreadsheet, mask, body.get("cell", {}))
    top, bottom, left, right = sheet.clip(span)
    formula = update(BLANK).entered if masks.covers(mask, "userEnteredValue") else None
    keys = [sheet.columns[c].key for c in range(left, right)]
    known: dict[int, tuple[Cell, Cell]] = {}  # cells are never changed, so equal ones are shared
    for r in range(top, bottom):
        cells = sheet.row_to_write(r).cells
        for c, key in enumerate(keys):
            old = cells.get(key, BLANK)
            if id(old) not in known:
                known[id(old)] = old, update(old)
            new = known[id(old)][1]
            if isinstance(formula, Formula):
                text = shifted(formula, r - top, c)
                if text is not formula:
                    new = new.replace(entered=text)
            if new.empty():
                cells.pop(key, None)
            else:
                cells[key] = new


def shifted(formula: Formula, rows: int, columns: int) -> Formula:
    """A formula as it reads in a copy further down and to the right."""
    if _same_everywhere(formula) or (not rows and not columns):
        return formula
    return Formula(rewrite(formula, lambda reference: reference.shifted(rows, columns)))


@lru_cache(maxsize=10_000)
def _same_everywhere(formula: str) -> bool:
    """Whether a formula has no relative reference."""
    return rewrite(formula, lambda reference: reference.shifted(1, 1)) == formula


@handles("appendCells")
def append_cells(batch: Batch, body: dict[str, Any]) -> None:
    if "tableId" in body:
        raise invalid("Tables are not supported by this stand-in server")
    mask = masks.for_update(body.get("fields"), "CellData")
    sheet = batch.spreadsheet.sheet(body.get("sheetId", 0))
    rows = body.get("rows", [])
    top = sheet.last_filled_row()
    _check_bounds(rows, top, 0, top + len(rows), len(sheet.columns))
    missing = top + len(rows) - len(sheet.rows)
    if missing > 0:
        resize(batch.spreadsheet, sheet, "ROWS", len(sheet.rows) + missing)
    if rows:
        widest = max(len(row.get("values", ())) for row in rows)
        batch.guard(Span(sheet.id, top, top + len(rows), 0, max(widest, 1)))
    _write_rows(batch, sheet, rows, mask, top, 0)


@handles("setDataValidation")
def set_data_validation(batch: Batch, body: dict[str, Any]) -> None:
    span = batch.spreadsheet.span(body.get("range", {}))
    sheet = batch.spreadsheet.sheet(span.sheet)
    batch.guard(span)
    rule = body.get("rule")
    if rule is not None:
        check_validation(batch.spreadsheet, rule)
    only_filled = body.get("filteredRowsIncluded")
    top, bottom, left, right = sheet.clip(span)
    for r in range(top, bottom):
        if only_filled is False and sheet.rows[r].hidden_by_filter:
            continue
        for c in range(left, right):
            cell = sheet.cell(r, c)
            if cell.validation is not rule:
                sheet.put(r, c, cell.replace(validation=rule))


@handles("updateBorders")
def update_borders(batch: Batch, body: dict[str, Any]) -> None:
    span = batch.spreadsheet.span(body.get("range", {}))
    sheet = batch.spreadsheet.sheet(span.sheet)
    batch.guard(span)
    top, bottom, left, right = sheet.clip(span)
    for r in range(top, bottom):
        for c in range(left, right):
            sides = {
                "top": body.get("top" if r == top else "innerHorizontal"),
                "bottom": body.get("bottom" if r == bottom - 1 else "innerHorizontal"),
                "left": body.get("left" if c == left else "innerVertical"),
                "right": body.get("right" if c == right - 1 else "innerVertical"),
            }
            given = {side: border for side, border in sides.items() if border is not None}
            if given:
                cell = sheet.cell(r, c)
                sheet.put(r, c, _with_borders(cell, given))


def _with_borders(cell: Cell, given: dict[str, Any]) -> Cell:
    old = cell.format or {}
    borders = {**old.get("borders", {}), **canonical(given)}
    borders = {side: border for side, border in borders.items() if border.get("style") != "NONE"}
    new = {**old, "borders": borders}
    if not borders:
        del new["borders"]
    return cell.replace(format=new or None)


@handles("mergeCells")
def merge_cells(batch: Batch, body: dict[str, Any]) -> None:
    span = batch.spreadsheet.span(body.get("range", {}))
    sheet = batch.spreadsheet.sheet(span.sheet)
    batch.guard(span)
    top, bottom, left, right = sheet.clip(span)
    for each in map(Span.of, sheet.merges):
        if each.overlaps(span) and not each.within(span):
            raise invalid("You must select all cells in a merged range to merge or unmerge them.")
    sheet.merges = [each for each in sheet.merges if not Span.of(each).overlaps(span)]
    kind = body.get("mergeType", "MERGE_ALL")
    if kind == "MERGE_COLUMNS":
        blocks = [(top, bottom, c, c + 1) for c in range(left, right)]
    elif kind == "MERGE_ROWS":
        blocks = [(r, r + 1, left, right) for r in range(top, bottom)]
    else:
        blocks = [(top, bottom, left, right)]
    for t, b, lft, rgt in blocks:
        if (b - t) * (rgt - lft) == 1:
            continue
        sheet.merges.append(grid_range(Span(sheet.id, t, b, lft, rgt)))
        for r in range(t, b):
            for c in range(lft, rgt):
                cell = sheet.cell(r, c)
                if (r, c) != (t, lft) and cell.entered is not None:
                    sheet.put(r, c, cell.replace(entered=None))


@handles("unmergeCells")
def unmerge_cells(batch: Batch, body: dict[str, Any]) -> None:
    span = batch.spreadsheet.span(body.get("range", {}))
    sheet = batch.spreadsheet.sheet(span.sheet)
    batch.guard(span)
    for each in map(Span.of, sheet.merges):
        if each.overlaps(span) and not each.within(span):
            raise invalid("You must select all cells in a merged range to merge or unmerge them.")
    sheet.merges = [each for each in sheet.merges if not Span.of(each).overlaps(span)]
