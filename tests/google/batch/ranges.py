"""Named ranges and protected ranges."""

from __future__ import annotations

import re
from typing import Any

from .. import masks
from ..errors import PROTECTED, invalid
from ..grid import Sheet, Span, Spreadsheet, grid_range
from ..protection import may_edit
from . import Batch, handles


def _check_name(batch: Batch, name: str, but: str | None = None) -> None:
    valid = (
        re.fullmatch(r"[^\W\d]\w{0,249}", name)
        and not re.fullmatch(r"[A-Za-z]{1,3}\d+|[Rr]\d*[Cc]\d*", name)
        and name.lower() not in ("true", "false")
    )
    if not valid:
        raise invalid(
            f"Invalid name: {name}. Names may hold letters, numbers and underscores, and must not "
            "begin with a number or look like a cell."
        )
    for id, named in batch.spreadsheet.names.items():
        if id != but and named["name"].casefold() == name.casefold():
            raise invalid(f"A named range with the name {name} already exists.")


@handles("addNamedRange")
def add_named_range(batch: Batch, body: dict[str, Any]) -> dict[str, Any]:
    wanted = body.get("namedRange", {})
    spreadsheet = batch.spreadsheet
    _check_name(batch, wanted.get("name", ""))
    if "range" not in wanted:
        raise invalid("NamedRange.range is required")
    id = wanted.get("namedRangeId") or str(
        spreadsheet.new_id([int(each) for each in spreadsheet.names if each.isdigit()])
    )
    if id in spreadsheet.names:
        raise invalid(f"Named range with id {id} already exists")
    span = spreadsheet.span(wanted["range"])
    named = {"namedRangeId": id, "name": wanted["name"], "range": grid_range(span)}
    spreadsheet.names[id] = named
    return {"namedRange": named}


def _named(batch: Batch, id: str) -> dict[str, Any]:
    if id not in batch.spreadsheet.names:
        raise invalid(f"No named range with id: {id}")
    return batch.spreadsheet.names[id]


@handles("updateNamedRange")
def update_named_range(batch: Batch, body: dict[str, Any]) -> None:
    mask = masks.for_update(body.get("fields"), "NamedRange")
    wanted = body.get("namedRange", {})
    old = _named(batch, wanted.get("namedRangeId", ""))
    new = {**masks.merge(mask, old, wanted), "namedRangeId": old["namedRangeId"]}
    _check_name(batch, new.get("name", ""), but=old["namedRangeId"])
    if "range" not in new:
        raise invalid("NamedRange.range is required")
    new["range"] = grid_range(batch.spreadsheet.span(new["range"]))
    batch.spreadsheet.names[old["namedRangeId"]] = new


@handles("deleteNamedRange")
def delete_named_range(batch: Batch, body: dict[str, Any]) -> None:
    id = body.get("namedRangeId", "")
    _named(batch, id)
    del batch.spreadsheet.names[id]


# -- protected ranges ------------------------------------------------------------------------


def shown(spreadsheet: Spreadsheet, protected: dict[str, Any], user: str) -> dict[str, Any]:
    """A protected range as a user sees it: editors only for those who are one."""
    result = dict(protected)
    if "namedRangeId" in result:
        named = spreadsheet.names.get(result["namedRangeId"], {})
        result["range"] = named.get("range", {})
    if may_edit(spreadsheet, user, protected):
        result["requestingUserCanEdit"] = True
    else:
        result.pop("editors", None)
    return result


def _checked(batch: Batch, wanted: dict[str, Any]) -> dict[str, Any]:
    spreadsheet = batch.spreadsheet
    if ("range" in wanted) + ("namedRangeId" in wanted) + ("tableId" in wanted) != 1:
        raise invalid("ProtectedRange must have a range, a namedRangeId or a tableId")
    if "tableId" in wanted:
        raise invalid("Tables are not supported by this stand-in server")
    new = {name: value for name, value in wanted.items() if name != "requestingUserCanEdit"}
    if "namedRangeId" in wanted:
        named = _named(batch, wanted["namedRangeId"])
        span = Span.of(named.get("range", {}))
    else:
        span = spreadsheet.span(wanted["range"])
        new["range"] = grid_range(span)
    if "unprotectedRanges" in new:
        if span != Span(span.sheet):
            raise invalid("Unprotected ranges are only supported on protected sheets.")
        new["unprotectedRanges"] = [
            grid_range(spreadsheet.span(each)) for each in new["unprotectedRanges"]
        ]
    if not new.get("description"):
        new.pop("description", None)
    # Of a mere warning the editors are ignored, but the one who made it is listed.
    given = {} if wanted.get("warningOnly") else wanted.get("editors", {})
    if not new.get("warningOnly"):
        new.pop("warningOnly", None)
    users = [*given.get("users", [])]
    for user in users:
        if user not in spreadsheet.permissions:
            raise invalid(f"Invalid user: {user}")
    for user in (spreadsheet.owner, batch.user):
        if user and user not in users:
            users.append(user)
    new["editors"] = {**given, "users": users}
    new["editors"].pop("groups", None)
    return new


@handles("addProtectedRange")
def add_protected_range(batch: Batch, body: dict[str, Any]) -> dict[str, Any]:
    wanted = body.get("protectedRange", {})
    taken = [id for sheet in batch.spreadsheet.sheets for id in sheet.protected]
    id = wanted.get("protectedRangeId") or batch.spreadsheet.new_id(taken)
    if id in taken:
        raise invalid(f"Protected range with id {id} already exists")
    new = {"protectedRangeId": id, **_checked(batch, wanted)}
    sheet = _home(batch, new)
    sheet.protected[id] = new
    reply = shown(batch.spreadsheet, new, batch.user)
    if "editors" in reply:  # the answer repeats what was asked for, not who was added
        given = [] if "warningOnly" in new else wanted.get("editors", {}).get("users")
        reply["editors"] = {"users": given} if given else {}
    return {"protectedRange": reply}


def _home(batch: Batch, protected: dict[str, Any]) -> Sheet:
    where = protected.get("range")
    if where is None:
        where = _named(batch, protected["namedRangeId"]).get("range", {})
    return batch.spreadsheet.sheet(where.get("sheetId", 0))


def _protected(batch: Batch, id: int) -> tuple[Sheet, dict[str, Any]]:
    for sheet in batch.spreadsheet.sheets:
        if id in sheet.protected:
            protected = sheet.protected[id]
            if not may_edit(batch.spreadsheet, batch.user, protected):
                raise invalid(PROTECTED)
            return sheet, protected
    raise invalid(f"No protected range with id: {id}")


@handles("updateProtectedRange")
def update_protected_range(batch: Batch, body: dict[str, Any]) -> None:
    mask = masks.for_update(body.get("fields"), "ProtectedRange")
    wanted = body.get("protectedRange", {})
    sheet, old = _protected(batch, wanted.get("protectedRangeId", 0))
    merged = {**masks.merge(mask, old, wanted), "protectedRangeId": old["protectedRangeId"]}
    becomes_strict = old.get("warningOnly") and not merged.get("warningOnly")
    if becomes_strict and not masks.covers(mask, "editors"):
        merged["editors"] = {
            "users": [
                user
                for user, role in batch.spreadsheet.permissions.items()
                if role in ("owner", "writer")
            ]
        }
    new = _checked(batch, merged)
    del sheet.protected[old["protectedRangeId"]]
    _home(batch, new).protected[old["protectedRangeId"]] = new


@handles("deleteProtectedRange")
def delete_protected_range(batch: Batch, body: dict[str, Any]) -> None:
    sheet, protected = _protected(batch, body.get("protectedRangeId", 0))
    del sheet.protected[protected["protectedRangeId"]]
