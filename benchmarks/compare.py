"""sheetsync against the job as people do it today, on one server, in one run.

``python -m benchmarks.compare [--leads 1000,10000]`` (needs ``pip install -e '.[test,bench]'``)

Both sides work on spreadsheets with the same leads, over HTTP, with the same kind of session; the
server waits a tenth of a second before each answer. The same people do the same things in both
sheets. See README.md for what is counted, and how.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from datetime import time as clock
from typing import Any

import click
import numpy as np

from benchmarks import recipe
from benchmarks.people import People
from benchmarks.refresh import sizes
from benchmarks.shop import TODAY, Session, Shop, open_crm, open_plain
from benchmarks.weights import weigh
from sheetsync.sync.refresh import refresh
from sheetsync.workbooks.google.http import SheetsClient
from sheetsync.workbooks.google.workbook import GoogleWorkbook
from tests.google import Server

SCENARIOS = ("first write", "nothing changed", "1 % changed", "1 %, people at work")
SIDES = ("recipe", "sheetsync")
READS = (":getByDataFilter", ":batchGetByDataFilter")


@dataclass(frozen=True)
class Run:
    """One run of one side.

    ``up`` and ``down`` are bytes of bodies, uncompressed; ``seconds`` leave out what the people
    needed, ``waiting`` is the part of them that was spent on the server. The rest counts rows, see
    :class:`~benchmarks.people.Damage`.
    """

    leads: int
    scenario: str
    side: str
    requests: int
    up: int
    down: int
    seconds: float
    waiting: float
    wrong: int
    lost: int
    changed: int
    misplaced: int
    ids: int
    retyped: int


class Side:
    """One of the two, with its spreadsheet and the people in it."""

    def __init__(self, name: str, shop: Shop, server: Server) -> None:
        self.name, self.server, self.leads = name, server, shop.leads
        self.session = Session(server)
        self.key = server.create(name)
        self.run: Callable[[], Any]
        if name == "sheetsync":
            book = GoogleWorkbook(SheetsClient(session=self.session), self.key)
            open_crm(shop, server, self.session, book, self.key)
            noon = datetime.combine(TODAY, clock(12))
            self.run = lambda: refresh(book, now=noon)
        else:
            import gspread

            open_plain(shop, server, self.session, self.key)
            client = gspread.Client(None, session=self.session)
            self.run = lambda: recipe.refresh(client, self.key, TODAY)
        self.people = People(server.operator(self.key), shop.headers)

    def play(self, scenario: str, latency: float) -> Run:
        """One scenario, on the sheet as the one before left it."""
        rng = np.random.default_rng(SCENARIOS.index(scenario))
        self.people.look()
        if scenario.startswith("1 %"):
            self.people.edit(max(self.leads // 100, 1), rng)
            self.people.look()
        busy = _Busy(self, rng) if "people" in scenario else None
        first = len(self.server.requests)
        self.session.waited = 0.0
        self.session.kept.clear()
        self.server.latency = latency
        start = time.perf_counter()
        self.run()
        seconds = time.perf_counter() - start
        self.server.latency = 0.0
        if busy:
            busy.stop()
        spent = busy.seconds if busy else 0.0
        log = self.server.requests[first:]
        damage = self.people.damage()
        return Run(
            leads=self.leads,
            scenario=scenario,
            side=self.name,
            requests=len(log),
            up=sum(each.size for each in log),
            down=sum(each.answer_size for each in log),
            seconds=seconds - spent,
            waiting=self.session.waited - spent,
            wrong=len(damage.rows),
            lost=len(damage.lost),
            changed=len(damage.changed),
            misplaced=len(damage.misplaced),
            ids=len(damage.ids),
            retyped=len(damage.retyped),
        )


class _Busy:
    """People who are at work just before the first request that writes."""

    def __init__(self, side: Side, rng: np.random.Generator) -> None:
        self.seconds = 0.0
        self.stop = side.server.before(self._before)
        self._side, self._rng, self._done = side, rng, False

    def _before(self, _: int, request: Any) -> None:
        if self._done or request.method == "GET" or request.path.endswith(READS):
            return
        self._done = True
        start = time.perf_counter()
        self._side.people.interrupt(self._rng)
        self.seconds = time.perf_counter() - start


def runs(leads: int, latency: float, detail: bool = False) -> Iterator[Run]:
    """Every scenario, each for both sides, with so many leads."""
    shop = Shop(leads)
    with Server() as server:
        sides = [Side(name, shop, server) for name in SIDES]
        for scenario in SCENARIOS:
            for side in sides:
                yield side.play(scenario, latency)
                if detail:
                    titles = {sheet.id: sheet.title for sheet in server.file(side.key).sheets}
                    click.echo(weigh(side.session.kept, titles), err=True)
        for side in sides:
            side.session.close()


COLUMNS = {
    "requests": "{:d}",
    "up": "{:,d}",
    "down": "{:,d}",
    "seconds": "{:.1f}",
    "waiting": "{:.1f}",
    "wrong": "{:d}",
    "lost": "{:d}",
    "changed": "{:d}",
    "misplaced": "{:d}",
    "ids": "{:d}",
    "retyped": "{:d}",
}
RATIOS = ("requests", "up", "down", "seconds")


def line(run: Run) -> str:
    """A run as a line of the table."""
    cells = [form.format(getattr(run, name)) for name, form in COLUMNS.items()]
    return _row(f"{run.leads:,}", run.scenario, run.side, cells)


def ratio(theirs: Run, ours: Run) -> str:
    """How many times more the recipe needs, as a line of the table."""
    cells = [f"{getattr(theirs, name) / max(getattr(ours, name), 1e-9):.1f}x" for name in RATIOS]
    return _row(f"{ours.leads:,}", ours.scenario, "ratio", cells)


def _row(leads: str, scenario: str, side: str, cells: list[str]) -> str:
    return f"{leads:>7}  {scenario:<20}{side:<11}" + "".join(f"{cell:>11}" for cell in cells)


@click.command()
@click.option("--leads", callback=sizes, default="1000,10000", show_default=True)
@click.option("--latency", default=0.1, show_default=True, help="Seconds before each answer.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON list instead of a table.")
@click.option("--detail", is_flag=True, help="Tell on stderr what weighs how much in each body.")
def main(leads: list[int], latency: float, as_json: bool, detail: bool) -> None:
    """Requests, bytes, seconds and wrong rows of sheetsync and of the usual recipe."""
    done: list[Run] = []
    if not as_json:
        click.echo(_row("leads", "scenario", "side", list(COLUMNS)))
    for size in leads:
        for run in runs(size, latency, detail):
            done.append(run)
            if not as_json:
                click.echo(line(run))
    if as_json:
        click.echo(json.dumps([asdict(run) for run in done], indent=2))
        return
    click.echo()
    for theirs, ours in zip(done[::2], done[1::2], strict=True):
        click.echo(ratio(theirs, ours))


if __name__ == "__main__":
    main()
