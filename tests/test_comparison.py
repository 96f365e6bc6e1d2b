"""The comparison counts the rows that came out wrong, and no others.

What it compares with needs the ``bench`` extra; these are the parts that do not.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchmarks.people import Damage, People
from benchmarks.recipe import call_list, compute, conversions
from benchmarks.shop import LEADS, POINTS, TODAY, Session, Shop, open_crm, open_plain
from sheetsync.sync.refresh import refresh
from sheetsync.workbooks.google.http import SheetsClient
from sheetsync.workbooks.google.workbook import GoogleWorkbook
from tests.google import Server

SHOP = Shop(60)
RULES = pd.DataFrame({"Field": "Tags", "Value": list(POINTS), "Points": list(POINTS.values())})


class Sheet:
    """The recipe's spreadsheet after a run that nobody disturbed, and the people in it."""

    def __init__(self, server: Server) -> None:
        self.session = Session(server)
        self.key = server.create("Shop")
        open_plain(SHOP, server, self.session, self.key)
        self.people = People(server.operator(self.key), SHOP.headers)
        self.write(compute(self.read(), RULES, TODAY))
        self.people.look()

    def read(self) -> pd.DataFrame:
        """Every cell as it is displayed."""
        url = f"https://sheets.googleapis.com/v4/spreadsheets/{self.key}/values/{LEADS}"
        head, *rows = self.session.request("GET", url).json()["values"]
        return pd.DataFrame([row + [""] * (len(head) - len(row)) for row in rows], columns=head)

    def write(self, leads: pd.DataFrame) -> None:
        """Put a table where it was read."""
        values = leads.astype(object).to_numpy().tolist()
        path = f"{self.key}/values/{LEADS}!A2"
        self.session.call("PUT", path, {"values": values}, valueInputOption="USER_ENTERED")

    def spoil(self, card: str, header: str, value: Any) -> None:
        """Write into a cell without anybody's knowing."""
        self.people.operator.type(LEADS, self.people.places()[card], header, value, raw=True)

    def interrupt(self) -> None:
        self.people.interrupt(np.random.default_rng(1))


@pytest.fixture
def sheet() -> Iterator[Sheet]:
    with Server() as server:
        sheet = Sheet(server)
        yield sheet
        sheet.session.close()


def test_what_people_do_is_no_damage(sheet: Sheet) -> None:
    before = sheet.people.places()
    sheet.interrupt()
    after = sheet.people.places()
    assert len(after.keys() - before.keys()) == 4
    assert len(before.keys() - after.keys()) == 2
    assert sheet.people.damage() == Damage()


def test_a_table_written_back_over_peoples_work_is_counted(sheet: Sheet) -> None:
    leads = compute(sheet.read(), RULES, TODAY)
    cells = {card: dict(known) for card, known in sheet.people.cells.items()}
    sheet.interrupt()
    sheet.write(leads)
    people = sheet.people
    damage = people.damage()
    typed = {card for card in cells.keys() & people.cells if cells[card] != people.cells[card]}
    assert len(people.deleted) == 2
    assert people.deleted <= damage.lost  # they are back
    assert typed <= damage.changed | damage.lost
    assert not damage.misplaced & (cells.keys() - typed - damage.lost)


def test_results_beside_other_leads_are_counted(sheet: Sheet) -> None:
    rows = {row["Card"]: row for row in sheet.people.operator.rows(LEADS)}
    first = next(iter(rows))
    other = next(card for card in rows if rows[card]["Score"] != rows[first]["Score"])
    sheet.spoil(first, "Score", rows[other]["Score"])
    sheet.spoil(other, "Score", rows[first]["Score"])
    assert sheet.people.damage() == Damage(misplaced={first, other})


@pytest.mark.parametrize(
    ("header", "value", "kind"),
    [
        ("Comment", "somebody else's", "changed"),
        ("Comment", 7, "changed"),
        ("ID", "L-99999", "ids"),
        ("ID", None, "ids"),
        ("Score", None, "misplaced"),
        ("Tier", "Z", "misplaced"),
    ],
)
def test_one_spoilt_cell_is_one_wrong_row(sheet: Sheet, header: str, value: Any, kind: str) -> None:
    card = min(card for card, key in sheet.people.ids.items() if key)
    sheet.spoil(card, header, value)
    assert sheet.people.damage() == Damage(**{kind: {card}})


def test_rows_that_are_gone_copied_or_share_an_id_are_counted(sheet: Sheet) -> None:
    gone, copied, *_ = sheet.people.cells
    places = sheet.people.places()
    sheet.people.operator.copy_row(LEADS, places[copied], to=places[gone])
    damage = sheet.people.damage()
    assert damage.rows == damage.lost == {gone, copied}


def test_text_that_became_the_same_number_is_told_apart(sheet: Sheet) -> None:
    card = next(iter(sheet.people.cells))
    row = sheet.people.places()[card]
    sheet.people.type(row, {"Phone": "2125550101"})
    sheet.spoil(card, "Phone", 2125550101)
    damage = sheet.people.damage()
    assert damage == Damage(retyped={card})
    assert not damage.rows


def test_a_refresh_leaves_no_row_wrong_while_people_work() -> None:
    with Server() as server:
        session, key = Session(server), server.create("Shop")
        book = GoogleWorkbook(SheetsClient(session=session), key)
        open_crm(SHOP, server, session, book, key)
        people = People(server.operator(key), SHOP.headers)
        log = len(server.requests)

        def work(number: int, _: Any) -> None:
            if number == log + 3:  # after both reads
                people.interrupt(np.random.default_rng(1))

        server.before(work)
        refresh(book, now=datetime(2026, 11, 21, 12))
        assert len(people.deleted) == 2
        assert people.damage() == Damage()
        scored = [row for row in people.operator.rows(LEADS) if row["Score"] is not None]
        assert len(scored) == len(people.cells) - people.added
        session.close()


def test_the_recipe_computes_what_it_should() -> None:
    leads = pd.DataFrame(
        {
            "ID": ["L-00007", "", ""],
            "Card": ["C-1", "C-2", ""],
            "Name": ["Anna", "Boris", ""],
            "Phone": ["1", "2", ""],
            "Source": ["Website", " website", ""],
            "Manager": ["Olivia", "Megan", ""],
            "Status": ["New", "PAID", ""],
            "Next action": ["11/18/2026", "11/1/2026", ""],
            "Next step": ["call", "", ""],
            "Tags": ["vip, visa", "family", ""],
            "Last status": ["new", "prepaid", ""],
            "Stage since": ["2026-11-11", "2026-11-01", ""],
        }
    )
    done = compute(leads, RULES, TODAY)
    assert done["ID"].tolist() == ["L-00007", "L-00008", ""]
    assert done["Score"].tolist() == [160, 1, ""]
    assert done["Tier"].tolist() == ["A", "C", ""]
    assert done["Overdue, days"].tolist() == [3, "", ""]
    assert done["Days in stage"].tolist() == [10, "", ""]
    assert done["Stage since"].tolist() == ["2026-11-11", "2026-11-21", ""]
    assert call_list(done)["Name"].tolist() == ["Anna"]
    assert conversions(done).to_numpy().tolist() == [
        ["Source", "Website", 2, 1, 0.5],
        ["Manager", "Megan", 1, 1, 1.0],
        ["Manager", "Olivia", 1, 0, 0.0],
    ]
