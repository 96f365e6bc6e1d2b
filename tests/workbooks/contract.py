"""What every workbook must keep; a subclass only says how to make one.

A subclass provides two fixtures: ``workbook``, a spreadsheet without a CRM (a path where no file
is, an empty Google Sheet), and ``operator``, a person who edits that same spreadsheet in its own
program. A third one comes from its module: ``versions``, a list for all tests whose spreadsheets
are of one kind, in which the first of them keeps what the others begin with. Everything else is
here and knows no spreadsheet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Protocol

import pandas as pd
import pytest

from sheetsync import crm, locales
from sheetsync.errors import ConflictError
from sheetsync.layout import Choice, Column, Layout, Rule, Style, Tab, header, tab_title
from sheetsync.workbooks.base import (
    OWN,
    Change,
    Keyed,
    NewRows,
    Plan,
    Provision,
    Snapshot,
    Workbook,
)

EN = locales.load("en")
RU = locales.load("ru")
META = {"lang": "en", "kind": "general", "layout": "1"}


class Operator(Protocol):
    """What a person does in the spreadsheet. Rows are sheet rows: 2 is the first under the header.

    ``cell`` and ``rows`` give what is displayed, as None, str, float, bool or datetime (a date may
    also be its serial number; see :func:`as_date`). Rows in which nothing is shown are left out of
    ``rows``. Values typed are None, str, numbers, bool and date. ``restore`` takes the file back to
    a ``version``, also to that of another file of its kind.
    """

    def tabs(self) -> list[str]: ...
    def headers(self, tab: str) -> list[str]: ...
    def cell(self, tab: str, row: int, header: str) -> Any: ...
    def rows(self, tab: str) -> list[dict[str, Any]]: ...
    def type(self, tab: str, row: int, header: str, value: Any) -> None: ...
    def append(self, tab: str, values: Mapping[str, Any]) -> int: ...
    def rename_tab(self, tab: str, title: str) -> None: ...
    def hide_tab(self, tab: str) -> None: ...
    def add_tab(self, title: str, rows: Sequence[Sequence[Any]]) -> None: ...
    def rename_column(self, tab: str, header: str, new: str) -> None: ...
    def move_column(self, tab: str, header: str, after: str) -> None: ...
    def insert_column(self, tab: str, after: str, new: str) -> None: ...
    def delete_column(self, tab: str, header: str) -> None: ...
    def insert_row(self, tab: str, row: int) -> None: ...
    def delete_row(self, tab: str, row: int) -> None: ...
    def copy_row(self, tab: str, row: int, to: int) -> None: ...
    def sort(self, tab: str, header: str) -> None: ...
    def version(self) -> Any: ...
    def restore(self, version: Any) -> None: ...


# A small CRM: every kind of tab, every type of column, few of each.
LEADS = Tab(
    key="leads",
    row_key="id",
    ids="L-{:05d}",
    frozen=1,
    columns=(
        Column("id", "tool", "id", required=True),
        Column("created", type="date", required=True),
        Column("name", required=True),
        Column("phone", type="phone"),
        Column("budget", type="money"),
        Column("status", type="choice", choice=Choice(column="statuses.status"), required=True),
        Column("segment", type="choice", choice=Choice(group="segment")),
        Column("score", "tool", "integer"),
        Column("chance", "tool", "percent", title="Chance"),
        Column("worth", "tool", "money", title="Worth"),
        Column("last", "tool", "date", title="Last contact"),
        Column("why", "tool", "long_text"),
        Column("problems", "tool", hidden=True),
        Column("fingerprint", "tool", shown=False),
    ),
)
STATUSES = Tab(
    key="statuses",
    row_key="status",
    columns=(
        Column("status", required=True),
        Column("kind", type="choice", choice=Choice(group="kind"), required=True),
        Column("order", type="integer"),
        Column("may_skip", type="checkbox"),
        Column("check", "tool", "long_text"),
    ),
)
TODAY = Tab(
    key="today",
    body="table",
    columns=(
        Column("rank", "tool", "integer"),
        Column("lead", "tool", "id"),
        Column("phone", "tool", "phone"),
        Column("reason", "tool", "long_text"),
    ),
)
CHECKLIST = Tab(
    key="checklist",
    row_key="lead",
    frozen=1,
    columns=(
        Column("lead", "tool", "id", required=True),
        Column("name", "tool"),
        Column("S-01", type="checkbox", title="Called back"),
        Column("S-02", type="checkbox", title="Contract"),
    ),
)
HISTORY = Tab(
    key="history",
    body="log",
    hidden=True,
    columns=(
        Column("at", "tool", "datetime", required=True),
        Column("lead", "tool", "id", required=True),
        Column("to", "tool", required=True),
    ),
)
WON = Rule(
    "leads.won",
    "leads",
    ("id", "status"),
    "COUNTIFS({all:statuses.status};{status};{all:statuses.kind};{text:choices.kind.won})>0",
    Style("CDEBC8", "1E5B1E"),
)
SCALE = Rule("leads.score", "leads", ("score",), scale=("F4B6B0", "FFF3C4", "A8DBA8"))
SMALL = Layout((LEADS, TODAY, CHECKLIST, STATUSES, HISTORY), (WON, SCALE))

SEEDS: Mapping[str, Sequence[Mapping[str, Any]]] = {
    "statuses": (
        {"status": "New", "kind": "open", "order": 1, "may_skip": False},
        {"status": "Talking", "kind": "open", "order": 2, "may_skip": True},
        {"status": "Paid", "kind": "won", "order": 3, "may_skip": False},
    )
}


def wanted(
    layout: Layout = SMALL,
    words: locales.Words = EN,
    seeds: Mapping[str, Sequence[Mapping[str, Any]]] = SEEDS,
    meta: Mapping[str, str] = META,
) -> Provision:
    """What ``init`` asks of a workbook."""
    return Provision(layout, words, seeds, meta)


def results(rows: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    """Results by row key, typed as the model gives them."""
    frame = pd.DataFrame.from_dict(dict(rows), orient="index").convert_dtypes()
    return frame.rename_axis(None)


def planned(
    base: Snapshot,
    *,
    layout: Layout = SMALL,
    columns: Mapping[str, Mapping[str, Mapping[str, Any]]] | None = None,
    new_keys: Mapping[str, Mapping[int, str]] | None = None,
    tables: Mapping[str, pd.DataFrame] | None = None,
    appends: Mapping[str, pd.DataFrame] | None = None,
    words: locales.Words = EN,
) -> Plan:
    """A plan made by hand, as the sync engine makes them.

    ``columns``: tab -> row key -> column -> value. ``new_keys``: tab -> sheet row -> key. Lines
    that are not given are taken from what is recorded, so that nothing else changes.
    """
    keyed = {}
    for tab in layout.tabs:
        if not tab.results() or tab.key not in base.tabs:
            continue
        data, fresh = base.tabs[tab.key], dict((new_keys or {}).get(tab.key, {}))
        keys = data.frame[tab.row_key].astype(object)
        for row, key in fresh.items():
            keys.loc[row] = key
        keys = keys.dropna().sort_index()
        names = [column.key for column in tab.results()]
        lines = data.stored.reindex(columns=names).astype(object)
        for key, line in ((columns or {}).get(tab.key) or {}).items():
            for name, value in line.items():
                lines.loc[key, name] = value
        lines = lines.reindex(dict.fromkeys([*lines.index, *keys]))
        lines = _dates(lines.convert_dtypes(), tab)
        keyed[tab.key] = Keyed(tab.key, keys, fresh, lines)
    changes = tuple(Change(tab, None, "~", 1) for tab in (columns or {}))
    changes += tuple(Change(tab, None, "+", len(rows)) for tab, rows in (new_keys or {}).items())
    changes += tuple(Change(tab, None, "~", len(rows)) for tab, rows in (tables or {}).items())
    changes += tuple(Change(tab, None, "+", len(rows)) for tab, rows in (appends or {}).items())
    return Plan(base, layout, words, keyed, tables or {}, appends or {}, changes)


def _dates(frame: pd.DataFrame, tab: Tab) -> pd.DataFrame:
    for column in tab.results():
        if column.type == "date" and column.key in frame:
            frame[column.key] = pd.to_datetime(frame[column.key].map(as_date))
    return frame


def as_date(value: Any) -> date | None:
    """A cell that holds a date: a datetime, or the days since 1899-12-30."""
    if value is None or pd.isna(value):
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    return date(1899, 12, 30) + timedelta(days=int(value))


def ticked(value: Any) -> bool:
    """Whether a checkbox cell is ticked: a real box, or a mark where there are none."""
    return value is True or value == "✓"


def column_of(rows: Iterable[Mapping[str, Any]], name: str) -> list[Any]:
    """One column of :meth:`Operator.rows`."""
    return [row.get(name) for row in rows]


class WorkbookContract:
    """What every workbook must keep; a subclass only says how to make one."""

    @pytest.fixture
    def workbook(self) -> Workbook:
        raise NotImplementedError("a subclass provides a spreadsheet without a CRM")

    @pytest.fixture
    def operator(self) -> Operator:
        raise NotImplementedError("a subclass provides a person who edits that spreadsheet")

    @pytest.fixture
    def shop(self, workbook: Workbook, operator: Operator, versions: list[Any]) -> Workbook:
        """A small CRM with three leads that have their ids, and results beside them."""
        if versions:
            operator.restore(versions[0])
        else:
            self.fill(workbook, operator)
            versions.append(operator.version())
        return workbook

    def fill(self, workbook: Workbook, operator: Operator) -> None:
        workbook.provision(wanted())
        for name, status in (("Anna", "New"), ("Boris", "Paid"), ("Clara", "Talking")):
            operator.append("Leads", {"Name": name, "Status": status})
        self.refresh(
            workbook,
            new_keys={"leads": {2: "L-00001", 3: "L-00002", 4: "L-00003"}},
            columns={
                "leads": {
                    "L-00001": {"score": 10, "why": "+10 Anna", "fingerprint": "anna"},
                    "L-00002": {"score": 20, "why": "+20 Boris", "fingerprint": "boris"},
                    "L-00003": {"score": 30, "why": "+30 Clara", "fingerprint": "clara"},
                }
            },
        )

    @staticmethod
    def refresh(workbook: Workbook, **what: Any) -> Snapshot:
        """Read, plan by hand, apply, read again."""
        workbook.apply(planned(workbook.read(), **what))
        return workbook.read()

    # --- provisioning -------------------------------------------------------------------------

    def test_a_new_crm_has_tabs_and_headers_in_order(
        self, workbook: Workbook, operator: Operator
    ) -> None:
        done = workbook.provision(wanted())
        assert {step.tab for step in done.steps if step.what == "tab"} >= {
            t.key for t in SMALL.tabs
        }
        visible = [tab for tab in operator.tabs() if not tab.startswith("_")]
        assert visible == ["Leads", "Today", "Checklist", "Statuses", "History"]
        assert operator.headers("Leads") == [
            header(EN, LEADS, column) for column in LEADS.columns if column.shown
        ]

    def test_provisioning_again_changes_nothing(self, workbook: Workbook) -> None:
        assert workbook.provision(wanted()).steps
        assert workbook.provision(wanted(), dry_run=True).steps == ()
        assert workbook.provision(wanted()).steps == ()

    def test_a_dry_run_tells_the_steps_and_does_nothing(self, workbook: Workbook) -> None:
        would = workbook.provision(wanted(), dry_run=True)
        assert would.steps
        assert workbook.provision(wanted()).steps == would.steps

    def test_seeds_fill_new_tabs_only(self, workbook: Workbook, operator: Operator) -> None:
        workbook.provision(wanted())
        assert column_of(operator.rows("Statuses"), "Status") == ["New", "Talking", "Paid"]
        assert [ticked(v) for v in column_of(operator.rows("Statuses"), "May be skipped")] == [
            False,
            True,
            False,
        ]
        operator.type("Statuses", 3, "Status", "In talks")
        workbook.provision(wanted())
        assert column_of(operator.rows("Statuses"), "Status") == ["New", "In talks", "Paid"]

    def test_an_upgrade_adds_what_is_missing(self, shop: Workbook, operator: Operator) -> None:
        more = SMALL.with_columns("leads", [Column("company"), Column("tier", "tool")])
        steps = shop.provision(wanted(more)).steps
        assert {(s.tab, s.column) for s in steps if s.what == "column"} == {
            ("leads", "company"),
            ("leads", "tier"),
        }
        assert column_of(operator.rows("Leads"), "Name") == ["Anna", "Boris", "Clara"]
        assert {"Company", "Tier"} < set(operator.headers("Leads"))
        assert shop.provision(wanted(more)).steps == ()

    def test_rows_that_come_with_a_newer_layout_come_once(
        self, shop: Workbook, operator: Operator
    ) -> None:
        rows = ({"status": "Parked", "order": 9, "may_skip": False},)
        newer = replace(
            wanted(meta={**META, "layout": "2"}),
            news={"statuses": NewRows(shop.read().tabs["statuses"].last_row, rows)},
        )
        told = [(s.tab, s.detail) for s in shop.provision(newer).steps if s.what == "row"]
        assert told == [("statuses", "1")]
        assert shop.provision(newer).steps == ()
        names = column_of(operator.rows("Statuses"), "Status")
        assert names == ["New", "Talking", "Paid", "Parked"]
        assert column_of(operator.rows("Statuses"), "Order")[-1] == 9

    def test_the_owners_own_tab_stays(self, shop: Workbook, operator: Operator) -> None:
        operator.add_tab("Ideas", [["what", "when"], ["a blog", 2027]])
        more = SMALL.with_columns("leads", [Column("company")])
        shop.provision(wanted(more))
        self.refresh(shop, columns={"leads": {"L-00001": {"score": 11}}})
        assert operator.rows("Ideas") == [{"what": "a blog", "when": 2027}]

    @pytest.mark.parametrize("words", [EN, RU], ids=["en", "ru"])
    def test_the_full_layout_in_both_languages(
        self, workbook: Workbook, words: locales.Words
    ) -> None:
        layout = crm.layout("travel", [("S-01", "Паспорта?"), ("S-02", 'Оплата, "аванс"')])
        want = wanted(layout, words, {}, {"lang": words.lang, "kind": "travel", "layout": "1"})
        workbook.provision(want)
        assert workbook.provision(want).steps == ()
        snapshot = workbook.read()
        assert dict(snapshot.meta) == {"lang": words.lang, "kind": "travel", "layout": "1"}
        assert {key: data.title for key, data in snapshot.tabs.items()} == {
            tab.key: tab_title(words, tab) for tab in layout.tabs
        }
        for tab in layout.tabs:
            assert dict(snapshot.tabs[tab.key].headers) == {
                column.key: header(words, tab, column) for column in tab.columns if column.shown
            }

    # --- reading ------------------------------------------------------------------------------

    def test_an_empty_crm_reads_as_empty(self, workbook: Workbook) -> None:
        workbook.provision(wanted())
        snapshot = workbook.read()
        assert snapshot.revision == 0
        assert dict(snapshot.meta) == META
        assert snapshot.tabs["leads"].frame.empty
        assert snapshot.tabs["leads"].last_row == 1
        assert list(snapshot.tabs["leads"].frame.columns) == [
            column.key for column in LEADS.columns if column.shown
        ]

    def test_rows_keep_their_numbers_and_blank_rows_are_left_out(
        self, workbook: Workbook, operator: Operator
    ) -> None:
        workbook.provision(wanted())
        operator.type("Leads", 3, "Name", "Anna")
        operator.type("Leads", 7, "Name", "Boris")
        data = workbook.read().tabs["leads"]
        assert data.frame["name"].to_dict() == {3: "Anna", 7: "Boris"}
        assert data.last_row == 7

    def test_what_people_type_comes_back_as_typed(
        self, workbook: Workbook, operator: Operator
    ) -> None:
        workbook.provision(wanted())
        operator.append(
            "Leads",
            {"Name": " Anna ", "Phone": "+7 916 123-45-67", "Budget": 1200.5, "Segment": "0042"},
        )
        operator.append("Leads", {"Name": "Boris", "Budget": "300 т.р.", "Created": "завтра"})
        operator.append("Leads", {"Name": "Clara", "Created": date(2026, 11, 5)})
        frame = workbook.read().tabs["leads"].frame
        first, second, third = (frame.loc[row] for row in (2, 3, 4))
        assert first[["name", "phone", "budget", "segment"]].tolist() == [
            " Anna ",
            "+7 916 123-45-67",
            1200.5,
            "0042",
        ]
        assert second[["budget", "created"]].tolist() == ["300 т.р.", "завтра"]
        assert as_date(third["created"]) == date(2026, 11, 5)
        assert third["phone"] is None

    def test_renamed_and_moved_things_are_still_known(
        self, shop: Workbook, operator: Operator
    ) -> None:
        operator.rename_tab("Leads", "Our clients")
        operator.rename_column("Our clients", "Status", "Stage")
        operator.move_column("Our clients", "Score", after="Name")
        data = shop.read().tabs["leads"]
        assert data.title == "Our clients"
        assert data.headers["status"] == "Stage"
        assert data.frame["status"].tolist() == ["New", "Paid", "Talking"]
        assert data.frame["score"].tolist() == [10, 20, 30]
        self.refresh(shop, columns={"leads": {"L-00002": {"score": 77}}})
        assert column_of(operator.rows("Our clients"), "Score") == [10, 77, 30]
        assert shop.provision(wanted()).steps == ()

    def test_peoples_own_columns_are_read_by_header_and_kept(
        self, shop: Workbook, operator: Operator
    ) -> None:
        operator.insert_column("Leads", after="Name", new="Dog")
        operator.type("Leads", 3, "Dog", "Rex")
        data = shop.read().tabs["leads"]
        assert data.headers[OWN + "Dog"] == "Dog"
        assert data.frame[OWN + "Dog"].tolist() == [None, "Rex", None]
        self.refresh(shop, columns={"leads": {"L-00002": {"score": 21}}})
        assert operator.cell("Leads", 3, "Dog") == "Rex"
        assert column_of(operator.rows("Leads"), "Score") == [10, 21, 30]

    def test_a_hidden_tab_is_read_like_any_other(self, shop: Workbook, operator: Operator) -> None:
        operator.hide_tab("Leads")
        assert shop.read().tabs["leads"].frame["name"].tolist() == ["Anna", "Boris", "Clara"]

    # --- results ------------------------------------------------------------------------------

    @pytest.mark.usefixtures("shop")
    def test_results_stand_beside_their_row(self, operator: Operator) -> None:
        rows = operator.rows("Leads")
        assert column_of(rows, "ID") == ["L-00001", "L-00002", "L-00003"]
        assert column_of(rows, "Score") == [10, 20, 30]
        assert column_of(rows, "Why") == ["+10 Anna", "+20 Boris", "+30 Clara"]

    def test_results_follow_their_row_through_sorting_inserting_and_deleting(
        self, shop: Workbook, operator: Operator
    ) -> None:
        operator.sort("Leads", "Status")  # New, Paid, Talking
        operator.insert_row("Leads", 2)
        operator.delete_row("Leads", 3)  # Anna
        snapshot = shop.read()
        assert snapshot.tabs["leads"].frame["name"].tolist() == ["Boris", "Clara"]
        lines = {"L-00002": {"score": 200}, "L-00003": {"score": 300}}
        self.refresh(shop, columns={"leads": lines})
        shown = {row["Name"]: row["Score"] for row in operator.rows("Leads") if row["Name"]}
        assert shown == {"Boris": 200, "Clara": 300}

    def test_types_come_back(self, shop: Workbook) -> None:
        line = {
            "score": 7,
            "chance": 0.125,
            "worth": 1234567.89,
            "last": pd.Timestamp(2026, 11, 21),
            "why": "text",
        }
        snapshot = self.refresh(shop, columns={"leads": {"L-00002": line}})
        row = snapshot.tabs["leads"].frame.loc[3]
        assert row[["score", "chance", "worth", "why"]].tolist() == [7, 0.125, 1234567.89, "text"]
        assert as_date(row["last"]) == date(2026, 11, 21)
        stored = snapshot.tabs["leads"].stored.loc["L-00002"]
        assert stored["chance"] == 0.125
        assert as_date(stored["last"]) == date(2026, 11, 21)

    def test_missing_results_empty_their_cells(self, shop: Workbook, operator: Operator) -> None:
        self.refresh(shop, columns={"leads": {"L-00002": {"score": None, "why": None}}})
        assert column_of(operator.rows("Leads"), "Score") == [10, None, 30]
        assert column_of(operator.rows("Leads"), "Why") == ["+10 Anna", None, "+30 Clara"]

    @pytest.mark.parametrize(
        "text",
        [
            "=1+1",
            "+7 916 000-00-00",
            "-5",
            "@SUM(A1)",
            "007",
            "1e5",
            "TRUE",
            "2026-11-21",
            "'quoted",
            " spaces ",
            "two\nlines",
            'a <b> & "c"',
            "_x0041_",
            "Ёж 🦔",
        ],
    )
    def test_text_is_written_as_text(self, shop: Workbook, operator: Operator, text: str) -> None:
        table = pd.DataFrame({"rank": [1], "lead": ["L-00001"], "phone": [text], "reason": [text]})
        snapshot = self.refresh(
            shop,
            columns={"leads": {"L-00001": {"why": text}}},
            tables={"today": table},
        )
        assert snapshot.tabs["leads"].frame.loc[2, "why"] == text
        assert snapshot.tabs["today"].frame.loc[2, ["phone", "reason"]].tolist() == [text, text]
        assert operator.cell("Leads", 2, "Why") == text
        assert operator.cell("Today", 2, "Phone") == text

    def test_new_keys_are_written_into_their_rows_only(
        self, shop: Workbook, operator: Operator
    ) -> None:
        row = operator.append("Leads", {"Name": "Dina", "Status": "New"})
        self.refresh(
            shop,
            new_keys={"leads": {row: "L-00004"}},
            columns={"leads": {"L-00004": {"score": 40}}},
        )
        assert column_of(operator.rows("Leads"), "ID") == [
            "L-00001",
            "L-00002",
            "L-00003",
            "L-00004",
        ]
        assert operator.cell("Leads", row, "Score") == 40
        assert operator.cell("Leads", row, "Status") == "New"

    def test_a_copied_row_shows_the_same_results_until_it_gets_its_own_key(
        self, shop: Workbook, operator: Operator
    ) -> None:
        operator.copy_row("Leads", 3, to=6)
        assert shop.read().tabs["leads"].frame["id"].to_dict() == {
            2: "L-00001",
            3: "L-00002",
            4: "L-00003",
            6: "L-00002",
        }
        self.refresh(shop, columns={"leads": {"L-00002": {"score": 22}}})
        assert [operator.cell("Leads", row, "Score") for row in (3, 6)] == [22, 22]
        self.refresh(
            shop,
            new_keys={"leads": {6: "L-00004"}},
            columns={"leads": {"L-00004": {"score": 5}}},
        )
        assert [operator.cell("Leads", row, "Score") for row in (3, 6)] == [22, 5]

    def test_a_row_without_a_key_shows_no_results(self, shop: Workbook, operator: Operator) -> None:
        for name in ("ID", "Name", "Status"):
            operator.type("Leads", 3, name, None)
        self.refresh(shop, columns={"leads": {"L-00001": {"score": 11}}})
        assert operator.cell("Leads", 3, "Score") is None
        assert operator.cell("Leads", 3, "Why") is None
        assert operator.cell("Leads", 2, "Score") == 11

    def test_what_people_typed_over_a_result_is_put_right(
        self, shop: Workbook, operator: Operator
    ) -> None:
        operator.type("Leads", 3, "Score", 999)
        data = shop.read().tabs["leads"]
        assert data.shown.loc[3, "score"] == 999
        self.refresh(shop, columns={"leads": {"L-00002": {"score": 20}}})
        assert operator.cell("Leads", 3, "Score") == 20

    def test_what_is_kept_for_absent_rows_stays(self, shop: Workbook, operator: Operator) -> None:
        assert shop.read().tabs["leads"].stored["fingerprint"].to_dict() == {
            "L-00001": "anna",
            "L-00002": "boris",
            "L-00003": "clara",
        }
        operator.delete_row("Leads", 3)
        assert shop.read().tabs["leads"].stored.loc["L-00002", "fingerprint"] == "boris"
        self.refresh(shop, columns={"leads": {"L-00001": {"score": 1}}})
        assert shop.read().tabs["leads"].stored.loc["L-00002", "fingerprint"] == "boris"

    def test_only_the_tools_cells_change(self, shop: Workbook, operator: Operator) -> None:
        operator.type("Leads", 2, "Budget", "300 т.р.")
        operator.type("Leads", 4, "Created", date(2026, 11, 5))
        ours = {header(EN, LEADS, c) for c in LEADS.results() if c.shown}

        def persons() -> list[dict[str, Any]]:
            return [{k: v for k, v in r.items() if k not in ours} for r in operator.rows("Leads")]

        before = persons()
        self.refresh(shop, columns={"leads": {"L-00001": {"score": 1, "why": "because"}}})
        assert persons() == before

    def test_a_deleted_column_is_missing_and_comes_back_empty(
        self, shop: Workbook, operator: Operator
    ) -> None:
        operator.delete_column("Leads", "Why")
        data = shop.read().tabs["leads"]
        assert "why" not in data.frame.columns
        assert data.frame["score"].tolist() == [10, 20, 30]
        steps = shop.provision(wanted()).steps
        assert ("column", "leads", "why") in {(s.what, s.tab, s.column) for s in steps}
        assert shop.provision(wanted()).steps == ()
        self.refresh(shop, columns={"leads": {"L-00003": {"why": "again"}}})
        assert operator.cell("Leads", 4, "Why") == "again"

    # --- tables and logs ----------------------------------------------------------------------

    def test_tables_grow_and_shrink(self, shop: Workbook, operator: Operator) -> None:
        def table(n: int) -> pd.DataFrame:
            ranks = range(1, n + 1)
            return pd.DataFrame(
                {
                    "rank": pd.array(list(ranks), dtype="Int64"),
                    "lead": [f"L-{r:05d}" for r in ranks],
                    "phone": ["+7 900"] * n,
                    "reason": [f"because {n}"] * n,
                }
            )

        for n in (5, 2, 7, 0, 3):
            snapshot = self.refresh(shop, tables={"today": table(n)})
            assert snapshot.tabs["today"].frame["rank"].tolist() == list(range(1, n + 1))
            assert column_of(operator.rows("Today"), "Why now") == [f"because {n}"] * n

    def test_logs_grow_at_their_end(self, shop: Workbook) -> None:
        def lines(*leads: str) -> pd.DataFrame:
            at = pd.Timestamp(2026, 11, 21, 12, 30)
            return pd.DataFrame({"at": [at] * len(leads), "lead": leads, "to": "New"})

        self.refresh(shop, appends={"history": lines("L-00001", "L-00002")})
        snapshot = self.refresh(shop, appends={"history": lines("L-00003")})
        frame = snapshot.tabs["history"].frame
        assert frame["lead"].to_dict() == {2: "L-00001", 3: "L-00002", 4: "L-00003"}
        assert frame["to"].tolist() == ["New"] * 3

    def test_appended_rows_leave_peoples_ticks_alone(
        self, shop: Workbook, operator: Operator
    ) -> None:
        self.refresh(
            shop,
            appends={"checklist": pd.DataFrame({"lead": ["L-00001", "L-00002"]})},
            columns={"checklist": {"L-00001": {"name": "Anna"}, "L-00002": {"name": "Boris"}}},
        )
        operator.type("Checklist", 2, "Contract", True)
        self.refresh(
            shop,
            appends={"checklist": pd.DataFrame({"lead": ["L-00003"]})},
            columns={"checklist": {"L-00003": {"name": "Clara"}}},
        )
        rows = operator.rows("Checklist")
        assert column_of(rows, "Lead") == ["L-00001", "L-00002", "L-00003"]
        assert column_of(rows, "Name") == ["Anna", "Boris", "Clara"]
        assert [ticked(v) for v in column_of(rows, "Contract")] == [True, False, False]

    # --- revisions ----------------------------------------------------------------------------

    def test_the_revision_counts_applied_plans(self, shop: Workbook) -> None:
        base = shop.read()
        receipt = shop.apply(planned(base, columns={"leads": {"L-00001": {"score": 1}}}))
        assert receipt.revision == base.revision + 1
        assert shop.read().revision == base.revision + 1

    def test_an_empty_plan_does_nothing(self, shop: Workbook) -> None:
        base = shop.read()
        receipt = shop.apply(planned(base))
        assert (receipt.revision, receipt.cells) == (base.revision, 0)
        assert shop.read().revision == base.revision

    def test_a_plan_made_before_another_was_applied_is_refused(
        self, shop: Workbook, operator: Operator
    ) -> None:
        base = shop.read()
        late = planned(
            base,
            columns={"leads": {"L-00001": {"score": 666}}},
            appends={"checklist": pd.DataFrame({"lead": ["L-00666"]})},
        )
        shop.apply(planned(base, columns={"leads": {"L-00001": {"score": 1}}}))
        with pytest.raises(ConflictError):
            shop.apply(late)
        assert operator.cell("Leads", 2, "Score") == 1
        assert operator.rows("Checklist") == []
        shop.apply(replace(late, base=shop.read()))
        assert operator.cell("Leads", 2, "Score") == 666
