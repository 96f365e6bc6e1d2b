"""The score that the card computes in the browser is the one that a refresh computes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import pandas as pd
import pytest

from sheetsync import locales
from sheetsync.crm import CAPABILITIES, KINDS
from sheetsync.crm.base import Book, Results
from sheetsync.crm.lists import group_names
from sheetsync.crm.scoring.arithmetic import evaluate, names_in, parse
from sheetsync.crm.scoring.compiled import tree_of
from sheetsync.crm.scoring.fields import Fields
from sheetsync.crm.scoring.rules import Rule
from sheetsync.crm.scoring.scores import fields_of, rounded, score, unknown_rules
from tests.addon.leads import RULES, TODAY, shop
from tests.addon.v8 import SHARED, V8
from tests.crm.books import NO_RESULTS

CRMS = [(n, *names) for n, names in enumerate(product(KINDS, locales.LANGUAGES))]
LEADS = 1000
"""In each of the ten CRMs."""
NEEDED = ("pipeline", "cohorts", "sources", "scoring", "overdue", "promises", "published")
"""The capabilities that a score comes from, or what rules may look at."""


@pytest.fixture(scope="module")
def v8(tables: list[Path]) -> Iterator[V8]:
    with V8(*tables, *SHARED) as v8:
        yield v8


def crm(number: int, kind: str, lang: str, leads: int = LEADS) -> tuple[Book, Results]:
    """One of the ten; any three that follow each other have all rules, two have no lists."""
    rules = RULES[number % 3 :: 3]
    book = shop(kind, lang, leads, Random(f"{kind} {lang}"), rules, bare=number % 4 == 3)
    return book, computed(book)


def computed(book: Book) -> Results:
    """A refresh's results, as far as scores need them."""
    results = NO_RESULTS
    for capability in CAPABILITIES:
        if capability.name in NEEDED and capability.compute is not None:
            part = capability.compute(book, results)
            columns = dict(results.columns)
            for tab, frame in part.columns.items():
                columns[tab] = pd.concat([columns[tab], frame], axis=1) if tab in columns else frame
            results = replace(
                results,
                columns=columns,
                tables={**results.tables, **part.tables},
                appends={**results.appends, **part.appends},
                figures={**results.figures, **part.figures},
            )
    return results


def published(results: Results) -> dict[str, Any]:
    """The model as the add-on puts it together from the rows of the tab."""
    texts: dict[str, str] = {}
    for key, value in results.tables["addon"].itertuples(index=False):
        name = key.partition("/")[0]
        texts[name] = texts.get(name, "") + value
    return {name: json.loads(text) for name, text in texts.items()}


def cell(value: Any) -> Any:
    """A raw cell as the add-on has it."""
    if isinstance(value, datetime):
        return {"iso": value.isoformat(timespec="seconds")}
    return None if value == "" else value


def leads_of(book: Book, results: Results) -> list[dict[str, Any]]:
    """The leads as the add-on has them."""
    shown = results.columns["leads"][["overdue", "stage_days", "pushes"]].astype("Float64")
    rows = zip(
        book.leads.index,
        book.leads["kind"],
        book.fields.to_dict("records"),
        shown.astype(object).where(shown.notna(), None).to_dict("records"),
        strict=True,
    )
    return [
        {
            "id": lead,
            "kind": none(kind),
            "cells": {key: cell(value) for key, value in cells.items()} | counts,
        }
        for lead, kind, cells, counts in rows
    ]


def expected(book: Book, results: Results) -> list[dict[str, Any]]:
    """What Python says of each lead."""
    scores = score(book, results)
    on = [place for place, rule in enumerate(scores.rules) if rule.on]
    on.sort(key=lambda place: scores.rules[place].row)
    why = {place: why_unknown(scores.rules[place], fields_of(book, results)) for place in on}
    lines, marks = by_lead(results.figures["scores"]), by_lead(results.figures["marks"])
    columns = ["score", "tier", "handling", "why", "tier_key"]
    rows = results.columns["leads"][columns].astype(object).to_dict("index")
    return [
        {
            "score": none(row["score"]),
            "tier": none(row["tier_key"]),
            "tierName": none(row["tier"]),
            "handling": none(row["handling"]),
            "marks": [line["mark"] for line in marks.get(lead, ())],
            "why": none(row["why"]),
            "lines": lines.get(lead, []),
            "unknown": [why[rule][place] for rule in on if scores.unknown[place, rule]],
        }
        for place, (lead, row) in enumerate(rows.items())
    ]


def why_unknown(rule: Rule, fields: Fields) -> list[dict[str, str]]:
    """Of every lead, why the rule can't tell, if it can't: unreadable cells before empty ones."""
    keys = names_in(rule.subject.tree)
    unreadable = [(key, "unreadable", fields.unreadable(key)) for key in keys]
    held = ["source" if key in ("source_conversion", "source_index") else key for key in keys]
    empty = [(key, "empty", ~fields.filled(key)) for key in held]
    leads = len(fields.unreadable(keys[0]))
    found = [(keys[0], "unusable")] * leads
    for key, why, where in reversed([*unreadable, *empty]):
        for place in where.nonzero()[0]:
            found[place] = (key, why)
    titles = fields.titles
    return [
        {"rule": rule.id, "column": key, "title": titles[key], "why": why} for key, why in found
    ]


def by_lead(table: pd.DataFrame) -> dict[Any, list[dict[str, Any]]]:
    found: dict[Any, list[dict[str, Any]]] = {}
    for line in table.to_dict("records"):
        rest = {str(key): none(value) for key, value in line.items() if key != "lead"}
        found.setdefault(line["lead"], []).append(rest)
    return found


def none(value: Any) -> Any:
    return None if pd.isna(value) else value


@pytest.mark.parametrize(("number", "kind", "lang"), CRMS)
def test_ten_thousand_leads_score_as_in_python(number: int, kind: str, lang: str, v8: V8) -> None:
    """1,000 leads in each of ten CRMs: all that is told of them."""
    book, results = crm(number, kind, lang)
    model = published(results)
    answers = v8.each("Scoring.scoreOf", leads_of(book, results), model, TODAY.isoformat())
    pairs = zip(book.leads.index, answers, expected(book, results), strict=True)
    assert [pair for pair in pairs if pair[1] != pair[2]] == []
    told = unknown_rules(book, "L-00001", results)[["rule", "column", "title", "why"]]
    assert answers[0]["unknown"] == told.to_dict("records")


def test_the_leads_are_of_every_sort_and_every_condition_is_met_missed_and_unknown() -> None:
    """What the test above compares is no table of zeros."""
    seen: Counter[str] = Counter()
    for number, kind, lang in CRMS[:3]:
        book, results = crm(number, kind, lang, leads=200)
        scores = score(book, results)
        for place, rule in enumerate(scores.rules):
            seen[f"{rule.condition} met"] += int(scores.matched[:, place].sum())
            seen[f"{rule.condition} unknown"] += int(scores.unknown[:, place].sum())
            missed = ~scores.matched[:, place] & ~scores.unknown[:, place]
            seen[f"{rule.condition} missed"] += int(missed.sum())
            seen["arithmetic"] += rule.subject.key is None
            seen["off"] += not rule.on
        seen["self off"] += int(results.figures["rules"]["state"].eq("self_off").sum())
        seen.update(results.figures["marks"]["mark"])
        seen.update(results.columns["leads"]["tier_key"].dropna())
    conditions = group_names("condition").names
    wanted = {f"{name} {how}" for name in conditions for how in ("met", "missed", "unknown")}
    wanted |= {"arithmetic", "off", "self off", "junk", "competitor", "price_shopper"}
    wanted |= {"a", "b", "c", "spam"}
    assert {name for name in wanted if seen[name] < 5} == set()


@pytest.mark.parametrize(
    "text",
    [
        "a / b",
        "a / (b - b)",
        "-(a + b) * 2 - -b / 3",
        "a * a * a * a * 1000000000000",
        "(a - b) / (a + b) / 7 + 0,1 * 3",
        "b / a",
    ],
)
def test_calculations_give_the_same_number_to_the_last_digit(text: str, v8: V8) -> None:
    random = Random(text)
    tree = parse(text, {"a": "a", "b": "b"})
    pools: Sequence[float] = (0.0, -0.0, 0.1, 1e200, 1e-200, 7.0, float("nan"))
    rows = [
        [random.choice([random.choice(pools), random.uniform(-1e6, 1e6)]) for _ in "ab"]
        for _ in range(300)
    ]
    pairs = [[None if value != value else value for value in row] for row in rows]
    number = """((pair, tree) => {
      const result = Arithmetic.evaluate(tree, (key) => pair['ab'.indexOf(key)] ?? NaN);
      return Number.isNaN(result) ? null : result;
    })"""
    answers = v8.each(number, pairs, tree_of(tree))
    columns = dict(zip("ab", pd.DataFrame(rows).to_numpy(dtype=float).T, strict=True))
    values = evaluate(tree, columns.__getitem__).tolist()
    assert answers == [none(value) for value in values]
    assert v8.call("Arithmetic.namesIn", tree_of(tree)) == list(names_in(tree))


def test_points_are_rounded_with_halves_away_from_zero(v8: V8) -> None:
    points = [0, 499_999, 500_000, -499_999, -500_000, 1_500_000, -2_500_000, 10**14 - 1]
    rule = {
        "id": "R-001",
        "row": 2,
        "group": None,
        "subject": {"key": "id", "label": "ID", "tree": {"name": "id"}},
        "condition": "filled",
        "operands": {"texts": [], "numbers": [], "days": [], "junk": []},
        "gives": True,
        "on": True,
        "text": "",
        "reason": "",
    }
    book = shop("general", "en", 1, Random(0), [])
    model = published(computed(book))
    lead = {"id": "L-00001", "kind": None, "cells": {}}
    for millionths in points:
        model["rules"] = [{**rule, "points": millionths}]
        answer = v8.call("Scoring.scoreOf", lead, model, TODAY.isoformat())
        assert answer["score"] == int(rounded(pd.Series([millionths]).to_numpy())[0])


def test_without_a_rule_that_is_on_there_is_no_score(v8: V8) -> None:
    book = shop("general", "en", 1, Random(0), [])
    model = published(computed(book)) | {"rules": []}
    lead = {"id": "L-00001", "kind": "spam", "cells": {}}
    answer = v8.call("Scoring.scoreOf", lead, model, TODAY.isoformat())
    assert (answer["score"], answer["tier"], answer["handling"]) == (None, None, None)
    assert answer["marks"] == ["junk"], "people said so"
