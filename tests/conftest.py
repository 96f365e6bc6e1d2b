import gc
import os
from collections.abc import Iterator

# Before numpy is imported: every worker has a core, and threads of its own would share it.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import pytest

from sheetsync.workbooks.google.http import ENDPOINT
from tests.google import Server

# A refresh leaves millions of objects behind and hardly a cycle; looking for some costs a tenth.
gc.set_threshold(50_000, 20, 50)

# The contract suite is no test module itself, and its asserts shall explain themselves too.
pytest.register_assert_rewrite("tests.workbooks.contract")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """The stand-in for Google, and every API call sent there."""
    with Server() as server:
        monkeypatch.setenv(ENDPOINT, server.url)
        yield server
