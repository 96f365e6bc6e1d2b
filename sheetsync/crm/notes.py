"""Notes: a dated word of a person's beside a number that needs explaining.

A note says what it is about: the name of a stage, a source or a manager, a month (``2026-03``,
``март 2026``), a figure or a section of the Dashboard as it is called there. It stands beside the
first number of that name; where nothing has the name, at the end of the Dashboard. What is typed is
data: it is shown and never taken for anything else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pandas as pd

from sheetsync import cells
from sheetsync.cells.datewords import MONTHS
from sheetsync.crm.attention import sentence
from sheetsync.crm.base import Book, Capability, Line
from sheetsync.layout import Column, Tab
from sheetsync.locales import Words

NOTES = Tab(
    key="notes",
    row_key="id",
    ids="N-{:03d}",
    hidden=True,
    columns=(
        Column("id", "tool", "id", width=70),
        Column("date", type="date", width=90),
        Column("about", width=180),
        Column("note", type="long_text", width=420),
        Column("by", width=130),
        Column("shown_at", "tool", "long_text", width=260),
        Column("check", "tool", "long_text", width=260),
    ),
)

SHOWN = 2
"""How many notes stand beside one number before the rest is counted."""

_LAST = ("overview",)
"""Sections that a name is looked for in last: a stage called Won is meant before the sum Won."""

_EPOCH = date(1899, 12, 30)
_SERIALS = range(36_526, 73_051)
"""Days of the years 2000 to 2099, as spreadsheets number them."""

Sections = Mapping[str, Sequence[Line]]


@dataclass(frozen=True)
class Placed:
    """Notes put beside numbers.

    Parameters
    ----------
    sections : the sections of the Dashboard, with notes in the notes of their lines
    where : note id -> the place that shows it ("Section: figure"); the others are beside nothing
    """

    sections: dict[str, Sequence[Line]]
    where: Mapping[str, str]


def place(sections: Sections, titles: Mapping[str, str], book: Book) -> Placed:
    """Put each note beside the number it is about.

    Parameters
    ----------
    sections : section key -> its lines
    titles : section key -> title, in the order in which they stand
    """
    found: dict[str, list[Line]] = {key: list(sections.get(key, ())) for key in titles}
    known = _names(found, titles)
    beside: dict[tuple[str, int], list[str]] = {}
    where: dict[str, str] = {}
    for note in newest_first(book.notes).to_dict("records"):
        spot = next((known[name] for name in names_of(note["about"]) if name in known), None)
        if spot is None:
            continue
        section, number = spot
        line = found[section][number]
        where[note["id"]] = f"{titles[section]}: {line.item}"
        beside.setdefault(spot, []).append(text_of(note, book))
    for (section, number), texts in beside.items():
        line = found[section][number]
        said = "; ".join(texts[:SHOWN])
        if len(texts) > SHOWN:
            said = book.words("dashboard.and_more", named=said, rest=len(texts) - SHOWN)
        found[section][number] = replace(line, note=". ".join(filter(None, (line.note, said))))
    found[NOTES.key] = _elsewhere(book, where)
    return Placed({key: tuple(lines) for key, lines in found.items()}, where)


def newest_first(notes: pd.DataFrame) -> pd.DataFrame:
    """Notes by date, the newest first, undated ones last; on one day the lower row first."""
    turned = notes.reset_index(names="id").iloc[::-1]
    return turned.sort_values("date", ascending=False, kind="stable", na_position="last")


def checks(book: Book, placed: Placed) -> pd.DataFrame:
    """What the tool says in the Notes tab, by note id: shown_at (where the note stands) and check
    (what could not be read, that nothing has such a name, and what has one like it)."""
    words, notes = book.words, book.notes
    said: dict[str, list[str]] = {}
    for problem in book.problems:
        if problem.tab == NOTES.key and problem.key is not None:
            said.setdefault(problem.key, []).append(sentence(words, problem))
    lost = notes.loc[~notes.index.isin(list(placed.where)), "about"]
    # What nothing is called may be like something: a typo.
    hints = cells.match_names(lost, _items(placed.sections)).hints
    for note, about, hint in zip(lost.index, lost, hints, strict=True):
        said.setdefault(str(note), []).append(_not_found(words, about, hint))
    where = pd.Series(dict(placed.where), dtype=object).reindex(notes.index)
    check = pd.Series({note: "; ".join(texts) for note, texts in said.items()}, dtype=object)
    return pd.DataFrame(
        {
            "shown_at": where.fillna(words("dashboard.section.notes")),
            "check": check.reindex(notes.index),
        }
    )


def _items(sections: Sections) -> list[str]:
    """What figures are called, those of notes themselves left out."""
    named = (lines for key, lines in sections.items() if key != NOTES.key)
    return list(dict.fromkeys(line.item for lines in named for line in lines))


def _not_found(words: Words, about: object, hint: object) -> str:
    if not isinstance(about, str):
        return words("notes.about_nothing")
    text = words("notes.unknown", about=about)
    return text + words("attention.hint", hint=hint) if isinstance(hint, str) else text


def _elsewhere(book: Book, where: Mapping[str, str]) -> list[Line]:
    """The notes that stand beside nothing."""
    rest = newest_first(book.notes)
    rest = rest[~rest["id"].isin(list(where))]
    return [
        Line(
            note["about"] if isinstance(note["about"], str) else book.words("notes.without"),
            None,
            note=text_of(note, book),
        )
        for note in rest.to_dict("records")
    ]


def text_of(note: Mapping[Any, Any], book: Book) -> str:
    """``12.03: new agency``; with the year where it is not this one."""
    day = note["date"]
    if not isinstance(day, pd.Timestamp) or pd.isna(day):
        return str(note["note"])
    form = "day" if day.year == book.today.year else "day_of_year"
    return book.words(f"notes.{form}", date=day, text=note["note"])


def _names(found: Sections, titles: Mapping[str, str]) -> dict[str, tuple[str, int]]:
    """What can be named -> the first line of that name, or of the section of that name."""
    known: dict[str, tuple[str, int]] = {}
    ordered = sorted(titles, key=lambda key: key in _LAST)
    for key in ordered:
        for number, line in enumerate(found[key]):
            for name in (*names_of(line.item), *names_of(f"{titles[key]}: {line.item}")):
                known.setdefault(name, (key, number))
    for key in ordered:
        if found[key]:
            known.setdefault(cells.fold(titles[key]), (key, 0))
    return known


def names_of(text: object) -> Iterable[str]:
    """The forms in which a name is looked for: as a month, and as it is written."""
    if not isinstance(text, str):
        return ()
    month = month_of(text)
    written = cells.fold(text)
    return (written,) if month is None else (month, written)


def month_of(text: str) -> str | None:
    """``2026-03`` for a calendar month however it is written; None for anything else.

    A spreadsheet makes a date of ``март 2026``: the first day of a month stands for the month.
    """
    words = cells.fold(text)
    if match := re.fullmatch(r"(\d{4})[-./](\d{1,2})(?:[-./]0?1)?", words):
        return _month(int(match[1]), int(match[2]))
    if match := re.fullmatch(r"(?:0?1[./])?(\d{1,2})[./](\d{4})", words):
        return _month(int(match[2]), int(match[1]))
    if match := re.fullmatch(r"([^\W\d_]+)\.? (\d{4})(?: ?г(?:ода)?)?", words):
        return _month(int(match[2]), MONTHS.get(match[1], 0))
    if words.isdecimal() and int(words) in _SERIALS:
        day = _EPOCH + timedelta(days=int(words))
        return _month(day.year, day.month) if day.day == 1 else None
    return None


def _month(year: int, month: int) -> str | None:
    return f"{year}-{month:02d}" if 1 <= month <= 12 else None


CAPABILITY = Capability(name="notes", tabs=(NOTES,))
