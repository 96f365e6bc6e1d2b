"""Lines for new leads, ticks beside names, and what is due when."""

from __future__ import annotations

import pandas as pd

from sheetsync.crm import checklist
from tests.crm.books import NO_RESULTS, make_book

STEPS = [
    {"id": "S-01", "step": "Ask the budget", "before": "Proposal", "required": True},
    {"id": "S-02", "step": "Offer a discount", "before": "Lost", "required": True},
    {"id": "S-03", "step": "Send a card", "before": None, "required": True},
    {"id": "S-04", "step": "Optional call", "before": "Proposal", "required": False},
]


def ticks(**done: list[str]) -> pd.DataFrame:
    """Checklist lines: lead -> ids of the ticked steps."""
    leads = {lead.replace("_", "-"): steps for lead, steps in done.items()}
    return pd.DataFrame(
        {step["id"]: [step["id"] in steps for steps in leads.values()] for step in STEPS},
        index=list(leads),
    )


def flags_of(book) -> dict[str, str]:  # type: ignore[no-untyped-def]
    flags = checklist.compute(book, NO_RESULTS).flags
    return dict(zip(flags["lead"], flags["text"], strict=True))


def test_a_lead_without_a_line_gets_one_with_its_name_and_status() -> None:
    book = make_book(
        leads=[{"name": "Ada", "status": "New"}, {"name": "Bo", "status": "Won"}],
        steps=STEPS,
        checks=ticks(L_00001=[]),
    )
    part = checklist.compute(book, NO_RESULTS)
    appended = part.appends["checklist"]
    assert appended.to_dict("records") == [{"lead": "L-00002", "name": "Bo", "status": "Won"}]
    assert list(part.columns["checklist"].loc["L-00001"]) == ["Ada", "New"]


def test_nothing_is_appended_when_every_lead_has_its_line() -> None:
    book = make_book(leads=[{"status": "New"}], steps=STEPS, checks=ticks(L_00001=[]))
    assert checklist.compute(book, NO_RESULTS).appends == {}


def test_a_won_lead_needs_the_steps_on_the_way_and_those_before_no_status() -> None:
    book = make_book(leads=[{"status": "Won"}], steps=STEPS, checks=ticks(L_00001=[]))
    text = flags_of(book)["L-00001"]
    assert "Ask the budget" in text and "Send a card" in text
    assert "Offer a discount" not in text and "Optional call" not in text


def test_a_lost_lead_needs_the_retention_step_but_not_stages_it_never_reached() -> None:
    book = make_book(leads=[{"status": "Lost"}], steps=STEPS, checks=ticks(L_00001=["S-03"]))
    text = flags_of(book)["L-00001"]
    assert "Offer a discount" in text
    assert "Ask the budget" not in text


def test_a_lost_lead_that_had_reached_the_stage_by_history_needs_its_step() -> None:
    book = make_book(
        leads=[{"status": "Lost"}],
        steps=STEPS,
        checks=ticks(L_00001=["S-02", "S-03"]),
        history=[{"at": "2026-11-01", "lead": "L-00001", "to_status": "Proposal"}],
    )
    assert "Ask the budget" in flags_of(book)["L-00001"]


def test_an_open_lead_is_flagged_once_it_passed_the_stage_and_done_steps_silence_it() -> None:
    leads = [{"status": "In work"}, {"status": "Proposal"}, {"status": "Proposal"}]
    book = make_book(leads=leads, steps=STEPS, checks=ticks(L_00003=["S-01"]))
    assert set(flags_of(book)) == {"L-00002"}


def test_spam_needs_no_steps_and_no_steps_need_nothing() -> None:
    book = make_book(leads=[{"status": "Spam"}, {"status": None}], steps=STEPS)
    assert flags_of(book) == {}
    assert flags_of(make_book(leads=[{"status": "Won"}])) == {}
    assert flags_of(make_book(steps=STEPS)) == {}
