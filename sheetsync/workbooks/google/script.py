"""The Apps Script API: the script project that is bound to a spreadsheet.

It works for people only: a service account is refused, and a person has to switch the API on once,
for the own account. Facts: https://developers.google.com/apps-script/api/concepts and
``script.v1`` of Google's discovery service.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from google.auth.transport.requests import AuthorizedSession

from sheetsync.errors import (
    AccessError,
    CredentialsError,
    ServiceError,
    SheetsyncError,
    TargetError,
)
from sheetsync.workbooks.google import names
from sheetsync.workbooks.google.auth import (
    SCOPES,
    SCRIPT_SCOPE,
    find_credentials,
    load_credentials,
)
from sheetsync.workbooks.google.errors import Refusal
from sheetsync.workbooks.google.http import SheetsClient
from sheetsync.workbooks.google.requests import create_metadata

RECORD = "script"
"""Under this name (``sheetsync.meta.script``) a spreadsheet remembers its script project."""

SWITCH = "https://script.google.com/home/usersettings"
"""Where a person switches the API on."""

_TYPES = {"js": "SERVER_JS", "html": "HTML", "json": "JSON"}
_ENDINGS = {kind: ending for ending, kind in _TYPES.items()}


class ScriptClient(SheetsClient):
    """The patient client, for the Apps Script API and in its words."""

    host = "https://script.googleapis.com"

    def for_sheets(self) -> SheetsClient:
        """A client of the same account for the spreadsheet itself."""
        return SheetsClient(session=self.session, account=self.account, notify=self.notify)

    def error_of(self, refusal: Refusal, *, creating: bool) -> SheetsyncError:
        """The error that a final refusal becomes."""
        if refusal.code == 403 and "usersettings" in refusal.message:
            return AccessError("script_switched_off", link=SWITCH)
        if refusal.code == 403 and not refusal.limited:
            if "SERVICE_DISABLED" in refusal.reasons:
                return AccessError("script_api_off", link=refusal.link or refusal.message)
            if "ACCESS_TOKEN_SCOPE_INSUFFICIENT" in refusal.reasons:
                return CredentialsError("script_scope")
            return AccessError("script_forbidden")
        return super().error_of(refusal, creating=creating)


@dataclass(frozen=True)
class ScriptProject:
    """A script project: its id, and the id of the file that it is bound to, if it is."""

    id: str
    parent: str | None


def connect_script(
    credentials: str | Path | None = None,
    *,
    notify: Callable[[str, float], None] | None = None,
) -> ScriptClient:
    """A client in the name of a person who allowed us to work with script projects.

    Raises
    ------
    CredentialsError
        There are none, they cannot be used, or the login was not asked for scripts.
    AccessError
        They are of a service account.
    """
    found = find_credentials(credentials)
    if found.kind == "service_account":
        raise AccessError("script_robot", email=found.account)
    granted = found.info.get("scopes")
    if isinstance(granted, list) and SCRIPT_SCOPE not in granted:
        raise CredentialsError("script_scope")
    session = AuthorizedSession(load_credentials(found, scopes=(*SCOPES, SCRIPT_SCOPE)))
    return ScriptClient(session=session, account=found.account, notify=notify)


def create_project(client: ScriptClient, title: str, spreadsheet_id: str) -> ScriptProject:
    """A new script project, bound to a spreadsheet and empty but for its manifest.

    Raises
    ------
    ServiceError
        The connection broke, so that nobody knows whether it was made.
    """
    body = {"title": title, "parentId": spreadsheet_id}
    try:
        answer = client.call("POST", "/v1/projects", body=body)
    except ServiceError as error:
        if error.key in ("google_unknown_end", "google_garbled", "google_down"):
            raise ServiceError("script_perhaps_made") from error
        raise
    return ScriptProject(str(answer["scriptId"]), spreadsheet_id)


def open_project(client: ScriptClient, script_id: str) -> ScriptProject:
    """What Google knows of a project.

    Raises
    ------
    TargetError
        There is none, or none for this account.
    """
    answer = _of(client, "GET", script_id)
    return ScriptProject(script_id, answer.get("parentId"))


def read_content(client: ScriptClient, script_id: str) -> dict[str, str]:
    """The files of a project: name with its ending (``.js``, ``.html``, ``.json``) -> text."""
    answer = _of(client, "GET", script_id, "/content")
    return {
        f"{each['name']}.{_ENDINGS.get(each.get('type', ''), 'txt')}": each.get("source", "")
        for each in answer.get("files", ())
    }


def write_content(client: ScriptClient, script_id: str, files: Mapping[str, str]) -> None:
    """Replace all files of a project: names and texts as :func:`read_content` has them."""
    listed = []
    for full, text in files.items():
        name, _, ending = full.rpartition(".")
        listed.append({"name": name, "type": _TYPES[ending], "source": text})
    _of(client, "PUT", script_id, "/content", body={"files": listed})


def remember(
    client: SheetsClient, spreadsheet_id: str, script_id: str, *, before: str | None = None
) -> None:
    """Note in the spreadsheet itself which project is its add-on.

    Parameters
    ----------
    before : what the note says now; None where there is none

    Raises
    ------
    TargetError
        It could not be noted; for example because somebody else did at the same time.
    """
    key = names.META + RECORD
    # One id in every spreadsheet: of two notes at once Google refuses the second.
    note = create_metadata(key, script_id, {"spreadsheet": True}, names.item_id(key, RECORD))
    requests = [note]
    if before is not None:
        lookup = {"metadataKey": key, "metadataValue": before}
        old = {"dataFilter": {"developerMetadataLookup": lookup}}
        requests.insert(0, {"deleteDeveloperMetadata": old})
    try:
        path = f"/v4/spreadsheets/{spreadsheet_id}:batchUpdate"
        client.call("POST", path, body={"requests": requests})
    except SheetsyncError as error:
        raise TargetError("script_not_noted", script=script_id) from error


def _of(client: ScriptClient, method: str, script_id: str, part: str = "", **rest: Any) -> Any:
    try:
        return client.call(method, f"/v1/projects/{script_id}{part}", **rest)
    except TargetError:
        raise TargetError("script_gone", script=script_id) from None
