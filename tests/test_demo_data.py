"""The demo's data: one story in two languages, typed as people type, and true to its own truth."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import phonenumbers
import pytest

from sheetsync import cells, crm, locales
from sheetsync.crm import kinds
from sheetsync.crm.base import Book, Results
from sheetsync.crm.book import Locale, Raw, understand
from sheetsync.crm.model import compute
from sheetsync.demo import SEED, DemoData, demo_data, typed
from sheetsync.demo.cast import SOURCES, TEAM
from sheetsync.demo.scenes import Scenes
from sheetsync.demo.story import tell
from sheetsync.demo.texts import texts
from sheetsync.layout import header

TODAY = date(2026, 11, 21)

in_both = pytest.mark.parametrize("lang", locales.LANGUAGES)


@cache
def demo(lang: str, leads: int = 250, today: date = TODAY) -> DemoData:
    return demo_data(locales.load(lang), leads=leads, today=today)


def rows(lang: str, leads: int = 250) -> list[dict[str, Any]]:
    return demo(lang, leads).tabs["leads"]


@cache
def book(lang: str, today: date = TODAY) -> Book:
    """The demo as a refresh understands it; rows without an id, and copies, are called by row."""
    words, data = locales.load(lang), demo(lang, today=today)
    seeds = {**kinds.seeds("travel", words), **data.tabs}
    layout = crm.layout("travel", [(row["id"], row["step"]) for row in seeds["steps"]])
    raw = {}
    for tab in layout.tabs:
        frame = pd.DataFrame(
            [{c.key: row.get(c.key) for c in tab.columns} for row in seeds.get(tab.key, [])],
            columns=[c.key for c in tab.columns],
            dtype=object,
        )
        frame = frame.where(frame.notna(), None).set_axis(frame.index + 2).dropna(how="all")
        keys = frame[tab.row_key] if tab.row_key else pd.Series(None, frame.index, dtype=object)
        if tab.key == "leads":
            by_row = pd.Series([f"row {row}" for row in frame.index], frame.index, dtype=object)
            keys = by_row.where(keys.isna() | keys.duplicated(), keys)
        raw[tab.key] = Raw(frame, keys)
    headers = {c.key: header(words, layout["leads"], c) for c in layout["leads"].columns}
    return understand(
        raw,
        headers=headers,
        locale=Locale(words),
        today=today,
        now=datetime.combine(today, time(12)),
    )


@cache
def results(lang: str) -> Results:
    return compute(book(lang))


@in_both
def test_the_same_day_and_seed_give_the_same_rows(lang: str) -> None:
    again = demo_data(locales.load(lang), leads=250, today=TODAY)
    assert again.tabs == demo(lang).tabs
    pd.testing.assert_frame_equal(again.truth, demo(lang).truth)
    other = demo_data(locales.load(lang), leads=250, today=TODAY, seed=1)
    assert other.tabs["leads"] != again.tabs["leads"]


def test_both_languages_tell_one_story() -> None:
    """The same rows with the same cells filled, the same dates and outcomes, the same slips."""
    english, russian = demo("en"), demo("ru")
    pd.testing.assert_frame_equal(
        english.truth.drop(columns="manager"), russian.truth.drop(columns="manager")
    )
    for tab in ("leads", "history", "checklist", "team"):
        assert [row.keys() for row in english.tabs[tab]] == [
            row.keys() for row in russian.tabs[tab]
        ]
    same = ("id", "people", "days")
    assert [[r.get(c) for c in same] for r in rows("en")] == [
        [r.get(c) for c in same] for r in rows("ru")
    ]
    moves = [[(row["at"], row["id"]) for row in d.tabs["history"]] for d in (english, russian)]
    assert moves[0] == moves[1]
    assert english.tabs["checklist"] == russian.tabs["checklist"]


def test_both_languages_have_as_many_texts_of_every_sort() -> None:
    # How phones and alphabets look is a language's own affair.
    own = {"areas", "latin"}

    def shape(tree: Any) -> Any:
        if isinstance(tree, dict):
            return {key: shape(branch) for key, branch in tree.items() if key not in own}
        return len(tree) if isinstance(tree, list) else type(tree)

    assert shape(texts("en")) == shape(texts("ru"))


def test_texts_of_both_languages_have_the_same_places_to_fill() -> None:
    english, russian = (texts(lang)["trip"] for lang in ("en", "ru"))
    places = re.compile(r"\{\w+\}")
    for key in ("requests", "new_year", "last_minute"):
        assert [sorted(places.findall(t)) for t in np.atleast_1d(english[key])] == [
            sorted(places.findall(t)) for t in np.atleast_1d(russian[key])
        ]


@in_both
@pytest.mark.parametrize("leads", [1, 2, 3, 10, 40, 3000])
def test_it_works_for_few_and_for_many(lang: str, leads: int) -> None:
    data = demo(lang, leads)
    found, truth = data.tabs["leads"], data.truth
    assert len(truth) - truth["copy"].sum() == leads
    assert len(truth) == sum(bool(row) for row in found)
    kept = truth[truth["id"].notna()]
    assert (
        kept["id"].duplicated().sum()
        == kept["copy"].sum()
        == (kept["id"].nunique() > 0) * (1 + leads // 1000)
    )


@in_both
def test_every_cell_belongs_to_a_column_of_its_tab_and_none_is_empty(lang: str) -> None:
    data = demo(lang)
    steps = [(row["id"], row["step"]) for row in kinds.seeds("travel", locales.load(lang))["steps"]]
    layout = crm.layout("travel", steps)
    for tab, found in data.tabs.items():
        for row in found:
            assert all(column in layout[tab] for column in row), (tab, row)
            assert all(cell is not None and cell == cell for cell in row.values()), (tab, row)


def texts_of(lang: str, column: str) -> list[str]:
    return [row[column] for row in rows(lang) if isinstance(row.get(column), str)]


SLIPS: dict[str, tuple[str, str, str]] = {
    # what, column, and a pattern in English and in Russian
    "day and month": ("next_action|created", r"^\d\d/\d\d$", r"^\d\d\.\d\d$"),
    "slashes": ("created", r"^\d+/\d+/26$", r"^\d+/\d+/26$"),
    "month in letters": ("created", r"^[A-Z][a-z]{2} \d+$", r"^\d+ [а-я]+$"),
    "tomorrow": ("next_action", "^tomorrow$", "^завтра$"),
    "a remark for a date": ("next_action", "holidays|herself|salary", "отпуска|сама|зарплата"),
    "thousands in letters": ("budget", r"^\$?\d+(,\d)?k$", r"^\d+(,\d)?( т\.р\.|к)$"),
    "spaces in money": ("budget", r"^\d+ \d{3}$", r"^\d+ \d{3}$"),
    "other currency": ("budget", "€", r"\$|€"),
    "no amount at all": ("budget", "know|friends", "знает|друзей"),
    "brackets in a phone": ("phone", r"^\(\d{3}\)", r"^8 \(\d{3}\)"),
    "trunk or country": ("phone", r"^1-", r"^8\d{10}$"),
    "two phones": ("phone", r"\d{4}( / |, | and )", r"\d{2}( / |, | и )"),
    "too short a phone": ("phone", r"^(\d{3}-)?\d{3}-?\d{0,4}$", r"^\d{3}-\d\d-\d\d$|^\d{9}$"),
    "a comma in an address": ("email", r"example,", r"example,"),
    "capitals in an address": ("email", r"@EXAMPLE", r"@EXAMPLE"),
    "a status in small letters": ("status", r"^[a-z ]+$", r"^[а-яё ]+$"),
    "spaces around a status": ("status", r"^ .+  $", r"^ .+  $"),
    "a source by another name": ("source", "^(Friends|Google Ads)$", "^(Реком|Директ)$"),
    "emoji": ("comment|name", "[\U0001f300-\U0001faff]", "[\U0001f300-\U0001faff]"),
    "text like a formula": ("comment", r"^[=+@-]", r"^[=+@-]"),
}  # fmt: skip


@in_both
@pytest.mark.parametrize("slip", SLIPS)
def test_people_type_in_many_ways(slip: str, lang: str) -> None:
    columns, *patterns = SLIPS[slip]
    pattern = re.compile(patterns[lang == "ru"])
    cells_of = [text for column in columns.split("|") for text in texts_of(lang, column)]
    share = sum(bool(pattern.search(text)) for text in cells_of) / len(rows(lang))
    assert 0 < share < (0.6 if slip == "brackets in a phone" else 0.2)


@in_both
def test_most_cells_are_typed_as_they_should_be(lang: str) -> None:
    found = [row for row in rows(lang) if row]
    dates = [row["created"] for row in found]
    assert 0.8 < np.mean([isinstance(day, datetime) for day in dates]) < 0.95
    budgets = [row["budget"] for row in found if "budget" in row]
    assert 0.55 < np.mean([isinstance(amount, int) for amount in budgets]) < 0.8
    assert sum(isinstance(row.get("phone"), int) for row in found) > 2
    named = set(kinds.names("travel", locales.load(lang))["statuses"].values())
    assert 0.8 < np.mean([row["status"] in named for row in found]) < 0.95


@in_both
def test_rows_are_copied_left_blank_and_typed_without_an_id(lang: str) -> None:
    found, truth = rows(lang), demo(lang).truth
    blank = [place for place, row in enumerate(found) if not row]
    assert len(blank) >= 2 and 20 < min(blank) <= max(blank) < 230
    copy = truth.index[truth["copy"]]
    assert len(copy) == 1
    first = next(place for place, row in enumerate(found) if row == found[copy[0]])
    assert first < copy[0] and found[first]["id"] == found[copy[0]]["id"]
    typed_today = truth[truth["id"].isna()]
    assert len(typed_today) == 3
    assert (typed_today["created"] == pd.Timestamp(TODAY)).all()
    assert (typed_today["status"] == "new").all()


@in_both
@pytest.mark.parametrize("today", [TODAY, date(2026, 2, 28), date(2027, 8, 31)])
def test_exactly_the_cells_that_the_truth_names_cannot_be_understood(
    lang: str, today: date
) -> None:
    understood, truth = book(lang, today), demo(lang, today=today).truth
    wrong = understood.unreadable
    named = [
        "".join(f"|{column}|" for column in sorted(wrong.columns) if row[column])
        for row in wrong.to_dict("records")
    ]
    expected = ["".join(sorted(re.findall(r"\|\w+\|", text))) for text in truth["misread"]]
    assert named == expected
    assert {problem.tab for problem in understood.problems} == {"leads"}


@in_both
@pytest.mark.parametrize("today", [TODAY, date(2026, 2, 28), date(2027, 8, 31)])
def test_what_can_be_understood_is_what_was_meant(lang: str, today: date) -> None:
    leads, truth = book(lang, today).leads, demo(lang, today=today).truth
    names = kinds.names("travel", locales.load(lang))
    for column, meant in (
        ("created", truth["created"]),
        ("source", truth["source"].map(names["sources"])),
        ("status", truth["status"].map(names["statuses"])),
        ("kind", truth["kind"]),
    ):
        got = leads[column].to_numpy()
        clear = leads[column].notna().to_numpy()
        assert (got[clear] == meant.to_numpy()[clear]).all(), column
        cell = "status" if column == "kind" else column
        misread = truth["misread"].str.contains(f"|{cell}|", regex=False)
        assert (clear == ~misread.to_numpy()).all(), column
    managers = leads["manager"].to_numpy()
    given = pd.notna(managers)
    assert (managers[given] == truth["manager"].to_numpy()[given]).all()
    assert 0.85 < given.mean() < 1


@in_both
def test_conversions_of_sources_are_those_of_the_truth(lang: str) -> None:
    truth = demo(lang).truth
    seen = truth[~truth["misread"].str.contains("|source|", regex=False)]
    readable = ~seen["misread"].str.contains("|status|", regex=False)
    seen = seen[~(seen["kind"].isin(["partner", "not_a_lead"]) & readable)]
    sold = seen["status"].eq("won") & readable
    names = kinds.names("travel", locales.load(lang))["sources"]
    expected = sold.groupby(seen["source"].map(names)).agg(["size", "sum"])
    figures = results(lang).figures["sources"].dropna(subset=["source"]).set_index("source")
    got = figures.loc[expected.index, ["leads", "won"]]
    assert got.to_numpy().tolist() == expected.to_numpy().tolist()


@in_both
def test_the_history_leads_to_where_the_leads_stand(lang: str) -> None:
    """Each lead's log is unbroken, in time, and ends in its status unless the last move is new."""
    data, names = demo(lang), kinds.names("travel", locales.load(lang))["statuses"]
    log = book(lang).history
    assert log["at"].notna().all()
    assert log["at"].max() < pd.Timestamp(TODAY)
    assert log["id"].is_unique
    by_lead = log.groupby("lead", sort=False)
    assert (by_lead["at"].diff().dropna() >= pd.Timedelta(0)).all()
    before = by_lead["to_status"].shift(1)
    first = before.isna()
    assert (log["from_status"][~first] == before[~first]).all()
    assert (log["to_status"][first] == names["new"]).all()
    assert log["from_status"][first].isna().all() or (log["from_status"][first] == "").all()
    truth = data.truth.drop_duplicates("id").set_index("id")
    last = by_lead["to_status"].last()
    behind = last != truth["status"].map(names).reindex(last.index)
    recent = pd.Timestamp(TODAY) - pd.Timedelta(days=14)
    assert behind.sum() <= 6
    assert (by_lead["at"].max()[behind] > recent - pd.Timedelta(days=90)).all()
    created = truth["created"].reindex(last.index)
    assert (by_lead["at"].min().dt.normalize() == created).all()


@in_both
def test_old_lines_of_the_history_use_the_former_name_of_a_status(lang: str) -> None:
    name = kinds.names("travel", locales.load(lang))["statuses"]["options"]
    lines = [r for r in demo(lang).tabs["history"] if cells.fold(r["to"]) == cells.fold(name)]
    assert lines
    raw = {row["to"] for row in demo(lang).tabs["history"]}
    known = set(kinds.names("travel", locales.load(lang))["statuses"].values())
    assert len(raw - known) == 1
    assert set(book(lang).history["to_status"]) <= known


@in_both
def test_ticks_are_of_steps_that_exist_on_leads_that_exist(lang: str) -> None:
    data = demo(lang)
    ids = set(data.truth["id"].dropna())
    steps = {row["id"] for row in kinds.seeds("travel", locales.load(lang))["steps"]}
    lines = data.tabs["checklist"]
    assert {line["lead"] for line in lines} <= ids
    ticks = [key for line in lines for key in line if key != "lead"]
    assert set(ticks) == steps
    assert 1 < len(ticks) / len(lines) < 6


@in_both
def test_phones_are_valid_and_of_ranges_kept_for_fiction_where_there_are_any(lang: str) -> None:
    text, words = texts(lang)["phones"], locales.load(lang)
    country = {"en": "US", "ru": "RU"}[words.lang]
    for area in text["areas"]:
        for line in (0, text["lines"] - 1):
            national = f"{area}{text['first_line'] + line:07d}"
            number = phonenumbers.parse(national, country)
            assert phonenumbers.is_valid_number(number), national
            assert phonenumbers.region_code_for_number(number) == country
            assert national[3:8] == "55501" if lang == "en" else national[3:6] == "000"
    understood = book(lang).leads["phone"].dropna()
    assert len(understood) > 200


@in_both
def test_addresses_are_at_domains_kept_for_examples(lang: str) -> None:
    found = book(lang).leads["email"].dropna()
    assert len(found) > 80
    assert found.str.fullmatch(r"[a-z0-9.]+@example\.(com|org|net)").all()


@in_both
def test_the_agency_is_worth_looking_at(lang: str) -> None:
    """What an owner should find in the demo is there to be found."""
    leads = book(lang).leads
    opened = leads["kind"].eq("open").fillna(False)
    columns = results(lang).columns["leads"]
    tier = columns["tier"].value_counts(normalize=True)
    assert 0.05 <= tier["A"] <= 0.15
    assert tier["B"] > 0.15 and tier["C"] > 0.3
    assert 8 <= columns["overdue"].fillna(0).gt(0).sum() <= 20
    assert 0.15 <= leads["kind"].eq("won").mean() <= 0.21
    assert 30 <= opened.sum() <= 60
    action = leads["next_action"][opened]
    now = pd.Timestamp(TODAY)
    for part in (action < now, action == now, action > now, action.isna()):
        assert part.sum() > 1
    sources = results(lang).figures["sources"]
    assert set(sources["verdict"]) >= {"above", "like", "below", "few"}
    flags = set(results(lang).flags["code"])
    assert flags >= {
        "overdue",
        "due_today",
        "stuck",
        "no_action",
        "no_manager",
        "pipeline.skipped",
        "checklist.closed_without",
        "losses.proposed",
    }
    lost = leads[leads["kind"].eq("lost").fillna(False)]
    assert lost["loss_reason"].nunique() == 8
    proposed = results(lang).figures["proposed"]
    assert 2 <= len(proposed) <= 5 < len(lost) / 10
    assert proposed["too_long"].sum() == 1, "one was forgotten"
    assert set(results(lang).figures["senior_list"]["cause"]) == {"check_loss", "escalated"}


@in_both
def test_who_asked_twice_who_came_back_and_who_is_no_client_is_there_to_be_found(lang: str) -> None:
    leads, flags = book(lang).leads, results(lang).flags
    mark = results(lang).columns["leads"]["mark"]
    parts = tell(250, TODAY, SEED).scenes
    by_place = {place: f"L-{place + 1:05d}" for place in range(250)}

    def flagged(code: str, place: int) -> str:
        mine = flags[flags["code"].eq(code) & flags["lead"].eq(by_place[place])]
        assert len(mine) == 1, (code, place)
        return str(mine["text"].iloc[0])

    assert len(parts.twins) == 2 and len(parts.misspelt) == len(parts.comebacks) == 1
    for code, pairs in (
        ("duplicates.sure", parts.twins),
        ("duplicates.likely", parts.misspelt),
    ):
        for first, second in pairs:
            assert by_place[second] in flagged(code, first)
            assert by_place[first] in flagged(code, second)
    typed_phones = {row["id"]: row.get("phone") for row in rows(lang) if "id" in row}
    for first, second in parts.twins:
        one, other = by_place[first], by_place[second]
        assert typed_phones[one] != typed_phones[other]
        assert leads.loc[one, "phone"] == leads.loc[other, "phone"]
    for first, second in parts.comebacks:
        assert leads.loc[by_place[first], "kind"] == "lost"
        assert leads.loc[by_place[second], "kind"] == "open"
        assert by_place[first] in flagged("duplicates.attempt", second)
    words = locales.load(lang)
    (rival,) = parts.rivals
    assert mark[by_place[rival]] == words("choices.rule_group.competitor")
    assert (mark == words("choices.rule_group.competitor")).sum() == 1
    assert (
        mark[leads["kind"].eq("open").fillna(False)].isin([words("choices.rule_group.junk")]).sum()
        == 1
    )


@pytest.mark.parametrize(("count", "seed"), [(99, 0), (100, 1), (250, 2), (3000, 3)])
def test_nobody_has_two_parts_and_a_short_demo_has_none(count: int, seed: int) -> None:
    story = tell(count, TODAY, seed)
    parts = story.scenes
    if count < 100:
        assert parts == Scenes() and not parts.players()
        return
    pairs = (*parts.twins, *parts.misspelt, *parts.comebacks)
    given = [lead for pair in pairs for lead in pair] + [*parts.rivals, *parts.walks]
    assert len(set(given)) == len(given) >= 8
    assert all(first < second for first, second in pairs)
    assert (story.leads["who"] <= np.arange(count)).all()


@pytest.mark.parametrize("seed", range(3))
def test_sources_and_managers_differ_as_they_are_meant_to(seed: int) -> None:
    """Over many leads the shares come out at what the story intends."""
    leads = tell(20_000, TODAY, seed).leads
    leads = leads[leads["created"] < pd.Timestamp(TODAY) - pd.Timedelta(days=90)]
    won = leads["status"].eq("won")
    by_source = won.groupby(leads["source"]).mean()
    best = max(SOURCES, key=lambda key: SOURCES[key].buys)
    worst = min(SOURCES, key=lambda key: SOURCES[key].buys)
    assert by_source.idxmax() == best == "recommendation"
    assert by_source.idxmin() == worst == "portal"
    assert by_source[best] > 5 * by_source[worst]
    share = leads["source"].value_counts(normalize=True)
    assert all(abs(share[key] - source.share) < 0.02 for key, source in SOURCES.items())
    by_manager = won.groupby(leads["manager"]).mean()
    assert by_manager.sort_values().index.tolist()[0] == 2 == np.argmin([m.sells for m in TEAM])
    assert 0.18 < won.mean() < 0.24


def test_leads_come_in_seasons_over_eight_months() -> None:
    created = tell(30_000, TODAY, 1).leads["created"]
    assert created.is_monotonic_increasing
    assert created.min() == pd.Timestamp(2026, 3, 22) and created.max() == pd.Timestamp(TODAY)
    month = created.dt.month.value_counts()
    assert month[5] > 1.4 * month[8]
    day = created.dt.day_of_week.value_counts()
    assert day[6] < 0.5 * day[0]


def test_slips_are_handed_out_once_each_and_every_one_occurs() -> None:
    rng = np.random.default_rng(0)
    eligible = np.arange(100) % 2 == 0
    given = typed.scatter(rng, eligible, {"rare": 0.001, "common": 0.3})
    assert [len(given["rare"]), len(given["common"])] == [1, 15]
    places = np.concatenate(list(given.values()))
    assert len(set(places)) == 16 and eligible[places].all()
    nobody = typed.scatter(rng, np.zeros(5, dtype=bool), {"rare": 0.5})
    assert len(nobody["rare"]) == 0


@pytest.mark.parametrize(
    "spoil",
    [
        lambda rng, clean, text: typed.money(rng, clean, text),
        lambda rng, clean, text: typed.phones(rng, clean, text),
        lambda rng, clean, _: typed.emails(rng, clean),
        lambda rng, clean, _: typed.names(rng, clean, {}, typos=0.1),
    ],
)
def test_what_was_not_typed_stays_empty_and_the_clean_values_stay_clean(
    spoil: Callable[..., tuple[np.ndarray, np.ndarray]],
) -> None:
    clean = np.full(30, None, dtype=object)
    cells_, misread = spoil(np.random.default_rng(0), clean, texts("ru"))
    assert all(cell is None for cell in cells_) and not misread.any()
