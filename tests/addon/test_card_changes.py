"""What is changed in the card shows at once and is saved behind."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from sheetsync import locales
from tests.addon.card import Cards
from tests.addon.card_data import lead, model
from tests.addon.card_sheet import Sheet
from tests.addon.card_steps import (
    CONFIRMED,
    LOST,
    NEW,
    NOT_REACHED,
    SHIPPED,
    WAITING,
    chip,
    comment,
    opened,
    say,
    until,
)


def test_a_chip_shows_at_once_and_is_saved_behind(cards: Cards) -> None:
    with Sheet("en") as sheet, cards.open(sheet) as page:
        opened(page)
        sheet.gate.clear()
        chip(page, CONFIRMED).click()
        assert chip(page, CONFIRMED).get_attribute("aria-checked") == "true"
        assert chip(page, NEW).get_attribute("aria-checked") == "false"
        assert page.locator("#told").inner_text() == ""
        sheet.gate.set()
        expect(page.get_by_role("status").last).to_have_text("Saved")
        expect(page.get_by_role("region", name="History")).to_contain_text(f"{NEW} → {CONFIRMED}")
        assert sheet.saves == [
            {
                "id": "L-00012",
                "base": {"status": NEW},
                "changes": {"status": CONFIRMED},
                "checks": {},
                "comment": None,
            }
        ]


def test_what_is_done_during_a_save_goes_with_the_next_one(cards: Cards) -> None:
    with Sheet("en") as sheet, cards.open(sheet) as page:
        opened(page)
        sheet.gate.clear()
        chip(page, NOT_REACHED).click()
        chip(page, CONFIRMED).click()
        page.get_by_label("Order called on the day it came").check()
        assert len(sheet.saves) <= 1
        sheet.gate.set()
        until(lambda: sheet.leads["L-00012"]["checks"] == {"S-01": True}, page)
        first, second = sheet.saves
        assert first["changes"] == {"status": NOT_REACHED}
        assert second["base"] == {"status": NOT_REACHED}
        assert (second["changes"], second["checks"]) == ({"status": CONFIRMED}, {"S-01": True})


def test_half_a_sentence_is_not_sent_with_something_else(cards: Cards) -> None:
    with Sheet("en") as sheet, cards.open(sheet) as page:
        opened(page)
        sheet.gate.clear()
        chip(page, CONFIRMED).click()
        comment(page).fill("Half a")
        sheet.gate.set()
        expect(page.locator("#told")).to_have_text("Saved")
        comment(page).press_sequentially(" sentence")
        assert len(sheet.saves) == 1
        page.locator("#step").focus()
        until(lambda: len(sheet.saves) == 2, page)
        assert sheet.saves[1]["changes"] == {"comment": "Half a sentence"}


def test_a_text_that_the_sheet_stores_otherwise_is_no_conflict(cards: Cards) -> None:
    with Sheet("en") as sheet, cards.open(sheet) as page:
        opened(page)
        sheet.gate.clear()
        comment(page).fill("=1")
        comment(page).press("Control+Enter")
        comment(page).fill("=12")
        sheet.gate.set()
        expect(page.locator("#told")).to_have_text("Saved")
        page.locator("#step").focus()
        until(lambda: sheet.leads["L-00012"]["cells"]["comment"] == " =12", page)
        assert [save["base"]["comment"] for save in sheet.saves] == ["Asked for blue", " =1"]


@pytest.mark.parametrize("lang", locales.LANGUAGES)
def test_a_status_that_asks_for_a_comment_takes_it_along(cards: Cards, lang: str) -> None:
    status = model(lang)["statuses"][3]["name"]
    with Sheet(lang) as sheet, cards.open(sheet) as page:
        before = sheet.leads["L-00012"]["cells"]["comment"]
        chip(page, status).click()
        expect(comment(page)).to_be_focused()
        expect(comment(page)).to_have_accessible_description(
            re.compile(re.escape(say(lang, "why_status", status=status)))
        )
        page.keyboard.type("; no size 46")
        assert sheet.saves == []
        page.keyboard.press("Control+Enter")
        until(lambda: sheet.saves, page)
        assert sheet.saves[0]["changes"] == {"status": status, "comment": f"{before}; no size 46"}
        assert sheet.saves[0]["comment"] == "; no size 46"


def test_a_comment_that_is_not_given_holds_nothing_up(cards: Cards) -> None:
    with Sheet("en") as sheet, cards.open(sheet) as page:
        chip(page, WAITING).click()
        expect(comment(page)).to_be_focused()
        page.locator("#step").focus()
        until(lambda: sheet.saves, page)
        assert sheet.saves[0]["changes"] == {"status": WAITING}
        expect(page.get_by_text(f"Why “{WAITING}”?")).to_be_visible()


def test_only_a_later_day_asks_why(cards: Cards) -> None:
    with Sheet("en") as sheet, cards.open(sheet) as page:
        date = page.locator("input[type=date]")
        date.fill("2026-11-18")
        until(lambda: sheet.called("cardSave") == 1, page)
        expect(comment(page)).not_to_be_focused()
        page.get_by_role("button", name="Tomorrow").click()
        expect(comment(page)).to_be_focused()
        expect(page.get_by_text("Why was the date moved?")).to_be_visible()
        page.keyboard.type(" - busy")
        date.focus()
        until(lambda: sheet.called("cardSave") == 2, page)
        assert sheet.saves[1]["changes"] == {
            "next_action": {"iso": "2026-11-22"},
            "comment": "Asked for blue - busy",
        }
        # Only a line of History takes the reason along, and a date has none.
        assert sheet.saves[1]["comment"] is None


def test_quick_days_count_working_days(cards: Cards) -> None:
    """Saturday the 21st; the shop is closed on weekends and on Monday the 30th."""
    with Sheet("en") as sheet:
        sheet.model |= {"weekend": [5, 6], "holidays": ["2026-11-30"]}
        with cards.open(sheet) as page:
            days = page.get_by_role("group", name="Next action").get_by_role("button")
            expect(days).to_have_count(4)
            assert [day.get_attribute("data-day") for day in days.all()] == [
                "2026-11-21",
                "2026-11-22",
                "2026-11-25",
                "2026-12-02",
            ]


@pytest.mark.parametrize(("lang", "day"), [("ru", "2026-12-05"), ("en", "2026-05-12")])
def test_a_day_that_was_typed_is_read_as_the_sheet_reads_it(
    cards: Cards, lang: str, day: str
) -> None:
    with Sheet(lang, lead(lang, cells={"next_action": "5/12/2026"})) as sheet:
        sheet.model["settings"]["date_order"] = "dmy" if lang == "ru" else "mdy"
        with cards.open(sheet) as page:
            expect(page.locator("input[type=date]")).to_have_value(day)


def test_a_day_that_nobody_can_read_is_told(cards: Cards) -> None:
    with Sheet("en", lead("en", cells={"next_action": "soon"})) as sheet, cards.open(sheet) as page:
        expect(page.get_by_text("“soon” is not a date: choose a day.")).to_be_visible()
        page.get_by_role("button", name="Today, ").click()
        expect(page.get_by_text("“soon” is not a date: choose a day.")).to_be_hidden()
        until(lambda: sheet.saves, page)
        assert sheet.saves[0]["base"] == {"next_action": "soon"}


def test_a_loss_says_what_it_still_needs(cards: Cards) -> None:
    with Sheet("en") as sheet, cards.open(sheet) as page:
        chip(page, LOST).click()
        proposed = page.get_by_text("Loss proposed")
        expect(proposed).to_contain_text(
            "Still missing: “Loss reason”, “Loss approved by”, 4 steps of the checklist"
        )
        reasons = page.get_by_label("Loss reason").locator("option").all_inner_texts()
        assert reasons == ["Choose…", *sheet.model["reasons"]]
        who = page.get_by_label("Loss approved by")
        assert who.locator("option").all_inner_texts() == ["Choose…", "Vera"]
        for box in page.get_by_role("checkbox").all():
            box.check()
        page.get_by_label("Loss reason").select_option(sheet.model["reasons"][0])
        expect(proposed).to_contain_text("Still missing: “Loss approved by”")
        who.select_option("Vera")
        expect(proposed).to_be_hidden()
        until(lambda: sheet.leads["L-00012"]["cells"]["approved_by"] == "Vera", page)
        assert sheet.leads["L-00012"]["cells"]["loss_reason"] == sheet.model["reasons"][0]


def test_a_stage_that_is_passed_over_is_said(cards: Cards) -> None:
    with Sheet("en") as sheet, cards.open(sheet) as page:
        opened(page)
        sheet.gate.clear()
        chip(page, SHIPPED).click()
        expect(page.get_by_text(f"Skips {CONFIRMED}: if it took place")).to_be_visible()


def test_steps_before_a_loss_unfold_with_it(cards: Cards) -> None:
    with Sheet("en") as sheet, cards.open(sheet) as page:
        step = page.get_by_label("Three calls on different days")
        opened(page)
        expect(step).to_be_hidden()
        chip(page, LOST).click()
        expect(step).to_be_visible()
        expect(step.locator("..")).to_contain_text("required · do it now")


def test_a_slip_can_be_put_right_before_it_is_sent(cards: Cards) -> None:
    with Sheet("en") as sheet, cards.open(sheet) as page:
        chip(page, WAITING).click()
        expect(comment(page)).to_be_focused()
        chip(page, CONFIRMED).click()
        until(lambda: sheet.leads["L-00012"]["status"] == CONFIRMED, page)
        assert [save["changes"] for save in sheet.saves] == [{"status": CONFIRMED}]
        expect(page.get_by_text(f"Why “{WAITING}”?")).to_be_hidden()


def test_a_comment_that_is_there_already_goes_with_the_status(cards: Cards) -> None:
    with Sheet("en") as sheet, cards.open(sheet) as page:
        opened(page)
        comment(page).press_sequentially(", pays today")
        chip(page, CONFIRMED).click()
        until(lambda: sheet.saves, page)
        assert sheet.saves[0]["changes"].keys() == {"status", "comment"}
        assert sheet.saves[0]["comment"] == ", pays today"


def test_what_waits_for_a_comment_does_not_wait_for_ever(cards: Cards) -> None:
    with Sheet("en") as sheet, cards.open(sheet, clock=True) as page:
        chip(page, WAITING).click()
        expect(comment(page)).to_be_focused()
        page.clock.run_for(55_000)
        assert sheet.saves == []
        page.clock.run_for(6_000)
        until(lambda: sheet.leads["L-00012"]["status"] == WAITING, page)
        page.keyboard.type(", half")
        page.clock.run_for(55_000)
        page.keyboard.type(" a sentence")
        page.clock.run_for(55_000)
        assert len(sheet.saves) == 1
        page.clock.run_for(6_000)
        until(lambda: len(sheet.saves) == 2, page)
        assert sheet.saves[1]["changes"] == {"comment": "Asked for blue, half a sentence"}


def test_a_number_stays_as_it_was_typed(cards: Cards) -> None:
    with Sheet("en", lead("en", cells={"comment": 12345})) as sheet, cards.open(sheet) as page:
        expect(comment(page)).to_have_value("12345")
        comment(page).press_sequentially("!")
        page.locator("#step").focus()
        until(lambda: sheet.saves, page)
        assert sheet.saves[0]["base"] == {"comment": 12345}
        assert sheet.saves[0]["changes"] == {"comment": "12345!"}
