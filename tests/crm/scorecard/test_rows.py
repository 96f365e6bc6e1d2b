"""Rules as rows of the tab: what is typed there means the same leads again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sheetsync.cells import parse_numbers
from sheetsync.crm.base import Book
from sheetsync.crm.scorecard import missing
from sheetsync.crm.scorecard import rows as tab
from sheetsync.crm.scorecard.binning import Stump
from sheetsync.crm.scorecard.columns import Column, columns_of
from sheetsync.crm.scoring import capability as scoring
from sheetsync.crm.scoring.fields import Fields
from tests.crm.books import make_book, with_rules
from tests.crm.scorecard.shop import proposal, results, shop, usual


def book_of(own: Mapping[str, Sequence[Any]], lang: str = "en", **leads: Sequence[Any]) -> Book:
    n = len(next(iter((own | leads).values())))
    rows = pd.DataFrame({"status": [None] * n, **leads})
    return make_book(leads=rows, own=own, lang=lang)


def columns(book: Book) -> dict[str, Column]:
    return {column.key: column for column in columns_of(book, Fields(book, {}))}


def read_back(stump: Stump, book: Book) -> np.ndarray | None:
    """Which leads the rule meets once it stands in the tab."""
    fields = Fields(book, {})
    (rule,) = tab.as_rules([tab.row(stump, 5, book.words)], book, fields)
    return None if rule is None else tab.judged(rule, book, fields).matched


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("value", [0.25, 1.25, 1.250001, 12.345, 999.125, -3.5, 0.1, 1e-7, 2.5e8])
def test_a_number_reads_as_itself_again(value: float, lang: str) -> None:
    text = tab.number_text(value, lang)
    assert parse_numbers(pd.Series([text], dtype=object)).values.iloc[0] == value
    assert ("," in text) == (lang == "ru" and value % 1 != 0)


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize(
    ("condition", "values"),
    [
        ("at_least", (1.25,)),
        ("at_most", (-2.5,)),
        ("between", (-7.5, -2.5)),
        ("between", (-2.5, 1.25)),
        ("between", (0.0, 1.125)),
        ("equals", (0.0,)),
        ("empty", ()),
        ("filled", ()),
    ],
)
def test_numbers_of_ones_own_columns_come_back(
    condition: str, values: tuple[float, ...], lang: str
) -> None:
    book = book_of({"Глубина / depth": [-7.5, -2.5, 0, 1.125, 1.25, 3.75, None]}, lang)
    stump = Stump(columns(book)["own:Глубина / depth"], condition, values)
    assert read_back(stump, book).tolist() == stump.matches().tolist()
    assert 0 < stump.matches().sum() < 7


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_texts_ticks_and_lists_come_back(lang: str) -> None:
    book = book_of(
        {
            "City": ["Ufa, north", "Omsk", "ufa, North", None, "Tver", "Omsk"],
            "VIP": [True, False, True, False, False, True],
            "Floor": [1, 2, 3, 1, 2, 5],
        },
        lang,
    )
    known = columns(book)
    for key, values in (
        ("own:City", ("Ufa, north",)),
        ("own:City", ("Tver", "Ufa, north")),
        ("own:VIP", ("TRUE",)),
        ("own:VIP", ("FALSE",)),
        ("own:Floor", (1.0, 5.0)),
    ):
        condition = "equals" if len(values) == 1 else "one_of"
        stump = Stump(known[key], condition, values)
        assert read_back(stump, book).tolist() == stump.matches().tolist(), (key, values)
        assert stump.matches().any()


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_columns_of_the_crm_come_back_in_its_language(lang: str) -> None:
    source = {"en": "Website", "ru": "Сайт"}[lang]
    book = book_of(
        {},
        lang,
        source=[source, None, source],
        channel=["inbound", "outbound", None],
        budget=[1000.0, 250_000.0, None],
        people=[2.0, 0.0, 4.0],
        phone=["+79161234567", None, None],
    )
    known = columns(book)
    word = {"en": "inbound", "ru": "тёплый"}[lang]
    for stump in (
        Stump(known["source"], "equals", (source,)),
        Stump(known["channel"], "equals", (word,)),
        Stump(known["budget"], "between", (500.0, 1500.5)),
        Stump(known["budget / people"], "at_least", (500.0,)),
        Stump(known["phone"], "filled"),
    ):
        assert read_back(stump, book).tolist() == stump.matches().tolist() == [
            True,
            stump.column.key == "phone" and False,
            stump.column.key == "source",
        ]  # fmt: skip


def test_what_columns_hold() -> None:
    book = book_of(
        {
            "Minutes": [1.5, "2", "3 min", None, 4, 5, 6, 7, 8, 9, 10, 11],
            "Page": [f"Page {n}" for n in range(12)],
            "Call": [datetime(2026, 3, n + 1) for n in range(12)],
            "Serial": [46_000.0 + n for n in range(12)],
            "Done": [True, False] * 6,
            "Long": ["x" * 90] * 12,
        }
    )
    known = columns(book)
    assert known["own:Minutes"].numeric
    assert known["own:Page"].levels == tuple(sorted(f"Page {n}" for n in range(12)))
    # Of dates only matters whether they are there; Google shows them as numbers.
    for key in ("own:Call", "own:Serial"):
        assert not known[key].numeric
        assert known[key].levels == ()
        assert known[key].days is not None
    assert not known["own:Done"].presence
    assert known["own:Long"].levels == ()
    assert known["own:Long"].filled.all()


def test_a_column_that_rules_cannot_name_is_left_out() -> None:
    """Of two columns with one header a rule means the owner's, and none by no header at all."""
    known = columns(book_of({"Source": ["a", "b"], "": ["c", "d"], "Mine": ["e", "f"]}))
    assert "source" not in known
    assert [key for key in known if key.startswith("own:")] == ["own:Source", "own:Mine"]


def test_an_unreadable_cell_is_neither_empty_nor_filled() -> None:
    book = make_book(
        leads=pd.DataFrame({"status": [None] * 3, "budget": [5.0, None, None]}),
        unreadable={"budget": ["L-00003"]},
    )
    budget = columns(book)["budget"]
    assert budget.filled.tolist() == [True, False, False]
    assert budget.empty.tolist() == [False, True, False]


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_once_the_rows_are_on_every_score_is_what_the_rules_add_up_to(lang: str) -> None:
    def own(leads: pd.DataFrame, rng: np.random.Generator) -> dict[str, Any]:
        won = leads["status"].isin(["Won", "Продажа"])
        depth = rng.normal(0, 1, len(leads)) + won
        ticked = rng.random(len(leads)) < np.where(won, 0.6, 0.2)
        return {
            "Depth": np.where(rng.random(len(leads)) < 0.2, None, depth.round(3)),
            "VIP": ticked.tolist(),
        }

    book = shop(n=600, own=own, lang=lang)
    found = proposal(book, max_rules=8)
    assert {rule.column for rule in found.rules} >= {"own:Depth", "own:VIP"}
    typed = with_rules(book, *[dict(rule.cells) for rule in found.rules])
    scores = results(typed).columns["leads"]["score"]
    # By another way than the matching of rules: from the cells themselves.
    wanted = pd.Series(0, index=book.leads.index)
    for rule in found.rules:
        if rule.column == "own:VIP":
            cell = book.fields[rule.column].map({True: "TRUE", False: "FALSE"})
        else:
            cell = book.fields[rule.column]
        values = rule.values
        met = {
            "equals": lambda cell=cell, values=values: cell.isin(values),
            "one_of": lambda cell=cell, values=values: cell.isin(values),
            "at_least": lambda cell=cell, values=values: cell.astype(float) >= values[0],
            "at_most": lambda cell=cell, values=values: cell.astype(float) <= values[0],
            "between": lambda cell=cell, values=values: cell.astype(float).between(*values),
            "empty": lambda cell=cell: cell.isna(),
            "filled": lambda cell=cell: cell.notna(),
        }[rule.condition]()
        assert met.sum() == rule.all_leads
        wanted += rule.points * met
    assert scores.tolist() == wanted.tolist()


def test_a_note_says_what_it_is_about_and_where_it_comes_from() -> None:
    (en,) = [r for r in usual()[1].rules if r.column == "source"][:1]
    assert en.cells["note"] == (
        f"Source: Recommendation (proposed 2026-11-21: {en.won} of {en.leads} won, "
        f"of the others {100 * en.others_won / en.others:.0f}%)"
    )
    (ru,) = [r for r in usual("ru")[1].rules if r.column == "source"][:1]
    assert ru.cells["note"].startswith("Источник: Рекомендация (предложено 21.11.2026: купили ")
    assert ru.cells["condition"] == "равно"
    assert ru.points == en.points


def test_rows_that_are_there_already_are_known_whatever_their_spelling() -> None:
    book, found = usual()
    rows = [dict(rule.cells) for rule in found.rules]
    there = with_rules(book, *rows)
    assert missing(found, there) == ()
    first = rows[0] | {"field": str(rows[0]["field"]).upper(), "note": None, "on": False}
    again = proposal(with_rules(book, first))
    assert (again.rules[0].row, again.rules[0].row_on) == ("R-001", False)
    assert {(rule.row, rule.row_on) for rule in again.rules[1:]} == {(None, None)}
    other_points = with_rules(book, rows[0] | {"points": rows[0]["points"] + 1})
    assert len(missing(found, other_points)) == len(rows)


def test_a_column_whose_rule_would_read_otherwise_in_the_tab_is_given_up() -> None:
    """A level that looks like a number meets other spellings of that number, too."""

    def own(leads: pd.DataFrame, rng: np.random.Generator) -> dict[str, Any]:
        won = leads["status"].eq("Won")
        code = np.where(won & (rng.random(len(leads)) < 0.6), "1,5", "1.50")
        code = np.where(rng.random(len(leads)) < 0.3, rng.choice(["b-1", "b-2"], len(leads)), code)
        return {"Code": code}

    book = shop(n=600, own=own)
    found = proposal(book, max_rules=4)
    fields = Fields(book, {})
    for rule in found.rules:
        (read,) = tab.as_rules([rule.cells], book, fields)
        assert read is not None
        assert tab.judged(read, book, fields).matched.sum() == rule.all_leads
    assert "own:Code" not in {rule.column for rule in found.rules if rule.condition == "equals"}


def test_cells_of_a_row_are_what_the_tab_has_columns_for() -> None:
    keys = {column.key for column in scoring.SCORING.owned("person")}
    for rule in usual()[1].rules:
        assert set(rule.cells) <= keys
        assert isinstance(rule.cells["points"], int)
