"""A plan that is too large for one request, cut into portions that can stand alone.

Each portion has everything about some of the rows: their keys, their results, the lines that are
appended about them. So after each of them the sheet is as after a refresh in which the other rows
did not change, and a refresh that dies between two portions leaves nothing half done.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from sheetsync.layout import Tab
from sheetsync.workbooks.base import Keyed, Plan
from sheetsync.workbooks.google.batch import Batch, build

Belongs = Callable[[object], bool]

LARGE = 1_800_000
"""Bytes of requests that a portion should have at most. Google advises bodies of 2 MB, and ends
what takes longer than 180 s."""


def portions(plan: Plan, large: int = LARGE) -> Iterator[Batch]:
    """The batches of a plan; usually one. Each has to be applied before the next is asked for."""
    appended: dict[str, int] = {}
    batch = build(plan, appended)
    count = math.ceil(_size(batch) / large)
    main = _main(plan)
    if count < 2 or main is None:
        yield batch
        return
    rows = plan.keyed[main].values.index
    for number, part in enumerate(np.array_split(np.arange(len(rows)), count)):
        portion = _portion(plan, rows, part, last=number == count - 1)
        yield build(portion, appended)
        for tab, frame in portion.appends.items():
            appended[tab] = appended.get(tab, 0) + len(frame)


def _size(batch: Batch) -> int:
    return sum(len(json.dumps(each, ensure_ascii=False).encode()) for each in batch.requests)


def _main(plan: Plan) -> str | None:
    """The tab that portions are made by: the one with most keys of those that hand them out."""
    tabs = [key for key in plan.keyed if plan.layout[key].ids is not None]
    return max(tabs, key=lambda key: len(plan.keyed[key].values), default=None)


def _portion(plan: Plan, keys: pd.Index, part: np.ndarray, *, last: bool) -> Plan:
    mine = set(keys[part])
    others = set(keys) - mine

    def belongs(key: object) -> bool:
        """Its row's portion; what is of no row of the main tab comes last."""
        return key in mine or (last and key not in others)

    return replace(
        plan,
        keyed={key: _some(keyed, belongs) for key, keyed in plan.keyed.items()},
        tables=plan.tables if last else {},
        appends=_nonempty(
            {
                key: frame[_belonging(plan.layout[key], frame, set(keys), belongs, last)]
                for key, frame in plan.appends.items()
            }
        ),
    )


def _some(keyed: Keyed, belongs: Belongs) -> Keyed:
    mine = [key for key in keyed.values.index if belongs(key)]
    keep = set(mine)
    return replace(
        keyed,
        keys=keyed.keys[keyed.keys.isin(keep)],
        new_keys={row: key for row, key in keyed.new_keys.items() if key in keep},
        values=keyed.values.loc[mine],
    )


def _belonging(
    tab: Tab, frame: pd.DataFrame, keys: set[object], belongs: Belongs, last: bool
) -> pd.Series:
    """Which rows of a frame name a key of the portion, in any column that holds ids."""
    for column in tab.columns:
        if column.type == "id" and column.key in frame and frame[column.key].isin(keys).any():
            return frame[column.key].map(belongs).astype(bool)
    return pd.Series(last, index=frame.index)


def _nonempty(frames: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    return {key: frame.reset_index(drop=True) for key, frame in frames.items() if len(frame)}
