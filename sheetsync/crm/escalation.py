"""Tasks of a day that nobody moved: at the end of the day they go to a senior."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pandas as pd

from sheetsync.crm.base import Book, Capability, Part, Results, Setting
from sheetsync.crm.groups import at_work
from sheetsync.crm.losses import seniors
from sheetsync.crm.overdue import overdue_days
from sheetsync.crm.stages.log import in_order, last_moment
from sheetsync.crm.working_days import working_days


def escalated(book: Book) -> pd.DataFrame:
    """The leads that go to a senior: their task was due, its day is over, and they stand where they
    stood when that day began.

    A lead is among them when all of this holds:

    1. It is open, and its loss is not proposed.
    2. The day of its next action is over: it is overdue, or it is due and ``day_ends`` of Settings
       has come today. Where only working days count, a day off ends nothing: what was promised for
       a Saturday is over with Monday.
    3. It stands in the status in which it stood when that day began. That is the ``to`` of its last
       line of History before that day; where it has none so early, the ``from`` of its first line,
       or the ``to`` where that names no status before it. Lines stand in the order of
       :mod:`~sheetsync.crm.stages.log`; one whose time is not known, nor that of a line above it,
       is early. Lines without a ``to`` tell nothing, and a lead without lines has not moved.
       Whatever became of it in between counts for nothing: who moves a lead and moves it back has
       not moved it.
    4. Team names a senior or owner who is not the lead's own manager.

    Returns
    -------
    DataFrame indexed by lead id, in the order of the leads
        due (datetime64, the day of the next action), days (Int64, how long that is over; 0 today)
    """
    leads = book.leads
    late = overdue_days(book)
    due = leads["next_action"].dt.normalize()
    over = late.gt(0).fillna(False)
    if _day_is_over(book):
        over |= late.notna() & due.le(pd.Timestamp(book.today))
    over &= at_work(leads) & _has_senior(book)
    due = due[over.astype(bool)]
    unmoved = leads.loc[due.index, "status"].astype(object).eq(_began_in(book, due))
    due = due[unmoved]
    return pd.DataFrame({"due": due, "days": late[due.index]})


def compute(book: Book, _so_far: Results) -> Part:
    """Figures: ``escalated``, of :func:`escalated`."""
    return Part(figures={"escalated": escalated(book)})


def _day_is_over(book: Book) -> bool:
    """Whether today is a day of work that has ended by now."""
    if book.now < datetime.combine(book.today, time.fromisoformat(book.settings["day_ends"])):
        return False
    if book.settings["days"] != "working":
        return True
    today, tomorrow = pd.Series([pd.Timestamp(book.today)]), book.today + timedelta(days=1)
    return bool(working_days(today, tomorrow, str(book.settings["country"])).iloc[0])


def _has_senior(book: Book) -> pd.Series:
    """Which leads have a senior or owner above their manager."""
    bosses = seniors(book)
    others = len(bosses) - book.leads["manager"].isin(bosses).astype(int)
    return others.gt(0)


def _began_in(book: Book, due: pd.Series) -> pd.Series:
    """The status in which each of some leads stood when its day began; the present one where
    nothing is known."""
    lines = book.history[book.history["lead"].isin(due.index) & book.history["to_status"].notna()]
    lines = in_order(lines, last_moment(book.today))
    before = lines[~(lines["place"].to_numpy() >= due.reindex(lines["lead"]).to_numpy())]
    last = before.drop_duplicates("lead", keep="last").set_index("lead")["to_status"]
    first = lines.drop_duplicates("lead").set_index("lead")
    came = first["from_status"].astype(object)
    came = came.where(came.notna() & came.ne(""), first["to_status"])
    status: pd.Series = last.astype(object).reindex(due.index)
    status = status.where(status.notna(), came.reindex(due.index))
    return status.where(status.notna(), book.leads.loc[due.index, "status"].astype(object))


CAPABILITY = Capability(
    name="escalation",
    settings=(Setting("day_ends", "18:00", "time"),),
    compute=compute,
)
