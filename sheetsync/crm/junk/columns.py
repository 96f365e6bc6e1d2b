"""The sorts of junk of whole columns; every different cell is judged once."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from sheetsync import cells
from sheetsync.crm.junk.companies import sort_of_company
from sheetsync.crm.junk.emails import sort_of_email
from sheetsync.crm.junk.names import sort_of_name
from sheetsync.crm.junk.phones import sorts_of_phones, sorts_of_unread_phones

NAMES = ("keyboard_walk", "repeats", "digits", "nickname", "gibberish", "test")
_FITTING = {
    "name": NAMES,
    "phone": ("impossible", "patterned"),
    "email": ("disposable", "random_mailbox"),
    "company": ("no_company",),
}
SORTS = tuple(sort for sorts in _FITTING.values() for sort in sorts)
_NO_SORTS: frozenset[str] = frozenset()


def sorts_for(key: str) -> tuple[str, ...]:
    """The sorts that can be found in a column of Leads, () where none can.

    A column of people's own may hold names of people or of firms.
    """
    return (*NAMES, "no_company") if key.startswith("own:") else _FITTING.get(key, ())


@dataclass(frozen=True)
class Junk:
    """A column, judged.

    Parameters
    ----------
    sorts : of each different cell, a set that is mostly empty
    places : array of int, shape (n,), into ``sorts``; -1 where nothing is typed
    """

    sorts: list[frozenset[str]]
    places: npt.NDArray[np.intp]

    @property
    def known(self) -> npt.NDArray[np.bool_]:
        return self.places >= 0

    def of(self, wanted: Collection[str]) -> npt.NDArray[np.bool_]:
        """True in the rows that look like one of the wanted sorts."""
        found = [not sorts.isdisjoint(wanted) for sorts in self.sorts]
        return np.array([*found, False], dtype=bool)[self.places]


def read_junk(key: str, raw: pd.Series, read: pd.Series | None, country: str) -> Junk:
    """Judge a column of Leads.

    Parameters
    ----------
    key : one that :func:`sorts_for` knows sorts for
    raw : Series of raw cells, shape (n,)
    read : of phones and addresses, what was understood of them, missing where nothing was
    country : of the shop, two letters (ISO 3166)
    """
    if read is None:
        return _each_text(raw, _in_text(key))
    if key == "email":
        addresses = read.astype(object).where(read.notna(), raw)
        return _each_text(addresses, lambda text: {sort_of_email(text, country)})
    # A number that was read is judged as such, any other by what is typed.
    was_read = read.notna().to_numpy()
    texts = cells.text_values(raw)
    judged = read.astype(object).where(was_read, texts)
    keys = list(zip(was_read.tolist(), judged, strict=True))
    different = list(dict.fromkeys(keys))
    place_of = {key: place for place, key in enumerate(different)}
    places = np.array([place_of[key] for key in keys], dtype=np.intp)
    places[judged.isna().to_numpy()] = -1
    good = np.array([bool(flag) for flag, _ in different], dtype=bool)
    shown = pd.Series([text for _, text in different], dtype=object)
    sorts = pd.Series(None, index=shown.index, dtype=object)
    sorts[good] = sorts_of_phones(shown[good])
    unread = ~good & shown.notna().to_numpy()
    sorts[unread] = sorts_of_unread_phones(shown[unread], country)
    return Junk([frozenset({s}) if isinstance(s, str) else _NO_SORTS for s in sorts], places)


def _each_text(column: pd.Series, judge: Callable[[str], set[str | None]]) -> Junk:
    places, different = pd.factorize(cells.text_values(column).astype(object))
    return Junk([frozenset(filter(None, judge(str(text)))) for text in different], places)


def _in_text(key: str) -> Callable[[str], set[str | None]]:
    if key == "company":
        return lambda text: {sort_of_company(text)}
    if key == "name":
        return lambda text: {sort_of_name(text)}
    return lambda text: {sort_of_name(text), sort_of_company(text)}
