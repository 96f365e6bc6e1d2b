"""Cells to and from CellData, under a field mask."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import masks
from .errors import invalid
from .formats import DEFAULT_FORMAT, canonical, check_condition
from .grid import Cell, Formula, FormulaError, Sheet, Spreadsheet, Value
from .values import checked_text, finite, number_format, shown

_READ_ONLY = ("effectiveValue", "formattedValue", "effectiveFormat", "hyperlink")
_KEPT = ("textFormatRuns", "pivotTable", "chipRuns")
_ERROR_TYPES = {
    "#N/A": "N_A",
    "#NULL!": "NULL_VALUE",
    "#DIV/0!": "DIVIDE_BY_ZERO",
    "#VALUE!": "VALUE",
    "#REF!": "REF",
    "#NAME?": "NAME",
    "#NUM!": "NUM",
    "#ERROR!": "ERROR",
}


def entered(value: dict[str, Any]) -> Value:
    """An ExtendedValue as a cell's value; "" leaves a cell empty."""
    if "stringValue" in value:
        return checked_text(value["stringValue"]) or None
    if "numberValue" in value:
        return finite(value["numberValue"])
    if "boolValue" in value:
        return bool(value["boolValue"])
    if "formulaValue" in value:
        text = value["formulaValue"]
        if not text.startswith(("=", "+")):
            raise invalid(f"Invalid formulaValue: {text}")
        checked_text(text)
        return Formula(text if text[0] == "=" else "=" + text)
    if "errorValue" in value:
        raise invalid("errorValue is read-only")
    return None


def extended(value: Value) -> dict[str, Any] | None:
    """A value as ExtendedValue."""
    if value is None:
        return None
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, (int, float)):
        return {"numberValue": value}
    if isinstance(value, Formula):
        return {"formulaValue": str(value)}
    if isinstance(value, FormulaError):
        return {"errorValue": {"type": _ERROR_TYPES[value.code], "message": value.code}}
    return {"stringValue": value}


def updater(
    spreadsheet: Spreadsheet, mask: masks.Mask, data: dict[str, Any]
) -> Callable[[Cell], Cell]:
    """A function that puts the masked fields of one CellData onto cells."""
    for name in _READ_ONLY:
        if name in mask:
            raise invalid(f"Field is read-only: {name}")
    changes: dict[str, Any] = {}
    if masks.covers(mask, "userEnteredValue"):
        changes["entered"] = entered(data.get("userEnteredValue", {}))
    if masks.covers(mask, "note"):
        changes["note"] = data.get("note") or None
    if masks.covers(mask, "dataValidation"):
        rule = data.get("dataValidation")
        if rule is not None:
            check_validation(spreadsheet, rule)
        changes["validation"] = rule
    kept = {n: data[n] for n in _KEPT if n in data and masks.covers(mask, n)}
    touches_kept = any(masks.covers(mask, n) for n in _KEPT)
    format_mask = masks.inside(mask, "userEnteredFormat")
    formats = masks.covers(mask, "userEnteredFormat")
    wanted = data.get("userEnteredFormat", {})
    check_number_format(wanted)
    memory: dict[int, Any] = {}

    def update(cell: Cell) -> Cell:
        new = cell.replace(**changes)
        if touches_kept:
            new.extras = kept or None
        if formats:
            old = cell.format
            if id(old) not in memory:
                merged = canonical(masks.merge(format_mask, old or {}, wanted))
                memory[id(old)] = (old, merged or None)
            new.format = memory[id(old)][1]
        return new

    return update


def check_number_format(wanted: dict[str, Any]) -> None:
    number = wanted.get("numberFormat")
    if number is not None and number.get("type", "NUMBER_FORMAT_TYPE_UNSPECIFIED") == (
        "NUMBER_FORMAT_TYPE_UNSPECIFIED"
    ):
        raise invalid("NumberFormat.type is required")


def check_validation(spreadsheet: Spreadsheet, rule: dict[str, Any]) -> None:
    if "condition" not in rule:
        raise invalid("DataValidationRule.condition is required")
    check_condition(spreadsheet, rule["condition"], validation=True)


def reader(calc: Any, mask: masks.Mask | None) -> Callable[[Sheet, int, int, Cell], dict[str, Any]]:
    """A function that gives a cell as CellData, only what the mask wants."""
    want = {
        name: masks.covers(mask, name)
        for name in (
            "userEnteredValue", "effectiveValue", "formattedValue", "userEnteredFormat",
            "effectiveFormat", "note", "dataValidation", "hyperlink",
        )
    }  # fmt: skip
    values = want["effectiveValue"] or want["formattedValue"]
    effective: dict[int, Any] = {}

    def read(sheet: Sheet, row: int, column: int, cell: Cell) -> dict[str, Any]:
        data: dict[str, Any] = {}
        if cell.entered is not None:
            if want["userEnteredValue"]:
                data["userEnteredValue"] = extended(cell.entered)
            if values:
                value = calc.value(sheet, row, column, cell)
                if want["effectiveValue"]:
                    data["effectiveValue"] = extended(value)
                if want["formattedValue"]:
                    data["formattedValue"] = shown(value, cell, calc, calc.locale)
        if cell.format and want["userEnteredFormat"]:
            data["userEnteredFormat"] = cell.format
        if want["effectiveFormat"]:
            own = cell.format or {}
            if id(own) not in effective:
                effective[id(own)] = (own, _merged(DEFAULT_FORMAT, own))
            number = number_format(cell, calc)
            data["effectiveFormat"] = effective[id(own)][1] | (
                {"numberFormat": number} if number else {}
            )
        if cell.note and want["note"]:
            data["note"] = cell.note
        if cell.validation and want["dataValidation"]:
            data["dataValidation"] = cell.validation
        if cell.extras:
            data |= cell.extras
        return data

    return read


def _merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    result = dict(base)
    for name, value in over.items():
        both = isinstance(value, dict) and isinstance(base.get(name), dict)
        deep = both and not name.endswith(("Color", "ColorStyle"))
        result[name] = _merged(base[name], value) if deep else value
    return result
