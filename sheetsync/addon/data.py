"""Tables that the add-on reads phones and junk by, as JavaScript.

Both come from what the Python side reads by, so the two agree: the numbering plans from the
installed ``phonenumbers``, the letters, names and words from :mod:`sheetsync.crm.junk`, throw-away
domains from the installed ``disposable_email_domains``. The same packages give the same text.

A table is one constant with a JSON text in it, which JavaScript parses faster than a literal, and
which can stand in a ``<script>`` of a page.
"""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterable, Sequence
from importlib import resources
from itertools import takewhile
from typing import Any

import numpy as np
import phonenumbers
from disposable_email_domains import blocklist
from phonenumbers import NumberFormat, PhoneMetadata, PhoneNumberDesc

from sheetsync.crm import junk
from sheetsync.crm.junk import letters
from sheetsync.crm.junk.vocabulary import vocabulary

_WORLD = "001"
"""What libphonenumber calls the region of codes that no country has: +800."""
_TYPES = (
    *("premium_rate", "toll_free", "shared_cost", "voip", "personal_number", "pager", "uan"),
    *("voicemail", "fixed_line", "mobile"),
)
_FIRST_GROUP = (r"\1", r"(\1", r"\1)", r"(\1)")
"""Rules for the trunk prefix in which it does not come."""
_LONGEST_SHARED = 25
"""Characters that a word can share with the one before it: there are 26 capital letters."""


def phone_data() -> str:
    """``PHONE_DATA``: the numbering plans of all countries; ``PhoneData`` in appscript/types.d.ts.

    Only what reading, checking, finding and showing numbers takes: no kinds of numbers, no
    examples, no national formats.
    """
    texts = _Texts()
    plans: dict[str, list[Any]] = {}
    codes: dict[str, str] = {}
    for code, regions in sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE.items()):
        codes[str(code)] = " ".join(regions)
        for place, region in enumerate(regions):
            name = str(code) if region == _WORLD else region
            plan = PhoneMetadata.metadata_for_region_or_calling_code(code, region)
            assert plan is not None
            plans[name] = _plan(plan, region, texts, formats=place == 0)
    version = phonenumbers.__version__
    source = f"Numbering plans of libphonenumber (Apache-2.0), out of phonenumbers {version}."
    data = {"codes": codes, "plans": plans, "texts": texts.in_order}
    return _constant("PHONE_DATA", "PhoneData", data, source)


def junk_data() -> str:
    """``JUNK_DATA``: what names look like, words of nicknames and the like, throw-away domains;
    ``JunkData`` in appscript/types.d.ts."""
    words = {
        key: " ".join(sorted(value))
        for key, value in vars(vocabulary()).items()
        if isinstance(value, frozenset) and key not in ("first_names", "parts")
    }
    data = {
        "alphabets": letters.ALPHABETS,
        "step": letters.STEP,
        "odd": letters.ODD,
        "costs": _costs(),
        "words": words,
        "firstNames": shared_beginnings(vocabulary().first_names),
        # By labels, the last first: com.example: neighbours share more.
        "disposable": shared_beginnings(".".join(domain.split(".")[::-1]) for domain in blocklist),
    }
    source = "Letters, names, words and domains by which sheetsync knows junk (docs/junk.md)."
    return _constant("JUNK_DATA", "JunkData", data, source)


def shared_beginnings(words: Iterable[str]) -> str:
    """Words in order, each as a capital letter, which says how many characters it shares with the
    word before (A none, B one...), and the rest of it. No word has capitals of its own."""
    pieces = []
    before = ""
    for word in sorted(words):
        pairs = takewhile(lambda pair: pair[0] == pair[1], zip(before, word, strict=False))
        shared = min(sum(1 for _ in pairs), _LONGEST_SHARED)
        pieces.append(chr(ord("A") + shared) + word[shared:])
        before = word
    return "".join(pieces)


class _Texts:
    """Every different text once; elsewhere stands its place. Countries share many patterns."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {"": 0}

    def place(self, text: str | None) -> int:
        return self._places.setdefault(text or "", len(self._places))

    def pattern(self, pattern: str | None) -> int:
        r"""Of a regular expression: its ``\d``, which are most of it, as ``d``."""
        text = (pattern or "").replace(r"\d", "d")
        assert "\\" not in text
        return self.place(text)

    def lengths(self, lengths: Sequence[int]) -> int:
        return self.place(" ".join(map(str, lengths)))

    @property
    def in_order(self) -> list[str]:
        return list(self._places)


def _plan(plan: PhoneMetadata, region: str, texts: _Texts, *, formats: bool) -> list[Any]:
    """The ``PhonePlan`` of a country. Formats are those of the main country of a code."""
    general = plan.general_desc
    assert general is not None
    trunk = phonenumbers.ndd_prefix_for_region(region, strip_non_digits=True)
    example = phonenumbers.example_number(region)
    usual = len(phonenumbers.national_significant_number(example)) if example else 0
    international = plan.intl_number_format
    return [
        plan.country_code,
        usual,
        *map(texts.pattern, (plan.international_prefix, plan.national_prefix_for_parsing)),
        texts.place(_replacement(plan.national_prefix_transform_rule)),
        texts.pattern(plan.leading_digits),
        *map(texts.place, (trunk, plan.preferred_extn_prefix)),
        *_description(general, texts),
        texts.lengths(general.possible_length_local_only),
        [place for type_ in _types(plan) for place in _description(type_, texts)],
        [_format(one, texts) for one in plan.number_format] if formats else [],
        [_format(one, texts) for one in international] if formats else [],
    ]


def _types(plan: PhoneMetadata) -> list[PhoneNumberDesc]:
    """The types of numbers that make one valid. Where mobile and fixed lines have one pattern,
    libphonenumber does not look at mobile."""
    names = _TYPES[:-1] if plan.same_mobile_and_fixed_line_pattern else _TYPES
    found = [getattr(plan, name) for name in names]
    return [type_ for type_ in found if type_ is not None and type_.national_number_pattern]


def _description(type_: PhoneNumberDesc, texts: _Texts) -> tuple[int, int]:
    return texts.pattern(type_.national_number_pattern), texts.lengths(type_.possible_length)


def _format(one: NumberFormat, texts: _Texts) -> list[int]:
    """Pattern, leading digits (the last pattern of them says most), how to write it, and 1 where
    people of the country always write a trunk prefix in front."""
    rule = one.national_prefix_formatting_rule
    optional = one.national_prefix_optional_when_formatting or rule in (None, "", *_FIRST_GROUP)
    leading = one.leading_digits_pattern
    return [
        texts.pattern(one.pattern),
        texts.pattern(leading[-1] if leading else None),
        texts.place(_replacement(one.format)),
        int(not optional),
    ]


def _replacement(text: str | None) -> str | None:
    r"""``\1`` as JavaScript writes it."""
    return text and text.replace("\\", "$")


def _costs() -> dict[str, str]:
    """Alphabet -> bytes of :class:`sheetsync.crm.junk.letters.Model`'s table, in base64."""
    file = resources.files(junk) / "data" / "letters.npz"
    with np.load(io.BytesIO(file.read_bytes())) as tables:
        stored = {name: tables[name].astype(np.uint8).tobytes() for name in letters.ALPHABETS}
    return {name: base64.b64encode(bytes_).decode("ascii") for name, bytes_ in stored.items()}


def _constant(name: str, type_: str, value: dict[str, Any], comment: str) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    text = text.replace("\\", "\\\\").replace("'", "\\'").replace("<", "\\u003c")
    head = f"/**\n * {comment}\n *\n * @type {{{type_}}}\n */\n"
    return f"{head}const {name} = Object.freeze(JSON.parse('{text}'));\n"
