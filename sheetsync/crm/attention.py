"""Attention: every flag of a lead in one cell, worst first, each saying what to do.

Also what could not be understood in the rows of the other tabs, in their Check columns.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sheetsync.crm.base import Book, Capability, Part, Problem, Results
from sheetsync.layout import Column, Rule, Style
from sheetsync.locales import Words

UNREADABLE = 70
"""Severity of a cell that could not be understood: below broken promises, above what is missing."""

_READ = (
    "created",
    "phone",
    "email",
    "source",
    "channel",
    "budget",
    "segment",
    "status",
    "manager",
    "next_action",
    "amount",
    "loss_reason",
    "approved_by",
)

_CHECKED = ("reasons", "statuses", "scoring", "sources", "steps", "script", "team", "settings")


def sentence(words: Words, problem: Problem, header: str | None = None) -> str:
    """A problem as people read it: the column, what is typed there, what to type instead.

    ``header`` is the column's header as it stands; without it the layout's own is used.
    """
    text = words(f"problems.{problem.code}", typed=problem.typed, hint=problem.hint)
    if problem.hint and "{hint}" not in str(words.messages[f"problems.{problem.code}"]):
        text += words("attention.hint", hint=problem.hint)
    if problem.column is None:
        return text
    title = header or words(f"columns.{problem.tab}.{problem.column}")
    return words("attention.cell", header=title, text=text)


def compute(book: Book, so_far: Results) -> Part:
    """The Attention column of Leads, the keys of its unreadable cells, and the Check columns."""
    flags = pd.concat([so_far.flags, _misfits(book, so_far.problems)], ignore_index=True)
    flags = flags[flags["lead"].isin(book.leads.index)]
    flags = flags.sort_values(
        ["severity", "code"], ascending=[False, True], kind="stable"
    ).drop_duplicates(["lead", "text"])
    attention = flags.groupby("lead")["text"].agg("; ".join)
    unreadable = book.unreadable.reindex(columns=[k for k in _READ if k in book.unreadable])
    wrong = unreadable.to_numpy(dtype=bool)
    marks = np.full(len(wrong), None, dtype=object)
    for row in np.flatnonzero(wrong.any(axis=1)):
        marks[row] = "|" + "".join(f"{key}|" for key in unreadable.columns[wrong[row]])
    leads = pd.DataFrame(
        {
            "attention": attention.reindex(book.leads.index),
            "problems": marks,
            "kind": _kinds(book),
        },
        index=book.leads.index,
    )
    columns = {"leads": leads}
    for tab in _CHECKED:
        columns[tab] = _checks(book.words, tab, so_far.problems)
    return Part(columns=columns, figures={"flags": flags.reset_index(drop=True)})


def _kinds(book: Book) -> pd.Series:
    kinds: pd.Series = book.leads["kind"].map(book.words.group("choices.kind"))
    return kinds.mask(book.leads["proposed"], book.words("losses.kind"))


def _misfits(book: Book, problems: tuple[Problem, ...]) -> pd.DataFrame:
    rows = [
        (p.key, UNREADABLE, p.code, sentence(book.words, p, book.headers.get(p.column or "")))
        for p in problems
        if p.tab == "leads"
    ]
    return pd.DataFrame(rows, columns=["lead", "severity", "code", "text"])


def _checks(words: Words, tab: str, problems: tuple[Problem, ...]) -> pd.DataFrame:
    said: dict[str, list[str]] = {}
    for problem in problems:
        if problem.tab == tab and problem.key is not None:
            said.setdefault(problem.key, []).append(sentence(words, problem))
    return pd.DataFrame(
        {"check": pd.Series({key: "; ".join(texts) for key, texts in said.items()}, dtype=object)}
    )


CAPABILITY = Capability(
    name="attention",
    columns={
        "leads": (
            Column("attention", "tool", "long_text", width=360),
            # Names the cells that could not be understood, "|phone|budget|", for their colour.
            Column("problems", "tool", hidden=True),
            # What the status was understood as, for the colours of one that is typed another way.
            Column("kind", "tool", hidden=True),
            Column("fingerprint", "tool", shown=False),
            # 1 while the lead has a row; its line stays when the row is gone.
            Column("seen", "tool", "integer", shown=False),
        )
    },
    rules=tuple(
        Rule(
            f"leads.unreadable_{key}",
            "leads",
            (key,),
            f'ISNUMBER(SEARCH("|{key}|";{{problems}}))',
            Style("E7C6F2", "5B1470"),
        )
        for key in _READ
    ),
    compute=compute,
)
