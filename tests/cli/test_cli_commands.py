"""The commands on a real .xlsx CRM, from the demo to the doctor."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from sheetsync.locales import load
from tests.cli.conftest import Run

DAY = "2026-11-21"
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A demo of 80 leads; each test gets a copy of its own."""
    folder = tmp_path_factory.mktemp("demo")
    sheetsync(folder, "demo", "d", "--leads", "80", "--today", DAY, "--lang", "en")
    return (folder / "d" / "crm.xlsx").read_bytes()


@pytest.fixture
def crm(folder: Path, made: bytes) -> Path:
    path = folder / "crm.xlsx"
    path.write_bytes(made)
    return path


def sheetsync(folder: Path, *words: str, code: int = 0, **env: str) -> subprocess.CompletedProcess:
    """The command in a process of its own, as from a shell."""
    done = subprocess.run(
        [sys.executable, "-m", "sheetsync", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "SHEETSYNC_LANG": "en"}
        | env,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done


def edit(path: Path, tab: str, cells: dict[str, object]) -> None:
    """Type into cells with another program."""
    book = openpyxl.load_workbook(path)
    for address, typed in cells.items():
        book[tab][address] = typed
    book.save(path)


def column(path: Path, tab: str, header: str) -> str:
    """The letter of a column, by its header."""
    sheet = openpyxl.load_workbook(path)[tab]
    return next(cell.column_letter for cell in sheet[1] if cell.value == header)


# --- demo


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_the_demo_tells_an_owner_everything_and_what_to_do_next(
    run: Run, folder: Path, lang: str
) -> None:
    words = load(lang)
    env = {"SHEETSYNC_LANG": lang}
    said = run("demo", "--leads", "200", "--today", DAY, "--lang", lang, env=env).stdout
    path = folder / "sheetsync-demo" / "crm.xlsx"
    assert "20" in said.splitlines()[1]
    for part in ("funnel", "sources"):
        assert words(f"cli.summary.{part}") in said
    assert words("tabs.leads") in openpyxl.load_workbook(path).sheetnames
    for command in ("sheetsync refresh", "sheetsync init"):
        assert command in said
    assert "L-000" in said
    # Ten calls, each with its reason.
    calls = [line for line in said.splitlines() if line.split()[:1] == ["10"] and "L-0" in line]
    assert len(calls) == 1


def test_a_second_demo_replaces_the_first_one(run: Run, folder: Path) -> None:
    run("demo", "--leads", "30", "--today", DAY)
    first = (folder / "sheetsync-demo" / "crm.xlsx").read_bytes()
    run("demo", "--leads", "31", "--today", DAY)
    run("demo", "--leads", "30", "--today", DAY)
    assert (folder / "sheetsync-demo" / "crm.xlsx").read_bytes() == first


def test_a_demo_that_somebody_worked_in_is_kept(run: Run, folder: Path) -> None:
    run("demo", "mine", "--leads", "30", "--today", DAY)
    path = folder / "mine" / "crm.xlsx"
    edit(path, "Leads", {"C2": "My own client"})
    before = path.read_bytes()
    told = run("demo", "mine", "--leads", "30", code=1).stderr
    assert "--force" in told
    assert path.read_bytes() == before
    run("demo", "mine", "--leads", "30", "--force")
    assert path.read_bytes() != before


def test_a_file_that_is_not_the_demos_is_kept(run: Run, folder: Path) -> None:
    (folder / "crm.xlsx").write_bytes(b"precious")
    run("demo", ".", "--leads", "30", code=1)
    assert (folder / "crm.xlsx").read_bytes() == b"precious"


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_a_demo_with_nobody_to_call_says_so_and_counts_no_nobodies(run: Run, lang: str) -> None:
    words = load(lang)
    # The one lead has a status that nobody understands: it is in no list and in no stage.
    line = ("demo", "--leads", "1", "--today", DAY, "--lang", lang)
    said = run(*line, env={"SHEETSYNC_LANG": lang}).stdout
    lines = said.splitlines()
    assert lines[lines.index(words("cli.summary.today_none")) + 1].strip() == words(
        "cli.summary.nobody"
    )
    assert words("cli.summary.overdue_none") in lines
    assert words("cli.summary.columns.visited") not in said
    assert "(0)" not in said


def test_the_call_list_says_how_many_of_how_many_it_shows(run: Run) -> None:
    said = run("demo", "--leads", "200", "--today", DAY).stdout
    heading = next(line for line in said.splitlines() if line.startswith("Whom to call now"))
    today = json.loads(run("refresh", "sheetsync-demo/crm.xlsx", "--today", DAY, "--json").stdout)
    assert heading.startswith("Whom to call now (the first 10 of ")
    assert int(heading.split()[-1].rstrip(")")) >= len(today["summary"]["today"]) > 10


def test_the_demo_leaves_nothing_but_its_file(run: Run, folder: Path) -> None:
    run("demo", "d", "--leads", "30")
    assert {path.name for path in (folder / "d").iterdir()} == {"crm.xlsx", ".sheetsync-demo"}


# --- init


def test_init_makes_a_crm_and_the_next_commands_need_no_target(run: Run, folder: Path) -> None:
    said = run("init", "shop.xlsx", "--kind", "shop", "--lang", "ru").stdout
    assert "sheetsync refresh" in said
    assert (folder / "sheetsync.toml").is_file()
    assert "Лиды" in openpyxl.load_workbook(folder / "shop.xlsx").sheetnames
    run("refresh")
    run("doctor")


def test_init_again_changes_nothing(run: Run, folder: Path) -> None:
    run("init", "shop.xlsx")
    before = (folder / "shop.xlsx").read_bytes()
    assert "Everything is in place" in run("init", "shop.xlsx").stdout
    assert (folder / "shop.xlsx").read_bytes() == before


def test_a_new_crm_speaks_the_readers_language(run: Run, folder: Path) -> None:
    run("init", "shop.xlsx", env={"SHEETSYNC_LANG": "ru"})
    assert "Лиды" in openpyxl.load_workbook(folder / "shop.xlsx").sheetnames


def test_a_russian_reader_may_init_an_english_crm_again(run: Run) -> None:
    run("init", "shop.xlsx", "--lang", "en")
    assert "Всё на месте" in run("init", "shop.xlsx", env={"SHEETSYNC_LANG": "ru"}).stdout


def test_init_dry_run_writes_nothing_and_says_so_by_its_exit_code(run: Run, folder: Path) -> None:
    run("init", "shop.xlsx", "--dry-run", code=3)
    assert list(folder.iterdir()) == []
    run("init", "shop.xlsx")
    run("init", "shop.xlsx", "--dry-run", code=0)


def test_a_second_crm_leaves_the_first_ones_sheetsync_toml(run: Run, folder: Path) -> None:
    assert "need no TARGET" in run("init", "first.xlsx").stdout
    said = run("init", "second.xlsx").stdout
    assert 'target = "first.xlsx"' in (folder / "sheetsync.toml").read_text(encoding="utf-8")
    assert "sheetsync refresh second.xlsx" in said


def test_a_title_for_a_file_is_refused(run: Run, folder: Path) -> None:
    for lang in ("en", "ru"):
        line = ("init", "shop.xlsx", "--title", "Our clients")
        told = run(*line, code=2, env={"SHEETSYNC_LANG": lang}).stderr
        assert told.startswith(load(lang)("cli.usage.title"))
    assert list(folder.iterdir()) == []


# --- refresh


def test_a_refresh_of_a_fresh_crm_has_nothing_to_do(run: Run, crm: Path) -> None:
    before, changed = crm.read_bytes(), crm.stat().st_mtime_ns
    said = run("refresh", crm, "--today", DAY).stdout
    assert said.splitlines()[0] == "No changes."
    assert (crm.read_bytes(), crm.stat().st_mtime_ns) == (before, changed)


def test_dry_run_shows_the_change_and_writes_nothing(run: Run, crm: Path) -> None:
    edit(crm, "Leads", {f"{column(crm, 'Leads', 'Status')}2": "Gone fishing"})
    before = crm.read_bytes()
    said = run("refresh", crm, "--today", DAY, "--dry-run", code=3).stdout
    assert "Leads · Attention" in said
    assert "Nothing was written" in said
    assert "Gone fishing" in said
    assert crm.read_bytes() == before


def test_a_refresh_reports_what_it_wrote_and_then_has_nothing_to_do(run: Run, crm: Path) -> None:
    edit(crm, "Leads", {f"{column(crm, 'Leads', 'Budget')}2": "a lot"})
    said = run("refresh", crm, "--today", DAY).stdout
    assert "written" in said
    assert "a lot" in said
    assert "No changes." in run("refresh", crm, "--today", DAY).stdout


def test_json_is_one_object_and_nothing_else(run: Run, crm: Path) -> None:
    edit(crm, "Leads", {f"{column(crm, 'Leads', 'Budget')}2": "a lot"})
    dry = run("refresh", crm, "--today", DAY, "--dry-run", "--json", code=3)
    planned = json.loads(dry.stdout)
    assert planned["receipt"] is None
    assert planned["plan"]["empty"] is False
    assert sum(planned["plan"]["counts"].values()) > 0
    done = json.loads(run("refresh", crm, "--today", DAY, "--json").stdout)
    assert done["plan"]["counts"] == planned["plan"]["counts"]
    assert done["receipt"]["revision"] >= 1
    assert {"requests", "bytes_up", "bytes_down", "retries", "healed"} <= set(done["receipt"])
    assert "a lot" in {problem["typed"] for problem in done["problems"]}
    assert done["summary"]["leads"] > 70
    assert {line["source"] for line in done["summary"]["sources"]}
    again = json.loads(run("refresh", crm, "--today", DAY, "--json").stdout)
    assert again["plan"] == {"empty": True, "counts": {"+": 0, "~": 0, "-": 0}, "changes": []}


def test_the_day_can_be_given(run: Run, crm: Path) -> None:
    later = json.loads(
        run("refresh", crm, "--today", "2027-01-15", "--dry-run", "--json", code=3).stdout
    )
    now = json.loads(run("refresh", crm, "--today", DAY, "--dry-run", "--json").stdout)
    assert (now["today"], later["today"]) == (DAY, "2027-01-15")
    assert later["summary"]["overdue"] > now["summary"]["overdue"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("absent.xlsx", None),
        ("broken.xlsx", b"PK\x03\x04 but no workbook"),
        ("text.xlsx", b"hello"),
        ("notes.txt", b"hello"),
        ("not-there-at-all", None),
    ],
)
def test_a_wrong_target_is_one_sentence(
    run: Run, folder: Path, name: str, content: bytes | None
) -> None:
    if content is not None:
        (folder / name).write_bytes(content)
    for lang in ("en", "ru"):
        result = run("refresh", name, code=1, env={"SHEETSYNC_LANG": lang})
        assert name in result.stderr
        assert len(result.stderr.strip().splitlines()) == 1
        assert result.stdout == ""
    assert [path.name for path in folder.iterdir()] == ([name] if content is not None else [])


@pytest.mark.parametrize("name", ["papers", "papers.xlsx"])
def test_a_folder_is_told_from_a_file(run: Run, folder: Path, name: str) -> None:
    (folder / name).mkdir()
    for command in ("refresh", "init"):
        for lang, said in (("en", "is a folder"), ("ru", "папка")):
            told = run(command, name, code=1, env={"SHEETSYNC_LANG": lang}).stderr
            assert said in told
            assert str(Path(name, "crm.xlsx")) in told
    examined = json.loads(run("doctor", name, "--json", code=1).stdout)
    assert [finding["code"] for finding in examined["findings"]] == ["is_folder"]


@pytest.mark.parametrize(
    "line",
    [
        ["refresh", "{}", "--json"],
        ["refresh", "{}", "--json", "--dry-run"],
        ["explain", "1", "{}", "--json"],
        ["export", "{}", "--tab", "leads", "--format", "json"],
    ],
    ids=" ".join,
)
def test_a_program_gets_an_error_as_an_object_too(run: Run, line: list[str]) -> None:
    for lang in ("en", "ru"):
        env = {"SHEETSYNC_LANG": lang}
        result = run(*(word.format("absent.xlsx") for word in line), code=1, env=env)
        error = json.loads(result.stdout)["error"]
        assert set(error) == {"code", "message"}
        assert error["code"] == "xlsx_not_found"
        assert error["message"] == result.stderr.strip()


def test_a_program_is_told_of_a_locked_file(run: Run, crm: Path) -> None:
    edit(crm, "Leads", {f"{column(crm, 'Leads', 'Budget')}2": "a lot"})
    crm.with_name(f".~lock.{crm.name}#").write_text(
        ",anna,desk,21.11.2026 10:00,file:///home/anna;"
    )
    error = json.loads(run("refresh", crm, "--json", code=1).stdout)["error"]
    assert error["code"] == "xlsx_open"


def test_a_doctor_without_a_patient_answers_in_json(run: Run) -> None:
    assert json.loads(run("doctor", "--json", code=1).stdout)["error"]["code"] == "no_target"


def test_a_failure_that_nobody_foresaw_is_an_object_too(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the moon")

    monkeypatch.setattr("sheetsync.cli.config.find", fail)
    error = json.loads(run("refresh", "shop.xlsx", "--json", code=1).stdout)["error"]
    assert error["code"] == "unforeseen"
    assert "the moon" in error["message"]


def test_a_workbook_that_is_no_crm_is_one_sentence(run: Run, folder: Path) -> None:
    openpyxl.Workbook().save(folder / "plain.xlsx")
    before = (folder / "plain.xlsx").read_bytes()
    assert "sheetsync init" in run("refresh", "plain.xlsx", code=1).stderr
    assert (folder / "plain.xlsx").read_bytes() == before


def test_a_file_open_elsewhere_is_left_alone(run: Run, crm: Path) -> None:
    edit(crm, "Leads", {f"{column(crm, 'Leads', 'Budget')}2": "a lot"})
    lock = crm.with_name(f".~lock.{crm.name}#")
    lock.write_text(",anna,desk,21.11.2026 10:00,file:///home/anna;")
    before = crm.read_bytes()
    assert "close" in run("refresh", crm, code=1).stderr.lower()
    assert crm.read_bytes() == before


def test_pipes_get_no_escape_codes(folder: Path, crm: Path) -> None:
    done = sheetsync(folder, "doctor", str(crm))
    assert "\x1b" not in done.stdout
    assert done.stderr == ""


# --- export


def test_export_has_columns_by_key_in_csv_and_json_alike(run: Run, crm: Path) -> None:
    table = list(csv.DictReader(io.StringIO(run("export", crm, "--tab", "leads").stdout)))
    objects = json.loads(run("export", crm, "--tab", "leads", "--format", "json").stdout)
    assert len(table) == len(objects) > 70
    assert list(table[0]) == list(objects[0])
    assert {"id", "created", "phone", "status", "score", "attention"} <= set(table[0])
    for line, found in zip(table, objects, strict=True):
        assert line["id"] == found["id"]
        assert (line["phone"] or None) == found["phone"]
        if found["created"] is not None:
            date.fromisoformat(found["created"])
        assert found["score"] is None or isinstance(found["score"], int)


def test_export_into_a_file_says_so_on_stderr(run: Run, crm: Path, folder: Path) -> None:
    result = run("export", crm, "--tab", "statuses", "-o", "statuses.csv")
    assert result.stdout == ""
    assert "statuses.csv" in result.stderr
    with (folder / "statuses.csv").open(encoding="utf-8", newline="") as file:
        assert "kind" in next(csv.reader(file))


def test_export_never_writes_over_the_crm_itself(run: Run, crm: Path) -> None:
    before = crm.read_bytes()
    assert "-o" in run("export", crm, "--tab", "leads", "-o", crm, code=1).stderr
    assert crm.read_bytes() == before


def test_an_unknown_tab_is_told_with_those_that_there_are(run: Run, crm: Path) -> None:
    told = run("export", crm, "--tab", "lead", code=1).stderr
    assert "leads" in told
    assert "history" in told


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_a_place_that_nothing_can_be_written_to_is_one_sentence(
    run: Run, crm: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    words, env = load(lang), {"SHEETSYNC_LANG": lang}
    (folder / "papers").mkdir()
    (folder / "file").write_text("not a folder")
    for place, sentence in (
        ("nowhere/leads.csv", words("errors.export_no_folder", folder="nowhere")),
        ("file/leads.csv", words("errors.export_no_folder", folder="file")),
        ("papers", words("errors.export_to_folder", path="papers")),
    ):
        told = run("export", crm, "--tab", "leads", "-o", place, code=1, env=env).stderr
        assert told.strip() == sentence

    def forbid(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", "leads.csv")

    # Whoever runs the tests may be root, whom no rights stop.
    monkeypatch.setattr(Path, "write_text", forbid)
    told = run("export", crm, "--tab", "leads", "-o", "leads.csv", code=1, env=env).stderr
    assert told.strip() == words("errors.export_no_permission", path="leads.csv")


def test_the_help_of_export_warns_of_texts_that_look_like_formulas(run: Run) -> None:
    for lang, said in (("en", "text that begins with =,"), ("ru", "который начинается с =,")):
        shown = run("export", "--help", env={"SHEETSYNC_LANG": lang}).output
        assert said in " ".join(shown.split())


# --- explain


def test_the_lines_of_a_score_add_up_to_it(run: Run, crm: Path) -> None:
    leads = json.loads(run("export", crm, "--tab", "leads", "--format", "json").stdout)
    scored = [lead for lead in leads if lead["score"] is not None]
    worst, *_, best = sorted(scored, key=lambda lead: lead["score"])
    for lead in (worst, best, *scored[:2]):
        found = json.loads(run("explain", lead["id"], crm, "--today", DAY, "--json").stdout)
        assert found["score"] == lead["score"] == sum(line["points"] for line in found["points"])


def test_explain_tells_score_flags_today_and_history(run: Run, crm: Path) -> None:
    first = json.loads(run("export", crm, "--tab", "today", "--format", "json").stdout)[0]
    said = run("explain", first["lead"], crm, "--today", DAY).stdout
    assert f"Score {first['score']}" in said
    assert first["reason"] in said
    assert "Number 1 of" in said
    assert "→" in said or "When" in said


def test_a_lead_is_known_by_its_number_too(run: Run, crm: Path) -> None:
    whole = run("explain", "L-00002", crm, "--today", DAY).stdout
    assert run("explain", "2", crm, "--today", DAY).stdout == whole
    assert run("explain", "l-2", crm, "--today", DAY).stdout == whole


def test_a_lead_that_is_not_there_is_one_sentence(run: Run, crm: Path) -> None:
    assert "L-99999" in run("explain", "L-99999", crm, code=1).stderr


# --- doctor


def test_the_doctor_finds_a_healthy_crm_healthy(run: Run) -> None:
    run("init", "shop.xlsx")
    run("refresh")
    said = run("doctor").stdout
    assert "Everything is in order." in said
    assert "✗" not in said
    assert json.loads(run("doctor", "--json").stdout)["ok"] is True


def test_the_doctor_names_the_command_that_mends_a_lost_tab(run: Run, crm: Path) -> None:
    book = openpyxl.load_workbook(crm)
    del book["Today"]
    book.save(crm)
    assert f"sheetsync init {crm}" in run("doctor", crm).stdout


def test_the_doctor_names_tabs_by_their_titles(run: Run, crm: Path) -> None:
    book = openpyxl.load_workbook(crm)
    del book["Today"]
    del book["Dashboard"]
    book.save(crm)
    said = run("doctor", crm, env={"SHEETSYNC_LANG": "ru"}).stdout
    # In the language of the workbook, whoever reads.
    assert "Today, Dashboard" in said


def test_the_doctor_names_the_first_of_the_cells_by_its_row(run: Run, crm: Path) -> None:
    problems = json.loads(run("refresh", crm, "--today", DAY, "--json").stdout)["problems"]
    rows = [problem["row"] for problem in problems if problem["tab"] == "leads"]
    assert rows == sorted(rows)
    said = run("doctor", crm).stdout
    assert (
        f"Leads: {len(rows)} cells could not be understood, the first in row {min(rows)}." in said
    )


def test_the_doctor_names_cells_and_what_is_stale(run: Run, crm: Path) -> None:
    edit(crm, "Leads", {f"{column(crm, 'Leads', 'Budget')}2": "a lot"})
    found = json.loads(run("doctor", crm, "--json").stdout)["findings"]
    by_code = {finding["code"]: finding for finding in found}
    assert f"sheetsync refresh {crm}" in by_code["out_of_date"]["mend"]
    assert by_code["cells_not_understood"]["level"] == "warning"


def test_the_doctor_fails_on_what_keeps_us_from_working(run: Run, crm: Path, folder: Path) -> None:
    crm.with_name(f"~${crm.name}").write_bytes(b"\x04Anna")
    said = run("doctor", crm, code=1).stdout
    assert "✗" in said
    (folder / "no.xlsx").write_bytes(b"no")
    assert json.loads(run("doctor", "no.xlsx", "--json", code=1).stdout)["ok"] is False
