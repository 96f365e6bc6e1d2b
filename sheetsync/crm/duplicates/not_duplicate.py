"""What people say in "Not a duplicate": of whom a lead is none, or that it is none at all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from sheetsync import cells
from sheetsync.crm.base import Book, Problem

_ID = re.compile(r"(?:[lл]\s?[-–—]?\s?|[№#]\s?)?0*(\d{1,15})", re.IGNORECASE)
_ID_AT_END = re.compile(r"0*(\d{1,15})\D*$")
_BETWEEN = re.compile(r"(?:[\s,;]|\b(?:и|and)\b)+")
_TAB, _COLUMN = "leads", "not_duplicate"


@dataclass(frozen=True)
class Said:
    """What was said.

    Parameters
    ----------
    nobodys : ids of leads that are nobody's duplicate
    apart : pairs of ids that are two people, each way round
    problems : cells that could not be understood, or name leads that do not exist
    """

    nobodys: frozenset[str]
    apart: frozenset[tuple[str, str]]
    problems: tuple[Problem, ...]


def read(book: Book) -> Said:
    """Read the column; each different text once.

    An id is understood with and without its letter and zeros (``L-00012``, ``l-12``, ``12``),
    several between commas, semicolons or spaces. Any yes (да, +, ✓, TRUE) means: of nobody. A no is
    as good as an empty cell.
    """
    typed = book.leads[_COLUMN].dropna()
    if not len(typed):
        return Said(frozenset(), frozenset(), ())
    by_number = _by_number(book.leads.index)
    yes = cells.parse_bools(typed).values
    nobodys: set[str] = set()
    apart: set[tuple[str, str]] = set()
    problems: list[Problem] = []
    readings = {text: _ids(text, by_number) for text in typed.unique()}
    rows = book.leads.loc[typed.index, "row"]
    cells_ = zip(typed.index.astype(str), typed, yes.tolist(), rows.tolist(), strict=True)
    for lead, text, says_yes, row in cells_:
        found, wrong = readings[text]
        if found is not None and text != "0":
            problems += [_problem(row, lead, number, "unknown") for number in wrong]
            if lead in found:
                problems.append(_problem(row, lead, text, "itself"))
            apart |= {pair for o in found if o != lead for pair in ((lead, o), (o, lead))}
        elif pd.isna(says_yes):
            problems.append(_problem(row, lead, text, "unreadable"))
        elif says_yes:
            nobodys.add(lead)
    return Said(frozenset(nobodys), frozenset(apart), tuple(problems))


def _ids(text: str, by_number: Mapping[int, str]) -> tuple[list[str] | None, list[str]]:
    """The leads that a text names, and what in it names none; None when it is no list of ids."""
    parts = [part for part in _BETWEEN.split(text) if part]
    matches = [_ID.fullmatch(part) for part in parts]
    if not parts or not all(matches):
        return None, []
    numbers = {part: int(match[1]) for part, match in zip(parts, matches, strict=True) if match}
    known = [by_number[number] for number in numbers.values() if number in by_number]
    return known, [part for part, number in numbers.items() if number not in by_number]


def _by_number(ids: pd.Index) -> dict[int, str]:
    found: dict[int, str] = {}
    for lead in ids.astype(str):
        match = _ID_AT_END.search(lead)
        if match:
            found.setdefault(int(match[1]), lead)
    return found


def _problem(row: int, lead: str, typed: str, code: str) -> Problem:
    return Problem(_TAB, _COLUMN, row, lead, cells.show(typed), f"not_duplicate.{code}")
