"""What the sidebar of a shop gets to show: its model, and a lead."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pandas as pd

from sheetsync import locales
from sheetsync.addon import config
from sheetsync.crm import kinds
from sheetsync.crm.book import Locale, Raw, understand
from sheetsync.crm.model import compute
from sheetsync.crm.published import ADDON
from tests.crm.books import NOW, TODAY

KIND = "shop"
TEAM = {"en": ("Anna", "Boris", "Vera"), "ru": ("Анна", "Борис", "Вера")}
"""Two operators and a senior."""

Json = dict[str, Any]


@cache
def model(lang: str) -> Json:
    """What a refresh publishes for a new CRM of a shop with three people."""
    words = locales.load(lang)
    roles = words.group("choices.role")
    seeds = kinds.seeds(KIND, words)
    seeds["team"] = [
        {"name": name, "email": f"{number}@example.com", "role": roles[role]}
        for number, (name, role) in enumerate(
            zip(TEAM[lang], ("operator", "operator", "senior"), strict=True)
        )
    ]
    raw = {tab: _raw(rows) for tab, rows in seeds.items()}
    headers = dict(config.of_kind(KIND, lang, timezone="UTC").tabs["leads"].columns)
    book = understand(raw, headers=headers, locale=Locale(words), today=TODAY, now=NOW)
    texts: dict[str, str] = {}
    for row in compute(book).tables[ADDON.key].itertuples():
        key = str(row.key).partition("/")[0]
        texts[key] = texts.get(key, "") + str(row.value)
    return {key: json.loads(text) for key, text in texts.items()}


def _raw(rows: list[dict[str, Any]]) -> Raw:
    frame = pd.DataFrame(rows, dtype=object)
    key = "id" if "id" in frame else frame.columns[0]
    return Raw(frame, frame[key].rename(None))


def lead(lang: str, **changes: Any) -> Json:
    """A lead as the server side reads it from its row."""
    manager = TEAM[lang][0]
    new, reached = (status["name"] for status in model(lang)["statuses"][:2])
    columns = config.of_kind(KIND, lang, timezone="UTC").tabs["leads"].columns
    cells: Json = dict.fromkeys(columns)
    name = {"en": "Olga Petrova", "ru": "Ольга Петрова"}[lang]
    cells |= {
        "id": "L-00012",
        "created": {"iso": "2026-11-17"},
        "name": name,
        "phone": "8 916 123-45-67",
        "email": "olga@example.com",
        "source": next(iter(model(lang)["sources"]["names"].values())),
        "request": {"en": "Winter coat, size 46", "ru": "Зимнее пальто, 46 размер"}[lang],
        "budget": 18500,
        "status": new,
        "manager": manager,
        "next_action": {"iso": "2026-11-19"},
        "next_step": {"en": "Call back", "ru": "Перезвонить"}[lang],
        "comment": {"en": "Asked for blue", "ru": "Просила синее"}[lang],
        "overdue": 2,
        "stage_days": 4,
        "pushes": 0,
    }
    base: Json = {
        "id": "L-00012",
        "row": 13,
        "cells": cells,
        "checks": {},
        "history": [
            {
                "at": "2026-11-18T10:05:00",
                "from": reached,
                "to": new,
                "by": manager,
                "comment": "",
                "via": "card",
            },
            {
                "at": "2026-11-17T09:30:00",
                "from": "",
                "to": reached,
                "by": manager,
                "comment": "",
                "via": "refresh",
            },
        ],
        "status": new,
        "manager": manager,
        "next_action": {"iso": "2026-11-19"},
        "next_step": {"en": "Call back", "ru": "Перезвонить"}[lang],
        "comment": {"en": "Asked for blue", "ru": "Просила синее"}[lang],
        "overdue": 2,
        "stage_days": 4,
        "pushes": 0,
    }
    base: Json = {
        "id": "L-00012",
        "row": 13,
        "cells": cells,
        "checks": {},
        "history": [
            {
                "at": "2026-11-18T10:05:00",
                "from": reached,
                "to": new,
                "by": manager,
                "comment": "",
                "via": "card",
            },
            {
                "at": "2026-11-17T09:30:00",
                "from": "",
                "to": reached,
                "by": manager,
                "comment": "",
                "via": "refresh",
            },
        ],
        "shown": {
            "score": 35,
            "tier": "B",
            "why": None,
            "attention": None,
            "overdue": 2,
            "stage_days": 4,
            "pushes": 0,
            "handling": None,
        },
        "status": new,
        "kind": "open",
        "phone": {"e164": "+79161234567", "text": "+7 916 123-45-67"},
        "email": "olga@example.com",
        "stamp": "1",
        "mayEdit": True,
    }
    cells |= changes.pop("cells", {})
    return base | changes
