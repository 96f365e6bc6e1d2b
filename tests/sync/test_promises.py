"""Comments owed and dates pushed, through refreshes of real workbooks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from sheetsync import crm, locales
from sheetsync.crm import kinds
from sheetsync.crm.record import KEYS
from sheetsync.sync.provision import provision
from sheetsync.sync.refresh import refresh
from sheetsync.workbooks.base import Provision, Workbook
from sheetsync.workbooks.xlsx.workbook import XlsxWorkbook
from tests.google import Server
from tests.sync.both import SORTS, Shop, empty_workbook
from tests.workbooks.contract import Operator

LOST, MOVED = "Status changed to “Lost”", "The date was moved on"


@pytest.fixture(params=SORTS)
def empty(request: pytest.FixtureRequest, tmp_path: Path, server: Server) -> Shop:
    return empty_workbook(request.param, tmp_path, server)


@pytest.fixture
def shop(empty: Shop) -> Shop:
    """A CRM with Anna's lead, promised for the 25th, and Boris's, both refreshed once."""
    provision(empty[0], kind="general", lang="en")
    return fill(empty)


def fill(shop: Shop) -> Shop:
    workbook, person = shop
    for name, phone in (("Anna", "+1 202 555 0143"), ("Boris", "+1 202 555 0178")):
        typed = {"Name": name, "Phone": phone, "Status": "In progress", "Comment": "called"}
        person.append("Leads", {**typed, "Next action": date(2026, 11, 25)})
    on(21, workbook)
    return workbook, person


def on(day: int, workbook: Workbook, **more: Any) -> Any:
    return refresh(workbook, now=datetime(2026, 11, day, 18), **more)


def lead(person: Operator, name: str) -> dict[str, Any]:
    (found,) = [row for row in person.rows("Leads") if row["Name"] == name]
    return found


def put(person: Operator, name: str, **cells: Any) -> None:
    row = 2 + [each["Name"] for each in person.rows("Leads")].index(name)
    for header, value in cells.items():
        person.type("Leads", row, header.replace("_", " "), value)


def test_what_is_owed_stays_until_it_is_written_and_pushes_add_up(shop: Shop) -> None:
    workbook, person = shop
    assert lead(person, "Anna")["Date moved"] == 0
    data = workbook.read().tabs["leads"]
    assert not set(KEYS) & set(data.frame), "no tab of people carries the record"
    assert all(len(text) == 8 for text in data.stored["last_comment"]), "a hash, no words"

    put(person, "Anna", Next_action=date(2026, 11, 28), Comment=" called ")
    put(person, "Boris", Status="Lost")
    person.sort("Leads", "Next action")
    on(22, workbook)
    assert on(22, workbook).nothing
    on(23, workbook)
    assert f"{MOVED} 2026-11-22 without a comment: write why" in lead(person, "Anna")["Attention"]
    assert f"{LOST} on 2026-11-22 without" in lead(person, "Boris")["Attention"]
    assert (lead(person, "Anna")["Date moved"], lead(person, "Boris")["Date moved"]) == (1, 0)

    put(person, "Anna", Next_action=None, Date_moved=7)
    on(24, workbook)
    put(person, "Anna", Next_action=date(2026, 12, 1), Comment="she is away")
    put(person, "Boris", Comment="bought elsewhere")
    on(25, workbook)
    assert lead(person, "Anna")["Date moved"] == 2
    for name in ("Anna", "Boris"):
        assert "without a comment" not in str(lead(person, name)["Attention"])


def test_a_row_that_was_cut_for_a_while_comes_back_with_its_pushes(shop: Shop) -> None:
    workbook, person = shop
    put(person, "Boris", Next_action=date(2026, 11, 27))
    dry = on(22, workbook, dry_run=True)
    assert {"pushes", "pushed", "put_off"} <= {change.column for change in dry.plan.changes}
    assert lead(person, "Boris")["Date moved"] == 0, "a dry run records nothing"
    on(22, workbook)
    row = {key: lead(person, "Boris")[key] for key in ("Name", "Phone", "Status", "Comment")}
    person.delete_row("Leads", 3)
    on(23, workbook)
    person.append("Leads", {**row, "Next action": date(2026, 11, 30)})
    on(24, workbook)
    back = lead(person, "Boris")
    assert (back["ID"], back["Date moved"]) == ("L-00002", 2)


def test_a_crm_of_an_earlier_version_refreshes_and_init_adds_the_columns(empty: Shop) -> None:
    workbook, person = empty
    workbook.provision(_earlier())
    fill(empty)
    put(person, "Anna", Next_action=date(2026, 11, 28))
    on(22, workbook)
    provision(workbook)
    on(23, workbook)
    put(person, "Anna", Next_action=date(2026, 11, 30))
    on(24, workbook)
    # In a file the record needs no columns of people's, so it began with the first refresh.
    before = 1 if isinstance(workbook, XlsxWorkbook) else 0
    assert lead(person, "Anna")["Date moved"] == before + 1
    assert f"{MOVED} 2026-11-24" in lead(person, "Anna")["Attention"]
    assert on(24, workbook).nothing


def _earlier() -> Provision:
    """A CRM in which nothing was recorded of promises."""
    words = locales.load("en")
    seeds = kinds.seeds("general", words)
    layout = crm.layout("general", [(row["id"], row["step"]) for row in seeds["steps"]])
    came = {"pushes", *KEYS}
    tabs = tuple(
        replace(tab, columns=tuple(c for c in tab.columns if c.key not in came))
        for tab in layout.tabs
    )
    meta = {"lang": "en", "kind": "general", "layout": "1"}
    return Provision(replace(layout, tabs=tabs), words, seeds, meta)
