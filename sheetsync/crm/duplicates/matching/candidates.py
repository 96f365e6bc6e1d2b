"""The pairs of leads that may be likely duplicates: those with two things in common, or nearly.

A name alone is never enough, so a key is a name's word with something else (a word of the firm, a
value of another column), or something that few have (a phone or mailbox one slip away). Leads of
one whole name are compared too, near neighbours only where the name is common.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from sheetsync.crm.duplicates.matching import blocking, names
from sheetsync.crm.duplicates.matching.contacts import FREE
from sheetsync.crm.duplicates.matching.records import Records
from sheetsync.crm.duplicates.matching.vocabulary import Ints, Phrases, Role

_CROWD = 20
"""Leads of one key that are all compared with each other."""
_WINDOW = 5
"""Neighbours of a lead that are compared in a greater crowd."""
_WIDE = 2**31
"""More than there are different values of anything."""
_SAME_NUMBER = 3
"""Leads of one phone or mailbox that stand for all of them when slips are looked for."""
_FIRM_WORDS = 3
"""The rarest words of a firm's name, by which leads find each other."""
_DIGITS, _OTHERS = re.compile(r"\d"), re.compile(r"\D")
_LEAST_LOCAL = 5
"""Letters of a mailbox's local part from which one slip tells something."""


def candidates(of: Records) -> tuple[Ints, Ints]:
    """Pairs of rows, the earlier first, sorted, none twice."""
    order = _order(of)
    found = [
        blocking.pairs_of_blocks(keys, rows, order=order, most=_CROWD, window=window)
        for keys, rows, window in _keys(of)
    ]
    one = np.concatenate([pair[0] for pair in found])
    other = np.concatenate([pair[1] for pair in found])
    return blocking.distinct_pairs(one, other, max(len(of), 1))


def _order(of: Records) -> Ints:
    """The rows by name, then phone: neighbours are alike."""
    sounds = of.people.vocabulary.sounds
    _, first, places = np.unique(of.people.whole, return_index=True, return_inverse=True)
    texts = [names.full_key(sounds[w] for w in of.people.words[row] if w >= 0) for row in first]
    name = np.array([*texts, ""], dtype=object)[places]
    ranks = [pd.factorize(keys, sort=True)[0] for keys in (of.local, of.number, name)]
    order = np.empty(len(of), dtype=np.int64)
    order[np.lexsort(ranks)] = np.arange(len(of))
    return order


def _keys(of: Records) -> Iterator[tuple[Ints, Ints, int]]:
    """Keys, their rows, and the window of a crowd; no window where a crowd shows that the key tells
    little."""
    rows = np.arange(len(of))
    yield *_phone_slips(of), _WINDOW
    yield *_mail_slips(of), _WINDOW
    words = _heard(of.people)
    two = [(words[i], words[j]) for i, j in ((0, 1), (0, 2), (1, 2))]
    whole = [_joined(np.minimum(i, j), np.maximum(i, j)) for i, j in two]
    yield np.concatenate(whole), np.tile(rows, len(whole)), _WINDOW
    # A word stands anywhere in a name, so that all of a column's keys go together.
    columns = [
        _heard(of.firms)[:_FIRM_WORDS],
        [_domains(of)],
        *([extra.values] for extra in of.extras),
    ]
    for values in columns:
        keys = [_joined(word, value) for word in words for value in values]
        yield np.concatenate(keys), np.tile(rows, len(keys)), 0


def _joined(one: Ints, other: Ints) -> Ints:
    """One key of two; negative where either is."""
    return np.where((one < 0) | (other < 0), -1, one * _WIDE + other)


def _heard(phrases: Phrases) -> list[Ints]:
    """The words of each row by their consonants, place by place; initials left out."""
    known = phrases.vocabulary
    codes, _ = pd.factorize(np.array([names.skeleton(s) for s in known.sounds], dtype=object))
    codes = np.where(known.roles == Role.INITIAL, -1, codes)
    by_word = np.append(codes, -1)
    return [by_word[phrases.words[:, place]] for place in range(phrases.words.shape[1])]


def _domains(of: Records) -> Ints:
    """The firms' domains of mailboxes."""
    own = [None if domain in FREE else domain or None for domain in of.domain]
    return pd.factorize(np.array(own, dtype=object))[0].astype(np.int64)


def _few_of_each(texts: Iterable[str]) -> Iterator[tuple[int, str]]:
    """The first rows of each text, with it; empty texts left out."""
    seen: Counter[str] = Counter()
    for row, text in enumerate(texts):
        seen[text] += 1
        if text and seen[text] <= _SAME_NUMBER:
            yield row, text


def _phone_slips(of: Records) -> tuple[Ints, Ints]:
    some = [(row, int(number), len(number)) for row, number in _few_of_each(of.number)]
    rows, numbers, digits = np.array(some, dtype=np.int64).reshape(-1, 3).T
    keys, places = blocking.slips_of_numbers(numbers, digits)
    return keys, rows[places]


def _mail_slips(of: Records) -> tuple[Ints, Ints]:
    """Local parts with any one letter left out, and whole; their digits must be the same."""
    boxes = np.where(of.local == "", "", of.local + "@" + of.domain)
    keys: list[str] = []
    rows: list[int] = []
    for row, _ in _few_of_each(boxes):
        slips = local_slips(of.local[row])
        keys += slips
        rows += [row] * len(slips)
    return blocking.text_keys(np.array(keys, dtype=object)), np.array(rows, dtype=np.int64)


def local_slips(local: str) -> list[str]:
    """A local part, and with any one letter left out where it has enough of them."""
    letters = _DIGITS.sub("", local)
    digits = local if not letters else _OTHERS.sub("", local)
    slips = blocking.slips_of_text(letters) if len(letters) >= _LEAST_LOCAL else ()
    return [f"{text}|{digits}" for text in (letters, *slips)]
