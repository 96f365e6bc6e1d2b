"""styles.xml: looks of cells and of conditional formats, found again before one is added."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass

from lxml import etree

from sheetsync.layout import Style
from sheetsync.workbooks.xlsx.xml import STYLESHEET, child, local, q, same

# Built-in formats (ECMA-376 part 1, 18.8.30); all others get numbers from 164 up.
_BUILT_IN = {"General": 0, "0": 1, "#,##0": 3, "@": 49}


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell looks; colours as ``RRGGBB``."""

    number_format: str = "General"
    bold: bool = False
    colour: str | None = None
    fill: str | None = None
    border: str | None = None
    horizontal: str | None = None
    indent: int = 0
    vertical: str = "top"
    wrap: bool = False


class Styles:
    """The style sheet of a workbook.

    Attributes
    ----------
    changed : whether something was added
    """

    def __init__(self, root: etree._Element) -> None:
        self._root = root
        self.changed = False
        self._looks: dict[Look, int] = {}
        self._formatted: dict[tuple[int, str], int] = {}

    def look(self, look: Look) -> int:
        """The number of the cell format of a look."""
        if look not in self._looks:
            alignment = etree.Element(q("alignment"))
            for name in ("horizontal", "vertical"):
                if value := getattr(look, name):
                    alignment.set(name, value)
            if look.indent:
                alignment.set("indent", str(look.indent))
            if look.wrap:
                alignment.set("wrapText", "1")
            xf = etree.Element(
                q("xf"),
                numFmtId=str(self._number_format(look.number_format)),
                fontId=str(self._font(look)),
                fillId=str(self._fill(look.fill)),
                borderId=str(self._border(look.border)),
                xfId="0",
                applyNumberFormat="1",
                applyFont="1",
                applyFill="1",
                applyBorder="1",
                applyAlignment="1",
            )
            xf.append(alignment)
            self._looks[look] = self._number("cellXfs", xf)
        return self._looks[look]

    def formatted(self, style: int, number_format: str) -> int:
        """``style``, with the number format where it has none of its own."""
        key = (style, number_format)
        if key not in self._formatted:
            formats = self._list("cellXfs")
            old = formats[style] if style < len(formats) else formats[0]
            if int(old.get("numFmtId") or 0):
                self._formatted[key] = style
            else:
                new = deepcopy(old)
                new.set("numFmtId", str(self._number_format(number_format)))
                new.set("applyNumberFormat", "1")
                self._formatted[key] = self._number("cellXfs", new)
        return self._formatted[key]

    def conditional(self, style: Style) -> int:
        """The number of the differential format of a conditional format's style."""
        dxf = etree.Element(q("dxf"))
        if style.bold or style.strike or style.foreground:
            font = etree.SubElement(dxf, q("font"))
            if style.bold:
                etree.SubElement(font, q("b"))
            if style.strike:
                etree.SubElement(font, q("strike"))
            if style.foreground:
                etree.SubElement(font, q("color"), rgb="FF" + style.foreground)
        if style.background:
            fill = etree.SubElement(etree.SubElement(dxf, q("fill")), q("patternFill"))
            fill.set("patternType", "solid")
            etree.SubElement(fill, q("fgColor"), rgb="FF" + style.background)
            etree.SubElement(fill, q("bgColor"), rgb="FF" + style.background)
        return self._number("dxfs", dxf)

    def _list(self, name: str) -> etree._Element:
        return child(self._root, name, STYLESHEET)

    def _number(self, name: str, wanted: etree._Element) -> int:
        """The place of an element in one of the lists; it is added when nothing is like it."""
        elements = self._list(name)
        key = same(wanted)
        for number, element in enumerate(e for e in elements if isinstance(e.tag, str)):
            if same(element) == key:
                return number
        elements.append(wanted)
        elements.set("count", str(len(elements)))
        self.changed = True
        return len(elements) - 1

    def _number_format(self, code: str) -> int:
        if code in _BUILT_IN:
            return _BUILT_IN[code]
        formats = self._list("numFmts")
        for element in formats:
            if element.get("formatCode") == code:
                return int(element.get("numFmtId") or 0)
        number = max([163, *(int(e.get("numFmtId") or 0) for e in formats)]) + 1
        etree.SubElement(formats, q("numFmt"), numFmtId=str(number), formatCode=code)
        formats.set("count", str(len(formats)))
        self.changed = True
        return number

    def _font(self, look: Look) -> int:
        fonts = self._list("fonts")
        if not (look.bold or look.colour):
            return 0
        font = deepcopy(fonts[0])
        for part in list(font):
            if local(part) == "b" or (look.colour and local(part) == "color"):
                font.remove(part)
        if look.bold:
            font.insert(0, etree.Element(q("b")))
        if look.colour:
            size = next((i for i, part in enumerate(font) if local(part) == "sz"), -1)
            font.insert(size + 1, etree.Element(q("color"), rgb="FF" + look.colour))
        return self._number("fonts", font)

    def _fill(self, colour: str | None) -> int:
        if colour is None:
            return 0
        fill = etree.Element(q("fill"))
        pattern = etree.SubElement(fill, q("patternFill"), patternType="solid")
        etree.SubElement(pattern, q("fgColor"), rgb="FF" + colour)
        etree.SubElement(pattern, q("bgColor"), indexed="64")
        return self._number("fills", fill)

    def _border(self, colour: str | None) -> int:
        if colour is None:
            return 0
        border = etree.Element(q("border"))
        for side in ("left", "right", "top", "bottom"):
            line = etree.SubElement(border, q(side))
            if side in ("right", "bottom"):
                line.set("style", "thin")
                etree.SubElement(line, q("color"), rgb="FF" + colour)
        etree.SubElement(border, q("diagonal"))
        return self._number("borders", border)
