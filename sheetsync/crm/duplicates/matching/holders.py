"""Leads that hold the same contact, and whether that contact is one person's.

A phone or mailbox that leads of clearly different people hold (a switchboard, a family's phone, a
made-up number) is *shared*: two leads that have it are one person only if their names agree and are
rare enough among those who share it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from sheetsync.crm.duplicates.matching import people
from sheetsync.crm.duplicates.matching.blocking import neighbours
from sheetsync.crm.duplicates.matching.people import Verdict
from sheetsync.crm.duplicates.matching.records import Held, Records
from sheetsync.crm.duplicates.matching.vocabulary import Floats

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
    """Pairs that hold one contact, and every contact that several leads hold.

    Parameters
    ----------
    pairs : DataFrame, a line per pair of rows and contact: one, other (rows, the earlier first),
        contact
    contacts : DataFrame indexed by contact: text; leads; people (how many different ones hold it,
        at least; 0 where no lead has a name)
    """

    pairs: pd.DataFrame
    contacts: pd.DataFrame


def sharing(of: Records, held: Held, others: Held) -> Sharing:
    """Who shares the contacts of ``held``.

    Parameters
    ----------
    held : contacts of one kind
    others : contacts of the other kind, which tell people apart where there are many
    """
    lines = pd.DataFrame({"contact": held.contacts, "row": held.rows}).drop_duplicates()
    lines["whole"] = of.people.whole[lines["row"].to_numpy(dtype=np.int64)]
    size = lines.groupby("contact")["row"].transform("size")
    lines = lines[size > 1].sort_values(["contact", "row"]).reset_index(drop=True)
    leads = lines.groupby("contact")["row"].size()
    told = pd.DataFrame(
        {"text": held.texts[leads.index.to_numpy(dtype=np.int64)], "leads": leads},
        index=leads.index,
    )
    told["people"] = _people(of, lines).reindex(told.index, fill_value=0)
    other_first = pd.Series(others.contacts, others.rows)
    other_first = other_first[~other_first.index.duplicated()]
    kinds = lines["row"].map(other_first).groupby(lines["contact"]).nunique()
    told["people"] = told["people"].where(kinds <= ADDRESSES, np.maximum(told["people"], kinds))
    role = pd.Series(held.role[told.index.to_numpy(dtype=np.int64)], told.index, dtype=bool)
    told["people"] = told["people"].mask(role, np.maximum(told["people"], ROLE_PEOPLE))
    return Sharing(_pairs(lines), told)


def _pairs(lines: pd.DataFrame) -> pd.DataFrame:
    """All pairs of a contact's leads; in a crowd each with the first of its name, and the first of
    different names with each other where those are no crowd again."""
    size = lines.groupby("contact")["row"].transform("size")
    few, crowd = lines[size <= PAIRED], lines[size > PAIRED]
    of_name = crowd.groupby(["contact", "whole"])["row"]
    firsts = crowd[~crowd.duplicated(["contact", "whole"])]
    star = pd.DataFrame(
        {"one": of_name.transform("first"), "other": crowd["row"], "contact": crowd["contact"]}
    )
    parts = [_all_pairs(few), star[star["one"] != star["other"]], _all_pairs(firsts)]
    return pd.concat(parts, ignore_index=True).astype("int64").drop_duplicates()


def _all_pairs(lines: pd.DataFrame) -> pd.DataFrame:
    rows, keys = lines["row"].to_numpy(np.int64), lines["contact"].to_numpy(np.int64)
    one, other = neighbours(keys, most=PAIRED, window=0)
    return pd.DataFrame({"one": rows[one], "other": rows[other], "contact": keys[one]})


def _people(of: Records, lines: pd.DataFrame) -> pd.Series:
    """How many people hold each contact at least: names that differ from all before them."""
    named = lines[lines["whole"] >= 0].drop_duplicates(["contact", "whole"])
    pairs = _all_pairs(named)
    one, other = pairs["one"].to_numpy(np.int64), pairs["other"].to_numpy(np.int64)
    verdict = people.compare(of.people, one, other).verdict
    new = pd.Series(verdict == Verdict.DIFFERENT).groupby([pairs["contact"], pairs["other"]]).all()
    found = new.groupby("contact").sum() + 1
    names = named.groupby("contact")["row"].size()
    # Too many names to compare them all: so many are not one person's spellings.
    few = found.reindex(names.index, fill_value=1).to_numpy()
    return pd.Series(np.where(names <= PAIRED, few, names), names.index, dtype="int64")


def namesakes(holders: Floats, bits: Floats) -> Floats:
    """How many of a contact's holders are expected to have a name by chance."""
    expected: Floats = holders * np.exp2(-bits)
    return expected


def best_of(pairs: Sharing) -> pd.DataFrame:
    """One line per pair of rows, of the contact that fewest people share: one, other, people,
    leads."""
    found = pairs.pairs.join(pairs.contacts[["people", "leads"]], on="contact")
    found = found.sort_values(["one", "other", "people", "leads"], kind="stable")
    return found.drop_duplicates(["one", "other"])[["one", "other", "people", "leads"]]


def is_personal(found: pd.DataFrame, named: npt.NDArray[np.int8]) -> pd.Series:
    """Whether a contact of :func:`best_of` is one person's.

    Parameters
    ----------
    named : array of :class:`~.people.Verdict` for the same pairs
    """
    crowd = (found["leads"] > NAMELESS).to_numpy() & (named == Verdict.UNKNOWN)
    personal: pd.Series = (found["people"] <= 1) & ~crowd
    return personal
