"""What happened in the sample agency, in no language: keys, numbers and dates.

Everything is drawn column by column from seeded generators, so the same seed and day tell the same
story however it is written down afterwards. All shares are invented.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from sheetsync.demo import scenes
from sheetsync.demo.cast import SOURCES, TEAM, USUAL_RATE, draw, of_manager, of_source
from sheetsync.demo.scenes import Scenes
from sheetsync.demo.walk import OPEN, walk

MONTHS = 8
"""How far back the first lead goes."""

_CHECKED_IN = 3
"""Days in which the senior gets round to a loss."""

# People ask about summer in spring and about New Year in autumn, and rest on Sundays.
_SEASON = (0.9, 1.0, 1.15, 1.2, 1.25, 1.1, 0.85, 0.75, 0.85, 1.0, 1.2, 1.25)
_WEEK = (1.25, 1.15, 1.1, 1.1, 1.05, 0.7, 0.35)

_REASONS = {
    "price": 0.27,
    "elsewhere": 0.22,
    "plans": 0.14,
    "silent": 0.16,
    "office": 0.07,
    "no_seats": 0.05,
    "visa": 0.03,
    "shopper": 0.06,
}


@dataclass(frozen=True)
class Story:
    """What happened.

    Parameters
    ----------
    leads : DataFrame, a line per lead in the order they came
        created (datetime64, a day), who (place of the lead with which this person came first),
        source, status (keys of the kind ``travel``), manager (place in TEAM), since (datetime64,
        when the status was entered), people, days, budget (roubles), amount (roubles, NaN unless
        won), knows_budget, knows_people, knows_days (bool: whether anybody asked), next_action
        (datetime64, NaT for none), loss_reason (key or None), proposed (bool: a loss that nobody
        has approved yet), comment, request (what sort, see the texts; "" for none), place, words
        (int >= 0, to choose among texts of a sort), furthest (place of the furthest status in OPEN;
        len(OPEN) for a sale)
    moves : DataFrame, a line per change of status, by lead and time
        lead (place in ``leads``), number (from 1), at (datetime64), from_ ("" for the first), to
    scenes : who has a part of his own
    """

    leads: pd.DataFrame
    moves: pd.DataFrame
    scenes: Scenes


def tell(leads: int, today: date, seed: int) -> Story:
    """Draw a story of ``leads`` leads that ends on ``today``."""
    asked, walked, planned = (
        np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(3)
    )
    frame = _requests(asked, leads, today)
    moves = walk(walked, frame, today)
    last = moves.groupby("lead").tail(1).set_index("lead")
    frame["status"], frame["since"] = last["to"], last["at"].dt.normalize()
    forward = moves["to"].map({name: place for place, name in enumerate([*OPEN, "won"])})
    frame["furthest"] = forward.groupby(moves["lead"]).max().astype(int)
    _outcome(planned, frame, today)
    _next_actions(planned, frame, today)
    _comments(planned, frame)
    parts = scenes.cast(frame, fresh(leads))
    frame["who"] = scenes.who(frame, parts)
    return Story(frame, moves, parts)


def fresh(leads: int) -> int:
    """How many of the leads came today: on no day does the demo open without a new one."""
    return min(max(3, leads // 100), leads - 1)


def _requests(rng: np.random.Generator, n: int, today: date) -> pd.DataFrame:
    """Who came when, from where, to whom, and wanting what."""
    end = pd.Timestamp(today)
    days = pd.date_range(end - pd.DateOffset(months=MONTHS) + pd.Timedelta(days=1), end)
    chances = np.take(_SEASON, days.month - 1) * np.take(_WEEK, days.day_of_week)
    came = np.sort(rng.choice(len(days), n, p=chances / chances.sum()))
    came[n - fresh(n) :] = len(days) - 1
    source = draw(rng, {key: of.share for key, of in SOURCES.items()}, n)
    rate = USUAL_RATE * of_source(source, "wealth") * rng.lognormal(0.0, 0.5, n)
    people = rng.choice([1, 2, 3, 4, 5, 6], n, p=[0.09, 0.46, 0.2, 0.17, 0.04, 0.04])
    length = rng.choice([5, 7, 10, 12, 14], n, p=[0.12, 0.36, 0.26, 0.14, 0.12])
    budget = np.maximum(np.round(people * length * rate, -4), 20_000.0)
    created = pd.Series(days[came])
    who = np.arange(n)
    again = (source == "repeat") & (rng.random(n) < 0.35)
    who[again] = (rng.random(int(again.sum())) * who[again]).astype(who.dtype)
    winter = created.dt.month.ge(10).to_numpy() & (rng.random(n) < 0.25)
    sort = np.select(
        [winter, rng.random(n) < 0.08, rng.random(n) < 0.03, rng.random(n) < 0.86],
        ["new_year", "last_minute", "unknown", "requests"],
        "",
    )
    return pd.DataFrame(
        {
            "created": created,
            "who": who,
            "source": source,
            "manager": rng.choice(len(TEAM), n, p=[m.share for m in TEAM]),
            "people": people,
            "days": length,
            "budget": budget,
            "knows_budget": rng.random(n) < 0.76,
            "knows_people": rng.random(n) < 0.86,
            "knows_days": rng.random(n) < 0.74,
            "request": sort,
            "place": rng.integers(0, 1 << 16, n),
            "words": rng.integers(0, 1 << 16, n),
        }
    )


def _outcome(rng: np.random.Generator, frame: pd.DataFrame, today: date) -> None:
    """What a closed lead brought, or why it was lost and whether that is approved: of the latest
    losses some are not yet, and one before them was forgotten."""
    n = len(frame)
    amount = (frame["budget"] * rng.uniform(0.9, 1.15, n)).round(-2)
    frame["amount"] = amount.where(frame["status"].eq("won"))
    lost = frame["status"].eq("lost")
    said = rng.random(n) < 0.92
    reason = pd.Series(draw(rng, _REASONS, n), dtype=object)
    unchecked = lost & (rng.random(n) >= of_manager(frame, "care") ** 2)
    ago = (pd.Timestamp(today) - frame["since"]).dt.days
    proposed = unchecked & (ago <= _CHECKED_IN)
    before = ago[unchecked & ~proposed]
    if len(before):
        proposed[before.idxmin()] = True
    frame["proposed"] = proposed
    frame["loss_reason"] = reason.where(lost & (said | ~proposed), None)


def _next_actions(rng: np.random.Generator, frame: pd.DataFrame, today: date) -> None:
    """What was promised for when: late, today, later, or nothing."""
    n, now = len(frame), pd.Timestamp(today)
    care = of_manager(frame, "care")
    stands = (now - frame["since"]).dt.days.to_numpy()
    stale = (stands > 35) & frame["status"].ne("parked").to_numpy()
    late = stale | (rng.random(n) < 0.14 + 0.75 * (1 - care))
    chance = rng.random(n)
    ahead = np.where(frame["status"].eq("parked"), rng.integers(5, 75, n), rng.integers(1, 9, n))
    # A promise can't be older than the status in which it was made.
    behind = np.minimum(rng.integers(1, 15, n), stands)
    shift = np.select([stale, late, chance < 0.14], [2 - stands, -behind, 0], ahead)
    fresh = frame["status"].eq("new").to_numpy()
    none = rng.random(n) < np.where(fresh, 0.6, 0.04 + 0.2 * (1 - care))
    dated = frame["status"].isin(OPEN) & ~none
    frame["next_action"] = (
        (now + pd.to_timedelta(shift, unit="D")).to_series(index=frame.index).where(dated)
    )


def _comments(rng: np.random.Generator, frame: pd.DataFrame) -> None:
    """What sort of comment stands in each row."""
    n = len(frame)
    near = frame["status"].isin(["won", "prepaid", "meeting"]).to_numpy()
    turned = frame["loss_reason"].isin(["office", "shopper"]).to_numpy()
    chance = rng.random(n)
    frame["comment"] = np.select(
        [
            near & (chance < 0.45),
            turned | (frame["status"].eq("lost").to_numpy() & (chance < 0.12)),
            frame["status"].eq("parked").to_numpy(),
            frame["status"].eq("lost").to_numpy() & (chance < 0.5),
            chance > 0.95,
            chance > 0.62,
        ],
        ["keen", "cold", "parked", "lost", "emoji", "plain"],
        "",
    )
