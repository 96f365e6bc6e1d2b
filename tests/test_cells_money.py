"""Money and plain numbers as people type them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheetsync import cells

ROUBLES: list[tuple[Any, float]] = [
    ("300", 300),  # thousands that nobody wrote are never guessed
    ("300 т.р.", 300_000),
    ("300т.р", 300_000),
    ("300 т. р.", 300_000),
    ("300тр", 300_000),
    ("300 тыс", 300_000),
    ("300 тыс.руб.", 300_000),
    ("300 тысяч рублей", 300_000),
    ("300 т", 300_000),
    ("300к", 300_000),
    ("300 K", 300_000),
    ("1,2 млн", 1_200_000),
    ("1.5M", 1_500_000),
    ("5 лямов", 5_000_000),
    ("1 млн 200 тыс", 1_200_000),
    ("1 200 000", 1_200_000),
    ("1200 000", 1_200_000),
    ("1.200.000", 1_200_000),
    ("1,200,000.50", 1_200_000.5),
    ("1.200.000,50", 1_200_000.5),
    ("1’200’000", 1_200_000),
    ("1 200,50 руб", 1200.5),
    ("1,200", 1200),
    ("1.200", 1200),
    ("0,200", 0.2),
    ("1200,500", 1200.5),
    (".5 млн", 500_000),
    ("~300000", 300_000),
    ("около 300к", 300_000),
    ("где-то 300к", 300_000),
    ("500 ₽", 500),
    ("₽500", 500),
    ("руб. 500", 500),
    ("500р.", 500),
    ("500 rub", 500),
    ("300\u00a0000\u202f₽", 300_000),
    ("１２００", 1200),
    (300000.0, 300_000),
    (0, 0),
]

PROBLEMS: list[tuple[Any, str, str | None]] = [
    ("от 300 до 400 т.р.", "money.range", None),
    ("300-400 т.р.", "money.range", None),
    ("300 тыс. – 400 тыс.", "money.range", None),
    ("5 000, 6 000", "money.range", None),
    ("1 млн 200", "money.range", None),
    ("до 400к", "money.range", "400000"),
    ("не больше 400к", "money.range", "400000"),
    ("300+", "money.range", "300"),
    ("$1,2k", "money.other_currency", None),
    ("€500", "money.other_currency", None),
    ("500 usd", "money.other_currency", None),
    ("500 бел. руб.", "money.other_currency", None),
    ("100 у.е.", "money.other_currency", None),
    ("-300", "money.negative", None),
    ("−300 т.р.", "money.negative", None),
    (-5.0, "money.negative", None),
    ("1,250 млн", "money.ambiguous", None),
    ("1.250к", "money.ambiguous", None),
    (datetime(2026, 2, 1), "money.date", None),
    ("дорого", "money.unreadable", None),
    ("не знает", "money.unreadable", None),
    ("300 т.р. на двоих", "money.unreadable", "300000"),
    ("$300 на двоих", "money.unreadable", None),
    ("1 20 000", "money.unreadable", None),
    ("1 200.000", "money.unreadable", None),
    ("10%", "money.unreadable", None),
    ("10²", "money.unreadable", None),
    ("1½", "money.unreadable", None),
    ("1,2E+06", "money.unreadable", None),
    ("1" * 400, "money.unreadable", None),
    ("1" * 305 + " млрд", "money.unreadable", None),
    ("#N/A", "money.unreadable", None),
    ("nan", "money.unreadable", None),
    (True, "money.unreadable", None),
    (float("inf"), "money.unreadable", None),
    (10**400, "money.unreadable", None),
]

NUMBERS: list[tuple[Any, float]] = [
    ("2", 2),
    (2.0, 2),
    ("2 чел.", 2),
    ("14 дней", 14),
    ("дней: 14", float("nan")),
    ("0,5", 0.5),
    ("1.5", 1.5),
    ("1 200", 1200),
    ("1.200", 1200),
    ("-10", -10),
    ("−10", -10),
    ("+25", 25),
    ("~5", 5),
    ("5 тыс", 5000),
    (-3.5, -3.5),
]

NUMBER_PROBLEMS: list[tuple[Any, str, str | None]] = [
    ("2+1", "number.several", None),
    ("7-10 дней", "number.several", None),
    ("двое", "number.unreadable", None),
    ("2 взрослых и ребёнок", "number.unreadable", None),
    ("2 взрослых вроде", "number.unreadable", "2"),
    ("50 м", "number.unreadable", "50"),
    ("от 5", "number.unreadable", "5"),
    ("10%", "number.unreadable", None),
    ("1,250 тыс", "number.unreadable", None),
    (False, "number.unreadable", None),
    (float("-inf"), "number.unreadable", None),
    (datetime(2026, 2, 1), "number.date", None),
]


def column(*raw: Any) -> pd.Series:
    return pd.Series(list(raw), dtype=object)


@pytest.mark.parametrize(("raw", "expected"), ROUBLES)
def test_an_amount_is_understood(raw: Any, expected: float) -> None:
    parsed = cells.parse_money(column(raw), currency="RUB")
    assert parsed.values.tolist() == [expected]
    assert parsed.problems.iloc[0] is None


@pytest.mark.parametrize(("raw", "code", "hint"), PROBLEMS)
def test_what_is_no_single_amount_is_told_apart(raw: Any, code: str, hint: str | None) -> None:
    parsed = cells.parse_money(column(raw), currency="RUB")
    assert parsed.values.isna().all()
    assert (parsed.problems.iloc[0], parsed.hints.iloc[0]) == (code, hint)


@pytest.mark.parametrize(
    ("currency", "raw", "expected"),
    [
        ("USD", "$1,2k", 1200),
        ("usd", "US$ 500", 500),
        ("CAD", "$500", 500),
        ("BYN", "500 р.", 500),
        ("KZT", "2 000 000 тенге", 2_000_000),
        ("KZT", "500 ₸", 500),
        ("CNY", "¥500", 500),
    ],
)
def test_a_sign_that_may_be_the_owners_is_the_owners(
    currency: str, raw: str, expected: float
) -> None:
    assert cells.parse_money(column(raw), currency=currency).values.tolist() == [expected]


@pytest.mark.parametrize(("currency", "raw"), [("USD", "500 р."), ("CAD", "500 USD")])
def test_a_foreign_sign_is_never_taken_for_the_owners(currency: str, raw: str) -> None:
    problems = cells.parse_money(column(raw), currency=currency).problems
    assert problems.tolist() == ["money.other_currency"]


@settings(max_examples=200, derandomize=True, deadline=None)
@given(
    cents=st.integers(0, 10**12),
    marks=st.sampled_from([(" ", ","), (" ", "."), (",", "."), (".", ","), ("", "."), ("'", ".")]),
    around=st.sampled_from(["{}", "{} руб.", "~{}", "{}₽", "около {} р"]),
)
def test_every_amount_survives_being_written_with_any_separators(
    cents: int, marks: tuple[str, str], around: str
) -> None:
    group, point = marks
    whole = f"{cents // 100:,}".replace(",", group)
    typed = around.format(f"{whole}{point}{cents % 100:02d}")
    parsed = cells.parse_money(column(typed), currency="RUB")
    assert parsed.values.tolist() == [pytest.approx(cents / 100)]


@pytest.mark.parametrize(("raw", "expected"), NUMBERS)
def test_a_number_is_understood_with_its_unit(raw: Any, expected: float) -> None:
    values = cells.parse_numbers(column(raw)).values
    assert values.dtype == "float64"
    assert values.tolist() == pytest.approx([expected], nan_ok=True)


@pytest.mark.parametrize(("raw", "code", "hint"), NUMBER_PROBLEMS)
def test_what_is_no_single_number_is_told_apart(raw: Any, code: str, hint: str | None) -> None:
    parsed = cells.parse_numbers(column(raw))
    assert parsed.values.isna().all()
    assert (parsed.problems.iloc[0], parsed.hints.iloc[0]) == (code, hint)
