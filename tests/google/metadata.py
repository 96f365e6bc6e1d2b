"""Developer metadata: where it is, and which of it a lookup means."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from .errors import invalid
from .grid import Metadata, Sheet, Span, Spreadsheet

LIMIT = 30_000  # characters of keys and values per sheet, and per spreadsheet


class Index:
    """Where the lines of a spreadsheet stand, by their keys."""

    def __init__(self, spreadsheet: Spreadsheet) -> None:
        self.spreadsheet = spreadsheet
        self._lines: dict[tuple[str, int], dict[int, int]] = {}
        self._keys: dict[str, list[Metadata]] | None = None
        self._hung: dict[int, dict[int, list[dict[str, Any]]]] | None = None

    def line(self, kind: str, sheet: Sheet, key: int) -> int:
        which = kind, sheet.id
        if which not in self._lines:
            lines = sheet.rows if kind == "ROW" else sheet.columns
            self._lines[which] = {line.key: i for i, line in enumerate(lines)}
        return self._lines[which][key]

    def candidates(self, lookup: dict[str, Any]) -> Iterable[Metadata]:
        """All metadata that a lookup could select, by its id or key where it has one."""
        everything = self.spreadsheet.metadata
        if "metadataId" in lookup:
            found = everything.get(lookup["metadataId"])
            return [] if found is None else [found]
        if "metadataKey" not in lookup:
            return everything.values()
        if self._keys is None:
            self._keys = {}
            for each in everything.values():
                self._keys.setdefault(each.key, []).append(each)
        return self._keys.get(lookup["metadataKey"], [])

    def on_lines(self, sheet: Sheet) -> dict[int, list[dict[str, Any]]]:
        """What hangs on the rows and columns of a sheet, by their keys."""
        if self._hung is None:
            self._hung = {}
            for each in self.spreadsheet.metadata.values():
                if each.place[0] in ("ROW", "COLUMN"):
                    lines = self._hung.setdefault(each.place[1], {})
                    lines.setdefault(each.place[2], []).append(self.shown(each))
        return self._hung.get(sheet.id, {})

    def span(self, metadata: Metadata) -> Span | None:
        """The cells that a metadata is about; None for the whole spreadsheet."""
        kind, *where = metadata.place
        if kind == "SPREADSHEET":
            return None
        if kind == "SHEET":
            return Span(where[0])
        at = self.line(kind, self.spreadsheet.sheet(where[0]), where[1])
        if kind == "ROW":
            return Span(where[0], at, at + 1)
        return Span(where[0], left=at, right=at + 1)

    def shown(self, metadata: Metadata) -> dict[str, Any]:
        """A DeveloperMetadata as Google answers it."""
        kind, *where = metadata.place
        location: dict[str, Any] = {"locationType": kind}
        if kind == "SPREADSHEET":
            location["spreadsheet"] = True
        elif kind == "SHEET":
            location["sheetId"] = where[0]
        else:
            at = self.line(kind, self.spreadsheet.sheet(where[0]), where[1])
            location["dimensionRange"] = {
                **({"sheetId": where[0]} if where[0] else {}),
                "dimension": f"{kind}S",
                "startIndex": at,
                "endIndex": at + 1,
            }
        result: dict[str, Any] = {"metadataId": metadata.id, "metadataKey": metadata.key}
        if metadata.value is not None:
            result["metadataValue"] = metadata.value
        return {**result, "location": location, "visibility": metadata.visibility}


def place_of(spreadsheet: Spreadsheet, location: dict[str, Any]) -> tuple[Any, ...]:
    """A DeveloperMetadataLocation of a request as a place that moves along."""
    given = [name for name in ("spreadsheet", "sheetId", "dimensionRange") if name in location]
    if "locationType" in location:
        raise invalid("DeveloperMetadataLocation.locationType is read-only")
    if len(given) != 1:
        raise invalid(
            "DeveloperMetadataLocation must have exactly one of spreadsheet, sheetId and "
            "dimensionRange"
        )
    if given == ["spreadsheet"]:
        if not location["spreadsheet"]:
            raise invalid("DeveloperMetadataLocation.spreadsheet must be true")
        return ("SPREADSHEET",)
    if given == ["sheetId"]:
        return ("SHEET", spreadsheet.sheet(location["sheetId"]).id)
    run = location["dimensionRange"]
    sheet = spreadsheet.sheet(run.get("sheetId", 0))
    start, end = run.get("startIndex"), run.get("endIndex")
    if run.get("dimension") not in ("ROWS", "COLUMNS") or start is None or end != start + 1:
        raise invalid(
            "DeveloperMetadataLocation.dimensionRange must be exactly one row or one column"
        )
    lines = sheet.lines(run["dimension"])
    if not 0 <= start < len(lines):
        raise invalid(f"dimensionRange.startIndex[{start}] is out of bounds")
    return (run["dimension"][:-1], sheet.id, lines[start].key)


def check_quota(spreadsheet: Spreadsheet) -> None:
    used: dict[Any, int] = {}
    for each in spreadsheet.metadata.values():
        home = each.place[1] if len(each.place) > 1 else None
        used[home] = used.get(home, 0) + len(each.key) + len(each.value or "")
        if used[home] > LIMIT:
            raise invalid("Developer metadata storage quota exceeded")


def matching(
    spreadsheet: Spreadsheet, lookup: dict[str, Any], index: Index | None = None
) -> list[Metadata]:
    """The metadata that a DeveloperMetadataLookup selects, as they stand in the document."""
    index = index or Index(spreadsheet)
    lookup = {k: v for k, v in lookup.items() if k not in _KINDS or not _unspecified(k, v)}
    if not lookup:
        raise invalid("DeveloperMetadataLookup must specify at least one criterion")
    kind = lookup.get("locationType")
    place = _place_to_match(spreadsheet, lookup)
    exact = lookup.get("locationMatchingStrategy") == "EXACT_LOCATION"
    wanted = [(name, lookup[name]) for name in _FIELDS if name in lookup]
    return [
        each
        for each in index.candidates(lookup)
        if all(_FIELDS[name](each) == value for name, value in wanted)
        and kind in (None, each.place[0])
        and (
            place is None or each.place == place or (not exact and _intersects(index, each, place))
        )
    ]


_FIELDS: dict[str, Callable[[Metadata], Any]] = {
    "metadataId": lambda each: each.id,
    "metadataKey": lambda each: each.key,
    "metadataValue": lambda each: each.value,
    "visibility": lambda each: each.visibility,
}
_KINDS = ("visibility", "locationType", "locationMatchingStrategy")


def _unspecified(name: str, value: str) -> bool:
    """Whether an enum field says nothing; a strategy must say something when it is there."""
    if not value.endswith("_UNSPECIFIED"):
        return False
    if name == "locationMatchingStrategy":
        raise invalid("locationMatchingStrategy must not be unspecified")
    return True


def _place_to_match(spreadsheet: Spreadsheet, lookup: dict[str, Any]) -> tuple[Any, ...] | None:
    """The metadataLocation of a lookup, checked against the rest as the discovery text says."""
    kind = lookup.get("locationType")
    where = lookup.get("metadataLocation")
    strategy = lookup.get("locationMatchingStrategy")
    if strategy and where is None:
        raise invalid("locationMatchingStrategy needs a metadataLocation")
    if kind and strategy == "EXACT_LOCATION":
        raise invalid("locationType must be left unspecified with EXACT_LOCATION")
    if kind == "SPREADSHEET" and (
        strategy == "INTERSECTING_LOCATION" or (where and not where.get("spreadsheet"))
    ):
        raise invalid("locationType SPREADSHEET does not go with this metadataLocation")
    return None if where is None else place_of(spreadsheet, where)


def _intersects(index: Index, each: Metadata, place: tuple[Any, ...]) -> bool:
    """Whether two places have cells in common; the spreadsheet as such has none."""
    mine, theirs = index.span(each), index.span(Metadata(0, "", None, "", place))
    return mine is not None and theirs is not None and mine.overlaps(theirs)
