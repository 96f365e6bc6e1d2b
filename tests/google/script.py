"""The Apps Script API: projects bound to spreadsheets. Strict where Google's way is unknown."""

from __future__ import annotations

import json
import zoneinfo
from dataclasses import dataclass, field
from typing import Any

from .calls import Call, Store, method
from .errors import ApiError, invalid, not_found
from .protection import check_role

# What a new project holds, and what the editor puts into one that a person opens.
_NEW = {
    "timeZone": "America/New_York",
    "dependencies": {},
    "exceptionLogging": "STACKDRIVER",
    "runtimeVersion": "V8",
}
_FIRST_FILE = {
    "name": "Code",
    "type": "SERVER_JS",
    "source": "function myFunction() {\n  \n}\n",
}
_MANIFEST_KEYS = {
    "addOns", "chat", "dependencies", "exceptionLogging", "executionApi", "oauthScopes",
    "runtimeVersion", "sheets", "timeZone", "urlFetchWhitelist", "webapp",
}  # fmt: skip
_NOT_SWITCHED_ON = (
    "User has not enabled the Apps Script API. Enable it by visiting "
    "https://script.google.com/home/usersettings then retry. If you enabled this API recently, "
    "wait a few minutes for the action to propagate to our systems and retry."
)


@dataclass
class Script:
    """A script project."""

    id: str
    title: str
    parent: str | None
    owner: str
    files: list[dict[str, str]] = field(default_factory=list)

    def source(self, name: str) -> str:
        """The text of a file; KeyError when there is none."""
        return next(each["source"] for each in self.files if each["name"] == name)


class Scripts:
    """All script projects, and who may use the API."""

    def __init__(self) -> None:
        self.projects: dict[str, Script] = {}
        self.switched_off: set[str] = set()
        self.api_off = False

    def make(self, title: str, parent: str | None, owner: str) -> Script:
        """A new project, empty but for its manifest."""
        id = f"1script{len(self.projects):04d}".ljust(57, "x")
        manifest = {"name": "appsscript", "type": "JSON", "source": json.dumps(_NEW, indent=2)}
        script = Script(id, title, parent, owner, [manifest])
        self.projects[id] = script
        return script

    def open_editor(self, parent: str, owner: str) -> Script:
        """What a person gets who opens Extensions › Apps Script for the first time."""
        script = self.make("Untitled project", parent, owner)
        script.files.append(dict(_FIRST_FILE))
        return script

    def bound_to(self, parent: str) -> list[Script]:
        """The projects of a spreadsheet, in the order they were made."""
        return [each for each in self.projects.values() if each.parent == parent]


def _check_caller(store: Store, call: Call) -> None:
    if store.scripts.api_off:
        link = "https://console.developers.google.com/apis/api/script.googleapis.com/overview"
        raise ApiError(
            403,
            f"Apps Script API has not been used in project 1 before or it is disabled. Enable it "
            f"by visiting {link} then retry.",
            [
                {
                    "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                    "reason": "SERVICE_DISABLED",
                    "domain": "googleapis.com",
                    "metadata": {"service": "script.googleapis.com", "activationUrl": link},
                }
            ],
        )
    if call.service_account:
        raise ApiError(403, "The caller does not have permission")
    if call.user in store.scripts.switched_off:
        raise ApiError(403, _NOT_SWITCHED_ON)


def _open(store: Store, call: Call) -> Script:
    """A project that the caller may edit: a bound one by the rights to its spreadsheet."""
    _check_caller(store, call)
    script = store.scripts.projects.get(call.path["scriptId"])
    if script is None:
        raise not_found()
    if script.parent is None:
        if script.owner != call.user:
            raise not_found()
    else:
        check_role(store.files[script.parent], call.user, write=True)
    return script


def _project(script: Script) -> dict[str, Any]:
    answer = {"scriptId": script.id, "title": script.title}
    return answer | ({"parentId": script.parent} if script.parent else {})


@method("script.projects.create")
def create(store: Store, call: Call) -> dict[str, Any]:
    _check_caller(store, call)
    parent = call.body.get("parentId")
    if not call.body.get("title"):
        raise invalid("Request contains an invalid argument.")
    if parent is not None:
        store.open(parent, call.user, write=True)
    return _project(store.scripts.make(call.body["title"], parent, call.user))


@method("script.projects.get")
def get(store: Store, call: Call) -> dict[str, Any]:
    return _project(_open(store, call))


@method("script.projects.getContent")
def get_content(store: Store, call: Call) -> dict[str, Any]:
    script = _open(store, call)
    return {"scriptId": script.id, "files": [dict(each) for each in script.files]}


@method("script.projects.updateContent")
def update_content(store: Store, call: Call) -> dict[str, Any]:
    """All files are replaced, or none is."""
    script = _open(store, call)
    files = call.body.get("files", [])
    names = [each.get("name", "") for each in files]
    for each in files:
        _check_file(each)
    _check_scripts([each for each in files if each["type"] == "SERVER_JS"])
    if len(set(names)) != len(names):
        raise invalid("A file with this name already exists in the current project.")
    if "appsscript" not in names:
        raise invalid("Project contents must include a manifest file named appsscript.")
    script.files = [{k: each[k] for k in ("name", "type", "source")} for each in files]
    return get_content(store, call)


def _check_file(file: dict[str, Any]) -> None:
    name, kind, source = (file.get(key) for key in ("name", "type", "source"))
    if not name or source is None or kind not in ("SERVER_JS", "HTML", "JSON"):
        raise invalid("Request contains an invalid argument.")
    if name.rpartition(".")[2] in ("gs", "js", "html", "json"):
        raise invalid(f"The file name {name} has an extension.")
    if (kind == "JSON") != (name == "appsscript"):
        raise invalid("The manifest must be named appsscript and be the only JSON file.")
    if kind == "JSON":
        _check_manifest(source)


def _check_manifest(source: str) -> None:
    def wrong(what: str) -> ApiError:
        return invalid(f'"appsscript.json" has errors: Invalid manifest: {what}.')

    try:
        manifest = json.loads(source)
    except ValueError:
        raise wrong("it is not JSON") from None
    if unknown := manifest.keys() - _MANIFEST_KEYS:
        raise wrong(f"unknown fields: {sorted(unknown)}")
    if manifest.get("timeZone") not in zoneinfo.available_timezones():
        raise wrong("timeZone")
    if manifest.get("runtimeVersion", "V8") not in ("V8", "STABLE", "DEPRECATED_ES5"):
        raise wrong("runtimeVersion")
    if manifest.get("exceptionLogging", "NONE") not in ("NONE", "STACKDRIVER"):
        raise wrong("exceptionLogging")
    scopes = manifest.get("oauthScopes", [])
    if len(set(scopes)) != len(scopes) or not all(each.startswith("https://") for each in scopes):
        raise wrong("oauthScopes")


def _check_scripts(files: list[dict[str, Any]]) -> None:
    """A script that V8 cannot read is refused, as the editor refuses to save it."""
    from py_mini_racer import JSEvalException, MiniRacer

    v8 = MiniRacer()
    try:
        for file in files:
            v8.eval(f"new Function({json.dumps(file['source'])}); 1")
    except JSEvalException as error:
        line = str(error).strip().splitlines()[0]
        raise invalid(f"Syntax error: {line} file: {file['name']}") from None
    finally:
        v8.close()
