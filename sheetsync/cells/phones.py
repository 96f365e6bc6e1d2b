"""Phones as people type them, by the rules of Google's libphonenumber."""

from __future__ import annotations

import re

import pandas as pd
import phonenumbers
from phonenumbers import Leniency, PhoneNumber, PhoneNumberFormat, ValidationResult

from sheetsync.cells.base import (
    EMPTY,
    Parsed,
    Reading,
    as_number,
    distinct,
    is_tick,
    read_distinct,
    spread,
)
from sheetsync.cells.text import plain, text_of

_PARTED = re.compile(r"[;,/|]|\s(?:и|или|and|or)\s")
_EXTENSION = re.compile(r"[\s,;]*(?:доб|доп|вн|внутр|ext|x|#)\.?\s?:?\s?\d{1,6}\.?$")
_ROUNDED = re.compile(r"\d[.,]\d+e\+?\d+")
_REASONS = {
    ValidationResult.TOO_SHORT: "phone.too_short",
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: "phone.too_short",
    ValidationResult.TOO_LONG: "phone.too_long",
}
_LONGEST = 15  # digits of a number with its country code, ITU-T E.164
_LEAST = 5  # digits; with fewer a text is rather a remark
_TWO = 12  # digits; with fewer there can't be two numbers
_REMARK = 200  # characters; what is longer is searched no further


def parse_phones(raw: pd.Series, *, country: str) -> Parsed:
    """Phone numbers.

    Parameters
    ----------
    raw : Series of raw cells, shape (n,)
        Texts, or numbers where a spreadsheet took the digits for one.
    country : str
        Two letters (ISO 3166): how a number without a country code is read.

    Returns
    -------
    Parsed
        values of object: E.164 (``"+79161234567"``), None where empty or where no number is both
        possible and valid. Of several in one cell it is the first such; :func:`other_phones` has
        the rest. An extension is left out. Problems: ``phone.too_short``, ``phone.too_long``,
        ``phone.impossible``, ``phone.rounded`` (a program kept only the first digits),
        ``phone.unreadable``.
    """
    region = country.strip().upper()
    return read_distinct(raw, lambda cell: _read(cell, region), "object")


def other_phones(raw: pd.Series, *, country: str) -> pd.Series:
    """The second and further phone numbers of each cell.

    Returns
    -------
    Series of object, shape (n,), same index
        Tuples of E.164, mostly empty.
    """
    region = country.strip().upper()
    cells, places = distinct(raw)
    texts = [plain(cell) if isinstance(cell, str) else "" for cell in cells]
    rest = [
        tuple(_numbers(text, region)[1:]) if len(_digits(text)) >= _TWO else () for text in texts
    ]
    return spread(rest, places, raw.index)


def phone_text(e164: str, country: str) -> str:
    """A number as people read it: ``+7 916 123-45-67``.

    ``country`` is how a number without a country code is read; what is no number comes back as it
    is.
    """
    number = _parse(e164, country.strip().upper())
    if number is None:
        return e164
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)


def _read(cell: object, region: str) -> Reading:
    typed = text_of(cell)
    if typed is None:
        return EMPTY
    number = as_number(cell)
    if number is not None and abs(number) >= 10**_LONGEST:
        return Reading(problem="phone.too_long")
    if number is not None and (number < 0 or not number.is_integer()):
        return Reading(problem="phone.unreadable")
    if is_tick(cell) or not (number is not None or isinstance(cell, str)):
        return Reading(problem="phone.unreadable")
    text = plain(typed)
    found = _numbers(text, region)
    return Reading(found[0]) if found else _explain(text, region)


def _numbers(text: str, region: str) -> list[str]:
    """Every number in a text that is possible and valid, as E.164, in order, once."""
    whole = _valid(_EXTENSION.sub("", text), region)
    if whole is not None:
        return [whole]
    if len(text) > _REMARK or len(_digits(text)) < _LEAST:
        return []
    found: list[str] = []
    for piece in _PARTED.split(text):
        found += _in_piece(_EXTENSION.sub("", piece), region)
    return list(dict.fromkeys(found))


def _in_piece(piece: str, region: str) -> list[str]:
    whole = _valid(piece, region)
    if whole is not None:
        return [whole]
    if len(_digits(piece)) >= _TWO:  # perhaps two numbers with nothing but a space between
        words = piece.split()
        for cut in range(1, len(words)):
            first = _valid(" ".join(words[:cut]), region)
            rest = _in_piece(" ".join(words[cut:]), region) if first is not None else []
            if first is not None and rest:
                return [first, *rest]
    matches = phonenumbers.PhoneNumberMatcher(piece, region, leniency=Leniency.VALID)
    return [_e164(match.number) for match in matches]


def _explain(text: str, region: str) -> Reading:
    """Why a text holds no number."""
    if _ROUNDED.search(text):
        return Reading(problem="phone.rounded")
    pieces = [text, *_PARTED.split(text)] if len(_digits(text)) <= _LONGEST else _PARTED.split(text)
    piece = next((piece for piece in pieces if len(_digits(piece)) >= _LEAST), text)
    digits = _digits(piece)
    if not digits or (len(digits) < _LEAST and any(map(str.isalpha, text))):
        return Reading(problem="phone.unreadable")
    if len(digits) < _LEAST:
        return Reading(problem="phone.too_short")
    if len(digits) > _LONGEST:
        return Reading(problem="phone.too_long")
    return Reading(problem=_length_problem(piece, region), hint=_mended(digits, region))


def _length_problem(text: str, region: str) -> str:
    """Whether digits are missing or too many, where the country's numbers tell. The trunk prefix
    (8 in Russia, 0 in Germany) is not one of them."""
    digits = _digits(text)
    trunk = phonenumbers.ndd_prefix_for_region(region, strip_non_digits=True)
    if trunk and digits.startswith(trunk) and "+" not in text:
        country_code = phonenumbers.country_code_for_region(region)
        text = f"+{country_code}{digits.removeprefix(trunk)}"
    number = _parse(text, region)
    if number is None and "+" not in text:
        number = _parse(digits, region)
    if number is None:
        return "phone.impossible"
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason == ValidationResult.INVALID_LENGTH:  # between two lengths that occur
        example = phonenumbers.example_number(region)
        usual = len(phonenumbers.national_significant_number(example)) if example else _LONGEST
        typed = len(phonenumbers.national_significant_number(number))
        return "phone.too_long" if typed > usual else "phone.too_short"
    return _REASONS.get(reason, "phone.impossible")


def _mended(digits: str, region: str) -> str | None:
    """The number that a missing or needless ``+``, or 00 for it, would have made."""
    for text in ("+" + digits.removeprefix("00"), digits):
        number = _parse(text, region)
        somewhere = number and phonenumbers.region_code_for_number(number) not in (None, "001")
        if somewhere and _valid(text, region):
            return phone_text(text, region)
    return None


def _valid(text: str, region: str) -> str | None:
    number = _parse(text, region)
    if number is None or not phonenumbers.is_possible_number(number):
        return None
    return _e164(number) if phonenumbers.is_valid_number(number) else None


def _parse(text: str, region: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None


def _e164(number: PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _digits(text: str) -> str:
    return "".join(filter(str.isdecimal, text))
