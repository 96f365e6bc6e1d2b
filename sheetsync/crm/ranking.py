"""The order of leads in lists that people work through from the top."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from sheetsync.crm.scoring.tiers import TIERS


def ranked(frame: pd.DataFrame, causes: Sequence[str]) -> pd.DataFrame:
    """The lines in order: by cause, the better tier first, the longer wait, the higher score, the
    id; spam behind everybody else, whatever its cause.

    Parameters
    ----------
    frame : indexed by lead id: cause, days (Int64), tier ("a", "b", "c", "spam"), score (Int64)
    causes : all of them, in order
    """
    rank = pd.DataFrame(
        {
            "spam": frame["tier"].eq("spam"),
            "cause": frame["cause"].map({cause: place for place, cause in enumerate(causes)}),
            "tier": frame["tier"].map({tier: place for place, tier in enumerate(TIERS)}),
            "days": -frame["days"].fillna(0).astype(int),
            "score": -frame["score"].fillna(0).astype(int),
            "lead": frame.index,
        }
    )
    return frame.loc[rank.sort_values(list(rank.columns), kind="stable").index]
