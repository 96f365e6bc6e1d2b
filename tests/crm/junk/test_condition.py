"""``looks_like`` as a condition of a scoring rule."""

from __future__ import annotations

from typing import Any

import pytest

from sheetsync.crm.base import Book
from sheetsync.crm.junk import SORTS, sorts_for
from sheetsync.crm.scoring.capability import compute
from sheetsync.locales import LANGUAGES, load
from tests.crm.books import NO_RESULTS, make_book, with_rules

LEADS: list[dict[str, Any]] = [
    {"name": "asdf", "phone": None, "email": "ivan.petrov@mailinator.com", "company": "нет"},
    {"name": "Анна Смит", "phone": "+79999999999", "email": None, "company": "МТС"},
    {"name": None, "phone": None, "email": None, "company": None},
    {"name": "12345", "phone": "+79162458731", "email": "a.smit@mail.ru", "company": "ООО"},
]
RAW = {
    "phone": ["+7 916 245 8", "+7 999 999 99 99", None, "8 916 245 87 31"],
    "email": ["ivan.petrov@mailinator.com", "qwe@qwe", None, "a.smit@mail.ru"],
}
UNREADABLE = {"phone": ["L-00001"], "email": ["L-00002"]}


def book(lang: str = "en", **more: Any) -> Book:
    return make_book(lang=lang, leads=LEADS, raw=RAW, unreadable=UNREADABLE, **more)


def judged(field: str, value: Any, lang: str = "en", **more: Any) -> tuple[list[bool], list[int]]:
    """Which leads match, and how many do and of how many it can't be told."""
    part = compute(with_rules(book(lang, **more), (field, "looks_like", value, 1)), NO_RESULTS)
    assert part.problems == ()
    counts = part.figures["rules"].iloc[0]
    matched = (part.columns["leads"]["score"] == 1).fillna(False).tolist()
    return matched, [counts["matched"], counts["unknown"]]


@pytest.mark.parametrize(
    ("field", "value", "matched", "unknown"),
    [
        ("Name", None, [True, False, False, True], 1),
        ("Name", "keyboard walk", [True, False, False, False], 1),
        ("Name", "Набор  КЛАВИШ; digits", [True, False, False, True], 1),
        ("Name", "gibberish", [False] * 4, 1),
        ("Phone", "impossible number", [True, False, False, False], 1),
        ("Phone", "patterned", [False, True, False, False], 1),
        ("Phone", "", [True, True, False, False], 1),
        ("Email", "throw-away address", [True, False, False, False], 1),
        ("Email", "случайный адрес", [False, True, False, False], 1),
        ("Company", None, [True, False, False, True], 1),
    ],
)
def test_a_column_is_judged_by_the_sorts_named(
    field: str, value: Any, matched: list[bool], unknown: int
) -> None:
    found, counts = judged(field, value)
    assert found == matched
    assert counts == [sum(matched), unknown]


def test_what_is_typed_but_unreadable_is_known() -> None:
    """The first phone and the second address can't be read: both are judged all the same."""
    for field in ("phone", "email"):
        assert judged(field, None)[1][1] == 1


def test_own_columns_are_names_of_people_or_firms() -> None:
    found, counts = judged("Nick", None, own={"Nick": ["qwerty", "Анна", None, "нет компании"]})
    assert found == [True, False, False, True]
    assert counts == [2, 1]
    found, _ = judged("Nick", "no company", own={"Nick": ["Ivan", 12345, None, "n/a"]})
    assert found == [False, True, False, True]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("sort", SORTS)
def test_every_sort_can_be_named_in_every_language(lang: str, sort: str) -> None:
    field = next(key for key in ("name", "phone", "email", "company") if sort in sorts_for(key))
    for name in (sort, *(load(other)(f"choices.junk.{sort}") for other in LANGUAGES)):
        judged(field, name, lang)


@pytest.mark.parametrize(
    ("field", "value", "column", "code", "hint"),
    [
        ("Budget", None, "field", "field_no_junk", ""),
        ("Budget / 2", None, "field", "field_no_junk", ""),
        ("Name", "keybord walk", "value", "junk_unknown", "keyboard walk"),
        ("Name", "impossible number", "value", "junk_unfit", "keyboard walk"),
        ("Phone", "nickname", "value", "junk_unfit", "impossible number"),
        ("Comment", "digits", "field", "field_no_junk", ""),
    ],
)
def test_what_makes_no_sense_is_told(
    field: str, value: Any, column: str, code: str, hint: str
) -> None:
    part = compute(with_rules(book(), (field, "looks_like", value, 1)), NO_RESULTS)
    (problem,) = part.problems
    assert (problem.column, problem.code, problem.hint) == (column, f"rule.{code}", hint)
    for lang in LANGUAGES:
        assert load(lang)(f"problems.{problem.code}", typed=problem.typed, hint=problem.hint)


def test_one_wrong_word_beside_a_right_one_is_told_and_the_rule_works() -> None:
    part = compute(with_rules(book(), ("Name", "looks_like", "digits; smell", 1)), NO_RESULTS)
    assert [problem.code for problem in part.problems] == ["rule.junk_unknown"]
    assert (part.columns["leads"]["score"] == 1).tolist() == [False, False, False, True]


@pytest.mark.parametrize(
    ("lang", "field", "value", "why"),
    [
        ("ru", "Имя", "keyboard walk", "-40 Имя: похоже на набор клавиш"),
        ("en", "Name", "набор клавиш", "-40 Name looks like: keyboard walk"),
        ("ru", "Имя", None, "-40 Имя: похоже на мусор"),
    ],
)
def test_why_names_the_sort_in_the_language_of_the_sheet(
    lang: str, field: str, value: Any, why: str
) -> None:
    part = compute(with_rules(book(lang), (field, "looks_like", value, -40)), NO_RESULTS)
    assert part.columns["leads"]["why"].iloc[0] == why


def test_an_empty_crm_and_a_missing_column_are_no_trouble() -> None:
    empty = make_book()
    part = compute(with_rules(empty, ("Phone", "looks_like", None, 1)), NO_RESULTS)
    assert part.problems == ()
    part = compute(with_rules(book(), ("Nick", "looks_like", None, 1)), NO_RESULTS)
    assert [problem.code for problem in part.problems] == ["rule.field_unknown"]
