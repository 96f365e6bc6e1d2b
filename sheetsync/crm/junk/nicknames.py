"""Nicknames that carry no name: words for nobody in particular, and names of accounts."""

from __future__ import annotations

import re

from sheetsync.crm.junk.vocabulary import vocabulary

_PARTS = re.compile(r"[^\W\d_]+")
# How accounts are called: one word with an underscore, a year behind, or a digit for a letter.
_ACCOUNT = re.compile(r"\w+")
_SIGNS = re.compile(r"_|[^\W\d_]\d{2,}|[^\W\d_]\d+[^\W\d_]")
_HUMP = re.compile(r"(?<=[^\W\d_A-ZА-ЯЁ])(?=[A-ZА-ЯЁ])")
# The commonest endings of surnames in the countries around Russia.
_SURNAME = re.compile(
    r".{2,}(?:[оеё]в|[ыи]н|[оеё]ва|[ыи]на|ск(?:ий|ая|ой)|енко|чук|юк|[яа]н|швили|дзе|[ое]вич"
    r"|[eo]va?|ina?|yna?|sk(?:i|y|ij|iy|aya|aia|oi|oy)|enko|chuk|yuk|iuk|yan|ian|shvili|dze|[oe]vich)"
)
_LEAST = 4
"""Letters of a name or a word that another is written on to."""


def parts(text: str) -> list[str]:
    """The words of a nickname as it is typed, humps of ``DarkLord`` apart, not yet folded."""
    return _PARTS.findall(_HUMP.sub(" ", text))


def is_nickname(typed: str, words: list[str], whole: list[str]) -> bool:
    """Whether a cell is a bare nickname.

    Parameters
    ----------
    typed : the cell
    words : its :func:`parts`, folded, in plain letters
    whole : its words with humps in them, folded, in plain letters
    """
    known = vocabulary()
    if whole and all(word in known.nickname for word in whole):
        return True
    account = (
        sum(map(len, words)) >= _LEAST
        and _ACCOUNT.fullmatch(typed) is not None
        and _SIGNS.search(typed) is not None
    )
    pieces = [piece for word in words for piece in _pieces(word)]
    if pieces and all(piece in known.parts for piece in pieces):
        if account or any(piece in known.nickname for piece in pieces):
            return True
        # Freeman and Goldman are names; FreeMan and "mega man" are none.
        hump = " " not in typed and len(words) > 1
        return hump or (len(pieces) > 1 and not known.boast.isdisjoint(pieces))
    # "lead_15" is how a form names somebody who gave no name.
    by_form = all(word in known.test_beside for word in words)
    return account and not by_form and not any(map(_names_somebody, words))


def _pieces(word: str) -> list[str]:
    """A word as two known pieces, or as it is."""
    known = vocabulary()
    if word not in known.parts:
        for cut in range(_LEAST, len(word) - _LEAST + 1):
            if word[:cut] in known.parts and word[cut:] in known.parts:
                return [word[:cut], word[cut:]]
    return [word]


def _names_somebody(word: str) -> bool:
    known = vocabulary()
    starts = (word[:end] for end in range(_LEAST, len(word) + 1))
    return (
        word in known.short_name
        or _SURNAME.fullmatch(word) is not None
        or any(start in known.first_names or start in known.short_name for start in starts)
    )
