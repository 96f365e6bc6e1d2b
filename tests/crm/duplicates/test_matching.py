"""Matching: normal forms, names against names, and a crowd whose persons are known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from sheetsync.crm import base
from sheetsync.crm.duplicates import matching
from sheetsync.crm.duplicates.matching import contacts, names, people
from sheetsync.crm.duplicates.matching.people import Verdict
from sheetsync.crm.duplicates.matching.vocabulary import bits, phrases
from tests.crm.books import make_book
from tests.crm.duplicates.crowd import Crowd, Maker, crowd


def _links(book: base.Book) -> tuple[matching.Links, list[str]]:
    leads = matching.earliest_first(book.leads)
    return matching.find(matching.records(book, leads)), list(leads.index)


def _found(*leads: dict[str, Any], **more: Any) -> dict[tuple[str, str], tuple[bool, str]]:
    """(earlier, later) -> sure, evidence."""
    rows = [{"status": "New", "created": f"2026-10-{n + 1:02d}", **r} for n, r in enumerate(leads)]
    links, ids = _links(make_book(leads=rows, **more))
    return {
        (ids[pair.one], ids[pair.other]): (bool(pair.sure), str(pair.evidence))
        for pair in links.pairs.itertuples()
    }


PAIR = ("L-00001", "L-00002")
FIRMS_END = ("град", "лайн", "мир", "снаб", "парк")


@pytest.mark.parametrize(
    "spellings",
    [
        "Юлия Yulia Yuliya Iuliia Julia Yuliia",
        "Сергей Sergey Sergei Sergej",
        "Дмитрий Dmitry Dmitriy Dmitrii",
        "Алексей Alexey Aleksei Alexei Aleksey",
        "Пётр Петр Petr Pyotr Piotr",
        "Семён Семен Semen Semyon",
        "Евгений Evgeny Yevgeniy Evgenii",
        "Щукин Shchukin Schukin",
        "Чайковский Tchaikovsky Chaykovskiy Chaikovskij",
        "Хромов Khromov Hromov",
        "Яковлев Yakovlev Iakovlev Jakovlev",
        "Müller Muller müller",
    ],
)
def test_a_name_sounds_the_same_in_its_usual_spellings(spellings: str) -> None:
    heard = {names.sound(word) for spelt in spellings.split() for word in names.words_of(spelt)}
    assert len(heard) == 1


def test_different_surnames_sound_different() -> None:
    words = ["иванов", "иванова", "ивашов", "петров", "петровский", "шишкин", "чижиков", "жижиков"]
    assert len({names.sound(word) for word in words}) == len(words)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("i.v.petrov@gmail.com", "ivpetrov+tour@googlemail.com"),
        ("anna.k@yandex.ru", "anna-k@ya.ru"),
        ("anna@yandex.com", "anna@yandex.by"),
        ("anna+shop@mail.ru", "anna@mail.ru"),
    ],
)
def test_spellings_of_one_mailbox_are_one(one: str, other: str) -> None:
    assert contacts.mailbox(one) == contacts.mailbox(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a.b@mail.ru", "ab@mail.ru"),
        ("anna@gmail.com", "anna@mail.ru"),
        ("anna.k@mail.ru", "anna-k@mail.ru"),
        ("anna.k@yandex.ru", "annak@yandex.ru"),
    ],
)
def test_dots_and_domains_matter_where_they_do(one: str, other: str) -> None:
    assert contacts.mailbox(one) != contacts.mailbox(other)


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        ("Иванов Пётр", "Petr Ivanov", Verdict.SAME),
        ("Пётр Иванов", "Иванов Петр Сергеевич", Verdict.SAME),
        ("Саша Петрова", "Александра Петрова", Verdict.SAME),
        ("Bill Gates", "William Gates", Verdict.SAME),
        ("Анна", "Анна Соколова", Verdict.SAME),
        ("А. Соколова", "Анна Соколова", Verdict.SAME),
        ("Ivanov Elena", "Елена Иванова", Verdict.SAME),
        ("г-н Орлов (перезвонить)", "Олег Орлов", Verdict.SAME),
        ("Анна Соклова", "Анна Соколова", Verdict.SAME),
        ("Иван Петров", "Мария Петрова", Verdict.DIFFERENT),
        ("Александр Петров", "Александра Петрова", Verdict.DIFFERENT),
        ("Евгений Орлов", "Евгения Орлова", Verdict.DIFFERENT),
        ("Марина Орлова", "Карина Орлова", Verdict.DIFFERENT),
        ("Иван Иванович Орлов", "Иван Петрович Орлов", Verdict.DIFFERENT),
        ("Иван Петров", "Олег Сидоров", Verdict.DIFFERENT),
        ("И. Петров", "Мария Петрова", Verdict.DIFFERENT),
        ("Art's Delicatessen", "art's deli", Verdict.SAME),
        ("Bel-Air Hotel", "Hotel Bel-Air", Verdict.SAME),
        ("Абдул Рахман Каримов", "Каримов Абдулрахман", Verdict.SAME),
        ("Абдул Рахман Каримов", "Каримов Рахматулла", Verdict.DIFFERENT),
        ("Иван Петров", "Иван Петровский", Verdict.PARTLY),
        ("Анна Петрова", "Анна Сидорова", Verdict.PARTLY),
        ("Клиент", "Анна Петрова", Verdict.UNKNOWN),
        ("Анна", "Петрова", Verdict.UNKNOWN),
        ("", "Анна", Verdict.UNKNOWN),
    ],
)
def test_names_go_together_or_not(one: str, other: str, verdict: Verdict) -> None:
    texts = pd.Series([one or None, other], dtype=object)
    of = phrases(texts, names.words_of, width=5)
    for a, b in ((0, 1), (1, 0)):
        found = people.compare(of, np.array([a]), np.array([b]))
        assert Verdict(found.verdict[0]) is verdict


def test_a_spelling_that_many_have_is_a_name_and_no_slip() -> None:
    rare = pd.Series(["Анна Лескова", "Анна Пескова"])
    usual = pd.concat([rare] * 8, ignore_index=True)
    both = []
    for texts in (rare, usual):
        found = people.compare(
            phrases(texts, names.words_of, width=5), np.array([0]), np.array([1])
        )
        both.append(Verdict(found.verdict[0]))
    assert both == [Verdict.SAME, Verdict.PARTLY]


def test_a_rare_word_tells_more_than_a_common_one() -> None:
    told = bits([2, 20, 200, 1000], 1000, 1 / 500, 14.0)
    assert (np.diff(told) < 0).all()
    # 200 of 1000, these two left out; fifty leads' worth of knowing that one in 500 is usual.
    assert told[2] == pytest.approx(-np.log2((198 + 0.1) / (998 + 50)))
    assert told[3] == pytest.approx(-np.log2((998 + 0.1) / (998 + 50)))


@pytest.fixture(scope="module")
def known() -> Crowd:
    return crowd(seed=20261121, people=2200)


@pytest.fixture(scope="module")
def found(known: Crowd) -> pd.DataFrame:
    links, ids = _links(known.book)
    person = known.truth.set_index("lead")["person"]
    pairs = links.pairs.assign(
        a=[ids[n] for n in links.pairs["one"]], b=[ids[n] for n in links.pairs["other"]]
    )
    right = person[pairs["a"]].to_numpy() == person[pairs["b"]].to_numpy()
    return pairs.assign(right=right)


def test_sure_duplicates_are_right(found: pd.DataFrame) -> None:
    sure = found[found["sure"]]
    assert len(sure) > 200
    assert sure["right"].mean() >= 0.999


def test_likely_duplicates_are_right_in_nineteen_of_twenty(found: pd.DataFrame) -> None:
    likely = found[~found["sure"].to_numpy(dtype=bool)]
    assert len(likely) > 150
    assert likely["right"].mean() >= 0.95


@pytest.mark.parametrize(("how", "least"), [("sure", 0.99), ("likely", 0.8)])
def test_most_duplicates_are_found(
    known: Crowd, found: pd.DataFrame, how: str, least: float
) -> None:
    wanted = known.pairs([how])
    have = found[found["sure"]] if how == "sure" else found
    pairs = {frozenset(pair) for pair in zip(have["a"], have["b"], strict=True)}
    assert len(wanted) > 100
    assert len(wanted & pairs) / len(wanted) >= least


@pytest.mark.parametrize("how", ["family", "colleague", "namesake", "neighbour"])
def test_different_people_stay_different(known: Crowd, found: pd.DataFrame, how: str) -> None:
    confusable = known.truth.loc[known.truth["how"] == how, "lead"]
    wrong = found[~found["right"] & (found["a"].isin(confusable) | found["b"].isin(confusable))]
    assert len(confusable) > 40
    assert len(wrong) <= 0.02 * len(confusable)


def test_one_phone_in_two_formats_is_one_person() -> None:
    book_rows = [{"name": "Анна", "phone": "+79161234567"}, {"phone": "+79161234567"}]
    assert _found(*book_rows) == {PAIR: (True, "phone")}


def test_a_phone_that_could_not_be_read_is_known_by_its_last_ten_digits() -> None:
    rows = [{"name": "Анна Орлова", "phone": "+79161234567"}, {"name": "Орлова Анна"}]
    raw = {"phone": ["8 916 123-45-67", "тел 9 (916) 123 45 67 вечером"]}
    assert _found(*rows, raw=raw) == {PAIR: (True, "phone;name")}


def test_a_second_phone_in_the_cell_counts() -> None:
    rows = [{"name": "Анна Орлова", "phone": "+79161234567"}, {"phone": "+79035556677"}]
    raw = {"phone": ["8 916 123-45-67, 8 903 555-66-77", "8 903 555-66-77"]}
    assert _found(*rows, raw=raw) == {PAIR: (True, "phone")}


def test_of_several_addresses_in_a_cell_each_counts() -> None:
    rows = [{"name": "Анна Орлова", "email": None}, {"email": "anna@orlova.ru"}]
    raw = {"email": ["box@mail.ru, Anna@Orlova.ru", "anna@orlova.ru"]}
    assert _found(*rows, raw=raw) == {PAIR: (True, "email")}


@pytest.mark.parametrize("phone", ["+79000000000", "+79991111111"])
def test_a_phone_that_fills_the_cell_proves_nothing(phone: str) -> None:
    assert _found({"phone": phone}, {"phone": phone}) == {}


@pytest.mark.parametrize("email", ["test@test.ru", "none@mail.ru", "qwerty@gmail.com"])
def test_a_mailbox_that_fills_the_cell_proves_nothing(email: str) -> None:
    assert _found({"email": email}, {"email": email}) == {}


def test_a_mailbox_of_a_role_needs_the_whole_name() -> None:
    box = {"email": "info@romashka.ru"}
    assert _found({"name": "Анна Орлова", **box}, {"name": "Олег Белов", **box}) == {}
    assert _found({"name": "Анна", **box}, {"name": "Анна", **box}) == {}
    rare = _found({"name": "Анна Белоцерковская", **box}, {"name": "Белоцерковская А.", **box})
    assert rare[PAIR] == (False, "email;name_near") or rare[PAIR][0]


def test_a_switchboard_is_shared_by_colleagues() -> None:
    desk = {"phone": "+74951234568", "company": "ООО Вектор"}
    found = _found(
        {"name": "Анна Орлова", **desk},
        {"name": "Олег Белов", **desk},
        {"name": "Белов Олег", **desk},
        {"name": "Анна Чернова", **desk},
    )
    assert found == {("L-00002", "L-00003"): (True, "phone;name")}


def test_a_name_alone_is_never_enough() -> None:
    two = [
        {"name": "Елена Смирнова", "phone": "+79161112233", "email": "a1@mail.ru"},
        {"name": "Елена Смирнова", "phone": "+79035556677", "email": "b2@mail.ru"},
    ]
    assert _found(*two) == {}
    assert _found({"name": "Лукерья Белоцерковская"}, {"name": "Лукерья Белоцерковская"}) == {}


@pytest.mark.parametrize(
    ("later", "evidence"),
    [
        ({"name": "Petr Ivanov", "phone": "+79161324567"}, "phone_near;name"),
        ({"name": "Петр Иванв", "phone": "+79161234568"}, "phone_near;name_near"),
        ({"name": "Иванов Пётр", "email": "pivanov_spb@gmail.com"}, "email_near;name"),
        ({"name": "Иванов Пётр", "company": "Вектор плюс"}, "name;company"),
    ],
)
def test_two_agreeing_things_are_likely(later: dict[str, Any], evidence: str) -> None:
    first = {
        "name": "Пётр Иванов",
        "phone": "+79161234567",
        "email": "pivanov.spb@mail.ru",
        "company": "ООО «Вектор Плюс»",
    }
    others = [
        {"name": f"{name} Другой{n}", "company": f"Фирма{n}"}
        for n, name in enumerate(("Анна", "Олег"))
    ]
    found = _found(first, later, *others)
    assert found == {PAIR: (False, evidence)}


def test_somebody_whose_full_name_another_row_tells_is_not_likely_of_another_name() -> None:
    found = _found(
        {"name": "Игорь Кузнецов", "phone": "+79000002854"},
        {"name": "Игорь", "phone": "+79000002864"},
        {"name": "Игорь Герасимов", "phone": "+79000002864"},
    )
    assert found == {("L-00002", "L-00003"): (True, "phone;name")}


FIRM_PHONE = {"phone": "+74951234568"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ООО «Вектор»", "Вектор"),
        ("Vector LLC", "ВЕКТОР"),
        ("Vektor GmbH", "L.L.C. Vector"),
        ("Общество с ограниченной ответственностью «Вектор»", "АО Вектор (Москва)"),
        ("Стройсервис", "Строй-Сервис плюс"),
        ("РЖД", "ОАО Российские железные дороги"),
        ("International Business Machines Corp.", "IBM"),
        ("Техносервис", "Техносерв."),
        ("Шоколадница", "Shokoladnisa"),
        ("ТД «Белая Сирень Плюс Юг»", "Торговый дом Белая сирень плюс юг"),
        ("нет", "Вектор"),
        ("n/a", "физ. лицо"),
    ],
)
def test_one_firm_in_two_spellings_with_one_phone_is_sure(one: str, other: str) -> None:
    found = _found({"company": one, **FIRM_PHONE}, {"company": other, **FIRM_PHONE})
    assert found == {PAIR: (True, "phone")}


DIFFERENT_FIRMS = [
    ("Вектор", "Ромашка"),
    ("ООО Альфа", "ООО Бета"),
    ("Кафе Уют", "Кафе Ромашка"),
    ("Стройград", "Стройлайн"),
    ("LLC Sigma", "LLC Omega"),
    ("РЖД", "Рога Желтые Дома Хауз"),
]


@pytest.mark.parametrize(("one", "other"), DIFFERENT_FIRMS)
def test_different_firms_with_one_phone_are_strangers_as_different_people_are(
    one: str, other: str
) -> None:
    for key in ("company", "name"):
        rows = [{key: text, **FIRM_PHONE, "status": "New"} for text in (one, other)]
        links, _ = _links(make_book(leads=rows))
        assert len(links.pairs) == 0
        assert links.strangers.to_numpy().tolist() == [[0, 1]]
        assert links.phones.parties.tolist() == [2]


def test_numbers_of_firms_have_no_slips() -> None:
    schools = ({"company": f"Школа {number}", **FIRM_PHONE} for number in (1201, 1202))
    assert _found(*schools) == {}


def test_a_firm_that_differs_in_part_is_likely_and_with_the_mailbox_too_sure() -> None:
    one, other = ({"company": f"Магазин Лесной {what}", **FIRM_PHONE} for what in ("Юг", "Тверь"))
    assert _found(one, other) == {PAIR: (False, "phone")}
    box = {"email": "lesnoy77@mail.ru"}
    assert _found({**one, **box}, {**other, **box}) == {PAIR: (True, "phone;email")}


def test_two_firms_with_one_phone_and_one_mailbox_are_likely_one_client() -> None:
    both = {**FIRM_PHONE, "email": "lesnoy77@mail.ru"}
    assert _found({"company": "Вектор", **both}, {"company": "Ромашка", **both}) == {
        PAIR: (False, "phone;email")
    }


def test_one_mail_domain_is_one_firm_by_any_name() -> None:
    one = {"company": "Вектор", "email": "anna@vektor.ru", **FIRM_PHONE}
    other = {"company": "Ромашка", "email": "zakaz77@vektor.ru", **FIRM_PHONE}
    assert _found(one, other) == {PAIR: (True, "phone")}


def test_a_row_without_names_does_not_glue_two_firms_together() -> None:
    firms = ("Вектор", None, "Ромашка", "ООО «Вектор»")
    assert _found(*({"company": firm, **FIRM_PHONE} for firm in firms)) == {
        ("L-00001", "L-00004"): (True, "phone")
    }


def test_every_firm_of_a_business_centre_is_found_again() -> None:
    """More leads than are all paired with each other."""
    firms = [f"{a}{b}" for a in ("Авто", "Медиа", "Кубань", "Тепло") for b in FIRMS_END]
    leads = [{"company": firm, **FIRM_PHONE} for firm in [*firms, *firms[::-1]]]
    twice = len(firms)
    wanted = {(f"L-{n + 1:05d}", f"L-{2 * twice - n:05d}"): (True, "phone") for n in range(twice)}
    rows = [{"status": "New", "created": "2026-10-01", **lead} for lead in leads]
    links, ids = _links(make_book(leads=rows))
    assert wanted == {
        (ids[pair.one], ids[pair.other]): (bool(pair.sure), str(pair.evidence))
        for pair in links.pairs.itertuples()
    }


def test_different_contacts_speak_against_the_same_firm_and_name() -> None:
    firm = {"name": "Иван Смирнов", "company": "Газпром"}
    crowd_ = [{"name": f"Иван Смирнов{'а' * n}", "company": "Газпром"} for n in range(3, 9)]
    one = {**firm, "phone": "+79161112233", "email": "smirnov@gazprom.ru"}
    other = {**firm, "phone": "+79035556677", "email": "ivsm@mail.ru"}
    assert PAIR not in _found(one, other, *crowd_)


def test_people_without_contacts_are_known_by_the_shop_s_own_columns() -> None:
    maker = Maker(7)
    rows, own, persons = [], [], []
    for n in range(400):
        who = maker.person()
        born = f"19{maker.rng.integers(50, 99)}-{maker.rng.integers(1, 13):02d}-{n % 28 + 1:02d}"
        street = f"{maker.one_of(('Лесная', 'Новая', 'Садовая'))} {maker.rng.integers(1, 150)}"
        for again in range(2 if n % 4 == 0 else 1):
            name = maker.slip(maker.name(who)) if again else f"{who.given} {who.surname}"
            rows.append({"name": name, "status": "New", "created": "2026-10-01"})
            own.append((born, maker.slip(street) if again else street, who.city))
            persons.append(n)
    columns = {
        key: list(cells)
        for key, cells in zip(("Born", "Street", "City"), zip(*own, strict=True), strict=True)
    }
    links, ids = _links(make_book(leads=rows, own=columns))
    person = {f"L-{n + 1:05d}": who for n, who in enumerate(persons)}
    pairs = [(ids[pair.one], ids[pair.other]) for pair in links.pairs.itertuples()]
    right = [person[a] == person[b] for a, b in pairs]
    assert np.mean(right) >= 0.95
    assert sum(right) >= 0.8 * 100


def test_ten_thousand_leads_of_one_name_and_a_dirty_phone_stay_few_pairs() -> None:
    leads = [{"name": "Елена Смирнова", "status": "New", "created": "2026-10-05"}] * 10_000
    raw = {"phone": [("+7 000 000-00-00", "нет", "-", "12345")[n % 4] for n in range(10_000)]}
    links, _ = _links(make_book(leads=leads, raw=raw))
    assert len(links.pairs) == 0


def test_ten_thousand_leads_of_one_phone_are_linked_to_the_first_and_told() -> None:
    row = {"name": "Елена Смирнова", "phone": "+79161112233", "status": "New"}
    links, _ = _links(make_book(leads=[{**row, "created": "2026-10-05"}] * 10_000))
    assert links.pairs["one"].eq(0).all() and links.pairs["sure"].all()
    assert len(links.pairs) == 9_999
    assert (links.phones.leads.tolist(), links.phones.people.tolist()) == ([10_000], [1])


def test_a_phone_of_very_many_people_glues_nobody() -> None:
    maker = Maker(3)
    rows = []
    for _ in range(300):
        who = maker.person()
        name = f"{who.given} {who.surname}"
        rows.append(
            {"name": name, "phone": "+79161112233", "status": "New", "created": "2026-10-05"}
        )
    links, ids = _links(make_book(leads=rows))
    name_of = {f"L-{n + 1:05d}": row["name"] for n, row in enumerate(rows)}
    pairs = [(ids[pair.one], ids[pair.other]) for pair in links.pairs.itertuples()]
    assert all(name_of[a] == name_of[b] for a, b in pairs)
    assert links.phones.people.item() > 200
