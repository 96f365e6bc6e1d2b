"""What an edit and the card cost among many leads, beside an edit that sets off nothing.

``python -m benchmarks.addon [--leads 100,1000,10000]``

The add-on's own scripts run in V8 over a stand-in for Google's services, so that what is measured
is its own work: starting all files, understanding cells, finding the lead. At Google every trip to
the spreadsheet comes on top; how many there are is told, and does not depend on the leads.
Milliseconds are of the wall, the least of several runs; ``ratio`` is to an edit of the next step,
at which the add-on only starts, looks where it is, and ends.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import click

from benchmarks.refresh import sizes
from sheetsync.addon.preview.host import Run
from tests.addon.crowd import Crowd
from tests.addon.shop import Shop
from tests.google import Server

RUNS = 3
_HEAD = f"{'leads':>7}  {'what':<24}{'calls':>6}{'cells read':>12}{'ms':>8}{'ratio':>7}"


def deeds(crowd: Crowd) -> dict[str, Callable[[int], Run]]:
    """What operators do, each done anew with the number of its run."""
    shop, statuses = crowd.shop, ("shipped", "confirmed")
    return {
        "nothing": lambda n: crowd.enter(2, "Next step", f"step {n}"),
        "a phone is typed": lambda n: crowd.enter(4, "Phone", crowd.phone(50 + n)),
        "a status is chosen": lambda n: crowd.enter(2, "Status", shop.status(statuses[n % 2])),
        "a new lead is typed": lambda n: crowd.enter(crowd.count + 20 + n, "Name", "Zoya"),
        "the card is opened": lambda _: crowd.open(),
        "a step is ticked there": lambda _: crowd.save(),
    }


def measured(deed: Callable[[int], Run]) -> tuple[Run, float]:
    """The last run, and the least milliseconds of all but the first, which looks things up."""
    deed(0)
    spent = []
    for n in range(1, RUNS + 1):
        start = time.perf_counter()
        run = deed(n)
        spent.append(1000 * (time.perf_counter() - start))
    return run, min(spent)


@click.command()
@click.option("--leads", "counts", callback=sizes, default="100,1000,10000", show_default=True)
def main(counts: list[int]) -> None:
    """Calls, cells read and milliseconds of what operators do, and the ratio to doing nothing."""
    click.echo(_HEAD)
    with Server() as server:
        shop = Shop(server)
        for count in counts:
            crowd = Crowd(shop, count)
            floor = 0.0
            for what, deed in deeds(crowd).items():
                run, spent = measured(deed)
                floor = floor or spent
                calls = sum(run.calls.values())
                click.echo(
                    f"{count:>7}  {what:<24}{calls:>6}{run.cells_read:>12}"
                    f"{spent:>8.0f}{spent / floor:>7.1f}"
                )
            crowd.addon.close()
        shop.close()


if __name__ == "__main__":
    main()
