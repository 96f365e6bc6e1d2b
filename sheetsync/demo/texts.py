"""The texts of the demo in one language, and how clean values are made of them."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
import numpy.typing as npt

Objects = npt.NDArray[np.object_]


@cache
def texts(lang: str) -> dict[str, Any]:
    """The demo's texts of a language: tables of strings and lists, see the TOML files here."""
    file = resources.files(__package__) / f"{lang}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


@dataclass(frozen=True)
class People:
    """Persons who never were, one per place.

    Parameters
    ----------
    given, names : first name; full name
    emails : address at a domain set aside for examples
    phones : national number, digits only
    """

    given: Objects
    names: Objects
    emails: Objects
    phones: Objects

    def take(self, places: npt.NDArray[np.intp]) -> People:
        """The persons at some places, again and again where a place is repeated."""
        fields = (self.given, self.names, self.emails, self.phones)
        return People(*(field[places] for field in fields))


def invent(rng: np.random.Generator, n: int, text: dict[str, Any]) -> People:
    """Draw ``n`` persons, no two with one phone."""
    words = text["people"]
    woman = rng.random(n) < 0.6
    given = np.where(woman, pick(words["women"], rng, n), pick(words["men"], rng, n))
    family = pick(words["surnames"], rng, n) + np.where(woman, words["woman_ending"], "")
    latin = str.maketrans(dict(zip(words["letters"], words["latin"], strict=True)))
    # A name occurs often among thousands; each is transliterated once.
    spelled = {name: name.lower().translate(latin) for name in {*given.tolist(), *family.tolist()}}
    number = rng.integers(1, 100, n)
    domain = pick(["example.com", "example.org", "example.net"], rng, n)
    emails = [
        f"{spelled[first]}.{spelled[last]}{extra}@{at}"
        for first, last, extra, at in zip(given, family, number, domain, strict=True)
    ]
    return People(
        given=given,
        names=given + " " + family,
        emails=objects(emails),
        phones=_phones(rng, n, text["phones"]),
    )


def pick(options: Sequence[str], rng: np.random.Generator, n: int) -> Objects:
    """``n`` of the options, all equally likely."""
    return np.array(options, dtype=object)[rng.integers(0, len(options), n)]


def objects(items: Sequence[Any]) -> Objects:
    """Anything as a one-dimensional array of objects."""
    array = np.empty(len(items), dtype=object)
    array[:] = items
    return array


def _phones(rng: np.random.Generator, n: int, style: dict[str, Any]) -> Objects:
    """National numbers, from the ranges of the language as long as they last."""
    areas, lines = style["areas"], style["lines"]
    chosen = rng.choice(max(n, len(areas) * lines), n, replace=False)
    line, area = np.divmod(chosen, len(areas))
    return objects(
        [
            f"{areas[a]}" + style["line"].format(style["first_line"] + b)
            for a, b in zip(area.tolist(), line.tolist(), strict=True)
        ]
    )
