"""What people do in the sheet by hand, between two requests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from . import a1, batch
from . import values as cells
from .errors import ApiError
from .grid import Cell, Formula, Sheet, Span, Spreadsheet
from .protection import check_role, guard

if TYPE_CHECKING:
    from .server import Server


class Operator:
    """One person in one file. Rows are counted as the sheet shows them: 1 is the header.

    It is the person that the contract suite of the workbooks asks for. What a protection refuses
    raises ApiError; a warning is clicked away.
    """

    def __init__(self, server: Server, spreadsheet_id: str, email: str) -> None:
        self.server, self.id, self.email = server, spreadsheet_id, email

    # -- finding -----------------------------------------------------------------------------

    @property
    def file(self) -> Spreadsheet:
        return self.server.store.files[self.id]

    def _sheet(self, tab: str, file: Spreadsheet | None = None) -> Sheet:
        found = (file or self.file).titled(tab)
        if found is None:
            raise KeyError(tab)
        return found

    def _column(self, sheet: Sheet, header: str) -> int:
        return self._columns(sheet, [header])[0]

    def _columns(self, sheet: Sheet, headers: Iterable[str]) -> list[int]:
        """The first column with each of the headers."""
        texts = self._headers(sheet)
        for header in headers:
            if header not in texts:
                raise KeyError(f"{sheet.title}: {header}")
        return [texts.index(header) for header in headers]

    def _headers(self, sheet: Sheet) -> list[str]:
        answer = cells.renderer(self.file)
        return [str(answer(sheet, 0, i, sheet.cell(0, i))) for i in range(len(sheet.columns))]

    # -- doing -------------------------------------------------------------------------------

    def _do(self, *requests: dict[str, Any]) -> list[Any]:
        """Requests in the person's name, all or none."""
        with self.server.lock:
            check_role(self.file, self.email, write=True)
            fork = self.file.fork()
            replies = batch.apply(fork, self.email, list(requests))
            self.server.store.commit(fork)
            return replies

    def _change(self, change: Callable[[Spreadsheet], None]) -> None:
        with self.server.lock:
            check_role(self.file, self.email, write=True)
            fork = self.file.fork()
            change(fork)
            self.server.store.commit(fork)

    def _lines(self, tab: str, dimension: str, start: int, end: int) -> dict[str, Any]:
        return {
            "sheetId": self._sheet(tab).id,
            "dimension": dimension,
            "startIndex": start,
            "endIndex": end,
        }

    def type(self, tab: str, row: int, header: str, value: Any, *, raw: bool = False) -> None:
        """Type into a cell, as at the keyboard; None or "" empties it.

        ``raw`` puts the value in as it is. A dropdown or checkbox that rejects input rejects it.
        """
        column = self._column(self._sheet(tab), header)
        self._put(tab, row, {column: value}, raw=raw)

    def _put(self, tab: str, row: int, typed: dict[int, Any], *, raw: bool) -> None:
        def change(file: Spreadsheet) -> None:
            sheet = self._sheet(tab, file)
            while len(sheet.rows) < row:
                batch.dimensions.resize(file, sheet, "ROWS", len(sheet.rows) + 1000)
            for column, value in typed.items():
                span = Span(sheet.id, row - 1, row, column, column + 1)
                guard(file, self.email, span)
                cells.type_into(file, sheet, row - 1, column, _keyed(value), raw=raw)
                _check_strict(sheet.cell(row - 1, column))

        self._change(change)

    def append(self, tab: str, values: Mapping[str, Any], *, raw: bool = False) -> int:
        """Type a new row under the last one in which a person typed something; its number.

        Rows that only show formulas or unticked checkboxes are free, as they are for people.
        """
        with self.server.lock:
            sheet = self._sheet(tab)
            row = self._last_typed(sheet) + 2
            columns = self._columns(sheet, values)
            self._put(tab, row, dict(zip(columns, values.values(), strict=True)), raw=raw)
            return row

    def append_by_script(self, tab: str, values: Mapping[str, Any]) -> None:
        """Add a row as a form or a script does: by ``values.append``, which finds the place."""
        with self.server.lock:
            sheet = self._sheet(tab)
            columns = dict(zip(self._columns(sheet, values), values.values(), strict=True))
            row = [columns.get(i) for i in range(max(columns) + 1)]
            fork = self.server.store.open(self.id, self.email, write=True).fork()
            top_left = Span(sheet.id, 0, 1, 0, 1)
            _, touched = cells.append(fork, top_left, {"values": [row]}, "RAW", insert=False)
            guard(fork, self.email, touched)
            self.server.store.commit(fork)

    def _last_typed(self, sheet: Sheet) -> int:
        for r in range(len(sheet.rows) - 1, -1, -1):
            for cell in sheet.rows[r].cells.values():
                if _typed(cell):
                    return r
        return -1

    def insert_row(self, tab: str, row: int, count: int = 1) -> None:
        """Empty rows above row ``row``."""
        lines = self._lines(tab, "ROWS", row - 1, row - 1 + count)
        self._do({"insertDimension": {"range": lines, "inheritFromBefore": row > 2}})

    def delete_row(self, tab: str, row: int, count: int = 1) -> None:
        lines = self._lines(tab, "ROWS", row - 1, row - 1 + count)
        self._do({"deleteDimension": {"range": lines}})

    def move_row(self, tab: str, row: int, before: int) -> None:
        lines = self._lines(tab, "ROWS", row - 1, row)
        self._do({"moveDimension": {"source": lines, "destinationIndex": before - 1}})

    def copy_row(self, tab: str, row: int, to: int) -> None:
        """Copy a whole row over another one, formulas and formats included."""
        self._make_room(tab, to)
        rows = (self._block(tab, row), self._block(tab, to))
        self._do({"copyPaste": {"source": rows[0], "destination": rows[1]}})

    def cut_row(self, tab: str, row: int, to: int) -> None:
        """Cut a whole row and paste it over another one."""
        self._make_room(tab, to)
        start = {"sheetId": self._sheet(tab).id, "rowIndex": to - 1, "columnIndex": 0}
        self._do({"cutPaste": {"source": self._block(tab, row), "destination": start}})

    def clear_row(self, tab: str, row: int) -> None:
        """Select a whole row and press Delete; formats stay."""
        clear = {"range": self._block(tab, row), "fields": "userEnteredValue"}
        self._do({"updateCells": clear})

    def copy_cell(self, tab: str, row: int, header: str, to: int, last: int | None = None) -> None:
        """Copy one cell over another of its column, or over all of them down to ``last``."""
        source = self._block(tab, row, header)
        target = self._block(tab, to, header) | {"endRowIndex": last or to}
        self._do({"copyPaste": {"source": source, "destination": target}})

    def fill_down(self, tab: str, row: int, header: str, last: int) -> None:
        """Drag a cell down to row ``last``."""
        self.copy_cell(tab, row, header, row + 1, last)

    def hide_row(self, tab: str, row: int) -> None:
        self._hide(self._lines(tab, "ROWS", row - 1, row))

    def delete_spare_rows(self, tab: str, keep: int) -> None:
        """Delete the rows below row ``keep``."""
        self.delete_row(tab, keep + 1, len(self._sheet(tab).rows) - keep)

    def _block(self, tab: str, row: int, header: str | None = None) -> dict[str, Any]:
        """A whole row, or its cell under a header."""
        sheet = self._sheet(tab)
        left, right = 0, len(sheet.columns)
        if header is not None:
            left = self._column(sheet, header)
            right = left + 1
        columns = {"startColumnIndex": left, "endColumnIndex": right}
        return {"sheetId": sheet.id, "startRowIndex": row - 1, "endRowIndex": row, **columns}

    def _make_room(self, tab: str, row: int) -> None:
        sheet = self._sheet(tab)
        if row > len(sheet.rows):
            spare = {"sheetId": sheet.id, "dimension": "ROWS", "length": row - len(sheet.rows)}
            self._do({"appendDimension": spare})

    def sort(
        self,
        tab: str,
        header: str,
        *,
        descending: bool = False,
        rows: tuple[int, int] | None = None,
        right_of: str | None = None,
    ) -> None:
        """Sort all rows under the header, as "Sort sheet" does.

        A selection is sorted where ``rows`` names its first and last row, or where it only holds
        the columns to the right of one; what is outside stays where it is.
        """
        sheet = self._sheet(tab)
        order = "DESCENDING" if descending else "ASCENDING"
        block = {
            "sheetId": sheet.id,
            "startRowIndex": 1 if rows is None else rows[0] - 1,
            "startColumnIndex": 0 if right_of is None else self._column(sheet, right_of) + 1,
            "endColumnIndex": len(sheet.columns),
        }
        if rows is not None:
            block["endRowIndex"] = rows[1]
        by = {"dimensionIndex": self._column(sheet, header), "sortOrder": order}
        self._do({"sortRange": {"range": block, "sortSpecs": [by]}})

    def filter(self, tab: str, header: str, hidden: Sequence[str]) -> None:
        """Turn on the filter of a tab and untick these values of a column."""
        sheet = self._sheet(tab)
        column = str(self._column(sheet, header))
        criteria = {column: {"hiddenValues": list(hidden)}}
        wanted = {"range": {"sheetId": sheet.id}, "criteria": criteria}
        self._do({"setBasicFilter": {"filter": wanted}})

    def clear_filter(self, tab: str) -> None:
        self._do({"clearBasicFilter": {"sheetId": self._sheet(tab).id}})

    # -- columns -----------------------------------------------------------------------------

    def rename_column(self, tab: str, header: str, new: str) -> None:
        self._put(tab, 1, {self._column(self._sheet(tab), header): new}, raw=True)

    def insert_column(self, tab: str, after: str, new: str) -> None:
        """An own column to the right of another one."""
        at = self._column(self._sheet(tab), after) + 1
        lines = self._lines(tab, "COLUMNS", at, at + 1)
        self._do({"insertDimension": {"range": lines, "inheritFromBefore": True}})
        self._put(tab, 1, {at: new}, raw=True)

    def append_column(self, tab: str, new: str) -> None:
        """An own column at the right edge."""
        sheet = self._sheet(tab)
        at = len(sheet.columns)
        self._do({"appendDimension": {"sheetId": sheet.id, "dimension": "COLUMNS", "length": 1}})
        self._put(tab, 1, {at: new}, raw=True)

    def delete_column(self, tab: str, header: str) -> None:
        column = self._column(self._sheet(tab), header)
        self._do({"deleteDimension": {"range": self._lines(tab, "COLUMNS", column, column + 1)}})

    def move_column(self, tab: str, header: str, after: str) -> None:
        """Drag a column to the right of another one."""
        column, other = (self._column(self._sheet(tab), name) for name in (header, after))
        lines = self._lines(tab, "COLUMNS", column, column + 1)
        self._do({"moveDimension": {"source": lines, "destinationIndex": other + 1}})

    def hide_column(self, tab: str, header: str) -> None:
        column = self._column(self._sheet(tab), header)
        self._hide(self._lines(tab, "COLUMNS", column, column + 1))

    def _hide(self, lines: dict[str, Any]) -> None:
        hidden = {"range": lines, "properties": {"hiddenByUser": True}, "fields": "hiddenByUser"}
        self._do({"updateDimensionProperties": hidden})

    def add_rule(self, tab: str, header: str, text: str, index: int = 0) -> None:
        """A conditional format of one's own: cells of a column that hold a text are bold."""
        column = self._column(self._sheet(tab), header)
        block = self._block(tab, 2, header) | {"endRowIndex": len(self._sheet(tab).rows)}
        condition = {
            "type": "CUSTOM_FORMULA",
            "values": [{"userEnteredValue": f'={a1.column_name(column)}2="{text}"'}],
        }
        bold = {"condition": condition, "format": {"textFormat": {"bold": True}}}
        rule = {"ranges": [block], "booleanRule": bold}
        self._do({"addConditionalFormatRule": {"rule": rule, "index": index}})

    # -- tabs --------------------------------------------------------------------------------

    def tabs(self) -> list[str]:
        """Titles of all tabs, hidden ones too."""
        return [sheet.title for sheet in self.file.sheets]

    def _set_tab(self, tab: str, **properties: Any) -> None:
        wanted = {"sheetId": self._sheet(tab).id, **properties}
        self._do({"updateSheetProperties": {"properties": wanted, "fields": ",".join(properties)}})

    def rename_tab(self, tab: str, title: str) -> None:
        self._set_tab(tab, title=title)

    def hide_tab(self, tab: str) -> None:
        self._set_tab(tab, hidden=True)

    def move_tab(self, tab: str, index: int) -> None:
        """Drag a tab to another place, the first is 0."""
        self._set_tab(tab, index=index)

    def add_tab(self, title: str, rows: Sequence[Sequence[Any]] = ()) -> None:
        self._do({"addSheet": {"properties": {"title": title}}})
        for number, row in enumerate(rows, 1):
            self._put(title, number, dict(enumerate(row)), raw=False)

    def delete_tab(self, tab: str) -> None:
        self._do({"deleteSheet": {"sheetId": self._sheet(tab).id}})

    def copy_tab(self, tab: str, title: str) -> None:
        source = self._sheet(tab).id
        self._do({"duplicateSheet": {"sourceSheetId": source, "newSheetName": title}})

    # -- versions ----------------------------------------------------------------------------

    def version(self) -> Spreadsheet:
        """The file as it is now, as its version history knows it."""
        return self.file

    def restore(self, version: Spreadsheet) -> None:
        """Take the file back to a version, or to that of another file."""
        self.server.restore(self.id, version)

    # -- looking -----------------------------------------------------------------------------

    def headers(self, tab: str) -> list[str]:
        """All header texts, in order."""
        return [text for text in self._headers(self._sheet(tab)) if text]

    def cell(self, tab: str, row: int, header: str) -> Any:
        """What a cell shows: None, str, a number (dates are numbers of days) or bool."""
        with self.server.lock:
            sheet = self._sheet(tab)
            return self._shown(sheet, row - 1, self._column(sheet, header))

    def text(self, tab: str, row: int, header: str) -> str:
        """What a cell displays, formatted."""
        with self.server.lock:
            sheet = self._sheet(tab)
            column = self._column(sheet, header)
            answer = cells.renderer(self.file)
            return str(answer(sheet, row - 1, column, sheet.cell(row - 1, column)))

    def _shown(self, sheet: Sheet, row: int, column: int) -> Any:
        return self._viewer()(sheet, row, column)

    def _viewer(self) -> Callable[[Sheet, int, int], Any]:
        """A function that gives what a cell of the file as it is now shows."""
        answer = cells.renderer(self.file, "UNFORMATTED_VALUE")

        def shown(sheet: Sheet, row: int, column: int) -> Any:
            if row >= len(sheet.rows):
                return None
            value = answer(sheet, row, column, sheet.cell(row, column))
            return None if value == "" else value

        return shown

    def rows(self, tab: str) -> list[dict[str, Any]]:
        """Every row under the header that shows something in a column in sight.

        An empty checkbox is nothing; the dictionaries have all columns with a header.
        """
        with self.server.lock:
            sheet = self._sheet(tab)
            named = [(i, text) for i, text in enumerate(self._headers(sheet)) if text]
            seen = [text for i, text in named if not sheet.columns[i].hidden]
            shown = self._viewer()
            found = []
            for r in range(1, len(sheet.rows)):
                if any(cell.entered is not None for cell in sheet.rows[r].cells.values()):
                    row = {text: shown(sheet, r, i) for i, text in named}
                    if any(row[text] is not None and row[text] is not False for text in seen):
                        found.append(row)
            return found


def _keyed(value: Any) -> Any:
    """A value as it is typed: dates in the form that every locale reads."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else value


def _check_strict(cell: Cell) -> None:
    """What a strict dropdown of fixed options, or a checkbox, refuses."""
    rule = cell.validation
    if rule is None or not rule.get("strict") or cell.entered is None:
        return
    condition = rule["condition"]
    options = [each.get("userEnteredValue") for each in condition.get("values", [])]
    wrong = (condition["type"] == "ONE_OF_LIST" and cell.entered not in options) or (
        condition["type"] == "BOOLEAN" and not options and not isinstance(cell.entered, bool)
    )
    if wrong:
        raise ApiError(400, "The data you entered violates the data validation rules.")


def _typed(cell: Cell) -> bool:
    return (
        cell.entered is not None
        and cell.entered is not False
        and not isinstance(cell.entered, Formula)
    )
