"""A1 notation: texts to spans and back."""

from __future__ import annotations

import re

from .errors import invalid
from .grid import Sheet, Span, Spreadsheet

_CELL = r"\$?([A-Za-z]{1,3})?\$?([1-9]\d*)?"
_AREA = re.compile(rf"{_CELL}(?::{_CELL})?\Z")
_PREFIX = re.compile(r"(?:'((?:[^']|'')+)'|([^'!][^!]*))(?:!(.*))?\Z", re.S)


def column_name(index: int) -> str:
    """0 -> A, 26 -> AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def column_index(name: str) -> int:
    """A -> 0, AA -> 26."""
    index = 0
    for letter in name.upper():
        index = index * 26 + ord(letter) - 64
    return index - 1


def quoted(title: str) -> str:
    """A sheet title as it stands before the ``!``."""
    plain = re.fullmatch(r"[^\W\d]\w*", title) and not re.fullmatch(
        r"[A-Za-z]{1,3}\d+|[Rr]\d*[Cc]\d*|[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]", title
    )
    return title if plain else "'" + title.replace("'", "''") + "'"


def area(text: str, sheet: int) -> Span | None:
    """``A1:B2``, ``A:A``, ``2:2``, ``B2:C`` ... on a sheet; None when it is none of these."""
    match = _AREA.match(text)
    if not match or not text:
        return None
    left, top, right, bottom = match.groups()
    if ":" not in text:
        if left is None or top is None:
            return None
        right, bottom = left, top
    elif (left is None and top is None) or (right is None and bottom is None):
        return None
    columns = sorted(column_index(name) for name in (left, right) if name)
    rows = sorted(int(number) - 1 for number in (top, bottom) if number)
    # ``A1:1`` and ``A2:2`` run to the last column, ``A1:A`` to the last row.
    open_right = right is None or left is None
    open_bottom = bottom is None or top is None
    return Span(
        sheet,
        rows[0] if rows else 0,
        None if open_bottom else rows[1] + 1,
        columns[0] if columns else 0,
        None if open_right else columns[1] + 1,
    )


def parse(text: str, spreadsheet: Spreadsheet) -> Span:
    """The span behind a range text: A1 notation, a sheet's title, or a name.

    Raises
    ------
    ApiError
        ``Unable to parse range: ...``
    """
    wrong = invalid(f"Unable to parse range: {text}")
    match = _PREFIX.match(text)
    if not match:
        raise wrong
    title = match[1].replace("''", "'") if match[1] is not None else match[2]
    rest = match[3]
    if rest is None:
        if match[1] is None and (span := area(text, spreadsheet.sheets[0].id)):
            return span
        if found := spreadsheet.titled(title):
            return Span(found.id)
        if match[1] is None and (named := _named(title, spreadsheet)):
            return named
        raise wrong
    sheet = spreadsheet.titled(title)
    if sheet is None:
        raise wrong
    span = area(rest, sheet.id)
    if span is None:
        span = _named(rest, spreadsheet)
        if span is None or span.sheet != sheet.id:
            raise wrong
    return span


def _named(name: str, spreadsheet: Spreadsheet) -> Span | None:
    for each in spreadsheet.names.values():
        if each["name"].casefold() == name.casefold() and "range" in each:
            return Span.of(each["range"])
    return None


def shown(span: Span, sheet: Sheet) -> str:
    """A span as Google writes it in answers: whole, closed at the grid's edge."""
    top, bottom, left, right = sheet.clip(span)
    return f"{quoted(sheet.title)}!{corners(top, bottom, left, right)}"


def corners(top: int, bottom: int, left: int, right: int) -> str:
    """``A1:B2``, or ``A1`` for one cell."""
    first = f"{column_name(left)}{top + 1}"
    last = f"{column_name(max(right, left + 1) - 1)}{max(bottom, top + 1)}"
    return first if first == last else f"{first}:{last}"


def literal(span: Span, sheet: Sheet) -> str:
    """A span with its open ends, for messages."""
    first = column_name(span.left) + str(span.top + 1)
    last = (column_name(span.right - 1) if span.right is not None else "") + (
        str(span.bottom) if span.bottom is not None else ""
    )
    text = first if last in (first, "") else f"{first}:{last}"
    return f"{quoted(sheet.title)}!{text}"


def check_limits(span: Span, sheet: Sheet) -> None:
    """Refuse a range that reaches beyond the grid."""
    rows, columns = len(sheet.rows), len(sheet.columns)
    if (
        span.top >= rows
        or span.left >= columns
        or (span.bottom or 0) > rows
        or (span.right or 0) > columns
    ):
        raise invalid(
            f"Range ({literal(span, sheet)}) exceeds grid limits. Max rows: {rows}, "
            f"max columns: {columns}"
        )
