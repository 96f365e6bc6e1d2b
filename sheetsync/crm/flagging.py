"""Flags made for many leads at once."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from sheetsync.crm.base import no_flags


def flag(
    code: str,
    severity: int,
    rows: pd.Series,
    make: Callable[..., str],
    *about: pd.Series,
) -> pd.DataFrame:
    """One flag for every row that is true; the text is made once for each different ``about``.

    Parameters
    ----------
    code, severity : of every flag
    rows : boolean, indexed by lead id; missing counts as false
    make : the text of a flag, from the values of ``about``
    about : Series with the index of ``rows``
    """
    here = rows.to_numpy(dtype=bool, na_value=False)
    if not here.any():
        return no_flags()
    lead = rows.index[here]
    told = list(zip(*(column[here] for column in about), strict=True)) or [()] * len(lead)
    texts = {of: make(*of) for of in set(told)}
    text = pd.Series([texts[of] for of in told], dtype=object)
    return pd.DataFrame({"lead": lead, "severity": severity, "code": code, "text": text})
