"""How many managers the leads need: by hand, and the leads a month in SQL."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sheetsync import locales
from sheetsync.crm import base, headcount
from tests.crm.books import NO_RESULTS, make_book
from tests.crm.shops import random_shop, sql, tables


def _shop(months: dict[str, int], team: int = 2, **settings: Any) -> base.Book:
    leads = [
        {"created": f"{month}-10", "status": "New"} for month, n in months.items() for _ in range(n)
    ]
    people = [{"name": f"M{n}"} for n in range(team)]
    return make_book(leads=leads, team=people, settings=settings)


def _figures(book: base.Book) -> pd.Series:
    return headcount.compute(book, NO_RESULTS).figures["headcount"].iloc[0]


def _notes(book: base.Book) -> dict[str, str]:
    return {line.item: line.note for line in headcount.compute(book, NO_RESULTS).lines["headcount"]}


def test_managers_needed_are_the_leads_over_what_one_can_handle() -> None:
    """300 leads a month at 90 minutes are 450 hours; one manager has 120."""
    months = {"2026-07": 999, "2026-08": 300, "2026-09": 310, "2026-10": 290, "2026-11": 40}
    found = _figures(_shop(months, minutes_per_lead=90, hours_per_month=120))
    assert found[["months", "leads_per_month", "this_month"]].tolist() == [3, 300, 40]
    assert found[["needed", "present", "spare"]].tolist() == [4, 2, -2]
    assert found["capacity"] == 160, "2 managers, 240 hours"
    assert found[["busiest", "busiest_leads", "busiest_needed"]].tolist() == ["2026-09", 310, 4]


def test_a_need_that_comes_out_whole_is_not_rounded_up() -> None:
    months = {"2026-08": 70, "2026-09": 70, "2026-10": 70}
    assert _figures(_shop(months, minutes_per_lead=36, hours_per_month=42))["needed"] == 1
    assert _figures(_shop(months, minutes_per_lead=36, hours_per_month=41.9))["needed"] == 2
    assert _figures(_shop(months, minutes_per_lead=0.1, hours_per_month=0.7))["capacity"] == 840


@pytest.mark.parametrize(
    ("team", "says"),
    [
        (0, "Nobody stands in the Team tab: add the managers there"),
        (1, "2 too few: leads will wait, or serve the better ones first"),
        (3, "As many as the leads need"),
        (5, "2 more than the leads need: bring more leads, or give them other work"),
    ],
)
def test_too_few_and_too_many_are_told(team: int, says: str) -> None:
    months = {"2026-08": 300, "2026-09": 300, "2026-10": 300}
    assert _notes(_shop(months, team))["Managers there are"] == says


def test_where_managers_are_too_few_the_score_says_whom_to_serve() -> None:
    """Three months of 100 leads; one manager handles 60 a month, so 180 of the 300."""
    book = _shop(dict.fromkeys(("2026-08", "2026-09", "2026-10"), 100), 1, hours_per_month=60)
    scores = pd.Series(np.repeat([50, 40, 30, 20], [100, 60, 40, 100]), book.leads.index)
    columns = {"leads": pd.DataFrame({"score": scores.astype("Int64")})}
    part = headcount.compute(book, replace(NO_RESULTS, columns=columns))
    assert part.figures["headcount"].iloc[0][["serve_from", "served"]].tolist() == [40, 160 / 3]
    assert part.lines["headcount"][-1].note == (
        "Serve those with a score of 40 or more, about 53 a month, and refuse the others politely"
    )
    enough = _shop(dict.fromkeys(("2026-08", "2026-09", "2026-10"), 100), 2, hours_per_month=60)
    part = headcount.compute(enough, replace(NO_RESULTS, columns=columns))
    assert pd.isna(part.figures["headcount"].iloc[0]["serve_from"])


def test_an_uneven_flow_is_told_where_its_peak_needs_more() -> None:
    months = {"2026-08": 100, "2026-09": 100, "2026-10": 160}
    assert _notes(_shop(months, 1))["Managers there are"] == (
        "As many as the leads need. "
        "Leads come unevenly: in 2026-10 there were 160, for which 2 were needed"
    )


def test_owners_do_not_handle_leads_and_those_without_a_role_do() -> None:
    roles = ["operator", "senior", "owner", None]
    team = [{"name": str(n), "role": role} for n, role in enumerate(roles)]
    book = make_book(team=team, leads=[{"created": "2026-10-01", "status": "New"}])
    assert _figures(book)["present"] == 3


def test_months_before_the_first_lead_or_the_work_are_not_averaged_over() -> None:
    months = {"2026-09": 20, "2026-10": 40}
    assert _figures(_shop(months))[["months", "leads_per_month"]].tolist() == [2, 30]
    since = pd.Timestamp("2026-09-11").date()
    assert _figures(_shop(months, work_from=since))[["months", "leads_per_month"]].tolist() == [
        1,
        40,
    ]
    # A quiet month in between is a month.
    quiet = {"2026-08": 30, "2026-10": 60}
    assert _figures(_shop(quiet))[["months", "leads_per_month"]].tolist() == [3, 30]


def test_a_first_month_that_is_not_over_tells_nothing() -> None:
    book = _shop({"2026-11": 50})
    found = _figures(book)
    assert (found["months"], found["this_month"]) == (0, 50)
    assert found[["leads_per_month", "needed", "spare", "busiest"]].isna().all()
    assert _notes(book) == {
        "Leads a month": "There is no whole calendar month of leads yet. This month so far: 50"
    }


@pytest.mark.parametrize("settings", [{"minutes_per_lead": 0}, {"hours_per_month": None}])
def test_without_minutes_or_hours_only_the_leads_are_told(settings: dict[str, Any]) -> None:
    book = _shop({"2026-10": 50}, **settings)
    assert _figures(book)[["needed", "capacity", "spare"]].isna().all()
    assert list(_notes(book)) == ["Leads a month", "Managers needed"]


@pytest.mark.parametrize(("leads", "says"), [(200, "go by the score"), (201, "of their source")])
def test_above_200_leads_a_month_the_source_has_to_do(leads: int, says: str) -> None:
    book = _shop({"2026-10": leads})
    assert _notes(book)["Leads a month"].endswith(says)
    assert bool(_figures(book)["by_source"]) == (leads > 200)


@pytest.mark.parametrize("seed", range(3))
def test_leads_a_month_agree_with_sql(seed: int) -> None:
    book = random_shop(seed, 700, 0)
    found = _figures(book)
    expected = sql(
        """
        SELECT count(*) FILTER (created >= DATE '2026-08-01' AND created < DATE '2026-11-01') / 3,
               count(*) FILTER (created >= DATE '2026-11-01' AND created < DATE '2026-11-22')
        FROM leads WHERE kind IS DISTINCT FROM 'partner' AND kind IS DISTINCT FROM 'not_a_lead'
        """,
        leads=tables(book)["leads"],
    ).iloc[0]
    assert found[["leads_per_month", "this_month"]].tolist() == pytest.approx(list(expected))
    assert found["needed"] == np.ceil(found["leads_per_month"] / 120)


@pytest.mark.parametrize("lang", locales.LANGUAGES)
@pytest.mark.parametrize("leads", [[], [{"status": "New"}], [{"created": "2027-02-01"}]])
def test_shops_without_leads_or_dates(lang: str, leads: list[dict[str, Any]]) -> None:
    part = headcount.compute(make_book(lang=lang, leads=leads, team=[]), NO_RESULTS)
    assert part.figures["headcount"]["months"].tolist() == [0]
    assert all("nan" not in line.note for line in part.lines["headcount"])
