"""Money as people type it: ``300 т.р.``, ``1,2 млн``, ``$1,2k``, ``1 200 000``.

``300`` is three hundred: thousands that nobody wrote are never guessed. How separators group is
told in :mod:`sheetsync.cells.numbers`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date

import pandas as pd

from sheetsync.cells.base import EMPTY, Parsed, Reading, as_number, is_tick, read_distinct
from sheetsync.cells.numbers import SCALES, amount_hint, take_apart
from sheetsync.cells.text import plain, text_of, vocabulary

# In a column of money a lone letter is thousands or millions; elsewhere it may be metres.
_SCALES: Mapping[str, float] = {**SCALES, "т": 1e3, "t": 1e3, "м": 1e6, "m": 1e6}

# A sign may stand for several currencies; it is foreign only when it can't be the owner's.
_DOLLARS = ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN", "ARS", "CLP", "COP")
_SIGNS: Mapping[str, tuple[str, ...]] = {
    sign: currencies
    for signs, currencies in (
        ("₽ rur", ("RUB",)),
        ("р p руб рубль рубля рублей рубли rub", ("RUB", "BYN")),
        ("$ доллар доллара долларов долл бакс бакса баксов dollar dollars", _DOLLARS),
        ("us", ("USD",)),
        ("уе", ("USD", "EUR")),
        ("€ евро euro euros", ("EUR",)),
        ("£ фунт фунта фунтов pound pounds", ("GBP", "EGP")),
        ("₸ тенге тг", ("KZT",)),
        ("₴ грн гривна гривны гривен", ("UAH",)),
        ("br", ("BYN", "ETB")),
        ("¥ 円 元", ("CNY", "JPY")),
        ("юань юаня юаней", ("CNY",)),
        ("сум сумов", ("UZS",)),
        ("сом сомов", ("KGS", "UZS")),
        ("₾ лари", ("GEL",)),
        ("֏ драм драма драмов драм", ("AMD",)),
        ("₼ манат маната манатов", ("AZN", "TMT")),
        ("₺ лир лира лиры", ("TRY",)),
        ("₹ рупий рупия рупии", ("INR",)),
        ("zł zl злотых злотый", ("PLN",)),
        ("kč", ("CZK",)),
        ("франк франка франков", ("CHF",)),
        ("฿ бат бата батов", ("THB",)),
        ("₫ донг донгов", ("VND",)),
        ("дирхам дирхама дирхамов", ("AED", "MAD")),
        ("₪ шекель шекеля шекелей", ("ILS",)),
        ("₩", ("KRW",)),
    )
    for sign in vocabulary(signs)
}
_CODES = vocabulary(
    "rub usd eur gbp kzt uah byn cny jpy uzs kgs gel amd azn try inr pln czk chf thb vnd aed ils "
    "krw cad aud nzd sgd hkd sek nok dkk huf ron rsd bgn mdl tjs tmt mxn brl ars clp cop egp mad"
)

_PHRASES = tuple(
    (re.compile(rf"(?<![^\W\d_])(?:{pattern})(?![^\W\d_])\.?"), f" {simple} ")
    for pattern, simple in (
        (r"т\. ?р|тр|тыр", "тыс руб"),
        (r"бел[а-я]*\.? ?р(?:уб[а-я]*)?", "byn"),
        (r"у\. ?е", "уе"),
        (r"где[ -]то", "около"),
    )
)


def parse_money(raw: pd.Series, *, currency: str) -> Parsed:
    """Amounts of money.

    Parameters
    ----------
    raw : Series of raw cells, shape (n,)
    currency : str
        Three letters (ISO 4217): what an amount without a sign is in.

    Returns
    -------
    Parsed
        values float64, in ``currency``. Problems: ``money.range`` (two amounts, or a bound: up to,
        from, 300+), ``money.other_currency``, ``money.negative``, ``money.ambiguous``
        (``1,250 млн``), ``money.date`` (a program made a date of it), ``money.unreadable``.
    """
    own = currency.strip().upper()
    return read_distinct(raw, lambda cell: _read(cell, own), "float64")


def _read(cell: object, own: str) -> Reading:
    typed = text_of(cell)
    if typed is None:
        return EMPTY
    number = as_number(cell)
    if number is not None:
        return _amount(number)
    if isinstance(cell, date):
        return Reading(problem="money.date")
    if is_tick(cell):
        return Reading(problem="money.unreadable")
    return _read_text(plain(typed), own)


def _amount(value: float) -> Reading:
    if not math.isfinite(value):
        return Reading(problem="money.unreadable")
    return Reading(problem="money.negative") if value < 0 else Reading(value)


def _read_text(text: str, own: str) -> Reading:
    for pattern, simple in _PHRASES:
        text = pattern.sub(simple, text)
    phrase = take_apart(text, _SCALES)
    if len(phrase.amounts) > 1:
        return Reading(problem="money.range")
    value = phrase.amounts[0] if phrase.amounts else None
    if value is None:
        return Reading(problem="money.unreadable")
    remark = [word for word in phrase.rest if not _currencies(word)]
    foreign = any(own not in _currencies(word) for word in phrase.rest if word not in remark)
    if remark:
        hint = None if foreign else phrase.hint(remark)
        return Reading(problem="money.unreadable", hint=hint)
    if foreign:
        return Reading(problem="money.other_currency")
    if phrase.negative:
        return Reading(problem="money.negative")
    if phrase.ambiguous:
        return Reading(problem="money.ambiguous")
    if phrase.bounded:
        return Reading(problem="money.range", hint=amount_hint(value))
    return _amount(value)


def _currencies(word: str) -> tuple[str, ...]:
    """The currencies that a word or sign may mean; empty when it is none."""
    return _SIGNS.get(word) or ((word.upper(),) if word in _CODES else ())
