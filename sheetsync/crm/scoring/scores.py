"""How every rule of the Scoring tab goes with every lead, and what that adds up to.

A lead's score is the sum of the points of the rules it meets, rounded to a whole number, halves
away from zero. A rule that can't tell (the cell is empty or unreadable) gives no points. Rules that
are switched off are judged all the same, so that the owner sees what they would match, but give no
points. While no rule is on, there are no scores.

A rule may switch itself off: when nearly everybody meets it, it tells nobody apart. "Won't come to
the office" is a bad sign in the season and the rule of the house outside it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from sheetsync.crm import overdue, promises
from sheetsync.crm.base import Book, Problem, Results
from sheetsync.crm.groups import counted
from sheetsync.crm.scoring.arithmetic import names_in
from sheetsync.crm.scoring.conditions import judge
from sheetsync.crm.scoring.fields import MADE_FROM, Bools, Fields
from sheetsync.crm.scoring.rules import UNIT, Rule, read_rules

RECENT_DAYS = 90
"""A rule switches itself off by the leads of the last three months: a season."""


@dataclass(frozen=True)
class Scores:
    """How every rule went with every lead.

    Parameters
    ----------
    leads : Index of lead ids, length n
    rules : the rules that make sense, greatest points (either way) first, then as in the sheet
    matched, unknown : arrays of bool, shape (n, rules)
    met, of : arrays of int, shape (rules,): how many leads meet the rule, of those that its share
        is taken of; see :func:`recent_shares` [leads]
    gives : array of bool, shape (rules,); False where a rule is off or has switched itself off
    problems : what is wrong with the other rules
    """

    leads: pd.Index
    rules: Sequence[Rule]
    matched: Bools
    unknown: Bools
    met: npt.NDArray[np.int64]
    of: npt.NDArray[np.int64]
    gives: Bools
    problems: tuple[Problem, ...]

    @property
    def ids(self) -> pd.Index:
        return pd.Index([rule.id for rule in self.rules], dtype=object, name="rule")

    @property
    def points(self) -> npt.NDArray[np.int64]:
        """What each rule gives to a lead that meets it [millionths], shape (rules,)."""
        points = np.array([rule.points for rule in self.rules], dtype=np.int64)
        return np.where(self.gives, points, 0)

    @property
    def exact(self) -> npt.NDArray[np.int64]:
        """The sum of each lead's points [millionths], shape (n,)."""
        return np.asarray(self.matched @ self.points, dtype=np.int64)

    @property
    def totals(self) -> pd.Series:
        """The score of each lead (Int64), missing while no rule is on."""
        totals = pd.Series(rounded(self.exact), self.leads, dtype="Int64")
        works = any(rule.on for rule in self.rules)
        return totals if works else totals.mask(totals.notna())

    @property
    def reasons(self) -> pd.Series:
        """What each lead's score is made of, None where nothing matched."""
        texts = [rule.text for rule in self.rules]
        patterns, places = _distinct_rows(self.matched & self.gives)
        made = ["; ".join(texts[i] for i in np.flatnonzero(row)) or None for row in patterns]
        return pd.Series(np.array([*made, None], dtype=object)[places], self.leads, dtype=object)

    @property
    def lines(self) -> pd.DataFrame:
        """One line per lead and rule that gives it points, in the order of the leads: lead, rule,
        group, points, text."""
        lead, rule = np.nonzero(self.matched & self.gives)
        about = pd.DataFrame(
            {
                "rule": [rule.id for rule in self.rules],
                "group": [rule.group for rule in self.rules],
                "points": [rule.points / UNIT for rule in self.rules],
                "text": [rule.text for rule in self.rules],
            }
        ).astype({"rule": object, "group": object, "points": "float64", "text": object})
        lines = about.take(rule).reset_index(drop=True)
        lines.insert(0, "lead", self.leads.take(lead))
        return lines

    def of_group(self, group: str) -> tuple[Bools, npt.NDArray[np.int64]]:
        """Which leads meet a rule of this group that gives points, and what those rules sum up to
        [millionths]; shape (n,) each."""
        mine = self.gives & np.array([rule.group == group for rule in self.rules], dtype=bool)
        matched = self.matched[:, mine]
        any_of_them: Bools = np.asarray(matched.any(axis=1), dtype=bool)
        return any_of_them, np.asarray(matched @ self.points[mine], dtype=np.int64)


def rounded(millionths: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Whole points, halves away from zero."""
    whole: npt.NDArray[np.int64] = (np.abs(millionths) + UNIT // 2) // UNIT
    return np.asarray(np.sign(millionths) * whole, dtype=np.int64)


def score(book: Book, so_far: Results) -> Scores:
    """Judge every lead by every rule."""
    fields = fields_of(book, so_far)
    rules, problems = read_rules(book, fields)
    rules.sort(key=lambda rule: (-abs(rule.points), rule.row))
    matched = np.zeros((len(book.leads), len(rules)), dtype=bool)
    unknown = np.zeros_like(matched)
    for place, rule in enumerate(rules):
        verdict = judge(rule.condition, rule.operands, rule.subject, fields, book.today)
        matched[:, place], unknown[:, place] = verdict.matched, ~verdict.known
    few = int(book.settings["few"])
    met, of = recent_shares(book, matched, unknown, few)
    borders = np.array([rule.off_above or 1.0 for rule in rules], dtype=np.float64)
    # Rounded, for 0.29 * 100 is a little less than 29.
    usual = (of >= few) & (met > np.round(borders * of, 6))
    gives = np.array([rule.on for rule in rules], dtype=bool) & ~usual
    return Scores(book.leads.index, tuple(rules), matched, unknown, met, of, gives, tuple(problems))


def fields_of(book: Book, so_far: Results) -> Fields:
    """The columns of Leads, and what was computed so far that rules may look at."""
    return Fields(book, _computed(book, so_far))


def recent_shares(
    book: Book, matched: Bools, unknown: Bools, few: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """How many leads meet each rule, of how many.

    Of the leads that conversions count, created in the last :data:`RECENT_DAYS` days and known to
    the rule; of those of any age where there are fewer than ``few`` of these.

    Parameters
    ----------
    matched, unknown : arrays of bool, shape (leads, rules)

    Returns
    -------
    met, of : arrays of int, shape (rules,) [leads]
    """
    counts = book.leads.index.isin(counted(book).index)
    today = pd.Timestamp(book.today)
    since = today - pd.Timedelta(days=RECENT_DAYS)
    recent = counts & book.leads["created"].between(since, today).to_numpy(dtype=bool)
    known = ~unknown
    of_recent, of_all = known[recent].sum(axis=0), known[counts].sum(axis=0)
    enough = of_recent >= few
    met = np.where(enough, matched[recent].sum(axis=0), matched[counts].sum(axis=0))
    return met.astype(np.int64), np.where(enough, of_recent, of_all).astype(np.int64)


def unknown_rules(book: Book, lead: str, so_far: Results) -> pd.DataFrame:
    """The rules that are on and can't tell whether a lead meets them, and why.

    Returns
    -------
    DataFrame : rule (id), column (key of the one to fill or mend), title (its header), why:
        ``empty``, ``unreadable``, or ``unusable`` where the cells hold something that can't be
        compared (a text where a number is wanted, a division by zero)

    Raises
    ------
    KeyError
        There is no such lead.
    """
    one = replace(
        book,
        leads=book.leads.loc[[lead]],
        fields=book.fields.loc[[lead]],
        unreadable=book.unreadable.loc[[lead]],
    )
    fields = fields_of(one, so_far)
    rows = []
    for rule in read_rules(one, fields)[0]:
        verdict = judge(rule.condition, rule.operands, rule.subject, fields, book.today)
        if rule.on and not verdict.known[0]:
            rows.append((rule.id, *_why_unknown(names_in(rule.subject.tree), fields)))
    found = pd.DataFrame(rows, columns=["rule", "column", "why"])
    return found.assign(title=found["column"].map(fields.titles))


def _why_unknown(keys: Sequence[str], fields: Fields) -> tuple[str, str]:
    for key in keys:
        if fields.unreadable(key)[0]:
            return key, "unreadable"
    for key in keys:
        held_in = MADE_FROM.get(key, key)
        if not fields.filled(held_in)[0]:
            return held_in, "empty"
    return keys[0], "unusable"


def _computed(book: Book, so_far: Results) -> dict[str, Callable[[], pd.Series]]:
    return {
        "overdue": lambda: overdue.overdue_days(book),
        "stage_days": lambda: overdue.stage_days(book, so_far),
        "pushes": lambda: promises.pushes(book),
        "source_conversion": lambda: _of_source(book, so_far, "source_conversion"),
        "source_index": lambda: _of_source(book, so_far, "source_index"),
    }


def _of_source(book: Book, so_far: Results, key: str) -> pd.Series:
    return book.leads["source"].map(of_sources(so_far)[key]).astype("float64")


def of_sources(so_far: Results) -> pd.DataFrame:
    """What rules may know of sources, by name.

    Returns
    -------
    DataFrame : source_conversion (expected, NaN without leads) [fraction of 1], source_index (the
        same by the shop's average)
    """
    sources = so_far.figures.get("sources")
    if sources is None:
        return pd.DataFrame({key: pd.Series(dtype="float64") for key in MADE_FROM})
    expected = sources.dropna(subset=["source"]).set_index("source")["expected"].astype("float64")
    index = expected / _average(so_far)
    return pd.DataFrame({"source_conversion": expected, "source_index": index})


def _average(so_far: Results) -> float:
    """What the shop's leads will end at, as the sources' expected conversion is; NaN where there is
    nothing to compare with. [fraction of 1]"""
    average = so_far.figures.get("average")
    share = np.nan if average is None else float(average["final"].iloc[0])
    return share if share > 0 else np.nan


def _distinct_rows(flags: Bools) -> tuple[Bools, npt.NDArray[np.intp]]:
    """The different rows of a table of flags, and which of them stands in each place."""
    if not flags.size:
        return flags[:0], np.full(len(flags), -1)
    packed = np.packbits(flags, axis=1)
    # Bytes of one length sort as whole words, far faster than rows of an array.
    _, first, places = np.unique(
        packed.view(f"S{packed.shape[1]}").ravel(), return_index=True, return_inverse=True
    )
    return flags[first], places
