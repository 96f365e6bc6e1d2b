"""``sheetsync score fit`` on real workbooks: what it says, and what it writes."""

from __future__ import annotations

import json
import re
import sys
from contextlib import chdir, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np
import openpyxl
import pandas as pd
import pytest
import requests
from click.testing import CliRunner

from sheetsync.cli import main, score
from sheetsync.crm.scorecard import MOST_RULES
from sheetsync.locales import load
from tests.cli.conftest import Run
from tests.crm.scorecard.shop import by_source_and_budget, frame, logistic
from tests.google.a1 import column_name
from tests.google.server import Server

DAY = "2026-11-21"
LEADS = 300
SHORT = ("--max-rules", "3")
PEOPLES = ["Group", "Field", "Condition", "Value", "Points", "Note", "On"]


def typed_leads() -> pd.DataFrame:
    """Closed leads as people type them, columns by header; Depth and Contract are the owner's own.

    A contract has a number only once it is signed. The last 30 are open.
    """
    leads, rng = frame(3, LEADS)
    won = rng.random(LEADS) < logistic(by_source_and_budget(leads, rng) + 0.3)
    status = np.where(won, "Won", "Lost").astype(object)
    status[-30:] = "New"
    return pd.DataFrame(
        {
            "Created": leads["created"].dt.strftime("%Y-%m-%d"),
            "Name": leads["name"],
            "Source": leads["source"].replace("Instagram", "Social media"),
            "Budget": leads["budget"].astype(object).where(leads["budget"].notna(), None),
            "Status": status,
            "Contract": np.where(won & (status == "Won"), "signed", None),
            "Depth": (rng.normal(0, 1, LEADS) + won).round(2),
        }
    )


def done(*words: object) -> str:
    """What a command says that goes well, for what several tests look at."""
    result = CliRunner(env={"SHEETSYNC_LANG": "en"}).invoke(main, [str(word) for word in words])
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A CRM of the general kind, without leads."""
    path = tmp_path_factory.mktemp("empty") / "crm.xlsx"
    with chdir(path.parent):  # init leaves a sheetsync.toml where it is run
        done("init", path, "--lang", "en")
    return path.read_bytes()


@pytest.fixture(scope="module")
def made(empty: bytes, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The same, filled by another program."""
    path = tmp_path_factory.mktemp("made") / "crm.xlsx"
    path.write_bytes(empty)
    book = openpyxl.load_workbook(path)
    sheet = book["Leads"]
    place = {cell.value: cell.column for cell in sheet[1]}
    last = max(place.values())
    leads = typed_leads()
    for number, header in enumerate(("Contract", "Depth"), 1):
        place[header] = last + number
        sheet.cell(1, last + number, header)
    for row, lead in enumerate(leads.to_dict("records"), 2):
        for header, cell in lead.items():
            if cell is not None:
                sheet.cell(row, place[str(header)], cell)
    book.save(path)
    return path.read_bytes()


@dataclass(frozen=True)
class LaidDown:
    """A file before and after rules were laid down in it switched off, and what was said."""

    before: bytes
    after: bytes
    said: str


@pytest.fixture(scope="module")
def laid_down(made: bytes, tmp_path_factory: pytest.TempPathFactory) -> LaidDown:
    path = tmp_path_factory.mktemp("laid") / "crm.xlsx"
    path.write_bytes(made)
    done("refresh", path, "--today", DAY)
    before = path.read_bytes()
    said = done("score", "fit", path, "--apply", "--today", DAY, *SHORT)
    return LaidDown(before, path.read_bytes(), said)


@pytest.fixture
def crm(folder: Path, made: bytes) -> Path:
    path = folder / "crm.xlsx"
    path.write_bytes(made)
    return path


def fitted(run: Run, *words: object, code: int = 0) -> dict[str, Any]:
    answer = run("score", "fit", *words, "--today", DAY, "--json", code=code).stdout
    found: dict[str, Any] = json.loads(answer)
    return found


def tab_of(crm: Path, title: str) -> pd.DataFrame:
    """A tab as it stands in the file, columns by header; rows by id."""
    with closing(openpyxl.load_workbook(crm, read_only=True)) as book:
        header, *rows = book[title].iter_rows(values_only=True)
    return pd.DataFrame(rows, columns=header).dropna(subset="ID").set_index("ID")


def said_by_people(rules: pd.DataFrame) -> list[dict[str, Any]]:
    """What people typed, or may change, of the rows of the tab."""
    known: list[dict[str, Any]] = json.loads(rules[PEOPLES].to_json(orient="records"))
    return known


def test_an_owner_reads_what_is_proposed_and_what_it_is_worth(run: Run, crm: Path) -> None:
    before = crm.read_bytes()
    said = run("score", "fit", crm, "--today", DAY).stdout
    assert "Learned from 270 closed leads" in said
    assert "30 leads of that age are still open" in said
    for part in ("Recommendation", "Depth", "AUC", "The best-scored 10%", "Today's rules"):
        assert part in said
    assert "Contract is filled for" in said
    assert "Left out." in said
    assert "so few rules can't say it all" not in said  # they come near the regression
    assert "Nothing was written." in said
    assert crm.read_bytes() == before


def test_the_same_in_russian_and_what_too_few_rules_lose(run: Run, crm: Path) -> None:
    """One rule on one column, where two columns and Depth matter."""
    env = {"SHEETSYNC_LANG": "ru"}
    said = run("score", "fit", crm, "--today", DAY, "--max-rules", 1, env=env).stdout
    assert "Учёба на 270 закрытых лидах" in said
    assert "Столбец не взят." in said
    assert "AUC 0," in said
    auc, regression, lost = (
        float(re.search(pattern, said)[1].replace(",", "."))
        for pattern in (r"Предлагаемые: AUC (\S+)", r"регрессия .* даёт (\S+)\.", r"теряет (\S+):")
    )
    assert lost == pytest.approx(regression - auc)
    assert lost > 0.02


def test_json_has_it_all_with_keys_that_no_language_changes(run: Run, crm: Path) -> None:
    found = fitted(run, crm)
    assert found["leads"] == {
        "used": 270,
        "won": found["leads"]["won"],
        "not_won": 270 - found["leads"]["won"],
        "closed": 270,
        "left_out": {"young": 0, "open": 30, "older": 0},
        "cycle_days": None,
    }
    typed = typed_leads().iloc[:-30]
    assert found["leads"]["won"] == (typed["Status"] == "Won").sum()
    for rule in found["rules"]:
        # Leads that the rule can't judge are on neither side.
        assert rule["leads"] + rule["others"] <= 270
        assert rule["won"] + rule["others_won"] <= found["leads"]["won"]
    auc = found["auc"]
    assert set(auc) == {"proposed", "fitted", "today", "logistic_regression"}
    assert auc["proposed"]["low"] < auc["proposed"]["value"] < auc["proposed"]["high"]
    assert auc["proposed"]["value"] > auc["today"]["value"]
    lost = auc["logistic_regression"]["value"] - auc["proposed"]["value"]
    assert found["lost_to_regression"] == pytest.approx(lost, abs=1.5e-4)
    assert set(found["lift"]["proposed"]) == {"0.1", "0.2"}
    (leak,) = [w for w in found["warnings"] if w["left_out"]]
    assert (leak["column"], leak["reason"], leak["open_filled"]) == ("own:Contract", "after", 0)
    assert not found["applied"]
    assert found["plan"] is None


def test_applied_and_switched_on_every_score_is_the_sum_of_the_points(run: Run, crm: Path) -> None:
    book = openpyxl.load_workbook(crm)
    switch = next(cell.column for cell in book["Scoring"][1] if cell.value == "On")
    for row in range(2, len(tab_of(crm, "Scoring")) + 2):
        book["Scoring"].cell(row, switch, False)  # only the new ones shall count
    book.save(crm)
    found = fitted(run, crm, "--apply", "--on")
    assert found["applied"]
    assert found["added"] == len(found["rules"])

    leads = tab_of(crm, "Leads")
    wanted = pd.Series(0, index=leads.index)
    cells = {"source": "Source", "budget": "Budget", "own:Depth": "Depth"}
    for rule in found["rules"]:
        cell, values = leads[cells[rule["column"]]], rule["values"]
        if rule["condition"] in ("empty", "filled"):
            met = cell.isna() == (rule["condition"] == "empty")
        elif rule["condition"] in ("equals", "one_of"):
            met = cell.isin(values)
        else:
            low = values[0] if rule["condition"] != "at_most" else -np.inf
            high = values[-1] if rule["condition"] != "at_least" else np.inf
            met = cell.astype(float).between(low, high)
        wanted += rule["points"] * met
    assert leads["Score"].astype(int).tolist() == wanted.tolist()
    assert wanted.nunique() > 4
    assert "No changes." in run("refresh", crm, "--today", DAY).stdout


def test_applied_rows_stand_below_the_old_ones_switched_off(
    run: Run, crm: Path, laid_down: LaidDown
) -> None:
    crm.write_bytes(laid_down.before)
    before, scores = tab_of(crm, "Scoring"), tab_of(crm, "Leads")["Score"]
    crm.write_bytes(laid_down.after)
    after = tab_of(crm, "Scoring")
    assert said_by_people(after.loc[before.index]) == said_by_people(before)
    new = after.drop(before.index)
    assert len(new) >= 2
    assert f"{len(new)} rows were added to Scoring, switched off" in laid_down.said
    start = max(int(key[2:]) for key in before.index) + 1
    assert new.index.tolist() == [f"R-{start + n:03d}" for n in range(len(new))]
    assert new["On"].tolist() == ["–"] * len(new)
    assert new["Leads matched"].gt(0).all()
    assert new["Note"].str.contains("proposed 2026-11-21").all()
    assert new.loc[new["Field"] == "Source", "Group"].eq("source").all()
    assert tab_of(crm, "Leads")["Score"].tolist() == scores.tolist()
    assert "No changes." in run("refresh", crm, "--today", DAY).stdout


def test_rules_that_have_a_row_get_no_other_and_stay_on_or_off(
    run: Run, crm: Path, laid_down: LaidDown
) -> None:
    """One of them is the owner's own by now and switched on; the others are off still."""
    crm.write_bytes(laid_down.after)
    new = tab_of(crm, "Scoring").index[-3:]
    book = openpyxl.load_workbook(crm)
    switch = next(cell.column for cell in book["Scoring"][1] if cell.value == "On")
    row = next(cell.row for cell in book["Scoring"]["A"] if cell.value == new[0])
    book["Scoring"].cell(row, switch, True)
    book.save(crm)
    typed = said_by_people(tab_of(crm, "Scoring"))
    found = fitted(run, crm, "--apply", "--on", *SHORT)
    assert found["added"] == 0
    assert {rule["row"]: rule["row_on"] for rule in found["rules"]} == {
        key: key == new[0] for key in new
    }
    assert said_by_people(tab_of(crm, "Scoring")) == typed


def test_a_dry_run_shows_the_rows_and_writes_nothing(
    run: Run, crm: Path, laid_down: LaidDown
) -> None:
    crm.write_bytes(laid_down.before)
    said = run("score", "fit", crm, "--apply", "--dry-run", "--today", DAY, *SHORT, code=3).stdout
    assert "would be added to Scoring" in said
    assert "Nothing was written (--dry-run)." in said
    found = fitted(run, crm, "--apply", "--dry-run", *SHORT, code=3)
    assert crm.read_bytes() == laid_down.before
    assert not found["applied"]
    assert found["plan"]["counts"]["+"] == found["added"]
    assert len(found["rules"]) == 3  # as few as were asked for


def test_too_few_sales_are_an_error_that_says_how_many_are_missing(
    run: Run, folder: Path, empty: bytes
) -> None:
    (folder / "new.xlsx").write_bytes(empty)
    result = run("score", "fit", "new.xlsx", "--today", DAY, code=1)
    assert "50 are missing" in result.stderr
    said = run("score", "fit", "new.xlsx", "--json", "--apply", "--today", DAY, code=1)
    assert json.loads(said.stdout)["error"]["code"] == "score_few_won"


def test_without_scikit_learn_one_sentence_says_what_to_install(
    run: Run, crm: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sklearn", None)
    result = run("score", "fit", crm, "--today", DAY, code=1)
    assert "pip install 'sheetsync-crm[fit]'" in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (["score", "fit", "a.xlsx", "--on"], "--on goes with --apply."),
        (["score", "fit", "a.xlsx", "--dry-run"], "--dry-run goes with --apply."),
        (["score", "fit", "a.xlsx", "--max-rules", "13"], "from 1 to 12"),
        (["score", "fti"], 'There is no command "fti".'),
        (["score", "fit", "a.xlsx", "b.xlsx"], '"b.xlsx" is one word too many.'),
    ],
    ids=" ".join,
)
def test_a_mistake_on_the_command_line_is_told_in_a_sentence(
    run: Run, line: list[str], said: str
) -> None:
    result = run(*line, code=2)
    assert said in result.stderr
    assert "See: " in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_the_command_within_the_group_has_help_with_examples(run: Run, lang: str) -> None:
    words = load(lang)
    env = {"SHEETSYNC_LANG": lang}
    assert run("score", env=env).output == run("score", "--help", env=env).output
    group = main.get_command(click.Context(main), "score")
    assert isinstance(group, click.Group)
    for name, command in group.commands.items():
        assert words(f"cli.score.{name}.short")[:20] in run("score", "--help", env=env).output
        shown = run("score", name, "--help", env=env).output
        assert words("cli.headings.examples") in shown
        assert shown.count(f"  sheetsync score {name}") >= 2
        for param in command.params:
            if isinstance(param, click.Option):
                assert param.opts[-1] in shown


def test_the_most_rules_on_the_command_line_are_those_of_the_library() -> None:
    assert score.MOST_RULES == MOST_RULES


@dataclass(frozen=True)
class Sheet:
    """A Google Sheet as other programs see it."""

    server: Server
    id: str

    @property
    def address(self) -> str:
        return f"https://docs.google.com/spreadsheets/d/{self.id}/edit"

    def get(self, cells: str) -> list[list[Any]]:
        """Rows of cells as people see them."""
        url = f"{self._values}/{cells}?valueRenderOption=UNFORMATTED_VALUE"
        rows: list[list[Any]] = self._session().get(url).json()["values"]
        return rows

    def rules(self) -> pd.DataFrame:
        header, *rows = self.get("Scoring")
        table = pd.DataFrame(rows).reindex(columns=range(len(header)))
        return table.set_axis(header, axis=1).set_index("ID")

    def type_in(self, leads: pd.DataFrame) -> None:
        """The leads, all at once."""
        (headers,) = self.get("Leads!1:1")
        data = []
        for header, column in leads.items():
            letter = column_name(headers.index(header))
            values = [["" if cell is None else cell] for cell in column]
            data.append({"range": f"Leads!{letter}2:{letter}{len(leads) + 1}", "values": values})
        written = self._session().post(
            f"{self._values}:batchUpdate", json={"valueInputOption": "RAW", "data": data}
        )
        assert written.ok, written.text

    @property
    def _values(self) -> str:
        return f"{self.server.url}/v4/spreadsheets/{self.id}/values"

    def _session(self) -> requests.Session:
        session = requests.Session()
        session.headers["Authorization"] = f"Bearer {self.server.token()}"
        return session


def test_on_a_google_sheet(run: Run, server: Server) -> None:
    """As on a file: new rows below the old ones, once, and nothing else of people's changes."""
    sheet = Sheet(server, server.create("Shop"))
    server.share(sheet.id, server.SERVICE_ACCOUNT)
    run("init", sheet.address, "--lang", "en", "--credentials", "robot.json")
    sheet.type_in(typed_leads().drop(columns=["Contract", "Depth"]))
    before = sheet.rules()
    found = fitted(run, "--apply", *SHORT)
    assert found["leads"]["used"] == 270
    assert found["added"] >= 2
    after = sheet.rules()
    assert said_by_people(after.loc[before.index]) == said_by_people(before)
    new = after.drop(before.index)
    assert new["Points"].astype(int).tolist() == [rule["points"] for rule in found["rules"]]
    assert new["On"].tolist() == [False] * len(new)
    matched = new["Leads matched"].astype(int)
    assert matched.tolist() == [rule["all_leads"] for rule in found["rules"]]

    # Once more, and now switched on: what stands there is people's, and they are told of it.
    said = run("score", "fit", "--apply", "--on", "--today", DAY, *SHORT).stdout
    assert f"switched off: {', '.join(new.index)}. What stands in Scoring · On is yours" in said
    assert "No changes." in run("refresh", "--today", DAY).stdout
    assert said_by_people(sheet.rules()) == said_by_people(after)
