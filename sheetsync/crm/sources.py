"""Sources: what each is worth, with counts and intervals.

The quality of a source is the share of the leads it brought that are won now. A source is called
better or worse than the shop's average only when that lies outside the source's 95 % interval. The
ranks are those of an estimate that draws small sources towards the others
(:func:`~sheetsync.crm.stats.shrink`), so that one lucky sale does not top the list.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from sheetsync.crm.base import Book, Capability, Part, Results
from sheetsync.crm.groups import conversions, counted, places
from sheetsync.crm.stats import interval, shrink
from sheetsync.layout import Column, Tab
from sheetsync.locales import Words

SOURCES = Tab(
    key="sources",
    row_key="source",
    hidden=True,
    columns=(
        Column("source", width=170, required=True),
        Column("alias", width=200),
        Column("cost", type="money", width=110),
        Column("leads", "tool", "integer", width=80),
        Column("won", "tool", "integer", width=80),
        Column("conversion", "tool", "percent", width=90),
        Column("low", "tool", "percent", width=80),
        Column("high", "tool", "percent", width=80),
        Column("expected", "tool", "percent", width=100),
        Column("rank", "tool", "integer", width=70),
        Column("cost_per_lead", "tool", "money", width=100),
        Column("cost_per_sale", "tool", "money", width=110),
        Column("verdict", "tool", "long_text", width=260),
        Column("check", "tool", "long_text", width=260),
    ),
)

VERDICTS = ("none", "few", "above", "below", "like")


def compute(book: Book, _so_far: Results) -> Part:
    """The tool's columns of the Sources tab.

    Figures: ``sources``, the same by language-neutral names, with a last line (source missing) for
    leads of no known source; ``average``, one line: leads, won, conversion, low, high of the shop,
    and the prior that ``expected`` comes from (alpha, beta).
    """
    leads = counted(book)
    names = book.sources.index
    few = int(book.settings["few"])
    table = conversions(leads, "source", names).rename(columns={"name": "source"})
    average = _average(table)
    shop = float(average["conversion"].iloc[0])
    known = table.index < len(names)
    some = known & table["leads"].gt(0).to_numpy(dtype=bool)
    expected, alpha, beta = shrink(table.loc[some, "won"], table.loc[some, "leads"])
    table["expected"] = pd.Series(expected, index=table.index[some]).reindex(table.index)
    table["rank"] = table["expected"].rank(method="first", ascending=False).astype("Int64")
    first = leads["created"].groupby(places(leads["source"], names)).min().reindex(table.index)
    table["months"] = months_since(first, book.today)
    spent = book.sources["cost"].reset_index(drop=True).reindex(table.index) * table["months"]
    for column, count in (("cost_per_lead", "leads"), ("cost_per_sale", "won")):
        table[column] = (spent / table[count].where(table[count] > 0)).astype("float64")
    table["verdict"] = verdicts(table, shop, few)
    shown = table[known].set_index("source")
    shown["verdict"] = _texts(shown, shop, few, book.words)
    columns = [column.key for column in SOURCES.owned("tool") if column.key != "check"]
    return Part(
        columns={"sources": shown[columns]},
        figures={
            "sources": table.drop(columns=["open", "lost"]),
            "average": average.assign(alpha=alpha, beta=beta),
        },
    )


def months_since(first: pd.Series, today: date) -> pd.Series:
    """Calendar months from the month of ``first`` to today's, both counted.

    Returns
    -------
    Series of Int64, same index; missing without a date, or with one in a month to come [month]
    """
    of_first: pd.Series = first.dt.year * 12 + first.dt.month
    months = today.year * 12 + today.month + 1 - of_first
    return months.where(months > 0).astype("Int64")


def verdicts(table: pd.DataFrame, average: float, few: int) -> pd.Series:
    """One of :data:`VERDICTS` per line.

    Parameters
    ----------
    table : DataFrame with leads, low and high
    average : the shop's conversion [fraction of 1]
    few : fewer leads judge nobody [leads]
    """
    leads = table["leads"].to_numpy(dtype=int)
    cases = [leads == 0, leads < few, table["low"] > average, table["high"] < average]
    return pd.Series(np.select(cases, VERDICTS[:4], VERDICTS[4]), index=table.index, dtype=object)


def _average(table: pd.DataFrame) -> pd.DataFrame:
    totals = table[["leads", "won"]].sum().astype("int64").to_frame().T
    shares = interval(totals["won"], totals["leads"])
    return totals.join(shares.rename(columns={"share": "conversion"}))


def _texts(table: pd.DataFrame, average: float, few: int, words: Words) -> list[str]:
    return [
        words(
            f"sources.verdict.{verdict}",
            won=won,
            leads=leads,
            average=percent(average, words),
            few=few,
        )
        for verdict, won, leads in zip(table["verdict"], table["won"], table["leads"], strict=True)
    ]


def percent(fraction: float, words: Words) -> str:
    """A fraction of 1 as people of the language write a percentage, with one decimal."""
    number = f"{100 * fraction:.1f}".replace(".", words("sources.decimal"))
    return words("sources.percent", number=number)


CAPABILITY = Capability(name="sources", tabs=(SOURCES,), compute=compute)
