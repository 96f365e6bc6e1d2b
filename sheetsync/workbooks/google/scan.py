"""Everything that provisioning looks at: the structure, and how things are dressed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sheetsync.workbooks.google import names
from sheetsync.workbooks.google.cells import value_of
from sheetsync.workbooks.google.dress import MARK, is_lock
from sheetsync.workbooks.google.http import SheetsClient
from sheetsync.workbooks.google.read import Restless
from sheetsync.workbooks.google.requests import area
from sheetsync.workbooks.google.structure import MASK, Sheet, Structure, parse

_PROTECTED = "protectedRanges(protectedRangeId,range,description)"
_FIRST = (
    "sheets(properties(sheetId,title,index,sheetType,gridProperties(rowCount,columnCount)),"
    f"conditionalFormats,{_PROTECTED}),namedRanges,developerMetadata(metadataId,metadataKey)"
)
_SECOND = MASK.replace(
    ",data(",
    f",{_PROTECTED},data(startRow,rowData.values(userEnteredValue,dataValidation.condition.type),",
)
_ROWS = 6  # the header, and enough rows under it to see how a column is dressed


@dataclass(frozen=True)
class Look:
    """How one sheet is dressed.

    Parameters
    ----------
    headers : header texts by column index
    validated : columns in which one of the first rows has a dropdown or checkbox
    empty : nothing stands in what was looked at
    protected : columns under a protection of ours; -1 stands for the whole sheet
    rules : conditional formats, in order
    locked : the id of our lock on the whole sheet; None where it has none
    """

    headers: Sequence[str]
    validated: frozenset[int]
    empty: bool
    protected: frozenset[int]
    rules: Sequence[Mapping[str, Any]]
    locked: int | None = None


@dataclass(frozen=True)
class Scan:
    """A spreadsheet as provisioning sees it.

    Parameters
    ----------
    structure : as for reading
    titles : of all sheets, also those without a grid
    looks : sheet id -> how it is dressed
    named : name of a named range -> (its id, sheet, column)
    """

    structure: Structure
    titles: frozenset[str]
    looks: Mapping[int, Look]
    named: Mapping[str, tuple[str, int, int | None]]

    @property
    def blank(self) -> Sheet | None:
        """The only sheet of a spreadsheet in which nothing was done yet."""
        sheets = self.structure.sheets
        if len(sheets) == len(self.titles) == 1 and not self.structure.meta:
            sheet = sheets[0]
            if sheet.tab is None and self.looks[sheet.id].empty:
                return sheet
        return None


def scan(client: SheetsClient, spreadsheet: str) -> Scan:
    """Two requests: what there is, then the first rows of every sheet.

    Raises
    ------
    Restless
        The sheet was rebuilt between the two.
    """
    path = f"/v4/spreadsheets/{spreadsheet}"
    first = client.call("get", path, params={"fields": _FIRST})
    grids = [s for s in first.get("sheets", ()) if s["properties"].get("sheetType") != "OBJECT"]
    alone = len(grids) == 1 and not first.get("developerMetadata")
    filters = []
    for sheet in grids:
        properties = sheet["properties"]
        rows = properties.get("gridProperties", {}).get("rowCount", _ROWS)
        # Of a lone sheet everything, to be sure that it is empty before it becomes ours.
        end = None if alone else min(rows, _ROWS)
        filters.append({"gridRange": area(properties.get("sheetId", 0), 0, end)})
    second = client.call(
        "post",
        f"{path}:getByDataFilter",
        params={"fields": _SECOND},
        body={"dataFilters": filters},
    )
    dressed = {s["properties"].get("sheetId", 0): s for s in grids}
    for resource in second.get("sheets", ()):
        before = dressed.get(resource["properties"].get("sheetId", 0))
        if before is None or _shape(before) != _shape(resource):
            raise Restless
    return Scan(
        structure=parse(second),
        titles=frozenset(s["properties"].get("title", "") for s in first.get("sheets", ())),
        looks={
            id_: _look(resource, dressed.get(id_, {}))
            for resource in second.get("sheets", ())
            for id_ in [resource["properties"].get("sheetId", 0)]
        },
        named=dict(_named(each) for each in first.get("namedRanges", ())),
    )


def _shape(resource: Mapping[str, Any]) -> tuple[Any, ...]:
    """What moves when columns are moved, and is in both answers."""
    properties = resource["properties"]
    ours = [
        each.get("range")
        for each in resource.get("protectedRanges", ())
        if each.get("description", "").startswith(MARK)
    ]
    return properties.get("title"), properties.get("gridProperties", {}).get("columnCount"), ours


def _named(each: Mapping[str, Any]) -> tuple[str, tuple[str, int, int | None]]:
    range_ = each.get("range", {})
    whole = not range_.get("startRowIndex", 0)
    column = range_.get("startColumnIndex", 0) if range_ and whole else None
    return each.get("name", ""), (each.get("namedRangeId", ""), range_.get("sheetId", 0), column)


def _look(resource: Mapping[str, Any], dressed: Mapping[str, Any]) -> Look:
    headers: dict[int, str] = {}
    validated: set[int] = set()
    empty = True
    for data in resource.get("data", ()):
        left, top = data.get("startColumn", 0), data.get("startRow", 0)
        for r, row in enumerate(data.get("rowData", ()), start=top):
            for c, cell in enumerate(row.get("values", ()), start=left):
                value = value_of(cell)
                empty = empty and value is None
                if r == 0:
                    headers[c] = "" if value is None else str(value)
                    continue
                if "dataValidation" in cell:
                    validated.add(c)
    return Look(
        headers=[headers.get(i, "") for i in range(max(headers, default=-1) + 1)],
        validated=frozenset(validated),
        empty=empty,
        protected=frozenset(_protected(dressed.get("protectedRanges", ()))),
        rules=dressed.get("conditionalFormats", ()),
        locked=_locked(dressed.get("protectedRanges", ())),
    )


def _protected(ranges: Sequence[Mapping[str, Any]]) -> set[int]:
    columns: set[int] = set()
    for each in ranges:
        if not each.get("description", "").startswith(MARK):
            continue
        range_ = each.get("range", {})
        if "endColumnIndex" in range_:
            columns.update(range(range_.get("startColumnIndex", 0), range_["endColumnIndex"]))
        else:
            columns.add(-1)
    return columns


def _locked(ranges: Sequence[Mapping[str, Any]]) -> int | None:
    ours = (each["protectedRangeId"] for each in ranges if is_lock(each.get("description", "")))
    return next(ours, None)


def free_title(title: str, taken: set[str]) -> str:
    """A title that no sheet has, compared as Google does: without case."""
    known = {each.casefold() for each in taken}
    number, free = 2, title
    while free.casefold() in known:
        free, number = f"{title} {number}", number + 1
    return free


def metadata_id(kind: str, value: str, taken: frozenset[int]) -> int | None:
    """The id that a tab or column should have, or None where it is taken by something else."""
    wanted = names.item_id(kind, value)
    return None if wanted in taken else wanted
