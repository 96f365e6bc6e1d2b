"""Precision and recall on labelled cells that the package was not made from.

``labelled.csv`` is made by ``tools/label_names.py``: every real name drawn from a list has a word
that was held out of the model.
"""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from sheetsync import cells
from sheetsync.crm.junk import SORTS, read_junk

ROOT = Path(__file__).parents[3]
FIELDS = ("name", "phone", "email", "company")
SHARE_OF_JUNK = 0.05
"""Of the names in a form: assumed, for precision as a shop would see it."""


@pytest.fixture(scope="module")
def judged() -> pd.DataFrame:
    """field, text, sort, origin, found: the labelled cells, and what they were taken for."""
    lines = pd.read_csv(Path(__file__).with_name("labelled.csv"), dtype=str, keep_default_na=False)
    parts = []
    for field, part in lines.groupby("field", sort=False):
        raw = part["text"].astype(object)
        read = None
        if field == "phone":
            read = cells.parse_phones(raw, country="RU").values
        elif field == "email":
            read = cells.parse_emails(raw).values
        junk = read_junk(str(field), raw, read, "RU")
        found = [next(iter(junk.sorts[place]), "") if place >= 0 else "" for place in junk.places]
        parts.append(part.assign(found=found))
    return pd.concat(parts)


@pytest.fixture(scope="module")
def figures(judged: pd.DataFrame) -> pd.DataFrame:
    """One line per field, counted in SQL."""
    with duckdb.connect() as connection:
        connection.register("labelled", judged.astype(object))
        query = """
        select field,
               count(*) filter (sort = '') as real,
               count(*) filter (sort = '' and found != '') as caught_real,
               count(*) filter (sort != '') as junk,
               count(*) filter (sort != '' and found != '') as caught_junk
        from labelled group by field
        """
        return connection.execute(query).df().set_index("field")


def test_the_labelled_set_is_large_and_of_many_peoples(judged: pd.DataFrame) -> None:
    real = judged[(judged["field"] == "name") & (judged["sort"] == "")]
    assert len(real) >= 1500 and real["origin"].nunique() >= 80
    assert (judged["sort"] != "").sum() >= 300
    assert set(judged["sort"]) == {"", *SORTS}


def test_real_people_are_not_caught(figures: pd.DataFrame) -> None:
    """Of names drawn from lists not one; of those thought up to be hard, three at most."""
    assert figures["caught_real"]["name"] <= 3
    assert figures["caught_real"].drop("name").sum() == 0


def test_drawn_names_and_mailboxes_are_never_caught(judged: pd.DataFrame) -> None:
    drawn = judged[(judged["sort"] == "") & (judged["origin"] != "by hand")]
    assert len(drawn) > 2000
    assert drawn[drawn["found"] != ""]["text"].tolist() == []


@pytest.mark.parametrize(
    ("field", "least"), [("name", 0.9), ("phone", 0.95), ("email", 0.85), ("company", 0.85)]
)
def test_most_junk_is_found(figures: pd.DataFrame, field: str, least: float) -> None:
    line = figures.loc[field]
    assert line["caught_junk"] / line["junk"] >= least


@pytest.mark.parametrize("sort", SORTS)
def test_every_sort_is_found_and_called_by_its_name(judged: pd.DataFrame, sort: str) -> None:
    of_sort = judged[judged["sort"] == sort]
    assert len(of_sort) >= 10
    assert (of_sort["found"] == sort).mean() >= 0.8
    called = judged[(judged["found"] == sort) & (judged["sort"] != "")]
    assert (called["sort"] == sort).mean() >= 0.9


def test_precision_in_a_shop_is_99_percent(judged: pd.DataFrame) -> None:
    """Of names drawn from lists and junk by hand, weighted as if one cell in twenty were junk."""
    names = judged[judged["field"] == "name"]
    real = names[(names["sort"] == "") & (names["origin"] != "by hand")]["found"] != ""
    junk = names[names["sort"] != ""]["found"] != ""
    right, wrong = SHARE_OF_JUNK * junk.mean(), (1 - SHARE_OF_JUNK) * real.mean()
    assert right / (right + wrong) >= 0.99


def test_the_docs_say_what_was_measured(figures: pd.DataFrame) -> None:
    text = (ROOT / "docs" / "junk.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1:-1] for line in text.splitlines() if line.startswith("| ")]
    said = {cell[0].strip(): [c.strip() for c in cell[1:]] for cell in rows}
    for field in FIELDS:
        line = figures.loc[field]
        found = 100 * line["caught_junk"] / line["junk"]
        expected = [
            f"{line['real']:,}",
            str(line["caught_real"]),
            str(line["junk"]),
            f"{found:.0f} %",
        ]
        assert said[field] == expected


def test_the_list_is_plain_csv() -> None:
    with Path(__file__).with_name("labelled.csv").open(encoding="utf-8", newline="") as file:
        assert {len(row) for row in csv.reader(file)} == {4}
