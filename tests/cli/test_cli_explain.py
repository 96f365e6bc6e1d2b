"""``sheetsync explain``: the sum behind a score, line by line, in both languages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from sheetsync.locales import load
from tests.cli.conftest import Run

DAY = "2026-11-21"

GROUPS = ("source", "behaviour", "junk list", None, "behaviour", "behaviour")
RULES: tuple[tuple[str, str, object, object, str | None], ...] = (
    # field, condition, value, points, note
    ("source", "filled", None, 25, None),
    ("comment", "contains", "sea", 12.5, "Knows the place"),
    ("name", "contains", "n", -7, "An odd name"),
    ("id", "filled", None, 1, None),
    ("comment", "filled", None, -10, "Talks a lot"),
    ("email", "contains", "@", 30, "Can be mailed"),
)


_made: dict[tuple[str, int], bytes] = {}


def crm(run: Run, lang: str, rows: int = 40) -> Path:
    """A CRM with rules of ours, some leads that are alike and one that is spam; the rule about
    comments switches itself off."""
    if (lang, rows) not in _made:
        _made[lang, rows] = make(run, lang, rows).read_bytes()
    path = Path("shop.xlsx")
    path.write_bytes(_made[lang, rows])
    return path


def make(run: Run, lang: str, rows: int) -> Path:
    run("init", "shop.xlsx", "--lang", lang)
    words, path = load(lang), Path("shop.xlsx")
    book = openpyxl.load_workbook(path)
    scoring, leads = book[words("tabs.scoring")], book[words("tabs.leads")]
    settings = book[words("tabs.settings")]
    place = {
        tab: {cell.value: cell.column for cell in sheet[1]}
        for tab, sheet in (("scoring", scoring), ("leads", leads))
    }

    def put(sheet: Any, tab: str, row: int, **cells: object) -> None:
        for key, value in cells.items():
            sheet.cell(row, place[tab][words(f"columns.{tab}.{key}")], value)

    scoring.delete_rows(2, scoring.max_row)
    for row, (group, rule) in enumerate(zip(GROUPS, RULES, strict=True), 2):
        key = f"choices.rule_group.{group}"
        field, condition, value, points, note = rule
        put(
            scoring,
            "scoring",
            row,
            id=f"R-{row - 1:03d}",
            group=words(key) if key in words else group,
            field=words(f"columns.leads.{field}"),
            condition=words(f"choices.condition.{condition}"),
            value=value,
            points=points,
            note=note,
            off_above="80%" if note == "Talks a lot" else None,
        )
    source = book[words("tabs.sources")]["A2"].value
    status = book[words("tabs.statuses")]["A2"].value
    for row in range(2, rows + 2):
        put(
            leads,
            "leads",
            row,
            created="2026-11-01",
            name="Ann",
            source=source,
            status=status,
            comment="by the sea",
        )
    spam = next(
        row[0].value
        for row in book[words("tabs.statuses")].iter_rows(min_row=2)
        if row[1].value == words("choices.kind.spam")
    )
    put(leads, "leads", rows + 2, created="2026-11-01", name="Bob", status=spam)
    for line in settings.iter_rows(min_row=2):
        if line[0].value == "tier_b_name":
            line[2].value = "Warm"
    book.save(path)
    run("refresh", path, "--today", DAY)
    return path


EN = """\
Score 32, tier Warm: Teach first
  +12.5      behaviour
             +12.5  R-002  Knows the place
    +25      source
               +25  R-001  Source: filled
     -7      junk list
                -7  R-003  An odd name
     +1      without a group
                +1  R-004  ID: filled
  +31.5 ≈ 32  in all

What can't be told: no points either way
     +30  R-006  Can be mailed (Email is empty)

Rules that have switched themselves off: no points for anybody
  • R-005  Talks a lot. Switched itself off: 97.6% of 41 leads meet it, the border is 80.0%
"""


def part(said: str, until: str) -> str:
    return said.split("\n\n", 1)[1].split(f"\n\n{until}")[0]


def test_the_sum_stands_line_by_line_with_its_groups(run: Run) -> None:
    said = run("explain", "1", crm(run, "en"), "--today", DAY).stdout
    lines = part(said, "What needs attention").splitlines()
    assert [line.split() for line in lines] == [line.split() for line in EN.splitlines()]


def test_the_points_of_a_sum_stand_under_one_another(run: Run) -> None:
    said = run("explain", "1", crm(run, "en"), "--today", DAY).stdout
    lines = said.splitlines()
    rules = [line for line in lines if "R-00" in line and "•" not in line][:4]
    assert len({line.index("R-00") for line in rules}) == 1
    groups = [line for line in lines if line.strip().split("  ")[-1] in ("behaviour", "source")]
    assert len({line.index(line.strip().split("  ")[-1]) for line in groups}) == 1


def test_the_sum_in_russian(run: Run) -> None:
    path = crm(run, "ru")
    said = run("explain", "1", path, "--today", DAY, env={"SHEETSYNC_LANG": "ru"}).stdout
    for line in (
        "Балл 32, класс Warm: Сначала рассказать",
        "+12,5  R-002  Knows the place",
        "+25  R-001  Источник: заполнено",
        "+31,5 ≈ 32  всего",
        "+30  R-006  Can be mailed (Почта: пусто)",
        "подходят 97,6\N{NO-BREAK SPACE}% из 41 лида, граница 80,0\N{NO-BREAK SPACE}%",
    ):
        assert line in said


def test_programs_get_the_sum_by_keys(run: Run) -> None:
    found = json.loads(run("explain", "1", crm(run, "en"), "--today", DAY, "--json").stdout)
    assert (found["score"], found["tier"], found["tier_key"]) == (32, "Warm", "b")
    assert found["handling"] == "Teach first"
    assert [(line["rule"], line["group"], line["points"]) for line in found["points"]] == [
        ("R-001", "source", 25),
        ("R-002", "behaviour", 12.5),
        ("R-003", "junk list", -7),
        ("R-004", None, 1),
    ]
    assert [(line["group"], line["points"]) for line in found["groups"]] == [
        ("behaviour", 12.5),
        ("source", 25),
        ("junk list", -7),
        (None, 1),
    ]
    assert found["unknown"] == [
        {
            "rule": "R-006",
            "points": 30,
            "text": "Can be mailed",
            "column": "email",
            "title": "Email",
            "why": "empty",
        }
    ]
    assert [line["rule"] for line in found["switched_off"]] == ["R-005"]
    assert found["marks"] == []


def test_a_rule_is_on_again_where_few_leads_meet_it(run: Run) -> None:
    found = json.loads(run("explain", "1", crm(run, "en", 3), "--today", DAY, "--json").stdout)
    assert found["switched_off"] == []
    assert found["score"] == 22  # 21.5


@pytest.mark.parametrize(
    ("lang", "expected"),
    [("en", "junk: people gave it a status of that kind"), ("ru", "мусор: люди поставили такой")],
)
def test_a_mark_is_explained(run: Run, lang: str, expected: str) -> None:
    env = {"SHEETSYNC_LANG": lang}
    assert expected in run("explain", "41", crm(run, lang), "--today", DAY, env=env).stdout
