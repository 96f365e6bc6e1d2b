"""Which leads are the same person, surely or likely, and by what evidence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sheetsync.crm.duplicates.matching import holders, people
from sheetsync.crm.duplicates.matching.candidates import candidates
from sheetsync.crm.duplicates.matching.columns import firms
from sheetsync.crm.duplicates.matching.holders import Sharing
from sheetsync.crm.duplicates.matching.people import Names, Verdict
from sheetsync.crm.duplicates.matching.records import Records
from sheetsync.crm.duplicates.matching.weights import Evidence, Model, weigh
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
class Links:
    """What was found.

    Parameters
    ----------
    pairs : DataFrame, a line per pair: one, other (rows of the records, the earlier first), sure
        (bool), score (0 to 1), evidence (text keys joined by ``;``)
    strangers : DataFrame: one, other; leads of clearly different people with the same phone, which
        no more than :data:`FAMILY` people have
    phones, mailboxes : who shares contacts
    """

    pairs: pd.DataFrame
    strangers: pd.DataFrame
    phones: Sharing
    mailboxes: Sharing


def find(of: Records) -> Links:
    """Compare all that is worth comparing."""
    phones = holders.sharing(of, of.phones, of.mailboxes)
    boxes = holders.sharing(of, of.mailboxes, of.phones)
    shared = _shared(phones, boxes)
    named = people.compare(
        of.people, shared["one"].to_numpy(np.int64), shared["other"].to_numpy(np.int64)
    )
    shared["sure"], shared["likely"] = _by_contact(of, shared, named)
    shared["score"] = np.where(shared["sure"], SURE_SCORE, CONTACT_SCORE)
    shared["evidence"] = _contact_evidence(shared, named)
    told = shared[shared["sure"] | shared["likely"]]
    likely = _without_contradictions(of, told, _likely(of, shared))
    columns = ["one", "other", "sure", "score", "evidence"]
    both = [frame[columns] for frame in (told, likely) if len(frame)]
    pairs = pd.concat(both, ignore_index=True) if both else told[columns]
    pairs = pairs.sort_values(["one", "other"]).reset_index(drop=True)
    different = (named.verdict == Verdict.DIFFERENT) & ~shared["likely"].to_numpy(dtype=bool)
    few = shared["people_phone"].le(FAMILY).to_numpy(dtype=bool)
    apart = shared.loc[different & few, ["one", "other"]]
    return Links(pairs, apart.reset_index(drop=True), phones, boxes)


def _without_contradictions(of: Records, sure: pd.DataFrame, likely: pd.DataFrame) -> pd.DataFrame:
    """Likely pairs, less those of persons whose full names contradict: an Игорь who surely is Игорь
    Герасимов is not likely Игорь Кузнецов."""
    persons = Persons(len(of))
    sure = sure[sure["sure"].to_numpy(dtype=bool)]
    for one, other in zip(sure["one"].tolist(), sure["other"].tolist(), strict=True):
        persons.join(one, other)
    groups = persons.groups
    words = (of.people.words >= 0).sum(axis=1)
    fullest = np.arange(len(of))
    by_length = np.lexsort((np.arange(len(of)), -words))[::-1]
    fullest[groups[by_length]] = by_length
    ends = [fullest[groups[likely[end].to_numpy(np.int64)]] for end in ("one", "other")]
    verdict = people.compare(of.people, *ends).verdict
    return likely[np.isin(verdict, (Verdict.SAME, Verdict.UNKNOWN))]


def _shared(phones: Sharing, boxes: Sharing) -> pd.DataFrame:
    """Pairs that share a phone, a mailbox or both: one, other; people and leads of each kind, NaN
    where it isn't shared."""
    by = ["one", "other"]
    phone, box = holders.best_of(phones), holders.best_of(boxes)
    found = phone.merge(box, how="outer", on=by, suffixes=("_phone", "_box"))
    return found.sort_values(by).reset_index(drop=True)


def _by_contact(of: Records, shared: pd.DataFrame, named: Names) -> tuple[pd.Series, pd.Series]:
    """Which pairs are the same person by their contacts and names: surely, and likely."""
    same, unknown, partly, different = (
        pd.Series(named.verdict == verdict)
        for verdict in (Verdict.SAME, Verdict.UNKNOWN, Verdict.PARTLY, Verdict.DIFFERENT)
    )
    personal, several = [], []
    for kind in ("phone", "box"):
        held = shared[[f"people_{kind}", f"leads_{kind}"]].set_axis(["people", "leads"], axis=1)
        personal.append(holders.is_personal(held, named.verdict))
        several.append(held["people"])
    one, both = personal[0] | personal[1], personal[0] & personal[1]
    fewest = pd.concat(several, axis=1).min(axis=1).clip(lower=1)
    expected = pd.Series(holders.namesakes(fewest.to_numpy(dtype=float), named.bits))
    # Without names to compare, two firms behind one number are two leads; at one firm, two Annas
    # with one number and two surnames are colleagues.
    same_firm, other_firm = firms(of, shared)
    apart = unknown & other_firm
    partly &= ~(same_firm & ~both)
    sure = (one & (same | unknown) & ~apart) | (both & partly)
    sure |= same & (expected <= SURE_NAMESAKES)
    likely = one & (partly | apart)
    likely |= same & (expected <= LIKELY_NAMESAKES)
    # A couple, or one person under two names.
    two = (several[0] == 2) & (several[1] == 2)
    likely |= different & two
    return sure, likely & ~sure


def _contact_evidence(shared: pd.DataFrame, named: Names) -> pd.Series:
    name = np.where(named.exact, ";name", ";name_near")
    agree = np.isin(named.verdict, (Verdict.SAME, Verdict.PARTLY))
    texts = (
        np.where(shared["people_phone"].notna(), ";phone", "").astype(object)
        + np.where(shared["people_box"].notna(), ";email", "").astype(object)
        + np.where(agree, np.where(named.verdict == Verdict.PARTLY, ";name_near", name), "")
    )
    return pd.Series(texts, shared.index, dtype=object).str.removeprefix(";")


def _likely(of: Records, shared: pd.DataFrame) -> pd.DataFrame:
    """Likely pairs among those that no contact decided."""
    one, other = candidates(of)
    n = max(len(of), 1)
    code = shared["one"].to_numpy(np.int64) * n + shared["other"].to_numpy(np.int64)
    decided = code[(shared["sure"] | shared["likely"]).to_numpy()]
    extra = code[~(shared["sure"] | shared["likely"]).to_numpy()]
    codes = np.union1d(one * n + other, extra)
    codes = codes[~np.isin(codes, decided)]
    one, other = codes // n, codes % n
    named = people.compare(of.people, one, other)
    keep = np.isin(named.verdict, (Verdict.SAME, Verdict.UNKNOWN))
    different = named.verdict == Verdict.DIFFERENT
    model = Model.learned(
        of, shared[shared["sure"]], one[different], other[different], n * (n - 1) / 2
    )
    one, other = one[keep], other[keep]
    named = Names(named.verdict[keep], named.bits[keep], named.exact[keep])
    found: Evidence = weigh(of, model, one, other, named, np.isin(codes[keep], extra))
    likely = (found.score >= LIKELY) & found.enough
    return pd.DataFrame(
        {
            "one": one[likely],
            "other": other[likely],
            "sure": False,
            "score": found.score[likely],
            "evidence": found.texts(likely),
        }
    )
