"""The names that a list tab or a fixed dropdown offers, and how typed names are matched to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import pandas as pd

from sheetsync import cells, locales
from sheetsync.cells import Parsed


@dataclass(frozen=True)
class Names:
    """Names with their aliases; a match gives one of ``names`` (of a group, its key)."""

    names: Sequence[str]
    aliases: Mapping[str, str]
    lenient: bool = True

    @cached_property
    def by_folded(self) -> Mapping[str, str]:
        """Every spelling, folded -> its name. A name goes before an alias."""
        spelled = [(name, name) for name in self.names] + list(self.aliases.items())
        return {cells.fold(text): name for text, name in reversed(spelled)}

    def match(self, raw: pd.Series) -> Parsed:
        """Typed names -> names of the list.

        A list that is still empty can't judge: every name passes as it is typed, unless the list
        is not ``lenient``.
        """
        if self.lenient and not self.names:
            texts = cells.text_values(raw)
            nothing = pd.Series(None, index=raw.index, dtype=object)
            return Parsed(texts, nothing, nothing)
        return cells.match_names(raw, self.names, self.aliases)

    def canonical(self, raw: pd.Series) -> pd.Series:
        """As the list spells them now where it knows them, else as they are typed."""
        return self.match(raw).values.fillna(cells.text_values(raw))


def list_names(frame: pd.DataFrame, column: str) -> Names:
    """The names of a list tab, in order, with what stands in its alias column.

    An alias that is itself a name of the list stays that name.
    """
    if column not in frame:
        return Names((), {})
    texts = cells.text_values(frame[column]).dropna()
    names = tuple(dict.fromkeys(texts))
    aliases: dict[str, str] = {}
    if "alias" in frame:
        for name, cell in zip(texts, frame.loc[texts.index, "alias"], strict=True):
            for alias in cells.split_aliases(cell):
                aliases.setdefault(alias, name)
    return Names(names, aliases)


@cache
def group_names(group: str) -> Names:
    """A fixed dropdown: its keys, known by their words in every language."""
    keys: dict[str, None] = {}
    aliases: dict[str, str] = {}
    for lang in locales.LANGUAGES:
        for key, word in locales.load(lang).group(f"choices.{group}").items():
            keys[key] = None
            aliases.setdefault(word, key)
    return Names(tuple(keys), aliases)
