"""Whether a cell that should name a company names none that can be."""

from __future__ import annotations

import re

from sheetsync.cells import fold
from sheetsync.crm.junk.evidence import mashed
from sheetsync.crm.junk.letters import alphabet_of, plain_letters
from sheetsync.crm.junk.names import is_repetition, is_test, is_walked
from sheetsync.crm.junk.patterns import is_patterned
from sheetsync.crm.junk.vocabulary import vocabulary

_WORDS = re.compile(r"[^\W\d_]+")
_TOKENS = re.compile(r"[^\W_]+")
_LONGEST = 200  # characters; what is longer is a remark, and searched no further
_ACRONYM = 8
"""Letters that an acronym may have: ЦНИИЧЕРМ, ВНИИЖТ; in it any letter may follow any."""
_SHORT = 4
"""Letters up to which any word may be a brand: МТС, ikea, Xbox, ЙоЙо."""


def sort_of_company(typed: str) -> str | None:
    """``no_company`` for what can't be a company, None for names and for a person without one."""
    folded = plain_letters(fold(typed[:_LONGEST]))
    words = _WORDS.findall(folded)
    if not words:
        digits = "".join(filter(str.isdecimal, folded))
        return "no_company" if not digits or is_patterned(digits) else None
    if any(alphabet_of(word) is None for word in words):
        return None
    known = vocabulary()
    if all(word in known.private for word in words):
        return None
    named = [word for word in words if word not in known.legal_form]
    # "n/a" is one word in two pieces.
    if all(word in known.no_company for word in named) or "".join(named) in known.no_company:
        return "no_company"
    tokens = [token for token in _TOKENS.findall(folded) if token not in known.legal_form]
    if is_test(named) or is_walked(tokens) or is_repetition(named):
        return None if _is_acronym(typed) else "no_company"
    return "no_company" if mashed(_spelled_out(typed)) else None


def _is_acronym(typed: str) -> bool:
    """All capitals, and short: ААА and ТТТ are firms."""
    words = [w for w in _WORDS.findall(typed) if fold(w) not in vocabulary().legal_form]
    return all(word.isupper() and len(word) <= _SHORT for word in words)


def _spelled_out(typed: str) -> list[str]:
    """The words of a name in plain letters, without acronyms, legal forms and short brands."""
    legal = vocabulary().legal_form
    words = _WORDS.findall(typed)
    long = [w for w in words if len(w) > _SHORT and not (w.isupper() and len(w) <= _ACRONYM)]
    return [word for word in (plain_letters(fold(w)) for w in long) if word not in legal]
