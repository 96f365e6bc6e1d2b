"""Shops whose truth is known: closed leads that were won for reasons that we planted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from sheetsync.crm.base import Book, Results
from sheetsync.crm.cohorts import capability as cohorts
from sheetsync.crm.scorecard import Proposal, propose
from sheetsync.crm.scorecard.columns import Column
from sheetsync.crm.scoring import capability as scoring
from tests.crm.books import make_book
from tests.crm.shops import run

SOURCES = ("Recommendation", "Instagram", "Website")

Odds = Callable[[pd.DataFrame, np.random.Generator], np.ndarray]


def logistic(odds: Any) -> np.ndarray:
    return 1 / (1 + np.exp(-np.asarray(odds, dtype=float)))


def frame(seed: int, n: int) -> tuple[pd.DataFrame, np.random.Generator]:
    """Leads of last year, before anybody knows how they go: two in three say their budget."""
    rng = np.random.default_rng(seed)
    created = pd.Timestamp("2025-02-01") + pd.to_timedelta(np.sort(rng.integers(0, 300, n)), "D")
    budget = (rng.lognormal(12, 0.8, n) / 1000).round() * 1000
    return pd.DataFrame(
        {
            "created": created,
            "name": [f"Client {i}" for i in range(n)],
            "phone": np.where(rng.random(n) < 0.8, "+79161234567", None),
            "source": rng.choice(SOURCES, n, p=[0.2, 0.5, 0.3]),
            "budget": np.where(rng.random(n) < 0.67, budget, np.nan),
        }
    ), rng


def by_source_and_budget(leads: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:  # noqa: ARG001
    """Recommended clients buy, and those who have 300,000 and say so."""
    rich = leads["budget"] >= 300_000
    return -2.0 + 1.8 * leads["source"].eq("Recommendation") + 1.5 * rich


def nothing_matters(leads: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:  # noqa: ARG001
    return np.full(len(leads), -1.2)


def shop(
    seed: int = 1,
    n: int = 900,
    odds: Odds = by_source_and_budget,
    *,
    lang: str = "en",
    open_leads: int = 0,
    own: Callable[[pd.DataFrame, np.random.Generator], Mapping[str, Sequence[Any]]] | None = None,
    **more: Any,
) -> Book:
    """Closed leads, won by chance as ``odds`` have it, and as many open ones as are wanted.

    ``own`` gives people's own columns from the leads, which by then have a status.
    """
    leads, rng = frame(seed, n + open_leads)
    won = rng.random(len(leads)) < logistic(odds(leads, rng))
    names = {"en": ("Won", "Lost", "In work"), "ru": ("Продажа", "Отказ", "В работе")}[lang]
    leads["status"] = np.where(won, names[0], names[1])
    still_open = rng.choice(len(leads), open_leads, replace=False)
    leads.loc[still_open, "status"] = names[2]
    if lang == "ru":
        russian = dict(zip(SOURCES, ("Рекомендация", "Инстаграм", "Сайт"), strict=True))
        leads["source"] = leads["source"].map(russian)
    columns = own(leads, rng) if own else {}
    return make_book(leads=leads, lang=lang, own=columns, **more)


def results(book: Book) -> Results:
    """As much of the model as a scorecard asks for."""
    return run(book, cohorts.compute, scoring.compute)


def proposal(book: Book, max_rules: int = 12) -> Proposal:
    return propose(book, results(book), max_rules)


@cache
def usual(lang: str = "en") -> tuple[Book, Proposal]:
    """A shop where sources and budgets matter, and what is learned from it: for every test that
    only looks."""
    book = shop(n=700, lang=lang)
    return book, proposal(book)


def column(
    values: Sequence[Any] | np.ndarray, key: str = "own:X", *, codes: bool = False
) -> Column:
    """A column by hand: numbers where they are numbers, else texts; None is an empty cell."""
    cells = pd.Series(list(values), dtype=object)
    empty = cells.isna().to_numpy()
    numeric = all(isinstance(cell, float | int) for cell in cells[~empty])
    places, levels = pd.factorize(cells)
    return Column(
        key=key,
        field=key.removeprefix("own:"),
        filled=~empty,
        empty=empty,
        numbers=cells.to_numpy(dtype=float) if numeric else np.full(len(cells), np.nan),
        levels=() if numeric else tuple(levels),
        places=np.full(len(cells), -1) if numeric else places,
        numeric=numeric,
        codes=codes,
    )
