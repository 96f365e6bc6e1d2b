"""People at work in a Google Sheet that has the add-on: they type, and its scripts run.

    with Workplace(server, spreadsheet_id, "anna@example.com") as anna:
        anna.type("Leads", 2, "Status", "Lost")
        assert anna.toasts == [...]

What a person does goes through :class:`tests.google.operators.Operator`, so that roles, protections
and dropdowns hold; then the add-on's trigger runs in the stand-in services over the same grid, and
what it changed goes back in that person's name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from types import MappingProxyType
from typing import Any

from sheetsync.addon import config, data, manifest, sources
from sheetsync.addon.preview.closing import Closes
from sheetsync.addon.preview.host import Addon, Run, ScriptError, Selection
from tests.addon import spreadsheets
from tests.google import Server
from tests.google.grid import FormulaError, Sheet, Span, Spreadsheet
from tests.google.operators import Operator
from tests.google.protection import guard

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
"""What the scripts' clock shows: half past noon in Moscow."""

Block = tuple[int, int, int, int]
"""Row, column, rows, columns; the first are 1."""

Contents = list[list[Any]]


@cache
def built(kind: str = "general", lang: str = "en", digest: int | None = None) -> Mapping[str, str]:
    """The add-on for a kind of shop, without the card's page: file name -> text."""
    options = config.of_kind(kind, lang, timezone="Europe/Moscow", digest=digest)
    project = {
        manifest.NAME: manifest.dumps(
            manifest.manifest(options.timezone, digest=digest is not None)
        ),
        config.NAME: config.config_js(options),
        "PhoneData.js": data.phone_data(),
        **sources.with_shared("server"),
        "Sidebar.html": "<!doctype html><title>card</title>",
    }
    return MappingProxyType(project)  # one for all tests


class Workplace(Closes):
    """One person in one spreadsheet with the add-on.

    Rows are counted as the sheet shows them (1 is the header); tabs and columns go by what people
    see: title and header.

    Parameters
    ----------
    project : the script project; the add-on for a general shop in English when it is left out
    now : what the scripts' clock shows
    domain : whether everybody is in the owner's Workspace domain; else a simple trigger learns
        only the owner's address
    addon : where the scripts run, when one was made already; its caches and properties are emptied,
        and it is closed by whoever made it

    Attributes
    ----------
    last : the last run of a script, with its calls, toasts, mails and changes
    operator : the person's hands, without the add-on
    """

    def __init__(
        self,
        server: Server,
        spreadsheet_id: str,
        email: str,
        project: Mapping[str, str] | None = None,
        *,
        now: datetime = NOW,
        domain: bool = False,
        addon: Addon | None = None,
    ) -> None:
        self.server, self.email, self.now, self.domain = server, email, now, domain
        self.operator = Operator(server, spreadsheet_id, email)
        self._documents = spreadsheets.Documents()
        self._own = addon is None
        if addon is None:
            document = self._documents.of(self.file)
            addon = Addon(built() if project is None else project, document)
        self._addon = addon
        if not self._own:
            self.forget()
        self.last: Run | None = None
        self.locked: Sequence[str] = ()
        self._active: Selection | None = None
        self._undo: tuple[str, Block, Contents] | None = None
        self._held: list[Callable[[], None]] | None = None

    def colleague(self, email: str) -> Workplace:
        """Somebody else in the same spreadsheet, who shares its caches and properties."""
        other = Workplace.__new__(Workplace)
        other.__dict__.update(self.__dict__)
        other.operator = Operator(self.server, self.file.id, email)
        other.email, other.last, other._own = email, None, False
        other._active = other._undo = None
        return other

    def forget(self) -> None:
        """Empty what the scripts keep: caches, properties, triggers."""
        self._addon.start(self._documents.of(self.file))

    def close(self) -> None:
        if self._own:
            self._addon.close()

    # -- typing ------------------------------------------------------------------------------

    def type(self, tab: str, row: int, header: str, value: Any) -> Run:
        """Type into a cell; None empties it."""
        return self.paste(tab, row, header, [[value]])

    def paste(self, tab: str, row: int, header: str, block: Sequence[Sequence[Any]]) -> Run:
        """Paste a block of values, its first cell under a header."""
        left = self._column(tab, header)
        width = max(map(len, block))
        headers = self._headers(tab)[left - 1 : left - 1 + width]

        def do() -> None:
            for r, line in enumerate(block, row):
                for name, value in zip(headers, line, strict=False):
                    self.operator.type(tab, r, name, value)

        return self.edit(tab, (row, left, len(block), width), do)

    def clear_row(self, tab: str, row: int) -> Run:
        """Select a row and press Delete."""
        area = (row, 1, 1, len(self._sheet(tab).columns))
        return self.edit(tab, area, lambda: self.operator.clear_row(tab, row))

    def fill_down(self, tab: str, row: int, header: str, last: int) -> Run:
        """Drag a cell down to row ``last``."""
        area = (row + 1, self._column(tab, header), last - row, 1)
        return self.edit(tab, area, lambda: self.operator.fill_down(tab, row, header, last))

    def sort(self, tab: str, header: str, **how: Any) -> Run:
        """Sort as :meth:`Operator.sort` does; the event is about all sorted cells."""
        sheet = self._sheet(tab)
        first, last = how.get("rows") or (2, len(sheet.rows))
        left = self._column(tab, how["right_of"]) + 1 if how.get("right_of") else 1
        area = (first, left, last - first + 1, len(sheet.columns) - left + 1)
        return self.edit(tab, area, lambda: self.operator.sort(tab, header, **how))

    def undo(self) -> Run:
        """Take back the person's own last edit; what scripts wrote since stays."""
        assert self._undo is not None, "nothing to undo"
        tab, area, before = self._undo

        def change(file: Spreadsheet) -> None:
            _put(file, file.sheet(self._sheet(tab).id), area, before, self.email)

        return self.edit(tab, area, lambda: self._change(change))

    # -- running -----------------------------------------------------------------------------

    def select(self, tab: str, row: int, header: str | None = None) -> None:
        """Click on a cell."""
        column = 1 if header is None else self._column(tab, header)
        self._active = (self._sheet(tab).id, (row, column, 1, 1))

    def run(self, function: str, *args: Any, **how: Any) -> Any:
        """A menu item, or a call of google.script.run; ``how`` goes to :meth:`Addon.run`.

        Raises
        ------
        ScriptError
            It has thrown.
        """
        return self._run(function, *args, **how).result

    def begins(self, do: Callable[[], object]) -> Callable[[], None]:
        """Do something that starts a script, and let that script be slow.

        It has looked at the spreadsheet and said that it is at work; what it writes lands when the
        function that is returned is called.
        """
        held = self._held = []
        try:
            do()
        finally:
            self._held = None

        def land() -> None:
            for each in held:
                each()

        return land

    def opens(self) -> Run:
        """Open the spreadsheet."""
        return self._run("onOpen", trigger="simple", event={})

    @property
    def toasts(self) -> list[str]:
        """The toasts of the last run."""
        return self._last.toasts

    @property
    def calls(self) -> Mapping[str, int]:
        """How often the last run called which service."""
        return self._last.calls

    @property
    def selected(self) -> tuple[str, int] | None:
        """Tab and row of the person's selection."""
        if self._active is None:
            return None
        return self.file.sheet(self._active[0]).title, self._active[1][0]

    def notes(self, tab: str) -> dict[tuple[int, str], str]:
        """The notes of a tab by row and header."""
        sheet, headers = self._sheet(tab), self._headers(tab)
        keys = [column.key for column in sheet.columns]
        return {
            (r, headers[keys.index(key)]): cell.note
            for r, row in enumerate(sheet.rows, 1)
            for key, cell in row.cells.items()
            if cell.note
        }

    def rows(self, tab: str) -> list[dict[str, Any]]:
        """What a tab shows; see :meth:`Operator.rows`."""
        return self.operator.rows(tab)

    @property
    def file(self) -> Spreadsheet:
        """The spreadsheet as it is now."""
        return self.operator.file

    # -- inside ------------------------------------------------------------------------------

    @property
    def _last(self) -> Run:
        assert self.last is not None, "no script has run"
        return self.last

    def _sheet(self, tab: str) -> Sheet:
        found = self.file.titled(tab)
        if found is None:
            raise KeyError(tab)
        return found

    def _headers(self, tab: str) -> list[str]:
        sheet = self._sheet(tab)
        return [str(sheet.cell(0, c).entered or "") for c in range(len(sheet.columns))]

    def _column(self, tab: str, header: str) -> int:
        headers = self._headers(tab)
        if header not in headers:
            raise KeyError(f"{tab}: {header}")
        return headers.index(header) + 1

    def edit(self, tab: str, area: Block, do: Callable[[], None]) -> Run:
        """Do something to a block of cells, then let the add-on know."""
        before = _contents(self._sheet(tab), area)
        do()
        sheet = self._sheet(tab)
        self._undo = (tab, area, before)
        self._active = (sheet.id, area)
        event: dict[str, Any] = {"sheet": sheet.id, "range": list(area)}
        if area[2:] == (1, 1):
            now = _contents(sheet, area)
            for key, ((value,),) in (("value", now), ("oldValue", before)):
                if value is not None:
                    event[key] = _told(value)
        return self._run("onEdit", trigger="simple", event=event)

    def _run(self, function: str, *args: Any, **how: Any) -> Run:
        """Run a function over the spreadsheet as it is; what it did stays, whatever it threw."""
        self._addon.open(self._documents.of(self.file))
        options = {"now": self.now, "active": self._active, "domain": self.domain}
        options |= {"locked": self.locked, "user": self.email, **how}
        run = self.last = self._addon.run(function, *args, **options)
        self._active = run.selected or self._active
        begun, ended = run.marks[:1], run.marks[1:]
        if begun:
            self._change(lambda file: spreadsheets.mark(file, begun))

        def land() -> None:
            self._change(lambda file: spreadsheets.apply(file, run.changes, options["user"]))
            self._change(lambda file: spreadsheets.mark(file, ended))

        if self._held is not None:
            self._held.append(land)
        elif run.changes or ended:
            land()
        if run.error is not None:
            raise run.error
        return run

    def _change(self, change: Callable[[Spreadsheet], None]) -> None:
        with self.server.lock:
            fork = self.file.fork()
            change(fork)
            self.server.store.commit(fork)


def _contents(sheet: Sheet, area: Block) -> Contents:
    """What was entered in a block; rows beyond the grid are empty."""
    row, column, rows, columns = area
    return [
        [
            sheet.cell(r, c).entered if r < len(sheet.rows) else None
            for c in range(column - 1, column - 1 + columns)
        ]
        for r in range(row - 1, row - 1 + rows)
    ]


def _put(file: Spreadsheet, sheet: Sheet, area: Block, values: Contents, email: str) -> None:
    row, column, rows, columns = area
    guard(file, email, Span(sheet.id, row - 1, row - 1 + rows, column - 1, column - 1 + columns))
    for r, line in enumerate(values, row - 1):
        for c, value in enumerate(line, column - 1):
            sheet.enter(r, c, value)


def _told(value: Any) -> str:
    """A value as an event tells it: as text."""
    if isinstance(value, bool):
        return str(value).upper()
    return value.code if isinstance(value, FormulaError) else str(value)


__all__ = ["NOW", "ScriptError", "Workplace", "built"]
