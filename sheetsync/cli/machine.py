"""The same answers for machines: plain JSON values, keys that never depend on a language."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from sheetsync.crm.base import Problem
    from sheetsync.sync.refresh import Refreshed
    from sheetsync.workbooks.base import Plan


def dumps(answer: Any) -> str:
    """One JSON document, readable by people too."""
    return json.dumps(answer, ensure_ascii=False, indent=2, allow_nan=False)


def value(cell: Any) -> Any:
    """A cell as JSON has it: missing is null, a date is ISO text, numbers are numbers."""
    if missing(cell):
        return None
    if isinstance(cell, str | bool | int):
        return cell
    if hasattr(cell, "item"):  # a numpy scalar
        return value(cell.item())
    if isinstance(cell, float):
        if not math.isfinite(cell):
            return None
        # Spreadsheets know no integers; 60 is what stands in the cell, and not 60.0.
        return int(cell) if cell.is_integer() and abs(cell) < 2**53 else cell
    if isinstance(cell, datetime):
        midnight = cell.hour == cell.minute == cell.second == cell.microsecond == 0
        return cell.date().isoformat() if midnight else cell.isoformat(timespec="seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


def missing(cell: Any) -> bool:
    """None, NaN, NaT or NA, told without pandas."""
    try:
        return cell is None or bool(cell != cell)
    except TypeError:  # pandas.NA refuses to be true or false
        return True


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """A table as a list of objects, one per row."""
    columns = {str(name): [value(cell) for cell in objects(frame[name])] for name in frame}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def refreshed(done: Refreshed, summary: Mapping[str, Any]) -> dict[str, Any]:
    """What a refresh found and did, with a summary of the figures."""
    known = done.understood
    return {
        "workbook": known.snapshot.label,
        "today": known.book.today.isoformat(),
        "plan": plan(done.plan),
        "new_steps": list(done.new_steps),
        "receipt": asdict(done.receipt) if done.receipt else None,
        "traffic": asdict(done.traffic),
        "problems": [problem(found) for found in known.results.problems],
        "summary": summary,
        "seconds": {name: round(seconds, 3) for name, seconds in done.seconds.items()},
    }


def plan(planned: Plan) -> dict[str, Any]:
    """The counts of a plan, in all and per tab and column."""
    kinds = {"+": 0, "~": 0, "-": 0}
    for change in planned.changes:
        kinds[change.kind] += change.count
    return {
        "empty": planned.empty,
        "counts": kinds,
        "changes": [
            {
                "tab": change.tab,
                "column": change.column,
                "kind": change.kind,
                "count": change.count,
                "examples": [
                    {"key": key, "old": value(old), "new": value(new)}
                    for key, old, new in change.examples
                ],
            }
            for change in planned.changes
        ],
    }


def problem(found: Problem) -> dict[str, Any]:
    """A cell that was not understood."""
    return {
        "tab": found.tab,
        "column": found.column,
        "row": found.row,
        "key": found.key,
        "typed": found.typed,
        "code": found.code,
        "hint": found.hint or None,
    }


def objects(column: pd.Series) -> list[Any]:
    """The cells of a column as Python objects, missing ones as None."""
    return list(column.astype(object).where(column.notna(), None))
