"""What the sidebar shows, to whomever, at any size: in Chromium, in both languages."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from sheetsync import locales
from tests.addon.card import Cards
from tests.addon.card_data import TEAM, lead
from tests.addon.card_sheet import Sheet
from tests.addon.card_steps import (
    CONFIRMED,
    LOST,
    NEW,
    NOT_REACHED,
    chip,
    comment,
    go,
    opened,
    row,
    say,
    until,
    violations,
)


@pytest.mark.parametrize("lang", locales.LANGUAGES)
def test_one_question_opens_the_card(cards: Cards, lang: str) -> None:
    with Sheet(lang) as sheet, cards.open(sheet) as page:
        name = sheet.leads["L-00012"]["cells"]["name"]
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
        assert sheet.calls == [("cardOpen", None)]
        assert page.evaluate("document.documentElement.lang") == lang


def test_a_screen_reader_finds_everything_by_name(cards: Cards) -> None:
    with Sheet("en") as sheet, cards.open(sheet) as page:
        opened(page)
        expect(page.locator("body")).to_match_aria_snapshot(
            f"""
            - navigation "Pages of the sidebar":
              - button "Card"
              - button "Today"
              - button "Script"
              - button "Check"
            - alert
            - main:
              - article:
                - heading "Olga Petrova" [level=1]
                - link "Call"
                - link "WhatsApp"
                - link "Telegram"
                - paragraph:
                  - link "olga@example.com"
                - region "Score":
                  - heading "Score" [level=2]
                  - list:
                    - listitem: +25 A large basket
                - heading "Status" [level=2]
                - radiogroup "Status":
                  - radio "{NEW}" [checked]
                  - radio "{NOT_REACHED}"
                - heading "Comment" [level=2]
                - textbox "Comment": Asked for blue
                - heading "Next action" [level=2]
                - group "Next action":
                  - button "Today, Saturday 21 November"
                  - button "Tomorrow, Sunday 22 November"
                - textbox "Next action": 2026-11-19
                - textbox "Next step": Call back
                - region "Checklist":
                  - heading "Checklist" [level=2]
                  - heading "Before “{CONFIRMED}”" [level=3]
                  - list:
                    - listitem:
                      - checkbox "Order called on the day it came required"
                - region "History":
                  - heading "History" [level=2]
                  - list:
                    - listitem:
                      - paragraph: {NOT_REACHED} → {NEW}
            - status
            """
        )


def full(lang: str) -> Sheet:
    """A sheet with something to show on every page."""
    sheet = Sheet(lang)
    attention = "Overdue: call; Email: this is not an address"
    sheet.leads["L-00012"]["cells"]["attention"] = attention
    sheet.today = [row(2, TEAM[lang][0])]
    sheet.findings = [
        {"level": level, "text": f"Something {level}", "go": "Leads!A1"}
        for level in ("good", "warning", "bad")
    ]
    return sheet


def test_every_page_and_state_passes_axe(cards: Cards) -> None:
    with full("en") as sheet, cards.open(sheet) as page:
        opened(page)
        for name in ("today", "script", "check", "card"):
            go(page, "en", name)
            until(lambda: page.evaluate("window.waiting") == 0, page)
            assert violations(page) == []
        chip(page, LOST).click()
        expect(comment(page)).to_be_focused()
        sheet.edit("status", NOT_REACHED)
        comment(page).fill("Mine")
        page.locator("#step").focus()
        expect(page.get_by_role("alert")).to_contain_text(LOST)
        assert violations(page) == []
        sheet.leads["L-00012"]["mayEdit"] = False
        page.reload()
        expect(page.get_by_text(say("en", "read_only"))).to_be_visible()
        assert violations(page) == []


@pytest.mark.parametrize("lang", locales.LANGUAGES)
@pytest.mark.parametrize(("width", "scale"), [(300, 1), (150, 2)])
def test_nothing_is_cut_off_at_any_zoom(cards: Cards, lang: str, width: int, scale: int) -> None:
    with full(lang) as sheet, cards.open(sheet, width=width, scale=scale) as page:
        for name in ("card", "today", "script", "check"):
            go(page, lang, name)
            until(lambda: page.evaluate("window.waiting") == 0, page)
            assert page.evaluate("document.documentElement.scrollWidth") == width
        if scale > 1:
            go(page, lang, "card")
            assert violations(page) == []


def test_motion_stops_where_people_asked_for_it(cards: Cards) -> None:
    with Sheet("en") as sheet, cards.open(sheet) as page:
        chip(page, CONFIRMED).click()
        told = page.locator("#told")
        expect(told).to_have_text("Saved")
        assert told.evaluate("node => getComputedStyle(node).animationName") == "appear"
        page.emulate_media(reduced_motion="reduce")
        assert told.evaluate("node => getComputedStyle(node).animationName") == "none"
        page.emulate_media(reduced_motion="no-preference")


def test_a_sheet_that_does_not_answer_is_asked_again(cards: Cards) -> None:
    with Sheet("en") as sheet:
        sheet.failing = {"cardOpen"}
        with cards.open(sheet, clock=True) as page:
            for tries in (1, 2, 3):
                until(lambda n=tries: sheet.called("cardOpen") == n, page)
                page.clock.fast_forward(3000)
            expect(page.get_by_role("alert")).to_contain_text("The sheet does not answer.")
            sheet.failing = set()
            page.get_by_role("button", name="Try again").click()
            opened(page)
            expect(page.get_by_role("alert")).to_be_empty()


def test_a_row_without_a_lead_says_what_to_do(cards: Cards) -> None:
    with Sheet("en") as sheet:
        sheet.selected = None
        with cards.open(sheet) as page:
            expect(page.get_by_role("heading", level=1)).to_have_text("No lead selected")
            page.get_by_role("button", name="Whom to call today").click()
            expect(page.get_by_role("heading", level=1)).to_have_text("Whom to call now")


def test_the_score_follows_every_letter(cards: Cards) -> None:
    with Sheet("en") as sheet:
        rule = next(rule for rule in sheet.model["rules"] if rule["condition"] == "filled")
        subject = {**rule["subject"], "key": "next_step", "tree": {"name": "next_step"}}
        changed = {"subject": subject, "points": 40_000_000, "text": "+40 Has a plan"}
        sheet.model["rules"] = [{**rule, **changed, "gives": True, "on": True}]
        sheet.model["settings"] |= {"tier_a": 40, "tier_b": 10}
        with cards.open(sheet) as page:
            score = page.get_by_role("region", name="Score")
            expect(score.locator(".points")).to_have_text("40")
            expect(score.locator(".tier")).to_have_text("A")
            expect(score.get_by_role("listitem")).to_have_text("+40 Has a plan")
            page.locator("#step").fill("")
            assert score.locator(".points").inner_text() == "0"
            assert score.locator(".tier").inner_text() == "C"
            assert score.get_by_role("listitem").count() == 0
            assert sheet.saves == []


def test_a_lead_that_may_not_be_edited_can_be_read(cards: Cards) -> None:
    with Sheet("en", lead("en", mayEdit=False)) as sheet, cards.open(sheet) as page:
        expect(page.get_by_text("You can read this lead, but not change it.")).to_be_visible()
        chip(page, CONFIRMED).click(force=True)
        expect(chip(page, NEW)).to_be_checked()
        expect(comment(page)).not_to_be_editable()
        expect(page.get_by_label("Order called on the day it came")).to_be_disabled()
        expect(page.get_by_role("group", name="Next action")).to_be_hidden()
        expect(page.get_by_role("link", name="Call")).to_be_visible()
        assert sheet.saves == []


def test_findings_differ_without_colours(cards: Cards) -> None:
    with full("en") as sheet, cards.open(sheet) as page:
        go(page, "en", "check")
        expect(page.get_by_text("2 things to look at.")).to_be_visible()
        page.emulate_media(forced_colors="active")
        looks = page.locator(".findings li").evaluate_all(
            """(items) => items.map((item) => {
              const look = getComputedStyle(item, '::before');
              return [look.backgroundColor, look.borderRadius, look.transform].join();
            })"""
        )
        page.emulate_media(forced_colors="none")
        assert len(set(looks)) == 3
        assert all("rgb(0, 0, 0)" in look for look in looks)
