"""Scoring: every condition by hand, random books against SQL, and rules that make no sense."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest

from sheetsync.crm.base import Book, Part, Results, no_flags
from sheetsync.crm.fields import FROM_SCORES
from sheetsync.crm.scoring import compute, score_lines
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
    assert set(values) == set(words)
    for key, word in words.items():
        typed = key if spelled_in == "key" else word.upper()
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
    assert figures.to_numpy().tolist() == [[1, 2], [1, 1], [1, 1]]
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
    assert score_lines(book, "L-00001") == (
        "+25 Source: Website",
        "-10 no phone",
        "+5 Budget: 5 or more",
    )
    assert score_lines(book, "L-00002") == ()
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
    expected = [words(f"choices.tier.{tier}") for tier in ("a", "b", "b", "c", "c", "spam")]
    assert column(part, "tier") == expected
    book = make_book(lang=lang, leads=leads, rules=rules, settings={"tier_a": 24.5})
    assert column(run(book), "tier")[:4] == [words("choices.tier.a")] * 3 + [
        words("choices.tier.c")
    ]


@pytest.mark.parametrize("off", [False, "FALSE", "нет", "no"])
def test_a_rule_switched_off_is_not_judged(off: Any) -> None:
    rules = [("ID", "filled", None, 5, None, off), ("ID", "filled", None, 1, None, True)]
    part = run(make_book(leads=[{}], rules=rules))
    assert column(part, "score") == [1]
    assert part.columns["scoring"]["matched"].tolist() == [pd.NA, 1]
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
    assert {key.removeprefix("scoring.reason.") for key in scoring[0]} == conditions


def test_the_columns_made_from_scores_exist() -> None:
    words = load("en")
    assert all(f"columns.leads.{key}" in words for key in FROM_SCORES)


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
    words = book.words.group("choices.tier")
    assert got["tier"].tolist() == expected["tier"].map(words).tolist()
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
