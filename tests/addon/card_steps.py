"""What tests do with the sidebar, in the words of whoever works with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from sheetsync import locales
from tests.addon.card_data import lead, model

NEW, NOT_REACHED, CONFIRMED, WAITING, SHIPPED, _, _, LOST = (
    status["name"] for status in model("en")["statuses"][:8]
)
"""Statuses of a shop: WAITING and LOST ask for a comment, LOST for an approval, too."""


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
    base = {"lead": f"L-0001{number}", "name": f"Lead {number}", "manager": manager}
    about = {"phone": "+7 916 123 4567", "action": "Call", "reason": "2 days late", "score": 40}
    return {**base, **about, **more}


def two() -> tuple[dict[str, Any], dict[str, Any]]:
    second = lead("en", id="L-00013", row=14, cells={"id": "L-00013", "name": "Pyotr"})
    return lead("en"), second


def until(holds: Callable[[], Any], page: Page) -> None:
    """Wait for something to have come about in the sheet, while the page runs on."""
    for _ in range(500):
        if holds():
            return
        page.evaluate("() => new Promise((done) => requestAnimationFrame(done))")
    pytest.fail("it did not come about")


def run_on(page: Page, seconds: int, step: int = 2) -> None:
    """Let time pass in the page; what is asked of the sheet is answered meanwhile."""
    for _ in range(0, seconds, step):
        page.clock.run_for(step * 1000)
        until(lambda: page.evaluate("window.waiting") == 0, page)
