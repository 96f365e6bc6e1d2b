"""How people type: the same value in a dozen ways, some of which nobody can read.

Every function takes a whole column of clean values (None where nothing is typed) and gives the
cells as they stand in the sheet, with a mask of those that were spoilt beyond reading.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from sheetsync.demo.texts import Objects

Bools = npt.NDArray[np.bool_]
Words = dict[str, Any]

_NEAR = {"today": 0, "tomorrow": 1}


def scatter(
    rng: np.random.Generator, eligible: Bools, shares: Mapping[str, float]
) -> dict[str, npt.NDArray[np.intp]]:
    """Hand out slips of the pen: name -> places, no place twice.

    Each slip gets its share of the eligible places, rounded up, so that even a short demo shows
    every one of them while places last.
    """
    places = rng.permutation(np.flatnonzero(eligible))
    given: dict[str, npt.NDArray[np.intp]] = {}
    start = 0
    for name, share in shares.items():
        end = start + int(np.ceil(share * eligible.sum()))
        given[name] = np.sort(places[start:end])
        start = end
    return given


def names(
    rng: np.random.Generator, clean: Objects, aliases: Mapping[str, str], *, typos: float = 0.0
) -> tuple[Objects, Bools]:
    """A name of a list: in other case, with spaces, by an alias, with a letter left out."""
    cells, filled = clean.copy(), _filled(clean)
    slips = scatter(
        rng, filled, {"typo": typos, "lower": 0.05, "upper": 0.01, "spaces": 0.03, "alias": 0.05}
    )
    write: dict[str, Callable[[str], str]] = {
        "typo": lambda name: name[:-2] + name[-1],
        "lower": str.lower,
        "upper": str.upper,
        "spaces": lambda name: f" {name}  ",
        "alias": lambda name: aliases.get(name, name),
    }
    for slip, places in slips.items():
        _rewrite(cells, places, write[slip])
    return cells, _mask(len(clean), slips["typo"])


def dates(
    rng: np.random.Generator, clean: Objects, text: Words, *, today: datetime, promise: bool
) -> tuple[Objects, Bools]:
    """A day: as a date mostly, but also ``05.11`` or ``5/11/26``; a promise may also be a remark,
    or "tomorrow", which nobody can date a day later."""
    style, cells, filled = text["dates"], clean.copy(), _filled(clean)
    spoilt = np.zeros(len(clean), dtype=bool)
    if promise:
        for place, word in _words_for_days(rng, clean, style, today):
            cells[place], spoilt[place] = word, True
    slips = scatter(rng, filled & ~spoilt, dict.fromkeys(style["others"], 0.035))
    for form, places in slips.items():
        _rewrite(cells, places, partial(_date, form=form, months=style["months"]))
    return cells, spoilt


def money(rng: np.random.Generator, clean: Objects, text: Words) -> tuple[Objects, Bools]:
    """An amount: as a number mostly, but also ``300k`` and the like; in another currency or not
    known at all."""
    style, cells, filled = text["money"], clean.copy(), _filled(clean)
    shares = {"foreign": 0.008, "unknown": 0.008} | dict.fromkeys(style["others"], 0.06)
    slips = scatter(rng, filled, shares)
    spoilt = np.zeros(len(clean), dtype=bool)
    for name in ("foreign", "unknown"):
        places = slips.pop(name)
        spoilt[places] = True
        for turn, place in enumerate(places):
            cells[place] = style[name][turn % len(style[name])]
    for form, places in slips.items():
        _rewrite(cells, places, partial(_amount, form=form))
    return cells, spoilt


def phones(rng: np.random.Generator, clean: Objects, text: Words) -> tuple[Objects, Bools]:
    """A national number: with 8 or +7 (or 1), spaces, brackets, as a number, two in one cell, and
    too short."""
    style, filled = text["phones"], _filled(clean)
    usual = style["usual"]
    cells = clean.copy()
    _rewrite(cells, np.flatnonzero(filled), lambda digits: phone(digits, usual))
    shares = {"short": 0.015, "two": 0.02, "number": 0.04}
    slips = scatter(rng, filled, shares | dict.fromkeys(style["others"], 0.1))
    short, two, number = (slips.pop(name) for name in shares)
    for form, places in slips.items():
        cells[places] = [phone(digits, form) for digits in clean[places]]
    for turn, place in enumerate(short):
        cells[place] = phone(clean[place], style["short"][turn % len(style["short"])])
    for turn, place in enumerate(two):
        # The line after one's own in the range is nobody's or somebody's: both are fictional.
        other = clean[place][:-2] + f"{(int(clean[place][-2:]) + 37) % 100:02d}"
        both = {"one": phone(clean[place], style["others"][0]), "other": phone(other, usual)}
        cells[place] = style["two"][turn % len(style["two"])].format(**both)
    cells[number] = [int(f"{style['code']}{digits}") for digits in clean[number]]
    return cells, _mask(len(clean), short)


def emails(rng: np.random.Generator, clean: Objects) -> tuple[Objects, Bools]:
    """An address: in capitals, with a space behind, with a comma for the point."""
    cells = clean.copy()
    slips = scatter(rng, _filled(clean), {"comma": 0.015, "upper": 0.03, "space": 0.03})
    _rewrite(cells, slips["comma"], lambda address: ",".join(address.rsplit(".", 1)))
    _rewrite(cells, slips["upper"], str.upper)
    _rewrite(cells, slips["space"], lambda address: address + " ")
    return cells, _mask(len(clean), slips["comma"])


def _words_for_days(
    rng: np.random.Generator, clean: Objects, style: Words, today: datetime
) -> Iterator[tuple[np.intp, str]]:
    """Where a promise is put into words, and into which."""
    near = {day: clean == today + timedelta(days=away) for day, away in _NEAR.items()}
    far = _filled(clean) & ~np.logical_or.reduce(list(near.values()))
    for day, here in near.items():
        for place in scatter(rng, here, {day: 0.1})[day]:
            yield place, style[day]
    for turn, place in enumerate(scatter(rng, far, {"remark": 0.03})["remark"]):
        yield place, style["remarks"][turn % len(style["remarks"])]


def _filled(clean: Objects) -> Bools:
    return np.array([cell is not None for cell in clean], dtype=bool)


def _mask(n: int, places: npt.NDArray[np.intp]) -> Bools:
    mask = np.zeros(n, dtype=bool)
    mask[places] = True
    return mask


def _rewrite(cells: Objects, places: npt.NDArray[np.intp], write: Callable[[Any], Any]) -> None:
    for place in places:
        cells[place] = write(cells[place])


def _date(day: datetime, form: str, months: list[str]) -> str:
    return form.format(d=day.day, m=day.month, yy=day.year % 100, month=months[day.month - 1])


def _amount(amount: float, form: str) -> str:
    return form.format(
        k=f"{amount / 1000:g}".replace(".", ","),
        spaced=f"{amount:,.0f}".replace(",", " "),
        commas=f"{amount:,.0f}",
    )


def phone(digits: str, form: str) -> str:
    """Ten digits in one way of writing them."""
    return form.format(a=digits[:3], b=digits[3:6], c=digits[6:8], d=digits[8:])
