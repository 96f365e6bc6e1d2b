"""Sheets as they are after a while: each oddity is one sentence, and nothing half-written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from sheetsync import locales
from tests.addon.google import Workplace, built
from tests.addon.shop import ANNA, LATER, Shop
from tests.addon.v8 import APPSCRIPT, V8


@contextmanager
def with_config(shop: Shop, **changes: str) -> Iterator[Workplace]:
    """Somebody whose Config.js is of another version."""
    project = built("shop", shop.lang)
    config = project["Config.js"]
    for key, value in changes.items():
        config, count = re.subn(rf'("?{key}"?: *)"[^"]*"', rf'\g<1>"{value}"', config, count=1)
        assert count == 1
    with Workplace(shop.server, shop.id, ANNA, {**project, "Config.js": config}) as person:
        yield person


def moved(shop: Shop, person: Workplace, row: int = 2) -> Any:
    return person.type(shop.tab("leads"), row, shop.header("status"), shop.status("confirmed"))


# -- tabs and columns ------------------------------------------------------------------------


def test_renamed_tabs_and_moved_and_renamed_columns_are_found(any_shop: Shop) -> None:
    owner, leads = any_shop.server.operator(any_shop.id), any_shop.tab("leads")
    confirmed = any_shop.status("confirmed")
    anna = any_shop.person()
    anna.type(leads, 2, any_shop.header("next_step"), "x")  # so that all columns are known
    owner.move_column(leads, any_shop.header("status"), any_shop.header("id"))
    owner.rename_column(leads, any_shop.header("status"), "Где он")
    owner.rename_tab(leads, "Наши клиенты's")
    owner.rename_tab(any_shop.tab("history"), "Log")
    owner.insert_column("Log", any_shop.header("at", "history"), "Mine")
    owner.move_tab("Log", 0)
    run = anna.type("Наши клиенты's", 2, "Где он", confirmed)
    assert (run.error, run.toasts) == (None, [])
    line = owner.rows("Log")[-1]
    assert line[any_shop.header("to", "history")] == confirmed
    anna.select("Наши клиенты's", 2)
    assert anna.run("cardOpen")["lead"]["status"] == confirmed
    assert "history" not in any_shop.refresh().understood.results.appends


@pytest.mark.parametrize("column", ["id", "status"])
def test_a_column_that_is_gone_is_named(any_shop: Shop, column: str) -> None:
    tab = any_shop.tab("leads")
    any_shop.server.operator(any_shop.id).delete_column(tab, any_shop.header(column))
    gone = any_shop.say("trouble.column_missing", column=any_shop.header(column), tab=tab)
    anna = any_shop.person()
    run = anna.type(tab, 2, any_shop.header("name"), "Ivan")
    assert (run.toasts, run.changes) == ([gone], [])
    anna.select(tab, 2)
    assert anna.run("cardOpen") == {"ok": False, "told": gone}
    assert [each["text"] for each in anna.run("cardCheck")["findings"]] == [gone]


def test_a_column_that_only_helps_may_be_gone(shop: Shop, anna: Workplace) -> None:
    owner = shop.server.operator(shop.id)
    for header in ("Comment", "Phone", "Created", "Loss reason", "Next action"):
        owner.delete_column("Leads", header)
    anna.paste("Leads", 5, "Name", [["Zoya"]])
    anna.type("Leads", 5, "Status", shop.status("lost"))
    assert anna._last.error is None
    assert shop.history("L-00004")[-1]["to"] == shop.status("lost")
    anna.select("Leads", 5)
    assert anna.run("cardOpen")["lead"]["cells"]["name"] == "Zoya"


def test_a_tab_that_is_gone_is_named(any_shop: Shop) -> None:
    history = any_shop.tab("history")
    any_shop.server.operator(any_shop.id).delete_tab(history)
    gone = any_shop.say("trouble.tab_missing", tab=history)
    run = moved(any_shop, any_shop.person())
    assert (run.toasts, run.changes) == ([gone], [])
    assert gone in [each["text"] for each in any_shop.person().run("cardCheck")["findings"]]


def test_a_copy_of_the_leads_tab_is_nobodys(shop: Shop, anna: Workplace) -> None:
    shop.server.operator(shop.id).copy_tab("Leads", "Leads (old)")
    before = shop.history()
    run = anna.type("Leads (old)", 2, "Status", shop.status("won"))
    assert (run.changes, shop.history()) == ([], before)
    moved(shop, anna)
    assert len(shop.history()) == len(before) + 1


def test_a_header_row_that_was_edited_is_no_lead(anna: Workplace) -> None:
    run = anna.type("Leads", 1, "Name", "Client")
    assert (run.error, run.changes, run.toasts) == (None, [], [])


# -- versions --------------------------------------------------------------------------------


@pytest.mark.parametrize(("layout", "key"), [("1", "add_on_older"), ("99", "sheet_older")])
def test_an_add_on_of_another_version_writes_nothing_and_says_so_once(
    any_shop: Shop, layout: str, key: str
) -> None:
    told = any_shop.say(f"trouble.{key}")
    with with_config(any_shop, layout=layout) as anna:
        run = moved(any_shop, anna)
        assert (run.toasts, run.changes) == ([told], [])
        run = anna.type(any_shop.tab("leads"), 3, any_shop.header("name"), "M")
        assert (run.toasts, run.changes) == ([], [])
        assert anna.run("cardOpen") == {"ok": False, "told": told}
        assert anna.run("cardCheck")["findings"] == [{"level": "bad", "text": told, "go": None}]
    any_shop.refresh()
    assert any_shop.history("L-00001")[-1]["to"] == any_shop.status("confirmed")


def test_a_sheet_that_was_brought_up_to_date_fits_at_once(shop: Shop) -> None:
    with with_config(shop, layout="99") as anna:
        moved(shop, anna)
        assert anna.toasts == [shop.say("trouble.sheet_older")]
        with shop.server.lock:
            fork = shop.server.file(shop.id).fork()
            [version] = [m for m in fork.metadata.values() if m.key == "sheetsync.meta.layout"]
            fork.metadata[version.id] = replace(version, value="99")
            shop.server.store.commit(fork)
        moved(shop, anna)
        assert anna.toasts == []
    assert shop.history("L-00001")[-1]["to"] == shop.status("confirmed")


# -- services of Google ----------------------------------------------------------------------

FAILS = "{ throw new Error('Service unavailable'); }"


@pytest.mark.parametrize(
    "services",
    [
        f"const CacheService = {{ getDocumentCache() {FAILS}, getUserCache() {FAILS} }};",
        "const CacheService = { getDocumentCache: () => null, getUserCache: () => null };",
        f"const PropertiesService = {{ getUserProperties() {FAILS} }};",
        f"const Session = {{ getActiveUser() {FAILS} }};",
    ],
)
def test_what_only_helps_may_be_away(shop: Shop, services: str) -> None:
    project = {**built("shop", "en"), "Away.js": services}
    with Workplace(shop.server, shop.id, ANNA, project) as anna:
        assert moved(shop, anna).toasts == []
        anna.select("Leads", 2)
        opened = anna.run("cardOpen")
    assert (opened["lead"]["status"], opened["me"]["name"]) == (shop.status("confirmed"), None)
    assert shop.history("L-00001")[-1]["to"] == shop.status("confirmed")


def test_headers_too_long_to_be_kept_are_read_again_each_time(shop: Shop, anna: Workplace) -> None:
    owner = shop.server.operator(shop.id)
    for n in range(3):
        owner.append_column("Leads", f"{n}" + "ж" * 20_000)  # a cache takes 100 KB
    assert moved(shop, anna).toasts == []
    assert shop.history("L-00001")[-1]["to"] == shop.status("confirmed")


@pytest.mark.parametrize(
    ("message", "refused"),
    [
        ("You are trying to edit a protected cell or object.", True),
        ("You do not have permission to perform that action.", True),
        ("Вы пытаетесь изменить защищенную ячейку или объект.", True),
        ("У вас нет разрешения на выполнение этого действия.", True),
        ("Недостаточно прав.", True),
        ("Доступ запрещен.", True),
        ("Сервис временно недоступен.", False),
        ("Неправильный аргумент: row", False),
        ("Service Spreadsheets timed out", False),
    ],
)
def test_a_refusal_is_told_from_a_failure_by_google_s_words(message: str, refused: bool) -> None:
    texts = {"trouble.refused": "refused", "trouble.unexpected": "failed"}
    with V8("shared/Words.js", "server/Trouble.js", globals={"CONFIG": {"messages": texts}}) as v8:
        v8.call("(() => { globalThis.console = { error() {} }; })")
        told = v8.call("((message) => Trouble.sentence(new Error(message)))", message)
    assert (told == "refused") is refused


def test_a_text_that_an_older_config_lacks_is_no_crash(shop: Shop) -> None:
    project = built("shop", "en")
    older = project["Config.js"].replace('"edit.', '"formerly.')
    assert older != project["Config.js"]
    with Workplace(shop.server, shop.id, ANNA, {**project, "Config.js": older}) as anna:
        run = anna.type("Leads", 2, "Status", shop.status("lost"))
    assert run.error is None
    assert shop.history("L-00001")[-1]["to"] == shop.status("lost")


def test_before_the_first_refresh_ids_are_given_and_the_rest_is_said(any_shop: Shop) -> None:
    """The tab in which a refresh publishes is there and empty."""
    owner, addon = any_shop.server.operator(any_shop.id), any_shop.words("tabs.addon")
    owner.delete_row(addon, 2, len(owner.rows(addon)))
    anna, tab = any_shop.person(), any_shop.tab("leads")
    anna.type(tab, 5, any_shop.header("name"), "Zoya")
    assert owner.cell(tab, 5, any_shop.header("id")) == "L-00004"
    told = any_shop.say("trouble.no_refresh")
    before = any_shop.history()
    assert moved(any_shop, anna).toasts == [told]
    assert any_shop.history() == before
    anna.select(tab, 2)
    assert anna.run("cardOpen") == {"ok": False, "told": told}
    any_shop.refresh(LATER)
    assert any_shop.history("L-00001")[-1]["to"] == any_shop.status("confirmed")


# -- whatever people type --------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    ["=1/0", "#REF!", "<script>alert(1)</script>", "\u202egnp.exe", "x" * 5000, "🙂" * 500, True,
     12.5, "'", "{n}", "${1}", "__proto__", "constructor"],
)  # fmt: skip
def test_nothing_that_people_type_breaks_an_event(
    shop: Shop, anna: Workplace, typed: object
) -> None:
    for header in ("Status", "Phone", "Email", "Next action", "Comment", "Manager", "Name"):
        run = anna.type("Leads", 2, header, typed)
        assert run.error is None
        assert shop.say("trouble.unexpected") not in run.toasts, run.log
    anna.select("Leads", 2)
    assert anna.run("cardOpen")["ok"], anna._last.log
    assert shop.breaks() == []


def test_an_id_that_is_none_of_ours_is_left_to_the_refresh(shop: Shop, anna: Workplace) -> None:
    run = anna.type("Leads", 2, "ID", "my favourite")
    assert run.changes == []
    shop.refresh()
    assert shop.server.operator(shop.id).cell("Leads", 2, "ID") == "L-00001"


def test_an_error_that_nobody_thought_of_is_one_sentence(any_shop: Shop) -> None:
    """The published lists are damaged."""
    owner, addon = any_shop.server.operator(any_shop.id), any_shop.words("tabs.addon")
    header = owner.headers(addon)[1]
    owner.type(addon, 2, header, '{"layout": ')
    run = moved(any_shop, any_shop.person())
    assert (run.toasts, run.changes) == ([any_shop.say("trouble.unexpected")], [])
    assert [level for level, _ in run.log] == ["error"]


# -- texts -----------------------------------------------------------------------------------


def test_every_text_that_the_server_says_is_there() -> None:
    known = {key[6:] for key in locales.load("en").messages if key.startswith("addon.")}
    said = set()
    for file in [*APPSCRIPT.glob("server/*.js"), *APPSCRIPT.glob("shared/*.js")]:
        text = file.read_text(encoding="utf-8")
        said |= set(re.findall(r"Words\.say\(\s*'([^']+)'", text))
        said |= {f"trouble.{key}" for key in re.findall(r"Trouble\.of\(\s*'([^']+)'", text)}
    assert len(said) > 40
    assert said - known == set()


def test_a_trigger_that_is_run_from_the_script_editor_does_nothing(anna: Workplace) -> None:
    assert anna.run("onEdit") is None
    assert anna.last is not None
    assert anna.last.changes == []
    assert anna.toasts == []
