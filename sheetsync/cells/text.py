"""Text of cells: what is invisible goes, what looks alike becomes the same."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time

import numpy as np
import pandas as pd

from sheetsync.cells.base import as_number, distinct, is_tick, spread

_SHOWN = 60  # characters of a cell that a message quotes

# Soft hyphen, zero-width spaces, marks of writing direction. Joiners that hold emoji together stay.
_INVISIBLE = dict.fromkeys(
    map(ord, "\u00ad\u061c\u180e\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060")
)
_INVISIBLE |= dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069\ufeff"))
_PICTURE_SELECTORS = dict.fromkeys((0xFE0E, 0xFE0F))
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－"), "-")
# NFKC would make 10² a hundred and two, and 1½ eleven halves.
_RAISED = re.compile("([\u00b2\u00b3\u00b9\u00bc-\u00be\u2070-\u209c\u2150-\u215f\u2189]+)")
_TRAILING = ".,;:!?… "
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MAX_TEXT = 32_767  # characters in a cell of an .xlsx file; Google's 50,000 are more


def vocabulary(words: str) -> frozenset[str]:
    """Words that a parser knows, written one after another."""
    return frozenset(words.split())


def clean(text: str) -> str:
    """Without invisible characters, every run of any white space one space, none at the ends."""
    return " ".join(text.translate(_INVISIBLE).split())


def ordinary(text: str) -> str:
    """:func:`clean`, and wide or otherwise dressed up characters as ordinary ones."""
    pieces = _RAISED.split(clean(text).translate(_PICTURE_SELECTORS))
    pieces[::2] = [unicodedata.normalize("NFKC", piece) for piece in pieces[::2]]
    return clean("".join(pieces))


def plain(text: str) -> str:
    """The form in which parsers read: :func:`ordinary`, one kind of dash, lower case, ё as е."""
    return clean(ordinary(text).translate(_DASHES).casefold().replace("ё", "е"))


def fold(text: str) -> str:
    """The form in which names are compared.

    Case, ё/е, compatibility forms (NFKC), runs of white space and trailing punctuation make no
    difference.
    """
    folded = unicodedata.normalize("NFKC", clean(text)).casefold()
    folded = unicodedata.normalize("NFKC", folded).replace("ё", "е")
    return clean(folded).rstrip(_TRAILING)


def storable(text: str) -> str:
    """As much of a text as a cell of any workbook can hold, without what XML can't say."""
    return _UNSTORABLE.sub("", text).replace("\r\n", "\n")[:_MAX_TEXT]


def text_of(cell: object) -> str | None:
    """A cell as clean text; None when it is empty. Whole numbers have no decimal point, dates are
    ISO, ticks are TRUE and FALSE."""
    if isinstance(cell, str):
        return clean(cell) or None
    if is_tick(cell):
        return "TRUE" if cell else "FALSE"
    if cell is None or cell is pd.NA or cell is pd.NaT:
        return None
    number = as_number(cell)
    if number is not None:
        return None if np.isnan(number) else _number_text(number)
    if isinstance(cell, datetime):
        midnight = cell.time() == time()
        return cell.date().isoformat() if midnight else cell.isoformat(" ", "seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return clean(str(cell)) or None


def _number_text(number: float) -> str:
    # Beyond 15 digits a float is no longer exact: its digits would be invented.
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(float(number))


def text_values(raw: pd.Series) -> pd.Series:
    """Cells as clean text.

    Parameters
    ----------
    raw : Series of raw cells, shape (n,)

    Returns
    -------
    Series of object, shape (n,), same index
        str, None where empty. White space is collapsed, a whole float is ``"123"``.
    """
    cells, places = distinct(raw)
    return spread([text_of(cell) for cell in cells], places, raw.index)


def show(value: object) -> str:
    """How a raw cell is quoted in a message: on one line, at most 60 characters, "" when empty."""
    text = text_of(value) or ""
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1].rstrip() + "…"
