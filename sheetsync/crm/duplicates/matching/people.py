"""Whether two names may be one person's.

Words are paired in any order: first those that sound the same, then one word with several that
together are it, short forms of one given name, slips of the keyboard, a woman's and a man's form of
a surname, initials. What is left on one side only (a patronymic, a missing surname) is no
contradiction; what is left on both is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from sheetsync.crm.duplicates.matching import names
from sheetsync.crm.duplicates.matching.vocabulary import (
    Bools,
    Floats,
    Ints,
    Phrases,
    Role,
    Vocabulary,
)

_SHORT, _LONG = 4, 7
"""Letters from which a word may have one slip, and two."""
_SLIPS, _SLIP_RATE = 3, 0.1
"""A spelling that more leads have, and a larger share of those who have the other, is a name."""
_AT_ONCE = 200_000  # pairs, so that the tables of their words stay small


class Verdict(IntEnum):
    """How two names go together."""

    UNKNOWN = 0
    """A name is missing, or they have no word to compare."""
    SAME = 1
    """All words of the shorter one are in the other."""
    PARTLY = 2
    """The given name agrees, the surname does not: married, or somebody else."""
    DIFFERENT = 3
    """Two people."""


class _Relation(IntEnum):
    """How two different words may be one, the surest first; 0 is not at all."""

    NONE = 0
    NICKNAME = 1
    TYPO = 2
    GENDER = 3
    INITIAL = 4
    SHORTENED = 5
    """One word begins the other (deli, delicatessen); not in names of people, where Петров is no
    Петровский."""


_LOSS = {
    _Relation.NICKNAME: 1.0,
    _Relation.TYPO: 3.0,
    _Relation.GENDER: 2.0,
    _Relation.SHORTENED: 3.0,
}
"""Bits less than an exact agreement: about how many words are as near to a word as the other."""
_FAMILY = 0.6
"""Of names whose given part we can't tell: below this share of the information in agreement it is
rather the surname of a family that agrees."""


@dataclass(frozen=True)
class Names:
    """How the names of pairs go together.

    Parameters
    ----------
    verdict : array of :class:`Verdict`, shape (m,)
    bits : array of float, what the words that agree tell
    exact : array of bool, every pair of words sounds the same
    """

    verdict: npt.NDArray[np.int8]
    bits: Floats
    exact: Bools


def compare(people: Phrases, one: Ints, other: Ints) -> Names:
    """Compare the names of rows ``one`` with those of rows ``other``, pair by pair."""
    if not len(one):
        return Names(np.zeros(0, dtype=np.int8), np.zeros(0), np.zeros(0, dtype=bool))
    parts = [
        _compare(people, one[at : at + _AT_ONCE], other[at : at + _AT_ONCE])
        for at in range(0, len(one), _AT_ONCE)
    ]
    return Names(
        np.concatenate([part.verdict for part in parts]),
        np.concatenate([part.bits for part in parts]),
        np.concatenate([part.exact for part in parts]),
    )


def _compare(people: Phrases, one: Ints, other: Ints) -> Names:
    known = people.vocabulary
    # One more word than there are stands for "none", at place -1.
    role = np.append(known.roles, -1)
    told = np.append(known.bits, 0.0)
    a, b = people.words[one], people.words[other]
    heard = people.heard
    equal = (heard[one][:, :, None] == heard[other][:, None, :]) & (a >= 0)[:, :, None]
    free_a, free_b = (a >= 0) & ~equal.any(axis=2), (b >= 0) & ~equal.any(axis=1)
    agreed = np.where(equal.any(axis=2), told[a], 0.0).sum(axis=1)
    strong = (equal.any(axis=2) & (role[a] != Role.INITIAL)).sum(axis=1)
    given = (equal.any(axis=2) & (role[a] == Role.GIVEN)).any(axis=1)
    exact = np.ones(len(one), dtype=bool)
    open_ = np.flatnonzero(free_a.any(axis=1) & free_b.any(axis=1))
    related = _relations(known, a[open_], b[open_], free_a[open_], free_b[open_])
    apart = open_[_written_apart(known, a[open_], b[open_], free_a[open_], free_b[open_])]
    left = [
        np.where(free[apart], told[words[apart]], 0.0) for words, free in ((a, free_a), (b, free_b))
    ]
    agreed[apart] += np.maximum(np.minimum(*(bits.sum(axis=1) for bits in left)) - 1.0, 1.0)
    strong[apart] += 1
    exact[apart] = free_a[apart] = free_b[apart] = False
    human = (role[a] != Role.OTHER).any(axis=1, where=a >= 0)
    human |= (role[b] != Role.OTHER).any(axis=1, where=b >= 0)
    related[(related == _Relation.SHORTENED) & human[open_, None, None]] = _Relation.NONE
    for relation in map(_Relation, np.unique(related[related > _Relation.NONE])):
        for i in range(a.shape[1]):
            for j in range(b.shape[1]):
                taken = (related[:, i, j] == relation) & free_a[open_, i] & free_b[open_, j]
                rows = open_[taken]
                if not len(rows):
                    continue
                free_a[rows, i] = free_b[rows, j] = False
                exact[rows] = False
                less = np.minimum(told[a[rows, i]], told[b[rows, j]])
                if relation is _Relation.INITIAL:
                    agreed[rows] += less
                    continue
                agreed[rows] += np.maximum(less - _LOSS[relation], 1.0)
                strong[rows] += 1
                given[rows] |= (role[a[rows, i]] == Role.GIVEN) | (role[b[rows, j]] == Role.GIVEN)
    verdict = _verdict(role[a], role[b], free_a, free_b, strong, given)
    verdict[(verdict == Verdict.PARTLY) & ~given & ~_mostly(told, a, b, agreed)] = Verdict.DIFFERENT
    return Names(verdict, agreed, exact)


def _mostly(told: Floats, a: Ints, b: Ints, agreed: Floats) -> Bools:
    """Whether most of what either name tells is in agreement."""
    whole = np.maximum(told[a].sum(axis=1), told[b].sum(axis=1))
    mostly: Bools = agreed >= _FAMILY * whole
    return mostly


def _verdict(
    role_a: npt.NDArray[np.int8],
    role_b: npt.NDArray[np.int8],
    free_a: Bools,
    free_b: Bools,
    strong: Ints,
    given: Bools,
) -> npt.NDArray[np.int8]:
    def left(role: Role) -> tuple[Bools, Bools]:
        return (free_a & (role_a == role)).any(axis=1), (free_b & (role_b == role)).any(axis=1)

    given_a, given_b = left(Role.GIVEN)
    initial_a, initial_b = left(Role.INITIAL)
    patronymic_a, patronymic_b = left(Role.PATRONYMIC)
    other_a, other_b = left(Role.OTHER)
    first = (given_a | initial_a) & (given_b | initial_b)
    against = first | (patronymic_a & patronymic_b)
    # A given name against a word that may be one, beside a surname that agrees.
    crossed = ((given_a & other_b) | (given_b & other_a)) & (strong > 0)
    apart = other_a & other_b
    verdict = np.where(strong > 0, Verdict.SAME, Verdict.UNKNOWN).astype(np.int8)
    verdict[apart] = Verdict.PARTLY
    verdict[apart & (strong == 0)] = Verdict.DIFFERENT
    verdict[against | (crossed & ~given)] = Verdict.DIFFERENT
    verdict[((role_a >= 0).sum(axis=1) == 0) | ((role_b >= 0).sum(axis=1) == 0)] = Verdict.UNKNOWN
    return verdict


def _written_apart(known: Vocabulary, a: Ints, b: Ints, free_a: Bools, free_b: Bools) -> Bools:
    """Whether the one word left of a name is all that is left of the other, written together:
    Абдулрахман, Абдул Рахман."""
    lengths = np.array([*map(len, known.spellings), 0], dtype=np.int64)
    left = [np.where(free, lengths[words], 0) for words, free in ((a, free_a), (b, free_b))]
    many = [free.sum(axis=1) for free in (free_a, free_b)]
    as_long = left[0].sum(axis=1) == left[1].sum(axis=1)
    apart: Bools = as_long & (np.minimum(*many) == 1) & (np.maximum(*many) > 1)
    for row in np.flatnonzero(apart):
        words = known.spellings[a[row, free_a[row]]], known.spellings[b[row, free_b[row]]]
        (whole,), parts = sorted(words, key=len)
        apart[row] = _is_run_together(whole, parts)
    return apart


def _is_run_together(whole: str, parts: Sequence[str]) -> bool:
    for part in sorted(parts, key=len, reverse=True):
        before, found, after = whole.partition(part)
        if not found:
            return False
        whole = before + after
    return not whole


def _relations(known: Vocabulary, a: Ints, b: Ints, free_a: Bools, free_b: Bools) -> Ints:
    """The relation of every two free words of each pair: array, shape (m, width, width)."""
    both = free_a[:, :, None] & free_b[:, None, :]
    related = np.zeros(both.shape, dtype=np.int64)
    if not both.any():
        return related
    width = max(len(known.sounds), 1)
    low, high = np.minimum(a[:, :, None], b[:, None, :]), np.maximum(a[:, :, None], b[:, None, :])
    places, pairs = pd.factorize((low * width + high)[both])
    related[both] = _relation(known, pairs // width, pairs % width)[places]
    return related


def _relation(known: Vocabulary, one: Ints, other: Ints) -> Ints:
    """The :class:`_Relation` of each two different words."""
    s, t = known.sounds[one], known.sounds[other]
    role_s, role_t = known.roles[one], known.roles[other]
    named = (role_s == Role.GIVEN) | (role_t == Role.GIVEN)
    both_named = (role_s == Role.GIVEN) & (role_t == Role.GIVEN)
    initial = (role_s == Role.INITIAL) | (role_t == Role.INITIAL)
    plain = ~both_named & ~initial
    start, _ = pd.factorize(np.array([sound[:3] for sound in known.sounds], dtype=object))
    gender = _where(plain & (start[one] == start[other]), names.is_other_gender, s, t)
    found = np.full(len(one), _Relation.NONE, dtype=np.int64)
    found[_where(plain & (start[one] == start[other]), _shortens, s, t)] = _Relation.SHORTENED
    found[plain & ~gender & _mistyped(known, one, other)] = _Relation.TYPO
    found[gender & ~named] = _Relation.GENDER
    found[_where(both_named, _is_nickname, s, t)] = _Relation.NICKNAME
    found[_where(initial & (role_s != role_t), _begins, s, t)] = _Relation.INITIAL
    return found


def _where(
    candidates: Bools,
    test: Callable[[str, str], bool],
    one: npt.NDArray[np.object_],
    other: npt.NDArray[np.object_],
) -> Bools:
    """True for the candidates that pass."""
    passed = np.zeros(len(one), dtype=bool)
    rows = np.flatnonzero(candidates)
    found = (test(s, t) for s, t in zip(one[rows], other[rows], strict=True))
    passed[rows] = np.fromiter(found, dtype=bool, count=len(rows))
    return passed


def _is_nickname(one: str, other: str) -> bool:
    return not names.given_lines(one).isdisjoint(names.given_lines(other))


def _begins(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _shortens(one: str, other: str) -> bool:
    return _begins(one, other) and min(len(one), len(other)) >= _SHORT


def _mistyped(known: Vocabulary, one: Ints, other: Ints) -> Bools:
    """Whether one word is likely the other with a slip of the keyboard, or two in a long word.

    Not where both are usual: Марина and Карина are no slips of one another; and not in numbers.
    """
    rarer = np.minimum(known.counts[one], known.counts[other])
    commoner = np.maximum(known.counts[one], known.counts[other])
    letters = np.array([sound.isalpha() for sound in known.sounds], dtype=bool)
    odd = (rarer <= np.maximum(_SLIPS, _SLIP_RATE * commoner)) & letters[one] & letters[other]
    mistyped = np.zeros(len(one), dtype=bool)
    # A slip may change the sound of a syllable, and one in a doubled letter may go unheard.
    for forms in (known.sounds, known.spellings):
        lengths = np.fromiter(map(len, forms), dtype=np.int64, count=len(forms))
        shorter = np.minimum(lengths[one], lengths[other])
        allowed = np.where(shorter >= _LONG, 2, np.where(shorter >= _SHORT, 1, 0))
        near = np.abs(lengths[one] - lengths[other]) <= allowed
        rows = np.flatnonzero(odd & near & (allowed > 0) & ~mistyped)
        if len(rows):
            s, t = forms[one[rows]].tolist(), forms[other[rows]].tolist()
            away = cpdist(s, t, scorer=OSA.distance, score_cutoff=2, dtype=np.uint8)
            mistyped[rows] = away <= allowed[rows]
    return mistyped
