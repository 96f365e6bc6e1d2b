"""What an operator's edit of Leads sets off: ids, days, comments asked for, known contacts."""

from __future__ import annotations

from datetime import date

import pytest

from sheetsync import crm
from tests.addon.google import Workplace
from tests.addon.shop import BORIS, MORNING, NAMES, Shop
from tests.addon.v8 import V8

TODAY = (date(2026, 11, 21) - date(1899, 12, 30)).days

MARKUP = '<b>"O\'Neil" & שלום 🙂</b>\n=HYPERLINK("https://evil.example")'


def noted(text: str) -> str:
    """A note of the add-on; behind its end a person may write."""
    return f"sheetsync: {text} \u2063"


def row(shop: Shop, name: str) -> dict[str, object]:
    """What Leads shows of a lead, by its name."""
    tab, header = shop.tab("leads"), shop.header("name")
    [found] = [r for r in shop.server.operator(shop.id).rows(tab) if r[header] == name]
    return found


# -- ids and days ----------------------------------------------------------------------------


def test_a_new_row_gets_an_id_and_the_day(any_shop: Shop) -> None:
    anna = any_shop.person()
    anna.type(any_shop.tab("leads"), 5, any_shop.header("name"), "Zoya")
    lead = row(any_shop, "Zoya")
    assert lead[any_shop.header("id")] == "L-00004"
    assert lead[any_shop.header("created")] == TODAY


def test_every_row_of_a_paste_gets_an_id_of_its_own(shop: Shop, anna: Workplace) -> None:
    anna.paste("Leads", 5, "Name", [["Zoya"], [""], ["Yan"]])
    leads = shop.server.operator(shop.id).rows("Leads")
    assert [lead["ID"] for lead in leads] == [
        "L-00001", "L-00002", "L-00003", "L-00004", "L-00005"
    ]  # fmt: skip


def test_an_id_is_never_given_twice(shop: Shop, anna: Workplace) -> None:
    anna.type("Leads", 5, "Name", "Zoya")
    anna.type("Leads", 5, "Status", shop.status("confirmed"))
    shop.server.operator(shop.id).delete_row("Leads", 5)
    anna.type("Leads", 5, "Name", "Yan")
    assert row(shop, "Yan")["ID"] == "L-00005"


def test_ids_with_more_digits_than_a_number_keeps_apart_are_still_different(
    shop: Shop, anna: Workplace
) -> None:
    shop.server.operator(shop.id).type("Leads", 2, "ID", "L-99999999999999999999")
    anna.paste("Leads", 5, "Name", [["Zoya"], ["Yan"]])
    given = [row(shop, name)["ID"] for name in ("Zoya", "Yan")]
    assert given == ["L-100000000000000000000", "L-100000000000000000001"]


def test_a_day_that_stands_there_is_left_alone(shop: Shop, anna: Workplace) -> None:
    anna.paste("Leads", 5, "Created", [["yesterday", "Zoya"], ["", "Yan"]])
    cells = [shop.server.operator(shop.id).cell("Leads", r, "Created") for r in (5, 6)]
    assert cells == ["yesterday", TODAY]


@pytest.mark.parametrize("value", [MARKUP, "+1+1", "-1", "@x", " ", "\u202eabc"])
def test_what_is_typed_stays_as_it_was_typed(shop: Shop, anna: Workplace, value: str) -> None:
    anna.type("Leads", 5, "Comment", value)
    anna.type("Leads", 2, "Comment", value)
    cells = [shop.server.operator(shop.id).cell("Leads", r, "Comment") for r in (2, 5)]
    assert cells == [value, value]


def test_a_copied_row_becomes_a_lead_of_its_own(shop: Shop, anna: Workplace) -> None:
    whole = [shop.server.operator(shop.id).cell("Leads", 2, h) for h in ("ID", "Created", "Name")]
    anna.paste("Leads", 5, "ID", [whole])
    assert shop.server.operator(shop.id).cell("Leads", 2, "ID") == "L-00001"
    assert shop.server.operator(shop.id).cell("Leads", 5, "ID") == "L-00004"
    assert anna.toasts == [shop.say("edit.copied", n=1)]


def test_an_id_that_was_cleared_is_not_another_lead(shop: Shop, anna: Workplace) -> None:
    anna.type("Leads", 2, "ID", None)
    assert shop.server.operator(shop.id).cell("Leads", 2, "ID") is None
    assert anna.toasts == [shop.say("edit.id_gone")]
    shop.refresh()
    assert shop.server.operator(shop.id).cell("Leads", 2, "ID") == "L-00001"


def test_what_is_left_of_a_lead_whose_id_was_cleared_is_no_other_lead(
    shop: Shop, anna: Workplace
) -> None:
    """Somebody cleared the first cells of a row, its id among them."""
    before = shop.history()
    anna.paste("Leads", 2, "ID", [[None, None, None]])
    assert shop.server.operator(shop.id).cell("Leads", 2, "ID") is None
    assert (anna.toasts, shop.history()) == ([shop.say("edit.id_gone")], before)
    shop.refresh()
    assert shop.server.operator(shop.id).cell("Leads", 2, "ID") == "L-00001"


def test_rows_pasted_with_an_empty_id_are_leads(shop: Shop, anna: Workplace) -> None:
    anna.paste("Leads", 5, "ID", [[None, None, "Zoya"]])
    assert row(shop, "Zoya")["ID"] == "L-00004"


def test_an_own_column_makes_no_lead(shop: Shop, anna: Workplace) -> None:
    shop.server.operator(shop.id).append_column("Leads", "Mine")
    anna.type("Leads", 5, "Mine", "x")
    assert shop.server.operator(shop.id).cell("Leads", 5, "ID") is None


def test_other_tabs_set_nothing_off(shop: Shop, anna: Workplace) -> None:
    before = shop.history()
    run = anna.type("Statuses", 2, "Status", "Brand new")
    assert (run.changes, run.toasts, shop.history()) == ([], [], before)


def test_a_row_is_a_lead_by_the_columns_in_which_people_type() -> None:
    typed = {
        column.key for kind in crm.KINDS for column in crm.layout(kind)["leads"].owned("person")
    }
    every = {column.key for kind in crm.KINDS for column in crm.layout(kind)["leads"].columns}
    rows = [{"row": 2, "cells": {"id": None, key: "x"}} for key in sorted(every - {"id"})]
    with V8("shared/Texts.js", "server/Tabs.js", "server/NewLeads.js") as v8:
        leads = v8.call("NewLeads.among", rows)
    assert {key for row in leads for key in row["cells"]} - {"id"} == typed


# -- comments --------------------------------------------------------------------------------


def test_a_status_that_asks_for_a_comment_gets_a_note(any_shop: Shop) -> None:
    tab, comment = any_shop.tab("leads"), any_shop.header("comment")
    lost = any_shop.status("lost")
    asked = any_shop.say("edit.why_status", status=lost)
    anna = any_shop.person()
    anna.type(tab, 2, any_shop.header("status"), lost)
    assert anna.notes(tab) == {(2, comment): noted(asked)}
    assert asked in anna.toasts[0]
    anna.type(tab, 2, comment, "Too expensive")
    assert anna.notes(tab) == {}
    assert anna.toasts == []


def test_a_comment_written_before_the_change_explains_it(shop: Shop, anna: Workplace) -> None:
    anna.type("Leads", 2, "Comment", "She bought elsewhere")
    anna.type("Leads", 2, "Status", shop.status("lost"))
    assert anna.notes("Leads") == {}


def test_an_old_comment_explains_nothing(shop: Shop, anna: Workplace) -> None:
    anna.type("Leads", 2, "Comment", "Call in the evening")
    shop.refresh(MORNING)
    anna.type("Leads", 2, "Status", shop.status("lost"))
    assert list(anna.notes("Leads")) == [(2, "Comment")]


def test_a_change_taken_back_is_asked_for_no_more(shop: Shop, anna: Workplace) -> None:
    anna.type("Leads", 2, "Status", shop.status("lost"))
    anna.undo()
    assert anna.notes("Leads") == {}


def test_a_date_put_off_is_asked_for(shop: Shop, anna: Workplace) -> None:
    anna.type("Leads", 2, "Next action", date(2026, 11, 30))
    asked = shop.say("edit.why_date")
    assert (anna.toasts, anna.notes("Leads")) == ([asked], {(2, "Comment"): noted(asked)})
    anna.type("Leads", 2, "Next action", date(2026, 11, 22))
    assert (anna.toasts, anna.notes("Leads")) == ([], {})


def test_a_date_that_moves_with_the_stage_is_a_new_promise(shop: Shop, anna: Workplace) -> None:
    anna.type("Leads", 2, "Status", shop.status("confirmed"))
    anna.type("Leads", 2, "Next action", date(2026, 11, 30))
    assert anna.notes("Leads") == {}


def write_note(shop: Shop, anna: Workplace, text: str) -> None:
    """A person writes a note on the first lead's comment."""
    with shop.server.lock:
        fork = shop.server.file(shop.id).fork()
        sheet = fork.titled("Leads")
        assert sheet is not None
        at = anna._column("Leads", "Comment") - 1
        sheet.put(1, at, sheet.cell(1, at).replace(note=text))
        shop.server.store.commit(fork)


def test_what_a_person_wrote_behind_our_note_stays(shop: Shop, anna: Workplace) -> None:
    """The note asks why: some answer in the note."""
    lost, place = shop.status("lost"), (2, "Comment")
    anna.type("Leads", 2, "Status", lost)
    asked = anna.notes("Leads")[place]
    write_note(shop, anna, f"{asked} he moved away")
    anna.select("Leads", 2)
    card = anna.run("cardOpen")["lead"]
    assert card["asks"] == shop.say("edit.why_status", status=lost)
    anna.type("Leads", 2, "Comment", "Moved away")
    assert anna.notes("Leads") == {place: "he moved away"}


def test_a_note_of_a_person_is_left_alone(shop: Shop, anna: Workplace) -> None:
    write_note(shop, anna, "Ring twice")
    anna.type("Leads", 2, "Status", shop.status("lost"))
    assert anna.notes("Leads") == {(2, "Comment"): "Ring twice"}
    assert shop.say("edit.why_status", status=shop.status("lost")) in anna.toasts[0]


def test_what_is_asked_is_what_the_refresh_will_find_owed(shop: Shop, anna: Workplace) -> None:
    """The same changes once more, judged by the flags of a refresh."""
    anna.type("Leads", 2, "Status", shop.status("lost"))
    anna.type("Leads", 3, "Next action", date(2026, 12, 5))
    anna.type("Leads", 4, "Next action", date(2026, 12, 5))
    anna.type("Leads", 4, "Comment", "He is away")
    asked = {place[0] for place in anna.notes("Leads")}
    known = shop.refresh().understood
    owed = known.results.figures["promises"][["status_owed", "date_owed_since"]].notna().any(axis=1)
    rows = known.book.leads.loc[owed[owed].index, "row"]
    assert asked == set(rows) == {2, 3}


# -- stages ----------------------------------------------------------------------------------


def test_a_stage_passed_over_is_said(shop: Shop, anna: Workplace) -> None:
    anna.type("Leads", 2, "Status", shop.status("shipped"))
    stages = shop.say("edit.stage", stage=shop.status("confirmed"))
    assert anna.toasts == [shop.say("edit.skipped", n=1, stages=stages)]
    anna.type("Leads", 2, "Status", shop.status("won"))
    assert anna.toasts == [], "it was said already"


def test_a_loss_without_approval_is_proposed(any_shop: Shop) -> None:
    tab, say = any_shop.tab("leads"), any_shop.say
    anna = any_shop.person()
    anna.type(tab, 2, any_shop.header("status"), any_shop.status("lost"))
    refreshed = any_shop.refresh()
    # What the toast said is what the refresh says of the same lead, word for word.
    needed = refreshed.understood.results.figures["proposed"].loc["L-00001", "needed"]
    assert say("edit.proposed", needed=needed) in anna.toasts[0]
    assert refreshed.understood.book.leads.loc["L-00001", "proposed"]


def test_a_loss_with_all_it_needs_is_one(shop: Shop, anna: Workplace) -> None:
    owner = shop.server.operator(shop.id)
    for header in owner.headers("Checklist")[3:]:
        owner.type("Checklist", 2, header, True)
    reason = owner.rows("Loss reasons")[0]["Reason"]
    anna.type("Leads", 2, "Loss reason", reason)
    anna.type("Leads", 2, "Loss approved by", NAMES["en"][2])
    anna.type("Leads", 2, "Comment", "Bought elsewhere")
    anna.type("Leads", 2, "Status", shop.status("lost"))
    assert anna.toasts == []
    assert not shop.refresh().understood.book.leads["proposed"].any()


# -- contacts --------------------------------------------------------------------------------


def test_a_phone_that_another_lead_has_is_said(any_shop: Shop) -> None:
    tab, phone = any_shop.tab("leads"), any_shop.header("phone")
    typed = {"en": "+7 (916) 123-45-67", "ru": "89161234567"}[any_shop.lang]
    anna = any_shop.person()
    anna.type(tab, 4, phone, typed)
    known = any_shop.say(
        "edit.known.phone", who="Ivan", id="L-00001", row=2, status=any_shop.status("new")
    )
    assert anna.toasts == [known]
    [note] = anna.notes(tab).values()
    assert note.startswith(f"sheetsync: {known}\nhttps://")
    assert note.endswith("&range=A2 \u2063")
    anna.type(tab, 4, phone, "+7 916 000-00-00")
    assert (anna.toasts, anna.notes(tab)) == ([], {})


def test_a_mailbox_that_another_lead_has_is_said(shop: Shop, anna: Workplace) -> None:
    anna.type("Leads", 2, "Email", " Petr@Shop.Example ")
    known = shop.say(
        "edit.known.email", who="Petr", id="L-00003", row=4, status=shop.status("shipped")
    )
    assert anna.toasts == [known]


def test_each_phone_of_a_cell_is_known(shop: Shop, anna: Workplace) -> None:
    anna.type("Leads", 4, "Phone", "+7 900 111-22-33, +7 916 123-45-67")
    known = {"who": "Ivan", "id": "L-00001", "row": 2, "status": shop.status("new")}
    assert anna.toasts == [shop.say("edit.known.phone", **known)]
    anna.type("Leads", 3, "Phone", "+7 (900) 1112233")
    known = {"who": "Petr", "id": "L-00003", "row": 4, "status": shop.status("shipped")}
    assert anna.toasts == [shop.say("edit.known.phone", **known)]


def test_a_sort_is_no_news(shop: Shop, anna: Workplace) -> None:
    """Who has the same phone, and which comment is owed, was said when it was typed."""
    anna.type("Leads", 4, "Phone", "+7 916 123-45-67")
    anna.type("Leads", 2, "Next action", date(2026, 11, 30))
    before = shop.history()
    run = anna.sort("Leads", "Name", descending=True)
    assert (run.toasts, shop.history()) == ([], before)


def test_who_is_said_to_be_no_duplicate_is_believed(anna: Workplace) -> None:
    anna.type("Leads", 4, "Not a duplicate", "yes")
    anna.type("Leads", 4, "Phone", "+79161234567")
    assert (anna.toasts, anna.notes("Leads")) == ([], {})


def test_many_known_phones_are_counted(shop: Shop, anna: Workplace) -> None:
    block = [[f"Copy {i}", "+7 916 123-45-67"] for i in range(30)]
    anna.paste("Leads", 5, "Name", block)
    assert anna.toasts == [shop.say("edit.known_many.phone", n=30)]
    assert len(anna.notes("Leads")) == 20


def test_a_name_full_of_markup_is_said_as_it_is(anna: Workplace) -> None:
    anna.type("Leads", 2, "Name", MARKUP)
    anna.type("Leads", 4, "Phone", "+79161234567")
    assert '<b>"O\'Neil" & שלום 🙂</b>' in anna.toasts[0]
    assert "\n" not in anna.toasts[0]


def test_two_who_type_into_one_row_make_one_lead(shop: Shop, anna: Workplace) -> None:
    anna.type("Leads", 5, "Name", "Zoya")
    shop.person(BORIS).type("Leads", 5, "Phone", "+7 999 000-11-22")
    assert row(shop, "Zoya")["ID"] == "L-00004"
