"""Commands are run here as in the tests of the command line; shops are made once and restored."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from sheetsync.addon import data
from tests.addon.card import Cards
from tests.addon.google import Workplace
from tests.addon.shop import Shop
from tests.cli.conftest import folder, run, server
from tests.google import Server

__all__ = ["folder", "run", "server"]

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium. Not for the whole session: with it goes an event loop in this thread, and while
    one runs, scripts in V8 can't be given a time limit."""
    if CHROMIUM is None:
        pytest.skip("there is no chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def cards(browser: Browser) -> Cards:
    """Sidebars in it."""
    return Cards(browser)


@pytest.fixture(scope="session")
def tables(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The scripts that a build generates for every shop alike, as files."""
    folder = tmp_path_factory.mktemp("tables")
    texts = {"PhoneData.js": data.phone_data(), "JunkData.js": data.junk_data()}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in texts]


@pytest.fixture(scope="session")
def town() -> Iterator[Server]:
    """The server of the shops."""
    with Server() as server:
        yield server


class Prepared(dict[str, Shop]):
    """Shops by language, each made when it is asked for first."""

    def __init__(self, server: Server) -> None:
        super().__init__()
        self.server = server

    def __missing__(self, lang: str) -> Shop:
        return self.setdefault(lang, Shop(self.server, lang))


@pytest.fixture(scope="session")
def prepared(town: Server) -> Iterator[Prepared]:
    shops = Prepared(town)
    yield shops
    for shop in shops.values():
        shop.close()


@pytest.fixture
def shop(prepared: Prepared) -> Shop:
    """A shop in English, as it was after its refresh."""
    prepared["en"].restore()
    return prepared["en"]


@pytest.fixture(params=["en", "ru"])
def any_shop(request: pytest.FixtureRequest, prepared: Prepared) -> Shop:
    """The same in English and in Russian."""
    found = prepared[request.param]
    found.restore()
    return found


@pytest.fixture
def anna(shop: Shop) -> Workplace:
    """An operator at work in the shop; her address is not known to scripts."""
    return shop.person()
