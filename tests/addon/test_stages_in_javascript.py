"""The rules of statuses, losses, promises and working days in JavaScript are those of Python."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from hashlib import blake2s
from random import Random
from typing import Any

import pandas as pd
import pytest

from sheetsync import locales
from sheetsync.cells.text import text_of
from sheetsync.crm import kinds
from sheetsync.crm.base import Book, Results
from sheetsync.crm.book import Locale, Raw, understand
from sheetsync.crm.losses import lacking
from sheetsync.crm.model import compute
from sheetsync.crm.published import ADDON
from sheetsync.crm.stages.funnel import Funnel, stages, visits
from sheetsync.crm.working_days import days_off, working_days
from tests.addon.v8 import SHARED, V8

NOW = datetime(2026, 11, 20, 19)
"""A Friday, after the working day."""

TEAM = (("Anna", "operator"), ("Boris", "operator"), ("Vera", "senior"), ("Gleb", "owner"))
COMMENTS = (None, "", " ", "Call him", "call him", "<b>ё</b> שלום 🙂", "=1+1", 7.0)
LEADS = 500


class Case:
    """Random leads of a shop: as Python understands them, and as the add-on sees them."""

    def __init__(self, seed: int, *, days: str, seniors: bool) -> None:
        draw = self.draw = Random(seed)
        words = locales.load("en")
        seeds = kinds.seeds("shop", words)
        team = [row for row in TEAM if seniors or row[1] == "operator"]
        seeds["team"] = [{"name": name, "role": role} for name, role in team]
        for row in seeds["settings"]:
            if row["key"] == "days":
                row["value"] = words(f"choices.days.{days}")
        self.statuses = [row["status"] for row in seeds["statuses"]]
        self.people = [name for name, _ in team]
        self.reasons = [row["reason"] for row in seeds["reasons"]]
        self.leads = [self.lead(n) for n in range(LEADS)]
        self.history = [line for lead in self.leads for line in self.log(lead["id"])]
        steps = [row["id"] for row in seeds["steps"]]
        self.checks = [
            {"lead": lead["id"], **{step: draw.random() < 0.6 for step in steps}}
            for lead in self.leads
            if draw.random() < 0.9
        ]
        self.recorded = {lead["id"]: self.record() for lead in self.leads if draw.random() < 0.9}
        tabs = {**seeds, "leads": self.leads, "history": self.history, "checklist": self.checks}
        self.book: Book = understand(
            {tab: _raw(rows) for tab, rows in tabs.items()},
            headers={},
            locale=Locale(words),
            today=NOW.date(),
            now=NOW,
            recorded=pd.DataFrame.from_dict(self.recorded, orient="index", dtype=object),
        )
        self.results: Results = compute(self.book)

    def some(self, *pool: Any) -> Any:
        return self.draw.choice(pool)

    def day(self) -> date:
        return NOW.date() + timedelta(days=self.draw.randrange(-12, 12))

    def lead(self, n: int) -> dict[str, Any]:
        typed = self.some(*self.statuses, self.statuses[7], self.statuses[7], None, "Nowhere")
        return {
            "id": f"L-{n + 1:05d}",
            "created": self.some(None, datetime(2026, 11, 1)),
            "status": typed.upper() if typed and self.draw.random() < 0.1 else typed,
            "manager": self.some(*self.people, None, "Nobody"),
            "next_action": self.some(None, "tomorrow", *[_midnight(self.day()) for _ in range(8)]),
            "comment": self.some(*COMMENTS),
            "loss_reason": self.some(None, "Because", *self.reasons[:2]),
            "approved_by": self.some(None, *self.people, "vera"),
        }

    def log(self, lead: str) -> list[dict[str, Any]]:
        count = self.some(0, 1, 2, 3, 4)
        return [
            {
                "at": datetime(2026, 11, 8) + timedelta(hours=self.draw.randrange(330)),
                "lead": lead,
                "from": self.some("", *self.statuses),
                "to": self.some("", "Gone", *self.statuses),
                "id": self.some("", f"{lead}/{number}", f"{lead}/{number}"),
            }
            for number in self.draw.sample(range(1, count + 1), count)
        ]

    def record(self) -> dict[str, Any]:
        comment = text_of(self.some(*COMMENTS))
        hashed = blake2s(comment.encode(), digest_size=4).hexdigest() if comment else None
        return {
            "last_status": self.some(None, "Gone", *self.statuses),
            "last_date": self.some(None, _midnight(self.day())),
            "last_comment": hashed,
            "status_owed": self.some(None, None, *self.statuses[6:]),
            "date_owed_since": self.some(None, None, _midnight(self.day())),
        }

    # -- as the add-on sees them -------------------------------------------------------------

    @property
    def model(self) -> dict[str, Any]:
        texts: dict[str, str] = {}
        for row in self.results.tables[ADDON.key].itertuples():
            key = str(row.key).partition("/")[0]
            texts[key] = texts.get(key, "") + str(row.value)
        return {key: json.loads(text) for key, text in texts.items()}

    def seen(self) -> list[dict[str, Any]]:
        checks = {row["lead"]: row for row in self.checks}
        return [
            {
                "cells": _cells(lead),
                "checks": checks.get(lead["id"], {}),
                "recorded": _cells(self.recorded[lead["id"]])
                if lead["id"] in self.recorded
                else None,
                "log": [
                    {"by": "", "comment": "", "via": "", "checksum": "", **_cells(line)}
                    | {"at": line["at"].isoformat()}
                    for line in self.history
                    if line["lead"] == lead["id"]
                ],
            }
            for lead in self.leads
        ]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time())


def _raw(rows: list[dict[str, Any]]) -> Raw:
    frame = pd.DataFrame(rows, dtype=object)
    frame = frame.where(frame.notna(), None)
    for key in ("id", "lead"):
        if key in frame:
            return Raw(frame, frame[key].rename(None))
    return Raw(frame, frame[frame.columns[0]].rename(None))


def _cells(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: {"iso": cell.date().isoformat()} if isinstance(cell, datetime) else cell
        for key, cell in row.items()
    }


@cache
def case(days: str, seniors: bool) -> Case:
    return Case(20261121, days=days, seniors=seniors)


@pytest.fixture(scope="module", params=[("calendar", True), ("working", True), ("calendar", False)])
def some(request: pytest.FixtureRequest) -> Case:
    return case(*request.param)


LOOK = """((each, model, now) => {
  const status = Stages.read(each.cells.status, model);
  const spelt = (name) => Stages.read(name, model) ?? name;
  const log = each.log.map((line) => ({...line, from: spelt(line.from), to: spelt(line.to)}));
  const lines = Log.inOrder(log, now.slice(0, 10) + 'T23:59:59');
  const visited = lines.flatMap((line) => [line.from, line.to]);
  const lead = {status, cells: each.cells, checks: each.checks, history: [], visited};
  const lacks = Stages.lacking(lead, model);
  return {
    due: Stages.due(lead, status, model),
    missing: lacks && lacks.steps,
    lacks: lacks && {steps: lacks.steps.length > 0, reason: lacks.reason, approval: lacks.approval},
    proposed: Stages.isProposed(lead, model),
    needed: Needs.text(lead, model),
    owed: Owed.by(lead, each.recorded, model, now.slice(0, 10)),
    escalated: Escalation.due(lead, lines, model, now),
    skipped: status === null ? [] : Stages.skipped({...lead, status: null}, status, model),
  };
})"""


@pytest.fixture(scope="module")
def looked(some: Case) -> list[dict[str, Any]]:
    words = locales.load("en")
    texts = {key[6:]: text for key, text in words.messages.items() if key.startswith("addon.")}
    columns = words.group("columns.leads")
    config = {"lang": "en", "messages": texts, "tabs": {"leads": {"columns": columns}}}
    with V8(*SHARED, globals={"CONFIG": config}) as v8:
        return v8.each(LOOK, some.seen(), some.model, NOW.isoformat())


def test_the_same_steps_of_a_loss_are_due_and_missing(some: Case, looked: Any) -> None:
    missing = some.results.figures["missing_steps"]
    texts = some.book.steps["step"]
    asking = lacking(some.book).index
    expected = [
        [texts[step] for step in missing.columns if missing.at[lead, step]]
        if lead in asking
        else None
        for lead in some.book.leads.index
    ]
    assert [each["missing"] for each in looked] == expected
    assert any(expected)


def test_losses_lack_the_same(some: Case, looked: Any) -> None:
    lacks = lacking(some.book)
    expected = [
        lacks.loc[lead].to_dict() if lead in lacks.index else None for lead in some.book.leads.index
    ]
    assert [each["lacks"] for each in looked] == expected
    assert [each["proposed"] for each in looked] == some.book.leads["proposed"].tolist()


def test_what_a_loss_needs_is_worded_alike(some: Case, looked: Any) -> None:
    needed = some.results.figures["proposed"]["needed"]
    expected = [needed.get(lead, "") for lead in some.book.leads.index]
    assert [each["needed"] for each in looked] == expected


def test_the_same_comments_are_owed(some: Case, looked: Any) -> None:
    record = some.results.figures["promises"]
    expected = [
        "status" if status else "date" if dated else None
        for status, dated in zip(
            record["status_owed"].notna(), record["date_owed_since"].notna(), strict=True
        )
    ]
    assert [each["owed"] for each in looked] == expected
    assert {None, "status", "date"} == set(expected)


def test_the_same_tasks_go_to_a_senior(some: Case, looked: Any) -> None:
    due = some.results.figures["escalated"]["due"].dt.strftime("%Y-%m-%d")
    assert [each["escalated"] for each in looked] == [
        due.get(lead) for lead in some.book.leads.index
    ]
    assert bool(len(due)) == bool(len(some.people) > 2)


def test_the_same_stages_are_skipped(some: Case, looked: Any) -> None:
    """By the funnel of Python: those skipped with the present status, less those without it."""
    book, log = some.book, some.book.history
    way = stages(book.statuses)

    def skipped(status: pd.Series) -> pd.DataFrame:
        been = visits(status, log, book.statuses.index)
        return Funnel(way, been[way.index]).skipped()

    status = book.leads["status"]
    new = skipped(status) & ~skipped(pd.Series(None, index=status.index, dtype=object))
    expected = [
        [stage for stage in way.index if new.at[lead, stage]] if pd.notna(status[lead]) else []
        for lead in status.index
    ]
    assert [each["skipped"] for each in looked] == expected
    assert any(expected)


@pytest.mark.parametrize("country", ["RU", "US", "KZ", "AE", "XX"])
def test_working_days_are_those_of_python(country: str) -> None:
    first = date(2026, 11, 1)
    weekend, holidays, worked = days_off(country, first, 400)
    off = {
        "weekend": weekend,
        "holidays": [day.isoformat() for day in holidays],
        "worked": [day.isoformat() for day in worked],
    }
    days = [first + timedelta(days=n) for n in range(150)]
    ends = pd.Series(pd.to_datetime(days))
    # How many working days there are from each day to the last one: they fall where one is.
    left = working_days(ends, days[-1] + timedelta(days=1), country).tolist()
    works = [
        day for day, here, after in zip(days, left, [*left[1:], 0], strict=True) if here > after
    ]
    with V8("shared/WorkingDays.js") as v8:
        for n in (1, 3, 7):
            starts = days[:100]
            found = v8.each("WorkingDays.add", [day.isoformat() for day in starts], n, off)
            expected = [[day for day in works if day > start][n - 1] for start in starts]
            assert found == [day.isoformat() for day in expected]
        last = (days[-1] + timedelta(days=1)).isoformat()
        assert v8.each("WorkingDays.between", [d.isoformat() for d in days], last, off) == left
        assert v8.call("WorkingDays.add", "2026-11-21", 0, off) == "2026-11-21"


def test_in_calendar_days_every_day_counts() -> None:
    nothing: dict[str, list[str]] = {"weekend": [], "holidays": [], "worked": []}
    with V8("shared/WorkingDays.js") as v8:
        assert v8.call("WorkingDays.add", "2026-12-30", 7, nothing) == "2027-01-06"
