"""What a plan comes to on Google: requests, what they lean on, and what their answer shall show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sheetsync.errors import LayoutError
from sheetsync.layout import tab_title
from sheetsync.workbooks.base import Plan, TabData
from sheetsync.workbooks.google import names, requests
from sheetsync.workbooks.google.keys import (
    FIELDS,
    WHOLE,
    Placing,
    Shown,
    placing,
)
from sheetsync.workbooks.google.people import add_rows, lay
from sheetsync.workbooks.google.read import Token, runs
from sheetsync.workbooks.google.requests import Request
from sheetsync.workbooks.google.results import Written, log, results, table

_NEAR = 30  # lines of a results tab that are looked at in one piece


@dataclass
class Batch:
    """The requests of one step, all for one read.

    Parameters
    ----------
    requests : what is written
    columns : tab key -> positions that are written by place, or that the answer is judged by
    placings : tabs whose keys the answer shall show
    lines : results tab key -> sheet rows that are written by place
    """

    token: Token
    requests: list[Request] = field(default_factory=list)
    columns: dict[str, set[int]] = field(default_factory=dict)
    placings: list[Placing] = field(default_factory=list)
    lines: dict[str, set[int]] = field(default_factory=dict)
    cells: int = 0
    rows: int = 0

    def add(self, tab: str, written: Written) -> None:
        """Requests for one tab."""
        self.requests += written.requests
        self.lean_on(tab, written.columns)
        self.cells += written.cells
        self.rows += written.rows

    def lean_on(self, tab: str, columns: Iterable[int]) -> None:
        """Columns that have to stand where they were read."""
        if columns := set(columns):
            self.columns.setdefault(tab, set()).update(columns)

    def place(self, tab: str, placed: Placing, keys: Mapping[int, str | None]) -> None:
        """Write keys into people's rows: sheet row -> key, None to empty the cell."""
        self.requests += placed.requests(keys)
        self.cells += len(keys)
        self.watch(placed)
        at = placed.at.positions
        self.lean_on(tab, (at[key] for key in (placed.row_key, *placed.mark_columns)))

    def watch(self, placed: Placing) -> None:
        """Let the answer show the keys of a tab."""
        self.placings.append(placed)

    @property
    def gives(self) -> bool:
        """Whether it gives ids or adds lines, as scripts of the add-on do, too."""
        return self.rows > 0 or any(placed.moved for placed in self.placings)

    def guards(self) -> Iterator[Request]:
        """What makes Google refuse the whole batch when a column is not where it was read.

        Beside the columns that matter, our last one of each tab: when one before it is deleted, it
        moves. When it is itself deleted, the grid is narrower, and that is refused, too.
        """
        structure = self.token.structure
        for tab, positions in self.columns.items():
            at = self.token.tabs[tab]
            ours = structure.columns_of(tab)
            last = max(at.positions[key] for key in ours)
            for key, column in ours.items():
                if at.positions[key] in positions | {last}:
                    yield from requests.guard(column, at.positions[key])
            yield from requests.guard_width(at.sheet.id, at.sheet.columns)

    def header_guards(self) -> Iterator[Request]:
        """What makes Google refuse the batch when the headers of a tab have left the first row."""
        for tab in self.columns:
            yield from requests.guard_header(tab, self.token.tabs[tab].sheet.id)

    def shown_ranges(self) -> list[str]:
        """A1 ranges that the answer shall show, each one column wide."""
        ranges = [each for placed in self.placings for each in placed.ranges()]
        for tab, rows in self.lines.items():
            at = self.token.tabs[tab]
            letters = names.letters(at.positions[f"{names.ROW_KEY}{at.row_key}"])
            title = names.quoted(at.sheet.title)
            for first, end in runs(sorted(rows), _NEAR):
                ranges.append(f"{title}!{letters}{first}:{letters}{end - 1}")
        return ranges

    def body(self, *before: Request) -> tuple[dict[str, Any], str]:
        """The body of the batchUpdate, and the field mask of its answer."""
        body: dict[str, Any] = {"requests": [*before, *self.requests]}
        ranges = self.shown_ranges()
        if not ranges:
            return body, "spreadsheetId"
        return body | {"includeSpreadsheetInResponse": True, "responseRanges": ranges}, FIELDS

    def landed(self, shown: Shown) -> bool:
        """Whether the lines of results tabs that were written are those of the keys meant."""
        for tab, rows in self.lines.items():
            at = self.token.tabs[tab]
            column = f"{names.ROW_KEY}{at.row_key}"
            now = shown.get(at.sheet.id, {}).get(at.positions[column], {})
            if any(now.get(row) != at.displayed[column][row - 2] for row in rows):
                return False
        return True


def build(plan: Plan, appended: Mapping[str, int]) -> Batch:
    """The batch of a plan.

    Parameters
    ----------
    plan : all of a refresh, or a portion of it
    appended : tab key -> rows that earlier portions have put under the last one

    Raises
    ------
    LayoutError
        What keeps the results of a tab is gone.
    """
    token: Token = plan.base.token
    batch = Batch(token)
    for key in plan.keyed:
        _keyed(batch, plan, key)
    for key, frame in plan.tables.items():
        batch.add(key, table(token.tabs[key], frame))
    for key, frame in plan.appends.items():
        tab, at = plan.layout[key], token.tabs[key]
        if tab.body == "log":
            batch.add(key, log(at, frame))
        else:
            after = plan.base.tabs[key].last_row + appended.get(key, 0)
            batch.add(key, add_rows(at, after, tab, frame, plan.words))
    if batch.requests:
        _watch_others(batch, plan)
    return batch


def _keyed(batch: Batch, plan: Plan, key: str) -> None:
    token: Token = plan.base.token
    tab, keyed = plan.layout[key], plan.keyed[key]
    at, data = token.tabs[key], plan.base.tabs[key]
    store = token.tabs.get(names.results_tab(key))
    row_key = tab.row_key or ""
    if store is None or store.row_key is None or row_key not in at.positions or _broken(data):
        raise LayoutError("google_results_gone", tab=tab_title(plan.words, tab))
    recorded = results(store, keyed.values)
    batch.add(names.results_tab(key), recorded)
    if recorded.places:
        batch.lines[names.results_tab(key)] = recorded.places
    if keyed.new_keys:
        batch.place(key, placing(at, data, keyed, row_key), dict(keyed.new_keys))
    batch.add(key, lay(at, data, keyed, tab, plan.words, store.lines))


def _broken(data: TabData) -> bool:
    """Whether a column of results shows nothing but that its formula leads nowhere."""
    for key in data.shown:
        shown = set(data.shown[key].dropna())
        if shown and shown <= {"#NAME?", "#REF!"}:
            return True
    return False


def _watch_others(batch: Batch, plan: Plan) -> None:
    """Look at the keys of every tab that hands them out, also where none is new."""
    token: Token = plan.base.token
    watched = {placed.at.sheet.id for placed in batch.placings}
    for key, keyed in plan.keyed.items():
        at, tab = token.tabs[key], plan.layout[key]
        rows = plan.base.tabs[key].last_row
        if tab.ids is None or at.sheet.id in watched or not 1 < rows <= WHOLE:
            continue
        batch.watch(placing(at, plan.base.tabs[key], keyed, tab.row_key or ""))
