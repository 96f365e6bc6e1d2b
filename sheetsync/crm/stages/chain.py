"""The chain of History: each line carries a checksum of itself and of the lead's line before it.

So a line that somebody changed, put in or took out by hand is found, and can be named. There is
no secret in it: who knows this file and may edit the tab can write a chain anew. It makes a quiet
edit loud, and no more; what nobody can edit is the spreadsheet's own version history.

The form
--------
A checksum is the first 16 hex digits, in lower case, of SHA-256 over the UTF-8 bytes of a JSON
array of nine texts without blanks between them, as JSON.stringify writes it::

    ["<before>","<lead>","<at>","<from>","<to>","<by>","<comment>","<via>","<id>"]

``before`` is the checksum of the lead's line that this one follows, "" for the first. ``at`` is
the local time of the spreadsheet to the nearest second, ``2026-11-21T09:30:00``, "" for none. The
others are the cells' text, "" for an empty one, in the form in which it survives every spreadsheet:

1. ``\\r\\n`` and ``\\r`` become ``\\n``; characters that XML can't say are left out (U+0000 to
   U+001F but for tab and line feed, lone surrogates, U+FFFE, U+FFFF);
2. what is beyond the first 32,767 characters (code points) is left out;
3. every run of white space (``\\s`` of JavaScript), U+007F to U+009F and U+FEFF becomes one blank;
   blanks at the ends are left out.

What counts as broken
---------------------
- A line is right when it fits any other line of its lead, or the start: two programs that append at
  the same time both follow the same line. Sorting the tab breaks nothing.
- Lines of an earlier version have no checksum: the chain begins at the first that has one. A line
  without one *after* it is ``unsigned``.
- A line that fits nothing was ``changed``, or what it follows is ``missing``. The two look alike;
  where the number before its own is not there, it is said to be missing. Right after another broken
  line it is not told, as that one may be the reason.
- The same checksum twice in one lead is a line that was ``copied``.
- What a lead's last line was is recorded beside the lead by each refresh (number and checksum,
  ``3:9f86d081884c7d65``): when it is not there any more, it is ``cut``. The next line follows the
  recorded one all the same, so that the gap stays to be seen. Where neither the lead nor any line
  of it is left, somebody meant it: that is told as ``erased``, and is no break.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from sheetsync import cells
from sheetsync.cells.base import distinct, spread
from sheetsync.cells.text import storable, text_of
from sheetsync.crm.stages.log import in_order, number_of

COVERED = ("lead", "at", "from", "to", "by", "comment", "via", "id")
"""The columns of History that a checksum is of, in their order in it."""

BREAKS = ("changed", "missing", "copied", "unsigned", "cut")

_DIGITS = 16
_NEAR = 32
"""How many lines before and after it a line may follow: more than ever append at the same time."""

_RETURN = re.compile("\r\n?")
_BLANK = re.compile("[\\s\x7f-\x9f\ufeff]+")
_RECORD = re.compile(rf"(\d{{1,9}}):([0-9a-f]{{{_DIGITS}}})")
_to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def checksum(previous: str, line: Sequence[str]) -> str:
    """The checksum of one line.

    Parameters
    ----------
    previous : the checksum of the lead's line before it, "" for none
    line : its texts in the order of :data:`COVERED`, in the form above
    """
    return _digest(previous, _body(map(_to_json, line)))


def sign(lines: pd.DataFrame, previous: Iterable[str]) -> list[str]:
    """The checksums of lines that follow others.

    Parameters
    ----------
    lines : cells of History, the columns :data:`COVERED`
    previous : the checksum that each of them follows, "" for none
    """
    return [_digest(*pair) for pair in zip(previous, _bodies(_texts(lines)), strict=True)]


def ends(log: pd.DataFrame, logged: pd.Series) -> dict[str, str]:
    """What the next line of each lead follows.

    Parameters
    ----------
    log : of :func:`~.log.in_order`, with lead, id and, where the workbook has it, checksum
    logged : what was recorded, by lead id; what is no record counts as none

    Returns
    -------
    dict, lead id -> record
        Of the last line in the log that has a checksum; the recorded one where that is in the log
        no more. Leads that have neither are left out.
    """
    known = dict(_known(logged))
    if "checksum" not in log:
        return known
    there = set(log["checksum"].tolist())
    cut = {lead: text for lead, text in known.items() if checksum_in(text) not in there}
    return records(log) | cut


def records(log: pd.DataFrame) -> dict[str, str]:
    """How the last line with a checksum of each lead is recorded; lines in their order."""
    if "checksum" not in log:
        return {}
    columns = (log[key].tolist() for key in ("lead", "id", "checksum"))
    last = {lead: (name, own) for lead, name, own in zip(*columns, strict=True) if _some(own)}
    return {lead: f"{number_of(name, lead)}:{own}" for lead, (name, own) in last.items()}


def checksum_in(text: str) -> str:
    """The checksum of a record; "" of none."""
    return text.partition(":")[2]


def number_in(text: str) -> int:
    """The number of the line that a record is of; 0 of none."""
    return int(text.partition(":")[0] or 0)


def verify(
    history: pd.DataFrame, logged: pd.Series, leads: pd.Index[str], now: datetime
) -> pd.DataFrame:
    """Where History is not what was written.

    Parameters
    ----------
    history : raw cells of the tab, indexed by sheet row; without a column ``checksum`` nothing can
        be said
    logged : what was recorded when History was last written, by lead id
    leads : the leads that have a row
    now : as for :func:`~.log.in_order`

    Returns
    -------
    DataFrame, in sheet order, what has no row last
        lead, id (of the line, "" where it has none), row (Int64, missing for a line that is not
        there), what: one of :data:`BREAKS` or ``erased``
    """
    found: list[tuple[str, str, int | None, str]] = []
    if "checksum" in history:
        recorded = dict(_known(logged))
        lines = _lines(history, now)
        appended = _is_as_appended(lines)
        for lead, group in groupby(lines, key=lambda line: line.lead):
            own, known = list(group), recorded.pop(lead, "")
            broken = list(_broken(own, appended=appended))
            found += [(lead, line.id, line.row, what) for line, what in broken]
            there = {line.checksum for line in own}
            told = bool(broken) and broken[-1][0] is own[-1]
            if known and checksum_in(known) not in there and not told:
                found.append((lead, f"{lead}/{number_in(known)}", None, "cut"))
        for lead, known in recorded.items():
            what = "cut" if lead in leads else "erased"
            found.append((lead, f"{lead}/{number_in(known)}", None, what))
    breaks = pd.DataFrame(found, columns=["lead", "id", "row", "what"])
    return breaks.astype({"row": "Int64"}).sort_values("row", kind="stable", ignore_index=True)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of History; ``number`` is 0 where its id has none of its lead's."""

    lead: str
    row: int
    id: str
    number: int
    checksum: str
    body: bytes


def _lines(history: pd.DataFrame, now: datetime) -> list[_Line]:
    """The lines, lead by lead, each lead's in the order in which they happened."""
    texts = _texts(history)
    log = texts.assign(
        at=pd.to_datetime(texts["at"].where(texts["at"].ne("")), format="ISO8601"),
        row=history.index,
        checksum=_canonical(history["checksum"]),
        body=_bodies(texts),
    )
    log = in_order(log[log["lead"].ne("") | log["checksum"].ne("")], now)
    log = log.sort_values("lead", kind="stable")
    columns = ("lead", "row", "id", "checksum", "body")
    return [
        _Line(lead, row, name, number_of(name, lead), sum_, body)
        for lead, row, name, sum_, body in zip(*(log[key].tolist() for key in columns), strict=True)
    ]


def _is_as_appended(lines: Sequence[_Line]) -> bool:
    """Whether later lines still stand below earlier ones, in every lead: nobody sorted the tab."""
    return all(
        above.lead != below.lead or above.row < below.row or not (above.checksum and below.checksum)
        for above, below in pairwise(lines)
    )


def _broken(lines: Sequence[_Line], *, appended: bool) -> Iterator[tuple[_Line, str]]:
    """The broken lines of one lead, with what is wrong; see the module.

    Parameters
    ----------
    appended : whether rows tell what came later
    """
    signed = [line for line in lines if line.checksum]
    if not signed:
        return
    sums = [line.checksum for line in signed]
    numbers = {line.number for line in lines}
    top = min(line.row for line in signed)
    place, seen, before_is_broken = 0, set[str](), False
    for line in lines:
        what = None
        if not line.checksum:
            what = "unsigned" if place or (appended and line.row > top) else None
        else:
            if line.checksum in seen:
                what = "copied"
            elif not _fits(line, sums, place):
                alone = line.number > 1 and line.number - 1 not in numbers
                what = "missing" if alone else "changed"
            seen.add(line.checksum)
            place += 1
        if what and not (before_is_broken and what in ("missing", "changed")):
            yield line, what
        before_is_broken = what in ("missing", "changed", "unsigned")


def _fits(line: _Line, sums: Sequence[str], place: int) -> bool:
    """Whether a line follows the one before it or, failing that, the start or one around it."""
    if _digest(sums[place - 1] if place else "", line.body) == line.checksum:
        return True
    near = sums[max(0, place - _NEAR) : place + _NEAR]
    return any(_digest(previous, line.body) == line.checksum for previous in ("", *near))


def _known(logged: pd.Series) -> Iterator[tuple[str, str]]:
    """Lead id and record, of what the tool can have written."""
    for lead, text in zip(logged.index, logged.tolist(), strict=True):
        if _RECORD.fullmatch(str(text)):
            yield str(lead), str(text)


def _some(text: object) -> bool:
    return isinstance(text, str) and text != ""


def _digest(previous: str, body: bytes) -> str:
    text = b"[" + _to_json(previous).encode() + b"," + body
    return hashlib.sha256(text).hexdigest()[:_DIGITS]


def _body(line: Iterable[str]) -> bytes:
    """What of the array does not depend on the line before; the texts are JSON already."""
    return (",".join(line) + "]").encode()


def _bodies(texts: pd.DataFrame) -> list[bytes]:
    quoted = []
    for key in COVERED:
        found, places = distinct(texts[key])
        quoted.append(spread([_to_json(text) for text in found], places, texts.index).tolist())
    return [_body(line) for line in zip(*quoted, strict=True)]


def _texts(lines: pd.DataFrame) -> pd.DataFrame:
    """The covered cells in the form that counts; a column that is not there is empty."""
    raw = lines.reindex(columns=list(COVERED))
    return pd.DataFrame(
        {key: _moments(raw[key]) if key == "at" else _canonical(raw[key]) for key in COVERED},
        index=lines.index,
    )


def _moments(at: pd.Series) -> npt.NDArray[np.object_]:
    if not pd.api.types.is_datetime64_any_dtype(at):
        at = cells.parse_datetimes(at.astype(object), day_first=True).values
    seconds = at.dt.round("s").to_numpy("datetime64[s]")
    texts: npt.NDArray[np.object_] = np.datetime_as_string(seconds).astype(object)
    texts[np.isnat(seconds)] = ""
    return texts


def _canonical(column: pd.Series) -> pd.Series:
    found, places = distinct(column)
    return spread([_form(cell) for cell in found], places, column.index)


def _form(cell: object) -> str:
    text = cell if isinstance(cell, str) else text_of(cell) or ""
    return _BLANK.sub(" ", storable(_RETURN.sub("\n", text))).strip(" ")
