"""Dropdowns, ticks, and the polite "no" of the tool's columns.

Validations of ours are known by the title of their message. A column with a validation that a
person made keeps that one.
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from sheetsync.layout import Column, Tab
from sheetsync.locales import LANGUAGES, Words, load
from sheetsync.workbooks.xlsx_cells import TICK
from sheetsync.workbooks.xlsx_names import name_of
from sheetsync.workbooks.xlsx_sheet import Sheet
from sheetsync.workbooks.xlsx_xml import WORKSHEET, areas, body, child, covers, local, q, touches

_TITLES = ("unknown_option_title", "tick_title", "tools_title")


@dataclass(frozen=True)
class Validation:
    """What may be typed into a column: ``kind`` is "list" or "custom"; ``stop`` refuses the rest,
    otherwise people are asked."""

    kind: str
    formula: str
    title: str
    message: str
    stop: bool = False


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
        return Validation("list", f'"{TICK}"', words("xlsx.tick_title"), words("xlsx.tick"))
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


def ensure_validation(sheet: Sheet, column: int, last_row: int, want: Validation) -> bool:
    """Give a column its validation; False when it has it, or has one of people's.

    Parameters
    ----------
    last_row : the last row that holds anything
    """
    ours = []
    for element in _validations(sheet):
        if touches(element.get("sqref") or "", column):
            if element.get("errorTitle") not in _our_titles():
                return False
            ours.append(element)
    for element in ours:
        if covers(element.get("sqref") or "", column, last_row) and _same(element, want):
            return False
    for element in ours:
        _release(element, column)
    holder = child(sheet.root, "dataValidations", WORKSHEET)
    new = etree.SubElement(
        holder,
        q("dataValidation"),
        type=want.kind,
        errorStyle="stop" if want.stop else "warning",
        allowBlank="1",
        showErrorMessage="1",
        errorTitle=want.title,
        error=want.message,
        sqref=str(body(column)),
    )
    etree.SubElement(new, q("formula1")).text = want.formula
    holder.set("count", str(sum(local(part) == "dataValidation" for part in holder)))
    sheet.changed = True
    return True


def _validations(sheet: Sheet) -> list[etree._Element]:
    holder = sheet.root.find(q("dataValidations"))
    return [] if holder is None else [e for e in holder if local(e) == "dataValidation"]


def _our_titles() -> set[str]:
    return {load(lang)(f"xlsx.{title}") for lang in LANGUAGES for title in _TITLES}


def _same(element: etree._Element, want: Validation) -> bool:
    formula = element.find(q("formula1"))
    text = (formula.text or "") if formula is not None else ""
    return element.get("type") == want.kind and _plain(text) == _plain(want.formula)


def _plain(formula: str) -> str:
    text = formula.replace(" ", "").upper()
    return "FALSE" if text in ("0", "FALSE()") else text  # as LibreOffice writes it


def _release(element: etree._Element, column: int) -> None:
    """Take one column out of a validation that several may share."""
    rest = [a for a in areas(element.get("sqref") or "") if not a.left <= column <= a.right]
    holder = element.getparent()
    if rest:
        element.set("sqref", " ".join(str(area) for area in rest))
    elif holder is not None:
        holder.remove(element)
