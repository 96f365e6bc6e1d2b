"""Saves that fail, get lost or meet those of somebody else: nothing that was typed is lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from sheetsync import locales
from tests.addon.card import Cards
from tests.addon.card_sheet import Sheet
from tests.addon.card_steps import (
    CONFIRMED,
    NEW,
    NOT_REACHED,
    WAITING,
    chip,
    comment,
    go,
    opened,
    say,
    until,
)


@pytest.mark.parametrize("lang", locales.LANGUAGES)
def test_a_save_that_fails_is_kept_and_tried_again(cards: Cards, lang: str) -> None:
    with Sheet(lang) as sheet:
        sheet.failing = {"cardSave"}
        with cards.open(sheet) as page:
            comment(page).fill("Wants red")
            page.locator("#step").focus()
            alert = page.get_by_role("alert")
            name = sheet.leads["L-00012"]["cells"]["name"]
            expect(alert).to_contain_text(say(lang, "no_answer"))
            expect(alert).to_contain_text(say(lang, "kept", name=name))
            expect(comment(page)).to_have_value("Wants red")
            sheet.failing = set()
            alert.get_by_role("button", name=say(lang, "again")).click()
            expect(page.locator("#told")).to_have_text(say(lang, "saved"))
            expect(alert).to_be_empty()
            expect(page.get_by_role("main")).to_be_focused()
            assert sheet.leads["L-00012"]["cells"]["comment"] == "Wants red"


@pytest.mark.parametrize("lang", locales.LANGUAGES)
def test_where_another_account_counts_it_is_said_what_to_do(cards: Cards, lang: str) -> None:
    with Sheet(lang) as sheet:
        sheet.failing = {"cardOpen"}
        sheet.error = (
            "ScriptError: We're sorry, a server error occurred while reading from storage. "
            "Error code PERMISSION_DENIED."
        )
        with cards.open(sheet) as page:
            expect(page.get_by_role("alert")).to_contain_text(say(lang, "accounts"))
            assert sheet.called("cardOpen") == 1  # asking again would not help
            sheet.failing = set()
            page.get_by_role("button", name=say(lang, "again")).click()
            opened(page)


def test_a_save_can_be_let_go(cards: Cards) -> None:
    with Sheet("en") as sheet:
        sheet.refusing["cardSave"] = {"ok": False, "told": "The owner has locked this column."}
        with cards.open(sheet) as page:
            chip(page, CONFIRMED).click()
            expect(page.get_by_role("alert")).to_contain_text("The owner has locked this column.")
            page.get_by_role("button", name="Don't save").click()
            expect(page.get_by_role("alert")).to_be_empty()
            expect(chip(page, NEW)).to_be_checked()


def test_what_is_let_go_is_not_sent_by_leaving_the_field(cards: Cards) -> None:
    with Sheet("en") as sheet:
        sheet.failing = {"cardSave"}
        with cards.open(sheet) as page:
            comment(page).fill("Wants red")
            page.locator("#step").focus()
            drop = page.get_by_role("alert").get_by_role("button", name="Don't save")
            expect(drop).to_be_visible()
            comment(page).focus()
            page.locator("#step").focus()
            comment(page).press_sequentially(" or green")
            drop.click()
            expect(comment(page)).to_have_value("Asked for blue")
            assert len(sheet.saves) == 1


def test_a_lost_answer_is_no_conflict(cards: Cards) -> None:
    with Sheet("en") as sheet:
        sheet.losing = {"cardSave"}
        with cards.open(sheet) as page:
            chip(page, CONFIRMED).click()
            expect(page.get_by_role("alert")).to_contain_text("The sheet does not answer.")
            sheet.losing = set()
            page.get_by_role("button", name="Try again").click()
            expect(page.locator("#told")).to_have_text("Saved")
            expect(chip(page, CONFIRMED)).to_be_checked()


def test_work_goes_on_offline_and_is_saved_when_the_line_is_back(cards: Cards) -> None:
    with Sheet("en") as sheet, cards.open(sheet) as page:
        opened(page)
        page.context.set_offline(True)
        chip(page, CONFIRMED).click()
        expect(chip(page, CONFIRMED)).to_be_checked()
        expect(page.get_by_role("alert")).to_contain_text("No internet connection.")
        page.context.set_offline(False)
        expect(page.get_by_role("alert")).to_be_empty()
        until(lambda: sheet.leads["L-00012"]["status"] == CONFIRMED, page)


@pytest.mark.parametrize("mine", [True, False])
def test_a_conflict_shows_both_and_loses_neither(cards: Cards, mine: bool) -> None:
    with Sheet("en") as sheet, cards.open(sheet) as page:
        opened(page)
        sheet.edit("comment", "Boris: wants red")
        comment(page).fill("Wants green")
        page.locator("#step").focus()
        alert = page.get_by_role("alert")
        expect(alert).to_contain_text("Comment: now “Boris: wants red”, yours “Wants green”")
        expect(comment(page)).to_have_value("Wants green")
        assert sheet.leads["L-00012"]["cells"]["comment"] == "Boris: wants red"
        button = "Save mine" if mine else "Keep what is there"
        alert.get_by_role("button", name=button).click()
        expect(alert).to_be_empty()
        stays = "Wants green" if mine else "Boris: wants red"
        expect(comment(page)).to_have_value(stays)
        until(lambda: sheet.leads["L-00012"]["cells"]["comment"] == stays, page)


def test_a_lead_that_is_gone_keeps_what_was_typed(cards: Cards) -> None:
    with Sheet("en") as sheet, cards.open(sheet) as page:
        opened(page)
        sheet.leads.clear()
        comment(page).fill("Wants green")
        page.locator("#step").focus()
        alert = page.get_by_role("alert")
        expect(alert).to_contain_text("This lead is not in the sheet any more.")
        expect(alert).to_contain_text("Comment: Wants green")
        alert.get_by_role("button", name="Don't save").click()
        expect(alert).to_be_empty()


def test_what_is_typed_on_after_a_lost_answer_is_no_conflict(cards: Cards) -> None:
    with Sheet("en") as sheet, cards.open(sheet) as page:
        sheet.losing = {"cardSave"}
        comment(page).fill("Half")
        page.locator("#step").focus()
        expect(page.get_by_role("alert")).to_contain_text("The sheet does not answer.")
        sheet.losing = set()
        comment(page).fill("Half a sentence")
        page.locator("#step").focus()
        until(lambda: sheet.leads["L-00012"]["cells"]["comment"] == "Half a sentence", page)
        expect(page.get_by_role("alert")).to_be_empty()


def test_what_somebody_else_wrote_after_a_lost_answer_is_one(cards: Cards) -> None:
    with Sheet("en") as sheet, cards.open(sheet) as page:
        sheet.losing = {"cardSave"}
        comment(page).fill("Half")
        page.locator("#step").focus()
        expect(page.get_by_role("alert")).to_contain_text("The sheet does not answer.")
        sheet.losing = set()
        sheet.edit("comment", "Boris: wants red")
        comment(page).fill("Half a sentence")
        page.locator("#step").focus()
        expect(page.get_by_role("alert")).to_contain_text("now “Boris: wants red”")
        assert sheet.leads["L-00012"]["cells"]["comment"] == "Boris: wants red"


def test_half_a_sentence_is_not_sent_by_the_line_coming_back(cards: Cards) -> None:
    with Sheet("en") as sheet, cards.open(sheet) as page:
        opened(page)
        page.context.set_offline(True)
        chip(page, CONFIRMED).click()
        comment(page).press_sequentially(", half")
        page.context.set_offline(False)
        comment(page).press_sequentially(" a sentence")
        page.locator("#step").focus()
        until(lambda: sheet.leads["L-00012"]["status"] == CONFIRMED, page)
        assert [save["comment"] for save in sheet.saves] == [", half a sentence"]


def test_in_a_conflict_what_nobody_else_changed_is_saved_all_the_same(cards: Cards) -> None:
    with Sheet("en") as sheet, cards.open(sheet) as page:
        chip(page, WAITING).click()
        sheet.edit("status", NOT_REACHED)
        sheet.leads["L-00012"]["status"] = NOT_REACHED
        comment(page).fill("Size 46 is out")
        page.locator("#step").focus()
        alert = page.get_by_role("alert")
        expect(alert.get_by_role("listitem")).to_have_text(
            f"Status: now “{NOT_REACHED}”, yours “{WAITING}”"
        )
        alert.get_by_role("button", name="Keep what is there").click()
        until(lambda: sheet.leads["L-00012"]["cells"]["comment"] == "Size 46 is out", page)
        expect(alert).to_be_empty()
        expect(chip(page, NOT_REACHED)).to_be_checked()
        expect(page.get_by_text(f"Why “{WAITING}”?")).to_be_hidden()


def test_a_change_that_is_let_go_is_not_asked_about(cards: Cards) -> None:
    with Sheet("en") as sheet, cards.open(sheet) as page:
        sheet.failing = {"cardSave"}
        chip(page, WAITING).click()
        page.locator("#step").focus()
        page.get_by_role("button", name="Don't save").click()
        expect(chip(page, NEW)).to_be_checked()
        expect(page.get_by_text(f"Why “{WAITING}”?")).to_be_hidden()


def test_a_text_is_sent_that_was_left_for_another_trouble(cards: Cards) -> None:
    with Sheet("en") as sheet, cards.open(sheet) as page:
        go(page, "en", "card")
        sheet.refusing["cardGo"] = {"ok": False, "told": "There is no such place."}
        page.evaluate("Pages.visit('Leads!A1', false)")
        again = page.get_by_role("button", name="Try again")
        expect(again).to_be_visible()
        comment(page).fill("Wants red")
        again.click()
        until(lambda: sheet.leads["L-00012"]["cells"]["comment"] == "Wants red", page)


def test_a_trouble_is_in_sight_wherever_one_reads(cards: Cards) -> None:
    with Sheet("en") as sheet, cards.open(sheet) as page:
        page.set_viewport_size({"width": 300, "height": 600})
        sheet.failing = {"cardSave"}
        last = page.get_by_role("checkbox").last
        last.check()
        retry = page.get_by_role("alert").get_by_role("button", name="Try again")
        expect(retry).to_be_in_viewport(ratio=1)
        assert page.evaluate("window.scrollY") > 300
        page.set_viewport_size({"width": 300, "height": 1000})


def test_what_google_refuses_at_once_is_kept(cards: Cards) -> None:
    with Sheet("en") as sheet, cards.open(sheet) as page:
        opened(page)
        page.evaluate(
            """() => {
              window.whole = google.script.run;
              const refuse = () => { throw new TypeError('illegal value'); };
              const run = { withSuccessHandler: () => run, withFailureHandler: () => run };
              google.script.run = Object.assign(run, { cardSave: refuse, cardFollow: refuse });
            }"""
        )
        chip(page, CONFIRMED).click()
        expect(page.get_by_role("alert")).to_contain_text("The sheet does not answer.")
        page.evaluate("() => { google.script.run = window.whole; }")
        page.get_by_role("button", name="Try again").click()
        until(lambda: sheet.leads["L-00012"]["status"] == CONFIRMED, page)


def test_a_part_that_breaks_keeps_nothing_from_being_saved(cards: Cards) -> None:
    with Sheet("en") as sheet, cards.open(sheet) as page:
        opened(page)
        page.evaluate(
            """() => {
              window.addEventListener('error', (event) => event.preventDefault());
              Store.listen(() => { throw new Error('a part that breaks'); });
            }"""
        )
        chip(page, CONFIRMED).click()
        until(lambda: sheet.leads["L-00012"]["status"] == CONFIRMED, page)
        expect(page.get_by_role("alert")).to_contain_text("Something in this card went wrong.")
