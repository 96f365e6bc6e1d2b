"""Google Sheets keeps the contract, over real HTTP, against the stand-in server."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from sheetsync.workbooks.google.http import SheetsClient
from sheetsync.workbooks.google.workbook import GoogleWorkbook
from tests.google import Operator as Person
from tests.google import Server
from tests.workbooks.contract import WorkbookContract


def client_of(server: Server, email: str = Server.OWNER) -> SheetsClient:
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {server.token(email)}"
    return SheetsClient(session=session, account=email, sleep=lambda _: None)


@pytest.fixture(params=["en_US", "ru_RU"], scope="module")
def locale(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def versions(locale: str) -> list[Any]:  # noqa: ARG001 - each locale has a list of its own
    return []


class TestGoogle(WorkbookContract):
    @pytest.fixture
    def spreadsheet(self, server: Server, locale: str) -> str:
        return server.create("Shop", locale)

    @pytest.fixture
    def workbook(self, server: Server, spreadsheet: str) -> GoogleWorkbook:
        return GoogleWorkbook(client_of(server), spreadsheet)

    @pytest.fixture
    def operator(self, server: Server, spreadsheet: str) -> Person:
        return server.operator(spreadsheet)
