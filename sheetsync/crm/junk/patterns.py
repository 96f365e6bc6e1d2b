"""Letters and digits in a pattern: one again and again, a few in turn, one after another."""

from __future__ import annotations

import re
from itertools import pairwise

_SAME = 3
"""A letter so many times is a pattern; twice is ``Аа``, Aa."""


def period(text: str) -> int:
    """The length of the shortest piece that a text is nothing but repetitions of; the last one may
    be cut short. ``len(text)`` where it repeats nothing."""
    return next((n for n in range(1, len(text)) if text[n:] == text[:-n]), len(text))


def is_repeated(word: str) -> bool:
    """Whether a word is a letter three times and more (``ааа``), two letters in turn three times
    (``хахаха``), or a longer piece three times.

    A piece twice is not: ``Тинтин``, ``Lulu`` and ``Bingbing`` are names.
    """
    length = period(word)
    return len(word) >= max(_SAME, length * 3)


def is_twice(word: str) -> bool:
    """Whether a word is a piece of three letters and more, twice: ``abcabc``, ``Bingbing``."""
    return len(word) >= 6 and period(word) * 2 == len(word)


def squeezed(word: str) -> str:
    """A word with every letter that stands three times and more in a row once."""
    return re.sub(r"(.)\1{2,}", r"\1", word)


def is_run(digits: str) -> bool:
    """Whether digits go up or down one by one, 0 before 1 or after 9: ``123``, ``7890``, ``321``.

    One digit is no run.
    """
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(digits)}
    return steps in ({1}, {9})


def is_patterned(digits: str) -> bool:
    """Whether digits are one digit again and again, a run, or two or three digits in turn at least
    twice (``1212``, ``123123``)."""
    length = period(digits)
    return len(digits) >= _SAME and (
        is_run(digits) or length == 1 or (length <= 3 and len(digits) >= 2 * length)
    )
