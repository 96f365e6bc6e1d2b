"""Leads that hold the same contact, and whether that contact is one person's.

A phone or mailbox that leads of clearly different people hold (a switchboard, a family's phone, a
made-up number) is *shared*: two leads that have it are one person only if their names agree and are
rare enough among those who share it. Where no person is named, firms stand for them: a lead that
names nobody is one with another by a contact only where all that hold it may be one party.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sheetsync.crm.duplicates.matching import firms, people
from sheetsync.crm.duplicates.matching.blocking import neighbours
from sheetsync.crm.duplicates.matching.people import Verdict
from sheetsync.crm.duplicates.matching.records import Held, Records, Texts
from sheetsync.crm.duplicates.matching.vocabulary import Bools, Floats, Ints

Verdicts = npt.NDArray[np.int8]

PAIRED = 30
"""Leads of one contact that are all paired with each other; of more, each with the first of its
name."""
NAMELESS = 50
"""More leads of one contact without names to compare can't all be one person's."""
ADDRESSES = 5
"""A phone whose leads have more mailboxes than that is shared, whatever the names; and vice
versa."""
ROLE_PEOPLE = 10
"""How many people a mailbox of a role (info@) has at least, though we may have seen only one."""


@dataclass(frozen=True)
class Sharing:
    """Every contact that several leads hold, and the pairs that hold one.

    Parameters
    ----------
    texts : array of str, shape (k,), the contacts
    leads : array of int, shape (k,), how many hold each
    people : array of int, shape (k,), how many different people those are, at least; 0 where no
        lead has a name
    parties : array of int, shape (k,), the same of people and, where none is named, firms
    one, other, contact : arrays of int, a line per pair and contact: rows, the earlier first, and a
        place in ``texts``
    """

    texts: Texts
    leads: Ints
    people: Ints
    parties: Ints
    one: Ints
    other: Ints
    contact: Ints


def sharing(of: Records, held: Held, others: Held) -> Sharing:
    """Who shares the contacts of ``held``.

    Parameters
    ----------
    held : contacts of one kind
    others : contacts of the other kind, which tell people apart where there are many
    """
    n = max(len(of), 1)
    code = np.unique(held.contacts * n + held.rows)
    contact, row = code // n, code % n
    several = np.bincount(contact, minlength=len(held.texts))[contact] > 1
    kept, contact = np.unique(contact[several], return_inverse=True)
    row = row[several]
    kinds = _kinds(others, contact, row, len(kept), n)
    least = np.maximum(
        np.where(kinds > ADDRESSES, kinds, 0), np.where(held.role[kept], ROLE_PEOPLE, 0)
    )
    leads = np.bincount(contact, minlength=len(kept))
    name, firm = of.people.whole, of.firms.whole
    party = np.where((name < 0) & (firm >= 0), name.max(initial=0) + 1 + firm, name)
    of_names, of_parties = (
        np.maximum(_different(of, contact, row, who[row], len(kept)), least)
        for who in (name, party)
    )
    pairs = _pairs(contact, row, party[row], leads)
    return Sharing(held.texts[kept], leads, of_names, of_parties, *pairs)


def _kinds(others: Held, contact: Ints, row: Ints, contacts: int, n: int) -> Ints:
    """How many contacts of the other kind the leads of each contact have, the first of each."""
    first = np.full(n, -1, dtype=np.int64)
    first[others.rows[::-1]] = others.contacts[::-1]
    has = first[row] >= 0
    most = max(len(others.texts), 1)
    different = np.unique(contact[has] * most + first[row[has]]) // most
    return np.bincount(different, minlength=contacts)


def _pairs(contact: Ints, row: Ints, party: Ints, leads: Ints) -> tuple[Ints, Ints, Ints]:
    """All pairs of a contact's leads; in a crowd each with the first of its name, and the first of
    different names with each other where those are no crowd again.

    Parameters
    ----------
    contact, row, party : arrays of int, sorted by contact, then row: leads, and equal numbers for
        equal names
    leads : array of int, per contact
    """
    few = leads[contact] <= PAIRED
    crowd = np.flatnonzero(~few)
    places, of_name = _firsts(contact[crowd], party[crowd])
    firsts, first = crowd[places], crowd[places[of_name]]
    later = first != crowd
    parts = [
        _all_pairs(contact[few], row[few]),
        (row[first[later]], row[crowd[later]], contact[crowd[later]]),
        _all_pairs(contact[firsts], row[firsts]),
    ]
    one, other, of = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    return one, other, of


def _firsts(contact: Ints, party: Ints) -> tuple[Ints, Ints]:
    """The places of the first line of every contact and name, in order, and which of them is each
    line's."""
    most = int(party.max(initial=0)) + 2
    _, first, of = np.unique(contact * most + party + 1, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return first[order], rank[of]


def _all_pairs(contact: Ints, row: Ints) -> tuple[Ints, Ints, Ints]:
    one, other = neighbours(contact, most=PAIRED, window=0)
    return row[one], row[other], contact[one]


def _different(of: Records, contact: Ints, row: Ints, party: Ints, contacts: int) -> Ints:
    """How many parties hold each contact at least: names that differ from all before them.

    Of too many names to compare them all each counts: so many are not one party's spellings.
    """
    known = np.flatnonzero(party >= 0)
    firsts = known[_firsts(contact[known], party[known])[0]]
    contact, row = contact[firsts], row[firsts]
    one, other = neighbours(contact, most=PAIRED, window=0)
    a, b = row[one], row[other]
    verdict = parties(people.compare(of.people, a, b).verdict, firms.compare(of, a, b))
    new = np.ones(len(row), dtype=bool)
    new[other[verdict != Verdict.DIFFERENT]] = False
    return np.bincount(contact[new], minlength=contacts)


def parties(named: Verdicts, firms: Verdicts) -> Verdicts:
    """How two leads go together by the names of people; where a name is missing, by those of
    firms."""
    return np.where(named == Verdict.UNKNOWN, firms, named)


def namesakes(holders: Floats, bits: Floats) -> Floats:
    """How many of a contact's holders are expected to have a name by chance."""
    expected: Floats = holders * np.exp2(-bits)
    return expected


@dataclass(frozen=True)
class Holders:
    """Whose the contact of one kind is that pairs share.

    Parameters
    ----------
    people, parties, leads : arrays of float, shape (m,): how many hold it, see :class:`Sharing`;
        NaN where a pair shares none
    """

    people: Floats
    parties: Floats
    leads: Floats

    @property
    def shared(self) -> Bools:
        return ~np.isnan(self.leads)

    def personal(self, named: Verdicts, unknown: Bools) -> Bools:
        """Where it is one person's; of pairs with nothing to compare, where it is one party's.

        Parameters
        ----------
        named : array of :class:`~.people.Verdict` on the names of people
        unknown : array of bool, there are neither names nor firms to compare
        """
        holders = np.where(unknown, self.parties, self.people)
        crowd = (named == Verdict.UNKNOWN) & (self.leads > NAMELESS)
        personal: Bools = (holders <= 1) & ~crowd
        return personal


def holders(of: Sharing, codes: Ints, n: int) -> Holders:
    """Of every pair's contact, of several that which fewest people share.

    Parameters
    ----------
    codes : array of int, shape (m,), sorted: ``one * n + other``, all pairs of ``of`` among them
    """
    counts = np.stack([of.people, of.parties, of.leads])[:, of.contact]
    order = np.lexsort(counts[::-1])[::-1]
    found = np.full((len(counts), len(codes)), np.nan)
    # The last to be written, which stays, is the first in order.
    found[:, np.searchsorted(codes, of.one[order] * n + of.other[order])] = counts[:, order]
    return Holders(*found)
