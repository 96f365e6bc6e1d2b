"""The presets: what a new CRM of each kind starts with must understand itself."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from sheetsync import locales
from sheetsync.cells import fold, split_aliases
from sheetsync.crm import KINDS, LAYOUT_VERSION, kinds, layout, settings_of_all
from sheetsync.crm.scoring import arithmetic
from sheetsync.layout import header

Seeds = dict[str, list[dict[str, Any]]]

every_kind = pytest.mark.parametrize("kind", KINDS)
every_crm = pytest.mark.parametrize(
    ("kind", "lang"), [(kind, lang) for kind in KINDS for lang in locales.LANGUAGES]
)


def seeds(kind: str, lang: str) -> Seeds:
    return kinds.seeds(kind, locales.load(lang))


@every_crm
def test_every_cell_belongs_to_a_column_of_its_tab(kind: str, lang: str) -> None:
    tabs = layout(kind)
    for tab, rows in seeds(kind, lang).items():
        for row in rows:
            assert all(column in tabs[tab] for column in row), (tab, row)


@every_crm
def test_what_a_dropdown_limits_is_one_of_its_words(kind: str, lang: str) -> None:
    words, found = locales.load(lang), 0
    for tab, rows in seeds(kind, lang).items():
        for column in layout(kind)[tab].columns:
            if column.choice and column.choice.group:
                allowed = set(words.group(f"choices.{column.choice.group}").values())
                cells = {row[column.key] for row in rows}
                assert cells <= allowed, (tab, column.key)
                found += len(cells)
    assert found > 10


@every_crm
def test_names_and_aliases_of_a_list_mean_one_entry_each(kind: str, lang: str) -> None:
    rows = seeds(kind, lang)
    for tab, column in (("statuses", "status"), ("sources", "source"), ("reasons", "reason")):
        own = [fold(row[column]) for row in rows[tab]]
        assert len(set(own)) == len(own), tab
        aliases = [fold(a) for row in rows[tab] for a in split_aliases(row["alias"])]
        assert len(set(aliases)) == len(aliases), tab
        assert not set(aliases) & set(own), tab


@every_crm
def test_statuses_make_a_funnel_from_one_first_status_to_a_sale(kind: str, lang: str) -> None:
    words, rows = locales.load(lang), seeds(kind, lang)["statuses"]
    word = words.group("choices.kind")
    assert [a["order"] < b["order"] for a, b in pairwise(rows)] == [True] * (len(rows) - 1)
    of_kind = [row["kind"] for row in rows]
    # A lead typed in after the first call has skipped nothing.
    assert of_kind[0] == word["open"] and rows[0]["may_skip"]
    assert of_kind.count(word["won"]) == 1
    stages = [row for row in rows if row["kind"] in (word["open"], word["won"])]
    assert stages == rows[: len(stages)] and stages[-1]["kind"] == word["won"]
    assert set(of_kind) == set(word.values())


@every_crm
def test_an_open_status_has_a_limit_unless_it_waits_for_a_day_with_a_comment(
    kind: str, lang: str
) -> None:
    opened = locales.load(lang)("choices.kind.open")
    for row in seeds(kind, lang)["statuses"]:
        if row["kind"] == opened and row["days_allowed"] is None:
            assert row["needs_comment"] and row["may_skip"]


@every_crm
def test_steps_come_before_statuses_that_exist_and_some_before_a_loss(kind: str, lang: str) -> None:
    rows, words = seeds(kind, lang), locales.load(lang)
    of = {row["status"]: row["kind"] for row in rows["statuses"]}
    before = [row["before"] for row in rows["steps"]]
    assert set(before) <= set(of)
    lost = words("choices.kind.lost")
    retention = [r for r in rows["steps"] if of[r["before"]] == lost]
    assert len(retention) >= 2
    assert all(row["required"] and row["deadline"] > 0 for row in retention)
    assert [row["id"] for row in rows["steps"]] == [f"S-{n:02d}" for n in range(1, len(before) + 1)]


def _rules(kind: str, lang: str) -> Iterator[tuple[dict[str, Any], str]]:
    """Rules with the key of their condition."""
    words = {word: key for key, word in locales.load(lang).group("choices.condition").items()}
    for row in seeds(kind, lang)["scoring"]:
        yield row, words[row["condition"]]


def number(text: str) -> float:
    return float(text.replace(" ", "").replace(",", "."))


@every_crm
def test_every_sort_of_junk_has_one_rule_that_can_be_silenced(kind: str, lang: str) -> None:
    words = locales.load(lang)
    rows = [row for row, condition in _rules(kind, lang) if condition == "looks_like"]
    assert sorted(row["value"] for row in rows) == sorted(words.group("choices.junk").values())
    for row in rows:
        assert row["group"] == words("choices.rule_group.junk")
        assert row["points"] < 0 and row["on"] is True


@every_crm
def test_one_sort_of_junk_alone_is_spam_only_when_nobody_could_mean_it(
    kind: str, lang: str
) -> None:
    """A nickname or a slip in a phone number leaves a lead to be called."""
    words, rows = locales.load(lang), seeds(kind, lang)
    (border,) = [row["value"] for row in rows["settings"] if row["key"] == "spam_below"]
    points = {row["value"]: row["points"] for row, _ in _rules(kind, lang)}
    for sort in ("nickname", "digits", "impossible", "no_company"):
        assert points[words(f"choices.junk.{sort}")] >= border, sort
    for sort in ("test", "keyboard_walk", "gibberish", "patterned", "random_mailbox"):
        assert points[words(f"choices.junk.{sort}")] < border, sort


@every_crm
def test_price_shoppers_and_competitors_have_groups_of_their_own(kind: str, lang: str) -> None:
    words, of = locales.load(lang), seeds(kind, lang)["scoring"]
    shopper = [r for r in of if r["group"] == words("choices.rule_group.price_shopper")]
    assert {row["field"] for row in shopper} == {
        words("columns.leads.request"),
        words("columns.leads.comment"),
    }
    assert all(row["on"] and row["points"] == -15 for row in shopper)
    (rival,) = [r for r in of if r["group"] == words("choices.rule_group.competitor")]
    assert rival["on"] is False and rival["field"] == words("columns.leads.company")


@every_crm
def test_rules_are_numbered_through(kind: str, lang: str) -> None:
    ids = [row["id"] for row in seeds(kind, lang)["scoring"]]
    assert ids == [f"R-{n:03d}" for n in range(1, len(ids) + 1)]


@every_crm
def test_rules_say_with_which_layout_they_came(kind: str, lang: str) -> None:
    """How many rules of the first layout a kind still has is settled: one more must say since when
    it is there, or older CRMs never hear of it."""
    words = locales.load(lang)
    first = {"general": 7, "travel": 15, "b2b": 15, "shop": 9, "property": 13}
    every = seeds(kind, lang)["scoring"]
    came = kinds.rules_since(kind, words, 1)
    assert len(every) - len(came) == first[kind]
    assert all(any(rule.items() <= row.items() for row in every) for rule in came)
    assert kinds.rules_since(kind, words, int(LAYOUT_VERSION)) == []


def test_rules_about_junk_are_no_kind_of_shop() -> None:
    with pytest.raises(ValueError, match="junk"):
        kinds.seeds("junk", locales.load("en"))


@every_crm
def test_fields_of_rules_are_headers_of_leads_or_arithmetic_over_them(kind: str, lang: str) -> None:
    words, leads = locales.load(lang), layout(kind)["leads"]
    headers = {fold(header(words, leads, column)): column.key for column in leads.columns}
    headers |= {fold(title): key for key, title in words.group("scoring.field").items()}
    for row, _ in _rules(kind, lang):
        assert arithmetic.names_in(arithmetic.parse(row["field"], headers))


@every_crm
def test_rules_about_lists_name_what_stands_in_the_lists(kind: str, lang: str) -> None:
    words, rows = locales.load(lang), seeds(kind, lang)
    source, segment, channel = (
        words(f"columns.leads.{key}") for key in ("source", "segment", "channel")
    )
    allowed = {
        source: {fold(row["source"]) for row in rows["sources"]},
        segment: {fold(word) for word in words.group("choices.segment").values()},
        channel: {fold(word) for word in words.group("choices.channel").values()},
    }
    named = [
        (row["field"], fold(part))
        for row, condition in _rules(kind, lang)
        if row["field"] in allowed and condition in ("equals", "one_of")
        for part in row["value"].split(";")
    ]
    assert named
    assert [pair for pair in named if pair[1] not in allowed[pair[0]]] == []


@every_crm
def test_rules_have_values_exactly_where_their_condition_compares(kind: str, lang: str) -> None:
    numbers = {"between": 2, "at_least": 1, "at_most": 1, "older_than": 1, "within": 1}
    for row, condition in _rules(kind, lang):
        if condition in ("empty", "filled"):
            assert row["value"] is None
        else:
            assert row["value"]
        if condition in numbers:
            parts = row["value"].split(" - ")
            values = [number(part) for part in parts]
            assert len(values) == numbers[condition] and values == sorted(values)


@every_crm
def test_bands_of_one_field_never_count_twice(kind: str, lang: str) -> None:
    by_field: dict[str, list[tuple[float, float]]] = {}
    for row, condition in _rules(kind, lang):
        if condition in ("between", "at_least", "at_most"):
            ends = [number(part) for part in row["value"].split(" - ")]
            low = ends[0] if condition != "at_most" else float("-inf")
            high = ends[-1] if condition != "at_least" else float("inf")
            by_field.setdefault(row["field"], []).append((low, high))
    assert by_field
    for bands in by_field.values():
        assert all(a[1] < b[0] for a, b in pairwise(sorted(bands)))


@every_crm
def test_points_can_reach_every_tier(kind: str, lang: str) -> None:
    rows = seeds(kind, lang)
    setting = {row["key"]: row["value"] for row in rows["settings"]}
    best: dict[str, int] = {}
    worst: dict[str, int] = {}
    for row in rows["scoring"]:
        if row["on"]:
            best[row["field"]] = max(best.get(row["field"], 0), row["points"])
            worst[row["field"]] = min(worst.get(row["field"], 0), row["points"])
    assert sum(best.values()) >= setting["tier_a"] + 10
    assert sum(worst.values()) < setting["spam_below"]
    assert max(best.values()) < setting["tier_a"], "one fact alone must not make a lead A"


@every_kind
def test_both_languages_start_from_the_same_business(kind: str) -> None:
    """Names differ; kinds, limits, points and flags do not."""

    def shape(lang: str) -> dict[str, list[list[Any]]]:
        words = locales.load(lang)
        keys = {
            word: f"{group}.{key}"
            for group in ("kind", "condition", "rule_group", "date_order", "days")
            for key, word in words.group(f"choices.{group}").items()
        }
        skip = {"currency", "country"}
        return {
            tab: [
                [keys.get(cell, "text") if isinstance(cell, str) else cell for cell in row.values()]
                for row in rows
                if row.get("key") not in skip
            ]
            for tab, rows in seeds(kind, lang).items()
            if tab != "sources"
        }

    assert shape("en") == shape("ru")
    assert (
        kinds.names(kind, locales.load("en")).keys() == kinds.names(kind, locales.load("ru")).keys()
    )


@every_crm
def test_settings_have_a_line_each_and_fit_the_country_of_the_language(
    kind: str, lang: str
) -> None:
    rows = seeds(kind, lang)["settings"]
    assert [row["key"] for row in rows] == [setting.key for setting in settings_of_all()]
    value = {row["key"]: row["value"] for row in rows}
    home = {"en": ("USD", "US"), "ru": ("RUB", "RU")}
    assert (value["currency"], value["country"]) == home[lang]
    words = locales.load(lang)
    assert value["days"] == words(f"choices.days.{'working' if kind == 'b2b' else 'calendar'}")


def test_a_preset_sets_only_settings_that_exist() -> None:
    folder = Path(kinds.__file__).parent
    known = {setting.key for setting in settings_of_all()}
    for kind in KINDS:
        preset = tomllib.loads((folder / f"{kind}.toml").read_text(encoding="utf-8"))
        assert set(preset["settings"]) <= known, kind


@every_kind
def test_english_seeds_hold_no_russian_and_russian_texts_are_russian(kind: str) -> None:
    english = json.dumps(seeds(kind, "en"), ensure_ascii=False)
    assert not re.search("[а-яё]", english, re.IGNORECASE)
    for tab, column in (("statuses", "status"), ("steps", "step"), ("reasons", "reason")):
        for row in seeds(kind, "ru")[tab]:
            assert re.search("[а-яё]", row[column], re.IGNORECASE), row


@every_crm
def test_people_of_a_new_crm_are_its_own(kind: str, lang: str) -> None:
    assert seeds(kind, lang)["team"] == []


def test_seeds_are_not_shared_between_calls() -> None:
    seeds("general", "en")["statuses"].clear()
    assert seeds("general", "en")["statuses"]


def test_travel_judges_a_budget_by_person_and_day() -> None:
    """200 000 for six people and 14 days is too little; 300 000 for two and a week is plenty."""
    row, other = (
        row for row in seeds("travel", "ru")["scoring"] if row["field"] == "Бюджет / Человек / Дней"
    )
    plenty, little = float(row["value"].replace(" ", "")), float(other["value"].replace(" ", ""))
    assert other["points"] < 0 and little >= 200_000 / 6 / 14
    assert row["points"] > 0 and plenty <= 300_000 / 2 / 7


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="bakery"):
        kinds.seeds("bakery", locales.load("en"))
