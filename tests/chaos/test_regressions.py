"""What chaos found, each as small as it gets: none of it must come back."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime, time
from unittest import mock

import pytest

from sheetsync.sync.provision import provision
from sheetsync.workbooks.google.http import ENDPOINT
from sheetsync.workbooks.google.workbook import GoogleWorkbook
from tests.chaos.actions import ACTIONS, Action
from tests.chaos.script import Deed, Run
from tests.chaos.world import World
from tests.google import Server
from tests.workbooks.test_google import client_of


@pytest.fixture
def world(server: Server) -> World:
    return World(server, leads=4)


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server, mock.patch.dict(os.environ, {ENDPOINT: server.url}):
        yield server


def ids(world: World) -> set[str]:
    return {str(i) for found in world.view.ids().values() for i in found}


def test_a_copy_that_was_read_gets_its_id_though_a_row_above_it_is_deleted(world: World) -> None:
    copied, deleted = Deed(1, "anna", "copy_lead", 0, 0), Deed(3, "owner", "delete_lead", 1)
    world.play(Run("refresh", (copied, deleted)))
    assert len(ids(world)) == 4


def test_an_id_that_was_pasted_over_and_read_is_back_though_rows_shift(world: World) -> None:
    pasted, inserted = Deed(1, "anna", "paste_id", 1, 2), Deed(3, "owner", "insert_rows", 0, 0)
    world.play(Run("refresh", (pasted, inserted)))


def test_new_ids_find_their_rows_in_a_grid_that_has_grown(world: World) -> None:
    """Looking only as far as the grid reached when it was read, mending does not see them all."""
    added = Deed(1, "anna", "add_lead", 1, 1), Deed(1, "anna", "delete_spare_rows")
    world.play(Run("refresh", (*added, Deed(3, "owner", "insert_rows", 0, 2))))


def test_history_knows_no_lead_that_never_was(world: World) -> None:
    """The id of a copy was logged, and then never came to stand anywhere."""
    had = ids(world)
    copied, deleted = Deed(1, "anna", "copy_lead", 0, 0), Deed(3, "owner", "delete_lead", 1)
    with mock.patch.object(world, "complain", list):  # what the test above says
        world.play(Run("refresh", (copied, deleted)))
    assert {str(row.cells["lead"]) for row in world.view.rows("history")} == had | ids(world)


def test_a_copy_whose_id_is_pasted_over_with_its_originals_gets_its_own_back(world: World) -> None:
    world.play(Run("refresh", (Deed(1, "anna", "copy_lead", 0, 0),)))
    had = ids(world)
    world.play(Run("refresh", (Deed(1, "anna", "paste_id", 4, 0),)))
    assert ids(world) == had


def test_an_own_column_may_be_deleted_between_the_two_reads(world: World) -> None:
    """The last own column is asked for by a place that is beyond the grid by then."""
    anna = world.people["anna"]
    anna.insert_column("Leads", "Name", "Dog")
    anna.append_column("Leads", "Cat")
    by_anna = Action(lambda world, who, a, b: who.delete_column("Leads", "Dog"))  # noqa: ARG005
    with mock.patch.dict(ACTIONS, {"delete_dog": by_anna}):
        assert world.play(Run("refresh", (Deed(2, "anna", "delete_dog"),))).error is None


@pytest.mark.parametrize(("deed", "b"), [("add_column", 4), ("move_column", 0)])
def test_rules_and_protections_do_not_pile_up_when_columns_shift_during_init(
    world: World, deed: str, b: int
) -> None:
    """What the first request of the scan says of ranges no longer fits what the second says."""
    world.play(Run("init", (Deed(4, "anna", deed, 1, b),)))


def test_the_first_init_takes_no_sheet_in_which_somebody_has_begun_to_type(server: Server) -> None:
    spreadsheet = server.create("Shop")
    owner = server.operator(spreadsheet)

    def watch(number: int, _: object) -> None:
        if number == 4:
            owner.append_by_script("Sheet1", {"": "my list"})

    server.before(watch)
    provision(GoogleWorkbook(client_of(server), spreadsheet), kind="general", lang="en")
    texts = {
        cell.entered
        for sheet in server.file(spreadsheet).sheets
        for cell in sheet.rows[0].cells.values()
    }
    assert "my list" in texts


def test_a_lead_gets_its_id_back_though_it_had_a_copy_once(world: World) -> None:
    """The copy is gone; what is remembered of it is no rival of the lead that is there."""
    world.play(Run("refresh", (Deed(1, "anna", "copy_lead", 0, 0),)))
    world.people["anna"].delete_row("Leads", world.view.leads[-1][1].number)
    world.settle()
    had = ids(world)
    world.play(Run("refresh", (Deed(1, "anna", "paste_id", 0, 1),)))
    assert ids(world) == had


def test_a_lead_and_its_copy_have_their_two_ids_when_the_column_is_back(world: World) -> None:
    """Which of them has which, nobody can tell; that they are these two is known."""
    world.play(Run("refresh", (Deed(1, "anna", "copy_lead", 0, 0),)))
    had = ids(world)
    world.play(Run("refresh", (Deed(1, "owner", "delete_needed_column", 0, 0),)))
    assert ids(world) == had


def test_a_move_is_logged_once_by_machines_whose_clocks_differ(world: World) -> None:
    anna = world.people["anna"]
    for status, minutes in (("In progress", 10), ("Sold", 6), ("Sold", 12)):
        world.begin_to_notice()
        anna.type("Leads", 2, "Status", status)
        world.notice()
        world.now = datetime.combine(world.today, time(12, minutes))
        world.settle()
    lead = world.view.leads[0][1].cells["id"]
    lines = [r.cells for r in world.view.rows("history") if r.cells["lead"] == lead]
    assert [line["to"] for line in lines] == ["New", "In progress", "Sold"]


def test_a_refresh_that_cannot_go_on_leaves_no_id_beside_another_lead(world: World) -> None:
    """Its write landed in rows that had shifted; a needed column was gone before it could mend."""
    shifted = Deed(2, "boris", "add_lead", 39, 0), Deed(3, "boris", "insert_lead", 3, 36)
    world.play(Run("refresh", (*shifted, Deed(4, "anna", "delete_needed_column", 0, 1))))


def test_a_new_id_does_not_stay_beside_a_row_that_shares_a_source_only(world: World) -> None:
    """The new lead was deleted while the refresh ran, and another one moved up into its row."""
    meanwhile = Deed(3, "boris", "paste_leads", 34, 29), Deed(3, "boris", "delete_lead", 6, 9)
    world.play(Run("refresh", (Deed(1, "owner", "paste_leads", 20, 48), *meanwhile)))


def test_a_lead_whose_id_was_overwritten_gets_it_back_though_it_was_pasted_elsewhere(
    world: World,
) -> None:
    """A row was inserted above, so a new id landed on a lead whose own stood beside another."""
    meanwhile = Deed(3, "boris", "insert_lead", 1, 40), Deed(3, "owner", "paste_id", 0, 4)
    world.play(Run("refresh", (Deed(1, "anna", "add_lead", 51, 26), *meanwhile)))
