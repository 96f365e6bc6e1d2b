"""What it tells that two mailboxes are nearly the same: another provider, or a slip."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from sheetsync.crm.duplicates.matching import names
from sheetsync.crm.duplicates.matching.records import Records
from sheetsync.crm.duplicates.matching.vocabulary import Bools, Floats, Ints, bits

_USUAL_LOCAL, _LOCAL_MOST = 1e-4, 12.0
"""What the same local part tells before any lead is seen; at most [bits]."""
_LEAST_LETTERS = 6
"""Letters of a local part from which a slip is a slip and not another name."""
_LETTERS, _DIGITS = re.compile(r"[\d\W_]"), re.compile(r"\D")


def near_mail(of: Records, one: Ints, other: Ints, shared: Bools) -> tuple[Floats, Bools]:
    """What mailboxes that are nearly the same tell [bits], 0 where they are not; and where both
    leads have one."""
    a, b = of.local[one], of.local[other]
    both = (a != "") & (b != "")
    told = np.zeros(len(one))
    rows = np.flatnonzero(both & ~shared)
    if not len(rows):
        return told, both
    slips = cpdist(
        a[rows].tolist(), b[rows].tolist(), scorer=OSA.distance, score_cutoff=1, dtype=np.uint8
    )
    rows = rows[slips <= 1]
    locals_ = pd.Series(of.local[of.local != ""], dtype=object).value_counts()
    held = bits(locals_.to_numpy(), locals_.sum(), _USUAL_LOCAL, _LOCAL_MOST)
    of_local = dict(zip(locals_.index, held.tolist(), strict=True))
    domains = pd.Series(of.domain[of.domain != ""], dtype=object).value_counts()
    counts = dict(zip(domains.index, domains.tolist(), strict=True))
    for row in rows:
        told[row] = _near_mail(
            (a[row], of.domain[one[row]]),
            (b[row], of.domain[other[row]]),
            _name_sounds(of, int(one[row])),
            min(of_local[a[row]], of_local[b[row]]),
            counts,
        )
    return told, both


def _name_sounds(of: Records, row: int) -> list[str]:
    sounds = of.people.vocabulary.sounds
    return [sounds[word] for word in of.people.words[row] if word >= 0]


def _near_mail(
    one: tuple[str, str],
    other: tuple[str, str],
    name: list[str],
    held: float,
    domains: Mapping[str, int],
) -> float:
    """What two mailboxes tell whose local parts are one slip apart, or the same [bits].

    A local part that is made of the name tells what the name has told already, but for its digits.

    Parameters
    ----------
    one, other : local part without separators, and domain
    name : the sounds of the name's words
    held : what the local part tells by its frequency [bits]
    domains : leads of each domain
    """
    (local, domain), (local2, domain2) = one, other
    letters, digits = _LETTERS.sub("", local), _DIGITS.sub("", local)
    if digits != _DIGITS.sub("", local2):
        return 0.0  # ivanov84 and ivanov85 are two people
    rarer, commoner = sorted((domains[domain], domains[domain2]))
    mistyped = domain != domain2 and OSA.distance(domain, domain2, score_cutoff=2) <= 2
    mistyped &= rarer <= max(2, 0.02 * commoner)
    if local == local2 and mistyped:
        return _LOCAL_MOST
    # The two digits of most mailboxes are a year of birth, which some forty values share out.
    year = {0: 0.0, 1: 2.0, 2: 5.0, 4: 6.0}.get(len(digits), 3.0 * len(digits))
    beyond = [len(_beyond(names.sound(_LETTERS.sub("", text)), name)) for text in (local, local2)]
    told = 3.0 * min(*beyond, 3) + year
    if local == local2:
        return min(3.0 + told, held)
    if len(letters) < _LEAST_LETTERS:
        return 0.0
    # ivanova.an and ivanova.ann are two ways to shorten a name, not one address with a slip.
    if max(beyond) == 0 or not (domain == domain2 or mistyped):
        return min(told, 6.0)
    return min(8.0 + told, _LOCAL_MOST)


def _beyond(letters: str, name: list[str]) -> str:
    """What of a local part is not made of the name's words, or of their beginnings at its ends."""
    for word in sorted(name, key=len, reverse=True):
        if len(word) > 2 and word in letters:
            letters = letters.replace(word, "", 1)
            continue
        for length in range(min(len(word), len(letters)), 0, -1):
            if letters.startswith(word[:length]):
                letters = letters[length:]
                break
            if letters.endswith(word[:length]):
                letters = letters[:-length]
                break
    return letters
