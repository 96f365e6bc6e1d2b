"""Who may change what: sharing, protected ranges, warnings."""

from __future__ import annotations

from typing import Any

from .errors import PROTECTED, forbidden, invalid
from .grid import Span, Spreadsheet


def check_role(spreadsheet: Spreadsheet, user: str, *, write: bool) -> None:
    """Refuse a user with whom the file is not shared, or not for writing."""
    role = spreadsheet.permissions.get(user) or spreadsheet.permissions.get("anyone")
    if role is None or (write and role not in ("owner", "writer")):
        raise forbidden()


def may_edit(spreadsheet: Spreadsheet, user: str, protected: dict[str, Any]) -> bool:
    """Whether a protected range lets a user through."""
    if protected.get("warningOnly") or user == spreadsheet.owner:
        return True
    return user in protected.get("editors", {}).get("users", [])


def covered(spreadsheet: Spreadsheet, protected: dict[str, Any]) -> Span | None:
    """The cells that a protected range covers now; None when they are gone."""
    if "namedRangeId" in protected:
        named = spreadsheet.names.get(protected["namedRangeId"], {})
        return Span.of(named["range"]) if "range" in named else None
    return Span.of(protected["range"])


def guard(spreadsheet: Spreadsheet, user: str, span: Span, *, whole_sheet: bool = False) -> None:
    """Refuse to touch cells under a strict protection of others.

    ``whole_sheet`` is for what concerns a sheet as such (its deletion, its name): any protection
    of all of it stands in the way.
    """
    for sheet in spreadsheet.sheets:
        if sheet.id != span.sheet:
            continue
        for protected in sheet.protected.values():
            where = covered(spreadsheet, protected)
            if where is None or may_edit(spreadsheet, user, protected):
                continue
            if whole_sheet:
                if where == Span(sheet.id):
                    raise invalid(PROTECTED)
                continue
            if not where.overlaps(span):
                continue
            free = [Span.of(each) for each in protected.get("unprotectedRanges", [])]
            top, bottom, left, right = sheet.clip(span)
            touched = Span(
                sheet.id,
                max(top, where.top),
                bottom if where.bottom is None else min(bottom, where.bottom),
                max(left, where.left),
                right if where.right is None else min(right, where.right),
            )
            if not any(touched.within(each) for each in free):
                raise invalid(PROTECTED)
