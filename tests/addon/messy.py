"""Cells as they come out of people's sheets: nearly right, broken, glued, dressed up."""

from __future__ import annotations

import random
import sys
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from types import ModuleType
from typing import Any

from tests import test_cells_contacts, test_cells_dates, test_cells_lists, test_cells_money

# What people put around anything: blanks, invisible characters, marks, other scripts, markup.
_AROUND_TYPED = (
    " |  |\u00a0|\u202f|\u200b|\u200d|\u200f|\u00ad|\ufeff|\x1c|\x1f|\x85|\u3000|\n|\t|.|,|;|:|!|?|"
    "…|'|’|\"|«|(|)|<|>|[|]|/|\\|+|-|–|—|−|~|≈|±|*|=|&|%|#|№|@|_|^|`|{|}|0|1|2|5|7|10|12|15|25|31|"
    "99|100|300|007|1234|2026|000|٣|१२|𝟙|１２|²|½|①|Ⅻ|ⅷ|一|а|е|ё|Ё|Й|й|e|E|к|К|T|z|x|Я|ß|ẞ|ſ|İ|ı|"
    "Σ|ς|ΐ|ﬁ|ａ|Ꭰ|ᏸ|ꭰ|𐐀|𝒜|Å|é|\u0301|\u0345|🎉|👨\u200d👩\u200d👧|✔\ufe0f|✓|☐|\ud800|#N/A|nan|"
    "inf|None|null|undefined|constructor|__proto__|<b>|&amp;|=1+1|e5|E+10|1e5"
)
_AROUND = _AROUND_TYPED.split("|")
_DIGITS = ("０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗", "𞥐𞥑𞥒𞥓𞥔𞥕𞥖𞥗𞥘𞥙")


def as_json(cell: Any) -> Any:
    """A cell as the add-on has it."""
    if isinstance(cell, datetime):
        return {"iso": cell.isoformat(timespec="seconds")}
    return {"iso": cell.isoformat()} if isinstance(cell, date) else cell


def cells_of_tests() -> list[Any]:
    """Every cell that the tests of the readers name, of those that a sheet can have."""
    modules = (test_cells_contacts, test_cells_dates, test_cells_lists, test_cells_money)
    found = [cell for module in modules for cell in _parameters(module)]
    return list({(type(cell), cell): cell for cell in found if _is_cell(cell)}.values())


def _parameters(module: ModuleType) -> Iterator[Any]:
    """Whatever the tests of a module are run with, and the tables beside them."""
    for thing in vars(module).values():
        if isinstance(thing, list | tuple):
            yield from _flat(thing)
        for mark in getattr(thing, "pytestmark", ()):
            if mark.name == "parametrize":
                yield from _flat(mark.args[1])


def _flat(values: Any) -> Iterator[Any]:
    for value in values:
        if isinstance(value, list | tuple):
            yield from _flat(value)
        else:
            yield value


def _is_cell(cell: Any) -> bool:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return abs(cell) <= sys.float_info.max
    zoned = isinstance(cell, datetime) and cell.tzinfo is not None
    return isinstance(cell, str | bool | date) and cell == cell and not zoned


class Messy:
    """A source of cells.

    Parameters
    ----------
    seed : the same gives the same cells
    pieces : what people type in such a column; a third of what stands around is anything
    sensible : makes a cell that is right, or nearly
    """

    def __init__(
        self,
        seed: int,
        pieces: Sequence[str],
        sensible: Callable[[random.Random], str],
    ) -> None:
        self._random = random.Random(seed)
        self._pieces = pieces
        self._sensible = sensible
        self._tested = cells_of_tests()
        self._texts = [cell for cell in self._tested if isinstance(cell, str)]

    def cells(self, count: int) -> list[Any]:
        """What the tests name, and so many cells more."""
        return self._tested + [None, ""] + [self._cell() for _ in range(count)]

    def _cell(self) -> Any:
        kind = self._random.random()
        if kind < 0.35:
            return self._sensible(self._random)
        if kind < 0.60:
            return self._damaged(self._sensible(self._random))
        if kind < 0.70:
            return self._damaged(self._random.choice(self._texts))
        if kind < 0.90:
            return self._composed()
        return self._no_text()

    def _composed(self) -> str:
        pick = self._random
        pools = pick.choices((self._pieces, _AROUND), (2, 1), k=pick.randint(1, 7))
        return pick.choice(("", " ")).join(pick.choice(pool) for pool in pools)

    def _damaged(self, text: str) -> str:
        """A text with one to three slips."""
        pick = self._random
        for _ in range(pick.choice((1, 1, 1, 2, 3))):
            start, end = sorted(pick.choices(range(len(text) + 1), k=2))
            end = min(end, start + pick.randint(0, 3))
            kind = pick.randrange(7)
            if kind == 0:
                text = text[:start] + text[end:]
            elif kind in (1, 2):
                text = text[:start] + pick.choice(_AROUND) + text[start if kind == 1 else end :]
            elif kind == 3:
                text = text[:start] + text[start:end].swapcase() + text[end:]
            elif kind == 4:
                glue = pick.choice(("", " ", ", ", "; ", " - ", "/", "\n", " или "))
                text += glue + pick.choice(self._pieces)
            elif kind == 5:
                digits = str.maketrans("0123456789", pick.choice(_DIGITS))
                text = text[:start] + text[start:].translate(digits)
            else:
                text = text[:start] + _any_character(pick) + text[end:]
        return text

    def _no_text(self) -> Any:
        pick = self._random
        return pick.choice(
            (
                lambda: pick.choice((True, False, None, 0, 1, -0.0, 0.0, -1)),
                lambda: pick.randint(-100, 100),
                lambda: pick.randint(-(10**17), 10**17),
                lambda: pick.randint(30_000, 75_000) + pick.choice((0, pick.random(), 0.999999)),
                lambda: pick.randint(1, 40) + pick.randint(0, 99) / 100,
                lambda: pick.uniform(-1, 1) * 10.0 ** pick.randint(-320, 307),
                lambda: float(10.0 ** pick.randint(-12, 25)),
                lambda: datetime(1850, 1, 1) + timedelta(seconds=pick.randrange(10**10)),
                lambda: datetime(1985, 1, 1) + timedelta(days=pick.randrange(44_000)),
                lambda: date(1985, 1, 1) + timedelta(days=pick.randrange(44_000)),
            )
        )()


def _any_character(pick: random.Random) -> str:
    plane = pick.choice((0x250, 0x600, 0x3000, 0x10000, 0x20000))
    character = chr(pick.randrange(plane))
    # Python and V8 may know different versions of Unicode, and neither a half of a pair.
    return "?" if unicodedata.category(character) in ("Cn", "Cs") else character
