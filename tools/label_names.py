"""Make ``tests/crm/junk/labelled.csv``: names, addresses, phones and companies, labelled.

Run it as ``tools/train_names.py``, from which it takes the words that the model never saw: every
real name here has such a word. What is junk comes from ``tests/crm/junk/by_hand.toml`` and from
patterns, drawn with a fixed seed by other rules than the package judges by.
"""

from __future__ import annotations

import csv
import random
import re
import tomllib
import zlib
from collections.abc import Iterator
from pathlib import Path

import phonenumbers

from sheetsync.crm.junk.letters import plain_letters
from tools import names
from tools.train_names import held_out, words_of

FOLDER = Path("tests/crm/junk")
Line = tuple[str, str, str, str]
"""field, text, sort ("" for what is no junk), origin"""

_FULL_NAME = re.compile(r"[^\W\d_]{2,}(?:[ '’-][^\W\d_]{2,}){1,3}")
_REMARKS = (
    "{} (мама Пети)",
    "{} Турагентство",
    "{} от Иры",
    "{} 🌸",
    "{} - перезвонить",
    "{}, 2 чел.",
)
_MAILBOXES = (
    "{first}.{last}", "{f}.{last}", "{f}{last}", "{last}{f}", "{last}", "{first}_{last}",
    "{last}.{f}", "{first}{yy}", "{last}{yyyy}", "{first}.{yyyy}", "{first}-{last}",
    "{last}_{first}", "{first}{last}",
)  # fmt: skip
_FREE = ("mail.ru", "gmail.com", "yandex.ru", "yahoo.com", "bk.ru", "outlook.com")


def _order(text: str) -> int:
    """A shuffle that is the same every time."""
    return zlib.crc32(("label " + text).encode())


def _unseen(text: str) -> bool:
    return any(map(held_out, words_of([text])))


def _world(each: int) -> Iterator[Line]:
    for nation, people in sorted(names.wikipedia().items()):
        fit = [name for name in people if _FULL_NAME.fullmatch(name) and _unseen(name)]
        for name in sorted(fit, key=_order)[: each if len(fit) >= 60 else 0]:
            yield "name", name, "", nation


def _russian(each: int) -> Iterator[Line]:
    parts = names.by_part()
    first, last, patronymic = (
        sorted((w.title() for w in parts[kind] if _unseen(w)), key=_order)
        for kind in ("Name", "Surn", "Patr")
    )
    full = list(zip(first, last, patronymic, strict=False))
    for n, (name, surname, father) in enumerate(full[: each * 8]):
        text, origin = (
            (f"{surname} {name} {father}", "full name"),
            (f"{name} {surname}", "two names"),
            (name, "first name"),
            (surname, "surname"),
            (f"{surname} {name}".upper(), "capitals"),
            (f"{name} {surname}".lower(), "lower case"),
            (f"{surname}-{last[-n - 1]} {name}", "double-barrelled"),
            (_REMARKS[n // 8 % len(_REMARKS)].format(name), "with a remark"),
        )[n % 8]
        yield "name", text, "", f"Russian, {origin}"
    foreign = [
        name
        for country in ("Chinese", "Vietnamese", "Korean", "Iranian", "German", "Indian", "French")
        for name in sorted(names.world()[country], key=_order)[:400]
        if _FULL_NAME.fullmatch(name)
    ]
    for name in sorted(foreign, key=_order)[: each * 2]:
        heard = " ".join(names.in_cyrillic("", [name])).title()
        if _unseen(heard):
            yield "name", heard, "", "foreign, in Cyrillic"


def _mailboxes(count: int) -> Iterator[Line]:
    parts = names.by_part()
    cyrillic = [
        (n, s)
        for n, s in zip(
            sorted(parts["Name"], key=_order), sorted(parts["Surn"], key=_order), strict=False
        )
    ]
    people = [(next(names.romanised([n])), next(names.romanised([s]))) for n, s in cyrillic]
    for nation in ("English", "German", "Polish", "Chinese", "Armenian", "Vietnamese", "Indian"):
        listed = sorted(names.wikipedia().get(nation, []), key=_order)[:400]
        split = [plain_letters(n.casefold()).split() for n in listed if _FULL_NAME.fullmatch(n)]
        people += [(words[0], words[-1]) for words in split]
    unseen = [
        (first, last)
        for first, last in people
        if (first + last).isascii() and (first + last).isalpha() and _unseen(last)
    ]
    for n, (first, last) in enumerate(sorted(unseen, key=lambda p: _order("".join(p)))[:count]):
        year = 1960 + n % 45
        local = _MAILBOXES[n % len(_MAILBOXES)].format(
            first=first, last=last, f=first[0], yy=year % 100, yyyy=year
        )
        yield "email", f"{local}@{_FREE[n % len(_FREE)]}", "", "made of a name"


def _phones(count: int) -> Iterator[Line]:
    draw = random.Random(24)
    made = 0
    while made < count:
        text = draw.choice(("+79{:09d}", "89{:09d}", "+7 495 {:07d}", "+3806{:08d}", "+4915{:09d}"))
        text = text.format(draw.randrange(10 ** int(re.search(r":0(\d+)", text)[1])))  # type: ignore[index]
        if phonenumbers.is_valid_number(phonenumbers.parse(text, "RU")):
            made += 1
            yield "phone", text, "", "drawn"


def _typed_blindly(draw: random.Random) -> str:
    """Fingers of two hands in turn, or any letters: not how the package thinks of it."""
    left, right = draw.choice((("asdfgrewq", "hjklpoiu"), ("фывапкуц", "ролджэгшщ")))
    if draw.random() < 0.5:
        letters = left + right
        return "".join(draw.choice(letters) for _ in range(draw.randint(5, 10)))
    runs = [draw.choice((left[:5], right[:4])) for _ in range(draw.randint(2, 4))]
    return "".join("".join(draw.choices(run, k=draw.randint(2, 3))) for run in runs)


def _blind(count: int) -> Iterator[Line]:
    draw = random.Random(24)
    for _ in range(count):
        word = _typed_blindly(draw)
        yield "name", draw.choice((word, word.title())), "gibberish", "drawn"
        word = _typed_blindly(draw)
        yield "company", word, "no_company", "drawn"
        box = next(w for w in iter(lambda: _typed_blindly(draw), "") if w.isascii())
        yield "email", f"{box}@{draw.choice(_FREE)}", "random_mailbox", "drawn"


def _by_hand() -> Iterator[Line]:
    lists = tomllib.loads((FOLDER / "by_hand.toml").read_text(encoding="utf-8"))
    for field, sorts in lists.items():
        for sort, text in sorts.items():
            for line in filter(None, map(str.strip, text.splitlines())):
                for entry in line.split(" | "):
                    yield field, entry.strip(), "" if sort == "real" else sort, "by hand"


def main() -> None:
    lines = [*_world(9), *_russian(70), *_mailboxes(400), *_phones(200), *_blind(90), *_by_hand()]
    with (FOLDER / "labelled.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("field", "text", "sort", "origin"))
        writer.writerows(dict.fromkeys(lines))


if __name__ == "__main__":
    main()
