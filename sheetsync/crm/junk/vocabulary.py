"""Words that say of themselves that they are no name: ``words.toml``, ready to be looked up."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources

# How Russians spell their words in Latin letters: a mail address, a nickname.
_ROMANISED = str.maketrans(
    {
        **dict(zip("абвгдезийклмнопрстуфхцыэ", "abvgdeziyklmnoprstufhcye", strict=True)),
        **{"ж": "zh", "ч": "ch", "ш": "sh", "щ": "sch", "ъ": "", "ь": "", "ю": "yu", "я": "ya"},
    }
)


@dataclass(frozen=True)
class Vocabulary:
    """Sets of folded words; see the comments in ``words.toml``."""

    test: frozenset[str]
    test_beside: frozenset[str]
    nickname: frozenset[str]
    piece: frozenset[str]
    boast: frozenset[str]
    short_name: frozenset[str]
    no_company: frozenset[str]
    no_mailbox: frozenset[str]
    relay: frozenset[str]
    numbered_mail: frozenset[str]
    public_mail: frozenset[str]
    a_mailbox: frozenset[str]
    legal_form: frozenset[str]
    private: frozenset[str]
    first_names: frozenset[str]

    @cached_property
    def parts(self) -> frozenset[str]:
        """What nicknames are put together of."""
        return self.nickname | self.piece | self.boast


@cache
def vocabulary() -> Vocabulary:
    """The words that this package knows, read once."""
    folder = resources.files(__package__)
    lists = tomllib.loads((folder / "words.toml").read_text(encoding="utf-8"))
    words = {key: frozenset(text.split()) for key, text in lists.items()}
    for key in ("test", "test_beside", "nickname", "piece"):
        words[key] |= {word.translate(_ROMANISED) for word in words[key]}
    names = (folder / "data" / "first_names.txt").read_text(encoding="utf-8").split()
    return Vocabulary(**words, first_names=frozenset(names))
