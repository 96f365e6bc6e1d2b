"""The doctor: what keeps a CRM from working, and what mends it. Nothing is written."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from sheetsync.errors import LockedError, SheetsyncError
from sheetsync.layout import tab_title
from sheetsync.sync.provision import provision
from sheetsync.sync.refresh import refresh
from sheetsync.sync.targets import Notify, is_file, open_workbook
from sheetsync.sync.understand import Understood, breaks_of, layout_of, words_of
from sheetsync.workbooks.base import Snapshot, Step, Workbook

Level = Literal["good", "warning", "bad"]

_LINES = 20
"""Broken lines of History that are named one by one before we only count the rest."""

_LEADS = 5
"""Deleted leads that are named."""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Parameters
    ----------
    level : ``bad`` keeps commands from working, ``warning`` does not
    key : ``doctor.<key>`` in the locale files says it, ``doctor.mend.<key>``, where there is one,
        says what mends it
    values : what the sentences mention
    error : instead of a sentence of ours, the error that a command would stop with; it says
        itself what to do
    """

    level: Level
    key: str
    values: Mapping[str, Any] = field(default_factory=dict)
    error: SheetsyncError | None = None


def examine(
    target: str, credentials: Path | None = None, *, notify: Notify | None = None
) -> Iterator[Finding]:
    """Look at everything that a refresh of ``target`` needs, from the outside in.

    Stops at what makes it pointless to look further.
    """
    if not is_file(target):
        yield from _credentials(credentials)
    elif not Path(target).is_dir():
        yield from _file(Path(target))
    try:
        workbook = open_workbook(target, credentials=credentials, notify=notify)
        snapshot = workbook.read()
    except SheetsyncError as error:
        yield Finding("bad", "cannot_open", {"target": target}, error)
        return
    yield Finding("good", "opens", {"label": workbook.label})
    if not is_file(target):
        yield _rights(workbook)
    yield from _layout(workbook, snapshot, target)
    yield from _contents(workbook, target)


def _file(path: Path) -> Iterator[Finding]:
    from sheetsync.workbooks.xlsx.file import check_unlocked

    values = {"path": str(path), "folder": str(path.parent)}
    if path.exists() and not os.access(path, os.W_OK):
        yield Finding("bad", "file_read_only", values)
    if path.parent.is_dir() and not os.access(path.parent, os.W_OK):
        yield Finding("bad", "folder_read_only", values)
    try:
        check_unlocked(path)
    except LockedError as error:
        yield Finding("bad", "locked", values, error)
    else:
        if path.exists():
            yield Finding("good", "not_locked", values)


def _credentials(credentials: Path | None) -> Iterator[Finding]:
    """Which file is used, and what is wrong with those that came first."""
    from sheetsync.workbooks.google import auth

    for place in auth.describe_credentials(credentials):
        values = {"path": str(place.path), "email": place.account}
        if place.state == "broken":
            yield Finding("bad", "credentials", values, place.problem)
        elif place.state == "used":
            yield Finding("good", f"credentials_{place.kind}", values)


def _rights(workbook: Workbook) -> Finding:
    from sheetsync.workbooks.google.workbook import GoogleWorkbook

    assert isinstance(workbook, GoogleWorkbook)
    try:
        workbook.check_writable()
    except SheetsyncError as error:
        return Finding("bad", "rights", {}, error)
    return Finding("good", "may_write")


def _layout(workbook: Workbook, snapshot: Snapshot, target: str) -> Iterator[Finding]:
    try:
        missing = provision(workbook, dry_run=True).steps
    except SheetsyncError as error:
        yield Finding("bad", "layout", {"target": target}, error)
        return
    if missing:
        tabs = ", ".join(_titles(missing, snapshot)) or snapshot.label
        values = {"n": len(missing), "tabs": tabs, "target": target}
        yield Finding("warning", "layout_incomplete", values)
    else:
        yield Finding("good", "layout_complete")


def _titles(missing: Sequence[Step], snapshot: Snapshot) -> list[str]:
    """The tabs that lack something, as they are called in the workbook, or will be."""
    words = words_of(snapshot)
    concerned = {step.tab for step in missing}
    return [
        snapshot.tabs[tab.key].title if tab.key in snapshot.tabs else tab_title(words, tab)
        for tab in layout_of(snapshot).tabs
        if tab.key in concerned
    ]


def _contents(workbook: Workbook, target: str) -> Iterator[Finding]:
    try:
        done = refresh(workbook, dry_run=True)
    except SheetsyncError as error:
        yield Finding("bad", "contents", {"target": target}, error)
        return
    known = done.understood
    yield Finding("good", "leads", {"n": len(known.book.leads)})
    yield from _cells(known)
    yield from _chain(known)
    changes = sum(change.count for change in done.plan.changes)
    if changes:
        yield Finding("warning", "out_of_date", {"n": changes, "target": target})
    else:
        yield Finding("good", "up_to_date")


def _cells(known: Understood) -> Iterator[Finding]:
    problems = known.results.problems
    if not problems:
        yield Finding("good", "cells_understood")
    for tab in dict.fromkeys(problem.tab for problem in problems):
        here = [problem for problem in problems if problem.tab == tab]
        column = "attention" if tab == "leads" else "check"
        headers = known.snapshot.tabs[tab].headers
        values = {
            "n": len(here),
            "tab": known.snapshot.tabs[tab].title,
            "row": min(problem.row for problem in here),
            "column": headers.get(column, column),
        }
        yield Finding("warning", "cells_not_understood", values)


def _chain(known: Understood) -> Iterator[Finding]:
    """Whether History is as it was written; leads that are gone with all their lines are told, but
    somebody meant that."""
    history = known.snapshot.tabs["history"]
    if "checksum" not in history.frame:
        return  # the layout is incomplete, and that was said
    found = breaks_of(known)
    erased = found.loc[found["what"].eq("erased"), "lead"].tolist()
    broken = found[found["what"].ne("erased")]
    for line in broken.head(_LINES).itertuples():
        values = {"tab": history.title, "row": line.row, "lead": line.lead, "id": line.id}
        yield Finding("warning", f"chain.{line.what}", values)
    if len(broken) > _LINES:
        yield Finding("warning", "chain.more", {"tab": history.title, "n": len(broken) - _LINES})
    if broken.empty:
        yield Finding("good", "chain_whole")
    if erased:
        names = ", ".join(erased[:_LEADS]) + (" …" if len(erased) > _LEADS else "")
        yield Finding("good", "chain.erased", {"n": len(erased), "leads": names})
