"""What people and scripts do to a sheet between two refreshes, and what must come of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from sheetsync.errors import AccessError, LayoutError
from sheetsync.sync.provision import provision
from sheetsync.sync.refresh import Refreshed, refresh
from sheetsync.workbooks.google.workbook import GoogleWorkbook
from tests.google import Operator, Server
from tests.google.grid import Spreadsheet
from tests.sync.shop import opened
from tests.workbooks.test_google import client_of

NOW = datetime(2026, 11, 21, 12)

ANNA = {
    "Created": "2026-09-01",
    "Name": "Anna Petrova",
    "Phone": "+7 916 111-22-33",
    "Request": "Turkey in May",
    "Status": "New",
}
IVAN = {"Created": "2026-10-01", "Name": "Ivan", "Phone": "+7 903 765-43-21", "Status": "New"}
ANNA_AGAIN = {**ANNA, "Created": "2026-11-10", "Request": "Japan, spring", "Budget": 5000}
"""A client who came back: the same person, another deal."""


class Desk:
    """A shop of the general kind with three leads, refreshed once."""

    def __init__(self, server: Server, version: Spreadsheet | None = None) -> None:
        self.server = server
        self.id = server.create("Shop")
        self.book = GoogleWorkbook(client_of(server), self.id)
        self.owner: Operator = server.operator(self.id)
        if version is not None:
            self.owner.restore(version)
            return
        provision(self.book, kind="general", lang="en")
        for lead in (ANNA, IVAN, ANNA_AGAIN):
            self.owner.append("Leads", lead)
        self.refresh()

    def refresh(self) -> Refreshed:
        return refresh(self.book, now=NOW)

    def leads(self) -> list[dict[str, Any]]:
        return self.owner.rows("Leads")

    def ids(self) -> dict[str, str]:
        """What was asked for -> id."""
        return {row["Request"]: row["ID"] for row in self.leads()}


@pytest.fixture(scope="module")
def version() -> Spreadsheet:
    """What every desk begins with."""
    with opened() as server:
        return Desk(server).owner.version()


@pytest.fixture
def desk(server: Server, version: Spreadsheet) -> Desk:
    return Desk(server, version)


def test_a_row_put_above_the_headers_is_an_error_that_names_the_row(desk: Desk) -> None:
    before = desk.owner.headers("Leads")
    desk.owner.insert_row("Leads", 1)
    with pytest.raises(LayoutError, match="row 2"):
        desk.refresh()
    desk.owner.delete_row("Leads", 1)
    assert desk.owner.headers("Leads") == before
    assert desk.refresh().nothing


def test_a_row_put_above_the_headers_in_that_second_is_noticed_too(desk: Desk) -> None:
    """Also where every header was renamed, so that no text tells which row they stand in."""
    for text in [text for text in desk.owner.headers("Leads") if text != "ID"]:
        desk.owner.rename_column("Leads", text, f"My {text}")
    desk.owner.append("Leads", {"My Name": "Zoe"})
    desk.refresh()  # the first write by place marks the header rows
    desk.owner.append("Leads", {"My Name": "Yan"})
    before = desk.owner.headers("Leads")
    desk.server.before_nth(3, lambda: desk.owner.insert_row("Leads", 1))
    with pytest.raises(LayoutError, match="row 2"):
        desk.refresh()
    desk.owner.delete_row("Leads", 1)
    assert desk.owner.headers("Leads") == before
    desk.refresh()
    assert [row["ID"] for row in desk.leads()][-1] == "L-00005"


def test_a_row_pasted_as_values_gets_formulas_of_its_own(desk: Desk) -> None:
    sheet = desk.owner._sheet("Leads")
    values = {
        column: desk.owner._shown(sheet, 1, column) for column in range(1, len(sheet.columns))
    }
    desk.owner._put("Leads", 5, {c: v for c, v in values.items() if v is not None}, raw=True)
    typed = {"Name": "Zoe", "Phone": "89990001122", "Request": "Bali", "Budget": 9000}
    for header, value in typed.items():
        desk.owner.type("Leads", 5, header, value)
    desk.refresh()
    rows = {row["Name"]: row for row in desk.leads()}
    assert rows["Zoe"]["ID"] == "L-00004"
    assert rows["Zoe"]["Score"] != rows["Ivan"]["Score"]
    stored = {row["key:id"]: row for row in desk.owner.rows("_leads")}
    assert rows["Zoe"]["Score"] == stored["L-00004"]["score"]
    assert desk.refresh().nothing


def test_what_was_typed_over_days_comes_back(desk: Desk) -> None:
    desk.owner.type("Leads", 3, "Days in stage", 777)
    desk.refresh()
    assert 777 not in [row["Days in stage"] for row in desk.leads()]
    assert desk.refresh().nothing


def test_days_that_the_sheet_counts_from_another_date_are_not_typed_over(desk: Desk) -> None:
    assert refresh(desk.book, now=datetime(2026, 11, 25)).receipt is not None
    assert refresh(desk.book, now=datetime(2026, 11, 25)).nothing


def test_sorting_without_the_ids_gives_each_deal_of_a_client_its_own_back(desk: Desk) -> None:
    before = desk.ids()
    desk.owner.sort("Leads", "Created", descending=True, right_of="ID")
    assert desk.ids() != before
    desk.refresh()
    assert desk.ids() == before


def test_a_copy_above_its_original_that_became_another_deal_is_the_one_with_a_new_id(
    desk: Desk,
) -> None:
    desk.owner.insert_row("Leads", 2)
    desk.owner.copy_row("Leads", 3, to=2)
    desk.owner.type("Leads", 2, "Request", "Egypt in June")
    desk.refresh()
    assert desk.ids()["Turkey in May"] == "L-00001"
    assert desk.ids()["Egypt in June"] == "L-00004"


def test_the_next_deal_of_a_client_does_not_get_the_id_of_one_that_is_gone(desk: Desk) -> None:
    desk.owner.delete_row("Leads", 2)
    desk.refresh()
    desk.owner.append("Leads", {**ANNA, "Created": "2026-11-20", "Request": "Crete"})
    desk.refresh()
    assert desk.ids()["Crete"] == "L-00004"


def test_a_deal_that_was_put_aside_and_comes_back_gets_its_id_again(desk: Desk) -> None:
    desk.owner.delete_row("Leads", 2)
    desk.refresh()
    desk.owner.append("Leads", {**ANNA, "Phone": "8 916 111-22-34"})
    desk.refresh()
    assert desk.ids()["Turkey in May"] == "L-00001"


def test_a_formula_of_ones_own_filled_down_makes_no_leads(desk: Desk) -> None:
    desk.owner.append_column("Leads", "Ratio")
    for row in range(2, 40):
        desk.owner.type("Leads", row, "Ratio", "=1+1")
    desk.refresh()
    assert len(desk.owner.rows("Checklist")) == 3


def test_a_source_that_is_a_number_comes_to_rest(desk: Desk) -> None:
    sheet = desk.owner._sheet("Sources")
    column = desk.owner._column(sheet, "Source")
    row = len(desk.owner.rows("Sources")) + 2
    desk.owner._put("Sources", row, {column: 2024}, raw=True)
    desk.refresh()
    assert desk.refresh().nothing


def test_a_deleted_named_range_leads_to_the_repair(desk: Desk) -> None:
    file = desk.server.file(desk.id)
    (lost,) = [
        each["namedRangeId"] for each in file.names.values() if each["name"] == "ss_leads_line"
    ]
    desk.owner._do({"deleteNamedRange": {"namedRangeId": lost}})
    desk.owner.append("Leads", {"Name": "Zoe"})
    with pytest.raises(LayoutError, match="sheetsync init"):
        desk.refresh()
    provision(desk.book)
    desk.refresh()
    assert all(row["Score"] is not None for row in desk.leads())


def test_a_tab_cut_down_to_its_headers_is_no_trouble(desk: Desk) -> None:
    sheet = desk.owner._sheet("Leads")
    desk.owner._set_tab("Leads", gridProperties={"frozenRowCount": 0, "frozenColumnCount": 1})
    desk.owner.delete_row("Leads", 2, count=len(sheet.rows) - 1)
    assert desk.refresh().receipt is not None


def test_two_tabs_that_swap_titles_in_that_second_are_seen_through(desk: Desk) -> None:
    desk.owner.add_tab("Other", [["ID", "Name"]])
    desk.owner.append("Leads", {"Name": "Zoe", "Phone": "8 999 000-11-22"})

    def swap() -> None:
        desk.owner.rename_tab("Leads", "Leads of old")
        desk.owner.rename_tab("Other", "Leads")
        desk.owner.sort("Leads of old", "Name", descending=True)

    desk.server.before_nth(3, swap)
    desk.refresh()
    rows = {row["Name"]: row["ID"] for row in desk.owner.rows("Leads of old")}
    assert rows["Zoe"] == "L-00004"
    assert len(set(rows.values()) | {"L-00001", "L-00003"}) == 4


def test_the_doctor_knows_that_an_editor_may_not_write_our_tabs(desk: Desk) -> None:
    guest = "guest@example.com"
    desk.server.share(desk.id, guest)
    desk.book.check_writable()
    with pytest.raises(AccessError):
        GoogleWorkbook(client_of(desk.server, guest), desk.id).check_writable()
