"""The methods ``spreadsheets.*`` of Google Sheets v4, but for those of ``values``."""

from __future__ import annotations

from typing import Any

from . import batch, calls, filters, masks, render
from .batch.tabs import check_properties, clone, properties
from .calls import Call, Store, answer_mask, cut, method
from .errors import ApiError, invalid, not_found
from .metadata import Index


@method("sheets.spreadsheets.create")
def create(store: Store, call: Call) -> dict[str, Any]:
    wanted = call.body
    if call.service_account:
        raise ApiError(403, "The caller does not have permission")
    for name in wanted.keys() - {"properties", "sheets", "namedRanges", "developerMetadata"}:
        raise invalid(f"Cannot create a spreadsheet with {name}")
    props = wanted.get("properties", {})
    check_properties(props)
    assert store.create is not None
    id = store.create(
        props.get("title", "Untitled spreadsheet"),
        locale=props.get("locale", "en_US"),
        timezone=props.get("timeZone", "Etc/GMT"),
        owner=call.user,
    )
    fork = store.files[id].fork()
    requests: list[dict[str, Any]] = [
        {"addSheet": {"properties": sheet.get("properties", {})}}
        for sheet in wanted.get("sheets", [])
    ]
    for sheet in wanted.get("sheets", []):
        for name in sheet.keys() - {"properties"}:
            raise invalid(f"Cannot create a sheet with {name}; use batchUpdate")
    if requests:
        fork.sheets = []
    requests += [{"addNamedRange": {"namedRange": each}} for each in wanted.get("namedRanges", [])]
    requests += [
        {"createDeveloperMetadata": {"developerMetadata": each}}
        for each in wanted.get("developerMetadata", [])
    ]
    try:
        if requests:
            batch.apply(fork, call.user, requests)
    except ApiError:
        del store.files[id]
        raise
    store.commit(fork)
    return render.spreadsheet(fork, call.user, answer_mask(call, "Spreadsheet"))


@method("sheets.spreadsheets.get")
def get(store: Store, call: Call) -> dict[str, Any]:
    file = store.open(call.path["spreadsheetId"], call.user)
    mask = answer_mask(call, "Spreadsheet")
    ranges = call.option("ranges")
    spans = None if not ranges else calls.spans(file, ranges)
    grid = call.option("includeGridData", False)
    return render.spreadsheet(file, call.user, mask, spans, grid=grid)


@method("sheets.spreadsheets.getByDataFilter")
def get_by_data_filter(store: Store, call: Call) -> dict[str, Any]:
    file = store.open(call.path["spreadsheetId"], call.user)
    mask = answer_mask(call, "Spreadsheet")
    given = call.body.get("dataFilters", [])
    spans = [span for span, _ in filters.select(file, given)] if given else None
    grid = call.body.get("includeGridData", False)
    return render.spreadsheet(file, call.user, mask, spans, grid=grid)


@method("sheets.spreadsheets.batchUpdate")
def batch_update(store: Store, call: Call) -> dict[str, Any]:
    file = store.open(call.path["spreadsheetId"], call.user, write=True)
    mask = answer_mask(call, "BatchUpdateSpreadsheetResponse")
    fork = file.fork()
    replies = batch.apply(fork, call.user, call.body.get("requests", []))
    answer = masks.cut(mask, {"spreadsheetId": file.id, "replies": replies})
    if call.body.get("includeSpreadsheetInResponse"):
        fork.calculation = None
        ranges = call.body.get("responseRanges")
        spans = None if not ranges else calls.spans(fork, ranges)
        grid = call.body.get("responseIncludeGridData", False)
        if masks.covers(mask, "updatedSpreadsheet"):
            inner = masks.inside(mask, "updatedSpreadsheet")
            answer["updatedSpreadsheet"] = render.spreadsheet(
                fork, call.user, inner, spans, grid=grid
            )
    store.commit(fork)
    return answer  # type: ignore[no-any-return]


@method("sheets.spreadsheets.sheets.copyTo")
def copy_to(store: Store, call: Call) -> dict[str, Any]:
    file = store.open(call.path["spreadsheetId"], call.user)
    target = store.open(call.body.get("destinationSpreadsheetId", ""), call.user, write=True)
    fork = target.fork()
    new = clone(file, fork, file.sheet(_number(call.path["sheetId"])))
    store.commit(fork)
    return properties(fork, new)


def _number(text: str) -> int:
    if not text.lstrip("-").isdigit():
        raise invalid(f"Invalid value at 'sheet_id' (TYPE_INT32), \"{text}\"")
    return int(text)


# -- developer metadata ----------------------------------------------------------------------


@method("sheets.spreadsheets.developerMetadata.get")
def metadata_get(store: Store, call: Call) -> dict[str, Any]:
    file = store.open(call.path["spreadsheetId"], call.user)
    found = file.metadata.get(_number(call.path["metadataId"]))
    if found is None:
        raise not_found()
    return cut(call, "DeveloperMetadata", Index(file).shown(found))


@method("sheets.spreadsheets.developerMetadata.search")
def metadata_search(store: Store, call: Call) -> dict[str, Any]:
    file = store.open(call.path["spreadsheetId"], call.user)
    index = Index(file)
    found = [
        {"developerMetadata": index.shown(metadata), "dataFilters": given}
        for metadata, given in filters.search(file, call.body.get("dataFilters", []))
    ]
    answer = {"matchedDeveloperMetadata": found} if found else {}
    return cut(call, "SearchDeveloperMetadataResponse", answer)
