"""``sheetsync explain`` and ``--json`` about dates that were moved and comments that are owed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl

from sheetsync.locales import load
from tests.cli.conftest import Run

WORDS = load("en")


def edit(path: Path, row: int, **cells: Any) -> None:
    book = openpyxl.load_workbook(path)
    sheet = book["Leads"]
    place: dict[Any, Any] = {cell.value: cell.column for cell in sheet[1]}
    for key, value in cells.items():
        sheet.cell(row, place[WORDS(f"columns.leads.{key}")], value)
    book.save(path)


def explained(run: Run, lead: int, path: Path) -> tuple[dict[str, Any], str, str]:
    """As JSON, in English, in Russian."""
    line = ("explain", lead, path, "--today", "2026-11-22")
    said = run(*line).stdout, run(*line, env={"SHEETSYNC_LANG": "ru"}).stdout
    found: dict[str, Any] = json.loads(run(*line, "--json").stdout)["promises"]
    return found, *said


def test_moved_dates_and_owed_comments_are_told_of_one_lead_and_per_manager(run: Run) -> None:
    path = Path("shop.xlsx")
    run("init", path, "--lang", "en")
    book = openpyxl.load_workbook(path)
    book["Team"]["A2"] = "Anna"
    book.save(path)
    for row in (2, 3):
        lead = {"name": f"Lead {row}", "status": "In progress", "manager": "Anna"}
        edit(path, row, **lead, next_action="2026-11-25", comment="called")
    run("refresh", path, "--today", "2026-11-21")
    edit(path, 2, next_action="2026-11-28", status="Later")
    done = run("refresh", path, "--today", "2026-11-22", "--json")
    team = json.loads(done.stdout)["summary"]["manager_promises"]
    (anna,) = [line for line in team if line["manager"] == "Anna"]
    assert anna == {"manager": "Anna", "pushes": 1, "comments_owed": 1}

    found, en, ru = explained(run, 1, path)
    assert found == {
        "pushes": 1,
        "of_step": 1,
        "first_promised": "2026-11-25",
        "owed": [
            {"change": "status", "to": "Later", "since": "2026-11-22"},
            {"change": "date", "to": None, "since": "2026-11-22"},
        ],
    }
    assert (
        "The date of the next action was moved to a later day 1 time. "
        "Of these in the present step: 1, first promised for 2026-11-25."
    ) in en
    assert "A comment is owed for the change to “Later” on 2026-11-22." in en
    assert "A comment is owed for the date moved on 2026-11-22." in en
    assert "переносили на более поздний день 1 раз." in ru
    assert "Не хватает комментария: 2026-11-22 перенесли дату." in ru

    found, en, ru = explained(run, 2, path)
    assert found == {"pushes": 0, "of_step": 0, "first_promised": None, "owed": []}
    assert "was never moved to a later day" in en
    assert "No comment is owed." in en
    assert "Все комментарии на месте." in ru
