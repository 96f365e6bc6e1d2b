"""What holds for every parser and every cell, and for the sentences about them."""

from __future__ import annotations

import string
import time
import tomllib
from collections.abc import Callable
from datetime import date, datetime, timedelta
from importlib import resources
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheetsync import cells, locales
from sheetsync.cells import Parsed
from tests import test_cells_contacts, test_cells_dates, test_cells_lists, test_cells_money

TODAY = date(2026, 11, 21)
NAMES = ("Новый", "Переговоры", "Счёт выставлен", "1")

Parser = Callable[[pd.Series], Parsed]

PARSERS: dict[str, Parser] = {
    "past": lambda raw: cells.parse_dates(raw, day_first=True, today=TODAY, lean="past"),
    "future": lambda raw: cells.parse_dates(raw, day_first=False, today=TODAY, lean="future"),
    "moments": lambda raw: cells.parse_datetimes(raw, day_first=True),
    "roubles": lambda raw: cells.parse_money(raw, currency="RUB"),
    "dollars": lambda raw: cells.parse_money(raw, currency="USD"),
    "numbers": cells.parse_numbers,
    "phones": lambda raw: cells.parse_phones(raw, country="RU"),
    "emails": cells.parse_emails,
    "bools": cells.parse_bools,
    "names": lambda raw: cells.match_names(raw, NAMES, {"sold": "Продано"}),
}

# Pieces of what people type, so that random cells come close to sense.
_TYPED = (
    "0|1|5|11|31|25|300|2026|26|000|.|,|-|/|:|+|~|(|)|@|%|$|₽|'|т|р|k|млн|тыс|т.р.|руб|usd|"
    "ноября|nov|пн|monday|завтра|через|next|от|до|или|по|14:30|pm|г.|доб.|8|916|123-45-67|ivan|"
    "mail.ru|(at)|да|x|новый|переговры| |\u00a0|\u200b|\u200f|½|²|ё|＠|１|٣|🎉|\ufe0f|\ud800|#N/A|"
    "nan|e|E+10|\n|="
)
_PIECES = _TYPED.split("|")
CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.text(max_size=30),
    st.lists(st.sampled_from(_PIECES), max_size=7).map("".join),
    st.lists(st.sampled_from(_PIECES), max_size=7).map(" ".join),
    st.floats(),
    st.integers(),
    st.sampled_from([10**400, -(10**400), pd.NaT, pd.NA, np.float64(5.11), np.bool_(True)]),
    st.datetimes(),
    st.dates(),
    st.times(),
    st.just(timedelta(days=3)),
)
FIXED = settings(max_examples=40, derandomize=True, deadline=None)


def column(raw: list[Any]) -> pd.Series:
    return pd.Series(raw, index=[f"L-{n}" for n in range(len(raw))], dtype=object)


@pytest.mark.parametrize("name", PARSERS)
@FIXED
@given(raw=st.lists(CELLS, max_size=25))
def test_a_cell_has_a_value_or_a_problem_or_nothing(name: str, raw: list[Any]) -> None:
    typed = column(raw)
    parsed = PARSERS[name](typed)
    for part in (parsed.values, parsed.problems, parsed.hints):
        assert part.index.equals(typed.index)
    empty = cells.text_values(typed).isna()
    states = pd.DataFrame(
        {"value": parsed.values.notna(), "problem": parsed.problems.notna(), "empty": empty}
    )
    assert (states.sum(axis=1) == 1).all(), states.assign(raw=typed)
    assert (parsed.hints.isna() | parsed.problems.notna()).all()
    if parsed.values.dtype == "float64":
        assert np.isfinite(parsed.values.dropna()).all()


@pytest.mark.parametrize("name", PARSERS)
@FIXED
@given(raw=st.lists(CELLS, min_size=2, max_size=8))
def test_a_cell_reads_the_same_whatever_stands_beside_it(name: str, raw: list[Any]) -> None:
    together = PARSERS[name](column(raw))
    for place, cell in enumerate(raw):
        alone = PARSERS[name](column([cell]))
        assert str(alone.values.iloc[0]) == str(together.values.iloc[place])
        assert alone.problems.iloc[0] == together.problems.iloc[place]


@pytest.mark.parametrize("name", [name for name in PARSERS if name != "moments"])
@FIXED
@given(raw=st.lists(CELLS, max_size=25))
def test_a_hint_that_is_typed_is_understood(name: str, raw: list[Any]) -> None:
    hints = PARSERS[name](column(raw)).hints.dropna().tolist()
    assert PARSERS[name](column(hints)).values.notna().all(), hints


@FIXED
@given(raw=st.lists(CELLS, max_size=25))
def test_texts_phones_and_quotes_never_raise(raw: list[Any]) -> None:
    typed = column(raw)
    others = cells.other_phones(typed, country="RU")
    assert others.index.equals(typed.index)
    assert all(isinstance(rest, tuple) for rest in others)
    assert all(len(cells.show(cell)) <= 60 for cell in raw)
    assert all(cells.fold(text) is not None for text in cells.text_values(typed).dropna())


def test_a_tick_and_a_one_in_one_column_stay_apart() -> None:
    parsed = cells.parse_numbers(column([True, 1.0, "1", 1, False, 0]))
    assert parsed.values.tolist() == pytest.approx([np.nan, 1, 1, 1, np.nan, 0], nan_ok=True)


@pytest.mark.parametrize("name", PARSERS)
def test_an_empty_column_is_parsed(name: str) -> None:
    parsed = PARSERS[name](pd.Series([], dtype=object))
    assert len(parsed.values) == len(parsed.problems) == len(parsed.hints) == 0
    assert PARSERS[name](column([None])).values.dtype == parsed.values.dtype


def test_each_different_cell_is_read_once() -> None:
    """100,000 rows of few different texts cost little more than the few."""
    phones = pd.Series([f"8 916 {n % 50:07d}" for n in range(100_000)], dtype=object)
    started = time.process_time()
    values = cells.parse_phones(phones, country="RU").values
    assert values.nunique() == 50
    # Reading all of them one by one takes several seconds.
    assert time.process_time() - started < 1.0


def sentences(lang: str) -> dict[str, str]:
    file = resources.files(locales) / lang / "problems.toml"
    tree = tomllib.loads(file.read_text(encoding="utf-8"))["problems"]
    return {
        f"{subject}.{name}": text for subject, texts in tree.items() for name, text in texts.items()
    }


def codes_in_the_tables() -> set[str]:
    tables: list[list[Any]] = [
        test_cells_dates.PROBLEMS,
        test_cells_dates.MOMENT_PROBLEMS,
        test_cells_money.PROBLEMS,
        test_cells_money.NUMBER_PROBLEMS,
        test_cells_contacts.PHONE_PROBLEMS,
        test_cells_contacts.EMAIL_PROBLEMS,
        test_cells_lists.BOOL_PROBLEMS,
        test_cells_lists.NAME_PROBLEMS,
    ]
    return {row[1] for table in tables for row in table}


@pytest.mark.parametrize("lang", locales.LANGUAGES)
def test_every_problem_has_a_sentence_and_every_sentence_a_problem(lang: str) -> None:
    assert set(sentences(lang)) == codes_in_the_tables()


@pytest.mark.parametrize("lang", locales.LANGUAGES)
def test_every_sentence_quotes_what_was_typed_and_nothing_else(lang: str) -> None:
    for code, text in sentences(lang).items():
        gaps = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
        assert gaps == {"typed"}, code
        spoken = locales.load(lang)(f"problems.{code}", typed="05.11", hint="")
        assert "05.11" in spoken


@FIXED
@given(raw=st.lists(CELLS, max_size=25), name=st.sampled_from(sorted(PARSERS)))
def test_no_parser_gives_a_problem_without_a_sentence(raw: list[Any], name: str) -> None:
    assert set(PARSERS[name](column(raw)).problems.dropna()) <= set(sentences("ru"))


def test_moments_keep_the_second() -> None:
    at = datetime(2026, 11, 5, 23, 59, 59)
    serial = (at - datetime(1899, 12, 30)) / timedelta(days=1)
    values = cells.parse_datetimes(column([at, serial, at.isoformat()]), day_first=True).values
    assert (values == pd.Timestamp(at)).all()
