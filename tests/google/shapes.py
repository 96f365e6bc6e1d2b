"""Requests that tests send often, spelt short."""

from __future__ import annotations

from typing import Any


def lines(dimension: str, start: int, end: int, sheet: int = 0) -> dict[str, Any]:
    return {"sheetId": sheet, "dimension": dimension, "startIndex": start, "endIndex": end}


def column(index: int, sheet: int = 0) -> dict[str, Any]:
    return {"dimensionRange": lines("COLUMNS", index, index + 1, sheet)}


def area(top: int, bottom: int, left: int, right: int, sheet: int = 0) -> dict[str, Any]:
    return {
        "sheetId": sheet,
        "startRowIndex": top,
        "endRowIndex": bottom,
        "startColumnIndex": left,
        "endColumnIndex": right,
    }


def note(key: str, location: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A createDeveloperMetadata."""
    wanted = {"metadataKey": key, "location": location, "visibility": "DOCUMENT", **more}
    return {"createDeveloperMetadata": {"developerMetadata": wanted}}


def named(name: str, range_: dict[str, Any]) -> dict[str, Any]:
    return {"addNamedRange": {"namedRange": {"name": name, "range": range_}}}


def insert(dimension: str, at: int, count: int = 1) -> dict[str, Any]:
    return {"insertDimension": {"range": lines(dimension, at, at + count)}}


def delete(dimension: str, start: int, end: int) -> dict[str, Any]:
    return {"deleteDimension": {"range": lines(dimension, start, end)}}


def move(dimension: str, start: int, end: int, to: int) -> dict[str, Any]:
    source = lines(dimension, start, end)
    return {"moveDimension": {"source": source, "destinationIndex": to}}


def cells(*rows: list[Any], fields: str = "userEnteredValue", **where: Any) -> dict[str, Any]:
    """An updateCells of strings and numbers."""
    data = [
        {
            "values": [
                {"userEnteredValue": {kind_of(value): value}} if value is not None else {}
                for value in row
            ]
        }
        for row in rows
    ]
    return {"updateCells": {"rows": data, "fields": fields, **where}}


def kind_of(value: Any) -> str:
    if isinstance(value, str):
        return "formulaValue" if value.startswith("=") else "stringValue"
    return "numberValue"


def protect(range_: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"addProtectedRange": {"protectedRange": {"range": range_, **more}}}
