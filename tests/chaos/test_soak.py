"""Some of the soak's interleavings, in the time that a test suite has."""

from __future__ import annotations

import pytest

from tests.chaos.soak import share


@pytest.mark.parametrize(("runs", "addon"), [(4, False), (3, True)])
def test_random_interleavings_leave_the_sheet_right(runs: int, addon: bool) -> None:
    done = share("20261121", runs, addon)
    assert not done.failure, done.failure
    assert done.tally.runs == runs
    assert done.tally.branches > 2 * runs
    assert done.tally.deeds > 4 * runs
    assert (done.tally.scripts > 2 * runs) == addon
