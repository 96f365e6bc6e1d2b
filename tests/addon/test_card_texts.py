"""What cells say is text in the card, however much there is of it and whatever it says."""

from __future__ import annotations

import json
from random import Random

from playwright.sync_api import expect

from tests.addon.card import Cards
from tests.addon.card_data import Json, lead
from tests.addon.card_sheet import Sheet
from tests.addon.card_steps import comment, go, opened, until

Cell = str | float | bool | dict[str, str] | None


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
        "attention": f"{evil}; Second flag",
    }
    here = lead("en", cells=texts, status=None, kind=None, phone=None, email=None)
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
            for place in (".request", "#comment", "#step"):
                assert page.locator(place).evaluate("n => n.dir") == "auto"
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


def test_no_cell_breaks_the_card_or_is_wider_than_it(cards: Cards) -> None:
    draw = Random(5)
    texts = ["", "<b>", "\ud83d", "👩🏽‍💻", "שלום", "x" * 3000, "\u202e", "{n}", "__proto__"]
    texts += ["1e400", "=1", "+7", "@", "\r\n"]
    days = ["2026-11-21", "1899-12-30T14:30:00", "9999-12-31", "20266-01-01", "0001-01-01", "bad"]

    def cell() -> Cell:
        text = "".join(draw.choices(texts, k=3))
        other = draw.choice([None, True, 0, 1e308, -0.1, 46000.5, {"iso": draw.choice(days)}])
        return draw.choice([text, other])

    def messy(number: int) -> Json:
        cells = {key: cell() for key in lead("en")["cells"]} | {"id": f"L-{number}"}
        line = {"at": draw.choice([None, "", *days]), "from": "", "by": "", "via": ""}
        history = [{**line, "to": str(cell()), "comment": str(cell())}]
        about = {"phone": None, "email": draw.choice([None, "a@b.ru", "x\ud800@y.z"])}
        return lead("en", id=f"L-{number}", cells=cells, history=history, **about)

    with Sheet("en") as sheet, cards.open(sheet) as page:
        opened(page)
        leads = json.dumps([messy(number) for number in range(150)])
        wide = page.evaluate(
            """(leads) => JSON.parse(leads).filter((lead) => {
              Store.open(lead);
              return document.documentElement.scrollWidth > 300;
            }).map(({ id }) => id)""",
            leads,
        )
        assert wide == []
        expect(page.get_by_role("alert")).to_be_empty()


def test_a_long_story_leaves_the_rest_within_reach(cards: Cards) -> None:
    story = "Wants a coat. " * 200
    here = lead("en", cells={"request": story, "name": story})
    with Sheet("en", here) as sheet, cards.open(sheet) as page:
        request = page.get_by_role("group", name="Request")
        expect(request).to_contain_text("Wants a coat.")
        request.focus()
        page.keyboard.press("End")
        until(lambda: request.evaluate("node => node.scrollTop") > 0, page)
        expect(page.get_by_role("radiogroup", name="Status")).to_be_in_viewport()
