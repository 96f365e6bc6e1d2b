"""What it tells that two leads agree in their firm, or in a column beside: more for rare values."""

from __future__ import annotations

from collections import Counter

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz
from rapidfuzz.process import cpdist

from sheetsync.crm.duplicates.matching.contacts import FREE
from sheetsync.crm.duplicates.matching.records import Extra, Records
from sheetsync.crm.duplicates.matching.vocabulary import Bools, Floats, Ints, Phrases, bits

_FIRM_MOST, _DOMAIN_MOST, _VALUE_MOST = 12.0, 8.0, 8.0
"""Bounds of what each tells [bits]."""
_USUAL_DOMAIN, _USUAL_VALUE = 1 / 300, 1 / 50
"""The share of mailboxes that a firm's domain has, and of leads that a value of another column has,
before any lead is seen."""
_SIMILAR = 85.0
"""Percentage of rapidfuzz's ratio from which two texts are nearly the same."""


def same_firm(of: Records, one: Ints, other: Ints) -> tuple[Floats, Bools]:
    """What the same firm tells [bits]; and where both leads name one, and not the same."""
    firms = of.firms
    told = np.append(firms.vocabulary.bits, 0.0)
    a, b = firms.words[one], firms.words[other]
    heard = firms.heard
    equal = heard[one][:, :, None] == heard[other][:, None, :]
    equal = (equal & (a >= 0)[:, :, None]).any(axis=2)
    agreed = np.where(equal, told[a], 0.0).sum(axis=1)
    whole = np.minimum(told[a].sum(axis=1), told[b].sum(axis=1))
    both = firms.known[one] & firms.known[other]
    texts = _joined_sounds(firms)
    rows = np.flatnonzero(both & (agreed < 0.5 * whole))
    if len(rows):
        s, t = texts[firms.whole[one[rows]]].tolist(), texts[firms.whole[other[rows]]].tolist()
        similar = cpdist(s, t, scorer=fuzz.ratio, score_cutoff=_SIMILAR) >= _SIMILAR
        agreed[rows] = np.where(similar, 0.6 * whole[rows], 0.0)
    return np.minimum(agreed, _FIRM_MOST), both & (agreed == 0)


def same_domain(of: Records, one: Ints, other: Ints) -> Floats:
    """What one domain of two mailboxes tells [bits]; 0 where anybody may have a mailbox."""
    domain = of.domain[one]
    told = np.zeros(len(one))
    same = np.flatnonzero((domain == of.domain[other]) & (domain != ""))
    own = same[[text not in FREE for text in domain[same]]] if len(same) else same
    if len(own):
        leads = Counter(of.domain[of.domain != ""])
        held = [leads[text] for text in domain[own]]
        told[own] = bits(held, leads.total(), _USUAL_DOMAIN, _DOMAIN_MOST)
    return told


def _joined_sounds(phrases: Phrases) -> npt.NDArray[np.object_]:
    """The words of each different cell, sorted, as one text; by its number in ``whole``."""
    kinds, first = np.unique(phrases.whole, return_index=True)
    texts = np.full(int(kinds.max(initial=-1)) + 2, "", dtype=object)
    for kind, row in zip(kinds, first, strict=True):
        words = phrases.words[row]
        texts[kind] = "".join(sorted(phrases.vocabulary.sounds[w] for w in words if w >= 0))
    return texts


def same_value(extra: Extra, agree: float, one: Ints, other: Ints) -> Floats:
    """What one column tells [bits]: more for rare values, half for nearly the same one."""
    held = bits(extra.counts, extra.counts.sum(), _USUAL_VALUE, 20.0) + np.log2(agree)
    held = np.append(np.clip(held, 0.0, _VALUE_MOST), 0.0)
    v, w = extra.values[one], extra.values[other]
    told = np.where((v == w) & (v >= 0), held[v], 0.0)
    lengths = np.append(np.fromiter(map(len, extra.texts), np.int64, len(extra.texts)), 0)
    rows = np.flatnonzero((v != w) & (np.minimum(lengths[v], lengths[w]) > 5))
    if len(rows):
        s, t = extra.texts[v[rows]].tolist(), extra.texts[w[rows]].tolist()
        similar = cpdist(s, t, scorer=fuzz.ratio, score_cutoff=_SIMILAR) >= _SIMILAR
        told[rows] = np.where(similar, np.minimum(held[v[rows]], held[w[rows]]) / 2, 0.0)
    return told
