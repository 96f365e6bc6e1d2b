"""Provisioning: what a layout wants, what is there, and one batch for the difference."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sheetsync.errors import ConflictError
from sheetsync.workbooks.base import NewRows, Provision, Provisioned, Step
from sheetsync.workbooks.google import names, requests
from sheetsync.workbooks.google.cells import cell, one
from sheetsync.workbooks.google.draft import Draft, Placed
from sheetsync.workbooks.google.dress import HEADER_FIELDS, header_cell
from sheetsync.workbooks.google.finish import finish
from sheetsync.workbooks.google.http import RejectedError, SheetsClient
from sheetsync.workbooks.google.read import Restless, read_structure
from sheetsync.workbooks.google.requests import Request, area
from sheetsync.workbooks.google.scan import Scan, free_title, metadata_id, scan
from sheetsync.workbooks.google.steps import guards_unknown
from sheetsync.workbooks.google.structure import Sheet, Structure
from sheetsync.workbooks.google.wanted import WantedColumn, WantedTab, wanted_tabs

_ATTEMPTS = 5


def provision(
    client: SheetsClient, spreadsheet: str, want: Provision, *, dry_run: bool = False
) -> Provisioned:
    """Add what is missing; see :meth:`Workbook.provision`.

    Raises
    ------
    ConflictError
        The sheet was being rebuilt by somebody else during each of several attempts.
    """
    before = client.traffic
    url = f"https://docs.google.com/spreadsheets/d/{spreadsheet}/edit"
    steps: tuple[Step, ...] = ()
    refusals: list[RejectedError] = []
    for _ in range(_ATTEMPTS):
        try:
            found = scan(client, spreadsheet)
            draft = plan(found, want, client.account)
            steps = steps or tuple(draft.steps)
            if not dry_run:
                _send(client, spreadsheet, found.structure, [*draft.build, *draft.fill])
            return Provisioned(steps, url, (client.traffic - before).requests)
        except Restless:
            continue
        except RejectedError as refusal:
            # Somebody may have built the same meanwhile, or our own try before it was lost.
            refusals.append(refusal)
    if len(refusals) == _ATTEMPTS and len({each.refusal for each in refusals}) == 1:
        raise refusals[0]
    raise ConflictError("google_restless")


def _send(
    client: SheetsClient, spreadsheet: str, structure: Structure, batch: Sequence[Request]
) -> None:
    """One batch, refused when columns of ours were moved since, or somebody else wrote."""
    if not batch:
        return
    path = f"/v4/spreadsheets/{spreadsheet}:batchUpdate"
    guards = [*requests.guards(structure)]
    nonce = (names.GUARDED if guards else "") + secrets.token_hex(6)
    head = requests.new_head(structure.head, nonce)
    body = {"requests": [*head, *guards, *batch] if client.guards_known else [*batch]}
    try:
        client.call("post", path, params={"fields": "spreadsheetId"}, body=body)
    except RejectedError:
        if client.guards_known and structure.built_like(read_structure(client, spreadsheet)):
            client.guards_known = not guards_unknown(client, path, structure.head, guards)
        raise


def plan(found: Scan, want: Provision, account: str | None = None) -> Draft:
    """The steps and requests that bring a spreadsheet to what is wanted."""
    draft = Draft(found, want, account)
    titles = set(found.titles)
    blank = found.blank
    for wanted in wanted_tabs(want.layout, want.words, want.seeds):
        sheet = found.structure.tabs.get(wanted.key) or _adopted(draft, wanted)
        if sheet is not None:
            _complete(draft, wanted, sheet)
            continue
        title = free_title(wanted.title, titles - ({blank.title} if blank else set()))
        titles.add(title)
        _new_tab(draft, replace(wanted, title=title), blank)
        blank = None
    _record(draft)
    finish(draft)
    return draft


def _new_tab(draft: Draft, wanted: WantedTab, blank: Sheet | None) -> None:
    """A sheet with headers and seeds; a blank first sheet is taken instead of adding one."""
    taken = {sheet.id for sheet in draft.scan.structure.sheets}
    sheet = blank.id if blank else names.sheet_id(wanted.key)
    while blank is None and sheet in taken:
        sheet += 1
    shape = {"frozenRowCount": 1, "frozenColumnCount": wanted.frozen}
    properties = {"sheetId": sheet, "title": wanted.title, "hidden": wanted.hidden}
    if blank:
        # Our columns come in front of what may have been typed since we looked.
        draft.build.append(
            requests.insert(sheet, "COLUMNS", 0, len(wanted.columns), like_before=False)
        )
        fields = f"title,hidden,gridProperties({','.join(shape)})"
        update = {"properties": {**properties, "gridProperties": shape}, "fields": fields}
        draft.build.append({"updateSheetProperties": update})
    else:
        size = {"rowCount": wanted.rows, "columnCount": len(wanted.columns)}
        added = {**properties, "gridProperties": {**size, **shape}}
        draft.build.append({"addSheet": {"properties": added}})
    positions = {column.key: index for index, column in enumerate(wanted.columns)}
    keys = set(positions)
    draft.placed[wanted.key] = Placed(wanted, sheet, wanted.title, positions, True, keys)
    of = draft.placed.get(wanted.key.removeprefix("_"))
    if of is None or not of.new or of.wanted is wanted:  # a results tab belongs to its tab
        draft.tell("tab", wanted.key, detail=wanted.title)
    _mark_tab(draft, wanted.key, sheet)
    for column in wanted.columns:
        _mark_column(draft, wanted.key, column.key, sheet, positions[column.key])
    head = [header_cell(column.header) for column in wanted.columns]
    draft.build.append(
        requests.update_cells(area(sheet, 0, 1, 0, len(head)), [head], HEADER_FIELDS)
    )
    _write_rows(draft, draft.placed[wanted.key], draft.want.seeds.get(wanted.key, ()), 1)


def _write_rows(draft: Draft, placed: Placed, rows: Sequence[Mapping[str, Any]], top: int) -> None:
    """Rows of ours, into empty ones from the index ``top`` on."""
    if not rows:
        return
    keys = {position: key for key, position in placed.positions.items()}
    width = max(keys) + 1
    data = [[cell(one(row.get(keys.get(i, "")))) for i in range(width)] for row in rows]
    block = area(placed.sheet, top, top + len(rows), 0, width)
    draft.build.append(requests.update_cells(block, data))


def _insert_rows(draft: Draft, placed: Placed, news: NewRows) -> None:
    """Rows that come with this version; their formulas come with the next refresh.

    They are inserted, then filled: whatever people do to the sheet meanwhile, they are new.
    """
    if not draft.upgrade or not news.rows:
        return
    count = len(news.rows)
    rows = requests.insert(placed.sheet, "ROWS", news.after, count, like_before=news.after > 1)
    draft.build.append(rows)
    _write_rows(draft, placed, news.rows, news.after)
    draft.tell("row", placed.wanted.key, detail=str(count))


def _complete(draft: Draft, wanted: WantedTab, sheet: Sheet) -> None:
    """Find the columns of a sheet that is there, and add those that are not."""
    structure = draft.scan.structure
    positions = {key: column.index for key, column in structure.columns_of(wanted.key).items()}
    placed = Placed(wanted, sheet.id, sheet.title, positions, False)
    draft.placed[wanted.key] = placed
    headers = draft.scan.looks[sheet.id].headers
    free = {text: i for i, text in enumerate(headers) if i not in positions.values() and text}
    missing: list[WantedColumn] = []
    for column in wanted.columns:
        if column.key in positions:
            continue
        placed.fresh.add(column.key)
        draft.tell("column", wanted.key, column.key, column.header)
        if sheet.tab is None and column.header in free:  # an import: the column is there, unmarked
            positions[column.key] = free.pop(column.header)
            _mark_column(draft, wanted.key, column.key, sheet.id, positions[column.key])
        else:
            missing.append(column)
    if missing:
        _insert(draft, placed, sheet, missing)
    if (news := draft.want.news.get(wanted.key)) is not None:
        _insert_rows(draft, placed, news)


def _insert(draft: Draft, placed: Placed, sheet: Sheet, missing: Sequence[WantedColumn]) -> None:
    """New columns right of the last one of ours.

    They are inserted, not written where there seems to be room: whatever people do to the
    sheet meanwhile, an inserted column is empty and new.
    """
    at = max(placed.positions.values(), default=-1) + 1
    if at >= sheet.columns:
        spare = {"sheetId": sheet.id, "dimension": "COLUMNS", "length": at - sheet.columns + 1}
        draft.build.append({"appendDimension": spare})
    draft.build.append(requests.insert(sheet.id, "COLUMNS", at, len(missing), like_before=False))
    for index, column in enumerate(missing, start=at):
        placed.positions[column.key] = index
        _mark_column(draft, placed.wanted.key, column.key, sheet.id, index)
    head = [header_cell(column.header) for column in missing]
    block = area(sheet.id, 0, 1, at, at + len(missing))
    draft.build.append(requests.update_cells(block, [head], HEADER_FIELDS))


def _adopted(draft: Draft, wanted: WantedTab) -> Sheet | None:
    """A sheet that is this tab in all but its mark: imported from a file, say."""
    if wanted.kind == "results":
        return None
    ours = [column.header for column in wanted.columns]
    for sheet in draft.scan.structure.sheets:
        if sheet.tab is None and sheet.title.casefold() == wanted.title.casefold():
            headers = draft.scan.looks[sheet.id].headers
            if sum(text in ours for text in headers) * 2 >= len(ours):
                draft.tell("tab", wanted.key, detail=sheet.title)
                _mark_tab(draft, wanted.key, sheet.id)
                return sheet
    return None


def _mark_tab(draft: Draft, key: str, sheet: int) -> None:
    number = metadata_id(names.TAB, key, draft.scan.structure.metadata_ids)
    draft.build.append(requests.create_metadata(names.TAB, key, {"sheetId": sheet}, number))


def _mark_column(draft: Draft, tab: str, key: str, sheet: int, index: int) -> None:
    value = names.full(tab, key)
    number = metadata_id(names.COLUMN, value, draft.scan.structure.metadata_ids)
    place = requests.column_place(sheet, index)
    draft.build.append(requests.create_metadata(names.COLUMN, value, place, number))


def _record(draft: Draft) -> None:
    """What init records in the spreadsheet itself; and, in a new CRM, the pace of TODAY()."""
    structure = draft.scan.structure
    new = {k: v for k, v in draft.want.meta.items() if structure.meta.get(k) != v}
    if new:
        draft.steps.append(Step("workbook", detail=", ".join(f"{k}: {v}" for k, v in new.items())))
    for key, value in new.items():
        if key not in structure.meta:
            place = {"spreadsheet": True}
            draft.build.append(requests.create_metadata(names.META + key, value, place))
            continue
        lookup = {"developerMetadataLookup": {"metadataId": structure.meta_ids[key]}}
        update = {
            "dataFilters": [lookup],
            "developerMetadata": {"metadataValue": value},
            "fields": "metadataValue",
        }
        draft.build.append({"updateDeveloperMetadata": update})
    if not structure.meta and structure.recalculation in ("", "ON_CHANGE"):
        properties = {"properties": {"autoRecalc": "HOUR"}, "fields": "autoRecalc"}
        draft.build.append({"updateSpreadsheetProperties": properties})
