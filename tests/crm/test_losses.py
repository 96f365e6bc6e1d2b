"""Losses that are only proposed: who may approve them, what they lack, where they count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sheetsync.crm import base, checklist, losses, model, overdue, promises
from sheetsync.crm.checklist import missing_steps
from sheetsync.crm.cohorts.outcomes import outcomes
from sheetsync.crm.duplicates import capability as duplicates
from sheetsync.crm.duplicates.attempts import closings
from sheetsync.crm.stages import pipeline
from sheetsync.crm.stages.log import appended, in_order
from tests.crm import shops
from tests.crm.books import make_book
from tests.crm.shops import sql

STATUSES: list[dict[str, Any]] = [
    {"status": "New", "kind": "open", "days_allowed": 1},
    {"status": "In work", "kind": "open", "days_allowed": 5},
    {"status": "Won", "kind": "won"},
    {"status": "Lost", "kind": "lost", "needs_approval": True, "days_allowed": 0},
    {"status": "Returned", "kind": "lost"},
    {"status": "Spam", "kind": "spam", "needs_approval": True},
]
STEPS = [
    {"id": "S-01", "step": "Call back", "before": "In work", "required": True},
    {"id": "S-02", "step": "Offer a discount", "before": "Lost", "required": True},
    {"id": "S-03", "step": "Send a card", "before": "Lost", "required": False},
]
TEAM = [
    {"name": "Anna"},
    {"name": "Boris"},
    {"name": "Irene", "role": "senior"},
    {"name": "Victor", "role": "owner"},
]
FINAL = {"status": "Lost", "manager": "Anna", "loss_reason": "Price", "approved_by": "Irene"}

OPEN = "Loss proposed, the lead counts as open. To close it:"

Lead = Mapping[str, Any]


def shop(*leads: Lead, ticked: Sequence[str] = ("S-01", "S-02"), **more: Any) -> base.Book:
    """Leads of Anna's, if nothing else is said, created on the first of November."""
    rows = [{"manager": "Anna", "created": "2026-11-01", **lead} for lead in leads]
    ids = [f"L-{n + 1:05d}" for n in range(len(rows))]
    checks = pd.DataFrame({step["id"]: step["id"] in ticked for step in STEPS}, index=ids)
    given: dict[str, Any] = {"statuses": STATUSES, "steps": STEPS, "team": TEAM, "checks": checks}
    return make_book(leads=rows, **given | more)


def moved(day: str, to: str = "Lost", lead: str = "L-00001", was: str = "New") -> dict[str, str]:
    return {"at": f"{day} 15:00", "lead": lead, "from_status": was, "to_status": to}


def found_in(book: base.Book) -> base.Results:
    """What the capabilities find that have to do with losses."""
    computes = (pipeline.compute, overdue.compute, promises.compute, checklist.compute)
    return shops.run(book, *computes, losses.compute)


def flags(book: base.Book) -> list[tuple[int, str]]:
    found = found_in(book).flags
    return list(zip(found["severity"], found["text"], strict=True))


# What is proposed ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "ticked", "lacks"),
    [
        ({}, ("S-01", "S-02"), []),
        ({}, ("S-02",), []),  # never in work: the first step was not due
        ({}, ("S-01",), ["steps"]),
        ({"loss_reason": None}, ("S-02",), ["reason"]),
        ({"approved_by": None}, ("S-02",), ["approval"]),
        ({"approved_by": "Boris"}, ("S-02",), ["approval"]),
        ({"approved_by": "Anna"}, ("S-02",), ["approval"]),  # her own loss
        ({"approved_by": None, "loss_reason": None}, (), ["steps", "reason", "approval"]),
        ({"approved_by": "Irene", "manager": "Irene"}, ("S-02",), []),  # a senior's own lead
        ({"approved_by": "Victor", "manager": None}, ("S-02",), []),
    ],
)
def test_a_loss_is_final_with_its_steps_a_reason_and_a_seniors_name(
    cells: Lead, ticked: Sequence[str], lacks: list[str]
) -> None:
    book = shop({**FINAL, **cells}, ticked=ticked)
    (line,) = losses.lacking(book).to_dict("records")
    assert [what for what in losses.LACKS if line[what]] == lacks
    assert book.leads["kind"].tolist() == ["open" if lacks else "lost"]
    assert book.leads["proposed"].tolist() == [bool(lacks)]


def test_steps_of_stages_that_the_lead_has_been_in_are_asked_too() -> None:
    been = [moved("2026-11-02", "In work"), moved("2026-11-03", was="In work")]
    assert not shop(FINAL, ticked=["S-02"]).leads["proposed"].any()
    assert shop(FINAL, ticked=["S-02"], history=been).leads["proposed"].all()
    assert not shop(FINAL, history=been).leads["proposed"].any()


@pytest.mark.parametrize("status", ["In work", "Won", "Returned", "Spam", None])
def test_what_needs_no_approval_or_is_no_loss_is_not_proposed(status: str | None) -> None:
    book = shop({"status": status}, ticked=[])
    kinds = {row["status"]: row["kind"] for row in STATUSES}
    assert not book.leads["proposed"].any()
    assert book.leads["kind"].tolist()[0] == kinds.get(status) or status is None


@pytest.mark.parametrize(
    ("team", "manager", "approved_by", "final"),
    [
        (["Anna", "Boris"], "Anna", "Boris", True),
        (["Anna", "Boris"], "Anna", "Anna", False),  # nobody approves a loss of their own
        (["Anna", "Boris"], "Anna", None, False),
        (["Anna", "Boris"], None, "Anna", True),
        (["Anna"], "Anna", None, True),  # there is nobody else to ask
        (["Anna"], "Boris", None, False),
        ([], "Anna", None, True),
        ([], None, "whoever", True),
    ],
)
def test_where_team_names_no_senior_anybody_but_the_manager_may_approve(
    team: list[str], manager: str | None, approved_by: str | None, final: bool
) -> None:
    lead = {**FINAL, "manager": manager, "approved_by": approved_by}
    book = shop(lead, team=[{"name": name} for name in team])
    assert book.leads["proposed"].tolist() == [not final]
    assert losses.approvers(book, manager) == [name for name in team if name != manager]


@pytest.mark.parametrize("seed", range(3))
def test_random_shops_agree_with_sql(seed: int) -> None:
    book = shops.controlled_shop(seed)
    expected = sql(
        """
        with been as (
          select distinct l.id, s."order" from leads l
          join (select lead, from_status as status from history
                union all select lead, to_status from history
                union all select id, status from leads) h on h.lead = l.id
          join statuses s on s.status = h.status and s.kind in ('open', 'won')),
        undone as (
          select distinct l.id from leads l cross join steps p
          left join statuses b on b.status = p.before
          left join ticks t on t.lead = l.id and t.step = p.id
          where p.required and t.lead is null and case
            when p.before is null then true
            when b.kind in ('open', 'won')
              then exists (select 1 from been where been.id = l.id and been."order" >= b."order")
            else l.status = p.before end)
        select l.id from leads l join statuses s using (status)
        left join team a on a.name = l.approved_by and a.role in ('senior', 'owner')
        where s.kind = 'lost' and s.needs_approval
          and (a.name is null or l.loss_reason is null or l.id in (select id from undone))
        order by l.id""",
        **shops.tables(book),
        steps=book.steps.reset_index(names="id"),
        ticks=shops.ticks(book),
        team=book.team.reset_index(names="name"),
    )
    assert 20 < len(expected) < book.leads["status"].eq("Lost").sum() - 5
    assert book.leads.index[book.leads["proposed"]].tolist() == expected["id"].tolist()
    assert set(book.leads.loc[book.leads["proposed"], "kind"]) == {"open"}
    missing = missing_steps(book, book.leads["status"]).any(axis=1)
    assert missing[book.leads["status"].eq("Won")].any(), "steps are asked of others as well"


# Where it counts -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def counted() -> tuple[base.Book, base.Results]:
    book = shops.controlled_shop(7)
    return book, model.compute(book)


def test_a_proposed_loss_counts_as_open_and_not_as_lost_everywhere(
    counted: tuple[base.Book, base.Results],
) -> None:
    book, results = counted
    leads = shops.tables(book)["leads"]
    by_status = {row[0]: row[1] for row in shops.STATUSES}
    leads["stands"] = leads["status"].map(by_status)
    proposed = book.leads.index[book.leads["proposed"]]
    leads["proposed"] = leads["id"].isin(proposed)
    counts = sql(
        """select manager,
          count(*) filter (where proposed or stands = 'open') as open,
          count(*) filter (where stands = 'lost' and not proposed) as lost,
          count(*) filter (where proposed) as proposed
        from leads where stands is null or stands not in ('partner', 'not_a_lead')
        group by manager""",
        leads=leads,
    )
    names = [*book.team.index, None]
    counts = counts.set_index("manager").reindex(names, fill_value=0)
    team, own = results.figures["team"], results.figures["manager_losses"]
    assert team["open"].tolist() == counts["open"].tolist()
    assert team["lost"].tolist() == counts["lost"].tolist()
    assert own["proposed"].tolist() == counts["proposed"].tolist()
    final = int((leads["stands"].eq("lost") & ~leads["proposed"]).sum())
    assert results.figures["proposed"].index.tolist() == proposed.tolist()
    assert results.figures["losses"]["lost"].sum() == final, "by stage, each once"
    shown = results.tables["dashboard"].set_index("item")["count"]
    assert (shown["Losses proposed"], shown["Lost"]) == (len(proposed), final)
    ways = outcomes(book.leads, book, appended(results))
    assert not ways.loc[proposed, ["won", "closed"]].to_numpy().any()
    kinds = leads["stands"].eq("won") | (leads["stands"].eq("lost") & ~leads["proposed"])
    assert closings(book.leads, in_order(book.history, book.now)).closed.tolist() == kinds.tolist()


def test_it_is_asked_for_nothing_that_open_leads_are_asked_for() -> None:
    book = shop(
        {"status": "Lost", "manager": None, "next_action": "2026-10-01"},
        {"status": "Lost", "manager": None, "created": "2026-11-20"},
        ticked=[],
        history=[
            moved("2026-11-20", "Won"),  # past stages that it skipped
            moved("2026-11-20", was="Won"),
            moved("2026-11-20", lead="L-00002"),
        ],
    )
    found = model.compute(book)
    assert set(found.flags["code"]) == {"losses.proposed"}
    assert found.figures["call_list"].empty
    computed = found.columns["leads"]
    assert computed["overdue"].isna().all() and computed["due"].isna().all()
    assert computed["kind"].tolist() == ["loss proposed"] * 2


def test_a_proposal_that_was_given_back_opened_nothing_again() -> None:
    log = [
        moved("2026-11-03"),
        moved("2026-11-10", "In work", was="Lost"),
    ]
    back = {"status": "In work", "next_action": "2026-12-01"}
    for approved_by, again in ((None, []), ("Anna", []), ("Irene", ["L-00001"])):
        book = shop({**back, "approved_by": approved_by}, history=log)
        assert attempts(book) == again, approved_by
    settled = [{**row, "needs_approval": False} for row in STATUSES]
    book = shop(back, history=log, statuses=settled)
    assert attempts(book) == ["L-00001"]


def attempts(book: base.Book) -> list[str]:
    found = shops.run(book, pipeline.compute, duplicates.compute)
    return list(found.figures["attempts"]["lead"])


# What is said, and for how long ----------------------------------------------------------------


def test_the_flag_says_all_that_is_missing_and_names_the_columns_as_they_stand() -> None:
    book = shop(
        {"status": "Lost"},
        ticked=[],
        headers={"approved_by": "Boss"},
        history=[moved("2026-11-20", "In work"), moved("2026-11-21", was="In work")],
    )
    ((severity, text),) = flags(book)
    assert severity == 60
    assert text.removeprefix(f"{OPEN} ").split(", ", 2) == [
        "choose a reason in “Loss reason”",
        "a senior or owner puts their name into “Boss”",
        "do and tick in the Checklist: Call back, Offer a discount",
    ]
    alone = shop({**FINAL, "approved_by": None}, team=TEAM[:2], history=[moved("2026-11-21")])
    assert [text for _, text in flags(alone)] == [
        f"{OPEN} somebody other than the manager puts their name into “Loss approved by”"
    ]


@pytest.mark.parametrize(
    ("day", "settings", "days", "late"),
    [
        ("2026-11-21", {}, 0, False),
        ("2026-11-18", {}, 3, False),
        ("2026-11-17", {}, 4, True),
        ("2026-11-17", {"approve_within_days": 4}, 4, False),
        ("2026-11-20", {"approve_within_days": 0}, 1, True),
        ("2026-11-17", {"days": "working"}, 4, True),  # Tuesday to Friday; today is a Saturday
        ("2026-11-18", {"days": "working"}, 3, False),
        ("2026-11-15", {"days": "working", "approve_within_days": 5}, 5, False),  # a Sunday
    ],
)
def test_after_the_days_of_settings_it_is_a_violation_of_its_manager(
    day: str, settings: dict[str, Any], days: int, late: bool
) -> None:
    book = shop({**FINAL, "approved_by": None}, history=[moved(day)], settings=settings)
    found = found_in(book)
    assert found.figures["proposed"]["days"].tolist() == [days]
    assert found.flags["severity"].tolist() == [90 if late else 60]
    assert found.flags["code"].tolist() == ["losses.not_approved" if late else "losses.proposed"]
    own = found.columns["team"].loc["Anna"]
    assert (own["proposed"], own["violations"]) == (1, int(late))
    assert ("Given up" in found.flags["text"].iloc[0]) is late


def test_since_when_is_the_last_move_into_the_status_or_not_known() -> None:
    again = [
        moved("2026-11-02"),
        moved("2026-11-10", "In work", was="Lost"),
        moved("2026-11-19", was="In work"),
    ]
    pending = {**FINAL, "approved_by": None}
    assert losses_of(shop(pending, history=again))["days"].tolist() == [2]
    first_seen = losses_of(shop(pending))
    assert first_seen["days"].tolist() == [0], "this refresh logs it"
    undated = shop({**pending, "created": None}, history=[{**moved("2026-11-02"), "at": None}])
    assert losses_of(undated)["days"].isna().all()
    assert not losses_of(undated)["too_long"].any()


def losses_of(book: base.Book) -> pd.DataFrame:
    return found_in(book).figures["proposed"]


def test_a_loss_that_needs_no_approval_is_a_violation_at_once_where_its_steps_are_missing() -> None:
    been = [
        line
        for lead in ("L-00001", "L-00002", "L-00003")
        for line in (
            moved("2026-11-02", "In work", lead),
            moved("2026-11-20", "Returned", lead, "In work"),
        )
    ]
    book = shop(
        {"status": "Returned", "manager": "Anna"},
        {"status": "Returned", "manager": None},
        {"status": "Returned", "manager": "Boris"},
        ticked=[],
        history=been,
    )
    book = replace(book, checks=book.checks.assign(**{"S-01": [False, False, True]}))
    found = found_in(book)
    assert set(found.flags["code"]) == {"checklist.closed_without"}
    figures = found.figures["manager_losses"]
    assert figures["violations"].tolist() == [1, 0, 0, 0, 1]
    assert figures["proposed"].sum() == 0


def test_a_shop_without_leads_or_statuses_computes() -> None:
    for book in (shop(), make_book(), make_book(statuses=[], leads=[{"status": None}])):
        found = found_in(book)
        assert found.figures["proposed"].empty
        assert np.array_equal(
            found.figures["manager_losses"]["proposed"], [0] * (len(book.team) + 1)
        )
