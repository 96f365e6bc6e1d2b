"""Scoring: every condition by hand, random books against SQL, and rules that make no sense."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest

from sheetsync.crm import KINDS, kinds
from sheetsync.crm.base import Book, Part, Results, no_flags
from sheetsync.crm.scoring.capability import CAPABILITY, compute
from sheetsync.crm.scoring.fields import FROM_SCORES
from sheetsync.crm.scoring.scores import unknown_rules
from sheetsync.crm.scoring.tiers import TIERS, tier_keys
from sheetsync.locales import LANGUAGES, load
from tests.crm.books import NO_RESULTS, SOURCES, STATUSES, TODAY, make_book, with_rules

DAY = timedelta(days=1)
NOON = datetime(2026, 11, 21, 12)


def run(book: Book) -> Part:
    return compute(book, NO_RESULTS)


def column(part: Part, name: str) -> list[Any]:
    values = part.columns["leads"][name]
    return [None if pd.isna(value) else value for value in values]


def matching(book: Book, field: Any, condition: str, value: Any = None) -> list[bool]:
    """Which leads one rule of one point matches; it must be a rule that is understood."""
    part = run(with_rules(book, (field, condition, value, 1)))
    assert part.problems == ()
    return [score == 1 for score in column(part, "score")]


def complaint(book: Book, *rule: Any) -> tuple[str | None, str, str]:
    part = run(with_rules(book, rule))
    (problem,) = part.problems
    assert problem.tab == "scoring"
    assert (problem.key, problem.row) == ("R-001", 2)
    assert part.columns["scoring"]["matched"].isna().tolist() == [True]
    load("en")(f"problems.{problem.code}", typed=problem.typed, hint=problem.hint)
    return problem.column, problem.code.removeprefix("rule."), problem.hint


LEADS: list[dict[str, Any]] = [
    {
        "name": "Anna",
        "budget": 300_000,
        "people": 2,
        "days": 10,
        "source": "Website",
        "channel": "inbound",
        "segment": "small",
        "status": "New",
        "created": "2026-11-20",
        "next_action": "2026-11-21",
        "comment": "Wants a sea view; two rooms",
    },
    {
        "name": "Boris, Ltd",
        "budget": 20,
        "people": 0,
        "days": 14,
        "source": "Instagram",
        "channel": "outbound",
        "segment": "large",
        "status": "Won",
        "created": "2026-10-01",
        "next_action": "2026-12-01",
        "comment": "  CALL   back ",
    },
    {"name": None, "status": "In work"},
]


@pytest.mark.parametrize(
    ("field", "condition", "value", "expected"),
    [
        ("Source", "equals", "website", [1, 0, 0]),
        ("Source", "equals", " WEBSITE ", [1, 0, 0]),
        ("Channel", "equals", "inbound", [1, 0, 0]),
        ("Channel", "equals", "тёплый", [1, 0, 0]),
        ("Channel", "equals", "холодный", [0, 1, 0]),
        ("Channel", "contains", "bound", [1, 1, 0]),
        ("Segment", "one of", "mid; large", [0, 1, 0]),
        ("Segment", "one of", "small, large", [1, 1, 0]),
        ("Status", "one of", "new\nin work", [1, 0, 1]),
        ("Name", "one of", "Boris, Ltd;", [0, 1, 0]),
        ("Name", "one of", "Boris, Ltd", [0, 0, 0]),
        ("Name", "equals", "boris, ltd", [0, 1, 0]),
        ("Budget", "equals", 20.0, [0, 1, 0]),
        ("Budget", "equals", "300 000", [1, 0, 0]),
        ("Budget", "one of", "19; 20; 21", [0, 1, 0]),
        ("Budget", "one of", "19, 20, 21", [0, 1, 0]),
        ("Days", "one of", "1,5; 14", [0, 1, 0]),
        ("Created", "equals", "2026-11-20", [1, 0, 0]),
        ("Created", "equals", datetime(2026, 11, 20), [1, 0, 0]),
        ("Comment", "contains", "SEA", [1, 0, 0]),
        ("Comment", "contains", "call back", [0, 1, 0]),
        ("Comment", "contains", "sea; call", [1, 1, 0]),
        ("Comment", "contains", "view, two", [0, 0, 0]),
        ("Budget", "between", "10 - 20", [0, 1, 0]),
        ("Budget", "between", "10-20", [0, 1, 0]),
        ("Budget", "between", "20 – 10", [0, 1, 0]),
        ("Budget", "between", "20..300000", [1, 1, 0]),
        ("Budget", "between", "20;30", [0, 1, 0]),
        ("Budget", "between", "from 20 to 30", [0, 1, 0]),
        ("Budget", "between", "20 and 30", [0, 1, 0]),
        ("Budget", "between", "-5 - 19,9", [0, 0, 0]),
        ("Budget", "between", "-5 - -1", [0, 0, 0]),
        ("Budget", "between", "300 т.р. - 400 т.р.", [1, 0, 0]),
        ("Created", "between", "2026-10-01 - 2026-10-31", [0, 1, 0]),
        ("Created", "between", "2026-10-01..2026-11-20", [1, 1, 0]),
        ("Created", "between", "2026-10-02-2026-11-20", [1, 0, 0]),
        ("Budget", "at least", 20.0, [1, 1, 0]),
        ("Budget", "at least", "20,5", [1, 0, 0]),
        ("Created", "at least", "2026-11-20", [1, 0, 0]),
        ("Budget", "at most", 20.0, [0, 1, 0]),
        ("Created", "at most", "2026-11-19", [0, 1, 0]),
        ("Budget", "empty", None, [0, 0, 1]),
        ("Name", "empty", "whatever", [0, 0, 1]),
        ("Name", "filled", None, [1, 1, 0]),
        ("ID", "equals", "l-00002", [0, 1, 0]),
        ("ID", "filled", None, [1, 1, 1]),
        ("Created", "older than, days", 1.0, [0, 1, 0]),
        ("Created", "older than, days", "0", [1, 1, 0]),
        ("Created", "older_than", "51 days", [0, 0, 0]),
        ("Created", "older_than", "50 days", [0, 1, 0]),
        ("Created", "within, days", 1.0, [1, 0, 0]),
        ("Created", "within, days", "51", [1, 1, 0]),
        ("Next action", "within, days", 30.0, [1, 0, 0]),
        ("Budget / People / Days", "at least", "15 000", [1, 0, 0]),
        ("Budget / People / Days", "empty", None, [0, 1, 1]),
        ("Budget / People / Days", "filled", None, [1, 0, 0]),
        ("Next action - Created", "equals", 61.0, [0, 1, 0]),
        ("[Name]", "equals", "anna", [1, 0, 0]),
        ("Days in stage", "equals", 1.0, [1, 0, 0]),
        ("Overdue, days", "filled", None, [1, 0, 0]),
    ],
)
def test_conditions(field: str, condition: str, value: Any, expected: list[int]) -> None:
    book = make_book(leads=LEADS)
    assert matching(book, field, condition, value) == [bool(flag) for flag in expected]


OWN = ["12", 12.0, "Blue", True, False, datetime(2026, 11, 1), "05.11.2026", "12 шт", None, " "]


@pytest.mark.parametrize(
    ("condition", "value", "expected"),
    [
        ("equals", "12", [1, 1, 0, 0, 0, 0, 0, 0, 0, 0]),
        ("equals", 12.0, [1, 1, 0, 0, 0, 0, 0, 0, 0, 0]),
        ("equals", "12,0", [1, 1, 0, 0, 0, 0, 0, 0, 0, 0]),
        ("equals", "12 ШТ.", [0, 0, 0, 0, 0, 0, 0, 1, 0, 0]),
        ("equals", "BLUE", [0, 0, 1, 0, 0, 0, 0, 0, 0, 0]),
        ("equals", "да", [0, 0, 0, 1, 0, 0, 0, 0, 0, 0]),
        ("equals", True, [0, 0, 0, 1, 0, 0, 0, 0, 0, 0]),
        ("equals", False, [0, 0, 0, 0, 1, 0, 0, 0, 0, 0]),
        ("one of", "blue; 12; нет", [1, 1, 1, 0, 1, 0, 0, 0, 0, 0]),
        ("equals", "1.11.2026", [0, 0, 0, 0, 0, 1, 0, 0, 0, 0]),
        ("equals", datetime(2026, 11, 5), [0, 0, 0, 0, 0, 0, 1, 0, 0, 0]),
        ("at least", 12.0, [1, 1, 0, 0, 0, 0, 0, 1, 0, 0]),
        ("at least", "02.11.2026", [0, 0, 0, 0, 0, 0, 1, 0, 0, 0]),
        ("between", "01.11.2026 - 30.11.2026", [0, 0, 0, 0, 0, 1, 1, 0, 0, 0]),
        ("within, days", 16.0, [0, 0, 0, 0, 0, 0, 1, 0, 0, 0]),
        ("contains", "lu", [0, 0, 1, 0, 0, 0, 0, 0, 0, 0]),
        ("filled", None, [1, 1, 1, 1, 0, 1, 1, 1, 0, 0]),
        ("empty", None, [0, 0, 0, 0, 1, 0, 0, 0, 1, 1]),
    ],
)
def test_own_columns_are_whatever_a_rule_asks_for(
    condition: str, value: Any, expected: list[int]
) -> None:
    book = make_book(leads=[{} for _ in OWN], own={"Size, m": OWN})
    assert matching(book, "size, M", condition, value) == [bool(flag) for flag in expected]


def test_own_columns_take_part_in_arithmetic() -> None:
    book = make_book(leads=[{"budget": 100}] * 3, own={"Площадь, м²": ["50", "много", None]})
    assert matching(book, "Budget / Площадь, м²", "equals", 2.0) == [True, False, False]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("spelled_in", [*LANGUAGES, "key"])
def test_conditions_are_understood_in_both_languages(lang: str, spelled_in: str) -> None:
    words = load("en" if spelled_in == "key" else spelled_in).group("choices.condition")
    title = load(lang)("columns.leads.created")
    book = make_book(lang=lang, leads=[{"created": "2026-11-10"}])
    values = {
        "equals": "2026-11-10",
        "one_of": "2026-11-09; 2026-11-10",
        "contains": "2026",
        "between": "2026-11-01 - 2026-11-10",
        "at_least": "2026-11-10",
        "at_most": "2026-11-10",
        "empty": None,
        "filled": None,
        "older_than": 10.0,
        "within": 11.0,
    }
    # What a cell can look like has tests of its own.
    assert set(values) | {"looks_like"} == set(words)
    for key in values:
        typed = key if spelled_in == "key" else words[key].upper()
        assert matching(book, title, typed, values[key]) == [key != "empty"], key


@pytest.mark.parametrize("typed", ["Чек", "чек ", "Budget", "budget", "BUDGET"])
def test_a_renamed_column_is_known_by_its_new_old_and_inner_name(typed: str) -> None:
    book = make_book(leads=[{"budget": 5}], headers={"budget": "Чек"})
    assert matching(book, typed, "equals", 5.0) == [True]


def test_a_header_as_it_stands_wins_over_what_another_was_called_first() -> None:
    book = make_book(
        leads=[{"budget": 5, "amount": 7}], headers={"budget": "Wish", "amount": "Budget"}
    )
    assert matching(book, "Budget", "equals", 7.0) == [True]


def test_a_header_that_looks_like_a_calculation_is_a_header() -> None:
    book = make_book(leads=[{"budget": 6, "days": 2}], own={"Budget / Days": [8.0]})
    assert matching(book, "Budget / Days", "equals", 8.0) == [True]
    assert matching(book, "[Budget] / [Days]", "equals", 3.0) == [True]


def test_an_empty_or_unreadable_cell_is_unknown_to_a_rule() -> None:
    book = make_book(
        leads=[{"budget": 10}, {}, {}],
        raw={"budget": [10.0, None, "ask Boris"]},
        unreadable={"budget": ["L-00003"]},
    )
    rules = (("Budget", condition, 5, 1) for condition in ("at least", "empty", "filled"))
    part = run(with_rules(book, *rules))
    figures = part.figures["rules"].set_index("rule")
    assert figures[["matched", "unknown"]].to_numpy().tolist() == [[1, 2], [1, 1], [1, 1]]
    assert column(part, "score") == [2, 1, 0]


def test_an_unreadable_part_of_a_calculation_is_neither_empty_nor_filled() -> None:
    book = make_book(
        leads=[{"budget": 10, "people": 2}, {"budget": 10}], unreadable={"people": ["L-00002"]}
    )
    assert matching(book, "Budget / People", "empty") == [False, False]
    assert matching(book, "Budget / People", "filled") == [True, False]


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ([25, "-10"], 15),
        (["0,5"], 1),
        (["-0,5"], -1),
        (["0,4"], 0),
        (["2.5", "2.5", "-0.5"], 5),
        ([0.1] * 5, 1),
        (["0,1"] * 4, 0),
        ([1.15] * 10, 12),
        ([999_999, 0.5], 1_000_000),
    ],
)
def test_points_are_summed_exactly_and_halves_round_away_from_zero(
    points: list[Any], expected: int
) -> None:
    rules = [("ID", "filled", None, value) for value in points]
    part = run(make_book(leads=[{}], rules=rules))
    assert column(part, "score") == [expected]
    assert part.columns["leads"]["score"].dtype == "Int64"


def test_reasons_come_greatest_first_whichever_way_they_count() -> None:
    rules = [
        ("Budget", "at least", 5, 5),
        ("Phone", "empty", None, -10, "no phone"),
        ("Source", "equals", "Website", 25),
        ("Budget", "at least", 1_000_000, 99),
    ]
    book = make_book(leads=[{"budget": 7, "source": "Website"}, {"phone": "+79"}], rules=rules)
    part = run(book)
    assert column(part, "why") == ["+25 Source: Website; -10 no phone; +5 Budget: 5 or more", None]
    assert column(part, "score") == [20, 0]
    assert part.figures["scores"]["text"].tolist() == [
        "+25 Source: Website",
        "-10 no phone",
        "+5 Budget: 5 or more",
    ]
    assert part.columns["scoring"]["matched"].tolist() == [1, 1, 1, 0]


def test_reasons_in_russian() -> None:
    rules = [
        ("Создан", "старше, дней", "3", "2,5"),
        ("Канал", "равно", "тёплый", 25),
        ("Имя", "заполнено", None, -1),
        ("Бюджет / Человек", "между", "от 10 до 20", 3),
    ]
    lead = {"created": "2026-11-01", "channel": "inbound", "name": "А", "budget": 30, "people": 2}
    part = run(make_book(lang="ru", leads=[lead], rules=rules))
    (why,) = column(part, "why")
    assert why.split("; ") == [
        "+25 Канал: тёплый",
        "+3 Бюджет / Человек: от 10 до 20",
        "+2,5 Создан: больше 3 дней назад",
        "-1 Имя: заполнено",
    ]
    assert column(part, "score") == [30]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_tiers_by_the_borders_of_settings(lang: str) -> None:
    words = load(lang)
    scores = [60, 59, 25, 24, -30, -31]
    title = words("columns.leads.amount")
    rules = [(title, "equals", score, score) for score in scores]
    leads = [{"amount": score, "kind": "spam"} for score in scores]
    part = run(make_book(lang=lang, leads=leads, rules=rules))
    keys = ["a", "b", "b", "c", "c", "spam"]
    names = {"a": "A", "b": "B", "c": "C", "spam": {"en": "spam", "ru": "спам"}[lang]}
    assert column(part, "tier_key") == keys
    assert column(part, "tier") == [names[key] for key in keys]
    book = make_book(lang=lang, leads=leads, rules=rules, settings={"tier_a": 24.5})
    assert column(run(book), "tier_key")[:4] == ["a", "a", "a", "c"]


@pytest.mark.parametrize("off", [False, "FALSE", "нет", "no"])
def test_a_rule_switched_off_is_judged_but_gives_no_points(off: Any) -> None:
    rules = [
        ("Budget", "at least", 5, 5, None, off),
        ("ID", "filled", None, 1, None, True),
        ("A draft", "of sorts", None, "many", None, off),
    ]
    part = run(make_book(leads=[{"budget": 7}, {}], rules=rules))
    assert column(part, "score") == [1, 1]
    assert column(part, "why") == ["+1 ID: filled"] * 2
    assert part.columns["scoring"]["matched"].tolist() == [1, 2, pd.NA]
    assert part.columns["scoring"]["unknown"].tolist() == [1, 0, pd.NA]
    assert part.problems == ()


def test_without_a_working_rule_there_are_no_scores() -> None:
    for rules in ([], [("ID", "filled", None, 5, None, False)], [("Nope", "filled", None, 5)]):
        part = run(make_book(leads=[{}, {}], rules=rules))
        for name in ("score", "tier", "why"):
            assert column(part, name) == [None, None]


def test_blank_rows_are_no_rules() -> None:
    blank = {"on": False, "group": "source", "field": " "}
    part = run(make_book(leads=[{}], rules=[blank, {}, ("ID", "filled", None, 5)]))
    assert part.problems == ()
    assert part.columns["scoring"]["matched"].tolist() == [pd.NA, pd.NA, 1]


def test_a_crm_without_leads() -> None:
    part = run(make_book(rules=[("Budget", "at least", 5, 5)]))
    assert part.columns["leads"].empty
    assert part.columns["scoring"]["matched"].tolist() == [0]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (("Budgit", "at least", 5, 5), ("field", "field_unknown", "Budget")),
        (("Budget / Peopel", "at least", 5, 5), ("field", "field_unknown", "People")),
        (("qqqq", "at least", 5, 5), ("field", "field_unknown", "")),
        ((None, "at least", 5, 5), ("field", "field_missing", "")),
        (("Budget +", "at least", 5, 5), ("field", "field_syntax", "")),
        (("Budget + 1.2.3", "at least", 5, 5), ("field", "field_number", "")),
        (("1 + 1", "at least", 5, 5), ("field", "field_constant", "")),
        (("(" * 10_000, "at least", 5, 5), ("field", "field_long", "")),
        (("Name / 2", "at least", 5, 5), ("field", "field_not_number", "Name")),
        (("Name", "at least", 5, 5), ("field", "field_not_number", "")),
        (("__import__('os')", "filled", None, 5), ("field", "field_unknown", "")),
        (("Score", "at least", 5, 5), ("field", "field_ours", "")),
        (("Score / 2", "at least", 5, 5), ("field", "field_ours", "")),
        (("Budget", "older than, days", 5, 5), ("field", "field_not_date", "")),
        (("Budget / People", "within, days", 5, 5), ("field", "field_not_date", "")),
        (("Budget / People", "contains", 5, 5), ("condition", "number_contains", "")),
        (("Budget", None, 5, 5), ("condition", "condition_missing", "")),
        (("Budget", "at lest", 5, 5), ("condition", "condition_unknown", "at least")),
        (("Budget", "__class__", 5, 5), ("condition", "condition_unknown", "")),
        (("Budget", "x" * 50_000, 5, 5), ("condition", "condition_unknown", "")),
        (("Budget", "between", "1 - " * 10_000, 5), ("value", "value_range", "")),
        (("Budget", "at least", None, 5), ("value", "value_missing", "")),
        (("Budget", "at least", "  ", 5), ("value", "value_missing", "")),
        (("Budget", "one of", ";;", 5), ("value", "value_missing", "")),
        (("Comment", "contains", "?", 5), ("value", "value_missing", "")),
        (("Budget", "at least", "much", 5), ("value", "value_number", "")),
        (("Budget", "equals", "much", 5), ("value", "value_number", "")),
        (("Budget", "one of", "5; much", 5), ("value", "value_number", "")),
        (("Created", "equals", "spring", 5), ("value", "value_date", "")),
        (("Created", "at least", "31.02.2026", 5), ("value", "value_date", "")),
        (("Budget", "between", "10", 5), ("value", "value_range", "")),
        (("Budget", "between", 10.0, 5), ("value", "value_range", "")),
        (("Budget", "between", "10 -", 5), ("value", "value_range", "")),
        (("Budget", "between", "-10", 5), ("value", "value_range", "")),
        (("Budget", "between", "10 - 20 - 30", 5), ("value", "value_range", "")),
        (
            ("Budget", "between", "300-500 т.р.", 5),
            ("value", "range_unit", "300 т.р. - 500 т.р."),
        ),
        (("Created", "older than, days", "-1", 5), ("value", "value_days", "")),
        (("Created", "within, days", "3 months", 5), ("value", "value_days", "")),
        (("Source", "equals", "websit", 5), ("value", "value_not_listed", "Website")),
        (("Channel", "equals", "warmish", 5), ("value", "value_not_listed", "")),
        (("Budget", "at least", 5, None), ("points", "points_missing", "")),
        (("Budget", "at least", 5, "many"), ("points", "points_unreadable", "")),
        (("Budget", "at least", 5, 1e9), ("points", "points_unreadable", "")),
        (("Budget", "at least", 5, 5, None, "maybe"), ("on", "on_unreadable", "")),
    ],
)
def test_a_rule_that_makes_no_sense_is_a_problem_in_its_row(
    rule: tuple[Any, ...], expected: tuple[str, str, str]
) -> None:
    assert complaint(make_book(leads=LEADS), *rule) == expected


def test_the_other_rules_work_beside_a_broken_one() -> None:
    part = run(
        make_book(leads=[{}], rules=[("Nope", "filled", None, 5), ("ID", "filled", None, 7)])
    )
    assert column(part, "score") == [7]
    assert [problem.key for problem in part.problems] == ["R-001"]
    assert part.columns["scoring"]["matched"].tolist() == [pd.NA, 1]


def test_a_value_that_left_the_list_does_not_stop_the_others() -> None:
    book = make_book(leads=LEADS, rules=[("Source", "one of", "Website; Fair", 5)])
    part = run(book)
    assert column(part, "score") == [5, 0, 0]
    assert [problem.code for problem in part.problems] == ["rule.value_not_listed"]


def test_every_sentence_of_a_problem_is_there_in_both_languages() -> None:
    texts = [load(lang).group("problems.rule") for lang in LANGUAGES]
    assert set(texts[0]) == set(texts[1])
    scoring = [{k for k in load(lang).messages if k.startswith("scoring.")} for lang in LANGUAGES]
    assert scoring[0] == scoring[1]
    conditions = set(load("en").group("choices.condition"))
    reasons = {key for key in scoring[0] if key.startswith("scoring.reason.")}
    assert {key.removeprefix("scoring.reason.") for key in reasons} == conditions


def test_the_columns_made_from_scores_exist() -> None:
    words = load("en")
    assert all(f"columns.leads.{key}" in words for key in FROM_SCORES)


def sourced(leads: int, average: float, **expected: float) -> Results:
    """What the capability before this one found of the sources."""
    table = pd.DataFrame(
        {"source": [*expected, None], "expected": [*expected.values(), np.nan], "leads": leads}
    )
    figures = {"sources": table, "average": pd.DataFrame({"final": [average]})}
    return Results({}, {}, {}, no_flags(), (), figures)


SOURCED = sourced(100, 0.1, Recommendation=0.3, Website=0.15, Instagram=0.05)
OF_SOURCES: list[dict[str, Any]] = [
    {"source": "Recommendation"},
    {"source": "Website"},
    {"source": "Instagram"},
    {},
    {"source": "Fair"},
]


@pytest.mark.parametrize(
    ("field", "condition", "value", "expected"),
    [
        ("Source conversion", "at least", "15%", [1, 1, 0, 0, 0]),
        ("Source conversion", "at least", "15 %", [1, 1, 0, 0, 0]),
        ("Source conversion", "at least", 0.15, [1, 1, 0, 0, 0]),
        ("Source conversion", "at least", "0,15", [1, 1, 0, 0, 0]),
        ("Source conversion", "at least", "15", [1, 1, 0, 0, 0]),
        ("Source conversion", "at least", "15,5 процентов", [1, 0, 0, 0, 0]),
        ("Source conversion", "at most", "5%", [0, 0, 1, 0, 0]),
        ("Source conversion", "between", "10-20%", [0, 1, 0, 0, 0]),
        ("Source conversion", "between", "10% - 20%", [0, 1, 0, 0, 0]),
        ("Source conversion", "between", "0,05 - 0,15", [0, 1, 1, 0, 0]),
        ("Source conversion", "one of", "30%; 5%", [1, 0, 1, 0, 0]),
        ("Source conversion", "equals", "0.5%", [0, 0, 0, 0, 0]),
        ("Конверсия источника", "at least", "15%", [1, 1, 0, 0, 0]),
        ("source_conversion", "filled", None, [1, 1, 1, 0, 0]),
        ("Source vs average", "at least", "1,3", [1, 1, 0, 0, 0]),
        ("источник к среднему", "at most", "0.7", [0, 0, 1, 0, 0]),
        ("Source vs average", "between", "1 - 2", [0, 1, 0, 0, 0]),
        ("Source vs average", "empty", None, [0, 0, 0, 1, 1]),
        ("Source conversion * 100", "at least", "15", [1, 1, 0, 0, 0]),
        ("[Source conversion] - 0,1", "at least", "0.04", [1, 1, 0, 0, 0]),
    ],
)
def test_rules_look_at_what_a_source_is_worth(
    field: str, condition: str, value: Any, expected: list[int]
) -> None:
    part = compute(make_book(leads=OF_SOURCES, rules=[(field, condition, value, 1)]), SOURCED)
    assert part.problems == ()
    assert column(part, "score") == expected


def test_a_lead_of_no_source_is_unknown_to_such_a_rule() -> None:
    rules = [("Source vs average", condition, 1, 5) for condition in ("at least", "at most")]
    book = make_book(leads=OF_SOURCES, rules=rules)
    assert compute(book, SOURCED).columns["scoring"]["unknown"].tolist() == [2, 2]
    for nothing in (NO_RESULTS, sourced(0, np.nan, Website=np.nan), sourced(9, 0.0, Website=0.0)):
        part = compute(book, nothing)
        assert part.columns["scoring"]["unknown"].tolist() == [5, 5]
        assert column(part, "score") == [0] * 5


def test_a_share_in_a_range_whose_unit_is_not_clear_is_asked_for() -> None:
    book = make_book(leads=OF_SOURCES, rules=[("Source conversion", "between", "0,5 - 1%", 5)])
    (problem,) = compute(book, SOURCED).problems
    assert (problem.code, problem.hint) == ("rule.range_unit", "0,5 % - 1%")


def test_a_column_of_the_owner_with_that_header_is_his() -> None:
    book = make_book(leads=[{"source": "Website"}], own={"Source conversion": ["7"]})
    rules = with_rules(book, ("Source conversion", "equals", "7", 5))
    assert column(compute(rules, SOURCED), "score") == [5]


# --- rules that switch themselves off


def refusals(yes: int, no: int, silent: int = 0, **more: Any) -> list[dict[str, Any]]:
    words = [("won't come", yes), ("will come", no), (None, silent)]
    lead = {"created": "2026-11-01", "status": "New", **more}
    return [{**lead, "comment": comment} for comment, n in words for _ in range(n)]


def refusing(border: Any, leads: list[dict[str, Any]], **more: Any) -> Part:
    rule = {"field": "Comment", "condition": "contains", "value": "won't", "points": -10}
    return run(make_book(leads=leads, rules=[{**rule, "off_above": border}], **more))


@pytest.mark.parametrize("border", [80, 80.0, "80", "80%", "80 %", 0.8, "0.8", "0,8", "80 percent"])
def test_a_rule_that_nearly_everybody_meets_switches_itself_off(border: Any) -> None:
    part = refusing(border, refusals(109, 9, silent=500))
    assert set(column(part, "score")) == {0} and set(column(part, "why")) == {None}
    assert part.figures["scores"].empty
    assert part.columns["scoring"]["effect"].tolist() == [
        "Switched itself off: 92.4% of 118 leads meet it, the border is 80.0%"
    ]
    assert part.columns["scoring"]["matched"].tolist() == [109]
    on = refusing(border, refusals(40, 10))
    assert column(on, "score") == [-10] * 40 + [0] * 10, "80 % is not above 80 %"
    assert column(refusing(border, refusals(41, 10)), "score")[0] == 0


def test_the_share_is_of_the_last_three_months_where_there_are_enough_leads() -> None:
    edge = {"created": "2026-08-23"}  # 90 days before today
    older, to_come = {"created": "2026-08-22"}, {"created": "2026-11-22"}
    new = refusals(28, 2, **edge)
    for many in (older, to_come, {"created": None}):
        assert column(refusing("80%", new + refusals(0, 300, **many)), "score")[0] == 0
    # With 29 of them all leads are asked.
    fewer = refusals(28, 1, **edge)
    assert column(refusing("80%", fewer + refusals(0, 300, **older)), "score")[0] == -10
    assert column(refusing("80%", fewer + refusals(300, 0, **older)), "score")[0] == 0


def test_too_few_leads_or_partners_switch_nothing_off() -> None:
    assert column(refusing("1%", refusals(29, 0)), "score") == [-10] * 29
    partners = refusals(300, 0, status="Partner")
    assert column(refusing("1%", refusals(29, 0) + partners), "score")[0] == -10
    assert column(refusing("100%", refusals(40, 0)), "score")[0] == -10


def test_a_border_is_met_exactly_though_floats_are_not_exact() -> None:
    assert 0.29 * 100 < 29
    assert column(refusing("29%", refusals(29, 71)), "score")[0] == -10
    assert column(refusing("29%", refusals(30, 70)), "score")[0] == 0


@pytest.mark.parametrize("border", ["most", "-5%", 0, "120%", 101, "80-90", "x" * 10_000])
def test_an_unreadable_border_is_told_and_the_rule_goes_on(border: Any) -> None:
    part = refusing(border, refusals(40, 0))
    assert [(p.column, p.code) for p in part.problems] == [
        ("off_above", "rule.off_above_unreadable")
    ]
    assert column(part, "score")[0] == -10


# --- groups, tiers, what is unknown


@pytest.mark.parametrize(
    ("typed", "group", "hint"),
    [
        ("Company", "company", None),
        ("поведение", "behaviour", None),
        ("e-mail engagement", "email", None),
        (None, None, None),
        ("VIP list", "VIP list", None),
        ("behavior", "behavior", "behaviour"),
    ],
)
def test_groups_are_those_of_the_list_or_the_owners_own(
    typed: Any, group: Any, hint: str | None
) -> None:
    rule = {"field": "ID", "condition": "filled", "points": 5, "group": typed}
    part = run(make_book(leads=[{}], rules=[rule]))
    assert part.figures["scores"]["group"].tolist() == [group]
    assert part.figures["rules"]["group"].tolist() == [group]
    assert [p.hint for p in part.problems] == ([] if hint is None else [hint])


def test_tiers_go_by_the_owners_names_and_say_what_to_do() -> None:
    names = {"tier_a_name": "Hot", "tier_spam_name": "=1+1", "tier_b_do": "Send the guide"}
    statuses = ["New", "Won", "In work", "Lost", None, "Spam", "Partner", "New"]
    scores = [90, 90, 30, 30, 0, 0, 0, -90]
    leads = [{"amount": s, "status": name} for s, name in zip(scores, statuses, strict=True)]
    rules = [("Deal amount", "equals", s, s) for s in (90, 30, -90)]
    book = make_book(leads=leads, rules=rules, settings=names)
    part = run(book)
    assert part.problems == ()
    assert column(part, "tier") == ["Hot", "Hot", "B", "B", "C", "C", "C", "=1+1"]
    assert column(part, "tier_key") == ["a", "a", "b", "b", "c", "c", "c", "spam"]
    assert column(part, "handling") == [
        *("Contact fast", None, "Send the guide", None),
        *("Unlikely to buy", None, None, "Check and drop"),
    ]
    assert part.figures["tiers"]["tier"].tolist() == column(part, "tier_key")
    back = tier_keys(part.columns["leads"]["tier"], book.settings)
    assert back.tolist() == column(part, "tier_key")


def test_the_colour_of_a_tier_follows_no_name() -> None:
    formulas = {rule.key: rule.formula for rule in CAPABILITY.rules if rule.columns == ("tier",)}
    assert formulas == {f"leads.tier_{tier}": f'{{tier_key}}="{tier}"' for tier in TIERS}


def test_of_two_tiers_with_one_name_the_better_is_meant() -> None:
    settings = make_book(settings={"tier_b_name": "A"}).settings
    assert tier_keys(pd.Series(["A", "C", None, "gone"]), settings).tolist() == [
        *("a", "c"),
        *[pytest.approx(np.nan, nan_ok=True)] * 2,
    ]


def test_what_a_rule_cannot_tell_of_a_lead_has_a_reason() -> None:
    book = make_book(
        leads=[{"budget": 10, "people": 0}, {"budget": 5, "people": 1, "source": "Website"}],
        own={"Size": ["big", "7"]},
        raw={"days": ["a few", 3]},
        unreadable={"days": ["L-00001"]},
        rules=[
            ("Budget", "at least", 5, 5),
            ("Phone", "contains", "+7", 5),
            ("Days", "at least", 5, 5),
            ("Budget / People", "at least", 5, 5),
            ("Size", "at least", 5, 5),
            ("Source vs average", "at least", 1, 5),
            ("Email", "contains", "@", 5, None, False),
        ],
    )
    found = unknown_rules(book, "L-00001", SOURCED)
    assert found[["rule", "title", "why"]].to_numpy().tolist() == [
        ["R-002", "Phone", "empty"],
        ["R-003", "Days", "unreadable"],
        ["R-004", "Budget", "unusable"],
        ["R-005", "Size", "unusable"],
        ["R-006", "Source", "empty"],
    ]
    assert unknown_rules(book, "L-00002", SOURCED)["rule"].tolist() == ["R-002", "R-003"]
    with pytest.raises(KeyError):
        unknown_rules(book, "L-00009", SOURCED)


@pytest.mark.parametrize(("lang", "points"), [("en", (25, -20)), ("ru", (25, -20))])
def test_a_travel_agency_judges_a_budget_by_person_and_day(
    lang: str, points: tuple[int, int]
) -> None:
    """300,000 for two at New Year is adequate; 200,000 for six and 14 days, 2,381 a day each, is
    not."""
    words = load(lang)
    seeds = kinds.seeds("travel", words)["scoring"]
    rules = [rule for rule in seeds if "/" in rule["field"]]
    rate = 1 if lang == "ru" else 1 / 25
    leads = [
        {"budget": 300_000 * rate, "people": 2, "days": 10},
        {"budget": 200_000 * rate, "people": 6, "days": 14},
        {"budget": 200_000 * rate, "people": 6},
    ]
    part = run(make_book(lang=lang, leads=leads, rules=rules))
    assert part.problems == ()
    assert column(part, "score") == [*points, 0]
    assert part.columns["scoring"]["unknown"].tolist() == [1, 1]
    book = make_book(lang=lang, leads=leads, rules=[(rules[0]["field"], "at_least", 2380, 1)])
    exact = make_book(lang=lang, leads=leads, rules=[(rules[0]["field"], "at_most", 2381, 1)])
    if lang == "ru":
        assert (column(run(book), "score"), column(run(exact), "score")) == ([1, 1, 0], [0, 1, 0])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_rule_of_a_new_crm_is_understood(kind: str, lang: str) -> None:
    seeds = kinds.seeds(kind, load(lang))
    sources = [{"source": row["source"]} for row in seeds["sources"]]
    part = run(make_book(lang=lang, leads=[{}], rules=seeds["scoring"], sources=sources))
    assert part.problems == ()
    assert part.columns["scoring"]["matched"].notna().all()
    if kind == "travel":
        (border,) = [row["off_above"] for row in seeds["scoring"] if row["off_above"]]
        assert border == 0.8


def test_a_rule_about_days_overdue_counts_today_and_not_the_last_refresh() -> None:
    book = make_book(
        leads=[{"status": "New", "next_action": "2026-11-18"}],
        raw={"overdue": [99.0]},
        rules=[("Overdue, days", "equals", 3, -5)],
    )
    assert column(run(book), "score") == [-5]


def test_a_rule_about_days_in_stage_knows_the_move_being_logged() -> None:
    book = make_book(
        leads=[{"status": "In work", "created": "2026-10-01"}],
        rules=[("Days in stage", "equals", 0, 5)],
    )
    new = pd.DataFrame({"at": [pd.Timestamp(book.now)], "lead": ["L-00001"], "to": ["In work"]})
    so_far = Results({}, {}, {"history": new}, no_flags(), (), {})
    assert column(compute(book, so_far), "score") == [5]
    assert column(run(book), "score") == [0]


def random_book(seed: int, lang: str, n: int = 800) -> Book:
    """A book of random leads with holes, and rules with the SQL that says the same."""
    rng = np.random.default_rng(seed)

    def holes(values: Any, share: float = 0.2) -> list[Any]:
        gone = rng.random(n) < share
        return [None if lost else value for value, lost in zip(list(values), gone, strict=True)]

    created = [TODAY - DAY * int(back) for back in rng.integers(0, 200, n)]
    leads = pd.DataFrame(
        {
            "created": pd.to_datetime(pd.Series(holes(created, 0.1))),
            "source": holes(rng.choice(SOURCES[lang], n)),
            "channel": holes(rng.choice(["inbound", "outbound"], n)),
            "segment": holes(rng.choice(["small", "mid", "large", "retail"], n)),
            "status": holes(rng.choice(STATUSES[lang], n), 0.05),
            "budget": pd.Series(holes(rng.integers(0, 500, n) * 1000), dtype="float64"),
            "people": pd.Series(holes(rng.integers(0, 7, n)), dtype="float64"),
            "days": pd.Series(holes(rng.integers(1, 15, n)), dtype="float64"),
            "phone": holes([f"+7916{number:07d}" for number in rng.integers(0, 10**7, n)]),
            "comment": holes(rng.choice(["hot lead", "ask Later", "price?", "hotel"], n)),
        }
    )
    words = load(lang)
    title = {key: words(f"columns.leads.{key}") for key in leads}
    condition = words.group("choices.condition")
    segment = words.group("choices.segment")
    rules = [
        (title["source"], condition["equals"], SOURCES[lang][0].upper(), 25),
        (title["segment"], condition["one_of"], f"{segment['mid']}; {segment['large']}", "7,5"),
        (title["comment"], condition["contains"], "HOT", 4.25),
        (title["budget"], condition["between"], "100 000 - 300 000", 10),
        (title["budget"], condition["at_least"], 400_000.0, "-3"),
        (title["people"], condition["at_most"], "2", -0.5),
        (title["phone"], condition["empty"], None, -20),
        (title["created"], condition["older_than"], 90.0, -15),
        (title["created"], condition["within"], 7.0, 12),
        (
            f"({title['budget']} + 1000) / {title['people']} / {title['days']}",
            condition["at_least"],
            "20 000",
            30,
        ),
    ]
    own = {"VIP": holes(rng.choice([True, False], n).astype(object))}
    rules.append(("VIP", condition["equals"], "да", 50))
    return make_book(lang=lang, leads=leads, own=own, rules=rules)


SQL = """
    with points as (
        select id,
            case when source = $source then 25 else 0 end
            + case when segment in ('mid', 'large') then 7.5 else 0 end
            + case when lower(comment) like '%hot%' then 4.25 else 0 end
            + case when budget between 100000 and 300000 then 10 else 0 end
            + case when budget >= 400000 then -3 else 0 end
            + case when people <= 2 then -0.5 else 0 end
            + case when phone is null then -20 else 0 end
            + case when datediff('day', created, $today) > 90 then -15 else 0 end
            + case when datediff('day', created, $today) between 0 and 7 then 12 else 0 end
            + case when people <> 0 and (budget + 1000) / people / days >= 20000
                then 30 else 0 end
            + case when vip then 50 else 0 end as exact
        from leads
    )
    select id, sign(exact) * floor(abs(exact) + 0.5) as score,
        case when score >= 60 then 'a' when score >= 25 then 'b'
            when score < -30 then 'spam' else 'c' end as tier
    from points order by id
"""


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("seed", [1, 2])
def test_scores_and_tiers_are_those_of_sql(lang: str, seed: int) -> None:
    book = random_book(seed, lang)
    leads = book.leads.reset_index(names="id")
    leads["created"] = leads["created"].dt.date
    leads["vip"] = pd.array(list(book.fields["own:VIP"]), dtype="boolean")
    with duckdb.connect() as db:
        db.register("leads", leads)
        expected = db.execute(SQL, {"source": SOURCES[lang][0], "today": TODAY}).df()
    part = run(book)
    assert part.problems == ()
    got = part.columns["leads"]
    assert got.index.tolist() == expected["id"].tolist()
    assert got["score"].tolist() == expected["score"].astype(int).tolist()
    assert got["tier_key"].tolist() == expected["tier"].tolist()
    assert set(expected["tier"]) == {"a", "b", "c", "spam"}


def test_reasons_and_lines_add_up_to_the_score() -> None:
    part = run(random_book(3, "en"))
    leads, lines = part.columns["leads"], part.figures["scores"]
    sums = lines.groupby("lead")["points"].sum().reindex(leads.index, fill_value=0.0)
    assert (np.sign(sums) * np.floor(sums.abs() + 0.5)).astype(int).tolist() == (
        leads["score"].tolist()
    )
    texts = lines.groupby("lead")["text"].agg("; ".join).reindex(leads.index)
    assert texts.fillna("").tolist() == leads["why"].fillna("").tolist()
    matched = part.columns["scoring"]["matched"]
    assert lines["rule"].value_counts().reindex(matched.index).tolist() == matched.tolist()
