"""How much a word looks like a name, by the letters that follow one another in it.

A word has two explanations: somebody's name (or an ordinary word), or fingers on the keyboard. Each
gives it a probability, and the logarithm of their ratio is the evidence. The probabilities of names
are of triples of letters, counted by ``tools/train_names.py`` (see ``data/README.md``) over names
of all peoples whom we found lists of, in both alphabets; those of the keyboard come from where the
keys are (:mod:`sheetsync.crm.junk.keyboard`).
"""

from __future__ import annotations

import io
import math
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np

LATIN = "abcdefghijklmnopqrstuvwxyz"
CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
ALPHABETS = {"latin": LATIN, "cyrillic": CYRILLIC}
STEP = 1 / 16
"""Of the stored logarithms. [nat]"""
ODD = 0.02
"""The share of letters that follow no rule: slips, and spellings of languages we have no list of.
It bounds what one letter can speak against a name."""

# Letters that Unicode does not take apart, and those of other Cyrillic alphabets than Russian.
_NEAREST = str.maketrans(
    {
        **dict(zip("łøđðıħŋŧə", "lodoihnte", strict=True)),
        **{"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"},
        **dict(zip("ёіїєґўәғқңөұүһҳҷӣӯҡҙҫӘјћђќѓѕ", "еииегуагкноууххчиукзсайчдкгз", strict=True)),
        **{"љ": "ль", "њ": "нь", "џ": "дж", "ӏ": "", "ʼ": "", "’": "", "'": "", "`": ""},
    }
)


def plain_letters(text: str) -> str:
    """A folded text with the nearest letters of :data:`LATIN` and :data:`CYRILLIC`; signs and other
    scripts stay."""
    text = text.translate(_NEAREST)
    if text.isascii():
        return text
    # й would fall apart into и and a breve.
    kept = (c if c in CYRILLIC else unicodedata.normalize("NFKD", c) for c in text)
    return "".join(c for c in "".join(kept) if not unicodedata.combining(c))


_WHOLLY = {name: re.compile(f"[{letters}]+") for name, letters in ALPHABETS.items()}


@dataclass(frozen=True)
class Model:
    """Log-probabilities of a letter after two others.

    Parameters
    ----------
    alphabet : its letters; each has its place in it, and one past the last is the border of a word
    costs : flat list of -log P(c | a, b) at ``(a * n + b) * n + c``, n = letters + 1 [nat]
    """

    alphabet: str
    costs: list[float]

    def log_probability(self, word: str) -> float:
        """Of a word of letters of this alphabet, its end included. [nat]"""
        border = len(self.alphabet)
        size, costs = border + 1, self.costs
        first = second = border
        total = 0.0
        for place in [*map(self.alphabet.index, word), border]:
            total -= costs[(first * size + second) * size + place]
            first, second = second, place
        return total


@cache
def model(alphabet: str) -> Model:
    """The model of ``"latin"`` or ``"cyrillic"``."""
    file = resources.files(__package__) / "data" / "letters.npz"
    with np.load(io.BytesIO(file.read_bytes())) as tables:
        shares = np.exp(-STEP * tables[alphabet].astype(np.float64))
    costs = -np.log((1 - ODD) * shares + ODD / shares.shape[-1])
    return Model(ALPHABETS[alphabet], costs.ravel().tolist())


def alphabet_of(word: str) -> str | None:
    """Which alphabet all letters of a word belong to; None for a mixed word or another script."""
    alphabet = "latin" if word.isascii() else "cyrillic"
    return alphabet if _WHOLLY[alphabet].fullmatch(word) else None


def log_add(*logs: float) -> float:
    """The logarithm of a sum of what is given as logarithms."""
    most = max(logs)
    return most + math.log(sum(math.exp(log - most) for log in logs))
