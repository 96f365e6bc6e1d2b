"""Where the keys are: walks along them, the other layout, and how probable mere typing is."""

from __future__ import annotations

import itertools
import math
import re
from functools import cache
from itertools import pairwise

from sheetsync.crm.junk.letters import ALPHABETS, log_add

_ROWS = {
    "latin": ("qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,."),
    "cyrillic": ("йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю"),
}
_DIGITS = "1234567890"

_OTHER = dict(zip("".join(_ROWS["latin"]), "".join(_ROWS["cyrillic"]), strict=True))
_OTHER |= {russian: latin for latin, russian in _OTHER.items()}
_OTHER_LAYOUT = str.maketrans(_OTHER | {"`": "ё", "ё": "`"})

# Idle fingers rest on the middle row. What share of the letters they hit is in each row is ours.
_ROW_SHARES = (0.25, 0.6, 0.15)
_NEIGHBOUR = 0.5
"""The share of strokes that hit a key beside the last one, or the same key again."""

_LEAST_WALK = 3
"""Letters of a walk that starts where a row does."""
_LEAST_INNER_WALK = 4
"""Letters of any other."""
_LONGEST_WALK = 12
"""Letters of the longest row."""
_INNER = 0.02
"""How often somebody takes any other walk, against one that starts where a row does."""


def other_layout(text: str) -> str:
    """What the same keys give in the other layout: ``Fyyf`` is ``Анна``."""
    return text.translate(_OTHER_LAYOUT)


def walk(word: str) -> float:
    """The log-probability of a folded word as walks over the keys, one after another; minus
    infinite where it is something else. [nat]

    Whether it is a name all the same (``Смит`` is four keys in a row) is for the letters to say.
    """
    if word[:_LEAST_WALK] not in _beginnings():
        return -math.inf
    best = [0.0] + [-math.inf] * len(word)
    for end in range(_LEAST_WALK, len(word) + 1):
        best[end] = max(
            best[start] + _walks().get(word[start:end], -math.inf)
            for start in range(end - _LEAST_WALK + 1)
        )
    return best[-1]


@cache
def _beginnings() -> frozenset[str]:
    return frozenset(walk[:_LEAST_WALK] for walk in _walks())


@cache
def _walks() -> dict[str, float]:
    """Walk -> its log-probability: along a row or the alphabet, either way, or down the columns
    (``qazwsx``)."""
    rows = [[re.sub(r"\W", "", row) for row in rows] for rows in _ROWS.values()]
    usual = [_DIGITS, *ALPHABETS.values(), *itertools.chain.from_iterable(rows)]
    others: list[str] = []
    for letters in rows:
        columns = ["".join(column) for column in zip(*letters, strict=False)]
        with_digits = [d + column for d, column in zip(_DIGITS, columns, strict=False)]
        for keys in (columns, with_digits):
            usual.append("".join(keys))
            others += ["".join(keys[place:]) for place in range(1, len(keys))]
    weights: dict[str, float] = {}
    for line in usual:
        weights |= {
            line[:end]: 1.0 for end in range(_LEAST_WALK, min(len(line), _LONGEST_WALK) + 1)
        }
    for line in [*usual, *others]:
        for way in (line, line[::-1]):
            for start, end in itertools.combinations(range(len(way) + 1), 2):
                if end - start >= (_LEAST_INNER_WALK if start else _LEAST_WALK):
                    weights.setdefault(way[start:end], _INNER)
    whole = sum(weights.values())
    return {word: math.log(weight / whole) for word, weight in weights.items()}


@cache
def _strokes(alphabet: str) -> dict[tuple[str, str], float]:
    """-> log P(key | key before), "" for the first; of an idle hand."""
    letters = ALPHABETS[alphabet]
    single: dict[str, float] = {}
    near: dict[str, set[str]] = {letter: {letter} for letter in letters}
    for share, row in zip(_ROW_SHARES, _ROWS[alphabet], strict=True):
        keys = [key for key in row if key in letters]
        single |= dict.fromkeys(keys, share / len(keys))
        for left, right in pairwise(keys):
            near[left].add(right)
            near[right].add(left)
    chances = {("", letter): single[letter] for letter in letters}
    for before in letters:
        for letter in letters:
            beside = _NEIGHBOUR / len(near[before]) if letter in near[before] else 0.0
            chances[before, letter] = beside + (1 - _NEIGHBOUR) * single[letter]
    return {pair: math.log(chance) for pair, chance in chances.items()}


def log_probability(word: str, alphabet: str) -> float:
    """Of a word that somebody typed without a thought, with as many letters as this. [nat]

    Half of such words are any letters, the others those under an idle hand.
    """
    strokes = _strokes(alphabet)
    hand = strokes["", word[0]] + sum(strokes[pair] for pair in pairwise(word))
    return log_add(hand, -len(word) * math.log(len(ALPHABETS[alphabet]))) - math.log(2)
