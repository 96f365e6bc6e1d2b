"""The methods of Google Sheets v4, each by its discovery id."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from . import a1, batch, filters, masks, render, values
from .batch.tabs import check_properties, clone, properties
from .discovery import sheets as discovery
from .errors import ApiError, invalid, not_found
from .grid import Span, Spreadsheet
from .metadata import Index
from .protection import check_role, guard


@dataclass
class Call:
    """One request that passed the checks of its form."""

    user: str
    service_account: bool
    path: dict[str, str]
    query: dict[str, Any]
    body: dict[str, Any] = field(default_factory=dict)

    def option(self, name: str, default: Any = None) -> Any:
        return self.query.get(name, default)


class Store:
    """All files there are."""

    def __init__(self) -> None:
        self.files: dict[str, Spreadsheet] = {}
        self.create: Callable[..., str] | None = None

    def open(self, id: str, user: str, *, write: bool = False) -> Spreadsheet:
        file = self.files.get(id)
        if file is None:
            raise not_found()
        check_role(file, user, write=write)
        return file

    def commit(self, fork: Spreadsheet) -> None:
        fork.calculation = None
        self.files[fork.id] = fork


Handler = Callable[[Store, Call], dict[str, Any]]
METHODS: dict[str, Handler] = {}
WRITES = frozenset(
    f"sheets.spreadsheets.{name}"
    for name in (
        "batchUpdate", "create", "sheets.copyTo", "values.append", "values.batchClear",
        "values.batchClearByDataFilter", "values.batchUpdate", "values.batchUpdateByDataFilter",
        "values.clear", "values.update",
    )
)  # fmt: skip
"""What counts against the write quota."""


def method(name: str) -> Callable[[Handler], Handler]:
    def register(handler: Handler) -> Handler:
        METHODS[f"sheets.spreadsheets.{name}"] = handler
        return handler

    return register


def _answer_mask(call: Call, schema: str) -> masks.Mask | None:
    text = call.option("fields")
    return masks.for_answer(text, schema, discovery()) if text else None


def _cut(call: Call, schema: str, answer: dict[str, Any]) -> dict[str, Any]:
    return masks.cut(_answer_mask(call, schema), answer)  # type: ignore[no-any-return]


# -- spreadsheets ----------------------------------------------------------------------------


@method("create")
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
    return render.spreadsheet(fork, call.user, _answer_mask(call, "Spreadsheet"))


@method("get")
def get(store: Store, call: Call) -> dict[str, Any]:
    file = store.open(call.path["spreadsheetId"], call.user)
    mask = _answer_mask(call, "Spreadsheet")
    ranges = call.option("ranges")
    spans = None if not ranges else _spans(file, ranges)
    grid = call.option("includeGridData", False)
    return render.spreadsheet(file, call.user, mask, spans, grid=grid)


def _spans(file: Spreadsheet, ranges: list[str]) -> list[Span]:
    spans = [a1.parse(text, file) for text in ranges]
    for span in spans:
        a1.check_limits(span, file.sheet(span.sheet))
    return spans


@method("getByDataFilter")
def get_by_data_filter(store: Store, call: Call) -> dict[str, Any]:
    file = store.open(call.path["spreadsheetId"], call.user)
    mask = _answer_mask(call, "Spreadsheet")
    given = call.body.get("dataFilters", [])
    spans = [span for span, _ in filters.select(file, given)] if given else None
    grid = call.body.get("includeGridData", False)
    return render.spreadsheet(file, call.user, mask, spans, grid=grid)


@method("batchUpdate")
def batch_update(store: Store, call: Call) -> dict[str, Any]:
    file = store.open(call.path["spreadsheetId"], call.user, write=True)
    mask = _answer_mask(call, "BatchUpdateSpreadsheetResponse")
    fork = file.fork()
    replies = batch.apply(fork, call.user, call.body.get("requests", []))
    answer: dict[str, Any] = {"spreadsheetId": file.id, "replies": replies}
    if call.body.get("includeSpreadsheetInResponse"):
        fork.calculation = None
        ranges = call.body.get("responseRanges")
        spans = None if not ranges else _spans(fork, ranges)
        grid = call.body.get("responseIncludeGridData", False)
        if masks.covers(mask, "updatedSpreadsheet"):
            inner = masks.inside(mask, "updatedSpreadsheet")
            answer["updatedSpreadsheet"] = render.spreadsheet(
                fork, call.user, inner, spans, grid=grid
            )
    store.commit(fork)
    return masks.cut(mask, answer)  # type: ignore[no-any-return]


@method("sheets.copyTo")
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


@method("developerMetadata.get")
def metadata_get(store: Store, call: Call) -> dict[str, Any]:
    file = store.open(call.path["spreadsheetId"], call.user)
    found = file.metadata.get(_number(call.path["metadataId"]))
    if found is None:
        raise not_found()
    return _cut(call, "DeveloperMetadata", Index(file).shown(found))


@method("developerMetadata.search")
def metadata_search(store: Store, call: Call) -> dict[str, Any]:
    file = store.open(call.path["spreadsheetId"], call.user)
    index = Index(file)
    found = [
        {"developerMetadata": index.shown(metadata), "dataFilters": given}
        for metadata, given in filters.search(file, call.body.get("dataFilters", []))
    ]
    answer = {"matchedDeveloperMetadata": found} if found else {}
    return _cut(call, "SearchDeveloperMetadataResponse", answer)


# -- values ----------------------------------------------------------------------------------


def _read(file: Spreadsheet, span: Span, options: dict[str, Any]) -> dict[str, Any]:
    return values.read(
        file,
        span,
        options.get("valueRenderOption"),
        options.get("dateTimeRenderOption"),
        options.get("majorDimension"),
    )


@method("values.get")
def values_get(store: Store, call: Call) -> dict[str, Any]:
    file = store.open(call.path["spreadsheetId"], call.user)
    (span,) = _spans(file, [call.path["range"]])
    return _cut(call, "ValueRange", _read(file, span, call.query))


@method("values.batchGet")
def values_batch_get(store: Store, call: Call) -> dict[str, Any]:
    file = store.open(call.path["spreadsheetId"], call.user)
    spans = _spans(file, call.option("ranges", []))
    answer: dict[str, Any] = {"spreadsheetId": file.id}
    if spans:
        answer["valueRanges"] = [_read(file, span, call.query) for span in spans]
    return _cut(call, "BatchGetValuesResponse", answer)


@method("values.batchGetByDataFilter")
def values_batch_get_by_data_filter(store: Store, call: Call) -> dict[str, Any]:
    file = store.open(call.path["spreadsheetId"], call.user)
    found = [
        {"valueRange": _read(file, span, call.body), "dataFilters": given}
        for span, given in filters.select(file, call.body.get("dataFilters", []))
    ]
    answer: dict[str, Any] = {"spreadsheetId": file.id}
    if found:
        answer["valueRanges"] = found
    return _cut(call, "BatchGetValuesByDataFilterResponse", answer)


def _written(span: Span, body: dict[str, Any]) -> Span:
    """The part of a range that a body touches."""
    rows = values.by_rows(body.get("values", []), body.get("majorDimension"))
    width = max(map(len, rows), default=0)
    return Span(
        span.sheet, span.top, span.top + max(len(rows), 1), span.left, span.left + max(width, 1)
    )


def _write(
    file: Spreadsheet, user: str, span: Span, data: dict[str, Any], options: dict[str, Any]
) -> dict[str, Any]:
    guard(file, user, _written(span, data))
    reply = values.write(file, span, data, options.get("valueInputOption"))
    if options.get("includeValuesInResponse"):
        file.calculation = None
        reply["updatedData"] = values.read(
            file,
            a1.parse(reply["updatedRange"], file),
            options.get("responseValueRenderOption"),
            options.get("responseDateTimeRenderOption"),
            data.get("majorDimension"),
        )
    return reply


@method("values.update")
def values_update(store: Store, call: Call) -> dict[str, Any]:
    fork = store.open(call.path["spreadsheetId"], call.user, write=True).fork()
    span = a1.parse(call.path["range"], fork)
    own = call.body.get("range")
    if own is not None and a1.parse(own, fork) != span:
        raise invalid(f"Requested range {call.path['range']} differs from the body's range {own}")
    reply = _write(fork, call.user, span, call.body, call.query)
    store.commit(fork)
    return _cut(call, "UpdateValuesResponse", reply)


def _totals(file: Spreadsheet, replies: list[dict[str, Any]]) -> dict[str, Any]:
    rows: set[Any] = set()
    columns: set[Any] = set()
    sheets: set[int] = set()
    for reply in replies:
        if "updatedCells" not in reply:
            continue
        span = a1.parse(reply["updatedRange"], file)
        top, bottom, left, right = file.sheet(span.sheet).clip(span)
        rows |= {(span.sheet, r) for r in range(top, bottom)}
        columns |= {(span.sheet, c) for c in range(left, right)}
        sheets.add(span.sheet)
    totals = {
        "totalUpdatedRows": len(rows),
        "totalUpdatedColumns": len(columns),
        "totalUpdatedCells": sum(reply.get("updatedCells", 0) for reply in replies),
        "totalUpdatedSheets": len(sheets),
    }
    return {name: total for name, total in totals.items() if total}


@method("values.batchUpdate")
def values_batch_update(store: Store, call: Call) -> dict[str, Any]:
    fork = store.open(call.path["spreadsheetId"], call.user, write=True).fork()
    replies = [
        _write(fork, call.user, a1.parse(data.get("range", ""), fork), data, call.body)
        for data in call.body.get("data", [])
    ]
    answer = {
        "spreadsheetId": fork.id,
        **_totals(fork, replies),
        **({"responses": replies} if replies else {}),
    }
    store.commit(fork)
    return _cut(call, "BatchUpdateValuesResponse", answer)


@method("values.batchUpdateByDataFilter")
def values_batch_update_by_data_filter(store: Store, call: Call) -> dict[str, Any]:
    fork = store.open(call.path["spreadsheetId"], call.user, write=True).fork()
    index = Index(fork)
    replies = []
    for data in call.body.get("data", []):
        given = data.get("dataFilter", {})
        for span in filters.spans_of(fork, given, index):
            reply = _write(fork, call.user, span, data, call.body)
            del reply["spreadsheetId"]
            replies.append({**reply, "dataFilter": given})
    answer = {
        "spreadsheetId": fork.id,
        **_totals(fork, replies),
        **({"responses": replies} if replies else {}),
    }
    store.commit(fork)
    return _cut(call, "BatchUpdateValuesByDataFilterResponse", answer)


@method("values.append")
def values_append(store: Store, call: Call) -> dict[str, Any]:
    fork = store.open(call.path["spreadsheetId"], call.user, write=True).fork()
    span = a1.parse(call.path["range"], fork)
    reply, touched = values.append(
        fork,
        span,
        call.body,
        call.option("valueInputOption"),
        insert=call.option("insertDataOption") == "INSERT_ROWS",
    )
    guard(fork, call.user, touched)
    if call.option("includeValuesInResponse"):
        fork.calculation = None
        reply["updates"]["updatedData"] = values.read(
            fork,
            touched,
            call.option("responseValueRenderOption"),
            call.option("responseDateTimeRenderOption"),
        )
    store.commit(fork)
    return _cut(call, "AppendValuesResponse", reply)


def _clear(file: Spreadsheet, user: str, span: Span) -> str:
    guard(file, user, span)
    return values.clear(file, span)


@method("values.clear")
def values_clear(store: Store, call: Call) -> dict[str, Any]:
    fork = store.open(call.path["spreadsheetId"], call.user, write=True).fork()
    cleared = _clear(fork, call.user, a1.parse(call.path["range"], fork))
    store.commit(fork)
    answer = {"spreadsheetId": fork.id, "clearedRange": cleared}
    return _cut(call, "ClearValuesResponse", answer)


@method("values.batchClear")
def values_batch_clear(store: Store, call: Call) -> dict[str, Any]:
    fork = store.open(call.path["spreadsheetId"], call.user, write=True).fork()
    spans = [a1.parse(text, fork) for text in call.body.get("ranges", [])]
    cleared = [_clear(fork, call.user, span) for span in spans]
    store.commit(fork)
    answer = {"spreadsheetId": fork.id, **({"clearedRanges": cleared} if cleared else {})}
    return _cut(call, "BatchClearValuesResponse", answer)


@method("values.batchClearByDataFilter")
def values_batch_clear_by_data_filter(store: Store, call: Call) -> dict[str, Any]:
    fork = store.open(call.path["spreadsheetId"], call.user, write=True).fork()
    chosen = filters.select(fork, call.body.get("dataFilters", []))
    cleared = [_clear(fork, call.user, span) for span, _ in chosen]
    store.commit(fork)
    answer = {"spreadsheetId": fork.id, **({"clearedRanges": cleared} if cleared else {})}
    return _cut(call, "BatchClearValuesByDataFilterResponse", answer)
