"""The add-on and a refresh at the same time: neither undoes or repeats what the other did.

The shop of these tests has something for both. Another tool has typed two leads and a status since
the last refresh; what the add-on does comes before one of the requests of a refresh, or is still
half done when they come.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pytest
import requests

from sheetsync import crm, locales
from sheetsync.errors import ConflictError
from sheetsync.sync.refresh import Refreshed, refresh
from sheetsync.sync.understand import breaks_of
from sheetsync.workbooks.google.http import ENDPOINT, SheetsClient
from sheetsync.workbooks.google.names import AT_WORK, FREE, TURN_ID
from sheetsync.workbooks.google.workbook import GoogleWorkbook
from tests.addon import spreadsheets
from tests.addon.conftest import Prepared
from tests.addon.google import Workplace, built
from tests.addon.shop import LATER, Shop
from tests.google import Server
from tests.google.dispatch import Request
from tests.google.grid import Spreadsheet
from tests.workbooks.test_google_safety import Shop as SmallShop
from tests.workbooks.test_google_safety import typed_by_people

STEP = "S-01"

READ, VALUES, WRITE = 1, 2, 3
"""The requests of a refresh that nobody disturbs."""


@pytest.fixture(scope="module")
def busy(prepared: Prepared) -> Iterator[tuple[Shop, Spreadsheet]]:
    """Leads without an id in rows 5 and 6, and a status of row 3 that nobody has logged."""
    shop = prepared["en"]
    shop.restore()
    owner = shop.server.operator(shop.id)
    owner.append("Leads", shop.typed({"name": "Nora", "status": "new"}))
    owner.append("Leads", shop.typed({"name": "Oleg", "status": "confirmed"}))
    owner.type("Leads", 3, "Status", shop.status("stock"))
    yield shop, owner.version()
    shop.restore()


@pytest.fixture
def at_work(
    busy: tuple[Shop, Spreadsheet], monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Shop, Workplace]]:
    shop, start = busy
    shop.server.restore(shop.id, start)
    monkeypatch.setenv(ENDPOINT, shop.server.url)
    yield shop, shop.person()
    shop.server.callbacks.clear()


def book(shop: Shop, sleep: Callable[[float], None] = lambda _: None) -> GoogleWorkbook:
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {shop.server.token(Server.SERVICE_ACCOUNT)}"
    client = SheetsClient(session=session, account=Server.SERVICE_ACCOUNT, sleep=sleep)
    return GoogleWorkbook(client, shop.id)


# -- what is to be seen afterwards -----------------------------------------------------------


def typed(shop: Shop) -> dict[str, list[dict[str, Any]]]:
    """What people typed into Leads, and into the lists of the shop."""
    found = {}
    for tab in crm.layout("shop").tabs:
        theirs = [shop.header(c.key, tab.key) for c in tab.owned("person") if c.shown]
        if theirs and tab.key != "checklist":
            rows = shop.server.operator(shop.id).rows(shop.tab(tab.key))
            found[tab.key] = [{header: row.get(header) for header in theirs} for row in rows]
    return found


def ways(shop: Shop) -> dict[str, list[str]]:
    """The statuses each lead went through: id -> the names of ours, a move logged twice once.

    Every line goes on from where the lead's line before it ended.
    """
    key_of = {shop.status(key): key for key in ("new", "confirmed", "stock", "shipped", "pickup")}
    found: dict[str, list[str]] = {}
    seen = set()
    for line in shop.history():
        move = line["lead"], line["id"], line["to"]
        if move in seen:
            continue
        seen.add(move)
        way = found.setdefault(line["lead"], [])
        assert key_of.get(line["from"]) == (way[-1] if way else None), line
        way.append(key_of[line["to"]])
    numbers = Counter((lead, number) for lead, number, _ in seen)
    assert set(numbers.values()) == {1}, "two moves with one id"
    return found


def check(shop: Shop, expected: Mapping[int, Sequence[str]], before: Mapping[str, Any]) -> None:
    """Everything is right after one more refresh, and another one finds nothing to do.

    Parameters
    ----------
    expected : row of Leads -> the statuses that its lead went through
    before : what people had typed
    """
    refresh(book(shop), now=LATER)
    last: Refreshed = refresh(book(shop), now=LATER, dry_run=True)
    assert last.nothing
    assert breaks_of(last.understood).empty
    assert typed(shop) == before
    owner = shop.server.operator(shop.id)
    ids = {row: owner.cell("Leads", row, "ID") for row in expected}
    assert len(owner.rows("Leads")) == len(ids)
    assert sorted(ids.values()) == [f"L-{number:05d}" for number in range(1, len(ids) + 1)]
    assert [ids[row] for row in (2, 3, 4)] == ["L-00001", "L-00002", "L-00003"]
    assert ways(shop) == {ids[row]: list(way) for row, way in expected.items()}
    assert sorted(line["Lead"] for line in owner.rows("Checklist")) == sorted(ids.values())


def ticked(shop: Shop) -> dict[str, int]:
    """How many steps are ticked of each lead that has any, by its id."""
    lines = shop.server.operator(shop.id).rows("Checklist")
    ticks = {line["Lead"]: sum(cell is True for cell in line.values()) for line in lines}
    return {lead: count for lead, count in ticks.items() if count}


# -- an operator before a request ------------------------------------------------------------


def save(anna: Workplace, row: int, **changes: Any) -> None:
    """Change cells in the card, and tick a step."""
    anna.select("Leads", row)
    lead = anna.run("cardOpen")["lead"]
    change = {"base": {key: lead["cells"][key] for key in changes}, "changes": changes}
    sent = {"id": lead["id"], "checks": {STEP: True}, "comment": None, **change}
    assert anna.run("cardSave", sent)["ok"]


def an_hour(shop: Shop, anna: Workplace) -> None:
    """Everything that an operator does, in one moment."""
    save(anna, 2, status=shop.status("confirmed"))
    anna.type("Leads", 2, "Status", shop.status("shipped"))
    anna.type("Leads", 3, "Status", shop.status("shipped"))
    anna.type("Leads", 6, "Phone", "+7 902 222-22-22")
    save(anna, 6, next_step="Ring her")
    anna.paste("Leads", 7, "Name", [["Zoya"]])
    anna.type("Leads", 7, "Status", shop.status("pickup"))
    whole = [anna.operator.cell("Leads", 2, header) for header in ("ID", "Created", "Name")]
    anna.paste("Leads", 8, "ID", [whole])
    anna.type("Leads", 8, "Status", shop.status("new"))
    anna.type("Leads", 4, "ID", None)


WAYS: Mapping[int, Sequence[str]] = {
    2: ("new", "confirmed", "shipped"),
    3: ("confirmed", "shipped"),
    4: ("shipped",),
    5: ("new",),
    6: ("confirmed",),
    7: ("pickup",),
    8: ("new",),
}


def slowly(shop: Shop, anna: Workplace) -> Callable[[], None]:
    """A pasted block whose script has looked at the sheet and is yet to write: ids of two leads, a
    third being in want of one, and a line for each of them."""
    for row, name in ((9, "Yan"), (10, "Ulla")):
        anna.operator.type("Leads", row, "Name", name)
    return anna.begins(
        lambda: anna.paste("Leads", 9, "Status", [[shop.status("new")], [shop.status("pickup")]])
    )


SLOW_WAYS: Mapping[int, Sequence[str]] = {9: ("new",), 10: ("pickup",)}


@pytest.mark.parametrize(("number", "slow"), [(READ, True), (VALUES, True), (WRITE, False)])
def test_an_operator_may_do_anything_before_any_request(
    at_work: tuple[Shop, Workplace], number: int, slow: bool
) -> None:
    """What a script has begun by then, the refresh waits for."""
    shop, anna = at_work
    before: dict[str, Any] = {}
    land: list[Callable[[], None]] = []
    pauses: list[float] = []

    def meanwhile() -> None:
        an_hour(shop, anna)
        if slow:
            land.append(slowly(shop, anna))
        else:
            before.update(typed(shop))

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 2:
            land.pop()()
            before.update(typed(shop))

    shop.server.before_nth(number, meanwhile)
    asked = len(shop.server.requests)
    refresh(book(shop, sleep), now=LATER)
    # Refused, and a look at why; then the whole refresh once more.
    again = 0 if number == READ else 4
    assert (len(shop.server.requests) - asked, pauses) == (
        (3 + again + 2, [1, 1]) if slow else (3 + again, [])
    )
    check(shop, {**WAYS, **(SLOW_WAYS if slow else {})}, before)
    oleg = shop.server.operator(shop.id).cell("Leads", 6, "ID")
    assert ticked(shop) == {"L-00001": 1, oleg: 1}


def test_a_refresh_that_gives_nothing_is_not_held_up(shop: Shop, anna: Workplace) -> None:
    """It has only results to write, which stand beside ids and not in rows."""
    anna.operator.type("Leads", 2, "Budget", 900)
    status = shop.status("shipped")

    def meanwhile() -> None:
        anna.type("Leads", 2, "Status", status)

    shop.server.before_nth(WRITE, meanwhile)
    asked = len(shop.server.requests)
    done = shop.refresh()
    shop.server.callbacks.clear()
    assert (done.nothing, len(shop.server.requests) - asked) == (False, 3)
    assert [line["to"] for line in shop.history("L-00001")] == [shop.status("new"), status]


# -- whose turn it is ------------------------------------------------------------------------


def turn(shop: Shop | SmallShop) -> str:
    """What the record of turns holds."""
    return shop.server.file(shop.id).metadata[TURN_ID].value or ""


def test_a_script_that_was_cut_off_is_not_waited_for_for_ever(
    at_work: tuple[Shop, Workplace],
) -> None:
    shop, anna = at_work
    slowly(shop, anna)
    assert turn(shop).startswith(AT_WORK)
    pauses: list[float] = []
    refresh(book(shop, pauses.append), now=LATER)
    assert 30 < sum(pauses) < 40
    assert turn(shop) == FREE
    owner = shop.server.operator(shop.id)
    assert ways(shop)[owner.cell("Leads", 10, "ID")] == ["pickup"], "the refresh does it instead"


def test_what_a_script_could_not_do_leaves_the_turn_free(
    at_work: tuple[Shop, Workplace], monkeypatch: pytest.MonkeyPatch
) -> None:
    shop, anna = at_work
    before = turn(shop)
    monkeypatch.setattr(anna, "locked", ["document"])
    anna.type("Leads", 2, "Status", shop.status("shipped"))
    assert turn(shop) == before, "it had not begun"
    monkeypatch.undo()
    lead: dict[str, Any] = {
        "id": "L-00009",
        "base": {},
        "changes": {},
        "checks": {},
        "comment": None,
    }
    assert anna.run("cardSave", lead)["gone"]
    assert turn(shop) not in (before, FREE)
    assert not turn(shop).startswith(AT_WORK)


def test_in_a_sheet_where_somebody_is_always_quicker_a_refresh_goes_on(server: Server) -> None:
    """The fifth try does not mind, so that a large sheet is brought up to date, too."""
    shop = SmallShop(server).with_leads("Anna")
    shop.owner.append("Leads", typed_by_people("Boris"))
    refused = []

    def quicker(number: int, request: Request) -> None:
        if request.path.endswith(":batchUpdate"):
            fork = server.file(shop.id).fork()
            spreadsheets.mark(fork, [{"id": TURN_ID, "value": f"{number}"}])
            server.store.commit(fork)

    server.before(quicker)
    while True:
        try:
            shop.refresh()
        except ConflictError:
            refused.append(turn(shop))
        else:
            break
    server.callbacks.clear()
    assert len(refused) == 4
    shop.check(["Anna", "Boris"])


def test_what_google_refuses_at_the_last_moment_leaves_the_turn_free(shop: Shop) -> None:
    """Google may tell only when all is written out that something of it can't be."""
    refusing = """const SpreadsheetApp = {
      getActive: () => globalThis.SpreadsheetApp.getActive(),
      flushed: 0,
      flush() {
        this.flushed += 1;
        if (this.flushed === 2) throw new Error("Service Spreadsheets failed");
      },
    };"""
    project = built("shop", "en")
    shop.server.share(shop.id, "anna@example.com")
    with Workplace(
        shop.server, shop.id, "anna@example.com", {**project, "Refusing.js": refusing}
    ) as anna:
        run = anna.type("Leads", 2, "Status", shop.status("confirmed"))
    assert run.toasts == [locales.load("en")("addon.trouble.unexpected")]
    assert run.calls["Lock.releaseLock"] == 1
    assert not turn(shop).startswith(AT_WORK)


def test_where_google_refuses_the_record_an_edit_does_its_work_all_the_same(shop: Shop) -> None:
    project = built("shop", "en")
    refused = project["Turns.js"].replace("record.setValue(value)", "throw new Error('no right')")
    assert refused != project["Turns.js"]
    shop.server.share(shop.id, "anna@example.com")
    with Workplace(
        shop.server, shop.id, "anna@example.com", {**project, "Turns.js": refused}
    ) as anna:
        anna.type("Leads", 2, "Status", shop.status("confirmed"))
    last = shop.history()[-1]
    assert (last["lead"], last["to"]) == ("L-00001", shop.status("confirmed"))
