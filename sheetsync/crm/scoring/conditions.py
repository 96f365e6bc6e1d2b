"""The conditions of scoring rules, and which leads meet them.

A lead whose cell is empty or can't be read is *unknown* to a condition: it does not meet it, and
is counted apart. Only ``empty`` and ``filled`` judge emptiness, and to them an unreadable cell is
neither. ``looks_like`` judges what is typed, read or not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from sheetsync.crm.scoring.arithmetic import Name, Node, evaluate, names_in
from sheetsync.crm.scoring.fields import SHARES, Bools, Fields, Floats, Type
from sheetsync.crm.scoring.shares import read_shares

ABOUT_EMPTINESS = ("empty", "filled")
ABOUT_AGE = ("older_than", "within")
BOUNDS = ("between", "at_least", "at_most")
LOOKS_LIKE = "looks_like"

LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True)
class Subject:
    """What a rule looks at: a column, or an arithmetic of columns."""

    label: str
    tree: Node

    @property
    def key(self) -> str | None:
        """The column's key; None for an arithmetic."""
        return self.tree.key if isinstance(self.tree, Name) else None

    def type(self, fields: Fields) -> Type:
        return "number" if self.key is None else fields.type_of(self.key)

    def numbers(self, fields: Fields) -> Floats:
        return evaluate(self.tree, fields.numbers)

    def read_numbers(self, raw: pd.Series, fields: Fields) -> Floats:
        """Numbers that the subject is compared with, as people type them."""
        return read_shares(raw) if self.key in SHARES else fields.read_numbers(raw)

    def filled(self, fields: Fields) -> Bools:
        return ~np.isnan(self.numbers(fields)) if self.key is None else fields.filled(self.key)

    def unreadable(self, fields: Fields) -> Bools:
        columns = [fields.unreadable(key) for key in names_in(self.tree)]
        return np.asarray(np.logical_or.reduce(columns), dtype=bool)


@dataclass(frozen=True)
class Operands:
    """What a Value cell says, in every type that the field may be compared in.

    ``days`` are dates as days since 1970-01-01, or the number of days for conditions about age.
    For ``between``, ``at_least`` and ``at_most`` there are two numbers or days, infinite where a
    side is open. ``junk`` are sorts of it (:mod:`sheetsync.crm.junk`).
    """

    texts: tuple[str, ...] = ()
    numbers: tuple[float, ...] = ()
    days: tuple[float, ...] = ()
    junk: tuple[str, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """How a condition went: arrays of bool, shape (leads,); ``matched`` implies ``known``."""

    matched: Bools
    known: Bools


def judge(
    condition: str, operands: Operands, subject: Subject, fields: Fields, today: date
) -> Verdict:
    """Which leads meet a condition, and for which it can be told."""
    if condition in ABOUT_EMPTINESS:
        known = ~subject.unreadable(fields)
        return Verdict(known & (subject.filled(fields) == (condition == "filled")), known)
    if condition == LOOKS_LIKE and subject.key is not None:
        # What could not be read was typed all the same, and may well be junk.
        junk = fields.junk(subject.key)
        return Verdict(junk.of(operands.junk), junk.known)
    matched = known = np.zeros(len(subject.unreadable(fields)), dtype=bool)
    if operands.texts and subject.key is not None:
        texts = fields.texts(subject.key)
        known = texts.known
        if condition == "contains":
            matched = texts.where(lambda text: any(piece in text for piece in operands.texts))
        else:
            matched = texts.where(frozenset(operands.texts).__contains__)
    if operands.numbers:
        numbers = subject.numbers(fields)
        if operands.texts and subject.key is not None:
            # "iPhone 15" is not 15, though the number can be read in it.
            worded = fields.texts(subject.key).where(lambda text: bool(LETTER.search(text)))
            numbers = np.where(worded, np.nan, numbers)
        known = known | ~np.isnan(numbers)
        matched = matched | _compare(condition, numbers, operands.numbers)
    if operands.days and subject.key is not None:
        days = fields.days(subject.key)
        if condition in ABOUT_AGE:
            days = (pd.Timestamp(today) - pd.Timestamp(0)).days - days
        known = known | ~np.isnan(days)
        matched = matched | _compare(condition, days, operands.days)
    return Verdict(matched, known)


def _compare(condition: str, values: Floats, wanted: tuple[float, ...]) -> Bools:
    """A comparison with NaN is false."""
    if condition in ("equals", "one_of"):
        return np.isin(values, wanted)
    if condition == "older_than":
        return values > wanted[0]
    low, high = (0.0, wanted[0]) if condition == "within" else wanted
    return (values >= low) & (values <= high)
