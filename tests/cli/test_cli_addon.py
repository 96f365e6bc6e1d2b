"""``sheetsync addon`` as a person calls it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.conftest import Run


def test_the_help_names_the_three_commands(run: Run) -> None:
    said = run("addon").stdout
    for name in ("build", "push", "preview"):
        assert re.search(rf"^  {name} ", said, re.MULTILINE)
        assert "Examples" in run("addon", name, "--help").stdout
    assert "Команды" in run("addon", env={"SHEETSYNC_LANG": "ru"}).stdout


def test_build_tells_what_it_wrote_and_then_that_nothing_changed(run: Run, folder: Path) -> None:
    run("init", "shop.xlsx", "--kind", "shop", "--lang", "ru")
    said = run("addon", "build").stdout
    assert "files added" in said
    assert "README.md" in said
    config = (folder / "sheetsync-addon" / "Config.js").read_text(encoding="utf-8")
    assert 'lang: "ru"' in config
    assert 'kind: "shop"' in config
    assert "no changes" in run("addon", "build").stdout


def test_build_makes_an_add_on_without_any_crm(run: Run, folder: Path) -> None:
    assert "No CRM is named here" in run("addon", "build", "out", "--lang", "ru").stdout
    assert 'lang: "ru"' in (folder / "out" / "Config.js").read_text(encoding="utf-8")


def test_build_takes_the_headers_that_people_gave_the_columns(run: Run, folder: Path) -> None:
    import openpyxl

    run("init", "shop.xlsx")
    book = openpyxl.load_workbook("shop.xlsx")
    book["Leads"]["C1"] = "Who </script> is it"
    book.save("shop.xlsx")
    run("addon", "build", "out", "--target", "shop.xlsx")
    config = (folder / "out" / "Config.js").read_text(encoding="utf-8")
    assert "Who \\u003c/script> is it" in config


def test_a_dry_build_writes_nothing(run: Run, folder: Path) -> None:
    run("addon", "build", "out", "--dry-run", code=3)
    assert not (folder / "out").exists()
    run("addon", "build", "out")
    run("addon", "build", "out", "--dry-run")
    said = run("addon", "build", "out", "--digest", "--dry-run", code=3).stdout
    assert "appsscript.json" in said


def test_the_report_stays_on_until_it_is_switched_off(run: Run) -> None:
    def digest(*words: str) -> object:
        return json.loads(run("addon", "build", "out", "--json", *words).stdout)["digest"]

    assert digest() is None
    assert digest("--digest", "18") == 18
    assert digest() == 18
    assert digest("--digest") == 19
    assert digest("--no-digest") is None
    assert "24" in run("addon", "build", "out", "--digest", "24", code=2).stderr


def test_build_for_programs_lists_the_files(run: Run, folder: Path) -> None:
    first = json.loads(run("addon", "build", "out", "--json").stdout)
    assert set(first["added"]) == {path.name for path in (folder / "out").iterdir()}
    assert (first["written"], first["folder"]) == (True, "out")
    second = json.loads(run("addon", "build", "out", "--json").stdout)
    assert (second["written"], second["added"], second["changed"]) == (False, [], [])


def test_build_into_a_folder_of_something_else_is_refused(run: Run, folder: Path) -> None:
    (folder / "out").mkdir()
    (folder / "out" / "README.md").write_text("mine")
    told = run("addon", "build", "out", code=1).stderr
    assert "README.md" in told
    assert [path.name for path in (folder / "out").iterdir()] == ["README.md"]
    answer = json.loads(run("addon", "build", "out", "--json", code=1).stdout)
    assert answer["error"]["code"] == "addon_name_taken"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("addon", "build", "shop.xlsx"), "--target"),
        (("addon", "preview", "1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789"), "sheetsync addon push"),
        (("addon", "preview", "nowhere.xlsx"), "nowhere.xlsx"),
    ],
)
def test_a_wrong_place_is_told_in_a_sentence(
    run: Run, words: tuple[str, ...], expected: str
) -> None:
    told = run(*words, code=1).stderr
    assert expected in told
    assert len(told.strip().splitlines()) == 1


# -- the preview, as a program of its own ---------------------------------------------------------


@contextmanager
def previewing(cwd: Path, *words: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The running command, and the address that it printed."""
    program = subprocess.Popen(
        [sys.executable, "-m", "sheetsync", "addon", "preview", "--no-open", *words],
        cwd=cwd,
        env={**os.environ, "SHEETSYNC_LANG": "en"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert program.stdout is not None
    try:
        said = ""
        for line in program.stdout:
            said += line
            if found := re.search(r"http://127\.0\.0\.1:\d+/\S+/", said):
                yield program, found[0]
                break
        else:
            assert program.stderr is not None
            raise AssertionError(said + program.stderr.read())
    finally:
        program.kill()
        program.communicate()


def test_the_preview_serves_a_sample_until_it_is_stopped(folder: Path) -> None:
    with previewing(folder, "--demo") as (program, address):
        with urllib.request.urlopen(address) as page:
            assert "<iframe" in page.read().decode()
        elsewhere = re.sub(r"[^/]+/$", "guess/", address)
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(elsewhere)
        refused.value.close()
        program.send_signal(signal.SIGINT)
        said, told = program.communicate(timeout=30)
        assert program.returncode == 0, told
        assert "thrown away" in said
        assert "Traceback" not in told
    assert list(folder.iterdir()) == []
