"""The words of a column, each once: how they sound, what they are, how much their agreement tells.

Two leads that agree in a word are the likelier the same person, the rarer the word is: Елена tells
little, a surname that nobody else has tells much. This is the frequency-based matching of Fellegi
and Sunter, measured in bits: ``-log2`` of the share of other leads that hold the word.

References
----------
Fellegi, I. P. & Sunter, A. B. (1969), "A theory for record linkage", Journal of the American
Statistical Association 64, 1183-1210; Winkler, W. E. (1989), "Frequency-based matching in the
Fellegi-Sunter model of record linkage", Proceedings of the Section on Survey Research Methods.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt
import pandas as pd

from sheetsync.crm.duplicates.matching import names

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


class Role(IntEnum):
    """What a word of a person's name is."""

    OTHER = 0
    """A surname, or a given name that we do not know."""
    GIVEN = 1
    PATRONYMIC = 2
    INITIAL = 3


_USUAL = {Role.OTHER: 1 / 500, Role.GIVEN: 1 / 40, Role.PATRONYMIC: 1 / 60, Role.INITIAL: 1 / 12}
"""The share of people who have the same word, as far as it is known before any lead is seen: what
two random people of one country agree in (a surname rarely, a given name often)."""
_WEIGHT = 50.0
"""How many leads that knowledge counts for."""
MOST = 14.0
"""The most that one word tells [bits]: a word that stands nowhere else is not infinitely rare."""


def bits(count: npt.ArrayLike, total: npt.ArrayLike, usual: npt.ArrayLike, most: float) -> Floats:
    """What it tells that two leads agree in a value.

    Parameters
    ----------
    count : leads that hold the value, these two among them
    total : leads that hold any
    usual : the share of leads that hold such a value, as known beforehand [fraction of 1]
    most : an upper bound [bits]

    Returns
    -------
    array of float64 [bits], from 0 to ``most``
    """
    others = np.maximum(np.asarray(count, dtype=float) - 2, 0)
    rest = np.maximum(np.asarray(total, dtype=float) - 2, 0)
    share = (others + _WEIGHT * np.asarray(usual, dtype=float)) / (rest + _WEIGHT)
    told: Floats = np.clip(-np.log2(share), 0, most)
    return told


@dataclass(frozen=True)
class Vocabulary:
    """The distinct words of a column, by their spelling.

    Parameters
    ----------
    spellings, sounds : the words as they are written, and as they sound
    heard : array of int: the same for words that sound the same
    roles : array of :class:`Role`
    counts : leads that hold a word of this sound
    bits : what agreeing in the sound tells
    """

    spellings: npt.NDArray[np.object_]
    sounds: npt.NDArray[np.object_]
    heard: Ints
    roles: npt.NDArray[np.int8]
    counts: Ints
    bits: Floats


@dataclass(frozen=True)
class Phrases:
    """A column of several words per cell.

    Parameters
    ----------
    words : array of int, shape (n, width), into the vocabulary, no sound twice in a row; -1 where
        there are no more. Of longer cells it is the rarest words.
    whole : array of int, shape (n,): equal where the words sound the same, in any order; -1 where
        empty
    vocabulary : the words
    """

    words: Ints
    whole: Ints
    vocabulary: Vocabulary

    @property
    def known(self) -> Bools:
        return self.whole >= 0

    @property
    def heard(self) -> Ints:
        """The words by their sound: array of int, as ``words``."""
        return np.append(self.vocabulary.heard, -1)[self.words]


def phrases(
    texts: pd.Series,
    split: Callable[[str], Sequence[str]],
    *,
    width: int,
    usual: float | None = None,
    most: float = MOST,
) -> Phrases:
    """The words of a column of text.

    Parameters
    ----------
    texts : Series of str or missing, shape (n,)
    split : a cell -> its words
    width : words of a cell that are compared at most
    usual : share of cells that hold one and the same word; None for names of people, whose roles
        tell
    most : what one word tells at most [bits]
    """
    places, cells = pd.factorize(texts)
    spelt: dict[str, int] = {}
    cell_words = [[spelt.setdefault(w, len(spelt)) for w in split(str(cell))] for cell in cells]
    spellings = np.array([*spelt, ""], dtype=object)[:-1]
    sounds = np.array([*map(names.sound, spelt), ""], dtype=object)[:-1]
    heard = pd.factorize(sounds)[0].astype(np.int64)
    roles = np.array([_role(*both) for both in zip(spellings, sounds, strict=True)], dtype=np.int8)
    if usual is not None:
        roles[:] = Role.OTHER
    # Each sound of a cell once, in the order of writing.
    cell_words = [list({heard[w]: w for w in reversed(words)}.values()) for words in cell_words]
    per_cell = np.bincount(places[places >= 0], minlength=len(cells))
    lengths = np.fromiter(map(len, cell_words), dtype=np.int64, count=len(cells))
    flat = np.fromiter((heard[w] for words in cell_words for w in words), np.int64, lengths.sum())
    counts = np.bincount(flat, np.repeat(per_cell, lengths), len(spelt)).astype(np.int64)[heard]
    share = np.array([_USUAL[Role(role)] for role in roles]) if usual is None else usual
    told = bits(counts, per_cell.sum(), share, most)
    kinds: dict[tuple[int, ...], int] = {}
    table = np.full((len(cells) + 1, width), -1, dtype=np.int64)
    whole = np.full(len(cells) + 1, -1, dtype=np.int64)
    for place, words in enumerate(cell_words):
        if words:
            whole[place] = kinds.setdefault(tuple(sorted(heard[w] for w in words)), len(kinds))
            kept = sorted(words, key=lambda w: (-told[w], sounds[w]))[:width]
            table[place, : len(kept)] = kept
    vocabulary = Vocabulary(spellings, sounds, heard, roles, counts, told)
    return Phrases(table[places], whole[places], vocabulary)


def _role(word: str, heard: str) -> Role:
    if len(word) == 1:
        return Role.INITIAL
    if names.given_lines(heard):
        return Role.GIVEN
    return Role.PATRONYMIC if names.is_patronymic(heard) else Role.OTHER
