"""Statuses, the history of moves between them, and the conversions of stages."""

from __future__ import annotations

from datetime import datetime

import pandas as pd

from sheetsync.crm.base import FLAG_COLUMNS, Book, Capability, Part, Results, no_flags
from sheetsync.crm.looks import is_of_kind
from sheetsync.crm.stages.funnel import first_status
from sheetsync.crm.stages.log import last_logged, line_ids, whole_log
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
    ),
)


_WHOLE = ("id", "name", "status")


def compute(book: Book, _so_far: Results) -> Part:
    """The lines to append to History, what is counted of stages, and flags for leads that went an
    odd way.

    Figures: those of :class:`~.ways.Statistics` by their names, and ``transitions``.
    """
    first = first_status(book.statuses)
    via = book.words("pipeline.via_refresh")
    new = new_transitions(book.leads, book.history, book.statuses.index, first, book.now, via)
    log = whole_log(book.history, new)
    found = count(ways_by(log, book))
    return Part(
        appends={"history": new} if len(new) else {},
        flags=_flags(book.leads, found, book.words),
        figures={
            **vars(found),
            "transitions": _transitions(log[log["lead"].isin(book.leads.index)], book.statuses),
        },
    )


def new_transitions(
    leads: pd.DataFrame,
    history: pd.DataFrame,
    statuses: pd.Index[str],
    first: str | None,
    now: datetime,
    via: str,
) -> pd.DataFrame:
    """A line for every lead whose status differs from its last logged one.

    Parameters
    ----------
    leads : DataFrame indexed by lead id, with status, created and manager
    history : DataFrame with at, lead, to_status and id, index unique
    statuses : the known ones; a lead in no known status gets no line
    first : the status in which leads start. A lead still in it at its first line has been there
        since it was created, if that is known and not after ``now``; all other lines are of ``now``
    via : what the lines say of how they came about

    Returns
    -------
    DataFrame with the columns of the History tab, in the order of the leads
    """
    before = last_logged(history, now).reindex(leads.index)
    status = leads["status"]
    moved = status.isin(statuses) & ~status.eq(before)
    lead, to = leads.index[moved], status[moved]
    lines = _last_numbers(history).reindex(lead, fill_value=0)
    created = leads.loc[moved, "created"].astype("datetime64[us]")
    stamp = pd.Timestamp(now).as_unit("us")
    since_created = lines.eq(0) & to.isin([first]) & created.le(stamp)
    return pd.DataFrame(
        {
            "at": created.where(since_created, stamp),
            "lead": lead,
            "from": before[moved].astype(object).fillna(""),
            "to": to,
            "by": leads.loc[moved, "manager"].astype(object).fillna(""),
            "comment": "",
            "via": via,
            "id": lines.index + "/" + (lines + 1).astype(str),
        }
    ).reset_index(drop=True)


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
    # Nothing is left to do about a lost lead's way; it stays in the figures.
    skipped = skipped[leads["kind"].reindex(skipped["lead"]).ne("lost").to_numpy()]
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
