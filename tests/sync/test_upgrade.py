"""A CRM of an earlier version gets the rules that came since: once, and switched off."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import requests
from click.testing import CliRunner

from sheetsync import crm, locales
from sheetsync.cli import main
from sheetsync.crm import kinds
from sheetsync.sync.provision import provision
from sheetsync.sync.refresh import refresh
from sheetsync.workbooks.base import Provision
from sheetsync.workbooks.google.http import SheetsClient
from sheetsync.workbooks.google.workbook import GoogleWorkbook
from sheetsync.workbooks.xlsx.workbook import XlsxWorkbook
from tests.google import Server
from tests.sync.both import SORTS, Shop, empty_workbook
from tests.workbooks.contract import Operator, ticked
from tests.workbooks.excel import ExcelOperator

EN = locales.load("en")
NOW = datetime(2026, 11, 21, 12)
SAYS = ("Field", "Condition", "Value")
CAME = 16
"""Two rules about the source's conversion and fourteen about junk, price-shoppers, competitors."""


def _old(meta: Mapping[str, str], lang: str = "en") -> Provision:
    """A CRM as the first version made it: without the rules that came later."""
    words = locales.load(lang)
    seeds = kinds.seeds("general", words)
    late = {
        words(f"choices.rule_group.{group}") for group in ("junk", "price_shopper", "competitor")
    }
    index = words("scoring.field.source_index")
    seeds["scoring"] = [
        rule for rule in seeds["scoring"] if rule["group"] not in late and rule["field"] != index
    ]
    steps = [(row["id"], row["step"]) for row in seeds["steps"]]
    base = {"lang": lang, "kind": "general"}
    return Provision(crm.layout("general", steps), words, seeds, base | dict(meta))


def make(name: str, tmp_path: Path, server: Server, **meta: str) -> Shop:
    workbook, person = empty_workbook(name, tmp_path, server)
    workbook.provision(_old(meta or {"layout": "1"}))
    person.append("Leads", {"Name": "asdf", "Phone": "123456789", "Status": "New"})
    return workbook, person


@pytest.fixture(params=SORTS)
def shop(request: pytest.FixtureRequest, tmp_path: Path, server: Server) -> Shop:
    """A CRM of the first version with one lead, which today's rules call junk."""
    return make(request.param, tmp_path, server)


def rules(person: Operator) -> list[dict[str, Any]]:
    return [row for row in person.rows("Scoring") if row.get("Field")]


def says(row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(row.get(key) or "") for key in SAYS)


def test_new_rules_are_told_then_added_once_and_change_no_score(shop: Shop) -> None:
    workbook, person = shop
    refresh(workbook, now=NOW)
    before, score = rules(person), person.rows("Leads")[0]["Score"]
    would = provision(workbook, dry_run=True)
    assert [step.what for step in would.steps].count("new_rule") == CAME
    assert rules(person) == before, "a dry run writes nothing"

    assert provision(workbook).steps == would.steps
    after = rules(person)
    assert after[: len(before)] == before
    fresh = after[len(before) :]
    assert [row["ID"] for row in fresh] == [f"R-{n:03d}" for n in range(10, 10 + CAME)]
    assert ("Name", "looks like", "keyboard walk") in {says(row) for row in fresh}
    assert not any(ticked(row["On"]) for row in fresh)
    assert workbook.read().meta["layout"] == crm.LAYOUT_VERSION

    refresh(workbook, now=NOW)
    assert person.rows("Leads")[0]["Score"] == score
    (walk,) = [row for row in rules(person) if row["Value"] == "keyboard walk"]
    assert walk["Leads matched"] == 1, "its effect is shown all the same"
    assert refresh(workbook, now=NOW).nothing
    assert provision(workbook).steps == ()


def test_a_column_that_came_since_shows_its_results_after_one_refresh(shop: Shop) -> None:
    workbook, person = shop
    person.type("Leads", 2, "Next action", date(2026, 11, 25))
    refresh(workbook, now=NOW)
    for header in ("Date moved", "Tier"):
        person.delete_column("Leads", header)
    if isinstance(workbook, GoogleWorkbook):
        person.delete_column("_leads", "pushes")  # as in a workbook that never had it
    provision(workbook)
    refresh(workbook, now=NOW)
    (row,) = person.rows("Leads")
    assert (row["Date moved"], row["Tier"]) == (0, "C")
    assert refresh(workbook, now=NOW).nothing


def test_rules_that_were_deleted_stay_deleted(shop: Shop) -> None:
    workbook, person = shop
    first = says(rules(person)[0])
    person.delete_row("Scoring", 2)
    provision(workbook)
    last = says(rules(person)[-1])
    person.delete_row("Scoring", len(rules(person)) + 1)
    assert provision(workbook).steps == ()
    refresh(workbook, now=NOW)
    assert provision(workbook).steps == ()
    assert not {first, last} & {says(row) for row in rules(person)}
    assert len(rules(person)) == 6 + CAME - 1


def test_a_rule_that_the_owner_has_already_does_not_come_twice(shop: Shop) -> None:
    workbook, person = shop
    own = {"Field": "NAME", "Condition": "Looks like", "Value": " Test ", "Points": -5}
    person.append("Scoring", own)
    provision(workbook)
    same = [row for row in rules(person) if str(row["Value"]).strip().casefold() == "test"]
    assert [row["Points"] for row in same] == [-5]
    assert len(rules(person)) == 7 + CAME


def test_a_column_that_was_deleted_comes_back_with_the_new_rules(shop: Shop) -> None:
    workbook, person = shop
    person.delete_column("Scoring", "Points")
    provision(workbook)
    assert [row["Points"] for row in rules(person)][:7] == [None] * 7
    assert all(isinstance(row["Points"], int | float) for row in rules(person)[7:])


@pytest.mark.parametrize(("recorded", "count"), [(None, CAME), ("soon", CAME), ("2", 0), ("9", 0)])
def test_what_came_since_is_known_by_the_recorded_version(
    tmp_path: Path, server: Server, recorded: str | None, count: int
) -> None:
    meta = {} if recorded is None else {"layout": recorded}
    workbook, person = make("xlsx", tmp_path, server, **(meta or {"made": "long ago"}))
    provision(workbook)
    assert len(rules(person)) == 7 + count
    version = "9" if recorded == "9" else crm.LAYOUT_VERSION
    assert workbook.read().meta["layout"] == version, "an older sheetsync does not lower it"


def test_a_new_crm_has_all_rules_and_is_offered_none(tmp_path: Path) -> None:
    path = tmp_path / "new.xlsx"
    provision(XlsxWorkbook(path), kind="general", lang="en")
    on = [says(row) for row in rules(ExcelOperator(path)) if ticked(row["On"])]
    assert len(on) == 7 + CAME - 1, "all but the example of a competitor"
    assert provision(XlsxWorkbook(path)).steps == ()


def test_two_upgrades_at_once_bring_the_rules_once(tmp_path: Path, server: Server) -> None:
    workbook, person = make("google", tmp_path, server)
    assert isinstance(workbook, GoogleWorkbook)

    class Interrupted(requests.Session):
        def request(self, method: Any, url: Any, *args: Any, **more: Any) -> requests.Response:
            if url.endswith(":batchUpdate"):
                provision(workbook)
            return super().request(method, url, *args, **more)

    session = Interrupted()
    session.headers["Authorization"] = f"Bearer {server.token()}"
    spreadsheet = workbook.address.split("/d/")[1].split("/")[0]
    provision(GoogleWorkbook(SheetsClient(session=session), spreadsheet))
    assert len(rules(person)) == 7 + CAME
    assert provision(workbook).steps == ()


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "16 new rules in the Scoring tab, switched off"),
        ("ru", "16 новых правил на вкладке «Скоринг», выключены"),
    ],
)
def test_init_says_how_many_rules_came_where_and_that_they_are_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lang: str, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "shop.xlsx"
    XlsxWorkbook(path).provision(_old({"layout": "1"}, lang))
    line = ["init", str(path), "--dry-run"]
    result = CliRunner(env={"SHEETSYNC_LANG": lang}).invoke(main, line)
    assert result.exit_code == 3
    assert said in " ".join(result.output.split())
