"""Shops whose cells are as people leave them, in every kind and language, with rules of every sort.

Each shop starts from the seeds of its kind; a third of the cells of a column are plain, the rest is
drawn from what people and programs put there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pandas as pd

from sheetsync import locales
from sheetsync.crm import kinds, layout
from sheetsync.crm.base import Book
from sheetsync.crm.book import Locale, Raw, understand
from sheetsync.layout import header

TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 12)

Cell = Any
Draw = Callable[[Random], Cell]
Asked = tuple[str, str, Cell, Cell, str | None]
"""A rule: field (a column of ours, or a header), condition, value, points, group."""

TEAM = ("Анна", "Борис", "Anna Stone", "O'Neil")
TRAPS = ("constructor", "__proto__", "toString", "hasOwnProperty")
"""What every object of JavaScript has, and no list."""

OWN = ("Premium", "Area", "Visit", "Remark", "valueOf", "Budget / m2")
"""Columns that the owner added: a tick, numbers, dates, words, and two that look like something
else."""

_NAMES = (
    "Анна Петрова", "John Smith", "asdf", "тест", "qwerty", "ааа", "123", "Ivan", "Мария", "!!!",
    "José", "test test", "  Пётр   Ильин ", "xx", "\u200bOlga", "dfgdfgdfg", "cat_lover99",
    "ß ſ İ",
)  # fmt: skip
_PHONES = (
    "+7 916 123-45-67", "8 (916) 123 45 67", "9161234567", 79161234567.0, "12345", "нет",
    "+1 202 555 0143", "2025550143", "1234567890", "+7 (916) 123-45-67, +7 903 765 43 21",
    "+44 20 7946 0958", "89161234567 Аня", "000", "7 916 123 45 67 8", "+7 916 111 11 11",
    9.16123456789e10,
)  # fmt: skip
_EMAILS = (
    "anna@example.ru", "ANNA@Example.RU ", "anna@", "анна@example.ru", "a@b.co; c@d.co",
    "mailto:x@y.org", "hdgfk@gmail.com", "no", "john.smith@corp.example.com", "x@mailinator.com",
    "name @ mail.ru",
)  # fmt: skip
_AMOUNTS = (
    "300 000", "300000", "300 тыс", "1,5 млн", "$1,200.50", "1.200", "0,250", "от 50 000", "12k",
    "-5", "10-20", "300т.р.", "abc", "около 250000", "2 чел", "1e5", "1 000 000 000 000", "€ 900",
    "99.99", "½", "٣٠٠", "0", "15%", "7,000", "1 200,5",
)  # fmt: skip
_COUNTS = ("2", "2+1", "двое", "3 чел.", "14 дней", "7-10", "0", "-1", "2,5", "1 200", "10 ночей")
_DATES = (
    "05.11.2026", "5.11", "11/05/2026", "2026-11-05", "завтра", "31.02.2026", "5 ноября", "Nov 5",
    "01.01.1900", "до 20.12", "20.12.2026 15:00", "today", "5 ноя 2026 г.", "29.02", "05.11.26",
    "1/2/2026", "конец месяца", "13.13.2026", "March 3rd, 2026", 5.11, 46350.0, 46400.5, 3.0, 1e9,
)  # fmt: skip
_WORDS = (
    "на Новый год вчетвером", "New Year, 4 people", "горящий тур", "был в офисе",
    "came to the office", "не приедет", "answered the mail, follows us", "ответил на письмо",
    "💬 vip", "VIP", "ё-моё", "=1+1", "<b>Budget</b>", "iPhone 15", "15", "1,5", "да", "нет",
    "TRUE", "...", " \u00a0", "ПОДПИСАН НА НАС", "𝓥𝓘𝓟", "ﬁne", "wholesale price list",
    "сколько стоит", "прайс", "Straße", "STRASSE", "5.11.2026", "2026-11-05",
)  # fmt: skip
_TICKS = (True, False, "да", "нет", "x", "+", "TRUE", "FALSE", "1", 0.0, 1.0, "✓", "maybe", "ложь")
_ODD: tuple[Cell, ...] = (None, "", " ", 0.0, -1.0, 1e-7, 1e22, 12.5, True, False, "—", "#N/A")


def _one_of(*pool: Cell) -> Draw:
    return lambda random: random.choice(pool)


def _phone(random: Random) -> Cell:
    return random.choice(["+7", "8", "+7 ", ""]) + str(random.randrange(9_000_000_000, 10**10))


def _amount(random: Random) -> Cell:
    value = random.choice([random.randrange(0, 900), random.randrange(0, 900_000)])
    texts = (float(value), f"{value}", f"{value:,}", f"{value:,}".replace(",", " "), f"{value} руб")
    return random.choice(texts)


def _count(random: Random) -> Cell:
    return random.choice([float(random.randrange(0, 15)), random.randrange(10, 99) / 10])


def _day(random: Random) -> Cell:
    day = datetime(2026, 11, 21) + timedelta(days=random.randrange(-200, 60))
    if random.random() < 0.1:
        day += timedelta(minutes=random.randrange(1440))
    texts = ("%d.%m.%Y", "%d.%m", "%Y-%m-%d", "%m/%d/%Y", "%d %B")
    return random.choice([day, day, day, day.strftime(random.choice(texts))])


_DRAWS: Mapping[str, tuple[Draw, Draw]] = {
    "name": (_one_of("Анна", "John", "Ольга Ким"), _one_of(*_NAMES)),
    "phone": (_phone, _one_of(*_PHONES)),
    "email": (_one_of("anna@example.ru", "j@example.com"), _one_of(*_EMAILS)),
    "company": (_one_of("ООО Ромашка", "Acme Ltd"), _one_of(*_NAMES, "нет", "ООО ООО", "-")),
    "created": (_day, _one_of(*_DATES)),
    "next_action": (_day, _one_of(*_DATES)),
    "budget": (_amount, _one_of(*_AMOUNTS)),
    "amount": (_amount, _one_of(*_AMOUNTS)),
    "people": (_count, _one_of(*_COUNTS)),
    "days": (_count, _one_of(*_COUNTS)),
    "request": (_one_of(*_WORDS), _one_of(*_WORDS)),
    "comment": (_one_of(*_WORDS), _one_of(*_WORDS)),
    "next_step": (_one_of(*_WORDS), _one_of(*_WORDS)),
    "own:Premium": (_one_of(True, False), _one_of(*_TICKS)),
    "own:Area": (_amount, _one_of(*_AMOUNTS, *_WORDS)),
    "own:Visit": (_day, _one_of(*_DATES)),
    "own:Remark": (_one_of(*_WORDS), _one_of(*_WORDS, *_AMOUNTS, *_DATES, *_TICKS)),
    "own:valueOf": (_count, _one_of(*_COUNTS)),
    "own:Budget / m2": (_count, _one_of(*_AMOUNTS)),
}

# Every condition over every type of field; what makes no sense in one shop is no rule there.
RULES: Sequence[Asked] = (
    ("source", "equals", "recommendation", 7, "source"),
    ("source", "contains", "e", "0,5", None),
    ("source", "empty", None, -3, None),
    ("manager", "one_of", "Анна; O'Neil", 4, None),
    ("status", "filled", None, 1, None),
    ("segment", "one_of", "large; крупный; mid; средний", 3, None),
    ("channel", "contains", "o", 2, None),
    ("channel", "filled", None, 1, None),
    ("id", "contains", "7", 1, None),
    ("name", "contains", "an;ан", 2, None),
    ("name", "looks_like", None, -20, "junk"),
    ("phone", "looks_like", None, -25, "junk"),
    ("email", "looks_like", None, -25, "junk"),
    ("company", "looks_like", None, -15, "junk"),
    ("own:Remark", "looks_like", None, -5, "junk"),
    ("phone", "contains", "+7", 1, None),
    ("phone", "filled", None, "1.25", None),
    ("email", "contains", "example", 1, "competitor"),
    ("request", "contains", "прайс; price", -5, "price_shopper"),
    ("request", "equals", "straße", 11, None),
    ("request", "one_of", "VIP; ё-моё", 9, None),
    ("budget", "equals", "300 000", 13, None),
    ("budget", "between", "100 000 - 400 000", 6, None),
    ("budget", "at_most", "1000", -6, None),
    ("budget", "contains", "тыс", 1, None),
    ("budget", "empty", None, -2, None),
    ("amount", "one_of", "1200; 900; 300000", 5, None),
    ("created", "older_than", "30", -4, None),
    ("created", "within", "14 дней", 4, None),
    ("created", "between", "01.06.2026 - 01.09.2026", 2, None),
    ("next_action", "within", "10", 1, None),
    ("next_action", "older_than", 0, -1, None),
    ("next_action", "equals", "05.11.2026", 8, None),
    ("next_action", "filled", None, 1, None),
    ("overdue", "at_least", 3, -7, None),
    ("overdue", "empty", None, 1, None),
    ("stage_days", "between", "5-20", -2, None),
    ("stage_days", "equals", 0, 1, None),
    ("pushes", "at_least", 1, -3, None),
    ("pushes", "filled", None, 1, None),
    ("source_conversion", "at_least", "15%", 5, None),
    ("source_conversion", "contains", "0.", 1, None),
    ("source_index", "at_most", "0,9", -5, None),
    ("source_index", "filled", None, 1, None),
    ("source_index * 2 + 1", "at_least", 3, 2, None),
    ("own:Premium", "equals", "да", 6, None),
    ("own:Premium", "filled", None, 2, None),
    ("own:Premium", "empty", None, -2, None),
    ("own:Area", "between", "10 - 1000", 3, None),
    ("own:Area", "one_of", "300 тыс; 15; да", 4, None),
    ("own:Visit", "older_than", 20, -2, None),
    ("own:Visit", "within", 30, 2, None),
    ("own:Visit", "at_least", "01.10.2026", 3, None),
    ("own:Visit", "equals", "05.11.2026", 3, None),
    ("own:Remark", "equals", "15", 4, None),
    ("own:Remark", "one_of", "2026-11-05; нет; iphone 15", 4, None),
    ("own:Remark", "filled", None, 1, None),
    ("own:valueOf", "at_least", 3, 2, None),
    ("own:Budget / m2", "at_most", 50, 2, None),
    ("budget / own:valueOf", "at_least", 10_000, 5, None),
    ("-(budget - amount) * 0.5 / (own:Area + 1)", "between", "-100 - 100", 3, None),
    ("created - next_action", "at_least", -30, 2, None),
    ("overdue + stage_days / pushes", "filled", None, 1, None),
    ("budget * budget * budget * 1000000000000", "empty", None, 1, None),
    ("comment", "contains", "vip", "2 000 000", None),
    ("comment", "sounds like", "vip", 5, None),
    ("comment", "contains", "офис", 12.345678, "своё"),
)


def shop(
    kind: str,
    lang: str,
    leads: int,
    random: Random,
    rules: Sequence[Asked] = RULES,
    *,
    bare: bool = False,
) -> Book:
    """A shop as a refresh has understood it, with these rules beside those of its kind.

    Rules may be off, or switch themselves off; a column may have another header, and 05/11 may be
    in May or in November. In a ``bare`` one the lists of sources, reasons and people are empty.
    """
    words = locales.load(lang)
    tab = layout(kind)["leads"]
    seeds = kinds.seeds(kind, words)
    headers = {column.key: header(words, tab, column) for column in tab.columns if column.shown}
    headers |= {f"own:{name}": name for name in OWN}
    headers["budget"] = random.choice([headers["budget"], "Money, total"])
    lists = {
        "source": [row["source"] for row in seeds["sources"]],
        "status": [row["status"] for row in seeds["statuses"]],
        "manager": list(TEAM),
        "approved_by": list(TEAM),
        "loss_reason": [row["reason"] for row in seeds["reasons"]],
        "channel": list(words.group("choices.channel").values()),
        "segment": list(words.group("choices.segment").values()),
    }
    columns = {
        key: [_cell(key, lists, random) for _ in range(leads)]
        for key in (*(c.key for c in tab.owned("person")), *(f"own:{name}" for name in OWN))
    }
    ids = pd.Series([f"L-{n + 1:05d}" for n in range(leads)], range(2, leads + 2), dtype=object)
    raw = {
        "leads": Raw(pd.DataFrame({"id": ids, **_frame(columns, ids.index)}), ids),
        **{tab: _list(key, seeds[tab]) for tab, key in _LISTS.items()},
        "team": _list("name", [{"name": name, "role": "operator"} for name in TEAM]),
        "scoring": _list("id", [*seeds["scoring"], *_rules(rules, headers, words, random)]),
    }
    if bare:
        raw |= {tab: Raw.empty() for tab in ("sources", "reasons", "team")}
    rows = raw["settings"].frame
    few = rows["key"].eq("few").to_numpy()
    rows.loc[few, "value"] = 5
    return understand(
        raw,
        headers=headers,
        locale=Locale(words, random.choice([None, True, False])),
        today=TODAY,
        now=NOW,
        recorded=_recorded(ids, lists["status"], random),
    )


_LISTS = {
    "statuses": "status",
    "sources": "source",
    "reasons": "reason",
    "steps": "id",
    "script": "step",
    "settings": "key",
}
"""Tab -> the column that names its rows."""


def _cell(key: str, lists: Mapping[str, Sequence[str]], random: Random) -> Cell:
    chance = random.random()
    if chance < 0.05:
        return random.choice(_ODD)
    if chance < 0.15:
        return None
    if key in lists:
        name = random.choice(lists[key])
        if chance < 0.25:
            return random.choice([name.upper(), f" {name}. ", name[1:], *TRAPS])
        return name
    plain, messy = _DRAWS.get(key, (_one_of(*_WORDS), _one_of(*_WORDS)))
    return plain(random) if chance < 0.5 else messy(random)


def _frame(columns: Mapping[str, Sequence[Cell]], rows: pd.Index) -> dict[str, pd.Series]:
    return {key: pd.Series(list(cells), rows, dtype=object) for key, cells in columns.items()}


def _list(key: str, rows: Sequence[Mapping[str, Any]]) -> Raw:
    frame = pd.DataFrame(list(rows), index=range(2, len(rows) + 2)).astype(object)
    frame = frame.where(frame.notna(), None)
    return Raw(frame, frame[key])


def _rules(
    rules: Sequence[Asked], headers: Mapping[str, str], words: locales.Words, random: Random
) -> Iterator[dict[str, Any]]:
    """Rows of the Scoring tab."""

    named = dict(headers) | words.group("scoring.field")

    def titles(field: str) -> str:
        for key in sorted(named, key=len, reverse=True):
            field = field.replace(key, f"[{named[key]}]") if key in field else field
        return field

    for number, (field, condition, value, points, group) in enumerate(rules, start=501):
        known = f"choices.condition.{condition}" in words
        yield {
            "id": f"R-{number}",
            "group": group,
            "field": named.get(field) or titles(field),
            "condition": words(f"choices.condition.{condition}") if known else condition,
            "value": value,
            "points": points,
            "on": random.choice([None, True, True, "нет"]),
            "off_above": random.choice([None, None, "15%"]),
        }


def _recorded(ids: pd.Series, statuses: Sequence[str], random: Random) -> pd.DataFrame:
    """What the last refresh saw of some of the leads, so that dates were pushed."""
    seen = ids[[random.random() < 0.6 for _ in ids]].tolist()
    return pd.DataFrame(
        {
            "last_status": [random.choice(statuses) for _ in seen],
            "last_date": [46300.0 + random.randrange(80) for _ in seen],
            "pushed": [random.choice([None, 1.0, 4.0]) for _ in seen],
        },
        index=pd.Index(seen, dtype=object),
        dtype=object,
    )
