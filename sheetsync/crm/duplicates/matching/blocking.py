"""Which leads are worth comparing: those that share a key, and in crowds only near neighbours.

A comparison of every two of 100,000 leads would be five thousand million. Leads that share some key
are compared with each other. In a block larger than the limit they are sorted and each is compared
with its next neighbours only (the sorted neighbourhood of Hernández, M. A. & Stolfo, S. J. (1995),
"The merge/purge problem for large databases", SIGMOD '95), so that ten thousand leads with one key
cost ten thousand times a constant.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from sheetsync.crm.duplicates.matching.vocabulary import Bools, Ints


def neighbours(keys: Ints, *, most: int, window: int) -> tuple[Ints, Ints]:
    """Which lines of sorted keys are compared.

    Parameters
    ----------
    keys : array of int, shape (k,), sorted
    most : a block (a run of one key) of at most so many lines gives all its pairs
    window : in a larger one, how many of those that follow a line are its neighbours

    Returns
    -------
    arrays of int, shape (m,) each: the earlier and the later line of every pair
    """
    starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]]) if len(keys) else keys[:0]
    sizes = np.diff(np.r_[starts, len(keys)]).astype(np.int64)
    reach = np.repeat(np.where(sizes <= most, sizes, window), sizes)
    after = np.repeat(sizes + starts, sizes) - np.arange(len(keys)) - 1
    many = np.minimum(reach, after)
    earlier = np.repeat(np.arange(len(keys)), many)
    nth = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
    return earlier, earlier + nth + 1


def pairs_of_blocks(
    keys: Ints, rows: Ints, *, order: Ints, most: int, window: int
) -> tuple[Ints, Ints]:
    """Pairs of rows that share a key, see :func:`neighbours`.

    Parameters
    ----------
    keys, rows : arrays of int, shape (k,): each line says that a row has a key; a negative key is
        none
    order : array of int, shape (n,): how rows stand in a crowded block, near ones beside each other

    Returns
    -------
    arrays of int, shape (m,) each: the smaller and the greater row, no pair twice, sorted
    """
    has = keys >= 0
    keys, rows = keys[has], rows[has]
    sorted_ = np.lexsort((order[rows], keys))
    keys, rows = keys[sorted_], rows[sorted_]
    # A row that has a key twice stands there twice in a row.
    again = np.r_[False, (keys[1:] == keys[:-1]) & (rows[1:] == rows[:-1])][: len(keys)]
    keys, rows = keys[~again], rows[~again]
    one, other = neighbours(keys, most=most, window=window)
    return distinct_pairs(rows[one], rows[other], len(order))


def distinct_pairs(one: Ints, other: Ints, n: int) -> tuple[Ints, Ints]:
    """Each pair once, the smaller row first, sorted; ``n`` is more than any row."""
    code = np.sort(np.minimum(one, other) * n + np.maximum(one, other))
    code = code[np.r_[True, code[1:] != code[:-1]][: len(code)]]
    return code // n, code % n


def text_keys(texts: npt.NDArray[np.object_]) -> Ints:
    """A key for each text; negative where it is empty."""
    hashed = pd.util.hash_array(texts, categorize=False)
    empty: Bools = texts == ""
    return np.where(empty, -1, (hashed >> np.uint64(1)).astype(np.int64))


def slips_of_text(text: str) -> set[str]:
    """The text with any one letter left out: two texts that are one slip apart share one of these,
    or one of them is among these (the deletion neighbourhood of Mor, M. & Fraenkel, A. S. (1982),
    Communications of the ACM 25(12), 935-938)."""
    return {text[:i] + text[i + 1 :] for i in range(len(text))}


def slips_of_numbers(numbers: Ints, digits: Ints) -> tuple[Ints, Ints]:
    """Numbers with any one digit left out, as :func:`slips_of_text`, and the numbers themselves.

    Parameters
    ----------
    numbers : array of int, shape (k,)
    digits : array of int, shape (k,): how many digits each has, leading zeros counted, at most 14

    Returns
    -------
    keys, places : arrays of int: keys tell the number of digits too; places are into ``numbers``
    """
    keys, places = [numbers + digits * 10**15], [np.arange(len(numbers))]
    for at in range(int(digits.max(initial=0))):
        here = np.flatnonzero(digits > at)
        number = numbers[here]
        shorter = number // 10 ** (at + 1) * 10**at + number % 10**at
        keys.append(shorter + (digits[here] - 1) * 10**15)
        places.append(here)
    return np.concatenate(keys), np.concatenate(places)
