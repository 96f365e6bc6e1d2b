"""Sources: what each is worth, with counts and intervals.

The quality of a source is the share of the leads it brought that are won now. That is plain
counting, and unfair to a source whose leads are still young. So sources are judged and ranked by
where they will end: won / leads *weighted by how much of their time to be won they have had*
(:mod:`~sheetsync.crm.cohorts`), which is won / leads once all of them are old enough. A source is
called better or worse than the shop's average only when that lies outside the source's 95 %
interval. The ranks are those of an estimate that draws small sources towards the others
(:func:`~sheetsync.crm.stats.shrink`), so that one lucky sale does not top the list.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from sheetsync.crm.base import Book, Capability, Part, Results, Setting
from sheetsync.crm.groups import conversions, counted, places
from sheetsync.crm.saying import percent
from sheetsync.crm.stats import interval, share, shrink, wilson
from sheetsync.layout import Column, Tab

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

VERDICTS = ("none", "few", "young", "above", "below", "like")

_GROWING = 0.95
"""A source whose leads have had less of their time than this is spoken of by where it will end."""


def compute(book: Book, so_far: Results) -> Part:
    """The tool's columns of the Sources tab.

    Figures
    -------
    ``sources``: the tab's columns by language-neutral names, with a last line (source missing) for
    leads of no known source, and: young (leads younger than it takes to win one, Int64), exposed
    (leads, each weighted by the share of its time to be won that it has had; no less than won),
    final (won / exposed: where the source will end). ``expected`` is ``final``, drawn towards the
    others.
    ``average``, one line: leads, won, conversion, low, high of the shop, exposed, final, and the
    prior that ``expected`` comes from (alpha, beta).
    """
    leads = counted(book)
    names = book.sources.index
    few = int(book.settings["few"])
    table = conversions(leads, "source", names).rename(columns={"name": "source"})
    place = places(leads["source"], names)
    table = table.join(_ages(leads, place, table, so_far))
    average = _average(table)
    known = table.index < len(names)
    some = known & table["leads"].gt(0).to_numpy(dtype=bool)
    expected, alpha, beta = shrink(table.loc[some, "won"], table.loc[some, "exposed"])
    table["expected"] = pd.Series(expected, index=table.index[some]).reindex(table.index)
    table["rank"] = table["expected"].rank(method="first", ascending=False).astype("Int64")
    first = leads["created"].groupby(place).min().reindex(table.index)
    table["months"] = months_since(first, book.today)
    spent = book.sources["cost"].reset_index(drop=True).reindex(table.index) * table["months"]
    for column, count in (("cost_per_lead", "leads"), ("cost_per_sale", "won")):
        table[column] = (spent / table[count].where(table[count] > 0)).astype("float64")
    table["verdict"] = verdicts(table, float(average["final"].iloc[0]), few)
    shown = table[known].set_index("source")
    shown["verdict"] = _texts(shown, average, so_far, book)
    columns = [column.key for column in SOURCES.owned("tool") if column.key != "check"]
    return Part(
        columns={"sources": shown[columns]},
        figures={
            "sources": table.drop(columns=["open", "lost"]),
            "average": average.assign(alpha=alpha, beta=beta),
        },
    )


def exposures(leads: pd.DataFrame, so_far: Results) -> pd.DataFrame:
    """The figure ``exposure`` of some leads (exposure, young); where nothing computed it, all have
    had all of their time."""
    computed = so_far.figures.get("exposure")
    if computed is None:
        return pd.DataFrame({"exposure": 1.0, "young": False}, index=leads.index)
    return computed.loc[leads.index]


def _ages(
    leads: pd.DataFrame, place: npt.NDArray[np.intp], table: pd.DataFrame, so_far: Results
) -> pd.DataFrame:
    """How old the leads of each line are: young, exposed, final; see :func:`compute`."""
    had = exposures(leads, so_far)
    weighed = np.bincount(place, had["exposure"], minlength=len(table)).astype(np.float64)
    won = table["won"].to_numpy(dtype=np.float64)
    # Sums of ones are whole numbers; a sum of fractions would be off by a trace.
    exposed = np.maximum(np.round(weighed, 9), won)
    young = np.bincount(place[had["young"].to_numpy(dtype=bool)], minlength=len(table))
    return pd.DataFrame(
        {
            "young": pd.array(young, dtype="Int64"),
            "exposed": exposed,
            "final": share(won, exposed),
        },
        index=table.index,
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
    table : DataFrame with leads, won and exposed
    average : where the shop as a whole will end [fraction of 1]
    few : fewer leads judge nobody, nor do leads that have had less time than so many would [leads]
    """
    leads = table["leads"].to_numpy(dtype=int)
    exposed = table["exposed"].to_numpy(dtype=np.float64)
    low, high = wilson(table["won"].to_numpy(dtype=np.float64), exposed)
    cases = [leads == 0, leads < few, exposed < few, low > average, high < average]
    return pd.Series(np.select(cases, VERDICTS[:5], VERDICTS[5]), index=table.index, dtype=object)


def _average(table: pd.DataFrame) -> pd.DataFrame:
    totals = table[["leads", "won"]].sum().astype("int64").to_frame().T
    shares = interval(totals["won"], totals["leads"])
    exposed = float(table["exposed"].sum())
    final = share(totals["won"].to_numpy(dtype=np.float64), exposed)
    return totals.join(shares.rename(columns={"share": "conversion"})).assign(
        exposed=exposed, final=final
    )


def _texts(table: pd.DataFrame, average: pd.DataFrame, so_far: Results, book: Book) -> list[str]:
    """What each source's figures mean; of young ones, by where they will end."""
    words, few = book.words, int(book.settings["few"])
    shop = percent(float(average["final"].iloc[0]), words)
    maturity = so_far.figures.get("maturity")
    cycle = float("nan") if maturity is None else float(maturity["cycle"].iloc[0])
    texts = []
    for line in table.to_dict("records"):
        growing = line["exposed"] < _GROWING * line["leads"] and line["verdict"] in VERDICTS[3:]
        early = line["verdict"] == "young" and np.isnan(cycle)
        texts.append(
            words(
                "sources.early"
                if early
                else f"sources.{'growing' if growing else 'verdict'}.{line['verdict']}",
                won=line["won"],
                leads=line["leads"],
                young=line["young"],
                cycle="" if np.isnan(cycle) else f"{cycle:.0f}",
                final="" if np.isnan(line["final"]) else percent(line["final"], words),
                average=shop,
                few=few,
            )
        )
    return texts


CAPABILITY = Capability(
    name="sources",
    tabs=(SOURCES,),
    settings=(Setting("relevance_limit", 200, "integer"),),
    compute=compute,
)
