"""Promises put off, and changes that nobody explained.

What a lead's status, next action and comment were when they were last seen is recorded beside its
id, in columns that no tab of people shows; a refresh compares them with what stands there now. So
several changes between two refreshes are one, and a lead without a record (a new one, or all of
them in a CRM of an earlier version) owes nothing yet.

How we count
------------
- A *push* is the next action of an open lead moved to a later day: the same task is put off. An
  earlier day is none, nor is a first date. A cleared date is remembered: a later one set afterwards
  is a push.
- A date that moves together with the status to a *new step* is a new promise and no push. A step is
  new when the lead went to a later stage, woke from a parked one, or was opened again. Parking is
  none: it puts off what was promised.
- All pushes of a lead are counted for good; those of its present step begin anew with each step,
  and from so many on as Settings say they are flagged.
- A comment is owed for a change to a status that asks for one (Statuses), and for each push unless
  Settings say otherwise. It is owed until the comment says something that it did not say when it
  was last seen; so one comment, written with the change or after it, answers for all. Closed leads,
  and those whose loss is proposed, owe none for a date.
- A cell that can't be understood changes nothing of the record, and neither does a status that
  Statuses does not know any more: it was renamed, not left.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sheetsync.cells.base import distinct, spread
from sheetsync.crm.base import Book, Capability, Part, Results, Setting, no_flags
from sheetsync.crm.flagging import flag
from sheetsync.crm.groups import at_work, counted, places
from sheetsync.crm.record import RECORD
from sheetsync.crm.saying import day
from sheetsync.layout import Column

PUT_OFF = 75
"""Severity of a date put off again and again: no better than stuck, but somebody does set dates."""

UNEXPLAINED = 50
"""Severity of a comment that is owed: as a step not ticked, it can still be done."""

_SHOWN = Column("pushes", "tool", "integer", width=90)
_OF_TEAM = (
    Column("pushes", "tool", "integer", width=90),
    Column("comments_owed", "tool", "integer", width=110),
)

Texts = npt.NDArray[np.object_]


def updated(book: Book) -> pd.DataFrame:
    """The record of each lead as it has to be after this refresh.

    Returns
    -------
    DataFrame with the columns of :data:`~sheetsync.crm.record.RECORD`, indexed by lead id
        Dates datetime64, counts Int64 (missing for none), the rest text.
    """
    leads, statuses = book.leads, book.statuses
    before = book.recorded.reindex(leads.index)
    today = pd.Timestamp(book.today)
    status, was = leads["status"].astype(object), before["last_status"]
    known = status.notna()
    is_open, kind_known = at_work(leads), leads["kind"].notna()
    due = leads["next_action"].dt.normalize()
    comment = _hashes(leads["comment"])
    explained = comment.notna() & comment.ne(before["last_comment"])

    changed = known & was.isin(statuses.index) & status.ne(was)
    new_step = changed & _is_new_step(was, status, statuses)
    pushed = is_open & due.gt(before["last_date"]) & ~new_step
    first = before["put_off_from"].mask(new_step)
    more = pushed.astype("Int64")
    put_off = before["put_off"].fillna(0).mask(new_step, 0) + more

    asking = statuses.index[statuses["needs_comment"]]
    asked = changed & status.isin(asking) & ~explained
    still = before["status_owed"].isin(asking) & ~explained
    of_date = before["date_owed_since"].mask(pushed, today)
    owes_date = (is_open | ~kind_known) & ~explained & (book.settings["ask_why_moved"] == "yes")
    return pd.DataFrame(
        {
            "last_status": _either(known, status, was),
            "last_date": due.where(known).fillna(before["last_date"]),
            "last_comment": _either(comment.notna(), comment, before["last_comment"]),
            "pushed": _some(before["pushed"].fillna(0) + more),
            "put_off": _some(put_off),
            "put_off_from": first.fillna(before["last_date"].where(pushed)),
            "status_owed": _either(asked, status, _either(still, before["status_owed"])),
            "status_owed_since": before["status_owed_since"].where(still).mask(asked, today),
            "date_owed_since": of_date.where(owes_date),
        },
        index=leads.index,
    )


def pushes(book: Book) -> pd.Series:
    """How often the date of each lead was pushed (Int64, by lead id); missing where it never had
    a date that was seen."""
    return _pushes(updated(book))


def compute(book: Book, _so_far: Results) -> Part:
    """The record, the pushes beside each lead and each manager, and flags.

    Figures: ``promises``, the record, by lead id; ``manager_promises``: manager (missing in the
    last line: of nobody known), pushes of his leads, comments_owed (leads that owe one). His leads
    are those that conversions count.
    """
    now = updated(book)
    beside = now.assign(pushes=_pushes(now))
    team = _by_manager(book, now)
    shown = team.iloc[: len(book.team)].set_index("manager")
    flags = [frame for frame in _flags(book, now) if len(frame)]
    return Part(
        columns={"leads": beside, "team": shown},
        flags=pd.concat(flags, ignore_index=True) if flags else no_flags(),
        figures={"promises": now, "manager_promises": team},
    )


def _is_new_step(was: pd.Series, status: pd.Series, statuses: pd.DataFrame) -> pd.Series:
    """Where a change of status begins a new step; both statuses are known ones."""
    opened = ~was.map(statuses["kind"]).isin(["open"])
    woke = was.isin(statuses.index[statuses["parks"]])
    further = status.map(statuses["order"]).gt(was.map(statuses["order"]))
    parked = status.isin(statuses.index[statuses["parks"]])
    return (opened | woke | further) & ~parked


def _hashes(texts: pd.Series) -> pd.Series:
    """8 hex digits of BLAKE2s of each text, None where there is none; each different text once."""
    found, places = distinct(texts)
    return spread([text and _hash(text) for text in found], places, texts.index)


def _hash(text: str) -> str:
    return hashlib.blake2s(text.encode(errors="replace"), digest_size=4).hexdigest()


def _either(here: pd.Series, one: pd.Series, other: pd.Series | None = None) -> pd.Series:
    """Texts of one column where ``here``, else of the other, or none."""
    chosen: Texts = np.full(len(one), None) if other is None else other.to_numpy(dtype=object)
    chosen = np.where(here.to_numpy(dtype=bool), one.to_numpy(dtype=object), chosen)
    chosen[pd.isna(chosen)] = None
    return pd.Series(chosen, index=one.index, dtype=object)


def _some(count: pd.Series) -> pd.Series:
    """A count, missing where it is none."""
    return count.mask(count.eq(0))


def _pushes(now: pd.DataFrame) -> pd.Series:
    return now["pushed"].fillna(0).where(now["last_date"].notna())


def _by_manager(book: Book, now: pd.DataFrame) -> pd.DataFrame:
    leads, names = counted(book), book.team.index
    place, mine = places(leads["manager"], names), now.loc[leads.index]
    owes = mine["status_owed"].notna() | mine["date_owed_since"].notna()
    sums = {"pushes": mine["pushed"].fillna(0), "comments_owed": owes}
    return pd.DataFrame(
        {
            "manager": pd.Series([*names, None], dtype=object),
            **{
                key: pd.Series(
                    np.bincount(place, count.to_numpy(dtype=np.float64), len(names) + 1)
                ).astype("Int64")
                for key, count in sums.items()
            },
        }
    )


def _flags(book: Book, now: pd.DataFrame) -> Iterator[pd.DataFrame]:
    words, border = book.words, int(book.settings["most_pushes"])

    def text(key: str, since: Any, **values: Any) -> str:
        return words(f"promises.{key}", day=_day(since, book), **values)

    if border:
        yield flag(
            "promises.put_off",
            PUT_OFF,
            at_work(book.leads) & now["put_off"].ge(border),
            lambda n, first: text("put_off", first, n=n),
            now["put_off"],
            now["put_off_from"],
        )
    yield flag(
        "promises.status",
        UNEXPLAINED,
        now["status_owed"].notna(),
        lambda status, since: text("status", since, status=status),
        now["status_owed"],
        now["status_owed_since"],
    )
    yield flag(
        "promises.date",
        UNEXPLAINED,
        now["date_owed_since"].notna(),
        lambda since: text("date", since),
        now["date_owed_since"],
    )


def _day(when: date, book: Book) -> str:
    # Only a record that somebody damaged lacks the day.
    return "–" if pd.isna(when) else day(when, book.words)


CAPABILITY = Capability(
    name="promises",
    columns={"leads": (_SHOWN, *RECORD), "team": _OF_TEAM},
    settings=(
        Setting("ask_why_moved", "yes", "yes_no"),
        Setting("most_pushes", 3, "integer"),
    ),
    compute=compute,
)
