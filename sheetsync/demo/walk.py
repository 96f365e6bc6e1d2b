"""How leads go through the statuses: which way each takes, and when it moves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from sheetsync.demo.cast import USUAL_RATE, draw, of_manager, of_source

OPEN = ("new", "contacted", "parked", "options", "meeting", "prepaid")

LETTERS = {
    "N": "new",
    "C": "contacted",
    "K": "parked",
    "O": "options",
    "M": "meeting",
    "P": "prepaid",
    "W": "won",
    "L": "lost",
    "S": "spam",
    "B": "partner",
    "X": "not_a_lead",
}

# Ways through the statuses with their weights: as the rules have it, and as a careless manager
# leaves it, with stages that were never marked and cards that went back.
_TIDY: Mapping[str, Mapping[str, float]] = {
    "won": {"NCOMPW": 45, "NCOPW": 40, "NCKOPW": 9, "NCKOMPW": 6},
    "lost": {"NCL": 30, "NCOL": 40, "NCOML": 12, "NCKL": 8, "NCKOL": 6, "NCOPL": 3, "NL": 1},
    "spam": {"NS": 85, "NCS": 15},
    "partner": {"NB": 70, "NCB": 30},
    "not_a_lead": {"NX": 85, "NCX": 15},
}
_CARELESS: Mapping[str, Mapping[str, float]] = {
    **_TIDY,
    "won": {"NOPW": 35, "NCPW": 30, "NCOCOPW": 20, "NOMPW": 15},
    "lost": {"NL": 35, "NOL": 30, "NCOCL": 20, "NCOL": 15},
}
_LONGEST = max(len(way) for table in (_TIDY, _CARELESS) for ways in table.values() for way in ways)

# Mean days before a status is entered.
_PAUSE = {
    "C": 1.0,
    "K": 4.0,
    "O": 4.0,
    "M": 6.0,
    "P": 6.0,
    "W": 15.0,
    "L": 21.0,
    "S": 0.8,
    "B": 1.5,
    "X": 0.6,
}
_PARKED_DAYS = (20.0, 90.0)

_PARTNERS, _STRANGERS = 0.02, 0.02
# How many of the lost leads are never closed: by anybody, and more by who takes no care at all.
_FORGOTTEN, _NEGLECTED = 0.012, 0.12


def walk(rng: np.random.Generator, frame: pd.DataFrame, today: date) -> pd.DataFrame:
    """The way of every lead through the statuses, up to yesterday evening.

    Parameters
    ----------
    frame : DataFrame, a line per lead: created, source, manager, people, days, budget

    Returns
    -------
    DataFrame, a line per change of status: lead (place in ``frame``), number, at, from_, to
    """
    fate = _fates(rng, frame)
    path = _paths(rng, frame, fate)
    at = _times(rng, frame, path)
    happened = (path != " ") & (at < np.datetime64(today))
    happened[:, 0] = True
    chance = _FORGOTTEN + _NEGLECTED * (1 - of_manager(frame, "care"))
    forgotten = (fate == "lost") & (rng.random(len(frame)) < chance)
    # A card that went back by mistake is forgotten where it went.
    kept = np.where(path[:, 3] == "C", 4, 2)
    happened &= ~forgotten[:, None] | (np.arange(_LONGEST) < kept[:, None])
    lead, step = happened.nonzero()
    to = pd.Series(path[lead, step]).map(LETTERS)
    return pd.DataFrame(
        {
            "lead": lead,
            "number": step + 1,
            "at": pd.Series(at[lead, step]).astype("datetime64[us]"),
            "from_": to.shift(1).where(pd.Series(step > 0), ""),
            "to": to,
        }
    )


def _paths(
    rng: np.random.Generator, frame: pd.DataFrame, fate: npt.NDArray[np.object_]
) -> npt.NDArray[np.str_]:
    """A letter per lead and move, shape (leads, longest way), blank after the end."""
    tidy = rng.random(len(frame)) < of_manager(frame, "care")
    ways = np.empty(len(frame), dtype=object)
    for table, taken in ((_TIDY, tidy), (_CARELESS, ~tidy)):
        for end, weights in table.items():
            here = taken & (fate == end)
            ways[here] = draw(rng, weights, int(here.sum()))
    return np.array([list(way.ljust(_LONGEST)) for way in ways])


def _times(
    rng: np.random.Generator, frame: pd.DataFrame, path: npt.NDArray[np.str_]
) -> npt.NDArray[np.datetime64]:
    """When each move is made, by the minute, shape of ``path``."""
    pause = np.zeros(path.shape)
    for letter, mean in _PAUSE.items():
        here = path == letter
        pause[here] = rng.gamma(2.0, mean / 2, int(here.sum()))
    pause *= of_manager(frame, "pace")[:, None]
    parked = path[:, :-1] == "K"
    pause[:, 1:][parked] = rng.uniform(*_PARKED_DAYS, int(parked.sum()))
    pause[:, 0] = rng.uniform(0.0, 0.5, len(frame))
    elapsed = pause.cumsum(axis=1)
    # A day's fraction becomes an hour between ten and seven.
    day, hour = np.floor(elapsed), 10 + 9 * (elapsed % 1)
    minutes: npt.NDArray[np.timedelta64] = (day * 1440 + hour * 60).astype("timedelta64[m]")
    created: npt.NDArray[np.datetime64] = frame["created"].to_numpy("datetime64[m]")
    at: npt.NDArray[np.datetime64] = created[:, None] + minutes
    return at


def _fates(rng: np.random.Generator, frame: pd.DataFrame) -> npt.NDArray[np.object_]:
    """How each lead will end if it is given the time."""
    n = len(frame)
    rate = (frame["budget"] / frame["people"] / frame["days"]).to_numpy()
    interest = np.clip(np.sqrt(rate / USUAL_RATE), 0.6, 1.5)
    source = frame["source"].to_numpy(dtype=object)
    buys = of_source(source, "buys") * of_manager(frame, "sells") * interest
    first, second = rng.random(n), rng.random(n)
    junk = of_source(source, "junk")
    return np.select(
        [
            first < junk,
            first < junk + _PARTNERS,
            first < junk + _PARTNERS + _STRANGERS,
            second < buys,
        ],
        ["spam", "partner", "not_a_lead", "won"],
        "lost",
    ).astype(object)
