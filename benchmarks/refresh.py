"""How long a refresh of an .xlsx CRM takes, stage by stage, and how far that is from the floor.

``python -m benchmarks.refresh [--leads 1000,10000,100000]``

Each size gets a fresh file of the demo's data that was never refreshed, so that every cell of ours
has to be written. The floor is what nobody can do without: decode the same sheets with calamine and
build a bare DataFrame from each. File, refresh and floor run in processes of their own; the seconds
leave out imports, the peak memory is that of the whole process.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

TODAY = date(2026, 11, 21)
STAGES = ("read", "parse", "compute", "plan", "write")


def make(path: Path, leads: int) -> dict[str, Any]:
    """A CRM as people left it, with ``leads`` leads, before its first refresh."""
    from sheetsync import crm, demo, locales
    from sheetsync.crm import kinds
    from sheetsync.workbooks.base import Provision
    from sheetsync.workbooks.xlsx.workbook import XlsxWorkbook

    words = locales.load("en")
    typed = demo.demo_data(words, leads=leads, today=TODAY)
    seeds = {**kinds.seeds("travel", words), **typed.tabs}
    steps = [(str(row["id"]), str(row["step"])) for row in seeds["steps"]]
    meta = {"lang": "en", "kind": "travel", "layout": crm.LAYOUT_VERSION}
    XlsxWorkbook(path).provision(Provision(crm.layout("travel", steps), words, seeds, meta))
    return {}


def refresh(path: Path, leads: int) -> dict[str, Any]:
    """Seconds of each stage of one refresh, and the peak memory of the process [MB]."""
    from sheetsync.sync.refresh import refresh
    from sheetsync.workbooks.xlsx.workbook import XlsxWorkbook

    done = refresh(XlsxWorkbook(path), now=datetime(2026, 11, 21, 12))
    assert len(done.understood.book.leads) >= leads * 0.95
    return {**done.seconds, "peak": _peak()}


def floor(path: Path, leads: int) -> dict[str, Any]:
    """Seconds to decode the same sheets and build bare DataFrames, and the peak memory [MB]."""
    import pandas as pd
    from python_calamine import CalamineWorkbook

    start = time.perf_counter()
    with CalamineWorkbook.from_path(path) as book:
        frames = [pd.DataFrame(book.get_sheet_by_name(n).to_python()) for n in book.sheet_names]
    seconds = time.perf_counter() - start
    assert max(map(len, frames)) > leads * 0.95
    return {"floor": seconds, "peak": _peak()}


def measure(leads: int) -> dict[str, float]:
    """All figures of one size."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "crm.xlsx")
        _apart("make", path, leads)
        base = _apart("floor", path, leads)
        return {**_apart("refresh", path, leads), "floor": base["floor"], "bare": base["peak"]}


def _apart(task: str, path: Path, leads: int) -> dict[str, float]:
    """Run one of the tasks above in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.refresh", "--task", task, str(path), str(leads)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[1])
    if done.returncode:
        raise click.ClickException(f"{task} of {leads:,} leads:\n{done.stderr}")
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def _peak() -> float | None:
    """The most memory that this process ever held [MB]; None where the system does not tell."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)


def sizes(ctx: click.Context, param: click.Parameter, value: str) -> list[int]:  # noqa: ARG001
    try:
        return [int(size) for size in value.split(",")]
    except ValueError:
        raise click.BadParameter("whole numbers, separated by commas") from None


@click.command()
@click.option("--leads", callback=sizes, default="1000,10000,100000", show_default=True)
@click.option("--task", type=(click.Choice(["make", "refresh", "floor"]), str, int), hidden=True)
def main(leads: list[int], task: tuple[str, str, int] | None) -> None:
    """Seconds per stage of a refresh, peak memory, and the ratio to the floor."""
    if task is not None:
        name, path, size = task
        figures = {"make": make, "refresh": refresh, "floor": floor}[name](Path(path), size)
        click.echo(json.dumps(figures))
        return
    titles = ("leads", *STAGES, "total", "floor", "ratio", "peak MB", "bare MB")
    click.echo("".join(f"{title:>9}" for title in titles))
    for size in leads:
        figures = measure(size)
        total = sum(figures[stage] for stage in STAGES)
        cells = [
            f"{size:,}",
            *(f"{figures[stage]:.2f}" for stage in STAGES),
            f"{total:.2f}",
            f"{figures['floor']:.2f}",
            f"{total / figures['floor']:.1f}",
            *(f"{figures[peak]:.0f}" if figures[peak] else "-" for peak in ("peak", "bare")),
        ]
        click.echo("".join(f"{cell:>9}" for cell in cells))


if __name__ == "__main__":
    main()
