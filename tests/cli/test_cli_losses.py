"""``sheetsync explain`` and ``--json`` about proposed losses and tasks that nobody moved."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.cli.conftest import Run

TEAM = (("Anna", "operator"), ("Irene", "senior"), ("Victor", "owner"))


def fill(path: Path, leads: list[dict[str, Any]]) -> None:
    book = openpyxl.load_workbook(path)
    for tab, rows in (
        ("Team", [{"Name": name, "Role": role} for name, role in TEAM]),
        ("Leads", leads),
    ):
        sheet = book[tab]
        place: dict[Any, Any] = {cell.value: cell.column for cell in sheet[1]}
        for number, cells in enumerate(rows, 2):
            for header, value in cells.items():
                sheet.cell(number, place[header], value)
    book.save(path)


@pytest.fixture
def shop(run: Run) -> Path:
    path = Path("shop.xlsx")
    run("init", path, "--lang", "en", "--kind", "property")
    due = datetime(2026, 11, 20)
    lost = next(
        row[0].value for row in openpyxl.load_workbook(path)["Statuses"] if row[1].value == "lost"
    )
    fill(
        path,
        [
            {"Name": "One", "Manager": "Anna", "Status": lost},
            {"Name": "Two", "Manager": "Irene", "Status": "New", "Next action": due},
        ],
    )
    run("refresh", path, "--today", "2026-11-18")
    return path


def explained(run: Run, lead: int, path: Path, day: date) -> tuple[dict[str, Any], str, str]:
    """As JSON, in English, in Russian; every run of spaces is one."""
    line = ("explain", lead, path, "--today", day.isoformat())
    en, ru = (
        " ".join(run(*line, env={"SHEETSYNC_LANG": lang}).stdout.split()) for lang in ("en", "ru")
    )
    return json.loads(run(*line, "--json").stdout), en, ru


def test_a_proposed_loss_is_explained_with_what_it_needs_and_who_may_approve_it(
    run: Run, shop: Path
) -> None:
    found, en, ru = explained(run, 1, shop, date(2026, 11, 20))
    assert found["kind"] == "open"
    needed = found["loss"].pop("needed")
    assert "choose a reason in “Loss reason”" in needed
    assert found["loss"] == {
        "days": 2,
        "allowed": 3,
        "violation": False,
        "steps": "tick in the Checklist" in needed,
        "reason": True,
        "approval": True,
        "approvers": ["Irene", "Victor"],
    }
    assert "Proposed 2 days ago, 3 days allowed; it counts as open until it is approved." in en
    assert f"To close it: {needed}." in en
    assert "May be approved by: Irene, Victor." in en
    assert "Not in the call list: its loss is proposed" in en
    assert "Подтвердить может: Irene, Victor." in ru and "нарушение" not in ru
    assert found["escalated"] is None

    found, en, ru = explained(run, 1, shop, date(2026, 11, 23))
    assert (found["loss"]["days"], found["loss"]["violation"]) == (5, True)
    assert "it is a violation of its manager" in en and "нарушение менеджера" in ru


def test_a_task_that_nobody_moved_is_explained_with_who_decides(run: Run, shop: Path) -> None:
    found, en, ru = explained(run, 2, shop, date(2026, 11, 21))
    assert found["escalated"] == {"due": "2026-11-20", "deciders": ["Victor"]}
    assert "It was due on 2026-11-20 and is still “New”: it is for Victor to decide." in en
    assert "решает Victor" in ru
    assert found["loss"] is None and "Loss proposed" not in en


def test_a_refresh_tells_the_losses_of_every_manager(run: Run, shop: Path) -> None:
    done = json.loads(run("refresh", shop, "--today", "2026-11-23", "--json").stdout)
    lines = {line["manager"]: line for line in done["summary"]["manager_losses"]}
    assert lines["Anna"] == {"manager": "Anna", "proposed": 1, "violations": 1}
    assert lines["Irene"] == {"manager": "Irene", "proposed": 0, "violations": 0}
    decide = [
        (line["lead"], line["action"].split(":")[0]) for line in done["summary"]["for_seniors"]
    ]
    assert decide == [("L-00001", "Irene, Victor"), ("L-00002", "Victor")]
    assert [line["lead"] for line in done["summary"]["today"]] == ["L-00002"]
