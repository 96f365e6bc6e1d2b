"""Stage statistics: how long leads stay in a stage, where they are lost, who comes back.

What is counted, and how, stands in :mod:`~.funnel`, :mod:`~.stays` and
:mod:`~.bottleneck`; here it is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sheetsync.crm.base import Book, Capability, Line, Part, Results
from sheetsync.crm.overdue import days_text
from sheetsync.locales import Words

REASONS = 3
"""How many reasons of loss a note names before it counts the rest."""


def compute(book: Book, so_far: Results) -> Part:
    """The tool's columns of the Statuses tab, and lines of the Dashboard.

    What is said was counted by the pipeline; see :class:`~.ways.Statistics`.
    """
    few, words, figures = int(book.settings["few"]), book.words, so_far.figures
    opened = book.statuses.index[book.statuses["kind"].isin(["open"])]
    times = figures["times"][figures["times"]["stage"].isin(opened)]
    return Part(
        columns={"statuses": _columns(times)},
        lines={
            "times": _times(times, few, words),
            "bottleneck": _bottleneck(figures["bottleneck"], figures["losses"], few, words),
        },
    )


def _columns(times: pd.DataFrame) -> pd.DataFrame:
    judged = times[~times["few"]].set_index("stage")
    # A tenth of a day: what is left still changes only when somebody moves.
    return pd.DataFrame(
        {"typical_days": judged["typical"].round(1), "slow_days": judged["slow"].round(1)}
    )


def _times(times: pd.DataFrame, few: int, words: Words) -> list[Line]:
    return [
        Line(line["stage"], line["stays"], note=time_text(line, few, words))
        for line in times.to_dict("records")
        if line["stays"] + line["unknown"]
    ]


def time_text(line: Mapping[Any, Any], few: int, words: Words) -> str:
    """What a line of the times says, in a sentence.

    Parameters
    ----------
    line : of :func:`~.stays.times`
    few : fewer stays judge nothing
    """
    if line["few"]:
        said = [words("stages.few", few=few)]
    else:
        said = [
            words(f"stages.{key}", days=span(line[key], words))
            if pd.notna(line[key])
            else words(f"stages.{key}_not_reached", days=span(line["longest"], words))
            for key in ("typical", "slow")
            # When not even half have left, nine of ten have not.
            if key == "typical" or pd.notna(line["typical"])
        ]
    said.append(words("stages.here", here=line["here"]))
    if line["unknown"]:
        said.append(words("stages.unknown", n=line["unknown"]))
    return ". ".join(said)


def span(days: float, words: Words) -> str:
    """``3.5 days``; less than a day in hours."""
    hours = round(days * 24)
    if hours >= 24:
        return days_text(round(days, 1), words)
    return words("stages.hours", n=hours) if hours else words("stages.at_once")


def _bottleneck(table: pd.DataFrame, losses: pd.DataFrame, few: int, words: Words) -> list[Line]:
    """The bottleneck first, then the other stages that lose leads, in order."""
    first = table["verdict"].notna()
    ordered = pd.concat([table[first], table[~first & table["lost"].gt(0)]])
    lines = []
    for line in ordered.to_dict("records"):
        notes = [verdict_text(line, few, words)]
        notes.append(_reasons(losses, line["stage"], words))
        if line["decided"] < few and line["verdict"] != "few":
            notes.append(words("dashboard.few", few=few))
        note = ". ".join(filter(None, notes))
        lines.append(Line(line["stage"], line["lost"], line["decided"], note, conversion=True))
    nowhere = losses.loc[losses["stage"].isna(), "lost"].sum()
    if nowhere:
        note = _reasons(losses, None, words)
        lines.append(Line(words("stages.before_any"), int(nowhere), note=note))
    return lines


def verdict_text(line: Mapping[Any, Any], few: int, words: Words) -> str:
    """Why a line of the bottleneck is one; "" for the others.

    Parameters
    ----------
    line : of :func:`~.bottleneck.bottleneck`
    few : fewer decided leads judge nothing
    """
    verdict = line["verdict"]
    if pd.isna(verdict):
        return ""
    if verdict not in ("source", "month"):
        return words(f"stages.verdict.{verdict}", few=max(few, 1))
    others = 100 * line["others_lost"] / line["others_decided"]
    return words(
        f"stages.verdict.{verdict}",
        group=line["group"],
        lost=int(line["group_lost"]),
        decided=int(line["group_decided"]),
        others=words("sources.percent", number=f"{others:.0f}"),
        excess=round(float(line["excess"])),
    )


def _reasons(losses: pd.DataFrame, stage: str | None, words: Words) -> str:
    at = losses["stage"].isna() if stage is None else losses["stage"].eq(stage)
    reasons = losses[at & losses["reason"].notna()]
    if reasons.empty:
        return ""
    named = [f"{r} {n}" for r, n in zip(reasons["reason"], reasons["lost"], strict=True)][:REASONS]
    text = ", ".join(named)
    rest = len(reasons) - len(named)
    if rest:
        text = words("dashboard.and_more", named=text, rest=rest)
    return words("stages.reasons", reasons=text)


CAPABILITY = Capability(name="stages", compute=compute)
