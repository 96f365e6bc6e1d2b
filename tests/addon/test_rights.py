"""What operators may do, the add-on may do for them; what they may not, it says and leaves."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from sheetsync.addon import manifest
from tests.addon.google import Workplace, built
from tests.addon.shop import ANNA, BORIS, OLGA, Shop
from tests.google import ApiError, Server


def protect(shop: Shop, tab: str, header: str | None = None) -> None:
    """The owner locks a tab, or a column of it, for everybody but the tool."""
    owner = shop.server.operator(shop.id)
    sheet = owner._sheet(tab)
    place: dict[str, Any] = {"sheetId": sheet.id}
    if header is not None:
        at = owner._column(sheet, header)
        place |= {"startColumnIndex": at, "endColumnIndex": at + 1}
    editors = {"users": [Server.OWNER, Server.SERVICE_ACCOUNT]}
    locked = {"range": place, "editors": editors, "warningOnly": False}
    owner._do({"addProtectedRange": {"protectedRange": locked}})


def test_an_operator_may_do_all_that_an_edit_sets_off(shop: Shop, anna: Workplace) -> None:
    """Ids, days, History and notes; nothing of it is the owner's alone."""
    assert shop.server.file(shop.id).owner != ANNA
    anna.paste("Leads", 5, "Name", [["Zoya", "+7 916 123-45-67"]])
    anna.type("Leads", 5, "Status", shop.status("lost"))
    assert anna._last.error is None
    assert len(shop.history("L-00004")) == 1


def test_what_the_tool_keeps_is_never_written(shop: Shop, anna: Workplace) -> None:
    titles = {sheet.id: sheet.title for sheet in shop.server.file(shop.id).sheets}
    written = set()
    runs = [
        anna.paste("Leads", 5, "Name", [["Zoya", "+7 916 123-45-67"]]),
        anna.type("Leads", 5, "Status", shop.status("lost")),
        anna.type("Leads", 5, "Comment", "x"),
    ]
    for run in runs:
        written |= {titles[each["sheet"]] for each in run.changes}
    assert written == {"Leads", "History"}


def test_a_locked_history_is_told_and_nothing_is_written(any_shop: Shop) -> None:
    protect(any_shop, any_shop.tab("history"))
    boris, leads = any_shop.person(BORIS), any_shop.tab("leads")
    before = any_shop.history()
    run = boris.type(leads, 2, any_shop.header("status"), any_shop.status("lost"))
    assert run.toasts == [any_shop.say("trouble.history_closed")]
    run = boris.type(leads, 5, any_shop.header("name"), "Zoya")
    assert run.toasts == [any_shop.say("trouble.history_closed")]
    assert (run.changes, any_shop.history()) == ([], before)
    # The refresh catches both.
    any_shop.refresh()
    lead = any_shop.server.operator(any_shop.id).cell(leads, 5, any_shop.header("id"))
    assert (lead, len(any_shop.history("L-00001")), any_shop.breaks()) == ("L-00004", 2, [])


def test_locked_ids_are_told_and_nothing_is_written(shop: Shop, anna: Workplace) -> None:
    protect(shop, "Leads", "ID")
    run = anna.paste("Leads", 5, "Name", [["Zoya"]])
    assert (run.toasts, run.changes) == ([shop.say("trouble.refused")], [])


def test_where_a_note_may_not_be_written_the_move_counts_and_the_rest_is_said(
    any_shop: Shop,
) -> None:
    lost = any_shop.status("lost")
    protect(any_shop, any_shop.tab("leads"), any_shop.header("comment"))
    boris = any_shop.person(BORIS)
    run = boris.type(any_shop.tab("leads"), 2, any_shop.header("status"), lost)
    assert any_shop.history("L-00001")[-1]["to"] == lost
    assert any_shop.say("edit.why_status", status=lost) in run.toasts[0]
    assert boris.notes(any_shop.tab("leads")) == {}


def test_a_locked_cell_is_not_saved_and_nothing_else_is(any_shop: Shop) -> None:
    tab = any_shop.tab("leads")
    protect(any_shop, tab, any_shop.header("comment"))
    anna = any_shop.person()
    anna.select(tab, 2)
    lead = anna.run("cardOpen")["lead"]
    keys = {"status": any_shop.status("shipped"), "comment": "x"}
    save = {"id": lead["id"], "base": {key: lead["cells"][key] for key in keys}, "changes": keys}
    answer = anna.run("cardSave", save | {"checks": {}, "comment": None})
    assert answer == {"ok": False, "told": any_shop.say("trouble.refused")}
    assert anna._last.changes == []


def test_a_viewer_sees_the_card_and_saves_nothing(any_shop: Shop) -> None:
    any_shop.server.share(any_shop.id, "guest@example.com", "reader")
    try:
        guest = any_shop.person("guest@example.com")
        guest.select(any_shop.tab("leads"), 2)
        lead = guest.run("cardOpen")["lead"]
        assert (lead["id"], lead["mayEdit"]) == ("L-00001", False)
        save = {"id": lead["id"], "base": {"next_step": None}, "changes": {"next_step": "x"}}
        answer = guest.run("cardSave", save | {"checks": {}, "comment": None})
        assert answer == {"ok": False, "told": any_shop.say("trouble.refused")}
        tick = {"id": lead["id"], "base": {}, "changes": {}, "checks": {"S-01": True}}
        answer = guest.run("cardSave", tick | {"comment": None})
        assert answer == {"ok": False, "told": any_shop.say("trouble.refused")}
        assert guest._last.changes == []
        with pytest.raises(ApiError):
            guest.type(any_shop.tab("leads"), 2, any_shop.header("name"), "x")
    finally:
        any_shop.server.unshare(any_shop.id, "guest@example.com")


def test_another_event_that_takes_too_long_is_told(any_shop: Shop) -> None:
    anna = any_shop.person()
    anna.locked = ["document"]
    try:
        run = anna.type(any_shop.tab("leads"), 2, any_shop.header("status"), any_shop.status("won"))
    finally:
        anna.locked = ()
    assert (run.toasts, run.changes) == ([any_shop.say("trouble.busy")], [])
    any_shop.refresh()
    assert any_shop.history("L-00001")[-1]["to"] == any_shop.status("won")


def test_a_senior_approves_as_an_operator_of_the_sheet(shop: Shop) -> None:
    run = shop.person(OLGA).type("Leads", 2, "Loss approved by", "Olga")
    assert run.error is None


def test_only_what_google_calls_can_be_reached() -> None:
    """A function that is reachable is one that anybody with the sheet can call from a browser."""
    names = {
        "onOpen", "onEdit", "dailyDigest", "menuCard", "menuToday", "menuCheck", "menuDigest",
        "menuDigestDaily", "menuAbout", "cardOpen", "cardFollow", "cardSave", "cardToday",
        "cardGo", "cardMe", "cardCheck",
    }  # fmt: skip
    files = [text for name, text in built("shop", "en").items() if name.endswith(".js")]
    found = {name for text in files for name in re.findall(r"^function (\w+)", text, re.M)}
    assert found == names


def test_the_add_on_asks_for_nothing_but_this_sheet_and_its_own_window() -> None:
    scopes = json.loads(built("shop", "en")[manifest.NAME])["oauthScopes"]
    assert scopes == [
        "https://www.googleapis.com/auth/spreadsheets.currentonly",
        "https://www.googleapis.com/auth/script.container.ui",
    ]


def test_the_menu_stands_in_the_language_of_the_sheet(any_shop: Shop) -> None:
    run = any_shop.person().opens()
    [menu] = [event for event in run.events if event["kind"] == "menu"]
    items = [item.get("run") for item in menu["items"]]
    assert menu["caption"] == any_shop.say("menu.title")
    assert [item.get("caption") for item in menu["items"] if "run" in item] == [
        any_shop.say(f"menu.{key}")
        for key in ("card", "today", "check", "digest", "daily", "about")
    ]
    assert items.count(None) == 2


def test_about_tells_what_the_add_on_is(any_shop: Shop) -> None:
    any_shop.person().run("menuAbout")
    [event] = any_shop.person()._last.events
    for key in ("fits", "rights", "no_mail"):
        assert any_shop.say(f"about.{key}") in event["text"]
