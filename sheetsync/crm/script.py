"""The call script: pages that an operator reads from and clicks through, objections among them.

A page says what to say and names the pages that may come next. A talk opens at a status, so that
the first page for a new lead and the one for a lead that has our offer are each one click away; an
objection is reached from wherever it is raised. The owner writes the pages as his people talk;
what is typed is shown to them and never taken for anything else.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sheetsync import cells
from sheetsync.cells.text import clean, text_of
from sheetsync.crm.base import Capability
from sheetsync.crm.lists import Names, group_names
from sheetsync.crm.reading import Reader
from sheetsync.layout import Choice, Column, Tab

SCRIPT = Tab(
    key="script",
    row_key="step",
    hidden=True,
    columns=(
        Column("step", width=200),
        Column("group", type="choice", choice=Choice(group="script_group"), width=110),
        Column("status", type="choice", choice=Choice(column="statuses.status"), width=150),
        Column("say", type="long_text", width=520),
        Column("next", type="long_text", width=240),
        Column("check", "tool", "long_text", width=260),
    ),
)


def read_script(
    frame: pd.DataFrame, keys: pd.Series, reader: Reader, statuses: Names
) -> pd.DataFrame:
    """The pages of the Script tab.

    Parameters
    ----------
    frame, keys : raw cells and names of pages, indexed by sheet row
    reader : is told what can't be understood: a text without a name, a second page of one name, an
        unknown status, a next page that is not there

    Returns
    -------
    DataFrame indexed by page, in sheet order
        group ("talk", also where nothing is chosen, or "objection"), status (as Statuses spells
        it), say (text), next (tuple of pages, each once)
    """
    _nameless(frame, keys, reader)
    read = reader.of(SCRIPT.key, frame, keys, unique=True)
    pages = Names(tuple(read.index), {}).by_folded
    rows = dict(zip(keys[::-1], keys.index[::-1], strict=True))  # of two with one name the first
    following: list[tuple[str, ...]] = []
    for page, cell in read.raw("next").items():
        found, lost = _following(cell, pages)
        following.append(found)
        hints = cells.match_names(pd.Series(lost, dtype=object), read.index).hints
        for name, hint in zip(lost, hints, strict=True):
            row = int(rows[page])
            reader.add(SCRIPT.key, "next", row, str(page), name, "script.no_page", hint or "")
    return pd.DataFrame(
        {
            "group": read("group", group_names("script_group").match).fillna("talk"),
            "status": read("status", statuses.match),
            "say": pd.Series(map(_paragraphs, read.raw("say")), read.index, dtype=object),
            "next": pd.Series(following, read.index, dtype=object),
        },
        index=read.index,
    )


def _nameless(frame: pd.DataFrame, keys: pd.Series, reader: Reader) -> None:
    """Tell of texts that nobody can open."""
    if "say" in frame:
        said = cells.text_values(frame["say"]).where(keys.isna()).dropna()
        for row, text in said.items():
            reader.add(SCRIPT.key, "step", int(str(row)), None, text, "script.no_name")


def _following(cell: Any, pages: Mapping[str, str]) -> tuple[tuple[str, ...], list[str]]:
    """The pages that a cell names, and the names in it that no page has.

    A name may hold a semicolon itself: a line that is a page's name is one name.
    """
    text = _paragraphs(cell)
    found: list[str] = []
    lost: list[str] = []
    for line in (text or "").split("\n"):
        names = [line] if cells.fold(line) in pages else line.split(";")
        for name in filter(cells.fold, map(clean, names)):
            page = pages.get(cells.fold(name))
            if page is None:
                lost.append(name)
            else:
                found.append(page)
    return tuple(dict.fromkeys(found)), lost


def _paragraphs(cell: Any) -> str | None:
    """A cell as clean text that keeps its lines; None when it is empty."""
    if not isinstance(cell, str):
        return text_of(cell)
    return "\n".join(map(clean, cell.strip().splitlines())).strip() or None


CAPABILITY = Capability(name="script", tabs=(SCRIPT,))
