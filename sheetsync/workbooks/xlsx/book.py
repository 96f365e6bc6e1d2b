"""The workbook part: sheets, defined names, styles; and the parts behind them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from lxml import etree

from sheetsync.errors import TargetError
from sheetsync.workbooks.xlsx import blank
from sheetsync.workbooks.xlsx.package import Package
from sheetsync.workbooks.xlsx.sheet import Sheet
from sheetsync.workbooks.xlsx.styles import Styles
from sheetsync.workbooks.xlsx.xml import MAIN, REL, STRICT, WORKBOOK, child, local, q

_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f[\s/>]")
_SHEETS = "xl/worksheets/sheet{}.xml"


@dataclass(frozen=True)
class SheetRef:
    """A worksheet as the workbook lists it."""

    title: str
    part: str
    hidden: bool


class Book:
    """A workbook in memory; nothing reaches a disk before :meth:`save`.

    Parameters
    ----------
    data : the bytes of an .xlsx file; None makes a new one without sheets
    path : what errors call it
    lang : how new dates look, where a cell has no format of its own

    Raises
    ------
    TargetError
        The package holds no spreadsheet, or one in the "strict" dialect.
    """

    def __init__(self, data: bytes | None, path: Path, lang: str) -> None:
        self.package = Package(blank.blank() if data is None else data)
        self._part = _workbook_part(self.package, path)
        self.lang = lang
        self._sheets: dict[str, Sheet] = {}
        self._styles: Styles | None = None
        self._styles_part = next(
            (part for _, kind, part in self.package.relations(self._part) if kind == "styles"), ""
        )
        namespace = etree.QName(self._root).namespace
        if namespace != MAIN:
            key = "xlsx_strict" if namespace == STRICT else "xlsx_not_a_workbook"
            raise TargetError(key, path=path)

    @property
    def _root(self) -> etree._Element:
        return self.package.tree(self._part)

    # --- sheets -------------------------------------------------------------------------------

    def sheets(self) -> list[SheetRef]:
        """The worksheets in order; chart sheets and the like are left out."""
        parts = {
            key: part
            for key, kind, part in self.package.relations(self._part)
            if kind == "worksheet" and part in self.package
        }
        listed = child(self._root, "sheets", WORKBOOK)
        return [
            SheetRef(
                element.get("name") or "",
                parts[element.get(f"{{{REL}}}id") or ""],
                (element.get("state") or "visible") != "visible",
            )
            for element in listed
            if local(element) == "sheet" and element.get(f"{{{REL}}}id") in parts
        ]

    def sheet(self, title: str) -> Sheet:
        """A worksheet by its title; KeyError when there is none."""
        for ref in self.sheets():
            if ref.title == title:
                if ref.part not in self._sheets:
                    self._sheets[ref.part] = Sheet(self.package.read(ref.part))
                return self._sheets[ref.part]
        raise KeyError(title)

    def add_sheet(self, title: str, *, hidden: bool) -> str:
        """A new, empty sheet at the end; its title, with a number where the title is taken."""
        sheets = child(self.package.edit(self._part), "sheets", WORKBOOK)
        titles = {(element.get("name") or "").casefold() for element in sheets}
        free, number = title, 2
        while free.casefold() in titles:
            free, number = f"{title} {number}", number + 1
        number = 1
        while _SHEETS.format(number) in self.package:
            number += 1
        part = _SHEETS.format(number)
        self.package.add(part, blank.SHEET_TYPE, blank.SHEET)
        ids = [int(element.get("sheetId") or 0) for element in sheets]
        element = etree.SubElement(sheets, q("sheet"), name=free, sheetId=str(max([0, *ids]) + 1))
        if hidden:
            element.set("state", "hidden")
        element.set(f"{{{REL}}}id", self.package.relate(self._part, f"{REL}/worksheet", part))
        return free

    # --- names --------------------------------------------------------------------------------

    def names(self) -> Iterator[tuple[str, str]]:
        """(name, what it refers to) of every name of the whole workbook, not of single sheets."""
        listed = self._root.find(q("definedNames"))
        for element in listed if listed is not None else ():
            if local(element) == "definedName" and element.get("localSheetId") is None:
                yield element.get("name") or "", element.text or ""

    def set_name(self, name: str, refers_to: str) -> bool:
        """Add or correct a hidden name; False when it is right already."""
        if dict(self.names()).get(name) == refers_to:
            return False
        listed = child(self.package.edit(self._part), "definedNames", WORKBOOK)
        for element in listed:
            if element.get("name") == name and element.get("localSheetId") is None:
                break
        else:
            element = etree.SubElement(listed, q("definedName"), name=name, hidden="1")
        element.text = refers_to
        return True

    # --- the rest -----------------------------------------------------------------------------

    @property
    def styles(self) -> Styles:
        """The style sheet; one is made where a file has none."""
        if self._styles is None:
            if self._styles_part not in self.package:
                self._styles_part = "xl/styles.xml"
                self.package.add(self._styles_part, blank.STYLES_TYPE, blank.STYLES.encode())
                self.package.relate(self._part, f"{REL}/styles", self._styles_part)
            self._styles = Styles(self.package.tree(self._styles_part))
        return self._styles

    @property
    def since_1904(self) -> bool:
        """Whether dates are counted from 1904-01-01, as old Excel for Mac did."""
        properties = self._root.find(q("workbookPr"))
        return properties is not None and properties.get("date1904") in ("1", "true")

    def save(self, out: BinaryIO) -> None:
        """Write the workbook: changed sheets anew, everything else as it was."""
        changed = [part for part, sheet in self._sheets.items() if sheet.changed]
        lost_formulas = any(sheet.rows.lost_formulas for sheet in self._sheets.values())
        for part in changed:
            self.package.write(part, self._sheets.pop(part).to_bytes())
        if self._styles is not None and self._styles.changed:
            self.package.edit(self._styles_part)
        if lost_formulas:
            self._forget_calculation_chain()
        if changed and any(self._has_formulas(ref.part) for ref in self.sheets()):
            # People's own formulas over our cells are computed anew when the file is opened.
            calculation = child(self.package.edit(self._part), "calcPr", WORKBOOK)
            calculation.set("fullCalcOnLoad", "1")
        self._hide_names()
        self.package.save(out)

    def _has_formulas(self, part: str) -> bool:
        return _FORMULA.search(self.package.read(part)) is not None

    def _hide_names(self) -> None:
        """LibreOffice shows hidden names again when it saves a file."""
        listed = self._root.find(q("definedNames"))
        for element in listed if listed is not None else ():
            ours = (element.get("name") or "").startswith("_ss")
            if ours and element.get("hidden") not in ("1", "true"):
                self.package.edit(self._part)
                element.set("hidden", "1")

    def _forget_calculation_chain(self) -> None:
        for _, kind, part in list(self.package.relations(self._part)):
            if kind == "calcChain":
                self.package.unrelate(self._part, part)
                self.package.remove(part)


def _workbook_part(package: Package, path: Path) -> str:
    for _, kind, part in package.relations(""):
        if kind == "officeDocument" and part in package and _is_workbook(package, part):
            return part
    raise TargetError("xlsx_not_a_workbook", path=path)


def _is_workbook(package: Package, part: str) -> bool:
    return part.endswith(".xml") and local(package.tree(part)) == "workbook"
