"""The add-on as a project and as a folder, and what a build never does to people's files."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from py_mini_racer import MiniRacer

from sheetsync.addon import banner, card, config, folder, manifest, sources
from sheetsync.addon.build import in_one, project
from sheetsync.addon.config import Options, Titles
from sheetsync.errors import InputError
from sheetsync.locales import LANGUAGES, load

SCOPE = "https://www.googleapis.com/auth/"
EVIL = "</script><!-- \u2028\u2029 \"'`\\ \u202e ${1+1} \x00 \U0001f600 \ud800 Ёж"


def options(lang: str = "en", **changes: object) -> Options:
    given = config.of_kind("travel", lang, timezone="Europe/Moscow")
    return Options(**{**given.__dict__, **changes})  # type: ignore[arg-type]


def config_in_v8(text: str) -> dict[str, object]:
    v8 = MiniRacer()
    try:
        found: dict[str, object] = json.loads(str(v8.eval(f"{text}\nJSON.stringify(CONFIG)")))
        return found
    finally:
        v8.close()


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    return project(options())


# -- the project ----------------------------------------------------------------------------------


def test_the_same_options_give_the_same_bytes(made: dict[str, str]) -> None:
    assert project(options()) == made
    assert folder.files(options("ru")) == folder.files(options("ru"))


def test_the_project_is_flat_and_holds_the_source_as_it_is(made: dict[str, str]) -> None:
    source = sources.with_shared("server")
    assert set(made) == {*source, "appsscript.json", "Config.js", "PhoneData.js", "Sidebar.html"}
    for name, text in source.items():
        assert made[name].partition("\n")[2] == text
    assert source.keys() >= sources.scripts("server").keys()


def test_what_one_side_alone_uses_goes_to_that_side_alone(made: dict[str, str]) -> None:
    page = made["Sidebar.html"]
    for name, text in sources.scripts("shared").items():
        here, there = name in made, text.strip() in page
        assert here or there, name
        alone = {"Scoring.js": (False, True), "Junk.js": (False, True), "Sha256.js": (True, False)}
        assert (here, there) == alone.get(name, (here, there)), name


def test_a_script_comes_with_all_that_it_leads_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = {
        "shared/Near.js": "const Near = () => Far.go();",
        "shared/Far.js": "const Far = { go: () => 1 };",
        "shared/Round.js": "const Round = () => Near(Round);",
        "shared/Nearby.js": "const Nearby = 1;",
        "server/Main.js": "const Main = () => Near();",
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(sources, "folder", lambda _: tmp_path)
    assert list(sources.with_shared("server")) == ["Far.js", "Near.js", "Main.js"]


def test_no_two_files_have_one_name_without_their_endings(made: dict[str, str]) -> None:
    names = [name.partition(".")[0].casefold() for name in made]
    assert len(set(names)) == len(names)


def test_it_asks_for_nothing_but_this_spreadsheet_and_its_menu(made: dict[str, str]) -> None:
    found = json.loads(made["appsscript.json"])
    assert found["oauthScopes"] == [
        f"{SCOPE}spreadsheets.currentonly",
        f"{SCOPE}script.container.ui",
    ]
    assert (found["timeZone"], found["runtimeVersion"]) == ("Europe/Moscow", "V8")


def test_with_the_report_it_asks_for_mail_and_a_timer_too() -> None:
    made = project(options(digest=18))
    more = set(json.loads(made["appsscript.json"])["oauthScopes"])
    assert more - {f"{SCOPE}spreadsheets.currentonly", f"{SCOPE}script.container.ui"} == {
        f"{SCOPE}script.send_mail",
        f"{SCOPE}script.scriptapp",
    }
    assert config.digest_of(made["Config.js"]) == 18
    assert config.digest_of(project(options())["Config.js"]) is None


@pytest.mark.parametrize("lang", LANGUAGES)
def test_config_says_what_the_workbook_is_in_its_language(lang: str) -> None:
    found = config_in_v8(project(options(lang))["Config.js"])
    words = load(lang)
    assert (found["lang"], found["kind"], found["timeZone"]) == (lang, "travel", "Europe/Moscow")
    assert found["tabs"]["leads"]["columns"]["status"] == words("columns.leads.status")  # type: ignore[index]
    theirs = {
        k.removeprefix("addon."): m for k, m in words.messages.items() if k.startswith("addon.")
    }
    assert found["messages"] == theirs


def test_no_text_of_the_workbook_leaves_its_quotes() -> None:
    tabs = {"leads": Titles(EVIL, {"status": EVIL, EVIL: "x"})}
    text = config.config_js(options(tabs=tabs, kind=EVIL))
    assert not re.search("[\u2028\u2029\u202e\x00]|</|<!--", text)
    text.encode()  # no half of a character is left
    assert config_in_v8(text)["kind"] == EVIL
    found = config_in_v8(text)["tabs"]
    assert found == {"leads": {"title": EVIL, "columns": {"status": EVIL, EVIL: "x"}}}


@pytest.mark.parametrize("sign", [chr(n) for n in range(0x20)] + ["\x7f", "\x85", "\xa0", "\ufeff"])
def test_signs_that_are_not_printed_are_spelled_by_their_number(sign: str) -> None:
    assert json.loads(sources.literal(f"a{sign}b")) == f"a{sign}b"
    assert sign not in sources.literal(f"a{sign}b")


# -- the card -------------------------------------------------------------------------------------


def test_the_card_is_one_page_that_fetches_nothing(made: dict[str, str]) -> None:
    page = made["Sidebar.html"]
    assert not re.search(r"<(script|link|img|iframe)[^>]+(src|href)=", page)
    assert "<!-- scripts -->" not in page
    assert "<!-- styles -->" not in page
    for name in sources.scripts("card"):
        assert sources.read(f"card/{name}").strip() in page
    assert page.rstrip().endswith("</html>")


def test_every_script_of_the_card_is_whole(made: dict[str, str]) -> None:
    scripts = re.findall(r"<script>(.*?)</script>", made["Sidebar.html"], re.DOTALL)
    assert len(scripts) == 4 + len(sources.with_shared("card"))
    assert scripts[-1] == card.START
    v8 = MiniRacer()
    v8.eval("\n;".join(scripts[:-1]) + "\n;null")  # names only: nothing needs a page yet
    assert v8.eval("typeof CardMain.start") == "function"
    v8.close()


def test_a_script_that_would_end_its_element_is_refused() -> None:
    with pytest.raises(ValueError, match=r"Bad\.js"):
        card.card_html({"Bad.js": "const a = '</SCRIPT>';"})


# -- all in one, for pasting ----------------------------------------------------------------------


def test_all_scripts_as_one_text_define_what_the_sheet_calls(made: dict[str, str]) -> None:
    v8 = MiniRacer()
    v8.eval(in_one(made) + "\n;null")
    for name in ("onOpen", "onEdit", "cardOpen", "cardSave", "menuCard"):
        assert v8.eval(f"typeof {name}") == "function", name
    v8.close()


# -- whose a file is ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Main.js", "Sidebar.html", "README.md", ".claspignore"])
def test_a_file_of_ours_is_known_again_whatever_an_editor_does_to_its_line_ends(name: str) -> None:
    text = banner.stamped(name, "one\ntwo\n")
    for stored in (text, text.replace("\n", "\r\n"), text.rstrip(), text + "\n\n", "\ufeff" + text):
        assert banner.state(stored) == "ours"
    assert banner.state(text.replace("two", "too")) == "edited"
    assert banner.state("one\ntwo\n") == "foreign"
    assert banner.state("") == "foreign"


# -- the folder -----------------------------------------------------------------------------------


def build(path: Path, **changes: object) -> folder.Difference:
    found = folder.compare(path, options(**changes))  # type: ignore[arg-type]
    found.check(force=False)
    folder.write(path, found)
    return found


def texts(path: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in path.iterdir()}


def test_a_second_build_finds_nothing_to_do(tmp_path: Path) -> None:
    first = build(tmp_path / "new" / "one")
    assert {"README.md", ".claspignore", "appsscript.json", "Sidebar.html"} <= set(first.added)
    before = texts(tmp_path / "new" / "one")
    assert build(tmp_path / "new" / "one").nothing
    assert texts(tmp_path / "new" / "one") == before


def test_only_what_differs_is_written(tmp_path: Path) -> None:
    build(tmp_path)
    stamps = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    found = build(tmp_path, digest=7)
    assert set(found.changed) == {
        "Sidebar.html",
        "Config.js",
        "README.md",
        "appsscript.json",
        folder.CODE_TO_PASTE,
        folder.PAGE_TO_PASTE,
    }
    same = {p.name for p in tmp_path.iterdir() if p.stat().st_mtime_ns == stamps[p.name]}
    assert same == set(stamps) - set(found.changed)
    assert folder.digest_hour(tmp_path) == 7


def test_files_of_the_owner_stay_and_are_named(tmp_path: Path) -> None:
    build(tmp_path)
    (tmp_path / "Mine.js").write_text("function mine() {}")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\xff\xfe")
    found = build(tmp_path, digest=8)
    assert found.kept == ("Mine.js", "picture.png")
    assert (tmp_path / "Mine.js").read_text() == "function mine() {}"
    assert (tmp_path / "picture.png").read_bytes() == b"\x89PNG\xff\xfe"


def test_a_file_that_is_not_ours_is_not_replaced_and_nothing_else_is_written(
    tmp_path: Path,
) -> None:
    (tmp_path / "README.md").write_text("# My shop")
    found = folder.compare(tmp_path, options())
    for force in (False, True):
        with pytest.raises(InputError, match=r"README\.md"):
            found.check(force=force)
    assert texts(tmp_path) == {"README.md": b"# My shop"}


def test_a_file_of_ours_that_was_edited_is_replaced_by_force_only(tmp_path: Path) -> None:
    build(tmp_path)
    path = tmp_path / "Config.js"
    ours = path.read_text(encoding="utf-8")
    path.write_text(ours + "// mine\n", encoding="utf-8")
    found = folder.compare(tmp_path, options())
    with pytest.raises(InputError, match=r"Config\.js"):
        found.check(force=False)
    found.check(force=True)
    folder.write(tmp_path, found)
    assert path.read_text(encoding="utf-8") == ours


def test_a_file_that_the_add_on_no_longer_has_goes(tmp_path: Path) -> None:
    build(tmp_path)
    (tmp_path / "Old.js").write_text(banner.stamped("Old.js", "const Old = 1;\n"))
    assert build(tmp_path).removed == ("Old.js",)
    assert not (tmp_path / "Old.js").exists()


def test_clasp_finds_its_project_once_it_is_known(tmp_path: Path) -> None:
    build(tmp_path)
    assert not (tmp_path / ".clasp.json").exists()
    build(tmp_path, script="1abc")
    known = json.loads((tmp_path / ".clasp.json").read_text())
    assert known == {"scriptId": "1abc", "rootDir": "."}
    (tmp_path / ".clasp.json").write_text('{"scriptId": "mine"}')
    assert build(tmp_path, script="1abc").nothing


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_readme_has_five_steps_and_the_manifest_to_paste(lang: str) -> None:
    readme = folder.files(options(lang))["README.md"]
    steps = re.findall(r"^\*\*(?:Step|Шаг) (\d)\.", readme, re.MULTILINE)
    assert steps == ["1", "2", "3", "4", "5"]
    pasted = re.search(r"```json\n(.*?)```", readme, re.DOTALL)
    assert pasted is not None
    assert json.loads(pasted[1]) == manifest.manifest("Europe/Moscow", digest=False)
    for name in (folder.CODE_TO_PASTE, folder.PAGE_TO_PASTE):
        assert name in readme


# -- the manifest ---------------------------------------------------------------------------------


def test_a_manifest_is_joined_with_what_the_owner_added() -> None:
    ours = manifest.manifest("Europe/Moscow", digest=False)
    theirs = {
        "timeZone": "Asia/Tokyo",
        "oauthScopes": [
            f"{SCOPE}script.send_mail",
            f"{SCOPE}calendar",
            f"{SCOPE}script.container.ui",
        ],
        "webapp": {"access": "MYSELF"},
    }
    alone = manifest.merged(ours, theirs, shared=False)
    assert alone["oauthScopes"] == [*ours["oauthScopes"], f"{SCOPE}calendar"]
    assert (alone["timeZone"], alone["webapp"]) == ("Europe/Moscow", {"access": "MYSELF"})
    shared = manifest.merged(ours, theirs, shared=True)
    assert set(shared["oauthScopes"]) == {*ours["oauthScopes"], *theirs["oauthScopes"]}
    assert shared["timeZone"] == "Asia/Tokyo"


def test_a_broken_manifest_is_replaced() -> None:
    assert manifest.read("{oops") is None
    assert manifest.read("[]") is None
