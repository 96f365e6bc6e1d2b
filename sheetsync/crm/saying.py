"""Numbers and days as people of a language write them."""

from __future__ import annotations

from datetime import date

from sheetsync.locales import Words


def plain(number: float, words: Words) -> str:
    """``3``, ``1.5``, ``1,5``: with no more digits than it has, up to six."""
    return decimal(f"{number:g}", words)


def percent(fraction: float, words: Words) -> str:
    """A fraction of 1 as a percentage with one decimal."""
    return words("sources.percent", number=decimal(f"{100 * fraction:.1f}", words))


def decimal(number: str, words: Words) -> str:
    """A number in digits, with the language's own sign for the point."""
    return number.replace(".", words("sources.decimal"))


def day(when: date, words: Words) -> str:
    """``2026-11-05``, ``05.11.2026``."""
    return when.strftime(words("cohorts.date"))
