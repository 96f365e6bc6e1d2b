"""What Google answered, recorded from gspread's own tests, against what the stand-in answers.

The requests of each recording are played in order. Ids that a server hands out are mapped when they
are handed out; times are not compared. Files of the recording account that no request made are put
there beforehand.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from tests.google import Server

RECORDINGS = Path(__file__).resolve().parents[2].parent / "shared" / "google-recordings"
USER = "recorder@recorder.iam.gserviceaccount.com"
"""Who recorded, where a recording does not tell."""

pytestmark = pytest.mark.skipif(not RECORDINGS.is_dir(), reason="no recordings beside the project")

DIFFERENT = {
    ("WorksheetTest.test_auto_resize_columns", "fields=sheets.data.columnMetadata"): (
        "the width of a column after auto-resize: Google measures the text in its fonts"
    ),
    ("ClientTest.test_import_csv", "uploadType=media&convert=True&supportsAllDrives=True"): (
        "Drive v2 tells dozens of things about a file that v3 and this server do not know"
    ),
}
"""(recording, query of the request) -> why our answer differs."""
_IDS = ("id", "spreadsheetId", "sheetId", "namedRangeId", "protectedRangeId")
_TIMES = ("createdTime", "modifiedTime")


class Replay:
    """One recording, played to a server of its own."""

    def __init__(self, server: Server, session: requests.Session, user: str) -> None:
        self.server, self.session, self.user = server, session, user
        self.ids: dict[str, str] = {}
        self.uploaded = False  # a file was imported: the next answer shows the id of its sheet

    def text(self, recorded: str) -> str:
        """Recorded text with our ids in it."""
        if not self.ids:
            return recorded
        known = "|".join(re.escape(each) for each in sorted(self.ids, key=len, reverse=True))
        return re.sub(rf"(?<![\w-])(?:{known})(?![\w-])", lambda m: self.ids[m[0]], recorded)

    def play(self, interaction: dict[str, Any]) -> tuple[Any, Any]:
        """Send one recorded request; what was recorded and what came, in comparable form."""
        request, answer = interaction["request"], interaction["response"]
        recorded = _loaded(answer["body"].get("string", ""))
        self._others(request, answer["status"]["code"], recorded)
        parts = urlsplit(self.text(request["uri"]))
        came = self.session.request(
            request["method"],
            f"{self.server.url}{parts.path}" + (f"?{parts.query}" if parts.query else ""),
            data=self.text(request["body"]).encode() if request["body"] else None,
            headers={"Content-Type": "application/json"} if request["body"] else None,
        )
        ours = _loaded(came.text)
        if request["method"] == "POST" or self.uploaded:
            self._learn(recorded, ours)
        self.uploaded = parts.path.startswith("/upload/")
        recorded = _loaded(self.text(json.dumps(recorded))) if recorded != "" else ""
        return (
            (answer["status"]["code"], _timeless(recorded)),
            (came.status_code, _timeless(ours)),
        )

    def _learn(self, recorded: Any, ours: Any) -> None:
        """Ids in the answer to a request that makes things."""
        if isinstance(recorded, dict) and isinstance(ours, dict):
            for name in recorded.keys() & ours.keys():
                if name in _IDS and str(recorded[name]) not in self.ids and recorded[name]:
                    self.ids[str(recorded[name])] = str(ours[name])
                else:
                    self._learn(recorded[name], ours[name])
        elif isinstance(recorded, list) and isinstance(ours, list):
            for one, other in zip(recorded, ours, strict=False):
                self._learn(one, other)

    def _others(self, request: dict[str, Any], status: int, recorded: Any) -> None:
        """Files that were there in the account: seen in a list, or refused as another's."""
        if status == 403:
            id = request["uri"].split("/spreadsheets/")[1].split("?")[0]
            self.ids[id] = self.server.create("Another's", owner="another@example.com")
        listed = recorded.get("files", []) if isinstance(recorded, dict) else []
        if not listed:
            return
        here = {each["id"] for each in listed}
        files = self.server.store.files
        everything = "name" not in request["uri"].partition("q=")[2].partition("&")[0]
        for theirs, our in self.ids.items():
            if everything and theirs not in here:
                files.pop(our, None)
        for each in listed:
            if each["id"] not in self.ids:
                our = self.server.create(each["name"], timezone="Etc/GMT", owner=self.user)
                files[our].created = _moment(each["createdTime"])
                self.ids[each["id"]] = our
            elif self.ids[each["id"]] in files:
                files[self.ids[each["id"]]].created = _moment(each["createdTime"])


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


def _loaded(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _timeless(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: "…" if k in _TIMES else _timeless(v) for k, v in value.items()}
    return [_timeless(each) for each in value] if isinstance(value, list) else value


def replay(path: Path) -> list[tuple[int, str, Any, Any]]:
    """Every interaction of a recording: number, what it was, recorded, came."""
    played = []
    text = path.read_text(encoding="utf-8")
    interactions = json.loads(text)["interactions"]
    told = re.search(r"[\w-]+@[\w-]+\.iam\.gserviceaccount\.com", text)
    user = told[0] if told else USER
    with Server() as server, requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {server.token(user)}"
        run = Replay(server, session, user)
        for number, each in enumerate(interactions):
            recorded, came = run.play(each)
            what = f"{each['request']['method']} {each['request']['uri']}"
            played.append((number, what, recorded, came))
    return played


def test_the_recorded_interactions_come_out_the_same() -> None:
    played = {path.stem: replay(path) for path in sorted(RECORDINGS.glob("*.json"))}
    total = sum(map(len, played.values()))
    different = {
        (name, what.partition("?")[2]): (recorded, came)
        for name, each in played.items()
        for _, what, recorded, came in each
        if recorded != came
    }
    unequal = sum(recorded != came for each in played.values() for *_, recorded, came in each)
    assert total >= 1252
    assert different.keys() <= DIFFERENT.keys()
    assert 1 - unequal / total >= 0.95
