"""How likely two leads are one person, where no contact decides it: evidence, added up in bits.

Each thing in which two leads agree or differ adds ``log2(m / u)``: ``m`` is the share of true
duplicates that agree so, ``u`` that of other pairs (Fellegi & Sunter 1969, see
:mod:`~.vocabulary`). ``u`` comes from how frequent the value is among these
leads, ``m`` of further columns from the sure duplicates. The sum and the odds that two leads taken
at random are one person give the probability. Names that contradict end the matter before, and one
kind of agreement alone is never enough, however rare.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from sheetsync.crm.duplicates.matching.columns import same_domain, same_firm, same_value
from sheetsync.crm.duplicates.matching.mail import near_mail
from sheetsync.crm.duplicates.matching.people import Names, Verdict
from sheetsync.crm.duplicates.matching.records import Records, Texts
from sheetsync.crm.duplicates.matching.vocabulary import Bools, Floats, Ints

_NAME_MOST = 24.0
_EXTRAS_MOST = 14.0
"""Bounds of what the name and all further columns add [bits]."""
_SHARED = 6.0
"""A contact that others have too."""
_PHONE_DIFFERS, _MAIL_DIFFERS, _BOTH_DIFFER, _FIRM_DIFFERS = -4.0, -2.0, -2.0, -1.5
"""People change their phone more rarely than they have a second mailbox."""
_NEAR_PHONES, _NEAR_AT_FIRM = (1.0, 16.0), 4.0
"""Bounds for a phone one slip away; colleagues have neighbouring numbers."""
_NEAR_SHARE = 0.2
"""Of true duplicates without a contact in common, how many have a phone one slip away."""
_LEAST = {"phone": 1.0, "mail": 3.0, "firm": 4.0, "extras": 3.5}
"""From how many bits evidence counts as a piece of its own."""
_STRONG_EXTRAS = 8.0
"""Agreement in other columns that outweighs two different phones."""
_RATES = (0.02, 0.5)
"""Bounds of the share of leads that have a duplicate."""


@dataclass(frozen=True)
class Model:
    """What was learned from these leads.

    Parameters
    ----------
    prior : log-odds that two leads taken at random are one person [bits]
    near_phone : what a phone one slip away tells [bits]
    agree : column -> share of the sure duplicates that agree in it, where both are filled in
    pairs : column -> how many those were
    """

    prior: float
    near_phone: float
    agree: Mapping[str, float]
    pairs: Mapping[str, int]

    @staticmethod
    def learned(
        of: Records, sure: tuple[Ints, Ints], different: tuple[Ints, Ints], pairs: float
    ) -> Model:
        """Learn from the sure duplicates, and from candidates that are different people.

        Parameters
        ----------
        sure, different : pairs of one person, and of two
        pairs : number of all pairs of leads
        """
        a, b = sure
        rate = len(np.unique(b)) / max(len(of), 1)
        prior = np.log2(np.clip(rate, *_RATES) * max(len(of), 1) / max(pairs, 1))
        # Numbers of seven free digits: one in 100,000 pairs of a thousand-odd is near by chance.
        near = _near_phones(of, *different).sum()
        u = (near + 0.5) / (pairs + 1e6)
        agree, known = {}, {}
        for extra in of.extras:
            v, w = extra.values[a], extra.values[b]
            both = (v >= 0) & (w >= 0)
            known[extra.key] = int(both.sum())
            agree[extra.key] = float(((v == w) & both).sum() + 7) / (known[extra.key] + 10)
        told = float(np.clip(np.log2(_NEAR_SHARE / u), *_NEAR_PHONES))
        return Model(float(prior), told, agree, known)


@dataclass(frozen=True)
class Evidence:
    """The evidence of pairs.

    Parameters
    ----------
    score : array of float, the probability that the two are one person
    enough : array of bool, two kinds of evidence agree, and what speaks against is outweighed
    pieces : text key -> array of bool, what agrees
    """

    score: Floats
    enough: Bools
    pieces: Mapping[str, Bools]


def evidence_texts(pieces: Mapping[str, Bools], which: Bools) -> Texts:
    """The keys of what agrees, joined by ``;``, of these pairs."""
    texts = np.full(int(which.sum()), "", dtype=object)
    for key, has in pieces.items():
        texts[has[which]] += f";{key}"
    return np.array([text[1:] for text in texts], dtype=object)


def weigh(
    of: Records, model: Model, one: Ints, other: Ints, named: Names, shared: Bools
) -> Evidence:
    """Add up what speaks for and against each pair.

    Parameters
    ----------
    one, other : pairs whose names don't contradict
    named : how their names go together
    shared : array of bool: they hold a contact that others hold, too
    """
    same_name = named.verdict == Verdict.SAME
    near = _near_phones(of, one, other) & ~shared
    dialled = (
        of.dialled[one] & of.dialled[other] & (of.number[one] != "") & (of.number[other] != "")
    )
    phones_differ = dialled & ~near & ~shared
    mail, has_mail = near_mail(of, one, other, shared)
    mails_differ = has_mail & (mail == 0) & ~shared
    firm, firm_differs = same_firm(of, one, other)
    # One mailbox is one domain, which tells nothing more.
    firm = np.maximum(firm, np.where(shared, 0, same_domain(of, one, other)))
    firm_differs &= firm == 0
    at_firm = np.minimum(_NEAR_AT_FIRM, model.near_phone)
    phone = np.where(
        near, np.where((firm > 0) & _neighbours(of, one, other), at_firm, model.near_phone), 0
    )
    extras, against, columns = _extras(of, model, one, other)
    total = (
        model.prior
        + np.where(same_name, np.minimum(named.bits, _NAME_MOST), 0)
        + phone
        + mail
        + np.where(shared, _SHARED, 0)
        + np.where(phones_differ, _PHONE_DIFFERS, 0)
        + np.where(mails_differ, _MAIL_DIFFERS, 0)
        + np.where(phones_differ & mails_differ, _BOTH_DIFFER, 0)
        + np.where(firm_differs, _FIRM_DIFFERS, firm)
        + extras
        + against
    )
    contact = (phone >= _LEAST["phone"]) | shared
    mailed = mail >= _LEAST["mail"]
    at_one_firm = firm >= _LEAST["firm"]
    other_columns = extras >= _LEAST["extras"]
    kinds = np.sum([same_name, contact, mailed, at_one_firm, other_columns], axis=0)
    excused = ~phones_differ | mailed | at_one_firm | (extras >= _STRONG_EXTRAS)
    pieces = {
        "phone_near": near,
        "contact": shared,
        "email_near": mailed,
        "name": same_name & named.exact,
        "name_near": same_name & ~named.exact,
        "company": at_one_firm,
        **columns,
    }
    score = 1 / (1 + np.exp2(-np.clip(total, -60, 60)))
    enough = (kinds >= np.where(shared, 3, 2)) & excused & (same_name | contact | mailed)
    return Evidence(score, enough, pieces)


def _near_phones(of: Records, one: Ints, other: Ints) -> Bools:
    """Whether the numbers differ by one digit, or two neighbouring ones are swapped."""
    a, b = of.number[one], of.number[other]
    near = np.zeros(len(one), dtype=bool)
    rows = np.flatnonzero((a != "") & (b != "") & (a != b))
    if len(rows):
        away = cpdist(
            a[rows].tolist(), b[rows].tolist(), scorer=OSA.distance, score_cutoff=1, dtype=np.uint8
        )
        near[rows] = away <= 1
    return near


def _neighbours(of: Records, one: Ints, other: Ints) -> Bools:
    """Whether numbers differ in their last three digits at most."""
    start = np.array([number[:-3] for number in of.number], dtype=object)
    same: Bools = start[one] == start[other]
    return same


def _extras(
    of: Records, model: Model, one: Ints, other: Ints
) -> tuple[Floats, Floats, dict[str, Bools]]:
    """What agreement in further columns adds, what disagreement takes away, and which agree."""
    total, against = np.zeros(len(one)), np.zeros(len(one))
    columns: dict[str, Bools] = {}
    for extra in of.extras:
        told = same_value(extra, model.agree[extra.key], one, other)
        columns[extra.key] = told >= _LEAST["extras"]
        total += np.maximum(told, 0)
        if model.pairs[extra.key] >= 20:
            differ = (told == 0) & (extra.values[one] >= 0) & (extra.values[other] >= 0)
            against += np.where(differ, max(np.log2(1 - model.agree[extra.key]), -3.0), 0.0)
    return np.minimum(total, _EXTRAS_MOST), np.maximum(against, -6.0), columns
