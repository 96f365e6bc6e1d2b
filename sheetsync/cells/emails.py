"""E-mail addresses as people type them."""

from __future__ import annotations

import re

import pandas as pd

from sheetsync.cells.base import EMPTY, Parsed, Reading, read_distinct
from sheetsync.cells.text import ordinary, text_of

_LOCAL = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_ADDRESS = re.compile(rf"{_LOCAL}@(?:{_LABEL}\.)+(?:[a-z]{{2,}}|xn--[a-z0-9-]+)")
# A wholly Cyrillic domain is no slip of the keyboard: почта@магазин.рф.
_CYRILLIC_DOMAIN = re.compile(
    rf"(?:{_LOCAL}|[а-яёіў0-9._-]+)@(?:[а-яёіў0-9-]+\.)+"
    r"(?:рф|рус|москва|дети|онлайн|сайт|орг|ком|бел|укр)"
)
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_LOOK_ALIKES = str.maketrans("авеёкмнорстухіјѕ", "abeekmhopctyxijs")
_LONGEST = 254  # characters, RFC 5321 with erratum 1690

_AT = re.compile(r"\s*(?:[(\[{<]\s*(?:at|собака|a|@)\s*[)\]}>]|\s(?:at|собака)\s)\s*")
_DOT = re.compile(r"\s*(?:[(\[{]\s*(?:dot|точка)\s*[)\]}]|\s(?:dot|точка)\s)\s*")


def parse_emails(raw: pd.Series) -> Parsed:
    """E-mail addresses.

    Parameters
    ----------
    raw : Series of raw cells, shape (n,)

    Returns
    -------
    Parsed
        values of object: the address in lower case, None where empty or unreadable. ``mailto:``,
        ``Name <address>`` and a full stop behind are tolerated. A likely typo in the domain
        (``gmial.com``) is an address like any other. Problems: ``email.cyrillic`` (Cyrillic letters
        among Latin ones), ``email.several``, ``email.unreadable``.
    """
    return read_distinct(raw, _read, "object")


def _read(cell: object) -> Reading:
    if text_of(cell) is None:
        return EMPTY
    if not isinstance(cell, str):
        return Reading(problem="email.unreadable")
    text = _bare(ordinary(cell).lower())
    if _is_address(text):
        return Reading(text)
    several = [part for part in map(_bare, re.split(r"[\s,;/|]+", text)) if _is_address(part)]
    if len(several) > 1:
        return Reading(problem="email.several", hint=several[0])
    if "@" in text and " " not in text and _CYRILLIC.search(text):
        mended = re.sub(r"\.ру$", ".ru", text).translate(_LOOK_ALIKES)
        return Reading(problem="email.cyrillic", hint=mended if _is_address(mended) else None)
    return Reading(problem="email.unreadable", hint=several[0] if several else _mended(text))


def _bare(text: str) -> str:
    inside = re.search(r"<([^<>@]*@[^<>]*)>", text)
    text = inside[1] if inside else text
    return text.strip(" <>\"'.,;:()").removeprefix("mailto:").strip()


def _is_address(text: str) -> bool:
    known = _ADDRESS.fullmatch(text) or _CYRILLIC_DOMAIN.fullmatch(text)
    return known is not None and len(text) <= _LONGEST


def _mended(text: str) -> str | None:
    """The address that spelt-out signs, needless spaces or a comma for a dot would have made."""
    mended = _DOT.sub(".", _AT.sub("@", text)).replace(" ", "").replace(",", ".")
    return mended if _is_address(mended) else None
