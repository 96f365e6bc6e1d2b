"""What a refresh understood, published for the add-on: one hidden tab of keys and JSON.

The add-on works at the moment of typing, where nothing can be computed from ten thousand rows. So
each refresh leaves it what takes a whole sheet to know: the lists in every spelling, the rules
compiled, what sources are worth, the script, the days off. Cells of people appear in it as JSON
strings only; it is data, never code.

A value that is longer than a cell likes goes on in the next row: ``rules``, ``rules/2``, ... The
parts put together are one JSON text. Nothing in it changes by the day alone, so that a refresh that
has nothing to do finds nothing to do.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from sheetsync.crm.base import Book, Capability, Part, Results
from sheetsync.crm.lists import Names, group_names
from sheetsync.crm.scoring.scores import fields_of, of_sources
from sheetsync.crm.working_days import days_off
from sheetsync.layout import Column, Tab

ADDON = Tab(
    key="addon",
    body="table",
    hidden=True,
    columns=(Column("key", "tool", width=140), Column("value", "tool", width=640)),
)

MOST = 30_000
"""Characters of one cell, in UTF-16 as spreadsheets count: .xlsx files hold 32,767."""

DAYS_AHEAD = 400
"""Days off are told so far ahead, from the first day of this month on. [day]"""

_GROUPS = ("channel", "segment", "kind", "role", "mark", "script_group")
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


def compute(book: Book, so_far: Results) -> Part:
    """The body of the tab, of :func:`model`."""
    rows = [row for key, value in model(book, so_far).items() for row in _rows(key, value)]
    return Part(tables={ADDON.key: pd.DataFrame(rows, columns=["key", "value"], dtype=object)})


def model(book: Book, so_far: Results) -> dict[str, Any]:
    """Section -> what JSON can say.

    Returns
    -------
    dict
        about : layout (version), lang
        settings : every setting by key; ``date_order`` is "dmy" or "mdy"
        statuses, team, steps : one dict a row, in order; reasons : names
        status_names, team_names, reason_names : every spelling, folded -> name
        sources : names (as above), conversion and index (by name, of :func:`of_sources`)
        groups : group -> names (folded -> key) and shown (key -> word in the CRM's language)
        fields, headers : column of Leads, or what is made from one -> its type, its title
        rules : of :func:`~sheetsync.crm.scoring.compiled.compiled`
        script : the pages, in order
        weekend (0 is Monday), holidays, worked : the days off, as deadlines count them; none in a
            CRM of calendar days
    """
    # Only now: the package that knows the layout's version is this module's own parent.
    from sheetsync.crm import LAYOUT_VERSION

    fields = fields_of(book, so_far)
    sources = of_sources(so_far)
    lists = book.lists
    return {
        "about": {"layout": LAYOUT_VERSION, "lang": book.words.lang},
        "settings": dict(book.settings),
        "statuses": _records(book.statuses, "name"),
        "status_names": _spellings(lists.get("status")),
        "sources": {
            "names": _spellings(lists.get("source")),
            "conversion": sources["source_conversion"].dropna().to_dict(),
            "index": sources["source_index"].dropna().to_dict(),
        },
        "team": _records(book.team[["email", "role"]], "name"),
        "team_names": _spellings(lists.get("manager")),
        "reasons": list(lists["loss_reason"].names) if "loss_reason" in lists else [],
        "reason_names": _spellings(lists.get("loss_reason")),
        "groups": {
            group: {
                "names": _spellings(group_names(group)),
                "shown": book.words.group(f"choices.{group}"),
            }
            for group in _GROUPS
        },
        "steps": _records(book.steps, "id"),
        "fields": {key: fields.type_of(key) for key in fields.titles},
        "headers": fields.titles,
        "rules": _rules(so_far),
        "script": _records(book.script, "name"),
        **_days_off(book),
    }


def _rules(so_far: Results) -> list[dict[Any, Any]]:
    rules = so_far.figures.get("compiled")
    return [] if rules is None else rules.to_dict("records")


def _spellings(names: Names | None) -> Mapping[str, str]:
    return {} if names is None else names.by_folded


def _records(frame: pd.DataFrame, key: str) -> list[dict[str, Any]]:
    rows = frame.rename_axis(key).reset_index().to_dict("records")
    return [{str(column): cell for column, cell in row.items()} for row in rows]


def _days_off(book: Book) -> dict[str, Any]:
    weekend: list[int] = []
    holidays: Iterable[date] = ()
    worked: Iterable[date] = ()
    if book.settings["days"] == "working":
        month = book.today.replace(day=1)
        country = str(book.settings["country"])
        weekend, holidays, worked = days_off(country, month, DAYS_AHEAD)
    return {"weekend": weekend, "holidays": list(holidays), "worked": list(worked)}


def _rows(key: str, value: Any) -> Iterator[tuple[str, str]]:
    text = json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    # What takes two units of UTF-16 is escaped: a cut between the two would spoil it.
    text = _ASTRAL.sub(lambda match: json.dumps(match[0])[1:-1], text)
    for number, start in enumerate(range(0, len(text), MOST), start=1):
        yield key if number == 1 else f"{key}/{number}", text[start : start + MOST]


def _plain(value: Any) -> Any:
    """A value as JSON says it: dates are ISO, what is missing is null."""
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if value is None or pd.isna(value):
        return None
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value.isoformat()[:10] if isinstance(value, date) else value


CAPABILITY = Capability(name="published", tabs=(ADDON,), compute=compute)
