"""The sidebar as operators have it: in Chromium, 300 px wide, in both languages."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect, sync_playwright

from sheetsync import locales
from tests.addon.card import TEAM, Cards, Sheet, lead, model

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium on this machine")

both = pytest.mark.parametrize("lang", locales.LANGUAGES)

NEW, NOT_REACHED, CONFIRMED, WAITING, SHIPPED, _, WON, LOST = (
    status["name"] for status in model("en")["statuses"][:8]
)
"""Statuses of a shop: WAITING and LOST ask for a comment, LOST for an approval, too."""


@pytest.fixture(scope="module")
def cards() -> Iterator[Cards]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield Cards(browser)
        browser.close()


def say(lang: str, key: str, **values: Any) -> str:
    return locales.load(lang)(f"addon.card.{key}", **values)


def go(page: Page, lang: str, name: str) -> None:
    """To another page of the sidebar."""
    tab = say(lang, f"page_{name}")
    page.get_by_role("navigation").get_by_role("button", name=tab).click()


def chip(page: Page, name: str) -> Locator:
    return page.get_by_role("radio", name=name, exact=True)


def comment(page: Page) -> Locator:
    return page.locator("#comment")


def opened(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {node['html']}" for each in found for node in each["nodes"]]


def row(number: int, manager: str, **more: Any) -> dict[str, Any]:
    base = {"rank": number, "lead": f"L-0001{number}", "name": f"Lead {number}", "manager": manager}
    about = {"phone": "+7 916 123 4567", "action": "Call", "reason": "2 days late", "score": 40}
    return {**base, **about, **more}


# Opening


@both
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
    sheet.leads["L-00012"]["shown"]["attention"] = attention
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
            _until(lambda: page.evaluate("window.waiting") == 0, page)
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


@both
@pytest.mark.parametrize(("width", "scale"), [(300, 1), (150, 2)])
def test_nothing_is_cut_off_at_any_zoom(cards: Cards, lang: str, width: int, scale: int) -> None:
    with full(lang) as sheet, cards.open(sheet, width=width, scale=scale) as page:
        for name in ("card", "today", "script", "check"):
            go(page, lang, name)
            _until(lambda: page.evaluate("window.waiting") == 0, page)
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
                _until(lambda n=tries: sheet.called("cardOpen") == n, page)
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


# What cells say is text


def test_cells_are_text_whatever_they_say(cards: Cards) -> None:
    evil = '<img src=x onerror="window.hacked=1">\'"</script><script>window.hacked=1</script>'
    texts = {
        "name": f"{evil} 👩🏽‍💻",
        "company": "{n} & ООО «Рога»",
        "request": '=HYPERLINK("http://x")\nשלום עולם',
        "comment": evil,
        "next_step": evil,
        "phone": "javascript:alert(1)",
        "email": "javascript:alert(1)",
        "next_action": evil,
        "status": evil,
    }
    here = lead("en", cells=texts, status=None, kind=None, phone=None, email=None)
    here["shown"]["attention"] = f"{evil}; Second flag"
    here["history"][0] |= {"from": evil, "comment": evil, "at": None}
    with Sheet("en", here) as sheet:
        sheet.model["steps"][0]["step"] = evil
        sheet.model["statuses"][0]["name"] = evil
        sheet.model["script"][0] |= {"name": evil, "say": evil}
        with cards.open(sheet) as page:
            expect(page.get_by_role("heading", level=1)).to_have_text(texts["name"])
            main = page.get_by_role("main")
            for text in (texts["company"], texts["phone"], "Second flag", "שלום עולם"):
                expect(main).to_contain_text(text)
            expect(comment(page)).to_have_value(evil)
            assert page.get_by_role("main").get_by_role("link").count() == 0
            assert page.locator(".request").evaluate("n => n.dir") == "auto"
            go(page, "en", "script")
            expect(page.get_by_role("heading", level=1)).to_have_text(evil)
            assert page.evaluate("window.hacked") is None
            assert page.locator("img, main script, iframe").count() == 0


def test_links_only_call_and_write(cards: Cards) -> None:
    here = lead("en", email="a?bcc=all&x@example.com")
    with Sheet("en", here) as sheet, cards.open(sheet) as page:
        opened(page)
        links = page.get_by_role("main").get_by_role("link")
        found = [links.nth(place).get_attribute("href") for place in range(links.count())]
        assert found == [
            "tel:+79161234567",
            "https://wa.me/79161234567",
            "https://t.me/+79161234567",
            "mailto:a%3Fbcc%3Dall%26x@example.com",
        ]
        for link in links.all():
            assert link.get_attribute("target") == "_blank"
            assert "noopener" in (link.get_attribute("rel") or "")


# The score


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


# Changing


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
        _until(lambda: sheet.leads["L-00012"]["checks"] == {"S-01": True}, page)
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
        _until(lambda: len(sheet.saves) == 2, page)
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
        _until(lambda: sheet.leads["L-00012"]["cells"]["comment"] == " =12", page)
        assert [save["base"]["comment"] for save in sheet.saves] == ["Asked for blue", " =1"]


@both
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
        _until(lambda: sheet.saves, page)
        assert sheet.saves[0]["changes"] == {"status": status, "comment": f"{before}; no size 46"}
        assert sheet.saves[0]["comment"] == "; no size 46"


def test_a_comment_that_is_not_given_holds_nothing_up(cards: Cards) -> None:
    with Sheet("en") as sheet, cards.open(sheet) as page:
        chip(page, WAITING).click()
        expect(comment(page)).to_be_focused()
        page.locator("#step").focus()
        _until(lambda: sheet.saves, page)
        assert sheet.saves[0]["changes"] == {"status": WAITING}
        expect(page.get_by_text(f"Why “{WAITING}”?")).to_be_visible()


def test_only_a_later_day_asks_why(cards: Cards) -> None:
    with Sheet("en") as sheet, cards.open(sheet) as page:
        date = page.locator("input[type=date]")
        date.fill("2026-11-18")
        _until(lambda: sheet.called("cardSave") == 1, page)
        expect(comment(page)).not_to_be_focused()
        page.get_by_role("button", name="Tomorrow").click()
        expect(comment(page)).to_be_focused()
        expect(page.get_by_text("Why was the date moved?")).to_be_visible()
        page.keyboard.type(" - busy")
        date.focus()
        _until(lambda: sheet.called("cardSave") == 2, page)
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
        _until(lambda: sheet.saves, page)
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
        _until(lambda: sheet.leads["L-00012"]["cells"]["approved_by"] == "Vera", page)
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


# Keyboard


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
        _until(lambda: sheet.saves, page)
        assert sheet.saves[0]["changes"] == {"status": NOT_REACHED}


# Trouble


@both
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
        assert sheet.leads["L-00012"]["status"] == CONFIRMED


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
        _until(lambda: sheet.leads["L-00012"]["cells"]["comment"] == stays, page)


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


# Following the selected row


def two() -> tuple[dict[str, Any], dict[str, Any]]:
    second = lead("en", id="L-00013", row=14, cells={"id": "L-00013", "name": "Pyotr"})
    return lead("en"), second


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
        _until(lambda: len(sheet.saves) == 1, page)
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
            _until(lambda: page.evaluate("window.waiting") == 0, page)
            asked.append(sheet.called("cardFollow"))
        assert asked[9] >= 4
        assert asked[-1] - asked[19] <= 2
        # The same lead once more, as after a change of something that the card does not show.
        sheet.edit("created", {"iso": "2026-11-16"})
        page.clock.fast_forward(20_000)
        _until(lambda: page.evaluate("Store.get().lead.stamp") == "2", page)
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


# The other pages


@both
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


@both
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


@both
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
            _until(lambda: ("cardGo", "History!A14") in sheet.calls, page)
            expect(page.get_by_role("heading", level=1)).to_have_text("Check of this sheet")


def _until(holds: Any, page: Page) -> None:
    """Wait for something to have come about in the sheet, while the page runs on."""
    for _ in range(500):
        if holds():
            return
        page.evaluate("() => new Promise((done) => requestAnimationFrame(done))")
    pytest.fail("it did not come about")
