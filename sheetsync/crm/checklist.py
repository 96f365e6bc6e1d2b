"""The checklist: the steps every lead needs, ticked by people.

A step is due once its lead has reached the status that the step must come before: it should have
been done by then. A step without such a status is due when the lead stands in a status that closes
it, whether or not the loss is approved (:mod:`sheetsync.crm.losses`).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable

import numpy as np
import pandas as pd

from sheetsync.crm.base import FLAG_COLUMNS, Book, Capability, Part, Results, no_flags
from sheetsync.crm.groups import at_work
from sheetsync.crm.stages.funnel import visits
from sheetsync.layout import Choice, Column, Tab

CLOSED_WITHOUT = 90
"""Severity of a lead closed without a required step: a broken rule, but no promise to a client."""

OPEN_WITHOUT = 50
"""Severity of an open lead that went past a required step: it can still be done."""

STEPS = Tab(
    key="steps",
    row_key="id",
    ids="S-{:02d}",
    hidden=True,
    columns=(
        Column("id", "tool", "id", width=60, required=True),
        Column("step", width=240, required=True),
        Column("before", type="choice", choice=Choice(column="statuses.status"), width=170),
        Column("deadline", type="number", width=110),
        Column("required", type="checkbox", width=100),
        Column("check", "tool", "long_text", width=260),
    ),
)

CHECKLIST = Tab(
    key="checklist",
    row_key="lead",
    frozen=2,
    columns=(
        Column("lead", "tool", "id", width=80, required=True),
        Column("name", "tool", width=160),
        Column("status", "tool", width=140),
    ),
)


def step_columns(steps: Iterable[tuple[str, str]]) -> tuple[Column, ...]:
    """The checkbox columns of the Checklist tab for (step id, step text) pairs."""
    return tuple(Column(step_id, type="checkbox", width=120, title=text) for step_id, text in steps)


def due_steps(book: Book, status: pd.Series) -> pd.DataFrame:
    """Which steps should be done by now.

    Parameters
    ----------
    status : where each of some leads stands, by lead id

    Returns
    -------
    DataFrame of bool, shape (leads, steps), indexed by lead id, a column per step id
        A step before an open or won status is due when the lead has been in that status or in one
        further on, or is won; a step before any other status, only in that very status; a step
        before no status, once the lead stands in a status of kind won or lost.
    """
    been = visits(status, book.history, book.statuses.index)
    kind = status.map(book.statuses["kind"])
    won, closed = kind.isin(["won"]), kind.isin(["won", "lost"])
    forward = book.statuses["kind"].isin(["open", "won"])
    due: dict[Hashable, pd.Series] = {}
    for step, before in book.steps["before"].items():
        if pd.isna(before):
            due[step] = closed
        elif forward[before]:
            order = book.statuses["order"]
            further = book.statuses.index[forward & (order >= order[before])]
            due[step] = been[further].any(axis=1) | won
        else:
            due[step] = status.isin([before])
    return pd.DataFrame(due, index=status.index, dtype=bool)


def missing_steps(book: Book, status: pd.Series) -> pd.DataFrame:
    """Which required steps are due and not ticked.

    Parameters
    ----------
    status : as for :func:`due_steps`

    Returns
    -------
    DataFrame of bool, shape (leads, required steps), indexed by lead id, a column per step id
    """
    required = book.steps.index[book.steps["required"]]
    done = book.checks.reindex(index=status.index, columns=required, fill_value=False)
    return due_steps(book, status)[required] & ~done


def step_lists(missing: pd.DataFrame, steps: pd.DataFrame) -> pd.Series:
    """The texts of the missing steps of each lead, joined by commas; "" where none is missing.

    Parameters
    ----------
    missing : of :func:`missing_steps`
    steps : of the book
    """
    # Few leads share few patterns of missing steps: each text is made once.
    bits = missing.to_numpy() @ (1 << np.arange(missing.shape[1], dtype=object))
    names = steps.loc[missing.columns, "step"].tolist()
    texts = {
        pattern: ", ".join(name for i, name in enumerate(names) if pattern >> i & 1)
        for pattern in set(bits)
    }
    return pd.Series([texts[pattern] for pattern in bits], missing.index, dtype=object)


def compute(book: Book, so_far: Results) -> Part:  # noqa: ARG001
    """Name and status beside the ticks, lines for new leads, flags for steps not done.

    Figures: ``missing_steps``, of :func:`missing_steps`.
    """
    leads = book.leads
    new = leads.index[~leads.index.isin(book.checks.index)]
    shown = pd.DataFrame({"name": leads["name"], "status": leads["status"]}, index=leads.index)
    appended = pd.DataFrame({"lead": new, "name": shown.loc[new, "name"].to_numpy()})
    appended["status"] = shown.loc[new, "status"].to_numpy()
    missing = missing_steps(book, leads["status"])
    return Part(
        columns={"checklist": shown},
        appends={"checklist": appended} if len(new) else {},
        flags=_flags(book, missing),
        figures={"missing_steps": missing},
    )


def _flags(book: Book, missing: pd.DataFrame) -> pd.DataFrame:
    closed = book.leads["kind"].isin(["won", "lost"])
    # What a proposed loss lacks is said with the loss.
    lacking = missing[missing.any(axis=1) & (closed | at_work(book.leads))]
    if lacking.empty:
        return no_flags()
    frame = pd.DataFrame({"lead": lacking.index, "closed": closed[lacking.index].to_numpy()})
    frame["severity"] = np.where(frame["closed"], CLOSED_WITHOUT, OPEN_WITHOUT)
    frame["code"] = np.where(frame["closed"], "checklist.closed_without", "checklist.open_without")
    steps = step_lists(lacking, book.steps)
    texts = {
        (code, names): book.words(code, steps=names)
        for code, names in set(zip(frame["code"], steps, strict=True))
    }
    frame["text"] = [texts[line] for line in zip(frame["code"], steps, strict=True)]
    return pd.DataFrame(frame, columns=list(FLAG_COLUMNS))


CAPABILITY = Capability(name="checklist", tabs=(CHECKLIST, STEPS), compute=compute)
