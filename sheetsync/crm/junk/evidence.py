"""How much a word speaks for idle fingers, and against a name. [nat]

By Bayes' rule: to be 99 % sure that a cell is junk when one in fifty is, its letters have to be
49 x 99 times as probable under fingers on the keyboard as under names. What share is typed without
a thought is our reading of shops' forms; of mailboxes, which a form insists on, more than of names.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache

from sheetsync.crm.junk import keyboard
from sheetsync.crm.junk.letters import alphabet_of, log_add, model
from sheetsync.crm.junk.patterns import squeezed
from sheetsync.crm.junk.vocabulary import vocabulary

_SURE = 0.99
_AMONG_NAMES = 0.02
_AMONG_MAILBOXES = 0.05


def _enough(prior: float) -> float:
    return math.log(_SURE / (1 - _SURE)) - math.log(prior / (1 - prior))


ENOUGH = _enough(_AMONG_NAMES)
"""Evidence from which a name, or a company, is junk: about 8.5."""
ENOUGH_OF_MAILBOX = _enough(_AMONG_MAILBOXES)
"""The same of a mailbox: about 7.5."""
CLEARLY = -2.0
"""Evidence below which a word is one in a spelling that its writer did not see."""
_INITIALS_SHARE = 0.1
"""Of mailboxes that have initials written on to a name."""
_DOUBLED = 0.1
"""Of words that are typed without a thought, how many are typed twice over."""
_DOUBLED_NAMES = 0.01
"""The same of names; in China many are."""
_INITIALS_BEFORE = (1, 2)
_INITIALS_BEHIND = (1, 2, 3)


@lru_cache(maxsize=200_000)
def typing(word: str) -> float:
    """Evidence that a word in plain letters was typed without a thought.

    0 where it can't be told: in other scripts, in a mix of alphabets, in initials and the like.
    """
    alphabet = alphabet_of(word)
    if alphabet is None or len(word) < 3:
        return 0.0
    return keyboard.log_probability(word, alphabet) - model(alphabet).log_probability(word)


def walking(word: str) -> float:
    """Evidence that a word of letters and digits is a walk over the keys, minus infinite where it
    can be none. Digits in it say nothing for or against a name."""
    chance = keyboard.walk(word)
    if math.isinf(chance):
        return -math.inf
    letters = "".join(filter(str.isalpha, word))
    alphabet = alphabet_of(letters)
    if alphabet is None:
        return -math.inf
    return chance - model(alphabet).log_probability(letters)


def typing_or_initials(word: str) -> float:
    """:func:`typing`, where letters at either end may be initials: jsmith, ivanovaa, xiaoqzh."""
    alphabet = alphabet_of(word)
    if alphabet is None or len(word) < 5:
        return typing(word)
    letters = model(alphabet)
    initial = -math.log(len(letters.alphabet))
    lengths = [(n, 0) for n in _INITIALS_BEFORE] + [(0, n) for n in _INITIALS_BEHIND]
    readings = [letters.log_probability(word)]
    for before, behind in lengths:
        rest = word[before : len(word) - behind]
        if len(rest) > 3:
            joined = math.log(_INITIALS_SHARE / len(lengths)) + (before + behind) * initial
            readings.append(joined + letters.log_probability(rest))
    return keyboard.log_probability(word, alphabet) - log_add(*readings)


def doubling(word: str) -> float:
    """Evidence that a word of two equal halves was typed without a thought: ``dfgdfg``, but not
    ``Weiwei``."""
    half = word[: len(word) // 2]
    alphabet = alphabet_of(word)
    if alphabet is None or half + half != word:
        return -math.inf
    letters = model(alphabet)
    typed = keyboard.log_probability(half, alphabet) + math.log(_DOUBLED)
    doubled = letters.log_probability(half) + math.log(_DOUBLED_NAMES)
    return typed - log_add(letters.log_probability(word), doubled)


def is_name(word: str, below: float = 0.0) -> bool:
    """Whether a word of three letters and more is rather a word than typing."""
    return len(word) > 2 and (word in vocabulary().first_names or typing(word) < below)


def mashed(
    words: list[str], evidence: Callable[[str], float] = typing, enough: float = ENOUGH
) -> bool:
    """Whether a text of these words was typed without a thought.

    Words of one cell are of one language: what makes one odd makes the others odd, so only the
    oddest counts. One that is rather a name saves the text; so does one that clearly is a name in
    the other layout (``Fyyf`` is ``Анна``), or when it is not drawn out (``Леееена``).
    """
    if max(map(evidence, words), default=0.0) <= enough or any(map(is_name, words)):
        return False
    spellings = [*map(keyboard.other_layout, words), *map(squeezed, words)]
    return not any(is_name(word, CLEARLY) for word in spellings)
