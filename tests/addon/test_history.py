"""The add-on logs moves as a refresh does: same lines, same checksums, never twice."""

from __future__ import annotations

import json
import random
import re
from datetime import datetime, timedelta
from hashlib import blake2s, sha256
from typing import Any

import pandas as pd
import pytest

from sheetsync.crm.stages import chain
from sheetsync.crm.stages.log import in_order, last_logged
from tests.addon.google import NOW, Workplace
from tests.addon.shop import ANNA, BORIS, NOON, Shop, serial
from tests.addon.v8 import SHARED, V8
from tests.google import Server

COVERED = ("lead", "at", "from", "to", "by", "comment", "via", "id")

# Each half of a pair has a letter beside it: JavaScript would see a pair in two halves.
ODD = (
    "\t", "\n", "\r", "\r\n", "\v", "\f", "\x00", "\x1f", " ", "  ", "\x7f", "\x85", "\x9f", "\xa0",
    "\u1680", "\u180e", "\u2003", "\u200b", "\u2028", "\u2029", "\u202e", "\u202f", "\u205f",
    "\u3000", "\ufeff", "\ufffe", "\uffff", "\ud800a", "a\udfff", "\U0001f642", "\U0010ffff",
    "\"", "\\", "/", "</script>", "ё", "é", "e\u0301", "שלום", "=1+1", "'", "&amp;", "{}", "a", "7",
)  # fmt: skip


def odd_text(draw: random.Random) -> str:
    return "".join(draw.choices(ODD, k=draw.randrange(7)))


@pytest.fixture(scope="module")
def js() -> Any:
    with V8(*SHARED) as v8:
        yield v8


# -- checksums -------------------------------------------------------------------------------


def test_checksums_are_those_of_python(js: V8) -> None:
    draw = random.Random(20261121)
    start = datetime(2026, 1, 1)
    pairs = []
    for _ in range(4000):
        line = {key: odd_text(draw) for key in COVERED}
        at = start + timedelta(seconds=draw.randrange(30_000_000))
        line["at"] = draw.choice(["", at.isoformat(), at.date().isoformat()])
        pairs.append((draw.choice(["", "e6943f62dc15ba87"]), line))
    frame = pd.DataFrame([line for _, line in pairs])
    frame["at"] = pd.to_datetime(frame["at"].where(frame["at"] != ""), format="ISO8601")
    signed = chain.sign(frame, [before for before, _ in pairs])
    assert js.each("((pair) => Chain.checksum(pair[0], pair[1]))", pairs) == signed


def test_a_long_text_is_cut_where_a_cell_ends(js: V8) -> None:
    line = dict.fromkeys(COVERED, "") | {"comment": "🙂" * 32_768}
    cut = line | {"comment": "🙂" * 32_767}
    assert js.call("Chain.checksum", "", line) == js.call("Chain.checksum", "", cut)
    frame = pd.DataFrame([line]).assign(at=pd.Series([None], dtype="datetime64[ns]"))
    assert js.call("Chain.checksum", "", line) == chain.sign(frame, [""])[0]


def test_hashes_of_comments_are_those_of_python(js: V8) -> None:
    draw = random.Random(7)
    texts = [odd_text(draw) * draw.randrange(1, 12) for _ in range(2000)]
    expected = [blake2s(text.encode(errors="replace"), digest_size=4).hexdigest() for text in texts]
    assert js.each("Blake2s.hex", texts, 4) == expected


# -- order -----------------------------------------------------------------------------------


def some_log(draw: random.Random, n: int) -> list[dict[str, Any]]:
    """Lines of one lead as people and machines leave them: sorted, mistyped, without numbers."""
    lead = f"L-{n:05d}"
    lines = []
    for place in range(draw.randrange(1, 7)):
        at = datetime(2026, 11, 10) + timedelta(hours=draw.randrange(400))
        ids = [f"{lead}/{draw.randrange(1, 8)}", f"{lead}/x", "", "L-99999/3", f"{lead}/1234567890"]
        line = dict.fromkeys(COVERED, "") | {
            "at": draw.choice([None, at.isoformat(), at.isoformat()]),
            "lead": lead,
            "to": draw.choice(["New", "Won", "Lost", ""]),
            "by": str(place),
            "id": draw.choice(ids),
            "checksum": draw.choice(["", f"{n:08x}{place:08x}"]),
        }
        lines.append(line)
    return lines


@pytest.fixture(scope="module")
def logs() -> list[list[dict[str, Any]]]:
    draw = random.Random(5)
    return [some_log(draw, n) for n in range(600)]


def as_frame(logs: list[list[dict[str, Any]]]) -> pd.DataFrame:
    frame = pd.DataFrame([line for lines in logs for line in lines])
    at = pd.to_datetime(frame["at"], format="ISO8601")
    return frame.assign(at=at, to_status=frame["to"].where(frame["to"] != ""))


def test_lines_follow_each_other_as_python_orders_them(js: V8, logs: Any) -> None:
    orders = in_order(as_frame(logs), NOON).groupby("lead")["by"].agg(list).tolist()
    order = "((lines, now) => Log.inOrder(lines, now).map((line) => line.by))"
    assert js.each(order, logs, NOON.isoformat()) == orders


def test_the_end_of_a_log_is_where_python_goes_on(js: V8, logs: Any) -> None:
    draw = random.Random(6)
    leads = [lines[0]["lead"] for lines in logs]
    records = [
        draw.choice(["", "9:00000000000000ff", f"2:{n:08x}{0:08x}", "x"]) for n in range(len(logs))
    ]
    ordered = in_order(as_frame(logs), NOON)
    known = chain.ends(ordered, pd.Series(records, index=leads))
    last = last_logged(ordered)
    highest = [
        max((int(line["id"][8:]) for line in lines if re.fullmatch(lines[0]["lead"] + r"/\d{1,9}",
             line["id"])), default=0)
        for lines in logs
    ]  # fmt: skip
    end = """((each, now) => {
        const [lines, highest, record] = each;
        const sums = lines.map((line) => line.checksum);
        const ordered = Log.inOrder(lines, now);
        return Log.end(ordered, highest, Chain.record(record), (sum) => sums.includes(sum));
    })"""
    found = js.each(end, list(zip(logs, highest, records, strict=True)), NOON.isoformat())
    assert found == [
        {
            "to": None if pd.isna(last[lead]) else last[lead],
            "number": max(len(lines), top, chain.number_in(known.get(lead, ""))),
            "checksum": chain.checksum_in(known.get(lead, "")),
        }
        for lead, lines, top in zip(leads, logs, highest, strict=True)
    ]


# -- in the sheet ----------------------------------------------------------------------------


def test_a_move_is_logged_and_a_refresh_finds_nothing_to_add(any_shop: Shop) -> None:
    anna, status = any_shop.person(), any_shop.header("status")
    anna.type(any_shop.tab("leads"), 2, status, any_shop.status("confirmed"))
    line = any_shop.history("L-00001")[-1]
    assert line == {
        "at": serial(NOON),
        "lead": "L-00001",
        "from": any_shop.status("new"),
        "to": any_shop.status("confirmed"),
        "by": any_shop.server.operator(any_shop.id).cell(
            any_shop.tab("leads"), 2, any_shop.header("manager")
        ),
        "comment": None,
        "via": any_shop.say("history.via"),
        "id": "L-00001/2",
        "checksum": line["checksum"],
    }
    before = any_shop.history()
    refreshed = any_shop.refresh()
    assert "history" not in refreshed.understood.results.appends
    assert (any_shop.history(), any_shop.breaks()) == (before, [])


def test_a_line_is_signed_as_the_module_says(shop: Shop, anna: Workplace) -> None:
    """By hand, from what is written of the form."""
    anna.type("Leads", 2, "Status", shop.status("confirmed"))
    before, line = shop.history("L-00001")[-2:]
    texts = [before["checksum"], "L-00001", "2026-11-21T12:30:00", "New order", "Confirmed", "Anna",
             "", "add-on", "L-00001/2"]  # fmt: skip
    text = json.dumps(texts, ensure_ascii=False, separators=(",", ":"))
    assert line["checksum"] == sha256(text.encode()).hexdigest()[:16]


def test_a_day_of_work_leaves_no_break(shop: Shop, anna: Workplace) -> None:
    boris = shop.person(BORIS)
    for row, key in ((2, "unreached"), (2, "confirmed"), (3, "shipped"), (2, "new"), (4, "pickup")):
        anna.type("Leads", row, "Status", shop.status(key))
    anna.paste("Leads", 5, "Name", [["Zoya"], ["Yan"]])
    boris.paste("Leads", 5, "Status", [[shop.status("new")], [shop.status("stock")]])
    boris.sort("Leads", "Name")
    shop.refresh()
    boris.fill_down("Leads", 2, "Status", 4)
    boris.undo()
    assert shop.breaks() == []
    assert "history" not in shop.refresh().understood.results.appends


def test_sorting_moves_nobody(shop: Shop, anna: Workplace) -> None:
    before = shop.history()
    anna.sort("Leads", "Name", descending=True)
    assert (shop.history(), anna.toasts) == (before, [])


def test_an_undo_is_a_move_back(shop: Shop, anna: Workplace) -> None:
    anna.type("Leads", 2, "Status", shop.status("shipped"))
    anna.undo()
    ways = [(line["from"], line["to"]) for line in shop.history("L-00001")]
    assert ways == [(None, "New order"), ("New order", "Shipped"), ("Shipped", "New order")]


def test_a_fill_down_moves_every_lead_it_covers(shop: Shop, anna: Workplace) -> None:
    anna.fill_down("Leads", 2, "Status", 4)
    moved = [(line["lead"], line["from"], line["to"]) for line in shop.history()[3:]]
    assert moved == [
        ("L-00002", "Confirmed", "New order"),
        ("L-00003", "Shipped", "New order"),
    ]


def test_a_cleared_row_is_no_move(shop: Shop, anna: Workplace) -> None:
    before = shop.history()
    anna.clear_row("Leads", 2)
    anna.type("Leads", 3, "Status", None)
    assert (shop.history(), shop.breaks()) == (before, [])


@pytest.mark.parametrize("typed", ["In limbo", "=1/0", "<b>Shipped</b>"])
def test_a_status_that_nobody_knows_is_no_move(shop: Shop, anna: Workplace, typed: str) -> None:
    before = shop.history()
    anna.type("Leads", 2, "Status", typed)
    assert shop.history() == before


@pytest.mark.parametrize("typed", [" SHIPPED ", "shipped.", "In transit"])
def test_a_status_is_understood_as_a_refresh_understands_it(
    shop: Shop, anna: Workplace, typed: str
) -> None:
    anna.type("Leads", 2, "Status", typed)
    anna.type("Leads", 2, "Status", "Shipped")
    assert [line["to"] for line in shop.history("L-00001")] == ["New order", "Shipped"]
    assert "history" not in shop.refresh().understood.results.appends


def test_a_new_lead_begins_its_history_on_its_day(shop: Shop, anna: Workplace) -> None:
    anna.paste("Leads", 5, "Name", [["Zoya"]])
    anna.type("Leads", 5, "Status", shop.status("new"))
    anna.paste("Leads", 6, "Created", [[(NOW.date() - timedelta(days=9)), "Yan"]])
    anna.type("Leads", 6, "Status", shop.status("new"))
    first = {line["lead"]: line["at"] for line in shop.history()[3:]}
    assert first == {"L-00004": serial(NOON), "L-00005": serial(datetime(2026, 11, 12))}
    assert "history" not in shop.refresh().understood.results.appends


def test_a_line_without_number_or_checksum_is_followed_as_by_a_refresh(
    shop: Shop, anna: Workplace
) -> None:
    """Someone typed a line into History, and cut its end off."""
    owner = shop.server.operator(shop.id)
    owner.append(
        "History", {"When": NOON, "Lead": "L-00001", "To": "Not reached", "From": "New order"}
    )
    anna.type("Leads", 2, "Status", shop.status("shipped"))
    line = shop.history("L-00001")[-1]
    assert (line["from"], line["id"]) == ("Not reached", "L-00001/3")


def test_what_was_cut_off_stays_to_be_seen(shop: Shop, anna: Workplace) -> None:
    shop.server.operator(shop.id).delete_row("History", 2)
    anna.type("Leads", 2, "Status", shop.status("confirmed"))
    line = shop.history("L-00001")[-1]
    assert line["id"] == "L-00001/2", "the number that was cut off is not given again"
    assert [what for _, what in shop.breaks()] == ["missing"]


def test_two_rows_with_one_id_make_one_move(shop: Shop, anna: Workplace) -> None:
    """Somebody's program copied a row; no refresh has told the two apart yet."""
    shop.server.operator(shop.id).type("Leads", 3, "ID", "L-00001")
    anna.paste("Leads", 2, "Status", [[shop.status("won")], [shop.status("lost")]])
    lines = shop.history("L-00001")
    assert [line["to"] for line in lines] == [shop.status("new"), shop.status("won")]
    assert shop.breaks() == []


# -- by whom ---------------------------------------------------------------------------------


def test_where_google_tells_no_address_the_manager_is_logged(shop: Shop) -> None:
    shop.person(BORIS).type("Leads", 2, "Status", shop.status("confirmed"))
    assert shop.history("L-00001")[-1]["by"] == "Anna"


def test_who_said_who_they_are_is_logged(shop: Shop) -> None:
    with shop.workplace(BORIS) as boris:
        assert boris.run("cardMe", "Boris")["me"]["name"] == "Boris"
        boris.type("Leads", 2, "Status", shop.status("confirmed"))
        assert shop.history("L-00001")[-1]["by"] == "Boris"
        boris.colleague(ANNA).type("Leads", 3, "Status", shop.status("shipped"))
        assert shop.history("L-00002")[-1]["by"] == "Anna"


def test_in_a_domain_of_its_own_everybody_is_known(shop: Shop) -> None:
    with shop.workplace(BORIS) as boris:
        boris.domain = True
        boris.type("Leads", 2, "Status", shop.status("confirmed"))
    assert shop.history("L-00001")[-1]["by"] == "Boris"


def test_the_owner_is_known(shop: Shop) -> None:
    with shop.workplace(Server.OWNER) as owner:
        owner.type("Leads", 2, "Status", shop.status("confirmed"))
    assert shop.history("L-00001")[-1]["by"] == "Pavel"
