"""The sidebar's side of the server: opening, following, saving, going, checking; as an operator."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.addon.google import Workplace
from tests.addon.shop import BORIS, NAMES, NOON, Shop, serial

Json = dict[str, Any]


def opened(person: Workplace, row: int = 2, tab: str = "Leads") -> Json:
    person.select(tab, row)
    answer: Json = person.run("cardOpen")
    return answer


def changed(lead: Json, comment: str | None = None, /, **changes: Any) -> Json:
    """What the card sends for a lead that it shows."""
    base = {key: lead["cells"][key] for key in changes}
    return {
        "id": lead["id"],
        "base": base,
        "changes": changes,
        "checks": {},
        "comment": comment,
    }


# -- opening ---------------------------------------------------------------------------------


def test_the_card_opens_with_the_selected_lead(any_shop: Shop) -> None:
    answer = opened(any_shop.person(), 3, any_shop.tab("leads"))
    lead = answer["lead"]
    assert (answer["ok"], answer["today"], answer["page"]) == (True, "2026-11-21", "card")
    assert (lead["id"], lead["row"], lead["kind"]) == ("L-00002", 3, "open")
    assert lead["status"] == any_shop.status("confirmed")
    assert lead["cells"]["next_action"] == {"iso": "2026-11-23"}
    assert lead["mayEdit"] is True
    assert answer["model"]["about"]["lang"] == any_shop.lang
    [line] = lead["history"]
    assert (line["to"], line["at"]) == (any_shop.status("confirmed"), "2026-11-21T08:00:00")
    assert json.dumps(answer, ensure_ascii=False)


def test_what_the_refresh_wrote_is_known(shop: Shop, anna: Workplace) -> None:
    lead = opened(anna)["lead"]
    shown = shop.server.operator(shop.id).rows("Leads")[0]
    assert lead["cells"]["attention"] == shown["Attention"]
    assert lead["cells"]["score"] == shown["Score"]


def test_no_lead_is_selected_in_a_header_or_another_tab(anna: Workplace) -> None:
    assert opened(anna, 1)["lead"] is None
    assert opened(anna, 2, "Team")["lead"] is None
    assert opened(anna, 900)["lead"] is None


def test_the_menu_opens_the_card_at_a_page(anna: Workplace) -> None:
    anna.run("menuToday")
    assert [event["kind"] for event in anna._last.events] == ["sidebar"]
    assert (opened(anna)["page"], opened(anna)["page"]) == ("today", "card")


# -- following -------------------------------------------------------------------------------


def seen(lead: Json | None) -> Json:
    return {key: (lead or {}).get(key) for key in ("id", "row", "stamp")}


def test_the_card_follows_the_selection(anna: Workplace) -> None:
    lead = opened(anna)["lead"]
    assert anna.run("cardFollow", seen(lead)) == {"ok": True, "same": True}
    anna.select("Leads", 4)
    assert anna.run("cardFollow", seen(lead))["lead"]["id"] == "L-00003"
    anna.select("Team", 2)
    assert anna.run("cardFollow", seen(lead)) == {"ok": True, "same": True}
    anna.select("Leads", 900)
    assert anna.run("cardFollow", seen(lead)) == {"ok": True, "lead": None}


def test_a_change_by_somebody_else_reaches_the_card(shop: Shop, anna: Workplace) -> None:
    lead = opened(anna)["lead"]
    shop.person(BORIS).type("Leads", 2, "Next step", "Ring <b>twice</b>")
    answer = anna.run("cardFollow", seen(lead))
    assert answer["lead"]["cells"]["next_step"] == "Ring <b>twice</b>"
    assert answer["lead"]["stamp"] != lead["stamp"]


def test_a_comment_that_is_wanted_reaches_the_card(shop: Shop, anna: Workplace) -> None:
    lead = opened(anna)["lead"]
    assert lead["asks"] is None
    anna.type("Leads", 2, "Status", shop.status("lost"))
    asks = anna.run("cardFollow", seen(lead))["lead"]["asks"]
    assert asks == shop.say("edit.why_status", status=shop.status("lost"))


# -- saving ----------------------------------------------------------------------------------


def test_everything_that_was_changed_is_saved(any_shop: Shop) -> None:
    anna, tab = any_shop.person(), any_shop.tab("leads")
    lead = opened(anna, 2, tab)["lead"]
    change = changed(
        lead,
        "Ждёт звонка",
        status=any_shop.status("confirmed"),
        next_action={"iso": "2026-11-24"},
        next_step="=1+1",
        comment="Ждёт звонка\n@home",
    )
    step = "S-01"
    answer = anna.run("cardSave", change | {"checks": {step: True}})
    assert (answer["ok"], answer["told"]) == (True, [])
    owner = any_shop.server.operator(any_shop.id)
    keys = ("status", "next_action", "next_step", "comment")
    assert [owner.cell(tab, 2, any_shop.header(key)) for key in keys] == [
        any_shop.status("confirmed"),
        serial(NOON) // 1 + 3,
        " =1+1",
        "Ждёт звонка\n@home",
    ]
    line = any_shop.history("L-00001")[-1]
    assert (line["to"], line["comment"]) == (any_shop.status("confirmed"), "Ждёт звонка")
    assert answer["lead"]["checks"][step] is True
    assert answer["lead"]["history"][0]["comment"] == "Ждёт звонка"
    assert "history" not in any_shop.refresh().understood.results.appends
    assert any_shop.breaks() == []


def test_what_somebody_else_changed_is_a_conflict(shop: Shop, anna: Workplace) -> None:
    lead = opened(anna)["lead"]
    shop.person(BORIS).type("Leads", 2, "Next step", "Ring")
    before = shop.history()
    change = changed(lead, next_step="Write", status=shop.status("shipped"))
    answer = anna.run("cardSave", change)
    assert (answer["ok"], answer["conflict"]) == (False, True)
    assert answer["told"] == shop.say("trouble.conflict", columns="Next step")
    assert answer["lead"]["cells"]["next_step"] == "Ring"
    assert shop.server.operator(shop.id).cell("Leads", 2, "Status") == shop.status("new")
    assert shop.history() == before


def test_a_save_whose_answer_was_lost_may_be_repeated(shop: Shop, anna: Workplace) -> None:
    change = changed(opened(anna)["lead"], status=shop.status("confirmed"))
    assert anna.run("cardSave", change)["ok"]
    assert anna.run("cardSave", change)["ok"]
    assert len(shop.history("L-00001")) == 2


def test_a_lead_is_found_wherever_its_row_is_by_now(shop: Shop, anna: Workplace) -> None:
    lead = opened(anna)["lead"]
    anna.sort("Leads", "Name", descending=True)
    assert anna.run("cardSave", changed(lead, next_step="Ring"))["ok"]
    [row] = [r for r in shop.server.operator(shop.id).rows("Leads") if r["ID"] == "L-00001"]
    assert row["Next step"] == "Ring"


def test_a_cell_is_emptied(shop: Shop, anna: Workplace) -> None:
    lead = opened(anna)["lead"]
    assert anna.run("cardSave", changed(lead, next_action=None))["ok"]
    assert shop.server.operator(shop.id).cell("Leads", 2, "Next action") is None


def test_a_date_put_off_in_the_card_asks_why(shop: Shop, anna: Workplace) -> None:
    lead = opened(anna)["lead"]
    answer = anna.run("cardSave", changed(lead, next_action={"iso": "2026-12-05"}))
    assert answer["told"] == [answer["lead"]["asks"]] == [shop.say("edit.why_date")]
    change = changed(answer["lead"], comment="She is away until December")
    assert anna.run("cardSave", change)["lead"]["asks"] is None


def test_a_loss_in_the_card_is_proposed(shop: Shop, anna: Workplace) -> None:
    lead = opened(anna)["lead"]
    answer = anna.run("cardSave", changed(lead, "Too dear", status=shop.status("lost"),
                                          comment="Too dear"))  # fmt: skip
    needed = shop.refresh().understood.results.figures["proposed"].loc["L-00001", "needed"]
    assert answer["told"] == [shop.say("edit.proposed", needed=needed)]


def test_a_new_lead_gets_its_line_in_the_checklist_with_its_first_tick(
    shop: Shop, anna: Workplace
) -> None:
    anna.type("Leads", 5, "Name", "Zoya")
    lead = opened(anna, 5)["lead"]
    answer = anna.run("cardSave", changed(lead) | {"checks": {"S-02": True}})
    assert answer["lead"]["checks"] == {"S-02": True}
    refreshed = shop.refresh()
    assert refreshed.understood.book.checks.at["L-00004", "S-02"]
    lines = [row["Lead"] for row in shop.server.operator(shop.id).rows("Checklist")]
    assert sorted(lines) == ["L-00001", "L-00002", "L-00003", "L-00004"]


# -- today, going, who -----------------------------------------------------------------------


def test_today_is_the_list_of_the_refresh(shop: Shop, anna: Workplace) -> None:
    rows = anna.run("cardToday", {"mine": False})["rows"]
    shown = shop.server.operator(shop.id).rows("Today")
    assert [(row["lead"], row["reason"]) for row in rows] == [
        (row["Lead"], row["Why now"]) for row in shown
    ]
    assert rows


def test_my_list_has_my_leads(shop: Shop) -> None:
    with shop.workplace(BORIS) as boris:
        told = boris.run("cardToday", {"mine": True})
        assert told == {"ok": False, "told": shop.say("trouble.who_are_you")}
        assert boris.run("cardMe", NAMES["en"][1])["ok"]
        assert boris.run("cardToday", {"mine": True})["rows"] == []
        assert boris.run("cardMe", NAMES["en"][0])["ok"]
        assert boris.run("cardToday", {"mine": True})["rows"]
        unknown = boris.run("cardMe", "<b>Nobody</b>")
        assert unknown == {
            "ok": False,
            "told": shop.say("trouble.not_in_team", name="<b>Nobody</b>"),
        }


def test_going_selects_the_row_of_a_lead(shop: Shop, anna: Workplace) -> None:
    anna.sort("Leads", "Name")
    anna.select("Team", 2)
    assert anna.run("cardGo", "L-00003") == {"ok": True}
    tab, row = anna.selected or ("", 0)
    assert (tab, shop.server.operator(shop.id).cell(tab, row, "ID")) == ("Leads", "L-00003")


# -- checking --------------------------------------------------------------------------------


def test_a_sheet_without_faults_is_told_so(any_shop: Shop) -> None:
    anna = any_shop.workplace()
    with anna:
        anna.run("cardMe", NAMES[any_shop.lang][0])
        findings = anna.run("cardCheck")["findings"]
    assert findings == [{"level": "good", "text": any_shop.say("check.good"), "go": None}]


def test_what_a_check_finds_can_be_gone_to(shop: Shop, anna: Workplace) -> None:
    owner = shop.server.operator(shop.id)
    owner.rename_tab("Leads", "Anna's leads")
    owner.type("Anna's leads", 2, "Status", "In limbo")
    owner.type("Anna's leads", 3, "Status", shop.status("won"))
    owner.append("Anna's leads", {"Name": "By a form"})
    found = {each["text"]: each["go"] for each in anna.run("cardCheck")["findings"] if each["go"]}
    at = {
        header: chr(65 + owner.headers("Anna's leads").index(header)) for header in ("ID", "Status")
    }
    assert found == {
        shop.say("check.no_id", n=1): f"'Anna''s leads'!{at['ID']}5",
        shop.say("check.status_unknown", n=1): f"'Anna''s leads'!{at['Status']}2",
        shop.say("check.unlogged", n=1): f"'Anna''s leads'!{at['Status']}3",
    }
    assert anna.run("cardGo", f"'Anna''s leads'!{at['ID']}5") == {"ok": True}
    assert anna.selected == ("Anna's leads", 5)


# -- refusals --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "key", "values"),
    [
        ({"status": "In limbo"}, "status_unknown", {"status": "In limbo"}),
        ({"status": None}, "status_unknown", {"status": ""}),
        ({"next_action": "tomorrow"}, "unfit", {"header": "Next action"}),
        ({"next_action": {"iso": "=1+1"}}, "unfit", {"header": "Next action"}),
        ({"comment": "x" * 40_000}, "unfit", {"header": "Comment"}),
        ({"comment": {"iso": "2026-11-24"}}, "unfit", {"header": "Comment"}),
        ({"id": "L-00009"}, "unexpected", {}),
        ({"score": 100}, "unexpected", {}),
    ],
)
def test_what_does_not_fit_is_not_saved(
    shop: Shop, anna: Workplace, changes: Json, key: str, values: Json
) -> None:
    lead = opened(anna)["lead"]
    answer = anna.run("cardSave", changed(lead, **{"next_step": "Ring", **changes}))
    assert answer == {"ok": False, "told": shop.say(f"trouble.{key}", **values)}
    assert anna._last.changes == []


def test_a_step_that_is_not_there_is_not_ticked(shop: Shop, anna: Workplace) -> None:
    lead = opened(anna)["lead"]
    answer = anna.run("cardSave", changed(lead, next_step="x") | {"checks": {"S-99": True}})
    assert answer == {"ok": False, "told": shop.say("trouble.step_unknown")}
    assert anna._last.changes == []


def test_a_lead_that_was_deleted_is_told_so(any_shop: Shop) -> None:
    anna, tab = any_shop.person(), any_shop.tab("leads")
    lead = opened(anna, 2, tab)["lead"]
    any_shop.server.operator(any_shop.id).delete_row(tab, 2)
    answer = anna.run("cardSave", changed(lead, next_step="Ring"))
    gone = any_shop.say("trouble.gone", id="L-00001")
    assert answer == {"ok": False, "gone": True, "told": gone}
    assert anna.run("cardGo", "L-00001") == {"ok": False, "gone": True, "told": gone}
    assert anna._last.changes == []


def test_the_day_is_that_of_the_sheet(shop: Shop) -> None:
    """Half past eleven at night in London is tomorrow in Moscow."""
    with shop.workplace() as anna:
        anna.now = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
        assert opened(anna)["today"] == "2026-11-22"
        anna.type("Leads", 5, "Name", "Zoya")
    created = shop.server.operator(shop.id).cell("Leads", 5, "Created")
    assert created == (date(2026, 11, 22) - date(1899, 12, 30)).days
