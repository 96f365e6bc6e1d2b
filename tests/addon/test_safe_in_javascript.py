"""What comes from a cell is never a formula, markup, or a link to anywhere."""

from __future__ import annotations

import html

import pytest

from tests.addon.v8 import V8


@pytest.fixture(scope="module")
def js() -> V8:
    return V8("shared/Safe.js")


@pytest.mark.parametrize("typed", ["=1+1", "+7 916", "-5", "'x", "@a", "\t=1", "\r=1", "＝1+1"])
def test_what_could_be_a_formula_gets_a_blank_in_front(js: V8, typed: str) -> None:
    assert js.call("Safe.text", typed) == f" {typed}"


@pytest.mark.parametrize("typed", ["", "a=b", "7", " =1", "шаг", "🙂", "\u202e=1"])
def test_other_text_stays_as_it_is(js: V8, typed: str) -> None:
    assert js.call("Safe.text", typed) == typed


def test_markup_is_text(js: V8) -> None:
    typed = "<a href=\"x\" onclick='y'>&amp; & 🙂 שלום</a>"
    escaped = js.call("Safe.html", typed)
    assert html.unescape(escaped) == typed
    assert not set("<>\"'") & set(escaped)


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("https://docs.google.com/x", True),
        ("HTTP://example.com", True),
        ("mailto:a@example.com", True),
        ("tel:+79161234567", True),
        (" https://example.com ", True),
        ("javascript:alert(1)", False),
        (" java\tscript:alert(1)", False),
        ("data:text/html,x", False),
        ("vbscript:x", False),
        ("//example.com", False),
        ("example.com", False),
        ("", False),
    ],
)
def test_only_addresses_of_known_kinds_are_linked(js: V8, address: str, allowed: bool) -> None:
    assert (js.call("Safe.link", address) is not None) == allowed
