"""What sort of junk a cell with somebody's name is."""

from __future__ import annotations

import math
import re

from sheetsync.cells import fold
from sheetsync.crm.junk import keyboard
from sheetsync.crm.junk.evidence import ENOUGH, doubling, mashed, walking
from sheetsync.crm.junk.letters import alphabet_of, plain_letters
from sheetsync.crm.junk.nicknames import is_nickname, parts
from sheetsync.crm.junk.patterns import is_repeated, is_twice
from sheetsync.crm.junk.vocabulary import vocabulary

_ADDRESS = re.compile(r"@|://|\bwww\.", re.IGNORECASE)
_WORDS = re.compile(r"[^\W\d_]+")
_INITIALS = re.compile(r"\b[A-ZА-ЯЁ]{1,3}\b")
_TOKENS = re.compile(r"[^\W_]+")
_LONGEST = 200  # characters; what is longer is no name, and searched no further


def sort_of_name(typed: str) -> str | None:
    """The sort of junk that a name is, None for a name, or what may be one.

    An address in the wrong column, other scripts than Latin and Cyrillic, and remarks are no junk.
    """
    typed = typed[:_LONGEST].strip()
    if _ADDRESS.search(typed):
        return None
    folded = plain_letters(fold(typed.replace("№", " ")))
    words = _WORDS.findall(folded)
    if not words or (not _has_letters(words) and any(map(str.isdigit, folded))):
        return "digits" if typed.strip() else None
    if any(alphabet_of(word) is None for word in words):
        return None
    tokens = _TOKENS.findall(folded)
    if is_test(words):
        return "test"
    if is_walked(tokens):
        return "keyboard_walk"
    if is_repetition(words):
        return "repeats"
    humps = parts(typed)
    apart = [plain_letters(fold(part)) for part in humps] if len(humps) != len(words) else words
    if is_nickname(typed, apart, words):
        return "nickname"
    initials = {plain_letters(fold(word)) for word in _INITIALS.findall(typed)}
    return "gibberish" if mashed([word for word in words if word not in initials]) else None


def _has_letters(words: list[str]) -> bool:
    """A lone letter is an initial or a number's (``кв. 5``, ``№ 7а``), no name."""
    return any(len(word) > 1 or alphabet_of(word) is None for word in words)


def is_test(words: list[str]) -> bool:
    """Whether somebody tried the form: nothing but words for that, and walks over the keys."""
    known = vocabulary()
    tried = [word in known.test for word in words]
    beside = [word in known.test_beside for word in words]
    if any(tried):
        return all(map(any, zip(tried, beside, map(_is_walk, words), strict=True)))
    return all(beside) and len(set(words)) > 1


def _is_walk(word: str) -> bool:
    return math.isfinite(keyboard.walk(word))


def is_walked(tokens: list[str]) -> bool:
    """Whether words are walks over the keys, numbers aside, and no names."""
    worded = [token for token in tokens if not token.isdigit()]
    # "1qaz2wsx" walks over the digits, too; behind "asdf12" they are only that.
    lettered = [token.rstrip("0123456789") for token in worded]
    ways = (worded,) if worded == lettered else (worded, lettered)
    return bool(worded) and any(sum(map(walking, way)) > ENOUGH for way in ways)


def is_repetition(words: list[str]) -> bool:
    """Whether every word is a pattern of letters."""
    return all(is_repeated(word) or (is_twice(word) and doubling(word) > ENOUGH) for word in words)
