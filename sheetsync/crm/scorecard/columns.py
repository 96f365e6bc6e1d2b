"""The columns a scorecard may be made of: what the shop knows of a lead before the outcome.

Names, phones, addresses and companies count as filled or empty only: what stands in them is one
person's. What people write down because of how a lead goes (status, reason of a loss, amount, next
step, comments) is no property of the lead, nor is the manager, who is an assignment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from sheetsync import cells
from sheetsync.crm.base import Book
from sheetsync.crm.scoring.arithmetic import UnreadableError, evaluate, names_in, parse
from sheetsync.crm.scoring.conditions import LETTER
from sheetsync.crm.scoring.fields import TICKED, UNTICKED, Fields

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

PRESENCE = ("name", "phone", "email", "company")
"""Columns of which only matters whether they are filled."""
VALUED = ("source", "channel", "segment", "request", "budget", "people", "days")
RATIOS = (("budget", "people"), ("budget", "people", "days"))
"""What is divided by what, where the kind of shop has the columns."""

MOSTLY = 0.9
"""Share of the filled cells of a person's own column that must read as numbers, or as dates, for it
to hold them."""
LONGEST_LEVEL = 60
"""Characters; what is longer is a remark, not a category."""
_NAMED = re.compile(r"[^\d]*[^\W\d_]")
"""Letters before any digit."""
_UNLISTABLE = (";", "\n")
"""A value with one of these can't stand in a list of values."""
_SERIALS = (40_179.0, 51_136.0)
"""2010 to 2039 as spreadsheets count days: in Google Sheets a date is a number."""


@dataclass(frozen=True, eq=False)
class Column:
    """One column over the leads of a sample; all arrays have shape (n,).

    Parameters
    ----------
    key : the column's key; for a ratio, the keys with " / " between them
    field : what a rule's Field cell says to mean it
    filled, empty : neither where a cell was not understood
    numbers : NaN where there is none
    levels : the different texts, as they are typed most often
    places : which of ``levels`` stands in each cell, -1 for none
    numeric : whether rules compare its numbers
    codes : whether its numbers are whole and nothing else stands in it, so that they may be codes
    presence : whether a rule may ask if it is filled; not of checkboxes, which always are
    days : days since 1970-01-01 where it is an own column of dates, else None [day]
    """

    key: str
    field: str
    filled: Bools
    empty: Bools
    numbers: Floats
    levels: tuple[str, ...]
    places: Ints
    numeric: bool = False
    codes: bool = False
    presence: bool = True
    days: Floats | None = None

    def take(self, rows: Bools) -> Column:
        """The column over some of the leads."""
        return replace(
            self,
            filled=self.filled[rows],
            empty=self.empty[rows],
            numbers=self.numbers[rows],
            places=self.places[rows],
            days=None if self.days is None else self.days[rows],
        )


def columns_of(book: Book, fields: Fields) -> list[Column]:
    """Every column of a book that a rule could look at, over all of its leads, ratios last."""
    own = [key for key in map(str, book.fields) if key.startswith("own:")]
    keys = [key for key in (*VALUED, *PRESENCE) if key in book.fields and key in book.headers]
    found = [_column(key, book, fields) for key in (*keys, *own) if _is_named(key, fields)]
    return found + list(_ratios({column.key: column for column in found}, fields))


def _is_named(key: str, fields: Fields) -> bool:
    """Whether a rule that says the column's header means this column.

    Not where its header is empty, or is also that of one of the CRM's columns.
    """
    return fields.names.get(cells.fold(fields.titles.get(key, ""))) == key


def _column(key: str, book: Book, fields: Fields) -> Column:
    filled, unreadable = fields.filled(key), fields.unreadable(key)
    nothing = np.full(len(filled), np.nan)
    bare = Column(
        key=key,
        field=fields.titles[key],
        filled=filled & ~unreadable,
        empty=~filled & ~unreadable,
        numbers=nothing,
        levels=(),
        places=np.full(len(filled), -1),
    )
    if key in PRESENCE:
        return bare
    kind = fields.type_of(key)
    if kind == "number":
        return replace(bare, numbers=fields.numbers(key), numeric=True)
    levels, places = _levels(key, book, fields)
    checkbox = TICKED in fields.texts(key).folded or UNTICKED in fields.texts(key).folded
    texts = replace(bare, levels=levels, places=places, presence=not checkbox)
    if kind != "own" or not levels:
        return texts
    there = places >= 0
    # "2 persons" is a number, "Page 2" is a name.
    named = np.array([*(bool(_NAMED.match(level)) for level in levels), False])
    numbers = fields.numbers(key)
    is_number = ~np.isnan(numbers) & ~named[places]
    serial = (numbers >= _SERIALS[0]) & (numbers <= _SERIALS[1])
    if _mostly(serial, there) or (not _mostly(is_number, there) and _dated(key, fields)):
        return replace(bare, days=fields.days(key))
    if not _mostly(is_number, there):
        return texts
    worded = any(LETTER.search(level) for level in levels)
    whole = bool(np.all(numbers[there] % 1 == 0))  # NaN, of what is no number, is not whole
    return replace(bare, numbers=numbers, numeric=True, codes=whole and not worded)


def _dated(key: str, fields: Fields) -> bool:
    return _mostly(~np.isnan(fields.days(key)), fields.texts(key).known)


def _mostly(test: Bools, of: Bools) -> bool:
    return bool(of.any()) and float(np.mean(test[of])) >= MOSTLY


def _levels(key: str, book: Book, fields: Fields) -> tuple[tuple[str, ...], Ints]:
    """The texts of a column as rules compare them, each by its most frequent spelling."""
    texts = fields.texts(key)
    same, _ = pd.factorize(pd.Series(texts.folded, dtype=object))  # spellings of one text
    place = np.append(same, -1)[texts.places]
    shown = book.words.group(f"choices.{key}")
    typed = book.leads[key] if key in book.leads else book.fields[key]
    spelled = cells.text_values(typed.map(lambda cell: shown.get(cell, cell)) if shown else typed)
    pairs = pd.DataFrame({"place": place, "text": spelled.to_numpy()})
    pairs = pairs[pairs["place"] >= 0].value_counts(sort=False).rename("leads").reset_index()
    pairs = pairs.sort_values(["leads", "text"], ascending=[False, True], kind="stable")
    label = pairs.drop_duplicates("place").set_index("place")["text"]
    listable = label[~label.map(_unlistable).astype(bool)]
    rank = np.full(len(same) + 1, -1)  # the last is for "no text"
    rank[listable.index.to_numpy(dtype=np.int64)] = np.arange(len(listable))
    return tuple(map(str, listable)), rank[place].astype(np.int64)


def _unlistable(text: str) -> bool:
    return len(text) > LONGEST_LEVEL or any(sign in text for sign in _UNLISTABLE)


def _ratios(known: dict[str, Column], fields: Fields) -> Iterator[Column]:
    for keys in RATIOS:
        if not all(key in known for key in keys):
            continue
        text = " / ".join(known[key].field for key in keys)
        try:
            tree = parse(text, fields.names)
        except UnreadableError:
            continue  # a header that looks like arithmetic itself
        if tuple(names_in(tree)) != keys:
            continue
        numbers = evaluate(tree, fields.numbers)
        filled = ~np.isnan(numbers)
        yield Column(
            key=" / ".join(keys),
            field=text,
            filled=filled,
            empty=np.zeros_like(filled),  # a part that is missing is for the rules of that part
            numbers=numbers,
            levels=(),
            places=np.full(len(numbers), -1),
            numeric=True,
            presence=False,
        )
