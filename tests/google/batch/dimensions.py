"""Rows and columns: insert, delete, move, append, sizes, groups; and what moves along."""

from __future__ import annotations

from typing import Any

from .. import masks
from ..edits import Delete, Insert, Move
from ..errors import invalid
from ..grid import Cell, Line, Sheet, Span, Spreadsheet
from . import Batch, handles
from .following import shift

# -- the lines themselves --------------------------------------------------------------------


def insert_lines(
    spreadsheet: Spreadsheet, sheet: Sheet, dimension: str, at: int, count: int, *, inherit: bool
) -> None:
    """New lines before the one at ``at``, looking like their neighbour before or after them."""
    lines = sheet.lines(dimension)
    size = len(lines)
    neighbour = at - 1 if inherit else at
    new = [Line() for _ in range(count)]
    lines[at:at] = new
    for line in new:
        line.writer = sheet.writer
    if at < size:
        frozen = "frozenRowCount" if dimension == "ROWS" else "frozenColumnCount"
        if at < sheet.grid.get(frozen, 0):
            sheet.grid[frozen] += count
        shift(spreadsheet, Insert(sheet.id, dimension, at, count))
        source = neighbour if neighbour < at else neighbour + count
        if 0 <= source < len(lines):
            _inherit(sheet, dimension, source, range(at, at + count))


def _inherit(sheet: Sheet, dimension: str, source: int, targets: range) -> None:
    if dimension == "ROWS":
        looks = {
            key: Cell(None, cell.format, cell.validation)
            for key, cell in sheet.rows[source].cells.items()
            if cell.format or cell.validation
        }
        for r in targets:
            sheet.row_to_write(r).cells.update(looks)
            sheet.rows[r].size = sheet.rows[source].size
        return
    key = sheet.columns[source].key
    for target in targets:
        sheet.columns[target].size = sheet.columns[source].size
    for r, row in enumerate(sheet.rows):
        cell = row.cells.get(key)
        if cell is not None and (cell.format or cell.validation):
            look = Cell(None, cell.format, cell.validation)
            sheet.row_to_write(r).cells.update({sheet.columns[t].key: look for t in targets})


def delete_lines(
    spreadsheet: Spreadsheet, sheet: Sheet, dimension: str, start: int, end: int
) -> None:
    lines = sheet.lines(dimension)
    if end - start >= len(lines):
        what = "rows" if dimension == "ROWS" else "columns"
        raise invalid(f"You can't delete all the {what} on the sheet.")
    frozen = "frozenRowCount" if dimension == "ROWS" else "frozenColumnCount"
    count = sheet.grid.get(frozen, 0)
    left = count - max(0, min(count, end) - start)
    if left and left >= len(lines) - (end - start):
        what = "rows" if dimension == "ROWS" else "columns"
        raise invalid(f"Sorry, it is not possible to delete all non-frozen {what}.")
    if count:
        sheet.grid[frozen] = left
    gone = {line.key for line in lines[start:end]}
    del lines[start:end]
    if dimension == "COLUMNS":
        for r, row in enumerate(sheet.rows):
            if gone & row.cells.keys():
                cells = sheet.row_to_write(r).cells
                for key in gone & cells.keys():
                    del cells[key]
    for id, metadata in list(spreadsheet.metadata.items()):
        if metadata.place[0] in ("ROW", "COLUMN") and metadata.place[2] in gone:
            del spreadsheet.metadata[id]
    shift(spreadsheet, Delete(sheet.id, dimension, start, end))


def resize(spreadsheet: Spreadsheet, sheet: Sheet, dimension: str, count: int) -> None:
    """Add or remove lines at the end."""
    now = len(sheet.lines(dimension))
    if count < 1:
        raise invalid("The sheet must have at least one row and one column")
    if count > now:
        insert_lines(spreadsheet, sheet, dimension, now, count - now, inherit=True)
        spreadsheet.check_size()
    elif count < now:
        delete_lines(spreadsheet, sheet, dimension, count, now)


def run(
    batch: Batch, range_: dict[str, Any], *, beyond: bool = False
) -> tuple[Sheet, str, int, int]:
    """A DimensionRange of a request: sheet, dimension, start, end; open ends at the grid's edge."""
    sheet = batch.spreadsheet.sheet(range_.get("sheetId", 0))
    dimension = range_.get("dimension", "DIMENSION_UNSPECIFIED")
    if dimension not in ("ROWS", "COLUMNS"):
        raise invalid("No dimension specified")
    count = len(sheet.lines(dimension))
    start, end = range_.get("startIndex", 0), range_.get("endIndex", count)
    if start < 0 or end <= start:
        raise invalid(f"range.endIndex[{end}] must be after range.startIndex[{start}]")
    if not beyond and end > count:
        raise invalid(
            f"range.endIndex[{end}] is out of bounds: the sheet has {count} {dimension.lower()}"
        )
    return sheet, dimension, start, end


def lines_span(sheet: Sheet, dimension: str, start: int, end: int) -> Span:
    if dimension == "ROWS":
        return Span(sheet.id, start, end)
    return Span(sheet.id, left=start, right=end)


# -- requests --------------------------------------------------------------------------------


@handles("insertDimension")
def insert_dimension(batch: Batch, body: dict[str, Any]) -> None:
    sheet, dimension, start, end = run(batch, body.get("range", {}), beyond=True)
    inherit = body.get("inheritFromBefore", False)
    size = len(sheet.lines(dimension))
    if inherit and start == 0:
        raise invalid("inheritFromBefore cannot be true when inserting at the first index")
    if start > size or (start == size and not inherit):
        raise invalid(
            f"range.startIndex[{start}] is too large; inserting at the end needs inheritFromBefore"
        )
    # Between two protected lines of others nothing can be inserted; at their edge it can.
    if 0 < start < size:
        _guard_gap(batch, sheet, dimension, start)
    elif sheet.protected:
        batch.guard(lines_span(sheet, dimension, 0, 1), whole_sheet=True)
    insert_lines(batch.spreadsheet, sheet, dimension, start, end - start, inherit=inherit)
    batch.spreadsheet.check_size()


def _guard_gap(batch: Batch, sheet: Sheet, dimension: str, at: int) -> None:
    from ..protection import covered, may_edit

    for protected in sheet.protected.values():
        where = covered(batch.spreadsheet, protected)
        if where is None or may_edit(batch.spreadsheet, batch.user, protected):
            continue
        first, last = (
            (where.top, where.bottom) if dimension == "ROWS" else (where.left, where.right)
        )
        if first < at and (last is None or at < last):
            batch.guard(lines_span(sheet, dimension, at, at + 1))


@handles("deleteDimension")
def delete_dimension(batch: Batch, body: dict[str, Any]) -> None:
    sheet, dimension, start, end = run(batch, body.get("range", {}))
    batch.guard(lines_span(sheet, dimension, start, end))
    delete_lines(batch.spreadsheet, sheet, dimension, start, end)


@handles("appendDimension")
def append_dimension(batch: Batch, body: dict[str, Any]) -> None:
    sheet = batch.spreadsheet.sheet(body.get("sheetId", 0))
    dimension = body.get("dimension", "")
    if dimension not in ("ROWS", "COLUMNS"):
        raise invalid("No dimension specified")
    if body.get("length", 0) < 1:
        raise invalid("length must be greater than 0")
    batch.guard(Span(sheet.id), whole_sheet=True)
    resize(batch.spreadsheet, sheet, dimension, len(sheet.lines(dimension)) + body["length"])


@handles("moveDimension")
def move_dimension(batch: Batch, body: dict[str, Any]) -> None:
    sheet, dimension, start, end = run(batch, body.get("source", {}))
    to = body.get("destinationIndex", 0)
    lines = sheet.lines(dimension)
    if not 0 <= to <= len(lines):
        raise invalid(f"destinationIndex[{to}] is out of bounds")
    if start < to < end:
        raise invalid("destinationIndex cannot be within the source range")
    batch.guard(lines_span(sheet, dimension, min(start, to), max(end, to)))
    if to in (start, end):
        return
    if sheet.merges:
        across = lines_span(sheet, dimension, start, end)
        whole_merges = [Span.of(each) for each in sheet.merges]
        if any(m.overlaps(across) and not m.within(across) for m in whole_merges):
            raise invalid("You can't move part of a merged cell.")
    block = lines[start:end]
    del lines[start:end]
    landed = to - len(block) if to > start else to
    lines[landed:landed] = block
    shift(batch.spreadsheet, Move(sheet.id, dimension, start, end, to))


@handles("updateDimensionProperties")
def update_dimension_properties(batch: Batch, body: dict[str, Any]) -> None:
    if "range" not in body:
        raise invalid("range is required")
    sheet, dimension, start, end = run(batch, body["range"])
    mask = masks.for_update(body.get("fields"), "DimensionProperties")
    batch.guard(lines_span(sheet, dimension, start, end))
    properties = body.get("properties", {})
    for name in mask:
        if name not in ("pixelSize", "hiddenByUser", "*"):
            raise invalid(f"Field is read-only: {name}")
    for i in range(start, end):
        line = sheet.row_to_write(i) if dimension == "ROWS" else sheet.columns[i]
        if masks.covers(mask, "pixelSize") and ("pixelSize" in mask or "pixelSize" in properties):
            line.size = properties.get("pixelSize")
        if masks.covers(mask, "hiddenByUser"):
            line.hidden = properties.get("hiddenByUser", False)


@handles("autoResizeDimensions")
def auto_resize(batch: Batch, body: dict[str, Any]) -> None:
    from ..values import renderer

    sheet, dimension, start, end = run(batch, body.get("dimensions", {}))
    if dimension == "ROWS":
        for i in range(start, end):
            sheet.row_to_write(i).size = None
        return
    answer = renderer(batch.spreadsheet)
    widths = dict.fromkeys(range(start, end), 0)
    for r, c, cell in sheet.filled():
        if c in widths:
            widths[c] = max(widths[c], len(str(answer(sheet, r, c, cell))))
    for c, letters in widths.items():
        if letters:
            sheet.columns[c].size = 7 * letters + 9


@handles("addDimensionGroup")
def add_dimension_group(batch: Batch, body: dict[str, Any]) -> dict[str, Any]:
    sheet, dimension, start, end = run(batch, body.get("range", {}))
    for group in sheet.groups:
        group_range = group["range"]
        if group_range["dimension"] == dimension and not (
            group_range["endIndex"] <= start or end <= group_range["startIndex"]
        ):
            raise invalid("Overlapping groups are not supported by this stand-in server")
    sheet.groups.append(
        {
            "range": grid_dimension(sheet, dimension, start, end),
            "depth": 1,
        }
    )
    sheet.grid[f"{dimension.lower()[:-1]}GroupControlAfter"] = True
    return {"dimensionGroups": [g for g in sheet.groups if g["range"]["dimension"] == dimension]}


@handles("deleteDimensionGroup")
def delete_dimension_group(batch: Batch, body: dict[str, Any]) -> dict[str, Any]:
    sheet, dimension, start, end = run(batch, body.get("range", {}))
    wanted = grid_dimension(sheet, dimension, start, end)
    left = [group for group in sheet.groups if group["range"] != wanted]
    if len(left) == len(sheet.groups):
        raise invalid("The specified group does not exist")
    sheet.groups = left
    rest = [group for group in left if group["range"]["dimension"] == dimension]
    return {"dimensionGroups": rest} if rest else {}


def grid_dimension(sheet: Sheet, dimension: str, start: int, end: int) -> dict[str, Any]:
    """A DimensionRange as Google writes it."""
    found: dict[str, Any] = {"sheetId": sheet.id} if sheet.id else {}
    return {**found, "dimension": dimension, "startIndex": start, "endIndex": end}
