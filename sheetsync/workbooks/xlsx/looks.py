"""How columns look: number formats, alignment, colours. The tool's cells are a shade apart."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from sheetsync.layout import CellType, Column, Tab
from sheetsync.workbooks.xlsx.styles import Look

_DATES = {"ru": "dd\\.mm\\.yyyy", "en": "yyyy\\-mm\\-dd"}
_FORMATS: dict[CellType, str] = {
    "text": "@",
    "long_text": "@",
    "id": "@",
    "money": "#,##0",
    "number": "General",
    "integer": "0",
    "percent": "0.0%",
    "checkbox": "General",
    "phone": "@",
    "email": "@",
    "choice": "@",
}
_LINE = "DDE3EA"
_HEADER_LETTER = 8  # a bold letter of a header, with some air. [px]
_BUTTON = 24  # the filter's button and the margins. [px]
_CENTRED = ("checkbox", "date", "datetime", "integer", "number", "percent")
_RIGHT = ("money",)
LINE_POINTS = 15.0
"""The height of a line of Calibri 11. [point]"""

_MOST_LINES = {"people": 6, "table": 8, "log": 3}
# About the mean widths in Calibri 11, fitted to where LibreOffice breaks lines of ours. [px]
_LETTER, _CYRILLIC = 6.2, 7.4
_RAGGED = 30  # a cell's margins, and what a line loses as words are not broken. [px]


def format_of(column: Column, lang: str) -> str:
    """The number format of a column's cells."""
    if column.type in ("date", "datetime"):
        return _DATES[lang] + ("\\ hh:mm" if column.type == "datetime" else "")
    if column.type == "long_text" and column.owner == "tool":
        return "General"  # older Excels show long texts in text cells as ####
    return _FORMATS[column.type]


def tab_colour(tab: Tab) -> str:
    """Blue tabs are people's, grey ones the tool's."""
    return "2F5D7C" if tab.body == "people" else "8A97A6"


def header_look(tab: Tab, column: Column) -> Look:
    """Dark where people write, pale where the tool writes beside them, grey where it is alone."""
    alone, pale = tab.body != "people", column.owner == "tool"
    centred = column.type in _CENTRED
    return Look(
        bold=True,
        colour="5A6675" if pale and not alone else "FFFFFF",
        fill="55616F" if alone else "E3E8EE" if pale else "2F5D7C",
        border="6B7785" if alone else "C5CED8" if pale else "4A7593",
        horizontal="center" if centred else "right" if column.type in _RIGHT else "left",
        indent=0 if centred else 1,
        vertical="center",
        wrap=True,
    )


def body_look(tab: Tab, column: Column, lang: str) -> Look:
    """A cell under the header."""
    beside_people = column.owner == "tool" and tab.body == "people"
    return Look(
        number_format=format_of(column, lang),
        colour="4A5563" if beside_people else None,
        fill="F7F9FB" if beside_people else None,
        border=_LINE,
        horizontal=_aligned(column),
        indent=0 if column.type in _CENTRED + _RIGHT else 1,
        wrap=column.type == "long_text",
    )


def width_of(column: Column, header: str) -> float:
    """A width as spreadsheets store it, in digits of the normal font; no word of the header is
    broken. [character]"""
    pixels = max(column.width, _HEADER_LETTER * max(map(len, header.split() or [""])) + _BUTTON)
    return round((pixels - 5) / 7, 2)  # ECMA-376 part 1, 18.3.1.13, Calibri 11: 7 px


def header_height(headers: Mapping[str, float]) -> float:
    """The height of a header row, for header texts and the widths of their columns. [point]"""
    lines = (
        math.ceil(len(text) * _HEADER_LETTER / (7 * width + 5 - _BUTTON))
        for text, width in headers.items()
    )
    return LINE_POINTS * min(max([2, *lines]), 5) + 2


def _aligned(column: Column) -> str | None:
    if column.type in _CENTRED:
        return "center"
    # Figures keep a spreadsheet's own way: a text among them stands out at the left.
    return None if column.type in _RIGHT else "left"


def heights(tab: Tab, lines: pd.DataFrame) -> dict[int, float]:
    """How high rows must be for their long texts; not every program finds out by itself.

    Parameters
    ----------
    lines : DataFrame of object, indexed by sheet row, a column per column key

    Returns
    -------
    dict
        Sheet row -> height, a few lines at most. [point]
    """
    most = np.ones(len(lines), dtype=np.int64)
    for column in tab.columns:
        if column.type == "long_text" and column.key in lines:
            text = lines[column.key].where(lines[column.key].notna(), "").astype(str)
            wider = text.str.count("[\u0400-\u04ff]") * (_CYRILLIC - _LETTER)
            pixels = text.str.len() * _LETTER + wider
            need = np.ceil(pixels / (column.width - _RAGGED)) + text.str.count("\n")
            most = np.maximum(most, np.asarray(need, dtype=np.int64))
    points = np.minimum(most, _MOST_LINES[tab.body]) * LINE_POINTS
    return dict(zip(lines.index.tolist(), points.tolist(), strict=True))
