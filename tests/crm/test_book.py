"""From raw cells to typed tables: what is understood, what is listed, what is left alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pandas as pd
import pytest

from sheetsync import locales
from sheetsync.crm import settings
from sheetsync.crm.base import Book
from sheetsync.crm.book import Locale, Raw, understand
from sheetsync.crm.model import compute
from tests.crm.books import NO_RESULTS, NOW, TODAY


def tab(key: str, *rows: dict[str, Any]) -> Raw:
    names = list(dict.fromkeys(name for row in rows for name in row))
    frame = pd.DataFrame({n: pd.Series([row.get(n) for row in rows], dtype=object) for n in names})
    frame.index = pd.RangeIndex(2, len(rows) + 2)
    return Raw(frame, frame[key] if key in frame else pd.Series(dtype=object))


STATUSES = tab(
    "status",
    {"status": "Новый", "kind": "в работе", "order": 1.0, "days_allowed": 1.0},
    {"status": "Переговоры", "kind": "В РАБОТЕ ", "order": 2.0, "alias": "Talks; переговоры идут"},
    {"status": "Оплачен", "kind": "won", "order": 3.0},
    {"status": "Отказ", "kind": "отказ", "order": 9.0},
)


def book(*leads: dict[str, Any], lang: str = "ru", **tabs: Raw) -> Book:
    rows = [{"id": f"L-{n:05d}", **row} for n, row in enumerate(leads, 1)]
    return understand(
        {"statuses": STATUSES, "leads": tab("id", *rows), **tabs},
        headers={},
        locale=Locale(locales.load(lang)),
        today=TODAY,
        now=NOW,
    )


def test_statuses_are_known_in_any_case_by_alias_and_with_odd_spaces() -> None:
    found = book({"status": " переговоры"}, {"status": "TALKS"}, {"status": "ОПЛАЧЕН"})
    assert list(found.leads["status"]) == ["Переговоры", "Переговоры", "Оплачен"]
    assert list(found.leads["kind"]) == ["open", "open", "won"]
    assert found.problems == ()


def test_a_status_with_a_typo_is_a_problem_that_names_the_likely_one() -> None:
    found = book({"status": "Переговры"})
    assert found.leads["status"].isna().all()
    assert found.leads["kind"].isna().all()
    (problem,) = found.problems
    assert (problem.tab, problem.column, problem.row, problem.key) == (
        "leads",
        "status",
        2,
        "L-00001",
    )
    assert (problem.typed, problem.hint) == ("Переговры", "Переговоры")
    assert found.unreadable.loc["L-00001", "status"]


def test_the_rest_of_a_row_with_an_unreadable_cell_is_understood() -> None:
    found = book({"created": "после отпуска", "phone": "8 916 123-45-67", "budget": "300 т.р."})
    lead = found.leads.loc["L-00001"]
    assert pd.isna(lead["created"])
    assert lead["phone"] == "+79161234567"
    assert lead["budget"] == 300_000
    assert [p.column for p in found.problems] == ["created"]


def test_a_date_without_a_year_follows_the_day_the_lead_came() -> None:
    found = book({"created": datetime(2025, 12, 20), "next_action": "15.01"})
    assert found.leads["next_action"]["L-00001"] == pd.Timestamp("2026-01-15")


def test_ambiguous_dates_follow_the_language_and_settings_win_over_it() -> None:
    def created(lang: str, **tabs: Raw) -> pd.Timestamp:
        return book({"created": "5/11/26"}, lang=lang, **tabs).leads["created"].iloc[0]

    day_first = tab("key", {"key": "date_order", "value": "day first"})
    assert created("ru") == pd.Timestamp("2026-11-05")
    assert created("en") == pd.Timestamp("2026-05-11")
    assert created("en", settings=day_first) == pd.Timestamp("2026-11-05")


def test_managers_pass_as_typed_while_the_team_is_empty_and_are_checked_once_it_is_not() -> None:
    lead = {"manager": "Оля "}
    assert book(lead).leads["manager"].iloc[0] == "Оля"
    team = tab("name", {"name": "Ольга", "alias": "Оля"}, {"name": "Игорь"})
    assert book(lead, team=team).leads["manager"].iloc[0] == "Ольга"
    assert book({"manager": "Пётр"}, team=team).problems[0].code.startswith("list.unknown")


def test_people_of_the_team_are_known_by_their_address_too() -> None:
    team = tab(
        "name",
        {"name": "Ольга", "alias": "Оля", "email": "Olga@example.com"},
        {"name": "Игорь", "email": "olga@example.com"},
        {"name": "Вера", "email": "no address"},
    )
    leads = [{"approved_by": cell} for cell in (" OLGA@example.com", "Оля", "no address")]
    found = book(*leads, team=team).leads["approved_by"]
    assert found.tolist()[:2] == ["Ольга", "Ольга"], "of two with one address, the first"
    assert found.isna().tolist() == [False, False, True]


def test_a_setting_that_cannot_be_read_means_the_default_and_is_listed() -> None:
    settings = tab(
        "key",
        {"key": "few", "value": "много"},
        {"key": "tier_a", "value": "70"},
        {"key": "country", "value": " kz "},
        {"key": "today_size", "value": None},
    )
    found = book(settings=settings)
    assert found.settings["few"] == 30
    assert found.settings["tier_a"] == 70
    assert found.settings["country"] == "KZ"
    assert found.settings["today_size"] == 30
    assert [(p.tab, p.key) for p in found.problems] == [("settings", "few")]


@pytest.mark.parametrize(
    ("key", "typed", "code", "hint"),
    [
        ("few", 1e30, "setting.range", ""),
        ("today_size", -5.0, "setting.range", ""),
        ("mature_share", 150, "setting.most", ""),
        ("mature_share", 0, "setting.most", ""),
        ("country", "Россия", "setting.country", "RU"),
        ("country", "XQ", "setting.country", ""),
        ("currency", "рубли", "setting.currency", "RUB"),
    ],
)
def test_nonsense_in_settings_is_told_and_the_default_stands(
    key: str, typed: Any, code: str, hint: str
) -> None:
    defaults = book(settings=tab("key")).settings
    found = book(settings=tab("key", {"key": key, "value": typed}))
    assert found.settings == defaults
    assert [(p.code, p.hint) for p in found.problems] == [(code, hint)]


@pytest.mark.parametrize(
    ("typed", "time"),
    [
        ("19:30", "19:30"),
        (" 9.05 ", "09:05"),
        ("20", "20:00"),
        ("6 pm", "18:00"),
        ("20 ч", "20:00"),
        (0.8125, "19:30"),  # what a spreadsheet makes of 19:30
        (17.0, "17:00"),
        (0, "00:00"),
        (None, "18:00"),
    ],
)
def test_a_time_of_day_is_read_as_people_type_it(typed: Any, time: str) -> None:
    found = book(settings=tab("key", {"key": "day_ends", "value": typed}))
    assert found.settings["day_ends"] == time
    assert found.problems == ()


@pytest.mark.parametrize("typed", ["вечером", "25:00", "18:75", "24", 24, -1, 1e300, True, "18-00"])
def test_what_is_no_time_of_day_is_told(typed: Any) -> None:
    found = book(settings=tab("key", {"key": "day_ends", "value": typed}))
    assert found.settings["day_ends"] == "18:00"
    assert [p.code for p in found.problems] == ["setting.time"]


def test_what_no_row_says_is_as_at_home_and_gets_a_row() -> None:
    found = book(lang="en", settings=tab("key", {"key": "country", "value": "GB"}))
    assert (found.settings["country"], found.settings["currency"]) == ("GB", "USD")
    added = settings.compute(found, NO_RESULTS).appends["settings"]
    assert "country" not in list(added["key"])
    assert added.set_index("key").loc["currency", "value"] == "USD"
    assert added.set_index("key").loc["days", "value"] == "calendar days"


def test_an_emptied_list_of_statuses_leaves_every_lead_listed_and_nothing_crashes() -> None:
    steps = tab("id", {"id": "S-01", "step": "Позвонить", "before": "Новый", "required": True})
    found = book({"status": "Новый"}, statuses=tab("status"), steps=steps)
    assert [(p.tab, p.code) for p in found.problems] == [
        ("leads", "list.unknown"),
        ("steps", "list.unknown"),
    ]
    assert compute(found).columns["leads"].index.tolist() == ["L-00001"]


def test_a_status_without_a_kind_is_told_in_its_row() -> None:
    found = book({"status": "Ждём"}, statuses=tab("status", {"status": "Ждём", "order": 1.0}))
    assert [(p.tab, p.key, p.code) for p in found.problems] == [("statuses", "Ждём", "status.kind")]


def test_ticks_that_lost_their_lead_are_told_and_two_lines_of_a_lead_count_as_one() -> None:
    steps = tab("id", {"id": "S-01", "step": "Раз"}, {"id": "S-02", "step": "Два"})
    checks = tab(
        "lead",
        {"lead": "L-00001", "S-01": "✓"},
        {"lead": "L-00001", "S-02": "✓"},
        {"lead": None, "S-01": "✓"},
        {"lead": None, "S-01": None},
    )
    found = book({}, steps=steps, checklist=checks)
    assert found.checks.loc["L-00001"].tolist() == [True, True]
    assert [(p.row, p.code) for p in found.problems] == [(4, "checklist.no_lead")]


def test_a_status_that_stands_twice_counts_once_and_is_listed() -> None:
    twice = tab(
        "status",
        {"status": "Новый", "kind": "в работе", "order": 1.0},
        {"status": "новый ", "kind": "отказ", "order": 2.0},
    )
    found = book({"status": "новый"}, statuses=twice)
    assert list(found.leads["kind"]) == ["open"]
    assert [(p.code, p.row) for p in found.problems] == [("list.repeated", 3)]


def test_history_is_kept_with_statuses_as_they_are_spelled_now() -> None:
    history = tab(
        "lead",
        {"at": 46347.5, "lead": "L-00001", "from": None, "to": "talks", "id": "L-00001/1"},
        {"at": "2026-11-20 10:30", "lead": "L-00001", "from": "talks", "to": "Давно забытый"},
    )
    found = book({"status": "Новый"}, history=history)
    assert list(found.history["to_status"]) == ["Переговоры", "Давно забытый"]
    assert found.history["at"].iloc[0] == pd.Timestamp("2026-11-21 12:00")
    assert found.history["at"].iloc[1] == pd.Timestamp("2026-11-20 10:30")


def test_ticks_are_read_as_people_type_them() -> None:
    steps = tab("id", {"id": "S-01", "step": "Позвонить", "required": True})
    checks = tab("lead", {"lead": "L-00001", "S-01": "да"}, {"lead": "L-00002", "S-01": None})
    found = book({}, {}, steps=steps, checklist=checks)
    assert found.checks["S-01"].to_dict() == {"L-00001": True, "L-00002": False}


def test_a_workbook_with_nothing_in_it_is_an_empty_book() -> None:
    found = understand({}, headers={}, locale=Locale(locales.load("en")), today=TODAY, now=NOW)
    assert found.leads.empty and found.statuses.empty and found.history.empty
    assert found.problems == ()
