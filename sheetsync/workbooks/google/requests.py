"""The requests of a batchUpdate, one small function each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sheetsync.workbooks.google import names
from sheetsync.workbooks.google.structure import ColumnAt, Structure

Request = dict[str, Any]

VALUE = "userEnteredValue"


def area(
    sheet: int,
    top: int | None = None,
    bottom: int | None = None,
    left: int | None = None,
    right: int | None = None,
) -> dict[str, Any]:
    """A GridRange: zero-based, ends excluded, None for open."""
    ends = {
        "sheetId": sheet,
        "startRowIndex": top,
        "endRowIndex": bottom,
        "startColumnIndex": left,
        "endColumnIndex": right,
    }
    return {name: value for name, value in ends.items() if value is not None}


def update_cells(
    range_: Mapping[str, Any], rows: Sequence[Sequence[Mapping[str, Any]]], fields: str = VALUE
) -> Request:
    """Write CellData into a range."""
    data = [{"values": list(row)} for row in rows]
    return {"updateCells": {"range": range_, "rows": data, "fields": fields}}


def append_cells(sheet: int, rows: Sequence[Sequence[Mapping[str, Any]]]) -> Request:
    """Write CellData under the last row that holds anything."""
    data = [{"values": list(row)} for row in rows]
    return {"appendCells": {"sheetId": sheet, "rows": data, "fields": VALUE}}


def repeat_cell(range_: Mapping[str, Any], cell: Mapping[str, Any], fields: str) -> Request:
    """The same CellData in every cell of a range."""
    return {"repeatCell": {"range": range_, "cell": cell, "fields": fields}}


def lengthen(sheet: int, rows: int) -> Request:
    """More rows at the end of a sheet."""
    return {"appendDimension": {"sheetId": sheet, "dimension": "ROWS", "length": rows}}


def insert(sheet: int, dimension: str, first: int, count: int, *, like_before: bool) -> Request:
    """New rows or columns in front of an index."""
    return {
        "insertDimension": {
            "range": {
                "sheetId": sheet,
                "dimension": dimension,
                "startIndex": first,
                "endIndex": first + count,
            },
            "inheritFromBefore": like_before,
        }
    }


def column_place(sheet: int, index: int) -> dict[str, Any]:
    """Where a column's metadata hangs."""
    return {
        "dimensionRange": {
            "sheetId": sheet,
            "dimension": "COLUMNS",
            "startIndex": index,
            "endIndex": index + 1,
        }
    }


def create_metadata(
    key: str, value: str, place: Mapping[str, Any], metadata_id: int | None = None
) -> Request:
    """A note of ours that people do not see, on a column, a sheet or the spreadsheet."""
    record: dict[str, Any] = {
        "metadataKey": key,
        "metadataValue": value,
        "visibility": "DOCUMENT",
        "location": place,
    }
    if metadata_id is not None:
        record["metadataId"] = metadata_id
    return {"createDeveloperMetadata": {"developerMetadata": record}}


def delete_metadata(metadata_id: int) -> Request:
    """Remove one note of ours."""
    lookup = {"metadataId": metadata_id}
    return {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": lookup}}}


def revision(number: int, nonce: str, forgotten: Iterable[int]) -> list[Request]:
    """The step to a revision, refused by Google when that revision is taken; others it removes."""
    create = create_metadata(
        names.REVISION, nonce, {"spreadsheet": True}, names.revision_id(number)
    )
    return [create, *(delete_metadata(names.revision_id(each)) for each in sorted(forgotten))]


def new_head(head: str | None, nonce: str) -> list[Request]:
    """Replace the head by a nonce; refused by Google when it is no longer the one that was read."""
    create = create_metadata(names.HEAD, nonce, {"spreadsheet": True}, names.HEAD_ID)
    return _replaced(names.HEAD_ID, names.HEAD, head, create)


def new_turn(turn: str | None) -> list[Request]:
    """Let the whole batch fail when a script of the add-on has begun or ended since it was read."""
    create = create_metadata(names.TURN, names.FREE, {"spreadsheet": True}, names.TURN_ID)
    return _replaced(names.TURN_ID, names.TURN, turn, create)


def _replaced(metadata_id: int, key: str, value: str | None, create: Request) -> list[Request]:
    """Make a record anew if it has this value; None: if it is not there."""
    if value is None:
        return [create]
    lookup = {"metadataId": metadata_id, "metadataKey": key, "metadataValue": value}
    return [
        {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": lookup}}},
        create,
    ]


def guard_width(sheet: int, columns: int) -> list[Request]:
    """Let the whole batch fail when a sheet has fewer columns than it had.

    A note is made on the last column and removed again; outside of the grid it is refused.
    """
    note = create_metadata(names.WIDTH, "1", column_place(sheet, columns - 1), names.WIDTH_ID)
    return [note, delete_metadata(names.WIDTH_ID)]


def guard(column: ColumnAt, index: int) -> list[Request]:
    """Let the whole batch fail unless a column of ours still stands where it was read.

    Google has no conditional request, so the condition is made of what it has: a column's note is
    deleted *if it hangs on that very column*, then created there with the id it had. Is the column
    elsewhere now, the first finds nothing, the second is refused because the id exists, and with
    it the batch. Otherwise everything is as before.
    """
    value = names.full(column.tab, column.key)
    place = column_place(column.sheet, index)
    return _stay(names.COLUMN, value, place, column.metadata_id)


def guard_header(tab: str, sheet: int) -> list[Request]:
    """Let the whole batch fail when the row with the headers is no longer the first.

    Its note is made by the first batch that asks for it.
    """
    row = {"sheetId": sheet, "dimension": "ROWS", "startIndex": 0, "endIndex": 1}
    return _stay(names.HEADER, tab, {"dimensionRange": row}, names.item_id(names.HEADER, tab))


def _stay(key: str, value: str, place: Mapping[str, Any], metadata_id: int) -> list[Request]:
    lookup = {
        "metadataId": metadata_id,
        "metadataLocation": place,
        "locationMatchingStrategy": "EXACT_LOCATION",
    }
    return [
        {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": lookup}}},
        create_metadata(key, value, place, metadata_id),
    ]


def guards(structure: Structure) -> Iterator[Request]:
    """Let the whole batch fail unless every column of ours stands where it was read."""
    for column in structure.columns.values():
        yield from guard(column, column.index)
    for sheet in structure.tabs.values():
        yield from guard_width(sheet.id, sheet.columns)
