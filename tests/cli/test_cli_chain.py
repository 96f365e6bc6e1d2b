"""What the doctor and explain say of a History that somebody edited, on both workbooks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run
from tests.google.server import Server
from tests.workbooks.contract import Operator
from tests.workbooks.excel import ExcelOperator

Shop = tuple[str, Operator]


@pytest.fixture
def on_xlsx(folder: Path) -> Shop:
    return "shop.xlsx", ExcelOperator(folder / "shop.xlsx")


@pytest.fixture
def on_google(server: Server) -> Shop:
    sheet = server.create("Shop")
    server.share(sheet, server.SERVICE_ACCOUNT)
    return f"https://docs.google.com/spreadsheets/d/{sheet}/edit", server.operator(sheet)


@pytest.fixture(params=["xlsx", "google"])
def shop(request: pytest.FixtureRequest, run: Run) -> Shop:
    """Two leads with two lines of History each: rows 2 and 3 are their first, 4 and 5 the second
    ones."""
    found: Shop = request.getfixturevalue(f"on_{request.param}")
    address, operator = found
    keys = ["--credentials", "robot.json"] if request.param == "google" else []
    run("init", address, *keys)
    for name in ("Anna", "Boris"):
        operator.append("Leads", {"Name": name, "Status": "New"})
    run("refresh")
    for row in (2, 3):
        operator.type("Leads", row, "Status", "In progress")
    run("refresh")
    return found


on_one = pytest.mark.parametrize("shop", ["xlsx"], indirect=True)
"""Where nothing depends on the workbook that the contract of workbooks does not promise."""


def chain_of(run: Run) -> list[dict[str, Any]]:
    """What the doctor finds about History, but for what is good."""
    found = json.loads(run("doctor", "--json").stdout)["findings"]
    return [each for each in found if each["code"].startswith("chain")]


def broken(run: Run) -> list[str]:
    return [each["code"] for each in chain_of(run) if each["level"] != "good"]


def test_an_edited_line_is_named_with_its_row_and_its_lead(run: Run, shop: Shop) -> None:
    assert [each["code"] for each in chain_of(run)] == ["chain_whole"]
    _, operator = shop
    operator.type("History", 5, "By", "Somebody else")
    (found,) = chain_of(run)
    assert (found["level"], found["code"]) == ("warning", "chain.changed")
    assert "History, row 5, lead L-00002: the line L-00002/2" in found["text"]
    assert "Version history" in found["mend"]
    assert "row 5" in run("explain", "2").stdout
    (line,) = json.loads(run("explain", "2", "--json").stdout)["broken"]
    assert line == {"row": 5, "id": "L-00002/2", "what": "changed"}
    # Typed back, it fits again.
    operator.type("History", 5, "By", None)
    assert broken(run) == []


def test_a_line_cut_off_the_end_is_missed_and_what_is_logged_later_shows_the_gap(
    run: Run, shop: Shop
) -> None:
    _, operator = shop
    operator.delete_row("History", 5)
    (found,) = chain_of(run)
    assert found["code"] == "chain.cut"
    assert "L-00002/2" in found["text"]
    run("refresh")
    assert broken(run) == ["chain.missing"]
    ids = [line["ID"] for line in operator.rows("History") if line["Lead"] == "L-00002"]
    assert ids == ["L-00002/1", "L-00002/3"]


@on_one
def test_a_gap_is_remembered_when_the_status_was_set_back_too(run: Run, shop: Shop) -> None:
    _, operator = shop
    operator.delete_row("History", 5)
    operator.type("Leads", 3, "Status", "New")
    run("refresh")
    assert broken(run) == ["chain.cut"]


@on_one
def test_a_lead_deleted_with_its_history_is_a_sentence_and_no_alarm(run: Run, shop: Shop) -> None:
    _, operator = shop
    operator.delete_row("Leads", 3)
    run("refresh")
    assert broken(run) == []
    for row in (5, 3):
        operator.delete_row("History", row)
    run("refresh")
    assert broken(run) == []
    assert "1 lead was deleted together with its History: L-00002." in run("doctor").stdout


def test_a_crm_without_the_column_works_on_and_init_brings_it(run: Run, shop: Shop) -> None:
    address, operator = shop
    operator.delete_column("History", "Checksum")
    operator.type("Leads", 2, "Status", "Won")
    run("refresh")
    assert "No changes." in run("refresh").stdout
    assert chain_of(run) == []
    run("init", address)
    operator.type("Leads", 2, "Status", "New")
    run("refresh")
    assert operator.rows("History")[-1]["Checksum"]
