"""Ticks, names of lists, and the text of cells."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pandas as pd
import pytest

from sheetsync import cells

NAMES = ("Новый", "Переговоры", "Счёт выставлен", "Продано")

BOOL_PROBLEMS: list[tuple[Any, str]] = [
    ("наверное", "bool.unreadable"),
    (2.0, "bool.unreadable"),
    ("#N/A", "bool.unreadable"),
    (date(2026, 11, 5), "bool.unreadable"),
    ("❌", "bool.unreadable"),
]

NAME_PROBLEMS: list[tuple[Any, str, str | None]] = [
    ("Переговры", "list.unknown", "Переговоры"),
    ("пере говоры", "list.unknown", "Переговоры"),
    ("Счет выстален", "list.unknown", "Счёт выставлен"),
    ("Sould", "list.unknown", "sold"),
    ("иное", "list.unknown", None),
    ("перезвонить, когда закончатся переговоры с поставщиком", "list.unknown", None),
    (5.0, "list.unknown", None),
    (True, "list.unknown", None),
    ("?", "list.unknown", None),
]


def column(*raw: Any) -> pd.Series:
    return pd.Series(list(raw), dtype=object)


@pytest.mark.parametrize(
    "raw", [True, 1.0, 1, "1", "TRUE", "да", "Да!", "yes", "+", "x", "Х", "✓", "✔️", "☑", "v"]
)
def test_a_tick_is_a_tick(raw: Any) -> None:
    assert cells.parse_bools(column(raw)).values.tolist() == [True]


@pytest.mark.parametrize("raw", [False, 0.0, 0, "0", "FALSE", "нет", "Нет.", "no", "-", "—", "☐"])
def test_no_tick_is_no_tick(raw: Any) -> None:
    assert cells.parse_bools(column(raw)).values.tolist() == [False]


def test_an_empty_box_is_neither() -> None:
    values = cells.parse_bools(column(None, "", " ", float("nan"), True)).values
    assert values.dtype == "boolean"
    assert values.isna().tolist() == [True, True, True, True, False]


@pytest.mark.parametrize(("raw", "code"), BOOL_PROBLEMS)
def test_what_is_neither_yes_nor_no_is_a_problem(raw: Any, code: str) -> None:
    parsed = cells.parse_bools(column(raw))
    assert (parsed.values.isna().tolist(), parsed.problems.tolist()) == ([True], [code])


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Переговоры", "Переговоры"),
        (" ПЕРЕГОВОРЫ. ", "Переговоры"),
        ("счет  выставлен", "Счёт выставлен"),
        ("СЧЁТ\u00a0ВЫСТАВЛЕН!", "Счёт выставлен"),
        ("Sold", "Продано"),
        (None, None),
        ("  ", None),
    ],
)
def test_a_name_is_matched_however_it_is_written(raw: Any, expected: str | None) -> None:
    parsed = cells.match_names(column(raw), NAMES, {"sold": "Продано", "новый": "Продано"})
    assert (parsed.values.tolist(), parsed.problems.tolist()) == ([expected], [None])


@pytest.mark.parametrize(("raw", "code", "hint"), NAME_PROBLEMS)
def test_a_typo_is_a_problem_with_a_hint_and_never_a_match(
    raw: Any, code: str, hint: str | None
) -> None:
    parsed = cells.match_names(column(raw), NAMES, {"sold": "Продано"})
    assert parsed.values.tolist() == [None]
    assert (parsed.problems.iloc[0], parsed.hints.iloc[0]) == (code, hint)


def test_a_name_goes_before_an_alias() -> None:
    parsed = cells.match_names(column("новый", "Новый"), pd.Index(NAMES), {"новый": "Продано"})
    assert parsed.values.tolist() == ["Новый", "Новый"]


def test_a_number_matches_a_name_in_digits() -> None:
    assert cells.match_names(column(2026.0), ["2026"]).values.tolist() == ["2026"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a; b, c", ("a", "b", "c")),
        ("звонок,, Звонок ;звонок", ("звонок", "Звонок")),
        ("one\ntwo", ("one", "two")),
        ("", ()),
        (None, ()),
        (float("nan"), ()),
        (5.0, ("5",)),
    ],
)
def test_aliases_are_parted(text: Any, expected: tuple[str, ...]) -> None:
    assert cells.split_aliases(text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ёлка", "елка"),
        ("  Новый   лид ", "новый лид"),
        ("Продано!", "ПРОДАНО"),
        ("ＡＢＣ", "abc"),
        ("Й", "й"),
        ("но\u00adвый\u200b", "Новый"),
    ],
)
def test_what_looks_alike_folds_alike(one: str, other: str) -> None:
    assert cells.fold(one) == cells.fold(other)


@pytest.mark.parametrize(("one", "other"), [("Новый", "Новая"), ("A-1", "A1"), ("C", "C++")])
def test_different_names_fold_apart(one: str, other: str) -> None:
    assert cells.fold(one) != cells.fold(other)


def test_text_is_clean_and_whole_numbers_have_no_point() -> None:
    raw = pd.Series(
        [123.0, 1.5, " a\u00a0\n b ", "№ 5", "\u200b", "", None, float("nan"), pd.NaT, True, 1],
        index=range(10, 21),
        dtype=object,
    )
    texts = cells.text_values(raw)
    assert texts.index.equals(raw.index)
    assert texts.tolist() == ["123", "1.5", "a b", "№ 5", None, None, None, None, None, "TRUE", "1"]


def test_an_emoji_family_stays_together() -> None:
    family = "👨\u200d👩\u200d👧"
    assert cells.text_values(column(family)).tolist() == [family]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (300.0, "300"),
        (1e300, "1e+300"),
        (datetime(2026, 11, 5), "2026-11-05"),
        (datetime(2026, 11, 5, 14, 30), "2026-11-05 14:30:00"),
        (False, "FALSE"),
        (None, ""),
        ("two\nlines", "two lines"),
    ],
)
def test_a_message_quotes_a_cell_briefly(cell: Any, expected: str) -> None:
    assert cells.show(cell) == expected


def test_a_long_cell_is_cut_in_a_message() -> None:
    shown = cells.show("слово " * 50)
    assert len(shown) <= 60
    assert shown.startswith("слово слово") and shown.endswith("…")
