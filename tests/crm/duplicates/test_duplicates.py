"""Duplicates: flags and whom they name, what people say, new attempts; links recomputed in SQL."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sheetsync.crm import base
from sheetsync.crm.duplicates import capability as duplicates
from tests.crm.books import NO_RESULTS, STATUSES, make_book
from tests.crm.duplicates.crowd import crowd
from tests.crm.shops import random_shop, sql

NEW, WORK, WON, LOST, SPAM = "New", "In work", "Won", "Lost", "Spam"
PHONE = "+79161234568"
DAY = pd.Timestamp


def _lead(created: str = "2026-10-01", status: str = WORK, **more: Any) -> dict[str, Any]:
    return {"created": created, "status": status, "phone": PHONE, **more}


def _moves(*lines: tuple[str, str, str, str]) -> list[dict[str, Any]]:
    names = ("at", "lead", "from_status", "to_status")
    return [dict(zip(names, line, strict=True)) for line in lines]


def _part(*leads: dict[str, Any], **more: Any) -> base.Part:
    return duplicates.compute(make_book(leads=leads, **more), NO_RESULTS)


def _pairs(part: base.Part) -> set[tuple[str, str, str]]:
    table = part.figures["duplicates"]
    return set(zip(table["lead"], table["other"], table["certainty"], strict=True))


def _texts(part: base.Part, code: str = "") -> dict[str, list[str]]:
    flags = part.flags[part.flags["code"].str.startswith(code)] if len(part.flags) else part.flags
    return {lead: flags["text"][flags["lead"] == lead].tolist() for lead in flags["lead"].unique()}


def test_the_later_row_names_the_first_and_says_what_to_do() -> None:
    part = _part(_lead(), _lead("2026-10-02"))
    assert _texts(part) == {
        "L-00001": [
            (
                "Looks like this row has a duplicate: L-00002 (same phone). This one came first: "
                "go on with it and close the other; if that is somebody else, type its ID into "
                '"Not a duplicate"'
            )
        ],
        "L-00002": [
            (
                "Looks like a duplicate of L-00001 (same phone), which came first: go on with "
                "that one and close this row; if this is somebody else, type L-00001 into "
                '"Not a duplicate"'
            )
        ],
    }
    assert part.flags["code"].unique().tolist() == ["duplicates.sure"]


def test_who_bought_in_a_later_row_is_not_called_in_the_earlier_one() -> None:
    part = _part(_lead("2026-10-01"), _lead("2026-10-02", WON))
    (said,) = _texts(part)["L-00001"]
    assert "L-00002 (same phone)" in said
    assert f'closed already, status "{WON}"' in said


@pytest.mark.parametrize("more", [20, 40, 80])
def test_a_crowd_that_came_after_a_closed_attempt_is_told(more: int) -> None:
    """However many rows there are, each is a duplicate of the first of its own attempt."""
    moves = [("2026-01-10", "L-00001", NEW, LOST)]
    days = pd.date_range("2026-06-01", periods=more).strftime("%Y-%m-%d")
    leads = [_lead("2026-01-01", LOST), *(_lead(day) for day in days)]
    part = _part(*({**lead, "name": "Anna Petrova"} for lead in leads), history=_moves(*moves))
    table = part.figures["duplicates"]
    assert sorted(table["lead"].unique()) == [f"L-{n:05d}" for n in range(3, more + 2)]
    assert table["first"].eq("L-00002").all()
    assert set(_texts(part, "duplicates.sure")) == {f"L-{n:05d}" for n in range(2, more + 2)}


def test_one_cell_does_not_say_both_duplicate_and_another_person() -> None:
    names = ("Анна Иванова", "Аня", "Кто Тоже")
    part = _part(*(_lead(name=name) for name in names))
    for lead in ("L-00001", "L-00003"):
        assert len(_texts(part)[lead]) == 1


@pytest.mark.parametrize("dates", [(None, None), ("2026-10-01", None)])
def test_without_dates_nobody_is_said_to_have_come_first(dates: tuple[str | None, ...]) -> None:
    part = _part(*(_lead(day) for day in dates))
    first, later = (_texts(part)[lead] for lead in ("L-00001", "L-00002"))
    assert "A date of creation is missing, so this one is taken for the first" in first[0]
    assert "a date of creation is missing, so that one is taken for the first" in later[0]
    names = {"name": "Иванов Пётр", "phone": "+79161234586"}, {"name": "Petr Ivanov"}
    likely = _part(*(_lead(day, **more) for day, more in zip(dates, names, strict=True)))
    assert likely.flags["code"].tolist() == ["duplicates.likely"] * 2
    assert likely.flags["text"].str.contains("taken for the first").all()
    closed = _part(_lead(dates[0]), _lead(dates[1], WON))
    (said,) = _texts(closed)["L-00001"]
    assert 'L-00002 (same phone), which is closed, status "Won"' in said
    for shop in (part, likely, closed):
        assert not shop.flags["text"].str.contains("came").any()


def test_the_column_is_called_as_it_is_now_and_in_russian_too() -> None:
    statuses = STATUSES["ru"]
    leads = [_lead(status=statuses[0]), _lead("2026-10-02", statuses[1])]
    part = _part(*leads, lang="ru", headers={"not_duplicate": "Это не он"})
    assert _texts(part)["L-00002"] == [
        (
            "Похоже, дубль L-00001 (тот же телефон), тот был раньше: продолжайте его, а эту строку "
            "закройте; если это другой человек, впишите L-00001 в «Это не он»"
        )
    ]


def test_first_is_who_was_created_first_then_the_lower_number() -> None:
    part = _part(_lead("2026-10-05"), _lead("2026-10-04"), _lead("2026-10-04"), _lead(None))
    unique = part.figures["unique"].set_index("lead")["first_of_group"]
    assert set(unique) == {"L-00002"}
    assert part.figures["duplicates"]["first"].unique().tolist() == ["L-00002"]
    assert part.figures["unique"]["lead"].tolist() == ["L-00002", "L-00003", "L-00001", "L-00004"]


def test_ids_count_as_numbers() -> None:
    part = _part(_lead(id="L-100000"), _lead(id="L-99999"))
    assert part.figures["unique"]["first_of_group"].unique().tolist() == ["L-99999"]


def test_a_crowd_is_named_in_part() -> None:
    part = _part(*(_lead(f"2026-10-{n:02d}") for n in range(1, 7)))
    (text,) = _texts(part)["L-00001"]
    assert "L-00002, L-00003, L-00004 and 2 more (same phone)" in text


def test_closed_leads_are_counted_and_not_flagged() -> None:
    part = _part(_lead(status=SPAM), _lead("2026-10-02", SPAM), _lead("2026-10-02", WON))
    assert len(part.flags) == 0
    assert len(part.figures["duplicates"]) == 3


def test_who_duplicates_a_lead_closed_since_is_told_how_it_stands() -> None:
    history = _moves(("2026-10-20", "L-00001", WORK, LOST))
    part = _part(_lead(status=LOST), _lead("2026-10-02"), history=history)
    (text,) = _texts(part)["L-00002"]
    assert 'L-00001 (same phone), which came first and is closed, status "Lost"' in text


def test_likely_duplicates_are_flagged_more_softly_and_both_ways() -> None:
    rows = [
        {"name": "Иванов Пётр", "phone": "+79161234568", "created": "2026-10-01", "status": NEW},
        {"name": "Petr Ivanov", "phone": "+79161234586", "created": "2026-10-02", "status": NEW},
    ]
    part = _part(*rows)
    assert _pairs(part) == {("L-00002", "L-00001", "likely")}
    assert part.flags["code"].tolist() == ["duplicates.likely"] * 2
    assert "L-00001 (one digit of the phone differs, same name)" in _texts(part)["L-00002"][0]
    sure = _part(_lead(), _lead()).flags["severity"].min()
    assert part.flags["severity"].max() < sure


def test_a_shared_phone_under_two_names_is_asked_about_and_no_duplicate() -> None:
    part = _part(_lead(name="Иван Петров"), _lead(name="Мария Петрова"))
    assert len(part.figures["duplicates"]) == 0
    assert part.flags["code"].tolist() == ["duplicates.shared"] * 2
    assert part.figures["shared_contacts"].to_dict("records") == [
        {"kind": "phone", "contact": PHONE, "leads": 2, "people": 2}
    ]


SAID = ("L-{:05d}", "l-{}", "{}", "№{}", " L-{:05d} ; ", "Л-{:05d}", "да", "yes", "+", "✓", "TRUE")


@pytest.mark.parametrize("where", [0, 1])
def test_not_a_duplicate_is_remembered_at_either_lead(where: int) -> None:
    """Two leads with one phone for each way to say it."""
    leads = []
    for n, said in enumerate(SAID):
        both = [_lead(day, phone=f"+79161{n:06d}") for day in ("2026-10-01", "2026-10-02")]
        both[where]["not_duplicate"] = said.format(2 * n + 2 - where)
        leads += both
    part = _part(*leads)
    assert part.problems == ()
    assert len(part.figures["duplicates"]) == 0
    assert len(part.flags) == 0
    assert part.figures["unique"]["first_of_group"].is_unique


def test_a_no_is_as_good_as_nothing() -> None:
    said = ("нет", "no", "-", "0", "FALSE")
    leads = [
        lead
        for n, no in enumerate(said)
        for lead in (_lead(phone=f"+79161{n:06d}"), _lead(phone=f"+79161{n:06d}", not_duplicate=no))
    ]
    part = _part(*leads)
    assert part.problems == ()
    assert len(part.figures["duplicates"]) == len(said)


def test_several_ids_are_several_people() -> None:
    part = _part(_lead(), _lead(), _lead(), _lead(not_duplicate="1, L-2; 3"))
    assert {pair[:2] for pair in _pairs(part)} == {
        ("L-00002", "L-00001"),
        ("L-00003", "L-00001"),
        ("L-00003", "L-00002"),
    }


def test_who_is_not_the_first_is_not_the_others_of_that_person_either() -> None:
    part = _part(_lead(), _lead(), _lead(not_duplicate="L-00001"))
    assert _pairs(part) == {("L-00002", "L-00001", "sure")}
    assert part.figures["unique"]["first_of_group"].tolist() == ["L-00001", "L-00001", "L-00003"]


def test_what_is_no_lead_is_a_problem_in_its_row() -> None:
    wrong = [
        ("не он", "unreadable", "не он"),
        ("L-00001 и Петя", "unreadable", "L-00001 и Петя"),
        ("L-00099", "unknown", "L-00099"),
        ("1, 77", "unknown", "77"),
        ("L-00006", "itself", "L-00006"),
    ]
    part = _part(_lead(), *(_lead(not_duplicate=said) for said, _, _ in wrong))
    assert part.problems == tuple(
        base.Problem("leads", "not_duplicate", n, f"L-{n - 1:05d}", typed, f"not_duplicate.{code}")
        for n, (_, code, typed) in enumerate(wrong, 3)
    )


def test_a_list_of_ids_counts_as_far_as_it_is_understood() -> None:
    assert _pairs(_part(_lead(), _lead(not_duplicate="1, 77"))) == set()


def test_who_comes_back_after_a_loss_is_a_new_attempt() -> None:
    history = _moves(
        ("2026-02-01", "L-00001", "", WORK), ("2026-03-01 12:00", "L-00001", WORK, LOST)
    )
    lost = _lead("2026-02-01", LOST, loss_reason="Too expensive")
    part = _part(lost, _lead("2026-06-01"), history=history)
    assert len(part.figures["duplicates"]) == 0
    assert part.figures["unique"]["first_of_group"].tolist() == ["L-00001", "L-00002"]
    assert part.figures["attempts"].to_dict("records") == [
        {
            "lead": "L-00002",
            "previous": "L-00001",
            "number": 2,
            "outcome": "lost",
            "closed_at": DAY("2026-03-01 12:00"),
            "certainty": "sure",
        }
    ]
    assert _texts(part) == {
        "L-00002": ["Came before as L-00001: lost on 2026-03-01 (Too expensive); this is attempt 2"]
    }
    assert part.flags["code"].tolist() == ["duplicates.attempt"]


def test_a_customer_who_comes_again_is_told_as_such() -> None:
    history = _moves(("2026-03-01", "L-00001", WORK, WON))
    part = _part(_lead("2026-02-01", WON), _lead("2026-06-01"), history=history)
    assert _texts(part)["L-00002"] == [
        "Bought before as L-00001: won on 2026-03-01; this is request 2"
    ]


@pytest.mark.parametrize(
    ("earlier", "later", "closed", "is_attempt"),
    [
        ("2026-02-01", "2026-03-02", "2026-03-01", True),
        ("2026-02-01", "2026-03-01", "2026-03-01 18:00", True),
        ("2026-02-01", "2026-02-28", "2026-03-01", False),
        ("2026-03-01", "2026-03-01", "2026-03-01", False),
        ("2026-02-01", "2026-02-02", None, True),
        ("2026-02-01", "2026-02-01", None, False),
        ("2026-02-01", None, "2026-03-01", False),
    ],
)
def test_it_is_an_attempt_when_the_earlier_was_closed_by_the_day(
    earlier: str, later: str | None, closed: str | None, is_attempt: bool
) -> None:
    history = _moves((closed, "L-00001", WORK, LOST)) if closed else []
    part = _part(_lead(earlier, LOST), _lead(later), history=history)
    assert (len(part.figures["attempts"]) == 1) is is_attempt
    assert (len(part.figures["duplicates"]) == 0) is is_attempt


def test_a_first_line_of_history_tells_no_time_of_closing() -> None:
    """The shop began to keep History when the lead had long been lost."""
    history = _moves(("2026-09-01", "L-00001", "", LOST))
    part = _part(_lead("2026-02-01", LOST), _lead("2026-06-01"), history=history)
    attempts = part.figures["attempts"]
    assert attempts["previous"].tolist() == ["L-00001"]
    assert attempts["closed_at"].isna().all()
    assert _texts(part)["L-00002"] == ["Came before as L-00001: lost; this is attempt 2"]


@pytest.mark.parametrize("status", [SPAM, "Wrong number", "Partner"])
def test_spam_and_wrong_numbers_are_no_attempts(status: str) -> None:
    part = _part(_lead("2026-02-01", status), _lead("2026-06-01"))
    assert len(part.figures["attempts"]) == 0
    assert len(part.figures["duplicates"]) == 1
    # Of the two it is the client whom conversions count.
    assert set(part.figures["unique"]["first_of_group"]) == {"L-00002"}


def test_attempts_are_counted_and_rows_within_one_are_duplicates() -> None:
    history = _moves(
        ("2026-02-10", "L-00001", WORK, LOST),
        ("2026-02-12", "L-00002", WORK, LOST),
        ("2026-04-10", "L-00003", WORK, WON),
    )
    part = _part(
        _lead("2026-02-01", LOST),
        _lead("2026-02-05", LOST),
        _lead("2026-04-01", WON),
        _lead("2026-05-01"),
        _lead("2026-05-02"),
        history=history,
    )
    attempts = part.figures["attempts"]
    assert attempts[["lead", "previous", "number", "outcome"]].to_numpy().tolist() == [
        ["L-00003", "L-00002", 2, "lost"],
        ["L-00004", "L-00003", 3, "won"],
    ]
    assert _pairs(part) == {("L-00002", "L-00001", "sure"), ("L-00005", "L-00004", "sure")}
    firsts = part.figures["unique"]["first_of_group"].tolist()
    assert firsts == ["L-00001", "L-00001", "L-00003", "L-00004", "L-00004"]


def test_while_one_row_of_a_person_is_open_a_new_one_is_a_duplicate() -> None:
    history = _moves(("2026-02-10", "L-00001", WORK, LOST))
    part = _part(
        _lead("2026-02-01", LOST), _lead("2026-02-02"), _lead("2026-05-01"), history=history
    )
    assert len(part.figures["attempts"]) == 0
    assert "L-00002 (same phone)" in _texts(part)["L-00003"][0]


def test_a_lead_that_is_opened_again_is_a_new_attempt_of_its_row() -> None:
    history = _moves(
        ("2026-02-10", "L-00001", WORK, LOST),
        ("2026-05-10", "L-00001", LOST, WORK),
        ("2026-06-10", "L-00001", WORK, LOST),
        ("2026-06-10", "L-00001", LOST, WORK),
    )
    part = _part(_lead("2026-02-01"), history=history)
    assert part.figures["attempts"][
        ["lead", "previous", "number", "outcome", "closed_at"]
    ].to_numpy().tolist() == [["L-00001", "L-00001", 2, "lost", DAY("2026-02-10")]]
    assert len(part.flags) == 0


def test_a_likely_person_who_was_lost_is_perhaps_an_attempt() -> None:
    history = _moves(("2026-03-01", "L-00001", WORK, LOST))
    part = _part(
        _lead("2026-02-01", LOST, name="Иванов Пётр"),
        _lead("2026-06-01", name="Petr Ivanov", phone="+79161234586"),
        history=history,
    )
    assert len(part.figures["duplicates"]) == 0
    assert part.figures["attempts"]["certainty"].tolist() == ["likely"]
    assert _texts(part)["L-00002"] == [
        (
            "Came before as L-00001: lost on 2026-03-01; this is attempt 2; not certain: one "
            "digit of the phone differs, same name"
        )
    ]


def test_the_move_of_this_refresh_closes_a_lead_too() -> None:
    move = {"at": DAY("2026-11-21"), "lead": "L-00001", "from": WORK, "to": LOST}
    new = pd.DataFrame([{**move, "via": "refresh", "id": "L-00001/2"}])
    book = make_book(leads=[_lead("2026-02-01", LOST), _lead("2026-06-01")])
    so_far = replace(NO_RESULTS, appends={"history": new})
    part = duplicates.compute(book, so_far)
    assert len(part.figures["attempts"]) == 0
    assert len(part.figures["duplicates"]) == 1


def _nameless(seed: int, leads: int) -> base.Book:
    """Leads with few phones and mailboxes, so that chains of them form."""
    rng = np.random.default_rng(seed)
    phones = np.array([f"+7916{1234500 + 37 * n}" for n in range(leads // 2)], dtype=object)
    boxes = np.array([f"somebody{n}x@mail.ru" for n in range(leads // 2)], dtype=object)
    frame = pd.DataFrame(
        {
            "id": [f"L-{n + 1:05d}" for n in range(leads)],
            "created": "2026-10-01",
            "status": WORK,
            "phone": rng.choice(phones, leads),
            "email": rng.choice(boxes, leads),
        }
    )
    frame.loc[rng.random(leads) < 0.3, "phone"] = None
    frame.loc[rng.random(leads) < 0.5, "email"] = None
    return make_book(leads=frame)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_sure_links_and_groups_are_those_of_sql(seed: int) -> None:
    book = _nameless(seed, 240)
    part = duplicates.compute(book, NO_RESULTS)
    table = part.figures["duplicates"]
    sure = table[table["certainty"] == "sure"]
    leads = book.leads.reset_index(names="id")[["id", "phone", "email"]]
    links = sql(
        "SELECT a.id AS other, b.id AS lead FROM leads a JOIN leads b"
        " ON a.id < b.id AND (a.phone = b.phone OR a.email = b.email)",
        leads=leads,
    )
    assert set(zip(sure["lead"], sure["other"], strict=True)) == set(
        zip(links["lead"], links["other"], strict=True)
    )
    groups = sql(
        "WITH RECURSIVE walk(id, reached) AS ("
        " SELECT id, id FROM leads UNION"
        " SELECT w.id, CASE WHEN l.lead = w.reached THEN l.other ELSE l.lead END"
        " FROM walk w JOIN links l ON w.reached IN (l.lead, l.other))"
        " SELECT id AS lead, min(reached) AS first FROM walk GROUP BY id ORDER BY id",
        leads=leads,
        links=links,
    )
    unique = part.figures["unique"].sort_values("lead")
    assert unique["first_of_group"].tolist() == groups["first"].tolist()
    assert len(links) > 50


def test_the_order_of_rows_makes_no_difference() -> None:
    of = crowd(seed=5, people=250).book
    said = of.leads["not_duplicate"].astype(object).copy()
    said.iloc[3], said.iloc[7] = "да", str(of.leads.index[8])
    of = replace(of, leads=of.leads.assign(not_duplicate=said))
    shuffled = np.random.default_rng(1).permutation(len(of.leads))
    other = replace(of, leads=of.leads.iloc[shuffled], fields=of.fields.iloc[shuffled])
    parts = [duplicates.compute(book, NO_RESULTS) for book in (of, other)]
    for name in parts[0].figures:
        pd.testing.assert_frame_equal(parts[0].figures[name], parts[1].figures[name])
    by = ["lead", "code"]
    flags = [part.flags.sort_values(by).reset_index(drop=True) for part in parts]
    pd.testing.assert_frame_equal(*flags)


def test_every_lead_has_one_line_among_the_unique_ones() -> None:
    book = random_shop(11, leads=300, lines=900)
    part = duplicates.compute(book, NO_RESULTS)
    unique = part.figures["unique"]
    assert sorted(unique["lead"]) == sorted(book.leads.index)
    firsts = unique.set_index("lead")["first_of_group"]
    assert (firsts[firsts].to_numpy() == firsts.to_numpy()).all()


@pytest.mark.parametrize("leads", [0, 1])
def test_a_shop_without_leads_or_with_one_has_no_duplicates(leads: int) -> None:
    part = _part(*[_lead()] * leads)
    assert {name: len(table) for name, table in part.figures.items()} == {
        "duplicates": 0,
        "unique": leads,
        "attempts": 0,
        "shared_contacts": 0,
    }
    assert len(part.flags) == 0


def test_ten_thousand_leads_of_one_phone_are_one_person() -> None:
    frame = pd.DataFrame([_lead(name="Елена Смирнова")] * 10_000)
    part = duplicates.compute(make_book(leads=frame), NO_RESULTS)
    assert part.figures["unique"]["first_of_group"].unique().tolist() == ["L-00001"]
    assert len(part.figures["duplicates"]) == 9_999
    assert len(part.flags) == 10_000
