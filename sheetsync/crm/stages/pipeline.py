"""Statuses, the history of moves between them, and the conversions of stages."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from sheetsync.crm.base import FLAG_COLUMNS, Book, Capability, Part, Results, no_flags
from sheetsync.crm.looks import is_of_kind
from sheetsync.crm.stages import chain
from sheetsync.crm.stages.funnel import first_status
from sheetsync.crm.stages.log import in_order, last_logged, line_ids, whole_log
from sheetsync.crm.stages.ways import Statistics, count, ways_by
from sheetsync.layout import Choice, Column, Rule, Style, Tab
from sheetsync.locales import Words

SKIPPED = 30
"""Severity of a skipped stage: the figures suffer, the client does not."""

MOVED_BACK = 20
"""Severity of a lead that stands behind where it had been: often meant, so said softly."""

STATUSES = Tab(
    key="statuses",
    row_key="status",
    columns=(
        Column("status", width=170, required=True),
        Column("kind", type="choice", choice=Choice(group="kind"), required=True),
        Column("order", type="integer", width=80, required=True),
        Column("days_allowed", type="number", width=110),
        Column("may_skip", type="checkbox", width=110),
        Column("needs_comment", type="checkbox", width=110),
        Column("needs_approval", type="checkbox", width=110),
        Column("parks", type="checkbox", width=110),
        Column("alias", width=200),
        Column("typical_days", "tool", "number", width=110),
        Column("slow_days", "tool", "number", width=110),
        Column("check", "tool", "long_text", width=260),
    ),
)

HISTORY = Tab(
    key="history",
    body="log",
    hidden=True,
    columns=(
        Column("at", "tool", "datetime", width=130, required=True),
        Column("lead", "tool", "id", width=80, required=True),
        Column("from", "tool", width=150, required=True),
        Column("to", "tool", width=150, required=True),
        Column("by", "tool", width=150),
        Column("comment", "tool", "long_text", width=260),
        Column("via", "tool", width=90),
        Column("id", "tool", "id", width=110, required=True),
        Column("checksum", "tool", "id", width=150),
    ),
)


_WHOLE = ("id", "name", "status")


def compute(book: Book, _so_far: Results) -> Part:
    """The lines to append to History, how far it goes then, what is counted of stages, and flags
    for leads that went an odd way.

    Figures: those of :class:`~.ways.Statistics` by their names, and ``transitions``.
    """
    lines = in_order(book.history, book.now)
    ends = chain.ends(lines, book.logged)
    new = new_transitions(book, lines, ends)
    ends |= chain.records(new)
    log = whole_log(book.history, new)
    found = count(ways_by(log, book))
    return Part(
        columns={"leads": pd.DataFrame({"logged": book.leads.index.map(ends)}, book.leads.index)},
        appends={"history": new} if len(new) else {},
        flags=_flags(book.leads, found, book.words),
        figures={
            **vars(found),
            "transitions": _transitions(log[log["lead"].isin(book.leads.index)], book.statuses),
        },
    )


def new_transitions(book: Book, lines: pd.DataFrame, ends: Mapping[str, str]) -> pd.DataFrame:
    """A line for every lead whose status differs from its last logged one.

    A lead in a status that Statuses does not know gets none. One that is still in the first status
    at its first line has been there since it was created, if that is known and not after now; all
    other lines are of now.

    Parameters
    ----------
    lines : History by :func:`~.log.in_order`
    ends : what new lines follow, of :func:`~.chain.ends`

    Returns
    -------
    DataFrame with the columns of the History tab, in the order of the leads; without checksum where
    the workbook has no such column
    """
    leads = book.leads
    before = last_logged(lines).reindex(leads.index)
    status = leads["status"]
    moved = status.isin(book.statuses.index) & ~status.eq(before)
    lead, to = leads.index[moved], status[moved]
    known = [ends.get(key, "") for key in lead]
    # A number that was cut off the end of History is not given again.
    recorded = pd.Series([chain.number_in(text) for text in known], index=lead, dtype="int64")
    count = _last_numbers(book.history).reindex(lead, fill_value=0).clip(lower=recorded)
    created = leads.loc[moved, "created"].astype("datetime64[us]")
    stamp = pd.Timestamp(book.now).as_unit("us").floor("s")
    since_created = count.eq(0) & to.isin([first_status(book.statuses)]) & created.le(stamp)
    new = pd.DataFrame(
        {
            "at": created.where(since_created, stamp),
            "lead": lead,
            "from": before[moved].astype(object).fillna(""),
            "to": to,
            "by": leads.loc[moved, "manager"].astype(object).fillna(""),
            "comment": "",
            "via": book.words("pipeline.via_refresh"),
            "id": count.index + "/" + (count + 1).astype(str),
        }
    ).reset_index(drop=True)
    if "checksum" not in lines:
        return new
    return new.assign(checksum=chain.sign(new, map(chain.checksum_in, known)))


def _last_numbers(history: pd.DataFrame) -> pd.Series:
    """The highest number in a line's id, or how many lines there are if that is more, by lead."""
    named = line_ids(history)
    highest = named["number"].groupby(named["of"]).max()
    count = history["lead"].value_counts()
    both = pd.concat([highest, count], axis=1).fillna(0)
    return both.max(axis=1).astype("int64")


def _transitions(log: pd.DataFrame, statuses: pd.DataFrame) -> pd.DataFrame:
    """How often leads went from one status to another: from, to, moves (lines), leads (unique).

    In the order of the statuses; "" and those the Statuses tab doesn't know come first.
    """
    ends = ["from_status", "to_status"]
    grouped = log.groupby(ends, sort=True)["lead"]
    counted = pd.DataFrame({"moves": grouped.size(), "leads": grouped.nunique()}).reset_index()
    place = pd.Series(range(len(statuses)), index=statuses.index, dtype="int64")
    order = pd.DataFrame({end: counted[end].map(place).fillna(-1) for end in ends})
    ordered = counted.loc[order.sort_values(ends, kind="stable").index].reset_index(drop=True)
    return ordered.rename(columns={"from_status": "from", "to_status": "to"})


def _flags(leads: pd.DataFrame, found: Statistics, words: Words) -> pd.DataFrame:
    """Flags of leads that skipped a stage or stand behind one; texts once per distinct case."""
    skipped, back = found.skipped, found.moved_back
    # Nothing is left to do about the way of a lead that is given up; it stays in the figures.
    given_up = leads["kind"].isin(["lost"]) | leads["proposed"]
    skipped = skipped[~given_up[skipped["lead"]].to_numpy()]
    of_lead = skipped.groupby("lead", sort=False)["stage"].agg(tuple)
    texts = {stages: _skipped_text(stages, words) for stages in set(of_lead)}
    ways = back[["status", "reached"]].drop_duplicates()
    ways["text"] = [
        words("pipeline.moved_back", status=status, reached=reached)
        for status, reached in zip(ways["status"], ways["reached"], strict=True)
    ]
    flags = [
        pd.DataFrame(
            {
                "lead": of_lead.index,
                "severity": SKIPPED,
                "code": "pipeline.skipped",
                "text": pd.Series([texts[stages] for stages in of_lead], dtype=object),
            }
        ),
        back.merge(ways, how="left").assign(severity=MOVED_BACK, code="pipeline.moved_back"),
    ]
    some = [frame for frame in flags if len(frame)]
    return pd.concat(some, ignore_index=True)[list(FLAG_COLUMNS)] if some else no_flags()


def _skipped_text(names: tuple[str, ...], words: Words) -> str:
    quoted = ", ".join(words("pipeline.stage", stage=name) for name in names)
    return words("pipeline.skipped", stages=quoted, n=len(names))


CAPABILITY = Capability(
    name="pipeline",
    tabs=(STATUSES, HISTORY),
    columns={"leads": (Column("logged", "tool", shown=False),)},
    rules=(
        Rule("leads.won", "leads", _WHOLE, is_of_kind("won"), Style("CDEBC8", "1E5B1E")),
        *(
            Rule(f"leads.{kind}", "leads", _WHOLE, is_of_kind(kind), Style("ECECEC", "8A8A8A"))
            for kind in ("lost", "spam", "not_a_lead")
        ),
        Rule(
            "leads.untouched",
            "leads",
            ("name", "status"),
            # An open status, and no open one comes before it.
            "AND(" + is_of_kind("open") + ";COUNTIFS({all:statuses.kind};{text:choices.kind.open};"
            '{all:statuses.order};"<"&SUMIFS({all:statuses.order};{all:statuses.status};{status}))=0)',
            Style(bold=True),
        ),
    ),
    compute=compute,
)
