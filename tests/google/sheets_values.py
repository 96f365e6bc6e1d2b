"""The methods ``spreadsheets.values.*`` of Google Sheets v4."""

from __future__ import annotations

from typing import Any

from . import a1, calls, filters, values
from .calls import Call, Store, cut, method
from .errors import invalid
from .grid import Span, Spreadsheet
from .metadata import Index
from .protection import guard


def _read(file: Spreadsheet, span: Span, options: dict[str, Any]) -> dict[str, Any]:
    return values.read(
        file,
        span,
        options.get("valueRenderOption"),
        options.get("dateTimeRenderOption"),
        options.get("majorDimension"),
    )


@method("sheets.spreadsheets.values.get")
def values_get(store: Store, call: Call) -> dict[str, Any]:
    file = store.open(call.path["spreadsheetId"], call.user)
    (span,) = calls.spans(file, [call.path["range"]])
    return cut(call, "ValueRange", _read(file, span, call.query))


@method("sheets.spreadsheets.values.batchGet")
def values_batch_get(store: Store, call: Call) -> dict[str, Any]:
    file = store.open(call.path["spreadsheetId"], call.user)
    spans = calls.spans(file, call.option("ranges", []))
    answer: dict[str, Any] = {"spreadsheetId": file.id}
    if spans:
        answer["valueRanges"] = [_read(file, span, call.query) for span in spans]
    return cut(call, "BatchGetValuesResponse", answer)


@method("sheets.spreadsheets.values.batchGetByDataFilter")
def values_batch_get_by_data_filter(store: Store, call: Call) -> dict[str, Any]:
    file = store.open(call.path["spreadsheetId"], call.user)
    found = [
        {"valueRange": _read(file, span, call.body), "dataFilters": given}
        for span, given in filters.select(file, call.body.get("dataFilters", []))
    ]
    answer: dict[str, Any] = {"spreadsheetId": file.id}
    if found:
        answer["valueRanges"] = found
    return cut(call, "BatchGetValuesByDataFilterResponse", answer)


def _touched(span: Span, body: dict[str, Any]) -> Span:
    """The part of a range that a body touches."""
    rows = values.by_rows(body.get("values", []), body.get("majorDimension"))
    width = max(map(len, rows), default=0)
    return Span(
        span.sheet, span.top, span.top + max(len(rows), 1), span.left, span.left + max(width, 1)
    )


def _write(
    file: Spreadsheet, user: str, span: Span, data: dict[str, Any], options: dict[str, Any]
) -> tuple[values.Written, dict[str, Any]]:
    """Write, and the answer about it but for the file's id."""
    guard(file, user, _touched(span, data))
    written = values.write(file, span, data, options.get("valueInputOption"))
    reply = written.counts()
    if options.get("includeValuesInResponse"):
        file.calculation = None
        reply["updatedData"] = values.read(
            file,
            a1.parse(reply["updatedRange"], file),
            options.get("responseValueRenderOption"),
            options.get("responseDateTimeRenderOption"),
            data.get("majorDimension"),
        )
    return written, reply


@method("sheets.spreadsheets.values.update")
def values_update(store: Store, call: Call) -> dict[str, Any]:
    fork = store.open(call.path["spreadsheetId"], call.user, write=True).fork()
    span = a1.parse(call.path["range"], fork)
    own = call.body.get("range")
    if own is not None and a1.parse(own, fork) != span:
        raise invalid(f"Requested range {call.path['range']} differs from the body's range {own}")
    _, reply = _write(fork, call.user, span, call.body, call.query)
    store.commit(fork)
    return cut(call, "UpdateValuesResponse", {"spreadsheetId": fork.id, **reply})


def _totals(written: list[values.Written]) -> dict[str, int]:
    """What several writes came to; a row that two of them touched counts once."""
    totals = {
        "totalUpdatedRows": len({(each.sheet, r) for each in written for r in each.rows}),
        "totalUpdatedColumns": len({(each.sheet, c) for each in written for c in each.columns}),
        "totalUpdatedCells": sum(each.cells for each in written),
        "totalUpdatedSheets": len({each.sheet for each in written if each.cells}),
    }
    return {name: total for name, total in totals.items() if total}


def _write_all(
    fork: Spreadsheet, call: Call, writes: list[tuple[Span, dict[str, Any], dict[str, Any]]]
) -> dict[str, Any]:
    """Do all (range, data, what the response repeats) of a batch; its answer."""
    written, responses = [], []
    for span, data, repeated in writes:
        one, reply = _write(fork, call.user, span, data, call.body)
        written.append(one)
        responses.append({**reply, **repeated})
    answer: dict[str, Any] = {"spreadsheetId": fork.id, **_totals(written)}
    return {**answer, "responses": responses} if responses else answer


@method("sheets.spreadsheets.values.batchUpdate")
def values_batch_update(store: Store, call: Call) -> dict[str, Any]:
    fork = store.open(call.path["spreadsheetId"], call.user, write=True).fork()
    answer = _write_all(
        fork,
        call,
        [
            (a1.parse(data.get("range", ""), fork), data, {"spreadsheetId": fork.id})
            for data in call.body.get("data", [])
        ],
    )
    store.commit(fork)
    return cut(call, "BatchUpdateValuesResponse", answer)


@method("sheets.spreadsheets.values.batchUpdateByDataFilter")
def values_batch_update_by_data_filter(store: Store, call: Call) -> dict[str, Any]:
    fork = store.open(call.path["spreadsheetId"], call.user, write=True).fork()
    index = Index(fork)
    answer = _write_all(
        fork,
        call,
        [
            (span, data, {"dataFilter": data.get("dataFilter", {})})
            for data in call.body.get("data", [])
            for span in filters.spans_of(fork, data.get("dataFilter", {}), index)
        ],
    )
    store.commit(fork)
    return cut(call, "BatchUpdateValuesByDataFilterResponse", answer)


@method("sheets.spreadsheets.values.append")
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
    return cut(call, "AppendValuesResponse", reply)


def _clear(file: Spreadsheet, user: str, span: Span) -> str:
    guard(file, user, span)
    return values.clear(file, span)


@method("sheets.spreadsheets.values.clear")
def values_clear(store: Store, call: Call) -> dict[str, Any]:
    fork = store.open(call.path["spreadsheetId"], call.user, write=True).fork()
    cleared = _clear(fork, call.user, a1.parse(call.path["range"], fork))
    store.commit(fork)
    answer = {"spreadsheetId": fork.id, "clearedRange": cleared}
    return cut(call, "ClearValuesResponse", answer)


@method("sheets.spreadsheets.values.batchClear")
def values_batch_clear(store: Store, call: Call) -> dict[str, Any]:
    fork = store.open(call.path["spreadsheetId"], call.user, write=True).fork()
    spans = [a1.parse(text, fork) for text in call.body.get("ranges", [])]
    cleared = [_clear(fork, call.user, span) for span in spans]
    store.commit(fork)
    answer = {"spreadsheetId": fork.id, **({"clearedRanges": cleared} if cleared else {})}
    return cut(call, "BatchClearValuesResponse", answer)


@method("sheets.spreadsheets.values.batchClearByDataFilter")
def values_batch_clear_by_data_filter(store: Store, call: Call) -> dict[str, Any]:
    fork = store.open(call.path["spreadsheetId"], call.user, write=True).fork()
    chosen = filters.select(fork, call.body.get("dataFilters", []))
    cleared = [_clear(fork, call.user, span) for span, _ in chosen]
    store.commit(fork)
    answer = {"spreadsheetId": fork.id, **({"clearedRanges": cleared} if cleared else {})}
    return cut(call, "BatchClearValuesByDataFilterResponse", answer)
