"""Dropdowns, ticks, and the polite "no" of the tool's columns.

Validations of ours are known by the title of their message, or by a list that only we have. A
column with a validation that a person made keeps that one. Ours have no business anywhere but in
their own columns: a program that moves columns and leaves validations behind would let them
refuse what people type.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache

from lxml import etree

from sheetsync.layout import Column, Tab
from sheetsync.locales import LANGUAGES, Words, load
from sheetsync.workbooks.xlsx.cells import NO_TICK, TICK
from sheetsync.workbooks.xlsx.meta import LIST_PREFIX
from sheetsync.workbooks.xlsx.names import PREFIX, name_of
from sheetsync.workbooks.xlsx.sheet import Sheet
from sheetsync.workbooks.xlsx.xml import (
    WORKSHEET,
    Area,
    areas,
    body,
    child,
    covers,
    local,
    q,
    touches,
)

_TITLES = ("unknown_option_title", "tick_title", "tools_title")
_LISTS = tuple(start.upper() for start in (f"OFFSET({PREFIX}", LIST_PREFIX))


@dataclass(frozen=True)
class Validation:
    """What may be typed into a column: ``kind`` is "list" or "custom"; ``stop`` refuses the rest,
    otherwise people are asked. ``prompt`` is shown beside a cell that is selected."""

    kind: str
    formula: str
    title: str
    message: str
    stop: bool = False
    prompt: str = ""


def wanted(tab: Tab, column: Column, words: Words, options: str | None) -> Validation | None:
    """The validation of a column, None when it needs none.

    Parameters
    ----------
    options : the formula of the list of a dropdown with fixed options
    """
    if column.owner == "tool":
        if tab.body != "people":
            return None  # such a tab is protected as a whole
        return Validation(
            "custom", "FALSE", words("xlsx.tools_title"), words("xlsx.tools"), stop=True
        )
    if column.type == "checkbox":
        meaning = f"xlsx.meaning.{tab.key}.{column.key}"
        prompt = words(meaning) if meaning in words else ""
        return Validation(
            "list",
            f'"{TICK},{NO_TICK}"',
            words("xlsx.tick_title"),
            f"{prompt or words('xlsx.tick')} {words('xlsx.keep')}",
            prompt=prompt,
        )
    if column.choice is None:
        return None
    formula = _list_of(column.choice.column) if column.choice.column else options
    if not formula:
        return None
    return Validation(
        "list", formula, words("xlsx.unknown_option_title"), words("xlsx.unknown_option")
    )


def _list_of(full_key: str) -> str:
    """A list tab's column from its second row to its last filled one, wherever it is now."""
    name = name_of(*full_key.split(".", 1))
    return f"OFFSET({name},1,0,MAX(1,COUNTA({name})-1),1)"


def ensure_validations(
    sheet: Sheet, wants: Mapping[int, Validation], leave: AbstractSet[int], last_row: int
) -> Iterator[int]:
    """Give every column its validation, once, and take ours out of all others.

    Parameters
    ----------
    wants : column (1 for A) -> its validation
    leave : columns in which ours stay, whatever they are
    last_row : the last row that holds anything

    Yields
    ------
    int
        Each column in which something changed, ascending.
    """
    found = _validations(sheet)
    ours = [element for element in found if _is_ours(element)]
    peoples = [_sqref(element) for element in found if not _is_ours(element)]
    shared = {column for column in wants if any(touches(sqref, column) for sqref in peoples)}
    right: set[int] = set()
    changed: set[int] = set()
    for element in ours:
        columns = _columns(element)
        fits = {c for c in columns.intersection(wants) if _same(element, wants[c])}
        # Where people cut a piece out of it, ours stays on the rest.
        whole = {c for c in fits - right if covers(_sqref(element), c, last_row)}
        stay = whole | (fits & shared) | (columns & leave)
        right |= stay
        if strays := columns - stay:
            changed |= strays
            _reduce(element, stay)
    for column in sorted(wants.keys() - right - shared):
        changed.add(column)
        _add(sheet, column, wants[column])
    if changed:
        _count(sheet)
    yield from sorted(changed)


def _add(sheet: Sheet, column: int, want: Validation) -> None:
    new = etree.SubElement(
        child(sheet.root, "dataValidations", WORKSHEET),
        q("dataValidation"),
        type=want.kind,
        errorStyle="stop" if want.stop else "warning",
        allowBlank="1",
        showErrorMessage="1",
        errorTitle=want.title,
        error=want.message,
        sqref=str(body(column)),
    )
    if want.prompt:
        new.attrib.update({"showInputMessage": "1", "prompt": want.prompt})
    etree.SubElement(new, q("formula1")).text = want.formula


def _reduce(element: etree._Element, stay: set[int]) -> None:
    """Leave a validation only in some of its columns."""
    rest = [
        Area(column, area.top, column, area.bottom)
        for area in areas(_sqref(element))
        for column in range(area.left, area.right + 1)
        if column in stay
    ]
    holder = element.getparent()
    if rest:
        element.set("sqref", " ".join(map(str, rest)))
    elif holder is not None:
        holder.remove(element)


def _count(sheet: Sheet) -> None:
    sheet.changed = True
    holder = child(sheet.root, "dataValidations", WORKSHEET)
    number = len(_validations(sheet))
    if number:
        holder.set("count", str(number))
    else:
        sheet.root.remove(holder)  # the schema has none that is empty


def _validations(sheet: Sheet) -> list[etree._Element]:
    holder = sheet.root.find(q("dataValidations"))
    return [] if holder is None else [e for e in holder if local(e) == "dataValidation"]


def _is_ours(element: etree._Element) -> bool:
    return element.get("errorTitle") in _our_titles() or _plain(_formula(element)).startswith(
        _LISTS
    )


@cache
def _our_titles() -> frozenset[str]:
    return frozenset(load(lang)(f"xlsx.{title}") for lang in LANGUAGES for title in _TITLES)


def _sqref(element: etree._Element) -> str:
    return element.get("sqref") or ""


def _columns(element: etree._Element) -> set[int]:
    """The columns under whose headers a validation has cells."""
    found = (area for area in areas(_sqref(element)) if area.bottom >= 2)
    return {column for area in found for column in range(area.left, area.right + 1)}


def _formula(element: etree._Element) -> str:
    formula = element.find(q("formula1"))
    return (formula.text or "") if formula is not None else ""


def _same(element: etree._Element, want: Validation) -> bool:
    """Whether a validation does what is wanted, in whichever language it speaks."""
    return (
        element.get("type") == want.kind
        and bool(element.get("prompt")) == bool(want.prompt)
        and _plain(_formula(element)) == _plain(want.formula)
    )


def _plain(formula: str) -> str:
    text = formula.replace(" ", "").upper()
    return "FALSE" if text in ("0", "FALSE()") else text  # as LibreOffice writes it
