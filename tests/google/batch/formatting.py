"""Conditional formats and banding."""

from __future__ import annotations

from typing import Any

from .. import masks
from ..errors import invalid
from ..formats import canonical, check_rule
from ..grid import Sheet, Span, grid_range
from . import Batch, handles


def _canonical_rule(batch: Batch, rule: dict[str, Any]) -> dict[str, Any]:
    check_rule(batch.spreadsheet, rule)
    ranges = [grid_range(Span.of(each)) for each in rule["ranges"]]
    return {**canonical(rule), "ranges": ranges}


def _of_rule(batch: Batch, rule: dict[str, Any]) -> Sheet:
    for each in rule["ranges"]:
        batch.guard(Span.of(each))
    return batch.spreadsheet.sheet(rule["ranges"][0].get("sheetId", 0))


@handles("addConditionalFormatRule")
def add_rule(batch: Batch, body: dict[str, Any]) -> None:
    rule = _canonical_rule(batch, body.get("rule", {}))
    rules = _of_rule(batch, rule).conditional_formats
    index = body.get("index", 0)
    if not 0 <= index <= len(rules):
        raise invalid(f"index[{index}] is out of bounds: the sheet has {len(rules)} rules")
    rules.insert(index, rule)


def _existing(batch: Batch, body: dict[str, Any]) -> tuple[list[dict[str, Any]], int]:
    sheet = batch.spreadsheet.sheet(body.get("sheetId", 0))
    index, rules = body.get("index", 0), sheet.conditional_formats
    if not 0 <= index < len(rules):
        raise invalid(f"No conditional format on sheet: {sheet.id} at index: {index}")
    return rules, index


@handles("deleteConditionalFormatRule")
def delete_rule(batch: Batch, body: dict[str, Any]) -> dict[str, Any]:
    rules, index = _existing(batch, body)
    return {"rule": rules.pop(index)}


@handles("updateConditionalFormatRule")
def update_rule(batch: Batch, body: dict[str, Any]) -> dict[str, Any]:
    if ("rule" in body) == ("newIndex" in body):
        raise invalid("Must specify either rule or newIndex")
    if "rule" in body:
        rule = _canonical_rule(batch, body["rule"])
        body = {"sheetId": rule["ranges"][0].get("sheetId", 0), **body}
        rules, index = _existing(batch, body)
        old, rules[index] = rules[index], rule
        return _reply(newRule=rule, newIndex=index, oldRule=old)
    rules, index = _existing(batch, body)
    new_index = body["newIndex"]
    if not 0 <= new_index < len(rules):
        raise invalid(f"newIndex[{new_index}] is out of bounds")
    rules.insert(new_index, rules.pop(index))
    return _reply(newRule=rules[new_index], newIndex=new_index, oldIndex=index)


def _reply(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in (0, None)}


# -- banding ---------------------------------------------------------------------------------


def _banded(batch: Batch, id: int) -> tuple[Sheet, dict[str, Any]]:
    for sheet in batch.spreadsheet.sheets:
        if id in sheet.banding:
            return sheet, sheet.banding[id]
    raise invalid(f"No banding with id: {id}")


def _check_banding(batch: Batch, banding: dict[str, Any]) -> dict[str, Any]:
    span = batch.spreadsheet.span(banding.get("range", {}))
    batch.guard(span)
    if "rowProperties" not in banding and "columnProperties" not in banding:
        raise invalid("BandedRange must have rowProperties or columnProperties")
    for name in ("rowProperties", "columnProperties"):
        for colour in ("firstBandColor", "secondBandColor"):
            part = banding.get(name)
            if part is not None and colour not in part and f"{colour}Style" not in part:
                raise invalid(f"BandedRange.{name}.{colour} is required")
    for id, other in batch.spreadsheet.sheet(span.sheet).banding.items():
        if id != banding.get("bandedRangeId") and Span.of(other["range"]).overlaps(span):
            raise invalid(
                "You cannot add alternating background colors to a range that already has "
                "alternating background colors."
            )
    return {**canonical(banding), "range": grid_range(span)}


@handles("addBanding")
def add_banding(batch: Batch, body: dict[str, Any]) -> dict[str, Any]:
    banding = body.get("bandedRange", {})
    taken = [id for sheet in batch.spreadsheet.sheets for id in sheet.banding]
    id = banding.get("bandedRangeId") or batch.spreadsheet.new_id(taken)
    if id in taken:
        raise invalid(f"Banded range with id {id} already exists")
    new = {"bandedRangeId": id, **_check_banding(batch, {**banding, "bandedRangeId": id})}
    batch.spreadsheet.sheet(new["range"].get("sheetId", 0)).banding[id] = new
    return {"bandedRange": new}


@handles("updateBanding")
def update_banding(batch: Batch, body: dict[str, Any]) -> None:
    mask = masks.for_update(body.get("fields"), "BandedRange")
    wanted = body.get("bandedRange", {})
    id = wanted.get("bandedRangeId", 0)
    sheet, old = _banded(batch, id)
    new = _check_banding(batch, {**masks.merge(mask, old, wanted), "bandedRangeId": id})
    del sheet.banding[id]
    batch.spreadsheet.sheet(new["range"].get("sheetId", 0)).banding[id] = new


@handles("deleteBanding")
def delete_banding(batch: Batch, body: dict[str, Any]) -> None:
    sheet, banding = _banded(batch, body.get("bandedRangeId", 0))
    batch.guard(Span.of(banding["range"]))
    del sheet.banding[banding["bandedRangeId"]]
