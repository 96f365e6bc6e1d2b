"""Count the letters of names: makes ``sheetsync/crm/junk/data/``.

Run it in an environment of its own, from the repository's root, when the lists have grown::

    pip install --no-deps -r tools/names.txt
    pip install -e .
    python -m tools.train_names

The lists (all of them come with packages of PyPI; ``sheetsync/crm/junk/data/README.md`` has their
licences): people of Wikipedia with their nationalities (name2nat), first names, surnames and
patronymics of the OpenCorpora dictionary (pymorphy3-dicts-ru), names by country (Faker), and
ordinary words, which people write in the same cells (wordfreq).

Every fifth word of every list, by a checksum of its letters, is held out: the model never sees it,
and ``tools/label_names.py`` makes the labelled set from names that contain such a word. The same
lists give the same file, byte for byte.
"""

from __future__ import annotations

import math
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sheetsync.crm.junk.letters import ALPHABETS, STEP, alphabet_of, plain_letters
from tools import names

TARGET = Path("sheetsync/crm/junk/data")
WORD = re.compile(r"[^\W\d_]{2,}")
LEAST = 4
"""Letters of a first name that is known in the middle of an account's name."""

# What a cell of names is made of: mostly names, some words; most of all in one's own alphabet.
SHARES = {
    "latin": {"world": 0.45, "from_cyrillic": 0.3, "words": 0.25},
    "cyrillic": {"russian": 0.55, "from_latin": 0.15, "words": 0.3},
}


def held_out(word: str) -> bool:
    """Whether a folded word is kept for the labelled set."""
    return zlib.crc32(word.encode()) % 5 == 0


def words_of(texts: Iterable[str]) -> Iterator[str]:
    """The words of names, folded, in plain letters."""
    for text in texts:
        yield from WORD.findall(plain_letters(text.casefold()))


def trained(counts: Mapping[str, float], alphabet: str) -> npt.NDArray[np.float64]:
    """P(c | a, b) of words with their weights, by Witten and Bell's interpolation (1991) of triples
    with pairs, single letters and a uniform distribution; shape (n, n, n), n = letters + 1."""
    size = len(alphabet) + 1
    triples = np.zeros((size, size, size))
    for word, weight in counts.items():
        places = [size - 1, size - 1, *map(alphabet.index, word), size - 1]
        for a, b, c in zip(places, places[1:], places[2:], strict=False):
            triples[a, b, c] += weight
    shares = np.full(size, 1 / size)
    for seen in (triples.sum(axis=(0, 1)), triples.sum(axis=0), triples):
        kinds = np.maximum((seen > 0).sum(axis=-1, keepdims=True), 1)
        shares = (seen + kinds * shares) / (seen.sum(axis=-1, keepdims=True) + kinds)
    return shares


def _mixed(parts: Mapping[str, Counter[str]], shares: Mapping[str, float]) -> dict[str, float]:
    """One list of several, each with its share, as many words in sum as there are."""
    every = sum(len(part) for part in parts.values())
    mixed: Counter[str] = Counter()
    for name, part in parts.items():
        whole = sum(part.values())
        for word, weight in part.items():
            mixed[word] += shares[name] * every * weight / whole
    return dict(sorted(mixed.items()))


def _kept(texts: Iterable[str], alphabet: str) -> Counter[str]:
    letters = set(ALPHABETS[alphabet])
    counted = Counter(w for w in words_of(texts) if set(w) <= letters and not held_out(w))
    # A name that a thousand people bear says little more of names than one that ten bear.
    return Counter({word: 1 + math.log(n) for word, n in counted.items()})


def _balanced(people: Mapping[str, Iterable[str]], alphabet: str) -> Counter[str]:
    """Words by country: large ones count for more, but do not drown the small ones."""
    whole: Counter[str] = Counter()
    for texts in people.values():
        country = _kept(texts, alphabet)
        for word, weight in country.items():
            whole[word] += weight / len(country) ** 0.5
    return whole


def main() -> None:
    russian = list(names.russian())
    world = names.world()
    in_cyrillic = {country: names.in_cyrillic(country, list_) for country, list_ in world.items()}
    parts = {
        "latin": {
            "world": _balanced(world, "latin"),
            "from_cyrillic": _kept(names.romanised(russian), "latin"),
            "words": _kept(names.latin_words(), "latin"),
        },
        "cyrillic": {
            "russian": _kept(russian, "cyrillic"),
            "from_latin": _balanced(in_cyrillic, "cyrillic"),
            "words": _kept(names.russian_words(), "cyrillic"),
        },
    }
    tables = {}
    for alphabet, lists in parts.items():
        for name, counts in lists.items():
            print(alphabet, name, len(counts), "words")  # noqa: T201
        shares = trained(_mixed(lists, SHARES[alphabet]), ALPHABETS[alphabet])
        costs = np.clip(np.round(-np.log(shares) / STEP), 0, 255)
        tables[alphabet] = costs.astype(np.uint8)
    np.savez_compressed(TARGET / "letters.npz", **tables)
    first = list(names.first_names())
    both = {*words_of(first), *words_of(names.romanised(first))}
    shown = sorted(name for name in both if len(name) >= LEAST and alphabet_of(name))
    (TARGET / "first_names.txt").write_text("\n".join(shown) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
