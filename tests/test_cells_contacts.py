"""Phones and e-mail addresses as people type them."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheetsync import cells

ANNA = "+79161234567"

SAME_PHONE: list[Any] = [
    "8 (916) 123-45-67",
    "+7 916 123-45-67",
    "7 916 123 45 67",
    "89161234567",
    "9161234567",
    "8.916.123.45.67",
    "8\u00a0916\u00a0123\u00a045\u00a067",
    "\u202a+7 916 123‑45‑67\u202c",
    "８９１６１２３４５６７",
    89161234567.0,
    79161234567,
    9161234567.0,
    "8-916-123-45-67 доб. 12",
    "8-916-123-45-67, вн. 12",
    "tel: +7 916 123-45-67",
    "Мария 8 916 123-45-67",
    "8 916 123-45-67 вотсап после 18",
    "8 916 123-45-67/68",
]

SEVERAL_PHONES: list[tuple[str, tuple[str, ...]]] = [
    ("+7 916 123-45-67, 8 903 765-43-21", ("+79037654321",)),
    ("8 916 123 45 67 8 903 765 43 21", ("+79037654321",)),
    ("8 916 123 45 67\n8 903 765 43 21", ("+79037654321",)),
    ("8 916 123-45-67 или +7 903 765 43 21", ("+79037654321",)),
    ("8(916)1234567; 8(903)7654321; +16502530000", ("+79037654321", "+16502530000")),
    ("123; 8 916 123 45 67", ()),
    ("8 916 123 45 67, +7 (916) 123-45-67", ()),
    ("8 916 123 45 67", ()),
]

PHONE_PROBLEMS: list[tuple[Any, str, str | None]] = [
    ("8 916 123-45-6", "phone.too_short", None),
    ("123-45-67", "phone.too_short", None),
    ("123 456 789", "phone.too_short", None),
    ("123", "phone.too_short", None),
    ("8 916 123-45-6, 8 903 12", "phone.too_short", None),
    ("8 (916) 123-45-678", "phone.too_long", None),
    ("1" * 40, "phone.too_long", None),
    (1e20, "phone.too_long", None),
    (10**400, "phone.too_long", None),
    ("375291234567", "phone.too_long", "+375 29 123-45-67"),
    ("+8 916 123-45-67", "phone.impossible", "+7 916 123-45-67"),
    ("80000000000", "phone.impossible", None),
    ("+999123456789", "phone.impossible", None),
    ("8,91612E+10", "phone.rounded", None),
    ("нет", "phone.unreadable", None),
    ("@anna", "phone.unreadable", None),
    ("дом 5", "phone.unreadable", None),
    ("#ERROR!", "phone.unreadable", None),
    (89161234567.5, "phone.unreadable", None),
    (-9161234567.0, "phone.unreadable", None),
    (True, "phone.unreadable", None),
    (datetime(2026, 11, 5), "phone.unreadable", None),
]

SAME_EMAIL = [
    "Ivan@Mail.ru",
    " ivan@mail.ru\u00a0",
    "mailto:ivan@mail.ru",
    "Иван Петров <ivan@mail.ru>",
    '"Иван" <ivan@mail.ru>;',
    "ivan@mail.ru.",
    "ivan@ｍail.ru",
]

EMAIL_PROBLEMS: list[tuple[Any, str, str | None]] = [
    ("ivаn@mail.ru", "email.cyrillic", "ivan@mail.ru"),
    ("иван@mail.ru", "email.cyrillic", None),
    ("ivan@mail.ру", "email.cyrillic", "ivan@mail.ru"),
    ("a@b.ru, c@d.ru", "email.several", "a@b.ru"),
    ("ivan(at)mail.ru", "email.unreadable", "ivan@mail.ru"),
    ("ivan at mail dot ru", "email.unreadable", "ivan@mail.ru"),
    ("ivan собака mail.ru", "email.unreadable", "ivan@mail.ru"),
    ("ivan @ mail.ru", "email.unreadable", "ivan@mail.ru"),
    ("ivan@mail,ru", "email.unreadable", "ivan@mail.ru"),
    ("ivan@mail.ru тел. 5", "email.unreadable", "ivan@mail.ru"),
    ("ivan@mailru", "email.unreadable", None),
    ("ivan.mail.ru", "email.unreadable", None),
    ("i..van@mail.ru", "email.unreadable", None),
    ("@", "email.unreadable", None),
    ("нет", "email.unreadable", None),
    ("x" * 300 + "@mail.ru", "email.unreadable", None),
    (5.0, "email.unreadable", None),
    (True, "email.unreadable", None),
]


def column(*raw: Any) -> pd.Series:
    return pd.Series(list(raw), dtype=object)


@pytest.mark.parametrize("raw", SAME_PHONE)
def test_one_phone_in_many_spellings_is_one_phone(raw: Any) -> None:
    parsed = cells.parse_phones(column(raw), country="RU")
    assert parsed.values.tolist() == [ANNA]
    assert parsed.problems.tolist() == [None]


@pytest.mark.parametrize(("raw", "others"), SEVERAL_PHONES)
def test_of_several_phones_the_first_valid_one_counts(raw: str, others: tuple[str, ...]) -> None:
    parsed = cells.parse_phones(column(raw), country="RU")
    assert (parsed.values.tolist(), parsed.problems.tolist()) == ([ANNA], [None])
    assert cells.other_phones(column(raw), country="RU").tolist() == [others]


@pytest.mark.parametrize(("raw", "code", "hint"), PHONE_PROBLEMS)
def test_what_is_no_phone_is_told_apart(raw: Any, code: str, hint: str | None) -> None:
    parsed = cells.parse_phones(column(raw), country="RU")
    assert parsed.values.tolist() == [None]
    assert (parsed.problems.iloc[0], parsed.hints.iloc[0]) == (code, hint)


@pytest.mark.parametrize(
    ("country", "raw", "expected"),
    [
        ("US", "(650) 253-0000", "+16502530000"),
        ("us", "1-650-253-0000", "+16502530000"),
        ("DE", "030 / 123456", "+4930123456"),
        ("KZ", "8 701 123 45 67", "+77011234567"),
        ("US", "+7 916 123-45-67", ANNA),
    ],
)
def test_the_country_reads_what_has_no_country_code(country: str, raw: str, expected: str) -> None:
    assert cells.parse_phones(column(raw), country=country).values.tolist() == [expected]


def test_an_unknown_country_still_reads_international_numbers() -> None:
    parsed = cells.parse_phones(column("+7 916 123-45-67", "8 916 123-45-67"), country="??")
    assert parsed.values.tolist() == [ANNA, None]


def test_people_see_a_phone_with_spaces() -> None:
    assert cells.phone_text(ANNA, "RU") == "+7 916 123-45-67"
    assert cells.phone_text("+16502530000", "RU") == "+1 650-253-0000"
    assert cells.phone_text("8 916 1234567", "RU") == "+7 916 123-45-67"
    assert cells.phone_text("не дал", "RU") == "не дал"


@settings(max_examples=150, derandomize=True, deadline=None)
@given(
    number=st.integers(0, 9_999_999).map(lambda n: f"916{n:07d}"),
    form=st.sampled_from(["8{}", "+7{}", "7{}", "{}", "8 ({0[0]}{0[1]}{0[2]}) {1}", "т. 8-{}"]),
)
def test_any_mobile_number_reads_the_same_in_every_form(number: str, form: str) -> None:
    typed = form.format(number, number[3:])
    assert cells.parse_phones(column(typed), country="RU").values.tolist() == ["+7" + number]


@pytest.mark.parametrize("raw", SAME_EMAIL)
def test_one_address_in_many_spellings_is_one_address(raw: str) -> None:
    parsed = cells.parse_emails(column(raw))
    assert (parsed.values.tolist(), parsed.problems.tolist()) == (["ivan@mail.ru"], [None])


@pytest.mark.parametrize(
    "raw", ["почта@магазин.рф", "info@королёв.рф", "a+b@sub.mail.co", "a@gmial.com"]
)
def test_an_unusual_address_is_an_address(raw: str) -> None:
    assert cells.parse_emails(column(raw)).values.tolist() == [raw]


@pytest.mark.parametrize(("raw", "code", "hint"), EMAIL_PROBLEMS)
def test_what_is_no_address_is_told_apart(raw: Any, code: str, hint: str | None) -> None:
    parsed = cells.parse_emails(column(raw))
    assert parsed.values.tolist() == [None]
    assert (parsed.problems.iloc[0], parsed.hints.iloc[0]) == (code, hint)


def test_a_cell_full_of_signs_takes_no_longer_to_read() -> None:
    started = time.process_time()
    parsed = cells.parse_emails(column("<" + "@" * 50_000, "<a@b" * 12_000))
    assert parsed.problems.tolist() == ["email.unreadable"] * 2
    # Where every sign is a start for another search, the first of them takes most of a minute.
    assert time.process_time() - started < 1.0
