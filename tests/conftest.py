from collections.abc import Iterator

import pytest

from sheetsync.workbooks.google.http import ENDPOINT
from tests.google import Server

# The contract suite is no test module itself, and its asserts shall explain themselves too.
pytest.register_assert_rewrite("tests.workbooks.contract")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """The stand-in for Google, and every API call sent there."""
    with Server() as server:
        monkeypatch.setenv(ENDPOINT, server.url)
        yield server
