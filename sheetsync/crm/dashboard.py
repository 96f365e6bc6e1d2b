"""The dashboard: figures of all capabilities in one tidy table."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from sheetsync.crm import notes
from sheetsync.crm.attention import sentence
from sheetsync.crm.base import Book, Capability, Line, Part, Problem, Results
from sheetsync.crm.saying import decimal
from sheetsync.crm.stats import interval
from sheetsync.crm.team import JUDGED, overdue_leads
from sheetsync.layout import Column, Tab
from sheetsync.locales import Words

DASHBOARD = Tab(
    key="dashboard",
    body="table",
    columns=(
        Column("section", "tool", width=190),
        Column("item", "tool", width=220),
        Column("count", "tool", "integer", width=80),
        Column("of", "tool", "integer", width=80),
        Column("share", "tool", "percent", width=90),
        Column("low", "tool", "percent", width=80),
        Column("high", "tool", "percent", width=80),
        Column("note", "tool", "long_text", width=420),
    ),
)

NAMED = 5
"""How many leads, sources or managers a note names before it counts the rest."""


def compute(book: Book, so_far: Results) -> Part:
    """The Dashboard tab, from what the capabilities before it found.

    The sections stand in the order of their titles in the locale files.
    """
    few = int(book.settings["few"])
    sections: dict[str, Sequence[Line]] = {
        **so_far.lines,
        "overview": _overview(book, so_far),
        "visited": _funnel(so_far, "visited", few, book.words),
        "assumed": _funnel(so_far, "assumed", few, book.words),
        "skipped": _skipped(so_far, book.words),
        "sources": _sources(so_far, book.words),
        "managers": _managers(so_far, few, book.words),
        "problems": _problems(book, so_far.problems),
    }
    titles = book.words.group("dashboard.section")
    placed = notes.place(sections, titles, book)
    lines = ((title, line) for key, title in titles.items() for line in placed.sections[key])
    return Part(tables={"dashboard": table(lines)}, columns={"notes": notes.checks(book, placed)})


def table(lines: Iterable[tuple[str, Line]]) -> pd.DataFrame:
    """Lines with the titles of their sections -> the body of the tab.

    ``share`` is count / of, missing where there is nothing to divide by; ``low`` and ``high`` its
    95 % Wilson interval.
    """
    rows = [
        (section, line.item, line.count, line.of, line.note or None, line.conversion)
        for section, line in lines
    ]
    frame = pd.DataFrame(rows, columns=["section", "item", "count", "of", "note", "conversion"])
    frame = frame.astype({"count": "Int64", "of": "Int64", "note": object, "conversion": bool})
    whole = frame[frame["count"].notna() & frame["of"].notna()]
    shares = interval(whole["count"], whole["of"]).reindex(frame.index)
    shares[["low", "high"]] = shares[["low", "high"]].where(frame["conversion"], axis=0)
    return frame.assign(**shares)[[column.key for column in DASHBOARD.columns]]


def _overview(book: Book, so_far: Results) -> list[Line]:
    kinds = book.leads["kind"].value_counts()
    base = so_far.figures["base"].iloc[0]
    created, opened, won = len(book.leads), int(kinds.get("open", 0)), int(kinds.get("won", 0))
    late = overdue_leads(book.leads, so_far)
    apart = () if pd.isna(book.settings["work_from"]) else ("before", "undated")

    def line(item: str, count: int | None, of: int | None = created, **more: bool) -> Line:
        says = f"dashboard.note.{item}"
        note = book.words(says) if count and says in book.words else ""
        return Line(book.words(f"dashboard.item.{item}"), count, of, note, **more)

    return [
        line("leads", created, None),
        line("open", opened),
        line("won", won, conversion=True),
        *(line(kind, int(kinds.get(kind, 0))) for kind in ("lost", "spam", "partner")),
        line("not_a_lead", int(kinds.get("not_a_lead", 0))),
        line("unknown", int(base["unknown"])),
        line("untouched", int(base["untouched"])),
        *(line(part, int(base[part])) for part in apart),
        line("overdue", None if late is None else int(late.sum()), opened),
        line("unreadable", sum(p.column is not None for p in so_far.problems), None),
    ]


def _funnel(so_far: Results, column: str, few: int, words: Words) -> list[Line]:
    lines = []
    for stage in so_far.figures["funnel"].to_dict("records"):
        said = []
        if stage["few"]:
            said.append(words("dashboard.few", few=few))
        if column == "visited" and isinstance(stage["exceeds"], str):
            said.append(words("dashboard.exceeds", stage=stage["exceeds"]))
        if column == "visited" and stage.get("returned"):
            said.append(words("stages.returned", returned=stage["returned"]))
        lines.append(Line(stage["stage"], stage[column], stage["base"], ". ".join(said), True))
    return lines


def _skipped(so_far: Results, words: Words) -> list[Line]:
    passed = so_far.figures["funnel"].set_index("stage")["passed"].to_dict()
    return [
        # Who got past the stage was either in it or skipped it.
        Line(str(stage), len(lines), passed[stage], _who(lines, words))
        for stage, lines in so_far.figures["skipped"].groupby("stage", sort=False)
    ]


def _who(lines: pd.DataFrame, words: Words) -> str:
    """Whose leads skipped a stage, by source and manager, and the leads themselves."""
    said = [_named(list(lines["lead"]), words)]
    for by in ("source", "manager"):
        counted = lines[by].value_counts()
        if len(counted):
            counts = [f"{name} {n}" for name, n in counted.items()]
            said.append(words(f"dashboard.skipped_by_{by}", counts=_named(counts, words)))
    return ". ".join(said)


def _named(names: list[str], words: Words) -> str:
    named = ", ".join(names[:NAMED])
    rest = len(names) - NAMED
    return named if rest <= 0 else words("dashboard.and_more", named=named, rest=rest)


def _sources(so_far: Results, words: Words) -> list[Line]:
    verdicts = so_far.columns["sources"]["verdict"]
    lines = []
    for line in so_far.figures["sources"].sort_values("rank", kind="stable").to_dict("records"):
        named = isinstance(line["source"], str)
        if not named and not line["leads"]:
            continue
        item = line["source"] if named else words("dashboard.item.no_source")
        note = verdicts[item] if named else words("dashboard.note.no_source")
        lines.append(Line(item, line["won"], line["leads"], note, conversion=True))
    return lines


def _managers(so_far: Results, few: int, words: Words) -> list[Line]:
    verdicts = so_far.columns["team"]["verdict"]
    lines = []
    for line in so_far.figures["team"].to_dict("records"):
        named = isinstance(line["name"], str)
        if not named and not line["leads"]:
            continue
        late = not pd.isna(line["overdue"]) and line["overdue"] > 0
        text = "dashboard.has_overdue" if late else "dashboard.has_open"
        said = [words(text, open=line["open"], overdue=line["overdue"])]
        if named:
            said += [*_index(line, words), verdicts[line["name"]]]
        elif line["leads"] < few:
            said.append(words("dashboard.few", few=few))
        item = line["name"] if named else words("dashboard.item.no_manager")
        lines.append(Line(item, line["won"], line["leads"], ". ".join(said), conversion=True))
    return lines


def _index(line: Mapping[Hashable, Any], words: Words) -> list[str]:
    """A manager's fair index with its interval; nothing where it judges nobody."""
    if line["verdict"] not in JUDGED:
        return []
    index, low, high = (
        decimal(f"{line[key]:.2f}", words) for key in ("index", "index_low", "index_high")
    )
    return [words("dashboard.index", index=index, low=low, high=high)]


def _problems(book: Book, problems: tuple[Problem, ...]) -> list[Line]:
    """One line per kind of problem and column, the most frequent first, each with an example."""
    first: dict[tuple[str, str | None, str], Problem] = {}
    counts: dict[tuple[str, str | None, str], int] = {}
    for problem in problems:
        kind = (problem.tab, problem.column, problem.code)
        first.setdefault(kind, problem)
        counts[kind] = counts.get(kind, 0) + 1
    return [
        Line(_place(book, first[kind]), counts[kind], note=_example(book.words, first[kind]))
        for kind in sorted(counts, key=lambda kind: -counts[kind])
    ]


def _place(book: Book, problem: Problem) -> str:
    words, title = book.words, book.words(f"tabs.{problem.tab}")
    if problem.column is None:
        return title
    header = book.headers.get(problem.column) if problem.tab == "leads" else None
    header = header or words(f"columns.{problem.tab}.{problem.column}")
    return words("dashboard.place", tab=title, header=header)


def _example(words: Words, problem: Problem) -> str:
    # The line names the column already.
    text = sentence(words, replace(problem, column=None))
    return words("dashboard.example", row=problem.row, text=text)


CAPABILITY = Capability(name="dashboard", tabs=(DASHBOARD,), compute=compute)
