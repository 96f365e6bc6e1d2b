"""People with the add-on: what its scripts and a refresh have to do is done once, by either."""

from __future__ import annotations

import os
from collections.abc import Iterator
from unittest import mock

import pytest

from sheetsync.workbooks.google.http import ENDPOINT
from tests.chaos.script import CUT, LOST, MACHINE, Deed, Run
from tests.chaos.world import World
from tests.google import Server

READ, VALUES, WRITE = 1, 2, 3

NEW = Deed(READ, "boris", "add_lead_by_script", 1, 1)
"""Something for the refresh: a lead that wants an id, and a line."""


@pytest.fixture
def world() -> Iterator[World]:
    with Server() as server, mock.patch.dict(os.environ, {ENDPOINT: server.url}):
        yield World(server, leads=4)


def logged(world: World, row: int) -> list[tuple[object, object]]:
    """What History says of the lead in a row: where it went, and who noted that."""
    [lead] = [each.cells["id"] for _, each in world.view.leads if each.number == row]
    lines = [each.cells for each in world.view.rows("history")]
    return [(line["to"], line["via"]) for line in lines if line["lead"] == lead]


def test_what_a_slow_script_has_begun_a_refresh_waits_for(world: World) -> None:
    """It has looked before the refresh reads, and writes after that has written."""
    slow = Deed(VALUES, "anna", "edit_status", 0, 5, slow=2)
    lost = Deed(WRITE, MACHINE, LOST)
    assert world.play(Run("refresh", (NEW, slow, lost), addon=True)).requests > WRITE
    assert logged(world, 2) == [("New", "refresh"), ("Sold", "add-on")]
    assert [row.cells["id"] for _, row in world.view.leads] == [f"L-0000{n}" for n in range(1, 6)]


def test_what_a_script_did_not_get_to_a_refresh_does(world: World) -> None:
    """It was cut off when it had given the id, and had yet to write the line."""
    cut = Deed(VALUES, "anna", "add_lead", 1, 2, slow=CUT)
    world.play(Run("refresh", (NEW, cut), addon=True))
    [(_, noted)] = logged(world, 7)
    assert noted == "refresh"


def test_a_card_that_is_old_saves_beside_its_own_lead(world: World) -> None:
    """The rows were sorted since it was opened; a refresh is about to write, and then it writes."""
    deeds = (
        NEW,
        Deed(READ, "anna", "open_card", 0),
        Deed(VALUES, "boris", "sort_leads", 1, 1),
        Deed(WRITE, "anna", "save_card", 1, 4, slow=1),
    )
    world.play(Run("refresh", deeds, addon=True))
    statuses = {row.cells["id"]: row.cells["status"] for _, row in world.view.leads}
    assert statuses["L-00001"] == "Waiting for payment"
