"""Russian and English are equal: the same texts, with the same gaps, in every plural form."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from sheetsync import locales
from sheetsync.locales import LANGUAGES, Message

FOLDER = Path(locales.__file__).parent
FORMS = {"en": {"one", "other"}, "ru": {"one", "few", "many", "other"}}
CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)


def texts(message: Message) -> list[str]:
    return [message] if isinstance(message, str) else list(message.values())


def gaps(message: Message) -> set[str]:
    """The names of the placeholders of a text, in any of its forms."""
    return {
        name.split(".")[0].split("[")[0]
        for text in texts(message)
        for _, name, _, _ in string.Formatter().parse(text)
        if name is not None
    }


def messages(lang: str) -> dict[str, Message]:
    return dict(locales.load(lang).messages)


def test_both_languages_have_the_same_files() -> None:
    names = {lang: {p.name for p in (FOLDER / lang).glob("*.toml")} for lang in LANGUAGES}
    assert names["en"] == names["ru"] != set()


def test_both_languages_have_the_same_keys() -> None:
    assert set(messages("en")) == set(messages("ru"))


def test_a_text_has_the_same_gaps_in_both_languages() -> None:
    english, russian = messages("en"), messages("ru")
    # "n" only chooses the form, and a form may say it in words.
    different = {
        key: (gaps(english[key]), gaps(russian[key]))
        for key in english
        if gaps(english[key]) - {"n"} != gaps(russian[key]) - {"n"}
    }
    assert different == {}


def test_a_text_is_plural_in_both_languages_or_in_none() -> None:
    english, russian = messages("en"), messages("ru")
    assert [
        key for key in english if isinstance(english[key], str) != isinstance(russian[key], str)
    ] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_plural_texts_have_every_form_of_their_language(lang: str) -> None:
    plurals = {k: m for k, m in messages(lang).items() if not isinstance(m, str)}
    assert plurals
    assert {key: set(m) for key, m in plurals.items() if set(m) != FORMS[lang]} == {}


def test_placeholders_have_names() -> None:
    for lang in LANGUAGES:
        unnamed = [key for key, message in messages(lang).items() if "" in gaps(message)]
        assert unnamed == []


def test_english_texts_hold_no_russian_letters() -> None:
    # Words that people type in Russian may be named in an English hint, in quotes.
    said = {
        key: text
        for key, message in messages("en").items()
        for text in texts(message)
        if CYRILLIC.search(re.sub(r'"[^"]*"|«[^»]*»|“[^”]*”', "", text))
    }
    assert said == {}


@pytest.mark.parametrize(
    ("n", "form"),
    [(0, "many"), (1, "one"), (2, "few"), (5, "many"), (11, "many"), (12, "many"), (21, "one"),
     (22, "few"), (111, "many"), (112, "many"), (121, "one"), (1.5, "other"), (-1, "one")],
)  # fmt: skip
def test_russian_counts_as_russian_does(n: float, form: str) -> None:
    assert locales.plural("ru", n) == form


@pytest.mark.parametrize(("n", "form"), [(0, "other"), (1, "one"), (2, "other"), (21, "other")])
def test_english_counts_as_english_does(n: float, form: str) -> None:
    assert locales.plural("en", n) == form


def test_there_are_no_texts_in_another_language() -> None:
    with pytest.raises(ValueError, match="fr"):
        locales.load("fr")
