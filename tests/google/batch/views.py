"""Filters, filter views, charts and slicers: kept as given, ranges followed."""

from __future__ import annotations

import copy
from typing import Any

from .. import masks
from ..errors import invalid
from ..grid import Sheet, Span, grid_range
from . import Batch, handles
from .arrange import fresh, sort


@handles("setBasicFilter")
def set_basic_filter(batch: Batch, body: dict[str, Any]) -> None:
    wanted = body.get("filter", {})
    span = batch.spreadsheet.span(wanted.get("range", {}))
    sheet = batch.spreadsheet.sheet(span.sheet)
    top, bottom, left, right = sheet.clip(span)
    closed = Span(sheet.id, top, bottom, left, right)  # it does not grow with the sheet
    sheet.basic_filter = {**wanted, "range": grid_range(closed)}
    if wanted.get("sortSpecs"):
        batch.guard(span)
        sort(batch, sheet, Span(sheet.id, top + 1, bottom, left, right), wanted["sortSpecs"])
    _hide(batch, sheet, span, wanted)


def _hide(batch: Batch, sheet: Sheet, span: Span, wanted: dict[str, Any]) -> None:
    """Rows whose shown value is among a column's hidden values disappear from sight."""
    from ..values import renderer

    criteria = {int(c): each for c, each in wanted.get("criteria", {}).items()}
    criteria |= {
        each.get("columnIndex", 0): each.get("filterCriteria", {})
        for each in wanted.get("filterSpecs", [])
    }
    fresh(batch)
    answer = renderer(batch.spreadsheet)
    top, bottom, left, _ = sheet.clip(span)
    for r in range(top + 1, bottom):
        hidden = any(
            answer(sheet, r, left + c, sheet.cell(r, left + c)) in each.get("hiddenValues", ())
            for c, each in criteria.items()
        )
        if hidden != sheet.rows[r].hidden_by_filter:
            sheet.row_to_write(r).hidden_by_filter = hidden


@handles("clearBasicFilter")
def clear_basic_filter(batch: Batch, body: dict[str, Any]) -> None:
    sheet = batch.spreadsheet.sheet(body.get("sheetId", 0))
    sheet.basic_filter = None
    for r, row in enumerate(sheet.rows):
        if row.hidden_by_filter:
            sheet.row_to_write(r).hidden_by_filter = False


# -- things with ids -------------------------------------------------------------------------


def _find(batch: Batch, table: str, id: int, what: str) -> tuple[Sheet, dict[str, Any]]:
    for sheet in batch.spreadsheet.sheets:
        things: dict[int, dict[str, Any]] = getattr(sheet, table)
        if id in things:
            return sheet, things[id]
    raise invalid(f"No {what} with id: {id}")


def _free_id(batch: Batch, table: str, wanted: int | None, what: str) -> int:
    taken = [id for sheet in batch.spreadsheet.sheets for id in getattr(sheet, table)]
    if wanted in taken:
        raise invalid(f"{what.capitalize()} with id {wanted} already exists")
    return wanted or batch.spreadsheet.new_id(taken)


@handles("addFilterView")
def add_filter_view(batch: Batch, body: dict[str, Any]) -> dict[str, Any]:
    wanted = body.get("filter", {})
    id = _free_id(batch, "filter_views", wanted.get("filterViewId"), "filter view")
    span = batch.spreadsheet.span(wanted.get("range", {}))
    sheet = batch.spreadsheet.sheet(span.sheet)
    title = wanted.get("title", f"Filter {len(sheet.filter_views) + 1}")
    new = {**wanted, "filterViewId": id, "title": title, "range": grid_range(span)}
    sheet.filter_views[id] = new
    return {"filter": new}


@handles("updateFilterView")
def update_filter_view(batch: Batch, body: dict[str, Any]) -> None:
    mask = masks.for_update(body.get("fields"), "FilterView")
    wanted = body.get("filter", {})
    id = wanted.get("filterViewId", 0)
    sheet, old = _find(batch, "filter_views", id, "filter view")
    new = {**masks.merge(mask, old, wanted), "filterViewId": id}
    new["range"] = grid_range(batch.spreadsheet.span(new.get("range", {})))
    sheet.filter_views[id] = new


@handles("deleteFilterView")
def delete_filter_view(batch: Batch, body: dict[str, Any]) -> None:
    id = body.get("filterId", 0)
    sheet, _ = _find(batch, "filter_views", id, "filter view")
    del sheet.filter_views[id]


@handles("duplicateFilterView")
def duplicate_filter_view(batch: Batch, body: dict[str, Any]) -> dict[str, Any]:
    sheet, old = _find(batch, "filter_views", body.get("filterId", 0), "filter view")
    id = _free_id(batch, "filter_views", None, "filter view")
    new = {**copy.deepcopy(old), "filterViewId": id, "title": f"Copy of {old['title']}"}
    sheet.filter_views[id] = new
    return {"filter": new}


def _anchor(batch: Batch, position: dict[str, Any]) -> Sheet:
    if position.get("newSheet") or "sheetId" in position:
        raise invalid("Charts on sheets of their own are not supported by this stand-in server")
    cell = position.get("overlayPosition", {}).get("anchorCell", {})
    sheet = batch.spreadsheet.sheet(cell.get("sheetId", 0))
    if cell.get("rowIndex", 0) >= len(sheet.rows) or cell.get("columnIndex", 0) >= len(
        sheet.columns
    ):
        raise invalid("position.overlayPosition.anchorCell is out of bounds")
    return sheet


@handles("addChart")
def add_chart(batch: Batch, body: dict[str, Any]) -> dict[str, Any]:
    wanted = body.get("chart", {})
    if "spec" not in wanted:
        raise invalid("EmbeddedChart.spec is required")
    _check_sources(batch, wanted["spec"])
    id = _free_id(batch, "charts", wanted.get("chartId"), "chart")
    new = {**wanted, "chartId": id}
    _anchor(batch, wanted.get("position", {})).charts[id] = new
    return {"chart": new}


def _check_sources(batch: Batch, node: Any) -> None:
    """Ranges in a chart's spec must be on the grid."""
    if isinstance(node, dict):
        for each in node.get("sources", []) if isinstance(node.get("sources"), list) else []:
            batch.spreadsheet.span(each)
        for child in node.values():
            _check_sources(batch, child)
    elif isinstance(node, list):
        for child in node:
            _check_sources(batch, child)


@handles("updateChartSpec")
def update_chart_spec(batch: Batch, body: dict[str, Any]) -> None:
    _, chart = _find(batch, "charts", body.get("chartId", 0), "chart")
    if "spec" not in body:
        raise invalid("spec is required")
    _check_sources(batch, body["spec"])
    chart["spec"] = body["spec"]


@handles("updateEmbeddedObjectPosition")
def update_position(batch: Batch, body: dict[str, Any]) -> dict[str, Any]:
    mask = masks.for_update(body.get("fields"), "OverlayPosition")
    table = _table_of(batch, body.get("objectId", 0))
    sheet, thing = _find(batch, table, body.get("objectId", 0), "embedded object")
    old = thing.get("position", {}).get("overlayPosition", {})
    wanted = body.get("newPosition", {}).get("overlayPosition", {})
    thing["position"] = {"overlayPosition": masks.merge(mask, old, wanted)}
    home = _anchor(batch, thing["position"])
    del getattr(sheet, table)[body["objectId"]]
    getattr(home, table)[body["objectId"]] = thing
    return {"position": thing["position"]}


def _table_of(batch: Batch, id: int) -> str:
    return "slicers" if any(id in s.slicers for s in batch.spreadsheet.sheets) else "charts"


@handles("deleteEmbeddedObject")
def delete_embedded_object(batch: Batch, body: dict[str, Any]) -> None:
    id = body.get("objectId", 0)
    table = _table_of(batch, id)
    sheet, _ = _find(batch, table, id, "embedded object")
    del getattr(sheet, table)[id]


@handles("addSlicer")
def add_slicer(batch: Batch, body: dict[str, Any]) -> dict[str, Any]:
    wanted = body.get("slicer", {})
    batch.spreadsheet.span(wanted.get("spec", {}).get("dataRange", {}))
    id = _free_id(batch, "slicers", wanted.get("slicerId"), "slicer")
    new = {**wanted, "slicerId": id}
    _anchor(batch, wanted.get("position", {})).slicers[id] = new
    return {"slicer": new}
