"""Random runs by the hundred: ``python -m tests.chaos.soak --runs 240 --seed 1 --jobs 2``.

One run is one command with random deeds between its requests. A branch is the write of a refresh,
done again from the same state with other deeds; a run of a refresh has ten. Both are counted, and
each by itself. Twelve runs share one CRM; in every third CRM people have the add-on in most of the
runs (``--addon-every 1`` for all of them). The same seed gives the same runs, whatever the number
of jobs.
"""

from __future__ import annotations

import gc
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field, fields
from itertools import islice
from unittest import mock

import click

from sheetsync.workbooks.google.http import ENDPOINT
from tests.chaos.draw import draw, draw_first
from tests.chaos.script import Run, Tally
from tests.chaos.world import World
from tests.google import Server

RUNS_PER_CRM = 12
BRANCHES = 10
ADDON_EVERY = 3
_REST_EVERY = 4
_FIRST_INITS = 1


@dataclass
class Share:
    """One CRM's runs: what was done, and the report of the failure, if there was one."""

    seed: str
    tally: Tally = field(default_factory=Tally)
    failure: str = ""


def share(seed: str, runs: int, addon: bool = False) -> Share:
    """Play first inits, and then the runs of one CRM, with or without the add-on."""
    done, chance = Share(seed), random.Random(seed)
    with Server() as server, mock.patch.dict(os.environ, {ENDPOINT: server.url}):
        try:
            for _ in range(_FIRST_INITS):
                locale = chance.choice(("en_US", "ru_RU"))
                _play(done, World(server, locale=locale, leads=-1), [draw_first(chance)])
            world = World(server, locale=chance.choice(("en_US", "ru_RU")))
            drawn = draw(chance, BRANCHES, addon=addon)
            _play(done, world, islice(drawn, runs - _FIRST_INITS))
        except AssertionError as failure:
            done.failure = str(failure)
    return done


def _play(done: Share, world: World, runs: Iterable[Run]) -> None:
    try:
        for number, run in enumerate(runs):
            world.play(run)
            if world.over:
                return
            if run.quiet and number % _REST_EVERY == 0:
                world.rest()
    finally:
        done.tally += world.tally


def soak(runs: int, seed: int, jobs: int = 1, every: int = ADDON_EVERY) -> Iterator[Share]:
    """All shares of a soak, as they are done; ``every`` so many-th CRM has the add-on."""
    sizes = [min(RUNS_PER_CRM, runs - at) for at in range(0, runs, RUNS_PER_CRM)]
    seeds = [f"{seed}/{number}" for number in range(len(sizes))]
    addons = [number % every == every - 1 for number in range(len(sizes))]
    shares = list(zip(seeds, sizes, addons, strict=True))
    if jobs == 1:
        yield from (share(*each) for each in shares)
        return
    with ProcessPoolExecutor(jobs, initializer=_settle_process) as pool:
        waiting = [pool.submit(share, *each) for each in shares]
        yield from (each.result() for each in as_completed(waiting))


def _settle_process() -> None:
    """What was imported stays: nothing to look through for garbage again and again."""
    gc.freeze()
    gc.set_threshold(50_000)


@click.command()
@click.option("--runs", default=240, show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option("--jobs", default=2, show_default=True)
@click.option("--addon-every", default=ADDON_EVERY, show_default=True)
@click.option("--at-least", default=0, help="Fail when fewer runs and branches were played.")
def main(runs: int, seed: int, jobs: int, addon_every: int, at_least: int) -> None:
    """Play random runs, and tell what was done."""
    start, total, failures = time.perf_counter(), Counter[str](), 0
    for done in soak(runs, seed, jobs, addon_every):
        total.update({each.name: getattr(done.tally, each.name) for each in fields(Tally)})
        seconds = time.perf_counter() - start
        counts = ", ".join(f"{count:,} {name}" for name, count in total.items())
        click.echo(f"{seconds:6.0f} s  {total['runs'] / seconds:.2f} runs/s  {counts}")
        if done.failure:
            failures += 1
            click.echo(f"\nCRM {done.seed} went wrong:{done.failure}\n")
    if total["runs"] + total["branches"] < at_least:
        sys.exit(f"Too few: {total['runs']} runs and {total['branches']} branches.")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
