"""How tabs look and what they accept: headers, formats, dropdowns, protections, rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sheetsync.layout import Column, Rule, Style, options
from sheetsync.locales import LANGUAGES, Words, load
from sheetsync.workbooks.google.cells import cell
from sheetsync.workbooks.google.formulas import rule_formula
from sheetsync.workbooks.google.requests import Request, area, column_place, repeat_cell

_HEADER = {
    "backgroundColorStyle": {"rgbColor": {"red": 0.93, "green": 0.95, "blue": 0.97}},
    "textFormat": {"bold": True},
    "verticalAlignment": "MIDDLE",
    "wrapStrategy": "WRAP",
}

_NUMBERS: Mapping[str, dict[str, str]] = {
    # No patterns for dates: Google then takes the spreadsheet's own order of day and month.
    "date": {"type": "DATE"},
    "datetime": {"type": "DATE_TIME"},
    "money": {"type": "NUMBER", "pattern": "#,##0"},
    "integer": {"type": "NUMBER", "pattern": "0"},
    "percent": {"type": "PERCENT", "pattern": "0%"},
}
# As text, so that +7 916..., 007 and 1e5 stay what people type.
_TEXTS = frozenset({"text", "long_text", "id", "phone", "email", "choice"})

MARK = "sheetsync: "
"""Our protections are known by the beginning of their description."""


def header_cell(text: str) -> dict[str, Any]:
    """A header as CellData; "" for a column that needs none."""
    return {**cell(text or None), "userEnteredFormat": _HEADER}


HEADER_FIELDS = "userEnteredValue,userEnteredFormat"


def format_request(
    sheet: int, index: int, column: Column, *, formula: bool = False
) -> Request | None:
    """The format of a column's body, or None where Google's own choice is right.

    A column of formulas is never formatted as text: Google shows the formula itself then.
    """
    look: dict[str, Any] = {}
    if column.type in _NUMBERS:
        look["numberFormat"] = _NUMBERS[column.type]
    elif column.type in _TEXTS and not formula:
        look["numberFormat"] = {"type": "TEXT"}
    if column.type == "long_text":
        look["wrapStrategy"] = "WRAP"
    if not look:
        return None
    fields = ",".join(f"userEnteredFormat.{name}" for name in look)
    body = area(sheet, 1, None, index, index + 1)
    return repeat_cell(body, {"userEnteredFormat": look}, fields)


def validation(
    column: Column, words: Words, list_range: Callable[[str], str | None]
) -> dict[str, Any] | None:
    """The dropdown or checkbox of a column; None for any other.

    ``list_range`` gives the cells under the header of a column, by its full key, as a formula.
    Nothing is strict: what people type is never refused, it is understood or told.
    """
    condition: dict[str, Any] | None = None
    if column.type == "checkbox":
        condition = {"type": "BOOLEAN"}
    elif column.choice is not None and column.choice.group:
        values = [{"userEnteredValue": text} for text in options(words, column.choice)]
        condition = {"type": "ONE_OF_LIST", "values": values}
    elif column.choice is not None and column.choice.column:
        source = list_range(column.choice.column)
        if source is not None:
            condition = {"type": "ONE_OF_RANGE", "values": [{"userEnteredValue": source}]}
    if condition is None:
        return None
    return {"condition": condition, "strict": False, "showCustomUi": True}


def validate(range_: Mapping[str, Any], rule: Mapping[str, Any]) -> Request:
    """Lay a dropdown or checkboxes over a range."""
    return {"setDataValidation": {"range": range_, "rule": rule}}


def size_request(sheet: int, index: int, width: int, *, hidden: bool = False) -> Request:
    """A column's width in pixels, and whether it is out of sight."""
    properties: dict[str, Any] = {"pixelSize": width}
    if hidden:
        properties["hiddenByUser"] = True
    return {
        "updateDimensionProperties": {
            "range": column_place(sheet, index)["dimensionRange"],
            "properties": properties,
            "fields": ",".join(properties),
        }
    }


def warn(range_: Mapping[str, Any], words: Words) -> Request:
    """Ask people who edit the tool's columns whether they mean it; let them sort and paste."""
    description = MARK + words("google.warn")
    protection = {"range": range_, "description": description, "warningOnly": True}
    return {"addProtectedRange": {"protectedRange": protection}}


def warn_of_log(sheet: int, words: Words, locked: int | None = None) -> Request:
    """Ask people who edit a log whether they mean it.

    A warning, not a lock: the add-on writes in the name of whoever works in the sheet, and its
    lines have to get in. What is changed by hand is found by the checksums of the lines.

    Parameters
    ----------
    locked : the id of the lock that earlier versions put there, which becomes the warning
    """
    protection = {
        "range": {"sheetId": sheet},
        "description": MARK + words("google.log"),
        "warningOnly": True,
    }
    if locked is None:
        return {"addProtectedRange": {"protectedRange": protection}}
    protection["protectedRangeId"] = locked
    fields = "description,warningOnly"
    return {"updateProtectedRange": {"protectedRange": protection, "fields": fields}}


def is_lock(description: str) -> bool:
    """Whether a protection is what :func:`lock` made, in any language."""
    return description in {MARK + load(lang)("google.lock") for lang in LANGUAGES}


def lock(sheet: int, words: Words, account: str | None) -> Request:
    """Close a whole tab to everybody but the tool's account and the owner."""
    protection: dict[str, Any] = {
        "range": {"sheetId": sheet},
        "description": MARK + words("google.lock"),
        "warningOnly": False,
    }
    if account:
        protection["editors"] = {"users": [account]}
    return {"addProtectedRange": {"protectedRange": protection}}


def conditional_format(
    rule: Rule, sheet: int, position: Mapping[str, int], words: Words
) -> dict[str, Any] | None:
    """A rule as Google keeps it; None when none of its columns is there."""
    ranges = [
        area(sheet, 1, None, position[key], position[key] + 1)
        for key in rule.columns
        if key in position
    ]
    if not ranges:
        return None
    if rule.scale is not None:
        low, middle, high = (_colour(text) for text in rule.scale)
        return {
            "ranges": ranges,
            "gradientRule": {
                "minpoint": {"type": "MIN", "colorStyle": low},
                "midpoint": {"type": "PERCENTILE", "value": "50", "colorStyle": middle},
                "maxpoint": {"type": "MAX", "colorStyle": high},
            },
        }
    formula = rule_formula(rule, rule.formula or "TRUE", words, position)
    return {
        "ranges": ranges,
        "booleanRule": {
            "condition": {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": formula}]},
            "format": _format(rule.style or Style()),
        },
    }


def _format(style: Style) -> dict[str, Any]:
    look: dict[str, Any] = {}
    if style.background:
        look["backgroundColorStyle"] = _colour(style.background)
    text: dict[str, Any] = {}
    if style.foreground:
        text["foregroundColorStyle"] = _colour(style.foreground)
    if style.bold:
        text["bold"] = True
    if style.strike:
        text["strikethrough"] = True
    return look | ({"textFormat": text} if text else {})


def _colour(rgb: str) -> dict[str, Any]:
    # Unrounded: Google cuts what it is sent off to whole bytes.
    red, green, blue = (int(rgb[i : i + 2], 16) / 255 for i in (0, 2, 4))
    return {"rgbColor": {"red": red, "green": green, "blue": blue}}
