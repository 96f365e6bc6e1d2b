"""Credentials: where they are found, what is said when they cannot be used, what stays secret."""

from __future__ import annotations

import json
import stat
import sys
import threading
import urllib.request
from pathlib import Path
from typing import Any

import pytest
import requests

from sheetsync import locales
from sheetsync.errors import CredentialsError
from sheetsync.workbooks.google import auth as google_auth
from sheetsync.workbooks.google.auth import describe_credentials, find_credentials, read_credentials
from sheetsync.workbooks.google.login import client_file, login
from sheetsync.workbooks.google.workbook import connect, create_spreadsheet
from tests.google import Server

EXAMPLE = Path(__file__).parents[2] / "credentials.example.json"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home, and no variables that point elsewhere."""
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")  # the stand-in speaks plain HTTP
    for name in ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path))
    for name in (
        google_auth.VARIABLE,
        google_auth.GOOGLE_VARIABLE,
        "XDG_CONFIG_HOME",
        "CLOUDSDK_CONFIG",
        "K_SERVICE",
        "GAE_ENV",
        "GCE_METADATA_HOST",
    ):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def put(path: Path, content: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = content if isinstance(content, str) else json.dumps(content)
    path.write_text(text, encoding="utf-8")
    return path


ROBOT = {
    "type": "service_account",
    "client_email": "robot@shop.iam.gserviceaccount.com",
    "private_key": "SECRET-KEY",
    "token_uri": "https://example.com/token",
}
USER = {"client_id": "id", "client_secret": "SECRET-CLIENT", "refresh_token": "SECRET-REFRESH"}
CLIENT = {"installed": {"client_id": "id", "client_secret": "SECRET-CLIENT"}}


# --- where ------------------------------------------------------------------------------------


def test_places_are_looked_at_in_order(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def used() -> Path | None:
        return find_credentials(named).path

    named: Path | None = None
    with pytest.raises(CredentialsError) as none:
        find_credentials()
    assert none.value.key == "credentials_none"
    theirs = put(google_auth.gspread_dir() / "authorized_user.json", USER)
    assert used() == theirs
    theirs = put(google_auth.gspread_dir() / "service_account.json", ROBOT)
    assert used() == theirs
    ours = put(google_auth.config_dir() / "authorized_user.json", USER)
    assert used() == ours  # what somebody did with our own command wins
    ours = put(google_auth.config_dir() / "service_account.json", ROBOT)
    assert used() == ours
    monkeypatch.setenv(google_auth.GOOGLE_VARIABLE, str(put(home / "google.json", ROBOT)))
    assert used() == home / "google.json"
    monkeypatch.setenv(google_auth.VARIABLE, str(put(home / "own.json", ROBOT)))
    assert used() == home / "own.json"
    named = put(home / "named.json", USER)
    assert used() == named


def test_an_oauth_client_asks_for_a_login_and_then_uses_it() -> None:
    put(google_auth.gspread_dir() / "credentials.json", CLIENT)
    with pytest.raises(CredentialsError) as needed:
        find_credentials()
    assert needed.value.key == "credentials_need_login"
    saved = put(google_auth.config_dir() / "authorized_user.json", USER)
    assert find_credentials(google_auth.gspread_dir() / "credentials.json").path == saved


def test_googles_default_credentials_are_the_last_resort(home: Path) -> None:
    put(home / ".config/gcloud/application_default_credentials.json", USER)
    assert find_credentials().kind == "default"


def test_what_is_used_can_be_described_without_secrets(home: Path) -> None:
    put(google_auth.config_dir() / "service_account.json", ROBOT)
    put(google_auth.gspread_dir() / "authorized_user.json", USER)
    places = describe_credentials()
    there = {p.path.name: p for p in places if p.path is not None and p.state != "absent"}
    assert there["service_account.json"].state == "used"
    assert there["service_account.json"].account == ROBOT["client_email"]
    assert there["authorized_user.json"].state == "unused"
    assert "SECRET" not in repr(places) + repr(find_credentials())
    broken = describe_credentials(put(home / "x.json", "{"))
    assert [p.state for p in broken] == ["broken"]
    assert broken[0].problem is not None


# --- what is wrong ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "key"),
    [
        ("not json, SECRET", "credentials_not_json"),
        ("[1]", "credentials_other_kind"),
        ({"hello": "SECRET"}, "credentials_other_kind"),
        ({k: v for k, v in ROBOT.items() if k != "client_email"}, "credentials_fields"),
        ({"refresh_token": "SECRET"}, "credentials_fields"),
        ({"installed": {"client_id": "x"}}, "credentials_fields"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(home: Path, content: Any, key: str) -> None:
    path = put(home / "bad.json", content)
    with pytest.raises(CredentialsError) as error:
        read_credentials(path)
    assert error.value.key == key
    for lang in locales.LANGUAGES:
        sentence = error.value.sentence(locales.load(lang))
        assert str(path) in sentence
        assert "SECRET" not in sentence


def test_a_file_that_is_not_there_or_no_file_says_so(home: Path) -> None:
    for path, key in ((home / "no.json", "credentials_absent"), (home, "credentials_unreadable")):
        with pytest.raises(CredentialsError) as error:
            read_credentials(path)
        assert error.value.key == key


def test_a_key_that_is_no_key_says_so_and_stays_secret(home: Path) -> None:
    path = put(home / "robot.json", ROBOT)
    with pytest.raises(CredentialsError) as error:
        connect(path)
    assert error.value.key == "credentials_bad_key"
    assert "SECRET" not in str(error.value)
    assert error.value.__cause__ is None


def test_the_example_shows_the_shape_and_no_key() -> None:
    found = read_credentials(EXAMPLE)
    assert found.kind == "service_account"
    with pytest.raises(CredentialsError) as error:
        connect(EXAMPLE)
    assert error.value.key == "credentials_bad_key"


# --- for real ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["service_account", "authorized_user"])
def test_credentials_open_a_sheet(server: Server, home: Path, kind: str) -> None:
    client = connect(server.credentials(kind, home / "c.json"))
    id_ = server.create("Shop")
    server.share(id_, Server.SERVICE_ACCOUNT)
    answer = client.call("get", f"/v4/spreadsheets/{id_}", params={"fields": "properties.title"})
    assert answer == {"properties": {"title": "Shop"}}


def test_a_token_that_expires_in_the_middle_is_renewed(server: Server, home: Path) -> None:
    client = connect(server.credentials("authorized_user", home / "c.json"))
    path = f"/v4/spreadsheets/{create_spreadsheet(client, 'Shop', 'ru_RU', 'Europe/Moscow')}"
    server.accounts.expire()
    assert client.call("get", path)["properties"]["title"] == "Shop"


def test_a_revoked_login_says_so(server: Server, home: Path) -> None:
    client = connect(server.credentials("authorized_user", home / "c.json"))
    server.accounts.refresh_tokens.clear()
    with pytest.raises(CredentialsError) as error:
        client.call("get", "/v4/spreadsheets/x")
    assert error.value.key == "google_expired"
    assert "sheetsync login" in str(error.value)


def test_a_deleted_key_says_so(server: Server, home: Path) -> None:
    client = connect(server.credentials("service_account", home / "c.json"))
    server.accounts.service_accounts.clear()
    with pytest.raises(CredentialsError) as error:
        client.call("get", "/v4/spreadsheets/x")
    assert error.value.key == "google_key_refused"


def test_a_login_in_the_browser_is_kept_for_its_owner_only(server: Server) -> None:
    path = put(google_auth.config_dir() / "credentials.json", "{}")
    server.credentials("client", path)
    shown: list[str] = []

    def browser(url: str) -> None:
        shown.append(url)
        threading.Thread(target=lambda: urllib.request.urlopen(url).close()).start()

    saved = login(client_file(), show=browser, open_browser=False)
    assert len(shown) == 1
    assert saved == google_auth.config_dir() / "authorized_user.json"
    if sys.platform != "win32":
        assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    kept = json.loads(saved.read_text())
    assert kept["scopes"] == list(google_auth.SCOPES)
    assert "token" not in kept
    assert create_spreadsheet(connect(), "Shop", "en_US", "Europe/Moscow")


def test_a_login_without_a_client_or_with_another_file_says_so(home: Path) -> None:
    with pytest.raises(CredentialsError) as error:
        client_file()
    assert error.value.key == "login_no_client"
    for content in (ROBOT, {"web": CLIENT["installed"]}):
        with pytest.raises(CredentialsError) as error:
            login(put(home / "c.json", content))
        assert error.value.key == "login_wrong_client"


def test_nobody_consenting_is_told(server: Server, home: Path) -> None:
    client = server.credentials("client", home / "c.json")
    with pytest.raises(CredentialsError) as error:
        login(client, timeout=1, open_browser=False)
    assert error.value.key == "login_timeout"


def test_refused_consent_is_told(server: Server, home: Path) -> None:
    def browser(url: str) -> None:
        back = dict(pair.split("=", 1) for pair in url.partition("?")[2].split("&"))
        address = requests.utils.unquote(back["redirect_uri"])
        answer = f"{address}?error=access_denied&state={back['state']}"
        threading.Thread(target=lambda: urllib.request.urlopen(answer).close()).start()

    with pytest.raises(CredentialsError) as error:
        login(server.credentials("client", home / "c.json"), show=browser, open_browser=False)
    assert error.value.key == "login_refused"
    assert not (google_auth.config_dir() / "authorized_user.json").exists()
