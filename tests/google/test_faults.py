"""What goes wrong on purpose: faults by script, quotas, and what happens between requests."""

from __future__ import annotations

import pytest
import requests

from tests.google import Fault, Server
from tests.google.conftest import Api


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
