"""Conditional formats of ours: added once, found again by a mark in their formula.

The mark, ``N("ss:leads.won")=0``, is always true, and every program keeps it with the formula.
Colours that people change stay; people's own rules keep their order among each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from lxml import etree

from sheetsync.layout import Layout, Rule, render
from sheetsync.locales import Words
from sheetsync.workbooks.base import Step
from sheetsync.workbooks.xlsx.names import name_of
from sheetsync.workbooks.xlsx.sheet import Sheet
from sheetsync.workbooks.xlsx.styles import Styles
from sheetsync.workbooks.xlsx.xml import (
    WORKSHEET,
    areas,
    body,
    covers,
    insert,
    letters,
    local,
    q,
    touches,
)

_MARK = re.compile(r'N\("ss:([\w.\-]+)"\)')


def ensure_rules(
    sheet: Sheet,
    styles: Styles,
    layout: Layout,
    tab: str,
    columns: Mapping[str, int],
    last_row: int,
    words: Words,
) -> Iterator[Step]:
    """Add the rules of a tab that are missing, mend those that no longer fit.

    Parameters
    ----------
    columns : column key -> column, of the tab as it is now
    last_row : the last row that holds anything
    """
    rules = [rule for rule in layout.rules if rule.tab == tab]
    order = {rule.key: place for place, rule in enumerate(rules)}
    for rule in rules:
        targets = sorted(columns[key] for key in rule.columns if key in columns)
        if not targets:
            continue
        mended = (
            _ensure_scale(sheet, rule, targets)
            if rule.scale
            else _ensure_formula(sheet, styles, rule, targets, order, columns, last_row, words)
        )
        if mended:
            yield Step("rule", tab, None, rule.key)


def _ensure_formula(
    sheet: Sheet,
    styles: Styles,
    rule: Rule,
    targets: list[int],
    order: Mapping[str, int],
    columns: Mapping[str, int],
    last_row: int,
    words: Words,
) -> bool:
    found = [element for element in _rules(sheet) if _key(element) == rule.key]
    if found:
        sqrefs = [_sqref(element) for element in found]
        covered = all(
            any(covers(sqref, column, last_row) for sqref in sqrefs) for column in targets
        )
        right = all(
            _plain(_formula_of(element)) == _plain(_formula(rule, columns, words, _top(sqref)))
            for element, sqref in zip(found, sqrefs, strict=True)
        )
        if covered and right:
            return False
    new = etree.Element(q("cfRule"), type="expression")
    if found:
        new.attrib.update(found[0].attrib)
        for element in found:
            _take_out(element)
    else:
        new.set("dxfId", str(styles.conditional(rule.style)) if rule.style else "0")
        new.set("priority", str(_make_room(sheet, rule.key, order)))
    etree.SubElement(new, q("formula")).text = _formula(rule, columns, words, 2)
    _put_in(sheet, new, targets)
    return True


def _ensure_scale(sheet: Sheet, rule: Rule, targets: list[int]) -> bool:
    """A colour scale has no formula to carry a mark: any scale on the column will do."""
    scales = [_sqref(e) for e in _rules(sheet) if e.get("type") == "colorScale"]
    if all(any(touches(sqref, column) for sqref in scales) for column in targets):
        return False
    new = etree.Element(q("cfRule"), type="colorScale", priority=str(_lowest(sheet) + 1))
    scale = etree.SubElement(new, q("colorScale"))
    etree.SubElement(scale, q("cfvo"), type="min")
    etree.SubElement(scale, q("cfvo"), type="percentile", val="50")
    etree.SubElement(scale, q("cfvo"), type="max")
    for colour in rule.scale or ():
        etree.SubElement(scale, q("color"), rgb="FF" + colour)
    _put_in(sheet, new, targets)
    return True


def _formula(rule: Rule, columns: Mapping[str, int], words: Words, row: int) -> str:
    text = render(
        rule.formula or "",
        cell=lambda key: f"${letters(columns[key])}{row}",
        # Old-style rules may not refer to other sheets; a name may.
        whole=lambda key: name_of(*key.split(".", 1)),
        words=words,
        separator=",",
    )
    return f'AND({text},N("ss:{rule.key}")=0)'


def _rules(sheet: Sheet) -> list[etree._Element]:
    return [
        element
        for block in sheet.root.iterfind(q("conditionalFormatting"))
        for element in block
        if local(element) == "cfRule"
    ]


def _formula_of(element: etree._Element) -> str:
    found = element.find(q("formula"))
    return (found.text or "") if found is not None else ""


def _key(element: etree._Element) -> str | None:
    match = _MARK.search(_formula_of(element))
    return match[1] if match else None


def _sqref(element: etree._Element) -> str:
    block = element.getparent()
    return (block.get("sqref") or "") if block is not None else ""


def _top(sqref: str) -> int:
    """The row that a rule's formula speaks of."""
    return min((area.top for area in areas(sqref)), default=2)


def _plain(formula: str) -> str:
    """A formula without what programs write differently: spaces and case outside of texts."""
    parts = re.split(r'("(?:[^"]|"")*")', formula)
    return "".join(
        part if part.startswith('"') else re.sub(r"\s+", "", part).upper() for part in parts
    )


def _priorities(sheet: Sheet) -> list[etree._Element]:
    """Everything in the sheet that takes part in the order of rules, newer kinds included."""
    return [
        element
        for element in sheet.root.iter("{*}cfRule")
        if (element.get("priority") or "").isdigit()
    ]


def _lowest(sheet: Sheet) -> int:
    return max((int(element.get("priority") or 0) for element in _priorities(sheet)), default=0)


def _make_room(sheet: Sheet, key: str, order: Mapping[str, int]) -> int:
    """The priority of a new rule of ours: before the first of ours that comes later in the layout,
    else after all rules; the ones behind it move on by one."""
    later = [
        int(element.get("priority") or 0)
        for element in _rules(sheet)
        if order.get(_key(element) or "", -1) > order[key]
    ]
    if not later:
        return _lowest(sheet) + 1
    place = min(later)
    for element in _priorities(sheet):
        if (number := int(element.get("priority") or 0)) >= place:
            element.set("priority", str(number + 1))
    return place


def _put_in(sheet: Sheet, rule: etree._Element, columns: Iterable[int]) -> None:
    sqref = " ".join(str(body(column)) for column in columns)
    block = etree.Element(q("conditionalFormatting"), sqref=sqref)
    block.append(rule)
    insert(sheet.root, block, WORKSHEET)
    sheet.changed = True


def _take_out(rule: etree._Element) -> None:
    block = rule.getparent()
    if block is None:
        return
    block.remove(rule)
    holder = block.getparent()
    if holder is not None and not any(local(part) == "cfRule" for part in block):
        holder.remove(block)
