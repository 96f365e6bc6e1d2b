"""Formats as Google keeps them, and the rules that rules and validations must keep."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import formulas
from .errors import invalid
from .grid import Spreadsheet
from .locales import locale, tidy

DEFAULT_FORMAT: dict[str, Any] = {
    "backgroundColor": {"red": 1, "green": 1, "blue": 1},
    "padding": {"top": 2, "right": 3, "bottom": 2, "left": 3},
    "verticalAlignment": "BOTTOM",
    "wrapStrategy": "OVERFLOW_CELL",
    "textFormat": {
        "foregroundColor": {},
        "fontFamily": "arial,sans,sans-serif",
        "fontSize": 10,
        "bold": False,
        "italic": False,
        "strikethrough": False,
        "underline": False,
        "foregroundColorStyle": {"rgbColor": {}},
    },
    "backgroundColorStyle": {"rgbColor": {"red": 1, "green": 1, "blue": 1}},
}


def _rgb(*parts: int) -> dict[str, float]:
    """A colour from three bytes, with Google's eight digits and without zeros."""
    names = ("red", "green", "blue")
    return {n: single(b / 255) for n, b in zip(names, parts, strict=True) if b}


def single(number: float) -> float:
    """A number as it comes back from a 32-bit float."""
    return tidy(float(str(np.float32(number))))


def of_a_byte(part: float) -> float:
    """A part of a colour as Google keeps it: a byte, cut off and not rounded."""
    return single(int(np.float32(part) * np.float32(255)) / 255)


THEME: dict[str, Any] = {
    "primaryFontFamily": "Arial",
    "themeColors": [
        {"colorType": kind, "color": {"rgbColor": _rgb(*colour)}}
        for kind, colour in {
            "TEXT": (0, 0, 0),
            "BACKGROUND": (255, 255, 255),
            "ACCENT1": (66, 133, 244),
            "ACCENT2": (234, 67, 53),
            "ACCENT3": (251, 188, 4),
            "ACCENT4": (52, 168, 83),
            "ACCENT5": (255, 109, 1),
            "ACCENT6": (70, 189, 198),
            "LINK": (17, 85, 204),
        }.items()
    ],
}

_CHANNELS = frozenset({"red", "green", "blue", "alpha"})


def canonical(value: Any) -> Any:
    """Colours in bytes and without zeros, each with its ``...Style`` twin."""
    if isinstance(value, list):
        return [canonical(each) for each in value]
    if not isinstance(value, dict):
        return value
    if value and value.keys() <= _CHANNELS:
        parts = {k: single(v) if k == "alpha" else of_a_byte(v) for k, v in value.items()}
        return {k: part for k, part in parts.items() if part}
    result = {k: canonical(v) for k, v in value.items()}
    for name in list(result):
        style = f"{name}Style"
        colour = name == "color" or (name.endswith("Color") and name != "rgbColor")
        if colour and isinstance(result[name], dict):
            result.setdefault(style, {"rgbColor": result[name]})
            result[name] = result[style].get("rgbColor", result[name])
        elif name.endswith("olorStyle") and "rgbColor" in result[name]:
            result[name.removesuffix("Style")] = result[name]["rgbColor"]
    return result


# -- conditions ------------------------------------------------------------------------------

_NO_VALUES = {"BLANK", "NOT_BLANK", "TEXT_IS_EMAIL", "TEXT_IS_URL", "DATE_IS_VALID"}
_TWO_VALUES = {"NUMBER_BETWEEN", "NUMBER_NOT_BETWEEN", "DATE_BETWEEN", "DATE_NOT_BETWEEN"}
_RELATIVE = {"DATE_BEFORE", "DATE_AFTER", "DATE_ON_OR_BEFORE", "DATE_ON_OR_AFTER"}
_VALIDATION_ONLY = {
    "ONE_OF_RANGE", "ONE_OF_LIST", "BOOLEAN", "DATE_BETWEEN", "DATE_NOT_BETWEEN",
    "DATE_ON_OR_BEFORE", "DATE_ON_OR_AFTER", "DATE_IS_VALID", "TEXT_IS_EMAIL", "TEXT_IS_URL",
}  # fmt: skip
_RULE_ONLY = {"TEXT_STARTS_WITH", "TEXT_ENDS_WITH", "BLANK", "NOT_BLANK"}
_RULE_FORMATS = {"backgroundColor", "backgroundColorStyle", "textFormat"}
_RULE_TEXT = {"bold", "italic", "strikethrough", "foregroundColor", "foregroundColorStyle"}


def check_condition(
    spreadsheet: Spreadsheet, condition: dict[str, Any], *, validation: bool
) -> None:
    """A BooleanCondition: type, number of values, formulas that can be read.

    A conditional format may refer to its own sheet only and knows no bare names; INDIRECT does.
    """
    kind = condition.get("type", "CONDITION_TYPE_UNSPECIFIED")
    values = condition.get("values", [])
    if kind == "CONDITION_TYPE_UNSPECIFIED":
        raise invalid("BooleanCondition.type is required")
    if kind in (_RULE_ONLY if validation else _VALIDATION_ONLY):
        what = "data validation" if validation else "conditional formats"
        raise invalid(f"ConditionType '{kind}' is not supported for {what}.")
    count = len(values)
    fits = {
        **dict.fromkeys(_NO_VALUES, count == 0),
        **dict.fromkeys(_TWO_VALUES, count == 2),
        "ONE_OF_LIST": count >= 1,
        "BOOLEAN": count <= 2,
    }.get(kind, count == 1)
    if not fits:
        raise invalid(f"BooleanCondition.type {kind} has the wrong number of values: {count}")
    for value in values:
        if "relativeDate" in value:
            if kind not in _RELATIVE or validation:
                raise invalid(f"ConditionValue.relativeDate is not supported for '{kind}'.")
        elif "userEnteredValue" not in value:
            raise invalid("ConditionValue needs a relativeDate or a userEnteredValue")
        else:
            _check_text(spreadsheet, kind, value["userEnteredValue"], validation)


def _check_text(spreadsheet: Spreadsheet, kind: str, text: str, validation: bool) -> None:
    wrong = invalid(f"Invalid ConditionValue.userEnteredValue: {text}")
    if kind == "ONE_OF_LIST":
        if text.startswith("="):
            raise wrong
        return
    if kind in ("CUSTOM_FORMULA", "ONE_OF_RANGE") and not text.startswith(("=", "+")):
        raise wrong
    if not text.startswith(("=", "+")):
        return
    comma = locale(spreadsheet.locale).decimal == ","
    try:
        tree = formulas.parse("=" + text[1:], comma)
    except formulas.FormulaSyntaxError:
        raise wrong from None
    if kind == "ONE_OF_RANGE":
        if tree[0] != "reference":
            raise wrong
        title = tree[1].sheet
        if title is not None and spreadsheet.titled(title) is None:
            raise wrong
        return
    if validation:
        return
    if any(reference.sheet is not None for reference in formulas.references_in(text, comma)):
        raise invalid("Conditional format rule cannot reference a different sheet.")
    if formulas.names_in(text, comma):
        raise wrong


def check_rule(spreadsheet: Spreadsheet, rule: dict[str, Any]) -> None:
    """A ConditionalFormatRule."""
    ranges = rule.get("ranges", [])
    if not ranges:
        raise invalid("ConditionalFormatRule.ranges is required")
    spans = [spreadsheet.span(each) for each in ranges]
    if len({span.sheet for span in spans}) > 1:
        raise invalid("ConditionalFormatRule.ranges must be on one sheet")
    if ("booleanRule" in rule) == ("gradientRule" in rule):
        raise invalid("ConditionalFormatRule must have a booleanRule or a gradientRule")
    if "gradientRule" in rule:
        for name in ("minpoint", "maxpoint"):
            if name not in rule["gradientRule"]:
                raise invalid(f"GradientRule.{name} is required")
        for name, point in rule["gradientRule"].items():
            _check_point(name, point)
        return
    boolean = rule["booleanRule"]
    if "condition" not in boolean:
        raise invalid("BooleanRule.condition is required")
    check_condition(spreadsheet, boolean["condition"], validation=False)
    format_ = boolean.get("format", {})
    extra = format_.keys() - _RULE_FORMATS | format_.get("textFormat", {}).keys() - _RULE_TEXT
    if extra:
        raise invalid(f"Conditional formats do not support: {', '.join(sorted(extra))}")


def _check_point(name: str, point: dict[str, Any]) -> None:
    kind = point.get("type", "INTERPOLATION_POINT_TYPE_UNSPECIFIED")
    if kind == "INTERPOLATION_POINT_TYPE_UNSPECIFIED":
        raise invalid(f"GradientRule.{name}.type is required")
    if name == "midpoint" and kind in ("MIN", "MAX"):
        raise invalid(f"GradientRule.midpoint.type cannot be {kind}")
    if kind in ("NUMBER", "PERCENT", "PERCENTILE") and "value" not in point:
        raise invalid(f"GradientRule.{name}.value is required for {kind}")
    if "color" not in point and "colorStyle" not in point:
        raise invalid(f"GradientRule.{name}.color is required")
