"""What surrounds a sheet's rows: widths, frozen panes, filters, protection."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy

from lxml import etree

from sheetsync.workbooks.xlsx.sheet import Sheet
from sheetsync.workbooks.xlsx.xml import LAST_ROW, WORKSHEET, Area, areas, child, letters, local, q


def column_styles(sheet: Sheet) -> Callable[[int], int]:
    """The style of cells that have none of their own, by column."""
    spans = [
        (int(col.get("min") or 0), int(col.get("max") or 0), int(col.get("style") or 0))
        for col in _columns(sheet)
    ]

    def style(column: int) -> int:
        return next((s for first, last, s in spans if first <= column <= last), 0)

    return style


def set_column(sheet: Sheet, column: int, *, width: float, style: int, hidden: bool) -> None:
    """Width and style of one column; its neighbours in a common span keep theirs."""
    columns = child(sheet.root, "cols", WORKSHEET)
    for old in list(columns):
        first, last = int(old.get("min") or 0), int(old.get("max") or 0)
        if first <= column <= last:
            for start, end in ((first, column - 1), (column + 1, last)):
                if start <= end:
                    part = deepcopy(old)
                    part.set("min", str(start))
                    part.set("max", str(end))
                    old.addprevious(part)
            columns.remove(old)
    new = etree.Element(
        q("col"),
        min=str(column),
        max=str(column),
        width=f"{width:g}",
        style=str(style),
        customWidth="1",
    )
    if hidden:
        new.set("hidden", "1")
    later = (old for old in columns if int(old.get("min") or 0) > column)
    after = next(later, None)
    if after is None:
        columns.append(new)
    else:
        after.addprevious(new)
    sheet.changed = True


def _columns(sheet: Sheet) -> list[etree._Element]:
    found = sheet.root.find(q("cols"))
    return [] if found is None else [col for col in found if local(col) == "col"]


def freeze(sheet: Sheet, columns: int) -> None:
    """Keep the header row, and some columns from the left, in sight."""
    views = child(sheet.root, "sheetViews", WORKSHEET)
    view = views.find(q("sheetView"))
    if view is None:
        view = etree.SubElement(views, q("sheetView"), workbookViewId="0")
    for old in [part for part in view if local(part) in ("pane", "selection")]:
        view.remove(old)
    beside = letters(columns + 1)
    cells = {"bottomLeft": "A2"}
    if columns:
        cells = {"topRight": f"{beside}1", "bottomLeft": "A2", "bottomRight": f"{beside}2"}
    pane = etree.Element(q("pane"))
    if columns:
        pane.set("xSplit", str(columns))
    pane.set("ySplit", "1")
    pane.set("topLeftCell", f"{beside}2")
    pane.set("activePane", list(cells)[-1])
    pane.set("state", "frozen")
    view.insert(0, pane)
    for place, (side, cell) in enumerate(cells.items(), start=1):
        view.insert(place, etree.Element(q("selection"), pane=side, activeCell=cell, sqref=cell))
    sheet.changed = True


def colour_tab(sheet: Sheet, colour: str) -> None:
    """The colour of a tab, ``RRGGBB``."""
    properties = child(sheet.root, "sheetPr", WORKSHEET)
    properties.insert(0, etree.Element(q("tabColor"), rgb="FF" + colour))
    sheet.changed = True


def filter_header(sheet: Sheet, last_column: int) -> None:
    """Filter buttons in the header row."""
    found = child(sheet.root, "autoFilter", WORKSHEET)
    found.set("ref", str(Area(1, 1, last_column, LAST_ROW)))
    sheet.changed = True


def widen_filter(sheet: Sheet, column: int) -> None:
    """Let a filter of the whole header take in a column added right beside it."""
    found = sheet.root.find(q("autoFilter"))
    area = next(areas(found.get("ref") or ""), None) if found is not None else None
    if found is not None and area is not None and area.top == 1 and area.right == column - 1:
        found.set("ref", str(Area(area.left, area.top, column, area.bottom)))
        sheet.changed = True


def protect(sheet: Sheet) -> None:
    """Nobody types into this tab by mistake; sorting, filtering and formatting stay allowed.

    There is no password: who wants to, can.
    """
    allowed = ("formatCells", "formatColumns", "formatRows", "sort", "autoFilter", "pivotTables")
    found = child(sheet.root, "sheetProtection", WORKSHEET)
    found.set("sheet", "1")
    for name in allowed:
        found.set(name, "0")  # 1 would be "locked"
    sheet.changed = True
