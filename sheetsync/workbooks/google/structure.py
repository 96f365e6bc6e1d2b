"""What a spreadsheet consists of: its sheets, which of them and of their columns are ours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sheetsync.workbooks.google import names

_METADATA = "developerMetadata(metadataId,metadataKey,metadataValue)"
MASK = (
    f"spreadsheetId,properties(title,locale,timeZone,autoRecalc),{_METADATA},"
    "sheets(properties(sheetId,title,index,hidden,gridProperties(rowCount,columnCount)),"
    f"{_METADATA},data(startColumn,columnMetadata({_METADATA})))"
)
"""The fields of an answer that :func:`parse` looks at."""

OUR_COLUMNS: Mapping[str, Any] = {"developerMetadataLookup": {"metadataKey": names.COLUMN}}
"""The data filter that selects every column of ours."""


@dataclass(frozen=True)
class Sheet:
    """One sheet; ``tab`` is the key of the tab it is, or None where it is people's own."""

    id: int
    title: str
    rows: int
    columns: int
    tab: str | None = None
    index: int = 0
    hidden: bool = False


@dataclass(frozen=True)
class ColumnAt:
    """One column of ours: which (tab key and column key), its metadata's id, and where."""

    tab: str
    key: str
    metadata_id: int
    sheet: int
    index: int


@dataclass(frozen=True)
class Structure:
    """A spreadsheet without its cells.

    Parameters
    ----------
    sheets : in the order people see
    columns : full key (``leads.status``, ``_leads.score``) -> column
    meta : what init recorded
    revisions : number -> nonce of the plans on record
    head : nonce of the last applied plan; None for none
    turn : what the record of turns holds, see :data:`~.names.FREE`; None where there is none yet
    metadata_ids : every metadata id that is taken, as far as we see
    meta_ids : name of a record in ``meta`` -> its metadata id
    """

    title: str
    locale: str
    timezone: str
    recalculation: str
    sheets: tuple[Sheet, ...]
    columns: Mapping[str, ColumnAt]
    meta: Mapping[str, str]
    revisions: Mapping[int, str]
    head: str | None = None
    turn: str | None = None
    metadata_ids: frozenset[int] = frozenset()
    meta_ids: Mapping[str, int] = field(default_factory=dict)

    @property
    def revision(self) -> int:
        """The number of the last applied plan; 0 for none."""
        return max(self.revisions, default=0)

    @property
    def script_at_work(self) -> bool:
        """Whether a script of the add-on has begun and not ended yet, or was cut off."""
        return (self.turn or "").startswith(names.AT_WORK)

    @property
    def tabs(self) -> dict[str, Sheet]:
        """Tab key -> sheet, for every tab of ours, results tabs included."""
        return {sheet.tab: sheet for sheet in self.sheets if sheet.tab is not None}

    def built_like(self, other: Structure) -> bool:
        """Whether every tab and column of ours is where the other one has it."""
        return self.columns == other.columns and self.tabs == other.tabs

    def columns_of(self, tab: str) -> dict[str, ColumnAt]:
        """Column key -> column, for one tab."""
        return {c.key: c for c in self.columns.values() if c.tab == tab}


def parse(answer: Mapping[str, Any]) -> Structure:
    """A Spreadsheet resource, as far as :data:`MASK` asks for it."""
    properties = answer.get("properties", {})
    own = list(_records(answer))
    sheets, columns, ids = [], [], {record[0] for record in own}
    for resource in answer.get("sheets", ()):
        sheet, found, taken = _sheet(resource)
        sheets.append(sheet)
        columns.extend(found)
        ids |= taken
    sheets = _originals(sheets, answer.get("sheets", ()))
    ours = {sheet.tab: sheet.id for sheet in sheets if sheet.tab is not None}
    return Structure(
        title=properties.get("title", ""),
        locale=properties.get("locale", ""),
        timezone=properties.get("timeZone", ""),
        recalculation=properties.get("autoRecalc", ""),
        sheets=tuple(sorted(sheets, key=lambda sheet: sheet.index)),
        columns=_chosen(column for column in columns if ours.get(column.tab) == column.sheet),
        meta={k[len(names.META) :]: v for _, k, v in own if k.startswith(names.META)},
        meta_ids={k[len(names.META) :]: i for i, k, v in own if k.startswith(names.META)},
        revisions={
            number: value
            for i, key, value in own
            if key == names.REVISION and (number := names.revision_number(i)) is not None
        },
        head=next((value for _, key, value in own if key == names.HEAD), None),
        turn=next((value for i, _, value in own if i == names.TURN_ID), None),
        metadata_ids=frozenset(ids),
    )


def _sheet(resource: Mapping[str, Any]) -> tuple[Sheet, list[ColumnAt], set[int]]:
    properties = resource.get("properties", {})
    grid = properties.get("gridProperties", {})
    id_ = properties.get("sheetId", 0)  # 0 is left out of answers
    tab = next((v for _, k, v in _records(resource) if k == names.TAB), None)
    ids = {record[0] for record in _records(resource)}
    columns = []
    for data in resource.get("data", ()):
        start = data.get("startColumn", 0)
        for offset, column in enumerate(data.get("columnMetadata", ())):
            for metadata_id, key, value in _records(column):
                ids.add(metadata_id)
                if key == names.COLUMN and "." in value:
                    of, _, name = value.partition(".")
                    columns.append(ColumnAt(of, name, metadata_id, id_, start + offset))
    sheet = Sheet(
        id=id_,
        title=properties.get("title", ""),
        rows=grid.get("rowCount", 0),
        columns=grid.get("columnCount", 0),
        tab=tab,
        index=properties.get("index", 0),
        hidden=properties.get("hidden", False),
    )
    return sheet, columns, ids


def _records(resource: Mapping[str, Any]) -> Iterable[tuple[int, str, str]]:
    for each in resource.get("developerMetadata", ()):
        yield each.get("metadataId", 0), each.get("metadataKey", ""), each.get("metadataValue", "")


def _originals(sheets: list[Sheet], resources: Sequence[Mapping[str, Any]]) -> list[Sheet]:
    """Sheets, with the key taken from those that are copies of another tab."""
    original: dict[str, int] = {}
    for sheet, resource in zip(sheets, resources, strict=True):
        if sheet.tab is None:
            continue
        genuine = any(
            metadata_id == names.item_id(names.TAB, sheet.tab)
            for metadata_id, key, _ in _records(resource)
            if key == names.TAB
        )
        if genuine or sheet.tab not in original:
            original[sheet.tab] = sheet.id
    return [
        sheet
        if sheet.tab is None or original[sheet.tab] == sheet.id
        else Sheet(sheet.id, sheet.title, sheet.rows, sheet.columns, None, sheet.index)
        for sheet in sheets
    ]


def _chosen(columns: Iterable[ColumnAt]) -> dict[str, ColumnAt]:
    """One column per key: of several (somebody copied one) the original, else the first."""
    chosen: dict[str, ColumnAt] = {}
    for column in columns:
        key = names.full(column.tab, column.key)
        if key not in chosen or column.metadata_id == names.item_id(names.COLUMN, key):
            chosen[key] = column
    return chosen
