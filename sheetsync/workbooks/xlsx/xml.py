"""The XML of OOXML parts: namespaces, safe parsing, element order, columns and ranges."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from lxml import etree

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

_ROOM = 300  # rows that people may add before a range has to be mended

LAST_ROW = 1_048_576
"""The number of the last row of a worksheet (Excel 2007 and later, LibreOffice)."""


def _order(names: str) -> tuple[str, ...]:
    return tuple(names.split())


# ECMA-376 part 1, 18.3.1.99 (CT_Worksheet), 18.2.27 (CT_Workbook), 18.8.39 (CT_Stylesheet)
WORKSHEET = _order(
    "sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection "
    "protectedRanges scenarios autoFilter sortState dataConsolidate customSheetViews mergeCells "
    "phoneticPr conditionalFormatting dataValidations hyperlinks printOptions pageMargins "
    "pageSetup headerFooter rowBreaks colBreaks customProperties cellWatches ignoredErrors "
    "smartTags drawing legacyDrawing legacyDrawingHF drawingHF picture oleObjects controls "
    "webPublishItems tableParts extLst"
)
WORKBOOK = _order(
    "fileVersion fileSharing workbookPr workbookProtection bookViews sheets functionGroups "
    "externalReferences definedNames calcPr oleSize customWorkbookViews pivotCaches smartTagPr "
    "smartTagTypes webPublishing fileRecoveryPr webPublishObjects extLst"
)
STYLESHEET = _order(
    "numFmts fonts fills borders cellStyleXfs cellXfs cellStyles dxfs tableStyles colors extLst"
)


def q(name: str) -> str:
    """The qualified name of an element of SpreadsheetML."""
    return f"{{{MAIN}}}{name}"


def local(element: etree._Element) -> str:
    """An element's name without its namespace; "" for comments and the like."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def parse(data: bytes, *, comments: bool = True) -> etree._Element:
    """A part's tree. Entities are not expanded, nothing is fetched, white space stays."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=not comments
    )
    return etree.fromstring(data, parser)


def serialise(root: etree._Element) -> bytes:
    """A part's bytes, the way Office writes them."""
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)


def child(
    parent: etree._Element, name: str, order: Sequence[str], **attributes: str
) -> etree._Element:
    """The child ``name`` of ``parent``; made in its place in ``order`` when it is not there."""
    found = parent.find(q(name))
    if found is None:
        found = etree.Element(q(name), attributes)
        insert(parent, found, order)
    return found


def insert(parent: etree._Element, new: etree._Element, order: Sequence[str]) -> None:
    """Put ``new`` behind its like and before whatever the schema wants after it.

    Elements the schema does not know (``mc:AlternateContent`` around controls) come last.
    """
    ranks = {name: rank for rank, name in enumerate(order)}
    rank = ranks[local(new)]
    for position, sibling in enumerate(parent):
        if isinstance(sibling.tag, str) and ranks.get(local(sibling), len(order)) > rank:
            parent.insert(position, new)
            return
    parent.append(new)


def same(element: etree._Element) -> Hashable:
    """A value that is equal for elements that mean the same, whatever prefixes they use."""
    return (
        element.tag,
        tuple(sorted(element.attrib.items())),
        (element.text or "").strip(),
        tuple(same(part) for part in element if isinstance(part.tag, str)),
    )


@cache
def letters(column: int) -> str:
    """1 -> "A", 27 -> "AA"."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


@cache
def column_number(text: str) -> int:
    """ "A" -> 1, "AA" -> 27."""
    number = 0
    for letter in text.upper():
        number = number * 26 + ord(letter) - 64
    return number


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of cells; both ends are inside."""

    left: int
    top: int
    right: int
    bottom: int

    def __str__(self) -> str:
        first = f"{letters(self.left)}{self.top}"
        last = f"{letters(self.right)}{self.bottom}"
        return first if first == last else f"{first}:{last}"


_CORNER = re.compile(r"\$?([A-Za-z]{0,3})\$?(\d*)")


def areas(sqref: str) -> Iterator[Area]:
    """The rectangles of a list such as ``A2:A9 C3 D:D 5:5``; what can't be read is left out."""
    for text in sqref.replace(",", " ").split():
        first, _, last = text.partition(":")
        begin, end = _CORNER.fullmatch(first), _CORNER.fullmatch(last or first)
        if begin and end:
            yield Area(
                column_number(begin[1]) if begin[1] else 1,
                int(begin[2] or 1),
                column_number(end[1]) if end[1] else 16_384,
                int(end[2] or LAST_ROW),
            )


def body(column: int) -> Area:
    """Everything under the header of one column."""
    return Area(column, 2, column, LAST_ROW)


def covers(sqref: str, column: int, last_row: int) -> bool:
    """Whether a list of ranges covers a column's body, with room below ``last_row``.

    Rows that people insert or delete move the end of a range, and LibreOffice cuts it a thousand
    rows below the last filled one; that still covers.
    """
    enough = min(last_row + _ROOM, LAST_ROW // 2)
    return any(
        area.left <= column <= area.right and area.top <= 2 and area.bottom >= enough
        for area in areas(sqref)
    )


def touches(sqref: str, column: int) -> bool:
    """Whether a list of ranges has any cell of a column's body."""
    return any(a.left <= column <= a.right and a.bottom >= 2 for a in areas(sqref))
