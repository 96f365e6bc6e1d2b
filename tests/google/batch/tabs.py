"""Sheets and the file itself: add, delete, copy, rename, move, hide, resize."""

from __future__ import annotations

import copy
import re
from dataclasses import replace
from typing import Any

from .. import masks
from ..errors import invalid
from ..formats import canonical
from ..formulas import Reference
from ..grid import Line, Metadata, Sheet, Span, Spreadsheet
from . import Batch, handles
from .dimensions import resize
from .following import change_references

_GRID = (
    "frozenRowCount",
    "frozenColumnCount",
    "hideGridlines",
    "rowGroupControlAfter",
    "columnGroupControlAfter",
)
_KEPT = ("hidden", "rightToLeft", "tabColor", "tabColorStyle")


def properties(spreadsheet: Spreadsheet, sheet: Sheet) -> dict[str, Any]:
    """SheetProperties as Google answers them."""
    grid: dict[str, Any] = {"rowCount": len(sheet.rows), "columnCount": len(sheet.columns)}
    grid |= {name: sheet.grid[name] for name in _GRID if sheet.grid.get(name)}
    return {
        "sheetId": sheet.id,
        "title": sheet.title,
        "index": next(i for i, each in enumerate(spreadsheet.sheets) if each is sheet),
        "sheetType": "GRID",
        "gridProperties": grid,
        **{name: sheet.properties[name] for name in _KEPT if sheet.properties.get(name)},
    }


def check_title(spreadsheet: Spreadsheet, title: str, but: Sheet | None = None) -> None:
    if not title:
        raise invalid("The sheet name cannot be empty.")
    if len(title) > 100:
        raise invalid("The sheet name must have at most 100 characters.")
    found = spreadsheet.titled(title)
    if found is not None and found is not but:
        raise invalid(f'A sheet with the name "{title}" already exists. Please enter another name.')


def add(spreadsheet: Spreadsheet, wanted: dict[str, Any]) -> Sheet:
    """A new sheet from SheetProperties; missing ones get Google's defaults."""
    if wanted.get("sheetType", "GRID") != "GRID":
        raise invalid(f"Sheets of type {wanted['sheetType']} are not supported here")
    taken = [sheet.id for sheet in spreadsheet.sheets]
    id = wanted.get("sheetId")
    if id is None:
        id = spreadsheet.new_id(taken)
    elif id < 0:
        raise invalid("sheetId must be non-negative")
    elif id in taken:
        raise invalid(f"A sheet with id {id} already exists. Please use another id.")
    numbers = (re.fullmatch(r"Sheet(\d+)", sheet.title) for sheet in spreadsheet.sheets)
    free = max((int(n[1]) for n in numbers if n), default=0) + 1
    title = wanted.get("title", f"Sheet{free}")
    check_title(spreadsheet, title)
    grid = wanted.get("gridProperties", {})
    rows, columns = grid.get("rowCount", 1000), grid.get("columnCount", 26)
    if rows < 1 or columns < 1:
        raise invalid("The sheet must have at least one row and one column")
    spreadsheet.check_size(more=(rows, columns))
    sheet = Sheet.new(id, title, rows, columns)
    sheet.writer = spreadsheet.writer
    _set_grid(sheet, {name: grid[name] for name in _GRID if name in grid})
    kept = {name: wanted[name] for name in _KEPT if name in wanted}
    sheet.properties = canonical(kept)
    index = wanted.get("index", len(spreadsheet.sheets))
    if not 0 <= index <= len(spreadsheet.sheets):
        raise invalid(f"Sheet index {index} is out of bounds")
    spreadsheet.sheets.insert(index, sheet)
    return sheet


def _set_grid(sheet: Sheet, changes: dict[str, Any]) -> None:
    sheet.grid |= changes
    for name, lines, what in (
        ("frozenRowCount", sheet.rows, "rows"),
        ("frozenColumnCount", sheet.columns, "columns"),
    ):
        count = sheet.grid.get(name, 0)
        if count < 0:
            raise invalid(f"{name} must be non-negative")
        if count and count >= len(lines):
            raise invalid(f"You can't freeze all visible {what} on the sheet.")


@handles("addSheet")
def add_sheet(batch: Batch, body: dict[str, Any]) -> dict[str, Any]:
    sheet = add(batch.spreadsheet, body.get("properties", {}))
    return {"properties": properties(batch.spreadsheet, sheet)}


@handles("deleteSheet")
def delete_sheet(batch: Batch, body: dict[str, Any]) -> None:
    spreadsheet = batch.spreadsheet
    sheet = spreadsheet.sheet(body.get("sheetId", 0))
    if len(spreadsheet.sheets) == 1:
        raise invalid("You can't remove all the sheets in a document.")
    others = [each for each in spreadsheet.sheets if each is not sheet]
    if all(each.properties.get("hidden") for each in others):
        raise invalid("You can't remove all the visible sheets in a document.")
    batch.guard(Span(sheet.id))
    change_references(spreadsheet, sheet.id, lambda _: None)
    spreadsheet.sheets = others
    for named in spreadsheet.names.values():
        if "range" in named and named["range"].get("sheetId", 0) == sheet.id:
            del named["range"]
    for id, metadata in list(spreadsheet.metadata.items()):
        if metadata.place[0] != "SPREADSHEET" and metadata.place[1] == sheet.id:
            del spreadsheet.metadata[id]


@handles("duplicateSheet")
def duplicate_sheet(batch: Batch, body: dict[str, Any]) -> dict[str, Any]:
    spreadsheet = batch.spreadsheet
    source = spreadsheet.sheet(body.get("sourceSheetId", 0))
    title = body.get("newSheetName")
    if title is None:
        title = _copy_title(spreadsheet, source.title)
    new = clone(
        spreadsheet,
        spreadsheet,
        source,
        title,
        body.get("newSheetId"),
        body.get("insertSheetIndex", len(spreadsheet.sheets)),
    )
    return {"properties": properties(spreadsheet, new)}


def _copy_title(spreadsheet: Spreadsheet, title: str) -> str:
    number, new = 1, f"Copy of {title}"
    while spreadsheet.titled(new):
        number += 1
        new = f"Copy of {title} {number}"
    return new


def clone(
    source_file: Spreadsheet,
    target: Spreadsheet,
    source: Sheet,
    title: str | None = None,
    id: int | None = None,
    index: int | None = None,
) -> Sheet:
    """A sheet of one file as a new sheet of the same or another file, metadata included."""
    wanted: dict[str, Any] = {
        "title": title or _copy_title(target, source.title),
        "gridProperties": {"rowCount": 1, "columnCount": 1},
        "index": len(target.sheets) if index is None else index,
    }
    if id is not None:
        wanted["sheetId"] = id
    new = add(target, wanted)
    keys: dict[int, int] = {}
    new.rows, new.columns = [], []
    for old_lines, lines in ((source.columns, new.columns), (source.rows, new.rows)):
        for old in old_lines:
            line = Line(old.size)
            line.hidden, line.hidden_by_filter = old.hidden, old.hidden_by_filter
            line.writer = new.writer
            keys[old.key] = line.key
            line.cells = {keys[key]: cell for key, cell in old.cells.items()}
            lines.append(line)
    new.properties, new.grid = copy.deepcopy(source.properties), copy.deepcopy(source.grid)
    moved_to = {"sheetId": new.id}
    new.merges = [{**each, **moved_to} for each in source.merges]
    for rule in copy.deepcopy(source.conditional_formats):
        rule["ranges"] = [{**each, **moved_to} for each in rule["ranges"]]
        new.conditional_formats.append(rule)
    for metadata in list(source_file.metadata.values()):
        if metadata.place[0] == "SPREADSHEET" or metadata.place[1] != source.id:
            continue
        place = (metadata.place[0], new.id, *(keys[key] for key in metadata.place[2:]))
        copied = target.new_id(target.metadata)
        target.metadata[copied] = Metadata(
            copied, metadata.key, metadata.value, metadata.visibility, place
        )
    return new


@handles("updateSheetProperties")
def update_sheet_properties(batch: Batch, body: dict[str, Any]) -> None:
    mask = masks.for_update(body.get("fields"), "SheetProperties")
    spreadsheet, wanted = batch.spreadsheet, body.get("properties", {})
    sheet = spreadsheet.sheet(wanted.get("sheetId", 0))
    batch.guard(Span(sheet.id), whole_sheet=True)
    if "*" in mask:  # what is not given is taken away, and a sheet must have a name
        mask = dict.fromkeys((*_KEPT, "title", "index", "gridProperties"))
    if mask.keys() & {"sheetId", "sheetType", "dataSourceSheetProperties"}:
        raise invalid("The sheet's id and type cannot be changed")
    if "title" in mask:
        _rename(spreadsheet, sheet, wanted.get("title", ""))
    if "index" in mask:
        _move(spreadsheet, sheet, wanted.get("index", 0))
    kept = {name: inner for name, inner in mask.items() if name in _KEPT}
    if kept:
        sheet.properties = canonical(masks.merge(kept, sheet.properties, wanted))
        if all(each.properties.get("hidden") for each in spreadsheet.sheets):
            raise invalid("You can't hide all the sheets in a document.")
    if "gridProperties" in mask:
        inner, grid = mask["gridProperties"], wanted.get("gridProperties", {})
        for name, dimension in (("rowCount", "ROWS"), ("columnCount", "COLUMNS")):
            if masks.covers(inner, name) and (inner is not None or name in grid):
                resize(spreadsheet, sheet, dimension, grid.get(name, 0))
        _set_grid(sheet, {n: grid.get(n) or 0 for n in _GRID if masks.covers(inner, n)})


def _rename(spreadsheet: Spreadsheet, sheet: Sheet, title: str) -> None:
    check_title(spreadsheet, title, but=sheet)

    def renamed(reference: Reference) -> Reference:
        return reference if reference.sheet is None else replace(reference, sheet=title)

    change_references(spreadsheet, sheet.id, renamed)
    sheet.title = title


def _move(spreadsheet: Spreadsheet, sheet: Sheet, index: int) -> None:
    """To the place before the sheet that now has the index."""
    sheets = spreadsheet.sheets
    if not 0 <= index <= len(sheets):
        raise invalid(f"Sheet index {index} is out of bounds")
    now = next(i for i, each in enumerate(sheets) if each is sheet)
    del sheets[now]
    sheets.insert(index - 1 if index > now else index, sheet)


@handles("updateSpreadsheetProperties")
def update_spreadsheet_properties(batch: Batch, body: dict[str, Any]) -> None:
    mask = masks.for_update(body.get("fields"), "SpreadsheetProperties")
    spreadsheet, wanted = batch.spreadsheet, body.get("properties", {})
    if "defaultFormat" in mask:
        raise invalid("Field is read-only: default_format")
    old = {"title": spreadsheet.title, **spreadsheet.properties}
    if "*" in mask:
        mask = dict.fromkeys(wanted)
    new = masks.merge(mask, old, wanted)
    if not new.get("title"):
        raise invalid("The title must not be empty")
    check_properties(new)
    spreadsheet.title = new.pop("title")
    spreadsheet.properties = new


def check_properties(wanted: dict[str, Any]) -> None:
    """Locale and time zone of a file."""
    from zoneinfo import ZoneInfo

    if not re.fullmatch(r"[a-z]{2,3}(_[A-Z]{2})?", wanted.get("locale", "en_US")):
        raise invalid(f"Unsupported locale: {wanted['locale']}")
    try:
        ZoneInfo(wanted.get("timeZone", "Etc/GMT"))
    except (KeyError, ValueError, OSError):
        raise invalid(f"Invalid time zone: {wanted['timeZone']}") from None
