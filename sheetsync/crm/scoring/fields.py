"""The columns of Leads as the owner's rules see them: by any name, in any type asked for.

A column the CRM knows has one type and was understood before; people's own columns have none: they
are numbers, dates, yes/no or text, as a rule asks.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, TypeVar, cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from sheetsync import cells
from sheetsync.crm.base import Book
from sheetsync.crm.junk import Junk, read_junk
from sheetsync.crm.lists import group_names
from sheetsync.locales import LANGUAGES, Words, load

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
View = TypeVar("View")
Type = Literal["number", "date", "text", "own"]

TICKED, UNTICKED = "true", "false"
"""How a checkbox compares as text."""

_GROUPS = ("channel", "segment")
"""Columns that hold keys of a group of words; people see and type the words."""
_LISTS = {"source": "sources", "status": "statuses", "manager": "team", "approved_by": "team"}
"""Columns that hold names of a list tab."""
FROM_SCORES = ("score", "tier", "handling", "mark", "why", "attention")
"""Tool columns that follow from the rules themselves, so that no rule can look at them."""
SHARES = ("source_conversion",)
"""What is a share of 1, so that a rule's 15 means 15 %."""
MADE_FROM = {"source_conversion": "source", "source_index": "source"}
"""What rules may look at though no column holds it -> the column that it follows from."""
_HIDDEN = ("problems", "kind", "tier_key")
"""Columns of the tab that people don't see."""


@dataclass(frozen=True)
class Texts:
    """A column of text, each different text once.

    Parameters
    ----------
    folded : the different texts
    places : array of int, shape (n,), into ``folded``; -1 where the cell is empty
    """

    folded: list[str]
    places: npt.NDArray[np.intp]

    @property
    def known(self) -> Bools:
        return self.places >= 0

    def where(self, test: Callable[[str], bool]) -> Bools:
        """True in the rows whose text passes; each different text is tested once."""
        passed = np.array([*(test(text) for text in self.folded), False], dtype=bool)
        return passed[self.places]


class Fields:
    """The columns of a book's Leads tab.

    Parameters
    ----------
    book : the book
    computed : column key -> what gives its numbers by lead, for the tool's columns that rules may
        look at
    """

    def __init__(self, book: Book, computed: Mapping[str, Callable[[], pd.Series]]) -> None:
        self._book = book
        self._computed = computed
        self._views: dict[Hashable, Any] = {}

    @property
    def words(self) -> Words:
        """The texts of the CRM's language."""
        return self._book.words

    @cached_property
    def titles(self) -> dict[str, str]:
        """Column key -> header as it stands, of every column that people see; then what is made
        from columns, under the name that rules have for it."""
        keys = map(str, self._book.fields)
        own = {key: key.removeprefix("own:") for key in keys if key.startswith("own:")}
        titles = own | dict(self._book.headers)
        made = {key: self._book.words(f"scoring.field.{key}") for key in MADE_FROM}
        return {key: title for key, title in (titles | made).items() if key not in _HIDDEN}

    @cached_property
    def names(self) -> dict[str, str]:
        """Folded name -> column key: headers as they stand, as they were first, what is made from
        columns in any language, and the keys."""
        messages = self._book.words.messages
        first = {key: messages.get(f"columns.leads.{key}", "") for key in self.titles}
        made = [load(lang).group("scoring.field") for lang in LANGUAGES]
        names: dict[str, str] = {}
        spellings: list[Mapping[str, Any]] = [self.titles, first, *made]
        for spelled in (*spellings, {key: key for key in self.titles}):
            for key, name in spelled.items():
                names.setdefault(cells.fold(str(name)), key)
        names.pop("", None)
        return names

    def type_of(self, key: str) -> Type:
        """What a column holds; ``own`` when it may be anything."""
        if key in self._computed:
            return "number"
        if key not in self._book.leads:
            return "text" if key == "id" else "own"
        column = self._book.leads[key]
        if pd.api.types.is_datetime64_any_dtype(column):
            return "date"
        return "number" if pd.api.types.is_numeric_dtype(column) else "text"

    def options(self, key: str) -> dict[str, str] | None:
        """Every folded text that names an option of a list column -> the option as people see it.

        None for columns without a list, and while the list is empty.
        """
        if key in _GROUPS:
            shown = self._book.words.group(f"choices.{key}")
            known = group_names(key).by_folded.items()
            return {folded: shown[option] for folded, option in known}
        if key in _LISTS:
            table: pd.DataFrame = getattr(self._book, _LISTS[key])
            return {cells.fold(str(name)): str(name) for name in table.index} or None
        return None

    def numbers(self, key: str) -> Floats:
        """The numbers of a column, NaN where there is none; a date is its day, counted on."""
        return self._view("numbers", key, self._numbers)

    def days(self, key: str) -> Floats:
        """The dates of a column as days since 1970-01-01, NaN where there is none."""
        return self._view("days", key, self._days)

    def texts(self, key: str) -> Texts:
        """The texts of a column as people see them, folded."""
        return self._view("texts", key, self._texts)

    def filled(self, key: str) -> Bools:
        """Where a column holds something; an unticked checkbox holds nothing."""
        return self._view("filled", key, self._filled)

    def unreadable(self, key: str) -> Bools:
        """Where a cell holds something that was not understood."""
        key = MADE_FROM.get(key, key)
        if key in self._book.unreadable:
            return self._book.unreadable[key].to_numpy(dtype=bool)
        return np.zeros(len(self._book.leads), dtype=bool)

    def junk(self, key: str) -> Junk:
        """What the cells of a column look like, as far as it may be junk."""
        return self._view("junk", key, self._junk)

    def read_numbers(self, raw: pd.Series) -> Floats:
        """Numbers and amounts of money as people type them, NaN for anything else."""
        numbers = cells.parse_numbers(raw).values.to_numpy(dtype=float, na_value=np.nan)
        if np.isnan(numbers).any():
            money = cells.parse_money(raw, currency=self._book.settings["currency"]).values
            numbers = np.where(np.isnan(numbers), money.to_numpy(float, na_value=np.nan), numbers)
        return numbers

    def read_days(self, raw: pd.Series) -> Floats:
        """Dates as people type them, as days since 1970-01-01, NaN for anything else."""
        order, lang = self._book.settings["date_order"], self._book.words.lang
        day_first = order == "dmy" or (order == "auto" and lang == "ru")
        today = self._book.today
        return _day_numbers(
            cells.parse_dates(raw, day_first=day_first, today=today, lean="past").values
        )

    def _view(self, kind: str, key: str, make: Callable[[str], View]) -> View:
        if (kind, key) not in self._views:
            self._views[kind, key] = make(key)
        return cast(View, self._views[kind, key])

    def _raw(self, key: str) -> pd.Series:
        if key in self._book.fields:
            return self._book.fields[key]
        return pd.Series(None, index=self._book.leads.index, dtype=object)

    def _numbers(self, key: str) -> Floats:
        if key in self._computed:
            return self._computed[key]().to_numpy(dtype=float, na_value=np.nan)
        kind = self.type_of(key)
        if kind == "number":
            return self._book.leads[key].to_numpy(dtype=float, na_value=np.nan)
        return self.days(key) if kind == "date" else self.read_numbers(self._raw(key))

    def _days(self, key: str) -> Floats:
        if self.type_of(key) == "date":
            return _day_numbers(self._book.leads[key])
        return self.read_days(self._raw(key))

    def _texts(self, key: str) -> Texts:
        leads = self._book.leads
        if key in _GROUPS:
            column = leads[key].map(self._book.words.group(f"choices.{key}"))
        elif key == "id":
            column = leads.index.to_series()
        elif key in self._computed:
            column = cells.text_values(self._computed[key]())
        elif self.type_of(key) == "text":
            column = leads[key]
        else:
            column = cells.text_values(self._raw(key))
        places, different = pd.factorize(column.astype(object))
        return Texts([cells.fold(str(text)) for text in different], places)

    def _junk(self, key: str) -> Junk:
        read = self._book.leads[key] if key in ("phone", "email") else None
        return read_junk(key, self._raw(key), read, str(self._book.settings["country"]))

    def _filled(self, key: str) -> Bools:
        if key == "id":
            return np.ones(len(self._book.leads), dtype=bool)
        if key in self._computed:
            return np.asarray(self._computed[key]().notna())
        if self.type_of(key) == "own":
            return self.texts(key).where(lambda text: text != UNTICKED)
        return np.asarray(self._book.leads[key].notna())


def _day_numbers(dates: pd.Series) -> Floats:
    days = (dates - pd.Timestamp(0)).dt.days
    return np.asarray(days.to_numpy(dtype=float, na_value=np.nan), dtype=np.float64)
