"""The card goes with the selected row, and with the time."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.addon.card import Cards
from tests.addon.card_sheet import Sheet
from tests.addon.card_steps import (
    CONFIRMED,
    NEW,
    WAITING,
    chip,
    comment,
    opened,
    run_on,
    two,
    until,
)


def test_the_card_follows_the_selected_row(cards: Cards) -> None:
    with Sheet("en", *two()) as sheet, cards.open(sheet, clock=True) as page:
        opened(page)
        sheet.selected = "L-00013"
        page.clock.fast_forward(2000)
        expect(page.get_by_role("heading", level=1)).to_have_text("Pyotr")
        sheet.selected = None
        page.clock.fast_forward(2000)
        expect(page.get_by_role("heading", level=1)).to_have_text("No lead selected")


def test_the_card_does_not_turn_while_somebody_writes(cards: Cards) -> None:
    with Sheet("en", *two()) as sheet, cards.open(sheet, clock=True) as page:
        comment(page).focus()
        page.keyboard.type(" and a hat")
        sheet.selected = "L-00013"
        page.clock.fast_forward(2000)
        expect(page.get_by_text("You are now on the row of “Pyotr”.")).to_be_visible()
        expect(page.get_by_role("heading", level=1)).to_have_text("Olga Petrova")
        expect(comment(page)).to_be_focused()
        page.get_by_role("button", name="Open that card").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Pyotr")
        expect(comment(page)).to_have_value("Asked for blue")
        until(lambda: len(sheet.saves) == 1, page)
        assert sheet.saves[0]["id"] == "L-00012"
        assert sheet.saves[0]["changes"] == {"comment": "Asked for blue and a hat"}


def test_nothing_new_touches_nothing_and_is_asked_for_less_and_less(cards: Cards) -> None:
    with Sheet("en") as sheet, cards.open(sheet, clock=True) as page:
        opened(page)
        page.evaluate(
            """() => {
              window.touched = 0;
              new MutationObserver((all) => { window.touched += all.length; }).observe(
                document.body, { subtree: true, childList: true, attributes: true,
                                 characterData: true });
            }"""
        )
        asked = []
        for _ in range(30):
            page.clock.run_for(1000)
            until(lambda: page.evaluate("window.waiting") == 0, page)
            asked.append(sheet.called("cardFollow"))
        assert asked[9] >= 4
        assert asked[-1] - asked[19] <= 2
        # The same lead once more, as after a change of something that the card does not show.
        sheet.edit("created", {"iso": "2026-11-16"})
        page.clock.fast_forward(20_000)
        until(lambda: page.evaluate("Store.get().lead.stamp") == "2", page)
        assert page.evaluate("window.touched") == 0


def test_nothing_is_asked_while_nobody_looks(cards: Cards) -> None:
    with Sheet("en") as sheet, cards.open(sheet, clock=True) as page:
        opened(page)
        page.evaluate(
            """() => {
              Object.defineProperty(document, 'hidden', { configurable: true, get: () => true });
              document.dispatchEvent(new Event('visibilitychange'));
            }"""
        )
        page.clock.fast_forward(60_000)
        assert sheet.called("cardFollow") == 0
        sheet.edit("comment", "Other")
        page.evaluate(
            """() => {
              delete document.hidden;
              document.dispatchEvent(new Event('visibilitychange'));
            }"""
        )
        page.clock.fast_forward(2000)
        expect(comment(page)).to_have_value("Other")


def test_a_sidebar_left_open_overnight_knows_the_new_day(cards: Cards) -> None:
    with Sheet("en") as sheet, cards.open(sheet, clock=True) as page:
        opened(page)
        sheet.day = "2026-11-22"
        page.clock.fast_forward(24 * 3600 * 1000)
        expect(page.get_by_role("button", name="Today, Sunday 22 November")).to_be_visible()
        assert sheet.called("cardOpen") == 2


def test_a_new_day_is_asked_for_until_it_is_known(cards: Cards) -> None:
    """A computer that wakes up has no line at first."""
    with Sheet("en") as sheet, cards.open(sheet, clock=True) as page:
        opened(page)
        sheet.day = "2026-11-22"
        sheet.failing = {"cardOpen"}
        page.clock.fast_forward(24 * 3600 * 1000)
        run_on(page, 30, step=5)
        sheet.failing = set()
        run_on(page, 25, step=5)
        expect(page.get_by_role("button", name="Today, Sunday 22 November")).to_be_visible()


def test_what_a_refresh_published_meanwhile_is_known_within_the_hour(cards: Cards) -> None:
    with Sheet("en") as sheet, cards.open(sheet, clock=True) as page:
        opened(page)
        sheet.model["statuses"][0]["name"] = "Fresh"
        page.clock.fast_forward(50 * 60_000)
        until(lambda: page.evaluate("window.waiting") == 0, page)
        assert sheet.called("cardOpen") == 1
        page.clock.fast_forward(20 * 60_000)
        expect(chip(page, "Fresh")).to_be_visible()
        assert sheet.called("cardOpen") == 2


def test_rows_that_move_beneath_the_selection_do_not_turn_the_card(cards: Cards) -> None:
    here, other = two()
    with Sheet("en", here, other) as sheet, cards.open(sheet, clock=True) as page:
        opened(page)
        here["row"], other["row"] = other["row"], here["row"]
        sheet.selected = "L-00013"
        page.clock.fast_forward(2000)
        expect(page.get_by_text("You are now on the row of “Pyotr”.")).to_be_visible()
        chip(page, CONFIRMED).click()
        until(lambda: here["status"] == CONFIRMED, page)
        assert other["status"] == NEW
        sheet.selected = "L-00012"
        page.clock.fast_forward(3000)
        expect(page.get_by_text("You are now on the row of “Pyotr”.")).to_be_hidden()
        sheet.selected = "L-00013"
        page.clock.fast_forward(3000)
        expect(page.get_by_role("heading", level=1)).to_have_text("Pyotr")


def test_waiting_for_somebody_who_writes_costs_no_more_than_nothing_new(cards: Cards) -> None:
    with Sheet("en", *two()) as sheet, cards.open(sheet, clock=True) as page:
        comment(page).press_sequentially(".")
        sheet.selected = "L-00013"
        page.clock.fast_forward(2000)
        expect(page.get_by_text("You are now on the row of “Pyotr”.")).to_be_visible()
        run_on(page, 50)
        asked = [given["id"] for name, given in sheet.calls if name == "cardFollow"]
        assert set(asked[1:]) == {"L-00013"}  # whole only once
        assert len(asked) < 15
        page.evaluate("document.activeElement.blur()")
        run_on(page, 12)
        expect(page.get_by_role("heading", level=1)).to_have_text("Pyotr")


def test_a_question_from_the_sheet_comes_in_sight_and_waits_for_the_keyboard(cards: Cards) -> None:
    with Sheet("en") as sheet, cards.open(sheet, clock=True) as page:
        page.set_viewport_size({"width": 300, "height": 300})
        opened(page)
        # Whoever edits in the sheet is not in the sidebar.
        page.evaluate("() => { document.hasFocus = () => false; }")
        sheet.edit("status", WAITING)
        sheet.leads["L-00012"]["asks"] = "Status changed: write why."
        page.clock.fast_forward(2000)
        expect(page.get_by_text("Status changed: write why.")).to_be_in_viewport()
        expect(comment(page)).to_be_in_viewport()
        expect(comment(page)).not_to_be_focused()
        page.evaluate("() => { delete document.hasFocus; dispatchEvent(new Event('focus')); }")
        expect(comment(page)).to_be_focused()
        page.set_viewport_size({"width": 300, "height": 1000})
