"""The commands on a Google Sheet: real HTTP to the stand-in server, real credentials files."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.google.server import Server

DAY = "2026-11-21"


@pytest.fixture
def address(server: Server) -> str:
    """An empty spreadsheet of the owner's, shared with the service account."""
    sheet = server.create("Shop")
    server.share(sheet, server.SERVICE_ACCOUNT)
    return f"https://docs.google.com/spreadsheets/d/{sheet}/edit#gid=0"


def test_from_an_empty_sheet_to_nothing_left_to_do(run: Run, address: str, folder: Path) -> None:
    run("init", address, "--kind", "shop", "--credentials", "robot.json")
    written = tomllib.loads((folder / "sheetsync.toml").read_text(encoding="utf-8"))
    assert written == {"target": address.partition("#")[0], "credentials": "robot.json"}

    assert "Everything is in place" in run("init", address).stdout
    run("refresh", "--today", DAY, "--dry-run", code=3)
    first = json.loads(run("refresh", "--today", DAY, "--json").stdout)
    assert first["receipt"]["requests"] > 0
    assert first["receipt"]["bytes_up"] > 0
    assert "No changes." in run("refresh", "--today", DAY).stdout


def test_what_an_operator_types_is_refreshed_exported_and_explained(
    run: Run, server: Server, address: str
) -> None:
    run("init", address, "--kind", "shop", "--credentials", "robot.json")
    assert json.loads(run("export", "--tab", "leads", "--format", "json").stdout) == []
    operator = server.operator(address.split("/")[5])
    typed = {"Created": "2026-11-20", "Name": "Anna", "Phone": "8 916 123-45-67"}
    operator.append("Leads", typed, raw=True)
    run("refresh", "--today", DAY)
    (lead,) = json.loads(run("export", "--tab", "leads", "--format", "json").stdout)
    assert (lead["id"], lead["name"]) == ("L-00001", "Anna")
    assert "Anna" in run("explain", "1", "--today", DAY).stdout


def test_a_new_sheet_of_ones_own(run: Run, server: Server, folder: Path) -> None:
    server.credentials("authorized_user", folder / "me.json")
    said = run("init", "new", "--title", "Clients", "--credentials", "me.json").stdout
    target = tomllib.loads((folder / "sheetsync.toml").read_text(encoding="utf-8"))["target"]
    assert target in said
    assert target.startswith("https://docs.google.com/spreadsheets/d/")
    run("refresh", "--today", DAY)


def test_a_new_sheet_is_not_made_by_a_dry_run(run: Run, server: Server) -> None:
    run("init", "new", "--dry-run", "--credentials", "robot.json", code=3)
    assert server.store.files == {}


def test_a_service_account_is_told_that_it_owns_no_files(run: Run, server: Server) -> None:
    told = run("init", "new", "--credentials", "robot.json", code=1).stderr
    assert server.SERVICE_ACCOUNT in told
    assert len(told.strip().splitlines()) == 1


def test_a_sheet_that_is_not_shared_names_the_e_mail_to_share_it_with(
    run: Run, server: Server
) -> None:
    address = f"https://docs.google.com/spreadsheets/d/{server.create('Secret')}/edit"
    for command in (["init", address], ["refresh", address]):
        told = run(*command, "--credentials", "robot.json", code=1).stderr
        assert server.SERVICE_ACCOUNT in told
        assert len(told.strip().splitlines()) == 1
    said = run("doctor", address, "--credentials", "robot.json", code=1).stdout
    assert "✗" in said
    assert server.SERVICE_ACCOUNT in said


def test_the_doctor_shows_the_account_and_never_the_key(
    run: Run, server: Server, address: str, folder: Path
) -> None:
    run("init", address, "--credentials", "robot.json")
    run("refresh")
    key = json.loads((folder / "robot.json").read_text())["private_key"]
    for shown in (run("doctor").output, run("doctor", "--json").output):
        assert server.SERVICE_ACCOUNT in shown
        assert key.splitlines()[1] not in shown
    assert "✗" not in run("doctor").stdout


def test_the_doctor_notices_that_we_may_only_read(run: Run, server: Server, address: str) -> None:
    run("init", address, "--credentials", "robot.json")
    server.share(address.split("/")[5], server.SERVICE_ACCOUNT, "reader")
    run("refresh", code=1)
    assert "✗" in run("doctor", code=1).stdout


def test_without_credentials_the_sentence_names_both_ways(run: Run, address: str) -> None:
    told = run("refresh", address, code=1).stderr
    assert "sheetsync login" in told
    assert "service_account.json" in told
