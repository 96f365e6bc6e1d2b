"""Marks: who is junk, a competitor or a price-shopper, by the owner's rules and by status."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from sheetsync.crm.scoring.capability import compute
from sheetsync.crm.scoring.marks import MARKS
from sheetsync.locales import LANGUAGES, load
from tests.crm.books import NO_RESULTS, STATUSES, make_book


def rule(group: str, text: str, points: Any, **more: Any) -> dict[str, Any]:
    cells = {"group": group, "field": "Comment", "condition": "contains", "value": text}
    return {**cells, "points": points, **more}


RULES = [
    rule("junk", "keyboard", -25),
    rule("junk", "digits", -15),
    rule("junk", "disposable", -40),
    rule("competitor", "rival", -5),
    rule("price_shopper", "cheaper", -5),
    rule("price_shopper", "discount", 0),
]


def found(leads: list[dict[str, Any]], rules: Any = RULES, **more: Any) -> list[tuple[Any, ...]]:
    book = make_book(leads=leads, rules=rules, **more)
    table = compute(book, NO_RESULTS).figures["marks"]
    return [(line.lead[-1], line.mark, line.why, line.points) for line in table.itertuples()]


def test_junk_needs_enough_points_of_its_own_group() -> None:
    leads = [
        {"comment": "keyboard", "status": "New"},
        {"comment": "keyboard, digits", "status": "New"},
        {"comment": "disposable, rival", "status": "Lost"},
        {"comment": "rival, cheaper, discount", "status": "New"},
        {"status": "New"},
    ]
    assert found(leads) == [
        ("2", "junk", "rules", -40),
        ("3", "junk", "rules", -40),
        ("3", "competitor", "rules", -5),
        ("4", "competitor", "rules", -5),
        ("4", "price_shopper", "rules", -5),
    ]
    assert found(leads[:1], settings={"junk_at": -25}) == [("1", "junk", "rules", -25)]


def test_who_paid_is_real_and_who_was_called_spam_is_junk() -> None:
    leads = [
        {"comment": "disposable, cheaper", "status": "Won"},
        {"comment": "nothing odd", "status": "Spam"},
        {"comment": "disposable", "status": "Spam"},
        {"comment": "disposable"},
    ]
    assert found(leads) == [
        ("1", "price_shopper", "rules", -5),
        ("2", "junk", "status", 0),
        ("3", "junk", "status", -40),
        ("4", "junk", "rules", -40),
    ]


def test_good_points_of_other_groups_do_not_wash_junk_clean() -> None:
    rules = [rule("junk", "keyboard", -40), rule("source", "keyboard", 90)]
    assert found([{"comment": "keyboard", "status": "New"}], rules) == [("1", "junk", "rules", -40)]


def test_a_border_that_no_rule_reached_marks_nobody() -> None:
    leads = [{"comment": "keyboard", "status": "New"}, {"status": "New"}]
    assert found(leads, settings={"junk_at": 5}) == [("1", "junk", "rules", -25)]


def test_rules_that_are_off_or_off_by_themselves_mark_nobody() -> None:
    rules = [rule("competitor", "rival", -5, on=False), rule("junk", "all", -90, off_above="80%")]
    leads = [{"comment": "all rival", "status": "New"}] * 40
    assert found(leads, rules) == []
    assert len(found(leads[:29], rules)) == 29  # too few to tell what is usual


def test_without_rules_only_people_mark() -> None:
    assert found([{"status": "Spam"}, {"status": "New"}], []) == [("1", "junk", "status", 0)]
    assert found([], RULES) == []


@pytest.mark.parametrize(
    ("lang", "expected"),
    [("en", "junk, competitor"), ("ru", "мусор, конкурент")],
)
def test_a_lead_shows_all_its_marks_the_gravest_first(lang: str, expected: str) -> None:
    title = load(lang)("columns.leads.comment")
    rules = [rule("competitor", "rival", -5, field=title), rule("junk", "odd", -50, field=title)]
    leads = [
        {"comment": "an odd rival", "status": STATUSES[lang][0]},
        {"status": STATUSES[lang][0]},
    ]
    shown = compute(make_book(lang=lang, leads=leads, rules=rules), NO_RESULTS).columns["leads"]
    assert shown["mark"].iloc[0] == expected and pd.isna(shown["mark"].iloc[1])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_mark_has_a_word_and_explain_a_sentence(lang: str) -> None:
    words = load(lang)
    assert set(words.group("choices.mark")) == set(MARKS)
    assert set(words.group("cli.explain.marked")) == {*MARKS, "status"}
