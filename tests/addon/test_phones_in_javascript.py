"""The add-on reads phones as Python does, which reads them as Google's libphonenumber does."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

import pandas as pd
import phonenumbers
import pytest
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from sheetsync import cells
from sheetsync.addon import data
from tests.addon.messy import Messy, as_json
from tests.addon.v8 import V8

FILES = ("Texts", "PhonePlans", "PhoneSyntax", "Numbering", "PhoneMatcher", "Phones")
COUNTRIES = ("RU", "US", "KZ", "GB", "DE", "IT", "BY", "AR", "MX", "BR", "CN", "SM", " ru", "")
EACH = 700  # cells of each country
FORMATS = (PhoneNumberFormat.E164, PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.NATIONAL)
REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
PIECES = (
    *("тел. ", "т.", "tel:", "Мария ", "abc", "abc ", "№", "$", "€ ", "%", "(", ")", "[", "]", "~"),
    *(
        "8",
        "0",
        "8 10 ",
        "810",
        "011 ",
        "9",
        "1-",
        "+8 ",
        "15",
        "00",
        "+",
        "++",
        "*",
        "#",
        "²",
        "ﬀ",
    ),
    *("2026-11-21 08", ":30", "211-227 (2003) ", "12/10/2026 ", "с 10 до 18, ", "кв. 5; ", "/68"),
    *(" / ", "/", "\n", " или ", " and ", " - ", " – ", ". ", ", ", "; ", "\u00ad", "\uff0d"),
    *(
        " доб. 12",
        ", вн. 12",
        " x302/x2303",
        "x5",
        "х",
        "x",
        "xx",
        " ext 7",
        "#3",
        " - 503#",
        ",,12",
    ),
    *(
        ";12",
        "e+10",
        ";ext=123",
        ";isub=12",
        ";phone-context=+7",
        ";phone-context=a-b.com",
        " İNT 5",
    ),
)
GLUES = (", ", "; ", " / ", "/", " ", "\n", " или ", " - ", " – ", ". ", " x", " доб. 5, ")


@pytest.fixture(scope="module")
def v8(tmp_path_factory: pytest.TempPathFactory) -> Iterator[V8]:
    table = tmp_path_factory.mktemp("addon") / "PhoneData.js"
    table.write_text(data.phone_data(), encoding="utf-8")
    # Backwards: Apps Script loads files in no certain order.
    with V8(*[f"shared/{name}.js" for name in reversed(FILES)], table) as scripts:
        yield scripts


@cache
def examples(region: str) -> tuple[str, ...]:
    """A number of every type in a country, and one that is none, written in every way."""
    kinds = PhoneNumberType.values()
    numbers = [phonenumbers.example_number_for_type(region, kind) for kind in kinds]
    numbers.append(phonenumbers.invalid_example_number(region))
    known = [number for number in numbers if number is not None]
    shown = [phonenumbers.format_number(number, way) for number in known for way in FORMATS]
    return tuple(dict.fromkeys(shown))


def of_no_country() -> list[str]:
    """Numbers of codes that no country has: +800 1234 5678."""
    codes = sorted(phonenumbers.COUNTRY_CODES_FOR_NON_GEO_REGIONS)
    numbers = filter(None, map(phonenumbers.example_number_for_non_geo_entity, codes))
    return [phonenumbers.format_number(number, PhoneNumberFormat.E164) for number in numbers]


def number(pick: random.Random, region: str) -> str:
    """A number, mostly of the country, as somebody may type it."""
    if pick.random() < 0.02:
        return f"{pick.uniform(1, 10):.5f}E+1{pick.randint(0, 5)}"
    if pick.random() < 0.5 or region not in REGIONS:
        region = pick.choice(REGIONS)
    text = pick.choice(examples(region))
    if pick.random() < 0.3:
        text = "".join(filter(str.isdecimal, text))
    if pick.random() < 0.3:
        # Other digits at the end make another number of the same kind, or another length.
        text = text[: -pick.randint(1, 7)]
        text += "".join(pick.choices("0123456789", k=pick.randint(1, 7)))
    if pick.random() < 0.1:
        text = "".join(pick.choices("0123456789ABCxyz -()+./", k=pick.randint(1, 30)))
    if pick.random() < 0.1:
        text += pick.choice(PIECES) + number(pick, region)
    return text


def read(raw: list[Any], country: str) -> list[dict[str, str | None]]:
    parsed = cells.parse_phones(pd.Series(raw, dtype=object), country=country)
    answers = zip(parsed.values, parsed.problems, parsed.hints, strict=True)
    return [{"value": value, "problem": problem, "hint": hint} for value, problem, hint in answers]


def agree(raw: list[Any], country: str, python: list[Any], javascript: list[Any]) -> None:
    answers = zip(raw, python, javascript, strict=True)
    different = [answer for answer in answers if answer[1] != answer[2]]
    assert not different, f"{country}: {len(different)} of {len(raw)}: {different[:8]}"


def test_messy_phones_of_many_countries(v8: V8) -> None:
    found: Counter[str | None] = Counter()
    for seed, country in enumerate(COUNTRIES):
        region = country.strip().upper()
        messy = Messy(seed, PIECES, lambda pick, region=region: number(pick, region)).cells(EACH)
        raw = messy if country == "RU" else messy[-EACH:]
        python = read(raw, country)
        agree(raw, country, python, v8.each("Phones.readPhone", list(map(as_json, raw)), country))
        found.update(reading["problem"] or bool(reading["value"]) for reading in python)
    assert found.total() >= 10_000
    assert found[True] >= 2_000
    problems = "too_short too_long impossible rounded unreadable"
    assert all(found[f"phone.{name}"] >= 30 for name in problems.split())


@pytest.mark.parametrize("country", ["RU", "US", "DE"])
def test_several_phones_in_a_cell(v8: V8, country: str) -> None:
    pick = random.Random(country)
    raw = [
        pick.choice(GLUES).join(number(pick, country) for _ in range(pick.randint(2, 4)))
        for _ in range(EACH)
    ]
    others = cells.other_phones(pd.Series(raw, dtype=object), country=country).map(list).tolist()
    agree(raw, country, others, v8.each("Phones.otherPhones", raw, country))
    assert sum(map(bool, others)) >= EACH / 5


def test_numbers_of_every_country_at_home(v8: V8) -> None:
    pick = random.Random(7)
    for region in REGIONS:
        raw = list(examples(region))
        # A slip: a digit less, or another one.
        raw += [text[:-1] + pick.choice(("", "1", "22")) for text in raw[::3]]
        python = read(raw, region)
        assert any(reading["value"] for reading in python)
        agree(raw, region, python, v8.each("Phones.readPhone", raw, region))


def test_numbers_of_no_country(v8: V8) -> None:
    raw = of_no_country()
    assert len(raw) >= 8
    agree(raw, "RU", read(raw, "RU"), v8.each("Phones.readPhone", raw, "RU"))


def test_people_see_a_phone_as_python_shows_it(v8: V8) -> None:
    typed = [text for region in REGIONS for text in examples(region)[::2]] + of_no_country()
    typed += ["8 916 123-45-67 доб. 5", "+44 20 7946 0958 ext 5", "не дал", "", "1800 FLOWERS"]
    typed += [
        "8 916 123-45-67890",
        "800 555 35",
        "555-1234 x302/x2303",
        "８\u00a0９１６ １２３４５６７",
    ]
    for country in ("RU", "GB"):
        python = [cells.phone_text(text, country) for text in typed]
        agree(typed, country, python, v8.each("Phones.phoneText", typed, country))
    assert v8.call("Phones.phoneText", "+79161234567", "RU") == "+7 916 123-45-67"


def test_the_table_can_stand_in_a_page_and_is_small() -> None:
    source = data.phone_data()
    assert "<" not in source
    assert len(source.encode()) < 150_000
    assert source == data.phone_data()
