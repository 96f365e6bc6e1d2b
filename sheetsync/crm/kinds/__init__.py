"""What a new CRM starts with, for each kind of shop: statuses, steps, sources, reasons, rules, the
call script.

Each kind is one TOML file beside this one, in both languages: a text is either a string, the same
everywhere, or a table ``{ en = ..., ru = ... }``. Entries have a ``key`` by which other entries
(``before`` of a step, ``next`` of a page) and the demo name them in any language; the workbook
never sees it. Every kind ends with the rules of ``junk.toml``. All of it is the owner's to change
from the first minute, so nothing else in the CRM may rely on it.

A rule that a kind did not have from the first carries ``since``, the layout version that it came
with, so that CRMs of an earlier one are offered it, once.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from sheetsync.crm.base import Setting
from sheetsync.crm.settings import default, row
from sheetsync.locales import Words

Row = dict[str, Any]

_KEY = re.compile(r"[a-z_]+")
_SHARED = "junk"
"""The file of the rules that every kind ends with."""


def seeds(kind: str, words: Words) -> dict[str, list[Row]]:
    """The rows that the list tabs of a new CRM start with.

    Parameters
    ----------
    kind : one of ``crm.KINDS``; ValueError for any other
    words : the language of the CRM

    Returns
    -------
    dict
        Tab key -> rows in order, each a dict of column key -> value. Checkboxes are bool, numbers
        int or float, what is empty None. Steps carry ids ``S-01``..., rules ``R-001``...
    """
    # Only now: the package that knows all settings is this module's own parent.
    from sheetsync.crm import settings_of_all

    preset = _read(kind)
    names = _names(preset, words.lang)
    return {
        "statuses": [_status(entry, words) for entry in preset["statuses"]],
        "steps": [
            _step(number, entry, names["statuses"], words)
            for number, entry in enumerate(preset["steps"], 1)
        ],
        "sources": [_source(entry, words) for entry in preset["sources"]],
        "reasons": [_reason(entry, words) for entry in preset["reasons"]],
        "script": _script(preset, names["statuses"], words),
        "scoring": [_rule(number, entry, words) for number, entry in enumerate(_rules(preset), 1)],
        "settings": [_setting(setting, preset["settings"], words) for setting in settings_of_all()],
        "team": [],
    }


def rules_since(kind: str, words: Words, version: int) -> list[Row]:
    """The rules that came after a version of the layout, as rows of the Scoring tab without ids."""
    came = [rule for rule in _rules(_read(kind)) if rule.get("since", 1) > version]
    rows = [_rule(number, rule, words) for number, rule in enumerate(came, 1)]
    return [{key: cell for key, cell in row.items() if key != "id"} for row in rows]


def names(kind: str, words: Words) -> dict[str, dict[str, str]]:
    """What the entries of a kind are called in the language of the CRM.

    Returns
    -------
    dict
        ``"statuses"``, ``"sources"`` and ``"reasons"`` -> key of the entry -> its name. The keys
        are the same in every language.
    """
    return _names(_read(kind), words.lang)


def _rules(preset: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [*preset["rules"], *_shared_rules()]


@cache
def _shared_rules() -> list[dict[str, Any]]:
    file = resources.files(__package__) / f"{_SHARED}.toml"
    return list(tomllib.loads(file.read_text(encoding="utf-8"))["rules"])


@cache
def _read(kind: str) -> dict[str, Any]:
    file = resources.files(__package__) / f"{kind}.toml"
    if kind == _SHARED or not file.is_file():
        raise ValueError(f"no kind of shop is called {kind!r}")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _names(preset: Mapping[str, Any], lang: str) -> dict[str, dict[str, str]]:
    return {
        tab: {entry["key"]: _in(lang, entry["name"]) for entry in preset[tab]}
        for tab in ("statuses", "sources", "reasons")
    }


def _in(lang: str, value: Any) -> Any:
    """A text in one language; what has no languages is what it is."""
    return value[lang] if isinstance(value, Mapping) else value


def _status(entry: Mapping[str, Any], words: Words) -> Row:
    return {
        "status": _in(words.lang, entry["name"]),
        "kind": words(f"choices.kind.{entry['kind']}"),
        "order": entry["order"],
        "days_allowed": entry.get("days_allowed"),
        "may_skip": entry.get("may_skip", False),
        "needs_comment": entry.get("needs_comment", False),
        "needs_approval": entry.get("needs_approval", False),
        "parks": entry.get("parks", False),
        "alias": _in(words.lang, entry.get("alias")),
    }


def _step(number: int, entry: Mapping[str, Any], statuses: Mapping[str, str], words: Words) -> Row:
    return {
        "id": f"S-{number:02d}",
        "step": _in(words.lang, entry["name"]),
        "before": statuses[entry["before"]] if "before" in entry else None,
        "deadline": entry.get("deadline"),
        "required": entry.get("required", False),
    }


def _source(entry: Mapping[str, Any], words: Words) -> Row:
    return {
        "source": _in(words.lang, entry["name"]),
        "alias": _in(words.lang, entry.get("alias")),
        "cost": _in(words.lang, entry.get("cost")),
    }


def _reason(entry: Mapping[str, Any], words: Words) -> Row:
    return {
        "reason": _in(words.lang, entry["name"]),
        "alias": _in(words.lang, entry.get("alias")),
    }


def _script(preset: Mapping[str, Any], statuses: Mapping[str, str], words: Words) -> list[Row]:
    pages = {page["key"]: _in(words.lang, page["name"]) for page in preset["script"]}
    return [
        {
            "step": pages[page["key"]],
            "group": words(f"choices.script_group.{page.get('group', 'talk')}"),
            "status": statuses[page["status"]] if "status" in page else None,
            "say": _in(words.lang, page["say"]).strip(),
            "next": "; ".join(pages[key] for key in page.get("next", ())) or None,
        }
        for page in preset["script"]
    ]


def _rule(number: int, entry: Mapping[str, Any], words: Words) -> Row:
    return {
        "id": f"R-{number:03d}",
        "group": words(f"choices.rule_group.{entry['group']}"),
        # In the file a field is a column key or arithmetic of keys; owners know the headers.
        "field": _KEY.sub(lambda key: _field(key[0], words), entry["field"]),
        "condition": words(f"choices.condition.{entry['condition']}"),
        "value": _value(entry, words),
        "points": entry["points"],
        "note": _in(words.lang, entry.get("note")),
        "on": entry.get("on", True),
        "off_above": entry.get("off_above"),
    }


def _field(key: str, words: Words) -> str:
    made = f"scoring.field.{key}"
    return words(made) if made in words else words(f"columns.leads.{key}")


def _value(entry: Mapping[str, Any], words: Words) -> Any:
    if entry["condition"] == "looks_like":
        return words(f"choices.junk.{entry['value']}")
    return _in(words.lang, entry.get("value"))


def _setting(setting: Setting, differs: Mapping[str, Any], words: Words) -> Row:
    return row(setting, differs.get(setting.key, default(setting, words)), words)
