"""Dates put off and comments owed: sequences of refreshes over small shops."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest

from sheetsync.crm import base, promises
from sheetsync.crm.lists import Names
from sheetsync.crm.record import KEYS, RECORD, no_record, read_record
from tests.crm.books import NO_RESULTS, make_book, with_rules
from tests.crm.shops import run

STATUSES: list[dict[str, Any]] = [
    {"status": "New", "kind": "open"},
    {"status": "In work", "kind": "open"},
    {"status": "Later", "kind": "open", "parks": True, "needs_comment": True},
    {"status": "Proposal", "kind": "open", "needs_comment": True},
    {"status": "Won", "kind": "won"},
    {"status": "Lost", "kind": "lost", "needs_comment": True},
    {"status": "Spam", "kind": "spam"},
]
NAMES = [str(row["status"]) for row in STATUSES]
DAY = date(2026, 11, 20)
BEFORE = {"status": "In work", "next_action": "2026-11-02", "comment": "called"}

Lead = Mapping[str, Any]


def record_of(results: base.Part) -> pd.DataFrame:
    """The record as it comes back from a workbook: as raw cells."""
    raw = results.columns["leads"][list(KEYS)].astype(object)
    return read_record(raw, raw.index, Names(NAMES, {}))


def book_of(*leads: Lead, record: pd.DataFrame | None = None, **more: Any) -> base.Book:
    rows = [{"manager": "Anna", **lead} for lead in leads]
    book = make_book(leads=rows, statuses=STATUSES, **{"today": DAY, **more})
    return replace(book, recorded=no_record() if record is None else record)


def played(*states: Lead, **more: Any) -> tuple[base.Book, base.Part]:
    """One lead that stood so at each of the refreshes, a day apart; what the last one gave."""
    record, changed = None, dict(BEFORE)
    for number, state in enumerate(states):
        changed |= state
        book = book_of(changed, record=record, **{"today": DAY + timedelta(number), **more})
        part = promises.compute(book, NO_RESULTS)
        record = record_of(part)
    return book, part


def pushes(*states: Lead, **more: Any) -> int:
    _, part = played(*states, **more)
    return int(part.columns["leads"]["pushes"].iloc[0])


def flags(*states: Lead, **more: Any) -> list[tuple[int, str]]:
    _, part = played(*states, **more)
    return list(zip(part.flags["severity"], part.flags["text"], strict=True))


def due(day: int | None, **more: Any) -> Lead:
    return {"next_action": None if day is None else f"2026-11-{day:02d}", **more}


@pytest.mark.parametrize(
    ("days", "count"),
    [
        ([2], 0),
        ([2, 2, 2], 0),
        ([2, 5], 1),
        ([5, 2], 0),
        ([5, 2, 4], 1),
        ([2, 5, 9, 9, 12], 3),
        ([None, 5], 0),
        ([2, None], 0),
        ([2, None, 5], 1),
        ([2, None, None, 2], 0),
        ([None, None, 5, 6], 1),
    ],
)
def test_a_push_is_a_move_to_a_later_day(days: list[int | None], count: int) -> None:
    assert pushes(*map(due, days)) == count


@pytest.mark.parametrize(
    ("before", "after", "count"),
    [
        ("In work", "Proposal", 0),  # a further stage: another promise
        ("Proposal", "In work", 1),  # back: nothing new was promised
        ("New", "Later", 1),  # parked: that is putting off
        ("Proposal", "Later", 1),
        ("Later", "In work", 0),  # awake
        ("Lost", "In work", 0),  # open again
        ("In work", "Won", 0),
        ("In work", "Spam", 0),
        ("Lost", "Lost", 0),
        ("Left out of Statuses", "In work", 1),  # renamed: the lead did not move
    ],
)
def test_a_date_that_moves_with_the_lead_to_a_new_step_is_a_new_promise(
    before: str, after: str, count: int
) -> None:
    record = no_record().reindex(["L-00001"])
    record["last_status"] = before
    record["last_date"] = pd.Timestamp("2026-11-02")
    book = book_of({"status": after, **due(9)}, record=record)
    assert promises.pushes(book).tolist() == [count]


def test_the_lead_keeps_its_pushes_and_a_new_step_begins_with_none() -> None:
    book, part = played(due(2), due(3), due(4), due(4, status="Proposal", comment="b"), due(9))
    (line,) = promises.updated(book).to_dict("records")
    assert (line["pushed"], line["put_off"]) == (3, 1)
    assert line["put_off_from"] == pd.Timestamp("2026-11-04")
    assert part.columns["leads"]["pushes"].tolist() == [3]


def test_a_lead_that_never_had_a_date_has_no_number() -> None:
    _, part = played(due(None), due(None))
    assert part.columns["leads"]["pushes"].isna().all()


def test_a_status_that_asks_for_a_comment_is_owed_one_until_it_is_written() -> None:
    moved = {"status": "Proposal"}
    owed = [(50, "Status changed to “Proposal” on 2026-11-21 without a comment: write why")]
    assert flags({}, moved) == owed
    assert flags({}, moved, {}, {}) == owed, "the day is that of the change"
    assert flags({}, moved, {"status": "In work"}) == owed, "moving on is no explanation"
    assert flags({}, moved, {"comment": "called"}) == owed, "the same words again"
    assert flags({}, moved, {"comment": None}, {"comment": "called"}) == owed
    assert flags({}, moved, {"comment": "wants a price"}) == []
    assert flags({}, moved | {"comment": "wants a price"}) == []
    assert flags({}, {"comment": "wants a price"}, moved) == [
        (50, "Status changed to “Proposal” on 2026-11-22 without a comment: write why")
    ], "a comment of before explains nothing"


def test_a_status_that_asks_for_nothing_is_owed_nothing() -> None:
    assert flags({"status": "New"}, {"status": "In work"}) == []
    assert flags({"status": "New"}, {"status": "Won"}) == []
    assert [text for _, text in flags({}, {"status": "Lost"})] == [
        "Status changed to “Lost” on 2026-11-21 without a comment: write why"
    ]


def test_the_latest_change_is_the_one_that_is_asked_about() -> None:
    assert [text for _, text in flags({}, {"status": "Proposal"}, {"status": "Lost"})] == [
        "Status changed to “Lost” on 2026-11-22 without a comment: write why"
    ]


def test_a_moved_date_is_owed_a_comment_unless_settings_say_no() -> None:
    moved = [due(2), due(5)]
    owed = [(50, "The date was moved on 2026-11-21 without a comment: write why")]
    assert flags(*moved) == owed
    assert flags(*moved, due(4)) == owed, "back a little, and nobody knows why"
    assert flags(*moved, {"comment": "she is away"}) == []
    assert flags(*moved, settings={"ask_why_moved": "no"}) == []
    assert flags(due(5), due(2)) == []
    assert flags(*moved, {"status": "Won"}) == [], "closed leads owe nothing for a date"


def test_one_comment_answers_for_status_and_date() -> None:
    both = [due(2), due(5, status="Later")]
    assert [text for _, text in flags(*both)] == [
        "Status changed to “Later” on 2026-11-21 without a comment: write why",
        "The date was moved on 2026-11-21 without a comment: write why",
    ]
    assert flags(*both, {"comment": "in spring"}) == []


def test_a_date_put_off_again_and_again_is_flagged_while_the_lead_is_open() -> None:
    states = [due(day, comment=f"call {day}") for day in (2, 5, 9, 14)]
    assert flags(*states[:3]) == []
    thrice = "The date was moved 3 times (first promised for 2026-11-02): call, or close the lead"
    assert flags(*states) == [(75, thrice)]
    assert flags(*states, {"status": "Won"}) == []
    assert flags(*states, {"status": "Proposal", "comment": "sent"}) == [], "another step"
    assert flags(*states, settings={"most_pushes": 4}) == []
    assert flags(*states, settings={"most_pushes": 0}) == [], "never"
    assert len(flags(*states[:2], settings={"most_pushes": 1})) == 1


def test_a_crm_without_a_record_owes_nothing_and_counts_nothing() -> None:
    book = book_of(BEFORE, {"status": "Lost"}, {"status": None}, {})
    part = promises.compute(book, NO_RESULTS)
    assert part.flags.empty
    assert part.columns["leads"]["pushes"].tolist()[0] == 0
    assert part.figures["manager_promises"]["pushes"].tolist() == [0, 0, 0]


@pytest.mark.parametrize("days", [0, 1, 400])
def test_days_that_pass_change_nothing(days: int) -> None:
    book, part = played(due(2), due(5, status="Lost"), due(9, status="Proposal"))
    later = replace(book, recorded=record_of(part), today=book.today + timedelta(days))
    again = promises.compute(later, NO_RESULTS)
    pd.testing.assert_frame_equal(again.columns["leads"], part.columns["leads"])
    assert again.flags["text"].tolist() == part.flags["text"].tolist()


def test_cells_that_cannot_be_read_change_nothing_of_the_record() -> None:
    _, part = played({}, {"status": "Proposal"})
    before = record_of(part)
    blank = book_of({"status": None, "next_action": "2026-12-01"}, record=before)
    after = promises.updated(blank)
    pd.testing.assert_frame_equal(after, before, check_dtype=False)
    unread = book_of({**BEFORE, "status": "Proposal", "next_action": None}, record=before)
    assert promises.updated(unread)["last_date"].tolist() == [pd.Timestamp("2026-11-02")]


def test_a_renamed_status_is_spelled_anew_and_nobody_moved() -> None:
    raw = pd.DataFrame({"last_status": ["Quote"], "status_owed": [" proposal "]}, index=["L-00001"])
    record = read_record(raw, raw.index, Names(NAMES, {"Quote": "Proposal"}))
    assert record[["last_status", "status_owed"]].to_numpy().tolist() == [["Proposal"] * 2]


def test_a_damaged_record_reads_as_none() -> None:
    cells = {column.key: ["-1", "nonsense", None, 0] for column in RECORD}
    raw = pd.DataFrame(cells, index=[f"L-{n:05d}" for n in range(1, 5)], dtype=object)
    record = read_record(raw, raw.index, Names(NAMES, {}))
    for column in RECORD:
        if column.type in ("date", "integer"):
            assert record[column.key].isna().all(), column.key
    leads = [{**BEFORE, "status": "Proposal"}] * 4
    book = make_book(leads=leads, statuses=STATUSES)
    flagged = promises.compute(replace(book, recorded=record), NO_RESULTS).flags
    assert flagged.empty, "what is owed for a status that there is not is owed by nobody"


def test_figures_per_manager_sum_to_all() -> None:
    leads: list[dict[str, Any]] = [
        {**BEFORE, "manager": "Anna"},
        {**BEFORE, "manager": "Anna", "status": "New"},
        {**BEFORE, "manager": "Boris"},
        {**BEFORE, "manager": None},
    ]
    record = record_of(promises.compute(book_of(*leads), NO_RESULTS))
    leads[0] |= {"next_action": "2026-11-05", "status": "Later"}
    leads[1] |= {"next_action": "2026-11-05", "comment": "away"}
    leads[3] |= {"next_action": "2026-11-05"}
    part = promises.compute(book_of(*leads, record=record), NO_RESULTS)
    team = part.figures["manager_promises"]
    assert team["manager"].tolist()[:2] == ["Anna", "Boris"]
    assert team["pushes"].tolist() == [2, 0, 1]
    assert team["comments_owed"].tolist() == [1, 0, 1], "a lead that owes two owes once"
    assert part.columns["team"]["pushes"].to_dict() == {"Anna": 2, "Boris": 0}


def test_rules_that_look_at_pushes_see_those_of_now() -> None:
    from sheetsync.crm.scoring import capability as scoring

    book, _ = played(due(2), due(5), due(7))
    ruled = with_rules(book, ("Date moved", "at least", "2", -10))
    assert run(ruled, scoring.compute).columns["leads"]["score"].tolist() == [-10]


@dataclass
class Replay:
    """The same rules for one lead, told step by step in plain Python."""

    status: str | None = None
    day: str | None = None
    comment: str | None = None
    moves: list[str] = field(default_factory=list)
    total: int = 0
    debts: dict[str, tuple[str | None, date]] = field(default_factory=dict)

    def see(self, lead: Lead, today: date) -> None:
        said = lead["comment"]
        if lead["status"]:
            self._see_status(lead["status"], lead["next_action"], today)
        if said and said != self.comment:
            self.comment, self.debts = said, {}

    def _see_status(self, status: str, day: str | None, today: date) -> None:
        kinds = {str(row["status"]): row for row in STATUSES}
        kind, was, fresh = kinds[status], self.status, False
        if was is not None and was != status:
            woken = kinds[was].get("parks") or kinds[was]["kind"] != "open"
            further = NAMES.index(status) > NAMES.index(was)
            fresh = bool(woken or further) and not kind.get("parks")
            if kind.get("needs_comment"):
                self.debts["status"] = (status, today)
        if fresh:
            self.moves = []
        elif kind["kind"] == "open" and day and self.day and day > self.day:
            self.moves.append(self.day)
            self.total += 1
            self.debts["date"] = (None, today)
        if kind["kind"] != "open":
            self.debts.pop("date", None)
        self.status, self.day = status, day or self.day


@pytest.mark.parametrize("seed", range(3))
def test_random_sequences_agree_with_a_replay_in_plain_python(seed: int) -> None:
    rng = random.Random(seed)
    leads: list[dict[str, Any]] = [
        {"status": rng.choice(NAMES), "next_action": None, "comment": None} for _ in range(120)
    ]
    replays = [Replay() for _ in leads]
    record = None
    for number in range(8):
        for lead in leads:
            if rng.random() < 0.3:
                lead["status"] = rng.choice([*NAMES, *NAMES[:4], None])
            if rng.random() < 0.5:
                lead["next_action"] = rng.choice([None, *(f"2026-11-{d:02d}" for d in range(1, 9))])
            if rng.random() < 0.2:
                lead["comment"] = rng.choice([None, "a", "b", "c"])
        today = DAY + timedelta(number)
        part = promises.compute(book_of(*leads, record=record, today=today), NO_RESULTS)
        record = record_of(part)
        for replay, lead in zip(replays, leads, strict=True):
            replay.see(lead, today)
        assert _told(record) == [_expected(replay) for replay in replays]
    assert sum(replay.total for replay in replays) > 60, "the sequences do push"


def _told(record: pd.DataFrame) -> list[tuple[Any, ...]]:
    def plain(value: Any) -> Any:
        return None if pd.isna(value) else value

    keys = ("pushed", "put_off", "put_off_from", "status_owed", "status_owed_since")
    columns: Sequence[list[Any]] = [
        [plain(value) for value in record[key]] for key in (*keys, "date_owed_since")
    ]
    return list(zip(*columns, strict=True))


def _expected(replay: Replay) -> tuple[Any, ...]:
    status, since = replay.debts.get("status", (None, None))
    _, moved = replay.debts.get("date", (None, None))
    first = replay.moves[0] if replay.moves else None
    return (
        replay.total or None,
        len(replay.moves) or None,
        None if first is None else pd.Timestamp(first),
        status,
        None if since is None else pd.Timestamp(since),
        None if moved is None else pd.Timestamp(moved),
    )
