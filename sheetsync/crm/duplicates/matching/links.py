"""Which leads are the same person, surely or likely, and by what evidence."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np
import pandas as pd

from sheetsync.crm.duplicates.matching import firms, people
from sheetsync.crm.duplicates.matching.candidates import candidates
from sheetsync.crm.duplicates.matching.holders import (
    Holders,
    Sharing,
    Verdicts,
    holders,
    namesakes,
    parties,
    sharing,
)
from sheetsync.crm.duplicates.matching.people import Names, Verdict
from sheetsync.crm.duplicates.matching.records import Records, Texts
from sheetsync.crm.duplicates.matching.vocabulary import Bools, Floats, Ints
from sheetsync.crm.duplicates.matching.weights import Model, evidence_texts, weigh
from sheetsync.crm.duplicates.persons import Persons

SURE_NAMESAKES, LIKELY_NAMESAKES = 0.001, 0.1
"""How many others of the same name are expected among those who share a contact: below the first
two leads of that name are surely one person, below the second likely."""
SURE_SCORE, CONTACT_SCORE = 1.0, 0.95
FAMILY = 5
"""A phone of more different people is a switchboard."""
LIKELY = 0.9
"""The least probability, as estimated, to call two leads likely duplicates."""


@dataclass(frozen=True)
class Pairs:
    """Pairs of leads that were told to be one person.

    Parameters
    ----------
    one, other : arrays of int, shape (m,): rows of the records, the earlier first
    sure : array of bool
    score : array of float, 0 to 1
    evidence : array of str, text keys joined by ``;``
    """

    one: Ints
    other: Ints
    sure: Bools
    score: Floats
    evidence: Texts


@dataclass(frozen=True)
class Links:
    """What was found.

    Parameters
    ----------
    pairs : DataFrame, a line per pair, sorted, with the columns of :class:`Pairs`
    strangers : DataFrame: one, other; leads of clearly different people (or firms, where no person
        is named) with the same phone, which no more than :data:`FAMILY` of them have
    phones, mailboxes : who shares contacts
    """

    pairs: pd.DataFrame
    strangers: pd.DataFrame
    phones: Sharing
    mailboxes: Sharing


@dataclass(frozen=True)
class _Shared:
    """Pairs that share a phone, a mailbox or both, sorted.

    Parameters
    ----------
    one, other : arrays of int, shape (m,)
    phone, box : whose those are
    named : how the names go together
    firms : array of :class:`~.people.Verdict`, how the firms do
    """

    one: Ints
    other: Ints
    phone: Holders
    box: Holders
    named: Names
    firms: Verdicts

    @property
    def held(self) -> tuple[Holders, Holders]:
        return self.phone, self.box

    @cached_property
    def verdict(self) -> Verdicts:
        """How the two go together: by their names, or else by their firms."""
        return parties(self.named.verdict, self.firms)


def find(of: Records) -> Links:
    """Compare all that is worth comparing."""
    phones = sharing(of, of.phones, of.mailboxes)
    boxes = sharing(of, of.mailboxes, of.phones)
    shared = _shared(of, phones, boxes)
    sure, likely = _by_contact(shared)
    told = sure | likely
    by_contact = Pairs(
        shared.one[told],
        shared.other[told],
        sure[told],
        np.where(sure[told], SURE_SCORE, CONTACT_SCORE),
        _contact_evidence(shared, told),
    )
    by_weight = _without_contradictions(of, by_contact, _likely(of, shared, sure, told))
    different = (shared.verdict == Verdict.DIFFERENT) & ~told
    apart = different & (shared.phone.parties <= FAMILY)
    strangers = pd.DataFrame({"one": shared.one[apart], "other": shared.other[apart]})
    return Links(_table(by_contact, by_weight), strangers, phones, boxes)


def _table(*parts: Pairs) -> pd.DataFrame:
    columns = [field.name for field in fields(Pairs)]
    whole = {name: np.concatenate([getattr(part, name) for part in parts]) for name in columns}
    order = np.lexsort((whole["other"], whole["one"]))
    return pd.DataFrame({name: values[order] for name, values in whole.items()})


def _without_contradictions(of: Records, told: Pairs, likely: Pairs) -> Pairs:
    """Likely pairs, less those of persons whose full names contradict: an Игорь who surely is Игорь
    Герасимов is not likely Игорь Кузнецов."""
    if not len(likely.one):
        return likely
    persons = Persons(len(of))
    for one, other in zip(
        told.one[told.sure].tolist(), told.other[told.sure].tolist(), strict=True
    ):
        persons.join(one, other)
    groups = persons.groups
    words = (of.people.words >= 0).sum(axis=1)
    fullest = np.arange(len(of))
    by_length = np.lexsort((np.arange(len(of)), -words))[::-1]
    fullest[groups[by_length]] = by_length
    ends = (fullest[groups[end]] for end in (likely.one, likely.other))
    verdict = people.compare(of.people, *ends).verdict
    kept = np.isin(verdict, (Verdict.SAME, Verdict.UNKNOWN))
    return Pairs(*(getattr(likely, field.name)[kept] for field in fields(Pairs)))


def _shared(of: Records, phones: Sharing, boxes: Sharing) -> _Shared:
    n = max(len(of), 1)
    codes = np.union1d(phones.one * n + phones.other, boxes.one * n + boxes.other)
    one, other = codes // n, codes % n
    named = people.compare(of.people, one, other)
    phone, box = (holders(kind, codes, n) for kind in (phones, boxes))
    return _Shared(one, other, phone, box, named, firms.compare(of, one, other))


def _by_contact(shared: _Shared) -> tuple[Bools, Bools]:
    """Which pairs are the same person by their contacts and names: surely, and likely."""
    same, unknown, partly, different = (
        shared.verdict == verdict
        for verdict in (Verdict.SAME, Verdict.UNKNOWN, Verdict.PARTLY, Verdict.DIFFERENT)
    )
    phone, box = (held.personal(shared.named.verdict, unknown) for held in shared.held)
    one, both = phone | box, phone & box
    same_name = shared.named.verdict == Verdict.SAME
    fewest = np.maximum(np.fmin(*(held.people for held in shared.held)), 1)
    expected = namesakes(fewest, shared.named.bits)
    # At one firm, two Annas with one number and two surnames are colleagues.
    partly &= ~((shared.firms == Verdict.SAME) & ~both)
    sure = (one & (same | unknown)) | (both & partly)
    sure |= same_name & (expected <= SURE_NAMESAKES)
    likely = one & partly
    likely |= same_name & (expected <= LIKELY_NAMESAKES)
    # A couple, or one client under two names.
    likely |= different & (shared.phone.parties == 2) & (shared.box.parties == 2)
    return sure, likely & ~sure


def _contact_evidence(shared: _Shared, which: Bools) -> Texts:
    verdict = shared.named.verdict
    pieces = {
        "phone": shared.phone.shared,
        "email": shared.box.shared,
        "name": (verdict == Verdict.SAME) & shared.named.exact,
        "name_near": ((verdict == Verdict.SAME) & ~shared.named.exact)
        | (verdict == Verdict.PARTLY),
    }
    return evidence_texts(pieces, which)


def _likely(of: Records, shared: _Shared, sure: Bools, told: Bools) -> Pairs:
    """Likely pairs among those that no contact decided."""
    n = max(len(of), 1)
    one, other = candidates(of)
    code = shared.one * n + shared.other
    codes = np.setdiff1d(np.union1d(one * n + other, code), code[told], assume_unique=True)
    one, other = codes // n, codes % n
    named = people.compare(of.people, one, other)
    different = named.verdict == Verdict.DIFFERENT
    keep = np.isin(named.verdict, (Verdict.SAME, Verdict.UNKNOWN))
    nameless = np.flatnonzero(named.verdict == Verdict.UNKNOWN)
    by_firm = firms.compare(of, one[nameless], other[nameless])
    keep[nameless[by_firm == Verdict.DIFFERENT]] = False
    model = Model.learned(
        of,
        (shared.one[sure], shared.other[sure]),
        (one[different], other[different]),
        n * (n - 1) / 2,
    )
    one, other = one[keep], other[keep]
    named = Names(named.verdict[keep], named.bits[keep], named.exact[keep])
    found = weigh(of, model, one, other, named, np.isin(codes[keep], code))
    likely = (found.score >= LIKELY) & found.enough
    return Pairs(
        one[likely],
        other[likely],
        np.zeros(likely.sum(), dtype=bool),
        found.score[likely],
        evidence_texts(found.pieces, likely),
    )
