"""The preview as a person sees it: the page in Chromium, the add-on in V8, the file on the disk."""

from __future__ import annotations

import hashlib
import http.client
import json
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect
from python_calamine import CalamineWorkbook

from sheetsync.addon.config import of_workbook
from sheetsync.addon.preview.document import FileDocument
from sheetsync.addon.preview.people import person_of
from sheetsync.addon.preview.server import PreviewServer
from sheetsync.addon.preview.session import Session
from sheetsync.addon.preview.typed import shown, told, typed
from sheetsync.errors import InputError
from sheetsync.sync.demo import make_demo
from sheetsync.sync.refresh import refresh
from sheetsync.sync.understand import breaks_of, layout_of
from sheetsync.workbooks.xlsx.workbook import XlsxWorkbook

TODAY = date(2026, 11, 21)
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
LEADS = 40

Opened = tuple[Page, FrameLocator]
Cells = dict[str, object]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sample") / "crm.xlsx"
    make_demo(path, lang="en", leads=LEADS, today=TODAY)
    return path


@pytest.fixture
def crm(sample: Path, tmp_path: Path) -> Path:
    """A demo of one's own."""
    return Path(shutil.copy(sample, tmp_path / "crm.xlsx"))


def session_of(path: Path, person: str | None = None) -> Session:
    file = FileDocument(path, layout_of, timezone="Etc/UTC")
    options = of_workbook(file.snapshot, timezone="Etc/UTC")
    who = person_of(file.snapshot, person, owner=file.document["owner"])
    return Session(file, options, who, now=lambda: NOON)


@pytest.fixture
def session(crm: Path) -> Iterator[Session]:
    session = session_of(crm)
    yield session
    session.close()


@contextmanager
def serving(session: Session) -> Iterator[PreviewServer]:
    with PreviewServer(session) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def open_page(browser: Browser, crm: Path) -> Iterator[Callable[..., Opened]]:
    """The page on the demo, and the card in it; nothing may go wrong in the browser's console."""
    wrong: list[str] = []
    with contextmanager(_opening)(browser, crm, wrong) as opened:
        yield opened
    assert wrong == []


def _opening(browser: Browser, crm: Path, wrong: list[str]) -> Iterator[Callable[..., Opened]]:
    ending: list[Callable[[], object]] = []

    def open_page(person: str | None = None) -> Opened:
        session = session_of(crm, person)
        ending.append(session.close)
        context = serving(session)
        server = context.__enter__()
        ending.append(lambda: context.__exit__(None, None, None))
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        ending.append(page.close)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        page.goto(server.address)
        card = page.frame_locator("#card")
        expect(card.get_by_role("radiogroup").first).to_be_visible()
        return page, card

    yield open_page
    for end in reversed(ending):
        end()


# -- the file on the disk -------------------------------------------------------------------------


def rows(path: Path, tab: str) -> list[Cells]:
    """The rows of a tab by header, with their numbers; what is empty is ""."""
    lines = CalamineWorkbook.from_path(path).get_sheet_by_name(tab).to_python()
    return [
        {"row": number, **dict(zip(map(str, lines[0]), line, strict=True))}
        for number, line in enumerate(lines[1:], start=2)
        if any(each != "" for each in line)
    ]


def lead(path: Path, key: str) -> Cells:
    return next(row for row in rows(path, "Leads") if row["ID"] == key)


def history(path: Path, key: str) -> list[Cells]:
    return [row for row in rows(path, "History") if row["Lead"] == key]


def a_lead(path: Path, status: str) -> Cells:
    """A lead in this status, with History."""
    found = (row for row in rows(path, "Leads") if row["Status"] == status and row["ID"])
    return next(row for row in found if history(path, str(row["ID"])))


def cell(page: Page, row: object, header: str) -> object:
    headers = page.locator("thead th").all_inner_texts()
    return page.locator(f'tr[data-row="{row}"] td').nth(headers.index(header) - 1)


def type_in(page: Page, row: object, header: str, text: str) -> None:
    where = cell(page, row, header)
    where.click()  # type: ignore[attr-defined]
    page.keyboard.press(text[0])
    page.keyboard.type(text[1:])
    with page.expect_response("**/type"):
        page.keyboard.press("Enter")


def by_hand(before: object, line: Cells) -> str:
    """The checksum of a line of History, as docs of the chain say."""
    at = line["When"]
    assert isinstance(at, datetime)
    texts = [before, line["Lead"], at.strftime("%Y-%m-%dT%H:%M:%S")]
    texts += [line[name] for name in ("From", "To", "By", "Comment", "Via", "ID")]
    said = json.dumps(texts, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


# -- end to end -----------------------------------------------------------------------------------


def test_what_is_typed_and_clicked_is_in_the_file_and_a_refresh_agrees(
    open_page: Callable[..., Opened], crm: Path
) -> None:
    before = a_lead(crm, "Options sent")
    key, row = str(before["ID"]), before["row"]
    lines = history(crm, key)
    page, card = open_page()

    type_in(page, row, "Status", "Office visit")
    expect(cell(page, row, "Status")).to_have_text("Office visit")  # type: ignore[arg-type]
    assert lead(crm, key)["Status"] == "Office visit"
    (typed_line,) = history(crm, key)[len(lines) :]
    assert (typed_line["From"], typed_line["To"]) == ("Options sent", "Office visit")
    assert typed_line["Via"] == "add-on"
    assert typed_line["Checksum"] == by_hand(lines[-1]["Checksum"], typed_line)

    expect(card.get_by_text(key).first).to_be_visible()  # it follows the row
    expect(card.get_by_role("radio", name="Office visit")).to_be_checked()
    card.get_by_role("radio", name="Prepaid").click()
    expect(cell(page, row, "Status")).to_have_text("Prepaid")  # type: ignore[arg-type]
    clicked = history(crm, key)[-1]
    assert (clicked["From"], clicked["To"]) == ("Office visit", "Prepaid")
    assert clicked["Checksum"] == by_hand(typed_line["Checksum"], clicked)

    card.get_by_role("button", name="Tomorrow").click()
    expect(cell(page, row, "Next action")).to_have_text("2026-11-22")  # type: ignore[arg-type]
    assert lead(crm, key)["Next action"] == date(2026, 11, 22)

    known = refresh(XlsxWorkbook(crm), now=datetime(2026, 11, 21, 12), dry_run=True).understood
    assert "history" not in known.results.appends
    assert breaks_of(known).empty
    assert len(history(crm, key)) == len(lines) + 2


def test_a_new_row_gets_its_id_and_its_day_at_once(
    open_page: Callable[..., Opened], crm: Path
) -> None:
    page, _ = open_page()
    free = page.locator("tbody tr").last.get_attribute("data-row")
    highest = max(str(row["ID"]) for row in rows(crm, "Leads") if row["ID"])
    type_in(page, free, "Name", "Ann <b>Lee</b>")
    expect(cell(page, free, "Created")).to_have_text("2026-11-21")  # type: ignore[arg-type]
    (new,) = [row for row in rows(crm, "Leads") if row["Name"] == "Ann <b>Lee</b>"]
    assert str(new["ID"]) > highest
    assert new["Created"] == date(2026, 11, 21)
    assert page.locator("td b").count() == 0


def test_who_is_at_the_keyboard_stands_in_history(
    open_page: Callable[..., Opened], crm: Path
) -> None:
    name = str(rows(crm, "Team")[1]["Name"])
    before = a_lead(crm, "Options sent")
    page, _ = open_page(name)
    expect(page.locator("#person")).to_contain_text(name)
    type_in(page, before["row"], "Status", "Office visit")
    expect(cell(page, before["row"], "Status")).to_have_text("Office visit")  # type: ignore[arg-type]
    assert history(crm, str(before["ID"]))[-1]["By"] == name


def test_a_page_that_is_opened_again_stands_where_the_first_one_stood(
    open_page: Callable[..., Opened], crm: Path
) -> None:
    far = rows(crm, "Leads")[LEADS // 2]
    page, card = open_page()
    with page.expect_response("**/select"):
        cell(page, far["row"], "Name").click()  # type: ignore[attr-defined]
    expect(card.get_by_text(str(far["ID"])).first).to_be_visible()
    page.reload()
    expect(card.get_by_text(str(far["ID"])).first).to_be_visible()
    assert page.locator("tr.selected").get_attribute("data-row") == str(far["row"])
    expect(page.locator("#menu button").first).to_be_visible()


def test_keys_go_on_where_something_was_typed(open_page: Callable[..., Opened]) -> None:
    page, _ = open_page()
    type_in(page, 3, "Next step", "Call")
    here = cell(page, 3, "Next step")
    expect(here).to_have_text("Call")  # type: ignore[arg-type]
    expect(here).to_be_focused()  # type: ignore[arg-type]
    page.keyboard.press("ArrowDown")
    expect(cell(page, 4, "Next step")).to_be_focused()  # type: ignore[arg-type]


def test_what_is_being_typed_in_the_grid_stays_while_the_card_saves(
    open_page: Callable[..., Opened],
) -> None:
    page, card = open_page()
    step = card.locator("#step")
    step.fill("Mail")
    with page.expect_response("**/view"):
        cell(page, 2, "Request").dblclick()  # type: ignore[attr-defined]
        page.keyboard.press("Control+A")
        page.keyboard.type("Half a ")
    page.keyboard.type("sentence")
    expect(page.locator("td input")).to_have_value("Half a sentence")
    step.click()
    page.keyboard.type("!")
    expect(step).to_have_value("Mail!")
    expect(cell(page, 2, "Request")).to_have_text("Half a sentence")  # type: ignore[arg-type]


def test_history_is_a_view_in_which_nothing_is_typed(open_page: Callable[..., Opened]) -> None:
    page, _ = open_page()
    page.get_by_role("tab", name="History").click()
    expect(page.locator("thead")).to_contain_text("Checksum")
    page.locator("tbody td").first.dblclick()
    assert page.locator("td input").count() == 0
    expect(page.locator("#toasts")).to_contain_text("sheetsync fills this cell")


# -- what happens to the file meanwhile -----------------------------------------------------------


def place(session: Session, header: str) -> tuple[int, int]:
    """Epoch, and the number of a column of Leads."""
    answer = session.ask("view", {"tab": "leads"})
    columns = {each["header"]: each["number"] for each in answer["view"]["columns"]}
    return answer["epoch"], columns[header]


def test_a_file_that_a_refresh_wrote_is_read_again_before_anything_is_typed(
    session: Session, crm: Path
) -> None:
    epoch, column = place(session, "Name")
    book = openpyxl.load_workbook(crm)
    book["Leads"].cell(2, column).value = "Somebody else"
    book.save(crm)
    given = {"tab": "leads", "row": 2, "column": column, "text": "Mine", "epoch": epoch}
    answer = session.ask("type", given)
    assert "read again" in answer["told"]
    assert answer["epoch"] > epoch
    assert rows(crm, "Leads")[0]["Name"] == "Somebody else"
    assert "told" not in session.ask("type", {**given, "epoch": answer["epoch"]})
    assert rows(crm, "Leads")[0]["Name"] == "Mine"


def test_a_file_that_is_open_in_excel_is_left_alone(session: Session, crm: Path) -> None:
    epoch, column = place(session, "Name")
    before = crm.read_bytes()
    lock = crm.with_name("~$crm.xlsx")
    lock.write_bytes(b"\x04Vera" + b" " * 160)
    given = {"tab": "leads", "row": 2, "column": column, "text": "Mine", "epoch": epoch}
    assert "crm.xlsx" in session.ask("type", given)["told"]
    saved = session.ask("run", {"function": "cardOpen", "arguments": []})
    assert saved["result"]["ok"] is True  # looking is no writing
    assert crm.read_bytes() == before
    view = session.ask("view", {"tab": "leads"})["view"]
    assert "Mine" not in view["rows"][0]["cells"]
    lock.unlink()
    assert "told" not in session.ask("type", given)
    assert rows(crm, "Leads")[0]["Name"] == "Mine"


def test_a_cell_of_the_tool_is_not_typed_into(session: Session, crm: Path) -> None:
    epoch, column = place(session, "Score")
    before = crm.read_bytes()
    given = {"tab": "leads", "row": 2, "column": column, "text": "99", "epoch": epoch}
    assert "a person doesn't" in session.ask("type", given)["told"]
    assert crm.read_bytes() == before


def test_only_what_the_menu_offers_can_be_chosen_there(session: Session) -> None:
    assert "no such menu item" in session.ask("menu", {"function": "dailyDigest"})["told"]
    assert session.ask("menu", {"function": "menuCard"})["sidebar"] is True
    assert session.sidebar.startswith("<!-- sheetsync add-on: Sidebar.html")


# -- who may ask ----------------------------------------------------------------------------------


@pytest.fixture
def server(session: Session) -> Iterator[PreviewServer]:
    with serving(session) as server:
        yield server


def status(server: PreviewServer, method: str, path: str, body: str = "", **headers: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port)
    try:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body or None, given)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


def test_without_the_token_there_is_nothing_to_see(server: PreviewServer) -> None:
    token = f"/{server.token}/"
    assert status(server, "GET", token) == 200
    for path in ("/", "/page.js", f"/{server.token}", token[:-2] + "/", f"/x{token}", "//"):
        assert status(server, "GET", path) == 404, path
    for path in (f"{token}../server.py", f"{token}shim.js", f"{token}%2e%2e/session.py"):
        assert status(server, "GET", path) == 404, path


def test_a_page_of_somebody_else_gets_nothing(server: PreviewServer) -> None:
    path, js = f"/{server.token}/view", "application/json"
    ask = json.dumps({"tab": "leads"})
    assert status(server, "POST", path, ask, Content_Type=js) == 200
    assert status(server, "POST", path, ask, Content_Type=js, Host="evil.example") == 404
    assert (
        status(server, "GET", f"/{server.token}/", Host=f"evil.example:{server.server_port}") == 404
    )
    assert status(server, "POST", path, ask, Content_Type=js, Origin="https://evil.example") == 404
    assert status(server, "POST", path, ask, Content_Type="text/plain") == 404
    assert status(server, "POST", path, "{oops", Content_Type=js) == 400
    assert status(server, "POST", path, "[1]", Content_Type=js) == 400
    assert status(server, "POST", path, "x" * 1_000_001, Content_Type=js) == 413
    assert status(server, "POST", f"/{server.token}/close", "{}", Content_Type=js) == 404


def test_it_listens_on_this_machine_only_and_every_run_has_another_token(
    session: Session, server: PreviewServer
) -> None:
    assert server.server_address[0] == "127.0.0.1"
    assert len(server.token) >= 32
    with PreviewServer(session) as other:
        assert other.token != server.token


# -- cells and people -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind", "cell"),
    [
        ("2026-11-21", "date", 46347.0),
        ("21.11.2026", "date", 46347.0),
        ("31.02.2026", "date", "31.02.2026"),
        ("tomorrow", "date", "tomorrow"),
        ("1 200", "money", "1 200"),
        ("1200,5", "money", 1200.5),
        ("8916", "phone", "8916"),
        ("=2+2", "text", "=2+2"),
        (" Anna ", "text", "Anna"),
        ("12", "", 12.0),
        ("", "text", None),
        ("✓", "checkbox", True),
        ("no", "checkbox", False),
    ],
)
def test_what_is_typed_becomes_what_a_spreadsheet_would_make_of_it(
    text: str, kind: str, cell: object
) -> None:
    assert typed(text, kind) == cell


def test_cells_are_shown_as_people_read_them() -> None:
    assert shown(46347.0, "date") == "2026-11-21"
    assert shown(46347.5, "datetime") == "2026-11-21 12:00:00"
    assert shown(46347, "", "dd.mm.yyyy") == "21.11.2026"
    assert shown(46347.5, "datetime", r"dd\.mm\.yyyy\ hh:mm") == "21.11.2026 12:00:00"
    assert shown(1e300, "date") == "1e+300"
    assert (shown(12.0, "money"), shown(0.25, "percent"), shown(None, "text")) == ("12", "0.25", "")
    assert (shown(True, "checkbox"), shown(False, "checkbox")) == ("✓", "")
    assert (told(True), told(46347.0), told("x")) == ("TRUE", "46347", "x")


def test_a_person_is_a_name_of_team_or_an_address(sample: Path) -> None:
    snapshot = XlsxWorkbook(sample).read()
    (first, *_) = rows(sample, "Team")
    name, email = str(first["Name"]), str(first["Email"])
    assert person_of(snapshot, name.upper(), owner="o@x").name == name
    assert person_of(snapshot, email, owner="o@x").name == name
    assert person_of(snapshot, None, owner="o@example.com").email == "o@example.com"
    assert person_of(snapshot, "x@example.com", owner="o@x").name is None
    with pytest.raises(InputError, match=name):
        person_of(snapshot, "Nobody", owner="o@x")
