"""History as a log: its lines in the order in which they happened.

How we order
------------
- Lines follow each other by the numbers in their ids (``L-00012/3``), which need no clock: two
  machines whose clocks differ log one after the other.
- Lines without a number stand where their time puts them, ties in sheet order.
- A line without a time, or with one after ``now``, stands where the sheet has it: no earlier than
  the lead's lines above it. So a mistyped year can't outlive what is logged after it.
- When a refresh and the add-on log the same move in the same moment, neither sees the other's line,
  and both give it the same id. It is one move: the first of the two counts.
"""

from __future__ import annotations

from datetime import date, datetime, time

import numpy as np
import numpy.typing as npt
import pandas as pd

from sheetsync.crm.base import Results

_LONGEST = 10
"""A longer run of digits is no number of ours (a telephone, a time stamp)."""


def whole_log(history: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """History with the lines about to be appended, each move once: at, lead, from_status,
    to_status ("" for none), via, id."""

    def both(column: str, of_new: str) -> npt.NDArray[np.object_]:
        frames = (history[column], new[of_new])
        return np.concatenate([frame.to_numpy(dtype=object) for frame in frames])

    def status(column: str, of_new: str) -> npt.NDArray[np.object_]:
        names = both(column, of_new)
        names[pd.isna(names)] = ""
        return names

    lines = pd.DataFrame(
        {
            "at": np.concatenate(
                [frame["at"].to_numpy("datetime64[us]") for frame in (history, new)]
            ),
            "lead": both("lead", "lead"),
            "from_status": status("from_status", "from"),
            "to_status": status("to_status", "to"),
            "via": both("via", "via"),
            "id": both("id", "id"),
        }
    )
    named = lines[lines["id"].notna()]
    again = named[named["id"].duplicated(keep=False)]
    twice = again.index[again.duplicated(["id", "lead", "to_status"])]
    return lines.drop(twice).reset_index(drop=True) if len(twice) else lines


def appended(so_far: Results) -> pd.DataFrame:
    """The lines about to be appended to History; empty where there are none."""
    new = so_far.appends.get("history")
    return pd.DataFrame(columns=["at", "lead", "from", "to", "via", "id"]) if new is None else new


def last_moment(day: date) -> datetime:
    """The end of a day. Of today all times are believed: clocks differ, a day may be computed from
    its midnight, and a figure must not change from one refresh to the next on it."""
    return datetime.combine(day, time.max)


def in_order(log: pd.DataFrame, now: datetime) -> pd.DataFrame:
    """The lines of known leads, in the order in which they happened.

    Parameters
    ----------
    log : DataFrame with lead, to_status, at and id; History or of :func:`whole_log`
    now : a time after it is a slip of the pen

    Returns
    -------
    DataFrame, the same lines and columns, sorted, with one column more: ``place``, the time that
    orders them (datetime64; never earlier than that of the lead's line before, missing where no
    line so far has a time)
    """
    lines = log.dropna(subset=["lead"]).reset_index(drop=True)
    lead = pd.factorize(lines["lead"])[0]
    named = line_ids(lines)
    number = named["number"].where(named["of"].eq(lines["lead"].astype(object)))
    at = lines["at"].where(lines["at"] <= pd.Timestamp(now))
    place = at.fillna(_latest(at, lead))
    numbered = number.dropna().sort_values(kind="stable").index
    place.loc[numbered] = _latest(place.loc[numbered], lead[numbered])
    order = pd.DataFrame({"place": place, "number": number.astype("float64")})
    sorted_ = order.sort_values(["place", "number"], kind="stable", na_position="first").index
    return lines.assign(place=place).loc[sorted_].reset_index(drop=True)


def last_logged(lines: pd.DataFrame) -> pd.Series:
    """The status of each lead's last line, indexed by lead id; lines of :func:`in_order`."""
    return lines.drop_duplicates("lead", keep="last").set_index("lead")["to_status"]


def line_ids(history: pd.DataFrame) -> pd.DataFrame:
    """The ids of lines taken apart: of (a lead's id) and number (Float64); missing where other."""
    ids = history["id"]
    ends = [text.rpartition("/") for text in ids.where(ids.notna(), "").astype(str).tolist()]
    pairs = [
        (of, float(number)) if slash and _is_number(number) else (None, None)
        for of, slash, number in ends
    ]
    frame = pd.DataFrame(pairs, index=history.index, columns=["of", "number"])
    return frame.astype({"of": object, "number": "Float64"})


def number_of(line_id: object, lead: str) -> int:
    """The number in the id of one line of a lead; 0 where it has none, or another lead's."""
    of, _, number = line_id.rpartition("/") if isinstance(line_id, str) else ("", "", "")
    return int(number) if of == lead and _is_number(number) else 0


def _is_number(text: str) -> bool:
    return text.isdigit() and text.isascii() and len(text) < _LONGEST


def _latest(at: pd.Series, lead: npt.ArrayLike) -> pd.Series:
    """The latest time of each line and those of the same lead before it."""
    # As a whole number, no time at all is earlier than any.
    ticks = pd.Series(at.to_numpy(dtype="datetime64[us]").view("int64"), index=at.index)
    latest: pd.Series = ticks.groupby(np.asarray(lead), sort=False).cummax()
    return latest.astype("datetime64[us]")
