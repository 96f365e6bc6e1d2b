"""Who gets in: tokens, scopes, sharing."""

from __future__ import annotations

import json
from pathlib import Path

import google.auth.exceptions
import gspread
import pytest
import requests
from google.auth.transport.requests import Request
from google.oauth2 import service_account

from tests.google import Server
from tests.google.conftest import Api

SHEETS = "https://www.googleapis.com/auth/spreadsheets"


def service(path: Path, *scopes: str) -> service_account.Credentials:
    return service_account.Credentials.from_service_account_file(
        str(path), scopes=scopes or (SHEETS,)
    )


def refreshed(credentials: service_account.Credentials) -> str:
    with requests.Session() as session:
        credentials.refresh(Request(session))
    return str(credentials.token)


def test_a_service_account_logs_in_with_its_file(server: Server, tmp_path: Path) -> None:
    id = server.create("Shop")
    server.share(id, server.SERVICE_ACCOUNT)
    path = server.credentials("service_account", tmp_path / "robot.json")
    api = Api(server, id)
    api.session.headers["Authorization"] = f"Bearer {refreshed(service(path))}"
    assert api.get("properties.title") == {"properties": {"title": "Shop"}}
    assert server.requests[-1].user == server.SERVICE_ACCOUNT
    api.close()


def test_a_key_that_the_server_did_not_make_is_refused(server: Server, tmp_path: Path) -> None:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    path = server.credentials("service_account", tmp_path / "robot.json")
    data = json.loads(path.read_text())
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    data["private_key"] = stranger.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()
    path.write_text(json.dumps(data))
    with pytest.raises(google.auth.exceptions.RefreshError, match="Invalid JWT Signature"):
        refreshed(service(path))


def test_a_scope_that_is_none_is_refused(server: Server, tmp_path: Path) -> None:
    path = server.credentials("service_account", tmp_path / "robot.json")
    with pytest.raises(google.auth.exceptions.RefreshError, match="invalid_scope"):
        refreshed(service(path, "https://example.com/everything"))


def test_a_refresh_token_is_exchanged_until_it_is_revoked(server: Server, tmp_path: Path) -> None:
    path = server.credentials("authorized_user", tmp_path / "user.json")
    data = json.loads(path.read_text())
    form = {"grant_type": "refresh_token", "refresh_token": data["refresh_token"]}
    assert requests.post(data["token_uri"], data=form).json()["token_type"] == "Bearer"
    server.accounts.refresh_tokens.clear()
    answer = requests.post(data["token_uri"], data=form)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize("header", [None, "Bearer wrong", "Basic abc"])
def test_without_a_valid_token_the_answer_is_401(api: Api, header: str | None) -> None:
    api.session.headers["Authorization"] = header
    answer = api.call("GET", "")
    assert answer.status_code == 401
    assert answer.json()["error"]["status"] == "UNAUTHENTICATED"


def test_tokens_expire(server: Server, api: Api) -> None:
    server.accounts.expire()
    assert api.call("GET", "").status_code == 401


def test_reading_scopes_do_not_write_and_do_not_filter(server: Server, api: Api) -> None:
    token = server.token(scopes=frozenset({f"{SHEETS}.readonly"}))
    api.session.headers["Authorization"] = f"Bearer {token}"
    assert api.call("GET", "").ok
    for path in (":batchUpdate", ":getByDataFilter", "/developerMetadata:search"):
        answer = api.call("POST", path, json={})
        assert answer.status_code == 403
        assert answer.json()["error"]["message"].startswith("Request had insufficient")


def test_a_file_that_is_not_shared_is_forbidden_and_an_unknown_one_not_found(
    server: Server,
) -> None:
    api = Api(server, server.create("Shop"), "stranger@example.com")
    answer = api.call("GET", "")
    assert answer.status_code == 403
    assert answer.json()["error"] == {
        "code": 403,
        "message": "The caller does not have permission",
        "status": "PERMISSION_DENIED",
    }
    api.id = "1" * 44
    assert api.call("GET", "").json()["error"]["message"] == "Requested entity was not found."
    api.close()


def test_a_reader_reads_only(server: Server, api: Api) -> None:
    server.share(api.id, "reader@example.com", "reader")
    reader = Api(server, api.id, "reader@example.com")
    assert reader.call("GET", "").ok
    answer = reader.call("POST", ":batchUpdate", json={"requests": [{"addSheet": {}}]})
    assert answer.status_code == 403
    server.unshare(api.id, "reader@example.com")
    assert reader.call("GET", "").status_code == 403
    reader.close()


def test_service_accounts_cannot_make_files(server: Server) -> None:
    token = server.token(server.SERVICE_ACCOUNT, service_account=True)
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {token}"
        body = {"name": "Mine", "mimeType": "application/vnd.google-apps.spreadsheet"}
        drive = session.post(f"{server.url}/drive/v3/files", json=body)
        sheets = session.post(f"{server.url}/v4/spreadsheets", json={})
    assert drive.json()["error"]["errors"][0]["reason"] == "storageQuotaExceeded"
    assert (drive.status_code, sheets.status_code) == (403, 403)
    assert not server.store.files


def test_people_can(server: Server) -> None:
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {server.token()}"
        made = session.post(
            f"{server.url}/v4/spreadsheets",
            json={
                "properties": {"title": "Лавка", "locale": "ru_RU", "timeZone": "Asia/Omsk"},
                "sheets": [{"properties": {"title": "Лиды", "sheetId": 5}}],
            },
        ).json()
    assert made["properties"]["timeZone"] == "Asia/Omsk"
    assert [each["properties"]["sheetId"] for each in made["sheets"]] == [5]


def test_gspread_opens_with_a_service_account(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gspread.http_client.SPREADSHEET_URL", f"{server.url}/v4/spreadsheets/%s")
    id = server.create("Shop")
    server.share(id, server.SERVICE_ACCOUNT)
    path = server.credentials("service_account", tmp_path / "robot.json")
    client = gspread.service_account(filename=path)
    assert client.open_by_key(id).sheet1.title == "Sheet1"
    client.http_client.session.close()
