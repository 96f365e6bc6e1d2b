"""Every text that people see, in Russian and in English.

The texts are TOML files, one folder per language, one file per subject; all files of a folder
make one tree of keys. A text is a ``str.format`` template; one that depends on a number is a
table of plural forms (``one``, ``few``, ``many``, ``other``; CLDR's categories), chosen by ``n``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import resources
from typing import Any

LANGUAGES = ("en", "ru")

_PLURALS = frozenset({"one", "few", "many", "other"})

Message = str | Mapping[str, str]


@dataclass(frozen=True, eq=False)
class Words:
    """The texts of one language; call it with a key to get a text."""

    lang: str
    messages: Mapping[str, Message] = field(repr=False)

    def __call__(self, key: str, /, **values: Any) -> str:
        """The text of ``key`` with ``values`` put in; KeyError when there is no such text."""
        message = self.messages[key]
        if not isinstance(message, str):
            message = message[plural(self.lang, values["n"])]
        return message.format(**values) if values else message.format()

    def __contains__(self, key: object) -> bool:
        return key in self.messages

    def group(self, prefix: str) -> dict[str, str]:
        """All plain texts right under ``prefix``: last part of the key -> text, in file order."""
        return dict(self._groups.get(prefix, {}))

    @cached_property
    def _groups(self) -> dict[str, dict[str, str]]:
        groups: dict[str, dict[str, str]] = {}
        for key, text in self.messages.items():
            prefix, _, last = key.rpartition(".")
            if isinstance(text, str):
                groups.setdefault(prefix, {})[last] = text
        return groups


def plural(lang: str, n: float) -> str:
    """CLDR's cardinal category of ``n`` (Unicode CLDR, plural rules for en and ru)."""
    if n != int(n):
        return "other"
    n = abs(int(n))
    if lang == "ru":
        if n % 10 == 1 and n % 100 != 11:
            return "one"
        if n % 10 in (2, 3, 4) and n % 100 not in (12, 13, 14):
            return "few"
        return "many"
    return "one" if n == 1 else "other"


@cache
def load(lang: str) -> Words:
    """The texts of ``lang`` ("en" or "ru"); ValueError for any other."""
    if lang not in LANGUAGES:
        raise ValueError(f"no texts in {lang!r}")
    messages: dict[str, Message] = {}
    folder = resources.files(__package__) / lang
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        if file.name.endswith(".toml"):
            for key, message in _flatten(tomllib.loads(file.read_text(encoding="utf-8"))):
                if key in messages:
                    raise ValueError(f"{lang}/{file.name}: {key} is there already")
                messages[key] = message
    return Words(lang, messages)


def _flatten(tree: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Message]]:
    for name, value in tree.items():
        key = prefix + name
        if isinstance(value, str) or (isinstance(value, Mapping) and set(value) <= _PLURALS):
            yield key, value
        else:
            yield from _flatten(value, key + ".")
