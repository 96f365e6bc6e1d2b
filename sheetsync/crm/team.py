"""The team: who there is, what each may do, and each one's figures.

A manager's conversion is fair only against the sources he was given. His *index* is won / expected,
where expected sums over his leads the conversion of each lead's source: 1 is as good as his sources
give, and all managers' expected wins make all wins. He is called better or worse only when the
index's 95 % interval leaves 1 out, and when it still does with young leads weighed by their age:
somebody who was given many leads last week has had no time for them.

The interval is that of a count against a fixed expectation, as for standardised mortality ratios:
Byar's approximation of the exact Poisson limits (Breslow, N. E. & Day, N. E. (1987), "Statistical
Methods in Cancer Research II", IARC, equation 2.10). It is rather too wide than too narrow: wins of
few leads vary less than a Poisson count, and his own wins are among those that he is measured by.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from sheetsync.crm.base import Book, Capability, Part, Results
from sheetsync.crm.groups import conversions, counted, places
from sheetsync.crm.saying import decimal
from sheetsync.crm.sources import exposures
from sheetsync.crm.stats import Z95, share
from sheetsync.layout import Choice, Column, Tab
from sheetsync.locales import Words

TEAM = Tab(
    key="team",
    row_key="name",
    hidden=True,
    columns=(
        Column("name", width=170, required=True),
        Column("alias", width=160),
        Column("email", type="email", width=200),
        Column("role", type="choice", choice=Choice(group="role"), width=110),
        Column("norm", type="integer", width=100),
        Column("leads", "tool", "integer", width=80),
        Column("open", "tool", "integer", width=80),
        Column("won", "tool", "integer", width=80),
        Column("lost", "tool", "integer", width=80),
        Column("conversion", "tool", "percent", width=90),
        Column("low", "tool", "percent", width=80),
        Column("high", "tool", "percent", width=80),
        Column("expected", "tool", "number", width=100),
        Column("index", "tool", "number", width=80),
        Column("index_low", "tool", "number", width=80),
        Column("index_high", "tool", "number", width=80),
        Column("verdict", "tool", "long_text", width=260),
        Column("overdue", "tool", "integer", width=100),
        Column("check", "tool", "long_text", width=260),
    ),
)

VERDICTS = ("none", "few", "unknown", "alone", "young", "above", "below", "like")
"""``unknown``: none of his sources has sold anything; ``alone``: nobody else has leads; ``young``:
he would be above or below, but for the age of his leads."""

JUDGED = ("young", "above", "below", "like")
"""Verdicts that come from an index; with the others it says nothing."""

Floats = npt.NDArray[np.float64]


def compute(book: Book, so_far: Results) -> Part:
    """The tool's columns of the Team tab.

    A manager's leads are all he has but partners and working calls, as for sources; his conversion
    is the share of them that is won now. ``overdue`` counts open leads past their next action, and
    is missing where nothing computed that.

    Figures: ``team``, the same by name, with a last line (name missing) for leads of nobody known;
    young counts the leads that are younger than it takes to win one.
    """
    leads = counted(book)
    names = book.team.index
    table = conversions(leads, "manager", names)
    place = places(leads["manager"], names)
    late = overdue_leads(leads, so_far)
    if late is None:
        table["overdue"] = pd.array([pd.NA] * len(table), dtype="Int64")
    else:
        late_of = np.bincount(place[late.to_numpy()], minlength=len(table))
        table["overdue"] = pd.Series(late_of, dtype="Int64")
    table = table.join(_fair(leads, place, table, book, so_far))
    shown = table.iloc[: len(names)].set_index("name")
    few = int(book.settings["few"])
    shown["verdict"] = _texts(shown, few, book.words)
    columns = [column.key for column in TEAM.owned("tool") if column.key != "check"]
    return Part(columns={"team": shown[columns]}, figures={"team": table})


def byar(observed: Floats, expected: Floats, z: float = Z95) -> tuple[Floats, Floats]:
    """Bounds of observed / expected, shape (k,) each; NaN where nothing is expected."""
    due = np.where(expected > 0, expected, np.nan)
    some = np.maximum(observed, 1.0)
    low = observed * (1 - 1 / (9 * some) - z / (3 * np.sqrt(some))) ** 3 / due
    more = observed + 1
    high = more * (1 - 1 / (9 * more) + z / (3 * np.sqrt(more))) ** 3 / due
    return low, high


def _fair(
    leads: pd.DataFrame,
    place: npt.NDArray[np.intp],
    table: pd.DataFrame,
    book: Book,
    so_far: Results,
) -> pd.DataFrame:
    """Each line against the sources of its leads: expected, index, index_low, index_high, young
    (Int64) and verdict (one of :data:`VERDICTS`)."""
    n = len(table)
    source = places(leads["source"], book.sources.index)
    of_source = conversions(leads, "source", book.sources.index)
    had = exposures(leads, so_far)
    time = had["exposure"].to_numpy(dtype=np.float64)
    sold = of_source["won"].to_numpy(dtype=np.float64)
    # Wins for the time that the leads of a source have had; as many in all as there are.
    per_time = share(sold, np.maximum(np.bincount(source, time, minlength=len(sold)), sold))
    won = table["won"].to_numpy(dtype=np.float64)
    each = of_source["conversion"].to_numpy(dtype=np.float64)[source]
    # Sums of fractions are off by a trace that would show as 0.9999999999.
    expected: Floats = np.bincount(place, each, minlength=n).round(9).astype(np.float64)
    low, high = byar(won, expected)
    aged = np.bincount(place, np.nan_to_num(per_time[source]) * time, minlength=n)
    aged_low, aged_high = byar(won, aged.astype(np.float64))
    count = table["leads"].to_numpy(dtype=int)
    few = count < int(book.settings["few"])
    above, below = low > 1, high < 1
    cases = {
        "none": count == 0,
        "few": few,
        "unknown": expected == 0,
        "alone": count == count.sum(),
        "young": (above & ~(aged_low > 1)) | (below & ~(aged_high < 1)),
        "above": above,
        "below": below,
    }
    return pd.DataFrame(
        {
            "expected": expected,
            "index": won / np.where(expected > 0, expected, np.nan),
            "index_low": low,
            "index_high": high,
            "young": pd.array(
                np.bincount(place[had["young"].to_numpy(dtype=bool)], minlength=n), dtype="Int64"
            ),
            "verdict": np.select(list(cases.values()), list(cases), "like").astype(object),
        },
        index=table.index,
    )


def _texts(table: pd.DataFrame, few: int, words: Words) -> list[str]:
    return [
        words(
            f"team.verdict.{line['verdict']}",
            won=line["won"],
            leads=line["leads"],
            young=line["young"],
            expected=decimal(f"{line['expected']:.1f}", words),
            few=few,
        )
        for line in table.to_dict("records")
    ]


def overdue_leads(leads: pd.DataFrame, so_far: Results) -> pd.Series | None:
    """True for the open leads that are overdue, by lead id; None where nothing computed that."""
    computed = so_far.columns.get("leads")
    if computed is None or "overdue" not in computed:
        return None
    days = computed["overdue"].reindex(leads.index).astype("Int64")
    return days.gt(0).fillna(False).astype(bool) & leads["kind"].isin(["open"])


CAPABILITY = Capability(name="team", tabs=(TEAM,), compute=compute)
