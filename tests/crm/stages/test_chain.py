"""The chain of History: checksums by hand, every way of breaking it, and both workbooks."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sheetsync import locales
from sheetsync.crm import layout
from sheetsync.crm.base import Results
from sheetsync.crm.stages import chain, pipeline
from sheetsync.crm.stages.log import in_order
from sheetsync.sync.plan import make_plan
from sheetsync.sync.provision import provision
from sheetsync.sync.understand import layout_of
from sheetsync.workbooks.base import Workbook
from sheetsync.workbooks.google.workbook import GoogleWorkbook
from sheetsync.workbooks.xlsx.workbook import XlsxWorkbook
from tests.crm.books import NO_RESULTS, NOW, make_book
from tests.google import Server
from tests.workbooks.test_google import client_of

NO_RECORD = pd.Series(dtype=object)
EVERYBODY = pd.Index(["L-00001", "L-00002"])

FIRST = "b818ef0f772a1317"
SECOND = "c1de77ad6e6bb8c0"
"""By ``printf '%s' '["","L-00001",...]' | sha256sum``, see :func:`by_hand`."""


def by_hand(before: str, *texts: str) -> str:
    """A checksum of texts that need no escape, written down without the code's help."""
    text = "[" + ",".join(f'"{each}"' for each in (before, *texts)) + "]"
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]


def log(*ways: tuple[str, ...], lead: str = "L-00001") -> pd.DataFrame:
    """Signed lines of one lead as the sheet holds them, a line a day: (from, to) each."""
    lines, before = [], ""
    for day, (a, b) in enumerate(ways, 1):
        texts = [lead, f"2026-10-{day:02d}T09:30:00", a, b, "Anna", "", "refresh", f"{lead}/{day}"]
        before = by_hand(before, *texts)
        lines.append([*texts, before])
    table = pd.DataFrame(lines, columns=[*chain.COVERED, "checksum"]).astype(object)
    table["at"] = pd.to_datetime(table["at"]).astype(object)
    return table.set_axis(pd.RangeIndex(2, len(table) + 2), axis=0)


WAY = (("", "New"), ("New", "In work"), ("In work", "Proposal"), ("Proposal", "Won"))


def breaks(history: pd.DataFrame, **more: Any) -> list[tuple[Any, ...]]:
    """(row, what) of each break."""
    found = chain.verify(history, **{"logged": NO_RECORD, "leads": EVERYBODY, "now": NOW} | more)
    rows = [None if pd.isna(row) else int(row) for row in found["row"]]
    return list(zip(rows, found["what"], strict=True))


def at_row(history: pd.DataFrame, row: int, **cells: Any) -> pd.DataFrame:
    """The same with other cells in one row."""
    changed = history.copy()
    for key, value in cells.items():
        changed.at[row, key] = value
    return changed


# -- the form


def test_a_checksum_is_what_sha256sum_says() -> None:
    # printf '%s' '["","L-00001","2026-11-21T09:30:00","","Новый","Анна","","refresh","L-00001/1"]'
    #   | sha256sum | cut -c-16
    line = ("L-00001", "2026-11-21T09:30:00", "", "Новый", "Анна", "", "refresh", "L-00001/1")
    assert chain.checksum("", line) == FIRST
    # The next one: '["<the first>","L-00001","2026-11-21T12:00:00","Новый","В \"работе\"",...]'
    more = ("L-00001", "2026-11-21T12:00:00", "Новый", 'В "работе"', "", "a\\b", "", "L-00001/2")
    assert chain.checksum(FIRST, more) == SECOND


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (" a \r\n\tb\u00a0 c\u2028d ", "a b c d"),
        ("a\x00\x01b\x0bc\ud800d\uffff", "abcd"),
        ("a\x85b\ufeffc", "a b c"),
        ("я" * 40_000, "я" * 32_767),
        ("\x01" * 10 + "я" * 32_766 + " tail", "я" * 32_766),
        (2024.0, "2024"),
        ("007", "007"),
        (True, "TRUE"),
        (None, ""),
        (float("nan"), ""),
        ('=1+1 "quoted" \\ 😀 é', '=1+1 "quoted" \\ 😀 é'),
    ],
)
def test_cells_are_read_in_the_form_that_survives_a_spreadsheet(cell: Any, text: str) -> None:
    line = pd.DataFrame([{"lead": "L-00001", "by": cell}], dtype=object)
    array = ["", "L-00001", "", "", "", text, "", "", ""]
    said = json.dumps(array, ensure_ascii=False, separators=(",", ":"))
    assert chain.sign(line, [""]) == [hashlib.sha256(said.encode()).hexdigest()[:16]]


def test_a_moment_is_the_same_from_a_file_and_from_a_serial_number() -> None:
    """Seconds of a day, as days since 1899-12-30 with the nine digits that are written."""
    moments = pd.date_range("2026-11-21", "2026-11-22", freq="17s")
    serial = ((moments - pd.Timestamp(1899, 12, 30)) / pd.Timedelta(days=1)).to_series().round(9)
    as_read = pd.DataFrame({"at": serial.to_numpy(dtype=object)})
    typed = pd.DataFrame({"at": moments})
    nothing = [""] * len(moments)
    assert chain.sign(as_read, nothing) == chain.sign(typed, nothing)
    assert len(set(chain.sign(typed, nothing))) == len(moments)


# -- what breaks


def test_a_log_as_it_was_written_is_whole() -> None:
    assert breaks(log(*WAY)) == []


@pytest.mark.parametrize("key", ["at", "from", "to", "by", "comment", "via"])
def test_every_cell_of_a_line_counts_and_its_followers_are_not_blamed(key: str) -> None:
    new = datetime(2026, 10, 2, 9, 31) if key == "at" else "Boris"
    assert breaks(at_row(log(*WAY), 3, **{key: new})) == [(3, "changed")]
    emptied = [(3, "changed")] if key != "comment" else []  # it was empty
    assert breaks(at_row(log(*WAY), 3, **{key: None})) == emptied


def test_a_line_that_got_another_id_is_named() -> None:
    assert breaks(at_row(log(*WAY), 3, id="X")) == [(3, "changed")]
    # Nobody can say whether the one before it, 6, was ever there.
    assert breaks(at_row(log(*WAY), 3, id="L-00001/7")) == [(3, "missing")]


@pytest.mark.parametrize("other", ["L-00002", None])
def test_a_line_that_was_given_to_another_lead_is_named_there_and_missed_here(
    other: str | None,
) -> None:
    found = breaks(at_row(log(*WAY), 3, lead=other))
    assert found == [(3, "changed"), (4, "missing")]


def test_a_checksum_that_was_typed_over_is_named_once() -> None:
    whole = log(*WAY)
    assert breaks(at_row(whole, 3, checksum="0" * 16)) == [(3, "changed")]
    assert breaks(at_row(whole, 3, checksum=None)) == [(3, "unsigned")]


@pytest.mark.parametrize(("gone", "named"), [((2,), 3), ((3,), 4), ((2, 3), 4), ((3, 4), 5)])
def test_lines_taken_out_are_missed_by_the_next(gone: tuple[int, ...], named: int) -> None:
    assert breaks(log(*WAY).drop(list(gone))) == [(named, "missing")]


def test_a_line_put_in_by_hand_has_no_checksum() -> None:
    whole = log(*WAY)
    typed = whole.iloc[[0]].assign(at=datetime(2026, 9, 1), checksum=None, id=None)
    below = pd.concat([whole, typed.set_axis([9], axis=0)])
    assert breaks(below) == [(9, "unsigned")]
    later = typed.assign(at=datetime(2026, 11, 1))
    assert breaks(pd.concat([whole, later.set_axis([9], axis=0)])) == [(9, "unsigned")]


def test_a_line_that_was_copied_is_named() -> None:
    whole = log(*WAY)
    twice = pd.concat([whole, whole.iloc[[1]].set_axis([9], axis=0)])
    assert [what for _, what in breaks(twice)] == ["copied"]


def test_lines_of_an_earlier_version_come_before_the_chain() -> None:
    old = log(*WAY).assign(checksum=None)
    assert breaks(old) == []
    signed = log(("Won", "Lost"))
    assert breaks(pd.concat([old, signed.assign(id="L-00001/5").set_axis([6], axis=0)])) == [
        (6, "changed")  # its own id is covered
    ]
    line = ["L-00001", "2026-11-01T00:00:00", "Won", "Lost", "Anna", "", "refresh", "L-00001/5"]
    cells = dict(zip(chain.COVERED, line, strict=True)) | {"checksum": by_hand("", *line)}
    new = pd.DataFrame([cells | {"at": datetime(2026, 11, 1)}], index=[6], dtype=object)
    assert breaks(pd.concat([old, new])) == []
    assert breaks(at_row(pd.concat([old, new]), 6, by="Boris")) == [(6, "changed")]


def test_two_lines_after_the_same_one_are_a_fork_and_no_break() -> None:
    whole = log(*WAY[:2])
    line = ["L-00001", "2026-10-02T09:30:01", "New", "Lost", "Boris", "?", "add-on", "L-00001/2"]
    cells = dict(zip(chain.COVERED, line, strict=True))
    cells["checksum"] = by_hand(whole.at[2, "checksum"], *line)
    fork = pd.DataFrame([cells | {"at": datetime(2026, 10, 2, 9, 30, 1)}], index=[4], dtype=object)
    assert breaks(pd.concat([whole, fork])) == []


def test_a_tab_that_somebody_sorted_is_no_break() -> None:
    both = pd.concat([log(*WAY), log(*WAY, lead="L-00002")])
    old = log(("", "New"), lead="L-00003").assign(checksum=None, at=datetime(2026, 1, 1))
    line = ["L-00003", "2026-10-09T00:00:00", "New", "Won", "", "", "", "L-00003/2"]
    cells = dict(zip(chain.COVERED, line, strict=True)) | {"checksum": by_hand("", *line)}
    new = pd.DataFrame([cells | {"at": datetime(2026, 10, 9)}], dtype=object)
    lines = pd.concat([both, old, new], ignore_index=True)
    for seed in range(5):
        order = random.Random(seed).sample(range(len(lines)), len(lines))
        assert breaks(lines.iloc[order].set_axis(range(2, len(lines) + 2), axis=0)) == []
    upside_down = lines.iloc[::-1].set_axis(range(2, len(lines) + 2), axis=0)
    assert breaks(upside_down) == []


# -- what was recorded


def record_of(history: pd.DataFrame) -> pd.Series:
    last = history.iloc[-1]
    return pd.Series({last["lead"]: f"{last['id'].split('/')[1]}:{last['checksum']}"}, dtype=object)


def test_a_last_line_that_is_gone_is_missed_by_the_record() -> None:
    whole = log(*WAY)
    logged = record_of(whole)
    assert breaks(whole, logged=logged) == []
    assert breaks(whole.drop([4, 5]), logged=logged) == [(None, "cut")]
    (name,) = chain.verify(whole.drop([4, 5]), logged, EVERYBODY, NOW)["id"]
    assert name == "L-00001/4"
    assert breaks(whole.iloc[:0], logged=logged) == [(None, "cut")]


def test_a_lead_that_was_deleted_with_all_its_lines_is_told_apart() -> None:
    whole = log(*WAY)
    nobody = pd.Index(["L-00002"])
    assert breaks(whole.iloc[:0], logged=record_of(whole), leads=nobody) == [(None, "erased")]
    assert breaks(whole, logged=record_of(whole), leads=nobody) == []
    assert breaks(whole.drop(5), logged=record_of(whole), leads=nobody) == [(None, "cut")]


@pytest.mark.parametrize("text", ["", "3", "x:1", "3:9f86d081884c7d6", "3:9F86D081884C7D65", 7.0])
def test_what_is_no_record_is_none(text: Any) -> None:
    assert breaks(log(*WAY), logged=pd.Series({"L-00001": text}, dtype=object)) == []


def test_without_the_column_nothing_can_be_said() -> None:
    whole = log(*WAY)
    assert breaks(whole.drop(columns="checksum"), logged=record_of(whole)) == []


# -- new lines


def _book(history: pd.DataFrame, **more: Any) -> Any:
    table = history.rename(columns={"from": "from_status", "to": "to_status"})
    book = make_book(
        leads=[{"status": "Won", "manager": "Anna"}], history=table.reset_index(drop=True)
    )
    return replace(book, **more)


def _new(book: Any) -> tuple[dict[str, Any], str]:
    """The appended line, and what is recorded of its lead."""
    part = pipeline.compute(book, NO_RESULTS)
    return part.appends["history"].iloc[0].to_dict(), part.columns["leads"].at["L-00001", "logged"]


def test_a_new_line_follows_the_last_one() -> None:
    before = log(*WAY[:3])
    line, recorded = _new(_book(before))
    texts = ("L-00001", "2026-11-21T12:00:00", "Proposal", "Won", "Anna", "", "refresh")
    assert line["checksum"] == by_hand(before.at[4, "checksum"], *texts, "L-00001/4")
    assert recorded == f"4:{line['checksum']}"


def test_a_line_is_of_a_whole_second() -> None:
    line, _ = _new(_book(log(*WAY[:3]), now=datetime(2026, 11, 21, 12, 0, 0, 999_999)))
    assert line["at"] == pd.Timestamp("2026-11-21 12:00")


def test_a_line_after_a_gap_follows_what_was_recorded_so_the_gap_stays() -> None:
    whole = log(*WAY[:3])
    left = whole.drop(4)
    line, recorded = _new(_book(left, logged=record_of(whole)))
    assert line["id"] == "L-00001/4"
    assert recorded == f"4:{line['checksum']}"
    after = pd.concat([left, pd.DataFrame([line], index=[4]).astype(object)])
    logged = pd.Series({"L-00001": recorded}, dtype=object)
    assert breaks(after, logged=logged) == [(4, "missing")]


def test_without_a_new_line_a_gap_stays_recorded_and_lines_of_others_are_taken_over() -> None:
    whole = log(*WAY)
    ordered = in_order(whole.reset_index(drop=True).astype({"at": "datetime64[us]"}), NOW)
    assert chain.ends(ordered.iloc[:2], record_of(whole)) == record_of(whole).to_dict()
    assert chain.ends(ordered, record_of(whole.iloc[:2])) == record_of(whole).to_dict()
    assert chain.ends(ordered.drop(columns="checksum"), record_of(whole)) == {
        "L-00001": record_of(whole)["L-00001"]
    }


def test_a_workbook_without_the_column_gets_lines_without_a_checksum() -> None:
    line, recorded = _new(_book(log(*WAY[:3]).drop(columns="checksum")))
    assert "checksum" not in line
    assert pd.isna(recorded)


# -- round trips

NASTY = (
    "=1+1",
    "007",
    "12345678901234567890",
    "1e5",
    "TRUE",
    "21.11.2026",
    "+7 916 123-45-67",
    "'quoted",
    " blanks  around ",
    "two\nlines\r\nthree\rfour",
    "a\x01b\x0bc",
    "_x0041_ & <b> \"q\" \\ 'x'",
    "tab\tnbsp\u00a0sep\u2028end",
    "rtl \u202eabc\u200f 😀 é e\u0301",
    "\ufeffbom\x85nel",
    "я" * 40_000,
)


@pytest.fixture(params=["xlsx", "google"])
def workbook(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Workbook]:
    if request.param == "xlsx":
        yield XlsxWorkbook(tmp_path / "shop.xlsx")
    else:
        server: Server = request.getfixturevalue("server")
        yield GoogleWorkbook(client_of(server), server.create("Shop", "ru_RU"))


def test_what_was_written_fits_its_checksum_when_it_is_read(workbook: Workbook) -> None:
    provision(workbook, kind="general", lang="ru")
    rng = random.Random(7)
    at = [
        pd.Timestamp("2026-01-01") + pd.Timedelta(seconds=rng.randrange(30_000_000))
        for _ in range(400)
    ]
    lines = pd.DataFrame(
        {
            "at": pd.Series(at).astype("datetime64[us]"),
            "lead": "L-00001",
            "from": [rng.choice(NASTY) for _ in at],
            "to": [NASTY[n % len(NASTY)] for n in range(len(at))],
            "by": [rng.choice(NASTY[:-1]) for _ in at],
            "comment": [rng.choice(("", *NASTY[:-1])) for _ in at],
            "via": "обновление",
            "id": [f"L-00001/{n + 1}" for n in range(len(at))],
        }
    ).astype({"from": object, "to": object})
    lines.loc[16:, ["from", "to"]] = lines.loc[16:, ["from", "to"]].map(lambda text: text[:50])
    sums = [""]
    for n in range(len(lines)):
        sums += chain.sign(lines.iloc[[n]], sums[-1:])
    snapshot = workbook.read()
    results = Results({}, {}, {"history": lines.assign(checksum=sums[1:])}, *_nothing())
    words = locales.load("ru")
    workbook.apply(make_plan(snapshot, layout_of(snapshot), words, {}, results))
    read = workbook.read().tabs["history"].frame
    assert len(read) == len(lines)
    assert chain.verify(read, NO_RECORD, EVERYBODY, NOW).empty
    # And it does see a difference.
    read.at[read.index[7], "comment"] = "another"
    found = chain.verify(read, NO_RECORD, EVERYBODY, NOW)
    assert found[["row", "what"]].to_numpy().tolist() == [[9, "changed"]]


def _nothing() -> tuple[Any, ...]:
    return NO_RESULTS.flags, (), {}


def test_the_layout_has_the_checksum_as_the_last_column_of_history() -> None:
    assert layout("general")["history"].columns[-1].key == "checksum"
