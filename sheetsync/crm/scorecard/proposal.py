"""From a book to a proposal: the whole procedure, and everything to be said about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sheetsync.crm.base import Book, Results
from sheetsync.crm.scorecard import rows as tab
from sheetsync.crm.scorecard.columns import Column, columns_of
from sheetsync.crm.scorecard.evaluation import Auc, auc, lift
from sheetsync.crm.scorecard.fitting import Card, HeldOut, fit, hold_out
from sheetsync.crm.scorecard.leakage import Leak, leaks
from sheetsync.crm.scorecard.logistic import one_thread, require
from sheetsync.crm.scorecard.sample import LEAST_EVENTS, Sample, sample
from sheetsync.crm.scoring.arithmetic import names_in
from sheetsync.crm.scoring.fields import Fields
from sheetsync.crm.scoring.rules import read_rules
from sheetsync.crm.stats import share
from sheetsync.errors import InputError

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

MOST_RULES = 12

SHARES = (0.1, 0.2)
"""Best-scored parts of all leads for which the lift is told."""

_OF_THE_OUTCOME = frozenset(
    {
        *("status", "amount", "loss_reason", "approved_by", "next_action", "next_step", "comment"),
        *("overdue", "stage_days", "pushes", "source_conversion", "source_index"),
    }
)
"""What follows from how a lead went: a rule that looks at it makes today's score look better on
closed leads than it is on new ones."""


@dataclass(frozen=True)
class ProposedRule:
    """One rule of a proposal.

    Parameters
    ----------
    column, condition : keys
    values : numbers or texts, none for conditions about emptiness
    points : whole
    cells : what the row of the Scoring tab says, by column key (without id)
    leads, won : that it matched of the leads it was learned from
    others, others_won : those known not to meet it
    all_leads : that it matches in the whole CRM
    row : id of a row of the Scoring tab that says just this already, or None
    row_on : whether that row is switched on; None without one
    """

    column: str
    condition: str
    values: tuple[float | str, ...]
    points: int
    cells: Mapping[str, Any]
    leads: int
    won: int
    others: int
    others_won: int
    all_leads: int
    row: str | None
    row_on: bool | None


@dataclass(frozen=True)
class Proposal:
    """A scorecard, what it was learned from, and what it is worth.

    Parameters
    ----------
    rules : the strongest first
    sample : whom it was learned from
    limit : rules that were allowed: as many as were asked for, or as so many wins can carry
    columns : keys of the columns that were looked at
    leaks : columns that know the outcome, or may
    held_out : how well leads are told apart by a scorecard that has not seen them
    fitted : the same for those it was fitted to; the difference is what it learned by heart
    plain : a plain logistic regression over the same columns, on the same held-out leads
    today : today's score on these leads; None while no rule is on
    today_knows : ids of today's rules that look at what follows from the outcome
    lift, today_lift : share of the best-scored leads -> share of wins among them, in multiples of
        the share of all; of held-out leads
    """

    rules: tuple[ProposedRule, ...]
    sample: Sample
    limit: int
    columns: tuple[str, ...]
    leaks: tuple[Leak, ...]
    held_out: Auc
    fitted: Auc
    plain: Auc
    today: Auc | None
    today_knows: tuple[str, ...]
    lift: Mapping[float, float]
    today_lift: Mapping[float, float]

    @property
    def worth_it(self) -> bool:
        """Whether it tells leads apart at all, chance aside."""
        return self.held_out.low > 0.5


def propose(book: Book, so_far: Results, max_rules: int = MOST_RULES) -> Proposal:
    """Learn a scorecard from the closed leads of a book.

    Parameters
    ----------
    so_far : the results of the whole model, for today's score and the time to maturity

    Raises
    ------
    InputError
        There are too few wins, or too few leads that were not won; no column tells anything; or
        scikit-learn is not installed.
    """
    require()
    found = sample(book, so_far)
    _demand_enough(found)
    fields = Fields(book, {})
    every = columns_of(book, fields)
    suspects = leaks(every, book, so_far, found)
    usable = [c for c in every if not (c.key in suspects and suspects[c.key].left_out)]
    limit = min(max_rules, found.limit)
    with one_thread():
        card, used = _sayable(usable, book, fields, found, limit)
        if not card.stumps:
            raise InputError("score_nothing", leads=len(found.won))
        held = hold_out([column.take(found.rows) for column in used], found.won, limit)
    return _judged(card, held, found, book, so_far, fields, limit, used, tuple(suspects.values()))


def missing(proposal: Proposal, book: Book) -> tuple[ProposedRule, ...]:
    """The rules of a proposal that no row of a book's Scoring tab says yet."""
    fields = Fields(book, {})
    typed = tab.as_rules([rule.cells for rule in proposal.rules], book, fields)
    there = tab.already(typed, book, fields)
    return tuple(rule for rule, row in zip(proposal.rules, there, strict=True) if row is None)


def _demand_enough(found: Sample) -> None:
    for key, count in (("score_few_won", found.wins), ("score_few_lost", found.losses)):
        if count < LEAST_EVENTS:
            raise InputError(
                key, count=count, least=LEAST_EVENTS, n=LEAST_EVENTS - count, young=found.young
            )


def _sayable(
    columns: Sequence[Column], book: Book, fields: Fields, found: Sample, limit: int
) -> tuple[Card, list[Column]]:
    """A card of which every rule, typed into the tab, matches just the leads it was made from.

    A column whose cells read otherwise there (a text that is also a date, say) is given up.
    """
    used = list(columns)
    everyone = np.ones(len(found.won), dtype=bool)
    while True:
        taken = [column.take(found.rows) for column in used]
        card = fit(taken, found.won, everyone, limit)
        typed = [tab.row(s, p, book.words) for s, p in zip(card.stumps, card.points, strict=True)]
        wrong = {
            stump.column.key
            for stump, rule in zip(card.stumps, tab.as_rules(typed, book, fields), strict=True)
            if rule is None
            or (tab.judged(rule, book, fields).matched[found.rows] != stump.matches()).any()
        }
        if not wrong:
            return card, used
        used = [column for column in used if column.key not in wrong]


def _judged(
    card: Card,
    held: HeldOut,
    found: Sample,
    book: Book,
    so_far: Results,
    fields: Fields,
    limit: int,
    used: Sequence[Column],
    suspects: tuple[Leak, ...],
) -> Proposal:
    won = found.won
    scores = so_far.columns["leads"]["score"].to_numpy(dtype=np.float64, na_value=np.nan)
    today = None if np.isnan(scores[found.rows]).any() else scores[found.rows]
    knows = [
        rule.id
        for rule in read_rules(book, fields)[0]
        if rule.on and _OF_THE_OUTCOME.intersection(names_in(rule.subject.tree))
    ]
    return Proposal(
        rules=_rules(card, found, book, fields),
        sample=found,
        limit=limit,
        columns=tuple(column.key for column in used),
        leaks=suspects,
        held_out=auc(held.card, won),
        fitted=auc(card.scores(len(won)).astype(np.float64), won),
        plain=auc(held.plain, won),
        today=None if today is None else auc(today, won),
        today_knows=tuple(knows),
        lift=_lifts(held.card, won),
        today_lift={} if today is None else _lifts(today, won),
    )


def _lifts(score: Floats, won: Bools) -> dict[float, float]:
    return {part: lift(score, won, part) for part in SHARES}


def _rules(card: Card, found: Sample, book: Book, fields: Fields) -> tuple[ProposedRule, ...]:
    typed = [tab.row(s, p, book.words) for s, p in zip(card.stumps, card.points, strict=True)]
    rules = [rule for rule in tab.as_rules(typed, book, fields) if rule is not None]
    there = tab.already(rules, book, fields)
    proposed = []
    for stump, points, cells, rule, row in zip(
        card.stumps, card.points, typed, rules, there, strict=True
    ):
        verdict = tab.judged(rule, book, fields)
        met = verdict.matched[found.rows]
        # Unknown is not no: the Scoring tab counts so too.
        unmet = verdict.known[found.rows] & ~met
        won, others_won = int(found.won[met].sum()), int(found.won[unmet].sum())
        others = int(unmet.sum())
        rest = float(share(others_won, others))
        proposed.append(
            ProposedRule(
                column=stump.column.key,
                condition=stump.condition,
                values=stump.values,
                points=points,
                cells={**cells, "note": tab.note(rule, won, int(met.sum()), rest, book)},
                leads=int(met.sum()),
                won=won,
                others=others,
                others_won=others_won,
                all_leads=int(verdict.matched.sum()),
                row=None if row is None else row.id,
                row_on=None if row is None else row.on,
            )
        )
    return tuple(proposed)
