"""A shop filled by another program, and every figure of it recomputed in SQL.

Nothing of the library is used to make the expectation: openpyxl writes the cells, the command line
refreshes and exports, DuckDB computes the same figures from the same plain values.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from contextlib import chdir
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner

from sheetsync.cli import main

TODAY = date(2026, 11, 21)
LEADS = 3000

RULES = [
    ("Source", "equals", "Recommendation", 25),
    ("Source", "one of", "Ads; Search", -5),
    ("Budget", "at least", "200 000", 20),
    ("Budget", "between", "50000 - 199999", 10),
    ("Email", "empty", None, -10),
    ("Comment", "contains", "urgent; today", 15),
    ("Created", "within, days", "14", 12),
    ("Created", "older than, days", "120", -15),
    ("Budget / Guests", "at least", "40000", 30),
    ("Guests", "at most", "1", -3),
]
"""Field, condition, value, points; Guests is the shop's own column."""

SOURCES = {"Recommendation": 0.35, "Ads": 0.05, "Search": 0.15, "Fair": 0.5}
STATUSES = [
    # status, kind, order, days allowed, may be skipped
    ("New", "open", 1, 1, False),
    ("Talks", "open", 2, 5, False),
    ("Proposal", "open", 3, 7, False),
    ("Paid", "won", 4, None, False),
    ("Lost", "lost", 5, None, True),
    ("Spam", "spam", 6, None, True),
]


def replace_body(sheet: Any, rows: list[dict[str, Any]]) -> None:
    """Type rows under the header, by header text, over whatever stands there."""
    headers = {cell.value: cell.column for cell in sheet[1] if cell.value}
    for row in range(2, sheet.max_row + 1):
        for column in headers.values():
            sheet.cell(row, column).value = None
    for row, values in enumerate(rows, 2):
        for header, value in values.items():
            sheet.cell(row, headers[header]).value = value


def make_leads(chance: random.Random) -> list[dict[str, Any]]:
    rows = []
    for n in range(LEADS):
        source = chance.choices(list(SOURCES), weights=[30, 50, 30, 1])[0]
        created = TODAY - timedelta(days=chance.randrange(0, 240))
        won = chance.random() < SOURCES[source]
        status = "Paid" if won else chance.choice(["New", "Talks", "Proposal", "Lost", "Spam"])
        next_action = chance.choice([None, TODAY + timedelta(days=chance.randrange(-20, 20))])
        rows.append(
            {
                "Created": datetime.combine(created, datetime.min.time()),
                "Name": f"Client {n}",
                "Phone": f"+7916{n:07d}",
                "Email": chance.choice([None, f"client{n}@example.com"]),
                "Source": source,
                "Budget": chance.choice([None, chance.randrange(10, 500) * 1000]),
                "Guests": chance.choice([None, 0, 1, 2, 3, 4]),
                "Status": status,
                "Manager": chance.choice(["Team A", "Team B"]),
                "Next action": next_action and datetime.combine(next_action, datetime.min.time()),
                "Comment": chance.choice([None, "URGENT please", "call today", "no hurry"]),
            }
        )
    return rows


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An .xlsx CRM of three thousand leads, filled by openpyxl and refreshed."""
    path = tmp_path_factory.mktemp("shop") / "shop.xlsx"
    with chdir(path.parent):  # init leaves a sheetsync.toml where it is run
        fill(path)
        yield path


def fill(path: Path) -> None:
    """Make the CRM, type everything, refresh."""
    run("init", str(path), "--lang", "en", "--kind", "general")
    book = openpyxl.load_workbook(path)
    leads = book["Leads"]
    leads.cell(1, leads.max_column + 1).value = "Guests"
    replace_body(
        book["Statuses"],
        [
            dict(
                zip(("Status", "Kind", "Order", "Days allowed", "May be skipped"), row, strict=True)
            )
            for row in STATUSES
        ],
    )
    replace_body(book["Sources"], [{"Source": name, "Cost per month": 9000} for name in SOURCES])
    replace_body(book["Steps"], [])
    replace_body(
        book["Scoring"],
        [{"Field": f, "Condition": c, "Value": v, "Points": p} for f, c, v, p in RULES],
    )
    headers = {cell.value: cell.column for cell in leads[1] if cell.value}
    for row, values in enumerate(make_leads(random.Random(7)), 2):
        for header, value in values.items():
            leads.cell(row, headers[header]).value = value
    book.save(path)
    run("refresh", str(path), "--today", TODAY.isoformat())


def run(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(main, list(arguments), env={"SHEETSYNC_LANG": "en"})
    assert result.exit_code == code, result.output
    return result.stdout


def exported(shop: Path, tab: str) -> pd.DataFrame:
    out = run("export", str(shop), "--tab", tab, "--format", "json")
    return pd.DataFrame(json.loads(out))


@pytest.fixture(scope="module")
def sql(shop: Path) -> duckdb.DuckDBPyConnection:
    """What was typed (``typed``) and what came back (``leads``, ``sources``), side by side."""
    typed = pd.DataFrame(make_leads(random.Random(7)))
    typed["created"] = pd.to_datetime(typed["Created"]).dt.date
    typed["next_action"] = pd.to_datetime(typed["Next action"]).dt.date
    typed = typed.rename(columns=str.lower).loc[:, lambda f: ~f.columns.duplicated(keep="last")]
    leads, sources = exported(shop, "leads"), exported(shop, "sources")
    statuses = pd.DataFrame(STATUSES, columns=["status", "kind", "place", "allowed", "may_skip"])
    connection = duckdb.connect()
    for name, frame in (
        ("typed", typed.drop(columns=["next action"])),
        ("leads", leads),
        ("sources", sources),
        ("statuses", statuses),
    ):
        connection.register(f"{name}_frame", frame.astype(object).where(frame.notna(), None))
        connection.execute(f"create table {name} as select * from {name}_frame")
    return connection


def test_every_lead_is_there_once_with_its_cells(sql: duckdb.DuckDBPyConnection) -> None:
    assert sql.execute("select count(*), count(distinct id) from leads").fetchall() == [
        (LEADS, LEADS)
    ]
    assert sql.execute(
        """select count(*) from typed t join leads l on l.name = t.name
           where l.source = t.source and l.status = t.status and l.manager = t.manager"""
    ).fetchall() == [(LEADS,)]


def test_scores_are_the_sum_of_the_rules(sql: duckdb.DuckDBPyConnection) -> None:
    wrong = sql.execute(
        f"""
        with expected as (
          select name,
            25 * (source = 'Recommendation')::int - 5 * (source in ('Ads', 'Search'))::int
            + 20 * coalesce(budget::double >= 200000, false)::int
            + 10 * coalesce(budget::double between 50000 and 199999, false)::int
            - 10 * (email is null)::int
            + 15 * coalesce(lower(comment) like '%urgent%' or lower(comment) like '%today%',
                            false)::int
            + 12 * (date '{TODAY}' - created::date between 0 and 14)::int
            - 15 * (date '{TODAY}' - created::date > 120)::int
            + 30 * coalesce(budget::double / nullif(guests::double, 0) >= 40000, false)::int
            - 3 * coalesce(guests::double <= 1, false)::int as score
          from typed)
        select e.name, e.score, l.score from expected e join leads l using (name)
        where l.score::double is distinct from e.score::double"""
    ).fetchall()
    assert wrong == []


def test_overdue_days_are_those_past_the_next_action_of_open_leads(
    sql: duckdb.DuckDBPyConnection,
) -> None:
    wrong = sql.execute(
        f"""
        select l.name, l.overdue from leads l join typed t using (name) join statuses s
          on s.status = t.status
        where l.overdue::double is distinct from
          case when s.kind = 'open' and t.next_action is not null
               then greatest(0, date '{TODAY}' - t.next_action::date) end"""
    ).fetchall()
    assert wrong == []


def test_conversions_of_sources_and_their_intervals(sql: duckdb.DuckDBPyConnection) -> None:
    """Wilson's interval written out as in Wilson (1927), equation for the bounds."""
    rows = sql.execute(
        """
        with n as (
          select source, count(*)::double as n,
                 count(*) filter (where status = 'Paid')::double as k
          from typed group by source),
        w as (select *, 1.959963984540054::double as z, k / n as p from n)
        select s.source, s.leads::double - n, s.won::double - k,
          s.conversion::double - p,
          s.low::double - (p + z*z/(2*n) - z*sqrt(p*(1-p)/n + z*z/(4*n*n))) / (1 + z*z/n),
          s.high::double - (p + z*z/(2*n) + z*sqrt(p*(1-p)/n + z*z/(4*n*n))) / (1 + z*z/n)
        from sources s join w using (source)"""
    ).fetchall()
    assert len(rows) == len(SOURCES)
    for source, *differences in rows:
        assert differences == pytest.approx([0] * 5, abs=1e-9), source


def test_cost_per_lead_counts_calendar_months_since_the_first_lead(
    sql: duckdb.DuckDBPyConnection,
) -> None:
    rows = sql.execute(
        f"""
        with n as (select source, count(*) as n, min(created::date) as first from typed group by 1)
        select s.source, s.cost_per_lead::double,
          9000.0 * (datediff('month', n.first, date '{TODAY}') + 1) / n.n
        from sources s join n using (source)"""
    ).fetchall()
    for source, shown, expected in rows:
        assert shown == pytest.approx(expected), source


def test_a_second_refresh_finds_nothing_to_do(shop: Path) -> None:
    before = shop.read_bytes()
    assert "No changes." in run("refresh", str(shop), "--today", TODAY.isoformat())
    assert shop.read_bytes() == before
    run("refresh", str(shop), "--today", TODAY.isoformat(), "--dry-run")


def test_the_day_after_something_is_to_do_and_a_dry_run_says_so_by_its_exit_code(
    shop: Path,
) -> None:
    before = shop.read_bytes()
    run("refresh", str(shop), "--today", "2026-11-22", "--dry-run", code=3)
    assert shop.read_bytes() == before
