"""A spreadsheet as the Spreadsheet resource."""

from __future__ import annotations

from typing import Any

from . import celldata, masks
from .batch.ranges import shown as shown_protection
from .batch.tabs import properties as sheet_properties
from .evaluate import calculation
from .formats import DEFAULT_FORMAT, THEME
from .grid import BLANK, Line, Sheet, Span, Spreadsheet
from .metadata import Index


def spreadsheet(
    file: Spreadsheet,
    user: str,
    mask: masks.Mask | None = None,
    spans: list[Span] | None = None,
    *,
    grid: bool = False,
) -> dict[str, Any]:
    """The resource, cut to a mask.

    ``spans`` limit it to their sheets and cells; with a mask ``grid`` is ignored, as at Google:
    the mask says whether cells are wanted.
    """
    index = Index(file)
    result: dict[str, Any] = {
        "spreadsheetId": file.id,
        "properties": {
            "title": file.title,
            **file.properties,
            "defaultFormat": DEFAULT_FORMAT,
            "spreadsheetTheme": THEME,
        },
    }
    if masks.covers(mask, "sheets"):
        inner = masks.inside(mask, "sheets")
        chosen = None if spans is None else {span.sheet for span in spans}
        result["sheets"] = [
            _sheet(file, sheet, user, index, inner, spans, grid=grid or mask is not None)
            for sheet in file.sheets
            if chosen is None or sheet.id in chosen
        ]
    if file.names:
        result["namedRanges"] = list(file.names.values())
    result["spreadsheetUrl"] = f"https://docs.google.com/spreadsheets/d/{file.id}/edit"
    if own := [each for each in file.metadata.values() if each.place == ("SPREADSHEET",)]:
        result["developerMetadata"] = [index.shown(each) for each in own]
    return masks.cut(mask, result)  # type: ignore[no-any-return]


def _sheet(
    file: Spreadsheet,
    sheet: Sheet,
    user: str,
    index: Index,
    mask: masks.Mask | None,
    spans: list[Span] | None,
    *,
    grid: bool,
) -> dict[str, Any]:
    result: dict[str, Any] = {"properties": sheet_properties(file, sheet)}
    if grid and masks.covers(mask, "data"):
        wanted = [Span(sheet.id)] if spans is None else [s for s in spans if s.sheet == sheet.id]
        inner = masks.inside(mask, "data")
        result["data"] = [
            grid_data(file, sheet, span, index, inner, metadata=spans is not None)
            for span in wanted
        ]
    own = [each for each in file.metadata.values() if each.place == ("SHEET", sheet.id)]
    parts = {
        "merges": sheet.merges,
        "conditionalFormats": sheet.conditional_formats,
        "filterViews": list(sheet.filter_views.values()),
        "protectedRanges": [
            shown_protection(file, each, user) for each in sheet.protected.values()
        ],
        "basicFilter": sheet.basic_filter,
        "charts": list(sheet.charts.values()),
        "bandedRanges": list(sheet.banding.values()),
        "developerMetadata": [index.shown(each) for each in own],
        "rowGroups": [g for g in sheet.groups if g["range"]["dimension"] == "ROWS"],
        "columnGroups": [g for g in sheet.groups if g["range"]["dimension"] == "COLUMNS"],
        "slicers": list(sheet.slicers.values()),
    }
    return result | {name: part for name, part in parts.items() if part}


def grid_data(
    file: Spreadsheet,
    sheet: Sheet,
    span: Span,
    index: Index,
    mask: masks.Mask | None,
    *,
    metadata: bool,
) -> dict[str, Any]:
    """A GridData: trailing empty cells and rows are left out. The developer metadata of rows and
    columns is only there when ranges were asked for."""
    top, bottom, left, right = sheet.clip(span)
    result: dict[str, Any] = {}
    if top:
        result["startRow"] = top
    if left:
        result["startColumn"] = left
    if masks.covers(mask, "rowData") and (
        rows := _row_data(file, sheet, (top, bottom, left, right), mask)
    ):
        result["rowData"] = rows
    hung = index.on_lines(sheet) if metadata else {}
    for name, lines, size in (
        ("rowMetadata", sheet.rows[top:bottom], 21),
        ("columnMetadata", sheet.columns[left:right], 100),
    ):
        if masks.covers(mask, name):
            result[name] = [_line(line, size, hung) for line in lines]
    return result


def _row_data(
    file: Spreadsheet, sheet: Sheet, clip: tuple[int, int, int, int], mask: masks.Mask | None
) -> list[dict[str, Any]]:
    top, bottom, left, right = clip
    cell_mask = masks.inside(masks.inside(mask, "rowData"), "values")
    read = celldata.reader(calculation(file), cell_mask)
    keys = [column.key for column in sheet.columns[left:right]]
    rows: list[dict[str, Any]] = []
    for r in range(top, bottom):
        cells = sheet.rows[r].cells
        values: list[dict[str, Any]] = []
        if cells:
            found = [cells.get(key) for key in keys]
            while found and found[-1] is None:
                found.pop()
            values = [
                {} if cell is None or cell is BLANK else read(sheet, r, left + i, cell)
                for i, cell in enumerate(found)
            ]
        rows.append({"values": values} if values else {})
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _line(line: Line, size: int, hung: dict[int, list[Any]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    if line.hidden_by_filter:
        result["hiddenByFilter"] = True
    if line.hidden:
        result["hiddenByUser"] = True
    result["pixelSize"] = line.size or size
    if line.key in hung:
        result["developerMetadata"] = hung[line.key]
    return result
