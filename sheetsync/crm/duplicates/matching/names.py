"""Names of people and firms as words that can be compared: across scripts, spellings, short forms.

A word is known by its *sound*, a Latin spelling in which the usual ways to write a Russian word in
Latin letters fall together: Юлия, Yuliya, Iuliia and Julia are all ``iulia``. Cyrillic goes letter
by letter (roughly BGN/PCGN 1947), then what the systems of romanisation write in different ways
(GOST, ISO 9, ICAO Doc 9303 of passports, and what people type) becomes one letter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from sheetsync.cells.text import plain, vocabulary
from sheetsync.crm.duplicates.matching.given_names import LINES

_CYRILLIC = dict(
    letter.split("=")
    for letter in vocabulary(
        """
        а=a б=b в=v г=g д=d е=e ж=zh з=z и=i й=y к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=kh
        ц=ts ч=ch ш=sh щ=shch ъ= ы=y ь= э=e ю=yu я=ya і=i ї=i є=e ґ=g ў=u ә=a ғ=g қ=k ң=n ө=o ұ=u
        ү=u һ=h
        """
    )
)
_LATIN = str.maketrans(
    _CYRILLIC | {"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th"}
)
# Capitals stand for sounds that take several Latin letters. The order matters.
_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("x", "ks"),
        ("shch|sch|sh", "S"),
        ("tch|ch", "C"),
        ("zh", "Z"),
        ("tz|ts", "X"),
        ("kh|gh(?=[aeiou])", "h"),
        ("ph", "f"),
        ("th", "t"),
        ("ck|c(?![eiy])", "k"),
        ("c", "s"),
        ("q", "k"),
        ("w", "v"),
        ("[yj]", "i"),
        (r"(.)\1+", r"\1"),
        ("i[eo]", "e"),
        (r"(.)\1+", r"\1"),
    )
)
_VOWELS = re.compile("(?<=.)[aeiou]+")
_WORDS = re.compile(r"[^\W\d_]+")
_APOSTROPHES = re.compile("['’ʼ`´]")
_BRACKETS = re.compile(r"\([^)]*\)")
_ASIDE = re.compile(rf"{_BRACKETS.pattern}|\bг-(?:н|жа)\b|(?<=\w) и (?=\w)")

_FILLERS = vocabulary(
    """
    mr mrs ms miss dr prof sir madam the and of on at for de la le el da di von van der
    гн гжа господин госпожа на по от для из
    клиент клиентка лид заявка покупатель заказчик гость имя неизвестно неизвестный неизвестная
    аноним нет без имени фио тест
    client customer lead guest unknown anonymous name none no test user noname
    """
)
_FIRMS = vocabulary(
    """
    ооо оао зао пао ао ип нко ано тоо чп чуп одо фоп тов гуп муп фгуп кфх гк тд пбоюл
    общество с ограниченной ответственностью акционерное индивидуальный предприниматель
    самозанятый самозанятая фирма компания группа холдинг
    ooo oao zao pao ao ip too tov
    llc ltd limited inc incorporated co corp corporation company plc gmbh ug kg ag se sa sas sarl
    srl spa sl bv nv oy ab as kft pty pvt llp lp group holding
    """
)
_NO_FIRM = vocabulary("n/a н/д - физлицо физ физическое частное лицо частник private individual")
_DOTS = re.compile(r"(?<=\b\w)\.(?=\w\b)")
"""Between the letters of an abbreviation, as in L.L.C."""


def words_of(text: str) -> tuple[str, ...]:
    """The words of a person's name that tell something, in the order they are written.

    Titles, "client", "no name", remarks in brackets and digits are left out; a letter that stands
    alone (an initial) stays.
    """
    bare = _APOSTROPHES.sub("", _ASIDE.sub(" ", plain(text)))
    return tuple(word for word in _WORDS.findall(bare) if word not in _FILLERS)


def firm_words_of(text: str) -> tuple[str, ...]:
    """The words of a firm's name, without its legal form and remarks in brackets; none where people
    say there is no firm ("нет", "физлицо", "n/a")."""
    bare = _DOTS.sub("", _APOSTROPHES.sub("", _BRACKETS.sub(" ", plain(text))))
    if _NO_FIRM.issuperset(bare.replace(".", " ").split()):
        return ()
    found = re.findall(r"[^\W_]+", bare)
    return tuple(word for word in found if word not in _FIRMS and word not in _FILLERS)


@cache
def sound(word: str) -> str:
    """The word as it sounds: the same for the usual spellings of a name in Latin and Cyrillic.

    Other scripts stay as they are, without accents.
    """
    latin = word.translate(_LATIN)
    bare = "".join(c for c in unicodedata.normalize("NFKD", latin) if not unicodedata.combining(c))
    for pattern, sounds in _SOUNDS:
        bare = pattern.sub(sounds, bare)
    return bare or word


@cache
def skeleton(heard: str) -> str:
    """A sound's consonants, with its first letter: what most slips of the keyboard leave alone."""
    return _VOWELS.sub("", heard)


@cache
def _given() -> dict[str, frozenset[int]]:
    """Sound of a given name -> the lines that it stands in."""
    lines: dict[str, set[int]] = {}
    for number, line in enumerate(LINES.split("\n")):
        for name in line.split():
            lines.setdefault(sound(plain(name)), set()).add(number)
    return {name: frozenset(numbers) for name, numbers in lines.items()}


def given_lines(heard: str) -> frozenset[int]:
    """Which lines of the given names a sound stands in; none when it is no given name we know."""
    return _given().get(heard, frozenset())


def is_patronymic(heard: str) -> bool:
    """Whether a sound is a Russian patronymic, as in Иван *Петрович* and Анна *Ильинична*."""
    return len(heard) > 5 and re.search(r"(?:[oe]viC|[oe]vna|[il]iC|niCna)$", heard) is not None


def is_other_gender(one: str, other: str) -> bool:
    """Whether two sounds differ only as a man's and a woman's surname do: Иванов, Иванова."""
    short, long = sorted((one, other), key=len)
    if long == short + "a":
        return len(short) > 3 and short[-1] in "vnh"
    pairs = (("ski", "skaia"), ("oi", "aia"), ("i", "aia"))
    return any(
        short.endswith(his) and long.endswith(hers) and short[: -len(his)] == long[: -len(hers)]
        for his, hers in pairs
        if len(short) > 3
    )


def full_key(heard: Iterable[str]) -> str:
    """A name whose words stand in any order, as one text: the skeletons, sorted."""
    return " ".join(sorted(skeleton(word) for word in heard if len(word) > 1))
