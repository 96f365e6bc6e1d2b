"""Quality of leads: what conversions are once junk is left out and everybody is counted once.

Junk and duplicates make a conversion look worse than it is, and by how much differs from source to
source. So every conversion is there four times: of all leads, without junk, with the simultaneous
rows of one person as one, and without both.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from sheetsync.crm.base import Book, Capability, Line, Part, Results
from sheetsync.crm.groups import conversions, counted, places
from sheetsync.crm.scoring.marks import JUNK, MARKS
from sheetsync.crm.stats import interval
from sheetsync.layout import Column
from sheetsync.locales import Words

VIEWS = ("all", "no_junk", "no_duplicates", "clean")

_TABS = {"sources": "source", "team": "manager"}
"""Tabs that show the clean conversion -> the column of Leads that names their rows."""


def compute(book: Book, so_far: Results) -> Part:
    """Junk leads and clean conversions of Sources and Team, and the quality of all leads.

    Figures: ``quality``, a line per view (one of VIEWS): leads, won, conversion, low, high;
    ``source_quality`` and ``manager_quality``: source or manager (missing in the last line: of
    nobody known), leads, junk, and clean_leads, clean_won, clean, low, high without junk and
    duplicates.
    """
    views = views_of(book, so_far)
    figures = {"quality": _summary(views)}
    columns = {}
    for tab, by in _TABS.items():
        names = book.sources.index if tab == "sources" else book.team.index
        table = _by_group(views, by, names)
        figures[f"{by}_quality"] = table
        shown = table.iloc[: len(names)].set_index(by)
        columns[tab] = shown[["junk", "clean"]]
    lines = _lines(figures["quality"], so_far, book)
    return Part(columns=columns, figures=figures, lines={"quality": lines})


def views_of(book: Book, so_far: Results) -> dict[str, pd.DataFrame]:
    """The leads of each view: those that conversions count, as
    :func:`~sheetsync.crm.groups.counted` gives them."""
    leads = counted(book)
    marks = so_far.figures.get("marks")
    junk = set() if marks is None else set(marks.loc[marks["mark"].eq(JUNK), "lead"])
    real = leads[~leads.index.isin(junk)]
    first = _first_rows(so_far)
    return {
        "all": leads,
        "no_junk": real,
        "no_duplicates": persons(leads, first),
        "clean": persons(real, first),
    }


def persons(leads: pd.DataFrame, first: Mapping[str, str]) -> pd.DataFrame:
    """One row for each person who asked at one time, however many were typed.

    Parameters
    ----------
    leads : indexed by lead id, with a column kind
    first : lead id -> the first row of the same person, for rows that have one; see the
        capability ``duplicates``

    Returns
    -------
    DataFrame
        Of each person the first row, or where that is not among ``leads`` the uppermost that is; of
        kind ``won`` when any of the person's rows is.
    """
    ids = leads.index.to_numpy(dtype=object)
    first_row = np.array([first.get(lead, lead) for lead in ids], dtype=object)
    person = pd.factorize(first_row)[0]
    is_won = leads["kind"].eq("won").fillna(False).to_numpy(dtype=bool)
    won = np.bincount(person, weights=is_won, minlength=1)[person] > 0
    # The first rows first, then the others as they stand.
    order = np.argsort(first_row != ids, kind="stable")
    kept = np.zeros(len(leads), dtype=bool)
    kept[order[np.unique(person[order], return_index=True)[1]]] = True
    merged = leads.assign(kind=leads["kind"].mask(won, "won"))
    return merged[kept]


def _first_rows(so_far: Results) -> dict[str, str]:
    unique = so_far.figures.get("unique")
    if unique is None:
        return {}
    return dict(zip(unique["lead"], unique["first_of_group"], strict=True))


def _summary(views: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    leads = pd.Series([len(view) for view in views.values()], dtype="Int64")
    won = pd.Series([int(view["kind"].eq("won").sum()) for view in views.values()], dtype="Int64")
    shares = interval(won, leads).rename(columns={"share": "conversion"})
    return pd.DataFrame({"view": list(views), "leads": leads, "won": won}).join(shares)


def _by_group(views: Mapping[str, pd.DataFrame], by: str, names: pd.Index[str]) -> pd.DataFrame:
    everybody, real = views["all"], views["no_junk"]
    clean = conversions(views["clean"], by, names)
    junk = everybody.loc[~everybody.index.isin(real.index), by]
    in_all = pd.Series(places(everybody[by], names)).value_counts()
    in_junk = pd.Series(places(junk, names)).value_counts()
    return pd.DataFrame(
        {
            by: clean["name"],
            "leads": in_all.reindex(clean.index, fill_value=0).astype("Int64"),
            "junk": in_junk.reindex(clean.index, fill_value=0).astype("Int64"),
            "clean_leads": clean["leads"],
            "clean_won": clean["won"],
            "clean": clean["conversion"],
            "low": clean["low"],
            "high": clean["high"],
        }
    )


def _lines(summary: pd.DataFrame, so_far: Results, book: Book) -> list[Line]:
    words, few = book.words, int(book.settings["few"])
    lines = [
        Line(
            words(f"quality.view.{line['view']}"),
            int(line["won"]),
            int(line["leads"]),
            words("dashboard.few", few=few) if line["leads"] < few else "",
            conversion=True,
        )
        for line in summary.to_dict("records")
    ]
    return lines + _found(so_far, len(book.leads), words)


def _found(so_far: Results, leads: int, words: Words) -> list[Line]:
    """How many leads were found to be what; nothing of what nobody looked for. A lead that is a
    duplicate of two others is one."""
    counts: dict[str, int] = {}
    if (marks := so_far.figures.get("marks")) is not None:
        counts |= {mark: int(marks["mark"].eq(mark).sum()) for mark in MARKS}
    if (pairs := so_far.figures.get("duplicates")) is not None:
        sure = pairs.loc[pairs["certainty"].eq("sure"), "lead"].unique()
        likely = pairs.loc[~pairs["lead"].isin(sure), "lead"]
        counts |= {"sure": len(sure), "likely": likely.nunique()}
    if (attempts := so_far.figures.get("attempts")) is not None:
        counts["attempts"] = attempts["lead"].nunique()
    return [
        Line(words(f"quality.item.{item}"), count, leads, words(f"quality.note.{item}"))
        for item, count in counts.items()
    ]


_COLUMNS = (
    Column("junk", "tool", "integer", width=80),
    Column("clean", "tool", "percent", width=100),
)

CAPABILITY = Capability(
    name="quality",
    columns=dict.fromkeys(_TABS, _COLUMNS),
    compute=compute,
)
