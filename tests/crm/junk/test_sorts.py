"""What looks like junk and what does not, sort by sort, and why."""

from __future__ import annotations

import math
import time

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheetsync.crm.junk import NAMES, SORTS, read_junk, sorts_for
from sheetsync.crm.junk.companies import sort_of_company
from sheetsync.crm.junk.emails import sort_of_email
from sheetsync.crm.junk.keyboard import other_layout, walk
from sheetsync.crm.junk.letters import ALPHABETS, model, plain_letters
from sheetsync.crm.junk.names import sort_of_name
from sheetsync.crm.junk.patterns import is_patterned, is_run, period


@pytest.mark.parametrize("alphabet", sorted(ALPHABETS))
def test_the_letters_after_any_two_make_a_distribution(alphabet: str) -> None:
    costs = model(alphabet).costs
    size = len(ALPHABETS[alphabet]) + 1
    for start in range(0, len(costs), size):
        # Stored in sixteenths, so that a sum of 27 may be off by some three per cent.
        assert sum(math.exp(-c) for c in costs[start : start + size]) == pytest.approx(1, abs=0.04)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Öztürk", "Ozturk"),
        ("Łódź", "lodz"),
        ("Ёлкин", "Елкин"),
        ("ґанок", "ганок"),
        ("Йод", "Йод"),
    ],
)
def test_letters_become_the_nearest_of_the_two_alphabets(text: str, plain: str) -> None:
    assert plain_letters(text.casefold()) == plain.casefold()


def test_the_other_layout_is_the_same_keys() -> None:
    assert other_layout("fyyf") == "анна"
    assert other_layout("анна") == "fyyf"


@pytest.mark.parametrize(
    "word", ["asdf", "фыва", "qaz", "1qaz2wsx", "qweasdzxc", "lkjh", "smit", "смит"]
)
def test_keys_in_a_row_are_a_walk(word: str) -> None:
    assert math.isfinite(walk(word)) == (word != "smit")


def test_keys_in_a_row_that_are_a_name_are_a_name() -> None:
    assert sort_of_name("смит") is None
    assert sort_of_name("Wert") is None
    assert sort_of_name("asdf") == "keyboard_walk"


@pytest.mark.parametrize(
    ("digits", "run", "patterned", "length"),
    [
        ("123", True, True, 3),
        ("7890", True, True, 4),
        ("321", True, True, 3),
        ("111", False, True, 1),
        ("1212", False, True, 2),
        ("123123", False, True, 3),
        ("12", True, False, 2),
        ("1985", False, False, 4),
        ("", False, False, 0),
    ],
)
def test_patterns_of_digits(digits: str, run: bool, patterned: bool, length: int) -> None:
    assert (is_run(digits), is_patterned(digits), period(digits)) == (run, patterned, length)


@pytest.mark.parametrize(
    "name", ["Леееена", "Fyyf", "Bdfyjd Bdfy", "Weiwei", "Lulu", "王伟", "Freeman"]
)
def test_what_only_looks_odd_is_a_name(name: str) -> None:
    assert sort_of_name(name) is None


@pytest.mark.parametrize("name", ["ivan@mail.ru", "https://t.me/xkcdqq", "@xkcdqq"])
def test_an_address_in_the_wrong_column_is_no_junk(name: str) -> None:
    assert sort_of_name(name) is None


def test_a_mailbox_of_a_phone_a_birthday_or_an_account_is_real() -> None:
    for address in ("79161234567@mail.ru", "01051985@mail.ru", "12345678@qq.com"):
        assert sort_of_email(address, "RU") is None, address
    assert sort_of_email("12345678@mail.ru", "RU") == "random_mailbox"


def test_a_machine_made_mailbox_is_real_behind_a_relay_only() -> None:
    assert sort_of_email("x7k2p9qz@privaterelay.appleid.com", "RU") is None
    assert sort_of_email("x7k2p9qz@mail.ru", "RU") == "random_mailbox"


def test_a_firm_may_call_its_mailboxes_as_it_likes() -> None:
    assert sort_of_email("mpsktb@zavod.ru", "RU") is None
    assert sort_of_email("mpsktbd@mail.ru", "RU") == "random_mailbox"


@pytest.mark.parametrize("domain", ["mailinator.com", "any.mailinator.com", "MAILINATOR.COM"])
def test_sub_domains_of_throw_away_services_count(domain: str) -> None:
    assert sort_of_email(f"ivan.petrov@{domain}", "RU") == "disposable"


def test_a_private_person_is_no_junk_and_a_bare_legal_form_is() -> None:
    assert [sort_of_company(text) for text in ("физлицо", "ИП", "частное лицо")] == [None] * 3
    assert sort_of_company("ООО ООО") == sort_of_company("нет") == "no_company"
    assert sort_of_company("ООО Вектор") is None


def _phones(texts: list[str], read: list[str | None], country: str) -> list[set[str]]:
    junk = read_junk(
        "phone", pd.Series(texts, dtype=object), pd.Series(read, dtype=object), country
    )
    return [set(junk.sorts[place]) if place >= 0 else {"unknown"} for place in junk.places]


def test_a_phone_is_judged_by_the_country_of_the_shop() -> None:
    texts = ["2025550143", "223-45-18", "8 916 245 8", "звонить вечером", None]
    read: list[str | None] = [None] * 5
    russian: list[set[str]] = [{"impossible"}, set(), {"impossible"}, set(), {"unknown"}]
    assert _phones(texts, read, "RU")[1:] == russian[1:]  # type: ignore[arg-type]
    assert _phones(["12025550143"], ["+12025550143"], "US") == [set()]


def test_a_pattern_through_a_whole_number_is_no_subscriber() -> None:
    junk = ["+79123456789", "+79999999999", "+79090909090", "+79870000000"]
    real = ["+79161234567", "+79162458731", "+78005553535"]
    found = _phones(junk + real, junk + real, "RU")
    assert found == [{"patterned"}] * len(junk) + [set()] * len(real)


def test_the_same_digits_read_and_unread_are_judged_apart() -> None:
    found = _phones(["+79162458731", "+79162458731"], ["+79162458731", None], "RU")
    assert found[0] == set()


def test_sorts_belong_to_columns() -> None:
    assert sorts_for("name") == NAMES
    assert sorts_for("own:Ник в игре") == (*NAMES, "no_company")
    assert sorts_for("budget") == sorts_for("status") == ()
    assert {s for key in ("name", "phone", "email", "company") for s in sorts_for(key)} == set(
        SORTS
    )


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=40))
def test_any_text_gets_a_sort_or_none(text: str) -> None:
    assert sort_of_name(text) in {None, *NAMES}
    assert sort_of_company(text) in {None, "no_company"}
    assert sort_of_email(text, "RU") in {None, "disposable", "random_mailbox"}
    unread = _phones([text], [None], "RU")[0]
    assert unread <= {"impossible", "patterned", "unknown"}


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="абвгдежзиклмнопрст ABCxyz_-.1290", max_size=12))
def test_space_around_a_name_makes_no_difference(text: str) -> None:
    assert sort_of_name(f"  {text} ") == sort_of_name(text)


def test_ten_thousand_different_names_take_about_a_second() -> None:
    heads = [f"{a}{b}" for a in "бвгдклмнпрст" for b in "аеиоу"]
    names = [f"{a}{b}{c}ов {b}{a}н" for a in heads for b in heads for c in heads[:3]]
    assert len(set(names)) > 9_900
    start = time.process_time()
    read_junk("name", pd.Series(names, dtype=object), None, "RU")
    assert time.process_time() - start < 6
