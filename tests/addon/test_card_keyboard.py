"""The card without a mouse."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.addon.card import Cards
from tests.addon.card_data import TEAM, lead
from tests.addon.card_sheet import Sheet
from tests.addon.card_steps import CONFIRMED, LOST, NEW, NOT_REACHED, chip, comment, opened, until


def test_the_keyboard_goes_everywhere_and_gets_out_again(cards: Cards) -> None:
    with Sheet("en") as sheet, cards.open(sheet) as page:
        opened(page)
        seen = []
        for _ in range(60):
            page.keyboard.press("Tab")
            about = page.evaluate(
                """() => {
                  const node = document.activeElement;
                  if (node === document.body) return null;
                  const { outlineStyle, outlineWidth } = getComputedStyle(node);
                  return [node.id || node.value || node.textContent, outlineStyle, outlineWidth];
                }"""
            )
            if about is None:
                break
            seen.append(about)
        else:
            pytest.fail("the keyboard does not get out")
        # A date has a stop for its day, its month, its year, and the calendar.
        names = [name for place, (name, _, _) in enumerate(seen) if seen[place - 1][0] != name]
        order = ["Card", "Call", "olga@example.com", NEW, "comment", "2026-11-19", "step", "S-01"]
        assert [name for name in names if name in order] == order
        assert NOT_REACHED not in names
        assert [name for name, style, width in seen if (style, width) != ("solid", "2px")] == []


def test_arrows_go_along_the_chips_and_change_nothing(cards: Cards) -> None:
    with Sheet("en") as sheet, cards.open(sheet) as page:
        chip(page, NEW).focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        expect(chip(page, CONFIRMED)).to_be_focused()
        page.keyboard.press("End")
        page.keyboard.press("ArrowDown")
        expect(chip(page, NEW)).to_be_focused()
        page.keyboard.press("ArrowRight")
        assert sheet.saves == []
        page.keyboard.press("Space")
        expect(chip(page, NOT_REACHED)).to_be_checked()
        expect(chip(page, NOT_REACHED)).to_be_focused()
        until(lambda: sheet.saves, page)
        assert sheet.saves[0]["changes"] == {"status": NOT_REACHED}


def typed_date(page: Page, text: str) -> Locator:
    """Type into the date as people do, month first: this browser is American."""
    date = page.locator("input[type=date]")
    opened(page)
    date.focus()
    page.keyboard.type(text)
    return date


def test_a_date_that_is_typed_counts_when_it_is_left(cards: Cards) -> None:
    """On the way to the 25th it is the 2nd, and on the way to 2027 the year 2."""
    with Sheet("en") as sheet, cards.open(sheet) as page:
        date = typed_date(page, "11252027")
        expect(date).to_have_value("2027-11-25")
        expect(date).to_be_focused()
        assert sheet.saves == []
        # Past the year, and past the calendar.
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        expect(comment(page)).to_be_focused()
        expect(comment(page)).to_have_value("Asked for blue")
        page.keyboard.press("Control+Enter")
        until(lambda: sheet.saves, page)
        assert [save["changes"] for save in sheet.saves] == [{"next_action": {"iso": "2027-11-25"}}]


def test_enter_takes_a_typed_date_and_escape_takes_it_back(cards: Cards) -> None:
    with Sheet("en") as sheet, cards.open(sheet) as page:
        date = typed_date(page, "1118")
        page.keyboard.press("Escape")
        expect(date).to_have_value("2026-11-19")
        page.locator("#step").focus()
        typed_date(page, "1118")
        page.keyboard.press("Enter")
        until(lambda: sheet.saves, page)
        expect(date).to_be_focused()
        assert [save["changes"]["next_action"] for save in sheet.saves] == [{"iso": "2026-11-18"}]


@pytest.mark.parametrize("keys", ["Delete", "11251"])
def test_a_date_that_is_half_typed_changes_nothing(cards: Cards, keys: str) -> None:
    """Without a month, or in the year 1."""
    with Sheet("en") as sheet, cards.open(sheet) as page:
        if keys == "Delete":
            date = typed_date(page, "")
            page.keyboard.press(keys)
        else:
            date = typed_date(page, keys)
        page.locator("#step").focus()
        expect(date).to_have_value("2026-11-19")
        assert sheet.saves == []


def test_a_click_that_leaves_a_typed_date_goes_where_it_was_meant(cards: Cards) -> None:
    with Sheet("en") as sheet, cards.open(sheet) as page:
        typed_date(page, "11252026")
        step = page.get_by_label("Order called on the day it came")
        step.click()
        expect(step).to_be_checked()
        expect(comment(page)).not_to_be_focused()
        until(lambda: sheet.leads["L-00012"]["checks"] == {"S-01": True}, page)
        assert sheet.leads["L-00012"]["cells"]["next_action"] == {"iso": "2026-11-25"}


def test_keys_pass_by_the_other_choices_of_a_list(cards: Cards) -> None:
    lost = lead("en", status=LOST, kind="lost", cells={"status": LOST})
    with Sheet("en", lost) as sheet:
        sheet.me = {"email": "", "name": None, "role": None}
        with cards.open(sheet) as page:
            who = page.get_by_label("Who are you?")
            for here, wanted in (
                (who, TEAM["en"][1]),
                (page.get_by_label("Loss reason"), sheet.model["reasons"][1]),
            ):
                here.focus()
                page.keyboard.press("ArrowDown")
                page.keyboard.press("ArrowDown")
                expect(here).to_have_value(wanted)
                page.keyboard.press("Tab")
            expect(who).to_be_hidden()
            until(lambda: sheet.saves, page)
            assert [given for name, given in sheet.calls if name == "cardMe"] == ["Boris"]
            assert [save["changes"] for save in sheet.saves] == [
                {"loss_reason": sheet.model["reasons"][1]}
            ]


def test_the_focus_is_never_beneath_what_stays_at_the_top(cards: Cards) -> None:
    with Sheet("en") as sheet, cards.open(sheet, width=150, scale=2) as page:
        page.set_viewport_size({"width": 150, "height": 400})
        opened(page)
        page.locator("summary").last.focus()
        for _ in range(40):
            page.keyboard.press("Shift+Tab")
            covered = page.evaluate(
                """() => {
                  const [here, top] = [document.activeElement, document.getElementById('top')];
                  if (top.contains(here)) return null;
                  const gap = here.getBoundingClientRect().top - top.offsetHeight;
                  return gap < 0 ? here.outerHTML : '';
                }"""
            )
            if covered is None:
                break
            assert covered == ""
        else:
            pytest.fail("the keyboard does not get up")
        page.set_viewport_size({"width": 150, "height": 1000})
