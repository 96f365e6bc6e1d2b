"""What goes wrong on purpose: faults by script, quotas, and what happens between requests."""

from __future__ import annotations

from pathlib import Path

import pytest
import requests
from google.auth.transport.requests import AuthorizedSession, Request
from google.oauth2 import service_account

from tests.google import Fault, Server
from tests.google.conftest import Api

SHEETS = "https://www.googleapis.com/auth/spreadsheets"


def title(api: Api) -> str:
    return str(api.get("properties.title")["properties"]["title"])


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_the_nth_request_fails_and_the_next_does_not(server: Server, api: Api, status: int) -> None:
    server.fault(2, status=status, retry_after="7")
    assert api.call("GET", "").ok
    answer = api.call("GET", "")
    assert (answer.status_code, answer.headers["Retry-After"]) == (status, "7")
    assert answer.json()["error"]["code"] == status
    assert api.call("GET", "").ok
    assert [each.status for each in server.requests] == [200, status, 200]


@pytest.mark.parametrize(("when", "applied"), [("before", False), ("after", True)])
def test_a_connection_is_cut_before_or_after_the_write(
    server: Server, api: Api, when: str, applied: bool
) -> None:
    server.fault(1, reset=when)
    with pytest.raises(requests.ConnectionError):
        api.batch({"addSheet": {"properties": {"title": "New"}}})
    assert ("New" in [sheet.title for sheet in server.file(api.id).sheets]) is applied
    assert server.requests[-1].status == 0


def test_a_body_is_truncated(server: Server, api: Api) -> None:
    server.fault(1, truncate=True)
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        api.call("GET", "")


@pytest.mark.parametrize("applied", [True, False])
def test_a_body_is_no_json(server: Server, api: Api, applied: bool) -> None:
    server.faults.at(1, Fault(text="<html>", applied=applied))
    answer = api.call("POST", ":batchUpdate", json={"requests": [{"addSheet": {}}]})
    assert answer.text == "<html>"
    assert len(server.file(api.id).sheets) == 1 + applied


def test_a_slow_answer_runs_into_the_time_out_and_was_applied(server: Server, api: Api) -> None:
    server.fault(1, delay=0.4)
    with pytest.raises(requests.ReadTimeout):
        api.call("POST", ":batchUpdate", json={"requests": [{"addSheet": {}}]}, timeout=0.1)
    assert title(api) == "Shop"


def test_quotas_count_reads_and_writes_by_the_minute(server: Server, api: Api) -> None:
    now = [0.0]
    server.quota.reads, server.quota.writes, server.quota.clock = 2, 1, lambda: now[0]
    assert [api.call("GET", "").status_code for _ in range(3)] == [200, 200, 429]
    body = {"requests": [{"addSheet": {}}]}
    assert [api.call("POST", ":batchUpdate", json=body).status_code for _ in range(2)] == [200, 429]
    now[0] = 61
    assert api.call("GET", "").status_code == 200
    assert api.call("GET", "").json()["properties"]["title"] == "Shop"
    refused = api.call("GET", "").json()["error"]
    assert refused["status"] == "RESOURCE_EXHAUSTED"


def test_operators_work_between_two_requests(server: Server, api: Api) -> None:
    api.put("A1:A2", [["Name"], ["Anna"]])
    person = server.operator(api.id)
    done = server.before(lambda number, _: person.type("Sheet1", 2, "Name", f"Name {number}"))
    assert api.values("A2") == [["Name 2"]]
    assert api.values("A2") == [["Name 3"]]
    done()
    assert api.values("A2") == [["Name 3"]]


def test_the_log_tells_what_was_asked_and_answered(server: Server, api: Api) -> None:
    body = b'{"requests":[{"addSheet":{"properties":{"title":"A"}}},{"addSheet":{}}]}'
    api.ok("POST", ":batchUpdate", data=body)
    (line,) = server.requests
    assert (line.method, line.operation) == ("POST", "sheets.spreadsheets.batchUpdate")
    assert line.kinds == ["addSheet", "addSheet"]
    assert line.user == server.OWNER
    assert (line.size, line.status) == (len(body), 200)
    assert line.answer_size > 100


def test_errors_of_a_hook_come_out_when_the_server_stops() -> None:
    def hook(number: int, _: object) -> None:
        raise LookupError(number)

    with pytest.raises(LookupError), Server() as server:
        api = Api(server, server.create())
        server.before(hook)
        assert api.call("GET", "").ok
        api.close()


def test_an_expired_token_is_renewed_by_google_auth_and_the_request_goes_on(
    server: Server, api: Api, tmp_path: Path
) -> None:
    server.share(api.id, server.SERVICE_ACCOUNT)
    path = server.credentials("service_account", tmp_path / "robot.json")
    credentials = service_account.Credentials.from_service_account_file(str(path), scopes=[SHEETS])
    url = f"{server.url}/v4/spreadsheets/{api.id}"
    with (
        requests.Session() as plain,
        AuthorizedSession(credentials, auth_request=Request(plain)) as session,
    ):
        assert session.get(url).ok
        server.fault(2, expire=True)
        server.fault(4, status=401)
        body = {"requests": [{"addSheet": {"properties": {"title": "New"}}}]}
        assert session.get(url).ok
        assert session.post(f"{url}:batchUpdate", json=body).ok
        assert session.get(url).ok
    assert [each.status for each in server.requests] == [200, 200, 401, 200, 401, 200]
    assert server.token_requests == 3
    assert [sheet.title for sheet in server.file(api.id).sheets] == ["Sheet1", "New"]


def test_somebody_is_shut_out_between_two_requests(server: Server, api: Api, other: Api) -> None:
    def added() -> int:
        body = {"requests": [{"addSheet": {}}]}
        return other.call("POST", ":batchUpdate", json=body).status_code

    assert other.call("GET", "").ok
    done = server.before(lambda _number, _request: server.unshare(api.id, "anna@example.com"))
    assert added() == 403
    done()
    server.share(api.id, "anna@example.com", "reader")
    assert other.call("GET", "").ok
    assert added() == 403
    server.share(api.id, "anna@example.com")
    assert added() == 200


def test_a_body_over_the_limit_is_refused_before_it_is_read(server: Server, api: Api) -> None:
    server.body_limit = 100
    text = "x" * 100
    answer = api.call("PUT", "/values/A1?valueInputOption=RAW", json={"values": [[text]]})
    assert (answer.status_code, answer.headers["Content-Type"]) == (413, "text/html; charset=UTF-8")
    assert api.values("A1") == []


def test_drive_does_not_spend_the_quota_of_sheets(server: Server, api: Api) -> None:
    server.quota.reads = 1
    for _ in range(3):
        assert api.session.get(f"{server.url}/drive/v3/files/{api.id}").ok
    assert [api.call("GET", "").status_code for _ in range(2)] == [200, 429]
    details = api.call("GET", "").json()["error"]["details"]
    assert details[0]["reason"] == "RATE_LIMIT_EXCEEDED"
    assert details[0]["metadata"]["quota_limit"] == "ReadRequestsPerMinutePerUser"
