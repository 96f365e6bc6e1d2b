"""How long it takes to find the duplicates, and how far that is from the floor.

``python -m benchmarks.duplicates [--leads 1000,10000,100000]``

The leads are the crowd of the tests, whose persons are known, so the table also tells what was
found: precision of sure and likely pairs, recall of duplicates with slips. The floor is what nobody
can do without: group the leads by equal phones and by equal mailboxes. Seconds are those of the
processor.

Besides, the worst case of dirty data: as many leads that all have one name and one dirty phone.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import click
import pandas as pd

from benchmarks.refresh import sizes
from sheetsync.crm import base
from sheetsync.crm.duplicates import capability as duplicates
from tests.crm.books import NO_RESULTS, make_book
from tests.crm.duplicates.crowd import Crowd, crowd

PER_PERSON = 1.39
"""Leads of the crowd per person."""


def floor(book: base.Book) -> int:
    """Leads that share a phone or a mailbox with another."""
    shared = [book.leads[key].dropna().duplicated(keep=False) for key in ("phone", "email")]
    return int(pd.concat(shared, axis=1).any(axis=1).sum())


def dirty(leads: int) -> base.Book:
    """Leads of one name; half of them have one phone, the other half one that is no phone."""
    phones = ["+79001112233" if n % 2 else None for n in range(leads)]
    raw = [phone or "нет" for phone in phones]
    row = {"name": "Елена Смирнова", "status": "In work", "created": "2026-10-05"}
    return make_book(leads=[{**row, "phone": phone} for phone in phones], raw={"phone": raw})


def timed(call: Callable[[], object]) -> tuple[float, object]:
    start = time.process_time()
    done = call()
    return time.process_time() - start, done


def quality(of: Crowd, pairs: pd.DataFrame) -> dict[str, float]:
    """Precision of each certainty, and recall of duplicates with slips. [fraction of 1]"""
    person = of.truth.set_index("lead")["person"]
    right = person[pairs["lead"]].to_numpy() == person[pairs["other"]].to_numpy()
    precision = pd.Series(right).groupby(pairs["certainty"].to_numpy()).mean()
    found = {frozenset(pair) for pair in zip(pairs["lead"], pairs["other"], strict=True)}
    wanted = of.pairs(["likely"])
    return {**precision.to_dict(), "recall": len(wanted & found) / max(len(wanted), 1)}


@click.command()
@click.option("--leads", callback=sizes, default="1000,10000,100000", show_default=True)
def main(leads: list[int]) -> None:
    """Seconds to find the duplicates, the ratio to the floor, and how right they are."""
    titles = ("leads", "seconds", "floor", "ratio", "dirty", "sure", "likely", "recall")
    click.echo("".join(f"{title:>9}" for title in titles))
    for size in leads:
        made = crowd(seed=size, people=max(round(size / PER_PERSON), 1))
        seconds, part = timed(lambda made=made: duplicates.compute(made.book, NO_RESULTS))
        assert isinstance(part, base.Part)
        least, _ = timed(lambda made=made: floor(made.book))
        worst, _ = timed(lambda size=size: duplicates.compute(dirty(size), NO_RESULTS))
        found = quality(made, part.figures["duplicates"])
        shares = (found.get(name, float("nan")) for name in ("sure", "likely", "recall"))
        cells = [
            f"{len(made.book.leads):,}",
            f"{seconds:.2f}",
            f"{least:.3f}",
            f"{seconds / max(least, 1e-6):.0f}",
            f"{worst:.2f}",
            *(f"{share:.3f}" for share in shares),
        ]
        click.echo("".join(f"{cell:>9}" for cell in cells))


if __name__ == "__main__":
    main()
