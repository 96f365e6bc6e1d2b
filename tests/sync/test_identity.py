"""Rows keep their ids whatever people do to them."""

from __future__ import annotations

import pandas as pd
import pytest

from sheetsync import crm
from sheetsync.sync.identity import alike, fingerprints, identify

LEADS = crm.layout("general")["leads"]

ANNA = {"name": "Анна", "phone": "+7 916 123-45-67", "email": "anna@example.com"}
BORIS = {"name": "Борис", "phone": "8 903 765 43 21", "email": "boris@example.com"}
VERA = {"name": "Вера", "phone": "8 925 111 22 33"}


def sheet(*rows: dict[str, object], first: int = 2) -> pd.DataFrame:
    columns = ["id", "created", "name", "phone", "email", "request"]
    return (
        pd.DataFrame(list(rows), dtype=object, index=range(first, first + len(rows)))
        .reindex(columns=columns)
        .astype(object)
        .where(lambda f: f.notna(), None)
    )


def recorded(*rows: dict[str, object]) -> pd.DataFrame:
    """What the refresh before this one recorded of these rows."""
    frame = sheet(*rows)
    prints = fingerprints(frame)
    return pd.DataFrame({"fingerprint": prints.to_numpy()}, index=list(frame["id"]), dtype=object)


NOTHING = pd.DataFrame(dtype=object)


def test_rows_without_an_id_get_the_next_ones_in_sheet_order() -> None:
    found = identify(LEADS, sheet({"id": "L-00007", **ANNA}, BORIS, VERA), NOTHING)
    assert list(found.keys) == ["L-00007", "L-00008", "L-00009"]
    assert found.new_keys == {3: "L-00008", 4: "L-00009"}


def test_an_id_that_history_or_an_old_refresh_knows_is_never_given_again() -> None:
    old = recorded({"id": "L-00020", **VERA})
    found = identify(LEADS, sheet(ANNA), old, taken={"L-00031"})
    assert found.new_keys == {2: "L-00032"}


def test_of_a_copied_row_the_first_keeps_the_id_and_the_copy_is_told() -> None:
    rows = ({"id": "L-00001", **ANNA}, {"id": "L-00002", **BORIS}, {"id": "L-00001", **ANNA})
    found = identify(LEADS, sheet(*rows), recorded(*rows[:2]))
    assert list(found.keys) == ["L-00001", "L-00002", "L-00003"]
    (problem,) = found.problems
    assert (problem.code, problem.key, problem.typed) == ("id.copied", "L-00003", "L-00001")


def test_a_copy_is_told_as_long_as_it_is_there_and_a_changed_copy_is_a_lead_like_any() -> None:
    rows = ({"id": "L-00001", **ANNA}, {"id": "L-00002", **ANNA}, {"id": "L-00003", **ANNA})
    changed = ({"id": "L-00001", **ANNA}, {"id": "L-00001", **ANNA, "name": "Яна", "phone": "1"})
    assert [p.key for p in identify(LEADS, sheet(*rows), NOTHING).problems] == [
        "L-00002",
        "L-00003",
    ]
    assert identify(LEADS, sheet(*changed), NOTHING).problems == ()


def test_two_people_of_one_name_are_no_copies() -> None:
    rows = ({"name": "Анна"}, {"name": "Анна"}, {}, {})
    assert identify(LEADS, sheet(*rows), NOTHING).problems == ()


def test_an_id_pasted_over_another_leads_id_is_undone_even_when_it_stands_first() -> None:
    before = ({"id": "L-00001", **ANNA}, {"id": "L-00002", **BORIS})
    after = ({"id": "L-00002", **ANNA}, {"id": "L-00002", **BORIS})
    found = identify(LEADS, sheet(*after), recorded(*before))
    assert list(found.keys) == ["L-00001", "L-00002"]
    assert found.problems == ()


def test_a_lost_id_comes_back_although_the_phone_was_corrected_meanwhile() -> None:
    before = ({"id": "L-00001", **ANNA}, {"id": "L-00002", **BORIS})
    after = ({"id": "L-00001", **ANNA}, {**BORIS, "phone": "8 903 765 43 22"})
    assert list(identify(LEADS, sheet(*after), recorded(*before)).keys) == ["L-00001", "L-00002"]


def test_people_sorted_without_the_id_column_get_their_ids_back() -> None:
    before = ({"id": "L-00001", **VERA}, {"id": "L-00002", **ANNA}, {"id": "L-00003", **BORIS})
    after = ({"id": "L-00001", **ANNA}, {"id": "L-00002", **BORIS}, {"id": "L-00003", **VERA})
    found = identify(LEADS, sheet(*after), recorded(*before))
    assert list(found.keys) == ["L-00002", "L-00003", "L-00001"]


def test_a_lead_whose_name_and_phone_were_both_corrected_keeps_its_id() -> None:
    before = ({"id": "L-00001", **VERA},)
    after = ({"id": "L-00001", "name": "Вера Ильина", "phone": "8 925 111 22 34"},)
    found = identify(LEADS, sheet(*after), recorded(*before))
    assert list(found.keys) == ["L-00001"]
    assert not found.new_keys


def test_what_a_person_typed_into_the_id_column_is_no_id() -> None:
    found = identify(LEADS, sheet({"id": "новый!", **ANNA}, {"id": " l-00004 ", **BORIS}), NOTHING)
    assert list(found.keys) == ["L-00005", "L-00004"]
    assert found.new_keys == {2: "L-00005", 3: "L-00004"}


def test_phones_in_other_formats_are_the_same_fingerprint() -> None:
    one, other = fingerprints(sheet({"phone": "8 (916) 123-45-67"}, {"phone": "+7 916 1234567"}))
    assert alike(one, other)


@pytest.mark.parametrize("count", [1, 2, 50])
def test_every_row_has_a_key_and_no_two_the_same(count: int) -> None:
    frame = sheet(*({"id": "L-00003", **ANNA} for _ in range(count)))
    keys = identify(LEADS, frame, NOTHING).keys
    assert keys.is_unique
    assert keys.str.fullmatch(r"L-\d{5}").all()
