"""The other pages of the sidebar, and who is at the keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from sheetsync import locales
from tests.addon.card import Cards
from tests.addon.card_data import TEAM, lead, model
from tests.addon.card_sheet import Sheet
from tests.addon.card_steps import chip, go, opened, row, say, two, until


@pytest.mark.parametrize("lang", locales.LANGUAGES)
def test_todays_list_is_mine_or_everybodys_and_leads_to_the_card(cards: Cards, lang: str) -> None:
    anna, boris, _ = TEAM[lang]
    first = lead(lang)
    second = lead(lang, id="L-00013", cells={"id": "L-00013", "name": "Pyotr"})
    with Sheet(lang, first, second) as sheet:
        sheet.today = [row(2, anna), row(3, boris, name="Pyotr", score=None)]
        with cards.open(sheet) as page:
            go(page, lang, "today")
            expect(page.get_by_text(say(lang, "today_count", n=1))).to_be_visible()
            chip(page, say(lang, "all")).click()
            expect(page.get_by_text(say(lang, "today_count", n=2))).to_be_visible()
            link = page.get_by_role("list").get_by_role("link").first
            assert link.get_attribute("href") == "tel:+79161234567"
            page.get_by_role("button", name="Pyotr").click()
            expect(page.get_by_role("heading", level=1)).to_have_text("Pyotr")
            assert ("cardGo", "L-00013") in sheet.calls


@pytest.mark.parametrize("lang", locales.LANGUAGES)
def test_who_it_is_is_asked_once_where_google_does_not_tell(cards: Cards, lang: str) -> None:
    anna, boris, _ = TEAM[lang]
    with Sheet(lang) as sheet:
        sheet.me = {"email": "", "name": None, "role": None}
        sheet.today = [row(2, anna), row(3, boris, name="Pyotr")]
        with cards.open(sheet) as page:
            who = page.get_by_label(say(lang, "who"))
            expect(who).to_be_visible()
            go(page, lang, "today")
            expect(page.get_by_text(say(lang, "today_count", n=2))).to_be_visible()
            expect(page.get_by_role("radio")).to_have_count(0)
            who.select_option(boris)
            expect(page.get_by_text(say(lang, "today_count", n=1))).to_be_visible()
            expect(chip(page, say(lang, "mine"))).to_be_checked()
            expect(who).to_be_hidden()
            page.get_by_role("button", name=say(lang, "not_me", name=boris)).click()
            expect(who).to_be_visible()
            assert [name for name, _ in sheet.calls if name == "cardMe"] == ["cardMe"]


def test_an_empty_list_says_so(cards: Cards) -> None:
    with Sheet("en") as sheet, cards.open(sheet) as page:
        go(page, "en", "today")
        expect(page.get_by_text("Nobody is waiting for a call from you.")).to_be_visible()


@pytest.mark.parametrize("lang", locales.LANGUAGES)
def test_the_script_opens_at_the_leads_status_and_goes_on_by_links(cards: Cards, lang: str) -> None:
    pages = model(lang)["script"]
    start = next(each for each in pages if each["status"] == lead(lang)["status"])
    following = next(each for each in pages if each["name"] == start["next"][0])
    with Sheet(lang) as sheet, cards.open(sheet) as page:
        opened(page)
        go(page, lang, "script")
        title = page.get_by_role("heading", level=1)
        expect(title).to_have_text(start["name"])
        expect(page.get_by_role("article")).to_contain_text(start["say"].splitlines()[0])
        next_links = page.get_by_role("list", name=say(lang, "script_next"))
        assert next_links.get_by_role("button").all_inner_texts() == start["next"]
        next_links.get_by_role("button").first.click()
        expect(title).to_have_text(following["name"])
        expect(title).to_be_focused()
        page.get_by_role("button", name=say(lang, "back_to", name=start["name"])).click()
        expect(title).to_have_text(start["name"])


def test_the_check_lists_what_is_wrong_and_leads_there(cards: Cards) -> None:
    with Sheet("en") as sheet:
        sheet.findings = [
            {"level": "good", "text": "All tabs are there.", "go": None},
            {"level": "bad", "text": "Line 14 was changed by hand.", "go": "History!A14"},
        ]
        with cards.open(sheet) as page:
            opened(page)
            go(page, "en", "check")
            expect(page.get_by_text("1 thing to look at.")).to_be_visible()
            items = page.get_by_role("listitem")
            expect(items.nth(1)).to_contain_text("Must be mended: Line 14 was changed by hand.")
            page.get_by_role("button", name="Show: Line 14 was changed by hand.").click()
            until(lambda: ("cardGo", "History!A14") in sheet.calls, page)
            expect(page.get_by_role("heading", level=1)).to_have_text("Check of this sheet")


def test_the_script_begins_anew_with_another_lead(cards: Cards) -> None:
    with Sheet("en", *two()) as sheet, cards.open(sheet, clock=True) as page:
        opened(page)
        title = page.get_by_role("heading", level=1)
        go(page, "en", "script")
        start = title.inner_text()
        page.get_by_role("list", name="What next?").get_by_role("button").first.click()
        go(page, "en", "card")
        go(page, "en", "script")
        expect(title).not_to_have_text(start)
        go(page, "en", "card")
        sheet.selected = "L-00013"
        page.clock.fast_forward(3000)
        expect(title).to_have_text("Pyotr")
        go(page, "en", "script")
        expect(title).to_have_text(start)


def test_one_check_at_a_time(cards: Cards) -> None:
    with Sheet("en") as sheet, cards.open(sheet) as page:
        opened(page)
        sheet.gates = {"cardCheck"}
        sheet.gate.clear()
        go(page, "en", "check")
        again = page.get_by_role("button", name="Check again")
        expect(again).to_have_attribute("aria-disabled", "true")
        again.click(force=True)
        go(page, "en", "check")
        sheet.gate.set()
        expect(page.get_by_text("All is well.")).to_be_visible()
        assert sheet.called("cardCheck") == 1
        again.click()
        until(lambda: sheet.called("cardCheck") == 2, page)
