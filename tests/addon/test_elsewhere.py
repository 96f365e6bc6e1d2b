"""The built scripts where Google's services are poorer, or others than here; and in any order."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
from py_mini_racer import MiniRacer

from sheetsync.addon import config
from sheetsync.workbooks.base import Snapshot
from tests.addon.google import Workplace, built
from tests.addon.shop import ANNA, Shop, serial
from tests.addon.v8 import V8

CHANGE = {"id": "L-00001", "base": {"next_step": None}, "comment": None}
# A name that a script has itself stands before the service of that name.
BUT = "const but = (of, own) => new Proxy(of, { get: (it, key) => own[key] ?? it[key] });\n"
NOTHING_OF_THE_DOCUMENTS_OWN = """
const CacheService = but(globalThis.CacheService, { getDocumentCache: () => null });
const LockService = but(globalThis.LockService, { getDocumentLock: () => null });
const PropertiesService = but(globalThis.PropertiesService, { getDocumentProperties: () => null });
"""
NO_SCREEN = """
const refused = () => { throw new Error('Cannot call SpreadsheetApp.getUi() from this context.'); };
const SpreadsheetApp = but(globalThis.SpreadsheetApp, { getUi: refused });
"""
OTHER_DATES = "const Date = class extends globalThis.Date {};"
ONLY_TOKYO = """
const Intl = { DateTimeFormat: function (locale, { timeZone, ...parts }) {
  if (timeZone !== 'Asia/Tokyo') throw new RangeError(`Invalid time zone specified: ${timeZone}`);
  return new globalThis.Intl.DateTimeFormat(locale, { timeZone, ...parts });
} };
"""
NARROW_SEARCH = """
const narrow = (finder, wide = false) => but(finder, {
  withKey: (key) => narrow(finder.withKey(key), wide),
  onIntersectingLocations: () => narrow(finder.onIntersectingLocations(), true),
  find: () => finder.find().filter((each) => wide || each.getLocation().getColumn() === null),
});
const sheet = (found) => but(found, {
  createDeveloperMetadataFinder: () => narrow(found.createDeveloperMetadataFinder()),
});
const book = (found) => but(found, { getSheetById: (id) => sheet(found.getSheetById(id)) });
const SpreadsheetApp = but(globalThis.SpreadsheetApp, {
  getActiveSpreadsheet: () => book(globalThis.SpreadsheetApp.getActiveSpreadsheet()),
});
"""


@contextmanager
def elsewhere(shop: Shop, services: str, zone: str = "Europe/Moscow") -> Iterator[Workplace]:
    """Somebody whose scripts find other services; ``zone`` is that of Config.js."""
    project = built("shop", shop.lang)
    config = project["Config.js"].replace('"Europe/Moscow"', f'"{zone}"')
    project = {**project, "A.js": BUT + services, "Config.js": config}
    with Workplace(shop.server, shop.id, ANNA, project) as person:
        yield person


# -- services --------------------------------------------------------------------------------


def test_where_the_document_has_no_lock_and_no_stores_the_scripts_own_serve(shop: Shop) -> None:
    with elsewhere(shop, NOTHING_OF_THE_DOCUMENTS_OWN) as anna:
        anna.type("Leads", 2, "Status", shop.status("confirmed"))
        assert shop.history("L-00001")[-1]["to"] == shop.status("confirmed")
        assert anna.run("cardCheck")["ok"]
        anna.locked = ["script"]
        run = anna.type("Leads", 2, "Status", shop.status("shipped"))
        assert (run.toasts, run.changes) == ([shop.say("trouble.busy")], [])


def test_where_no_dialog_can_be_shown_there_is_no_menu_and_a_toast_tells(shop: Shop) -> None:
    with elsewhere(shop, NO_SCREEN) as anna:
        assert anna.opens().events == []
        anna.run("menuAbout")
        assert shop.say("about.fits") in anna.toasts[0]


def test_a_date_is_one_whichever_global_scope_it_is_from(shop: Shop) -> None:
    with elsewhere(shop, OTHER_DATES) as anna:
        anna.select("Leads", 2)
        assert anna.run("cardOpen")["lead"]["cells"]["next_action"] == {"iso": "2026-11-23"}


def test_where_the_sheet_has_a_zone_that_nobody_knows_the_scripts_own_counts(shop: Shop) -> None:
    with elsewhere(shop, ONLY_TOKYO, zone="Asia/Tokyo") as anna:
        anna.type("Leads", 2, "Status", shop.status("confirmed"))
        assert shop.history("L-00001")[-1]["at"] == serial(datetime(2026, 11, 21, 18, 30))


@pytest.mark.parametrize(
    ("zone", "built_in"),
    [("Asia/Tokyo", "Asia/Tokyo"), ("GMT-07:00", "Etc/UTC"), ("", "Etc/UTC"), (None, "Etc/UTC")],
)
def test_a_build_leaves_out_a_zone_that_only_google_knows(zone: str | None, built_in: str) -> None:
    snapshot = Snapshot("Shop", {}, 0, {}, timezone=zone)
    assert config.of_workbook(snapshot, timezone="Etc/UTC").timezone == built_in


def test_columns_are_found_where_a_search_of_a_sheet_stops_at_the_sheet(shop: Shop) -> None:
    with elsewhere(shop, NARROW_SEARCH) as anna:
        anna.select("Leads", 2)
        assert anna.run("cardOpen")["lead"]["id"] == "L-00001"


def test_a_file_that_was_uploaded_has_no_marks_and_its_titles_count(any_shop: Shop) -> None:
    any_shop.server.file(any_shop.id).metadata.clear()
    confirmed, leads = any_shop.status("confirmed"), any_shop.tab("leads")
    with any_shop.workplace(ANNA) as anna:
        anna.type(leads, 2, any_shop.header("status"), confirmed)
        assert any_shop.history("L-00001")[-1]["to"] == confirmed
        anna.select(leads, 2)
        opened = anna.run("cardOpen")
        assert (opened["lead"]["status"], opened["lead"]["checks"]) == (confirmed, {})
        anna.run("cardSave", {**CHANGE, "changes": {"next_step": "Ring"}, "checks": {"S-01": True}})
        lead = anna.run("cardOpen")["lead"]
        assert (lead["cells"]["next_step"], lead["checks"]) == ("Ring", {"S-01": True})


def test_without_marks_and_titles_it_is_no_crm(shop: Shop) -> None:
    shop.server.file(shop.id).metadata.clear()
    shop.server.operator(shop.id).rename_tab("Leads", "Our customers")
    with shop.workplace(ANNA) as anna:
        anna.select("Our customers", 2)
        assert anna.run("cardOpen") == {"ok": False, "told": shop.say("trouble.no_crm")}


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        (46347, "2026-11-21"),
        (46347.520833333, "2026-11-21T12:30:00"),
        ({"iso": "2026-11-21T12:30:00"}, "2026-11-21T12:30:00"),
        (5.11, None),
        (1e9, None),
        ("yesterday", None),
        (None, None),
    ],
)  # fmt: skip
def test_a_time_that_has_lost_its_format_is_a_time(
    dates: V8, cell: object, moment: str | None
) -> None:
    assert dates.call("Dates.momentOf", cell) == moment


@pytest.fixture(scope="module")
def dates() -> Iterator[V8]:
    with V8("shared/DateText.js", "shared/Dates.js") as scripts:
        yield scripts


# -- files -----------------------------------------------------------------------------------


def test_no_file_needs_another_to_be_loaded_before_it() -> None:
    """Each is loaded where there is no other, and no service of Google's."""
    v8 = MiniRacer()
    for name, text in built("shop", "en", digest=18).items():
        if name.endswith(".js"):
            v8.eval(f"(() => {{\n{text}\n}})(); null\n//# sourceURL={name}")
    v8.close()
