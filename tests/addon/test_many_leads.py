"""Ten thousand leads: an event and the card ask the services as often as for a hundred."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from sheetsync.addon.preview.host import Run
from tests.addon.conftest import Prepared
from tests.addon.crowd import Crowd
from tests.addon.shop import LEADS

COUNTS = (100, 10_000)

TRIPS = {"getValues", "setValues", "getNotes", "setNotes", "setValue", "appendRow", "canEdit",
         "getLastRow", "find", "flush", "getNote"}  # fmt: skip
"""Methods that go to the spreadsheet and back."""


@pytest.fixture(scope="module")
def crowds(prepared: Prepared) -> Iterator[list[Crowd]]:
    prepared["en"].restore()
    found = [Crowd(prepared["en"], count) for count in COUNTS]
    yield found
    for crowd in found:
        crowd.addon.close()


@pytest.fixture(scope="module")
def days(crowds: list[Crowd]) -> Sequence[Sequence[Run]]:
    return [crowd.day() for crowd in crowds]


def test_the_number_of_calls_does_not_grow_with_the_leads(days: Sequence[Sequence[Run]]) -> None:
    few, many = ([dict(run.calls) for run in day] for day in days)
    assert many == few
    asked = [
        sum(count for call, count in run.items() if call.partition(".")[2] in TRIPS) for run in few
    ]
    assert max(asked) <= 40


def test_the_card_opens_with_nine_reads(days: Sequence[Sequence[Run]]) -> None:
    for day in days:
        opened = day[8]
        assert opened.result["lead"]["history"]
        # The header and the row of Leads; the header, the keys and the lines of History and of
        # Checklist; what the refresh published.
        assert opened.calls["Range.getValues"] == 9


def test_among_ten_thousand_the_same_is_done(days: Sequence[Sequence[Run]]) -> None:
    few, many = ([[each["op"] for each in run.changes] for run in day] for day in days)
    assert many == few
    for day, count in zip(days, COUNTS, strict=True):
        assert f"L-{count + len(LEADS):05d}" in day[2].toasts[0]
        assert [len(run.toasts) for run in day] == [1, 1, 1, 1, 0, 0, 0, 1, 0, 0]


def test_a_thousand_pasted_rows_ask_as_often_as_twenty(crowds: list[Crowd]) -> None:
    crowd = crowds[0]
    top = len(LEADS) + crowd.count + 40
    # What is looked up once is known after the first.
    crowd.enter(top - 5, "Name", "Zoya")
    crowd.enter(top - 5, "Status", crowd.shop.status("new"))
    found = []
    for count in (20, 1000):
        names = [f"New {n}" if n % 2 else None for n in range(count)]
        runs = [
            crowd.enter(top, "Name", *names),
            crowd.enter(top, "Status", *[crowd.shop.status("new")] * count),
        ]
        found.append([dict(run.calls) for run in runs])
        top += count + 10
    for few, many in zip(*found, strict=True):
        different = {key for key in few | many if few.get(key) != many.get(key)}
        # Where History needs more rows, they are added once.
        assert different <= {"Sheet.insertRowsAfter", "Sheet.getMaxRows"}


def test_many_phones_that_others_have_are_linked_in_as_many_calls_as_few(
    crowds: list[Crowd],
) -> None:
    crowd = crowds[0]
    few, many = (
        dict(crowd.enter(2, "Phone", *[crowd.phone(50)] * count).calls) for count in (2, 50)
    )
    assert many == few


def test_an_event_among_ten_thousand_leads_reads_no_more_than_it_needs(
    crowds: list[Crowd],
) -> None:
    run = crowds[1].enter(4, "Phone", crowds[1].phone(5000))
    assert "L-05000" in run.toasts[0]
    assert run.cells_read < 5 * COUNTS[1]
