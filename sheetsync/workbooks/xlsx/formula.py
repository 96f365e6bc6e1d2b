"""Formulas of people's: the one thing we must do to them when a neighbour goes."""

from __future__ import annotations

import re

from sheetsync.workbooks.xlsx.xml import column_number, letters

# Texts, quoted sheet names and names of table columns are no references.
_LITERAL = re.compile(r"""("(?:[^"]|"")*"|'(?:[^']|'')*'|\[[^\]]*\])""")
_CELL = re.compile(r"(?<![\w.$])(\$?)([A-Za-z]{1,3})(\$?)(\d{1,7})(?![\w.(!])")
_COLUMNS = re.compile(r"(?<![\w.$])(\$?)([A-Za-z]{1,3}):(\$?)([A-Za-z]{1,3})(?![\w.(!])")


def shifted(formula: str, rows: int, columns: int) -> str:
    """A formula as it reads ``rows`` further down and ``columns`` further right.

    A shared formula is written once, for its first cell; this is what it means in another one
    (ECMA-376 part 1, 18.3.1.40).
    """

    def move(absolute: str, column: str) -> str:
        return absolute + (column if absolute else letters(max(1, column_number(column) + columns)))

    def cell(match: re.Match[str]) -> str:
        row = match[4] if match[3] else str(max(1, int(match[4]) + rows))
        return move(match[1], match[2]) + match[3] + row

    def whole(match: re.Match[str]) -> str:
        return move(match[1], match[2]) + ":" + move(match[3], match[4])

    return "".join(
        part if place % 2 else _COLUMNS.sub(whole, _CELL.sub(cell, part))
        for place, part in enumerate(_LITERAL.split(formula))
    )
