"""What sort of junk an e-mail address is."""

from __future__ import annotations

import re
from functools import cache

import phonenumbers
from disposable_email_domains import blocklist

from sheetsync.cells import fold
from sheetsync.crm.junk.evidence import ENOUGH_OF_MAILBOX, is_name, mashed, typing_or_initials
from sheetsync.crm.junk.letters import plain_letters
from sheetsync.crm.junk.names import is_repetition, is_test, is_walked
from sheetsync.crm.junk.patterns import is_patterned
from sheetsync.crm.junk.vocabulary import vocabulary

_LETTERS = re.compile(r"[^\W\d_]+")
_TOKENS = re.compile(r"[^\W_]+")
_SWITCH = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
_SWITCHES = 3
"""Changes between letters and digits from which a machine, or a cat, made the word up."""
_A_PHONE = 10
"""Digits that may be a phone's."""
_SHORT = 3
"""Letters that may be somebody's initials."""
_SHORT_IN_A_FIRM = 6
"""Letters that may be a department's, or a short for the firm: otk, mpsnab."""
_SHORTEST = 5
"""Digits of a mailbox of digits alone that somebody may have chosen: a birthday, a number."""


def sort_of_email(typed: str, country: str) -> str | None:
    """The sort of junk that an address is, None for any that people have.

    Parameters
    ----------
    typed : an address, or what was typed instead of one
    country : of the shop, two letters, to know phone numbers
    """
    local, at, domain = fold(typed).rpartition("@")
    if not at:
        local, domain = domain, ""
    if " " in local.strip():
        return None
    domain = domain.strip(" .>")
    if _is_disposable(domain):
        return "disposable"
    if not at and _TOKENS.fullmatch(local) is None:
        return None
    return "random_mailbox" if _is_random(local, domain, country) else None


@cache
def _is_disposable(domain: str) -> bool:
    """Whether a domain, or one that it is under, is of a service for throw-away addresses."""
    labels = domain.split(".")
    return any(".".join(labels[start:]) in blocklist for start in range(len(labels) - 1))


def _is_random(local: str, domain: str, country: str) -> bool:
    if domain in vocabulary().relay:
        return False
    local = local.partition("+")[0] or local
    tokens = _TOKENS.findall(plain_letters(local))
    digits = "".join(filter(str.isdecimal, local))
    letters = _LETTERS.findall(plain_letters(local))
    if not letters:
        return _is_number(digits, domain, country)
    label = domain.partition(".")[0]
    known = vocabulary()
    if (domain and local in known.no_mailbox) or (local in known.a_mailbox and local == label):
        return True
    if len(local) == 1 and local == label:
        return True
    if is_test(letters) or is_walked(tokens) or is_repetition(letters):
        return True
    if len(_SWITCH.findall(local)) >= _SWITCHES and not any(map(is_name, letters)):
        return True
    return _is_mashed(letters, domain)


def _is_number(digits: str, domain: str, country: str) -> bool:
    """Whether a mailbox of digits alone is made up."""
    if not digits or domain in vocabulary().numbered_mail:
        return False
    if len(digits) >= _A_PHONE and _is_phone(digits, country):
        return False
    return len(digits) < _SHORTEST or is_patterned(digits)


def _is_phone(digits: str, country: str) -> bool:
    for text in (digits, f"+{digits}"):
        try:
            if phonenumbers.is_valid_number(phonenumbers.parse(text, country)):
                return True
        except phonenumbers.NumberParseException:
            continue
    return False


def _is_mashed(words: list[str], domain: str) -> bool:
    """Whether the letters were typed without a thought. A firm's own name in its own domain is no
    wonder, however it is spelled."""
    own = plain_letters(domain.rpartition(".")[0])
    shortest = _SHORT if domain in vocabulary().public_mail else _SHORT_IN_A_FIRM
    words = [word for word in words if len(word) > shortest and word not in own]
    return mashed(words, typing_or_initials, ENOUGH_OF_MAILBOX)
