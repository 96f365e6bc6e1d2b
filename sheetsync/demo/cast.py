"""Who plays in the demo: where leads come from, and who works with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Source:
    """A source of leads: its share of them, how many are junk, how many of the others buy, and how
    rich they are against the average."""

    share: float
    junk: float
    buys: float
    wealth: float


SOURCES: Mapping[str, Source] = {
    "recommendation": Source(0.13, 0.01, 0.46, 1.25),
    "repeat": Source(0.10, 0.00, 0.42, 1.20),
    "site": Source(0.20, 0.06, 0.24, 1.05),
    "search_ads": Source(0.21, 0.07, 0.18, 1.00),
    "social_ads": Source(0.17, 0.11, 0.08, 0.80),
    "portal": Source(0.13, 0.14, 0.05, 0.75),
    "walk_in": Source(0.06, 0.01, 0.28, 0.95),
}


@dataclass(frozen=True, slots=True)
class Manager:
    """One of the team: share of the leads, how well they sell, how long they take against the
    average, and how likely they are to do what the rules ask (date the next step, tick, log)."""

    role: str
    share: float
    sells: float
    pace: float
    care: float


TEAM = (
    Manager("operator", 0.34, 1.20, 0.8, 0.93),
    Manager("operator", 0.32, 1.00, 1.0, 0.88),
    Manager("operator", 0.23, 0.80, 1.3, 0.60),
    Manager("senior", 0.11, 1.15, 0.9, 0.96),
    Manager("owner", 0.00, 1.00, 1.0, 1.00),
)
SENIOR = 3
"""Place in the team of who confirms losses."""

USUAL_RATE = 5200.0
"""What a trip costs on average. [roubles per person and day]"""


def draw(rng: np.random.Generator, weights: Mapping[str, float], n: int) -> npt.NDArray[np.object_]:
    """``n`` of the keys, each as likely as its weight says."""
    chances = np.array(list(weights.values()))
    return np.array(list(weights), dtype=object)[
        rng.choice(len(chances), n, p=chances / chances.sum())
    ]


def of_source(keys: npt.NDArray[np.object_], what: str) -> Floats:
    """A field of :class:`Source` for the source of each lead."""
    by_key = {key: getattr(source, what) for key, source in SOURCES.items()}
    return np.array([by_key[key] for key in keys], dtype=np.float64)


def of_manager(frame: pd.DataFrame, what: str) -> Floats:
    """A field of :class:`Manager` for the manager of each lead."""
    of_team = np.array([getattr(manager, what) for manager in TEAM], dtype=np.float64)
    of_lead: Floats = of_team[frame["manager"].to_numpy()]
    return of_lead
