"""A crowd of leads whose persons are known: the same people typed in several messy ways, and
different people who are easily taken for one.

Phones, mailboxes and names are made up; a fixed seed makes a fixed crowd.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sheetsync import cells
from sheetsync.crm import base
from tests.crm.books import make_book


def _words(text: str) -> list[str]:
    return text.split()


STEMS = _words(
    """
    Иван Петр Сидор Кузнец Соколь Лебед Козл Новик Мороз Волк Павл Семён Голуб Виноград Богдан
    Воробь Фёдор Михайл Бел Тарас Беляк Комар Орл Киселёв Макар Андре Ковал Иль Гусь Тит Кузьм
    Кудр Баран Кулик Алексе Степан Яковл Сорок Серге Роман Захар Борис Корол Герасим Пономар
    Григор Лазар Медвед Ерш Никит Соболь Ряб Поляк Цветк Данил Жук Фрол Журавл Николай Крыл
    Максим Сидорк Осип Белозёр Чернышёв Шуб Щук Юдин Ящук Храм Цапл Эрдман Юрь Жданок
    """
)
MEN = _words(
    """
    Александр Сергей Дмитрий Алексей Андрей Максим Евгений Иван Михаил Артём Никита Владимир
    Павел Пётр Юрий Олег Игорь Роман Денис Кирилл Глеб Фёдор Григорий Аркадий
    """
)
WOMEN = _words(
    """
    Елена Ольга Наталья Анна Татьяна Ирина Екатерина Юлия Мария Светлана Анастасия Дарья
    Виктория Ксения Полина Людмила Марина Галина Вера Софья Жанна Яна Алиса Инна
    """
)
SHORT = {
    "Александр": "Саша",
    "Дмитрий": "Дима",
    "Алексей": "Лёша",
    "Михаил": "Миша",
    "Владимир": "Вова",
    "Екатерина": "Катя",
    "Мария": "Маша",
    "Елена": "Лена",
    "Наталья": "Наташа",
    "Анастасия": "Настя",
}
FATHERS = _words("Иван Петр Сергее Алексее Андрее Дмитрие Павл Александр Михайл Юрь")
FIRMS = [
    f"{a}{b}"
    for a in ("Строй", "Тех", "Агро", "Мед", "Авто", "Эко", "Промо", "Гео", "Аква", "Вита")
    for b in ("град", "лайн", "сервис", "альянс", "мир", "ком", "дом", "маркет", "снаб", "плюс")
]
DOMAINS = ("mail.ru", "gmail.com", "yandex.ru", "bk.ru", "rambler.ru")
CITIES = ("Москва", "Казань", "Самара", "Тверь", "Омск", "Пермь", "Сочи", "Уфа", "Тула", "Псков")

_LATIN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        _words("a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh shch _ y _ e yu ya"),
        strict=True,
    )
)
_KEYBOARD = ("йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю", "qwertyuiop", "asdfghjkl", "zxcvbnm")


def latin(text: str) -> str:
    """As in a passport."""
    letters = (_LATIN.get(c.lower(), c).replace("_", "") for c in text)
    return " ".join(word.capitalize() for word in "".join(letters).split())


@dataclass(frozen=True)
class Person:
    number: int
    given: str
    surname: str
    patronymic: str
    phone: str  # ten digits
    local: str
    domain: str
    firm: str
    city: str


@dataclass(frozen=True)
class Crowd:
    """Leads and the truth about them.

    Parameters
    ----------
    book : as a shop would have it
    truth : DataFrame, a line per lead: lead, person, how ("first", "sure", "likely", or what
        confusable somebody is)
    """

    book: base.Book
    truth: pd.DataFrame

    def pairs(self, how: Sequence[str]) -> set[frozenset[str]]:
        """Pairs of a person's first lead and those that were typed in one of these ways."""
        first = self.truth[self.truth["how"] != "sure"].drop_duplicates("person")
        first_of = first.set_index("person")["lead"]
        again = self.truth[self.truth["how"].isin(how)]
        return {
            frozenset((lead, first_of[person]))
            for lead, person in zip(again["lead"], again["person"], strict=True)
            if first_of[person] != lead
        }


class Maker:
    """Makes people and types them into rows."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.rows: list[dict[str, Any]] = []
        self.people = 0
        self.taken: set[str] = set()

    def one_of(self, items: Sequence[Any]) -> Any:
        return items[int(self.rng.integers(len(items)))]

    def person(self, **given: Any) -> Person:
        """Somebody; common surnames and names are commoner than others."""
        woman = given.pop("woman", self.rng.random() < 0.5)
        names = WOMEN if woman else MEN
        stem = STEMS[int(len(STEMS) * self.rng.random() ** 1.5)]
        ending = self.one_of(("ов", "ин", "енко", "ский", "чук"))
        surname = given.pop("surname", None) or stem + ending
        if woman:
            surname = feminine(surname)
        name = names[int(len(names) * self.rng.random() ** 1.5)]
        number = int(self.rng.integers(10_000_000))
        phone = f"9{self.one_of(('16', '03', '26', '85', '99', '05'))}{number:07d}"
        while phone in self.taken:
            phone = f"9{int(self.rng.integers(10**9)):09d}"
        local = latin(surname).lower() + self.one_of((".", "_", ""))
        local += latin(name).lower()[: int(self.rng.integers(1, 9))]
        local += str(self.rng.integers(60, 99)) if self.rng.random() < 0.6 else ""
        domain = self.one_of(DOMAINS)
        while _bare(local) + domain in self.taken:
            local += str(self.rng.integers(10))
        self.taken |= {phone, _bare(local) + domain}
        self.people += 1
        found = {
            "given": name,
            "surname": surname,
            "patronymic": self.one_of(FATHERS) + ("вна" if woman else "вич"),
            "phone": phone,
            "local": local,
            "domain": domain,
            "firm": self.one_of(FIRMS) if self.rng.random() < 0.4 else "",
            "city": self.one_of(CITIES),
        }
        found["patronymic"] = self.one_of(FATHERS) + ("овна" if woman else "ович")
        return Person(self.people, **{**found, **given})

    def type(self, who: Person, how: str, **cells_: Any) -> None:
        """A row of somebody; ``cells_`` replace what they would have typed."""
        row = {
            "person": who.number,
            "how": how,
            "name": f"{who.given} {who.surname}",
            "phone": self.phone(who.phone),
            "email": f"{who.local}@{who.domain}",
            "company": who.firm or None,
            "city": who.city,
        }
        self.rows.append({**row, **cells_})

    def phone(self, digits: str) -> str:
        a, b, c, d = digits[:3], digits[3:6], digits[6:8], digits[8:]
        return str(
            self.one_of(
                (
                    f"+7 {a} {b}-{c}-{d}",
                    f"8 ({a}) {b}-{c}-{d}",
                    f"8{digits}",
                    f"7{digits}",
                    digits,
                    f"+7{digits}",
                    f"{a} {b} {c} {d}",
                )
            )
        )

    def name(self, who: Person) -> str:
        """The name in one of the ways in which people type it, without slips."""
        full = f"{who.given} {who.surname}"
        return str(
            self.one_of(
                (
                    full,
                    f"{who.surname} {who.given}",
                    f"{who.surname} {who.given} {who.patronymic}",
                    latin(full),
                    latin(f"{who.surname} {who.given}"),
                    full.replace("ё", "е").lower(),
                    f"{SHORT.get(who.given, who.given)} {who.surname}",
                )
            )
        )

    def slip(self, text: str) -> str:
        """One slip of the keyboard in a letter or digit after the first."""
        places = [i for i in range(1, len(text)) if text[i].isalnum() and text[i - 1] != " "]
        at = int(self.one_of(places))
        kind = self.one_of(("near", "swap", "drop", "twice"))
        letter = text[at].lower()
        if letter.isdigit():
            kind = "near" if kind in ("drop", "twice") else kind
        if kind == "swap" and at + 1 < len(text) and text[at + 1].isalnum():
            return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
        if kind == "drop":
            return text[:at] + text[at + 1 :]
        if kind == "twice":
            return text[:at] + text[at] + text[at:]
        if letter.isdigit():
            return (
                text[:at] + str((int(letter) + int(self.rng.integers(1, 10))) % 10) + text[at + 1 :]
            )
        row = next((keys for keys in _KEYBOARD if letter in keys), letter)
        near = row[max(row.index(letter) - 1, 0) : row.index(letter) + 2].replace(letter, "")
        return text[:at] + (self.one_of(near) if near else letter) + text[at + 1 :]

    def again_surely(self, who: Person) -> None:
        """The same person by the same phone or mailbox."""
        case = int(self.rng.integers(4))
        other = self.person()
        if case == 0:
            self.type(who, "sure", name=self.name(who))
        elif case == 1:
            self.type(who, "sure", name=self.name(who), email=None)
        elif case == 2:
            self.type(who, "sure", name=self.one_of((who.given, None)), email=None, company=None)
        else:
            local = who.local
            if who.domain == "gmail.com":
                local = local[:2] + "." + local[2:] if "." not in local[1:4] else local
                local += "+tour"
            domain = "ya.ru" if who.domain == "yandex.ru" else who.domain
            mail = f"{local}@{domain}".upper()
            self.type(who, "sure", name=self.name(who), email=mail, phone=self.phone(other.phone))

    def again_likely(self, who: Person) -> None:
        """The same person with a slip or a change, and two things that agree."""
        other = self.person()
        name = self.name(who)
        if self.rng.random() < 0.5:
            name = self.slip(name)
        case = int(self.rng.integers(4 if who.firm else 3))
        if case == 0:
            self.type(who, "likely", name=name, email=None, phone=self.phone(self.slip(who.phone)))
        elif case == 1:
            mail = f"{self.slip(who.local)}@{who.domain}"
            self.type(who, "likely", name=name, phone=None, email=mail)
        elif case == 2:
            mail = f"{other.local}@{other.domain}"
            phone = self.phone(self.slip(who.phone))
            self.type(who, "likely", name=name, phone=phone, email=mail)
        else:
            firm = self.one_of((f"ООО «{who.firm}»", latin(who.firm), who.firm.lower()))
            self.type(who, "likely", name=name, phone=None, email=None, company=firm)

    def confusable(self, who: Person) -> None:
        """Different people: a family, colleagues, namesakes."""
        kind = self.one_of(("family", "colleague", "namesake", "neighbour"))
        if kind == "family":
            woman = not who.surname.endswith(("ва", "на", "ая"))
            base_name = masculine(who.surname)
            kin = self.person(surname=base_name, woman=woman, city=who.city)
            if kin.given == who.given:
                return
            shared = self.rng.random() < 0.3
            self.type(kin, kind, **({"phone": self.phone(who.phone)} if shared else {}))
        elif kind == "colleague" and who.firm:
            switch = f"495{int(self.rng.integers(10_000_000)):07d}"
            for _ in range(int(self.rng.integers(2, 5))):
                kin = self.person(firm=who.firm, city=who.city)
                mail = f"info@{latin(who.firm).lower()}.ru"
                self.type(kin, kind, phone=self.phone(switch), email=mail)
        elif kind == "namesake":
            kin = self.person(given=who.given, city=who.city)
            kin = Person(**{**vars(kin), "surname": who.surname})
            self.type(kin, kind)
        else:
            phone = f"{(int(who.phone) + 1):010d}"
            self.type(self.person(phone=phone), kind)


def _bare(local: str) -> str:
    return "".join(filter(str.isalnum, local))


def feminine(surname: str) -> str:
    if surname.endswith("ский"):
        return surname[:-2] + "ая"
    return surname + "а" if surname.endswith(("ов", "ин")) else surname


def masculine(surname: str) -> str:
    if surname.endswith("ская"):
        return surname[:-2] + "ий"
    return surname[:-1] if surname.endswith(("ова", "ина")) else surname


def crowd(seed: int, people: int) -> Crowd:
    """A crowd of about one and a half leads per person."""
    maker = Maker(seed)
    for _ in range(people):
        who = maker.person()
        maker.type(who, "first", **({"email": None} if maker.rng.random() < 0.3 else {}))
        chance = maker.rng.random()
        has_mail = maker.rows[-1]["email"] is not None
        if chance < 0.12:
            if not has_mail:
                maker.rows[-1]["email"] = f"{who.local}@{who.domain}"
            maker.again_surely(who)
        elif chance < 0.22:
            maker.rows[-1]["email"] = f"{who.local}@{who.domain}"
            maker.again_likely(who)
        elif chance < 0.35:
            maker.confusable(who)
    return as_crowd(maker.rows, maker.rng)


def as_crowd(rows: list[dict[str, Any]], rng: np.random.Generator) -> Crowd:
    """The rows in a random order, understood as a book."""
    table = pd.DataFrame(rows).iloc[rng.permutation(len(rows))].reset_index(drop=True)
    table = table.astype(object).where(table.notna(), None)
    days = rng.integers(0, 200, len(table))
    ids = [f"L-{n + 1:05d}" for n in range(len(table))]
    leads = pd.DataFrame(
        {
            "id": ids,
            "created": (pd.Timestamp("2026-04-01") + pd.to_timedelta(days, "D")).astype(str),
            "name": table["name"],
            "phone": cells.parse_phones(table["phone"], country="RU").values,
            "email": cells.parse_emails(table["email"]).values,
            "company": table["company"],
            "status": "In work",
        }
    )
    book = make_book(
        leads=leads,
        own={"City": table["city"].tolist()},
        raw={"phone": table["phone"].tolist(), "email": table["email"].tolist()},
    )
    truth = pd.DataFrame({"lead": ids, "person": table["person"], "how": table["how"]})
    return Crowd(book, truth)
