"""The add-on reads every cell as Python does: the value, or the code of what is wrong."""

from __future__ import annotations

import random
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest

from sheetsync import cells
from sheetsync.cells import Parsed, datewords, lists, money, numbers, text
from sheetsync.crm.lists import Names, group_names
from tests.addon.messy import Messy, as_json
from tests.addon.v8 import V8

FILES = (
    "Readings",
    "Texts",
    "Numbers",
    "Money",
    "DateWords",
    "DateText",
    "Dates",
    "Bools",
    "Names",
)
ENOUGH = 10_000  # cells of each reader

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def v8() -> Iterator[V8]:
    # Backwards: Apps Script loads files in no certain order.
    files = [f"shared/{name}.js" for name in reversed((*FILES, "Emails"))]
    with V8(*files) as scripts:
        yield scripts


def column(raw: Sequence[Any]) -> pd.Series:
    return pd.Series(list(raw), dtype=object)


def expected(parsed: Parsed, to_json: Callable[[Any], Any] = lambda value: value) -> list[Any]:
    return [
        {
            "value": None if pd.isna(value) else to_json(value),
            "problem": None if pd.isna(problem) else problem,
        }
        for value, problem in zip(parsed.values.tolist(), parsed.problems, strict=True)
    ]


def agree(raw: Sequence[Any], python: Sequence[Any], javascript: Sequence[Any]) -> None:
    different = [
        (cell, wanted, given)
        for cell, wanted, given in zip(raw, python, javascript, strict=True)
        if wanted != given
    ]
    assert not different, f"{len(different)} of {len(raw)}: {different[:8]}"


def covers(readings: Sequence[Any], problems: set[str], values: float) -> None:
    """That random cells come close to sense: a share of values, and every problem often."""
    counts = Counter(reading["problem"] for reading in readings)
    understood = sum(reading["value"] is not None for reading in readings)
    assert understood >= values * len(readings), (understood, counts)
    assert problems == counts.keys() - {None}
    assert all(counts[problem] >= 20 for problem in problems), counts


def amount(pick: random.Random) -> str:
    """A number as people type it."""
    group = pick.choice(("", "", " ", " ", ",", ".", "'", "’", "\u00a0", "\u202f"))
    point = pick.choice((",", "."))
    digits = pick.choice((1, 2, 3, 4, 5, 6, 7, 8, 9, 24))
    whole = f"{pick.randrange(10**digits):,}".replace(",", group)
    places = pick.choice((0, 0, 0, 1, 2, 3))
    fraction = "".join(pick.choices("0123456789", k=places))
    return whole + point * (places > 0) + fraction


def around_amount(words: Sequence[str]) -> Callable[[random.Random], str]:
    before = ("",) * 12 + (
        "~",
        "-",
        "−",
        "+",
        "около ",
        "где-то ",
        "от ",
        "до ",
        "не больше ",
        "ca. ",
    )
    scales = ("",) * 20 + (*numbers.SCALES, "т", "м", "m", "т.р.", "т. р", "тр", "тыр")

    def phrase(pick: random.Random) -> str:
        first = pick.choice(before) + amount(pick) + pick.choice(("", " ")) + pick.choice(scales)
        kind = pick.random()
        if kind < 0.1:
            return first + pick.choice((" ", "-", " – ", " до ", ", ")) + amount(pick)
        if kind < 0.2:
            return first + " " + amount(pick) + " " + pick.choice(tuple(numbers.SCALES))
        word = pick.choice(("", pick.choice(words)))
        return pick.choice(
            (
                f"{first} {word}",
                f"{first} {word}",
                f"{first}{word}.",
                f"{word} {first}",
                f"{word}{first}",
            )
        )

    return phrase


UNITS = ("чел.", "человека", "дней", "дня", "ночей", "days", "pcs", "шт.", "м", "%", "²", "+")
NUMBER_WORDS = (*numbers.SCALES, *sorted(numbers._ABOUT | numbers._BOUNDS), *UNITS)
SIGNS = (
    *money._SIGNS,
    *sorted(money._CODES),
    "бел. руб.",
    "белр",
    "у.е.",
    "у. е",
    "т.р.",
    "где то",
)
MONEY_WORDS = (*NUMBER_WORDS, *SIGNS)


def test_numbers(v8: V8) -> None:
    raw = Messy(1, NUMBER_WORDS, around_amount(UNITS)).cells(ENOUGH)
    raw += [form.format(word) for word in NUMBER_WORDS for form in ("{} 5", "5 {}", "5 {} 7")]
    readings = v8.each("Numbers.readNumber", list(map(as_json, raw)))
    agree(raw, expected(cells.parse_numbers(column(raw))), readings)
    covers(readings, {"number.several", "number.date", "number.unreadable"}, 0.25)


@pytest.mark.parametrize(("currency", "seed"), [("RUB", 2), (" usd ", 3), ("BYN", 4), ("KZT", 5)])
def test_money(v8: V8, currency: str, seed: int) -> None:
    raw = Messy(seed, MONEY_WORDS, around_amount(SIGNS)).cells(ENOUGH // 3)
    raw += [form.format(word) for word in MONEY_WORDS for form in ("{} 5", "5 {}", "5 {} 7")]
    readings = v8.each("Money.readMoney", list(map(as_json, raw)), currency)
    agree(raw, expected(cells.parse_money(column(raw), currency=currency)), readings)
    names = "range other_currency negative ambiguous date unreadable"
    covers(readings, {f"money.{name}" for name in names.split()}, 0.15)


def test_every_sign_of_a_currency(v8: V8) -> None:
    raw = [f"500 {sign}" for sign in SIGNS]
    for currency in sorted({name for names in money._SIGNS.values() for name in names}):
        python = expected(cells.parse_money(column(raw), currency=currency))
        agree(raw, python, v8.each("Money.readMoney", raw, currency))


MONTHS, WEEKDAYS = tuple(datewords.MONTHS), tuple(datewords.WEEKDAYS)
_UNITS_TYPED = (
    "час минуту часов hour minutes дня дней день day days неделю недели weeks месяц месяца мес "
    "month полгода год года лет year years"
)
UNITS_OF_TIME = _UNITS_TYPED.split()
# Sets have another order in every run of Python.
FILLERS = sorted(datewords._FILLERS)
RELATIVE = (
    "{filler} {shift}",
    "{shift} {filler} {time}",
    "через {count} {unit}",
    "через {unit}",
    "in {count} {unit}",
    "in a {count} of {unit}",
    "{filler} {next} {weekday}",
    "{next} {unit}",
    "{filler} {weekday}",
)
DATE_WORDS = (
    *MONTHS, *WEEKDAYS, *datewords._COUNTS, *datewords._SHIFTS, *FILLERS, *UNITS_OF_TIME,
    "через", "in", "next", "след", "следующий", "на следующей", "прошлый", "last", "эту", "этот",
    "this", "конец", "конец месяца", "end of month", "выходные", "weekend", "ближайшую", "14:30",
    "9:05:07.25", "2 pm", "12:30 a.m.", "15 ч", "в 15 часов", "T10:00:00Z", "+03:00", "г.",
    "9:30 msk", "05.11.2026 by 7:00", "in 2 h", "через 2 ч", "завтра_", "_",
    "года", "-ое", "-го", "th", "1st", "of", "'26", "2026", "26", "05.11", "5/11", "05-11", "11/25",
    "05.11.2026", "2026-11-05", "29.02", "31.12", "5 по 10", "5-10", "5 и 6", "или", "по", "to",
)  # fmt: skip


def typed_date(pick: random.Random) -> str:
    """A day as people type it, or a word that moves."""
    if pick.random() < 0.25:
        return pick.choice(RELATIVE).format(
            filler=pick.choice(FILLERS),
            shift=pick.choice(tuple(datewords._SHIFTS)),
            count=pick.choice((*datewords._COUNTS, "5", "14", "999", "many")),
            unit=pick.choice(UNITS_OF_TIME),
            next=pick.choice(("след", "следующую", "next", "last", "прошлой", "эту", "this")),
            weekday=pick.choice(WEEKDAYS),
            time=pick.choice(("", "в 15:00", "9 am")),
        )
    day = date(1988, 1, 1) + timedelta(days=pick.randrange(42_000))
    year = pick.choice((f"{day.year}", f"{day.year % 100:02d}", f"'{day.year % 100:02d}", "", ""))
    number = pick.choice((f"{day.day}", f"{day.day:02d}", f"{pick.randint(0, 33)}"))
    month = pick.choice((f"{day.month}", f"{day.month:02d}", f"{pick.randint(0, 14)}"))
    word = pick.choice([name for name in MONTHS if datewords.MONTHS[name] == day.month])
    mark = pick.choice((".", ".", "/", "/", "-", ",", ". ", " . "))
    ordinal = pick.choice(("", "", "-ое", "-го", " го", "th", "st"))
    form = pick.choice(
        (
            (mark.join(filter(None, (number, month, year)))),
            (mark.join(filter(None, (number, month, year)))),
            f"{year or day.year}-{day.month:02d}-{day.day:02d}",
            f"{number}{ordinal} {word}{pick.choice((' ', '. ', ', ', '-'))}{year}",
            f"{word} {number}{ordinal}{pick.choice((', ', ' '))}{year}",
            f"{number}-{word}-{year}",
        )
    )
    before = pick.choice(("", "", "", pick.choice(WEEKDAYS) + pick.choice((" ", ", ", ". ")), "с "))
    after = pick.choice(
        ("", "", "", " г.", " года", " 14:30", "T09:00:00Z", " в 15 ч", " 2:30 pm", "-10", " или")
    )
    return before + form + after


@pytest.mark.parametrize(
    ("day_first", "lean", "today"),
    [
        (True, "past", TODAY),
        (False, "past", date(2027, 1, 1)),
        (True, "future", TODAY),
        (False, "future", date(2024, 2, 29)),
    ],
)
def test_dates(v8: V8, day_first: bool, lean: Any, today: date) -> None:
    seed = 10 + 2 * day_first + (lean == "past")
    raw = Messy(seed, DATE_WORDS, typed_date).cells(ENOUGH // 3)
    raw += [form.format(word) for word in DATE_WORDS for form in ("{}", "5 {} 2026", "{} 5")]
    raw += [n + part for n in (32_873, 32_874, 73_415, 73_416) for part in (0, 0.5, 0.9999999)]
    pick = random.Random(seed)
    first = date(1990, 1, 1).toordinal()
    anchors = [
        pick.choice((None, date(2026, 2, 28), date.fromordinal(first + pick.randrange(40_000))))
        for _ in raw
    ]
    options = {"dayFirst": day_first, "today": today.isoformat(), "lean": lean}
    readings = v8.each(
        "(([cell, anchor, options]) => Dates.readDate(cell, { ...options, anchor }))",
        [
            [as_json(cell), anchor and anchor.isoformat(), options]
            for cell, anchor in zip(raw, anchors, strict=True)
        ],
    )
    parsed = cells.parse_dates(
        column(raw),
        day_first=day_first,
        today=today,
        anchor=pd.Series(pd.to_datetime(pd.Series(anchors))),
        lean=lean,
    )
    agree(
        list(zip(raw, anchors, strict=True)),
        expected(parsed, lambda at: at.date().isoformat()),
        readings,
    )
    names = "relative impossible far several number unreadable"
    covers(readings, {f"date.{name}" for name in names.split()}, 0.15)


def test_a_day_without_a_year_and_without_an_anchor_is_the_nearest_one(v8: V8) -> None:
    days = [date(2024, 1, 1) + timedelta(days=n) for n in range(366)]
    for today in (TODAY, date(2024, 2, 29), date(2101, 1, 1)):
        raw = [day.strftime("%d.%m") for day in days]
        parsed = cells.parse_dates(column(raw), day_first=True, today=today, lean="future")
        options = {"dayFirst": True, "today": today.isoformat(), "lean": "future"}
        readings = v8.each("Dates.readDate", raw, options)
        agree(raw, expected(parsed, lambda at: at.date().isoformat()), readings)


def test_ticks(v8: V8) -> None:
    words = sorted(lists._YES | lists._NO)

    def word(pick: random.Random) -> str:
        one = pick.choice(words)
        return pick.choice((one, one.upper(), one.title(), f" {one}!", f"{one}.", f"{one}\ufe0f"))

    raw = Messy(20, words, word).cells(ENOUGH)
    readings = v8.each("Bools.readBool", list(map(as_json, raw)))
    agree(raw, expected(cells.parse_bools(column(raw))), readings)
    covers(readings, {"bool.unreadable"}, 0.3)
    assert {type(reading["value"]) for reading in readings} == {bool, type(None)}


def lists_of_names() -> dict[str, Names]:
    statuses = (
        "Новый",
        "Переговоры",
        "Счёт выставлен",
        "Продано",
        "1",
        "2026.5",
        "…",
        "Straße",
        "",
    )
    odd = ("constructor", "__proto__", "toString", "C++", "ΣΊΣΥΦΟΣ", "İzmir", "Ꭰꮿ", "TRUE", "#N/A")
    return {
        "statuses": Names(statuses, {"sold": "Продано", "новый": "Продано", "!!": "Новый"}),
        "strict": Names(odd, {"si": "C++", "nan": "TRUE"}, lenient=False),
        "group": group_names("kind"),
        "empty": Names((), {}),
        "strict and empty": Names((), {}, lenient=False),
    }


@pytest.mark.parametrize("which", lists_of_names())
def test_names(v8: V8, which: str) -> None:
    names = lists_of_names()[which]
    spelt = (*names.names, *names.aliases) or ("Новый", "C++")

    def word(pick: random.Random) -> str:
        one = pick.choice(spelt)
        forms = (one, one.upper(), one.lower(), one.swapcase(), f" {one} . ", f"{one}\u00a0!")
        return pick.choice(forms).replace("е", pick.choice("её"))

    raw = Messy(30, (*spelt, "е"), word).cells(ENOUGH // 4)
    readings = v8.each(
        "Names.matchName",
        list(map(as_json, raw)),
        {"byFolded": dict(names.by_folded), "lenient": names.lenient},
    )
    agree(raw, expected(names.match(column(raw))), readings)
    understood = 0.0 if which == "strict and empty" else 0.2
    covers(readings, set() if which == "empty" else {"list.unknown"}, understood)


def test_emails(v8: V8) -> None:
    hosts = "mail.ru gmail.com sub.mail.co королёв.рф іў.рус mail.xn--p1ai mailru mail.ру"
    wraps = ("{}", "{}", "{}", "mailto:{}", "Иван <{}>", '"И" <{}>;', "{}.", "({})", "{} тел. 5")

    def address(pick: random.Random) -> str:
        letters = pick.choice((*["ivanpetrov.-_+1990"] * 5, "ivan.петров", "іванўё.-_1"))
        local = "".join(pick.choices(letters, k=pick.randint(1, 12)))
        typed = pick.choice(wraps).format(f"{local}@{pick.choice(hosts.split())}")
        if pick.random() < 0.1:
            typed += pick.choice((" ", ", ", ";", "/", "\n")) + f"{local}b@mail.ru"
        return pick.choice((typed, typed, typed.upper(), typed.title()))

    pieces = (
        "ivan",
        "@",
        "(at)",
        " собака ",
        ".",
        "mail.ru",
        "рф",
        "ё",
        "Й",
        "xn--",
        "mailto:",
        "-",
    )
    raw = Messy(40, pieces, address).cells(ENOUGH)
    raw += [f"{'x' * length}@mail.ru" for length in range(240, 260)]
    readings = v8.each("Emails.readEmail", list(map(as_json, raw)))
    agree(raw, expected(cells.parse_emails(column(raw))), readings)
    covers(readings, {"email.cyrillic", "email.several", "email.unreadable"}, 0.15)


def test_texts(v8: V8) -> None:
    def words(pick: random.Random) -> str:
        return " ".join(
            pick.choices(("Ёлка", "СЧЁТ", "ΟΔΟΣ", "Straße", "İI", "ﬁne", "½²", "—"), k=3)
        )

    raw = Messy(50, MONEY_WORDS, words).cells(ENOUGH)
    assert v8.each("Texts.textOf", list(map(as_json, raw))) == list(map(text.text_of, raw))
    typed = [cell for cell in raw if isinstance(cell, str)]
    typed += ["\r\n" * 20_000, "🎉" * 32_768, "x\x00\x0b\ud800\ufffey"]
    for name in ("clean", "ordinary", "plain", "fold", "storable"):
        python = [getattr(text, name)(each) for each in typed]
        agree(typed, python, v8.each(f"Texts.{name}", typed))


@pytest.mark.parametrize("name", ["plain", "fold"])
def test_every_character(v8: V8, name: str) -> None:
    codes = [code for code in range(0x110000) if not 0xD800 <= code <= 0xDFFF]
    known = [chr(code) for code in codes if unicodedata.category(chr(code)) != "Cn"]
    # Python and V8 may know different versions of Unicode.
    new = v8.call(r"((text) => text.match(/\p{Cn}/gu) ?? [])", "".join(known))
    known = sorted(set(known) - set(new))
    assert len(known) > 140_000
    typed = [" ".join(known[start : start + 50]) for start in range(0, len(known), 50)]
    python = [getattr(text, name)(each) for each in typed]
    agree(typed, python, v8.each(f"Texts.{name}", typed))


def test_digits_of_every_script(v8: V8) -> None:
    digits = [each for each in map(chr, range(0x110000)) if each.isdecimal()]
    assert len(digits) > 600
    written = "".join(str(unicodedata.decimal(each)) for each in digits)
    assert v8.call("Texts.digits", "".join(digits)) == written
