"""Adding what is missing of a layout to a workbook, new or old, in one way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from sheetsync import layout as lay
from sheetsync.layout import Choice, Tab
from sheetsync.locales import LANGUAGES, Words, load
from sheetsync.workbooks.base import Provision, Step
from sheetsync.workbooks.xlsx import cells as xlsx_cells
from sheetsync.workbooks.xlsx import meta as xlsx_meta
from sheetsync.workbooks.xlsx.book import Book
from sheetsync.workbooks.xlsx.edits import appended
from sheetsync.workbooks.xlsx.looks import (
    body_look,
    header_height,
    header_look,
    tab_colour,
    width_of,
)
from sheetsync.workbooks.xlsx.names import Place, name_of, places, reference
from sheetsync.workbooks.xlsx.read import HELPER, Values, header_text, helper
from sheetsync.workbooks.xlsx.rows import Edit
from sheetsync.workbooks.xlsx.rules import ensure_rules
from sheetsync.workbooks.xlsx.validations import Validation, ensure_validations, wanted
from sheetsync.workbooks.xlsx.view import (
    colour_tab,
    filter_header,
    freeze,
    protect,
    set_column,
    widen_filter,
)
from sheetsync.workbooks.xlsx.write import ensure_helper, put

_NO_CELLS = np.empty((0, 0), dtype=object)


@dataclass
class _Found:
    """A tab on its way: where it is, what is in it, what was added to it by this call."""

    tab: Tab
    title: str
    columns: dict[str, int]
    cells: np.ndarray = field(default_factory=lambda: _NO_CELLS)
    is_new: bool = False
    named: Mapping[str, int] = field(default_factory=dict)
    added: set[str] = field(default_factory=set)


def provision(book: Book, values: Values | None, want: Provision) -> Iterator[Step]:
    """Bring a workbook in memory to what is wanted, step by step.

    Parameters
    ----------
    book : changed in place
    values : what stands in it; None for a workbook that is new
    """
    if values is None:
        yield Step("workbook", None, None, want.meta.get("kind", ""))
    known = places(book.names(), [ref.title for ref in book.sheets()])
    tabs: list[_Found] = []
    for tab in want.layout.tabs:
        found = _find(book, values, tab, known) or _new_tab(book, tab, want.words)
        known[tab.key] = Place(found.title)
        tabs.append(found)
        if found.is_new:
            yield Step("tab", tab.key, None, found.title)
        yield from _add_columns(book, found, want.words)
    for found in tabs:
        yield from _name_columns(book, found)
    groups: set[str] = set()
    newer = _recorded(values).get("layout") != want.meta.get("layout")
    for found in tabs:
        yield from _dress(book, found, want, groups)
        if found.is_new:
            yield from _write_rows(book, found, want.seeds.get(found.tab.key, ()), 2)
        elif newer and (news := want.news.get(found.tab.key)) is not None:
            yield from _write_rows(book, found, news.rows, news.after + 1)
        yield from _keep_aside(book, values, found.tab)
    yield from _describe(book, values, want, tabs, groups)


def _find(book: Book, values: Values | None, tab: Tab, known: Mapping[str, Place]) -> _Found | None:
    """A tab by its columns' names; one without names by its title, in either language."""
    place = known.get(tab.key)
    if place is None:
        taken = {other.title for other in known.values()}
        titles = {lay.tab_title(load(lang), tab).casefold() for lang in LANGUAGES}
        for ref in book.sheets():
            if ref.title.strip().casefold() in titles and ref.title not in taken:
                place = Place(ref.title)
                break
        else:
            return None
    cells = values.cells(place.title) if values else _NO_CELLS
    columns = dict(place.columns)
    headers = [header_text(value).strip().casefold() for value in cells[0]] if len(cells) else []
    for column in tab.columns:
        if column.shown and column.key not in columns:
            texts = {lay.header(load(lang), tab, column).strip().casefold() for lang in LANGUAGES}
            for number, text in enumerate(headers, start=1):
                if text in texts and number not in columns.values():
                    columns[column.key] = number
                    break
    return _Found(tab, place.title, columns, cells, named=place.columns)


def _new_tab(book: Book, tab: Tab, words: Words) -> _Found:
    title = book.add_sheet(lay.tab_title(words, tab), hidden=tab.hidden)
    return _Found(tab, title, {}, is_new=True)


def _add_columns(book: Book, found: _Found, words: Words) -> Iterator[Step]:
    """Missing columns at the end: header, width, format."""
    tab, sheet = found.tab, book.sheet(found.title)
    headers: dict[int, tuple[str, int]] = {}
    free = max([_width(found.cells), *found.columns.values()]) + 1
    for column in tab.columns:
        if not column.shown or column.key in found.columns:
            continue
        number, text = free + len(headers), lay.header(words, tab, column)
        found.columns[column.key] = number
        found.added.add(column.key)
        headers[number] = (text, book.styles.look(header_look(tab, column)))
        body = book.styles.look(body_look(tab, column, words.lang))
        set_column(sheet, number, width=width_of(column, text), style=body, hidden=column.hidden)
        widen_filter(sheet, number)
        if not found.is_new:
            yield Step("column", tab.key, column.key, text)
    sheet.patch(
        [Edit.of(number, [(1, text)]) for number, (text, _) in headers.items()],
        lambda _, number: headers[number][1],
    )


def _name_columns(book: Book, found: _Found) -> Iterator[Step]:
    for key, number in found.columns.items():
        if found.named.get(key) != number:
            book.set_name(name_of(found.tab.key, key), reference(found.title, number))
            if key not in found.added:
                yield Step("name", found.tab.key, key, found.title)


def _dress(book: Book, found: _Found, want: Provision, groups: set[str]) -> Iterator[Step]:
    """Dropdowns and rules wherever they are missing; panes, filter and protection once.

    ``groups`` gets the option lists that have to stand in cells.
    """
    tab, sheet = found.tab, book.sheet(found.title)
    wants: dict[int, Validation] = {}
    for column in tab.columns:
        if column.key not in found.columns:
            continue
        options = None
        if column.choice is not None and column.choice.group:
            options = xlsx_meta.inline(lay.options(want.words, column.choice))
            if options is None:
                groups.add(column.choice.group)
                options = xlsx_meta.list_name(column.choice.group)
        validation = wanted(tab, column, want.words, options)
        if validation is not None:
            wants[found.columns[column.key]] = validation
    keys = {number: key for key, number in found.columns.items()}
    former = {number for number, key in keys.items() if key not in tab}  # steps no longer asked
    mended = ensure_validations(sheet, wants, former, len(found.cells))
    # Columns that are not ours have no key: one step for all of them.
    for key in dict.fromkeys(keys.get(number) for number in mended):
        if not found.is_new and key not in found.added:
            tools = key is not None and tab[key].owner == "tool"
            yield Step("protection" if tools else "dropdown", tab.key, key)
    steps = list(
        ensure_rules(
            sheet,
            book.styles,
            want.layout,
            tab.key,
            found.columns,
            len(found.cells),
            want.words,
        )
    )
    if not found.is_new:
        yield from steps
    else:
        texts = {column.key: lay.header(want.words, tab, column) for column in tab.columns}
        widths = {texts[c.key]: width_of(c, texts[c.key]) for c in tab.columns if c.shown}
        sheet.set_height(1, header_height(widths))
        colour_tab(sheet, tab_colour(tab))
        freeze(sheet, tab.frozen)
        filter_header(sheet, max(found.columns.values(), default=1))
        if tab.body != "people":
            protect(sheet)


def _write_rows(
    book: Book, found: _Found, rows: Sequence[Mapping[str, Any]], start: int
) -> Iterator[Step]:
    lines = pd.DataFrame(list(rows), dtype=object)
    if lines.empty:
        return
    edits = appended(found.tab, found.columns, lines, start)
    put(book, found.tab, found.title, found.columns, edits, pd.DataFrame(dtype=object))
    yield Step("row", found.tab.key, None, str(len(lines)))


def _keep_aside(book: Book, values: Values | None, tab: Tab) -> Iterator[Step]:
    """The hidden tab for what only the tool needs."""
    if all(column.shown for column in tab.results()):
        return
    title = HELPER.format(tab.key)
    there = helper(values.cells(title) if values else _NO_CELLS)
    if ensure_helper(book, tab, there)[1] != there.columns and values is not None:
        yield Step("tab", tab.key, None, title)


def _describe(
    book: Book, values: Values | None, want: Provision, tabs: list[_Found], groups: set[str]
) -> Iterator[Step]:
    """What the workbook says about itself."""
    cells = values.cells(xlsx_meta.TITLE) if values else _NO_CELLS
    described = {**want.meta, **xlsx_meta.roles(want.layout)}
    lists = {group: lay.options(want.words, Choice(group=group)) for group in sorted(groups)}
    fresh = {f"{found.tab.key}.{key}" for found in tabs for key in found.added}
    mended = [key for key in xlsx_meta.ensure(book, cells, described, lists) if key not in fresh]
    if values is not None and mended:
        yield Step("workbook", None, None, xlsx_meta.TITLE)


def _recorded(values: Values | None) -> Mapping[str, str]:
    return xlsx_meta.read(values.cells(xlsx_meta.TITLE)).values if values else {}


def _width(cells: np.ndarray) -> int:
    """The last column in which anything stands."""
    columns = np.flatnonzero(xlsx_cells.filled(cells).any(axis=0)).tolist() if cells.size else []
    return int(columns[-1]) + 1 if columns else 0
