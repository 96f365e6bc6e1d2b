"""The add-on takes for junk what Python takes for junk, sort by sort."""

from __future__ import annotations

import csv
import random
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from disposable_email_domains import blocklist

from sheetsync import cells
from sheetsync.addon import data
from sheetsync.crm.junk import SORTS, read_junk, sorts_for
from sheetsync.crm.junk.letters import ALPHABETS, model
from sheetsync.crm.junk.vocabulary import vocabulary
from tests.addon.messy import Messy, as_json
from tests.addon.v8 import V8

LABELLED = Path(__file__).parents[1] / "crm" / "junk"
FILES = (
    *("Texts", "PhonePlans", "PhoneSyntax", "Numbering", "PhoneMatcher", "Phones", "JunkWords"),
    *("JunkPatterns", "JunkLetters", "JunkKeyboard", "JunkEvidence", "JunkNicknames", "JunkNames"),
    *("JunkCompanies", "JunkEmails", "JunkPhones", "Junk"),
)
COLUMNS = [
    ("name", "RU"),
    ("company", "RU"),
    ("own:Agent", "RU"),
    ("email", "RU"),
    ("email", "US"),
    ("phone", "RU"),
    ("phone", " us"),
    ("phone", "DE"),
]
EACH = 1500  # messy cells of each column
PIECES = (
    *(
        "asdf",
        "qwe",
        "йцу",
        "фыва",
        "ааа",
        "хаха",
        "abc",
        "123",
        "777",
        "test",
        "тест",
        "Анна",
        "ООО",
    ),
    *(
        "Dark",
        "Lord",
        "_",
        "88",
        "sexy",
        "kotik",
        "@",
        "@mail.ru",
        "@gmail.com",
        "@bk.ru",
        ".",
        "-",
    ),
    *(
        "№",
        "www.",
        "://",
        "+7",
        "8",
        "(916)",
        "no",
        "n/a",
        "нет",
        "Öz",
        "Łó",
        "й",
        "ё",
        "'",
        "ß",
        "٣",
    ),
)


@pytest.fixture(scope="module")
def v8(tables: list[Path]) -> Iterator[V8]:
    # Backwards: Apps Script loads files in no certain order.
    files = [f"shared/{name}.js" for name in reversed(FILES)]
    with V8(*files, *tables) as scripts:
        yield scripts


@cache
def labelled() -> tuple[str, ...]:
    """Every cell that was labelled, whatever column it is of."""
    with (LABELLED / "labelled.csv").open(encoding="utf-8", newline="") as file:
        texts = [line["text"] for line in csv.DictReader(file)]
    lists = tomllib.loads((LABELLED / "by_hand.toml").read_text(encoding="utf-8"))
    for by_sort in lists.values():
        for lines in by_sort.values():
            texts += [cell.strip() for cell in lines.replace("\n", " | ").split(" | ")]
    return tuple(dict.fromkeys(texts))


def judged(key: str, raw: list[Any], country: str) -> tuple[list[list[str]], list[str | None]]:
    """The sorts of each cell as Python finds them, and how each cell reads."""
    column = pd.Series(raw, dtype=object)
    read = None
    if key == "phone":
        read = cells.parse_phones(column, country=country).values
    elif key == "email":
        read = cells.parse_emails(column).values
    junk = read_junk(key, column, read, country)
    sorts = [sorted(junk.sorts[place]) if place >= 0 else [] for place in junk.places]
    understood = (
        [None] * len(raw) if read is None else read.astype(object).where(read.notna(), None)
    )
    return sorts, list(understood)


def agree(v8: V8, key: str, raw: list[Any], country: str) -> Counter[str]:
    """Asserts that both find the same, and counts what they have found."""
    python, read = judged(key, raw, country)
    javascript = v8.each(
        "(([cell, read], key, country) => Junk.sortsOf(key, cell, read, country))",
        list(zip(map(as_json, raw), read, strict=True)),
        key,
        country,
    )
    answers = zip(raw, python, javascript, strict=True)
    different = [answer for answer in answers if answer[1] != answer[2]]
    assert not different, f"{key}: {len(different)} of {len(raw)}: {different[:8]}"
    return Counter(sort for sorts in python for sort in sorts)


@pytest.mark.parametrize(("key", "country"), COLUMNS)
def test_every_labelled_cell_in_every_column(v8: V8, key: str, country: str) -> None:
    raw = list(labelled())
    assert len(raw) >= 3_300
    found = agree(v8, key, raw, country)
    assert set(found) == set(sorts_for(key))
    assert found.keys() <= set(SORTS)


@pytest.mark.parametrize(("key", "country"), COLUMNS)
def test_messy_cells_in_every_column(v8: V8, key: str, country: str) -> None:
    def typed(pick: random.Random) -> str:
        return pick.choice(labelled())

    raw = Messy(COLUMNS.index((key, country)), PIECES, typed).cells(EACH)
    assert sum(agree(v8, key, raw, country).values()) >= EACH / 30


def test_no_column_but_those_of_contacts_has_junk(v8: V8) -> None:
    assert v8.call("Junk.sortsOf", "comment", "asdf", None, "RU") == []
    assert v8.call("Junk.sortsOf", "name", "asdf", None, "RU") == ["keyboard_walk"]


@pytest.mark.parametrize("alphabet", sorted(ALPHABETS))
def test_letters_cost_what_they_cost_in_python(v8: V8, alphabet: str) -> None:
    pick = random.Random(alphabet)
    letters = ALPHABETS[alphabet]
    words = ["".join(pick.choices(letters, k=pick.randint(1, 12))) for _ in range(5_000)]
    python = [model(alphabet).log_probability(word) for word in words]
    assert v8.each("JunkLetters.logProbability", words, alphabet) == pytest.approx(python)


def test_packed_words_come_out_as_they_went_in(v8: V8) -> None:
    assert data.shared_beginnings(["anna", "ann", "bo", "annabel"]) == "AannDaEbelAbo"
    assert set(v8.call("[...JunkWords.of('firstNames')].concat")) == vocabulary().first_names
    assert set(v8.call("[...JunkWords.of('parts')].concat")) == vocabulary().parts
    domains = sorted(blocklist)
    assert all(v8.each("JunkWords.isDisposable", domains))
    assert all(v8.each("JunkWords.isDisposable", [f"mail.{domain}" for domain in domains[::9]]))
    others = ["", "com", "gmail.com", "mail.ru", domains[0] + "x", "x" + domains[-1]]
    assert not any(v8.each("JunkWords.isDisposable", others))


def test_the_table_can_stand_in_a_page_and_is_small() -> None:
    source = data.junk_data()
    assert "<" not in source
    assert len(source.encode()) < 350_000
    assert source == data.junk_data()
