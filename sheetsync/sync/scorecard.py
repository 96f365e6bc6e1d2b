"""Score fit: read, learn a scorecard, and where that is wanted lay it down in the Scoring tab."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import pandas as pd

from sheetsync.crm.model import compute
from sheetsync.crm.scorecard import Proposal, ProposedRule, missing, propose, require
from sheetsync.errors import InputError
from sheetsync.sync.identity import next_keys
from sheetsync.sync.refresh import Refreshed, refresh
from sheetsync.sync.understand import Progress, Understood, read_and_understand, silent
from sheetsync.workbooks.base import Workbook


@dataclass(frozen=True)
class FittedScores:
    """What was learned, and what was done with it.

    Parameters
    ----------
    understood : the workbook as it was read
    proposal : the scorecard
    added : the rules that got, or on a dry run would get, a row of their own
    refreshed : the refresh that wrote them; None where nothing was to be applied
    """

    understood: Understood
    proposal: Proposal
    added: tuple[ProposedRule, ...] = ()
    refreshed: Refreshed | None = None


def fit_scores(
    workbook: Workbook,
    *,
    max_rules: int,
    apply: bool = False,
    on: bool = False,
    dry_run: bool = False,
    now: datetime | None = None,
    today: date | None = None,
    progress: Progress = silent,
) -> FittedScores:
    """Learn a scorecard from a workbook's closed leads.

    Applying is a refresh that also appends rows to the Scoring tab: beside the rules that are
    there, which stay as they are, and none that says the same as one of them.

    Parameters
    ----------
    apply : append the proposed rules to the Scoring tab
    on : switch them on; else they are laid down switched off
    dry_run : with ``apply``: plan, and write nothing
    now, today : see :func:`~sheetsync.sync.understand.read_and_understand`

    Raises
    ------
    InputError
        There is nothing, or too little, to learn from; or what was learned is no better than
        chance and was to be applied.
    """
    require()
    if not apply:
        known = read_and_understand(workbook, now=now, today=today, progress=progress)
        progress("fit")
        return FittedScores(known, propose(known.book, known.results, max_rules))

    first: list[FittedScores] = []

    def amend(known: Understood) -> Understood:
        if not first:
            progress("fit")
            proposal = propose(known.book, known.results, max_rules)
            if not proposal.worth_it:
                raise InputError("score_chance", auc=f"{proposal.held_out.value:.2f}")
            first.append(FittedScores(known, proposal, missing(proposal, known.book)))
        # A refresh that landed in part goes on from there: what has a row gets no other.
        return with_rules(known, missing(first[0].proposal, known.book), on=on)

    done = refresh(workbook, now=now, today=today, dry_run=dry_run, progress=progress, amend=amend)
    return replace(first[0], refreshed=done)


def with_rules(known: Understood, rules: Sequence[ProposedRule], *, on: bool) -> Understood:
    """The workbook as it will be with these rules in new rows of the Scoring tab, and its results
    anew."""
    if not rules:
        return known
    tab, data = known.layout["scoring"], known.snapshot.tabs["scoring"]
    taken = {*known.identities["scoring"].keys, *map(str, data.stored.index)}
    ids = next_keys(tab, taken, len(rules))
    appended = pd.DataFrame(
        [{"id": key, **rule.cells, "on": on} for key, rule in zip(ids, rules, strict=True)]
    )
    book = known.book
    rows = appended.set_index("id").reindex(columns=book.rules.columns)
    rows["row"] = range(data.last_row + 1, data.last_row + 1 + len(rules))
    book = replace(book, rules=pd.concat([book.rules.astype(object), rows.astype(object)]))
    results = compute(book)
    results = replace(results, appends={**results.appends, "scoring": appended})
    return replace(known, book=book, results=results)
