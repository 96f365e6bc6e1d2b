"""The same leads typed in three countries, and the same moment on two days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from sheetsync import crm
from sheetsync.sync.export import tab_table
from sheetsync.sync.provision import provision
from sheetsync.sync.refresh import refresh
from sheetsync.sync.understand import read_and_understand
from tests.google import Server
from tests.sync.shop import NOON, Shop, opened


@dataclass(frozen=True)
class Country:
    """How people type there."""

    decimal: str
    group: str
    day: str
    separator: str

    def number(self, text: str) -> str:
        """A number given as 1234.5."""
        whole, _, part = text.partition(".")
        grouped = f"{int(whole):,}".replace(",", self.group)
        return grouped + (self.decimal + part if part else "")

    def date(self, day: int, month: int) -> str:
        return date(2026, month, day).strftime(self.day)

    def call(self, name: str, *arguments: str) -> str:
        """A formula."""
        parts = (each.replace(".", self.decimal) for each in arguments)
        return f"={name}({self.separator.join(parts)})"


COUNTRIES: Mapping[str, Country] = {
    "en_US": Country(".", ",", "%m/%d/%Y", ","),
    "en_GB": Country(".", ",", "%d/%m/%Y", ","),
    "ru_RU": Country(",", "\u00a0", "%d.%m.%Y", ";"),
}


def typed_in(there: Country) -> list[dict[str, Any]]:
    """Five leads; an apostrophe makes a cell text, so that it is left to us to read it."""
    return [
        {
            "Created": there.date(5, 11),
            "Name": "Anna",
            "Budget": there.number("1500.5"),
            "Status": "In progress",
            "Next action": there.date(12, 11),
        },
        {
            "Created": there.date(9, 10),
            "Name": "Boris",
            "Budget": there.call("SUM", "1000", "499.5"),
            "Status": "Offer made",
            "Next action": there.call("DATE", "2026", "11", "20"),
        },
        {
            "Created": "'" + there.date(2, 11),
            "Name": "Vera",
            "Budget": "'" + there.number("1499.25"),
        },
        {"Name": "Gleb", "Deal amount": there.number("99000.5"), "Status": "Sold"},
        {"Created": there.date(21, 11), "Name": "Dina", "Status": "New"},
    ]


def rule_in(there: Country) -> dict[str, Any]:
    """A scoring rule with fractions."""
    return {
        "Field": "Budget",
        "Condition": "at least",
        "Value": there.number("1499.5"),
        "Points": there.number("2.5"),
        "On": True,
    }


@pytest.fixture(scope="module")
def tables() -> Iterator[Mapping[str, Mapping[str, pd.DataFrame]]]:
    """Every tab of the refreshed shop of every country."""
    with opened() as server:
        yield {
            locale: refreshed(Shop(server, locale), there) for locale, there in COUNTRIES.items()
        }


def refreshed(shop: Shop, there: Country) -> dict[str, pd.DataFrame]:
    book = shop.book()
    provision(book, kind="general", lang="en")
    for lead in typed_in(there):
        shop.owner.append("Leads", lead)
    shop.owner.append("Scoring", rule_in(there))
    shop.owner.type("Statuses", 2, "Days allowed", there.number("1.5"))
    refresh(book, now=NOON)
    after = read_and_understand(book, now=NOON)
    exported = {tab.key: tab_table(after, tab.key) for tab in crm.layout("general").tabs}
    shown = [
        {header: row[header] for header in ("ID", "Name", "Score", "Tier", "Overdue, days")}
        for row in shop.owner.rows("Leads")
    ]
    return exported | {"as people see it": pd.DataFrame(shown)}


def understood(addon: pd.DataFrame) -> pd.DataFrame:
    """The add-on's tab, without what depends on how people of a country write."""
    settings = addon["key"].eq("settings")
    plain = addon["value"].str.replace(r'"date_order":"(dmy|mdy)"', "", regex=True)
    rules = addon["key"].str.startswith("rules")
    return addon.assign(value=plain.where(settings, addon["value"]))[~rules]


@pytest.mark.parametrize("locale", ["en_GB", "ru_RU"])
def test_the_same_leads_give_the_same_results_everywhere(
    tables: Mapping[str, Mapping[str, pd.DataFrame]], locale: str
) -> None:
    for tab, american in tables["en_US"].items():
        theirs = tables[locale][tab]
        if tab == "scoring":  # what was typed as a text stands there as it was typed
            american, theirs = (each.drop(columns="value") for each in (american, theirs))
        if tab == "addon":  # it says how dates are ordered here, and quotes the rules as well
            american, theirs = (understood(each) for each in (american, theirs))
        if tab == "leads":  # the words of the reasons quote the rule
            american, theirs = (each.drop(columns="why") for each in (american, theirs))
        pd.testing.assert_frame_equal(theirs, american, obj=f"{tab} in {locale}")


@pytest.mark.parametrize("locale", COUNTRIES)
def test_they_are_what_was_meant(
    tables: Mapping[str, Mapping[str, pd.DataFrame]], locale: str
) -> None:
    leads = tables[locale]["leads"].set_index("name")
    budgets = leads["budget"].dropna()
    assert budgets.to_dict() == {"Anna": 1500.5, "Boris": 1499.5, "Vera": 1499.25}
    created = {name: each.date() for name, each in leads["created"].dropna().items()}
    days = {"Anna": (5, 11), "Boris": (9, 10), "Vera": (2, 11), "Dina": (21, 11)}
    assert created == {name: date(2026, month, day) for name, (day, month) in days.items()}
    assert leads["amount"].dropna().to_dict() == {"Gleb": 99000.5}
    # A budget 15, a good one 20, nobody to call -10, fresh 10; 2.5 of the rule with fractions
    # make 27.5, which is rounded away from zero.
    scores = {"Anna": 28, "Boris": 28, "Vera": 25, "Gleb": -10, "Dina": 0}
    assert leads["score"].to_dict() == scores
    assert leads["overdue"].dropna().to_dict() == {"Anna": 9, "Boris": 1}
    seen = tables[locale]["as people see it"].set_index("Name")
    assert seen["Score"].to_dict() == scores
    assert seen["Overdue, days"].dropna().to_dict() == {"Anna": 9, "Boris": 1}


# --- the day ----------------------------------------------------------------------------------

FIRST, LAST = "Pacific/Kiritimati", "Pacific/Pago_Pago"
"""14 hours before and 11 hours behind Greenwich: never on the same day."""

DUE = date(2026, 1, 5)


def test_the_spreadsheets_own_time_zone_says_what_today_is(server: Server) -> None:
    days = {zone: overdue_in(server, zone) for zone in (FIRST, LAST)}
    for today, overdue in days.values():
        assert overdue == (today - DUE).days
    ahead = days[FIRST][0] - days[LAST][0]
    assert timedelta(days=1) <= ahead <= timedelta(days=2)
    assert days[FIRST][1] - days[LAST][1] == ahead.days


def overdue_in(server: Server, zone: str) -> tuple[date, int]:
    """The day it is there, and by how many days the lead of a shop there is overdue."""
    shop = Shop(server, timezone=zone)
    book = shop.book()
    provision(book, kind="general", lang="en")
    lead = {"Name": "Anna", "Status": "In progress", "Next action": DUE}
    shop.owner.append("Leads", lead)
    while True:
        today = datetime.now(ZoneInfo(zone)).date()
        done = refresh(book)
        if datetime.now(ZoneInfo(zone)).date() == today:  # or midnight came in between
            assert done.understood.book.today == today
            (overdue,) = done.understood.results.columns["leads"]["overdue"]
            return today, int(overdue)
