"""Whether the names of two firms may be one firm's.

Their words are paired as those of people (:mod:`~.people`), and a name may be shortened to its
initials (РЖД, Российские железные дороги). One domain of two mailboxes that isn't everybody's is
one firm, whatever it is called.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sheetsync.crm.duplicates.matching import people
from sheetsync.crm.duplicates.matching.columns import same_domain
from sheetsync.crm.duplicates.matching.people import Verdict
from sheetsync.crm.duplicates.matching.records import Records
from sheetsync.crm.duplicates.matching.vocabulary import Ints


def compare(of: Records, one: Ints, other: Ints) -> npt.NDArray[np.int8]:
    """The :class:`~.people.Verdict` on the firms of each pair of rows; UNKNOWN where either names
    none."""
    verdict = people.compare(of.firms, one, other).verdict
    doubtful = np.flatnonzero(np.isin(verdict, (Verdict.PARTLY, Verdict.DIFFERENT)))
    known = of.firms.vocabulary
    for place in doubtful:
        a, b = (of.firms.words[row] for row in (one[place], other[place]))
        a, b = a[a >= 0], b[b >= 0]
        if any(_is_shortened(form[a], form[b]) for form in (known.spellings, known.sounds)):
            verdict[place] = Verdict.SAME
    verdict[same_domain(of, one, other) > 0] = Verdict.SAME
    return verdict


def _is_shortened(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether what one name has beyond the other are the initials of what that has beyond it."""
    left = [word for word in one if word not in other], [word for word in other if word not in one]
    short, long = sorted(left, key=len)
    initials = sorted(word[0] for word in long)
    return len(short) == 1 < len(long) and sorted(short[0]) == initials
