"""``sheetsync funnel`` on a real file: an event log typed into it, recomputed in SQL."""

from __future__ import annotations

import json
import random
import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner

from sheetsync.cli import funnel as command
from sheetsync.cli import machine, main, stages
from sheetsync.cli.stages import BAR, bar
from sheetsync.cli.terminal import Terminal
from sheetsync.crm.stages.selection import DIMENSIONS, Selection
from sheetsync.errors import InputError
from sheetsync.locales import load
from sheetsync.sync.targets import open_workbook
from sheetsync.sync.understand import Understood, read_and_understand
from tests.cli.conftest import Run
from tests.crm.shops import sql

DAY = "2026-11-21"
STAGES = ("New", "In progress", "Offer made", "Waiting for payment", "Sold")
SOURCES = ("Website", "Advertising", "Recommendation")
MANAGERS = ("Anna", "Boris")


def event_log(seed: int, cases: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Leads and events as from another system: stages skipped and entered again, ids of its own."""
    rng = random.Random(seed)
    leads, events = [], []
    for n in range(1, cases + 1):
        lead = f"L-{n:05d}"
        at = datetime(2026, 1, 5, 9) + timedelta(hours=rng.randrange(24 * 270))
        created = at.date()
        way, place = ["New"], 0
        while place < 4 and rng.random() < 0.85:
            place = min(4, max(1, place + rng.choice((1, 1, 1, 2, -1, 0))))
            way.append(STAGES[place])
        if way[-1] != "Sold" and rng.random() < 0.6:
            way.append(rng.choice(("Lost", "Lost", "Lost", "Spam", "Partner")))
        for before, to in zip(["", *way], way, strict=False):
            events.append(
                {"at": at, "lead": lead, "from": before, "to": to, "id": f"e{len(events)}"}
            )
            at += timedelta(minutes=rng.randrange(60 * 24 * 6))
        leads.append(
            {
                "id": lead,
                "created": created if rng.random() < 0.97 else None,
                "name": f"Client {n}",
                "source": rng.choice(SOURCES),
                "manager": rng.choice((*MANAGERS, None)),
                "status": way[-1],
                "loss_reason": rng.choice(("Too expensive", None)) if way[-1] == "Lost" else None,
            }
        )
    rng.shuffle(events)  # backdated: entered in any order
    return leads, events


def type_in(path: Path, tab: str, rows: list[dict[str, Any]]) -> None:
    """Type rows under the headers of a tab."""
    book = openpyxl.load_workbook(path)
    words = load("en")
    sheet = book[words(f"tabs.{tab}")]
    places = {cell.value: cell.column for cell in sheet[1] if cell.value}
    for number, row in enumerate(rows, 2):
        for key, value in row.items():
            sheet.cell(number, places[words(f"columns.{tab}.{key}")]).value = value
    book.save(path)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, pd.DataFrame]]:
    """A CRM with the log typed in, and the log itself as tables."""
    path = tmp_path_factory.mktemp("funnel") / "crm.xlsx"
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(path.parent)
        made = CliRunner(env={"SHEETSYNC_LANG": "en"}).invoke(
            main, ["init", str(path), "--lang", "en", "--kind", "general"]
        )
    assert made.exit_code == 0, made.output
    leads, events = event_log(3, 220)
    type_in(path, "team", [{"name": name} for name in MANAGERS])
    type_in(path, "leads", leads)
    type_in(path, "history", events)
    data = {"leads": pd.DataFrame(leads), "events": pd.DataFrame(events)}
    data["leads"]["created"] = pd.to_datetime(data["leads"]["created"])
    data["stages"] = pd.DataFrame({"stage": STAGES, "o": range(5)})
    return path, data


@pytest.fixture(scope="module")
def known(shop: tuple[Path, Any]) -> Understood:
    """The CRM, read and computed once."""
    return read_and_understand(open_workbook(str(shop[0])), today=date.fromisoformat(DAY))


def answer(known: Understood, by: str | None = None, **wanted: Any) -> dict[str, Any]:
    """What ``--json`` prints."""
    return dict(json.loads(machine.dumps(command.funnel(known, Selection(**wanted), by))))


COMMON = """
    WITH visit AS (SELECT DISTINCT lead, "to" AS stage FROM events),
    base AS (SELECT l.* FROM chosen l WHERE status NOT IN ('Spam', 'Partner')
             AND id IN (SELECT lead FROM visit WHERE stage <> 'New')),
    furthest AS (SELECT lead, max(o) AS o FROM visit JOIN stages USING (stage) GROUP BY lead),
    ordered AS (SELECT *, lag("to") OVER w AS earlier FROM events WINDOW w AS
                (PARTITION BY lead ORDER BY "at", place)),
    stay AS (SELECT lead, "to" AS stage, "at", lead("at") OVER w AS until FROM ordered
             WHERE earlier IS DISTINCT FROM "to"
             WINDOW w AS (PARTITION BY lead ORDER BY "at", place))
"""


def expected(data: dict[str, pd.DataFrame], where: str, query: str) -> list[list[Any]]:
    chosen = sql(f"SELECT * FROM leads WHERE {where}", leads=data["leads"])
    events = data["events"].assign(place=range(len(data["events"])))
    found = sql(COMMON + query, **{**data, "events": events, "chosen": chosen})
    return [list(row) for row in found.to_numpy().tolist()]


@pytest.mark.parametrize(
    ("wanted", "where"),
    [
        ({}, "true"),
        ({"source": "Website"}, "source = 'Website'"),
        ({"manager": "Anna"}, "manager = 'Anna'"),
        (
            {"first": "2026-03", "last": "2026-06"},
            "created >= DATE '2026-03-01' AND created < DATE '2026-07-01'",
        ),
    ],
    ids=["all", "source", "manager", "months"],
)
def test_counts_skips_returns_losses_and_times_agree_with_sql(
    known: Understood,
    shop: tuple[Path, dict[str, pd.DataFrame]],
    wanted: dict[str, str],
    where: str,
) -> None:
    total = answer(known, **wanted)["total"]
    funnel = [line for line in total["funnel"] if line["stage"] != "Later"]
    data = shop[1]
    assert [[line["visited"], line["assumed"], line["base"]] for line in funnel] == expected(
        data,
        where,
        """SELECT (SELECT count(*) FROM visit v JOIN base b ON b.id = v.lead
                   WHERE v.stage = s.stage),
                  (SELECT count(*) FROM base b JOIN furthest f ON f.lead = b.id
                   WHERE f.o > s.o OR EXISTS (SELECT 1 FROM visit v
                                              WHERE v.lead = b.id AND v.stage = s.stage)),
                  (SELECT count(*) FROM base)
           FROM stages s ORDER BY o""",
    )
    assert [[line["lead"], line["stage"]] for line in total["skipped"]] == expected(
        data,
        where,
        """SELECT b.id, s.stage FROM base b JOIN furthest f ON f.lead = b.id
           JOIN stages s ON s.o < f.o
           WHERE s.stage IN ('In progress', 'Offer made') AND NOT EXISTS (
               SELECT 1 FROM visit v WHERE v.lead = b.id AND v.stage = s.stage)
           ORDER BY s.o, b.id""",
    )
    assert [[line["entries"], line["returned"], line["returns"]] for line in funnel] == expected(
        data,
        where,
        """SELECT coalesce(sum(n), 0)::int, count(*) FILTER (n > 1), coalesce(sum(n - 1), 0)::int
           FROM stages s LEFT JOIN (
               SELECT lead, stage, count(*) AS n FROM stay WHERE lead IN (SELECT id FROM base)
               GROUP BY ALL) c USING (stage)
           GROUP BY s.stage, s.o ORDER BY s.o""",
    )
    lost = {line["stage"]: line["lost"] for line in funnel if line["lost"]}
    assert lost == dict(
        expected(
            data,
            where,
            """SELECT stage, count(*) FROM base b JOIN furthest f ON f.lead = b.id
               JOIN stages USING (o) WHERE status = 'Lost' GROUP BY stage""",
        )
    )
    counted = expected(
        data,
        where,
        f"""SELECT stage, count(*), count(*) FILTER (until IS NULL),
                   max(epoch(coalesce(until, TIMESTAMP '{DAY}') - "at") / 86400)
            FROM stay JOIN stages USING (stage)
            WHERE stage <> 'Sold' AND lead IN (SELECT id FROM chosen
                WHERE status NOT IN ('Spam', 'Partner'))
            GROUP BY stage, o ORDER BY o""",
    )
    times = [line for line in total["times"] if line["stage"] != "Later"]
    assert [[t["stage"], t["stays"], t["here"]] for t in times] == [row[:3] for row in counted]
    assert [t["longest"] for t in times] == pytest.approx([row[3] for row in counted])
    assert sum(line["skipped"] for line in funnel) == len(total["skipped"]) > 3
    assert sum(line["returns"] for line in funnel) > 3


def test_the_parts_add_up_and_the_period_says_whom_it_cannot_place(
    known: Understood, shop: tuple[Path, dict[str, pd.DataFrame]]
) -> None:
    whole = answer(known)
    base = dict(whole["total"]["base"])
    assert base.pop("created") == sum(base.values()) == 220
    undated = int(shop[1]["leads"]["created"].isna().sum())
    halves = [answer(known, last="2026-05"), answer(known, first="2026-06")]
    assert [half["selection"]["undated"] for half in halves] == [undated] * 2
    assert sum(half["total"]["base"]["created"] for half in halves) + undated == 220


@pytest.mark.parametrize("by", command.DIMENSIONS)
def test_groups_add_up_to_the_whole(known: Understood, by: str) -> None:
    found = answer(known, by)
    for part in ("created", "base", "untouched", "spam"):
        assert sum(group["base"][part] for group in found["groups"]) == found["total"]["base"][part]
    for place, line in enumerate(found["total"]["funnel"]):
        for count in ("visited", "assumed", "entries", "returned", "lost", "skipped"):
            assert sum(group["funnel"][place][count] for group in found["groups"]) == line[count]
    names = [group["group"] for group in found["groups"]]
    if by in ("channel", "segment"):
        assert names == [None], "nobody filled it in"
    else:
        assert len(names) > 2


def test_the_keys_of_the_answer_are_those_that_the_page_names(known: Understood) -> None:
    page = (Path(__file__).parents[2] / "docs" / "funnel.md").read_text(encoding="utf-8")

    def keys(value: object) -> set[str]:
        if isinstance(value, dict):
            return set(value).union(*map(keys, value.values()))
        return set().union(*map(keys, value)) if isinstance(value, list) else set()

    found = answer(known, "source")
    assert {key for key in keys(found) if f"`{key}`" not in page} == set()


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_people_read_tables_with_intervals_and_reasons(
    known: Understood, capsys: pytest.CaptureFixture[str], lang: str
) -> None:
    words = load(lang)
    stages.tell(Terminal(words), known, answer(known))
    said = capsys.readouterr().out
    for part in ("funnel", "skipped", "returns", "times", "losses", "bottleneck"):
        assert words(f"cli.funnel.heading.{part}") in said
    assert "█" in said and "Too expensive" in said
    assert "nan" not in said.lower()
    stages.tell(Terminal(words), known, answer(known, "source"))
    matrices = capsys.readouterr().out
    assert all(name in matrices for name in SOURCES)
    assert words("cli.funnel.heading.by_lost") in matrices


def test_few_leads_are_called_too_few(
    known: Understood, capsys: pytest.CaptureFixture[str]
) -> None:
    stages.tell(Terminal(load("en")), known, answer(known, first="2026-02", last="2026-02"))
    assert "too few to judge" in capsys.readouterr().out


def test_a_period_without_leads_says_so_calmly(
    known: Understood, capsys: pytest.CaptureFixture[str]
) -> None:
    found = answer(known, "month", first="2019-01", last="2019-02")
    stages.tell(Terminal(load("en")), known, found)
    stages.tell(Terminal(load("ru")), known, {**found, "by": None})
    assert "0 leads were created." in capsys.readouterr().out
    assert found["total"]["base"]["created"] == 0
    assert found["groups"] == []
    assert found["total"]["verdict"]["verdict"] == "few"


@pytest.mark.parametrize(
    ("words", "said", "code"),
    [
        (["--from", "2026-13"], '"2026-13" is not a calendar month; write it as 2026-03.', 2),
        (["--to", "March"], '"March" is not a calendar month', 2),
        (["--from", "2026-05", "--to", "2026-04"], "--from 2026-05 is after --to 2026-04", 2),
        (["--by", "weather"], '"weather" is none of source, manager', 2),
        (["--source", "Websit"], 'There is no source "Websit". Did you mean Website?', 1),
    ],
    ids=str,
)
def test_what_cannot_be_is_told_in_a_sentence(
    run: Run, shop: tuple[Path, Any], words: list[str], said: str, code: int
) -> None:
    assert said in run("funnel", shop[0], *words, code=code).stderr


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("source", "Radio", 'There is no source "Radio". There are: Recommendation, '),
        ("manager", "Ana", 'There is no manager "Ana". Did you mean Anna?'),
        ("channel", "sideways", 'There is no channel "sideways". There are: inbound, outbound.'),
    ],
)
def test_a_name_that_is_not_there_gets_the_closest_or_all(
    known: Understood, field: str, typed: str, said: str
) -> None:
    with pytest.raises(InputError, match=re.escape(said)):
        command.spelled(known, {field: typed})
    assert command.spelled(known, {"channel": "Тёплый", "source": "ads"}) == {
        "channel": "inbound",
        "source": "Advertising",
    }


def test_the_command_prints_what_was_asked_for_and_writes_nothing(
    run: Run, known: Understood, shop: tuple[Path, Any]
) -> None:
    before = shop[0].read_bytes()
    words = ("--source", "website", "--from", "2026-03", "--by", "manager", "--without-junk")
    said = run("funnel", shop[0], "--today", DAY, "--json", *words).stdout
    wanted = {"source": "Website", "first": "2026-03", "without_junk": True}
    found = answer(known, "manager", **wanted)
    assert json.loads(said) == found
    assert shop[0].read_bytes() == before


def test_channels_are_called_as_people_call_them(
    known: Understood, capsys: pytest.CaptureFixture[str]
) -> None:
    stages.tell(Terminal(load("ru")), known, answer(known, channel="inbound"))
    assert "Только лиды канала тёплый." in capsys.readouterr().out


def test_dimensions_on_the_command_line_are_those_of_the_crm() -> None:
    assert command.DIMENSIONS == DIMENSIONS


def test_bars_are_as_long_as_their_shares() -> None:
    assert bar(1.0) == "█" * BAR
    assert bar(0.5) == "█" * (BAR // 2)
    assert bar(0.0) == bar(None) == ""
    assert bar(1 / (8 * BAR)) == "▏"
