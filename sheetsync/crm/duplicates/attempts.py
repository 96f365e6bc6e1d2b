"""Who came back: a new attempt of somebody whose earlier leads were closed by then.

How we tell
-----------
- A lead is *closed* when it is won or lost. Spam, partners and what is no lead close nothing and
  open nothing.
- *When* it was closed is its last line of History into the status it is in. A line without a status
  before it only says that it was closed by then (the shop began to keep History later).
- A lead is a *new attempt* of a person when it was created on a later day than all leads of that
  person's attempt before it, all of which were closed by that day. Where it isn't known when,
  those that are closed now count as closed by then.
- Otherwise it is a duplicate within the attempt.
- A lead that was reopened on a later day than it was closed makes a new attempt in its own row. A
  loss that was proposed and given back without anybody's approval closed nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

CLOSED = ("won", "lost")
NO_CLIENTS = ("spam", "partner", "not_a_lead")

_LINE = ("lead", "previous", "number", "outcome", "closed_at")
_NEVER = np.iinfo(np.int64).max
_DAY = "datetime64[D]"


@dataclass(frozen=True)
class Attempts:
    """Persons' leads, attempt by attempt.

    Parameters
    ----------
    first : array of int, shape (n,): the first lead of each lead's attempt; of clients, if there
        are any in it
    number : array of int, shape (n,): which attempt of its person that is, from 1
    lines : DataFrame, a line per further attempt: lead, previous (rows; equal where a lead was
        reopened), number, outcome ("won" or "lost"), closed_at (datetime64, missing where it isn't
        known)
    """

    first: npt.NDArray[np.int64]
    number: npt.NDArray[np.int64]
    lines: pd.DataFrame


class _Start(NamedTuple):
    """Where an attempt begins: the day; which part of its person's leads it is, or more than there
    are where a lead was reopened; its lead; and of what came before, if it is not the first: the
    lead, how it ended and when."""

    day: int
    place: int
    row: int
    previous: int | None = None
    outcome: str | None = None
    closed_at: object = None


@dataclass(frozen=True)
class Lives:
    """When leads were created and closed, as days since 1970; the earliest lead first.

    Parameters
    ----------
    created : array of int; missing is after every day
    closed : array of int; before every day where it is closed and not known since when, after
        every day where it isn't closed
    client : array of bool: it is neither spam nor a partner nor no lead
    """

    created: npt.NDArray[np.int64]
    closed: npt.NDArray[np.int64]
    client: npt.NDArray[np.bool_]

    def over_by(self, rows: Sequence[int], later: int) -> bool:
        """Whether some leads were all closed when another was created, on a later day."""
        day = self.created[later]
        return bool(rows) and all(
            (self.created[row] < day or self.created[row] == _NEVER)
            and self.closed[row] <= day
            and day != _NEVER
            for row in rows
        )


@dataclass(frozen=True)
class Closings:
    """When leads were closed, shape (n,) each.

    Parameters
    ----------
    closed : array of bool
    at : array of datetime64, missing where History has no such line
    known : array of bool; False where ``at`` is only when it was found closed
    """

    closed: npt.NDArray[np.bool_]
    at: npt.NDArray[np.datetime64]
    known: npt.NDArray[np.bool_]


def closings(leads: pd.DataFrame, log: pd.DataFrame) -> Closings:
    """When each closed lead was closed.

    Parameters
    ----------
    leads : DataFrame indexed by lead id: status, kind
    log : lines in order: lead, from_status ("" for none), to_status, at
    """
    closed = leads["kind"].isin(CLOSED).to_numpy(dtype=bool)
    status = dict(zip(leads.index[closed], leads["status"].to_numpy()[closed], strict=True))
    lines = enumerate(zip(log["lead"].tolist(), log["to_status"].tolist(), strict=True))
    last = {lead: place for place, (lead, to) in lines if status.get(lead) == to}
    places = np.array([last.get(lead, -1) for lead in leads.index.tolist()], dtype=np.int64)
    at = np.append(log["at"].to_numpy(dtype="datetime64[us]"), np.datetime64("NaT"))[places]
    before = np.append(log["from_status"].to_numpy(dtype=object), "")[places]
    return Closings(closed, at, ~np.isnat(at) & (before != ""))


def lives(leads: pd.DataFrame, closings: Closings) -> Lives:
    """Days of leads that are sorted with the earliest first."""
    # What was found closed was closed by then: of no help for those who came before that.
    when = np.where(closings.known, _days(closings.at), np.iinfo(np.int64).min)
    return Lives(
        _days(leads["created"].to_numpy(dtype="datetime64[us]")),
        np.where(closings.closed, when, _NEVER),
        ~leads["kind"].isin(NO_CLIENTS).to_numpy(dtype=bool),
    )


def _days(times: npt.NDArray[np.datetime64]) -> npt.NDArray[np.int64]:
    days = times.astype(_DAY)
    return np.where(np.isnat(days), _NEVER, days.astype(np.int64))


def reopenings(log: pd.DataFrame, was: pd.Series, now: pd.Series) -> pd.DataFrame:
    """When closed leads were opened again, on a later day than they were closed.

    Parameters
    ----------
    log : lines in order: lead, at
    was, now : the kinds of the statuses that each line leads from and to

    Returns
    -------
    DataFrame, in order: lead, at, outcome, closed_at (missing where the log has no such line)
    """
    lines = pd.DataFrame({"lead": log["lead"], "at": log["at"], "outcome": was})
    again = (was.isin(CLOSED) & now.eq("open")).to_numpy(dtype=bool)
    lines["closed_at"] = lines["at"].where(now.isin(CLOSED)).groupby(lines["lead"]).ffill()
    later = ~(lines["at"].dt.normalize() <= lines["closed_at"].dt.normalize())
    found: pd.DataFrame = lines[again & later.to_numpy(dtype=bool)]
    return found


def attempts(
    groups: npt.NDArray[np.int64], of: Lives, leads: pd.DataFrame, reopened: pd.DataFrame
) -> Attempts:
    """Part the leads of every person into attempts.

    Parameters
    ----------
    groups : array of int, shape (n,): the person of each lead
    of : their days
    leads : DataFrame, shape (n, ...), the earliest first: kind, closed_at
    reopened : of :func:`reopenings`, ``lead`` as a row number
    """
    first, number = np.arange(len(groups)), np.ones(len(groups), dtype=np.int64)
    again: dict[int, list[_Start]] = {}
    columns = (reopened[name].tolist() for name in ("lead", "outcome", "closed_at"))
    days = _days(reopened["at"].to_numpy(dtype="datetime64[us]")).tolist()
    for day, row, outcome, at in zip(days, *columns, strict=True):
        again.setdefault(row, []).append(_Start(day, len(groups), row, row, outcome, at))
    size = np.bincount(groups, minlength=len(groups))
    one = size[groups] == 1
    alone = np.zeros(len(groups), dtype=bool)
    alone[np.array(list(again), dtype=np.int64)] = True
    rows = np.flatnonzero(~one | alone)
    found: list[tuple[int, int, int, str | None, object]] = []
    kind, closed_at = leads["kind"].to_numpy(), leads["closed_at"].to_numpy()
    for person in together(rows, groups):
        parts = _parts(person, of)
        starts: list[_Start] = []
        for place, part in enumerate(parts):
            clients = [row for row in part if of.client[row]] or part
            first[part] = clients[0]
            start = _Start(int(of.created[clients[0]]), place, clients[0])
            if place:
                before = [row for row in parts[place - 1] if of.client[row]]
                last = max(before, key=lambda row: (of.closed[row], row))
                start = _Start(*start[:3], last, kind[last], closed_at[last])
            starts.append(start)
        starts += [start for row in person for start in again.get(row, ())]
        for nth, start in enumerate(sorted(starts, key=lambda start: start[:3]), 1):
            if start.place < len(parts):
                number[parts[start.place]] = nth
            if start.previous is not None:
                found.append((start.row, start.previous, nth, start.outcome, start.closed_at))
    lines = pd.DataFrame(found, columns=list(_LINE))
    lines = lines.astype({"lead": "int64", "previous": "int64", "number": "int64"})
    lines["closed_at"] = pd.to_datetime(lines["closed_at"]).astype("datetime64[us]")
    return Attempts(first, number, lines.sort_values(["lead", "number"], ignore_index=True))


def together(rows: npt.NDArray[np.int64], groups: npt.NDArray[np.int64]) -> Iterable[list[int]]:
    """Some rows, those of one group together, in the order of the groups."""
    found: dict[int, list[int]] = {}
    for row, group in zip(rows.tolist(), groups[rows].tolist(), strict=True):
        found.setdefault(group, []).append(row)
    return (found[group] for group in sorted(found))


def _parts(person: Sequence[int], of: Lives) -> list[list[int]]:
    """The leads of a person, the earliest first, parted into attempts."""
    parts: list[list[int]] = [[]]
    clients: list[int] = []
    for row in person:
        if of.client[row]:
            if of.over_by(clients, row):
                parts.append([])
                clients = []
            clients.append(row)
        parts[-1].append(row)
    return parts
