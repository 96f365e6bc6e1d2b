"""Numbers as people type them: spaces, commas and points, a word for thousands, a unit behind.

One separator with three digits behind it groups thousands: ``1.200`` and ``1,200`` are twelve
hundred, as price lists have it. Not so after a leading zero (``0,250`` is a quarter) or more than
three digits (``1200,500``). With a word for thousands behind (``1,250 млн``) both readings are
likely, so neither is taken.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from sheetsync.cells.base import EMPTY, Parsed, Reading, as_number, is_tick, read_distinct
from sheetsync.cells.text import plain, text_of, vocabulary

_THOUSAND, _MILLION, _BILLION = 1e3, 1e6, 1e9

SCALES: Mapping[str, float] = {
    **dict.fromkeys(vocabulary("к k тыс тысяч тысяча тысячи тыщ тыщи thousand"), _THOUSAND),
    **dict.fromkeys(vocabulary("кк kk млн миллион миллиона миллионов лям ляма лямов"), _MILLION),
    **dict.fromkeys(vocabulary("mln mio million millions"), _MILLION),
    **dict.fromkeys(vocabulary("млрд миллиард миллиарда миллиардов bn billion"), _BILLION),
}
"""Words that multiply the number before them, whatever is counted."""

_ABOUT = vocabulary("~ ≈ ± около примерно приблизительно порядка about around approx ca")
_BOUNDS = vocabulary("< > не от до свыше менее более меньше больше from to up under over max")
_AMBIGUOUS_UNITS = vocabulary("т м t m")

_TOKEN = re.compile(
    r"(?P<number>(?:(?<!\S)[.,])?\d+(?:[ '’.,]\d+)*(?:e[+-]?\d+)?)"
    r"|(?P<word>[^\W\d_]+)"
    r"|(?P<mark>[^\s.])"
)


def decimal(digits: str) -> float | None:
    """The value of digits with separators.

    None when they make no sense (``1 20 000``), or when a program has rounded them (``1,2E+06``).
    """
    if "e" in digits:
        return None
    text = digits.replace("’", "'")
    marks = [mark for mark in text if not mark.isdigit()]
    if not marks:
        return _finite(text)
    if len(set(marks)) == 1 and (len(marks) > 1 or marks[0] in " '" or groups_once(text)):
        return _grouped(text, marks[0])
    whole, fraction = text[: text.rindex(marks[-1])], text[text.rindex(marks[-1]) + 1 :]
    if marks[-1] in " '" or len(set(marks[:-1])) > 1 or marks[-1] in marks[:-1]:
        return None
    if len(marks) == 1:
        return _finite(f"{whole or '0'}.{fraction}")
    # Behind groups of thousands three digits more may well be another group: 1 200.000.
    value = _grouped(whole, marks[0]) if len(fraction) != 3 else None
    return None if value is None else _finite(f"{value:.0f}.{fraction}")


def groups_once(digits: str) -> bool:
    """Whether a single point or comma is read as grouping thousands (``1.200``)."""
    return re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", digits) is not None


def _grouped(text: str, mark: str) -> float | None:
    # A space groups what is longer than three digits, too: people type "1200 000".
    head = r"\d+" if mark == " " else r"[1-9]\d{0,2}"
    if not re.fullmatch(rf"{head}(?:{re.escape(mark)}\d{{3}})+", text):
        return None
    return _finite(text.replace(mark, ""))


def _finite(text: str) -> float | None:
    value = float(text)
    return value if math.isfinite(value) else None


@dataclass
class Phrase:
    """A text taken apart: its amounts and what stands around them.

    ``amounts`` are None where digits make no sense; ``bounded`` is "from", "up to", "300+";
    ``ambiguous`` a grouping that a word for thousands makes doubtful; ``rest`` are the words and
    signs that numbers know nothing about.
    """

    amounts: list[float | None]
    rest: list[str]
    negative: bool = False
    bounded: bool = False
    ambiguous: bool = False

    def hint(self, remark: Sequence[str]) -> str | None:
        """What to type instead: the amount alone, if the remark around it leaves no doubt."""
        doubtful = self.negative or self.ambiguous or len(self.amounts) != 1
        short = len(remark) <= 2 and all(word.isalpha() or word in "()/-=" for word in remark)
        return None if doubtful or not short else amount_hint(self.amounts[0])


def amount_hint(value: float | None) -> str | None:
    """An amount to type instead, if it would read as the same amount."""
    text = text_of(value) or ""
    return text if text and decimal(text) == value else None


def take_apart(text: str, scales: Mapping[str, float] = SCALES) -> Phrase:
    """Find the amounts in a text of :func:`~sheetsync.cells.text.plain` form."""
    phrase = Phrase([], [])
    last_scale = 1.0  # of the amount that ends right before this token
    tokens = [(match.lastgroup, match[0]) for match in _TOKEN.finditer(text)]
    tokens.append((None, ""))
    place = 0
    while place < len(tokens) - 1:
        (kind, token), (_, behind) = tokens[place], tokens[place + 1]
        place += 1
        if kind != "number":
            last_scale = 1.0
            _note(phrase, token)
            continue
        scale = scales.get(behind, 1.0)
        if behind in scales:
            place += 1
            phrase.ambiguous |= groups_once(token)
        value = decimal(token)
        amount = None if value is None or not math.isfinite(value * scale) else value * scale
        before = phrase.amounts[-1] if phrase.amounts else None
        if amount is not None and before is not None and 1 < scale < last_scale:
            phrase.amounts[-1] = before + amount  # 1 млн 200 тыс
        else:
            phrase.amounts.append(amount)
        last_scale = scale
    return phrase


def _note(phrase: Phrase, token: str) -> None:
    if token in _ABOUT:
        return
    if token in _BOUNDS or (token == "+" and phrase.amounts):
        phrase.bounded = True
    elif token == "-" and not phrase.amounts:
        phrase.negative = True
    elif token not in "+,":
        phrase.rest.append(token)


def parse_numbers(raw: pd.Series) -> Parsed:
    """Counts, days, points: ``2``, ``1 200``, ``0,5``, ``-10``, ``2 чел.``, ``14 дней``.

    Parameters
    ----------
    raw : Series of raw cells, shape (n,)

    Returns
    -------
    Parsed
        values float64. Problems: ``number.several`` (``2+1``, ``7-10``), ``number.date`` (a program
        made a date of it), ``number.unreadable``.
    """
    return read_distinct(raw, read_number, "float64")


def read_number(cell: object) -> Reading:
    """One cell of :func:`parse_numbers`."""
    typed = text_of(cell)
    if typed is None:
        return EMPTY
    number = as_number(cell)
    if number is not None:
        return Reading(number) if math.isfinite(number) else Reading(problem="number.unreadable")
    if isinstance(cell, date):
        return Reading(problem="number.date")
    if is_tick(cell):
        return Reading(problem="number.unreadable")
    return _read_text(plain(typed))


def _read_text(text: str) -> Reading:
    phrase = take_apart(text)
    if len(phrase.amounts) > 1:
        return Reading(problem="number.several")
    value = phrase.amounts[0] if phrase.amounts else None
    if value is None or phrase.ambiguous:
        return Reading(problem="number.unreadable")
    unit = len(phrase.rest) <= 1 and all(
        word.isalpha() and word not in _AMBIGUOUS_UNITS for word in phrase.rest
    )
    if phrase.bounded or not unit:
        return Reading(problem="number.unreadable", hint=phrase.hint(phrase.rest))
    return Reading(-value if phrase.negative else value)
