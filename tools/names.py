"""Lists of names and words, out of packages that pip installs; see ``tools/train_names.py``."""

from __future__ import annotations

import importlib.util
import itertools
import pickle
import pkgutil
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import Any

import faker.providers.person
import pymorphy3
import wordfreq

from sheetsync.crm.junk.letters import plain_letters

# One sound, several spellings: passports, mail addresses and forms use all of them.
_SCHEMES = (
    "a b v g d e zh z i y k l m n o p r s t u f kh ts ch sh shch ie y - e iu ia",  # ICAO 9303
    "a b v g d e zh z i y k l m n o p r s t u f h c ch sh sch - y - e yu ya",
    "a b v g d e j z i j k l m n o p r s t u f h ts ch sh sh - i - e ju ja",
)
_RUSSIAN = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
# How a foreign name is written in Russian: roughly, for all languages at once.
_SOUNDS = (
    "a=а b=б c=к d=д e=е f=ф g=г h=х i=и j=дж k=к l=л m=м n=н o=о p=п q=к r=р s=с t=т u=у v=в "
    "w=в x=кс y=и z=з sch=ш shch=щ sh=ш ch=ч zh=ж kh=х ph=ф th=т ts=ц tz=ц cz=ч sz=ш rz=ж ya=я "
    "yu=ю ye=е yo=йо ia=ия iu=ю ay=ай ey=ей oy=ой ck=к oo=у ee=и ou=у xi=си zi=зи qi=ци xu=сюй "
    "ngu=нгу gh=г ce=се ci=чи"
)
# Where it is done by rules of its own: Palladius's for Chinese, and the usual ones of the others.
_CHINESE = (
    "zh=чж c=ц z=цз j=цз q=ц x=с r=ж h=х e=э ang=ан an=ань eng=эн en=энь ing=ин in=инь ong=ун ia=я "
    "iang=ян ian=янь iao=яо ie=е iu=ю uang=уан uan=уань ui=уй un=унь uo=о ue=юэ ai=ай ei=эй ou=оу "
    "yu=юй ya=я ye=е yan=янь yang=ян ying=ин yong=юн you=ю w=в wu=у xu=сюй ju=цзюй qu=цюй"
)
_VIETNAMESE = (
    "th=тх kh=кх ch=ть tr=ч gi=з x=с s=ш nh=нь c=к uo=ыо ung=ынг uy=юи uye=уе ie=ие oa=оа ai=ай "
    "ay=ай oi=ой ao=ао au=ау ye=е y=и"
)
_LONG_VOWELS = "aa=аа ee=ээ oo=оо uu=уу yy=юу ya=я yu=ю j=ж kh=х e=э"
_HEARD = {
    **dict.fromkeys(("Chinese", "Taiwanese", "Singaporean"), _CHINESE),
    **dict.fromkeys(("Vietnamese", "vi_VN"), _VIETNAMESE),
    **dict.fromkeys(("Mongolian", "Finn", "fi_FI", "Estonian", "et_EE"), _LONG_VOWELS),
    **dict.fromkeys(("German", "Austrian", "de_DE"), "j=й ju=ю ja=я jo=йо ei=ай w=в s=з st=шт"),
    **dict.fromkeys(("Pole", "pl_PL"), "w=в l=л szcz=щ prz=пш krz=кш trz=тш ski=ский ow=ув j=й"),
}
_LATIN_LANGUAGES = ("de", "es", "fr", "it", "nl", "pl", "pt", "tr", "cs", "fi", "sv")


@cache
def world() -> dict[str, list[str]]:
    """Names in Latin letters: nationality (of Wikipedia) or locale (of Faker) -> full names, or
    single ones."""
    return wikipedia() | _by_locale()


@cache
def wikipedia() -> dict[str, list[str]]:
    """People of Wikipedia by nationality."""
    spec = importlib.util.find_spec("name2nat")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("name2nat")
    with (Path(spec.origin).parent / "name2nats.pkl").open("rb") as file:
        nationalities = dict(_Plain(file).load())
    people: dict[str, list[str]] = defaultdict(list)
    for name, nations in sorted(nationalities.items()):
        for nation in nations:
            people[nation].append(name.partition(" (")[0])
    return dict(people)


def by_part() -> dict[str, list[str]]:
    """Russian first names (Name), surnames (Surn) and patronymics (Patr), both sexes."""
    morph = pymorphy3.MorphAnalyzer(lang="ru")
    parts: dict[str, dict[str, None]] = defaultdict(dict)
    for word, tag, *_ in morph.dictionary.iter_known_words():
        if {"nomn", "sing"} <= tag.grammemes:
            for part in ("Name", "Surn", "Patr"):
                if part in tag.grammemes:
                    parts[part][word] = None
    return {part: list(words) for part, words in parts.items()}


def russian() -> Iterator[str]:
    """First names, surnames and patronymics in Cyrillic, both sexes."""
    for words in by_part().values():
        yield from words
    for locale in ("ru_RU", "uk_UA", "bg_BG", "mk_MK"):
        yield from _locale(locale)


def first_names() -> Iterator[str]:
    """First names of the peoples that a Russian or an English shop meets most, of both sexes."""
    locales = ("ru_RU", "uk_UA", "bg_BG", "az_AZ", "uz_UZ", "tr_TR", "de_DE", "fr_FR", "es_ES")
    for locale in (*locales, "it_IT", "pl_PL", "en_US", "en_GB"):
        yield from _locale(locale, "first_name")


def romanised(texts: Iterable[str]) -> Iterator[str]:
    """Cyrillic names in Latin letters, in every scheme."""
    tables = [
        str.maketrans(dict(zip(_RUSSIAN, scheme.replace("-", "").split(" "), strict=True)))
        for scheme in _SCHEMES
    ]
    for text in texts:
        folded = text.casefold().replace("ё", "е")
        yield from dict.fromkeys(folded.translate(table) for table in tables)


def in_cyrillic(country: str, people: Iterable[str]) -> Iterator[str]:
    """Names of one country of :func:`world` as Russian forms have them, word by word."""
    rules = dict(pair.split("=") for pair in f"{_SOUNDS} {_HEARD.get(country, '')}".split())
    heard = cache(partial(_heard, sounds=rules))
    for word in itertools.chain.from_iterable(map(str.split, people)):
        yield heard(plain_letters(word.casefold()))


def _heard(word: str, sounds: Mapping[str, str]) -> str:
    heard = ""
    while word:
        length = next((n for n in (4, 3, 2) if word[:n] in sounds), 1)
        heard += sounds.get(word[:length], word[0])
        word = word[length:]
    return heard


def russian_words() -> list[str]:
    return wordfreq.top_n_list("ru", 150_000)


def latin_words() -> Iterator[str]:
    """English words, those of other languages, and Russian ones in Latin letters."""
    yield from wordfreq.top_n_list("en", 30_000)
    for language in _LATIN_LANGUAGES:
        yield from wordfreq.top_n_list(language, 5_000)
    yield from romanised(wordfreq.top_n_list("ru", 10_000))


class _Plain(pickle.Unpickler):
    """Reads dicts, lists and texts; a file that asks for anything else is refused."""

    def find_class(self, module: str, name: str) -> Any:
        raise pickle.UnpicklingError(f"{module}.{name} has no place in a list of names")


def _by_locale() -> dict[str, list[str]]:
    found = pkgutil.iter_modules(faker.providers.person.__path__)
    lists = {module.name: _locale(module.name) for module in found}
    return {name: words for name, words in lists.items() if any(w[0].isascii() for w in words)}


def _locale(name: str, which: str = "name") -> list[str]:
    """The first and last names of one locale of Faker, or only those in lists called so."""
    provider = import_module(f"faker.providers.person.{name}").Provider
    own = vars(provider)
    lists = [own[key] for key in sorted(own) if which in key and not key.startswith("_")]
    texts = {text for values in lists if isinstance(values, tuple | list | dict) for text in values}
    return sorted(text for text in texts if isinstance(text, str) and "{" not in text)
