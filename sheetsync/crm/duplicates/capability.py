"""Duplicates: rows of the same person, and new attempts of somebody who came before.

A duplicate is *sure* when two leads share a phone or a mailbox that is one person's and their names
do not contradict, or where no person is named, those of their firms; and *likely* when at least two
other things agree and the odds are nine to one (:mod:`~.matching` says how). Of duplicates the
*first* is the one that was created first, then the one with the lower number. What people say in
"Not a duplicate" goes before all. A lead of somebody whose earlier leads were closed by then is a
new attempt, no duplicate (:mod:`~.attempts`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from sheetsync.crm.base import Book, Capability, Part, Results
from sheetsync.crm.duplicates import matching, not_duplicate
from sheetsync.crm.duplicates.attempts import Attempts, Lives, attempts, closings, lives, reopenings
from sheetsync.crm.duplicates.flags import flags
from sheetsync.crm.duplicates.persons import Persons
from sheetsync.crm.losses import known_kinds
from sheetsync.crm.stages.log import appended, in_order, last_moment, whole_log
from sheetsync.layout import Column

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Duplicates:
    """What was found; leads by their places, the earliest first.

    Parameters
    ----------
    leads : DataFrame, the earliest first: id and the columns of the book's leads; closed_at
    pairs : DataFrame: one, other (places, the earlier first), sure, score, evidence, maybe_attempt
        (bool: likely one person, whose earlier lead was closed by then)
    attempts : the leads of each person, attempt by attempt
    strangers : DataFrame: one, other; leads of different people with one phone that few hold
    contacts : of :func:`_shared`
    """

    leads: pd.DataFrame
    pairs: pd.DataFrame
    attempts: Attempts
    strangers: pd.DataFrame
    contacts: pd.DataFrame


def find(book: Book, so_far: Results, said: not_duplicate.Said) -> Duplicates:
    """Match the leads, hear what people said, and tell duplicates from new attempts."""
    leads = matching.earliest_first(book.leads)
    links = matching.find(matching.records(book, leads))
    persons, pairs, strangers = _apart(leads.index, links, said)
    log = in_order(whole_log(book.history, appended(so_far)), last_moment(book.today))
    closed = closings(leads, log)
    days = lives(leads, closed)
    closed_at = np.where(closed.known, closed.at, np.datetime64("NaT"))
    table = leads.reset_index(names="id").assign(closed_at=closed_at)
    kinds = (known_kinds(book, log["lead"], log[end]) for end in ("from_status", "to_status"))
    again = reopenings(log, *kinds)
    again["lead"] = leads.index.get_indexer(pd.Index(again["lead"]))
    found = attempts(persons, days, table, again[again["lead"] >= 0])
    pairs = _of_one_attempt(pairs, found)
    pairs = pairs.assign(maybe_attempt=_maybe(pairs, days))
    return Duplicates(table, pairs, found, strangers, _shared(links))


def _of_one_attempt(pairs: pd.DataFrame, found: Attempts) -> pd.DataFrame:
    """Sure pairs within attempts. A lead that is paired with one of an earlier attempt, as in a
    crowd everybody is with the first of their name, is a duplicate of the first of its own."""
    sure = pairs["sure"].to_numpy(dtype=bool)
    one, other = _places(pairs)
    across = sure & (found.first[one] != found.first[other])
    if not across.any():
        return pairs
    moved = pairs.assign(one=np.where(across, found.first[other], one))
    moved = moved[moved["one"] != moved["other"]]
    # What was found between two leads themselves comes before what was moved to them.
    order = np.argsort(across[moved.index.to_numpy()], kind="stable")
    kept = moved.iloc[order].drop_duplicates(["one", "other"])
    return kept.sort_values(["one", "other"], kind="stable").reset_index(drop=True)


def compute(book: Book, so_far: Results) -> Part:
    """Flags of open leads, and what could not be understood in "Not a duplicate".

    Figures, all sorted with the earliest lead first:

    - ``duplicates``: lead, other (the earlier of the two), certainty ("sure" or "likely"), evidence
      (text keys joined by ``;``: phone, email, contact, phone_near, email_near, name, name_near,
      company, request, ``own:Header``), score (0 to 1), first (of the attempt of ``other``).
      Of more than a few leads with one contact, each is paired with the first of its name only
    - ``unique``: lead, first_of_group; a line per lead. Leads of one person and attempt have the
      same first
    - ``attempts``: lead, previous, number, outcome ("won", "lost"), closed_at, certainty; previous
      is the lead itself where it was reopened
    - ``shared_contacts``: kind ("phone", "email"), contact, leads, people: contacts that leads of
      different people (or firms, where no person is named) hold, so that they prove nothing by
      themselves
    """
    said = not_duplicate.read(book)
    found = find(book, so_far, said)
    ids = found.leads["id"].to_numpy(dtype=object)
    return Part(
        flags=flags(book, found.leads, found.pairs, found.attempts, found.strangers),
        problems=said.problems,
        figures={
            "duplicates": _duplicates(found, ids),
            "unique": pd.DataFrame({"lead": ids, "first_of_group": ids[found.attempts.first]}),
            "attempts": _attempts(found, ids),
            "shared_contacts": found.contacts,
        },
    )


def _apart(
    ids: pd.Index, links: matching.Links, said: not_duplicate.Said
) -> tuple[Ints, pd.DataFrame, pd.DataFrame]:
    """The person of each lead; the pairs that people did not deny; the strangers of whom they have
    said nothing.

    Who is not A is not B either when A and B are one person; of two such the earlier pair counts.
    """
    persons = Persons(len(ids))
    alone = np.isin(ids.to_numpy(dtype=object), np.array(sorted(said.nobodys), dtype=object))
    place = {lead: n for n, lead in enumerate(ids.tolist())}
    for a, b in sorted((place[a], place[b]) for a, b in said.apart):
        persons.keep_apart(a, b)
    pairs = links.pairs[~_either(alone, links.pairs)]
    for a, b in zip(*_places(pairs[pairs["sure"].to_numpy(dtype=bool)]), strict=True):
        persons.join(int(a), int(b))
    groups = persons.groups

    def denied(pairs: pd.DataFrame) -> npt.NDArray[np.bool_]:
        ends = zip(*_places(pairs), strict=True)
        return np.array([persons.are_apart(int(a), int(b)) for a, b in ends], dtype=bool)

    one, other = _places(pairs)
    # Two likely duplicates that are surely one person need no second line.
    known = ~pairs["sure"].to_numpy(dtype=bool) & (groups[one] == groups[other])
    strangers = links.strangers[~_either(alone, links.strangers)]
    return (
        groups,
        pairs[~denied(pairs) & ~known].reset_index(drop=True),
        strangers[~denied(strangers)].reset_index(drop=True),
    )


def _places(pairs: pd.DataFrame) -> tuple[Ints, Ints]:
    return pairs["one"].to_numpy(np.int64), pairs["other"].to_numpy(np.int64)


def _either(which: npt.NDArray[np.bool_], pairs: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Whether either lead of a pair is one of these."""
    one, other = _places(pairs)
    either: npt.NDArray[np.bool_] = which[one] | which[other]
    return either


def _maybe(pairs: pd.DataFrame, days: Lives) -> npt.NDArray[np.bool_]:
    """Likely pairs of clients of whom the earlier was closed when the later came."""
    one, other = _places(pairs)
    maybe = ~pairs["sure"].to_numpy(dtype=bool) & days.client[one] & days.client[other]
    for place in np.flatnonzero(maybe):
        maybe[place] = days.over_by([int(one[place])], int(other[place]))
    return maybe


def _duplicates(found: Duplicates, ids: npt.NDArray[np.object_]) -> pd.DataFrame:
    pairs = found.pairs[~found.pairs["maybe_attempt"]]
    one, other = _places(pairs)
    return pd.DataFrame(
        {
            "lead": ids[other],
            "other": ids[one],
            "certainty": np.where(pairs["sure"], "sure", "likely").astype(object),
            "evidence": pairs["evidence"].to_numpy(dtype=object),
            "score": pairs["score"].to_numpy(dtype=float),
            "first": ids[found.attempts.first[one]],
        }
    )


def _attempts(found: Duplicates, ids: npt.NDArray[np.object_]) -> pd.DataFrame:
    sure = found.attempts.lines.assign(certainty="sure")
    maybe = found.pairs[found.pairs["maybe_attempt"]]
    maybe = maybe[~maybe["other"].isin(sure["lead"])].drop_duplicates("other", keep="last")
    previous = maybe["one"].to_numpy(np.int64)
    likely = pd.DataFrame(
        {
            "lead": maybe["other"].to_numpy(np.int64),
            "previous": previous,
            "number": found.attempts.number[previous] + 1,
            "outcome": found.leads["kind"].to_numpy(dtype=object)[previous],
            "closed_at": found.leads["closed_at"].to_numpy(dtype="datetime64[us]")[previous],
            "certainty": "likely",
        }
    )
    both = [frame for frame in (sure, likely) if len(frame)]
    lines = pd.concat(both, ignore_index=True) if both else sure
    lines = lines.sort_values(["lead", "number"], kind="stable", ignore_index=True)
    for column in ("lead", "previous"):
        lines[column] = ids[lines[column].to_numpy(np.int64)]
    return lines


def _shared(links: matching.Links) -> pd.DataFrame:
    contacts = [
        (kind, *contact)
        for kind, held in (("email", links.mailboxes), ("phone", links.phones))
        for contact in sorted(
            zip(held.texts, held.leads.tolist(), held.parties.tolist(), strict=True)
        )
        if contact[-1] > 1
    ]
    table = pd.DataFrame(contacts, columns=["kind", "contact", "leads", "people"])
    return table.astype({"kind": "str", "leads": "int64", "people": "int64"})


CAPABILITY = Capability(
    name="duplicates",
    columns={"leads": (Column("not_duplicate", width=110),)},
    compute=compute,
)
