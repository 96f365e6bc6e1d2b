"""Random shops with messy logs for tests, and the same shops as tables for SQL."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from sheetsync.crm import base
from sheetsync.crm.losses import kept_open
from tests.crm.books import NO_RESULTS, NOW, SOURCES, TEAM, make_book

STATUSES = (
    # status, kind, order, may_skip
    ("New", "open", 1, True),
    ("Called", "open", 2, False),
    ("Meeting", "open", 3, False),
    ("Site visit", "open", 3, True),
    ("Proposal", "open", 4, False),
    ("Won", "won", 5, False),
    ("Won again", "won", 6, True),
    ("Lost", "lost", 7, False),
    ("Spam", "spam", 8, False),
    ("Partner", "partner", 9, False),
    ("Not a lead", "not_a_lead", 10, False),
)


def random_shop(seed: int, leads: int, lines: int, **more: Any) -> base.Book:
    """A shop whose log has loops, backdated, future and undated lines, equal times, statuses and
    leads that no longer exist; some leads have no status, date, source or manager."""
    rng = np.random.default_rng(seed)
    names = np.array([row[0] for row in STATUSES], dtype=object)

    def some(values: Sequence[Any], n: int, missing: float = 0.05) -> np.ndarray:
        picked = rng.choice(np.array(values, dtype=object), n)
        picked[rng.random(n) < missing] = None
        return picked

    ids = np.array([f"L-{n + 1:05d}" for n in range(leads)], dtype=object)
    created = pd.Timestamp("2026-02-01") + pd.to_timedelta(rng.integers(0, 300, leads), "D")
    lead_table = pd.DataFrame(
        {
            "id": ids,
            "created": pd.Series(created).mask(rng.random(leads) < 0.05),
            "status": some([*names, *["New"] * 8], leads),
            "source": some(SOURCES["en"], leads),
            "manager": some(TEAM["en"], leads),
        }
    )
    minutes = pd.to_timedelta(rng.integers(-400 * 24, 24, lines), "h")  # few hours: many ties
    gone = ["Renamed away", "L-99999"]
    history = pd.DataFrame(
        {
            "at": pd.Series(pd.Timestamp(NOW) + minutes).mask(rng.random(lines) < 0.05),
            "lead": rng.choice(np.append(ids, gone[1]), lines) if leads else gone[1],
            "from_status": some([*names, gone[0], ""], lines),
            "to_status": some([*names, gone[0]], lines, missing=0.02),
            "id": [f"old-{n}" for n in range(lines)],
        }
    )
    statuses = pd.DataFrame(STATUSES, columns=["status", "kind", "order", "may_skip"])
    return make_book(leads=lead_table, history=history, statuses=statuses, **more)


def sql(query: str, **tables: pd.DataFrame) -> pd.DataFrame:
    """What DuckDB answers over the given tables."""
    with duckdb.connect() as connection:
        for name, table in tables.items():
            plain = table.copy()
            for column in plain.columns:
                if not pd.api.types.is_numeric_dtype(
                    plain[column]
                ) and not pd.api.types.is_datetime64_any_dtype(plain[column]):
                    plain[column] = plain[column].astype(object).where(plain[column].notna(), None)
            connection.register(name, plain)
        return connection.execute(query).df()


def tables(book: base.Book) -> dict[str, pd.DataFrame]:
    """The book for :func:`sql`: leads (id, created, status, kind, proposed, source, manager,
    next_action, loss_reason, approved_by), statuses, history (n counts its lines)."""
    columns = ["created", "status", "kind", "proposed", "source", "manager"]
    leads = book.leads[[*columns, "next_action", "loss_reason", "approved_by"]]
    history = book.history[["at", "lead", "from_status", "to_status", "id"]]
    return {
        "leads": leads.reset_index(names="id"),
        "statuses": book.statuses.reset_index(names="status"),
        "history": history.assign(n=range(len(history))),
    }


def run(book: base.Book, *computes: Callable[..., base.Part]) -> base.Results:
    """Results of some capabilities, one after the other."""
    results = base.Results(**{**vars(NO_RESULTS), "problems": book.problems})
    for compute in computes:
        part = compute(book, results)
        columns = dict(results.columns)
        for tab, frame in part.columns.items():
            columns[tab] = columns[tab].join(frame) if tab in columns else frame
        results = base.Results(
            columns=columns,
            tables={**results.tables, **part.tables},
            appends={**results.appends, **part.appends},
            flags=pd.concat([results.flags, part.flags], ignore_index=True),
            problems=results.problems + part.problems,
            figures={**results.figures, **part.figures},
            lines={**results.lines, **part.lines},
        )
    return results


def after(book: base.Book, results: base.Results) -> base.Book:
    """The book as the next refresh reads it: the appended lines stand in History."""
    new = results.appends.get("history")
    if new is None:
        return book
    lines = new.rename(columns={"from": "from_status", "to": "to_status"})
    history = pd.concat([book.history.astype(object), lines.astype(object)], ignore_index=True)
    history["at"] = pd.to_datetime(history["at"])
    return base.Book(**{**vars(book), "history": history})


STEPS = (
    # id, before, required
    ("S-01", "Called", True),
    ("S-02", "Proposal", True),
    ("S-03", "Lost", True),
    ("S-04", None, True),
    ("S-05", "Called", False),
)


def controlled_shop(seed: int, leads: int = 400) -> base.Book:
    """A random shop whose status Lost needs approval: half of its leads are lost, with steps,
    reasons and names missing here and there; next actions are due around today, and most leads
    came into their status in the last weeks."""
    book = random_shop(
        seed,
        leads,
        3 * leads,
        team=[
            {"name": "Anna"},
            {"name": "Boris"},
            {"name": "Irene", "role": "senior"},
            {"name": "Victor", "role": "owner"},
        ],
        steps=[
            {"id": step, "step": f"Step {step}", "before": before, "required": required}
            for step, before, required in STEPS
        ],
    )
    rng = np.random.default_rng(seed)
    lost = rng.random(leads) < 0.5
    approver = rng.choice(np.array(["Irene", "Victor", "Boris", None], dtype=object), leads)
    days = pd.to_timedelta(rng.integers(-8, 5, leads), "D")
    names = [*TEAM["en"], "Irene"]
    known = book.leads.assign(
        status=book.leads["status"].mask(lost, "Lost"),
        manager=rng.choice(np.array([*names, None], dtype=object), leads),
        loss_reason=rng.choice(np.array([*["Price"] * 9, None], dtype=object), leads),
        approved_by=approver,
        next_action=pd.Series(pd.Timestamp(book.today) + days, book.leads.index).mask(
            rng.random(leads) < 0.2
        ),
    )
    known["kind"] = known["status"].map(book.statuses["kind"])
    came = known[known["status"].notna().to_numpy() & (rng.random(leads) < 0.7)]
    hours = pd.to_timedelta(rng.integers(-20 * 24, 24, len(came)), "h")
    last = pd.DataFrame({"at": pd.Timestamp(NOW) + hours, "lead": came.index})
    last = last.assign(
        to_status=came["status"].to_numpy(), id=[f"new-{n}" for n in range(len(came))]
    )
    ticked = rng.random((leads, len(STEPS))) < 0.93
    return kept_open(
        replace(
            book,
            leads=known,
            history=pd.concat([book.history, last], ignore_index=True),
            statuses=book.statuses.assign(needs_approval=book.statuses.index == "Lost"),
            checks=pd.DataFrame(ticked, known.index, [step for step, *_ in STEPS]),
        )
    )


def ticks(book: base.Book) -> pd.DataFrame:
    """The ticked steps for :func:`sql`: lead, step."""
    lead, step = book.checks.to_numpy().nonzero()
    return pd.DataFrame({"lead": book.checks.index[lead], "step": book.checks.columns[step]})
