"""Everything computed from a book: the capabilities one after the other, summed."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from sheetsync.crm import CAPABILITIES
from sheetsync.crm.base import FLAG_COLUMNS, Book, Part, Results, no_flags


def compute(book: Book) -> Results:
    """Run every capability over a book; each sees the results of those before it."""
    results = Results({}, {}, {}, no_flags(), book.problems, {})
    for capability in CAPABILITIES:
        if capability.compute is not None:
            results = _sum(results, capability.compute(book, results))
    return results


def _sum(results: Results, part: Part) -> Results:
    columns = dict(results.columns)
    for tab, frame in part.columns.items():
        columns[tab] = pd.concat([columns[tab], frame], axis=1) if tab in columns else frame
    flags = [frame for frame in (results.flags, part.flags) if len(frame)]
    return replace(
        results,
        columns=columns,
        tables={**results.tables, **part.tables},
        appends={**results.appends, **part.appends},
        flags=pd.concat(flags, ignore_index=True)[list(FLAG_COLUMNS)] if flags else no_flags(),
        problems=results.problems + part.problems,
        figures={**results.figures, **part.figures},
        lines={**results.lines, **part.lines},
    )
