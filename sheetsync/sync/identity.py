"""Who is who: a key for every row, whatever people did to the rows.

A lead is known by its id. People copy rows, paste over ids, sort half a table; so each refresh also
records a fingerprint of what a lead is (phone, e-mail, name, origin), and a row whose id is gone,
doubled or another lead's gets its own back by it.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from sheetsync import cells
from sheetsync.crm.base import Problem
from sheetsync.layout import Tab

_PARTS = ("phone", "email", "name", "origin")
_EMPTY = "-"


@dataclass(frozen=True)
class Identified:
    """Row keys of one tab.

    Parameters
    ----------
    keys : Series of str, indexed by sheet row; every row of the frame has one, no two the same
    new_keys : row -> key, where the sheet holds another one or none
    problems : rows that are copies of another
    """

    keys: pd.Series
    new_keys: Mapping[int, str]
    problems: tuple[Problem, ...] = ()


def fingerprints(frame: pd.DataFrame) -> pd.Series:
    """What each row of Leads is, in four short hashes: phone, e-mail, name, origin.

    Parameters
    ----------
    frame : raw cells of the Leads tab, indexed by sheet row

    Returns
    -------
    Series of str, same index
        ``phone.email.name.origin``; each 8 hex digits of BLAKE2s over the cell in its normal form,
        ``-`` where it is empty. Origin is the date of creation with the request.
    """

    def cell(key: str) -> pd.Series:
        if key not in frame:
            return pd.Series("", index=frame.index)
        return cells.text_values(frame[key]).fillna("").astype(str)

    normal = {
        "phone": _by_value(cell("phone"), lambda text: re.sub(r"\D", "", text)[-10:]),
        "email": _by_value(cell("email"), cells.fold),
        "name": _by_value(cell("name"), cells.fold),
        "origin": _by_value(cell("created") + " " + cell("request"), cells.fold),
    }
    hashes = pd.DataFrame({part: _by_value(normal[part], _hash) for part in _PARTS})
    first, *rest = (hashes[part] for part in _PARTS)
    for part in rest:
        first = first + "." + part
    return first


def _by_value(texts: pd.Series, function: Callable[[str], str]) -> pd.Series:
    return texts.map({text: function(text) for text in texts.unique()}).astype(str)


def _hash(text: str) -> str:
    return hashlib.blake2s(text.encode(), digest_size=4).hexdigest() if text else _EMPTY


def alike(one: str, other: str) -> bool:
    """Whether two fingerprints are of the same lead: two parts equal, or all that there are."""
    pairs = [(a, b) for a, b in zip(one.split("."), other.split("."), strict=True)]
    same = sum(a == b != _EMPTY for a, b in pairs)
    known = sum(_EMPTY not in (a, b) for a, b in pairs)
    return same >= 2 or (same == 1 and known == 1)


def identify(
    tab: Tab,
    frame: pd.DataFrame,
    stored: pd.DataFrame,
    *,
    taken: Iterable[str] = (),
) -> Identified:
    """Give every row of a tab with handed-out keys its key.

    Parameters
    ----------
    tab : a tab with ``ids``
    frame : raw cells by column key, indexed by sheet row
    stored : what the last refresh recorded, by row key; with a ``fingerprint`` column where the
        tab has one
    taken : keys that must never be handed out again (those of History, say)
    """
    assert tab.ids is not None and tab.row_key is not None
    typed = cells.text_values(frame[tab.row_key]).fillna("").astype(str).str.upper()
    pattern = _pattern(tab)
    valid = typed.map({text: bool(pattern.fullmatch(text)) for text in typed.unique()}).astype(bool)
    prints = fingerprints(frame) if "fingerprint" in tab else None
    known = (
        {str(key): str(value) for key, value in stored["fingerprint"].dropna().items()}
        if prints is not None and "fingerprint" in stored
        else {}
    )
    keys = typed.where(valid, "")
    if prints is not None and known:
        lately = (
            set(stored.index[stored["seen"].notna()].map(str)) if "seen" in stored else set(known)
        )
        keys = _give_back(keys, prints, known, lately)
        keys = _first_keeps(keys, prints, known)
        # Once more, for a copy that had lost its key to that of its original.
        keys = _give_back(keys, prints, known, lately)
    else:
        keys = _first_keeps(keys, prints, known)
    lost = keys.index[keys == ""]
    handed_out = {*keys, *typed[valid], *map(str, stored.index), *taken}
    for row, key in zip(lost, next_keys(tab, handed_out, len(lost)), strict=True):
        keys[row] = key
    changed = keys.index[keys != _as_typed(frame[tab.row_key])]
    return Identified(keys, {int(row): keys[row] for row in changed}, _copies(tab, keys, prints))


def next_keys(tab: Tab, taken: Iterable[str], count: int) -> list[str]:
    """Keys of a tab that were never handed out: the ones after the highest of those taken."""
    assert tab.ids is not None
    pattern = _pattern(tab)
    numbers = [
        int(match.group())
        for text in taken
        if pattern.fullmatch(text) and (match := re.search(r"\d+$", text))
    ]
    start = max(numbers, default=0) + 1
    return [tab.ids.format(number) for number in range(start, start + count)]


def _pattern(tab: Tab) -> re.Pattern[str]:
    assert tab.ids is not None
    return re.compile(re.sub(r"\\\{:0\d+d\\\}|\{:0\d+d\}", r"\\d+", tab.ids))


def _as_typed(raw: pd.Series) -> pd.Series:
    return raw.map(lambda cell: cell if isinstance(cell, str) else "")


def _copies(tab: Tab, keys: pd.Series, prints: pd.Series | None) -> tuple[Problem, ...]:
    """Rows that say exactly what an earlier row says: told as long as both are there."""
    if prints is None:
        return ()
    telling = prints.str.count(_EMPTY) <= len(_PARTS) - 2
    copied = telling & prints.where(telling).duplicated()
    first = keys[telling].groupby(prints[telling]).first()
    return tuple(
        Problem(tab.key, tab.row_key, int(row), keys[row], first[prints[row]], "id.copied")
        for row in keys.index[copied]
    )


def _give_back(
    keys: pd.Series,
    prints: pd.Series,
    known: Mapping[str, str],
    lately: set[str],
) -> pd.Series:
    """Rows that are certainly another lead than their key says get that lead's key.

    A row that is exactly what was recorded for a key comes before one that is only like it: a
    client who came back has two leads of one name and phone, and each keeps its own.

    Parameters
    ----------
    known : recorded fingerprint of each key
    lately : keys that a row had at the last refresh; a lead that was gone by then comes second
    """
    exact = pd.Series(
        [known.get(key) == own for key, own in zip(keys, prints, strict=True)], index=keys.index
    )
    there = set(prints)
    recorded = set(known.values())
    right = exact | pd.Series(
        [
            key in known
            and own not in recorded
            and known[key] not in there
            and alike(known[key], own)
            for key, own in zip(keys, prints, strict=True)
        ],
        index=keys.index,
    )
    at_home = set(keys[right])
    by_part: dict[str, list[str]] = defaultdict(list)
    for key, own in known.items():
        if key not in at_home:
            for place, part in enumerate(own.split(".")):
                if part != _EMPTY:
                    by_part[f"{place}{part}"].append(key)
    keys = keys.copy()
    for row in sorted(keys.index[~right], key=lambda row: prints[row] not in recorded):
        own = str(prints[row])
        found = {
            key
            for place, part in enumerate(own.split("."))
            for key in by_part.get(f"{place}{part}", ())
            if known[key] == own
            or (alike(known[key], own) and _may_return(key, known, own, lately))
        } - at_home
        if (back := _one_of(found, known, own, lately, str(keys[row]))) is not None:
            keys[row] = back
            at_home.add(back)
    return keys


def _may_return(key: str, known: Mapping[str, str], own: str, lately: set[str]) -> bool:
    """Whether a row that is like a lead may be that lead; one that was gone wants its origin."""
    origin = own.rpartition(".")[2]
    return key in lately or (origin != _EMPTY and known[key].endswith(f".{origin}"))


def _one_of(
    found: set[str], known: Mapping[str, str], own: str, lately: set[str], mine: str
) -> str | None:
    """The key of a row, of those it may be; of several only where they are of one and the same.

    Which of a lead and its exact copy had which key can't be known, and does not matter.
    """
    for among in (found & lately, found):
        if same := [key for key in among if known[key] == own]:
            return min(same)
        if mine in among:
            return mine
        if among:
            return next(iter(among)) if len(among) == 1 else None
    return None


def _first_keeps(keys: pd.Series, prints: pd.Series | None, known: Mapping[str, str]) -> pd.Series:
    """Of rows with one key, the first that is that lead keeps it; the others have none."""
    doubled = keys[(keys != "") & keys.duplicated(keep=False)]
    keys = keys.copy()
    for key, rows in doubled.groupby(doubled).groups.items():
        alike_rows = [
            row
            for row in rows
            if prints is not None and key in known and alike(known[str(key)], str(prints[row]))
        ]
        exact_rows = [
            row for row in rows if prints is not None and known.get(str(key)) == prints[row]
        ]
        keeper = (exact_rows or alike_rows or list(rows))[0]
        for row in rows:
            if row != keeper:
                keys[row] = ""
    return keys
