"""A book's leads in the form in which they are compared, the earliest first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from phonenumbers import PhoneMetadata, country_code_for_region

from sheetsync import cells
from sheetsync.crm.base import Book
from sheetsync.crm.duplicates.matching import contacts, names
from sheetsync.crm.duplicates.matching.vocabulary import Bools, Ints, Phrases, phrases

Texts = npt.NDArray[np.object_]

_NAME_WORDS, _FIRM_WORDS = 5, 5
_FIRM_USUAL, _FIRM_MOST = 1 / 300, 10.0
"""What agreeing in a word of a firm's name tells before any lead is seen; at most [bits]."""
_OWN_COLUMNS = 40
"""People's own columns that are compared; the first of more."""
_NUMBER = re.compile(r"(\d{1,18})\D*$")
_LAST = np.iinfo(np.int64).max
"""Where what is missing stands."""
_SEPARATORS = re.compile(r"[\W_]")
_TWO_NUMBERS = 18
"""Characters from which a cell may hold two phone numbers."""
_LEAST_DIGITS = 7
"""A number that could not be read needs as many to be compared."""


@dataclass(frozen=True)
class Held:
    """Which leads hold which contacts of one kind (phones, or mailboxes).

    Parameters
    ----------
    rows, contacts : arrays of int, shape (k,): each line says that a lead has a contact
    texts : array of str, the contacts
    role : array of bool, per contact: known to be read by several people
    """

    rows: Ints
    contacts: Ints
    texts: Texts
    role: Bools


@dataclass(frozen=True)
class Extra:
    """A column that may add evidence: the request, or one of people's own.

    Parameters
    ----------
    key : of the column (``request``, ``own:City``)
    values : array of int, shape (n,), into ``texts``; -1 where empty
    counts : leads that hold each value
    texts : array of str, folded
    """

    key: str
    values: Ints
    counts: Ints
    texts: Texts


@dataclass(frozen=True)
class Records:
    """The leads, numbered from the earliest.

    The order is that of creation, leads without a date last, then that of the numbers in their ids.

    Parameters
    ----------
    ids : array of str, shape (n,)
    people, firms : words of names and companies
    phones, mailboxes : contacts in normal form, several per lead where several are typed
    number : array of str, shape (n,): the digits of the first phone without country code and trunk
        prefix, readable or not; "" where there is none
    dialled : array of bool: the phone was understood as a possible one
    local, domain : arrays of str: the first mailbox taken apart, separators of the local part left
        out; "" where there is none
    extras : further columns
    """

    ids: Texts
    people: Phrases
    firms: Phrases
    phones: Held
    mailboxes: Held
    number: Texts
    dialled: Bools
    local: Texts
    domain: Texts
    extras: tuple[Extra, ...]

    def __len__(self) -> int:
        return len(self.ids)


def earliest_first(leads: pd.DataFrame) -> pd.DataFrame:
    """The leads in the order of creation, those without a date last, then of their ids."""
    ids = leads.index.astype(str).tolist()
    found = [_NUMBER.search(id_) for id_ in ids]
    number = [int(match[1]) if match else _LAST for match in found]
    created = leads["created"].to_numpy(dtype="datetime64[us]")
    day = np.where(np.isnat(created), _LAST, created.astype(np.int64)).tolist()
    keys = list(zip(day, number, ids, strict=True))
    return leads.iloc[sorted(range(len(leads)), key=keys.__getitem__)]


def records(book: Book, leads: pd.DataFrame) -> Records:
    """What of a book is compared; ``leads`` are those of :func:`earliest_first`."""
    raw = book.fields.loc[leads.index]
    country = str(book.settings["country"])
    phones, number = _phones(leads, raw, country)
    boxes, box = _mailboxes(leads, raw)
    local, domain = _parted(box)
    return Records(
        ids=leads.index.astype(str).to_numpy(dtype=object),
        people=phrases(leads["name"], names.words_of, width=_NAME_WORDS),
        firms=phrases(
            leads["company"],
            names.firm_words_of,
            width=_FIRM_WORDS,
            usual=_FIRM_USUAL,
            most=_FIRM_MOST,
        ),
        phones=phones,
        mailboxes=boxes,
        number=number,
        dialled=leads["phone"].notna().to_numpy(dtype=bool),
        local=local,
        domain=domain,
        extras=tuple(_extras(leads, raw)),
    )


def _phones(leads: pd.DataFrame, raw: pd.DataFrame, country: str) -> tuple[Held, Texts]:
    """The phones of each lead, and the digits of its first.

    One that could not be read counts as the number whose last ten digits it has, when there is
    exactly one such number.
    """
    first = leads["phone"].astype(object).to_numpy()
    typed = raw["phone"] if "phone" in raw else pd.Series(None, raw.index, dtype=object)
    read = pd.notna(first)
    lines = [(row, phone) for row, phone in enumerate(first) if read[row]]
    shown = cells.text_values(typed)
    long = shown[(shown.str.len() >= _TWO_NUMBERS).fillna(False).to_numpy(dtype=bool) & read]
    further = cells.other_phones(long, country=country)
    place = dict(zip(leads.index.tolist(), range(len(leads)), strict=True))
    lines += [(place[lead], phone) for lead, more in further.items() for phone in more]
    tail: dict[str, str | None] = {}
    for _, phone in lines:
        end = phone[-contacts.PHONE_DIGITS :]
        tail[end] = phone if tail.get(end, phone) == phone else None
    number = np.full(len(leads), "", dtype=object)
    number[read] = [phone[1:][-contacts.PHONE_DIGITS :] for phone in first[read]]
    texts = shown.to_numpy(dtype=object)
    for row in np.flatnonzero(~read & pd.notna(texts)):
        digits = contacts.digits_of(texts[row])
        if len(digits) < _LEAST_DIGITS or len(digits) > 15:
            continue
        number[row] = national(digits, country)[-contacts.PHONE_DIGITS - 1 :]
        end = digits[-contacts.PHONE_DIGITS :]
        if len(end) == contacts.PHONE_DIGITS:
            lines.append((int(row), tail.get(end) or f"?{end}"))
    kept = [(row, phone) for row, phone in lines if not contacts.is_hollow_phone(phone[1:])]
    number[[contacts.is_hollow_phone(digits) for digits in number]] = ""
    return _held(kept, None), number


def national(digits: str, country: str) -> str:
    """Digits that make no number, without a country code or trunk prefix in front: what is left of
    ``8 916 123-45-6`` to compare with ``9161234567``."""
    region = country.strip().upper()
    metadata = PhoneMetadata.metadata_for_region(region)
    trunk = metadata.national_prefix if metadata is not None else None
    for prefix in (str(country_code_for_region(region)), trunk):
        if prefix and digits.startswith(prefix) and len(digits) - len(prefix) >= _LEAST_DIGITS:
            return digits[len(prefix) :]
    return digits


def _mailboxes(leads: pd.DataFrame, raw: pd.DataFrame) -> tuple[Held, Texts]:
    """The mailboxes of each lead, and its first; several in one cell all count."""
    addresses = leads["email"].astype(object).to_numpy()
    lines = [
        (row, contacts.mailbox(address))
        for row, address in enumerate(addresses)
        if pd.notna(address)
    ]
    unread = np.flatnonzero(pd.isna(addresses))
    if "email" in raw and len(unread):
        typed = cells.text_values(raw["email"].iloc[unread])
        several = [
            (row, part)
            for row, text in zip(unread, typed, strict=True)
            if pd.notna(text)
            for part in text.replace(";", " ").replace(",", " ").replace("/", " ").split()
        ]
        parts = pd.Series([part for _, part in several], dtype=object)
        found = cells.parse_emails(parts).values
        lines += [
            (int(row), contacts.mailbox(address))
            for (row, _), address in zip(several, found, strict=True)
            if pd.notna(address)
        ]
    kept = [(row, box) for row, box in lines if not contacts.is_hollow_mailbox(box)]
    first = np.full(len(leads), "", dtype=object)
    for row, box in reversed(kept):
        first[row] = box
    return _held(kept, contacts.is_role), first


def _held(lines: list[tuple[int, str]], is_role: Callable[[str], bool] | None) -> Held:
    rows = np.array([row for row, _ in lines], dtype=np.int64)
    codes, texts = pd.factorize(np.array([text for _, text in lines], dtype=object))
    role = np.array([is_role is not None and is_role(text) for text in texts], dtype=bool)
    return Held(rows, codes.astype(np.int64), np.array(texts, dtype=object), role)


def _parted(boxes: Texts) -> tuple[Texts, Texts]:
    local, domain = np.full(len(boxes), "", dtype=object), np.full(len(boxes), "", dtype=object)
    for row, box in enumerate(boxes):
        if box and not contacts.is_role(box):
            name, _, domain[row] = box.partition("@")
            local[row] = _SEPARATORS.sub("", name) or name
        elif box:
            domain[row] = box.partition("@")[2]
    return local, domain


def _extras(leads: pd.DataFrame, raw: pd.DataFrame) -> Iterable[Extra]:
    own = [str(key) for key in raw if str(key).startswith("own:")][:_OWN_COLUMNS]
    for key in ("request", *own):
        shown = leads[key] if key in leads else cells.text_values(raw[key])
        folded = shown.map(cells.fold, na_action="ignore").replace("", None)
        values, texts = pd.factorize(folded)
        counts = np.bincount(values[values >= 0], minlength=len(texts))
        if len(texts) > 1 and len(texts) < counts.sum():
            yield Extra(key, values.astype(np.int64), counts, np.array(texts, dtype=object))
