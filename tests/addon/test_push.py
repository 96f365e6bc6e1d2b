"""The add-on brought into a Google Sheet: real HTTP to the stand-in of the Apps Script API."""

from __future__ import annotations

import json
import re
import threading
import urllib.request
from pathlib import Path

import pytest
import requests

from sheetsync.addon import banner
from sheetsync.sync.provision import provision
from sheetsync.workbooks.google.http import SheetsClient
from sheetsync.workbooks.google.login import login
from sheetsync.workbooks.google.workbook import GoogleWorkbook
from tests.cli.conftest import Run
from tests.google.grid import Spreadsheet
from tests.google.script import Script
from tests.google.server import Server

SCOPE = "https://www.googleapis.com/auth/"


@pytest.fixture(scope="module")
def provisioned() -> Spreadsheet:
    """An empty CRM as init makes it."""
    with Server() as server:
        sheet = server.create("Our clients", timezone="Asia/Yekaterinburg")
        session = requests.Session()
        session.headers["Authorization"] = f"Bearer {server.token()}"
        with session, pytest.MonkeyPatch.context() as patch:
            patch.setenv("SHEETSYNC_API_ENDPOINT", server.url)
            workbook = GoogleWorkbook(SheetsClient(session=session), sheet)
            provision(workbook, kind="shop", lang="en")
        return server.file(sheet)


@pytest.fixture
def sheet(server: Server, folder: Path, provisioned: Spreadsheet) -> str:
    """A CRM of the owner's, who has logged in for the add-on; sheetsync.toml names it."""
    server.credentials("authorized_user", folder / "me.json", addon=True)
    sheet = server.create("Our clients")
    server.restore(sheet, provisioned)
    named = f'target = "{sheet}"\ncredentials = "me.json"\n'
    (folder / "sheetsync.toml").write_text(named, encoding="utf-8")
    return sheet


def only(server: Server, sheet: str) -> Script:
    (script,) = server.scripts.bound_to(sheet)
    return script


def manifest(script: Script) -> dict[str, object]:
    found: dict[str, object] = json.loads(script.source("appsscript"))
    return found


def writes(server: Server) -> list[str]:
    """What was changed, by operation."""
    return [
        each.operation or ""
        for each in server.requests
        if each.method != "GET" and not (each.operation or "").endswith("ByDataFilter")
    ]


def test_the_first_push_makes_a_bound_project_and_the_second_changes_nothing(
    run: Run,
    server: Server,
    sheet: str,
) -> None:
    said = run("addon", "push").stdout
    script = only(server, sheet)
    assert "Our clients has the add-on now" in said
    assert script.id in said
    assert script.title == "sheetsync: Our clients"
    names = {each["name"]: each["type"] for each in script.files}
    assert names["appsscript"] == "JSON"
    assert names["Sidebar"] == "HTML"
    assert names["Config"] == names["PhoneData"] == names["Sha256"] == "SERVER_JS"
    assert manifest(script) == {
        "timeZone": "Asia/Yekaterinburg",
        "runtimeVersion": "V8",
        "exceptionLogging": "STACKDRIVER",
        "dependencies": {},
        "oauthScopes": [f"{SCOPE}spreadsheets.currentonly", f"{SCOPE}script.container.ui"],
    }

    server.requests.clear()
    assert "up to date" in run("addon", "push").stdout
    assert writes(server) == []
    run("addon", "push", "--dry-run")


def test_any_machine_finds_the_project_in_the_sheet(
    run: Run,
    server: Server,
    sheet: str,
    folder: Path,
) -> None:
    run("addon", "push")
    (folder / "sheetsync.toml").unlink()
    run("addon", "push", sheet, "--credentials", "me.json")
    only(server, sheet)


def test_init_and_refresh_leave_the_note_of_the_project_alone(
    run: Run,
    server: Server,
    sheet: str,
) -> None:
    run("addon", "push")
    assert "Everything is in place" in run("init", sheet, "--credentials", "me.json").stdout
    run("refresh", "--today", "2026-11-21")
    assert "up to date" in run("addon", "push").stdout
    only(server, sheet)


def test_a_dry_run_tells_what_would_change_and_changes_nothing(
    run: Run,
    server: Server,
    sheet: str,
) -> None:
    server.requests.clear()
    assert "has no add-on yet" in run("addon", "push", "--dry-run", code=3).stdout
    assert server.scripts.bound_to(sheet) == []
    run("addon", "push")
    before = list(only(server, sheet).files)
    said = run("addon", "push", "--digest", "18", "--dry-run", code=3).stdout
    assert "(Config.js, Sidebar.html, appsscript.json)" in said
    assert only(server, sheet).files == before


def test_the_answer_for_programs_names_what_changed(
    run: Run,
    server: Server,
    sheet: str,
) -> None:
    first = json.loads(run("addon", "push", "--json").stdout)
    assert first["created"] is first["written"] is True
    assert first["script"] == only(server, sheet).id
    assert "Sidebar.html" in first["added"]
    second = json.loads(run("addon", "push", "--json").stdout)
    assert second["written"] is second["created"] is False
    assert second["added"] == second["changed"] == second["removed"] == []


def test_mail_is_asked_for_only_while_the_report_is_on(
    run: Run,
    server: Server,
    sheet: str,
) -> None:
    mail = {f"{SCOPE}script.send_mail", f"{SCOPE}script.scriptapp"}

    def scopes() -> set[str]:
        return set(manifest(only(server, sheet))["oauthScopes"])  # type: ignore[call-overload]

    run("addon", "push", "--digest")
    assert scopes() > mail
    assert '"hour": 19' in only(server, sheet).source("Config")
    assert "up to date" in run("addon", "push").stdout  # it stays on
    run("addon", "push", "--no-digest")
    assert not scopes() & mail
    assert "digest: null" in only(server, sheet).source("Config")


def test_what_the_owner_added_stays(run: Run, server: Server, sheet: str) -> None:
    run("addon", "push")
    script = only(server, sheet)
    script.files.append({"name": "Mine", "type": "SERVER_JS", "source": "function mine() {}"})
    grown = manifest(script)
    grown["oauthScopes"] = [*grown["oauthScopes"], f"{SCOPE}calendar"]  # type: ignore[misc]
    grown["dependencies"] = {"libraries": [{"userSymbol": "L", "libraryId": "x", "version": "1"}]}
    grown["timeZone"] = "Europe/Moscow"
    script.files[0]["source"] = json.dumps(grown)
    said = run("addon", "push").stdout
    assert "up to date" in said
    assert "Mine.js" in said

    run("addon", "push", "--digest", "18")
    assert script.source("Mine") == "function mine() {}"
    kept = manifest(script)
    assert kept["dependencies"] == grown["dependencies"]
    assert kept["timeZone"] == "Europe/Moscow"
    assert f"{SCOPE}calendar" in kept["oauthScopes"]  # type: ignore[operator]
    assert f"{SCOPE}script.send_mail" in kept["oauthScopes"]  # type: ignore[operator]


def test_scripts_of_an_owner_who_named_no_scopes_keep_what_they_have(
    run: Run,
    server: Server,
    sheet: str,
) -> None:
    script = server.scripts.open_editor(sheet, server.OWNER)
    script.files[1]["source"] = "function mine() { CalendarApp.getDefaultCalendar(); }"
    run("addon", "push", "--script", script.id)
    assert "oauthScopes" not in manifest(script)  # Google goes on finding them out
    assert "CalendarApp" in script.source("Code")
    assert "Config" in {each["name"] for each in script.files}


def test_a_project_made_by_hand_is_taken_over_and_its_empty_beginning_goes(
    run: Run,
    server: Server,
    sheet: str,
) -> None:
    script = server.scripts.open_editor(sheet, server.OWNER)
    run("addon", "push", "--script", script.id)
    assert only(server, sheet) is script
    assert "Code" not in {each["name"] for each in script.files}
    assert manifest(script)["oauthScopes"]
    assert "up to date" in run("addon", "push").stdout


def test_the_text_that_was_pasted_by_hand_is_replaced_by_the_files(
    run: Run,
    server: Server,
    sheet: str,
    folder: Path,
) -> None:
    run("addon", "build", "built")
    script = server.scripts.open_editor(sheet, server.OWNER)
    pasted = (folder / "built" / "paste-1-Code.txt").read_text(encoding="utf-8")
    script.files[1]["source"] = pasted.replace("\n", "\r\n") + "\n"
    page = (folder / "built" / "paste-2-Sidebar.txt").read_text(encoding="utf-8")
    script.files.append({"name": "Sidebar", "type": "HTML", "source": page})
    said = run("addon", "push", "--script", script.id).stdout
    assert "1 file removed (Code.js)" in said
    assert {"Main", "Config", "Card", "Sidebar"} <= {each["name"] for each in script.files}


def test_a_file_of_the_owners_with_one_of_our_names_is_never_overwritten(
    run: Run,
    server: Server,
    sheet: str,
) -> None:
    script = server.scripts.open_editor(sheet, server.OWNER)
    script.files.append({"name": "Config", "type": "SERVER_JS", "source": "const MINE = 1;"})
    for force in ([], ["--force"]):
        told = run("addon", "push", "--script", script.id, *force, code=1).stderr
        assert "Config.js" in told
    assert len(script.files) == 3


def test_a_file_of_ours_that_was_edited_in_the_editor_is_replaced_by_force_only(
    run: Run,
    server: Server,
    sheet: str,
) -> None:
    run("addon", "push")
    script = only(server, sheet)
    file = next(each for each in script.files if each["name"] == "Sha256")
    ours = file["source"]
    file["source"] = ours + "// my own line\n"
    assert "Sha256.js" in run("addon", "push", code=1).stderr
    assert file["source"].endswith("my own line\n")
    run("addon", "push", "--force")
    assert script.source("Sha256") == ours


def test_a_file_that_the_add_on_no_longer_has_is_removed(
    run: Run,
    server: Server,
    sheet: str,
) -> None:
    run("addon", "push")
    script = only(server, sheet)
    old = banner.stamped("Old.js", "const Old = 1;\n")
    script.files.append({"name": "Old", "type": "SERVER_JS", "source": old})
    assert "1 file removed (Old.js)" in run("addon", "push").stdout
    assert "Old" not in {each["name"] for each in script.files}


def test_a_copy_of_the_sheet_does_not_write_into_the_project_of_the_original(
    run: Run,
    server: Server,
    sheet: str,
) -> None:
    run("addon", "push")
    before = list(only(server, sheet).files)
    copy = server.create("Copy of Our clients")
    server.restore(copy, server.file(sheet))
    told = run("addon", "push", copy, "--credentials", "me.json", "--digest", code=1).stderr
    assert "--script" in told
    assert "--new" in told
    assert only(server, sheet).files == before
    run("addon", "push", copy, "--credentials", "me.json", "--new")
    assert "up to date" in run("addon", "push", copy, "--credentials", "me.json").stdout
    assert only(server, copy).id != only(server, sheet).id


def test_a_project_that_was_deleted_is_said_to_be_gone_and_made_anew_on_demand(
    run: Run,
    server: Server,
    sheet: str,
) -> None:
    run("addon", "push")
    gone = only(server, sheet).id
    del server.scripts.projects[gone]
    told = run("addon", "push", code=1).stderr
    assert gone in told
    assert "--new" in told
    run("addon", "push", "--new")
    assert "up to date" in run("addon", "push").stdout


@pytest.mark.parametrize("arrange", ["robot", "login", "switch", "api", "reader"])
def test_what_keeps_a_push_from_working_is_one_sentence_that_says_what_to_do(
    run: Run,
    server: Server,
    sheet: str,
    folder: Path,
    arrange: str,
) -> None:
    name, expected = "me.json", ""
    if arrange == "robot":
        server.share(sheet, server.SERVICE_ACCOUNT)
        name, expected = "robot.json", f"{server.SERVICE_ACCOUNT}.*sheetsync login --addon"
    elif arrange == "login":
        server.credentials("authorized_user", folder / "old.json")
        name, expected = "old.json", "sheetsync login --addon"
    elif arrange == "switch":
        server.scripts.switched_off.add(server.OWNER)
        expected = "https://script.google.com/home/usersettings"
    elif arrange == "api":
        server.scripts.api_off = True
        expected = "Apps Script API.*https://console.developers.google.com"
    else:
        server.share(sheet, "anna@example.com", "reader")
        server.credentials("authorized_user", folder / "her.json", "anna@example.com", addon=True)
        name, expected = "her.json", "editors of the sheet"
    told = run("addon", "push", sheet, "--credentials", name, code=1).stderr
    assert re.search(expected, told)
    assert len(told.strip().splitlines()) == 1
    assert server.scripts.bound_to(sheet) == []


def test_a_login_for_the_add_on_is_all_that_is_needed(
    run: Run, server: Server, sheet: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")  # the stand-in has no certificate

    def browser(url: str) -> None:
        threading.Thread(target=lambda: urllib.request.urlopen(url).close()).start()

    client = server.credentials("client", folder / "client.json")
    for addon, code in ((False, 1), (True, 0)):
        saved = login(client, show=browser, open_browser=False, folder=folder, addon=addon)
        run("addon", "push", sheet, "--credentials", saved, code=code)
    only(server, sheet)


def test_a_login_of_which_the_file_does_not_tell_the_scopes_is_told_the_same(
    run: Run,
    server: Server,
    sheet: str,
    folder: Path,
) -> None:
    path = server.credentials("authorized_user", folder / "old.json")
    info = json.loads(path.read_text())
    del info["scopes"]
    path.write_text(json.dumps(info))
    told = run("addon", "push", sheet, "--credentials", "old.json", code=1).stderr
    assert "sheetsync login --addon" in told


def test_a_broken_connection_while_the_project_is_made_does_not_make_a_second_one(
    run: Run,
    server: Server,
    sheet: str,
) -> None:
    at = _request_of(run, server, sheet, "script.projects.create")
    server.fault(at, reset="after")
    told = run("addon", "push", code=1).stderr
    made = only(server, sheet)
    assert "--script" in told
    run("addon", "push", "--script", made.id)
    assert "up to date" in run("addon", "push").stdout
    only(server, sheet)


def test_a_broken_connection_while_the_files_are_sent_does_no_harm(
    run: Run, server: Server, sheet: str
) -> None:
    at = _request_of(run, server, sheet, "script.projects.updateContent")
    server.fault(at, reset="after")
    run("addon", "push")
    assert "up to date" in run("addon", "push").stdout
    only(server, sheet)


def _request_of(run: Run, server: Server, sheet: str, operation: str) -> int:
    """Which request of a first push it is, from one into another sheet."""
    other = server.create("Another")
    server.restore(other, server.file(sheet))
    server.requests.clear()
    run("addon", "push", other, "--credentials", "me.json")
    return [each.operation for each in server.requests].index(operation) + 1


def test_a_file_is_no_place_for_an_add_on(run: Run) -> None:
    run("init", "shop.xlsx")
    assert "sheetsync addon preview" in run("addon", "push", "shop.xlsx", code=1).stderr
