"""Transitions and the funnel: hand-made cases, and random logs recomputed in SQL."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pandas as pd
import pytest

from sheetsync import locales
from sheetsync.crm import base
from sheetsync.crm.stages import log, pipeline
from sheetsync.crm.stats import wilson
from tests.crm.books import NOW, make_book
from tests.crm.shops import after, random_shop, run, sql, tables

PATH = ("New", "In work", "Proposal", "Won")


def _log(lead: str, *statuses: str, start: str = "2026-10-01") -> list[dict[str, Any]]:
    """A lead's way, a line a day."""
    days = pd.date_range(start, periods=len(statuses))
    ways = zip(days, ("", *statuses), statuses, strict=False)
    return [
        {"at": at, "lead": lead, "from_status": a, "to_status": b, "id": f"{lead}/{n + 1}"}
        for n, (at, a, b) in enumerate(ways)
    ]


def _shop(ways: dict[str, tuple[str, ...]], **more: Any) -> base.Book:
    """Each lead with the whole way that its log tells; it stands where the way ends."""
    return make_book(
        leads=[{"id": lead, "status": way[-1]} for lead, way in ways.items()],
        history=[line for lead, way in ways.items() for line in _log(lead, *way)],
        **more,
    )


def _figures(book: base.Book) -> dict[str, pd.DataFrame]:
    return dict(run(book, pipeline.compute).figures)


def _appended(book: base.Book) -> pd.DataFrame:
    return run(book, pipeline.compute).appends.get("history", pd.DataFrame())


def _last(history: pd.DataFrame) -> pd.Series:
    """The status of each lead's last line."""
    return log.last_logged(log.in_order(history, NOW))


# -- transitions


def test_a_new_lead_enters_the_log_with_the_day_it_was_created() -> None:
    book = make_book(leads=[{"status": "New", "created": "2026-11-03", "manager": "Anna"}])
    assert _appended(book).to_dict("records") == [
        {
            "at": pd.Timestamp("2026-11-03"),
            "lead": "L-00001",
            "from": "",
            "to": "New",
            "by": "Anna",
            "comment": "",
            "via": "refresh",
            "id": "L-00001/1",
        }
    ]


@pytest.mark.parametrize(
    ("status", "created"),
    [("New", None), ("New", "2026-12-24"), ("In work", "2026-11-03")],
    ids=["date unknown", "date in the future", "moved on since"],
)
def test_other_first_lines_carry_the_time_of_the_refresh(status: str, created: str | None) -> None:
    book = make_book(leads=[{"status": status, "created": created}])
    assert _appended(book)["at"].tolist() == [pd.Timestamp(NOW)]


def test_a_moved_lead_gets_one_line_from_its_last_logged_status() -> None:
    lines = _log("L-00001", "New", "In work")
    book = make_book(leads=[{"status": "Won", "created": "2026-10-01"}], history=lines)
    line = _appended(book).iloc[0]
    assert (line["at"], line["from"], line["to"]) == (pd.Timestamp(NOW), "In work", "Won")
    assert line["id"] == "L-00001/3"


def test_nothing_is_appended_when_the_log_is_up_to_date_or_the_status_unreadable() -> None:
    book = make_book(
        leads=[{"status": "In work"}, {"status": None}], history=_log("L-00001", "New", "In work")
    )
    assert _appended(book).empty


def test_the_last_line_in_time_counts_and_the_lower_of_equal_ones() -> None:
    lines = [
        {"at": "2026-10-05", "lead": "L-00001", "to_status": "Proposal"},
        {"at": "2026-10-01", "lead": "L-00001", "to_status": "New"},  # entered later
        {"at": "2026-10-05", "lead": "L-00002", "to_status": "New"},
        {"at": "2026-10-05", "lead": "L-00002", "to_status": "In work"},
    ]
    last = _last(make_book(history=lines).history)
    assert last.to_dict() == {"L-00001": "Proposal", "L-00002": "In work"}


@pytest.mark.parametrize("wrong", ["2206-10-05", None], ids=["mistyped year", "no time"])
def test_a_line_without_a_believable_time_stands_where_the_sheet_has_it(wrong: str | None) -> None:
    lines = [
        {"at": "2026-10-05", "lead": "L-00001", "to_status": "New"},
        {"at": wrong, "lead": "L-00001", "to_status": "In work"},
    ]
    later = {"at": "2026-10-06", "lead": "L-00001", "to_status": "Proposal"}
    history = make_book(history=[*lines, later]).history
    assert _last(history[:2]).tolist() == ["In work"]
    assert _last(history).tolist() == ["Proposal"]


def test_numbered_lines_follow_their_numbers_whatever_the_clocks_said() -> None:
    lines = [
        {"at": "2026-11-20 12:10", "lead": "L-00001", "to_status": "New", "id": "L-00001/1"},
        {"at": "2026-11-20 12:06", "lead": "L-00001", "to_status": "Proposal", "id": "L-00001/2"},
        {"at": "2026-11-20 12:08", "lead": "L-00002", "to_status": "New", "id": "by hand"},
        {"at": "2026-11-20 12:06", "lead": "L-00002", "to_status": "Won", "id": "L-00001/9"},
    ]
    last = _last(make_book(history=lines).history)
    assert last.to_dict() == {"L-00001": "Proposal", "L-00002": "New"}


def test_a_new_id_never_repeats_one_that_is_there() -> None:
    lines = [
        {"at": "2026-10-05", "lead": "L-00001", "to_status": "New", "id": "L-00001/2"},
        {"at": "2026-10-06", "lead": "L-00009", "to_status": "New", "id": "L-00001/3"},
    ]
    book = make_book(leads=[{"status": "Won"}], history=lines)
    assert _appended(book)["id"].tolist() == ["L-00001/4"]


def test_a_move_that_two_programs_logged_in_one_moment_counts_once() -> None:
    once = _log("L-00001", "New", "In work", "Proposal")
    twice = [*once[:2], {**once[1], "at": "2026-10-03"}, once[2]]
    figures = [
        _figures(make_book(leads=[{"status": "Proposal"}], history=lines))
        for lines in (once, twice)
    ]
    for name, figure in figures[0].items():
        pd.testing.assert_frame_equal(figures[1][name], figure, obj=name)


def test_a_status_gone_from_the_list_stays_in_the_log_and_is_no_stage() -> None:
    book = make_book(
        leads=[{"status": "Won"}], history=_log("L-00001", "New", "Haggling", "In work")
    )
    figures = _figures(book)
    assert _appended(book)["from"].tolist() == ["In work"]
    assert "Haggling" not in set(figures["funnel"]["stage"])
    assert {"Haggling"} <= set(figures["transitions"]["to"])


@pytest.mark.parametrize("lang", locales.LANGUAGES)
def test_the_log_speaks_the_language_of_the_crm(lang: str) -> None:
    status = {"en": "New", "ru": "Новый"}[lang]
    book = make_book(lang=lang, leads=[{"status": status}])
    assert _appended(book)["via"].tolist() == [{"en": "refresh", "ru": "обновление"}[lang]]


@pytest.mark.parametrize("seed", range(5))
def test_appended_lines_of_random_shops_agree_with_sql(seed: int) -> None:
    book = random_shop(seed, leads=120, lines=500)
    expected = sql(
        f"""
        WITH believed AS (
            SELECT *, CASE WHEN "at" <= TIMESTAMP '{NOW}' THEN "at" END AS t
            FROM history WHERE lead IS NOT NULL),
        placed AS (
            SELECT *, coalesce(t, max(t) OVER (PARTITION BY lead ORDER BY n)) AS place
            FROM believed),
        last AS (
            SELECT DISTINCT ON (lead) lead, to_status FROM placed
            ORDER BY lead, place DESC NULLS LAST, n DESC),
        counts AS (SELECT lead, count(*) AS lines FROM history GROUP BY lead)
        SELECT l.id AS lead, coalesce(last.to_status, '') AS "from", l.status AS "to",
               coalesce(l.manager, '') AS "by",
               CASE WHEN lines IS NULL AND l.status = 'New' AND l.created <= TIMESTAMP '{NOW}'
                    THEN l.created ELSE TIMESTAMP '{NOW}' END AS "at",
               l.id || '/' || (coalesce(lines, 0) + 1) AS id
        FROM leads l LEFT JOIN last ON last.lead = l.id LEFT JOIN counts ON counts.lead = l.id
        WHERE l.status IS NOT NULL AND l.status IS DISTINCT FROM last.to_status
        ORDER BY l.id
        """,
        **tables(book),
    )
    found = _appended(book)[list(expected.columns)]
    assert len(found) > 20
    assert found.astype(object).to_dict("records") == expected.astype(object).to_dict("records")


@pytest.mark.parametrize("seed", range(5))
def test_the_next_refresh_has_nothing_to_append(seed: int) -> None:
    book = random_shop(seed, leads=120, lines=500)
    later = after(book, run(book, pipeline.compute))
    assert _appended(later).empty
    next_day = base.Book(**{**vars(later), "now": datetime(2026, 11, 22, 9, 0)})
    # Lines dated on the 22nd are believed by now; those of the years to come are not.
    believed = later.history["at"].gt(pd.Timestamp(NOW))
    assert set(_appended(next_day).get("lead", [])) <= set(later.history.loc[believed, "lead"])


# -- the funnel


def test_stages_are_of_the_leads_that_somebody_took() -> None:
    """9 leads: 1 untouched, 1 partner, 1 wrong number, 1 spam; 5 in the base, 1 of them lost."""
    book = _shop(
        {
            "a": ("New",),
            "b": ("New", "Partner"),
            "c": ("New", "Wrong number"),
            "d": ("New", "In work", "Spam"),
            "e": ("New", "In work"),
            "f": ("New", "In work", "Lost"),
            "g": ("New", "In work", "Proposal"),
            "h": PATH,
            "i": PATH,
        }
    )
    figures = _figures(book)
    assert figures["base"].to_dict("records") == [
        {
            "created": 9,
            "base": 5,
            "untouched": 1,
            "spam": 1,
            "partner": 1,
            "not_a_lead": 1,
            "unknown": 0,
            "before": 0,
            "undated": 0,
        }
    ]
    funnel = figures["funnel"].set_index("stage")
    assert funnel["visited"].to_dict() == {"New": 5, "In work": 5, "Proposal": 3, "Won": 2}
    assert funnel["share"].tolist() == [1.0, 1.0, 0.6, 0.4]
    assert funnel["low"].iloc[3] == pytest.approx(wilson(2, 5)[0])
    assert funnel["few"].all(), "5 leads are fewer than 30"


def test_a_lead_that_returned_counts_once_and_a_lost_one_stays() -> None:
    book = _shop({"a": ("New", "In work", "Proposal", "In work", "Proposal", "In work", "Lost")})
    funnel = _figures(book)["funnel"].set_index("stage")
    assert funnel["visited"].to_dict() == {"New": 1, "In work": 1, "Proposal": 1, "Won": 0}


def test_visited_and_assumed_stand_side_by_side() -> None:
    book = _shop({"a": ("New", "Won"), "b": PATH, "c": ("New", "Proposal")})
    funnel = _figures(book)["funnel"].set_index("stage")
    assert funnel["visited"].to_dict() == {"New": 3, "In work": 1, "Proposal": 2, "Won": 2}
    assert funnel["assumed"].to_dict() == {"New": 3, "In work": 3, "Proposal": 3, "Won": 2}


def test_skipped_stages_are_listed_with_the_leads_themselves() -> None:
    book = _shop({"a": ("New", "Proposal"), "b": PATH, "c": ("New", "In work", "Won")})
    leads = book.leads.assign(
        source="Website", manager="Anna", created=pd.Timestamp("2026-09-30 18:00")
    )
    book = base.Book(**{**vars(book), "leads": leads})
    month = {"source": "Website", "manager": "Anna", "month": "2026-09"}
    assert _figures(book)["skipped"].to_dict("records") == [
        {"lead": "a", "stage": "In work", **month},
        {"lead": "c", "stage": "Proposal", **month},
    ]


def test_a_stage_that_may_be_skipped_is_never_skipped() -> None:
    statuses = [
        {"status": s, "kind": "won" if s == "Won" else "open", "may_skip": s == "In work"}
        for s in PATH
    ]
    figures = _figures(_shop({"a": ("New", "Won")}, statuses=statuses))
    assert figures["skipped"]["stage"].tolist() == ["Proposal"]


def test_statuses_of_one_order_are_alternatives() -> None:
    statuses = [
        {"status": "New", "kind": "open", "order": 1},
        {"status": "Meeting", "kind": "open", "order": 2},
        {"status": "Video call", "kind": "open", "order": 2},
    ]
    figures = _figures(_shop({"a": ("New", "Video call")}, statuses=statuses))
    assert figures["skipped"].empty
    assert figures["funnel"]["assumed"].tolist() == [1, 0, 1]
    back = _figures(_shop({"a": ("New", "Video call", "New")}, statuses=statuses))["moved_back"]
    assert back["reached"].tolist() == ["Video call"]


def test_an_alarm_when_a_later_stage_counts_more_leads() -> None:
    """The broker's: 33 % target against 30 % qualified."""
    statuses = [
        {"status": "New", "kind": "open"},
        {"status": "Qualified", "kind": "open"},
        {"status": "Target", "kind": "open"},
        {"status": "Lost", "kind": "lost"},
    ]
    ways: dict[str, tuple[str, ...]] = {f"q{n}": ("New", "Qualified", "Target") for n in range(30)}
    ways |= {f"t{n}": ("New", "Target") for n in range(3)}
    ways |= {f"x{n}": ("New", "Lost") for n in range(67)}
    book = _shop(ways, statuses=statuses)
    funnel = _figures(book)["funnel"].set_index("stage")
    assert funnel["share"].to_dict() == {"New": 1.0, "Qualified": 0.30, "Target": 0.33}
    assert funnel["exceeds"].to_dict() == {"New": None, "Qualified": None, "Target": "Qualified"}
    assert not funnel["few"].any()


def test_a_lead_moved_back_is_one_lead_and_flagged_softly() -> None:
    book = _shop({"a": ("New", "In work", "Proposal", "In work"), "b": PATH})
    results = run(book, pipeline.compute)
    assert results.figures["moved_back"].to_dict("records") == [
        {"lead": "a", "status": "In work", "reached": "Proposal"}
    ]
    assert results.flags[["lead", "code"]].to_numpy().tolist() == [["a", "pipeline.moved_back"]]
    assert results.figures["funnel"]["visited"].tolist() == [2, 2, 2, 1]


def test_a_parked_lead_has_not_moved_back() -> None:
    statuses = [
        {"status": "New", "kind": "open", "may_skip": True},
        {"status": "Parked", "kind": "open", "may_skip": True},
        {"status": "Offer", "kind": "open"},
    ]
    ways = {"p": ("New", "Offer", "Parked"), "n": ("New", "Offer", "New")}
    back = _figures(_shop(ways, statuses=statuses))["moved_back"]
    assert back["lead"].tolist() == ["n"]


def test_a_lead_set_back_to_the_first_status_is_not_untouched() -> None:
    book = _shop({"a": ("New", "In work", "New")})
    assert _figures(book)["base"][["base", "untouched"]].to_numpy().tolist() == [[1, 0]]


def test_flags_say_which_stages_and_what_to_do() -> None:
    book = make_book(
        lang="ru",
        leads=[{"status": "Продажа"}, {"status": "Отказ"}],
        history=[
            *_log("L-00001", "Новый", "Продажа"),
            *_log("L-00002", "Новый", "Предложение", "Отказ"),
        ],
    )
    flags = run(book, pipeline.compute).flags
    assert flags["lead"].tolist() == ["L-00001"], "nothing is left to do about a lost one"
    assert flags["text"][0].startswith("Пропущены этапы «В работе», «Предложение»: ")
    assert "отметьте" in flags["text"][0]


@pytest.mark.parametrize("seed", range(5))
def test_the_funnel_of_random_shops_agrees_with_sql(seed: int) -> None:
    book = random_shop(seed, leads=400, lines=1500, settings={"few": 200})
    results = run(book, pipeline.compute)
    # SQL reads the log as it stands after the refresh.
    data = tables(after(book, results))
    common = """
        WITH been AS (
            SELECT DISTINCT lead, s.status, s.kind, "order" AS o, may_skip
            FROM (SELECT lead, to_status AS status FROM history
                  UNION SELECT lead, from_status FROM history
                  UNION SELECT id, status FROM leads) seen
            JOIN statuses s USING (status) JOIN leads ON leads.id = seen.lead),
        part AS (
            SELECT id AS lead, source, manager, created, CASE
                WHEN kind IS NULL THEN 'unknown'
                WHEN kind IN ('spam', 'partner', 'not_a_lead') THEN kind
                WHEN status = 'New' AND NOT EXISTS (
                    SELECT 1 FROM been WHERE been.lead = id AND been.status <> 'New')
                THEN 'untouched' ELSE 'base' END AS part
            FROM leads),
        stage AS (SELECT status, kind, "order" AS o, may_skip FROM statuses
                  WHERE kind IN ('open', 'won')),
        visit AS (SELECT been.* FROM been JOIN part USING (lead)
                  WHERE part = 'base' AND kind IN ('open', 'won')),
        furthest AS (SELECT lead, max(o) AS o FROM visit GROUP BY lead),
        n AS (SELECT count(*) AS base FROM part WHERE part = 'base'),
        line AS (SELECT stage.*, base,
            (SELECT count(DISTINCT lead) FROM visit WHERE visit.status = stage.status) AS visited,
            (SELECT count(DISTINCT lead) FROM visit
             WHERE visit.status = stage.status OR visit.o > stage.o) AS assumed,
            (SELECT count(*) FROM furthest WHERE furthest.o > stage.o) AS passed
            FROM stage, n)
    """
    counts = sql(common + "SELECT part, count(*) AS n FROM part GROUP BY part", **data)
    figure = results.figures["base"].iloc[0]
    assert figure[counts["part"]].tolist() == counts["n"].tolist()
    assert figure["created"] == counts["n"].sum() == 400

    z = 1.959963984540054
    lines = sql(
        common
        + f"""
        , p AS (SELECT *, visited / base AS share, {z} AS z FROM line)
        SELECT status AS stage, o AS "order", kind, visited, assumed, passed, base, share,
            (share + z*z/(2*base) - z*sqrt(share*(1-share)/base + z*z/(4*base*base)))
                / (1 + z*z/base) AS low,
            (share + z*z/(2*base) + z*sqrt(share*(1-share)/base + z*z/(4*base*base)))
                / (1 + z*z/base) AS high,
            base < 200 AS few,
            (SELECT e.status FROM line e WHERE NOT e.may_skip AND e.o < p.o
                AND e.visited < p.visited ORDER BY e.visited, e.o LIMIT 1) AS exceeds
        FROM p ORDER BY o, stage
        """,
        **data,
    )
    funnel = results.figures["funnel"]
    exact = ["stage", "order", "kind", "visited", "assumed", "passed", "base", "few"]
    assert funnel[exact].to_numpy().tolist() == lines[exact].to_numpy().tolist()
    for column in ("share", "low", "high"):
        assert funnel[column].to_numpy() == pytest.approx(lines[column].to_numpy(), rel=1e-12)
    assert funnel["exceeds"].fillna("").tolist() == lines["exceeds"].fillna("").tolist()

    skipped = sql(
        common
        + """
        SELECT part.lead, stage.status AS stage, source, manager,
               strftime(created, '%Y-%m') AS month
        FROM part JOIN furthest USING (lead) JOIN stage ON stage.o < furthest.o
        WHERE part = 'base' AND NOT may_skip AND NOT EXISTS (
            SELECT 1 FROM visit v WHERE v.lead = part.lead AND v.status = stage.status)
        ORDER BY stage.o, part.lead
        """,
        **data,
    )
    found = results.figures["skipped"]
    assert len(found) > 50
    assert found.astype(object).fillna("").to_numpy().tolist() == (
        skipped.astype(object).fillna("").to_numpy().tolist()
    )


@pytest.mark.parametrize("seed", range(2))
def test_transitions_of_random_shops_agree_with_sql(seed: int) -> None:
    book = random_shop(seed, leads=100, lines=600)
    results = run(book, pipeline.compute)
    expected = sql(
        """
        SELECT coalesce(from_status, '') AS "from", coalesce(to_status, '') AS "to",
               count(*) AS moves, count(DISTINCT lead) AS leads
        FROM history WHERE lead IN (SELECT id FROM leads) GROUP BY 1, 2
        """,
        **tables(after(book, results)),
    )
    found = results.figures["transitions"]
    key = ["from", "to"]
    assert found.sort_values(key).to_numpy().tolist() == (
        expected.sort_values(key).to_numpy().tolist()
    )
    assert found["moves"].sum() > 600


# -- nothing to count


@pytest.mark.parametrize(
    "book",
    [
        make_book(),
        make_book(statuses=[]),
        make_book(leads=[{"name": "only a name"}]),
        make_book(leads=[{"status": "New"}], statuses=[]),
        make_book(leads=[{"status": "New"}]),
        make_book(history=_log("L-00001", *PATH)),
        make_book(leads=[{"status": "Lost"}]),
        make_book(leads=[{"status": "Lost"}], statuses=[{"status": "Lost", "kind": "lost"}]),
    ],
    ids=[
        "empty",
        "no statuses",
        "no status",
        "unlisted",
        "untouched",
        "only a log",
        "lost",
        "no stage",
    ],
)
def test_small_shops_have_missing_shares_and_no_flags(book: base.Book) -> None:
    results = run(book, pipeline.compute)
    funnel = results.figures["funnel"]
    empty = funnel["base"].eq(0)
    assert funnel.loc[empty, ["share", "low", "high"]].isna().all(axis=None)
    assert funnel.loc[~empty, ["share", "low", "high"]].notna().all(axis=None)
    parts = results.figures["base"].iloc[0]
    assert parts["created"] == len(book.leads) == parts.drop("created").sum()
    assert results.flags.empty


def test_one_lead_lost_at_once_is_a_base_of_one() -> None:
    funnel = _figures(make_book(leads=[{"status": "Lost"}]))["funnel"]
    assert funnel[["visited", "base", "share"]].to_numpy().tolist() == [[0, 1, 0.0]] * 4
