"""The formulas by which people's tabs show what the results tabs keep.

A column has one formula, the same text in each of its rows: sorting, inserting, deleting or moving
rows cannot put a result beside the wrong one, and laying it again changes nothing. Cells are
reached through named ranges over whole columns, so columns can be moved as well. Arguments are
separated by ``;``, which Google accepts in every locale; there are no array or decimal literals,
whose form depends on it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping

from sheetsync.layout import Column, Layout, Rule, Tab, render
from sheetsync.locales import Words
from sheetsync.workbooks.google import names


def line_formula(tab: Tab) -> str:
    """The helper column: where the results tab keeps this row's line, 0 where it does not.

    It is a number wherever it stands, so a row without one is a row without formulas.
    """
    results = names.results_tab(tab.key)
    keys = names.range_name(results, names.ROW_KEY)
    return f"=IFNA(MATCH({_here(tab, tab.row_key or '')};{keys};0);0)"


def shown_formula(tab: Tab, column: Column, words: Words) -> str:
    """A tool column: what is recorded for the row's key, or nothing."""
    line = _here(tab, names.LINE)

    def stored(key: str) -> str:
        return f"INDEX({names.range_name(names.results_tab(tab.key), key)};{line})"

    value = stored(column.key)
    if column.live is not None:
        here = functools.partial(_here, tab)
        value = render(column.live, cell=here, whole=_whole, words=words, stored=stored)
    # What refers to an empty cell must not come out as 0.
    return f'=IF({line}=0;"";IF({value}="";"";{value}))'


def rule_formula(rule: Rule, formula: str, words: Words, position: Mapping[str, int]) -> str:
    """The condition of a conditional format, for a range whose first row is row 2.

    Such a formula may not refer to other tabs: their columns are reached by name, INDIRECT.
    The text literal at its end says which rule it is: Google gives rules no ids.
    """
    condition = render(
        formula,
        cell=lambda key: f"${names.letters(position[key])}2",
        whole=lambda key: f'INDIRECT("{_whole(key)}")',
        words=words,
    )
    return f'=AND({condition};"{rule_mark(rule)}"<>"")'


def rule_mark(rule: Rule) -> str:
    """What names a rule inside its own formula."""
    return f"sheetsync {rule.key}"


def named_columns(layout: Layout, words: Words) -> tuple[tuple[str, str], ...]:
    """(tab, column) of everything that formulas reach by name; results tabs included."""
    wanted: dict[tuple[str, str], None] = {}

    def want(full_key: str) -> str:
        tab, _, column = full_key.partition(".")
        wanted[tab, column] = None
        return ""

    for tab in layout.tabs:
        if not tab.results():
            continue
        results = names.results_tab(tab.key)
        for key in (
            names.full(tab.key, tab.row_key or ""),
            names.full(tab.key, names.LINE),
            names.full(results, f"{names.ROW_KEY}{tab.row_key}"),
            *(names.full(results, column.key) for column in tab.results()),
        ):
            want(key)
        for column in tab.results():
            if column.live is not None:
                here = _within(tab, want)
                render(column.live, cell=here, whole=want, stored=str, words=words)
    for rule in layout.rules:
        if rule.formula is not None:
            render(rule.formula, cell=str, whole=want, words=words)
    return tuple(wanted)


def _within(tab: Tab, want: Callable[[str], str]) -> Callable[[str], str]:
    return lambda key: want(names.full(tab.key, key))


def _here(tab: Tab, column: str) -> str:
    return f"INDEX({names.range_name(tab.key, column)};ROW())"


def _whole(key: str) -> str:
    tab, _, column = key.partition(".")
    return names.range_name(tab, column)
