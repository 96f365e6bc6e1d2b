"""What sort of junk a phone number is.

Sources: the numbering plans of countries as Google's libphonenumber has them; for patterns, how
rarely a subscriber is given one (eight digits in a row: 20 of 100,000,000 numbers). Seven in a row
behind a real code (+7 916 123-45-67) are somebody's number, and everybody's favourite example.

Numbers reserved for fiction (+1 212 555-01xx) are no pattern: price lists and forms show them as
examples, and so do tests of this very program.
"""

from __future__ import annotations

import re
from itertools import pairwise

import pandas as pd
import phonenumbers
from phonenumbers import ValidationResult

from sheetsync import cells
from sheetsync.crm.junk.patterns import is_patterned, is_run, period

_SUBSCRIBER = 7
"""Digits that a subscriber is known by within an area or an operator, in most countries."""
_RUN = 8
"""Digits in a row that nobody is given."""
_FEWEST = 3
"""Digits of what may be meant as a number at all."""
# A spreadsheet kept only the first digits of a number: its fault, not the person's.
_NOT_THEIRS = ("phone.rounded",)


def sorts_of_phones(numbers: pd.Series) -> pd.Series:
    """The sort of junk that each valid number is.

    Parameters
    ----------
    numbers : Series of E.164, shape (n,)

    Returns
    -------
    Series of object, shape (n,), same index
        ``patterned`` or None.
    """
    found = ["patterned" if _is_patterned_number(number) else None for number in numbers]
    return pd.Series(found, index=numbers.index, dtype=object)


def sorts_of_unread_phones(raw: pd.Series, country: str) -> pd.Series:
    """The sort of junk that each cell is from which no valid number could be read.

    Parameters
    ----------
    raw : Series of raw cells, shape (n,)
    country : two letters (ISO 3166): how a number without a country code is read

    Returns
    -------
    Series of object, shape (n,), same index
        ``patterned``; ``impossible``: no number of this or the named country; None for a remark,
        for a number that lacks only its area code or its plus, and for one that a spreadsheet
        rounded.
    """
    problems = cells.parse_phones(raw, country=country)
    found = [
        _sort_of_unread(cell, problem, hint, country.strip().upper())
        for cell, problem, hint in zip(raw, problems.problems, problems.hints, strict=True)
    ]
    return pd.Series(found, index=raw.index, dtype=object)


def _sort_of_unread(cell: object, problem: object, hint: object, country: str) -> str | None:
    text = cells.show(cell)
    groups = re.findall(r"\d+", text)
    digits = "".join(groups)
    a_remark = sum(map(str.isalpha, text)) >= len(digits)
    if len(digits) < _FEWEST or a_remark or problem in _NOT_THEIRS or hint is not None:
        return None
    if _is_made_up(groups, country):
        return "patterned"
    return None if _lacks_area_code(digits, country) else "impossible"


def _is_patterned_number(e164: str) -> bool:
    digits = e164.removeprefix("+")
    subscriber = digits[-_SUBSCRIBER:]
    if is_run(digits[-_RUN:]) or period(subscriber) == 1:
        return True
    # At most three digits of a country code: without it, two digits in turn.
    return any(period(digits[code:]) <= 2 for code in (1, 2, 3))


def _is_made_up(groups: list[str], country: str) -> bool:
    """Whether typed groups of digits make a pattern, with or without the country's own code or
    trunk prefix in front."""
    digits = "".join(groups)
    code = str(phonenumbers.country_code_for_region(country))
    trunk = phonenumbers.ndd_prefix_for_region(country, strip_non_digits=True) or ""
    for front in dict.fromkeys(("", code, trunk)):
        if digits.startswith(front):
            rest = digits.removeprefix(front)
            if is_patterned(rest) or is_run(rest[-_SUBSCRIBER:]) or _is_flat(rest):
                return True
    # 111 22 33: every group one digit, and the digits themselves a run or the same.
    heads = "".join(group[0] for group in groups)
    return (
        len(groups) > 1
        and all(len(group) > 1 and period(group) == 1 for group in groups)
        and {int(b) - int(a) for a, b in pairwise(heads)} <= {0, 1, -1}
    )


def _is_flat(digits: str) -> bool:
    """Whether the last seven digits, or all of a shorter number, are one digit."""
    return len(digits) >= _FEWEST and period(digits[-_SUBSCRIBER:]) == 1


def _lacks_area_code(digits: str, country: str) -> bool:
    """Whether people of the country dial it within a town."""
    try:
        number = phonenumbers.parse(digits, country)
    except phonenumbers.NumberParseException:
        return False
    reason = phonenumbers.is_possible_number_with_reason(number)
    return bool(reason == ValidationResult.IS_POSSIBLE_LOCAL_ONLY)
