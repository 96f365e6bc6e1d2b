"""Tiers: what a score means, in the owner's own words, and how a lead of each tier is handled.

Inside there are four tiers by fixed keys; what people see, and what is to be done, stands in the
Settings tab.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

TIERS = ("a", "b", "c", "spam")
"""Keys, the best first."""

CLOSED = ("won", "lost", "spam", "partner", "not_a_lead")
"""Kinds of status with nothing left to handle."""


def tiers(scores: pd.Series, settings: Mapping[str, Any]) -> pd.Series:
    """The key of each score's tier by the borders in Settings; missing where the score is."""
    value = scores.to_numpy(dtype=float, na_value=np.nan)
    keys = np.select(
        [
            np.isnan(value),
            value >= float(settings["tier_a"]),
            value >= float(settings["tier_b"]),
            value < float(settings["spam_below"]),
        ],
        np.array([None, "a", "b", "spam"], dtype=object)[:, None],
        default="c",
    )
    return pd.Series(keys, scores.index, dtype=object)


def tier_names(settings: Mapping[str, Any]) -> dict[str, str]:
    """Tier key -> what the owner calls it."""
    return {tier: str(settings[f"tier_{tier}_name"]) for tier in TIERS}


def tier_keys(names: pd.Series, settings: Mapping[str, Any]) -> pd.Series:
    """Names of tiers as the Leads tab shows them -> keys; of two tiers with one name, the
    better."""
    worst_first = reversed(tier_names(settings).items())
    return names.map({name: tier for tier, name in worst_first})


def handling(keys: pd.Series, kinds: pd.Series, settings: Mapping[str, Any]) -> pd.Series:
    """What is to be done with each lead by its tier; missing where nothing is: the lead is closed,
    or has no tier.

    Parameters
    ----------
    keys, kinds : of the leads, same index; a lead whose status is not understood is open
    """
    to_do = {tier: str(settings[f"tier_{tier}_do"]) for tier in TIERS}
    texts: pd.Series = keys.map(to_do).astype(object)
    return texts.where(texts.notna() & ~kinds.isin(CLOSED), None)
