"""Patience with Google: what is sent again, how long we wait, and what people are told."""

from __future__ import annotations

from typing import Any

import gspread
import pytest
import requests

from sheetsync import locales
from sheetsync.errors import (
    AccessError,
    CredentialsError,
    ServiceError,
    SheetsyncError,
    TargetError,
)
from sheetsync.workbooks.google.errors import Refusal, clean, error_of
from sheetsync.workbooks.google.http import ENDPOINT, SheetsClient, redirected
from sheetsync.workbooks.google.patience import Patience
from sheetsync.workbooks.google.workbook import GoogleWorkbook, create_spreadsheet, parse_target
from tests.google import Server

ROBOT = Server.SERVICE_ACCOUNT
APPEND = {"requests": [{"appendCells": {"sheetId": 0, "rows": [{}], "fields": "*"}}]}
NUMBERED = {
    "requests": [
        {
            "createDeveloperMetadata": {
                "developerMetadata": {
                    "metadataId": 7,
                    "metadataKey": "step",
                    "visibility": "DOCUMENT",
                    "location": {"spreadsheet": True},
                }
            }
        }
    ]
}


class Waits(list[float]):
    """Seconds that were waited."""


@pytest.fixture
def waits() -> Waits:
    return Waits()


@pytest.fixture
def client(server: Server, waits: Waits) -> SheetsClient:
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {server.token()}"
    return SheetsClient(session=session, sleep=waits.append, chance=lambda: 0.5)


@pytest.fixture
def path(server: Server) -> str:
    return f"/v4/spreadsheets/{server.create('Shop')}"


# --- what is sent again -----------------------------------------------------------------------


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_read_is_repeated_and_the_pauses_grow(
    server: Server, client: SheetsClient, waits: Waits, path: str, status: int
) -> None:
    for number in (1, 2, 3):
        server.fault(number, status=status)
    assert client.call("get", path, params={"fields": "spreadsheetId"})["spreadsheetId"]
    assert waits == [1.5, 2.5, 4.5]
    assert (client.traffic.requests, client.traffic.retries) == (4, 3)


def test_retry_after_is_kept(server: Server, client: SheetsClient, waits: Waits, path: str) -> None:
    server.fault(1, status=429, retry_after="30")
    server.fault(2, status=503, retry_after="Sat, 21 Nov 2020 10:00:00 GMT")  # long ago
    client.call("get", path)
    assert waits == [30.5, 2.5]


def test_an_endless_retry_after_is_cut(
    server: Server, client: SheetsClient, waits: Waits, path: str
) -> None:
    server.fault(1, status=429, retry_after="86400")
    client.call("get", path)
    assert waits == [120.0]


def test_it_gives_up_after_a_bounded_time(
    server: Server, client: SheetsClient, waits: Waits, path: str
) -> None:
    for number in range(1, 50):
        server.fault(number, status=503)
    with pytest.raises(ServiceError) as error:
        client.call("get", path)
    assert error.value.key == "google_down"
    assert len(server.requests) == Patience().tries
    assert sum(waits) < 150


def test_the_pauses_are_bounded_and_never_in_step() -> None:
    patience = Patience(longest=10)
    assert [patience.pause(n, 0.25, None) for n in (1, 2, 3, 4, 5, 60)] == [
        1.25,
        2.25,
        4.25,
        8.25,
        10,
        10,
    ]


def test_waiting_is_told(server: Server, path: str) -> None:
    told: list[tuple[str, float]] = []
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {server.token()}"
    client = SheetsClient(
        session=session,
        sleep=lambda _: None,
        chance=lambda: 0.0,
        notify=lambda why, seconds: told.append((why, seconds)),
    )
    server.fault(1, status=429)
    server.fault(2, reset="before")
    client.call("get", path)
    assert told == [("busy", 1.0), ("fault", 2.0)]


@pytest.mark.parametrize("fault", [{"status": 503}, {"reset": "after"}, {"truncate": True}])
def test_an_append_is_never_sent_twice(
    server: Server, client: SheetsClient, path: str, fault: dict[str, Any]
) -> None:
    server.fault(1, **fault)
    with pytest.raises(ServiceError, match="again"):
        client.call("post", f"{path}:batchUpdate", body=APPEND)
    assert len(server.requests) == 1


def test_an_append_that_was_refused_for_quota_is_sent_again(
    server: Server, client: SheetsClient, path: str
) -> None:
    server.fault(1, status=429)
    client.call("post", f"{path}:batchUpdate", body=APPEND)
    assert len(server.requests) == 2


def test_a_numbered_step_is_sent_again(server: Server, client: SheetsClient, path: str) -> None:
    server.fault(1, reset="before")
    server.fault(2, status=503)
    client.call("post", f"{path}:batchUpdate", body=NUMBERED)
    assert len(server.requests) == 3


def test_gspread_itself_works_through_it(server: Server, client: SheetsClient) -> None:
    book = gspread.Spreadsheet(client, {"id": server.create("Shop")})
    server.fault(1, status=500)
    assert book.sheet1.title == "Sheet1"


# --- where it is sent -------------------------------------------------------------------------


def test_every_google_address_is_redirected_with_path_and_query(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(ENDPOINT, "http://127.0.0.1:1/")
    for host in ("sheets", "www", "drive", "script"):
        url = f"https://{host}.googleapis.com/v4/a?b=https://sheets.googleapis.com/"
        assert redirected(url) == "http://127.0.0.1:1/v4/a?b=https://sheets.googleapis.com/"
    assert redirected("https://oauth2.googleapis.com/token").startswith("https://oauth2.")
    monkeypatch.delenv(ENDPOINT)
    assert redirected("https://sheets.googleapis.com/v4") == "https://sheets.googleapis.com/v4"


def test_nobody_listening_is_told(monkeypatch: pytest.MonkeyPatch, waits: Waits) -> None:
    monkeypatch.setenv(ENDPOINT, "http://127.0.0.1:9")
    client = SheetsClient(session=requests.Session(), sleep=waits.append)
    with pytest.raises(ServiceError, match=r"127\.0\.0\.1:9 cannot be reached"):
        client.call("post", "/v4/spreadsheets", body={})
    assert len(waits) == Patience().tries - 1  # never connected: harmless to try again


def test_cyrillic_travels_as_two_bytes_a_letter(client: SheetsClient) -> None:
    create_spreadsheet(client, "Ж" * 1000, "ru_RU", "Europe/Moscow")
    assert 2000 < client.traffic.bytes_up < 2200
    assert client.traffic.bytes_down > 0


# --- what people are told ---------------------------------------------------------------------


def test_a_sheet_that_is_not_shared_names_the_address_to_share_with(server: Server) -> None:
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {server.token(ROBOT)}"
    client = SheetsClient(session=session, account=ROBOT)
    for lang in locales.LANGUAGES:
        with pytest.raises(AccessError) as error:
            GoogleWorkbook(client, server.create("Shop")).read()
        assert ROBOT in error.value.sentence(locales.load(lang))


def test_a_wrong_address_is_told(client: SheetsClient) -> None:
    with pytest.raises(TargetError):
        GoogleWorkbook(client, "1" + "x" * 43).read()


def test_a_service_account_that_creates_is_told_to_be_shared_with(server: Server) -> None:
    session = requests.Session()
    token = server.accounts.issue(ROBOT, service_account=True)
    session.headers["Authorization"] = f"Bearer {token}"
    client = SheetsClient(session=session, account=ROBOT)
    with pytest.raises(AccessError) as error:
        create_spreadsheet(client, "Shop", "en_US", "Europe/Moscow")
    assert error.value.key == "google_create_robot"
    assert ROBOT in str(error.value)


@pytest.mark.parametrize(
    ("refusal", "kind", "key"),
    [
        (Refusal(401), CredentialsError, "google_expired"),
        (
            Refusal(403, reasons=frozenset({"SERVICE_DISABLED"}), link="u"),
            AccessError,
            "google_api_off",
        ),
        (
            Refusal(403, reasons=frozenset({"ACCESS_TOKEN_SCOPE_INSUFFICIENT"})),
            CredentialsError,
            "google_scope",
        ),
        (Refusal(403, reasons=frozenset({"rateLimitExceeded"})), ServiceError, "google_quota"),
        (Refusal(403, reasons=frozenset({"storageQuotaExceeded"})), AccessError, "google_create"),
        (Refusal(403), AccessError, "google_not_shared_user"),
        (Refusal(404), TargetError, "google_not_found_user"),
        (
            Refusal(400, message="This operation is not supported for this document"),
            TargetError,
            "google_office_file",
        ),
        (
            Refusal(400, message="You are trying to edit a protected cell or object."),
            AccessError,
            "google_protected",
        ),
        (Refusal(400, message="odd"), ServiceError, "google_refused"),
        (Refusal(503), ServiceError, "google_down"),
        (Refusal(418, message="teapot"), ServiceError, "google_refused"),
    ],
)
def test_every_refusal_has_its_sentence(
    refusal: Refusal, kind: type[SheetsyncError], key: str
) -> None:
    error = error_of(refusal, account=None)
    assert (type(error), error.key) == (kind, key)
    for lang in locales.LANGUAGES:
        assert len(error.sentence(locales.load(lang))) > 20


def test_tokens_never_reach_a_message(server: Server, path: str) -> None:
    token = server.token(email="stranger@example.com")
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {token}"
    client = SheetsClient(session=session, sleep=lambda _: None)
    with pytest.raises(SheetsyncError) as error:
        client.call("get", path)
    assert token not in str(error.value) + repr(error.value) + repr(error.value.values)
    assert "ya29" not in clean(f"bad token {token} and Bearer {token}")


# --- addresses --------------------------------------------------------------------------------

ID = "1AbC-dEf_GhIjKlMnOpQrStUvWxYz0123456789abcdEFG"


@pytest.mark.parametrize(
    "text",
    [
        ID,
        f" {ID} ",
        f"https://docs.google.com/spreadsheets/d/{ID}/edit#gid=0",
        f"https://docs.google.com/spreadsheets/d/{ID}/edit?gid=12&usp=sharing",
        f"https://docs.google.com/spreadsheets/u/0/d/{ID}/htmlview",
        f"https://docs.google.com/a/shop.example/spreadsheets/d/{ID}",
        f"docs.google.com/spreadsheets/d/{ID}",
        f"https://drive.google.com/open?id={ID}",
        f"https://drive.google.com/file/d/{ID}/view",
    ],
)
def test_an_address_is_understood(text: str) -> None:
    assert parse_target(text) == ID


@pytest.mark.parametrize("text", ["crm.xlsx", "new", "", "https://example.com/d/abc", "short-id"])
def test_what_is_no_address_is_not(text: str) -> None:
    assert parse_target(text) is None
