"""Typed text <-> values: dates, money, phones, e-mails, numbers, yes/no and names of lists.

Every parser takes a whole column of raw cells and gives values *and* problems: a cell that
cannot be understood has a missing value and a problem code, an empty cell has neither. Each
distinct text is parsed once. Nothing here guesses in silence.
"""

from __future__ import annotations

from sheetsync.cells.base import Parsed
from sheetsync.cells.dates import parse_dates, parse_datetimes
from sheetsync.cells.emails import parse_emails
from sheetsync.cells.lists import match_names, parse_bools, read_bool, split_aliases
from sheetsync.cells.money import parse_money
from sheetsync.cells.numbers import parse_numbers, read_number
from sheetsync.cells.phones import other_phones, parse_phones, phone_text
from sheetsync.cells.text import fold, show, text_values

__all__ = [
    "Parsed",
    "fold",
    "match_names",
    "other_phones",
    "parse_bools",
    "parse_dates",
    "parse_datetimes",
    "parse_emails",
    "parse_money",
    "parse_numbers",
    "parse_phones",
    "phone_text",
    "read_bool",
    "read_number",
    "show",
    "split_aliases",
    "text_values",
]
