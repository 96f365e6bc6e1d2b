"""Some of the soak's interleavings, in the time that a test suite has."""

from __future__ import annotations

from tests.chaos.soak import share

_RUNS, _SEED = 7, "20261121"


def test_random_interleavings_leave_the_sheet_right() -> None:
    done = share(_SEED, _RUNS)
    assert not done.failure, done.failure
    assert done.tally.runs == _RUNS
    assert done.tally.branches > 2 * _RUNS
    assert done.tally.deeds > 4 * _RUNS
