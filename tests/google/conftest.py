"""A server, a file in it, and a plain client."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.google import Server


class Api:
    """Calls to one file, as its owner or somebody else."""

    def __init__(self, server: Server, id: str, email: str = Server.OWNER) -> None:
        self.server, self.id = server, id
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {server.token(email)}"

    def call(self, verb: str, path: str, **options: Any) -> requests.Response:
        """A call below ``/v4/spreadsheets/ID``."""
        url = f"{self.server.url}/v4/spreadsheets/{self.id}{path}"
        return self.session.request(verb, url, **options)

    def ok(self, verb: str, path: str, **options: Any) -> Any:
        answer = self.call(verb, path, **options)
        assert answer.ok, answer.text
        return answer.json()

    def batch(self, *requests_: dict[str, Any], **options: Any) -> Any:
        return self.ok("POST", ":batchUpdate", json={"requests": list(requests_), **options})

    def refused(self, *requests_: dict[str, Any]) -> str:
        """The message with which a batch is refused."""
        answer = self.call("POST", ":batchUpdate", json={"requests": list(requests_)})
        assert answer.status_code == 400, answer.text
        return str(answer.json()["error"]["message"])

    def get(self, fields: str, **params: Any) -> Any:
        return self.ok("GET", "", params={"fields": fields, **params})

    def put(self, where: str, rows: list[list[Any]], option: str = "USER_ENTERED") -> Any:
        params = {"valueInputOption": option}
        return self.ok("PUT", f"/values/{where}", params=params, json={"values": rows})

    def values(self, where: str, render: str = "UNFORMATTED_VALUE", **params: Any) -> Any:
        params = {"valueRenderOption": render, **params}
        return self.ok("GET", f"/values/{where}", params=params).get("values", [])

    def close(self) -> None:
        self.session.close()


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        yield server


@pytest.fixture
def api(server: Server) -> Iterator[Api]:
    api = Api(server, server.create("Shop"))
    yield api
    api.close()


@pytest.fixture
def russian(server: Server) -> Iterator[Api]:
    api = Api(server, server.create("Лавка", locale="ru_RU"))
    yield api
    api.close()


@pytest.fixture
def other(server: Server, api: Api) -> Iterator[Api]:
    """Somebody else who may write in the same file."""
    server.share(api.id, "anna@example.com")
    other = Api(server, api.id, "anna@example.com")
    yield other
    other.close()
