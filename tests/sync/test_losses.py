"""Losses that wait for approval, and tasks that nobody moved, through real workbooks."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from sheetsync.sync.provision import provision
from sheetsync.sync.refresh import refresh
from sheetsync.workbooks.base import Workbook
from tests.google import Server
from tests.google.operators import Operator as OnGoogle
from tests.sync.both import SORTS, Shop, empty_workbook
from tests.workbooks.contract import Operator

STEPS = ("Called the day after the options", "Other dates or a cheaper hotel offered")


@pytest.fixture(params=SORTS)
def shop(request: pytest.FixtureRequest, tmp_path: Path, server: Server) -> Shop:
    """A travel agency with a senior, Irene; Anna has a lead, and so has Boris."""
    workbook, person = empty_workbook(request.param, tmp_path, server)
    provision(workbook, kind="travel", lang="en")
    for name, role in (("Anna", "operator"), ("Boris", "operator"), ("Irene", "senior")):
        mail = f"{name.lower()}@example.com"
        person.append("Team", {"Name": name, "Role": role, "Email": mail})
    for name in ("Anna", "Boris"):
        typed = {"Name": f"Client of {name}", "Manager": name, "Status": "New"}
        person.append("Leads", {**typed, "Next action": date(2026, 11, 21)})
    at(workbook, 18)
    return workbook, person


def at(workbook: Workbook, day: int, hour: int = 12, minute: int = 0) -> Any:
    return refresh(workbook, now=datetime(2026, 11, day, hour, minute))


def line(person: Operator, tab: str, header: str, value: str) -> dict[str, Any]:
    (found,) = [row for row in person.rows(tab) if row[header] == value]
    return found


def put(person: Operator, tab: str, row: int, **cells: Any) -> None:
    for header, value in cells.items():
        person.type(tab, row, header.replace("_", " "), value)


def for_seniors(person: Operator) -> list[tuple[str, str]]:
    rows = person.rows("Today")
    return [
        (row["Lead"], row["What to do"])
        for row in rows
        if str(row["What to do"]).startswith("Irene: ")
    ]


def test_a_loss_stays_open_until_a_senior_approves_it_and_becomes_a_violation(shop: Shop) -> None:
    workbook, person = shop
    put(person, "Leads", 2, Status="Lost", Comment="too dear")
    at(workbook, 19)
    assert at(workbook, 19, 13).nothing
    anna = line(person, "Leads", "Manager", "Anna")
    assert anna["Attention"].startswith("Loss proposed, the lead counts as open. To close it:")
    assert "puts their name into “Loss approved by”" in anna["Attention"]
    assert all(step in anna["Attention"] for step in STEPS)
    assert for_seniors(person) == [
        ("L-00001", "Irene: check the loss, approve it or give the lead back")
    ]
    team = line(person, "Team", "Name", "Anna")
    assert [team[key] for key in ("Open", "Lost", "Losses proposed")] == [1, 0, 1]
    assert team["Lost against the rules"] == 0

    at(workbook, 23)
    assert line(person, "Team", "Name", "Anna")["Lost against the rules"] == 1
    late = line(person, "Leads", "Manager", "Anna")["Attention"]
    assert late.startswith("Given up 4 days ago and not approved, 3 days allowed:")

    put(person, "Leads", 2, Loss_reason="Too expensive", Loss_approved_by="irene@example.com")
    row = 2 + [each["Lead"] for each in person.rows("Checklist")].index("L-00001")
    for step in STEPS:
        person.type("Checklist", row, step, True)
    at(workbook, 23, 13)
    assert not line(person, "Leads", "Manager", "Anna")["Attention"]
    team = line(person, "Team", "Name", "Anna")
    assert [team[key] for key in ("Open", "Lost", "Losses proposed")] == [0, 1, 0]
    assert team["Lost against the rules"] == 0
    assert "L-00001" not in dict(for_seniors(person))


def test_what_was_due_and_not_moved_goes_to_the_senior_when_the_day_of_settings_ends(
    shop: Shop,
) -> None:
    workbook, person = shop
    row = 2 + [each["Setting"] for each in person.rows("Settings")].index("The working day ends at")
    person.type("Settings", row, "Value", "18:30")
    put(person, "Leads", 3, Status="In touch")
    at(workbook, 21, 18, 29)
    assert for_seniors(person) == []
    at(workbook, 21, 18, 30)
    assert for_seniors(person) == [("L-00001", "Irene: have it done now, or hand the lead over")], (
        "Boris moved his on the day"
    )
    assert at(workbook, 21, 20).nothing
    put(person, "Leads", 2, Status="In touch")
    at(workbook, 22)
    assert for_seniors(person) == [], "moved at last"


@pytest.mark.parametrize("shop", ["google"], indirect=True)
def test_a_loss_is_coloured_as_proposed_from_the_moment_it_is_chosen(shop: Shop) -> None:
    workbook, person = shop
    assert isinstance(person, OnGoogle)
    sheet = person.file.titled("Leads")
    assert sheet is not None
    (rule,) = (text for text in map(str, sheet.conditional_formats) if "needs_approval" in text)
    (formula,) = re.findall(r"'userEnteredValue': '(=[^']*)'", rule)
    person.append_column("Leads", "Coloured")

    def coloured() -> list[bool]:
        for row in (2, 3):
            person.type("Leads", row, "Coloured", re.sub(r"(\$[A-Z]+)2\b", rf"\g<1>{row}", formula))
        return [row["Coloured"] for row in person.rows("Leads")]

    assert coloured() == [False, False]
    put(person, "Leads", 2, Status="Lost")
    put(person, "Leads", 3, Status="refused")  # another name of it, which only a refresh knows
    assert coloured() == [True, False]
    at(workbook, 18, 13)
    assert coloured() == [True, True]
    put(person, "Leads", 2, Loss_reason="Too expensive", Loss_approved_by="Irene")
    row = 2 + [each["Lead"] for each in person.rows("Checklist")].index("L-00001")
    for step in STEPS:
        person.type("Checklist", row, step, True)
    at(workbook, 18, 14)
    assert coloured() == [False, True]
