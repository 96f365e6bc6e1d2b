"""Running commands as a person would, in an empty folder of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sheetsync.cli import main
from tests.google.server import Server

Run = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: empty, with no sheetsync.toml anywhere above it."""
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "SHEETSYNC_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SHEETSYNC_LANG", "en")
    # A slow machine is no reason for a command to say what it is doing.
    monkeypatch.setattr("sheetsync.cli.terminal.PATIENCE", float("inf"))
    return here


@pytest.fixture
def run(folder: Path) -> Run:  # noqa: ARG001
    """Run a command line; ``code`` is what it must end with."""

    def run(*words: object, code: int = 0, env: dict[str, str] | None = None) -> Result:
        result = CliRunner(env=env).invoke(main, [str(word) for word in words])
        assert result.exit_code == code, f"{words}: {result.output}\n{result.exc_info}"
        return result

    return run


@pytest.fixture
def server(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """The stand-in; this machine has no credentials but those of a service account."""
    for name in ("HOME", "APPDATA", "XDG_CONFIG_HOME", "CLOUDSDK_CONFIG"):
        monkeypatch.setenv(name, str(folder))
    for name in ("SHEETSYNC_CREDENTIALS", "GOOGLE_APPLICATION_CREDENTIALS"):
        monkeypatch.delenv(name, raising=False)
    with Server() as server:
        monkeypatch.setenv("SHEETSYNC_API_ENDPOINT", server.url)
        server.credentials("service_account", folder / "robot.json")
        yield server
