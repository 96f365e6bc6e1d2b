"""The few methods of Google Drive that gspread uses: v3, and v2 to import a CSV file."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from . import csvfiles, masks
from .calls import Call, Store, method
from .discovery import drive as discovery
from .errors import ApiError
from .grid import Spreadsheet

SPREADSHEET = "application/vnd.google-apps.spreadsheet"


def _missing(id: str) -> ApiError:
    return ApiError(
        404, f"File not found: {id}.", reason="notFound", location=("parameter", "fileId")
    )


def _open(store: Store, call: Call, *, write: bool = False) -> Spreadsheet:
    """A file the caller may see; Drive says "not found" of those that are not shared."""
    id = call.path["fileId"]
    file = store.files.get(id)
    role = file and (file.permissions.get(call.user) or file.permissions.get("anyone"))
    if file is None or role is None:
        raise _missing(id)
    if write and role not in ("owner", "writer"):
        raise ApiError(
            403,
            "The user does not have sufficient permissions for this file.",
            reason="insufficientFilePermissions",
        )
    return file


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def _file(file: Spreadsheet) -> dict[str, Any]:
    return {
        "kind": "drive#file",
        "id": file.id,
        "name": file.title,
        "mimeType": SPREADSHEET,
        "createdTime": _time(file.created),
        "modifiedTime": _time(file.modified),
        "webViewLink": f"https://docs.google.com/spreadsheets/d/{file.id}/edit?usp=drivesdk",
        "permissions": [_permission(*each) for each in file.permissions.items()],
        "owners": [{"kind": "drive#user", "emailAddress": file.owner}],
    }


def _cut(call: Call, schema: str, answer: dict[str, Any], default: str) -> dict[str, Any]:
    mask = masks.for_answer(call.option("fields") or default, schema, discovery())
    return masks.cut(mask, answer)  # type: ignore[no-any-return]


_FILE = "kind,id,name,mimeType"


@method("drive.files.list")
def files_list(store: Store, call: Call) -> dict[str, Any]:
    """The caller's files, newest first."""
    terms = [term.strip() for term in re.split(r"\band\b", call.option("q", "")) if term.strip()]
    found = [f for f in store.files.values() if call.user in f.permissions]
    for term in terms:
        match = re.fullmatch(
            r"""(name|mimeType|trashed|'[^']*')\s*(=|in|contains)\s*["']?(.*?)["']?""", term
        )
        if not match or match[1] not in ("name", "mimeType", "trashed"):
            raise ApiError(400, "Invalid Value", reason="invalid")
        if match[1] == "name":
            wanted = match[3].replace("\\'", "'")
            found = [f for f in found if f.title == wanted]
        elif match[1] == "mimeType" and match[3] != SPREADSHEET:
            found = []
    found.sort(key=lambda f: f.created, reverse=True)
    size = call.option("pageSize", 100)
    start = int(call.option("pageToken") or 0)
    answer: dict[str, Any] = {"kind": "drive#fileList", "incompleteSearch": False}
    if start + size < len(found):
        answer["nextPageToken"] = str(start + size)
    answer["files"] = [_file(file) for file in found[start : start + size]]
    return _cut(call, "FileList", answer, f"kind,incompleteSearch,nextPageToken,files({_FILE})")


@method("drive.files.get")
def files_get(store: Store, call: Call) -> dict[str, Any]:
    return _cut(call, "File", _file(_open(store, call)), _FILE)


def _new(store: Store, call: Call, name: str) -> Spreadsheet:
    """An empty file of the caller's."""
    if call.service_account:
        raise ApiError(
            403,
            "Service Accounts do not have storage quota. Leverage shared drives "
            "(https://developers.google.com/workspace/drive/api/guides/about-shareddrives), or use "
            "OAuth delegation (http://support.google.com/a/answer/7281227) instead.",
            reason="storageQuotaExceeded",
        )
    if call.body.get("mimeType", SPREADSHEET) != SPREADSHEET:
        raise ApiError(400, "This stand-in server keeps spreadsheets only", reason="badRequest")
    assert store.create is not None
    id = store.create(name, locale="en_US", timezone="Etc/GMT", owner=call.user)
    return store.files[id]


@method("drive.files.create")
def files_create(store: Store, call: Call) -> dict[str, Any]:
    if "mimeType" not in call.body:
        raise ApiError(400, "This stand-in server keeps spreadsheets only", reason="badRequest")
    file = _new(store, call, call.body.get("name", "Untitled"))
    return _cut(call, "File", _file(file), _FILE)


@method("drive.files.copy")
def files_copy(store: Store, call: Call) -> dict[str, Any]:
    """All of a file, its developer metadata included, in a file of the caller's own."""
    source = _open(store, call)
    empty = _new(store, call, call.body.get("name", f"Copy of {source.title}"))
    copy = source.fork()
    copy.id, copy.title, copy.created = empty.id, empty.title, empty.created
    copy.permissions, copy.revision = empty.permissions, 0
    store.commit(copy)
    return _cut(call, "File", _file(copy), _FILE)


@method("drive.comments.list")
def comments_list(store: Store, call: Call) -> dict[str, Any]:
    """Nobody comments here."""
    _open(store, call)
    answer = {"kind": "drive#commentList", "comments": []}
    return _cut(call, "CommentList", answer, "kind,comments")


@method("drive.files.update")
def files_update(store: Store, call: Call) -> dict[str, Any]:
    fork = _open(store, call, write=True).fork()
    fork.title = call.body.get("name", fork.title)
    store.commit(fork)
    return _cut(call, "File", _file(fork), _FILE)


@method("drive.files.delete")
def files_delete(store: Store, call: Call) -> None:
    file = _open(store, call)
    if file.owner != call.user:
        raise ApiError(
            403,
            "The user does not have sufficient permissions for this file.",
            reason="insufficientFilePermissions",
        )
    del store.files[file.id]


@method("drive.files.export")
def files_export(store: Store, call: Call) -> bytes:
    """The first sheet as CSV."""
    file = _open(store, call)
    if call.option("mimeType") != "text/csv":
        raise ApiError(400, "This stand-in server exports text/csv only", reason="badRequest")
    return csvfiles.dump(file)


@method("drive.v2.files.update:upload")
def files_import(store: Store, call: Call) -> dict[str, Any]:
    """A CSV file takes the place of everything in a spreadsheet; only what v2 says of the file as
    such is answered."""
    fork = _open(store, call, write=True).fork()
    if not call.option("convert"):
        raise ApiError(400, "This stand-in server keeps spreadsheets only", reason="badRequest")
    csvfiles.load(fork, call.media)
    store.commit(fork)
    return {
        "kind": "drive#file",
        "id": fork.id,
        "title": fork.title,
        "mimeType": SPREADSHEET,
        "createdDate": _time(fork.created),
        "modifiedDate": _time(fork.modified),
        "alternateLink": f"https://docs.google.com/spreadsheets/d/{fork.id}/edit?usp=drivesdk",
    }


# -- permissions -----------------------------------------------------------------------------


def _permission(email: str, role: str) -> dict[str, Any]:
    if email == "anyone":
        return {"kind": "drive#permission", "id": "anyoneWithLink", "type": "anyone", "role": role}
    number = str(int.from_bytes(email.encode(), "big") % 10**20)
    return {
        "kind": "drive#permission",
        "id": number,
        "type": "user",
        "emailAddress": email,
        "role": role,
    }


_PERMISSION = "kind,id,type,role"


@method("drive.permissions.list")
def permissions_list(store: Store, call: Call) -> dict[str, Any]:
    file = _open(store, call)
    answer = {
        "kind": "drive#permissionList",
        "permissions": [_permission(*each) for each in file.permissions.items()],
    }
    return _cut(call, "PermissionList", answer, f"kind,permissions({_PERMISSION})")


@method("drive.permissions.create")
def permissions_create(store: Store, call: Call) -> dict[str, Any]:
    file = _open(store, call, write=True)
    kind, role = call.body.get("type"), call.body.get("role")
    if kind not in ("user", "group", "anyone") or role not in ("reader", "writer", "commenter"):
        raise ApiError(400, "The permission is not supported here", reason="invalid")
    email = "anyone" if kind == "anyone" else call.body.get("emailAddress", "")
    if not email:
        raise ApiError(400, "The permission type field is required.", reason="invalid")
    file.permissions[email] = role
    return _cut(call, "Permission", _permission(email, role), _PERMISSION)


@method("drive.permissions.delete")
def permissions_delete(store: Store, call: Call) -> None:
    file = _open(store, call, write=True)
    for email, role in list(file.permissions.items()):
        if _permission(email, role)["id"] == call.path["permissionId"] and role != "owner":
            del file.permissions[email]
            return
    raise _missing(call.path["permissionId"])
