"""What a refresh publishes for the add-on: whole, readable, and the same while nothing changes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import openpyxl
import pandas as pd
import pytest

from sheetsync import crm
from sheetsync.crm import published, working_days
from sheetsync.crm.base import Book, Results
from sheetsync.crm.lists import Names
from sheetsync.crm.scoring import capability as scoring
from sheetsync.sync.provision import provision
from sheetsync.sync.refresh import refresh
from sheetsync.workbooks.xlsx.workbook import XlsxWorkbook
from tests.crm.books import NO_RESULTS, make_book

NASTY = (
    '"];alert(1)//',
    "=1+1",
    "</script>",
    "'); DROP",
    "a\nb\u2028c",
    "💬" * 3,
    "\\u0041",
    " x ",
)


def no_constant(name: str) -> NoReturn:
    raise AssertionError(f"{name} is no JSON")


def whole(table: pd.DataFrame) -> dict[str, Any]:
    """The sections, put together row after row."""
    parts: dict[str, list[str]] = {}
    for key, value in table.itertuples(index=False):
        name, _, number = key.partition("/")
        parts.setdefault(name, []).append(value)
        assert number == ("" if len(parts[name]) == 1 else str(len(parts[name])))
    return {
        name: json.loads("".join(values), parse_constant=no_constant)
        for name, values in parts.items()
    }


def publish(book: Book, results: Results = NO_RESULTS) -> dict[str, Any]:
    return whole(published.compute(book, results).tables["addon"])


def figures(**of_sources: tuple[float, float]) -> Results:
    """Results in which sources have (expected, leads), and the shop will end at a fifth."""
    sources = pd.DataFrame(
        {
            "source": pd.Series([*of_sources, None], dtype=object),
            "expected": [expected for expected, _ in of_sources.values()] + [np.nan],
        }
    )
    average = pd.DataFrame({"final": [0.2]})
    return replace(NO_RESULTS, figures={"sources": sources, "average": average})


def test_every_section_is_there_and_empty_ones_are_empty() -> None:
    model = publish(make_book())
    assert list(model) == [
        *("about", "settings", "statuses", "status_names", "sources", "team", "team_names"),
        *("reasons", "reason_names", "groups", "steps", "fields", "headers", "rules", "script"),
        *("weekend", "holidays", "worked"),
    ]
    assert model["about"] == {"layout": crm.LAYOUT_VERSION, "lang": "en"}
    assert (model["rules"], model["script"], model["reasons"]) == ([], [], [])


def test_lists_are_published_in_order_and_in_every_spelling() -> None:
    book = make_book(
        statuses=[
            {"status": "New", "kind": "open", "days_allowed": 1.5, "may_skip": True},
            {"status": "Lost", "kind": "lost", "needs_approval": True},
        ],
        team=[{"name": "Ёлкина", "email": "y@example.com", "role": "senior"}],
        steps=[{"id": "S-01", "step": "Call", "before": "Lost", "deadline": 2.0, "required": True}],
    )
    names = Names(("New", "Lost"), {"Входящий": "New", "lost": "New"})
    lists = {
        "status": names,
        "manager": Names(("Ёлкина",), {}),
        "loss_reason": Names(("Dear",), {}),
    }
    model = publish(replace(book, lists=lists))
    assert model["statuses"] == [
        {
            "name": "New",
            "kind": "open",
            "order": 1,
            "days_allowed": 1.5,
            "may_skip": True,
            "needs_comment": False,
            "needs_approval": False,
            "parks": False,
        },
        {
            "name": "Lost",
            "kind": "lost",
            "order": 2,
            "days_allowed": None,
            "may_skip": False,
            "needs_comment": False,
            "needs_approval": True,
            "parks": False,
        },
    ]
    assert model["status_names"] == {"new": "New", "lost": "Lost", "входящий": "New"}
    assert model["team"] == [{"name": "Ёлкина", "email": "y@example.com", "role": "senior"}]
    assert model["team_names"] == {"елкина": "Ёлкина"}
    assert (model["reasons"], model["reason_names"]) == (["Dear"], {"dear": "Dear"})
    assert model["steps"] == [
        {"id": "S-01", "step": "Call", "before": "Lost", "deadline": 2, "required": True}
    ]


def test_sources_are_worth_what_rules_take_them_for() -> None:
    model = publish(make_book(), figures(Website=(0.3, 10), Fair=(np.nan, 0)))
    assert model["sources"]["conversion"] == {"Website": 0.3}
    assert model["sources"]["index"] == {"Website": pytest.approx(1.5)}


def test_groups_are_known_in_both_languages_and_shown_in_the_crms() -> None:
    channel = publish(make_book(lang="ru"))["groups"]["channel"]
    assert {channel["names"][name] for name in ("inbound", "теплый")} == {"inbound"}
    assert list(channel["shown"]) == ["inbound", "outbound"]
    assert channel["shown"]["outbound"] == "холодный"


def test_settings_are_typed_and_dates_are_iso() -> None:
    settings = {"work_from": pd.Timestamp("2026-03-01"), "tier_a": 62.5, "few": 20.0}
    told = publish(make_book(settings=settings))["settings"]
    assert (told["work_from"], told["tier_a"], told["few"]) == ("2026-03-01", 62.5, 20)
    assert publish(make_book())["settings"]["work_from"] is None


def test_rules_are_published_as_they_are_told_with_all_that_judging_takes() -> None:
    book = make_book(
        leads=[{"budget": 10.0, "source": "Website"}, {"budget": 500.0}],
        own={"Area": ["5", "x"]},
        rules=[
            ("Budget / Area * 2", "at least", "3", 5),
            ("Area", "one of", "yes; 10; 05.11.2026", "-12.5", "Odd area"),
            ("Name", "looks like", "test", -60, None, "no"),
            ("Created", "older than, days", "30 days", 1),
            ("Budget", "sounds like", "1", 1),
            {"field": "Budget", "condition": "filled", "points": 7, "off_above": "50%"},
        ],
        settings={"few": 2},
    )
    part = scoring.compute(book, NO_RESULTS)
    rules = publish(book, replace(NO_RESULTS, figures=part.figures))["rules"]
    assert [rule["id"] for rule in rules] == ["R-003", "R-002", "R-006", "R-001", "R-004"]
    junk, area, budget, ratio, age = rules
    assert (junk["on"], junk["gives"], junk["operands"]["junk"]) == (False, False, ["test"])
    assert (budget["on"], budget["gives"]) == (True, False), "everybody meets it: off by itself"
    assert area["subject"] == {"key": "own:Area", "label": "Area", "tree": {"name": "own:Area"}}
    assert area["operands"] == {
        "texts": ["yes", "10", "05.11.2026", "true"],
        "numbers": [10],
        "days": [(date(2026, 11, 5) - date(1970, 1, 1)).days],
        "junk": [],
    }
    assert (area["points"], area["text"]) == (-12_500_000, "-12.5 Odd area")
    assert ratio["subject"]["key"] is None
    assert ratio["subject"]["tree"] == {
        "sign": "*",
        "left": {"sign": "/", "left": {"name": "budget"}, "right": {"name": "own:Area"}},
        "right": {"number": 2},
    }
    assert ratio["operands"]["numbers"] == [3, None]
    assert age["operands"]["days"] == [30]


def test_columns_have_a_type_and_the_header_they_have_now() -> None:
    book = make_book(leads=[{}], own={"Area": [1]}, headers={"budget": "Money"})
    model = publish(book)
    assert model["headers"]["budget"] == "Money"
    kinds = ("budget", "created", "status", "own:Area", "overdue", "source_index")
    assert [model["fields"][key] for key in kinds] == [
        *("number", "date", "text", "own", "number", "number")
    ]
    assert model["fields"].keys() == model["headers"].keys()


def test_what_people_type_is_a_string_and_nothing_else() -> None:
    book = make_book(
        team=[{"name": name} for name in NASTY], own={name: [] for name in NASTY}, headers={}
    )
    model = publish(book)
    assert [row["name"] for row in model["team"]] == list(NASTY)
    assert {f"own:{name}" for name in NASTY} <= set(model["fields"])


def test_long_values_go_on_in_the_next_row_whatever_they_are_cut_in() -> None:
    """A picture takes two places; cells of .xlsx count them so."""
    says = [f"{n} " + '😀é\\"\n ' * 700 for n in range(30)]
    script = pd.DataFrame({"say": says}, index=[f"Page {n}" for n in range(30)], dtype=object)
    table = published.compute(replace(make_book(), script=script), NO_RESULTS).tables["addon"]
    assert [key for key in table["key"] if key.startswith("script")][:3] == [
        *("script", "script/2", "script/3")
    ]
    assert max(len(value.encode("utf-16-le")) // 2 for value in table["value"]) <= 30_000
    for value in table["value"]:
        value.encode("utf-8")  # no half of a picture
    assert [page["say"] for page in whole(table)["script"]] == says


def test_nothing_changes_from_one_day_to_the_next_but_days_off_from_month_to_month() -> None:
    """So a refresh that finds nothing changed finds nothing."""

    def on(day: date, days: str) -> pd.DataFrame:
        book = make_book(leads=[{"created": "2026-11-01"}], today=day, settings={"days": days})
        return published.compute(book, NO_RESULTS).tables["addon"]

    first, last, next_month = date(2026, 11, 1), date(2026, 11, 30), date(2026, 12, 1)
    assert on(first, "working").equals(on(last, "working"))
    assert not on(last, "working").equals(on(next_month, "working"))
    assert on(last, "calendar").equals(on(next_month, "calendar"))


@pytest.mark.parametrize("country", ["RU", "US", "IL", "XX"])
def test_days_off_are_those_that_deadlines_skip(country: str) -> None:
    model = publish(make_book(settings={"days": "working", "country": country}))
    first = date(2026, 11, 1)
    days = [first + timedelta(days=n) for n in range(400)]
    calendar = working_days.WorkCalendar(country, 2026, 2027)
    starts = np.array(days, dtype="datetime64[D]")
    works = calendar.between(starts, starts + 1) == 1
    told = [
        day.isoformat() in model["worked"]
        or (day.weekday() not in model["weekend"] and day.isoformat() not in model["holidays"])
        for day in days
    ]
    assert told == works.tolist()
    assert model["weekend"] == ([4, 5] if country == "IL" else [5, 6])
    known = {"RU": "2026-11-04", "US": "2026-11-26", "IL": "2027-04-22"}
    assert country == "XX" or known[country] in model["holidays"]


def test_where_deadlines_count_every_day_no_day_is_off() -> None:
    model = publish(make_book(settings={"days": "calendar"}))
    assert (model["weekend"], model["holidays"], model["worked"]) == ([], [], [])


def test_the_tab_is_the_tools_own_and_hidden() -> None:
    tab = crm.layout("general")["addon"]
    assert (tab.body, tab.hidden) == ("table", True)
    assert tab.owned("person") == ()
    assert crm.layout("general").tabs[-1] == tab


def test_a_file_gives_back_what_was_published_and_the_next_refresh_finds_nothing(
    tmp_path: Path,
) -> None:
    path = tmp_path / "shop.xlsx"
    provision(XlsxWorkbook(path), kind="general", lang="ru")
    book = openpyxl.load_workbook(path)
    sheet = book["Скрипт"]
    pages: Mapping[str, str] = {
        f"{n}: {text}".strip(): f" =СУММ(1)\n{'💬 long ' * 900}{text}"
        for n, text in enumerate(NASTY)
    }
    for row, (name, say) in enumerate(pages.items(), start=50):
        sheet.cell(row, 1, name)
        sheet.cell(row, 4, say)
    sheet.cell(60, 1, "Last").number_format = "@"
    book.save(path)
    done = refresh(XlsxWorkbook(path), now=datetime(2026, 11, 21, 12))
    written = XlsxWorkbook(path).read().tabs["addon"].frame[["key", "value"]]
    computed = done.understood.results.tables["addon"]
    assert written.to_numpy().tolist() == computed.to_numpy().tolist()
    assert "script/3" in written["key"].tolist()
    script = {page["name"]: page["say"] for page in whole(written)["script"]}
    assert script["1: =1+1"] == f"=СУММ(1)\n{'💬 long ' * 900}=1+1"
    assert refresh(XlsxWorkbook(path), now=datetime(2026, 11, 22, 12)).nothing
