"""Conversions with and without junk and duplicates, by hand and against SQL."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sheetsync.crm import layout, quality
from sheetsync.crm.base import Book, Results
from sheetsync.crm.quality import VIEWS, persons
from sheetsync.locales import LANGUAGES, load
from tests.crm.books import NO_RESULTS, make_book
from tests.crm.shops import random_shop, sql, tables


def results(junk: Any = (), first: Any = (), **figures: pd.DataFrame) -> Results:
    marks = pd.DataFrame({"lead": list(junk), "mark": "junk"}).astype(object)
    unique = pd.DataFrame(list(first), columns=["lead", "first_of_group"]).astype(object)
    return replace(NO_RESULTS, figures={"marks": marks, "unique": unique, **figures})


def views(book: Book, so_far: Results) -> dict[str, tuple[int, int]]:
    table = quality.compute(book, so_far).figures["quality"]
    return {line.view: (line.won, line.leads) for line in table.itertuples()}


LEADS = [
    {"status": "Won", "source": "Website"},
    {"status": "Lost", "source": "Instagram"},  # the first lead's second row
    {"status": "Lost", "source": "Website"},
    {"status": "Won", "source": "Website"},  # the third's: bought in the end
    {"status": "Lost", "source": "Website"},  # junk
    {"status": "Spam"},  # junk
    {"status": "Partner", "source": "Website"},
]
FIRST = [("L-00002", "L-00001"), ("L-00004", "L-00003")]
JUNK = ["L-00005", "L-00006"]


def test_a_person_counts_once_and_junk_not_at_all() -> None:
    assert views(make_book(leads=LEADS), results(JUNK, FIRST)) == {
        "all": (2, 6),
        "no_junk": (2, 4),
        "no_duplicates": (2, 4),
        "clean": (2, 2),
    }


def test_sources_show_their_junk_and_their_clean_conversion() -> None:
    part = quality.compute(make_book(leads=LEADS), results(JUNK, FIRST))
    shown = part.columns["sources"]
    # Recommendation brought nobody; Instagram only the second row of somebody from the website.
    assert shown["junk"].tolist() == [0, 0, 1]
    assert shown["clean"].fillna(-1).tolist() == [-1, -1, 1]
    figures = part.figures["source_quality"]
    assert figures["source"].isna().tolist() == [False, False, False, True]
    assert figures["leads"].tolist() == [0, 1, 4, 1]
    assert figures["junk"].tolist() == [0, 0, 1, 1]
    assert figures["clean_leads"].tolist() == [0, 0, 2, 0]
    assert figures["clean_won"].tolist() == [0, 0, 2, 0]
    assert figures["low"].iloc[2] == pytest.approx(2 / (2 + 1.959963984540054**2))


def test_the_first_row_may_be_a_partner_or_from_before_the_working_period() -> None:
    """Then the uppermost row that counts speaks for the person."""
    leads = [
        {"status": "Partner", "source": "Website"},
        {"status": "Lost", "source": "Instagram"},
        {"status": "Won", "source": "Website"},
    ]
    first = [("L-00002", "L-00001"), ("L-00003", "L-00001")]
    part = quality.compute(make_book(leads=leads), results((), first))
    assert part.figures["source_quality"]["clean_won"].tolist() == [0, 1, 0, 0]
    assert part.figures["quality"]["leads"].tolist() == [2, 2, 1, 1]


def test_the_first_row_speaks_for_a_person_wherever_it_stands() -> None:
    leads = make_book(leads=LEADS).leads.iloc[:2]
    assert persons(leads, {"L-00001": "L-00002"}).index.tolist() == ["L-00002"]
    assert persons(leads, {"L-00001": "L-00002"})["kind"].tolist() == ["won"]
    assert persons(leads, {}).index.tolist() == ["L-00001", "L-00002"]


def test_a_shop_without_leads_or_marks() -> None:
    for so_far in (NO_RESULTS, results()):
        part = quality.compute(make_book(), so_far)
        assert part.figures["quality"][["conversion", "low", "high"]].isna().all(axis=None)
        assert part.figures["quality"]["leads"].tolist() == [0] * 4
    assert views(make_book(leads=LEADS), NO_RESULTS) == dict.fromkeys(VIEWS, (2, 6))


def test_the_dashboard_gets_every_conversion_with_its_counts_and_what_was_found() -> None:
    book = make_book(leads=LEADS, settings={"few": 4})
    marks = pd.DataFrame({"lead": JUNK, "mark": ["junk", "price_shopper"]})
    pairs = pd.DataFrame(
        [
            ("L-00002", "L-00001", "sure"),
            ("L-00004", "L-00003", "sure"),
            ("L-00004", "L-00001", "likely"),
            ("L-00005", "L-00001", "likely"),
            ("L-00005", "L-00003", "likely"),
        ],
        columns=["lead", "other", "certainty"],
    )
    again = pd.DataFrame({"lead": ["L-00007", "L-00007"]})
    so_far = results((), FIRST, marks=marks, duplicates=pairs, attempts=again)
    lines = quality.compute(book, so_far).lines["quality"]
    assert [(line.item, line.count, line.of) for line in lines] == [
        ("Won, of all leads", 2, 6),
        ("Won, without junk", 2, 5),
        ("Won, each person once", 2, 4),
        ("Won, without junk and each person once", 2, 3),
        ("Junk", 1, 7),
        ("Competitors", 0, 7),
        ("Price-shoppers", 1, 7),
        ("Surely typed twice", 2, 7),
        ("Probably typed twice", 1, 7),
        ("Came back for another try", 1, 7),
    ]
    assert [line.conversion for line in lines] == [True] * 4 + [False] * 6
    assert [bool(line.note) for line in lines[:4]] == [False, False, False, True]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_random_shops_agree_with_sql(seed: int) -> None:
    book = random_shop(seed, 700, 0, settings={"work_from": pd.Timestamp("2026-04-01")})
    rng = np.random.default_rng(seed)
    ids = book.leads.index.to_numpy(dtype=object)
    junk = rng.choice(ids, 90, replace=False)
    # Whose row is the first of a group is the first of the group itself.
    firsts = rng.choice(ids, 60, replace=False)
    others = rng.permutation(np.setdiff1d(ids, firsts))[:150]
    first = [(lead, rng.choice(firsts)) for lead in others] + [(lead, lead) for lead in firsts]
    found = quality.compute(book, results(junk, first)).figures
    expected = sql(
        """
        with counted as (
            select l.id, l.kind, l.source, coalesce(t.first_of_group, l.id) as person,
                j.id is not null as junk
            from leads l left join twins t on t.lead = l.id left join junk j on j.id = l.id
            where l.kind is distinct from 'partner' and l.kind is distinct from 'not_a_lead'
                and l.created >= date '2026-04-01'),
        clean as (
            select person, bool_or(coalesce(kind = 'won', false)) as won,
                -- Ids go up from row to row.
                arg_min(struct_pack(s := source), case when id = person then '' else id end).s
                    as source
            from counted where not junk group by person)
        select (select count(*) from counted) as a, (select count(*) from counted where not junk) b,
            (select count(distinct person) from counted) as c, (select count(*) from clean) as d,
            (select count(*) from clean where won) as won,
            (select count(*) from clean where source = 'Website') as site,
            (select count(*) from clean where source = 'Website' and won) as site_won
        """,
        leads=tables(book)["leads"],
        twins=pd.DataFrame(first, columns=["lead", "first_of_group"]),
        junk=pd.DataFrame({"id": junk}),
    ).iloc[0]
    assert found["quality"]["leads"].tolist() == expected[["a", "b", "c", "d"]].tolist()
    assert found["quality"]["won"].iloc[3] == expected["won"]
    website = found["source_quality"].set_index("source").loc["Website"]
    assert (website["clean_leads"], website["clean_won"]) == (
        expected["site"],
        expected["site_won"],
    )
    assert website["clean"] == pytest.approx(expected["site_won"] / expected["site"])


def test_what_could_not_be_understood_stays_at_the_end_of_a_row() -> None:
    for tab in layout("travel").tabs:
        if "check" in tab:
            assert tab.columns[-1].key == "check", tab.key


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_line_has_its_texts(lang: str) -> None:
    words = load(lang)
    assert set(words.group("quality.view")) == set(VIEWS)
    assert set(words.group("quality.item")) == set(words.group("quality.note"))
